"""The training loop: seeded, a checkpoint an epoch, and a run that was cut off goes on as if it had not been.

The best weights are those of the best validation figure, never of a test score. What a run leaves behind is
told in `folder`.
"""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import keras
import numpy as np

from inkread.data import batches
from inkread.errors import InkreadError
from inkread.runtime import export
from inkread.runtime.metadata import Metadata
from inkread.training import checkpoint, finish, folder, judge, materials, networks, recipes
from inkread.training.callbacks import Progress
from inkread.training.checkpoint import State
from inkread.training.folder import BEST, START, Plan
from inkread.training.materials import Materials
from inkread.training.recipes import Recipe

__all__ = ["Plan", "build", "loop", "train"]


def train(plan: Plan, progress: Progress | None = None) -> Path:
    """Train a model from its recipe to the finished files.

    Args:
        plan: what to do.
        progress: where news goes; None for silence.

    Returns:
        The run's `best.keras`; `best.onnx`, `card.json` and `report.html` lie beside it.

    Raises:
        UsageError: the run's folder already holds a run, or there is none to resume.
        DataError: the data or the checkpoint are damaged, or not what the run began with.
        ModelError: `start` is no model, or another network.
        InkreadError: the loss is no number any more, or the disk is full; the last good weights are kept.
    """
    progress = progress or Progress(silent=True)
    try:
        return _train(plan, progress)
    except KeyboardInterrupt:
        if (plan.run / folder.RECIPE).is_file():
            progress.say(f"go on with: inkread train {plan.recipe.what} --resume {plan.run}")
        raise


def _train(plan: Plan, progress: Progress) -> Path:
    """What `train` does."""
    cv2.setNumThreads(1)  # pictures of 28 px gain nothing from threads that the network needs
    with folder.telling(plan.run):
        with folder.begun(plan) as asked:
            stock = materials.gather(asked, folder.pool_of(plan), progress.say)
            folder.agree(plan.run, stock)
            recipe = recipes.sized(asked, sum(len(part.samples) for part in stock.parts))
            folder.keep_recipe(plan.run, recipe)
            with networks.precision(recipe.precision):
                network = build(recipe, stock.classes, plan.run)
        with networks.precision(recipe.precision):
            state = State(0, -math.inf)
            if (plan.run / checkpoint.FILE).is_file():
                state = checkpoint.restore(plan.run, network)
                progress.say(f"going on after epoch {state.epoch} of {recipe.epochs}")
            loop(network, stock, recipe, plan.run, state, progress)
        progress.say("writing the model and the report")
        return finish.finish(plan.run, recipe, stock, progress.say)


def build(recipe: Recipe, classes: tuple[str, ...], run: Path | None = None) -> keras.Model:
    """The network of a recipe, compiled, with the weights it begins with.

    Args:
        recipe: says which.
        classes: the text of each output.
        run: its folder, with `start.keras` where the run begins with another model; None for a first try.

    Raises:
        ModelError: that model cannot be loaded, or is another network.
    """
    start = run / START if run and (run / START).is_file() else None
    network = networks.build(recipe, classes, start)
    if start and recipe.network != "start":
        networks.start_from(network, start)
    return networks.compiled(network, recipe)


def loop(
    network: keras.Model, stock: Materials, recipe: Recipe, run: Path, state: State, progress: Progress
) -> State:
    """Run the epochs left; after each: moving average, validation, best weights, checkpoint, history.

    Raises:
        InkreadError: the loss is no number any more.
    """
    data = batches.Varied(
        stock.parts,
        batch=recipe.batch,
        steps=recipe.steps,
        classes=len(stock.classes),
        seed=recipe.seed,
    )
    progress.begin(recipe.epochs, recipe.steps)
    for epoch in range(state.epoch, recipe.epochs):
        if _is_patience_lost(state, recipe):
            break
        data.begin(epoch)
        progress.epoch = epoch
        fitted = network.fit(data, epochs=1, verbose=0, shuffle=False, callbacks=[progress])
        figures = {"epoch": epoch + 1, "loss": float(fitted.history["loss"][-1])}
        with networks.averaged(network, recipe.ema):
            figures |= judge.validate(network, stock.validation, stock.readable, recipe.monitor)
            if not all(map(math.isfinite, figures.values())):
                raise InkreadError(_lost(run, stock, recipe, state))
            score = figures.get("score", float(epoch))
            if score > state.best and (stock.validation or epoch + 1 == recipe.epochs):
                keep(network, recipe, stock, run)
        state = State(epoch + 1, max(score, state.best), (*state.history, figures))
        checkpoint.save(run, network, state)
        folder.write_history(run, state.history)
        progress.told(figures)
    if state.epoch < recipe.epochs:
        progress.say(f"no better for {recipe.patience} epochs: stopped, and epoch {_best(state) + 1} is kept")
    return state


def keep(network: keras.Model, recipe: Recipe, stock: Materials, run: Path) -> None:
    """Write the network's present weights as a float32 model, replacing the file at once."""
    start = run / START
    with networks.precision("float32"):
        plain = networks.build(recipe, stock.classes, start if start.is_file() else None)
        plain.set_weights(network.get_weights())
    metadata = Metadata(
        finish.name(recipe),
        "",
        finish.kind(recipe),
        stock.classes,
        stock.normalizer,
        None,
        networks.outputs(recipe),
        {},
    )
    export.save_keras(plain, run / BEST, metadata)


def _is_patience_lost(state: State, recipe: Recipe) -> bool:
    """Whether a run has gone on for long enough without a better figure; the history alone decides."""
    return bool(recipe.patience and state.history and state.epoch - 1 - _best(state) >= recipe.patience)


def _best(state: State) -> int:
    """The epoch (from 0) of the best score so far."""
    return int(np.argmax([row.get("score", 0.0) for row in state.history]))


def _lost(run: Path, stock: Materials, recipe: Recipe, state: State) -> str:
    """What to say when the loss is no number any more; the last good weights are written first."""
    said = f"the loss is not a number in epoch {state.epoch + 1} of {recipe.epochs}: the run stops"
    if not state.epoch:
        return f"{said}, and no epoch before it left weights; try another --seed, or look at the pictures"
    if not (run / BEST).is_file():
        with networks.precision(recipe.precision):
            network = build(recipe, stock.classes, run)
        checkpoint.restore(run, network)
        with networks.averaged(network, recipe.ema):
            keep(network, recipe, stock, run)
    kept = _best(state) + 1 if stock.validation else state.epoch
    return f"{said}; {run / BEST} holds the weights of epoch {kept}; train anew with another --seed or -o"
