"""The one form in which every network, ours or yours, sees a character: the form in which MNIST was made.

In: ink of one mark, or any picture. Out: float32 `(28, 28)`, white on black, 0..1: the mark shrunk into a
box of 20 px with its aspect kept, its centre of mass in the middle. Strokes that shrinking would make
fainter than a pen's are widened first. Training and reading both call this file, so they see the same pixels.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.imaging.ink import extract
from inkread.imaging.load import Source, pages
from inkread.imaging.rules import remove_rules
from inkread.imaging.segment import find_marks, main_mark

__all__ = ["NORMALIZER_VERSION", "SIDE", "normalize", "normalize_ink", "textbook"]

NORMALIZER_VERSION = "ink-1"
"""Rises whenever the same picture would give other pixels."""
SIDE, BOX = 28, 20
_WORK = 100
"""Longest side, in pixels, at which stroke width is measured and mended."""
_THINNEST, _WIDEST, _WIDE = 1.9, 4.4, 3.6
"""Stroke widths in the 20 px box: thinner than the first and wider than the second are mended."""


def normalize(picture: Source) -> NDArray[np.float32]:
    """Bring the main mark of any picture into the form in which MNIST was made; for any model.

    Args:
        picture: path, bytes, Pillow image or array, of any size, colour and polarity.

    Returns:
        `(28, 28, 1)`, white on black, 0..1; all zero where nothing stands out.

    Raises:
        SourceError: the picture cannot be opened.

    Example:
        >>> page = np.full((200, 100, 3), 220, np.uint8)
        >>> page[40:160, 45:52] = 30
        >>> normalize(page).shape, float(normalize(page)[14, 13:15].max())
        ((28, 28, 1), 1.0)

    Source: LeCun et al., Gradient-based learning applied to document recognition, 1998.
    """
    for page in pages(picture):
        mark = main_mark(find_marks(remove_rules(extract(page.rgb).ink)))
        return normalize_ink(mark.ink if mark else np.zeros((1, 1), np.float32))[..., None]
    raise AssertionError("a picture has at least one page")


def normalize_ink(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    """Bring the ink of one mark into the form in which MNIST was made.

    Args:
        ink: `(height, width)`, 0 bare paper, 1 the darkest stroke; nothing but the mark.

    Returns:
        `(28, 28)`, 0..1; all zero where there is no ink.
    """
    mark = _trim(ink)
    if mark is None:
        return np.zeros((SIDE, SIDE), np.float32)
    longest = max(mark.shape)
    if longest > _WORK:
        mark = _resize(mark, _WORK / longest)
    mark = _mend_width(mark)
    small = _resize(mark, BOX / max(mark.shape))
    small = np.maximum(small / max(float(small.max()), 1e-6), 0)
    return _centred(small)


def textbook(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    """What tutorials feed their network: grey, resized to 28 x 28, inverted, nothing else.

    Args:
        rgb: `(height, width, 3)`.

    Returns:
        `(28, 28, 1)`, 0..1.
    """
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return (1 - small.astype(np.float32) / 255)[..., None]


def _trim(ink: NDArray[np.float32]) -> NDArray[np.float32] | None:
    """Cut to the strokes; None where there are none."""
    left, top, width, height = cv2.boundingRect((ink > 0.3).view(np.uint8))
    return ink[top : top + height, left : left + width] if width else None


def _resize(ink: NDArray[np.float32], factor: float) -> NDArray[np.float32]:
    height, width = ink.shape
    size = max(1, round(width * factor)), max(1, round(height * factor))
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(ink, size, interpolation=how), np.float32)


def _mend_width(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    """Widen strokes that would fade in the 20 px box, thin those that would fill it."""
    scale = BOX / max(ink.shape)
    if scale > 0.9:
        return ink
    framed = cv2.copyMakeBorder(ink, 2, 2, 2, 2, cv2.BORDER_CONSTANT, value=[0.0])
    mask = (framed > 0.45).view(np.uint8)
    if not mask.any():
        return ink
    distance = cv2.distanceTransform(mask, cv2.DIST_L2, 3)
    width = 4 * cv2.mean(distance, mask)[0] - 1  # the mean distance to the edge is a quarter of the width
    if width * scale < _THINNEST:
        grow = round((_THINNEST / scale - width) / 2)
        pad = grow + 1
        framed = cv2.copyMakeBorder(ink, pad, pad, pad, pad, cv2.BORDER_CONSTANT, value=[0.0])
        return np.asarray(cv2.dilate(framed, _disc(grow)), np.float32)
    if width * scale > _WIDEST and float(distance.max()) * 2 * scale <= 0.55 * BOX:  # a stroke, not a blot
        return np.asarray(cv2.erode(framed, _disc(round((width - _WIDE / scale) / 2))), np.float32)
    return ink


def _disc(radius: int) -> NDArray[np.uint8]:
    return np.asarray(
        cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1)), np.uint8
    )


def _centred(small: NDArray[np.float32]) -> NDArray[np.float32]:
    """Lay a small picture into 28 x 28 with its centre of mass in the middle, to the pixel."""
    height, width = small.shape
    total = float(small.sum())
    if total <= 0 or max(height, width) > SIDE:
        return np.zeros((SIDE, SIDE), np.float32)
    y = float((small.sum(1) * np.arange(height)).sum()) / total
    x = float((small.sum(0) * np.arange(width)).sum()) / total
    top = min(max(round((SIDE - 1) / 2 - y), 0), SIDE - height)
    left = min(max(round((SIDE - 1) / 2 - x), 0), SIDE - width)
    canvas = np.zeros((SIDE, SIDE), np.float32)
    canvas[top : top + height, left : left + width] = small
    return canvas
