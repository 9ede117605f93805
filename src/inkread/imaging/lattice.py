"""Grow a lattice from crossings of lines: which of them stand in the rows and columns of one grid.

In: crossings and the maps of lines they are from. Out: `Lattice`s, crossings by their row and column. Every
step is local, from known crossings to the next, so that curved paper and perspective do no harm; what is
written in the cells crosses itself, too, but not at the same distances over and over.

Source of the idea: Geiger et al., Automatic camera and range sensor calibration using a single shot, ICRA
2012, who grow chessboards so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inkread.imaging.grid_lines import Lines, crossings, lines_of

__all__ = ["Ground", "Lattice", "grow", "shown"]

_Points = NDArray[np.float64]
_Pairs = NDArray[np.int64]
_Place = tuple[int, int]

_LEAST = 14
"""Sides of cells are at least so many pixels."""
_LARGEST = 0.34
"""Sides of cells are at most this share of the longest side."""
_SEEN, _WEAK = 0.3, 0.18
"""A line shows between two crossings from here on; one that growth may follow."""
_SLANT = 0.35
"""A side climbs by at most this share of its length."""
_CLOSES = 0.16
"""The fourth corner of a cell is where the others tell, to this share of its sides."""
_ALIKE = 0.14
"""Cells are alike whose sides differ by less than this share."""
_SNAP = 0.22
"""The next crossing is where its neighbours tell, to this share of a step."""
_STEPS, _POORER = np.linspace(0.12, 0.88, 13), 4
_WHOLE = np.linspace(0.04, 0.96, 15)
"""From side to side of a cell."""
_INSIDE = np.linspace(0.24, 0.76, 14)
"""Where in a cell others of its lines may run."""
_CHOICE = 5
_SEEDS = 14
_NEAREST = 25
_LONGISH = 5.0
"""A cell is at most so many times as wide as high, or as high as wide."""
_PART = 2000
_AROUND = ((0, 1), (0, -1), (1, 0), (-1, 0))


@dataclass(slots=True, eq=False)
class Lattice:
    """Crossings by their place.

    Attributes:
        at: (row, column), counted from anywhere, to the number of a crossing.
        taken: the same numbers.
    """

    at: dict[_Place, int]
    taken: set[int]


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What lattices grow on.

    Attributes:
        lines: of a picture.
        points: `(n, 2)`, (x, y) of its crossings, pixels.
        scores: `(n,)`, how sure each is, 0..1.
        spots: the crossings as complex numbers.
    """

    lines: Lines
    points: _Points
    scores: _Points
    spots: tuple[complex, ...]

    @staticmethod
    def of(rgb: NDArray[np.uint8]) -> Ground:
        """The ground of a picture `(height, width, 3)` of working size, about level."""
        lines = lines_of(rgb)
        points, scores = crossings(lines)
        return Ground(lines, points, scores, tuple(complex(x, y) for x, y in points.tolist()))


@dataclass(frozen=True, slots=True)
class _Told:
    """Where a crossing should be, by each way of telling it, and the least step of the lattice there."""

    ways: list[complex]
    step: float


def shown(values: NDArray[np.float32], start: _Points, end: _Points) -> _Points:
    """How much of a line shows between points.

    Args:
        values: `Lines.across` or `.down`.
        start: `(..., 2)` of (x, y), pixels.
        end: as many points.

    Returns:
        `(...)`, 0..1: what the map says at the poorer points of the way; its ends do not count.
    """
    return np.asarray(np.sort(_along(values, start, end, _STEPS), axis=0)[_POORER], np.float64)


def _along(values: NDArray[np.float32], start: _Points, end: _Points, steps: _Points) -> _Points:
    """What a map says at some shares of the ways between points: `(len(steps), ...)`."""
    way = start + (end - start) * steps[(...,) + (None,) * start.ndim]
    high, width = values.shape
    x = np.minimum(np.maximum(way[..., 0] + 0.5, 0), width - 1).astype(np.int32)
    y = np.minimum(np.maximum(way[..., 1] + 0.5, 0), high - 1).astype(np.int32)
    return np.asarray(values[y, x], np.float64)


