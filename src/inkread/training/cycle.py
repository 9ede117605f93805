"""What the trainings of whole networks share: a run opened or gone on with, its optimizer, its epochs.

`ink` and `lines` bring their own recipe, batches, loss and validation; from there on one loop serves both. A
run is seeded, writes a checkpoint an epoch, and one that was cut off goes on as if it had not been.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Protocol, TypeVar

import keras

from inkread.errors import DataError, InkreadError
from inkread.training import checkpoint, finish, folder, networks
from inkread.training.callbacks import Progress
from inkread.training.checkpoint import State, replace_file

__all__ = ["Course", "begun", "epochs", "opened", "optimizer", "recipe_of"]


class Settings(Protocol):
    """What every recipe has; see `ink.Recipe` and `lines.Recipe`."""

    @property
    def epochs(self) -> int: ...
    @property
    def steps(self) -> int: ...
    @property
    def rate(self) -> float: ...
    @property
    def warmup(self) -> int: ...
    @property
    def decay(self) -> float: ...
    @property
    def ema(self) -> float: ...
    @property
    def precision(self) -> str: ...


R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Course:
    """How the epochs of a run go.

    Attributes:
        run: its folder.
        recipe: how long, how fast.
        learn: one epoch, by its number from 0; gives the mean loss.
        validate: figures of the moving average of the weights.
        score: which of them is to be as large as possible.
        keep: writes the network's present weights as the run's best.
    """

    run: Path
    recipe: Settings
    learn: Callable[[int], float]
    validate: Callable[[], dict[str, float]]
    score: str
    keep: Callable[[], None]


def recipe_of(kind: type[R], values: dict[str, Any], model: str) -> R:
    """A recipe out of a run's `recipe.json`.

    Args:
        kind: the recipe's class.
        values: as they were written.
        model: its name, for the message.

    Raises:
        DataError: it is another model's, or was written by a version with other settings.
    """
    known = {f.name for f in fields(kind)}  # type: ignore[arg-type]
    if set(values) != known:
        odd = ", ".join(sorted(set(values) ^ known))
        raise DataError(
            f"the run's recipe is none of the model {model}, or of another version (it differs in {odd}); "
            "train anew with another -o, or resume it as the model that it is"
        )
    return kind(**values)


def opened(
    recipe: R, run: Path, pool: Path | None, resume: bool, read: Callable[[dict[str, Any]], R]
) -> tuple[R, Path]:
    """The recipe that holds for a run, and where its material is kept.

    Args:
        recipe: of a new run; a resumed one keeps its own.
        run: the run's folder; made for a new run.
        pool: where material is kept; None for the run's own folder, or where it began.
        resume: go on.
        read: a recipe out of what was written.

    Raises:
        UsageError: the folder already holds a run, or there is none to resume.
        DataError: its `recipe.json` is damaged, or of another model.
    """
    known = folder.reopened(run, resume=resume)
    if known:
        return read(known["recipe"]), pool or Path(known["pool"])
    if recipe.precision == "auto":  # type: ignore[attr-defined]
        recipe = replace(recipe, precision=finish.swift())  # type: ignore[type-var]
    run.mkdir(parents=True, exist_ok=True)
    kept = (pool or run / "pool").resolve()
    told = {"recipe": asdict(recipe), "pool": str(kept)} | finish.versions()  # type: ignore[call-overload]
    replace_file(run / folder.RECIPE, json.dumps(told, indent=1))
    return recipe, kept


def optimizer(recipe: Settings, *, clipnorm: float | None = None) -> keras.optimizers.Optimizer:
    """AdamW with a moving average of the weights; the rate warms up, then falls as a cosine to a thousandth.

    Args:
        recipe: how fast, how long.
        clipnorm: the longest gradient of a variable; None for any.
    """
    whole = recipe.epochs * recipe.steps
    warmup = min(recipe.warmup, whole // 4)
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, whole - warmup, alpha=1e-3, warmup_target=recipe.rate, warmup_steps=warmup
    )
    return keras.optimizers.AdamW(
        rate, weight_decay=recipe.decay, clipnorm=clipnorm, use_ema=True, ema_momentum=recipe.ema
    )


def begun(network: keras.Model, run: Path, recipe: Settings, progress: Progress) -> State:
    """Where a run stands, its checkpoint put back into the network; the beginning where there is none.

    Raises:
        DataError: the checkpoint is damaged or of another network.
    """
    if not (run / checkpoint.FILE).is_file():
        return State(0, -math.inf)
    state = checkpoint.restore(run, network)
    progress.say(f"going on after epoch {state.epoch} of {recipe.epochs}")
    return state


def epochs(network: keras.Model, course: Course, state: State, progress: Progress) -> State:
    """Run the epochs left; after each: moving average, validation, best weights, checkpoint, history.

    Raises:
        DataError: the material is damaged.
        InkreadError: the loss is no number any more; the last good weights are kept.
    """
    recipe, run = course.recipe, course.run
    progress.begin(recipe.epochs, recipe.steps)
    for epoch in range(state.epoch, recipe.epochs):
        progress.epoch = epoch
        figures = {"epoch": epoch + 1, "loss": course.learn(epoch)}
        with networks.averaged(network, recipe.ema):
            figures |= course.validate()
            if not all(map(math.isfinite, figures.values())):
                raise InkreadError(_lost(course, state))
            if figures[course.score] > state.best:
                course.keep()
        state = State(epoch + 1, max(figures[course.score], state.best), (*state.history, figures))
        checkpoint.save(run, network, state)
        folder.write_history(run, state.history)
        progress.told(figures)
    return state


def _lost(course: Course, state: State) -> str:
    """What to say when the loss is no number any more."""
    said = f"the loss is not a number in epoch {state.epoch + 1} of {course.recipe.epochs}: the run stops"
    if not state.history:
        return f"{said}, and no epoch before it left weights; try another --seed"
    best = max(state.history, key=lambda row: row[course.score])
    return (
        f"{said}; {course.run / folder.BEST} holds the weights of epoch {best['epoch']:.0f}; "
        "train anew with another --seed or -o"
    )
