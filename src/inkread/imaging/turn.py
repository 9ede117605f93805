"""Cut out a part of a picture, turn it, take a plain frame off, and keep the way back to the user's pixels.

In: RGB and the map from its pixels to the user's, a `(2, 3)` matrix for (x, y, 1). Out: both, for the part.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.errors import SourceError

__all__ = ["after", "crop_and_turn", "photo_in_frame"]

_SHORTEST_SIDE = 4
_PLAIN = 7
"""Colours this close, in 0..255, are one."""
_MARKED, _FEW = 28, 0.001
"""A frame holds no writing: fewer of its pixels than the second share differ from its colour by the first."""


def crop_and_turn(
    rgb: NDArray[np.uint8],
    to_user: NDArray[np.float64],
    crop: tuple[int, int, int, int] | None,
    rotate: float,
) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """Cut out a rectangle, then turn what is left clockwise.

    Returns:
        The picture, and the way from its pixels to the user's.

    Raises:
        SourceError: the crop lies outside of the picture.
    """
    if crop is not None:
        height, width = rgb.shape[:2]
        left, top, right, bottom = crop
        left, top, right, bottom = max(left, 0), max(top, 0), min(right, width), min(bottom, height)
        if right - left < _SHORTEST_SIDE or bottom - top < _SHORTEST_SIDE:
            raise SourceError(
                f"the crop {crop} leaves nothing of a picture of {width} x {height} px; "
                "give left,top,right,bottom in pixels of the upright picture"
            )
        rgb = rgb[top:bottom, left:right]
        to_user = after(to_user, np.array([[1, 0, left], [0, 1, top]], float))
    if rotate % 360:
        rgb, back = _turn(rgb, rotate % 360)
        to_user = after(to_user, back)
    return rgb, to_user


def _turn(rgb: NDArray[np.uint8], degrees: float) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """Turn clockwise; also give the way from the turned pixels to the ones before."""
    height, width = rgb.shape[:2]
    radians = np.deg2rad(degrees)
    cos, sin = np.cos(radians), np.sin(radians)
    new_w = round(abs(width * cos) + abs(height * sin))
    new_h = round(abs(width * sin) + abs(height * cos))
    # A point p of the turned picture was at R^-1 (p - new centre) + old centre.
    back = np.array([[cos, sin, 0], [-sin, cos, 0]], float)
    back[:, 2] = np.array([width / 2, height / 2]) - back[:, :2] @ np.array([new_w / 2, new_h / 2])
    if degrees % 90 == 0:
        turned = np.ascontiguousarray(np.rot90(rgb, k=-int(degrees // 90)))
        return turned, np.round(back, 9)
    centred = back.copy()  # OpenCV counts from pixel centres
    centred[:, 2] += back[:, :2] @ np.array([0.5, 0.5]) - 0.5
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    turned = cv2.warpAffine(rgb, centred, (new_w, new_h), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(turned, np.uint8), back


def after(outer: NDArray[np.float64], inner: NDArray[np.float64]) -> NDArray[np.float64]:
    """The map that first does `inner`, then `outer`; both `(2, 3)`."""
    return np.column_stack([outer[:, :2] @ inner[:, :2], outer[:, :2] @ inner[:, 2] + outer[:, 2]])


def photo_in_frame(rgb: NDArray[np.uint8]) -> tuple[slice, slice] | None:
    """Where the photo lies in a plain frame that somebody padded it with; None where there is no such frame.

    A drawing on a plain canvas has no frame: around it, too, there is canvas. A padded photo differs from its
    frame nearly all along its edge.
    """
    plain = rgb[0, 0].astype(np.int16)
    pairs = (rgb[0], rgb[-1]), (rgb[:, 0], rgb[:, -1])
    if not any(
        all(np.abs(side - plain).sum() / side.size <= 0.4 * _PLAIN for side in pair) for pair in pairs
    ):
        return None
    step = max(1, max(rgb.shape[:2]) // 400)
    off = cv2.absdiff(np.ascontiguousarray(rgb[::step, ::step]), (*plain.tolist(), 0))
    most = cv2.max(cv2.max(*cv2.split(off)[:2]), off[..., 2])
    other = most > _PLAIN
    in_row, in_column = (other.view(np.uint8).sum(axis) / other.shape[axis] for axis in (1, 0))
    rows = np.flatnonzero(in_row > 0.6 * in_row.max())  # compression blurs the seam: not every pixel tells
    columns = np.flatnonzero(in_column > 0.6 * in_column.max())
    if not rows.size or not columns.size:
        return None
    photo = other[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    edge = np.concatenate([photo[0], photo[-1], photo[:, 0], photo[:, -1]])
    is_photo = photo.size > 0.25 * other.size and edge.mean() > 0.6 and photo.mean() > 0.85
    if not is_photo or photo.shape == other.shape:
        return None
    trim = max(2, round(0.025 * max(photo.shape)))
    frame = np.ones(other.shape, bool)
    frame[
        max(rows[0] - trim, 0) : rows[-1] + 1 + trim, max(columns[0] - trim, 0) : columns[-1] + 1 + trim
    ] = False
    if (most[frame] > _MARKED).sum() > _FEW * max(frame.sum(), 1):
        return None
    top, bottom = step * (rows[0] + trim), step * (rows[-1] + 1 - trim)
    left, right = step * (columns[0] + trim), step * (columns[-1] + 1 - trim)
    return slice(top, bottom), slice(left, right)
