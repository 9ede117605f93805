"""Ink of a field: a crop of a row or a few, whose strokes are thin beside the height of a row.

In: upright RGB, uint8 `(height, width, 3)`. Out: `Ink` of the same size. The paper is looked for in windows
that a stroke cannot fill, so that shadows, folds and the fall of light go with it, in wide strips as well.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.imaging.counts import quantile
from inkread.imaging.ink import Ink, along_ink_colour, levels, polarity
from inkread.imaging.page_ink import balance

__all__ = ["field_ink"]

_WORK = 320
"""Longest side, in pixels, at which the paper is estimated."""
_STROKE, _WIDEST = 0.27, (0.035, 0.27)
"""The widest stroke as a share of the shorter side; of the longer side it is within these bounds."""
_DARK = 0.4
"""Paper darker than this share of the brightest paper is taken for this bright: there is only noise."""
_FAINTEST = 0.05
"""The least difference from the paper, as a share of the paper's brightness, that may be ink."""
_FAINT, _CLEARLY = 0.03, 9.0
"""So little may be ink as well where it is so many times the grain: a hard pencil on smooth paper."""
_CLEAR = 0.7
"""Where the windows of a picture agree so clearly on which is the paper, nothing else is asked."""
_CALM = 7.0
"""Where strokes stand out of the grain less than so many times, the picture is smoothed."""
_SMOOTHING = (0.8, 1.4, 2.2)
"""Sigmas, in pixels, one after the other."""


def field_ink(rgb: NDArray[np.uint8], widest: float | None = None) -> Ink:
    """Separate the ink of a field from its paper.

    Args:
        rgb: `(height, width, 3)`, upright.
        widest: the widest stroke, as a share of the longest side; None takes it from the picture's shape.

    Returns:
        The ink, of the same height and width; of no contrast where nothing stands out.

    Example:
        >>> strip = np.full((60, 300, 3), 200, np.uint8)
        >>> strip[10:50, 100:106] = 40
        >>> found = field_ink(strip)
        >>> round(float(found.ink[30, 103])), round(float(found.ink[30, 50])), found.light_on_dark
        (1, 0, False)
    """
    sure = 2 * balance(rgb)
    if abs(sure) < _CLEAR:
        sure += 0.5 * polarity(rgb)
    inverted = sure < 0
    height, width = rgb.shape[:2]
    if widest is None:
        widest = min(_WIDEST[1], max(_WIDEST[0], _STROKE * min(height, width) / max(height, width)))
    dark = along_ink_colour(_darkness(255 - rgb if inverted else rgb, widest))
    dark, (low, high, noise) = _calmed(dark)
    contrast = (high - low) / 255
    least = _FAINT if contrast * 255 >= _CLEARLY * noise else _FAINTEST
    if contrast < least or contrast * 255 < 3.2 * noise:
        return Ink(np.zeros(dark.shape, np.float32), 0.0, 0.0, inverted, min(1.0, abs(sure)))
    table = np.clip((np.arange(256, dtype=np.float32) - low) / (high - low), 0, 1).astype(np.float32)
    ink = np.asarray(cv2.LUT(dark, table), np.float32)
    return Ink(ink, float(contrast), float(noise / (high - low)), inverted, min(1.0, abs(sure)))


def _calmed(dark: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], tuple[float, float, float]]:
    """The darkness smoothed as far as it makes strokes stand out more from the grain, and its levels."""
    found = levels(dark)
    for sigma in _SMOOTHING:
        low, high, noise = found
        if high - low > _CALM * noise:
            break
        calm = np.asarray(cv2.GaussianBlur(dark, (0, 0), sigma), np.uint8)
        told = levels(calm)
        if (told[1] - told[0]) * noise <= (high - low) * told[2]:
            break  # strokes are as thin as the grain
        dark, found = calm, told
    return dark, found


def _darkness(rgb: NDArray[np.uint8], widest: float) -> NDArray[np.uint8]:
    """How much darker than its paper each channel is, as a share of the paper, times 255."""
    height, width = rgb.shape[:2]
    factor = min(1.0, _WORK / max(height, width))
    size = max(8, round(width * factor)), max(8, round(height * factor))
    small = np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8) if factor < 1 else rgb
    window = max(5, round(widest * max(small.shape[:2]))) | 1
    calm = np.asarray(cv2.medianBlur(small, 3), np.uint8)
    framed = cv2.copyMakeBorder(calm, window, window, window, window, cv2.BORDER_REPLICATE)
    closed = cv2.morphologyEx(framed, cv2.MORPH_CLOSE, np.ones((window, window), np.uint8))
    closed = np.ascontiguousarray(closed[window:-window, window:-window])
    soft = max(3, window // 4) | 1
    paper = cv2.resize(cv2.blur(closed, (soft, soft)), (width, height), interpolation=cv2.INTER_LINEAR)
    least = int(max(24.0, _DARK * quantile(np.ascontiguousarray(closed[::3, ::3]).max(-1).ravel(), 0.9)))
    bright = cv2.max(np.asarray(paper, np.uint8), (least, least, least, 0))
    return np.asarray(cv2.divide(cv2.subtract(np.asarray(paper, np.uint8), rgb), bright, scale=255), np.uint8)
