"""Find the sheet of paper in a photo that shows the table around it.

In: upright RGB, uint8 `(height, width, 3)`. Out: the rows and columns of the sheet, or None: one bright,
about rectangular part of the picture, neither a speck nor nearly all of it.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["sheet_in"]

_SMALL = 160
"""Longest side, in pixels, at which the sheet is looked for."""
_LEAST, _MOST = 0.03, 0.8
"""Shares of the picture that a sheet takes up."""
_SHORTEST = 32
"""Pixels of the picture that a sheet is high and wide, at least."""
_FILLED = 0.8
"""Share of its box that a sheet fills: it may lie a little askew, and writing on it is closed over."""
_EDGE = 0.03
"""What is taken off each side, as a share of the sheet: its edge and the shadow there."""


def sheet_in(rgb: NDArray[np.uint8]) -> tuple[slice, slice] | None:
    """Where the sheet lies, as rows and columns; None where there is no single clear one.

    Args:
        rgb: `(height, width, 3)`.
    """
    height, width = rgb.shape[:2]
    factor = _SMALL / max(height, width)
    if factor >= 1:
        return None
    size = max(8, round(width * factor)), max(8, round(height * factor))
    small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    grey = cv2.medianBlur(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), 7)
    _, bright = cv2.threshold(grey, 0, 1, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    whole = cv2.morphologyEx(bright, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8))
    found = cv2.connectedComponentsWithStats(whole)[2][1:]
    if not len(found):
        return None
    left, top, wide, high, area = found[int(found[:, cv2.CC_STAT_AREA].argmax())].tolist()
    outline = whole[top : top + high, left : left + wide]
    closed = cv2.morphologyEx(
        cv2.copyMakeBorder(outline, 12, 12, 12, 12, cv2.BORDER_CONSTANT, value=[0]),
        cv2.MORPH_CLOSE,
        np.ones((25, 25), np.uint8),
    )
    is_sheet = cv2.countNonZero(closed) >= _FILLED * wide * high and area <= _MOST * whole.size
    if not is_sheet or wide * high < _LEAST * whole.size:
        return None
    off_x, off_y = _EDGE * wide, _EDGE * high
    along, down = width / size[0], height / size[1]
    rows = slice(int((top + off_y) * down), int((top + high - off_y) * down))
    columns = slice(int((left + off_x) * along), int((left + wide - off_x) * along))
    is_large = min(rows.stop - rows.start, columns.stop - columns.start) >= _SHORTEST
    return (rows, columns) if is_large else None
