"""How paper that does not lie flat moves what is printed on it: a smooth grid fitted to a few hundred places.

In: places on a sheet and by how much each was found away from where flat paper has it, some of them wrong.
Out: the displacement everywhere, on a grid from corner to corner. A displacement is a surface of cubic
B-splines whose second differences are held small, fitted again and again with what lies far off weighing
less. Source: Eilers and Marx, Flexible smoothing with B-splines and penalties, Statistical Science 1996,
doi:10.1214/ss/1038425655.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["fit_bend"]

Array = NDArray[np.float64]

_KNOT = 160.0
"""Pixels of the sheet, about 20 mm, between the knots of the surface."""
_NODE = 64.0
"""Pixels of the sheet, about 8 mm, between the nodes of the grid that is handed out."""
_STIFF = 0.3
"""Weight of the second differences beside a place's own error."""
_ROUNDS = 5
_NARROWED = 0.6
"""From round to round the spread, within which a place counts, becomes so much of itself."""
_CLOSE = 2.5
"""Displacements that many spreads from the surface count for nothing."""
_LEAST_SPREAD = 0.5
"""Pixels below which a spread is not narrowed."""


def fit_bend(
    places: Array, moved: Array, size: tuple[int, int], *, spread: float, stiff: float = _STIFF
) -> tuple[Array, NDArray[np.bool_]]:
    """Fit a smooth displacement to places that were found.

    Args:
        places: `(n, 2)` x, y in pixels of the sheet.
        moved: `(n, 2)`, by how much each was found away, in pixels of the sheet.
        size: (width, height) of the sheet, pixels.
        spread: pixels around the surface within which a place may belong to it at first.
        stiff: how much a bend of the surface costs.

    Returns:
        The grid `(rows, columns, 2)` of displacements from corner to corner, and which places agree with it.
    """
    knots = tuple(max(2, round(side / _KNOT)) for side in size)
    across = _weights(places[:, 0] / size[0] * knots[0], knots[0])
    down = _weights(places[:, 1] / size[1] * knots[1], knots[1])
    design = np.einsum("ni,nj->nij", down, across).reshape(len(places), -1)
    penalty = stiff * _roughness(knots[1] + 3, knots[0] + 3)
    weight = np.ones(len(places))
    control = np.zeros((design.shape[1], 2))
    off = weight
    for _ in range(_ROUNDS):
        weighted = design * weight[:, None]
        control = np.linalg.solve(design.T @ weighted + penalty, weighted.T @ moved)
        off = np.linalg.norm(moved - design @ control, axis=1)
        weight = np.clip(1 - (off / (_CLOSE * spread)) ** 2, 0, 1) ** 2
        spread = max(_LEAST_SPREAD, _NARROWED * spread)
    return _grid(control, knots, size), off < _CLOSE * spread


def _weights(at: Array, knots: int) -> Array:
    """What each of the cubic B-splines weighs at places counted in knots, `(n, knots + 3)`."""
    low = np.clip(at.astype(np.intp), 0, knots - 1)
    t = np.clip(at - low, 0, 1)
    parts = ((1 - t) ** 3, 3 * t**3 - 6 * t**2 + 4, 1 + 3 * t + 3 * t**2 - 3 * t**3, t**3)
    found = np.zeros((len(at), knots + 3))
    for k, part in enumerate(parts):
        found[np.arange(len(at)), low + k] = part / 6
    return found


@lru_cache(maxsize=8)
def _roughness(rows: int, columns: int) -> Array:
    """The square of all second differences of a `(rows, columns)` surface, as a matrix on its values."""
    second_down, second_across = (np.diff(np.eye(n), 2, axis=0) for n in (rows, columns))
    twist = np.kron(np.diff(np.eye(rows), axis=0), np.diff(np.eye(columns), axis=0))
    down = np.kron(second_down, np.eye(columns))
    across = np.kron(np.eye(rows), second_across)
    tiny = 1e-9 * np.eye(rows * columns)
    return np.asarray(down.T @ down + across.T @ across + 0.2 * twist.T @ twist + tiny)


def _grid(control: Array, knots: tuple[int, ...], size: tuple[int, int]) -> Array:
    """The surface at the nodes of the grid."""
    columns, rows = (max(2, round(side / _NODE) + 1) for side in size)
    across = _weights(np.linspace(0, knots[0], columns), knots[0])
    down = _weights(np.linspace(0, knots[1], rows), knots[1])
    surface = control.reshape(knots[1] + 3, knots[0] + 3, 2)
    return np.asarray(np.einsum("ri,cj,ijk->rck", down, across, surface))
