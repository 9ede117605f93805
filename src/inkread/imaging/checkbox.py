"""What stands in a square that is to be ticked: nothing, a mark, or a mark that was taken back.

In: a sheet laid flat at 200 dpi and the square in millimetres. Out: a `Tick`. A mark is any ink within the
square but the square's own lines. It is taken back where the square is blackened beyond its edges, or where
lines run through it and out of it on its left and on its right.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.imaging.alignment import PX, Box

__all__ = ["State", "Tick", "mark_in"]

State = Literal["empty", "marked", "struck_out", "unsure"]

_EDGE = 0.55
"""Millimetres along the square's lines that are not looked at."""
_ASTRAY, _SIDE, _LINES, _NEARER = 0.3, 0.7, 0.75, 0.4
"""A square is looked for within this share of its side around its place, where so much of this middle part of
each of its four sides is inked; and how much of that a place may have less where it is nearer by a side."""
_BESIDE = 0.25
"""How far within its place a line of the square may lie, its width included, as a share of its side,"""
_LINE = 0.5
"""and the part of it that is inked at least."""
_DARKER, _GRAIN = 0.16, 5.0
"""Ink is darker than its paper by this share of the paper, and by so many deviations of its grain."""
_CALMED = 0.6
"""Sigma, in pixels, of the smoothing before anything is told from grain."""
_OF_HALF = 0.97
"""From the median of the lighter half of a normal distribution to its lightest fifth, in deviations."""
_NARROW = 1.4
"""A filled square is narrower than so many sides; of what is wider only what no shadow makes is ink:"""
_SHADOW = 0.6
"""what is darker than the paper by this share of it."""
_ROOM = 0.8
"""The surroundings that are looked at, in sides of the square."""
_EVEN = 0.025
"""Share of the inside that is inked where nobody can tell whether it is a mark."""
_STEEP = 4.5
"""How fast the odds of a mark grow with its ink, per natural logarithm."""
_SPECK = 0.002
"""Less ink than this share of the inside is none."""
_UNSURE, _SUREST = 0.9, 0.9995
_STRUCK = 0.95
"""Confidence in a mark that was taken back: a person must look anyway where it matters."""
_FIRM, _BLACK = 0.5, 0.7
"""What is darker than this share of its darkest is ink without the blur around it; so much of the inside it
covers where a mark is blackened."""
_BEYOND, _ALONG, _SIDES = (0.09, 0.17), 0.45, 3
"""Blackening reaches over the edge: between these shares of the side beyond it there is ink along so much of
the edge, on three sides or four."""
_ASIDE, _ON = (0.1, 0.3), 0.85
"""A line runs out of the square where it is seen in so much of the way between these shares of its side,"""
_SLOPES = tuple(k / 12 for k in range(-4, 5))
"""if it leans no more than this: a large cross runs out of its square, too, and leans more."""


@dataclass(frozen=True, slots=True)
class Tick:
    """What was seen in a square.

    Attributes:
        state: "empty", "marked", "struck_out" or "unsure".
        confidence: that the state is right; of "unsure" that it is marked or empty, whichever is likelier.
        filled: share of the inside that is inked, 0..1.
    """

    state: State
    confidence: float
    filled: float


def mark_in(sheet: NDArray[np.uint8], box: Box) -> Tick:
    """Look into a square.

    Args:
        sheet: `(height, width, 3)` at 200 dpi.
        box: the square, in millimetres.
    """
    left, top, right, bottom = (PX * v for v in box)
    side = max(right - left, bottom - top)
    x, y = (max(0, round(v - _ROOM * side)) for v in (left, top))
    part = sheet[y : round(bottom + _ROOM * side), x : round(right + _ROOM * side)]
    inked, dark = _ink(part, max(5, round(_NARROW * side) | 1))
    across, down = _aside(inked, (left - x, top - y, right - x, bottom - y))
    left, top, right, bottom = left + across, top + down, right + across, bottom + down
    rows, columns = _within(inked, (left - x, top - y, right - x, bottom - y))
    inside = inked[rows, columns]
    filled = float(inside.mean()) if inside.size else 0.0
    if filled <= _SPECK:
        return Tick("empty", _odds(_SPECK), filled)
    own = _own(inked, rows, columns)
    square = round(left - x), round(top - y), round(right - x), round(bottom - y)
    firm = dark > _FIRM * np.quantile(dark[rows, columns], 0.95)
    is_black = float(firm[rows, columns].mean()) >= _BLACK and _is_over_edges(own, square)
    if is_black or _runs_through(own, rows, square):
        return Tick("struck_out", _STRUCK, filled)
    sure = _odds(filled)
    state: State = "marked" if filled > _EVEN else "empty"
    return Tick(state if sure >= _UNSURE else "unsure", sure, filled)


def _aside(inked: NDArray[np.bool_], square: tuple[float, float, float, float]) -> tuple[int, int]:
    """How far to the right and down a square's lines lie from their place: paper is curled."""
    left, top, right, bottom = (round(v) for v in square)
    side = min(right - left, bottom - top)
    long, reach = max(3, round(_SIDE * side)), round(_ASTRAY * side)
    ink = inked.astype(np.float32)
    level = cv2.dilate(cv2.blur(ink, (long, 1)), np.ones((3, 1), np.uint8))
    upright = cv2.dilate(cv2.blur(ink, (1, long)), np.ones((1, 3), np.uint8))
    x, y = (left + right) // 2, (top + bottom) // 2
    places = ((level, top, x), (level, bottom - 1, x), (upright, y, left), (upright, y, right - 1))
    lines = np.stack([_around(of, row, column, reach) for of, row, column in places]).min(0)
    steps = np.arange(-reach, reach + 1)
    far = np.hypot(steps[:, None], steps)
    fits = lines - _NEARER * far / side
    if lines.max() < _LINES or lines[reach, reach] >= _LINES:
        return 0, 0
    row, column = np.unravel_index(int(np.where(lines >= _LINES, fits, -1).argmax()), lines.shape)
    return int(steps[column]), int(steps[row])


