"""Take the printed lines of a form out of ink: boxes, combs, underlines, rules; what is written stays.

In: ink, float32 `(height, width)`, whose lines are about level. Out: the same with the lines gone and the
strokes that cross them mended. A line is known by its place in a form, never by its length alone: rules run
on for longer than strokes do, the sides of boxes stand between two of them, the teeth of a comb are alike.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.imaging.connected import connected, pixels_of
from inkread.imaging.counts import median
from inkread.imaging.form_crossings import crossings
from inkread.imaging.form_sides import Band, sides_between
from inkread.imaging.form_teeth import Rule, teeth_on

__all__ = ["form_lines", "without_form"]

_Mask = NDArray[np.uint8]

_INKED = 0.2
"""Lines may be printed faintly."""
_FIRM = 0.5
"""What stands beside a line is no grain where it is as dark as this."""
_THIN = 8.0
"""A frame is so many times as high as its lines are wide at least."""
_THICK, _THICKEST = 0.03, 14
"""The thickest line, as a share of the longest side, five pixels at least; and in pixels."""
_RUN_OF_WIDTH, _RUN_OF_HEIGHT = 0.3, 0.75
"""A rule runs on for one of these shares of the picture, whichever is less."""
_CLIMB = 0.07
"""A line climbs by at most this share of its length."""
_WANDER = 0.35
"""A rule is off its straight way by so many pixels on average at most, and so much of its width."""
_NEAR, _AS_WIDE = 1.5, 1.35
"""Lines meet within so many of their widths; the lines of a form differ in width by less than this."""
_FILLED = (0.02, 0.5)
"""So much of the inside of a box is inked where something is written in it."""
_LEAST_BOX = 16
"""The least height of a box, pixels."""
_SHOWN = 0.8
"""A line shows, or a stroke across it does, on at least this share of its way."""
_PLAIN, _WANDERS = 0.65, 0.003
"""So much of a line shows its usual width; one drawn by hand wanders by so much of its length besides."""
_BOTH, _EITHER, _FAINTER = 0.3, 0.12, 0.6
"""A line runs through writing where so much of the ink beside it is on its poorer side, and there is so much
of it; it is printed all the same where it is fainter than this share of all ink."""
_SIDE = 0.72
"""A side of a box shows on at least this share of the way between the lines above and below."""
_BOX = 0.05
"""The least side of a box, as a share of the picture's longest side; twelve pixels at least."""
_DARKER = 0.3
"""Ink so much darker than a line is a stroke upon it."""
_MOST = 250
"""A mask with more pieces of lines than this is texture."""
_MOST_BANDS = 12
"""Rules, from the top, between which sides of boxes are looked for."""


@dataclass(frozen=True, slots=True, eq=False)
class _Lines:
    """Pieces of lines along the rows of a mask.

    Attributes:
        ends: `(n, 2)`, where each begins and ends (exclusive).
        rows: `(n, 2)`, the same of its rows.
        middle: `(n,)`, its row.
        wide: `(n,)`, how wide it is, pixels.
        number: `(n,)`, of its pixels in `labels`.
        labels: `(height, width)` of the mask.
        count: numbers in `labels`, 0 among them.
        known: number -> whether it is straight, of those that were asked for.
        ways: number -> the straight line along it, of those that were asked for.
    """

    ends: NDArray[np.float64]
    rows: NDArray[np.int64]
    middle: NDArray[np.float64]
    wide: NDArray[np.float64]
    number: NDArray[np.int64]
    labels: NDArray[np.integer[Any]]
    count: int
    known: dict[int, bool] = field(default_factory=dict)
    ways: dict[int, tuple[float, float]] = field(default_factory=dict)

    def take(self, which: NDArray[np.bool_]) -> _Lines:
        ends, rows, middle = self.ends[which], self.rows[which], self.middle[which]
        wide, number = self.wide[which], self.number[which]
        return _Lines(ends, rows, middle, wide, number, self.labels, self.count, self.known, self.ways)

    def straight(self) -> _Lines:
        for place, number in enumerate(self.number.tolist()):
            if number not in self.known:
                self.known[number] = _is_straight(self, place)
        return self.take(np.array([self.known[number] for number in self.number.tolist()], np.bool_))


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
    level = median(ink[lines.view(np.bool_)])
    around = cv2.dilate(lines, np.ones((3, 3), np.uint8))
    kept = crossings(ink, lines, around) | (ink > level + _DARKER).view(np.uint8)
    return np.asarray(cv2.copyTo(ink, kept | (1 - around)), np.float32)


