"""Lay a known form on a picture: by its marks, else by the print that picture and blank form share.

In: upright RGB, uint8 `(height, width, 3)`, as loaded: the form may lie turned, tilted, upside down, curled.
Out: an `Alignment`, or None where the picture does not show this form.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from inkread.imaging.align_marks import Misfit, find_marks, lay_by_marks, marks_in
from inkread.imaging.alignment import DPI, PX, Alignment, Box

__all__ = ["DPI", "PX", "Alignment", "Misfit", "align_marks", "find_marks", "sheets_by_marks"]


def align_marks(
    rgb: NDArray[np.uint8], marks: Mapping[int, Box], size_mm: tuple[float, float]
) -> Alignment | None:
    """Lay a form on a picture by its marks.

    Args:
        rgb: `(height, width, 3)`.
        marks: number of the mark -> its black square, millimetres.
        size_mm: (width, height) of the sheet.

    Returns:
        Where it lies; None where fewer than three marks are seen, where they do not lie as the form has them,
        or where several such sheets are in the picture. `sheets_by_marks` tells which.
    """
    found = sheets_by_marks(rgb, marks, size_mm)
    return found[0] if not isinstance(found, Misfit) and len(found) == 1 else None


def sheets_by_marks(
    rgb: NDArray[np.uint8], marks: Mapping[int, Box], size_mm: tuple[float, float]
) -> list[Alignment] | Misfit:
    """Every sheet of a form in a picture, in reading order, or why there is none. See `align_marks`."""
    height, width = rgb.shape[:2]
    return lay_by_marks(marks_in(rgb), marks, size_mm, (width, height))
