"""Lay a known form on a picture: by its marks, else by the print that picture and blank form share.

In: upright RGB, uint8 `(height, width, 3)`, as loaded: the form may lie turned, tilted, upside down, curled.
Out: an `Alignment`, or None where the picture does not show this form.
"""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.imaging.align_features import Reference, lay_by_features, settled
from inkread.imaging.align_marks import Misfit, find_marks, lay_by_marks, marks_in
from inkread.imaging.alignment import DPI, PX, Alignment, Box

__all__ = [
    "DPI",
    "PX",
    "Alignment",
    "Misfit",
    "Reference",
    "align_features",
    "align_marks",
    "find_marks",
    "settled",
    "sheets_by_marks",
]


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


def align_features(
    rgb: NDArray[np.uint8], reference: Reference, size_mm: tuple[float, float]
) -> Alignment | None:
    """Lay a form without marks on a picture, by the print that it shares with the blank page.

    Args:
        rgb: `(height, width, 3)` or grey.
        reference: the blank page, from `Reference.of`.
        size_mm: (width, height) of the sheet.

    Returns:
        Where it lies, bent as the paper is; None where too little of the form's print is in its place.
    """
    grey = rgb if rgb.ndim == 2 else np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)
    laid = lay_by_features(grey, reference, size_mm)
    return None if laid is None else settled(grey, laid, reference, size_mm)
