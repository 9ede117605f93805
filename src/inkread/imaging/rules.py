"""Take ruled lines, squares and box borders out of ink, and leave the strokes that cross them.

In: ink, float32 `(height, width)`. Out: the same with the lines gone. A line is straight, thin, and runs
through most of the picture from one border to the other; a digit's own stem or bar never does all three
unless it is alone there.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["remove_rules"]

_WORK = 512
"""Longest side, in pixels, of the picture on which lines are looked for."""
_AT_BORDER = 0.035
"""How far from the border a line may end, as a share of the picture."""
_AS_WIDE = 0.7
"""A line this wide, as a share of the pen's width, may be the pen's own."""
_SEVERAL = 3
"""So many lines in one direction are rules, however wide."""
_COVERED = 0.55
"""The least share of its way on which a line shows."""


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
    mask = (ink > 0.3).view(np.uint8)
    if not _meets_borders(mask) and not _meets_borders(mask.T):
        return ink
    if factor < 1:
        mask = (cv2.resize(mask * 255, size, interpolation=cv2.INTER_AREA) > 50).astype(np.uint8)
    across, count_across = _lines(mask)
    down, count_down = _lines(mask.T)
    lines = across | down.T
    if not lines.any() or not _leaves_something(mask, lines, count_across + count_down):
        return ink
    if factor < 1:
        lines = cv2.resize(lines.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST).astype(
            bool
        )
    cleaned = ink.copy()
    cleaned[lines] = 0
    return cleaned


def _meets_borders(mask: NDArray[np.uint8]) -> bool:
    """Whether there is ink near the left and the right border, without which no line can run through."""
    near = round((_AT_BORDER + 0.02) * mask.shape[1]) + 6
    return bool(mask[:, :near].any() and mask[:, -near:].any())


def _lines(mask: NDArray[np.uint8]) -> tuple[NDArray[np.bool_], int]:
    """The pixels of nearly horizontal lines, crossing strokes left out, and how many lines they are."""
    height, width = mask.shape
    found, lines = np.zeros(mask.shape, bool), 0
    if height < 12 or width < 24 or not _meets_borders(mask):
        return found, lines
    run = max(9, width // 14)
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((1, max(3, width // 60)), np.uint8))
    runs = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, run), np.uint8))
    thickest = max(3, round(0.04 * max(height, width)))
    solid = cv2.morphologyEx(runs, cv2.MORPH_OPEN, np.ones((thickest + 2, 1), np.uint8))
    thin = cv2.subtract(runs, solid)
    columns = thin.any(0)
    if np.count_nonzero(columns) < _COVERED * width or not _meets_borders(columns.view(np.uint8)[None]):
        return found, lines
    # Pieces of one line overlap once they are stretched along it.
    stretched = cv2.dilate(thin, np.ones((3, 2 * run + 1), np.uint8))
    # A picture of this size has no more pieces than 16 bits can number.
    count, labels, stats, _ = cv2.connectedComponentsWithStatsWithAlgorithm(
        stretched, 8, cv2.CV_16U, cv2.CCL_GRANA
    )
    candidates = []
    for k in range(1, count):
        left, top, wide, high = stats[k, :4]
        at = np.s_[top : top + high, left : left + wide]
        piece = (labels[at] == k) & (thin[at] > 0)
        if _is_line(piece, left, width):
            candidates.append((at, piece))
    pen = _pen_width(mask) if candidates else 0.0
    for at, piece in candidates:
        line = _without_crossings(mask[at], piece, thickest)
        is_joined = bool((piece & ~line).any())
        is_wide = float(piece.sum(0)[piece.any(0)].mean()) > _AS_WIDE * pen
        if is_joined and is_wide and len(candidates) < _SEVERAL:
            continue  # the stem of a digit that fills the crop
        found[at] |= line
        lines += 1
    return found, lines


def _pen_width(mask: NDArray[np.uint8]) -> float:
    """The usual width of the strokes, pixels: the mean distance to the edge is a quarter of it."""
    distance = cv2.distanceTransform(mask, cv2.DIST_L2, 3)
    return 4 * float(distance[mask > 0].mean()) - 1 if mask.any() else 0.0


def _is_line(piece: NDArray[np.bool_], left: int, width: int) -> bool:
    """Whether it runs from border to border, nearly without gaps, and straight."""
    columns = np.flatnonzero(piece.any(0))
    if len(columns) < _COVERED * width:
        return False
    if left + columns[0] > _AT_BORDER * width or left + columns[-1] < (1 - _AT_BORDER) * width - 1:
        return False
    rows = np.arange(len(piece))[:, None]
    thickness = piece.sum(0)[columns]
    middle = (piece * rows).sum(0)[columns] / thickness
    slope, start = np.polyfit(columns, middle, 1)
    off = np.abs(middle - (slope * columns + start))
    typical = float(np.median(thickness))
    return abs(slope) < 0.12 and float(np.percentile(off, 90)) < 1.5 + 0.3 * typical


def _without_crossings(mask: NDArray[np.uint8], piece: NDArray[np.bool_], thickest: int) -> NDArray[np.bool_]:
    """The line's pixels and its soft edges, but not the columns in which a stroke runs on above or below."""
    around = cv2.dilate(piece.astype(np.uint8), np.ones((3, 1), np.uint8)).astype(bool)
    beyond = (
        cv2.dilate(piece.astype(np.uint8), np.ones((2 * thickest + 1, 1), np.uint8)).astype(bool) & ~around
    )
    crossed = ((mask > 0) & beyond).sum(0) > 0.5 * np.maximum(1, beyond.sum(0))
    return around & ~crossed[None, :]


def _leaves_something(mask: NDArray[np.uint8], lines: NDArray[np.bool_], count: int) -> bool:
    """Whether a mark worth reading is left; a page with one long stroke and specks keeps its stroke."""
    rest = mask.copy()
    rest[lines] = 0
    rest = cv2.morphologyEx(rest, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    marks, _, stats, _ = cv2.connectedComponentsWithStats(rest, connectivity=8)
    if marks < 2:
        return False
    tallest = float(np.maximum(stats[1:, cv2.CC_STAT_HEIGHT], stats[1:, cv2.CC_STAT_WIDTH]).max())
    return tallest >= (0.12 if count < _SEVERAL else 0.03) * max(mask.shape)
