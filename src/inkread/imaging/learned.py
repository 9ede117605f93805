"""Ink as a network finds it: a picture brought to the network, and its answer brought back.

In: upright RGB, uint8 `(height, width, 3)`. Out: what the network takes, `(1, h, w, 3)` float32 of a fixed
longest side, and from its answer an `Ink` of the picture's size. Where shadows, squares or textures mislead
every threshold, the network has learned what a stroke looks like; small writing is looked at once more from
near by.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.imaging.ink import Ink

__all__ = ["Finder", "find", "find_in_field", "standard"]

Finder = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""`(1, height, width, 3)` float32, sides multiples of `STEP` -> `(height, width)` logits: above 0 is ink."""

LONGEST, MOST, NEAR = 144, 384, 128
"""Longest side, in pixels, at which a whole picture is looked at, at least and, of large photos, at most; and
that at which the surroundings of small writing are."""
FIELD = 352
"""Longest side, in pixels, at which a field is looked at, at most."""
_REDUCED = 3
"""Between the two, by how much a picture is reduced."""
STEP = 16
_SMALL = 0.45
"""Writing that takes up less than this share of the longest side is looked at from near by."""
_ROOM = 0.4
"""What is around the writing then, as a share of it."""
_LIKELY = 0.4
"""What is this likely ink is writing, when it is looked for."""
_PART = 0.25
"""What is smaller than this share of the largest piece is none."""
_LEAST_SPREAD = 4.0


def find(rgb: NDArray[np.uint8], finder: Finder) -> Ink:
    """Find the ink of a picture.

    Args:
        rgb: `(height, width, 3)`, upright.
        finder: the network.

    Returns:
        The ink, of the same height and width: how likely each pixel is ink. Of no contrast where there is
        none.
    """
    height, width = rgb.shape[:2]
    seen = _look(rgb, finder, min(max(LONGEST, max(height, width) // _REDUCED), MOST))
    near = _surroundings(seen, rgb.shape)
    if near is None:
        ink = _resize(seen, (width, height))
    else:
        inside = _look(rgb[near], finder, NEAR)
        ink = np.zeros((height, width), np.float32)
        place = ink[near]
        place[:] = _resize(inside, place.shape[::-1])
    contrast = float(ink.max(initial=0.0) > 0.5)
    return Ink(ink, contrast, 0.0, light_on_dark=False, sure=1.0)


def find_in_field(rgb: NDArray[np.uint8], finder: Finder) -> Ink:
    """Find the ink of a field: of a row or a few, with the form that they stand in left out.

    Args:
        rgb: `(height, width, 3)`, upright.
        finder: the network, of the model `field-ink`.

    Returns:
        As `find` gives it.
    """
    height, width = rgb.shape[:2]
    seen = _look(rgb, finder, min(FIELD, max(height, width)))
    ink = seen if seen.shape == (height, width) else _resize(seen, (width, height))
    return Ink(ink, float(ink.max(initial=0.0) > 0.5), 0.0, light_on_dark=False, sure=1.0)


def standard(rgb: NDArray[np.float32]) -> NDArray[np.float32]:
    """Take out how bright a picture is and how much contrast it has.

    Args:
        rgb: `(height, width, 3)`, 0..255.

    Returns:
        The same shape: each channel of mean 0, the liveliest of standard deviation 1; nearly flat pictures
        stay so.
    """
    spread = float(rgb.std(axis=(0, 1)).max())
    return np.asarray((rgb - rgb.mean(axis=(0, 1))) / np.float32(max(spread, _LEAST_SPREAD)), np.float32)


def _look(rgb: NDArray[np.uint8], finder: Finder, longest: int) -> NDArray[np.float32]:
    """How likely each pixel is ink, at a size where the longest side is `longest`."""
    height, width = rgb.shape[:2]
    factor = longest / max(height, width)
    size = max(8, round(width * factor)), max(8, round(height * factor))
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    picture = standard(cv2.resize(rgb, size, interpolation=how).astype(np.float32))
    framed = np.zeros((1, -(-size[1] // STEP) * STEP, -(-size[0] // STEP) * STEP, 3), np.float32)
    top, left = (framed.shape[1] - size[1]) // 2, (framed.shape[2] - size[0]) // 2
    inside = np.s_[top : top + size[1], left : left + size[0]]
    framed[0][inside] = picture
    logits = np.clip(finder(framed)[inside], -30, 30)
    return np.asarray(1 / (1 + np.exp(-logits)), np.float32)


def _surroundings(seen: NDArray[np.float32], shape: tuple[int, ...]) -> tuple[slice, slice] | None:
    """Where small writing is, with some room, as rows and columns of the picture; None where it is large."""
    mask = (seen > _LIKELY).view(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask)
    pieces = stats[1:]
    if not len(pieces):
        return None
    area = pieces[:, cv2.CC_STAT_AREA]
    pieces = pieces[area >= _PART * area.max()]
    first = pieces[:, :2].min(0)
    last = (pieces[:, :2] + pieces[:, 2:4]).max(0)
    size = int((last - first).max())
    if size >= _SMALL * max(seen.shape):
        return None
    factor, room = max(shape) / max(seen.shape), _ROOM * size + 2
    low = np.maximum((first - room) * factor, 0).astype(int)
    high = np.ceil((last + room) * factor).astype(int)
    return slice(low[1], min(high[1], shape[0])), slice(low[0], min(high[0], shape[1]))


def _resize(ink: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.float32]:
    return np.asarray(cv2.resize(ink, size, interpolation=cv2.INTER_LINEAR), np.float32)
