"""Take ruled lines, squares and box borders out of ink, and leave the strokes that cross them.

In: ink, float32 `(height, width)`. Out: the same with the lines gone. A line is straight, thin, and runs through most
of the picture from one border to the other; a digit's own stem or bar never does all three unless it is alone there.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["remove_rules"]

_WORK = 512
"""Longest side, in pixels, of the picture on which lines are looked for."""
_REACH = 0.72
"""The least share of the picture that a line runs through."""


def remove_rules(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    """Erase straight lines that run through the picture.

    Args:
        ink: `(height, width)`, 0 bare paper, 1 the darkest stroke.

    Returns:
        The ink without the lines; the array itself where there are none.
    """
    height, width = ink.shape
    factor = min(1.0, _WORK / max(height, width))
    size = max(1, round(width * factor)), max(1, round(height * factor))
    mask = (ink > 0.3).astype(np.uint8)
    if factor < 1:
        mask = (cv2.resize(mask * 255, size, interpolation=cv2.INTER_AREA) > 50).astype(np.uint8)
    lines = _lines(mask) | _lines(mask.T).T
    if not lines.any() or not _leaves_something(mask, lines):
        return ink
    if factor < 1:
        lines = cv2.resize(lines.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST).astype(bool)
    cleaned = ink.copy()
    cleaned[lines] = 0
    return cleaned


def _lines(mask: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """The pixels of nearly horizontal lines, crossing strokes left out."""
    height, width = mask.shape
    found = np.zeros(mask.shape, bool)
    if height < 12 or width < 24:
        return found
    run = max(9, width // 14)
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((1, max(3, width // 60)), np.uint8))
    runs = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, run), np.uint8))
    thickest = max(3, round(0.02 * max(height, width)))
    solid = cv2.morphologyEx(runs, cv2.MORPH_OPEN, np.ones((thickest + 2, 1), np.uint8))
    thin = cv2.subtract(runs, solid)
    if thin.sum() < _REACH * width:
        return found
    # Pieces of one line overlap once they are stretched along it.
    stretched = cv2.dilate(thin, np.ones((3, 2 * run + 1), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(stretched, connectivity=8)
    for k in range(1, count):
        left, top, wide, high = stats[k, :4]
        piece = (labels[top : top + high, left : left + wide] == k) & (thin[top : top + high, left : left + wide] > 0)
        columns = np.flatnonzero(piece.any(0))
        if len(columns) < 0.6 * _REACH * width or (columns[-1] - columns[0] + 1) < _REACH * width:
            continue
        if high > 0.12 * width + 3 * thickest:
            continue
        found[top : top + high, left : left + wide] |= _without_crossings(
            mask[top : top + high, left : left + wide], piece, thickest
        )
    return found


def _without_crossings(
    mask: NDArray[np.uint8], piece: NDArray[np.bool_], thickest: int
) -> NDArray[np.bool_]:
    """The line's pixels and its soft edges, but not the columns in which a stroke runs on above or below."""
    around = cv2.dilate(piece.astype(np.uint8), np.ones((3, 1), np.uint8)).astype(bool)
    beyond = cv2.dilate(piece.astype(np.uint8), np.ones((2 * thickest + 1, 1), np.uint8)).astype(bool) & ~around
    crossed = ((mask > 0) & beyond).sum(0) > 0.5 * np.maximum(1, beyond.sum(0))
    return around & ~crossed[None, :]


def _leaves_something(mask: NDArray[np.uint8], lines: NDArray[np.bool_]) -> bool:
    """Whether a mark worth reading is left: a page with one long stroke keeps it."""
    rest = mask.copy()
    rest[lines] = 0
    rest = cv2.morphologyEx(rest, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(rest, connectivity=8)
    if count < 2:
        return False
    tallest = float(np.maximum(stats[1:, cv2.CC_STAT_HEIGHT], stats[1:, cv2.CC_STAT_WIDTH]).max())
    return tallest >= 0.12 * max(mask.shape)
