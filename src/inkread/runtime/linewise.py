"""A trained line reader as something to ask: strips of any width in, logits a frame out.

`.onnx` files run in ONNX Runtime on one thread, `.keras` files in Keras. Each strip is seen at its own width:
paper added at its end would be seen by the layers that look far to the sides, and a line's answer must not
depend on which others were read beside it. Strips of one width go through together.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from inkread.alphabet import Alphabet
from inkread.errors import ModelError, UsageError
from inkread.imaging.pen_shade import SHADED_VERSION
from inkread.imaging.strips import HEIGHT, STRIDE, STRIP_VERSION
from inkread.runtime import damage, recognizer
from inkread.runtime.export import Parity, compared, kept_if_equal
from inkread.runtime.metadata import KEY, Metadata, inside

if TYPE_CHECKING:
    import keras

__all__ = ["WIDTHS", "LineRecognizer", "channels_of", "describe", "load", "parity", "save_onnx", "wrap"]

WIDTHS = (3, 64, 250, 801)
"""Pixels of the strips on which two models are compared."""
_MOST_AT_ONCE = 16
"""Strips of one width in a batch; more would need memory and gain nothing."""


@dataclass(frozen=True, slots=True)
class LineRecognizer:
    """A loaded line reader. Calls are thread-safe.

    Attributes:
        metadata: its name, card and calibration.
        alphabet: its characters.
        run: the network itself: float32 `(n, 40, width, channels)` -> `(n, frames, classes)` logits.
    """

    metadata: Metadata
    alphabet: Alphabet
    run: recognizer.Run

    @property
    def channels(self) -> int:
        """Of a strip: 1 where the network sees ink, 2 where it sees the shade of the pen as well."""
        return channels_of(self.metadata)

    def logits(self, strips: Sequence[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        """Ask the network.

        Args:
            strips: each `(40, width)` float32, 0 paper, 1 ink, of any widths; for a network that sees the
                shade of the pen as well `(40, width, 2)`, else the ink is taken for the shade, too.

        Returns:
            For each strip `(frames, classes)` float32 with frames = ceil(width / 4); class 0 is the blank.

        Raises:
            ModelError: a strip has another height.
        """
        by_width: dict[int, list[int]] = {}
        for place, strip in enumerate(strips):
            known = strip.ndim == 2 or strip.shape[2:] == (self.channels,)
            if not known or strip.shape[0] != HEIGHT or not strip.shape[1]:
                raise ModelError(
                    f"a strip of shape {strip.shape} came; expected ({HEIGHT}, width): see imaging.strips"
                )
            by_width.setdefault(strip.shape[1], []).append(place)
        answers: list[NDArray[np.float32]] = [np.zeros((0, 0), np.float32)] * len(strips)
        for width, places in by_width.items():
            frames = -(-width // STRIDE)
            for start in range(0, len(places), _MOST_AT_ONCE):
                some = places[start : start + _MOST_AT_ONCE]
                batch = np.stack([_in_channels(strips[place], self.channels) for place in some])
                for place, answer in zip(some, self.run(batch), strict=True):
                    answers[place] = np.asarray(answer[:frames], np.float32)
        return answers


def _in_channels(strip: NDArray[np.float32], channels: int) -> NDArray[np.float32]:
    """A strip as `(40, width, channels)` float32."""
    each = strip if strip.ndim == 3 else np.repeat(strip[..., None], channels, axis=2)
    return np.asarray(each, np.float32)


def load(model: str | Path) -> LineRecognizer:
    """Load a shipped line reader by name, or any file of one.

    Args:
        model: the name of a reader of lines that ships, such as "lines", or the path of a `.onnx` or `.keras`
            file. Keras files are opened in safe mode.

    Raises:
        ModelError: no such model; the file is damaged; it reads no lines, or does not say which characters.
    """
    path = recognizer.find(model)
    if path.suffix.lower() == ".onnx":
        session = recognizer.open_onnx(path)
        metadata = _told(path, session.get_modelmeta().custom_metadata_map.get(KEY))
        run = _of_session(session)
    else:
        network = recognizer.open_keras(path)
        metadata = _told(path, inside(path))
        run = wrap(network)
    return describe(path, metadata, run)


def describe(path: Path, metadata: Metadata, run: recognizer.Run) -> LineRecognizer:
    """A network with what it says of itself, checked against what it gives a strip.

    Args:
        path: for messages.
        metadata: the file's own words.
        run: the network.

    Raises:
        ModelError: they do not fit each other.
    """
    try:
        answer = np.asarray(run(_stroked(np.zeros((1, HEIGHT, 61, channels_of(metadata)), np.float32))))
    except Exception as error:  # a broken graph fails in its own ways
        raise damage.explain(path, error) from error
    frames, classes = -(-61 // STRIDE), len(metadata.classes)
    if answer.shape != (1, frames, classes):
        raise ModelError(
            f"{path} answers a strip of {HEIGHT} x 61 pixels with shape {answer.shape}; expected "
            f"(1, {frames}, {classes}): one frame each {STRIDE} pixels, one number a class"
        )
    if not np.isfinite(answer).all():
        raise ModelError(f"{path} answers with numbers that are not finite: its weights are spoilt")
    return LineRecognizer(metadata, _alphabet(path, metadata), run)


def channels_of(metadata: Metadata) -> int:
    """What a line reader sees of a strip: 1 channel, its ink, or 2, its ink and the shade of the pen."""
    return 2 if metadata.normalizer == SHADED_VERSION else 1


def wrap(network: keras.Model) -> recognizer.Run:
    """A Keras network as a function of strips; calls take turns."""
    from inkread.runtime.backend import load_keras

    keras = load_keras("a line reader")
    lock = threading.Lock()

    def ask(strips: np.ndarray) -> np.ndarray:
        tensor = keras.ops.convert_to_tensor(strips)
        with lock:
            return keras.ops.convert_to_numpy(network(tensor, training=False))

    return ask


def save_onnx(model: keras.Model, path: str | Path, metadata: Metadata) -> Path:
    """Write a line reader as an ONNX file for strips of any width, and check it on several.

    Args:
        model: a float32 Keras model, `(n, 40, width, channels)` -> `(n, frames, classes)`, under the
            TensorFlow backend.
        path: ends in `.onnx`. A file already there is replaced only once the new one is whole and right.
        metadata: of kind "lines", its classes the blank "" and then the alphabet.

    Returns:
        The path.

    Raises:
        ModelError: another backend runs, a package is missing, the metadata do not fit, or the numbers differ
            by more than `export.PARITY`.
    """
    path = Path(path)
    describe(path, metadata, wrap(model))
    return kept_if_equal(model, path, metadata, lambda network, file: parity(wrap(network), file))


def parity(run: recognizer.Run, path: Path) -> Parity:
    """Compare a file with the network it was made of, on noise with strokes, at all `WIDTHS`.

    Args:
        run: the network in memory.
        path: the file, of any format; it is loaded as a reader loads it.

    Raises:
        ModelError: the file cannot be loaded, or takes strips of one width only.
    """
    again = load(path)
    return compared(path, (_probe(2, width, again.channels) for width in WIDTHS), run, again.run)


def _told(path: Path, written: str | None) -> Metadata:
    """What a file says of itself, where it reads lines."""
    wanted = "expected a line reader, as `inkread train lines` writes it"
    if written is None:
        raise ModelError(f"{path} does not say which characters it reads; {wanted}")
    metadata = Metadata.from_json(written)
    if metadata.kind != recognizer.LINEWISE:
        raise ModelError(f"{path} is a model of kind {metadata.kind!r} and reads no lines; {wanted}")
    if metadata.normalizer not in ("", STRIP_VERSION, SHADED_VERSION):
        raise ModelError(
            f"{path} was trained on lines brought into the form {metadata.normalizer!r}, and this version "
            f"gives {STRIP_VERSION!r} and {SHADED_VERSION!r}; use the version of inkread that it came with, "
            "or train it again"
        )
    return metadata


def _alphabet(path: Path, metadata: Metadata) -> Alphabet:
    """The characters of a line reader's classes."""
    blank, *characters = metadata.classes or (None,)
    if blank != "" or any(len(c) != 1 for c in characters):
        raise ModelError(
            f"{path}: its classes are no alphabet; expected the blank '' and then one character each"
        )
    try:
        return Alphabet("".join(characters))
    except UsageError as error:
        raise ModelError(f"{path}: {error}") from error


def _of_session(session: Any) -> recognizer.Run:
    """An ONNX session as a function of strips."""
    asked, answer = session.get_inputs()[0].name, session.get_outputs()[0].name
    return lambda strips: session.run([answer], {asked: strips})[0]


def _probe(n: int, width: int, channels: int) -> NDArray[np.float32]:
    """Noise with strokes, `(n, 40, width, channels)`."""
    rng = np.random.default_rng(width)
    return _stroked(rng.random((n, HEIGHT, width, channels), dtype=np.float32) ** 4)


def _stroked(strips: NDArray[np.float32]) -> NDArray[np.float32]:
    """Strips with upright strokes in the first of them."""
    for place in range(2, strips.shape[2], 9):
        strips[0, 8:32, place : place + 3] = 1
    return strips
