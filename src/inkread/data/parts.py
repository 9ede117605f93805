"""A labelled set with the parts it came in: train, validation and test, or all of it in one.

Parts are told by folders (`train/7/one.png`, `test/7/two.png`), by a column `split` of a `labels.csv`, by an
array `split` of an `.npz`, or by the arrays `x_train`, `y_train`, `x_test`, `y_test`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from inkread.data import labelled, sources
from inkread.data.labelled import Item, Labelled
from inkread.errors import DataError

__all__ = ["ALL", "PARTS", "open_parts"]

ALL = "all"
"""The name of the one part of a set that comes undivided."""

PARTS = {
    **dict.fromkeys(("train", "training"), "train"),
    **dict.fromkeys(("val", "valid", "validation", "dev"), "validation"),
    **dict.fromkeys(("test", "testing"), "test"),
}
"""What people call the parts, and what they are called here."""

COLUMNS = ("split", "part", "set", "subset")
"""Columns that may name the part."""


def open_parts(name: str) -> dict[str, Labelled]:
    """Load a labelled set, divided as its owner divided it.

    Args:
        name: what `labelled.load` takes, or "mnist" for both of its parts.

    Returns:
        Parts by name: "train" with "validation", "test" or both; or `ALL` alone.

    Raises:
        DataError: the set is missing or broken.
    """
    if name == "mnist":
        return {part: _mnist(part) for part in ("train", "test")}
    path = Path(name)
    if path.is_dir() and not (path / "labels.csv").is_file():
        named = {p.name: PARTS[p.name.lower()] for p in _folders(path) if p.name.lower() in PARTS}
        if "train" in named.values() and len(named) == len(_folders(path)) > 1:
            return _joined(name, {part: labelled.load(str(path / part)) for part in named})
    if path.suffix.lower() == ".npz" and path.is_file():
        arrays = labelled.arrays_of(path)
        if "x_train" in arrays:
            return _pairs(path, arrays)
    found = labelled.load(name)
    return _by_column(found)


def _folders(path: Path) -> list[Path]:
    """The folders that are part of the set: hidden ones and those of archivers are not."""
    return [p for p in path.iterdir() if p.is_dir() and not labelled.is_aside(p.name)]


def _joined(name: str, found: dict[str, Labelled]) -> dict[str, Labelled]:
    """Parts by their names here; what two folders call one part becomes one."""
    parts: dict[str, Labelled] = {}
    for given, one in found.items():
        part = PARTS[given.lower()]
        before = parts[part].items if part in parts else ()
        parts[part] = Labelled(f"{name} {part}", (*before, *one.items))
    return parts


def _pairs(path: Path, arrays: dict[str, np.ndarray]) -> dict[str, Labelled]:
    """The form of `keras.datasets`: x_train, y_train, x_test, y_test, perhaps x_val and y_val."""
    parts: dict[str, Labelled] = {}
    for given, part in PARTS.items():
        if f"x_{given}" not in arrays:
            continue
        if f"y_{given}" not in arrays:
            raise DataError(f"{path} has x_{given} but no y_{given}; add the labels")
        pair = {"images": arrays[f"x_{given}"], "labels": arrays[f"y_{given}"]}
        pair |= {key: arrays[key] for key in ("classes",) if key in arrays}
        parts[part] = Labelled(f"{path} {part}", labelled.items_of(path, pair))
    return parts


def _by_column(found: Labelled) -> dict[str, Labelled]:
    """Divide by the column that names the part, where there is one and it says so of every item."""
    for column in COLUMNS:
        said = [item.columns.get(column, "").strip().lower() for item in found.items]
        if "train" not in {PARTS.get(word) for word in said}:
            continue
        odd = sorted({word for word in said if word not in PARTS})
        if odd:
            raise DataError(
                f"{found.name}: the column {column} says {odd[0]!r}; expected train, validation or test"
            )
        grouped: dict[str, list[Item]] = {}
        for word, item in zip(said, found.items, strict=True):
            grouped.setdefault(PARTS[word], []).append(item)
        if len(grouped) > 1:
            return {part: Labelled(f"{found.name} {part}", tuple(items)) for part, items in grouped.items()}
    return {ALL: found}


def _mnist(part: str) -> Labelled:
    """One part of MNIST, with its writers where they are known."""
    images, labels = sources.mnist(part)
    writers = sources.mnist_writers(part)
    who = [""] * len(labels) if writers is None else [str(w) for w in writers]
    items = tuple(Item(image, str(label), w) for image, label, w in zip(images, labels, who, strict=True))
    return Labelled(f"mnist {part}", items)
