"""Labelled sets to measure a reader on: MNIST, `.npz` files, folders of classes, `labels.csv`, lines.

Whatever the form, a set comes out as items: a picture (an array or a path), what it says, who wrote it where
that is known, how many degrees it must be turned clockwise, and columns to choose by. The label is text; ""
means that nothing readable is on the picture, and a reader is right where it refuses. "|" in the label of a
`labels.csv` is a line break.
"""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from inkread.data import labelled_lines, sources, splits
from inkread.errors import DataError, nearest
from inkread.readers.sources import PICTURES

__all__ = [
    "MNIST_DOUBTFUL_TEST_LABELS",
    "PICTURES",
    "REJECT_FOLDERS",
    "Item",
    "Labelled",
    "arrays_of",
    "is_aside",
    "items_of",
    "load",
]

MNIST_DOUBTFUL_TEST_LABELS = frozenset(
    [947, 1621, 1901, 2130, 2462, 2597, 2654, 3520, 3558, 5937, 6651, 6783, 8527, 9679, 9729]
)
"""Positions in MNIST's test part whose official label a majority of five people did not confirm."""

REJECT_FOLDERS = ("_reject", "_empty")
"""Class folders whose pictures hold nothing to be read: their label is ""."""


@dataclass(frozen=True, slots=True)
class Item:
    """One picture and what is known about it.

    Attributes:
        picture: a path, or a uint8 array `(h, w)` or `(h, w, 3)`.
        label: what it says; "" where there is nothing to read.
        writer: who wrote it; empty where that is not known.
        rotate: degrees, clockwise positive, by which the picture must be turned to stand upright.
        columns: everything `--where` can choose by.
    """

    picture: str | np.ndarray
    label: str
    writer: str = ""
    rotate: float = 0.0
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A labelled set.

    Attributes:
        name: what the user asked for, with the choice made from it.
        items: at least one.
        doubtful: positions of items whose label is known to be doubtful (MNIST's test part only).
    """

    name: str
    items: tuple[Item, ...]
    doubtful: frozenset[int] = frozenset()

    def __len__(self) -> int:
        return len(self.items)

    def arrays(self) -> np.ndarray | None:
        """All pictures as one uint8 array `(n, h, w[, 3])`; None where they are files or differ in shape."""
        pictures = [item.picture for item in self.items if isinstance(item.picture, np.ndarray)]
        if len(pictures) < len(self.items) or len({p.shape for p in pictures}) != 1:
            return None
        return np.stack(pictures)


def load(name: str, *, where: Sequence[str] = (), limit: int | None = None) -> Labelled:
    """Load a labelled set.

    Args:
        name: "mnist:test" or "mnist:val", "hnd62:val" (under `INKREAD_DATA`), a `.npz` file, a folder with
            one folder a class (or with a `labels.csv`), a `.csv` file with the columns file, label and, where
            known, writer and rotate_ccw_degrees, or lines: "lines.tar:val", a folder with a `lines.tsv`.
        where: choices "column=value"; several values of one column widen it, several columns narrow it.
        limit: take that many items only, the first ones.

    Returns:
        the set, in its own order.

    Raises:
        DataError: the set is missing, broken, or holds no item that was asked for.
    """
    found = _open(name)
    positions = _chosen(found.items, where)[: limit if limit is not None else None]
    if not positions:
        raise DataError(f"{name}: no item is left of {len(found)}{_said(where)}; widen --where or --limit")
    if len(positions) == len(found):
        return Labelled(name + _said(where), found.items, found.doubtful)
    doubtful = frozenset(new for new, old in enumerate(positions) if old in found.doubtful)
    cut = f" first {limit}" if limit is not None and limit == len(positions) else ""
    return Labelled(name + _said(where) + cut, tuple(found.items[p] for p in positions), doubtful)


def _said(where: Sequence[str]) -> str:
    return f" where {' '.join(where)}" if where else ""


def _open(name: str) -> Labelled:
    """Choose the form by the name."""
    if name.startswith("mnist:"):
        return _mnist(name)
    if name == "hnd62:val":
        return _hnd62(name)
    path, lines = Path(name), labelled_lines.find(name)
    if lines is not None:
        found = labelled_lines.rows(*lines)
        return Labelled(name, tuple(Item(image, text, by, columns=told) for image, text, by, told in found))
    if not path.exists():
        raise DataError(
            f"{name} is not there; expected mnist:test, mnist:val, hnd62:val, a .npz file, a folder, a "
            "labels.csv, or lines such as lines.tar:val"
        )
    if path.is_dir():
        table = path / "labels.csv"
        return Labelled(name, _table(table) if table.is_file() else _folder(path))
    readers = {".npz": _archive, ".csv": _table}
    if path.suffix.lower() not in readers:
        raise DataError(
            f"{name} is a {path.suffix or 'nameless'} file; expected .npz, .csv, .tar or a folder"
        )
    return Labelled(name, readers[path.suffix.lower()](path))


def _chosen(items: tuple[Item, ...], where: Sequence[str]) -> list[int]:
    """Positions of the items that every column's choice allows."""
    wanted: dict[str, set[str]] = {}
    for choice in where:
        column, equals, value = choice.partition("=")
        if not equals:
            raise DataError(f"--where {choice!r} has no '='; expected COLUMN=VALUE")
        wanted.setdefault(column, set()).add(value)
    known = sorted({column for item in items for column in item.columns})
    for column in wanted:
        if column not in known:
            have = ", ".join(known) or "no columns"
            raise DataError(f"--where {column}: no such column{nearest(column, known)}; the set has {have}")
    return [
        place
        for place, item in enumerate(items)
        if all(item.columns.get(column) in values for column, values in wanted.items())
    ]


def _mnist(name: str) -> Labelled:
    """MNIST's test part, or the part of its training pictures (whole writers) that is kept for validation."""
    part = name.removeprefix("mnist:")
    if part not in ("test", "val"):
        raise DataError(f"MNIST has no part {part!r}{nearest(part, ['test', 'val'])}; expected test or val")
    split = "test" if part == "test" else "train"
    images, labels = sources.mnist(split)
    writers = sources.mnist_writers(split)
    rows = np.arange(len(labels)) if part == "test" else splits.mnist_train().validation
    names = [""] * len(labels) if writers is None else [str(w) for w in writers]
    items = tuple(
        Item(images[i], str(labels[i]), names[i], columns={"label": str(labels[i]), "writer": names[i]})
        for i in rows
    )
    doubtful = MNIST_DOUBTFUL_TEST_LABELS if part == "test" else frozenset()
    return Labelled(name, items, doubtful)


def _hnd62(name: str) -> Labelled:
    """The last ten pictures of each of hnd62's 62 classes, which no training sees."""
    found = sources.hnd62(held_back=True)
    if found is None:
        raise DataError(f"{name} needs characters/hnd62.npz in the folder that INKREAD_DATA names")
    pairs = ((image, str(text)) for image, text in zip(*found, strict=True))
    return Labelled(name, tuple(Item(image, text, columns={"label": text}) for image, text in pairs))


def _archive(path: Path) -> tuple[Item, ...]:
    return items_of(path, arrays_of(path))


def arrays_of(path: Path) -> dict[str, np.ndarray]:
    """Read all arrays of an archive.

    Args:
        path: an `.npz`; pickled objects in it are never unpacked.

    Raises:
        DataError: it is damaged or no archive.
    """
    try:
        with np.load(path, allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except (OSError, EOFError, ValueError, AttributeError, zipfile.BadZipFile) as error:
        what = f"cannot be read ({error})" if zipfile.is_zipfile(path) else "is no .npz archive, or damaged"
        raise DataError(f"{path} {what}; expected .npz with images and labels") from error


def items_of(path: Path, arrays: Mapping[str, np.ndarray]) -> tuple[Item, ...]:
    """Make items of an archive's arrays: `images`, `labels` and, where known, `classes` and `writers`.

    Args:
        path: for messages.
        arrays: uint8 images `(n, height, width[, 1 or 3])`, labels `(n,)` of text or integers (places in
            `classes`, or digits where there are none), and what else says one thing an image.

    Raises:
        DataError: something is missing or does not fit together.
    """
    for name in ("images", "labels"):
        if name not in arrays:
            there = list(arrays)
            raise DataError(
                f"{path} has no {name!r}, only {', '.join(there) or 'nothing'}; expected the arrays images "
                f"and labels{_to_rename(name, there)}"
            )
    images = arrays["images"]
    if images.ndim == 4 and images.shape[3] == 1:
        images = images[..., 0]
    if images.dtype != np.uint8 or (images.shape[3:] not in ((), (3,))) or images.ndim < 3:
        came = f"{images.dtype} {images.shape}"
        raise DataError(
            f"{path}: images are {came}; expected uint8 (n, height, width) or (n, height, width, 3); "
            "multiply floats in 0..1 by 255"
        )
    labels = _label_texts(path, arrays)
    if len(labels) != len(images):
        raise DataError(
            f"{path} has {len(images)} images and {len(labels)} labels; expected one label an image"
        )
    columns = _columns(arrays, len(images)) | {"label": labels, "labels": labels}
    writers = columns.get("writers", [""] * len(labels))
    return tuple(
        Item(images[i], label, writers[i], columns={name: values[i] for name, values in columns.items()})
        for i, label in enumerate(labels)
    )


def _columns(arrays: Mapping[str, np.ndarray], n: int) -> dict[str, list[str]]:
    """Every array of an archive that says one thing an image, as text."""
    return {name: [str(v) for v in a.tolist()] for name, a in arrays.items() if a.ndim == 1 and len(a) == n}


def _label_texts(path: Path, arrays: Mapping[str, np.ndarray]) -> list[str]:
    """Labels as text: text stays, integers are places in `classes`, or digits where there are no classes."""
    labels = arrays["labels"]
    if labels.ndim != 1 or labels.dtype.kind not in "Uiu":
        came = f"{labels.dtype} {labels.shape}"
        raise DataError(f"{path}: labels are {came}; expected text or integers, one an image")
    if labels.dtype.kind == "U" or "classes" not in arrays:
        return [str(label) for label in labels.tolist()]
    classes = [str(c) for c in arrays["classes"].tolist()]
    if len(labels) and not 0 <= int(labels.min()) <= int(labels.max()) < len(classes):
        span = f"{labels.min()} to {labels.max()}"
        raise DataError(f"{path}: labels run from {span}, but there are {len(classes)} classes from 0 on")
    return [classes[label] for label in labels.tolist()]


def _folder(path: Path) -> tuple[Item, ...]:
    """A folder with one folder a class; the folder's name is the label."""
    items = [
        Item(str(file), label, columns={"file": file.name, "label": label})
        for folder in sorted(p for p in path.iterdir() if p.is_dir() and not is_aside(p.name))
        for label in ["" if folder.name in REJECT_FOLDERS else folder.name]
        for file in sorted(folder.rglob("*"))
        if file.suffix.lower() in PICTURES and not is_aside(file.name)
    ]
    if not items:
        raise DataError(
            f"{path} holds no pictures in class folders; expected {path.name}/7/one.png or a labels.csv"
        )
    return tuple(items)


def is_aside(name: str) -> bool:
    """Whether a file or folder is none of the set's: hidden, or left by an archiver."""
    return name.startswith(".") or name == "__MACOSX"


def _table(path: Path) -> tuple[Item, ...]:
    """A `labels.csv`: file (relative to the table), label, and what else is known."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines, restval=""))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path} cannot be read ({error}); expected a CSV file in UTF-8") from error
    if not rows:
        raise DataError(f"{path} has no rows below its header; expected the columns file,label")
    for name in ("file", "label"):
        if name not in rows[0]:
            there = [str(column) for column in rows[0]]
            raise DataError(
                f"{path} has no column {name!r}, only {', '.join(there)}; expected the columns file,label "
                f"with commas between them{_to_rename(name, there)}"
            )
    missing = [(line, row["file"]) for line, row in enumerate(rows, 2) if not _file(path, row).is_file()]
    if missing:
        line, name = missing[0]
        count = f" (and {len(missing) - 1} more of {len(rows)})" if len(missing) > 1 else ""
        raise DataError(
            f"{path}, line {line}: {name} is not there{count}; paths are relative to the table"
            f"{_beside(path.parent / name)}"
        )
    return tuple(_row(path, number, row) for number, row in enumerate(rows, start=2))


def _to_rename(name: str, there: list[str]) -> str:
    """The name that was probably meant to be another, as the end of a message."""
    return next((f"; is {near!r} meant to be {name!r}?" for near in there if nearest(near, [name])), "")


def _beside(path: Path) -> str:
    """The picture in the same folder that a missing one's name comes nearest to, as the end of a message."""
    try:
        names = [p.name for p in path.parent.iterdir() if p.suffix.lower() in PICTURES]
    except OSError:
        return ""
    return nearest(path.name, names)


def _file(path: Path, row: Mapping[str, Any]) -> Path:
    """The picture of a line."""
    return path.parent / row["file"]


def _row(path: Path, number: int, row: Mapping[str, Any]) -> Item:
    """One line of a `labels.csv`."""
    turned = row.get("rotate_ccw_degrees") or "0"
    try:
        rotate = -float(turned)
    except ValueError as error:
        raise DataError(
            f"{path}, line {number}: rotate_ccw_degrees is {turned!r}; expected a number"
        ) from error
    label = row["label"].replace("|", "\n")
    columns = {name: value for name, value in row.items() if isinstance(name, str) and isinstance(value, str)}
    return Item(str(_file(path, row)), label, row.get("writer") or "", rotate or 0.0, columns)