def form_lines(ink: NDArray[np.float32]) -> _Mask:
    """Where the lines of a form are: uint8 `(height, width)`, 1 on a line, strokes across it included."""
    mask = (ink > _INKED).view(np.uint8)
    height, width = mask.shape
    found = np.zeros(mask.shape, np.uint8)
    if height < 12 or width < 16 or not mask.any():
        return found
    thick = _thickest(mask.shape)
    box = max(12, round(_BOX * max(mask.shape)))
    across = _lines(mask, box, thick)
    down = _lines(mask, box, thick, is_down=True)
    if max(len(across.number), len(down.number)) > _MOST:
        return found  # texture
    long = np.diff(across.ends, axis=1).ravel() >= min(_RUN_OF_WIDTH * width, _RUN_OF_HEIGHT * height)
    rules = across.take(long).straight()
    framing, sides = _frames(rules, down, width)
    rules = rules.take(framing | _are_beside(rules, ink))
    edges, uprights = _boxes(across.take(~long), down, mask)
    sides |= uprights | _between(rules, down) | _through(down, height)
    for lines, numbers in ((across, {*rules.number.tolist(), *edges}), (down, sides)):
        if not numbers:
            continue
        part = pixels_of(lines.labels, numbers, lines.count)
        found |= part if lines is across else cv2.transpose(part)
    found |= sides_between(ink, _bands(rules, mask.shape)) | teeth_on(ink, _carrying(rules, mask.shape))
    return np.asarray(found & mask, np.uint8)


def _thickest(shape: tuple[int, ...]) -> int:
    return min(_THICKEST, max(5, round(_THICK * max(shape))))


def _lines(mask: _Mask, least: int, thick: int, *, is_down: bool = False) -> _Lines:
    """Thin straight pieces along the rows, `least` long or longer; those that run down, of it turned."""
    across, along = ((1, -1), (-1, 1)) if is_down else ((-1, 1), (1, -1))
    ones = np.ones(max(least, 2 * thick + 3), np.uint8)
    solid = cv2.morphologyEx(mask, cv2.MORPH_OPEN, ones[: thick + 1].reshape(across))
    thin = cv2.subtract(mask, solid)
    broad = cv2.dilate(thin, ones[:3].reshape(across))
    # A line goes on under strokes that cross it, not over bare paper.
    joined = cv2.morphologyEx(broad, cv2.MORPH_CLOSE, ones[: 2 * thick + 3].reshape(along))
    inked = cv2.dilate(mask, ones[:3].reshape(across))
    joined = cv2.min(joined, cv2.morphologyEx(inked, cv2.MORPH_CLOSE, ones[:3].reshape(along)))
    runs = cv2.morphologyEx(joined, cv2.MORPH_OPEN, ones[:least].reshape(along))
    linked = cv2.morphologyEx(runs, cv2.MORPH_CLOSE, ones[:thick].reshape(along))
    if is_down:
        runs, linked = cv2.transpose(runs), cv2.transpose(linked)
    if not cv2.countNonZero(runs):
        none, places = np.zeros(0), np.zeros(0, np.int64)
        return _Lines(np.zeros((0, 2)), np.zeros((0, 2), np.int64), none, none, places, runs, 1)
    labels, stats = connected(linked)
    left, top, wide, high, area = stats.T
    number = np.flatnonzero(high <= thick + 3 + _CLIMB * wide)
    number = number[number > 0]
    ends = np.stack([left, left + wide], 1)[number].astype(np.float64)
    rows = np.stack([top, top + high], 1)[number].astype(np.int64)
    usual = np.maximum(1.0, area / np.maximum(wide, 1) - 2)[number]  # they were made wider by two
    labels *= runs
    return _Lines(ends, rows, (top + high / 2)[number], usual, number, labels, len(stats))


