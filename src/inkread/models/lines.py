"""The network that reads lines: a strip of ink in, one answer every four pixels out.

Convolutions look at strokes and halve the height until nothing of it is left; then separable convolutions
along the line, ever wider apart, bring in what stands to the left and right. No recurrent layer, so that a
line may be as long as it likes, and every step runs at once. A plain `keras.Model` on every Keras
backend.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras

__all__ = ["SIZES", "lines"]

SIZES = {
    "tiny": (8, 12, 16, 24, 1),
    "small": (16, 40, 72, 160, 6),
    "standard": (24, 64, 112, 256, 8),
    "large": (48, 112, 192, 320, 10),
}
"""Channels at a half, a quarter and an eighth of the height, along the line, and how many steps there."""
HEIGHT = 40
"""Pixels from top to bottom of a strip: `inkread.imaging.strips.HEIGHT`."""
_DILATIONS = (1, 2, 4)


def lines(classes: int, size: str = "standard", *, dropout: float = 0.2, channels: int = 1) -> keras.Model:
    """Build the network behind the model `lines`.

    Args:
        classes: of its alphabet, the blank counted; class 0 is the blank.
        size: one of `SIZES`; "standard" makes 1.2 M parameters, "small", for fields, 0.4 M.
        dropout: share of whole channels dropped along the line, in training.
        channels: of a strip: 1 for ink, 2 for ink and the shade of the pen.

    Returns:
        An uncompiled model, `(batch, 40, width, channels)` float32, 0 paper and 1 ink, -> `(batch,
        ceil(width / 4), classes)` logits.

    Example:
        >>> lines(100, "tiny").output_shape
        (None, None, 100)

    Source: residual blocks of He et al., CVPR 2016; separable convolutions along the line as in Coquenet et
    al., Recurrence-free unconstrained handwritten text recognition, ICFHR 2020.
    """
    import keras

    first, second, third, along, steps = SIZES[size]
    layers = keras.layers
    strip = keras.Input((HEIGHT, None, channels), name="strip")
    x = _convolution(strip, first, size=5, stride=2)
    x = _residual(x, first)
    x = _convolution(x, second, stride=2)
    x = _residual(_residual(x, second), second)
    x = _convolution(x, third, stride=(2, 1))
    x = _residual(x, third)
    x = layers.Conv2D(along, (HEIGHT // 8, 1), use_bias=False)(x)
    x = layers.Activation("silu")(layers.BatchNormalization(momentum=0.98)(x))
    x = layers.Reshape((-1, along))(x)
    for step in range(steps):
        y = layers.DepthwiseConv1D(
            7, padding="same", dilation_rate=_DILATIONS[step % len(_DILATIONS)], use_bias=False
        )(x)
        y = layers.Conv1D(along, 1, use_bias=False)(y)
        y = layers.Activation("silu")(layers.BatchNormalization(momentum=0.98)(y))
        y = layers.SpatialDropout1D(dropout)(y)
        x = layers.Add()([x, y])
    logits = layers.Conv1D(classes, 1, dtype="float32", name="logits")(layers.Dropout(dropout)(x))
    return keras.Model(strip, logits, name="lines")


def _convolution(
    x: keras.KerasTensor, channels: int, *, size: int = 3, stride: int | tuple[int, int] = 1
) -> keras.KerasTensor:
    """A convolution, batch normalisation and ReLU."""
    import keras

    x = keras.layers.Conv2D(channels, size, strides=stride, padding="same", use_bias=False)(x)
    return keras.layers.Activation("relu")(keras.layers.BatchNormalization(momentum=0.98)(x))


def _residual(x: keras.KerasTensor, channels: int) -> keras.KerasTensor:
    """Two convolutions beside a shortcut."""
    import keras

    y = _convolution(x, channels)
    y = keras.layers.Conv2D(channels, 3, padding="same", use_bias=False)(y)
    y = keras.layers.BatchNormalization(momentum=0.98)(y)
    return keras.layers.Activation("relu")(keras.layers.Add()([x, y]))
