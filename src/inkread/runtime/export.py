"""Trained networks to files that carry their metadata: `.keras` and `.h5` for Keras, `.onnx` for everybody.

Every file is written beside its final name and takes it only once it is whole. `parity` says how far a file's
numbers lie from those of the model it was made of; an ONNX file that differs is never kept.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from inkread.errors import ModelError
from inkread.runtime import recognizer
from inkread.runtime.backend import load_keras, quiet
from inkread.runtime.metadata import KEY, MEMBER, Metadata

if TYPE_CHECKING:
    import keras

__all__ = [
    "PARITY",
    "Parity",
    "compared",
    "kept_if_equal",
    "parity",
    "save",
    "save_h5",
    "save_keras",
    "save_onnx",
    "write_metadata",
]

PARITY = 1e-4
"""The largest difference of an output that an exported model may show."""


@dataclass(frozen=True, slots=True)
class Parity:
    """How far two models' numbers lie apart.

    Attributes:
        largest: the largest difference of an output; NaN where one is not finite.
        outputs: the largest output, to compare it with.
        pictures: how many they were asked about.
    """

    largest: float
    outputs: float
    pictures: int

    @property
    def is_kept(self) -> bool:
        """Whether the difference is at most `PARITY`."""
        return self.largest <= PARITY

    def __str__(self) -> str:
        return (
            f"largest difference {self.largest:.1e} of outputs up to {self.outputs:.3g}, "
            f"{self.pictures} pictures (allowed {PARITY:.0e})"
        )


def parity(run: recognizer.Run, path: Path) -> Parity:
    """Compare a file with the model it was made of: noise, strokes, a blank and a full picture.

    Args:
        run: the model in memory, `(n, 28, 28, 1)` float32 -> `(n, classes)`.
        path: the file; it is loaded as a reader loads it.

    Returns:
        The difference; of a batch and of single pictures, whichever is larger.

    Raises:
        ModelError: the file cannot be loaded.
    """
    again = recognizer.load(path).run
    pictures = _pictures()
    largest, top = 0.0, 0.0
    for batch in (pictures, pictures[:1], pictures[-1:]):
        wanted = np.asarray(run(batch), np.float64)
        gap = np.abs(np.asarray(again(batch), np.float64) - wanted).max()
        largest, top = float(np.maximum(largest, gap)), float(max(top, np.abs(wanted).max()))
    return Parity(largest, top, len(pictures))


def save(model: keras.Model, path: str | Path, metadata: Metadata) -> Path:
    """Write a network to a file of the kind that its ending names, with its metadata inside.

    Args:
        model: any Keras model for 28x28 pictures.
        path: ends in `.keras`, `.h5` or `.onnx`.
        metadata: what the file shall say about itself.

    Raises:
        ModelError: the path has another ending; see also `save_onnx`.
    """
    ways = {".keras": save_keras, ".h5": save_h5, ".onnx": save_onnx}
    ending = Path(path).suffix
    if ending not in ways:
        raise ModelError(f"{path} ends in {ending!r}; expected one of {', '.join(ways)}")
    return ways[ending](model, path, metadata)


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
    return _save(model, Path(path), ".keras", metadata)


def save_h5(model: keras.Model, path: str | Path, metadata: Metadata) -> Path:
    """Write a network as an HDF5 file, the older form, that carries its metadata; plain Keras loads it too.

    Args:
        model: any Keras model for 28x28 pictures.
        path: ends in `.h5`. A file already there is replaced only once the new one is whole.
        metadata: rides in the data set `inkread`.

    Returns:
        The path.

    Raises:
        ModelError: the path has another ending, or the network has no form in HDF5.
    """
    return _save(model, Path(path), ".h5", metadata)


def _save(model: keras.Model, path: Path, ending: str, metadata: Metadata) -> Path:
    """Write a network as Keras does, with its metadata."""
    if path.suffix != ending:
        raise ModelError(f"{path} ends in {path.suffix!r}; expected {ending}")
    with _replacing(path) as partial:
        try:
            with quiet():  # Keras deems HDF5 legacy, and says so
                model.save(partial)
        except (NotImplementedError, TypeError, ValueError) as error:
            raise ModelError(f"the network has no form as {ending}: {str(error).splitlines()[0]}") from error
        write_metadata(partial, metadata)
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
    return kept_if_equal(
        model, Path(path), metadata, lambda m, file: parity(recognizer.wrap(m, "the network")[0], file)
    )


@contextmanager
def _written_onnx(model: keras.Model, path: Path, metadata: Metadata) -> Iterator[Path]:
    """Write a network of any kind as ONNX, for the block to check; it takes its name if the block ends well.

    Args:
        model: a float32 Keras model with one input, under the TensorFlow backend.
        path: ends in `.onnx`.
        metadata: rides in the metadata property `inkread`.

    Yields:
        The file under a name that goes when the block raises.

    Raises:
        ModelError: another backend runs, or a package is missing.
    """
    keras = load_keras("export to ONNX")
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
    with _replacing(path) as partial:
        signature = [keras.InputSpec(shape=(None, *model.input_shape[1:]), dtype="float32")]
        with warnings.catch_warnings(), quiet():
            warnings.simplefilter("ignore")  # Keras pokes at numpy names that are gone
            model.export(partial, format="onnx", verbose=False, input_signature=signature)
        _write_onnx(partial, partial, metadata)
        yield partial


def compared(
    path: Path,
    probes: Iterable[np.ndarray],
    original: Callable[[np.ndarray], Any],
    again: Callable[[np.ndarray], Any],
) -> Parity:
    """Compare what two forms of a network answer.

    Args:
        path: of the second, for messages.
        probes: batches for both, of every size that matters.
        original: the network in memory.
        again: the same out of the file.

    Raises:
        ModelError: the file does not take a batch, or answers with another shape.
    """
    largest, top, count = 0.0, 0.0, 0
    for probe in probes:
        wanted = np.asarray(original(probe), np.float64)
        try:
            given = again(probe)
        except Exception as error:  # onnxruntime raises classes of its own that share no other root
            raise ModelError(f"{path} takes nothing of shape {probe.shape}: {error}") from error
        if given.shape != wanted.shape:
            raise ModelError(f"{path} answers with shape {given.shape}; expected {wanted.shape}")
        largest = float(np.maximum(largest, np.abs(given - wanted).max()))
        top = float(max(top, np.abs(wanted).max()))
        count += len(probe)
    return Parity(largest, top, count)


def kept_if_equal(
    model: keras.Model, path: Path, metadata: Metadata, parity: Callable[[keras.Model, Path], Parity]
) -> Path:
    """Write an ONNX file that replaces what was there only where it gives the numbers of the network.

    Args:
        model: a float32 Keras model under the TensorFlow backend.
        path: ends in `.onnx`.
        metadata: rides in the metadata property `inkread`.
        parity: compares the network with the new file.

    Raises:
        ModelError: another backend runs, a package is missing, or the numbers differ.
    """
    with _written_onnx(model, path, metadata) as partial:
        gap = parity(model, partial)
        if not gap.is_kept:
            raise ModelError(f"the ONNX file does not give the numbers of the Keras model: {gap}")
    return path


def write_metadata(path: str | Path, metadata: Metadata) -> None:
    """Put metadata into a finished model file, in place of what was there; the file is replaced at once.

    Args:
        path: a `.keras`, `.h5` or `.onnx` file.
        metadata: what it shall say from now on.

    Raises:
        ModelError: the file is neither, or damaged.
    """
    path = Path(path)
    writers = {".onnx": _write_onnx, ".keras": _write_archive, ".h5": _write_h5}
    if path.suffix not in writers:
        raise ModelError(f"{path} ends in {path.suffix!r}; expected one of {', '.join(writers)}")
    with _replacing(path) as partial:
        writers[path.suffix](path, partial, metadata)


def _write_archive(path: Path, new_path: Path, metadata: Metadata) -> None:
    """Copy a `.keras` archive with the metadata as an extra member."""
    if not zipfile.is_zipfile(path):
        raise ModelError(f"{path} is not a .keras archive; expected a file written by Keras 3")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(new_path, "w") as new:
        for item in old.infolist():
            if item.filename != MEMBER:
                new.writestr(item, old.read(item.filename))
        new.writestr(zipfile.ZipInfo(MEMBER), metadata.to_json())


def _write_h5(path: Path, new_path: Path, metadata: Metadata) -> None:
    """Copy an HDF5 file with the metadata as a data set of bytes."""
    import h5py

    shutil.copyfile(path, new_path)
    try:
        with h5py.File(new_path, "r+") as file:
            if KEY in file:
                del file[KEY]
            file.create_dataset(KEY, data=np.bytes_(metadata.to_json().encode()))
    except OSError as error:
        raise ModelError(f"{path} is not an HDF5 file; expected one written by Keras") from error


def _write_onnx(path: Path, new_path: Path, metadata: Metadata) -> None:
    """Copy an ONNX file with the metadata as its property."""
    try:
        import onnx
    except ImportError as error:
        raise ModelError(
            f"writing classes and card into {path.name} needs onnx. Run: pip install '.[train]'"
        ) from error
    graph = onnx.load(path)
    kept = {entry.key: entry.value for entry in graph.metadata_props if entry.key != KEY}
    del graph.metadata_props[:]
    onnx.helper.set_model_props(graph, kept | {KEY: metadata.to_json()})
    onnx.save(graph, new_path)


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """A free name in the same folder with the same ending; it takes the path's name when the block ends well.

    (`outputs.atomic` gives names that end in `.part`, and Keras goes by the ending.)
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".", suffix=path.suffix, dir=path.parent)
    os.close(handle)
    partial = Path(name)
    try:
        partial.chmod(0o644)  # mkstemp's own 0600 would hide a shipped model from other users
        yield partial
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _pictures() -> np.ndarray:
    """What models are compared on, `(64, 28, 28, 1)` float32: a blank, a full one, noise, and strokes."""
    rng = np.random.default_rng(0)
    pictures = rng.random((64, 28, 28, 1), dtype=np.float32)
    pictures[0], pictures[1] = 0, 1
    for picture in pictures[8:]:
        picture[:] = 0
        for _ in range(3):
            y, x, high, wide = rng.integers((4, 4, 2, 2), (18, 18, 10, 10))
            picture[y : y + high, x : x + wide] = rng.random()
    return pictures