def _is_straight(lines: _Lines, place: int) -> bool:
    """Whether a piece keeps to one straight line and one width; strokes in a row do not."""
    left, right = lines.ends[place].astype(int)
    reach = round(0.5 * (_THICKEST + 4 + _CLIMB * (right - left))) + 1
    top = max(0, round(lines.middle[place]) - reach)
    own = lines.labels[top : round(lines.middle[place]) + reach + 1, left:right] == lines.number[place]
    weights = np.stack([np.ones(len(own), np.float32), np.arange(len(own), dtype=np.float32)])
    thick, below = (weights @ own.astype(np.float32)).astype(np.float64)
    x = np.flatnonzero(thick)
    if len(x) < max(4.0, _SHOWN * (right - left)):
        return False
    thick, middle = thick[x], below[x] / thick[x]
    usual = float(np.partition(thick, len(x) // 2)[len(x) // 2])
    plain = np.abs(thick - usual) <= 0.3 * usual + 1  # where no stroke lies along it
    if plain.sum() < _PLAIN * len(x):
        return False
    x, middle = x[plain], middle[plain]
    x, middle = x - x.sum() / len(x), middle - middle.sum() / len(x)
    off = np.abs(middle - x * (float(x @ middle) / max(float(x @ x), 1.0)))
    return float(off.sum()) / len(x) <= _WANDER + 0.04 * usual + _WANDERS * (right - left)


def _frames(rules: _Lines, down: _Lines, width: int) -> tuple[NDArray[np.bool_], set[int]]:
    """Which rules are the top or the bottom of a frame, and the numbers of its sides.

    The border of the picture may cut off a side.
    """
    framing, sides = np.zeros(len(rules.number), np.bool_), set[int]()
    order = np.argsort(rules.middle)
    for place, upper in enumerate(order):
        for lower in order[place + 1 :]:
            (left, right), below = rules.ends[upper], rules.ends[lower]
            gap = rules.middle[lower] - rules.middle[upper]
            wide = max(rules.wide[upper], rules.wide[lower])
            near = _NEAR * wide + 3
            if gap < max(_LEAST_BOX, _THIN * wide) or np.abs(rules.ends[upper] - below).max() > 2 * near:
                continue
            ends = np.abs(down.ends - rules.middle[[upper, lower]]).max(1) <= near + 0.08 * gap
            found = [down.take(ends & (np.abs(down.middle - at) <= 2 * near)) for at in (left, right)]
            cut = left <= 2, right >= width - 2
            if all(len(some.number) or gone for some, gone in zip(found, cut, strict=True)) and not all(cut):
                framing[[upper, lower]] = True
                sides |= {number for some in found for number in some.number.tolist()}
    return framing, sides


def _are_beside(rules: _Lines, ink: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which rules run beside what is written.

    One through the middle of it strikes it out, or is the middles of letters in a row, unless it goes from
    border to border or is fainter than the pen.
    """
    height, width = ink.shape
    if not len(rules.number):
        return np.zeros(0, np.bool_)
    mask = (ink > _FIRM).view(np.uint8)
    reach = min(max(int(0.1 * height), 6), 9)
    room = reach + _THICKEST
    framed = cv2.copyMakeBorder(mask, room, room, 0, 0, cv2.BORDER_CONSTANT, value=[0])
    # Of each pixel, whether there is ink within reach from it downwards.
    within = cv2.dilate(framed, np.ones((reach, 1), np.uint8), anchor=(0, 0)).view(np.bool_)
    fine = []
    for place, (left, right) in enumerate(rules.ends.astype(int)):
        slope, start = _way(rules, place)
        along = np.arange(right - left)
        row = np.round(slope * along + (start + slope * left)).astype(np.int64) + room
        near = round(0.5 * rules.wide[place]) + 2
        above, below = (within[row + off, left + along] for off in (1 - near - reach, near))
        either = int(np.count_nonzero(above | below))
        both = min(int(np.count_nonzero(above)), int(np.count_nonzero(below)))
        is_through = both > _BOTH * either and either > _EITHER * (right - left)
        crosses = left <= 2 and right >= width - 2
        fine.append(not is_through or crosses or _is_faint(ink, _pixels(rules, place)))
    return np.array(fine, np.bool_)


def _is_faint(ink: NDArray[np.float32], pixels: tuple[NDArray[np.int64], NDArray[np.int64]]) -> bool:
    """Whether some pixels are fainter than ink is for the most part."""
    return float(np.mean(ink[pixels])) < _FAINTER * float(np.mean(ink[ink > _INKED]))


def _between(rules: _Lines, down: _Lines) -> set[int]:
    """Pieces that run down from one rule to the next: the sides of boxes."""
    found: set[int] = set()
    order = np.argsort(rules.middle)[:40]
    for place, upper in enumerate(order):
        for lower in order[place + 1 : place + 5]:
            above, below = rules.middle[[upper, lower]]
            gap = below - above
            wide = max(rules.wide[upper], rules.wide[lower])
            near = _NEAR * wide + 3
            if gap < max(8.0, 4 * wide):
                continue
            slack = near + 0.08 * gap
            left, right = rules.ends[upper], rules.ends[lower]
            x, y = down.middle, down.ends
            ok = (max(left[0], right[0]) - near <= x) & (x <= min(left[1], right[1]) + near)
            ok &= (np.abs(y[:, 0] - above) <= slack) & (np.abs(y[:, 1] - below) <= slack)
            ok &= np.minimum(y[:, 1], below) - np.maximum(y[:, 0], above) >= _SIDE * gap
            ok &= down.wide <= _AS_WIDE * wide + 1
            sides = down.take(ok).straight()
            if len(sides.number) > 1:  # a single one is more likely a 1
                found |= {*sides.number.tolist(), *_in_step(down.take(ok), sides)}
    return found


def _in_step(some: _Lines, sides: _Lines) -> list[int]:
    """The pieces along which strokes run that stand where the equal steps of other sides say."""
    middle = np.sort(sides.middle)
    step = float(np.diff(middle).min(initial=np.inf))
    if len(middle) < 3 or step < _LEAST_BOX:
        return []
    off = np.abs((some.middle - middle[0]) / step - np.round((some.middle - middle[0]) / step))
    return [int(number) for number in some.number[off * step <= 0.06 * step + 1]]


def _carrying(rules: _Lines, shape: tuple[int, ...]) -> list[Rule]:
    """The rules on which teeth of combs may stand, and the border where it may have cut one off."""
    height, width = shape
    border = Rule(0.0, float(height), 0, width, float(_thickest(shape)), is_border=True)
    some = []
    for place in np.argsort(rules.middle)[-_MOST_BANDS:].tolist():
        slope, start = _way(rules, place)
        wide = float(rules.wide[place])
        left, right = (rules.ends[place] + (-wide - 3, wide + 3)).astype(int).tolist()
        some.append(Rule(slope, start, left, right, wide))
    return [*some, border]


def _boxes(across: _Lines, down: _Lines, mask: _Mask) -> tuple[set[int], set[int]]:
    """Boxes that stand by themselves: two pieces across, of one length, and two down at their ends."""
    edges: set[int] = set()
    sides: set[int] = set()
    (left, right), row = across.ends.T, across.middle
    near = _NEAR * np.maximum(across.wide[:, None], across.wide) + 2
    gap = row[None] - row[:, None]
    wide = (right - left)[:, None]
    alike = (np.abs(left[:, None] - left) <= near) & (np.abs(right[:, None] - right) <= near)
    alike &= (0.5 * wide <= gap) & (gap <= 2.5 * wide) & (gap >= _LEAST_BOX)
    sizes = [(float(wide[upper, 0]), float(row[upper])) for upper, _ in np.argwhere(alike)]
    for (upper, lower), (size, top) in zip(np.argwhere(alike), sizes, strict=True):
        reach = near[upper, lower]
        ends = np.abs(down.ends - [row[upper], row[lower]]).max(1) <= reach + 0.08 * gap[upper, lower]
        beside = [
            down.take(ends & (np.abs(down.middle - at) <= reach)).straight()
            for at in (left[upper], right[upper])
        ]
        if not all(len(some.number) for some in beside):
            continue
        # Boxes come in rows; one alone has something in it, which a 0 or a D has not.
        x, y = round(reach + left[upper]), round(reach + row[upper])
        within = mask[y : round(row[lower] - reach), x : round(right[upper] - reach)]
        is_one = not sum(abs(s - size) <= 0.12 * size and abs(t - top) <= reach for s, t in sizes) > 1
        thick = max(across.wide[upper], across.wide[lower]) > gap[upper, lower] / _THIN
        if is_one and (thick or within.size == 0 or not _FILLED[0] < float(within.mean()) < _FILLED[1]):
            continue
        edges |= {int(across.number[upper]), int(across.number[lower])}
        sides |= {number for some in beside for number in some.number.tolist()}
    return edges, sides


def _through(down: _Lines, height: int) -> set[int]:
    """Three pieces or more that run down the whole picture: boxes whose tops and bottoms were cut off."""
    whole = (down.ends[:, 0] <= 2) & (down.ends[:, 1] >= height - 2)
    return set(down.number[whole].tolist()) if whole.sum() >= 3 else set()


def _bands(rules: _Lines, shape: tuple[int, ...]) -> list[Band]:
    """The rooms between rules that are one below the other, and between the outer ones and the border."""
    bands: list[Band] = []
    order = np.argsort(rules.middle)[:_MOST_BANDS].tolist()
    ways = {place: _way(rules, place) for place in order}
    for number, place in enumerate(order):
        left, right = rules.ends[place].astype(int).tolist()
        wide = float(rules.wide[place])
        near = round(_NEAR * wide) + 3
        lower = order[number + 1] if number + 1 < len(order) else None
        if number == 0:
            bands.append(Band((0.0, 0.0), ways[place], left - near, right + near, wide, 3))
        if lower is None:
            end = (0.0, float(shape[0]))
            bands.append(Band(ways[place], end, left - near, right + near, wide, 3))
            continue
        left, right = max(left, int(rules.ends[lower, 0])), min(right, int(rules.ends[lower, 1]))
        wide = max(wide, float(rules.wide[lower]))
        bands.append(Band(ways[place], ways[lower], left - near, right + near, wide, 2))
    return bands


def _way(lines: _Lines, place: int) -> tuple[float, float]:
    """The straight line along a piece, by least ones: its slope, and where it is at x 0."""
    number = int(lines.number[place])
    if number not in lines.ways:
        y, x = _pixels(lines, place)
        middle = float(x.sum()) / len(x)
        away = x - middle
        slope = float(away @ y) / float(away @ away)
        lines.ways[number] = slope, float(y.sum()) / len(y) - slope * middle
    return lines.ways[number]


def _pixels(lines: _Lines, place: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The rows and the columns of a piece's pixels."""
    (left, right), (top, bottom) = lines.ends[place].astype(int), lines.rows[place]
    y, x = np.nonzero(lines.labels[top:bottom, left:right] == lines.number[place])
    return y + top, x + left
