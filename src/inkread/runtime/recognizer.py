"""A trained model as something to ask: pictures in the MNIST form in, logits out.

`.onnx` files run in ONNX Runtime, `.keras` and `.h5` files in Keras, both behind the same `Recognizer`. A
model written by inkread says what its numbers mean; a stranger's model with ten outputs is taken for the
digits and called uncalibrated.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from inkread.errors import InkreadError, ModelError, nearest
from inkread.runtime import shelf
from inkread.runtime.metadata import KEY, MEMBER, Metadata, foreign

__all__ = ["Recognizer", "load"]

SUFFIXES = (".onnx", ".keras", ".h5")
PIXELS = 28 * 28

Run = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True, slots=True)
class Recognizer:
    """A loaded model. Calls are thread-safe.

    Attributes:
        metadata: its classes, normaliser and calibration.
        run: the network itself: `(n, 28, 28, 1)` float32 -> `(n, classes)`, whatever it ends in.
    """

    metadata: Metadata
    run: Run

    def logits(self, images: np.ndarray) -> np.ndarray:
        """Ask the network.

        Args:
            images: `(n, 28, 28, 1)` or `(n, 28, 28)` float32 in the MNIST form: ink 1 on paper 0.

        Returns:
            `(n, classes)` float32 logits; of a network that ends in a softmax, the logarithms of its shares.

        Raises:
            ModelError: the pictures have another shape.
        """
        if images.ndim not in (3, 4) or int(np.prod(images.shape[1:])) != PIXELS:
            raise ModelError(
                f"pictures of shape {images.shape} came; expected (n, 28, 28, 1): see inkread.normalize"
            )
        classes = len(self.metadata.classes)
        if not len(images):
            return np.zeros((0, classes), np.float32)
        raw = self.run(np.ascontiguousarray(images, dtype=np.float32).reshape(-1, 28, 28, 1))
        if self.metadata.outputs == "probabilities":
            raw = np.log(np.clip(raw, 1e-12, None))
        return np.asarray(raw, dtype=np.float32)


def load(model: str | Path) -> Recognizer:
    """Load a shipped model by name, or any model file.

    Args:
        model: "digits", "textbook", or the path of a `.onnx`, `.keras` or `.h5` file. Keras files are opened
            in safe mode: code hidden in a file is never run.

    Returns:
        A recognizer with the file's own metadata, or, for a stranger's model of ten outputs, digits
        uncalibrated.

    Raises:
        ModelError: no such model; the file is damaged; it is no network for 28x28 pictures.
    """
    path = Path(model)
    if path.suffix.lower() not in SUFFIXES:
        if isinstance(model, str) and model in shelf.names():
            path = shelf.path(model)
        else:
            known = shelf.names()
            raise ModelError(
                f"no model is called {str(model)!r}; expected one of {', '.join(known)}, "
                f"or a file that ends in {', '.join(SUFFIXES)}{nearest(str(model), known)}"
            )
    if not path.is_file():
        raise ModelError(
            f"{path} is not there, or is not a file; expected a model file ({', '.join(SUFFIXES)})"
        )
    return _load_onnx(path) if path.suffix.lower() == ".onnx" else _load_keras(path)


def _load_onnx(path: Path) -> Recognizer:
    """Open an ONNX file in ONNX Runtime, on one thread, telemetry off: nothing leaves the machine."""
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # official builds since 1.29 report home by default
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises classes of its own that share no other root
        raise _damaged(path, error) from error
    asked = session.get_inputs()[0]
    answer = session.get_outputs()[0].name
    shape = _picture_shape(path, asked.shape)

    def run(images: np.ndarray) -> np.ndarray:
        return session.run([answer], {asked.name: images.reshape(-1, *shape)})[0]

    written = session.get_modelmeta().custom_metadata_map.get(KEY)
    return _describe(path, run, written)


def _load_keras(path: Path) -> Recognizer:
    """Open a Keras file in safe mode; calls take turns."""
    import zipfile

    try:
        import keras
    except ImportError as error:
        raise ModelError(
            f"{path} needs Keras, which is not installed. Run: pip install '.[train]', or use an .onnx file"
        ) from error
    try:
        network = keras.saving.load_model(path, compile=False, safe_mode=True)
    except Exception as error:  # Keras raises whatever the broken part raises
        raise _damaged(path, error) from error
    shape = _picture_shape(path, network.input_shape)
    lock = threading.Lock()

    def run(images: np.ndarray) -> np.ndarray:
        with lock:
            return keras.ops.convert_to_numpy(network(images.reshape(-1, *shape), training=False))

    written = None
    if path.suffix.lower() == ".keras":
        with zipfile.ZipFile(path) as archive:
            if MEMBER in archive.namelist():
                written = archive.read(MEMBER).decode()
    return _describe(path, run, written)


def _picture_shape(path: Path, asked: object) -> tuple[int, ...]:
    """One picture's shape as the network wants it, out of `(None, 28, 28, 1)`, `(None, 784)` and the like."""
    sizes = tuple(asked)[1:] if isinstance(asked, (list, tuple)) else ()
    known = tuple(s for s in sizes if isinstance(s, int))
    if len(known) != len(sizes) or int(np.prod(known)) != PIXELS:
        raise ModelError(
            f"{path} takes pictures of shape {sizes}; expected 28x28 pixels, such as (28, 28, 1)"
        )
    return known


def _describe(path: Path, run: Run, written: str | None) -> Recognizer:
    """Join a network and what its file says of it; ask a silent network on two pictures what it gives."""
    probe = np.zeros((2, 28, 28, 1), np.float32)
    probe[1, 4:24, 12:16] = 1.0
    try:
        answer = np.asarray(run(probe))
    except InkreadError:
        raise
    except Exception as error:  # a broken graph fails in its own ways
        raise _damaged(path, error) from error
    if answer.ndim != 2:
        raise ModelError(f"{path} answers two pictures with shape {answer.shape}; expected (2, classes)")
    if written is None:
        return Recognizer(foreign(path.name, answer.shape[1], _outputs(answer)), run)
    metadata = Metadata.from_json(written)
    if len(metadata.classes) != answer.shape[1]:
        raise ModelError(
            f"{path} names {len(metadata.classes)} classes and gives {answer.shape[1]} numbers a picture; "
            "export it again with inkread export"
        )
    return Recognizer(metadata, run)


def _outputs(answer: np.ndarray) -> Literal["logits", "probabilities"]:
    """Whether a network's answers are shares that sum to 1."""
    shares = bool((answer >= 0).all()) and bool(np.allclose(answer.sum(axis=1), 1.0, atol=1e-3))
    return "probabilities" if shares else "logits"


def _damaged(path: Path, error: Exception) -> ModelError:
    """One line about a file that is no working model."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return ModelError(f"{path} cannot be loaded as a model: {lines[0][:160]}. Is the file complete?")
