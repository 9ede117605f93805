"""The training of the model `lines`: running Latin text, by CTC.

It learns from the training parts of the real lines under `INKREAD_DATA`, and from lines drawn with
handwriting fonts, in English above all. Seeded, a checkpoint an epoch, and a run that was cut off goes on as
if it had not been. The best weights are those with the least CER on the validation parts of the real lines,
and on lines of fonts and texts that are held back, both alike.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import keras
import numpy as np

from inkread import models
from inkread.alphabet import LATIN, Alphabet
from inkread.data import linebatches, linepools, varylines
from inkread.data.linebatches import Mix
from inkread.data.linesets import Strips
from inkread.data.supply import Supply
from inkread.decode.ctc import greedy
from inkread.decode.line_confidence import LineCalibration
from inkread.errors import DataError, UsageError
from inkread.evaluation.metrics import edit_distance
from inkread.imaging.strips import STRIP_VERSION
from inkread.runtime import export, linewise, recognizer
from inkread.runtime.metadata import Metadata
from inkread.training import (
    ctc,
    cycle,
    folder,
    line_confidence,
    networks,
    ownlines,
    supplied,
)
from inkread.training.callbacks import Progress
from inkread.training.checkpoint import State, replace_file
from inkread.training.cycle import Course

__all__ = ["Recipe", "build", "error_rate", "find", "loop", "readings", "train"]

TOGETHER = 32
"""Lines that the network reads at a time in validation."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train the model `lines`.

    Attributes:
        size: of the network; see `inkread.models.lines`.
        epochs: passes of `steps` batches.
        steps: batches an epoch.
        columns: pixels of width of a batch, all of its lines together.
        rate: the largest learning rate; it warms up, then falls as a cosine to a thousandth.
        warmup: batches until the largest rate.
        decay: weight decay of AdamW.
        ema: momentum of the moving average of the weights, which is what gets evaluated and kept.
        dropout: share of whole channels dropped along the line.
        drawn: lines drawn with fonts.
        real: share of each batch that is real.
        precision: "float32", "mixed_bfloat16", or "auto": the latter where the processor has it.
        processes: that make the batches, which do not depend on their number.
        seed: of everything but the drawn lines, which are the same in every run.
        start: the model whose weights the run began with; empty for none.
        alphabet: the characters that it learns.
        data: lines of one's own; empty for the public ones alone.
    """

    size: str = "standard"
    epochs: int = 60
    steps: int = 250
    columns: int = 16_000
    rate: float = 2.5e-3
    warmup: int = 500
    decay: float = 1e-3
    ema: float = 0.998
    dropout: float = 0.15
    drawn: int = 40_000
    real: float = 0.4
    precision: str = "auto"
    processes: int = 2
    seed: int = 0
    start: str = ""
    alphabet: str = LATIN.characters
    data: str = ""

    @staticmethod
    def from_dict(values: dict[str, Any]) -> Recipe:
        """The recipe out of a run's `recipe.json`.

        Raises:
            DataError: it is another model's, or was written by a version with other settings.
        """
        return cycle.recipe_of(Recipe, values, "lines")


OWN = Recipe(epochs=20, steps=60, columns=6_000, rate=5e-4, warmup=60, ema=0.99, drawn=2_000, real=0.5)
"""For lines of one's own, from a model that reads already."""
AGAIN = Recipe(epochs=20, rate=1.2e-3)
"""For a further cycle from trained weights: a smaller largest rate, which unlearns less before it gains."""


def find(*, seed: int = 0, epochs: int | None = None, start: str | None = None, data: str = "") -> Recipe:
    """The recipe, with a user's wishes.

    Args:
        seed: of everything.
        epochs: instead of the recipe's own.
        start: name or path of the model to begin with; lines of one's own begin with the one that ships where
            None.
        data: lines of one's own; empty for the public ones alone.

    Raises:
        UsageError: not one epoch, or no such model.
        ModelError: the model to begin with reads no lines.
    """
    if epochs is not None and epochs < 1:
        raise UsageError(f"epochs is {epochs}; expected at least 1")
    usual = OWN if data else AGAIN if start else Recipe()
    start = start or ("lines" if data else None)
    file = folder.start_file(start) if start else None
    return replace(
        usual,
        seed=seed,
        epochs=epochs or usual.epochs,
        start=str(file.resolve()) if file else "",
        alphabet=ownlines.started(file).characters if file else usual.alphabet,
        data=data,
    )


