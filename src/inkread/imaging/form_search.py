"""Which pages of a form a picture shows, and where: by marks, else by print; several on one photo as well.

In: RGB, uint8 `(height, width, 3)`, and what is known of each page. Out: page numbers with `Alignment`s,
in reading order; or why the picture is not taken for the form.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.imaging.align_features import Reference, lay_by_features, settled
from inkread.imaging.align_marks import Misfit, lay_by_marks, marks_in
from inkread.imaging.alignment import Alignment, Box, sheet_size_px

__all__ = ["Blank", "KnownPage", "find_pages", "outline"]

Laid = tuple[int, Alignment]
_MOST = 6
"""Forms on one picture that are found by their print."""
_MOSTLY = 0.45
"""A sheet that covers so much of a picture leaves no room for another."""
_ROW = 0.3
"""Sheets whose middles are within this share of the picture's height are side by side."""
_OTHER_PRINT = "its marks are there, and its print is another form's"
_NO_PRINT = "the print of its blank page is not in the picture"


@dataclass(frozen=True, slots=True, eq=False)
class Blank:
    """A blank page.

    Attributes:
        rgb: uint8 `(height, width, 3)` at 200 dpi.
        reference: what it is known by.
    """

    rgb: NDArray[np.uint8]
    reference: Reference

    @staticmethod
    def of(rgb: NDArray[np.uint8], size_mm: tuple[float, float]) -> Blank:
        """Learn a blank page.

        Args:
            rgb: `(height, width, 3)`, upright, of any resolution.
            size_mm: (width, height) of the paper.
        """
        fitted = np.asarray(cv2.resize(rgb, sheet_size_px(size_mm), interpolation=cv2.INTER_AREA), np.uint8)
        return Blank(fitted, Reference.of(np.asarray(cv2.cvtColor(fitted, cv2.COLOR_RGB2GRAY), np.uint8)))


@dataclass(frozen=True, slots=True, eq=False)
class KnownPage:
    """What is known of a page of a form.

    Attributes:
        number: from 1.
        size: (width, height) in millimetres.
        marks: number of a mark -> its black square, millimetres.
        blank: the blank page; None where it is known by its marks alone.
    """

    number: int
    size: tuple[float, float]
    marks: Mapping[int, Box]
    blank: Blank | None = None


def find_pages(rgb: NDArray[np.uint8], known: Sequence[KnownPage]) -> list[Laid] | Misfit:
    """Find the pages of a form on a picture.

    Args:
        rgb: `(height, width, 3)`, the form lying any way.
        known: the pages of the form.

    Returns:
        Number and place of each page found, in reading order; or why there are none.
    """
    reasons: list[str] = []
    laid = _by_marks(rgb, known, reasons)
    if not laid and not (reasons and reasons[-1] == _OTHER_PRINT):
        laid = _by_print(rgb, [page for page in known if page.blank], reasons)
    if not laid:
        return Misfit("; ".join(dict.fromkeys(reasons)))
    sizes = {page.number: page.size for page in known}
    return sorted(laid, key=lambda one: _in_order(one[1], sizes[one[0]]))


def outline(laid: Alignment, size: tuple[float, float]) -> NDArray[np.float64]:
    """The corners of a sheet in the picture, `(4, 2)`, from its upper left one clockwise.

    Args:
        laid: where it lies.
        size: (width, height) in millimetres.
    """
    wide, high = size
    corners = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float64)
    return np.asarray(laid.to_picture(corners), np.float64)


def _by_marks(rgb: NDArray[np.uint8], known: Sequence[KnownPage], reasons: list[str]) -> list[Laid]:
    """Pages whose marks are seen, and whose print is where they have it."""
    marked = [page for page in known if page.marks]
    seen = marks_in(rgb) if marked else []
    laid: list[Laid] = []
    for page in marked:
        found = lay_by_marks(seen, page.marks, page.size, (rgb.shape[1], rgb.shape[0]))
        if isinstance(found, Misfit):
            reasons.append(found.reason)
            continue
        for one in found:
            sure = settled(rgb, one, page.blank.reference, page.size) if page.blank else one
            if sure is None:
                reasons.append(_OTHER_PRINT)
            else:
                laid.append((page.number, sure))
    return laid


def _by_print(rgb: NDArray[np.uint8], known: Sequence[KnownPage], reasons: list[str]) -> list[Laid]:
    """Pages whose print is seen, one after the other until the picture has no room for another."""
    laid: list[Laid] = []
    grey = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8) if known else rgb[..., 0]
    for page in known:
        while page.blank is not None and len(laid) < _MOST:
            rough = lay_by_features(grey, page.blank.reference, page.size)
            sure = settled(grey, rough, page.blank.reference, page.size) if rough else None
            if sure is None:
                break
            laid.append((page.number, sure))
            corners = outline(sure, page.size)
            if abs(cv2.contourArea(corners.astype(np.float32))) > _MOSTLY * grey.size:
                return laid
            grey = grey.copy()
            cv2.fillPoly(grey, [np.round(corners).astype(np.int32)], (128,))
    if known and not laid:
        reasons.append(_NO_PRINT)
    return laid


def _in_order(laid: Alignment, size: tuple[float, float]) -> tuple[int, float]:
    """Where a sheet comes in reading order: its row of sheets, and how far to the right."""
    x, y = laid.to_picture(np.array([[size[0] / 2, size[1] / 2]]))[0]
    return round(float(y) / (_ROW * laid.picture_size[1])), float(x)
