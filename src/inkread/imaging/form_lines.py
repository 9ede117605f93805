"""Take the printed lines of a form out of ink: boxes, combs, underlines, rules; what is written stays.

In: ink, float32 `(height, width)`, whose lines are about level. Out: the same with the lines gone and the
strokes that cross them mended. A line is known by its place in a form, never by its length alone: rules run
on for longer than strokes do, the sides of boxes stand between two of them, the teeth of a comb are alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["form_lines", "lean_degrees", "without_form"]

_Mask = NDArray[np.uint8]

_INKED = 0.2
"""Lines may be printed faintly."""
_THICK = 0.014
"""The thickest line, as a share of the longest side; four pixels at least."""
_RUN_OF_WIDTH, _RUN_OF_HEIGHT = 0.3, 0.75
"""A rule runs on for one of these shares of the picture, whichever is less."""
_CLIMB = 0.07
"""A line climbs by at most this share of its length."""
_SIDE = 0.72
"""A side of a box shows on at least this share of the way between the lines above and below."""
_BOX = 0.05
"""The least side of a box, as a share of the picture's longest side; eight pixels at least."""
_DARKER = 0.3
"""Ink so much darker than a line is a stroke upon it."""
_STEEPEST = 12.0
"""Degrees."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A piece of a line along the rows of its mask: where it begins and ends (exclusive), and its rows."""

    left: int
    right: int
    top: int
    bottom: int
    number: int

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


