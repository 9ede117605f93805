"""How a page lies: how many degrees its lines lean, and whether it lies on its side.

In: a mask or the ink of a page. Out: degrees, clockwise positive.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["skew_degrees"]

_MOST_DEGREES = 12.0
_MOST_POINTS = 24_000


def skew_degrees(mask: NDArray[np.uint8]) -> float:
    """How far lines of writing and rules lean, degrees clockwise, at most 12 either way.

    Turned upright, rows of ink and bare rows alternate most clearly: the profile of the rows has the steepest
    sides. Source: W. Postl, "Detection of linear oblique structures and skew scan in digitized documents",
    ICPR 1986.

    Args:
        mask: `(height, width)`, above 0 where there is ink.
    """
    y, x = np.nonzero(mask)
    if len(y) < 50:
        return 0.0
    step = max(1, len(y) // _MOST_POINTS)
    rows, columns = y[::step].astype(np.float64), x[::step].astype(np.float64)
    reach = float(max(mask.shape))
    best = 0.0
    for width, spacing in ((_MOST_DEGREES, 1.0), (1.0, 0.25), (0.25, 0.0625)):
        turns = best + np.arange(-width, width + spacing / 2, spacing)
        turns = turns[np.abs(turns) <= _MOST_DEGREES]
        clear = [_clearness(columns, rows, turn, reach) for turn in turns]
        best = float(turns[int(np.argmax(clear))])
    return best


def _clearness(x: NDArray[np.float64], y: NDArray[np.float64], degrees: float, reach: float) -> float:
    """How steep the profile of the rows is, once the page is turned back by so many degrees."""
    turn = np.deg2rad(degrees)
    rows = (np.cos(turn) * y - np.sin(turn) * x + reach).astype(np.int64)
    profile = np.bincount(rows, minlength=int(2 * reach) + 2).astype(np.float64)
    return float(np.square(np.diff(profile)).sum())
