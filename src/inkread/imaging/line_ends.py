"""The ends of a line of writing: what may be its last word, such as the ZIP behind city and state.

In: ink of one line, level, float32 `(height, width)`. Out: the same ink with only the strokes from some gap
on, one for each gap that may be the one before the last word. Gaps are measured along the writing's slant.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["LineEnd", "line_ends"]

_INKED = 0.3
_SLANTS = (-0.2, 0.0, 0.15, 0.3, 0.45, 0.65)
"""Pixels to the right a pixel up, of writing that leans."""
_NARROWEST, _WIDEST = 1.2, 18.0
"""Width of the end of a line, in heights of its strokes."""
_TIGHT = -0.1
"""Strokes that overlap by more than this, in heights, along the slant, are not parted."""
_SPECK = 0.12
"""What is smaller both ways than this share of the line's height is a speck."""


@dataclass(frozen=True, slots=True, eq=False)
class LineEnd:
    """What stands behind a gap.

    Attributes:
        ink: float32 of the line's size, the strokes before the gap gone.
        gap: width of the gap, in heights of the strokes; that of the whole line is 9.
    """

    ink: NDArray[np.float32]
    gap: float


def line_ends(ink: NDArray[np.float32], most: int = 8) -> list[LineEnd]:
    """What may be the last word of a line.

    Args:
        ink: `(height, width)`, 0 bare paper, 1 the darkest stroke.
        most: ends behind the widest gaps.

    Returns:
        From the longest to the shortest; the whole line first where it is short enough.
    """
    mask = (ink > _INKED).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    size = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(1)
    kept = size >= max(2, _SPECK * len(ink))
    kept[0] = False
    numbers = np.flatnonzero(kept)
    if not len(numbers):
        return []
    high = float(np.quantile(stats[numbers, cv2.CC_STAT_HEIGHT], 0.75))
    first, last = _along_slant(labels, count, _slant(mask))
    order = numbers[np.argsort(first[numbers])]
    reach = np.maximum.accumulate(last[order])
    gaps = (first[order][1:] - reach[:-1]) / high
    end = float(reach[-1])
    fits = [k for k, gap in enumerate(gaps.tolist(), start=1) if gap > _TIGHT]
    fits = [k for k in fits if _NARROWEST <= (end - first[order[k]]) / high <= _WIDEST]
    chosen = sorted(sorted(fits, key=lambda k: -gaps[k - 1])[:most])
    found = [LineEnd(_behind(ink, labels, order[k:], order[:k]), float(gaps[k - 1])) for k in chosen]
    whole = (end - first[order[0]]) / high <= _WIDEST
    return [LineEnd(ink, 9.0), *found] if whole else found


def _slant(mask: NDArray[np.uint8]) -> float:
    """How the writing leans: sheared back, its columns of ink are the most uneven."""
    y, x = np.nonzero(mask)
    up = len(mask) - 1 - y

    def evenness(slant: float) -> float:
        columns = np.bincount((x - slant * up + len(mask)).astype(np.int64).clip(0))
        return float(np.square(np.diff(columns)).sum())

    return max(_SLANTS, key=evenness)


def _along_slant(
    labels: NDArray[np.int32], count: int, slant: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where each stroke begins and ends once the writing is sheared upright."""
    y, x = np.nonzero(labels)
    at = x - slant * (len(labels) - 1 - y)
    first, last = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(first, labels[y, x], at)
    np.maximum.at(last, labels[y, x], at)
    return first, last


def _behind(
    ink: NDArray[np.float32], labels: NDArray[np.int32], own: NDArray[np.int64], others: NDArray[np.int64]
) -> NDArray[np.float32]:
    """The ink without the strokes before a gap, their soft edges, and what lies left of the rest."""
    gone = np.isin(labels, others).astype(np.uint8)
    left = int(np.nonzero(np.isin(labels, own).any(0))[0][0])
    out = ink * (1 - cv2.dilate(gone, np.ones((3, 3), np.uint8)))
    out[:, : max(0, left - 2)] = 0
    return np.asarray(out, np.float32)
