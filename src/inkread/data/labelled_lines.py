"""Sets of lines with their texts as items to measure on: `lines.tar:val`, or a folder with a `lines.tsv`.

What follows the colon is the split; without one, every line is an item. The picture comes decoded, the label
is the text as it is given, the writer is the group. Lines with crossed-out or illegible words are left out.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from inkread.data import linesets
from inkread.errors import DataError, nearest

__all__ = ["Row", "find", "rows"]

Row = tuple[np.ndarray, str, str, dict[str, str]]
"""A picture `(height, width, 3)` uint8, its text, its writer, and columns to choose by."""


def find(name: str) -> tuple[Path, str] | None:
    """The set and the split that a name stands for; None where it is no set of lines.

    Args:
        name: such as "lines.tar:val".
    """
    path, split = Path(name), ""
    if not path.exists() and ":" in name:
        front, _, split = name.rpartition(":")
        path = Path(front)
    is_lines = path.suffix.lower() == ".tar" or (path / "lines.tsv").is_file()
    return (path, split) if is_lines else None


def rows(path: Path, split: str) -> list[Row]:
    """Read the lines of a set.

    Args:
        path: a `.tar`, or a folder with a `lines.tsv`.
        split: only this one; empty for all.

    Raises:
        DataError: there is no such set or split, or a picture cannot be opened.
    """
    if not path.exists():
        raise DataError(f"{path} is not there; expected a .tar or a folder with a lines.tsv")
    found = [_row(line, path) for line in linesets.read(path, split or None)]
    if not found:
        known = sorted({line.split for line in linesets.read(path)})
        raise DataError(
            f"{path} has no lines of the split {split!r}; it has {', '.join(known) or 'none at all'}"
            f"{nearest(split, known)}"
        )
    return found


def _row(line: linesets.Line, path: Path) -> Row:
    """A line as an item."""
    picture = cv2.imdecode(np.frombuffer(line.picture, np.uint8), cv2.IMREAD_COLOR_RGB)
    if picture is None:
        raise DataError(f"{path}: {line.name} is no picture that can be opened; leave it out of lines.tsv")
    columns = {"file": line.name, "split": line.split, "group": line.group, "collection": path.stem}
    return np.asarray(picture, np.uint8), line.text, line.group, columns