def _around(shares: NDArray[np.floating], row: int, column: int, reach: int) -> NDArray[np.floating]:
    """Shares at and around a place; 0 beyond the picture."""
    framed = np.pad(shares, reach)
    return framed[row : row + 2 * reach + 1, column : column + 2 * reach + 1]


def _within(inked: NDArray[np.bool_], square: tuple[float, float, float, float]) -> tuple[slice, slice]:
    """The rows and columns within a square's own lines, also where these lie a little beside their place."""
    left, top, right, bottom = square
    side = max(right - left, bottom - top)
    edge, reach = min(_EDGE * PX, 0.22 * side), _BESIDE * side
    middle = [
        slice(max(0, round(a + edge)), max(1, round(b - edge))) for a, b in ((top, bottom), (left, right))
    ]
    level, upright = inked[:, middle[1]], inked[middle[0]]
    down = level.mean(1) if level.size else np.zeros(len(inked))
    across = upright.mean(0) if upright.size else np.zeros(inked.shape[1])
    return _between(down, (top, bottom), edge, reach), _between(across, (left, right), edge, reach)


def _between(shares: NDArray[np.floating], ends: tuple[float, float], edge: float, reach: float) -> slice:
    """From line to line, along one direction of which the inked shares are known."""
    lines = set(np.flatnonzero(shares >= _LINE).tolist())
    first, end = max(0, round(ends[0] + edge)), max(1, round(ends[1] - edge))
    before = max((k for k in lines if k <= ends[0] + reach), default=-1)
    behind = min((k for k in lines if k >= ends[1] - reach - 1), default=len(shares))
    if before + 1 not in lines:  # else the square is filled
        first = max(first, before + 2)
    if behind - 1 not in lines:
        end = min(end, behind - 1)
    return slice(first, end)


def _odds(filled: float) -> float:
    """How sure it is that so much ink is a mark, or is none."""
    return min(_SUREST, 1 / (1 + exp(-_STEEP * abs(log(max(filled, _SPECK) / _EVEN)))))


def _ink(part: NDArray[np.uint8], narrow: int) -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
    """What is darker than the paper around a square, and than that paper's grain and shadows could be.

    Told with how dark all is, as a share of the paper.

    Grey alone: colours that run out of a coloured edge, as JPEG has them run, are no ink.
    """
    calm = cv2.GaussianBlur(cv2.cvtColor(part, cv2.COLOR_RGB2GRAY), (0, 0), _CALMED)
    paper = max(float(np.quantile(calm, 0.75)), 1.0)
    dark = 1 - np.asarray(calm, np.float32) / np.float32(paper)
    bare = dark[dark < np.median(dark)]
    grain = float(np.median(bare) - np.quantile(bare, 0.1)) / _OF_HALF if bare.size else 0.0
    least = max(_DARKER, _GRAIN * grain)
    framed = cv2.copyMakeBorder(calm, narrow, narrow, narrow, narrow, cv2.BORDER_REPLICATE)
    closed = cv2.morphologyEx(framed, cv2.MORPH_CLOSE, np.ones((narrow, narrow), np.uint8))
    beside = np.maximum(closed[narrow:-narrow, narrow:-narrow], 1).astype(np.float32)
    stroke = np.asarray(calm, np.float32) < (1 - least) * beside
    return np.asarray((dark > least) & (stroke | (dark > _SHADOW)), np.bool_), dark


def _own(inked: NDArray[np.bool_], rows: slice, columns: slice) -> NDArray[np.bool_]:
    """The strokes that begin or end within a square, and its lines where they touch them."""
    _, found = cv2.connectedComponents(inked.view(np.uint8), connectivity=8)
    labels = np.asarray(found, np.int32)
    within = np.unique(labels[rows, columns])
    return np.isin(labels, within[within > 0])


def _is_over_edges(own: NDArray[np.bool_], square: tuple[int, int, int, int]) -> bool:
    """Whether strokes reach over most edges of a square, along much of each."""
    left, top, right, bottom = square
    near, far = (max(1, round(share * (right - left))) for share in _BEYOND)
    bands = (
        own[top:bottom, max(0, left - far) : max(0, left - near)].any(1),
        own[top:bottom, right + near : right + far].any(1),
        own[max(0, top - far) : max(0, top - near), left:right].any(0),
        own[bottom + near : bottom + far, left:right].any(0),
    )
    return sum(bool(band.size and band.mean() >= _ALONG) for band in bands) >= _SIDES


def _runs_through(own: NDArray[np.bool_], rows: slice, square: tuple[int, int, int, int]) -> bool:
    """Whether a line, about level, goes through a square and on beyond both its sides."""
    side = square[2] - square[0]
    near, far = (max(1, round(share * side)) for share in _ASIDE)
    first, end = max(0, square[0] - far), min(own.shape[1], square[2] + far)
    at = np.arange(first, end)
    outside = (at < square[0] - near) | (at >= square[2] + near)
    tall = np.vstack([own, np.zeros((1, own.shape[1]), np.bool_)])
    for slope in _SLOPES:
        down = np.round(slope * (at - (first + end) / 2)).astype(np.intp)
        lines = np.arange(rows.start, rows.stop)[:, None] + down
        line = tall[np.clip(lines, -1, len(own)), at]
        if bool(((line[:, outside].mean(1) > _ON) & (line.mean(1) > _ON)).any()):
            return True
    return False