def train(
    recipe: Recipe,
    run: Path,
    *,
    pool: Path | None = None,
    resume: bool = False,
    progress: Progress | None = None,
) -> Path:
    """Train a model from its recipe to the finished files.

    Args:
        recipe: how; a resumed run keeps its own.
        run: the run's folder.
        pool: a folder of prepared lines to share between runs; None keeps them in the run, or, resuming,
            where the run began with them.
        resume: go on where the run's checkpoint stands.
        progress: where news goes; None for silence.

    Returns:
        The run's `best.keras`; `best.onnx` (under the TensorFlow backend) and `card.json` lie beside it.

    Raises:
        UsageError: the run's folder already holds a run, or there is none to resume.
        DataError: the lines or the checkpoint are damaged, or not what the run began with.
        InkreadError: the loss is no number any more, or the disk is full; the last good weights are kept.
    """
    progress = progress or Progress(silent=True)
    with folder.telling(run):
        recipe, kept = cycle.opened(recipe, run, pool, resume, Recipe.from_dict)
        stock, recipe = _stock(recipe, run, kept, progress)
        folder.agree_on(run, stock.checksums())
        with networks.precision(recipe.precision):
            network = build(recipe)
            state = cycle.begun(network, run, recipe, progress)
            if recipe.start and not state.epoch:
                start = Path(recipe.start)
                ownlines.grafted(network, start, Alphabet(recipe.alphabet))
            state = loop(network, stock, recipe, run, state, progress)
        progress.say("writing the model")
        verdicts = _verdicts(run, recipe, stock)
        for verdict in verdicts:
            progress.say(verdict.told())
        return _finished(run, recipe, state, stock, verdicts)


def build(recipe: Recipe) -> keras.Model:
    """The network of a recipe, compiled; its first weights come from the recipe's seed."""
    keras.utils.set_random_seed(recipe.seed)
    network = models.lines(Alphabet(recipe.alphabet).size, recipe.size, dropout=recipe.dropout)
    network.compile(
        optimizer=cycle.optimizer(recipe, clipnorm=2.0),
        loss=ctc.loss,
        jit_compile=False,  # XLA makes small convolutions slower on a CPU
    )
    return network


def loop(
    network: keras.Model,
    stock: linepools.Stock,
    recipe: Recipe,
    run: Path,
    state: State,
    progress: Progress,
) -> State:
    """Run the epochs left; see `cycle.epochs`.

    Raises:
        DataError: the lines are damaged.
        InkreadError: the loss is no number any more.
    """
    alphabet = Alphabet(recipe.alphabet)
    shares = tuple(stock.shares[name] for name in stock.parts)
    make = partial(linebatches.batch_of, Mix(tuple(stock.parts.values()), shares, alphabet, recipe.columns))
    held = {name: Strips.open(path) for name, path in stock.held.items()}

    def validated() -> dict[str, float]:
        rates = {name: error_rate(network, some, alphabet) for name, some in held.items()}
        score = -float(np.mean([rates[name] for name in stock.chosen_by]))
        return {f"cer_{name}": rate for name, rate in rates.items()} | {"score": score}

    with Supply(make, seed=recipe.seed, processes=recipe.processes) as supply:
        course = Course(
            run,
            recipe,
            lambda epoch: supplied.epoch_of_shapes(network, supply, epoch, recipe.steps, progress),
            validated,
            "score",
            lambda: _keep(network, recipe, run),
        )
        return cycle.epochs(network, course, state, progress)


def error_rate(network: keras.Model, lines: Strips, alphabet: Alphabet) -> float:
    """CER of a network's greedy reading: edits of all lines over characters of all lines."""
    read = readings(network, lines, alphabet)
    wrong = sum(edit_distance(told, truth) for told, truth in zip(read, lines.texts, strict=True))
    return wrong / max(1, sum(map(len, lines.texts)))


def readings(network: keras.Model, lines: Strips, alphabet: Alphabet) -> list[str]:
    """What a network reads greedily in kept lines, one text a line."""
    order = np.argsort(np.diff(lines.ends), kind="stable")
    texts = [""] * len(lines)
    for first in range(0, len(order), TOGETHER):
        some = order[first : first + TOGETHER]
        seen = [varylines.plain(lines[i]) for i in some]
        logits = np.asarray(network.predict_on_batch(linebatches.padded(seen)), np.float32)
        for row, strip, number in zip(logits, seen, some, strict=True):
            texts[number] = greedy(row[: linebatches.frames(strip.shape[1])], alphabet).text.strip()
    return texts


