"""Take the print of a known form off its sheet, so that what is written stays alone.

In: the sheet laid flat at 200 dpi, and what is known of its print: the blank page, or else where the frames
of the fields are. Out: the same sheet with bare paper in place of print. A stroke that crosses print stays
whole: where it is darker than the print, in any colour, it is kept; where the print hid it, and ink goes on
close on both sides, it is drawn through.
"""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.imaging.alignment import PX, Box

__all__ = ["darkness", "drop_form"]

_Grey = NDArray[np.uint8]
_Picture = NDArray[np.uint8]

_COARSE = 8
"""Paper is looked for at so many pixels of the sheet in one."""
_WIDEST = round(9 * PX / _COARSE) | 1
"""Print and strokes are narrower than nine millimetres."""
_PRINTED = 22
"""Share of the paper, of 255, by which print of the blank is darker than it."""
_TOLERANCE = 2
"""Pixels by which print may lie beside its place."""
_DARKER = 44
"""Share of the paper, of 255, by which a stroke on print is darker than the print, in some channel."""
_OPAQUE = 200
"""Print as dark as this hides what is on it."""
_STROKE = 60
"""The same share from which what is drawn through counts as a stroke."""
_GAP = 13
"""Pixels of the longest gap that is drawn through: a line, what it may lie beside its place, and its blur."""
_DIRECTIONS = 6
_ROOM = 5.0
"""Millimetres around a field in which strokes are mended."""
_AROUND = round(0.7 * PX)
"""The line of a frame lies within so many pixels of its field's edge."""
_RUNS = 0.55
"""A line shows on this share of an edge at least."""


