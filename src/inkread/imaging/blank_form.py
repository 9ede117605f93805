"""Find what a blank form leaves to be filled: cells, circles, combs with teeth, rules to write on.

In: an upright page at 200 dpi, RGB uint8 `(height, width, 3)`. Out: `Blank`, rectangles in its pixels. Shapes
are told by edges, whatever their shade: a cell is a flat part of the page that an edge encloses, be it
drawn in black, in a colour that drops out, or left white in a tint. What the shapes mean is not decided here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["Blank", "Cell", "Rule", "blank_form"]

_Mask = NDArray[np.uint8]
Rect = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels at 200 dpi."""

_MM = 200 / 25.4
_FAINTEST, _FAINTEST_OF_SCAN, _GRAIN = 9.0, 22.0, 3.5
"""The least step in shade that is an edge, in levels of 255, of drawings, of scans; and in steps of grain."""
_PRINTED = 28.0
"""The least step in shade of words: what is fainter comes from a lossy file."""
_LEAST_SIDE, _LEAST_AREA = 2.0 * _MM, 4.0 * _MM**2
_FILLED, _ROUND = 0.93, (0.72, 0.94)
"""A rectangle fills so much of the box around it, a circle between these, and nothing of its corners."""
_CIRCLE = (2.0 * _MM, 7.0 * _MM)
_THICKEST = 7
"""The thickest line, pixels of its edges, both sides included."""
_SHORTEST_RULE = 10.0 * _MM
_DASHED_GAP = 13
_BESIDE, _BESIDE_SHORT, _SHORT_RULE = 0.35, 0.15, 25.0 * _MM
"""So much of a rule has print right above or right below it at most; less where it is as short as words."""
_SOLID = 0.992
"""So much of a solid line is as dark as the rest of it."""
_SAME_SHADE = 6
"""Paper above and below a rule differ by so little, levels of 255."""
_TOOTH = 0.7 * _MM
"""The least height of a tooth of a comb."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A closed shape.

    Attributes:
        rect: to the middle of its line.
        is_round: whether it is a circle.
        printed: the rectangle around what is printed in it, None where it is bare.
        holds: how many other shapes lie in it.
        teeth: as of a rule, on its lower side.
        shade: of its inside, 1 as bright as bare paper, 0 black.
    """

    rect: Rect
    is_round: bool
    printed: Rect | None
    holds: int
    teeth: tuple[float, ...] = ()
    shade: float = 1.0


@dataclass(frozen=True, slots=True)
class Rule:
    """A line to write on that is no side of a cell.

    Attributes:
        rect: around the line itself.
        teeth: where short lines stand on it at regular distances, its ends among them; empty without.
    """

    rect: Rect
    teeth: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Blank:
    """What was found on a page.

    Attributes:
        cells: closed shapes, from the top down.
        rules: open lines, from the top down.
        text: uint8 `(height, width)`, 1 on what is printed and is no line.
    """

    cells: tuple[Cell, ...]
    rules: tuple[Rule, ...]
    text: _Mask


def blank_form(rgb: NDArray[np.uint8]) -> Blank:
    """Look at a blank page.

    Args:
        rgb: `(height, width, 3)` at 200 dpi, upright.
    """
    is_scan = _is_grainy(rgb)
    steps = _steps(rgb, is_scan)
    grain = float(np.median(steps[::4, ::4]))
    edges = (steps > max(_FAINTEST_OF_SCAN if is_scan else _FAINTEST, _GRAIN * grain)).astype(np.uint8)
    across, down = _lines(edges), np.ascontiguousarray(_lines(np.ascontiguousarray(edges.T)).T)
    closed = cv2.morphologyEx(edges | across | down, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    shapes = _shapes(np.asarray(closed, np.uint8))
    beside = cv2.dilate(across | down, np.ones((5, 5), np.uint8))
    printed = (steps > max(_PRINTED, 2 * _GRAIN * grain)).view(np.uint8)
    text = np.where(beside > 0, 0, printed & _off_outlines(edges.shape, shapes)).astype(np.uint8)
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    paper = max(1.0, float(np.quantile(grey[::4, ::4], 0.9)))
    cells = tuple(
        replace(_cell(shape, shapes, text, edges), shade=_shade(grey, shape[0]) / paper) for shape in shapes
    )
    rules = _rules(across, edges, [cell.rect for cell in cells])
    rules = tuple(rule for rule in rules if _is_drawn(rule.rect, edges, rgb, grey))
    return Blank(cells, rules, text)


def _steps(rgb: NDArray[np.uint8], is_scan: bool) -> NDArray[np.uint8]:
    """How much the shade of the page changes, in whichever channel it changes most."""
    calm = cv2.GaussianBlur(rgb, (3, 3), 0) if is_scan else rgb
    red, green, blue = cv2.split(cv2.morphologyEx(calm, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)))
    return np.asarray(cv2.max(cv2.max(red, green), blue), np.uint8)


