"""Where the line is in a picture that holds one line of writing.

In: ink, float32 `(height, width)`, of any height, perhaps ruled, with margins, and with bits of the lines
above and below at the border. Out: the box of the line's own ink.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.imaging import page_rules

__all__ = ["line_crop"]

_INKED = 0.3
_BODY = 0.3
"""Rows with this share of the most inked row's ink, around it, are the body of the line."""
_NEAR = 1.0
"""A dot or an accent is this far from the body at most, in heights of the body."""
_SPECK = 0.06
"""What is smaller than this share of the body's height, both ways, is a speck."""
_CALM = 0.06
"""The profile of the rows is smoothed over this share of the height."""


def line_crop(ink: NDArray[np.float32]) -> tuple[int, int, int, int] | None:
    """The box of the one line in a picture.

    Args:
        ink: `(height, width)`, 0 bare paper, 1 the darkest stroke; text from left to right.

    Returns:
        Left, top, right, bottom in pixels, the last two exclusive; None where there is no ink.
    """
    mask = page_rules.without_rules((ink > _INKED).astype(np.uint8))
    if not mask.any():
        return None
    height = mask.shape[0]
    first, last = _body(mask)
    body = last - first
    _, _, stats, centres = cv2.connectedComponentsWithStats(mask, connectivity=8)
    top, high, wide = (stats[:, k] for k in (cv2.CC_STAT_TOP, cv2.CC_STAT_HEIGHT, cv2.CC_STAT_WIDTH))
    inside = (top < last) & (top + high > first)
    at_border = (top <= 0) | (top + high >= height)
    off = np.maximum(np.maximum(first - centres[:, 1], centres[:, 1] - last), 0)
    kept = inside | (~at_border & (off <= _NEAR * body))
    kept &= (high > _SPECK * body) | (wide > _SPECK * body)
    kept[0] = False
    if not kept.any():
        return None
    left, right = stats[kept, 0].min(), (stats[:, 0] + wide)[kept].max()
    return int(left), int(top[kept].min()), int(right), int((top + high)[kept].max())


def _body(mask: NDArray[np.uint8]) -> tuple[int, int]:
    """The rows of the small letters: those around the most inked one, the last exclusive."""
    profile = mask.sum(1, dtype=np.float64)
    window = max(1, round(_CALM * len(profile))) | 1
    calm = np.convolve(np.pad(profile, window // 2, mode="edge"), np.ones(window) / window, mode="valid")
    peak = int(calm.argmax())
    bare = calm < _BODY * calm[peak]
    above, below = np.flatnonzero(bare[:peak]), np.flatnonzero(bare[peak:])
    first = int(above[-1]) + 1 if len(above) else 0
    last = peak + int(below[0]) if len(below) else len(profile)
    return first, max(last, first + 1)
