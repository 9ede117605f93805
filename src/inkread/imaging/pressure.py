"""Ink of uneven darkness: strokes that are pale beside a few dark ones are made as firm as they.

In: the ink of a field. Out: the same, or a firmer one. Ink is told as a share of the darkest strokes; where a
blot, a second pen or a heavy hand left some of them far darker than the rest, most of what is written would
count for hardly anything, and pass for an empty field.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.imaging.ink import Ink

__all__ = ["evened"]

_FAINT, _OVER_GRAIN = 0.12, 5.0
"""The least ink of a pale stroke, also in so many times the grain."""
_PALE = 0.6
"""Strokes whose darkest pixels have less ink than this are pale."""
_MOSTLY = 0.5
"""Strokes are made firm where the pale ones are more than this share of all that is written."""
_FIRM = 0.9
"""Ink of their darkest pixels then."""


def evened(found: Ink, least: float) -> Ink:
    """Make pale strokes firm where most of a field is written with them.

    Args:
        found: the ink of a field.
        least: what is smaller each way is no stroke, pixels.

    Returns:
        The ink, its contrast lower by as much as its strokes are firmer; the same object where few are pale.

    Example:
        >>> ink = np.zeros((40, 120), np.float32)
        >>> ink[5:35, 10:14] = ink[5:35, 30:34] = ink[5:35, 50:54] = 0.3
        >>> ink[25:35, 80:86] = 1.0
        >>> round(float(evened(Ink(ink, 0.4, 0.01, False, 1.0), 8).ink[20, 31]), 2)
        0.9
    """
    if not found.contrast:
        return found
    faint = (found.ink > max(_FAINT, _OVER_GRAIN * found.noise)).view(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(faint, connectivity=8)
    sizes = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(1)
    strokes = [k for k in range(1, len(stats)) if sizes[k] >= least]
    if not strokes:
        return found
    darkest = np.array([_darkest(found.ink, labels, stats[k], k) for k in strokes])
    areas = stats[strokes, cv2.CC_STAT_AREA].astype(np.float64)
    pale = darkest < _PALE
    if areas[pale].sum() <= _MOSTLY * areas.sum():
        return found
    factor = _FIRM / float(np.average(darkest[pale], weights=areas[pale]))
    firm = np.minimum(found.ink * np.float32(factor), 1)
    return replace(found, ink=firm, contrast=found.contrast / factor, noise=found.noise * factor)


def _darkest(
    ink: NDArray[np.float32], labels: NDArray[np.int32], row: NDArray[np.int32], number: int
) -> float:
    """The ink of the darkest pixels of a stroke, but for a few."""
    left, top, wide, high = row[:4].tolist()
    at = np.s_[top : top + high, left : left + wide]
    return float(np.quantile(ink[at][labels[at] == number], 0.9))