def _is_grainy(rgb: NDArray[np.uint8]) -> bool:
    """Whether bare paper varies: a scan or a photo, no drawing."""
    sample = rgb[::3, ::3, 1].astype(np.int16)
    return bool(np.median(np.abs(np.diff(sample, axis=1))) > 0)


def _lines(edges: _Mask) -> _Mask:
    """Thin lines that run across, dashed and dotted ones closed up; 1 where one is."""
    joined = cv2.morphologyEx(edges, cv2.MORPH_CLOSE, np.ones((1, _DASHED_GAP), np.uint8))
    thick = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((_THICKEST + 1, 1), np.uint8))
    thin = cv2.subtract(joined, thick)
    # A line that leans steps up by a pixel now and then, and another may stand on it.
    broad = cv2.dilate(thin, np.ones((3, 1), np.uint8))
    crossed = cv2.morphologyEx(broad, cv2.MORPH_CLOSE, np.ones((1, 2 * _THICKEST + 1), np.uint8))
    long = cv2.morphologyEx(crossed, cv2.MORPH_OPEN, np.ones((1, round(3.5 * _MM)), np.uint8))
    return np.asarray(cv2.erode(long, np.ones((3, 1), np.uint8)) & joined, np.uint8)


def _shapes(closed: _Mask) -> list[tuple[Rect, bool]]:
    """Closed rectangles and circles: flat parts that edges enclose."""
    height, width = closed.shape
    count, labels, stats, _ = cv2.connectedComponentsWithStats(1 - closed, connectivity=4)
    found: list[tuple[Rect, bool]] = []
    for number in range(1, count):
        left, top, wide, high, area = (int(v) for v in stats[number])
        touches = left == 0 or top == 0 or left + wide == width or top + high == height
        if touches or min(wide, high) + 4 < _LEAST_SIDE or area < 0.3 * _LEAST_AREA:
            continue
        part = (labels[top : top + high, left : left + wide] == number).astype(np.uint8)
        outline, _ = cv2.findContours(part, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        outer = max(outline, key=cv2.contourArea)
        share = (cv2.contourArea(outer) + 0.5 * len(outer)) / (wide * high)
        # The edge of a line lies a pixel outside of it, and its middle one further in.
        rect = left - 2.0, top - 2.0, left + wide + 2.0, top + high + 2.0
        if _is_circle(part, share):
            found.append((rect, True))
        elif share >= _FILLED:
            found.append((rect, False))
    return sorted(found, key=lambda shape: (shape[0][1], shape[0][0]))


def _is_circle(part: _Mask, share: float) -> bool:
    """Whether a part is round: as wide as high, and none of it in the corners of the box around it."""
    high, wide = part.shape
    if not (_ROUND[0] < share < _ROUND[1] and _CIRCLE[0] <= wide + 4 <= _CIRCLE[1]):
        return False
    if abs(wide - high) > 0.12 * max(wide, high):
        return False
    ends = part[[0, 0, -1, -1], [0, -1, 0, -1]], part[[0, 0, -1, -1], [1, -2, 1, -2]]
    return not any(end.any() for end in (*ends, part[[1, 1, -2, -2], [0, -1, 0, -1]]))


def _off_outlines(size: tuple[int, int], shapes: list[tuple[Rect, bool]]) -> _Mask:
    """0 on the outlines of shapes, 1 elsewhere."""
    free = np.ones(size, np.uint8)
    for (left, top, right, bottom), is_round in shapes:
        if is_round:
            middle = round((left + right) / 2), round((top + bottom) / 2)
            cv2.circle(free, middle, round((right - left) / 2), 0, 7)
        else:
            corners = (round(left), round(top)), (round(right), round(bottom))
            cv2.rectangle(free, *corners, 0, 7)
    return free


def _cell(shape: tuple[Rect, bool], shapes: list[tuple[Rect, bool]], text: _Mask, edges: _Mask) -> Cell:
    (left, top, right, bottom), is_round = shape
    x, y = round(left) + 4, round(top) + 4
    inside = text[y : round(bottom) - 3, x : round(right) - 3]
    printed = None
    if cv2.countNonZero(inside) > 6:
        at_x, at_y, wide, high = cv2.boundingRect(inside)
        printed = (float(x + at_x), float(y + at_y), float(x + at_x + wide), float(y + at_y + high))
    holds = sum(left < l2 and top < t2 and r2 < right and b2 < bottom for (l2, t2, r2, b2), _ in shapes)
    teeth = () if is_round else _teeth(edges, left, right, bottom - 2)
    if teeth and printed and printed[3] >= bottom - 8:
        printed = None
    return Cell(shape[0], is_round, printed, holds, teeth)


def _rules(across: _Mask, edges: _Mask, cells: list[Rect]) -> tuple[Rule, ...]:
    """Lines across that are no sides of cells."""
    joined = cv2.dilate(across, np.ones((3, 1), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    rules = []
    for left, top, wide, high, _ in stats[1:].tolist():
        rect = float(left), float(top + 1), float(left + wide), float(top + high - 1)
        if wide < _SHORTEST_RULE or high > _THICKEST + 6 or any(_is_side(rect, cell) for cell in cells):
            continue
        rules.append(Rule(rect, _teeth(edges, rect[0], rect[2], rect[1])))
    return tuple(sorted(rules, key=lambda rule: (rule.rect[1], rule.rect[0])))


def _shade(grey: NDArray[np.uint8], rect: Rect) -> float:
    """How bright the inside of a rectangle is, in levels of 255."""
    left, top, right, bottom = (round(v) for v in rect)
    return float(np.median(grey[top + 4 : bottom - 3, left + 4 : right - 3]))


def _is_solid(line: Rect, grey: NDArray[np.uint8]) -> bool:
    """Whether a line is as dark all along, which no row of letters is."""
    left, top, right, bottom = (round(v) for v in line)
    around = grey[max(0, top - 3) : bottom + 3, left + 2 : right - 2]
    dark = float(np.quantile(around, 0.9)) - grey[top:bottom, left + 2 : right - 2].min(axis=0)
    return bool(dark.size) and float((dark > 0.6 * np.median(dark)).mean()) >= _SOLID


def _is_drawn(line: Rect, edges: _Mask, rgb: NDArray[np.uint8], grey: NDArray[np.uint8]) -> bool:
    """Whether a line was drawn as one: no row of small letters, no edge of a coloured part or of the page."""
    left, top, right, bottom = (round(v) for v in line)
    if right - left > 0.95 * edges.shape[1]:
        return False
    above, below = max(0, top - 4), bottom + 4
    most = _BESIDE if right - left > _SHORT_RULE else _BESIDE_SHORT
    bands = edges[max(0, above - 5) : above, left:right], edges[below : below + 5, left:right]
    crowded = any(band.size and band.any(axis=0).mean() > most for band in bands)
    if crowded and not _is_solid(line, grey):
        return False
    shades = [
        np.median(rgb[y : y + 2, left:right].reshape(-1, 3), axis=0) for y in (max(0, above - 2), below)
    ]
    return len(shades[1]) == 3 and bool(np.abs(shades[0] - shades[1]).max() <= _SAME_SHADE)


def _is_side(line: Rect, cell: Rect) -> bool:
    """Whether a line runs along the upper or lower side of a cell."""
    middle = (line[1] + line[3]) / 2
    shared = min(line[2], cell[2]) - max(line[0], cell[0])
    near = min(abs(middle - cell[1]), abs(middle - cell[3])) <= 6
    return near and shared > 0.3 * min(line[2] - line[0], cell[2] - cell[0])


def _teeth(edges: _Mask, left: float, right: float, line: float) -> tuple[float, ...]:
    """Where short lines stand on a line at regular distances, the line's ends among them; empty for none.

    Args:
        edges: of the page.
        left: of the line.
        right: of the line.
        line: its upper edge, a row.
    """
    low, first, last = round(line) - 2, max(0, round(left) - 3), round(right) + 4
    high = low - round(_TOOTH)
    if high < 0 or last - first < 3 * _LEAST_SIDE:
        return ()
    stands = edges[high:low, first:last].all(axis=0).astype(np.int8)
    turns = np.flatnonzero(np.diff(np.concatenate([[0], stands, [0]])))
    starts, ends = turns[::2], turns[1::2]
    places = [(s + e) / 2 + first for s, e in zip(starts, ends, strict=True) if e - s <= _THICKEST + 2]
    if len(places) < 2:
        return ()
    pitch = float(np.median(np.diff(places)))
    if places[0] - left > 0.5 * pitch:
        places.insert(0, left)
    if right - places[-1] > 0.5 * pitch:
        places.append(right)
    gaps = np.diff(places)
    regular = len(gaps) >= 2 and bool((np.abs(gaps - pitch) <= 0.12 * pitch + 2).all())
    return tuple(float(x) for x in places) if regular and pitch >= _LEAST_SIDE else ()
