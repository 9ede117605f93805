"""How many pixels reach which level: the counting under everything that looks for paper and strokes.

In: arrays of pixels, mostly uint8. Out: single levels. Exact, and quick.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["histogram", "level_at", "median", "quantile", "reached"]


def quantile(values: NDArray[Any], share: float) -> float:
    """The value that a share of some values, `(n,)`, lies under; numpy's own loads masked arrays first."""
    nth = min(int(share * len(values)), len(values) - 1)
    return float(np.partition(values, nth)[nth])


def median(values: NDArray[Any]) -> float:
    """The middle of some values, `(n,)`, one at least; where two are in the middle, the mean of both."""
    high = len(values) // 2
    low = high - 1 + len(values) % 2
    parted = np.partition(values, (low, high))
    return float((parted[low] + parted[high]) / 2)


def reached(values: NDArray[np.uint8], few: int, least: int) -> int:
    """The level that so many values reach, of any shape; the least one where it is lower than that.

    Pixels of one level are slow to count, and most pixels are bare paper, below the least level that matters.
    """
    high = values[values >= least]
    return int(np.partition(high, -few)[-few]) if high.size >= few else least


def histogram(values: NDArray[np.uint8]) -> NDArray[np.float32]:
    """How many values, `(n,)` or `(height, width)`, there are of each of the 256 levels: `(256,)`."""
    return np.asarray(cv2.calcHist([values], [0], None, [256], [0, 256]), np.float32).ravel()


def level_at(counts: NDArray[np.float32], share: float) -> int:
    """The level that a share of what a histogram, `(levels,)`, has counted lies under."""
    under = np.cumsum(counts, dtype=np.float64)
    return int(np.searchsorted(under, min(int(share * under[-1]), under[-1] - 1), side="right"))
