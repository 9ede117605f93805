"""Points between the figures of a field, told from bare paper where a photo has left hardly anything of them.

In: a field's picture and its ink. Out: the ink, with every point as dark as a stroke. A point is the smallest
thing that is written: blur and JPEG leave a tenth of its darkness, or less than what counts as ink. But it
stands between two figures and at their feet, and there it is darker than anything between other figures.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.imaging.alignment import PX
from inkread.imaging.ink import Ink

__all__ = ["firm_points"]

_STROKE, _BARE = 0.3, 0.1
"""Ink of strokes, and less than what paper has."""
_FIGURE = 0.5
"""What is at least so high, in heights of a usual stroke, is a figure, and no point."""
_BEHIND, _INTO, _AT_FOOT = 0.25, 0.35, 0.28
"""Where a point may stand, in heights of a figure: from before the end of one figure to the inside of the
next, and above and below their feet."""
_FINE, _BROAD = 1.3, 6.0
"""Pixels of the sheet: a point of the first scale stands out from what is around it at the second."""
_LEAST, _OVER_GRAIN, _OVER_OTHERS = 0.08, 6.0, 2.2
"""A point is as dark as this share of the pen's strokes, and so many times as dark as the grain, and as
the usual place between two other figures, of which points of simulated amounts were mostly ten times."""
_RADIUS = 0.09
"""Of a point that is made firm, in heights of a figure."""
_Box = tuple[int, int, int, int]


def firm_points(rgb: NDArray[np.uint8], found: Ink) -> Ink:
    """Make the points between figures as dark as strokes.

    Args:
        rgb: `(height, width, 3)`, a field without print, level.
        found: its ink.

    Returns:
        The ink; the same object where no point stands out.

    Example:
        >>> rgb = np.full((50, 120, 3), 220, np.uint8)
        >>> for left in (20, 45, 85):
        ...     rgb[8:40, left : left + 5] = 20
        >>> rgb[38:41, 65:68] = 180
        >>> ink = np.where(rgb[..., 0] < 60, np.float32(1), np.float32(0))
        >>> float(firm_points(rgb, Ink(ink, 0.8, 0.01, False, 1.0)).ink[39, 66])
        1.0
    """
    figures = _figures(found.ink)
    if len(figures) < 2:
        return found
    raised = _raised(rgb, found.ink, figures)
    if raised is None:
        return found
    shown, grain = raised
    places = [_darkest(shown, pair) for pair in zip(figures[:-1], figures[1:], strict=True)]
    firm = found.ink.copy()
    peaks = [peak for peak, _, _ in places]
    high = float(np.median([box[3] - box[1] for box in figures]))
    for k, (peak, x, y) in enumerate(places):
        others = peaks[:k] + peaks[k + 1 :]
        usual = float(np.median(others)) if others else 0.0
        if peak >= max(_LEAST, _OVER_GRAIN * grain, _OVER_OTHERS * usual):
            cv2.circle(firm, (x, y), max(1, round(_RADIUS * high)), 1.0, -1)
    return replace(found, ink=firm)


def _figures(ink: NDArray[np.float32]) -> list[_Box]:
    """Boxes of the figures from left to right; what stands above or below another is one with it."""
    _, _, stats, _ = cv2.connectedComponentsWithStats((ink > _STROKE).view(np.uint8), connectivity=8)
    told = stats[1:].astype(np.int64)
    if not len(told):
        return []
    order = np.argsort(told[:, 3])
    total = np.cumsum(told[order, cv2.CC_STAT_AREA])
    usual = told[order, 3][int(np.searchsorted(total, total[-1] / 2))]
    boxes = sorted(
        (x, y, x + w, y + h) for x, y, w, h, _ in told.tolist() if h >= max(_FIGURE * usual, 0.8 * PX)
    )
    joined: list[_Box] = []
    for box in boxes:
        before = joined[-1] if joined else None
        if before and box[0] < before[2] - 0.5 * (box[2] - box[0]):
            low, far = np.minimum(before, box), np.maximum(before, box)
            joined[-1] = int(low[0]), int(low[1]), int(far[2]), int(far[3])
        else:
            joined.append(box)
    return joined


def _raised(
    rgb: NDArray[np.uint8], ink: NDArray[np.float32], figures: list[_Box]
) -> tuple[NDArray[np.float32], float] | None:
    """How much darker than around it the paper is, 1 as the pen, 0 on figures; and how much it varies."""
    strokes = np.zeros(ink.shape, np.uint8)
    for left, top, right, bottom in figures:
        strokes[top:bottom, left:right] |= (ink[top:bottom, left:right] > _STROKE).view(np.uint8)
    bare = cv2.dilate(strokes, np.ones((5, 5), np.uint8)) == 0
    paper, pen = ink < _BARE, ink > 0.8
    if not paper.any() or not pen.any():
        return None
    colour = np.median(rgb[paper], axis=0)
    way = colour - np.median(rgb[pen], axis=0)
    if float(way @ way) < 1:
        return None
    dark = ((colour - rgb.astype(np.float32)) @ (way / (way @ way))).astype(np.float32)
    share = bare.astype(np.float32)

    def smooth(sigma: float) -> NDArray[np.float32]:
        most = np.maximum(cv2.GaussianBlur(share, (0, 0), sigma), 0.05)
        return np.asarray(cv2.GaussianBlur(dark * share, (0, 0), sigma) / most, np.float32)

    shown = np.where(bare, smooth(_FINE) - smooth(_BROAD), np.float32(0))
    far = cv2.dilate((ink > _STROKE).view(np.uint8), np.ones((9, 9), np.uint8)) == 0
    grain = 1.4826 * float(np.median(np.abs(shown[far]))) if far.any() else _LEAST
    return shown, grain


def _darkest(shown: NDArray[np.float32], pair: tuple[_Box, _Box]) -> tuple[float, int, int]:
    """How dark the darkest place between two figures is, at their feet, and where: x and y."""
    first, second = pair
    high = 0.5 * (first[3] - first[1] + second[3] - second[1])
    if min(first[3], second[3]) - max(first[1], second[1]) < 0.5 * high:
        return 0.0, 0, 0  # one above the other: they are of two rows
    foot = 0.5 * (first[3] + second[3])
    left = max(0.5 * (first[0] + first[2]), first[2] - _BEHIND * high)
    right = min(second[0] + _INTO * high, second[2])
    top, low = max(0, int(foot - _AT_FOOT * high)), int(foot + _AT_FOOT * high)
    part = shown[top:low, int(left) : int(right)]
    if not part.size:
        return 0.0, 0, 0
    y, x = divmod(int(part.argmax()), part.shape[1])
    return float(part.max()), x + int(left), y + top
