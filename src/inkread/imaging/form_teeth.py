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
    for rule in rules:
        columns = np.arange(max(0, rule.left), min(ink.shape[1], rule.right))
        base = rule.slope * columns + rule.start - (1 if rule.is_border else 0.5 * rule.wide)
        if len(columns) < 3 * _STEP[0]:
            continue
        highs = _highs(ink, columns, base)
        for begin, end, high in _teeth(highs, rule):
            x = [columns[begin], columns[end - 1]]
            corners = [(x[0], base[begin] - high), (x[1], base[end - 1] - high)]
            corners += [(x[1], base[end - 1] + 1), (x[0], base[begin] + 1)]
            cv2.fillConvexPoly(found, np.round(np.array(corners)).astype(np.int32), 1)
    return found


def _highs(
    ink: NDArray[np.float32], columns: NDArray[np.int64], base: NDArray[np.float64]
) -> NDArray[np.int64]:
    """How far ink goes up from a rule without a gap, for each column, pixels."""
    reach = int(_HIGHEST * ink.shape[0])
    y = base[None] - np.arange(1, reach + 1)[:, None]
    x = np.broadcast_to(columns, y.shape)
    seen = cv2.remap(ink, x.astype(np.float32), y.astype(np.float32), cv2.INTER_NEAREST)
    inked = cv2.dilate((seen > _INKED).view(np.uint8), np.ones((1, 3), np.uint8))
    inked[(y < 0)] = 0
    return np.asarray(np.argmin(np.pad(inked, ((0, 1), (0, 0))), 0))


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
    wide = float(np.median((end - begin)[chosen]))
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
    best: tuple[int, float, NDArray[np.bool_], NDArray[np.float64]] | None = None
    for first, one in enumerate(middle):
        for other in middle[first + 1 : first + 4]:
            step = float(other - one)
            if step < max(_STEP[0], _STEP[1] * rule.wide * (not rule.is_border)):
                continue
            near, start, step = _followed(middle, float(one), step)
            ends = (middle[near].min(), middle[near].max()) if rule.is_border else (0.0, length - 1.0)
            low, far = np.ceil((ends[0] - start) / step - 0.15), np.floor((ends[1] - start) / step + 0.15)
            hits = len(np.unique(np.round((middle[near] - start) / step)))
            fine = hits >= max(fewest, _HITS * (far - low + 1))
            if fine and (best is None or (hits, step) > best[:2]):
                best = hits, step, near, start + step * np.arange(low, far + 1)
    return None if best is None else best[2:]


def _followed(
    middle: NDArray[np.float64], start: float, step: float
) -> tuple[NDArray[np.bool_], float, float]:
    """Which marks stand in step with two, followed from place to place; the first place and the step."""
    near = np.zeros(len(middle), np.bool_)
    for reach in (2, 4, 8, 64):
        place = np.round((middle - start) / step)
        off = np.abs(middle - start - step * place)
        near = (off <= _OFF * step + 1.5) & (np.abs(place) <= reach)
        if len(np.unique(place[near])) > 2:
            step, start = np.polyfit(place[near], middle[near], 1)
    return near, float(start), float(step)
