"""The rows of writing in one field of an aligned form.

In: a `Region`. Out: `FieldRow`s in its pixels. Rows are looked for around the strokes, for in a long field
writing seems tiny. Of a form whose blank page is known no print is left: what is straight there is a stroke.
Points between figures can be made firm (`form_points`).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from inkread.imaging.alignment import PX
from inkread.imaging.field_rows import FieldRow, rows_of
from inkread.imaging.form_points import firm_points
from inkread.imaging.form_regions import Region

__all__ = ["written_rows"]

_ROOM = round(3.0 * PX)
"""Pixels around strokes in which rows are looked for."""


def written_rows(region: Region, *, is_bare: bool = False, with_points: bool = False) -> list[FieldRow]:
    """Find the rows of writing in a field.

    Args:
        region: of the field.
        is_bare: whether all print was taken off by the form's own blank page, so that no line is left.
        with_points: whether points may stand between the characters; pale ones are made firm.

    Returns:
        The rows from top to bottom, in pixels of the region.
    """
    if not len(region.strokes):
        return []
    high, wide = region.ink.ink.shape
    left, top = np.maximum(region.strokes[:, :2].min(0) - _ROOM, 0)
    right, bottom = np.minimum(region.strokes[:, 2:4].max(0) + _ROOM, (wide, high))
    part = replace(region.ink, ink=np.ascontiguousarray(region.ink.ink[top:bottom, left:right]))
    part = firm_points(region.rgb[top:bottom, left:right], part) if with_points else part
    return [_shifted(row, int(left), int(top)) for row in rows_of(part, is_bare=is_bare)]


def _shifted(row: FieldRow, left: int, top: int) -> FieldRow:
    """A row of a part, in the pixels of the whole."""
    way = row.to_picture + np.array([[0, 0, left], [0, 0, top]])
    box = row.box[0] + left, row.box[1] + top, row.box[2] + left, row.box[3] + top
    return replace(row, to_picture=way, box=box)
