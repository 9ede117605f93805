"""The training of the model `fields`: ZIPs, numbers, dates, amounts and codes, by CTC.

It learns from strings that the simulator composes one hand at a time, fills into forms, photographs and finds
again (`data.fieldpools`). Seeded, a checkpoint an epoch, and a run that was cut off goes on as if it had not
been. The best weights read the most strings of held-back hands right, every character of them.
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
from inkread.alphabet import FIELDS
from inkread.data import fieldlooks, fieldpools, linebatches
from inkread.data.linebatches import Mix
from inkread.data.linepools import Stock
from inkread.data.linesets import Strips
from inkread.data.supply import Supply
from inkread.errors import DataError, UsageError
from inkread.evaluation.metrics import edit_distance
from inkread.imaging.pen_shade import SHADED_VERSION
from inkread.runtime import export, linewise, recognizer
from inkread.runtime.metadata import Metadata
from inkread.training import ctc, cycle, field_confidence, folder, lines, networks, ownlines, supplied
from inkread.training.callbacks import Progress
from inkread.training.checkpoint import State, replace_file
from inkread.training.cycle import Course

__all__ = ["Recipe", "build", "exact", "find", "train"]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train the model `fields`.

    Attributes:
        size: of the network; see `inkread.models.lines`.
        strings: to learn from.
        epochs: passes of `steps` batches.
        steps: batches an epoch.
        columns: pixels of width of a batch, all of its strings together.
        most: strings of a batch, at most.
        rate: the largest learning rate; it warms up, then falls as a cosine to a thousandth.
        warmup: batches until the largest rate.
        decay: weight decay of AdamW.
        ema: momentum of the moving average of the weights, which is what gets evaluated and kept.
        dropout: share of whole channels dropped along the string.
        precision: "float32", "mixed_bfloat16", or "auto": the latter where the processor has it.
        processes: that make the batches, which do not depend on their number.
        seed: of everything but the strings, which are the same in every run.
        start: the model whose weights the run began with; empty for none.
    """

    size: str = "small"
    strings: int = 80_000
    epochs: int = 40
    steps: int = 250
    columns: int = 16_000
    most: int = 96
    rate: float = 3e-3
    warmup: int = 400
    decay: float = 1e-3
    ema: float = 0.998
    dropout: float = 0.1
    precision: str = "auto"
    processes: int = 2
    seed: int = 0
    start: str = ""

    @staticmethod
    def from_dict(values: dict[str, Any]) -> Recipe:
        """The recipe out of a run's `recipe.json`.

        Raises:
            DataError: it is another model's, or was written by a version with other settings.
        """
        return cycle.recipe_of(Recipe, values, "fields")


AGAIN = Recipe(epochs=24, rate=1.5e-3)
"""From weights that read already: a smaller largest rate, which unlearns less before it gains."""


