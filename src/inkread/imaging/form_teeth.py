"""Teeth of combs: short lines on a rule, equally far apart and equally high, however many strokes touch them.

In: ink, float32 `(height, width)`, and the rules on which teeth may stand. Out: where the teeth are. What
marks teeth is their steps: strokes that reach a rule stand on it wherever they happen to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.imaging.counts import median

__all__ = ["Rule", "teeth_on"]

_INKED = 0.2
_HIGHEST, _LOWEST = 0.75, 7
"""Teeth are no higher than this share of the picture, and at least so many pixels high, twice the width of
their rule where that is more."""
_WIDEST = 1.6
"""A tooth is so many times as wide as its rule at most, and four pixels."""
_STEP = (16.0, 5.0)
"""They are so many pixels apart at least, and so many widths of the rule."""
_OFF = 0.03
"""A tooth is off its place by this share of a step at most, and 1.5 pixels."""
_HITS = 0.75
"""So many of the places from one end of the rule to the other have a tooth."""
_FEWEST, _FEWEST_AT_BORDER = 3, 4
"""Teeth of a comb, and of one whose rule the border of the picture cut off."""
_MOST_MARKS = 60
"""More marks than these on one rule are texture."""
_ALIKE, _MOST_ALIKE = 0.15, 0.6
"""Teeth differ in height by at most this share; so many of them do that stand in step."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule on which teeth may stand.

    Attributes:
        slope: pixels it goes down a pixel.
        start: its y at x 0.
        left: where it begins.
        right: where it ends.
        wide: how wide it is.
        is_border: whether it is the lower border of the picture, a guess.
    """

    slope: float
    start: float
    left: int
    right: int
    wide: float
    is_border: bool = False


def teeth_on(ink: NDArray[np.float32], rules: Sequence[Rule]) -> NDArray[np.uint8]:
    """Find the teeth of combs.

    Args:
        ink: `(height, width)`, 0 bare paper, 1 the darkest stroke.
        rules: about level.

    Returns:
        uint8 `(height, width)`, 1 on a tooth, strokes across it included.
    """
    found = np.zeros(ink.shape, np.uint8)
    mask = (ink > _INKED).view(np.uint8)
    for rule in rules:
        columns = np.arange(max(0, rule.left), min(ink.shape[1], rule.right))
        base = rule.slope * columns + rule.start - (1 if rule.is_border else 0.5 * rule.wide)
        if len(columns) < 3 * _STEP[0]:
            continue
        highs = _highs(mask, columns, base)
        for begin, end, high in _teeth(highs, rule):
            x = [columns[begin], columns[end - 1]]
            corners = [(x[0], base[begin] - high), (x[1], base[end - 1] - high)]
            corners += [(x[1], base[end - 1] + 1), (x[0], base[begin] + 1)]
            cv2.fillConvexPoly(found, np.round(np.array(corners)).astype(np.int32), 1)
    return found


def _highs(
    mask: NDArray[np.uint8], columns: NDArray[np.int64], base: NDArray[np.float64]
) -> NDArray[np.int64]:
    """How far ink goes up from a rule without a gap, for each column, pixels."""
    reach = int(_HIGHEST * mask.shape[0])
    inked = cv2.dilate(_above(mask, columns, base, reach), np.ones((1, 3), np.uint8))
    ended = cv2.copyMakeBorder(inked, 0, 1, 0, 0, cv2.BORDER_CONSTANT, value=[0])
    highs = cv2.transpose(ended).argmin(1)  # where a row lies in memory at once
    return np.asarray(np.minimum(highs, np.maximum(np.floor(base), 0)), np.int64)


def _above(
    mask: NDArray[np.uint8], columns: NDArray[np.int64], base: NDArray[np.float64], reach: int
) -> NDArray[np.uint8]:
    """The pixels over a rule, `(reach, n)`, from the rule upwards; 0 where the picture ends."""
    base = base.astype(np.float32)
    up = np.arange(1, reach + 1, dtype=np.float32)
    nearest = np.floor(base - 0.5) + np.ceil(base - 0.5)  # what is between two pixels goes to the even one
    steps = np.flatnonzero(np.diff(nearest)) + 1
    found = np.zeros((reach, len(columns)), np.uint8)
    for begin, end in zip([0, *steps.tolist()], [*steps.tolist(), len(columns)], strict=True):
        rows = np.rint(base[begin] - up).astype(np.int64)
        there = (rows >= 0) & (rows < len(mask))
        found[there, begin:end] = mask[rows[there], columns[begin] : columns[begin] + end - begin]
    return found


def _teeth(highs: NDArray[np.int64], rule: Rule) -> list[tuple[int, int, int]]:
    """Begin, end and height of each tooth; none where what stands on the rule is not in step."""
    least = _LOWEST if rule.is_border else max(_LOWEST, round(2 * rule.wide))
    changes = np.flatnonzero(np.diff(np.concatenate([[False], highs >= least, [False]]).astype(np.int8)))
    begin, end = changes[::2], changes[1::2]
    fine = end - begin <= _WIDEST * rule.wide + 6  # ink was made wider by two
    begin, end = begin[fine], end[fine]
    middle = (begin + end - 1) / 2
    found = _in_step(middle, len(highs), rule)
    if found is None:
        return []
    chosen, places = found
    own = np.array([np.sort(highs[b:e])[(3 * (e - b - 1)) // 4] for b, e in zip(begin, end, strict=True)])[
        chosen
    ]
    usual = float(np.sort(own)[len(own) // 4])
    alike = np.abs(own - usual) <= _ALIKE * usual + 2
    if alike.sum() < max(_MOST_ALIKE * len(own), _FEWEST):
        return []
    wide = median((end - begin)[chosen])
    ends = [(round(x - 0.5 * wide + 0.5), round(x + 0.5 * wide + 0.5)) for x in places]
    ends = [(max(0, b), min(len(highs), e)) for b, e in ends]
    high = usual * (1 - _ALIKE) - 2
    return [(b, e, round(usual) + 1) for b, e in ends if b < e and highs[b:e].max() >= high]


def _in_step(
    middle: NDArray[np.float64], length: int, rule: Rule
) -> tuple[NDArray[np.bool_], NDArray[np.float64]] | None:
    """Which marks stand in equal steps along all of a rule, and where teeth are then; None for too few."""
    fewest = _FEWEST_AT_BORDER if rule.is_border else _FEWEST
    if not fewest <= len(middle) <= _MOST_MARKS:
        return None
    first, other = np.triu_indices(len(middle), 1)
    apart = middle[other] - middle[first]
    likely = (other - first <= 3) & (apart >= max(_STEP[0], _STEP[1] * rule.wide * (not rule.is_border)))
    if not likely.any():
        return None
    near, start, step = _followed(middle, middle[first[likely]], apart[likely])
    if rule.is_border:
        ends = np.where(near, middle, np.inf).min(1), np.where(near, middle, -np.inf).max(1)
    else:
        ends = np.zeros(len(start)), np.full(len(start), length - 1.0)
    low, far = np.ceil((ends[0] - start) / step - 0.15), np.floor((ends[1] - start) / step + 0.15)
    hits = _places(np.rint((middle - start[:, None]) / step[:, None]), near)
    fine = np.flatnonzero(hits >= np.maximum(fewest, _HITS * (far - low + 1)))
    if not len(fine):
        return None
    best = max(fine.tolist(), key=lambda k: (hits[k], step[k]))
    return near[best], start[best] + step[best] * np.arange(low[best], far[best] + 1)


def _followed(
    middle: NDArray[np.float64], start: NDArray[np.float64], step: NDArray[np.float64]
) -> tuple[NDArray[np.bool_], NDArray[np.float64], NDArray[np.float64]]:
    """Which of some marks, `(n,)` from the left, stand in step with two, followed from place to place.

    Args:
        middle: of each mark.
        start: of the first of each two, `(m,)`.
        step: to the second.

    Returns:
        Whether they do, `(m, n)`; the first place and the step as all that do have them.
    """
    near = np.zeros((len(start), len(middle)), np.bool_)
    for reach in (2, 4, 8, 64):
        away = middle - start[:, None]
        place = np.rint(away / step[:, None])
        near = np.abs(away - step[:, None] * place) <= _OFF * step[:, None] + 1.5
        near &= np.abs(place) <= reach
        several = _places(place, near) > 2
        count = np.maximum(near.sum(1), 1)
        at, seen = (np.where(near, place, 0).sum(1) / count, np.where(near, away, 0).sum(1) / count)
        off = np.where(near, place - at[:, None], 0)
        fitted = (off * (away - seen[:, None])).sum(1) / np.maximum((off * off).sum(1), 1e-9)
        start = np.where(several, start + seen - fitted * at, start)
        step = np.where(several, fitted, step)
    return near, start, step


def _places(place: NDArray[np.float64], near: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many places, `(m, n)` and not decreasing, those that are near have, of each row."""
    before = np.maximum.accumulate(np.where(near, place, -np.inf), axis=1)[:, :-1]
    return near[:, 0] + (near[:, 1:] & (place[:, 1:] > before)).sum(1)
