"""Cut one line of writing out of a page with its baseline level, and keep the way back.

In: a picture or its ink, the outline of a line and its baseline. Out: the crop, upright, with the strokes of
other lines gone, and a `Way` that takes its pixels back to the picture's. The crop is sheared, not bent: each
column moves up or down as the baseline does, and letters keep their shapes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["Way", "straightened"]

_Picture = TypeVar("_Picture", NDArray[np.uint8], NDArray[np.float32])
_WIDEST = 20_000
"""No crop is wider, in pixels."""


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """The way from the pixels of a crop back to those of the picture.

    Attributes:
        start: `(2,)`, the point of the picture under the crop's upper left corner before it is levelled.
        along: `(2,)`, of length 1, from left to right along the line.
        offsets: `(width + 1,)`, how far down the picture each column of the crop begins.
    """

    start: NDArray[np.float64]
    along: NDArray[np.float64]
    offsets: NDArray[np.float64]

    def back(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points of the crop, `(n, 2)` x and y, in pixels of the picture."""
        u, v = points[:, 0], points[:, 1]
        down = v + np.interp(u, np.arange(len(self.offsets)), self.offsets)
        normal = np.array([-self.along[1], self.along[0]])
        return np.asarray(self.start + u[:, None] * self.along + down[:, None] * normal, np.float64)

    def into(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points of the picture, `(n, 2)` x and y, in pixels of the crop."""
        normal = np.array([-self.along[1], self.along[0]])
        off = points - self.start
        u, v = off @ self.along, off @ normal
        return np.column_stack([u, v - np.interp(u, np.arange(len(self.offsets)), self.offsets)])


def straightened(
    picture: _Picture, outline: NDArray[np.float64], baseline: NDArray[np.float64]
) -> tuple[_Picture, Way]:
    """Cut a line out.

    Args:
        picture: `(height, width, 3)` uint8 or ink `(height, width)` float32.
        outline: `(n, 2)`, a polygon; what lies outside becomes paper.
        baseline: `(m, 2)`, from left to right, m at least 2.

    Returns:
        The crop, of the picture's kind and scale, and the way back.
    """
    way, size = _way(outline, baseline)
    x, y = np.meshgrid(np.arange(size[0]) + 0.5, np.arange(size[1]) + 0.5)
    there = way.back(np.column_stack([x.ravel(), y.ravel()])).astype(np.float32) - np.float32(0.5)
    maps = there.reshape(size[1], size[0], 2)
    crop = cv2.remap(picture, maps, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    inside = np.zeros((size[1], size[0]), np.uint8)
    corners = np.round((way.into(outline) - 0.5) * 16).astype(np.int32)
    cv2.fillPoly(inside, [corners[:, None]], 255, cv2.LINE_AA, 4)
    share = inside.astype(np.float32) / 255
    if crop.ndim == 2:
        return np.asarray(crop * share, picture.dtype), way
    paper = _paper(crop)
    kept = paper + (crop.astype(np.float32) - paper) * share[..., None]
    return np.asarray(np.round(kept), picture.dtype), way


def _way(outline: NDArray[np.float64], baseline: NDArray[np.float64]) -> tuple[Way, tuple[int, int]]:
    """The way back, and the crop's width and height, that take in the whole outline."""
    centred = baseline - baseline.mean(0)
    spread = float(np.square(centred[:, 0]).sum())
    slope = float((centred[:, 0] * centred[:, 1]).sum()) / spread if spread > 1 else 0.0
    along = np.array([1.0, slope]) / np.hypot(1.0, slope)
    normal = np.array([-along[1], along[0]])
    first = np.floor(float((outline @ along).min()))  # a level line keeps its very pixels
    width = min(_WIDEST, max(1, int(np.ceil(float((outline @ along).max()) - first))))
    level = np.interp(np.arange(width + 1) + first, baseline @ along, baseline @ normal)
    start = first * along
    flat = Way(start, along, level)
    down = flat.into(outline)[:, 1]
    top = np.floor(float(down.min() + level[0])) - level[0]
    height = max(1, int(np.ceil(float(down.max()) - top)))
    return Way(start, along, level + top), (width, height)


def _paper(crop: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The paper's colour in every column, `(1, width, 3)`: what is light of it, or dark on a blackboard."""
    grey = crop.mean(-1)
    share = 0.8 if float(np.median(grey)) >= float(grey.mean()) else 0.2
    row = round(share * (len(crop) - 1))
    middle = np.partition(crop, row, axis=0)[row].astype(np.float32)[None]
    window = max(1, min(crop.shape[1], crop.shape[0])) | 1
    return np.asarray(cv2.blur(middle, (window, 1), borderType=cv2.BORDER_REPLICATE), np.float32)
