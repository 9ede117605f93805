"""Sides of boxes, by how far they reach: from one rule of a form to the next, or out of the picture.

In: ink, float32 `(height, width)`, and `Band`s, the rooms between the rules of a form. Out: where sides
are, two that stand close together among them. What is written seldom fills a column from rule to rule; a
side does, even where it leans, is faint, is crossed by strokes or is twice as wide as a line, which no look
at single pieces tells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["Band", "sides_between"]

_INKED = 0.2
_ROWS = 40
"""A band is looked at in so many rows."""
_SHARES = (np.arange(_ROWS) + 0.5) / _ROWS
"""How far down the band each is."""
_STEEPEST, _STEP = 0.08, 2.0
"""Sides lean by at most so much a pixel; leans that differ by so many pixels at their ends are tried."""
_ASIDE = 2
"""Sides of one band differ in lean by at most so many of these steps: perspective."""
_FULL, _MOSTLY = 0.9, 0.7
"""So much of a column is inked where a side is; this much, where the steps of other sides say so."""
_WIDEST = 2.6
"""Two sides close together, with the room between them, are so many times as wide as a rule at most."""
_OF_HEIGHT = 0.3
"""No side is wider than this share of its band's height."""
_LEAST = 14
"""The least height of a band, pixels."""


@dataclass(frozen=True, slots=True)
class Band:
    """The room between two rules, or between a rule and the border of the picture.

    Attributes:
        upper: its upper line, y as (slope, start) over x.
        lower: its lower line.
        left: where it begins.
        right: where it ends.
        rule: how wide its rules are, pixels.
        least: sides that must be found for any to count.
    """

    upper: tuple[float, float]
    lower: tuple[float, float]
    left: int
    right: int
    rule: float
    least: int


def sides_between(ink: NDArray[np.float32], bands: Sequence[Band]) -> NDArray[np.uint8]:
    """Find the sides of boxes in the bands of a form.

    Args:
        ink: `(height, width)`, 0 bare paper, 1 the darkest stroke.
        bands: where to look.

    Returns:
        uint8 `(height, width)`, 1 on a side, strokes across it included.
    """
    found = np.zeros(ink.shape, np.uint8)
    for band in bands:
        for corners in _sides(ink, band):
            cv2.fillConvexPoly(found, np.round(corners * 16).astype(np.int32), 1, cv2.LINE_8, 4)
    return found


def _sides(ink: NDArray[np.float32], band: Band) -> list[NDArray[np.float64]]:
    """The corners, `(4, 2)`, of each side of a band."""
    x = np.arange(max(0, band.left), min(ink.shape[1], band.right), dtype=np.float64)
    above, below = (slope * x + start + 0.5 * off * band.rule for (slope, start), off in _edges(band))
    height = float((below - above).sum()) / max(len(x), 1)
    if height < _LEAST:
        return []
    leans = np.arange(-(_STEEPEST * height // _STEP), _STEEPEST * height // _STEP + 1) * _STEP
    y = (above + _SHARES[:, None] * (below - above)).astype(np.float32)
    most = _at_most(ink, x.astype(np.float32), y, float(leans[-1]))
    if np.count_nonzero(most >= _FULL) < band.least:
        return []
    columns = np.zeros((len(leans), len(x)))
    likely = np.flatnonzero(most >= _MOSTLY)
    columns[:, likely] = _inked(ink, x[likely].astype(np.float32), y[:, likely], leans)
    chosen = int(np.argmax(np.maximum(columns - 0.8, 0).sum(1)))
    near = slice(max(0, chosen - _ASIDE), chosen + _ASIDE + 1)
    found = []
    widest = min(_WIDEST * band.rule + 5, _OF_HEIGHT * height)
    for begin, end in _chosen(columns[near].max(0), widest, band.least):
        lean = float(leans[near][int(np.argmax(columns[near, begin:end].sum(1)))])
        ends = np.array([x[begin], x[end - 1]])
        top = np.column_stack([ends - lean / 2, above[[begin, end - 1]] - band.rule])
        bottom = np.column_stack([ends + lean / 2, below[[begin, end - 1]] + band.rule])
        found.append(np.concatenate([top, bottom[::-1]]))
    return found


def _at_most(
    ink: NDArray[np.float32], x: NDArray[np.float32], y: NDArray[np.float32], lean: float
) -> NDArray[np.float64]:
    """How much of each column of a band, at `y` `(rows, n)`, may be inked, if it leans by so much at most."""
    top, end = max(0, int(y.min()) - 2), max(0, int(y.max()) + 3)
    near = (ink[top:end] > _INKED).view(np.uint8)
    if not near.size:
        return np.zeros(len(x))
    near = cv2.dilate(near, np.ones((5, 2 * int(0.5 * lean) + 5), np.uint8))
    seen = cv2.remap(near, np.repeat(x[None], len(y), 0), y - top, cv2.INTER_NEAREST)
    return np.asarray(seen.sum(0, dtype=np.uint8) / len(y), np.float64)


def _edges(band: Band) -> tuple[tuple[tuple[float, float], float], tuple[tuple[float, float], float]]:
    """The lines of a band, and to which side of each its inside is."""
    return (band.upper, 1.0), (band.lower, -1.0)


def _inked(
    ink: NDArray[np.float32], x: NDArray[np.float32], y: NDArray[np.float32], leans: NDArray[np.float64]
) -> NDArray[np.float64]:
    """How much of each column, at `y` `(rows, n)`, is inked where it leans by so much: `(leans, n)`."""
    aside = (leans[:, None] * (_SHARES - 0.5)).astype(np.float32).reshape(-1, 1)
    seen = cv2.remap(ink, x + aside, np.tile(y, (len(leans), 1)), cv2.INTER_LINEAR)
    inked = (seen > _INKED).view(np.uint8).reshape(len(leans), len(y), len(x))
    return np.asarray(inked.sum(1, dtype=np.uint8) / len(y), np.float64)


def _chosen(columns: NDArray[np.float64], widest: float, least: int) -> list[tuple[int, int]]:
    """Where sides begin and end among columns; none where there are fewer than the least."""
    full = _runs(columns >= _FULL, widest)
    if len(full) < least:
        return []
    known = np.array([(begin + end) / 2 for begin, end in full])
    step = float(np.diff(known).min(initial=np.inf))
    if len(full) < 3 or step < 2 * widest:
        return full
    more = []
    for begin, end in _runs(columns >= _MOSTLY, widest):
        off = np.abs((begin + end) / 2 - known)
        in_step = np.abs(off / step - np.round(off / step)).min() * step <= 0.05 * step + 1
        if off.min() > 0.5 * step and in_step:
            more.append((begin, end))
    return full + more


def _runs(mask: NDArray[np.bool_], widest: float) -> list[tuple[int, int]]:
    """Where a mask is set, from begin to end, but for what is wider than the widest."""
    changes = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    pairs = zip(changes[::2].tolist(), changes[1::2].tolist(), strict=True)
    return [(begin, end) for begin, end in pairs if end - begin <= widest]
