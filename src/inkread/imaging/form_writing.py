"""The rows of writing in one field of an aligned form.

In: a `Region`. Out: `FieldRow`s in its pixels. Rows are looked for around the strokes, for in a long field
writing seems tiny. Of a form whose blank page is known no print is left: what is straight there is a stroke.
Points and commas are the least ink there is, and the first to go pale on a photo: they can be made firm.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.imaging.alignment import PX
from inkread.imaging.field_rows import FieldRow, rows_of
from inkread.imaging.form_regions import Region
from inkread.imaging.ink import Ink

__all__ = ["firm_dots", "written_rows"]

_ROOM = round(3.0 * PX)
"""Pixels around strokes in which rows are looked for."""
_STROKE, _FAINT, _OVER_GRAIN = 0.3, 0.1, 3.0
"""Ink of strokes; the least ink of a pale dot, also in so many times the grain."""
_LARGEST = 0.3
"""A dot is no wider and no higher than this share of a character's height."""
_LOW, _DEEP = 0.3, 0.25
"""Its middle lies at most so much above, and below, the foot of the character before it, in its heights."""
_PEAK, _PEAK_OVER_GRAIN = 0.16, 4.0
"""The darkest pixel of a dot: so much ink at least, and so many times the grain."""


def written_rows(region: Region, *, is_bare: bool = False, with_dots: bool = False) -> list[FieldRow]:
    """Find the rows of writing in a field.

    Args:
        region: of the field.
        is_bare: whether all print was taken off by the form's own blank page, so that no line is left.
        with_dots: whether points and commas may stand between the characters; pale ones are made firm.

    Returns:
        The rows from top to bottom, in pixels of the region.
    """
    if not len(region.strokes):
        return []
    high, wide = region.ink.ink.shape
    left, top = np.maximum(region.strokes[:, :2].min(0) - _ROOM, 0)
    right, bottom = np.minimum(region.strokes[:, 2:4].max(0) + _ROOM, (wide, high))
    part = replace(region.ink, ink=np.ascontiguousarray(region.ink.ink[top:bottom, left:right]))
    part = firm_dots(part) if with_dots else part
    return [_shifted(row, int(left), int(top)) for row in rows_of(part, is_bare=is_bare)]


def _shifted(row: FieldRow, left: int, top: int) -> FieldRow:
    """A row of a part, in the pixels of the whole."""
    way = row.to_picture + np.array([[0, 0, left], [0, 0, top]])
    box = row.box[0] + left, row.box[1] + top, row.box[2] + left, row.box[3] + top
    return replace(row, to_picture=way, box=box)


def firm_dots(found: Ink) -> Ink:
    """Make the pale points and commas of a row as dark as its strokes.

    Args:
        found: the ink of a row without print, level.

    Returns:
        The ink; the same object where it has no pale dot between or behind two characters.

    Example:
        >>> ink = np.zeros((40, 90), np.float32)
        >>> ink[5:35, 10:14] = ink[5:35, 30:34] = ink[5:35, 70:74] = 1
        >>> ink[33:36, 50:53] = 0.3
        >>> float(firm_dots(Ink(ink, 0.5, 0.02, False, 1.0)).ink[34, 51])
        1.0
    """
    boxes = _characters(found.ink)
    if len(boxes) < 2:
        return found
    faint = (found.ink > max(_FAINT, _OVER_GRAIN * found.noise)).view(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(faint, connectivity=8)
    firm = found.ink
    for number in range(1, len(stats)):
        left, top, wide, high, _ = stats[number].tolist()
        if not _is_dot((left, top, left + wide, top + high), boxes):
            continue
        around = slice(max(0, top - 1), top + high + 1), slice(max(0, left - 1), left + wide + 1)
        peak = float(firm[around][labels[around] == number].max())
        if max(_PEAK, _PEAK_OVER_GRAIN * found.noise) <= peak < 1:
            firm = firm.copy() if firm is found.ink else firm
            firm[around] = np.minimum(firm[around] / peak, 1)
    return found if firm is found.ink else replace(found, ink=firm)


def _characters(ink: NDArray[np.float32]) -> NDArray[np.int64]:
    """Boxes of what is about as high as a character, `(n, 4)`: left, top, right, bottom."""
    _, _, stats, _ = cv2.connectedComponentsWithStats((ink > _STROKE).view(np.uint8), connectivity=8)
    boxes = stats[1:, :4].astype(np.int64)
    if not len(boxes):
        return boxes
    high, areas = boxes[:, 3], stats[1:, cv2.CC_STAT_AREA]
    order = np.argsort(high)
    total = np.cumsum(areas[order])
    usual = high[order][int(np.searchsorted(total, total[-1] / 2))]
    boxes[:, 2:] += boxes[:, :2]
    return boxes[(high >= 0.6 * usual) & (high >= 0.8 * PX)]


def _is_dot(box: tuple[int, int, int, int], boxes: NDArray[np.int64]) -> bool:
    """Whether a mark is small and low, and stands behind a character of a row and near it."""
    left, top, right, bottom = box
    before = boxes[(boxes[:, 0] + boxes[:, 2]) / 2 < left]
    if not len(before):
        return False
    one = before[int(before[:, 2].argmax())]
    high = float(one[3] - one[1])
    is_small = max(right - left, bottom - top) <= _LARGEST * high and right - left >= 2 and bottom - top >= 2
    above = one[3] - (top + bottom) / 2
    return bool(is_small and -_DEEP * high <= above <= _LOW * high and left - one[2] <= 0.8 * high)
