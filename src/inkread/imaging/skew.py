"""How a page lies: how many degrees its lines lean, and whether it lies on its side.

In: a mask or the ink of a page. Out: degrees, clockwise positive.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.imaging import page_rules

__all__ = ["runs_down", "skew_degrees"]

_MOST_DEGREES = 12.0
_COARSE, _FINE = 400, 700
"""Longest side, in pixels, at which a page is looked at, first and then."""
_TURNED_AT = 1000
"""Longest side, in pixels, at which a page is asked which way its lines run."""
_CLEARLY = 1.3
"""One way is the better where its rows stand out this many times as clearly."""
_INKED = 0.3
_TRACE = 0.1
_FEWEST = 50
"""Fewer pixels of ink do not lean."""


@dataclass(frozen=True, slots=True, eq=False)
class _Points:
    """Pixels of ink, `(n,)` each, and how far they reach at most."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    amount: NDArray[np.float64]
    reach: int


def skew_degrees(mask: NDArray[np.uint8]) -> float:
    """How far lines of writing and rules lean, degrees clockwise, at most 12 either way.

    Turned upright, rows of ink and bare rows alternate most clearly: the profile of the rows has the steepest
    sides. Source: W. Postl, "Detection of linear oblique structures and skew scan in digitized documents",
    ICPR 1986.

    Args:
        mask: `(height, width)`, above 0 where there is ink.
    """
    best = 0.0
    for longest, width, spacing in ((_COARSE, _MOST_DEGREES, 1.0), (_FINE, 1.5, 0.25), (_FINE, 0.25, 0.0625)):
        seen = _points(mask, longest)
        if len(seen.x) < _FEWEST:
            return 0.0
        turns = best + np.arange(-width, width + spacing / 2, spacing)
        turns = turns[np.abs(turns) <= _MOST_DEGREES]
        best = float(turns[int(np.argmax([_clearness(seen, turn) for turn in turns]))])
    return best


def _points(mask: NDArray[np.uint8], longest: int) -> _Points:
    """Where ink is and how much, the longest side being so many pixels."""
    factor = min(1.0, longest / max(mask.shape))
    size = max(1, round(mask.shape[1] * factor)), max(1, round(mask.shape[0] * factor))
    small = cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    y, x = np.nonzero(small > _TRACE)
    return _Points(x.astype(np.float64), y.astype(np.float64), small[y, x].astype(np.float64), longest)


def _clearness(seen: _Points, degrees: float) -> float:
    """How steep the profile of the rows is, once the page is turned back by so many degrees."""
    turn = np.deg2rad(degrees)
    rows = (np.cos(turn) * seen.y - np.sin(turn) * seen.x + seen.reach).astype(np.int64)
    profile = np.bincount(rows, weights=seen.amount)
    return float(np.square(np.diff(profile)).sum())


def runs_down(ink: NDArray[np.float32]) -> bool | None:
    """Whether the lines of a page run from top to bottom: the page lies on its side.

    Which side it lies on, and whether it stands on its head, only reading tells.

    Args:
        ink: `(height, width)`, 0 bare paper, 1 the darkest stroke.

    Returns:
        None where neither way is clearly the better.
    """
    factor = min(1.0, _TURNED_AT / max(ink.shape))
    size = max(1, round(ink.shape[1] * factor)), max(1, round(ink.shape[0] * factor))
    mask = (cv2.resize(ink, size, interpolation=cv2.INTER_AREA) > _INKED).astype(np.uint8)
    mask = page_rules.without_rules(mask)
    both = []
    for way in (mask, np.ascontiguousarray(mask.T)):
        seen = _points(way, _FINE)
        if len(seen.x) < _FEWEST:
            return None
        both.append(_clearness(seen, skew_degrees(way)))
    across, down = both
    if max(across, down) < _CLEARLY * min(across, down):
        return None
    return down > across
