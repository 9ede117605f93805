"""Strokes that cross the lines of a form: what of a line belongs to them and stays when it goes.

In: ink, float32 `(height, width)`, and masks uint8 of the same size. Out: a mask. A stroke crosses where it
meets the line on both of its sides; what hangs between two other strokes along a line is a piece of the line.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.imaging.counts import median

__all__ = ["crossings"]

_Mask = NDArray[np.uint8]

_FIRM = 0.3
_CROSSED, _ASIDE = 1.0, 0.5
"""A stroke goes on beyond a line within so many of its widths, and so many of them to the left or right."""


def crossings(ink: NDArray[np.float32], lines: _Mask, around: _Mask) -> _Mask:
    """Find where strokes cross lines.

    Args:
        ink: `(height, width)`, 0 bare paper, 1 the darkest stroke.
        lines: 1 on a line.
        around: 1 on a line and its soft edges.

    Returns:
        1 where `around` is part of a stroke.
    """
    rest = ((ink > _FIRM) & (around == 0)).view(np.uint8)
    wide = _width(lines)
    return np.asarray(
        cv2.max(_across(rest, around, wide), _across(rest, around, wide, is_down=True)), np.uint8
    )


def _width(lines: _Mask) -> float:
    """How wide lines are for the most part."""
    inside = cv2.distanceTransform(lines, cv2.DIST_L1, 3)
    most = cv2.dilate(inside, np.ones((3, 3), np.uint8))
    on_lines = np.flatnonzero(lines.view(np.bool_))
    depth = inside.ravel()[on_lines]
    return 2 * median(depth[depth >= most.ravel()[on_lines]]) - 1


def _across(rest: _Mask, around: _Mask, wide: float, *, is_down: bool = False) -> _Mask:
    """Where strokes meet lines that run across, from above and from below; or lines that run down."""
    far, aside = round(_CROSSED * wide) + 3, 2 * round(_ASIDE * wide) + 3
    reach = np.ones((aside, far) if is_down else (far, aside), np.uint8)
    ends = [(end, aside // 2) if is_down else (aside // 2, end) for end in (far - 1, 0)]
    above, below = (cv2.dilate(rest, reach, anchor=end) for end in ends)
    return np.asarray(cv2.min(cv2.min(above, below), around), np.uint8)
