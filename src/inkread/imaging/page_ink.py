"""Ink of a whole page: the light of a page is evened out in small windows before ink is looked for.

In: upright RGB, uint8 `(height, width, 3)`. Out: `Ink` of the same size. On a page strokes are thin beside
the page, so that whatever is wider than a stroke can be - a shadow, a stain, the table beside the sheet -
goes with the paper; a picture of a single mark has no such room, and goes through `inkread.imaging.ink`.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.imaging.counts import quantile
from inkread.imaging.ink import Ink, along_ink_colour, levels

__all__ = ["balance", "page_ink"]

_WORK = 700
"""Longest side, in pixels, at which paper and polarity are estimated."""
_WIDEST = 0.035
"""The widest stroke, as a share of the page's longest side."""
_WINDOW = 0.06
"""Side of the windows that are asked which is the paper, as a share of the longest side."""
_DOUBT = 0.12
"""Unless it is clearer than this, strokes are dark."""
_LIVELY = 0.04
"""Windows of less contrast are not asked."""
_DARK = 0.55
"""Paper darker than this share of the brightest paper is taken for this bright: there is only noise."""
_FAINTEST = 0.055
"""The least difference from the paper, as a share of the paper's brightness, that may be ink."""


def page_ink(rgb: NDArray[np.uint8]) -> Ink:
    """Separate the ink of a page from its paper.

    Args:
        rgb: `(height, width, 3)`, upright.

    Returns:
        The ink, of the same height and width; of no contrast where nothing stands out.

    Example:
        >>> page = np.full((300, 300, 3), 200, np.uint8)
        >>> page[100:103, 50:250] = 40
        >>> found = page_ink(page)
        >>> round(float(found.ink[101, 90])), round(float(found.ink[50, 50])), found.light_on_dark
        (1, 0, False)
    """
    tilt = balance(rgb)
    inverted = tilt < -_DOUBT
    darkness = along_ink_colour(_darkness(255 - rgb if inverted else rgb))
    low, high, noise = levels(darkness)
    sure = abs(tilt)
    contrast = (high - low) / 255
    if contrast < _FAINTEST or contrast * 255 < 3.2 * noise:
        return Ink(np.zeros(darkness.shape, np.float32), 0.0, 0.0, inverted, sure)
    table = np.clip((np.arange(256, dtype=np.float32) - low) / (high - low), 0, 1).astype(np.float32)
    return Ink(
        np.asarray(cv2.LUT(darkness, table), np.float32), contrast, noise / (high - low), inverted, sure
    )


def _darkness(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """How much darker than its paper each channel is, as a share of the paper, times 255."""
    height, width = rgb.shape[:2]
    small = _reduced(rgb)
    window = max(5, round(_WIDEST * max(small.shape[:2]))) | 1
    calm = np.asarray(cv2.medianBlur(small, 3), np.uint8)
    # What is dark at the border goes on outside, and is wide.
    framed = cv2.copyMakeBorder(calm, window, window, window, window, cv2.BORDER_REPLICATE)
    closed = cv2.morphologyEx(framed, cv2.MORPH_CLOSE, np.ones((window, window), np.uint8))
    closed = np.ascontiguousarray(closed[window:-window, window:-window])
    paper = cv2.medianBlur(closed, 7)  # keeps the sheet's edge where it is
    full = np.asarray(cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
    least = int(max(24.0, _DARK * quantile(paper.max(-1).ravel(), 0.9)))
    return np.asarray(
        cv2.divide(cv2.subtract(full, rgb), cv2.max(full, (least, least, least, 0)), scale=255), np.uint8
    )


def _reduced(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The page with its longest side `_WORK`, or as it is where that is smaller."""
    height, width = rgb.shape[:2]
    factor = min(1.0, _WORK / max(height, width))
    size = max(8, round(width * factor)), max(8, round(height * factor))
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)


def balance(rgb: NDArray[np.uint8]) -> float:
    """From -1, light strokes on dark paper, to 1: in a small window paper takes more room than strokes."""
    grey = np.asarray(cv2.cvtColor(_reduced(rgb), cv2.COLOR_RGB2GRAY), np.uint8)
    side = max(4, round(_WINDOW * max(grey.shape)))
    rows, columns = grey.shape[0] // side, grey.shape[1] // side
    if not rows or not columns:
        return 1.0
    windows = grey[: rows * side, : columns * side].reshape(rows, side, columns, side).swapaxes(1, 2)
    flat = np.sort(windows.reshape(rows * columns, -1), axis=1, kind="stable")  # by radix: bytes are few
    places = [round(share * (flat.shape[1] - 1)) for share in (0.02, 0.5, 0.98)]
    low, middle, high = flat[:, places].T.astype(np.float64)
    contrast = high - low
    # Each window has one vote: those on the edge of the sheet have the most contrast, and know least.
    lively = contrast >= max(_LIVELY * 255, 0.12 * float(contrast.max()))
    votes = ((2 * middle - low - high) / np.maximum(contrast, 1))[lively]
    return float(votes.mean()) if len(votes) else 1.0
