"""What stands in each box or comb cell of a field, one picture a cell.

In: a `Region` and where its cells are. Out: the ink of each cell's main mark, in the order of the cells. A
stroke is of the cell that holds most of it, however far it runs over the wall; one that fills a good part of
two cells is two characters that touch, and is parted between them.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.imaging.alignment import PX
from inkread.imaging.form_regions import Rect, Region
from inkread.imaging.segment import find_marks, main_mark

__all__ = ["cell_marks"]

_SPECK = 0.5 * PX
"""What is smaller each way is a speck."""
_OF_TWO = 0.38
"""A stroke that covers this share of the width of two cells is parted between them."""
_LEAST = 1.2 * PX
"""A character is at least so many pixels high or wide."""

_Ink = NDArray[np.float32]


def cell_marks(region: Region, cells: Sequence[Rect]) -> list[_Ink | None]:
    """Cut the character out of every cell.

    Args:
        region: of the field.
        cells: left, top, right, bottom of each, in pixels of the sheet, from left to right.

    Returns:
        For each cell the ink of what stands in it, 0 bare paper, 1 the darkest stroke; None of an empty one.
    """
    owner = _owners(region, cells)
    return [_mark(region.ink.ink, owner == number) for number in range(1, len(cells) + 1)]


def _owners(region: Region, cells: Sequence[Rect]) -> NDArray[np.int32]:
    """The number of the cell, from 1, that each inked pixel is of; 0 of paper and specks."""
    left = np.array([cell[0] for cell in cells]) - region.left
    right = np.array([cell[2] for cell in cells]) - region.left
    walls = np.concatenate([[-np.inf], (right[:-1] + left[1:]) / 2, [np.inf]])
    columns = np.searchsorted(walls, np.arange(region.labels.shape[1]) + 0.5).astype(np.int32)
    owner = np.zeros(region.labels.shape, np.int32)
    for number, (x, top, far_x, bottom, _) in enumerate(region.strokes.tolist(), start=1):
        if max(far_x - x, bottom - top) < _SPECK:
            continue
        own = region.labels[top:bottom, x:far_x] == number
        shared = np.maximum(np.minimum(right, far_x) - np.maximum(left, x), 0)
        several = int((shared > _OF_TWO * (right - left)).sum()) > 1
        number_of_cell = columns[x:far_x] if several else int(shared.argmax()) + 1
        owner[top:bottom, x:far_x] = np.where(own, number_of_cell, owner[top:bottom, x:far_x])
    return owner


def _mark(ink: _Ink, own: NDArray[np.bool_]) -> _Ink | None:
    """The main mark of what is one cell's own."""
    rows, columns = np.flatnonzero(own.any(1)), np.flatnonzero(own.any(0))
    if not len(rows) or max(len(rows), len(columns)) < _LEAST:
        return None
    at = np.s_[max(0, rows[0] - 3) : rows[-1] + 4, max(0, columns[0] - 3) : columns[-1] + 4]
    soft = cv2.dilate(np.ascontiguousarray(own[at]).view(np.uint8), np.ones((3, 3), np.uint8))
    found = main_mark(find_marks(np.ascontiguousarray(ink[at] * soft)))
    return None if found is None else found.ink
