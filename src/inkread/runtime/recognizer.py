"""A trained model as something to ask: pictures in the MNIST form in, logits out.

`.onnx` files run in ONNX Runtime, `.keras` and `.h5` files in Keras, both behind the same `Recognizer`. A
model written by inkread says what its numbers mean; a stranger's model with ten outputs is taken for the
digits and called uncalibrated.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from zipfile import BadZipFile

import numpy as np

from inkread.errors import InkreadError, ModelError, nearest
from inkread.runtime import damage, feeding, shelf
from inkread.runtime.metadata import KEY, Metadata, foreign, inside, renamed

if TYPE_CHECKING:
    import keras

__all__ = [
    "ENDINGS",
    "LINEWISE",
    "PIXELWISE",
    "Recognizer",
    "Run",
    "find",
    "load",
    "open_keras",
    "open_onnx",
    "said",
    "told",
    "wrap",
]

ENDINGS = (".onnx", ".keras", ".h5")
"""The endings of the files that hold models."""
PIXELS = 28 * 28
PIXELWISE = "ink"
"""The kind of models that say something of each pixel of a photo, and read nothing."""
LINEWISE = "lines"
"""The kind of models that read whole lines of text: `linewise` loads them."""
_OTHERS = {
    PIXELWISE: "tells which pixels are ink, and reads no characters; "
    "expected a model that does, such as digits",
    LINEWISE: "reads lines of text, not single characters: use it with kind line, note or field",
}
"""What models are that no single character can be asked of."""
_TRAINED = ("characters", "fields", "lines")
"""Models that kinds are read by and `inkread train` writes, which a version may come without."""

Run = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True, slots=True)
class Recognizer:
    """A loaded model. Calls are thread-safe.

    Attributes:
        metadata: its classes, normaliser and calibration.
        run: the network itself: `(n, 28, 28, 1)` float32 -> `(n, classes)`, whatever it ends in.
        way: how the network takes a picture.
    """

    metadata: Metadata
    run: Run
    way: feeding.Feeding = field(default_factory=lambda: feeding.Feeding((28, 28, 1)))

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


def load(model: str | Path, *, classes: tuple[str, ...] | None = None) -> Recognizer:
    """Load a shipped model by name, or any model file.

    Args:
        model: "digits", "textbook", or the path of a `.onnx`, `.keras` or `.h5` file. Keras files are opened
            in safe mode: code hidden in a file is never run.
        classes: the text of each class, for a file that does not say; "" is none of the others.

    Returns:
        A recognizer with the file's own metadata, or, for a stranger's model of ten outputs, digits
        uncalibrated.

    Raises:
        ModelError: no such model; the file is damaged; it is no network for 28x28 pictures.
    """
    path = find(model)
    if path.suffix.lower() == ".onnx":
        run, way, written = _open_onnx(path)
    else:
        network = open_keras(path)
        written = inside(path)
        _refuse_others(path, written)
        run, way = wrap(network, str(path))
    return Recognizer(_describe(path, run, written, classes), run, way)


def told(model: str | Path) -> Metadata:
    """What a model says about itself, whatever it does: one that finds ink or reads lines is no `Recognizer`.

    Args:
        model: as in `load`.

    Raises:
        ModelError: as in `load`.
    """
    metadata = said(find(model))
    return metadata if metadata is not None and metadata.kind in _OTHERS else load(model).metadata


def said(path: Path) -> Metadata | None:
    """What a model file says about itself, unchecked; None where it says nothing, or is no such file.

    Args:
        path: a `.onnx`, `.keras` or `.h5` file.

    Raises:
        ModelError: an ONNX file is damaged, or the words cannot be understood.
    """
    written = None
    if path.suffix.lower() == ".onnx":
        written = open_onnx(path).get_modelmeta().custom_metadata_map.get(KEY)
    else:
        with suppress(OSError, BadZipFile):  # `load` says what is wrong with it
            written = inside(path)
    return None if written is None else Metadata.from_json(written)


def find(model: str | Path) -> Path:
    """Find the file behind a shipped model's name or a path.

    Args:
        model: "digits" or another name of `shelf.names`, or the path of a model file.

    Raises:
        ModelError: there is none.
    """
    path = Path(model)
    if path.suffix.lower() not in ENDINGS:
        if isinstance(model, str) and model in shelf.names():
            return shelf.path(model)
        known = shelf.readers()
        if model in _TRAINED:
            raise ModelError(
                f"the model '{model}' does not ship with this version; train it (inkread train {model}) and "
                "name its file: --model RUN/best.onnx"
            )
        raise ModelError(
            f"no model is called {str(model)!r}; expected one of {', '.join(known)}, "
            f"or a file that ends in {', '.join(ENDINGS)}{nearest(str(model), known)}"
        )
    if not path.is_file():
        raise ModelError(
            f"{path} is not there, or is not a file; expected a model file ({', '.join(ENDINGS)})"
        )
    return path


def open_keras(path: Path) -> keras.Model:
    """Open a Keras file in safe mode, uncompiled and without a word on the console.

    Args:
        path: a `.keras` or `.h5` file.

    Raises:
        ModelError: Keras is not installed; the file is damaged, or carries code.
    """
    from inkread.runtime.backend import load_keras, quiet

    if path.suffix != path.suffix.lower():
        raise ModelError(
            f"{path}: Keras knows the ending in small letters only; "
            f"rename the file to {path.stem}{path.suffix.lower()}"
        )
    keras = load_keras(str(path))
    try:
        with quiet():
            return keras.saving.load_model(path, compile=False, safe_mode=True)
    except Exception as error:  # Keras raises whatever the broken part raises
        raise damage.explain(path, error) from error


def wrap(network: keras.Model, name: str) -> tuple[Run, feeding.Feeding]:
    """A Keras network as a function of pictures; calls take turns.

    Args:
        network: takes one 28x28 picture an item, in any of `feeding.FORMS`.
        name: what to call it in messages.

    Returns:
        The function, `(n, 28, 28, 1)` float32 -> its answers, and how the network takes a picture.

    Raises:
        ModelError: it has several inputs or outputs, or takes other pictures.
    """
    from inkread.runtime.backend import load_keras

    keras = load_keras(name)
    inputs, outputs = list(network.inputs or ()), list(network.outputs or ())
    if len(inputs) != 1 or len(outputs) != 1:
        raise ModelError(
            f"{name} has {len(inputs)} inputs and {len(outputs)} outputs; expected one of each: pictures in, "
            "one number a class out"
        )
    way = feeding.find(name, tuple(inputs[0].shape))
    lock = threading.Lock()

    def ask(pictures: np.ndarray) -> np.ndarray:
        tensor = keras.ops.convert_to_tensor(pictures)  # an array makes Keras warn where inputs are a list
        with lock:
            return keras.ops.convert_to_numpy(network(tensor, training=False))

    return (lambda images: way.ask(ask, images)), way


def open_onnx(path: Path) -> Any:
    """Open an ONNX file as an `onnxruntime.InferenceSession` on one thread, with telemetry off.

    Args:
        path: the file.

    Raises:
        ModelError: it is damaged.
    """
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # official builds since 1.29 report home by default
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises classes of its own that share no other root
        raise damage.explain(path, error) from error


def _open_onnx(path: Path) -> tuple[Run, feeding.Feeding, str | None]:
    """An ONNX file as a function of pictures, how it takes them, and what it says of itself."""
    session = open_onnx(path)
    written = session.get_modelmeta().custom_metadata_map.get(KEY)
    _refuse_others(path, written)
    way = _onnx_feeding(path, session)
    asked, answer = session.get_inputs()[0].name, session.get_outputs()[0].name

    def run(images: np.ndarray) -> np.ndarray:
        return way.ask(lambda pictures: session.run([answer], {asked: pictures})[0], images)

    return run, way, written


def _refuse_others(path: Path, written: str | None) -> None:
    """Say what a model is that reads no single characters."""
    if written is not None and (kind := Metadata.from_json(written).kind) in _OTHERS:
        raise ModelError(f"{path} {_OTHERS[kind]}")


def _onnx_feeding(path: Path, session: Any) -> feeding.Feeding:
    """How an ONNX network takes its pictures."""
    inputs, outputs = session.get_inputs(), session.get_outputs()
    if len(inputs) != 1 or len(outputs) != 1:
        raise ModelError(
            f"{path} has {len(inputs)} inputs and {len(outputs)} outputs; expected one of each: pictures in, "
            "one number a class out"
        )
    types = {"tensor(float)": "float32", "tensor(double)": "float64", "tensor(float16)": "float16"}
    if inputs[0].type not in types:
        raise ModelError(
            f"{path} takes a {inputs[0].type}; expected floating point ink, 0 for paper to 1 for ink"
        )
    return feeding.find(str(path), inputs[0].shape, types[inputs[0].type])


def _describe(path: Path, run: Run, written: str | None, classes: tuple[str, ...] | None) -> Metadata:
    """What the file or the user says of a network, checked against what it gives two pictures."""
    probe = np.zeros((2, 28, 28, 1), np.float32)
    probe[1, 4:24, 12:16] = 1.0
    try:
        answer = np.asarray(run(probe))
    except InkreadError:
        raise
    except Exception as error:  # a broken graph fails in its own ways
        raise damage.explain(path, error) from error
    if answer.ndim != 2 or len(answer) != 2:
        raise ModelError(f"{path} answers two pictures with shape {answer.shape}; expected (2, classes)")
    if not np.isfinite(answer).all():
        raise ModelError(f"{path} answers with numbers that are not finite: its weights are spoilt")
    if written is not None:
        metadata = Metadata.from_json(written)
        metadata = renamed(metadata, classes) if classes else metadata
    else:
        metadata = foreign(path.name, answer.shape[1], _outputs(answer), classes)
    if len(metadata.classes) != answer.shape[1]:
        raise ModelError(
            f"{path} gives {answer.shape[1]} numbers a picture, and {len(metadata.classes)} classes are "
            "named; name each of them, in their order: inkread export FILE --classes ABC..."
        )
    return metadata


def _outputs(answer: np.ndarray) -> Literal["logits", "probabilities"]:
    """Whether a network's answers are shares that sum to 1."""
    shares = bool((answer >= 0).all()) and bool(np.allclose(answer.sum(axis=1), 1.0, atol=1e-3))
    return "probabilities" if shares else "logits"
