"""Networks that say something of each pixel: written as ONNX files that take pictures of any size.

Like `export`, which writes networks of 28x28 pictures: an ONNX file that gives other numbers than the model
it was made of is never kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from inkread.runtime import recognizer
from inkread.runtime.export import Parity, compared, kept_if_equal
from inkread.runtime.metadata import Metadata

if TYPE_CHECKING:
    import keras

__all__ = ["SIZES", "parity", "save_onnx"]

SIZES = ((128, 128), (32, 48), (192, 144), (16, 16))
"""(height, width) of the pictures on which two models are compared."""


def save_onnx(model: keras.Model, path: str | Path, metadata: Metadata) -> Path:
    """Write a network as an ONNX file for pictures of any size, and check it on several.

    Args:
        model: a float32 Keras model, `(n, height, width, 3)` -> `(n, height, width, 1)`, under the TensorFlow
            backend.
        path: ends in `.onnx`. A file already there is replaced only once the new one is whole and right.
        metadata: rides in the metadata property `inkread`.

    Returns:
        The path.

    Raises:
        ModelError: another backend runs, a package is missing, or the numbers differ by more than
            `export.PARITY`.
    """
    return kept_if_equal(model, Path(path), metadata, parity)


def parity(model: keras.Model, path: Path) -> Parity:
    """Compare an ONNX file with the network it was made of, on noise with strokes, of all `SIZES`.

    Args:
        model: the network in memory.
        path: the file.

    Raises:
        ModelError: the file cannot be loaded, or takes pictures of one size only.
    """
    session = recognizer.open_onnx(path)
    asked = session.get_inputs()[0].name
    return compared(path, _probes(), model.predict_on_batch, lambda x: session.run(None, {asked: x})[0])


def _probes() -> Iterator[np.ndarray]:
    """Noise with a stroke, of all `SIZES`."""
    rng = np.random.default_rng(0)
    for size in SIZES:
        pictures = rng.standard_normal((2, *size, 3)).astype(np.float32)
        pictures[0, 4 : size[0] // 2, 6:10] += 3
        yield pictures
