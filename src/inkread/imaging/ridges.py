"""Follow the lines of writing through a page: where the middle of each line's small letters runs.

In: a mask of ink without rules, uint8 `(height, width)`, about upright, and the height of its letters. Out:
`Track`s, one a line: points from left to right. Letters are smeared along the line, and the crests of what
comes out are followed from column to column, so that lines may slant and bend.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["Track", "tracks"]

_ALONG, _DOWN = 2.0, 0.34
"""Sigmas of the smearing along the lines and across them, in heights of a letter."""
_APART = 0.42
"""Crests nearer to one another than this, in heights of a letter, are one."""
_STEP = 0.25
"""Columns that are looked at are this far apart, in heights of a letter."""
_FAINT = 0.25
"""A crest lower than this share of the usual one is none."""
_SKIP = 4.0
"""A gap as wide as this, in heights of a letter, parts two lines that stand side by side."""
_CARRIED, _CALM, _LAST, _STEEP = 4.0, 0.02, 0.4, 0.4
"""A line goes on as it did for so many heights of a letter; so much of its slope is renewed a pixel, and of
its level a point; a step steeper than the last counts as that."""
_ASIDE, _CLIMB = 0.3, 0.08
"""A line goes on where its crest is at most so many heights off, and so much more a pixel of gap."""
_TRACE = 0.15
_WORD_GAP = 1.9
"""The room between words, in heights of a letter, at least."""
_FEW_GAPS = 6
_GUTTER_WIDTH = 1.2
"""A bare strip between columns is wider than the room between words by this many heights of a letter."""
_GUTTER_LINES, _TIGHT = 5.0, 2.0
"""It runs past so many lines; lines are at least so many heights of a letter apart, for this."""
_LONG = 4.0
"""From this length on, in heights of a letter, a crest is surely no bit of a line."""
_ROOM = (1.4, 0.45)
"""Between two lines that are less than this many times the usual distance apart there is no third; and none
is so much nearer to another than is usual."""
_JUMP = (0.55, 0.33)
"""Pieces of a line are off one another by at most so many heights of a letter, or this share of the distance
between lines where that is more."""
_ENOUGH = 12.0
"""Letters this high, in pixels, are high enough to follow lines by."""
_SHORTEST = 0.5
"""The shortest line, in heights of a letter."""


@dataclass(slots=True, eq=False)
class Track:
    """The middle of a line: `x`, from left to right, `y`, and how high the crest is at each point.

    `level` and `slope` are those of its right end, without the ups and downs of letters.
    """

    x: list[float] = field(default_factory=list)
    y: list[float] = field(default_factory=list)
    height: list[float] = field(default_factory=list)
    level: float = 0.0
    slope: float = 0.0

    def at(self, x: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """The height of the line at some x, level beyond its ends."""
        return np.asarray(np.interp(x, self.x, self.y), np.float64)

    def ahead(self, x: float, letter: float) -> float:
        """Where the line would be at an x to its right, its slope of late carried on, not too far."""
        return self.level + self.slope * min(x - self.x[-1], _CARRIED * letter)

    def extend(self, x: float, y: float, height: float) -> None:
        """Go on to a point to the right."""
        if self.x:
            step = max(x - self.x[-1], 1.0)
            climb = (y - self.y[-1]) / step
            self.slope += min(1.0, _CALM * step) * (max(-_STEEP, min(_STEEP, climb)) - self.slope)
            self.level += _LAST * (y - self.level)
        else:
            self.level = y
        self.x.append(x)
        self.y.append(y)
        self.height.append(height)


def tracks(mask: NDArray[np.uint8], letter: float) -> list[Track]:
    """The lines of a page, from the top, unordered otherwise.

    Args:
        mask: `(height, width)`, 1 where there is ink.
        letter: the height of its letters, pixels.
    """
    factor = min(1.0, _ENOUGH / letter)
    if factor < 1:
        size = max(1, round(mask.shape[1] * factor)), max(1, round(mask.shape[0] * factor))
        small = cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_AREA)
        along, down = mask.shape[1] / size[0], mask.shape[0] / size[1]
        found = _tracks(small, letter * factor)
        return [
            Track([x * along for x in t.x], [(y + 0.5) * down - 0.5 for y in t.y], t.height) for t in found
        ]
    return _tracks(mask.astype(np.float32), letter)


def _tracks(mask: NDArray[np.float32], letter: float) -> list[Track]:
    smeared = cv2.GaussianBlur(
        mask,
        (0, 0),
        sigmaX=_ALONG * letter,
        sigmaY=_DOWN * letter,
        borderType=cv2.BORDER_CONSTANT,
    )
    reach = max(1, round(_APART * letter))
    highest = cv2.dilate(smeared, np.ones((2 * reach + 1, 1), np.uint8))
    step = max(1, round(_STEP * letter))
    columns = np.arange(step // 2, mask.shape[1], step)
    crests = (smeared >= highest)[:, columns] & (smeared[:, columns] > 0.01)
    heights = smeared[:, columns]
    if not crests.any():
        return []
    usual = float(np.median(heights[crests & (heights > 0.25 * heights.max())]))
    crests &= heights > _FAINT * usual
    walls = np.zeros(mask.shape, np.int32)
    found = _followed(crests, heights, columns, walls, letter)
    wide = _GUTTER_WIDTH * letter + max(1.5 * _word_gap(mask, found, letter), _WORD_GAP * letter)
    gutters = _gutters(mask, wide, _GUTTER_LINES * max(_pitch(found, letter), _TIGHT * letter))
    if gutters.any():
        crests &= ~gutters[:, columns]
        walls = np.cumsum(gutters, axis=1, dtype=np.int32)
        found = _followed(crests, heights, columns, walls, letter)
    pitch = _pitch(found, letter)
    found = [t for t in found if t.x[-1] - t.x[0] >= _SHORTEST * letter]
    joined = _joined(found, walls, letter, max(_JUMP[0] * letter, _JUMP[1] * pitch))
    return _with_room(_distinct(joined, letter), pitch, letter)


def _word_gap(mask: NDArray[np.float32], found: list[Track], letter: float) -> float:
    """The room that is between most words, pixels."""
    reach = max(1, round(0.4 * letter))
    band = cv2.dilate((mask > _TRACE).astype(np.uint8), np.ones((2 * reach + 1, 1), np.uint8))
    gaps = []
    for t in found:
        along = np.arange(int(t.x[0]), int(t.x[-1]) + 1)
        inked = np.flatnonzero(band[np.round(t.at(along.astype(np.float64))).astype(np.int64), along])
        gaps.append(np.diff(inked))
    wide = np.concatenate([*gaps, [0]])
    wide = wide[wide > 0.5 * letter]
    return float(np.quantile(wide, 0.6)) if wide.size >= _FEW_GAPS else _WORD_GAP * letter


def _pitch(found: list[Track], letter: float) -> float:
    """How far apart lines usually are, pixels; 0 where there are none below one another."""
    long = [t for t in found if t.x[-1] - t.x[0] >= _LONG * letter]
    steps = []
    for t in long:
        x = 0.5 * (t.x[0] + t.x[-1])
        y = float(t.at(x))
        below = [float(o.at(x)) - y for o in long if o.x[0] <= x <= o.x[-1] and o is not t]
        below = [step for step in below if step > 0]
        steps += [min(below)] if below else []
    return float(np.median(steps)) if steps else 0.0


def _gutters(mask: NDArray[np.float32], wide: float, high: float) -> NDArray[np.bool_]:
    """Where bare strips run down between columns, wider than the room between words, past several lines."""
    solid = (mask > _TRACE).astype(np.uint8)
    strip = np.ones((max(3, round(high)), max(2, round(wide))), np.uint8)
    return np.asarray(cv2.morphologyEx(1 - solid, cv2.MORPH_OPEN, strip) > 0, np.bool_)


def _followed(
    crests: NDArray[np.bool_],
    heights: NDArray[np.float32],
    columns: NDArray[np.int64],
    walls: NDArray[np.int32],
    letter: float,
) -> list[Track]:
    """Crests joined from column to column, but not through walls, which are counted from the left."""
    done: list[Track] = []
    active: list[Track] = []
    for i, x in enumerate(columns.tolist()):
        rows = np.flatnonzero(crests[:, i])
        done += [t for t in active if x - t.x[-1] > _SKIP * letter]
        active = [t for t in active if x - t.x[-1] <= _SKIP * letter]
        free = set(range(len(rows)))
        grown: set[int] = set()
        for j, k in _pairs(active, rows, x, walls, letter):
            if k in free and j not in grown:
                free.remove(k)
                grown.add(j)
                active[j].extend(float(x), float(rows[k]), float(heights[rows[k], i]))
        for k in sorted(free):
            active.append(Track())
            active[-1].extend(float(x), float(rows[k]), float(heights[rows[k], i]))
    return done + active


def _pairs(
    active: list[Track], rows: NDArray[np.int64], x: int, walls: NDArray[np.int32], letter: float
) -> list[tuple[int, int]]:
    """Which tracks may go on at which of some rows of a column, the most fitting first."""
    if not active or not len(rows):
        return []
    last = np.array([t.x[-1] for t in active])
    gap = (x - last)[:, None]
    off = np.abs(rows - np.array([t.ahead(x, letter) for t in active])[:, None])
    fits = off <= _ASIDE * letter + _CLIMB * gap
    fits &= walls[rows, x] == walls[rows[None], last.astype(np.int64)[:, None]]
    j, k = np.nonzero(fits)
    order = np.argsort((off + 0.1 * gap)[j, k], kind="stable")
    return list(zip(j[order].tolist(), k[order].tolist(), strict=True))


def _joined(found: list[Track], walls: NDArray[np.int32], letter: float, jump: float) -> list[Track]:
    """Pieces that continue one another made one: smearing breaks a line where it jumps."""
    found = sorted(found, key=lambda t: t.x[0])
    k = 0
    while k < len(found):
        t = found[k]
        best, least = None, np.inf
        for other in found[k + 1 :]:
            gap = other.x[0] - t.x[-1]
            if not -2 * letter <= gap <= _SKIP * letter or other.x[-1] <= t.x[-1]:
                continue
            row = walls[int(other.y[0])]
            if row[int(max(other.x[0], t.x[-1]))] != row[int(t.x[-1])]:
                continue
            off = abs(float(np.mean(other.y[:5])) - t.ahead(other.x[0], letter))
            if off <= jump + _CLIMB * max(gap, 0.0) and off + 0.1 * abs(gap) < least:
                best, least = other, off + 0.1 * abs(gap)
        if best is None:
            k += 1
            continue
        start = next((i for i, x in enumerate(best.x) if x > t.x[-1]), len(best.x))
        t.x += best.x[start:]
        t.y += best.y[start:]
        t.height += best.height[start:]
        t.level, t.slope = best.level, best.slope
        found.remove(best)
    return found


def _distinct(found: list[Track], letter: float) -> list[Track]:
    """Without faint crests that run between two lines: tails and ascenders that meet there."""
    strength = [float(np.mean(t.height)) for t in found]
    kept = []
    for k, t in enumerate(found):
        x = np.array(t.x)
        rivals = 0.0
        for j, other in enumerate(found):
            if j == k or strength[j] < 1.6 * strength[k]:
                continue
            inside = (x >= other.x[0] - letter) & (x <= other.x[-1] + letter)
            near = np.abs(other.at(x) - np.array(t.y)) < 1.15 * letter
            rivals += float(np.mean(inside & near))
        if rivals < 0.7:
            kept.append(t)
    return sorted(kept, key=lambda t: float(np.mean(t.y)))


def _with_room(found: list[Track], pitch: float, letter: float) -> list[Track]:
    """Without short crests that have no room for a line: loops of tails, bits of capitals."""
    kept = []
    for t in found:
        x = 0.5 * (t.x[0] + t.x[-1])
        y = float(t.at(x))
        long = [o for o in found if o.x[0] - letter <= x <= o.x[-1] + letter and o is not t]
        long = [o for o in long if o.x[-1] - o.x[0] > 2 * (t.x[-1] - t.x[0])]
        offs = [float(o.at(x)) - y for o in long]
        above = min((-off for off in offs if off <= 0), default=np.inf)
        below = min((off for off in offs if off > 0), default=np.inf)
        is_short = t.x[-1] - t.x[0] < 0.75 * _LONG * letter
        has_room = above + below > _ROOM[0] * pitch and min(above, below) > _ROOM[1] * pitch
        if has_room or not is_short:
            kept.append(t)
    return kept