def drop_form(sheet: _Picture, blank: _Picture | None, keep: Iterable[Box]) -> _Picture:
    """Take the print off a sheet.

    Args:
        sheet: `(height, width, 3)`, laid flat at 200 dpi.
        blank: the blank page, of the same size; None where it is not known.
        keep: where fields are, millimetres: strokes are mended in and around them, everywhere where there are
            none. Without a blank the frames around them are what is dropped.

    Returns:
        The sheet with paper where print was.
    """
    fields = list(keep)
    paper = _paper(sheet)
    dark = _below(sheet, paper)
    expected = _frames(dark, fields) if blank is None else _expected(dark, _below(blank, _paper(blank)))
    printed = np.asarray(_most(expected) > _PRINTED)
    there = np.flatnonzero(printed)
    clean = sheet.copy()
    if not len(there):
        return clean
    on_print = _beyond(dark.reshape(-1, 3)[there], expected.reshape(-1, 3)[there])
    ink = _most(dark)
    ink.reshape(-1)[there] = on_print
    gone = there[on_print == 0]
    clean.reshape(-1, 3)[gone] = paper.reshape(-1, 3)[gone]
    for rows in _bands(fields, len(sheet)):
        drawn = _drawn_through(ink[rows])
        hidden = np.nonzero(printed[rows] & (ink[rows] == 0) & (drawn >= _STROKE))
        share = (255 - drawn[hidden].astype(np.uint16))[:, None]
        clean[rows][hidden] = (paper[rows][hidden] * share // 255).astype(np.uint8)
    return clean


def darkness(rgb: _Picture) -> _Grey:
    """How much darker than its paper a sheet is, by its darkest channel, as a share of 255."""
    return _most(_below(rgb, _paper(rgb)))


def _most(channels: _Picture) -> _Grey:
    """The largest of three channels."""
    red, green, blue = cv2.split(channels)
    return np.asarray(cv2.max(cv2.max(red, green), blue), np.uint8)


def _paper(rgb: _Picture) -> _Picture:
    """The bare paper of a sheet."""
    height, width = rgb.shape[:2]
    size = max(1, width // _COARSE), max(1, height // _COARSE)
    small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((_WIDEST, _WIDEST), np.uint8))
    smooth = np.maximum(cv2.blur(closed, (_WIDEST, _WIDEST)), 24)
    return np.asarray(cv2.resize(smooth, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def _below(rgb: _Picture, paper: _Picture) -> _Picture:
    """How much darker than the paper each channel is, as a share of the paper, times 255."""
    return np.asarray(cv2.divide(cv2.subtract(paper, rgb), paper, scale=255), np.uint8)


def _expected(dark: _Picture, blank: _Picture) -> _Picture:
    """How dark the print may be at each pixel of the sheet, by channel; 0 where there is none."""
    spread = cv2.dilate(blank, np.ones((2 * _TOLERANCE + 1,) * 2, np.uint8))
    whole = _most(blank)
    core = np.flatnonzero(cv2.erode(whole, np.ones((2, 2), np.uint8)) > 2 * _PRINTED)[::7]
    strength = 1.0
    if len(core) > 30:
        seen = dark.reshape(-1, 3)[core].max(1)
        strength = float(np.clip(np.median(seen / whole.reshape(-1)[core]), 0.3, 1.4))
    return np.asarray(cv2.convertScaleAbs(spread, alpha=strength), np.uint8)


def _beyond(dark: _Picture, expected: _Picture) -> _Grey:
    """How dark ink on print is, seen through it: `(n, 3)` of each to `(n,)`; 0 where none is seen."""
    through = 256 - np.minimum(expected, _OPAQUE).astype(np.uint16)
    rest = np.maximum(dark, expected) - expected
    seen = np.minimum(rest.astype(np.uint16) * 255 // through, 255).max(1)
    return np.where(rest.max(1) >= _DARKER, seen, 0).astype(np.uint8)


def _frames(dark: _Picture, fields: list[Box]) -> _Picture:
    """How dark the lines are that run along the edges of fields, by channel; 0 where there are none."""
    whole = _most(dark)
    expected = np.zeros_like(dark)
    for box in fields:
        left, top, right, bottom = (round(v * PX) for v in box)
        for edge in (top, bottom):
            _line(whole, dark, expected, (edge, left, right))
        for edge in (left, right):
            _line(whole.T, dark.swapaxes(0, 1), expected.swapaxes(0, 1), (edge, top, bottom))
    return expected


def _line(whole: _Grey, dark: _Picture, expected: _Picture, where: tuple[int, int, int]) -> None:
    """Note the line along one level edge: its row, and where it begins and ends."""
    row, first, end = where
    top, bottom = max(0, row - _AROUND), min(len(whole), row + _AROUND + 1)
    first, end = max(0, first - 2), min(whole.shape[1], end + 3)
    inked = whole[top:bottom, first:end] > _PRINTED
    if not inked.size:
        return
    rows = np.flatnonzero(inked.mean(1) >= _RUNS)
    if not len(rows):
        return
    low, far = max(0, rows[0] - 2), min(len(inked), rows[-1] + 3)
    level = np.percentile(dark[top:bottom, first:end][rows][inked[rows]], 90, axis=0)
    part = expected[top + low : top + far, first:end]
    np.maximum(part, level.astype(np.uint8), out=part)


def _bands(fields: list[Box], height: int) -> list[slice]:
    """Rows of the sheet in which strokes are mended: those of fields, and some room."""
    if not fields:
        return [slice(0, height)]
    bands: list[list[int]] = []
    for top, bottom in sorted((box[1] - _ROOM, box[3] + _ROOM) for box in fields):
        first, end = max(0, round(top * PX)), min(height, round(bottom * PX))
        if bands and first <= bands[-1][1]:
            bands[-1][1] = max(bands[-1][1], end)
        elif end > first:
            bands.append([first, end])
    return [slice(first, end) for first, end in bands]


def _drawn_through(ink: _Grey) -> _Grey:
    """Darkness with every short gap filled that has darkness at both ends of some line through it."""
    found = ink
    for k in range(_DIRECTIONS):
        found = cv2.max(found, cv2.morphologyEx(ink, cv2.MORPH_CLOSE, _stick(180 * k / _DIRECTIONS)))
    return np.asarray(found, np.uint8)


def _stick(degrees: float) -> _Grey:
    """A line through the middle of a small square."""
    half = _GAP // 2
    turn = np.deg2rad(degrees)
    x, y = round(half * float(np.cos(turn))), round(half * float(np.sin(turn)))
    stick = np.zeros((_GAP, _GAP), np.uint8)
    cv2.line(stick, (half - x, half - y), (half + x, half + y), 1, 1)
    return stick
