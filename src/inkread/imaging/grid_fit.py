"""Fit a grid of rows and columns to a lattice: which rectangle of it shows best, and where its crossings are.

In: a lattice of crossings, some of them wrong or missing, and the lines of the picture. Out: a `Fit`: all
crossings of a grid. A sheet of paper bends slowly: a crossing that is far from where all others tell is none.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.imaging.lattice import Ground, Lattice, shown

__all__ = ["CLEAR", "FAINT", "Demand", "Fit", "fitted"]

_Points = NDArray[np.float64]
_Wanted = tuple[int | None, int | None]

_SIDE = 0.3
"""A side that shows less than this weighs little where crossings are told."""
_BEYOND = 2
"""A grid may go on for so many rows beyond the crossings that were found."""
_FEWEST, _LARGEST = 5, 60
"""A lattice has so many crossings, and at most so many rows and columns."""
_ROUNDS = 3
_OFF, _SNAP = 0.06, 0.16
"""Crossings are off the bend of the sheet by about the first share of a side, at most by the second."""
_BEND = 3
"""The degree of the bend of a sheet."""
_STIFF = 1e-2


@dataclass(frozen=True, slots=True)
class Demand:
    """What a grid has to show.

    Attributes:
        side: a side that shows less than this speaks against it.
        mean: its sides show this much on average.
        share: so many of its sides show as much as one should.
    """

    side: float
    mean: float
    share: float


CLEAR, FAINT = Demand(0.3, 0.42, 0.8), Demand(0.15, 0.27, 0.85)
"""Of grids as most are; of one of known size whose lines hardly stand out of the grain."""


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A grid as it lies in a lattice.

    Attributes:
        nodes: float64 `(rows + 1, columns + 1, 2)`, (x, y) of the crossings.
        shown: how much of its lines shows, 0..1.
        worth: how much line there is in all, less what should be there; the grid with more is the better one.
    """

    nodes: _Points
    shown: float
    worth: float


def fitted(lattice: Lattice, ground: Ground, wanted: _Wanted, demand: Demand = CLEAR) -> Fit | None:
    """The rectangle of a lattice whose sides show best.

    Args:
        lattice: as it has grown.
        ground: what it grew on.
        wanted: rows and columns of the grid; None finds out.
        demand: what the grid has to show.

    Returns:
        The grid; None where none shows.
    """
    if len(lattice.at) < _FEWEST:
        return None
    beyond = 0 if wanted == (None, None) else _BEYOND
    nodes = _filled(lattice, ground.points, beyond)
    found = None if nodes is None else _best(nodes, ground, wanted, demand.side)
    for _ in range(_ROUNDS):
        if found is None:
            return None
        found = _best(_settled(found.nodes, ground, min(1, beyond)), ground, wanted, demand.side)
    is_grid = found is not None and _is_shown(found.nodes, ground, demand)
    return found if is_grid else None


def _best(nodes: _Points, ground: Ground, wanted: _Wanted, side: float) -> Fit | None:
    """The rectangle of some crossings whose sides show best; None where they speak against every one."""
    across, down = _sides(nodes, ground)
    best, value = None, 0.0
    for high, wide in _sizes(nodes.shape, wanted):
        worth = _sums(across - side, high + 1, wide) + _sums(down - side, high, wide + 1)
        top, left = divmod(int(worth.argmax()), worth.shape[1])
        if worth[top, left] > value:
            best, value = np.s_[top : top + high + 1, left : left + wide + 1], float(worth[top, left])
    if best is None:
        return None
    chosen = np.ascontiguousarray(nodes[best])
    return Fit(
        chosen,
        float(np.concatenate([v.ravel() for v in _sides(chosen, ground)]).mean()),
        value * _side(chosen),
    )


def _is_shown(nodes: _Points, ground: Ground, demand: Demand) -> bool:
    """Whether the sides of a grid are really there."""
    sides = np.concatenate([v.ravel() for v in _sides(nodes, ground)])
    return bool(sides.mean() >= demand.mean and (sides >= demand.side).mean() >= demand.share)


def _sides(nodes: _Points, ground: Ground) -> tuple[_Points, _Points]:
    """How much the sides show: `(rows + 1, columns)` of those across, `(rows, columns + 1)` of those down."""
    lines = ground.lines
    return shown(lines.across, nodes[:, :-1], nodes[:, 1:]), shown(lines.down, nodes[:-1], nodes[1:])


def _settled(nodes: _Points, ground: Ground, beyond: int) -> _Points:
    """Crossings once more, each where the others tell: at what meets there, or where nothing does, as told.

    Args:
        nodes: of a grid, some of them wrong.
        ground: what the lattice grew on.
        beyond: so many rows and columns are told on every side.
    """
    rows, columns = nodes.shape[0], nodes.shape[1]
    places = _places(range(rows), range(columns))
    wanted = _places(range(-beyond, rows + beyond), range(-beyond, columns + beyond))
    across, down = _sides(nodes, ground)
    weights = np.full((rows, columns), 0.02)
    for values, here in (
        (across, np.s_[:, :-1]),
        (across, np.s_[:, 1:]),
        (down, np.s_[:-1]),
        (down, np.s_[1:]),
    ):
        weights[here] += np.maximum(values - 0.5 * _SIDE, 0)
    side = _side(nodes)
    _, is_flat = cv2.findHomography(
        places.reshape(-1, 1, 2), nodes.reshape(-1, 1, 2), cv2.RANSAC, 0.15 * side
    )
    if is_flat is not None:
        weights *= np.where(is_flat.reshape(rows, columns) > 0, 1.0, 0.03)
    told = _bent(places, nodes, weights, wanted, side)
    off = np.abs(ground.points[None] - told.reshape(-1, 1, 2)).max(2) / (_SNAP * side)
    worth = np.where(off < 1, ground.scores * (1 - 0.6 * off), 0)
    nearest = worth.argmax(1)
    is_met = worth.max(1) > 0
    return np.where(is_met[:, None], ground.points[nearest], told.reshape(-1, 2)).reshape(wanted.shape)