def grow(ground: Ground) -> Iterator[Lattice]:
    """Grow lattices from the cells that most others are like.

    Args:
        ground: the crossings of a picture.

    Yields:
        Lattices that share at most a few crossings, from the likeliest seeds first.
    """
    lines, points = ground.lines, ground.points
    longest = _LARGEST * max(lines.across.shape)
    right = _sides(points, lines.across, 0, longest)
    below = _sides(points, lines.down, 1, longest)
    seeds = _popular(_cells(points, right, below, lines), points)
    known: list[set[int]] = []
    for seed in seeds.tolist():
        if any(len(taken.intersection(seed)) >= 3 for taken in known):
            continue
        lattice = _grown(seed, ground)
        known.append(lattice.taken)
        yield lattice
        if len(known) == _SEEDS:
            return


def _sides(points: _Points, values: NDArray[np.float32], axis: int, longest: float) -> _Pairs:
    """Pairs of crossings with a line between them, to the right (axis 0) or below (axis 1).

    Returns:
        `(n, 3)`: the nearest three of each crossing, -1 where there are fewer.
    """
    along = points[None, :, axis] - points[:, None, axis]
    aside = np.abs(points[None, :, 1 - axis] - points[:, None, 1 - axis])
    start, end = np.nonzero((along >= _LEAST) & (along <= longest) & (aside <= _SLANT * along))
    start, end = _first(start, end, along, _NEAREST)
    seen = shown(values, points[start], points[end]) >= _SEEN if len(start) else np.zeros(0, bool)
    start, end = _first(start[seen], end[seen], along, 3)
    found = np.full((len(points), 3), -1)
    found[start, np.arange(len(start)) - np.searchsorted(start, start)] = end
    return found


def _first(start: _Pairs, end: _Pairs, along: _Points, most: int) -> tuple[_Pairs, _Pairs]:
    """Of pairs, so many of each start whose ends are nearest; sorted."""
    order = np.lexsort((along[start, end], start))
    start, end = start[order], end[order]
    near = np.arange(len(start)) - np.searchsorted(start, start) < most
    return start[near], end[near]


def _cells(points: _Points, right: _Pairs, below: _Pairs, lines: Lines) -> _Pairs:
    """Cells with all four sides shown: `(n, 4)`, crossings from the upper left, row by row."""
    a, m, k = (v.ravel() for v in np.indices((len(points), 3, 3)))
    b, c = right[a, m], below[a, k]
    a, b, c = (v[(b >= 0) & (c >= 0)] for v in (a, b, c))
    size = np.stack([points[b, 0] - points[a, 0], points[c, 1] - points[a, 1]], 1)
    fit = (size[:, 0] < _LONGISH * size[:, 1]) & (size[:, 1] < _LONGISH * size[:, 0])
    a, b, c, size = a[fit], b[fit], c[fit], size[fit]
    told = points[b] + points[c] - points[a]
    d, near = np.zeros(len(a), np.int64), np.zeros(len(a), bool)
    for part in range(0, len(a), _PART):
        at = slice(part, part + _PART)
        off = (np.abs(points[None] - told[at, None]) / size[at, None]).max(2)
        d[at], near[at] = off.argmin(1), off.min(1) <= _CLOSES
    cells = np.stack([a, b, c, d], 1)[near]
    _, b, c, d = points[cells].transpose(1, 0, 2)
    cells = cells[(shown(lines.across, c, d) >= _SEEN) & (shown(lines.down, b, d) >= _SEEN)]
    return np.asarray(cells[~_are_parted(points[cells], lines)], np.int64)


def _are_parted(corners: _Points, lines: Lines) -> NDArray[np.bool_]:
    """Which cells `(n, 4, 2)` have a line running through them from side to side: they are several."""
    a, b, c, d = corners.transpose(1, 0, 2)[:, None]
    share = _INSIDE[:, None, None]
    through = _along(lines.across, a + (c - a) * share, b + (d - b) * share, _WHOLE).min(0).max(0)
    down = _along(lines.down, a + (b - a) * share, c + (d - c) * share, _WHOLE).min(0).max(0)
    return np.asarray(np.maximum(through, down) >= _WEAK, np.bool_)