def find(
    *, seed: int = 0, epochs: int | None = None, start: str | None = None, strings: int | None = None
) -> Recipe:
    """The recipe, with a user's wishes.

    Args:
        seed: of everything but the strings.
        epochs: instead of the recipe's own.
        start: name or path of a model of the same size to begin with; its alphabet may be another.
        strings: to learn from, instead of the recipe's own number.

    Raises:
        UsageError: not one epoch or string, or no such model.
    """
    for name, value in (("epochs", epochs), ("strings", strings)):
        if value is not None and value < 1:
            raise UsageError(f"{name} is {value}; expected at least 1")
    usual = AGAIN if start else Recipe()
    file = str(folder.start_file(start).resolve()) if start else ""
    return replace(
        usual, seed=seed, epochs=epochs or usual.epochs, strings=strings or usual.strings, start=file
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
        pool: a folder of prepared strings to share between runs; None keeps them in the run, or, resuming,
            where the run began with them.
        resume: go on where the run's checkpoint stands.
        progress: where news goes; None for silence.

    Returns:
        The run's `best.keras`; `best.onnx` (under the TensorFlow backend) and `card.json` lie beside it.

    Raises:
        UsageError: the run's folder already holds a run, or there is none to resume.
        DataError: the strings or the checkpoint are damaged, or not what the run began with.
        InkreadError: the loss is no number any more, or the disk is full; the last good weights are kept.
    """
    progress = progress or Progress(silent=True)
    with folder.telling(run):
        recipe, kept = cycle.opened(recipe, run, pool, resume, Recipe.from_dict)
        stock = fieldpools.gather(kept, recipe.strings, progress.say)
        folder.agree_on(run, stock.checksums())
        with networks.precision(recipe.precision):
            network = build(recipe)
            state = cycle.begun(network, run, recipe, progress)
            if recipe.start and not state.epoch:
                ownlines.grafted(network, Path(recipe.start), FIELDS)
            state = _loop(network, stock, recipe, run, state, progress)
        sure = Strips.open(fieldpools.calibration(kept, progress.say)), fieldlooks.drawn(kept, progress.say)
        progress.say("writing the model")
        return _finished(run, recipe, state, len(Strips.open(stock.held["strings"])), sure)


def build(recipe: Recipe) -> keras.Model:
    """The network of a recipe, compiled; its first weights come from the recipe's seed."""
    keras.utils.set_random_seed(recipe.seed)
    network = models.lines(FIELDS.size, recipe.size, dropout=recipe.dropout, channels=2)
    network.compile(
        optimizer=cycle.optimizer(recipe, clipnorm=2.0),
        loss=ctc.loss,
        jit_compile=False,  # XLA makes small convolutions slower on a CPU
    )
    return network


def exact(network: keras.Model, strings: Strips) -> dict[str, float]:
    """How many strings a network reads right, greedily, and its CER on those that have a text.

    Args:
        network: gives logits.
        strings: to read; those without a text are right where nothing is read.

    Returns:
        "exact", "exact_empty" (of those without a text) and "cer".
    """
    read = lines.readings(network, strings, FIELDS)
    pairs = list(zip(read, strings.texts, strict=True))
    right = np.array([told == truth for told, truth in pairs], bool)
    empty = np.array([not truth for _, truth in pairs], bool)
    wrong = sum(edit_distance(told, truth) for told, truth in pairs if truth)
    return {
        "exact": float(right[~empty].mean()) if (~empty).any() else 0.0,
        "exact_empty": float(right[empty].mean()) if empty.any() else 1.0,
        "cer": wrong / max(1, sum(len(truth) for _, truth in pairs)),
    }


def _loop(
    network: keras.Model, stock: Stock, recipe: Recipe, run: Path, state: State, progress: Progress
) -> State:
    """Run the epochs left; see `cycle.epochs`."""
    mix = Mix(tuple(stock.parts.values()), (1.0,), FIELDS, recipe.columns, recipe.most, masked=0.0)
    held = Strips.open(stock.held["strings"])

    def validated() -> dict[str, float]:
        found = exact(network, held)
        return found | {"score": found["exact"] + 0.05 * found["exact_empty"]}

    with Supply(partial(linebatches.batch_of, mix), seed=recipe.seed, processes=recipe.processes) as supply:
        course = Course(
            run,
            recipe,
            lambda epoch: supplied.epoch_of_shapes(network, supply, epoch, recipe.steps, progress),
            validated,
            "score",
            lambda: _keep(network, recipe, run),
        )
        return cycle.epochs(network, course, state, progress)


def _keep(network: keras.Model, recipe: Recipe, run: Path) -> None:
    """Write the network's present weights as a float32 model, replacing the file at once."""
    with networks.precision("float32"):
        plain = models.lines(FIELDS.size, recipe.size, dropout=recipe.dropout, channels=2)
        plain.set_weights(network.get_weights())
    export.save_keras(plain, run / folder.BEST, _metadata(recipe, {}))


def _metadata(recipe: Recipe, card: dict[str, Any]) -> Metadata:
    """What the model says about itself."""
    classes = ("", *FIELDS.characters)
    version = f"fields-{recipe.seed}"
    return Metadata("fields", version, recognizer.LINEWISE, classes, SHADED_VERSION, None, "logits", card)


def _finished(
    run: Path, recipe: Recipe, state: State, held: int, sure: tuple[Strips, tuple[Strips, Strips]]
) -> Path:
    """Write the best weights with their card, for Keras and for everybody.

    `held` strings chose them, and confidences of one look and of two are fitted on those of `sure`.
    """
    path = run / folder.BEST
    network = keras.saving.load_model(path, compile=False, safe_mode=True)
    best = max(state.history, key=lambda row: row["score"])
    card = {
        "summary": "strings of digits, capitals and signs: ZIPs, numbers, dates, amounts",
        "parameters": network.count_params(),
        "licence": "Apache-2.0 (the weights)",
        "data": fieldpools.credits(),
        "held_back": f"{held} simulated strings of hands, fonts, papers, pens and lights never seen",
        "command": f"INKREAD_DATA=DATA inkread train fields --epochs {recipe.epochs} --seed {recipe.seed}",
        "recipe": asdict(recipe),
        "made_with": json.loads((run / folder.RECIPE).read_text(encoding="utf-8"))["versions"],
        "validation": dict(best),
        "scores": [],
    }
    export.save_keras(network, path, _metadata(recipe, card))
    try:
        field_confidence.calibrated(path, *sure)
    except DataError as error:
        card["calibration"] = f"none: {error}"
        export.write_metadata(path, _metadata(recipe, card))
    told = linewise.load(path).metadata
    if keras.backend.backend() == "tensorflow":
        linewise.save_onnx(network, run / "best.onnx", told)
    replace_file(run / "card.json", json.dumps(told.card, indent=1, ensure_ascii=False) + "\n")
    return path
