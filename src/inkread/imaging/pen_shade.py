"""How much each pixel of a strip is of the pen's colour: what ink that was found leaves out can be seen here.

In: a picture, and the strip of a row that was found in it. Out: float32 of the strip's size, 0 paper, 1 the
pen. The strip's own ink tells the colour of the pen, and what lies around it that of the paper; so the shade
holds the strokes that were missed, and lines and print as well, as far as they look like the pen. Reading and
training both call this file, so they see the same pixels.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.imaging.strips import Strip

__all__ = ["SHADED_VERSION", "pen_shade", "shaded"]

SHADED_VERSION = "strip-1+shade-1"
"""Rises whenever the same picture would give other strips or shades."""
_AROUND = 1.0
"""Paper is looked for in windows of so many heights of the strip."""
_INKED, _FIRM = 0.12, 0.8
"""What is inked more than this is no paper; the pen, on average, has this shade."""
_LEAST = 2.0
"""Levels of 255 by which the pen must differ from the paper, or there is no telling."""


def shaded(rgb: NDArray[np.uint8], to_picture: NDArray[np.float64], cut: Strip) -> NDArray[np.float32]:
    """A strip with its shade: float32 `(height, width, 2)`; arguments as for `pen_shade`."""
    return np.stack([cut.ink, pen_shade(rgb, to_picture, cut)], axis=-1)


def pen_shade(rgb: NDArray[np.uint8], to_picture: NDArray[np.float64], cut: Strip) -> NDArray[np.float32]:
    """Tell how much of the pen's colour is in each pixel of a strip.

    Args:
        rgb: `(rows, columns, 3)`, the picture.
        to_picture: `(2, 3)`, takes points of the row's ink to those of the picture.
        cut: the strip of the row's ink.

    Returns:
        `(height, width)` of the strip, 0..1; the ink itself where it is no darker or lighter than the paper.
    """
    seen = _warped(rgb, to_picture, cut)
    shade = _unlike_paper(seen, cut.ink, cut.ink)
    # What the ink left out is no paper either.
    return shade if shade is cut.ink else _unlike_paper(seen, cut.ink, np.maximum(cut.ink, 0.4 * shade))


def _unlike_paper(
    seen: NDArray[np.float32], ink: NDArray[np.float32], inked: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The shade, the paper taken from what is not inked nearby; the ink where there is no telling."""
    side = round(_AROUND * ink.shape[0]) | 1
    free = (cv2.dilate(inked, np.ones((3, 3), np.uint8)) < _INKED).astype(np.float32)
    room = cv2.blur(free, (side, side))
    paper = cv2.blur(seen * free[..., None], (side, side)) / np.maximum(room, 1e-3)[..., None]
    if room.min() < 1e-3:
        usual = seen[free > 0].mean(axis=0) if free.any() else np.quantile(seen, 0.9, axis=(0, 1))
        paper = np.where(room[..., None] < 1e-3, usual.astype(np.float32), paper)
    away = paper - seen
    weight = ink * ink
    pen = np.tensordot(weight, away, axes=((0, 1), (0, 1))) / max(float(weight.sum()), 1e-6)
    strength = float(pen @ pen)
    if strength < _LEAST**2:
        return ink
    shade = away @ (pen * np.float32(_FIRM / strength)).astype(np.float32)
    return np.asarray(np.clip(shade, 0, 1), np.float32)


def _warped(rgb: NDArray[np.uint8], to_picture: NDArray[np.float64], cut: Strip) -> NDArray[np.float32]:
    """The picture where the strip is, `(height, width, 3)`."""
    height, width = cut.ink.shape
    turn = to_picture[:, :2] @ np.diag([1 / cut.scale, cut.height / height])
    start = to_picture[:, :2] @ (cut.left, cut.top) + to_picture[:, 2]
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], float) @ turn.T + start
    limit = np.array(rgb.shape[1::-1])
    low = np.clip(np.floor(corners.min(0)).astype(int) - 2, 0, limit - 1)
    far = np.clip(np.ceil(corners.max(0)).astype(int) + 2, low + 1, limit)
    part = rgb[low[1] : far[1], low[0] : far[0]]
    size = np.array(part.shape[1::-1])
    fine = float(np.sqrt(abs(np.linalg.det(turn))))
    small = np.maximum(1, np.round(size / max(1.0, fine))).astype(int)
    if fine > 1:
        part = np.asarray(cv2.resize(part, small.tolist(), interpolation=cv2.INTER_AREA), np.uint8)
    factor = small / size
    way = np.column_stack([turn * factor[:, None], (start - low) * factor])
    way[:, 2] += way[:, :2] @ (0.5, 0.5) - 0.5
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    moved = cv2.warpAffine(part, way, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.float32)
