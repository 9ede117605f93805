"""The training of the models `ink` and `field-ink`: which pixels of a photo are handwriting.

Seeded, a checkpoint an epoch, and a run that was cut off goes on as if it had not been, as in `fit`. It
learns from simulated photos alone, whose ink is known; the best weights are those of the best F1 on photos of
hands that are held back. `ink` sees single signs in all surroundings; `field-ink` begins with its weights and
sees fields of forms, whose printed lines are no ink.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import keras
import numpy as np

from inkread import models
from inkread.data import fieldpools, fieldviews, shots, views
from inkread.data import pool as pools
from inkread.data.pool import Order
from inkread.data.shots import Shots
from inkread.data.supply import Supply
from inkread.errors import UsageError
from inkread.runtime import export, pixelwise, shelf
from inkread.runtime.metadata import Metadata
from inkread.training import cycle, folder, networks, supplied
from inkread.training.callbacks import Progress
from inkread.training.checkpoint import State, replace_file
from inkread.training.cycle import Course

__all__ = ["OF_FIELDS", "Recipe", "build", "find", "loop", "loss", "train", "validate"]

CHUNK = 50
"""Held-back photos that the network sees at a time."""
PARTS = ("train", "validation")


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train the model `ink`, or `field-ink`.

    Attributes:
        channels: of the network; see `inkread.models.ink`.
        epochs: passes of `steps` batches.
        steps: batches an epoch.
        batch: views a batch.
        rate: the largest learning rate; it warms up, then falls as a cosine to a thousandth.
        warmup: batches until the largest rate.
        decay: weight decay of AdamW.
        ema: momentum of the moving average of the weights, which is what gets evaluated and kept.
        shots: simulated photos to learn from.
        held_back: simulated photos of other hands, which choose the best weights.
        rejects: share of both that is not a digit.
        precision: "float32", "mixed_bfloat16", or "auto": the latter where the processor has it.
        processes: that make the views; the views do not depend on their number. 0 makes them as they are
            needed.
        start: the shipped model whose weights the run begins with; empty for none.
        what: the model's name.
        seed: of everything but the photos, which are the same in every run.
    """

    channels: tuple[int, int, int, int] = (16, 24, 40, 64)
    epochs: int = 45
    steps: int = 200
    batch: int = 32
    rate: float = 4e-3
    warmup: int = 200
    decay: float = 1e-4
    ema: float = 0.998
    shots: int = 40_000
    held_back: int = 1_000
    rejects: float = 0.2
    precision: str = "auto"
    processes: int = 2
    start: str = ""
    what: str = shelf.FINDER
    seed: int = 0

    @staticmethod
    def from_dict(values: dict[str, Any]) -> Recipe:
        """The recipe out of a run's `recipe.json`.

        Raises:
            DataError: it is another model's, or was written by a version with other settings.
        """
        recipe = cycle.recipe_of(Recipe, values, "ink")
        half, quarter, eighth, sixteenth = recipe.channels  # a list, out of JSON
        return replace(recipe, channels=(half, quarter, eighth, sixteenth))


OF_FIELDS = Recipe(
    what=shelf.FIELD_FINDER,
    epochs=24,
    steps=150,
    rate=2.5e-3,
    warmup=100,
    shots=9_000,
    held_back=400,
    rejects=0.0,
    start=shelf.FINDER,
)
"""The recipe of `field-ink`."""


def find(what: str = shelf.FINDER, *, seed: int = 0, epochs: int | None = None) -> Recipe:
    """The recipe of a model, with a user's wishes.

    Args:
        what: "ink" or "field-ink".
        seed: of the run.
        epochs: at most so many; None takes the recipe's.

    Raises:
        UsageError: not one epoch.
    """
    if epochs is not None and epochs < 1:
        raise UsageError(f"epochs is {epochs}; expected at least 1")
    usual = OF_FIELDS if what == shelf.FIELD_FINDER else Recipe()
    return replace(usual, seed=seed, epochs=epochs or usual.epochs)


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
        pool: a folder of rendered photos to share between runs; None keeps them in the run, or, resuming,
            where the run began with them.
        resume: go on where the run's checkpoint stands.
        progress: where news goes; None for silence.

    Returns:
        The run's `best.keras`; `best.onnx` (under the TensorFlow backend) and `card.json` lie beside it.

    Raises:
        UsageError: the run's folder already holds a run, or there is none to resume.
        DataError: the photos or the checkpoint are damaged, or not what the run began with.
        InkreadError: the loss is no number any more, or the disk is full; the last good weights are kept.
    """
    progress = progress or Progress(silent=True)
    with folder.telling(run):
        recipe, kept = cycle.opened(recipe, run, pool, resume, Recipe.from_dict)
        photos = _photos(recipe, kept, progress)
        folder.agree_on(run, {part: stock.checksum() for part, stock in photos.items()})
        with networks.precision(recipe.precision):
            network = build(recipe)
            state = cycle.begun(network, run, recipe, progress)
            if recipe.start and not state.epoch:
                start = shelf.path(recipe.start, suffix=".keras")
                network.set_weights(keras.saving.load_model(start, compile=False).get_weights())
            state = loop(network, photos, recipe, run, state, progress)
        progress.say("writing the model")
        return _finished(run, recipe, state)


def build(recipe: Recipe) -> keras.Model:
    """The network of a recipe, compiled; its first weights come from the recipe's seed."""
    keras.utils.set_random_seed(recipe.seed)
    network = models.ink(recipe.channels)
    network.compile(
        optimizer=cycle.optimizer(recipe),
        loss=loss,
        steps_per_execution=min(10, recipe.steps),
        jit_compile=False,  # XLA makes small convolutions slower on a CPU
    )
    return network