def _popular(cells: _Pairs, points: _Points) -> _Pairs:
    """Cells that many others are like come first."""
    if not len(cells):
        return cells
    a, b, c, _ = points[cells].transpose(1, 0, 2)
    size = np.log(np.stack([b[:, 0] - a[:, 0], c[:, 1] - a[:, 1]], 1))
    alike = np.array([(np.abs(size - one).max(1) < _ALIKE).sum() for one in size])
    # A large cell shows longer lines than a small one: as many of them say more.
    return np.asarray(cells[np.argsort(-alike * np.exp(0.5 * size.sum(1)), kind="stable")], np.int64)


def _grown(seed: list[int], ground: Ground) -> Lattice:
    """From one cell outwards, first where two ways of telling the next crossing are at hand."""
    a, b, c, d = seed
    lattice = Lattice({(0, 0): a, (0, 1): b, (1, 0): c, (1, 1): d}, set(seed))
    told: dict[_Place, _Told] = {}
    fresh = list(lattice.at)
    while fresh:
        for i, j in fresh:
            for place in ((i + y, j + x) for y in range(-2, 3) for x in range(-2, 3)):
                if place not in lattice.at and (ways := _told(place, lattice, ground)).ways:
                    told[place] = ways
        fresh = []
        for least in (2, 1):
            for place in sorted(place for place, one in told.items() if len(one.ways) >= least):
                if _take(place, told.pop(place), lattice, ground):
                    fresh.append(place)
            if fresh:
                break
    return lattice


def _told(place: _Place, lattice: Lattice, ground: Ground) -> _Told:
    """Where a crossing should be by its neighbours, each way by itself; and the least of its steps."""
    at, spots, (i, j) = lattice.at, ground.spots, place
    ways: list[complex] = []
    steps: list[float] = []
    for y, x in _AROUND:
        one, two = at.get((i + y, j + x)), at.get((i + 2 * y, j + 2 * x))
        if one is None:
            continue
        if two is not None:
            ways.append(2 * spots[one] - spots[two])
            steps.append(abs(spots[one] - spots[two]))
        for v, u in ((x, y), (-x, -y)):  # the two directions across
            corner, beside = at.get((i + y + v, j + x + u)), at.get((i + v, j + u))
            if corner is None:
                continue
            steps.append(abs(spots[one] - spots[corner]))
            if beside is not None:
                ways.append(spots[one] + spots[beside] - spots[corner])
    return _Told(ways, min(steps, default=0.0))


def _take(place: _Place, told: _Told, lattice: Lattice, ground: Ground) -> bool:
    """Take the best crossing near where one is told to be, if a line leads to it."""
    middle = sum(told.ways) / len(told.ways)
    reach = max(_SNAP * told.step, 1.0)
    off = np.abs(ground.points - (middle.real, middle.imag)).max(1) / reach
    near = np.flatnonzero(off < 1)
    worth = ground.scores[near] * (1 - 0.5 * off[near])
    near = near[np.argsort(-worth)[:_CHOICE]]
    near = near[[one not in lattice.taken for one in near.tolist()]]
    if not len(near):
        return False
    seen = _led_to(place, near, lattice, ground)
    worth = seen * np.sqrt(ground.scores[near]) * (1 - 0.5 * off[near])
    best = int(worth.argmax())
    if seen[best] < _WEAK:
        return False
    lattice.at[place] = int(near[best])
    lattice.taken.add(int(near[best]))
    return True


def _led_to(place: _Place, near: _Pairs, lattice: Lattice, ground: Ground) -> _Points:
    """How well lines lead from the known neighbours of a place to crossings, on average, 0..1."""
    seen = []
    for y, x in _AROUND:
        other = lattice.at.get((place[0] + y, place[1] + x))
        if other is not None:
            values = ground.lines.across if x else ground.lines.down
            seen.append(
                shown(values, np.broadcast_to(ground.points[other], (len(near), 2)), ground.points[near])
            )
    return np.asarray(np.mean(seen, axis=0), np.float64)
