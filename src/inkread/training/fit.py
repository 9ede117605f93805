"""The training loop: seeded, a checkpoint an epoch, and a run that was cut off goes on as if it had not been.

A run is a folder: `recipe.json` (settings, versions, fingerprints of the data), `checkpoint.npz`,
`history.csv`, `best.keras` (the weights of the best validation score, never of a test score), and at the end
`best.onnx` and `card.json`.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import cv2
import keras
import numpy as np

from inkread import models
from inkread.data import batches
from inkread.data.sources import Samples
from inkread.errors import DataError, ModelError, UsageError
from inkread.runtime import export
from inkread.runtime.metadata import Metadata
from inkread.training import checkpoint, finish, materials
from inkread.training.callbacks import Progress
from inkread.training.checkpoint import State
from inkread.training.materials import Materials
from inkread.training.recipes import Recipe

__all__ = ["Plan", "build", "logits_of", "loop", "train"]

BEST = "best.keras"
RECIPE = "recipe.json"


@dataclass(frozen=True, slots=True)
class Plan:
    """What one call of `train` is asked to do.

    Attributes:
        recipe: how to train.
        run: the folder of the run.
        pool: a folder of rendered pictures to share between runs; None keeps them in the run, or, resuming,
            where the run began with them.
        start: a `.keras` file of the same network whose weights to begin with; None begins at random.
        resume: go on where the run's checkpoint stands.
    """

    recipe: Recipe
    run: Path
    pool: Path | None = None
    start: Path | None = None
    resume: bool = False


def train(plan: Plan, progress: Progress | None = None) -> Path:
    """Train a digit model from its recipe to the finished files.

    Args:
        plan: what to do.
        progress: where news goes; None for silence.

    Returns:
        The run's `best.keras`; `best.onnx` and `card.json` lie beside it.

    Raises:
        UsageError: the run's folder already holds a run, or there is none to resume.
        DataError: the data or the checkpoint are damaged, or not what the run began with.
        ModelError: `start` is no model, or another network.
    """
    progress = progress or Progress(silent=True)
    run, recipe = plan.run, open_run(plan)
    cv2.setNumThreads(1)  # pictures of 28 px gain nothing from threads that the network needs
    with _precision(recipe.precision):
        stock = materials.gather(recipe, _pool(plan), progress.say)
        _agree(run, stock)
        network = build(recipe)
        if plan.start and not plan.resume:
            _start_from(network, plan.start)
        if (run / checkpoint.FILE).is_file():
            state = checkpoint.restore(run, network)
            progress.say(f"going on after epoch {state.epoch} of {recipe.epochs}")
        else:
            state = State(0, -math.inf)
        loop(network, stock, recipe, run, state, progress)
    progress.say("calibrating and writing the model")
    return finish.finish(run, recipe, stock)


def loop(
    network: keras.Model, stock: Materials, recipe: Recipe, run: Path, state: State, progress: Progress
) -> State:
    """Run the epochs left; after each: moving average, validation, best weights, checkpoint, history."""
    data = batches.Varied(
        stock.parts,
        batch=recipe.batch,
        steps=recipe.steps,
        classes=len(recipe.classes),
        seed=recipe.seed,
    )
    progress.begin(recipe.epochs, recipe.steps)
    for epoch in range(state.epoch, recipe.epochs):
        data.begin(epoch)
        progress.epoch = epoch
        fitted = network.fit(data, epochs=1, verbose=0, shuffle=False, callbacks=[progress])
        figures = {"epoch": epoch + 1, "loss": float(fitted.history["loss"][-1])}
        with _averaged(network, recipe.ema):
            figures |= validate(network, stock.validation, recipe)
            score = figures.get("score", float(epoch))
            if score > state.best:
                keep(network, recipe, run / BEST)
        state = State(epoch + 1, max(score, state.best), (*state.history, figures))
        checkpoint.save(run, network, state)
        checkpoint.replace_file(run / "history.csv", _csv(state.history))
        progress.told(figures)
        if recipe.patience and epoch - _best_epoch(state) >= recipe.patience:
            progress.say(f"no better for {recipe.patience} epochs: stopping")
            break
    return state


def build(recipe: Recipe) -> keras.Model:
    """The network of a recipe, compiled; its first weights come from the recipe's seed."""
    keras.utils.set_random_seed(recipe.seed)
    classes = len(recipe.classes)
    if recipe.network == "tutorial":
        network = models.tutorial(classes=classes)
    else:
        network = models.digits(recipe.network, classes=classes, dropout=recipe.dropout)  # type: ignore[arg-type]
    rate: float | keras.optimizers.schedules.LearningRateSchedule = recipe.rate
    if recipe.warmup:
        whole = recipe.epochs * recipe.steps
        warmup = min(recipe.warmup, whole // 4)
        rate = keras.optimizers.schedules.CosineDecay(
            0.0, whole - warmup, alpha=1e-3, warmup_target=recipe.rate, warmup_steps=warmup
        )
    average = {"use_ema": True, "ema_momentum": recipe.ema} if recipe.ema else {}
    optimizer = (
        keras.optimizers.AdamW(rate, weight_decay=recipe.decay, **average)
        if recipe.decay
        else keras.optimizers.Adam(rate, **average)
    )
    network.compile(
        optimizer=optimizer,
        loss=keras.losses.CategoricalCrossentropy(
            from_logits=recipe.network != "tutorial", label_smoothing=recipe.smoothing
        ),
        steps_per_execution=min(10, recipe.steps),
        jit_compile=False,  # XLA makes small convolutions slower on a CPU
    )
    return network


def validate(network: keras.Model, sets: dict[str, Samples], recipe: Recipe) -> dict[str, float]:
    """Score a network on the held-back sets: forced accuracy on digits, and how well it tells rejects.

    Returns:
        `accuracy_<set>` each, `auroc` where a set holds rejects, and `score`, which chooses the best weights:
        the mean of the accuracies, and a fifth of it the AUROC where there is one. Empty without a set.
    """
    figures: dict[str, float] = {}
    for name, samples in sets.items():
        logits = logits_of(network, samples.images)
        digit = samples.labels < 10
        right = logits[digit, :10].argmax(axis=1) == samples.labels[digit]
        figures[f"accuracy_{name}"] = float(right.mean())
        if logits.shape[1] > 10 and not digit.all():
            figures["auroc"] = _auroc(logits[:, :10].max(axis=1) - logits[:, 10], digit)
    if figures:
        mean = float(np.mean([v for k, v in figures.items() if k != "auroc"]))
        figures["score"] = 0.8 * mean + 0.2 * figures["auroc"] if "auroc" in figures else mean
    return figures


def logits_of(network: keras.Model, images: np.ndarray) -> np.ndarray:
    """What a network says of `(n, 28, 28)` uint8 pictures: `(n, classes)` float32."""
    parts = [
        keras.ops.convert_to_numpy(network.predict_on_batch(batches.to_input(images[i : i + 500])))
        for i in range(0, len(images), 500)
    ]
    return np.concatenate(parts).astype(np.float32)


def keep(network: keras.Model, recipe: Recipe, path: Path) -> None:
    """Write the network's present weights as a float32 model, replacing the file at once."""
    with _precision("float32"):
        plain = build(recipe)
        plain.set_weights(network.get_weights())
        metadata = Metadata("digits", "", "digit", recipe.classes, "", None, finish.outputs(recipe), {})
        export.save_keras(plain, path, metadata)


def open_run(plan: Plan) -> Recipe:
    """Make or reopen the run's folder; what its `recipe.json` says holds for the rest of the run."""
    path = plan.run / RECIPE
    if plan.resume:
        if not path.is_file():
            raise UsageError(
                f"{plan.run} holds no run to resume ({RECIPE} is missing); begin one with -o {plan.run}"
            )
        return Recipe.from_dict(json.loads(path.read_text(encoding="utf-8"))["recipe"])
    if path.is_file():
        raise UsageError(
            f"{plan.run} already holds a run; go on with --resume {plan.run}, or choose another -o"
        )
    plan.run.mkdir(parents=True, exist_ok=True)
    recipe = finish.settled(plan.recipe)
    pool = str((plan.pool or plan.run / "pool").resolve())
    told = {"recipe": recipe.to_dict(), "pool": pool} | finish.versions()
    checkpoint.replace_file(path, json.dumps(told, indent=1))
    return recipe


def _pool(plan: Plan) -> Path:
    """Where the run's pictures are kept: as asked for now, or as the run began."""
    if plan.pool:
        return plan.pool
    return Path(json.loads((plan.run / RECIPE).read_text(encoding="utf-8"))["pool"])


def _agree(run: Path, stock: Materials) -> None:
    """Record the fingerprints of the data, or check that a resumed run still has the same."""
    path = run / RECIPE
    told = json.loads(path.read_text(encoding="utf-8"))
    if told.setdefault("data", stock.checksums) != stock.checksums:
        odd = sorted(k for k in stock.checksums if told["data"].get(k) != stock.checksums[k])
        raise DataError(
            f"the data is not what {run} began with ({', '.join(odd)} differ); resume with the same "
            "INKREAD_DATA and --pool, or train anew with another -o"
        )
    checkpoint.replace_file(path, json.dumps(told, indent=1))


def _start_from(network: keras.Model, path: Path) -> None:
    """Begin with another model's weights.

    Raises:
        ModelError: it cannot be loaded, or is another network.
    """
    try:
        network.set_weights(keras.saving.load_model(path, compile=False, safe_mode=True).get_weights())
    except Exception as error:  # Keras raises whatever the broken part raises
        line = (str(error).splitlines() or [""])[0][:160]
        raise ModelError(
            f"cannot begin with {path}: {line}; expected a .keras file of the same network"
        ) from error


@contextmanager
def _averaged(network: keras.Model, ema: float) -> Iterator[None]:
    """Put the moving average of the weights in place of the weights for a while."""
    if not ema:
        yield
        return
    present = [keras.ops.convert_to_numpy(v) for v in network.trainable_variables]
    network.optimizer.finalize_variable_values(network.trainable_variables)
    try:
        yield
    finally:
        for variable, values in zip(network.trainable_variables, present, strict=True):
            variable.assign(values)


@contextmanager
def _precision(policy: str) -> Iterator[None]:
    """Build networks in this precision for a while."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def _auroc(score: np.ndarray, positive: np.ndarray) -> float:
    """The chance that a digit scores above a reject (ties count half)."""
    _, inverse, counts = np.unique(score, return_inverse=True, return_counts=True)
    rank = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    n = int(positive.sum())
    return float((rank[positive].sum() - n * (n + 1) / 2) / (n * (len(score) - n)))


def _best_epoch(state: State) -> int:
    """The epoch (from 0) of the best score so far."""
    return int(np.argmax([row.get("score", 0.0) for row in state.history]))


def _csv(history: tuple[dict[str, float], ...]) -> str:
    """The figures of all epochs, one line each."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(history[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({k: round(v, 6) for k, v in row.items()} for row in history)
    return text.getvalue()
