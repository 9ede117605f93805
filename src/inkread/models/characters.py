"""Networks for single characters: `(batch, 28, 28, 1)` float32 ink 0..1 in, one logit a class out.

Four of them: `digits`, the small residual network that ships, `characters`, the same with outputs for letters
and their case, `quick`, which learns MNIST in half a minute, and `tutorial`, the CNN of the text this project
grew from. All are plain `keras.Model`s that run on every Keras backend.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import keras

__all__ = ["SIZES", "characters", "digits", "quick", "tutorial"]

INPUT_SHAPE = (28, 28, 1)
SIZES: dict[str, tuple[int, tuple[tuple[int, int], ...]]] = {
    "tiny": (8, ((16, 1),)),
    "small": (24, ((48, 1), (80, 1))),
    "standard": (24, ((48, 1), (80, 1), (128, 1))),
}
"""Channels of the stem, then (channels, blocks) of each stage; every stage halves the picture."""


def digits(
    size: Literal["tiny", "small", "standard"] = "standard", *, classes: int = 11, dropout: float = 0.3
) -> keras.Model:
    """Build the residual network behind the model `digits`.

    A 3x3 stem, residual stages with batch normalisation and ReLU, global maximum and average pooling side by
    side (the maximum sees a bar or a hook anywhere, the average the overall shape), dropout, logits.

    Args:
        size: "standard" has 0.38 M parameters and ships; "small" 0.13 M for quick runs; "tiny" 6 k for tests.
        classes: logits a picture; 11 is the ten digits and "not a digit", last.
        dropout: share of the pooled features dropped in training, 0..1.

    Returns:
        An uncompiled model, `(batch, 28, 28, 1)` ink in 0..1 -> `(batch, classes)` logits.

    Raises:
        UsageError: the size is not one of `SIZES`.

    Example:
        >>> digits("tiny", classes=10).output_shape
        (None, 10)

    Source: He et al., Deep residual learning for image recognition, CVPR 2016.
    """
    import keras

    ink, seen = _trunk(size, dropout)
    logits = keras.layers.Dense(classes, dtype="float32", name="logits")(seen)
    return keras.Model(ink, logits, name=f"digits_{size}")


def characters(
    size: Literal["tiny", "small", "standard"] = "standard", *, dropout: float = 0.3
) -> keras.Model:
    """Build the network of the model `characters`: 36 shapes, the case of letters, and "no character".

    The trunk of `digits` with four outputs: ten digits, 26 letters, "no character", and, for each letter, how
    much likelier it is a capital. A letter's logit is split between its cases by the logistic function, so
    the shares of A and a add up to that of their shape: what is not known of the case takes nothing from the
    shape.

    Args:
        size: "standard" has 0.40 M parameters; "small" 0.14 M; "tiny" 8 k for tests.
        dropout: share of the pooled features dropped in training, 0..1.

    Returns:
        An uncompiled model, `(batch, 28, 28, 1)` ink in 0..1 -> `(batch, 63)` logits in the order of
        `inkread.decode.characters.CLASSES`, "no character" last.

    Raises:
        UsageError: the size is not one of `SIZES`.

    Example:
        >>> characters("tiny").output_shape
        (None, 63)
    """
    import keras

    def heads(name: str, units: int) -> keras.KerasTensor:
        return keras.layers.Dense(units, dtype="float32", name=name)(seen)

    ink, seen = _trunk(size, dropout)
    digits_, letters, none, case = (
        heads(name, units) for name, units in (("digits", 10), ("letters", 26), ("none", 1), ("case", 26))
    )
    share = keras.layers.Activation("log_sigmoid", dtype="float32")(case)
    upper = keras.layers.Add(dtype="float32", name="upper")([letters, share])
    lower = keras.layers.Subtract(dtype="float32", name="lower")([upper, case])
    logits = keras.layers.Concatenate(dtype="float32", name="logits")([digits_, upper, lower, none])
    return keras.Model(ink, logits, name=f"characters_{size}")


def _trunk(size: str, dropout: float) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """The input, and what the residual stages see in it, pooled."""
    import keras

    from inkread.errors import UsageError, nearest

    if size not in SIZES:
        raise UsageError(f"size is {size!r}; expected one of {', '.join(SIZES)}{nearest(size, list(SIZES))}")
    stem, stages = SIZES[size]
    ink = keras.Input(INPUT_SHAPE, name="ink")
    x = _convolution(ink, stem)
    for channels, blocks in stages:
        for block in range(blocks):
            x = _residual(x, channels, stride=2 if block == 0 else 1)
    pooled = [keras.layers.GlobalMaxPooling2D()(x), keras.layers.GlobalAveragePooling2D()(x)]
    return ink, keras.layers.Dropout(dropout)(keras.layers.Concatenate()(pooled))


def quick(*, classes: int = 10, dropout: float = 0.3) -> keras.Model:
    """Build the network of the recipe `fast`: as much accuracy as the tutorial's training time allows.

    The tutorial's plan with a third convolution where the picture is smallest, a wider dense layer, and
    dropout. No batch normalisation: on a processor it costs more than the convolutions do.

    Args:
        classes: logits a picture.
        dropout: share of the dense features dropped in training, 0..1.

    Returns:
        An uncompiled model of 0.33 M parameters, `(batch, 28, 28, 1)` ink in 0..1 -> `(batch, classes)`
        logits.
    """
    import keras

    ink = keras.Input(INPUT_SHAPE, name="ink")
    x = ink
    for channels in (24, 48):
        x = keras.layers.Conv2D(channels, 3, padding="same", activation="relu")(x)
        x = keras.layers.MaxPooling2D()(x)
    x = keras.layers.Conv2D(48, 3, padding="same", activation="relu")(x)
    x = keras.layers.Dense(128, activation="relu")(keras.layers.Flatten()(x))
    x = keras.layers.Dropout(dropout)(x)
    logits = keras.layers.Dense(classes, dtype="float32", name="logits")(x)
    return keras.Model(ink, logits, name="quick")


def tutorial(*, classes: int = 10) -> keras.Model:
    """Build the tutorial's CNN: two convolutions, two poolings, a dense layer, a softmax.

    Unlike every other model it returns probabilities, since that is how it is taught; readers notice.

    Args:
        classes: how many kinds of characters there are; 10 for MNIST.

    Returns:
        An uncompiled model, `(batch, 28, 28, 1)` ink in 0..1 -> `(batch, classes)` probabilities.
    """
    import keras

    return keras.Sequential(
        [
            keras.Input(INPUT_SHAPE, name="ink"),
            keras.layers.Conv2D(32, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Conv2D(64, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Flatten(),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(classes, activation="softmax"),
        ],
        name="tutorial",
    )


def _convolution(
    x: keras.KerasTensor, channels: int, *, stride: int = 1, active: bool = True
) -> keras.KerasTensor:
    """A 3x3 convolution and batch normalisation, then ReLU where `active`."""
    import keras

    x = keras.layers.Conv2D(channels, 3, strides=stride, padding="same", use_bias=False)(x)
    x = keras.layers.BatchNormalization(momentum=0.9)(x)
    return keras.layers.Activation("relu")(x) if active else x


def _residual(x: keras.KerasTensor, channels: int, *, stride: int) -> keras.KerasTensor:
    """Two convolutions beside a shortcut; the shortcut is projected where the shape changes."""
    import keras

    shortcut = x
    if stride != 1 or x.shape[-1] != channels:
        shortcut = keras.layers.Conv2D(channels, 1, strides=stride, use_bias=False)(x)
    x = _convolution(_convolution(x, channels, stride=stride), channels, active=False)
    return keras.layers.Activation("relu")(keras.layers.Add()([x, shortcut]))