def without_form(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    """Erase the lines of a form.

    Args:
        ink: `(height, width)`, 0 bare paper, 1 the darkest stroke; its lines lean by 2 degrees at most.

    Returns:
        The ink without them; the array itself where there are none.
    """
    lines = form_lines(ink)
    if not lines.any():
        return ink
    thick = _thickest(ink.shape)
    level = float(np.median(ink[lines > 0]))
    around = cv2.dilate(lines, np.ones((3, 3), np.uint8))
    rest = ((ink > 0.3) & (around == 0)).view(np.uint8)
    kept = _crossed(rest, around, thick) | _crossed(rest.T, around.T, thick).T
    kept |= ((ink > level + _DARKER) & (around > 0)).view(np.uint8)
    cleaned = ink.copy()
    cleaned[(around > 0) & (kept == 0)] = 0
    return cleaned


def form_lines(ink: NDArray[np.float32]) -> _Mask:
    """Where the lines of a form are: uint8 `(height, width)`, 1 on a line, strokes across it included."""
    mask = (ink > _INKED).view(np.uint8)
    height, width = mask.shape
    found = np.zeros(mask.shape, np.uint8)
    if height < 12 or width < 16 or not mask.any():
        return found
    thick = _thickest(mask.shape)
    box = max(8, round(_BOX * max(mask.shape)))
    across, across_labels = _lines(mask, box, thick)
    down, down_labels = _lines(np.ascontiguousarray(mask.T), box, thick)
    down_labels = down_labels.T
    least = min(_RUN_OF_WIDTH * width, _RUN_OF_HEIGHT * height)
    rules = [line for line in across if line.right - line.left >= least]
    sides = _between(rules, down, thick) | _teeth(rules, down, thick)
    edges, uprights = _boxes([line for line in across if line not in rules], down, thick)
    sides |= uprights | _through(down, height)
    found |= np.isin(across_labels, [*(line.number for line in rules), *edges]).view(np.uint8)
    found |= np.isin(down_labels, list(sides)).view(np.uint8)
    return np.asarray(found & mask, np.uint8)


def lean_degrees(ink: NDArray[np.float32]) -> float | None:
    """How far the long lines of a form lean, degrees clockwise; None where there are none."""
    factor = min(1.0, 500 / max(ink.shape))
    small = cv2.resize(ink, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA) if factor < 1 else ink
    mask = (small > _INKED).astype(np.uint8) * np.uint8(255)
    height, width = mask.shape
    least = max(20, round(min(0.35 * width, 1.6 * height)))
    found = cv2.HoughLinesP(mask, 1, np.pi / 360, least // 2, minLineLength=least, maxLineGap=4)
    if found is None:
        return None
    x0, y0, x1, y1 = found.reshape(-1, 4).T.astype(float)
    degrees = np.rad2deg(np.arctan2(y1 - y0, x1 - x0))
    level = np.abs(degrees) < _STEEPEST
    if not level.any():
        return None
    order = np.argsort(degrees[level])
    weights = np.cumsum(np.hypot(x1 - x0, y1 - y0)[level][order])
    return float(degrees[level][order][int(np.searchsorted(weights, weights[-1] / 2))])


def _thickest(shape: tuple[int, ...]) -> int:
    return max(4, round(_THICK * max(shape)))


def _lines(mask: _Mask, least: int, thick: int) -> tuple[list[_Line], NDArray[np.int32]]:
    """Thin straight pieces along the rows, `least` long or longer, with their numbers on every pixel."""
    solid = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((thick + 1, 1), np.uint8))
    thin = cv2.subtract(mask, solid)
    broad = cv2.dilate(thin, np.ones((3, 1), np.uint8))
    joined = cv2.morphologyEx(broad, cv2.MORPH_CLOSE, np.ones((1, thick + 3), np.uint8))
    runs = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, least), np.uint8))
    linked = cv2.morphologyEx(runs, cv2.MORPH_CLOSE, np.ones((1, 3 * thick), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(linked, connectivity=8)
    lines = []
    for number, (left, top, wide, high, _) in enumerate(stats[:count].tolist()):
        if number and high <= thick + 3 + _CLIMB * wide:
            lines.append(_Line(left, left + wide, top, top + high, number))
    return lines, np.asarray(labels, np.int32)


def _between(rules: list[_Line], down: list[_Line], thick: int) -> set[int]:
    """Pieces that run down from one rule to the next: the sides of boxes."""
    found: set[int] = set()
    near = 2 * thick
    for upper in rules:
        for lower in rules:
            gap = lower.middle - upper.middle
            if gap < 3 * thick:
                continue
            for line in down:  # `left` and `right` are rows here, `middle` a column
                within = min(line.right, lower.middle) - max(line.left, upper.middle)
                reaches = max(upper.left, lower.left) - near <= line.middle
                reaches &= line.middle <= min(upper.right, lower.right) + near
                ends = abs(line.left - upper.middle) <= near + 0.1 * gap
                ends &= abs(line.right - lower.middle) <= near + 0.1 * gap
                if reaches and ends and within >= _SIDE * gap:
                    found.add(line.number)
    return found


def _teeth(rules: list[_Line], down: list[_Line], thick: int) -> set[int]:
    """Three pieces or more that stand on one rule, equally high and equally far apart."""
    found: set[int] = set()
    for rule in rules:
        near = [
            line
            for line in down
            if abs(line.right - rule.middle) <= 2 * thick
            and rule.left - thick <= line.middle <= rule.right + thick
        ]
        for first in near:
            alike = sorted(
                (line for line in near if abs(line.left - first.left) <= 2 + thick // 2),
                key=lambda line: line.middle,
            )
            if len(alike) < 3:
                continue
            steps = np.diff([line.middle for line in alike])
            usual = float(np.median(steps))
            if usual > 2 * thick and float(np.median(np.abs(steps - usual))) <= 0.08 * usual + 1:
                found |= {line.number for line in alike}
    return found


def _boxes(across: list[_Line], down: list[_Line], thick: int) -> tuple[set[int], set[int]]:
    """Boxes that stand by themselves: two pieces across, of one length, and two down at their ends."""
    edges: set[int] = set()
    sides: set[int] = set()
    near = 1.5 * thick
    for upper in across:
        wide = upper.right - upper.left
        for lower in across:
            gap = lower.middle - upper.middle
            alike = abs(upper.left - lower.left) <= near and abs(upper.right - lower.right) <= near
            if not alike or not 0.5 * wide <= gap <= 2.5 * wide:
                continue
            left, right = (
                [
                    line.number
                    for line in down
                    if abs(line.middle - at) <= near
                    and min(line.right, lower.middle) - max(line.left, upper.middle) >= _SIDE * gap
                ]
                for at in (upper.left, upper.right)
            )
            if left and right:
                edges |= {upper.number, lower.number}
                sides |= {*left, *right}
    return (edges, sides) if len(edges) > 2 else (set(), set())


def _through(down: list[_Line], height: int) -> set[int]:
    """Three pieces or more that run down the whole picture: boxes whose tops and bottoms were cut off."""
    found = {line.number for line in down if line.left <= 2 and line.right >= height - 2}
    return found if len(found) >= 3 else set()


def _crossed(rest: _Mask, lines: _Mask, thick: int) -> _Mask:
    """Where strokes cross lines that run across: where other ink is close above and close below."""
    reach = np.ones((thick + 3, 3), np.uint8)
    above = cv2.dilate(np.ascontiguousarray(rest), reach, anchor=(1, thick + 2))
    below = cv2.dilate(np.ascontiguousarray(rest), reach, anchor=(1, 0))
    return np.asarray(above & below & lines, np.uint8)