def _keep(network: keras.Model, recipe: Recipe, run: Path) -> None:
    """Write the network's present weights as a float32 model, replacing the file at once."""
    with networks.precision("float32"):
        plain = models.lines(Alphabet(recipe.alphabet).size, recipe.size, dropout=recipe.dropout)
        plain.set_weights(network.get_weights())
    export.save_keras(plain, run / folder.BEST, _metadata(recipe, {}))


def _metadata(recipe: Recipe, card: dict[str, Any]) -> Metadata:
    """What the model says about itself."""
    classes = ("", *recipe.alphabet)
    version = f"lines-{recipe.seed}"
    return Metadata("lines", version, recognizer.LINEWISE, classes, STRIP_VERSION, None, "logits", card)


def _stock(recipe: Recipe, run: Path, kept: Path, progress: Progress) -> tuple[linepools.Stock, Recipe]:
    """What the run learns from, and the recipe with the alphabet that this needs."""
    alphabet = Alphabet(recipe.alphabet)
    if not recipe.data:
        return linepools.gather(kept, recipe.drawn, recipe.real, alphabet, progress.say), recipe
    stock, whole = ownlines.gather(
        recipe.data, kept, alphabet, seed=recipe.seed, drawn=recipe.drawn, say=progress.say
    )
    recipe = replace(recipe, alphabet=whole.characters)
    told = json.loads((run / folder.RECIPE).read_text(encoding="utf-8"))
    replace_file(run / folder.RECIPE, json.dumps(told | {"recipe": asdict(recipe)}, indent=1))
    return stock, recipe


def _verdicts(run: Path, recipe: Recipe, stock: linepools.Stock) -> list[ownlines.Verdict]:
    """What learning one's own lines changed; nothing for a run on public lines."""
    if not recipe.data:
        return []
    readers = {
        "before": (Path(recipe.start), ownlines.started(Path(recipe.start))),
        "after": (run / folder.BEST, Alphabet(recipe.alphabet)),
    }
    found: dict[str, dict[str, np.ndarray]] = {name: {} for name in stock.held}
    for when, (file, alphabet) in readers.items():
        network = recognizer.open_keras(file)
        for name, path in stock.held.items():
            held = Strips.open(path)
            found[name][when] = ownlines.judge(held, readings(network, held, alphabet))
    return [ownlines.verdict(name, told["before"], told["after"]) for name, told in found.items()]


def _finished(
    run: Path, recipe: Recipe, state: State, stock: linepools.Stock, verdicts: list[ownlines.Verdict]
) -> Path:
    """Write the best weights with their card, for Keras and for everybody."""
    path = run / folder.BEST
    network = keras.saving.load_model(path, compile=False, safe_mode=True)
    best = max(state.history, key=lambda row: row["score"])
    held = {name: len(Strips.open(path)) for name, path in stock.held.items()}
    card = {
        "summary": "running Latin text, a line at a time",
        "parameters": network.count_params(),
        "licence": "Apache-2.0 (the weights)",
        "data": linepools.credits(),
        "held_back": ", ".join(f"{count} lines ({name})" for name, count in held.items()),
        "command": f"INKREAD_DATA=DATA inkread train lines --epochs {recipe.epochs} --seed {recipe.seed}",
        "recipe": asdict(recipe),
        "made_with": json.loads((run / folder.RECIPE).read_text(encoding="utf-8"))["versions"],
        "validation": dict(best),
        "changes": [verdict.told() for verdict in verdicts],
        "scores": [],
    }
    export.save_keras(network, path, _metadata(recipe, card))
    told = replace(_metadata(recipe, card), line_calibration=_calibration(path, recipe, stock, card))
    export.write_metadata(path, told)
    if keras.backend.backend() == "tensorflow":
        linewise.save_onnx(network, run / "best.onnx", told)
    replace_file(run / "card.json", json.dumps(card, indent=1, ensure_ascii=False) + "\n")
    return path


def _calibration(
    path: Path, recipe: Recipe, stock: linepools.Stock, card: dict[str, Any]
) -> LineCalibration | None:
    """How sure the model may be: fitted on lines held back, else as the model that it began with."""
    if stock.calibration:
        try:
            return line_confidence.calibrated(path, stock.calibration)
        except DataError as error:
            card["calibration"] = f"none: {error}"
    return linewise.load(recipe.start).metadata.line_calibration if recipe.start else None
