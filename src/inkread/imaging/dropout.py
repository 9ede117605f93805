"""Take the print of a known form off its sheet, so that what is written stays alone.

In: the sheet laid flat at 200 dpi, and what is known of its print: the blank page, or else where the frames
of the fields are. Out: the same sheet with bare paper in place of print. A stroke that crosses print stays
whole: where it is darker than the print could be, and where ink goes on close on both sides.
"""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.imaging.alignment import PX, Box

__all__ = ["darkness", "drop_form"]

_Grey = NDArray[np.uint8]

_COARSE = 8
"""Paper is looked for at so many pixels of the sheet in one."""
_WIDEST = round(9 * PX / _COARSE) | 1
"""Print and strokes are narrower than nine millimetres."""
_PRINTED, _INKED = 22, 34
"""Levels of 255 by which print of the blank, and strokes of the sheet, are darker than their paper."""
_TOLERANCE = 2
"""Pixels by which print may lie beside its place."""
_DARKER = 40
"""Levels by which a stroke on print is darker than the print."""
_AROUND = round(0.7 * PX)
"""The line of a frame lies within so many pixels of its field's edge."""
_RUNS = 0.55
"""A line shows on this share of an edge at least."""


def drop_form(
    sheet: NDArray[np.uint8], blank: NDArray[np.uint8] | None, keep: Iterable[Box]
) -> NDArray[np.uint8]:
    """Take the print off a sheet.

    Args:
        sheet: `(height, width, 3)`, laid flat at 200 dpi.
        blank: the blank page, of the same size; None where it is not known.
        keep: where fields are, millimetres; without a blank the frames around them are what is dropped.

    Returns:
        The sheet with paper where print was.
    """
    paper = _paper(sheet)
    dark = _below(sheet, paper)
    if blank is not None:
        expected, printed = _expected(dark, darkness(blank))
    else:
        expected, printed = _frames(dark, keep)
    crossing = _crossing(dark, printed)
    gone = (printed > 0) & ~crossing & (dark < cv2.add(expected, _DARKER))
    clean = sheet.copy()
    clean[gone] = paper[gone]
    return clean


def darkness(rgb: NDArray[np.uint8]) -> _Grey:
    """How much darker than its paper a sheet is, `(height, width)`, by the channel that shows it most."""
    return _below(rgb, _paper(rgb))


def _paper(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The bare paper of a sheet."""
    height, width = rgb.shape[:2]
    size = max(1, width // _COARSE), max(1, height // _COARSE)
    small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((_WIDEST, _WIDEST), np.uint8))
    smooth = cv2.blur(closed, (_WIDEST, _WIDEST))
    return np.asarray(cv2.resize(smooth, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def _below(rgb: NDArray[np.uint8], paper: NDArray[np.uint8]) -> _Grey:
    red, green, blue = cv2.split(cv2.subtract(paper, rgb))
    return np.asarray(cv2.max(cv2.max(red, green), blue), np.uint8)


def _expected(dark: _Grey, blank: _Grey) -> tuple[_Grey, _Grey]:
    """How dark the print may be at each pixel of the sheet, and where it is."""
    around = np.ones((2 * _TOLERANCE + 1,) * 2, np.uint8)
    spread = cv2.dilate(blank, around)
    printed = (spread > _PRINTED).view(np.uint8)
    core = cv2.erode(blank, np.ones((2, 2), np.uint8)) > 2 * _PRINTED
    strength = 1.0
    if core.sum() > 200:
        strength = float(np.clip(np.median(dark[core] / blank[core]), 0.3, 1.4))
    return np.asarray(cv2.convertScaleAbs(spread, alpha=strength), np.uint8), printed


def _frames(dark: _Grey, keep: Iterable[Box]) -> tuple[_Grey, _Grey]:
    """The same for the lines that run along the edges of fields."""
    expected, printed = np.zeros_like(dark), np.zeros_like(dark)
    for box in keep:
        left, top, right, bottom = (round(v * PX) for v in box)
        for edge in (top, bottom):
            _line(dark, expected, printed, (edge, left, right))
        for edge in (left, right):
            _line(dark.T, expected.T, printed.T, (edge, top, bottom))
    return expected, printed


def _line(dark: _Grey, expected: _Grey, printed: _Grey, where: tuple[int, int, int]) -> None:
    """Note the line along one level edge: its row, and where it begins and ends."""
    row, first, end = where
    top, bottom = max(0, row - _AROUND), min(len(dark), row + _AROUND + 1)
    first, end = max(0, first - 2), min(dark.shape[1], end + 3)
    band = dark[top:bottom, first:end]
    if not band.size:
        return
    inked = band > _PRINTED
    rows = np.flatnonzero(inked.mean(1) >= _RUNS)
    if not len(rows):
        return
    low, far = max(0, rows[0] - 1), min(len(band), rows[-1] + 2)
    level = np.median(band[rows][inked[rows]])
    expected[top + low : top + far, first:end] = level
    printed[top + low : top + far, first:end] = 1


def _crossing(dark: _Grey, printed: _Grey) -> NDArray[np.bool_]:
    """Where strokes go across print: ink beside it is close on both sides."""
    free = ((dark > _INKED) & (printed == 0)).view(np.uint8)
    reach = 2 * _TOLERANCE + 5
    tall, flat = np.ones((reach, 2), np.uint8), np.ones((2, reach), np.uint8)
    above = cv2.dilate(free, tall, anchor=(0, reach - 1))
    below = cv2.dilate(free, tall, anchor=(0, 0))
    before = cv2.dilate(free, flat, anchor=(reach - 1, 0))
    behind = cv2.dilate(free, flat, anchor=(0, 0))
    across = (above & below) | (before & behind)
    return np.asarray((across > 0) & (dark > _INKED), np.bool_)
