"""How far the long lines of a form lean, so that its ink can be turned level.

In: ink, float32 `(height, width)`. Out: degrees.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.imaging.connected import connected

__all__ = ["lean_degrees"]

_INKED = 0.2
"""Lines may be printed faintly."""
_STEEPEST_RISE = 0.21
"""A line of a form climbs by at most so many pixels a pixel, 12 degrees."""
_COARSE = 360
"""Longest side, in pixels, at which the lean of lines is measured."""


def lean_degrees(ink: NDArray[np.float32]) -> float | None:
    """How far the long lines of a form lean, degrees clockwise; None where there are none."""
    factor = min(1.0, _COARSE / max(ink.shape))
    small = cv2.resize(ink, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA) if factor < 1 else ink
    mask = (small > _INKED).view(np.uint8)
    width = mask.shape[1]
    # What leans by a few degrees still runs on for a while within some rows.
    broad = cv2.dilate(mask, np.ones((3, 1), np.uint8))
    runs = cv2.morphologyEx(broad, cv2.MORPH_OPEN, np.ones((1, 20), np.uint8))
    if width < 40 or not cv2.morphologyEx(runs, cv2.MORPH_OPEN, np.ones((1, 36), np.uint8)).any():
        return None
    mask = cv2.morphologyEx(cv2.min(mask, runs), cv2.MORPH_CLOSE, np.ones((1, 5), np.uint8))
    least = max(20, round(min(0.35 * width, 1.6 * mask.shape[0])))
    labels, stats = connected(mask)
    wide, high = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]
    long = 1 + np.flatnonzero((wide >= least) & (high <= _STEEPEST_RISE * wide + 8))
    if not len(long):
        return None
    degrees = np.array([_degrees(labels, stats[k], k) for k in long.tolist()])
    order = np.argsort(degrees)
    weights = np.cumsum(wide[long - 1][order])
    return float(degrees[order][int(np.searchsorted(weights, weights[-1] / 2))])


def _degrees(labels: NDArray[np.integer[Any]], around: NDArray[np.int32], number: int) -> float:
    """How far one piece leans, by least squares."""
    left, top, wide, high = around[:4].tolist()
    y, x = np.nonzero(labels[top : top + high, left : left + wide] == number)
    x = x - x.mean()
    return float(np.rad2deg(np.arctan2(float(x @ y), float(x @ x))))