def loss(truth: Any, logits: Any) -> Any:
    """How far logits are from the ink: cross-entropy, ink counting three times, and a fifth of Dice.

    Args:
        truth: `(n, height, width, 1)` coverage 0..1; below 0 is outside the picture and does not count.
        logits: the same shape.

    Returns:
        `(n,)`.

    Source: the overlap is that of Milletari et al., V-Net, 3DV 2016.
    """
    ops = keras.ops
    counts = ops.cast(truth >= 0, "float32")
    truth = ops.maximum(truth, 0.0)
    error = ops.binary_crossentropy(truth, logits, from_logits=True) * counts * (1 + 2 * truth)
    found = ops.sigmoid(logits) * counts
    pixels = (1, 2, 3)
    both = ops.sum(found * truth, pixels)
    overlap = (2 * both + 8) / (ops.sum(found, pixels) + ops.sum(truth, pixels) + 8)
    return ops.mean(error, pixels) + 0.2 * (1 - overlap)


def loop(
    network: keras.Model,
    photos: dict[str, Shots],
    recipe: Recipe,
    run: Path,
    state: State,
    progress: Progress,
) -> State:
    """Run the epochs left; see `cycle.epochs`.

    Raises:
        DataError: the photos are damaged.
        InkreadError: the loss is no number any more.
    """
    kind = _views(recipe)
    make = partial(kind.batch_of, photos["train"].path, recipe.batch)
    with Supply(make, seed=recipe.seed, processes=recipe.processes) as supply:
        course = Course(
            run,
            recipe,
            lambda epoch: supplied.epoch(network, supply, epoch, recipe.steps, progress),
            lambda: validate(network, photos["validation"], kind),
            "f1",
            lambda: _keep(network, recipe, run),
        )
        return cycle.epochs(network, course, state, progress)


def _views(recipe: Recipe) -> ModuleType:
    """What shows the photos of a recipe."""
    return fieldviews if recipe.what == shelf.FIELD_FINDER else views


def validate(network: keras.Model, photos: Shots, kind: ModuleType = views) -> dict[str, float]:
    """Score a network on held-back photos.

    Args:
        network: of the training.
        photos: held back.
        kind: `views`, which shows whole photos, or `fieldviews`, which shows a part of each.

    Returns:
        `val_loss`, as in training; and `f1`, over the pixels of all photos together: those with a logit above
        0 against those that ink covers by half or more.
    """
    losses: list[float] = []
    right = wrong = 0
    for first in range(0, len(photos), CHUNK):
        some = [kind.plain(*photos[i]) for i in range(first, min(first + CHUNK, len(photos)))]
        pictures, truth = (np.stack(column) for column in zip(*some, strict=True))
        logits = np.asarray(network.predict_on_batch(pictures), np.float32)
        losses += keras.ops.convert_to_numpy(loss(truth, logits)).tolist()
        told, inked = logits[truth >= 0] > 0, truth[truth >= 0] >= 0.5
        right += int((told & inked).sum())
        wrong += int((told != inked).sum())
    return {"val_loss": float(np.mean(losses)), "f1": 2 * right / max(2 * right + wrong, 1)}


def _photos(recipe: Recipe, kept: Path, progress: Progress) -> dict[str, Shots]:
    """The photos of each part."""
    counts = zip(PARTS, (recipe.shots, recipe.held_back), strict=True)
    what = shots.FIELDS if recipe.what == shelf.FIELD_FINDER else "digits"
    return {
        part: shots.rendered(kept, Order(part, count, recipe.rejects, what=what), progress.say)
        for part, count in counts
    }


def _keep(network: keras.Model, recipe: Recipe, run: Path) -> None:
    """Write the network's present weights as a float32 model, replacing the file at once."""
    with networks.precision("float32"):
        plain = models.ink(recipe.channels)
        plain.set_weights(network.get_weights())
    export.save_keras(plain, run / folder.BEST, _metadata(recipe, {}))


def _metadata(recipe: Recipe, card: dict[str, Any]) -> Metadata:
    """What the model says about itself."""
    return Metadata(recipe.what, f"{recipe.what}-{recipe.seed}", "ink", ("ink",), "", None, "logits", card)


def _finished(run: Path, recipe: Recipe, state: State) -> Path:
    """Write the best weights with their card, for Keras and for everybody."""
    path = run / folder.BEST
    network = keras.saving.load_model(path, compile=False, safe_mode=True)
    best = max(state.history, key=lambda row: row["f1"])
    is_field = recipe.what == shelf.FIELD_FINDER
    card = {
        "summary": f"which pixels of a {'field' if is_field else 'photo'} are handwriting",
        "parameters": network.count_params(),
        "licence": "Apache-2.0 (the weights)",
        "data": fieldpools.credits() if is_field else pools.credits(),
        "held_back": "hands: MNIST writers, blocks of hnd62, fonts, drawn hands",
        "command": f"INKREAD_DATA=DATA inkread train {recipe.what} --epochs {recipe.epochs} "
        f"--seed {recipe.seed}",
        "recipe": asdict(recipe),
        "made_with": json.loads((run / folder.RECIPE).read_text(encoding="utf-8"))["versions"],
        "validation": dict(best),
        "scores": [],
    }
    told = _metadata(recipe, card)
    export.save_keras(network, path, told)
    if keras.backend.backend() == "tensorflow":
        pixelwise.save_onnx(network, run / "best.onnx", told)
    replace_file(run / "card.json", json.dumps(card, indent=1, ensure_ascii=False) + "\n")
    return path
