"""Trained networks to files: `.keras` for fine-tuning, `.onnx` for reading, both with their metadata inside.

The two are checked against each other before either is kept: the same pictures must give the same numbers
within 1e-4.
"""

from __future__ import annotations

import os
import tempfile
import warnings
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from inkread.errors import ModelError
from inkread.runtime.metadata import KEY, MEMBER, Metadata

if TYPE_CHECKING:
    import keras

__all__ = ["PARITY", "save_keras", "save_onnx", "write_metadata"]

PARITY = 1e-4
"""The largest difference of a logit that an exported model may show."""


def save_keras(model: keras.Model, path: str | Path, metadata: Metadata) -> Path:
    """Write a network as a `.keras` file that carries its metadata; plain Keras loads it too.

    Args:
        model: any Keras model for 28x28 pictures.
        path: ends in `.keras`. A file already there is replaced only once the new one is whole.
        metadata: rides in the member `inkread.json`.

    Returns:
        The path.

    Raises:
        ModelError: the path has another ending.
    """
    path = Path(path)
    if path.suffix != ".keras":
        raise ModelError(f"{path} ends in {path.suffix!r}; expected .keras")
    partial = _beside(path)
    try:
        model.save(partial)
        write_metadata(partial, metadata)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return path


def save_onnx(model: keras.Model, path: str | Path, metadata: Metadata) -> Path:
    """Write a network as an ONNX file that carries its metadata, and check that it gives the same numbers.

    Args:
        model: a float32 Keras model for 28x28 pictures, under the TensorFlow backend (others fix or break the
            batch size).
        path: ends in `.onnx`. A file already there is replaced only once the new one is whole and right.
        metadata: rides in the metadata property `inkread`.

    Returns:
        The path.

    Raises:
        ModelError: another backend runs, a package is missing, or the numbers differ by more than `PARITY`.
    """
    import keras

    path = Path(path)
    if keras.backend.backend() != "tensorflow":
        raise ModelError(
            f"export to ONNX works from the TensorFlow backend, and Keras runs on {keras.backend.backend()}; "
            "save as .keras, then export with KERAS_BACKEND=tensorflow"
        )
    try:
        import onnx  # noqa: F401  asked for here so that its absence is told plainly
        import tf2onnx  # noqa: F401
    except ImportError as error:
        raise ModelError(f"export to ONNX needs {error.name}. Run: pip install '.[train]'") from error
    partial = _beside(path)
    try:
        signature = [keras.InputSpec(shape=(None, *model.input_shape[1:]), dtype="float32")]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Keras pokes at numpy names that are gone
            model.export(partial, format="onnx", verbose=False, input_signature=signature)
        _write_onnx(partial, partial, metadata)
        _check_parity(model, partial)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return path


def write_metadata(path: str | Path, metadata: Metadata) -> None:
    """Put metadata into a finished model file, in place of what was there; the file is replaced at once.

    Args:
        path: a `.keras` or `.onnx` file.
        metadata: what it shall say from now on.

    Raises:
        ModelError: the file is neither, or damaged.
    """
    path = Path(path)
    partial = _beside(path)
    try:
        if path.suffix == ".onnx":
            _write_onnx(path, partial, metadata)
        else:
            _write_archive(path, partial, metadata)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _write_archive(path: Path, new_path: Path, metadata: Metadata) -> None:
    """Copy a `.keras` archive with the metadata as an extra member."""
    if not zipfile.is_zipfile(path):
        raise ModelError(f"{path} is not a .keras archive; expected a file written by Keras 3")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(new_path, "w") as new:
        for item in old.infolist():
            if item.filename != MEMBER:
                new.writestr(item, old.read(item.filename))
        new.writestr(zipfile.ZipInfo(MEMBER), metadata.to_json())


def _write_onnx(path: Path, new_path: Path, metadata: Metadata) -> None:
    """Copy an ONNX file with the metadata as its property."""
    import onnx

    graph = onnx.load(path)
    del graph.metadata_props[:]
    onnx.helper.set_model_props(graph, {KEY: metadata.to_json()})
    onnx.save(graph, new_path)


def _beside(path: Path) -> Path:
    """A free file name in the same folder with the same ending."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".", suffix=path.suffix, dir=path.parent)
    os.close(handle)
    os.chmod(name, 0o644)  # noqa: PTH101  mkstemp's own 0600 would hide a shipped model from other users
    return Path(name)


def _check_parity(model: keras.Model, path: Path) -> None:
    """Compare network and file on random and on blank pictures, alone and as a batch."""
    import keras
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    pictures = np.random.default_rng(0).random((8, *model.input_shape[1:]), dtype=np.float32)
    pictures[0] = 0
    for batch in (pictures, pictures[:1]):
        wanted = keras.ops.convert_to_numpy(model(batch, training=False))
        gap = float(np.abs(session.run(None, {name: batch})[0] - wanted).max())
        if gap > PARITY:
            raise ModelError(
                f"the ONNX file differs from the Keras model by {gap:.1e}; expected at most {PARITY}"
            )