def _places(rows: range, columns: range) -> _Points:
    """Row and column of every place of a grid, `(rows, columns, 2)`."""
    y, x = np.meshgrid(np.array(rows), np.array(columns), indexing="ij")
    return np.stack([y, x], -1).astype(np.float64)


def _bent(places: _Points, nodes: _Points, weights: _Points, wanted: _Points, side: float) -> _Points:
    """Where crossings are on a sheet that bends slowly, wrong ones weighing little.

    Args:
        places: `(rows, columns, 2)`, row and column of each.
        nodes: `(rows, columns, 2)`, where each was found.
        weights: `(rows, columns)`, how well each is confirmed.
        wanted: `(..., 2)`, places that are asked for.
        side: of a cell, pixels.
    """
    middle, spread = places.reshape(-1, 2).mean(0), np.maximum(places.reshape(-1, 2).max(0), 1) / 2
    degree = [min(_BEND, n - 1) for n in nodes.shape[:2]]

    def terms(at: _Points) -> _Points:
        y, x = ((at - middle) / spread).reshape(-1, 2).T
        powers = [
            y**i * x**j
            for i in range(degree[0] + 1)
            for j in range(degree[1] + 1)
            if i + j <= max(2, *degree)
        ]
        return np.stack(powers, 1)

    known, points, first = terms(places), nodes.reshape(-1, 2), weights.ravel()
    firm = _STIFF * np.diag([0.0 if k in (0, 1, degree[1] + 1) else 1.0 for k in range(known.shape[1])])
    now: _Points = first
    found: _Points = np.zeros((known.shape[1], 2))
    for _ in range(12):
        weighed = known * now[:, None]
        found = np.asarray(np.linalg.lstsq(weighed.T @ known + firm, weighed.T @ points, rcond=None)[0])
        far = np.abs(known @ found - points).max(1) / (_OFF * side)
        now = np.asarray(first / (1 + np.square(far)))
    return np.asarray((terms(wanted) @ found).reshape(wanted.shape), np.float64)


def _side(nodes: _Points) -> float:
    """The side of a cell, pixels, on average."""
    return float(sum(np.linalg.norm(np.diff(nodes, axis=axis), axis=-1).mean() for axis in (0, 1))) / 2


def _sizes(shape: tuple[int, ...], wanted: tuple[int | None, int | None]) -> list[tuple[int, int]]:
    """Rows and columns that a rectangle may have."""
    high, wide = (
        range(1, count) if asked is None else ([asked] if asked < count else [])
        for count, asked in zip(shape, wanted, strict=False)
    )
    return [(h, w) for h in high for w in wide]


def _sums(values: _Points, high: int, wide: int) -> _Points:
    """The sum over every window of so many rows and columns."""
    total = np.pad(values, ((1, 0), (1, 0))).cumsum(0).cumsum(1)
    return np.asarray(
        total[high:, wide:] - total[:-high, wide:] - total[high:, :-wide] + total[:-high, :-wide], np.float64
    )


def _filled(lattice: Lattice, points: _Points, beyond: int) -> _Points | None:
    """All crossings of a lattice `(rows, columns, 2)`, those not found told from the rest.

    A few rows are added `beyond` the ones that were found; of a lattice too large, the outer ones are left.
    """
    places = np.array(list(lattice.at))
    found = points[list(lattice.at.values())]
    low, high = places.min(0) - beyond, places.max(0) + beyond
    if (high - low >= _LARGEST).any():
        return None
    (top, left), (bottom, right) = low.tolist(), high.tolist()
    wanted = _places(range(top, bottom + 1), range(left, right + 1))
    nodes = _smooth(places.astype(np.float64), found, wanted)
    nodes[places[:, 0] - low[0], places[:, 1] - low[1]] = found
    return nodes


def _smooth(places: _Points, points: _Points, wanted: _Points) -> _Points:
    """Where crossings at places are: perspective, and what it leaves told by the nearest that are known."""
    way, _ = cv2.findHomography(places[:, ::-1], points, cv2.RANSAC, 0.15 * _step(places, points))
    if way is None:
        way = np.eye(3)
    flat = cv2.perspectiveTransform(wanted.reshape(-1, 1, 2)[..., ::-1].copy(), way)[:, 0]
    off = points - cv2.perspectiveTransform(places[:, None, ::-1].copy(), way)[:, 0]
    apart = np.square(wanted.reshape(-1, 1, 2) - places[None]).sum(-1)
    weights = 1 / np.square(apart + 0.5)
    return np.asarray(
        (flat + (weights @ off) / weights.sum(1, keepdims=True)).reshape(wanted.shape), np.float64
    )


def _step(places: _Points, points: _Points) -> float:
    """The side of a cell, pixels, roughly."""
    spread = np.ptp(places, axis=0) + 1
    return float(np.sqrt(np.prod(np.ptp(points, axis=0) + 1) / np.prod(spread)))
