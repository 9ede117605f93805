"""Where training pictures come from: each source gives 28x28 uint8 pictures in the MNIST form, and labels.

The MNIST form: white ink (255) on black (0), the ink's longer side 20 pixels, its centre of mass in the
middle. MNIST itself is inside the package; other sets are found under the folder that the environment
variable `INKREAD_DATA` names.
"""

from __future__ import annotations

import gzip
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from inkread.errors import DataError

__all__ = [
    "CHARACTER_SETS",
    "REJECT",
    "Samples",
    "checksum",
    "data_folder",
    "hnd62",
    "hnd62_digits",
    "mnist",
    "mnist_writers",
]

REJECT = 10
"""The label of pictures that are not a digit."""

MNIST_FOLDER = Path(__file__).parent / "mnist"
CHARACTER_SETS = ("hnd62", "az_capitals", "omniglot_latin", "cuts")
"""Sets of single characters, each an `.npz` in the folder `characters`."""
HND62_HELD_BACK = 10
"""The last pictures of each class in hnd62: the validation part of every model."""


@dataclass(frozen=True, slots=True)
class Samples:
    """Labelled pictures that travel together.

    Attributes:
        images: `(n, 28, 28)` uint8, white ink on black.
        labels: `(n,)` int64; `REJECT` is "not a digit".
        groups: `(n,)` int64, equal where pictures must not be split apart (one writer, one font); -1 unknown.
        weights: `(n,)` float32, how much each counts in training; 1 is usual.
        names: `(n,)` texts, where each picture is from, such as a file's path; None where nothing says.
    """

    images: np.ndarray
    labels: np.ndarray
    groups: np.ndarray
    weights: np.ndarray
    names: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, where: np.ndarray) -> Samples:
        """The samples at these positions, or where this mask is true."""
        names = None if self.names is None else self.names[where]
        return Samples(self.images[where], self.labels[where], self.groups[where], self.weights[where], names)

    @staticmethod
    def join(parts: list[Samples]) -> Samples:
        """All samples of several parts, in order; groups are told apart by the caller."""
        names = [p.names for p in parts if p.names is not None]
        return Samples(
            np.concatenate([p.images for p in parts]),
            np.concatenate([p.labels for p in parts]),
            np.concatenate([p.groups for p in parts]),
            np.concatenate([p.weights for p in parts]),
            np.concatenate(names) if len(names) == len(parts) else None,
        )

    @staticmethod
    def of(images: np.ndarray, labels: np.ndarray, groups: np.ndarray | None = None) -> Samples:
        """Samples of usual weight; groups are unknown where none are given."""
        if groups is None:
            groups = np.full(len(labels), -1, np.int64)
        return Samples(images, labels.astype(np.int64), groups, np.ones(len(labels), np.float32))


def mnist(split: str) -> tuple[np.ndarray, np.ndarray]:
    """Read MNIST from the package; no network, no download.

    Args:
        split: "train" (60,000 pictures) or "test" (10,000).

    Returns:
        `(n, 28, 28)` uint8 pictures and `(n,)` uint8 labels 0..9, in the original order.

    Raises:
        DataError: the files are not there or are damaged.
    """
    stem = {"train": "train", "test": "t10k"}.get(split)
    if stem is None:
        raise DataError(f"MNIST has no part {split!r}; expected 'train' or 'test'")
    images = _idx(MNIST_FOLDER / f"{stem}-images-idx3-ubyte.gz")
    labels = _idx(MNIST_FOLDER / f"{stem}-labels-idx1-ubyte.gz")
    return images, labels


def mnist_writers(split: str) -> np.ndarray | None:
    """Say who wrote each MNIST digit, where `INKREAD_DATA/mnist/writers.npz` is there.

    Args:
        split: "train" or "test".

    Returns:
        `(n,)` int64 writer numbers, or None where the list is not at hand.
    """
    folder = data_folder()
    path = folder / "mnist" / "writers.npz" if folder else None
    if path is None or not path.is_file():
        return None
    with np.load(path, allow_pickle=False) as archive:
        return np.asarray(archive[split], dtype=np.int64)


def hnd62_digits(*, held_back: bool) -> tuple[np.ndarray, np.ndarray] | None:
    """Read the digits of hnd62, crops of phone photos, where `INKREAD_DATA` has them.

    Args:
        held_back: True for the validation part (the last ten of each class, other writers), False for
            training.

    Returns:
        `(n, 64, 64)` uint8 photos (dark ink on grey paper, not normalised) and `(n,)` int64 labels 0..9;
        None where the set is not at hand.
    """
    found = hnd62(held_back=held_back)
    if found is None:
        return None
    digits = np.char.isdigit(found[1])
    return found[0][digits], found[1][digits].astype(np.int64)


def hnd62(*, held_back: bool) -> tuple[np.ndarray, np.ndarray] | None:
    """Read hnd62, digits and letters as crops of phone photos, where `INKREAD_DATA` has them.

    Args:
        held_back: True for the validation part (the last ten of each class, other writers), False for
            training.

    Returns:
        `(n, 64, 64)` uint8 photos (dark ink on grey paper, not normalised) and `(n,)` texts of one character,
        class by class; None where the set is not at hand.
    """
    folder = data_folder()
    path = folder / "characters" / "hnd62.npz" if folder else None
    if path is None or not path.is_file():
        return None
    with np.load(path, allow_pickle=False) as archive:
        images, labels, classes = archive["images"], archive["labels"], archive["classes"]
    rows = [np.flatnonzero(labels == place) for place in range(len(classes))]
    chosen = np.concatenate([r[-HND62_HELD_BACK:] if held_back else r[:-HND62_HELD_BACK] for r in rows])
    return images[chosen], classes[labels[chosen]].astype(str)


def data_folder() -> Path | None:
    """The folder that `INKREAD_DATA` names, or None where it is not set.

    Raises:
        DataError: the variable names something that is not a folder.
    """
    named = os.environ.get("INKREAD_DATA")
    if not named:
        return None
    folder = Path(named)
    if not folder.is_dir():
        raise DataError(
            f"INKREAD_DATA is {named!r}, which is not a folder; point it at the data, or unset it"
        )
    return folder


def checksum(*arrays: np.ndarray) -> str:
    """A short fingerprint of arrays (sixteen hex digits), to record what a run was trained on."""
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(f"{array.dtype}{array.shape}".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:16]


def _idx(path: Path) -> np.ndarray:
    """Decode one gzipped idx file of unsigned bytes.

    Source: Y. LeCun, the MNIST database, "file formats".
    """
    try:
        raw = gzip.decompress(path.read_bytes())
    except (OSError, EOFError) as error:
        raise DataError(f"{path} cannot be read ({error}); install the package again") from error
    if len(raw) < 4 or raw[:3] != b"\x00\x00\x08":
        raise DataError(f"{path} is not an idx file of bytes; install the package again")
    sizes = np.frombuffer(raw, dtype=">u4", count=raw[3], offset=4).astype(int)
    body = np.frombuffer(raw, dtype=np.uint8, offset=4 + 4 * raw[3])
    if body.size != int(np.prod(sizes)):
        raise DataError(f"{path} says {tuple(sizes)} but holds {body.size} bytes; install the package again")
    return body.reshape(sizes).copy()
