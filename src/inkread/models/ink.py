"""The network that tells ink from everything else: a picture in, one logit a pixel out.

A small U-Net: it halves the picture four times to see what stands around a stroke, and comes back up with the
finer layers added in, so that the answer is as sharp as the picture. A plain `keras.Model` on every Keras
backend.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras

__all__ = ["ink"]


def ink(channels: tuple[int, int, int, int] = (16, 24, 40, 64)) -> keras.Model:
    """Build the network behind the model `ink`.

    Args:
        channels: at a half, a quarter, an eighth and a sixteenth of the picture's size. Those given by
            default make 0.27 M parameters.

    Returns:
        An uncompiled model, `(batch, height, width, 3)` float32, gone through `imaging.learned.standard`, ->
        `(batch, height, width, 1)` logits: above 0 is ink. Any height and width divisible by 16.

    Example:
        >>> ink().output_shape
        (None, None, None, 1)

    Source: Ronneberger et al., U-Net, MICCAI 2015; residual blocks of He et al., CVPR 2016.
    """
    import keras

    half, quarter, eighth, sixteenth = channels
    picture = keras.Input((None, None, 3), name="picture")
    finest = _convolution(_convolution(picture, half, size=4, stride=2), half)
    fine = _residual(_convolution(finest, quarter, stride=2), quarter)
    coarse = _residual(_convolution(fine, eighth, stride=2), eighth)
    x = _convolution(coarse, sixteenth, stride=2)
    x = _residual(_residual(x, sixteenth), sixteenth)
    x = _convolution(_up(x, coarse, eighth), eighth)
    x = _up(_up(x, fine, quarter), finest, half)
    logits = keras.layers.Conv2DTranspose(1, 4, strides=2, padding="same", dtype="float32", name="logits")(x)
    return keras.Model(picture, logits, name="ink")


def _convolution(
    x: keras.KerasTensor, channels: int, *, size: int = 3, stride: int = 1, active: bool = True
) -> keras.KerasTensor:
    """A convolution and batch normalisation, then ReLU where `active`."""
    import keras

    x = keras.layers.Conv2D(channels, size, strides=stride, padding="same", use_bias=False)(x)
    return _normalised(x, active=active)


def _residual(x: keras.KerasTensor, channels: int) -> keras.KerasTensor:
    """Two convolutions beside a shortcut."""
    import keras

    y = _convolution(_convolution(x, channels), channels, active=False)
    return keras.layers.Activation("relu")(keras.layers.Add()([x, y]))


def _up(x: keras.KerasTensor, finer: keras.KerasTensor, channels: int) -> keras.KerasTensor:
    """Twice the size, with the finer layer of that size added in; then a convolution."""
    import keras

    x = keras.layers.Conv2D(channels, 1, use_bias=False)(x)
    x = keras.layers.UpSampling2D(2, interpolation="nearest")(x)
    x = _normalised(keras.layers.Add()([x, finer]), active=True)
    return _convolution(x, channels)


def _normalised(x: keras.KerasTensor, *, active: bool) -> keras.KerasTensor:
    """Batch normalisation, then ReLU where `active`."""
    import keras

    x = keras.layers.BatchNormalization(momentum=0.98)(x)
    return keras.layers.Activation("relu")(x) if active else x
