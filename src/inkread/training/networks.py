"""The network of a recipe: built, begun with another model's weights, averaged, held in a precision."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import keras
import numpy as np

from inkread import models
from inkread.errors import ModelError
from inkread.runtime import recognizer
from inkread.runtime.metadata import Metadata, inside
from inkread.training.recipes import CHARACTERS, Recipe

__all__ = ["averaged", "build", "compiled", "grafted", "outputs", "precision", "start_from"]

PICTURE = (None, 28, 28, 1)


def build(recipe: Recipe, texts: tuple[str, ...], start: Path | None = None) -> keras.Model:
    """The untrained network of a recipe; its first weights come from the recipe's seed.

    Args:
        recipe: says which.
        texts: of the classes, one output each.
        start: the model whose network it is, where the recipe's is "start".

    Raises:
        ModelError: that model cannot be loaded, or ends in something that cannot be replaced.
    """
    keras.utils.set_random_seed(recipe.seed)
    if recipe.network == "start" and start is not None:
        return grafted(start, texts)
    if recipe.what == CHARACTERS:
        return models.characters(recipe.network, dropout=recipe.dropout)  # type: ignore[arg-type]
    classes = len(texts)
    if recipe.network == "tutorial":
        return models.tutorial(classes=classes)
    if recipe.network == "quick":
        return models.quick(classes=classes, dropout=recipe.dropout)
    return models.digits(recipe.network, classes=classes, dropout=recipe.dropout)  # type: ignore[arg-type]


def compiled(network: keras.Model, recipe: Recipe) -> keras.Model:
    """The network with the recipe's optimizer and loss."""
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
            from_logits=outputs(recipe) == "logits", label_smoothing=recipe.smoothing
        ),
        steps_per_execution=min(10, recipe.steps),
        jit_compile=False,  # XLA makes small convolutions slower on a CPU
    )
    return network


def outputs(recipe: Recipe) -> Literal["logits", "probabilities"]:
    """What the recipe's network ends in."""
    return "probabilities" if recipe.network == "tutorial" else "logits"


def start_from(network: keras.Model, path: Path) -> None:
    """Begin with another model's weights.

    Raises:
        ModelError: it cannot be loaded, or is another network.
    """
    other = recognizer.open_keras(path)
    try:
        network.set_weights(other.get_weights())
    except ValueError as error:
        line = (str(error).splitlines() or [""])[0][:160]
        raise ModelError(
            f"cannot begin with {path}: {line}; expected a .keras file of the same network"
        ) from error


def grafted(path: Path, texts: tuple[str, ...]) -> keras.Model:
    """Another model's network with outputs for other classes: strokes are strokes in any script.

    Args:
        path: a `.keras` or `.h5` file of a network that ends in a dense layer.
        texts: of the new classes; those that the other model knows keep its weights, others begin at random.

    Returns:
        An uncompiled model that gives logits.

    Raises:
        ModelError: it cannot be loaded, takes something else than 28x28 pictures, or ends otherwise.
    """
    other = recognizer.open_keras(path)
    last = other.layers[-1] if other.layers else None
    if not isinstance(last, keras.layers.Dense) or tuple(other.input_shape) != PICTURE:
        raise ModelError(
            f"cannot begin with {path}: it takes {other.input_shape} and ends in "
            f"{type(last).__name__}; expected pictures {PICTURE} and a Dense layer"
        )
    other.trainable = True
    logits = keras.layers.Dense(len(texts), dtype="float32", name="logits")
    network = keras.Model(other.inputs[0], logits(last.input), name="started")
    if written := inside(path):
        _keep_known(logits, last, texts, Metadata.from_json(written).classes)
    return network


def _keep_known(
    new: keras.layers.Dense, old: keras.layers.Dense, texts: tuple[str, ...], known: tuple[str, ...]
) -> None:
    """Give classes that both have the weights they had."""
    kernel, bias = (np.array(w) for w in new.get_weights())
    old_kernel, old_bias = old.get_weights()
    for place, text in enumerate(texts):
        if text in known:
            kernel[:, place] = old_kernel[:, known.index(text)]
            bias[place] = old_bias[known.index(text)]
    new.set_weights([kernel, bias])


@contextmanager
def averaged(network: keras.Model, ema: float) -> Iterator[None]:
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
def precision(policy: str) -> Iterator[None]:
    """Build networks in this precision for a while."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)
