"""Find the ruled grid on a photo and its cells: tables, puzzles, forms; curved paper and weak lines too.

In: RGB, uint8 `(height, width, 3)`, of any size. Out: a `Grid`: where its lines cross, in pixels of that
picture. Crossings of lines are found first, then lattices are grown from one crossing to the next, then the
rectangle of rows and columns is taken whose sides show best. Nothing is asked about what stands in the cells.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.imaging.grid_fit import FAINT, Fit, fitted
from inkread.imaging.grid_lines import tilt_degrees
from inkread.imaging.lattice import Ground, grow

__all__ = ["Grid", "find_grid"]

_Points = NDArray[np.float64]

_WORK = (900, 1600)
"""Longest side, in pixels, at which a grid is looked for; the second where the first shows none."""
_TILT = 4.0
"""Pictures are turned level where they are off by more degrees."""
_MORE = 3
"""So many lattices are looked at after the first that shows a grid: that may be one of what is written."""


_LARGE = 5
"""A grid of so many rows and columns at least may be faint: what else crosses so often at even distances?"""


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """A ruled grid.

    Attributes:
        nodes: float64 `(rows + 1, columns + 1, 2)`: (x, y) of every crossing, in pixels of the picture.
        shown: how much of its lines shows, 0..1.
    """

    nodes: NDArray[np.float64]
    shown: float

    @property
    def rows(self) -> int:
        """Cells from top to bottom."""
        return len(self.nodes) - 1

    @property
    def columns(self) -> int:
        """Cells from left to right."""
        return self.nodes.shape[1] - 1

    def cell(self, row: int, column: int) -> _Points:
        """The corners of a cell, `(4, 2)`, clockwise from its upper left one."""
        n = self.nodes
        return np.stack(
            [n[row, column], n[row, column + 1], n[row + 1, column + 1], n[row + 1, column]]
        ).astype(np.float64)

    def flat(self, rgb: NDArray[np.uint8], side: int, margin: int = 0) -> NDArray[np.uint8]:
        """The grid laid flat, its lines straight, every cell a square.

        Args:
            rgb: `(height, width, 3)`, the picture.
            side: of a cell, pixels.
            margin: pixels that are shown around the grid.

        Returns:
            uint8 `(rows * side + 2 * margin, columns * side + 2 * margin, 3)`.
        """
        x, y = (
            (np.arange(count * side + 2 * margin) + 0.5 - margin) / side
            for count in (self.columns, self.rows)
        )
        way = _between(self.nodes, x, y).astype(np.float32)
        return np.asarray(
            cv2.remap(
                _softened(rgb, self.nodes, side), way, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
            ),
            np.uint8,
        )

    def turned(self, quarters: int) -> Grid:
        """The same grid as it is named after the picture is turned clockwise by so many quarters.

        The crossings stay where they are in the picture; what counts as the upper left one changes.
        """
        return Grid(np.ascontiguousarray(np.rot90(self.nodes, -quarters)), self.shown)


def find_grid(rgb: NDArray[np.uint8], rows: int | None = None, columns: int | None = None) -> Grid | None:
    """Find the grid that shows best.

    Args:
        rgb: `(height, width, 3)`, 0..255.
        rows: how many rows of cells it has; None finds out.
        columns: how many columns it has; None finds out.

    Returns:
        The grid; None where no such grid shows.

    Example:
        >>> page = np.full((300, 300, 3), 220, np.uint8)
        >>> for at in range(40, 261, 55):
        ...     page[at : at + 3, 40:263] = page[40:263, at : at + 3] = 60
        >>> grid = find_grid(page)
        >>> grid.rows, grid.columns, np.rint(grid.nodes[0, 0]).tolist()
        (4, 4, [41.0, 41.0])
    """
    longest = max(rgb.shape[:2])
    for work in _WORK:
        factor = min(1.0, work / longest)
        small = (
            rgb if factor == 1 else cv2.resize(rgb, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        )
        found = _find(np.asarray(small, np.uint8), (rows, columns))
        if found is not None:
            return Grid((found.nodes + 0.5) / factor - 0.5, found.shown)
        if factor == 1:
            break
    return None


def _find(rgb: NDArray[np.uint8], wanted: tuple[int | None, int | None]) -> Grid | None:
    """The best grid of a picture of working size; turned level first where its strokes are not."""
    tilt = tilt_degrees(rgb)
    if abs(tilt) > _TILT:
        level, back = _levelled(rgb, tilt)
        found = _find_level(level, wanted)
        if found is not None:
            return Grid(found.nodes @ back[:, :2].T + back[:, 2], found.shown)
    return _find_level(rgb, wanted)


def _levelled(rgb: NDArray[np.uint8], degrees: float) -> tuple[NDArray[np.uint8], _Points]:
    """A picture turned back by so many degrees, whole; and the way `(2, 3)` back to the picture's pixels."""
    height, width = rgb.shape[:2]
    way = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1.0)
    size = np.ceil(np.abs(way[:, :2]) @ (width, height)).astype(int)
    way[:, 2] += (size - (width, height)) / 2
    turned = cv2.warpAffine(rgb, way, size.tolist(), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(turned, np.uint8), np.asarray(cv2.invertAffineTransform(way), np.float64)


def _find_level(rgb: NDArray[np.uint8], wanted: tuple[int | None, int | None]) -> Grid | None:
    """The grid of a picture whose lines are about level: the best that a lattice holds."""
    ground = Ground.of(rgb)
    best: Fit | None = None
    more, grown = _MORE, []
    for lattice in grow(ground):
        grown.append(lattice)
        best = _better(best, fitted(lattice, ground, wanted))
        if best is not None and (more := more - 1) < 0:
            break
    is_large = None not in wanted and min(n or 0 for n in wanted) >= _LARGE
    for lattice in grown if best is None and is_large else ():
        best = _better(best, fitted(lattice, ground, wanted, FAINT))
    return Grid(best.nodes, best.shown) if best else None


def _better(one: Fit | None, other: Fit | None) -> Fit | None:
    """The one with more line in it."""
    if one is None or other is None:
        return one or other
    return other if other.worth > one.worth else one


def _between(nodes: _Points, x: _Points, y: _Points) -> _Points:
    """Points `(len(y), len(x), 2)` of a grid at fractions of its columns and rows, a little beyond it too."""
    rows, columns = nodes.shape[0] - 1, nodes.shape[1] - 1
    j = np.clip(np.floor(x).astype(int), 0, columns - 1)
    i = np.clip(np.floor(y).astype(int), 0, rows - 1)
    u, v = (x - j)[None, :, None], (y - i)[:, None, None]
    i, j = i[:, None], j[None]
    upper = nodes[i, j] * (1 - u) + nodes[i, j + 1] * u
    lower = nodes[i + 1, j] * (1 - u) + nodes[i + 1, j + 1] * u
    return np.asarray(upper * (1 - v) + lower * v, np.float64)


def _softened(rgb: NDArray[np.uint8], nodes: _Points, side: int) -> NDArray[np.uint8]:
    """A picture smoothed before it is made smaller; as it is where cells grow."""
    across = np.linalg.norm(np.diff(nodes, axis=1), axis=-1).mean()
    factor = float(across) / side
    return np.asarray(cv2.GaussianBlur(rgb, (0, 0), 0.45 * factor), np.uint8) if factor > 1.5 else rgb
