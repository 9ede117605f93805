"""The one form in which a line reader sees a line: a strip of fixed height, as wide as the line needs.

In: ink of one line, as `imaging.ink.extract` gives it. Out: float32 `(HEIGHT, width)`, 0 bare paper, 1 the
darkest stroke: the rows that the line's ink fills, with a little room above and below. Training and reading
both call this file, so they see the same pixels.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["HEIGHT", "STRIDE", "STRIP_VERSION", "Strip", "strip"]

STRIP_VERSION = "strip-1"
"""Rises whenever the same picture would give other pixels."""
HEIGHT = 40
"""Pixels from top to bottom of every strip."""
STRIDE = 4
"""Pixels from one frame of a line network's answer to the next."""
WIDEST = 4096
"""Pixels of the widest strip; what is longer is squeezed."""
_INKED = 0.25
_ROOM = 0.06
"""Room above and below the ink, as a share of its height."""
_STRAY = 0.002
"""Share of the ink that may lie outside the rows that are kept: specks, bits of the lines above and below."""


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """A line as a network sees it, and the way back.

    Attributes:
        ink: float32 `(HEIGHT, width)`, 0 bare paper, 1 the darkest stroke; one column of paper where the
            picture holds no ink.
        scale: pixels of the strip a pixel of the picture, from left to right.
        left: of the strip, in pixels of the picture.
        top: of the strip, in pixels of the picture; may lie above it.
        height: of the strip, in pixels of the picture.
    """

    ink: NDArray[np.float32]
    scale: float
    left: int
    top: int
    height: int


def strip(ink: NDArray[np.float32], height: int = HEIGHT) -> Strip:
    """Bring the ink of one line into the form that line networks read.

    Args:
        ink: `(rows, columns)`, 0 bare paper, 1 the darkest stroke, text from left to right.
        height: of the strip, in pixels; another only to keep more detail than networks see.

    Returns:
        The strip.

    Example:
        >>> page = np.zeros((100, 300), np.float32)
        >>> page[40:60, 50:250] = 1
        >>> found = strip(page)
        >>> found.ink.shape, found.top, found.height
        ((40, 367), 39, 22)
    """
    solid = ink > _INKED
    rows, columns = _extent(solid.sum(1), _STRAY), _extent(solid.sum(0), 0.0)
    if rows is None or columns is None:
        return Strip(np.zeros((height, 1), np.float32), 1.0, 0, 0, ink.shape[0])
    room = max(1, round(_ROOM * (rows[1] - rows[0])))
    top, bottom = rows[0] - room, rows[1] + room
    left, right = max(0, columns[0] - room), min(ink.shape[1], columns[1] + room)
    scale = min(height / (bottom - top), WIDEST / (right - left))
    cut = ink[max(0, top) : bottom, left:right]
    cut = np.pad(cut, ((max(0, -top), max(0, bottom - ink.shape[0])), (0, 0)))
    width = max(1, round(scale * (right - left)))
    way = cv2.INTER_AREA if bottom - top > height else cv2.INTER_LINEAR
    seen = cv2.resize(np.ascontiguousarray(cut), (width, height), interpolation=way)
    return Strip(seen.reshape(height, width), width / (right - left), left, top, bottom - top)


def _extent(counts: NDArray[np.int64], share: float) -> tuple[int, int] | None:
    """First and last place that hold ink but for a share of it at either end, the last exclusive."""
    whole = int(counts.sum())
    if not whole:
        return None
    below = np.cumsum(counts)
    stray = share * whole
    return int(np.searchsorted(below, stray, "right")), int(np.searchsorted(below, whole - stray, "left")) + 1
