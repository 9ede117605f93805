"""A sheet that lies on something, cut out and flat: envelope, label or page, whatever the camera's angle.

In: RGB, uint8 `(height, width, 3)`. Out: the sheet as a level rectangle, and the way from its pixels to the
picture's. Where no sheet with four clear sides stands out, the picture is the sheet.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["Flat", "flat_sheet", "standing_out", "taken", "turned"]

_SMALL = 360
"""Longest side, in pixels, at which the sheet is looked for."""
_LEAST = 0.12
"""Share of the picture that a sheet takes up at least."""
_STEPS = (4, 3, 2, 1)
"""How much neighbouring pixels of one sheet differ at most, 0..255: the first that gives a sheet is taken."""
_SEEDS = (0.5, 0.35, 0.65)
_FILLED, _SQUARE = 0.84, 0.88
"""Share of its hull that a sheet fills, once its holes are closed, and its hull of a rectangle around it."""
_FOUR, _RIGHT_DEGREES = 0.97, 12.0
"""Its four corners hold this share of the hull, and are right angles to within so many degrees."""
_TILTED, _TILT_DEGREES, _BORDER = 0.93, 26.0, 0.03
"""The same of a sheet that stands out by its colour; and the border that it stands out from, as a share."""
_SIDES = 0.975
"""A sheet that reaches from border to border by this share, both ways, is the picture itself."""
_INSIDE = 0.003
"""What is taken off each side, as a share of the longer one: the edge and its shadow."""


@dataclass(frozen=True, slots=True, eq=False)
class Flat:
    """A sheet, flat.

    Attributes:
        rgb: uint8 `(height, width, 3)`.
        to_picture: `(3, 3)`, from its pixels (x, y, 1) to the picture's, up to a factor.
        is_cut: whether it was cut out of a picture that shows more.
    """

    rgb: NDArray[np.uint8]
    to_picture: NDArray[np.float64]
    is_cut: bool


def flat_sheet(rgb: NDArray[np.uint8]) -> Flat:
    """Find the sheet and lay it flat.

    Args:
        rgb: `(height, width, 3)`.
    """
    return _laid(rgb, _corners(rgb))


def standing_out(rgb: NDArray[np.uint8]) -> Flat:
    """Find the sheet by its colour beside that of the picture's border, and lay it flat.

    For sheets that `flat_sheet` does not find: in the dark, in a shadow, patterned, tilted far. The picture
    is the sheet where nothing with four sides stands out.

    Args:
        rgb: `(height, width, 3)`.
    """
    height, width = rgb.shape[:2]
    factor = min(1.0, _SMALL / max(height, width))
    size = max(8, round(width * factor)), max(8, round(height * factor))
    small = cv2.medianBlur(np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8), 5)
    bright = small.astype(np.float32) * np.float32(250 / max(20.0, float(np.quantile(small, 0.98))))
    seen = cv2.cvtColor(np.clip(bright, 0, 255).astype(np.uint8), cv2.COLOR_RGB2LAB).astype(np.float32)
    edge = max(2, round(_BORDER * min(size)))
    frame = [seen[:edge], seen[-edge:], seen[:, :edge], seen[:, -edge:]]
    border = np.median(np.concatenate([part.reshape(-1, 3) for part in frame]), axis=0)
    away = np.minimum(np.linalg.norm(seen - border, axis=2), 255).astype(np.uint8)
    _, mask = cv2.threshold(cv2.GaussianBlur(away, (0, 0), 1.5), 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    corners = _tilted(cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8)))
    if corners is None or _is_all(corners, size):
        return Flat(rgb, np.eye(3), False)
    return _laid(rgb, corners * (width / size[0], height / size[1]))


def _tilted(mask: NDArray[np.uint8]) -> NDArray[np.float64] | None:
    """The four corners of what fills a mask, its angles right ones seen from aside; None where it has not."""
    contours = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0]
    if not contours:
        return None
    hull = cv2.convexHull(max(contours, key=cv2.contourArea))
    area = cv2.contourArea(hull)
    if area < _LEAST * mask.size:
        return None
    length = cv2.arcLength(hull, True)
    for share in (0.01, 0.015, 0.02, 0.03, 0.045, 0.06):
        corners = cv2.approxPolyDP(hull, share * length, True).reshape(-1, 2).astype(np.float64)
        if len(corners) == 4 and cv2.contourArea(corners.astype(np.float32)) >= _TILTED * area:
            return _from_upper_left(corners) if _are_right(corners, _TILT_DEGREES) else None
    return None


def _laid(rgb: NDArray[np.uint8], corners: NDArray[np.float64] | None) -> Flat:
    """The sheet between four corners; the whole picture where there are none."""
    if corners is None:
        return Flat(rgb, np.eye(3), False)
    across = (np.linalg.norm(corners[1] - corners[0]) + np.linalg.norm(corners[2] - corners[3])) / 2
    down = (np.linalg.norm(corners[3] - corners[0]) + np.linalg.norm(corners[2] - corners[1])) / 2
    width, height = max(8, round(float(across))), max(8, round(float(down)))
    off = _INSIDE * max(width, height)
    there = np.array([[-off, -off], [width + off, -off], [width + off, height + off], [-off, height + off]])
    # Between pixel centres, as OpenCV counts, and not between corners.
    to_picture = cv2.getPerspectiveTransform(there.astype(np.float32), corners.astype(np.float32))
    centres = _shift(-0.5) @ to_picture @ _shift(0.5)
    flat = cv2.warpPerspective(
        rgb,
        centres,
        (width, height),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return Flat(np.asarray(flat, np.uint8), np.asarray(to_picture, np.float64), True)


def turned(flat: Flat, quarters: int) -> Flat:
    """A sheet turned clockwise by so many quarter turns."""
    height, width = flat.rgb.shape[:2]
    back = {
        0: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        1: [[0, 1, 0], [-1, 0, height], [0, 0, 1]],
        2: [[-1, 0, width], [0, -1, height], [0, 0, 1]],
        3: [[0, -1, width], [1, 0, 0], [0, 0, 1]],
    }[quarters % 4]
    rgb = np.ascontiguousarray(np.rot90(flat.rgb, k=-(quarters % 4)))
    return Flat(rgb, flat.to_picture @ np.array(back, np.float64), flat.is_cut)


def taken(points: NDArray[np.float64], way: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points `(n, 2)` taken along a way `(3, 3)`."""
    there = np.column_stack([points, np.ones(len(points))]) @ way.T
    return np.asarray(there[:, :2] / there[:, 2:], np.float64)


def _shift(by: float) -> NDArray[np.float64]:
    return np.array([[1, 0, by], [0, 1, by], [0, 0, 1]], np.float64)


def _corners(rgb: NDArray[np.uint8]) -> NDArray[np.float64] | None:
    """The corners `(4, 2)` of the sheet, from the upper left one clockwise; None where there is no sheet."""
    height, width = rgb.shape[:2]
    factor = min(1.0, _SMALL / max(height, width))
    size = max(8, round(width * factor)), max(8, round(height * factor))
    small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    # Writing is thin and goes with the paper, the sheet's edge stays where it is.
    calm = cv2.bilateralFilter(cv2.medianBlur(small, 5), 5, 12, 5)
    for step in _STEPS:
        found = _quadrangle(_flooded(calm, step))
        if found is not None and not _is_all(found, size):
            return found * (width / size[0], height / size[1])
    return None


def _flooded(calm: NDArray[np.uint8], step: int) -> NDArray[np.uint8]:
    """What hangs together with the middle of the picture by small steps of colour; its holes closed."""
    height, width = calm.shape[:2]
    best = np.zeros((height, width), np.uint8)
    flags = 4 | cv2.FLOODFILL_MASK_ONLY | (1 << 8)
    for down in _SEEDS:
        for along in _SEEDS:
            x, y = int(along * width), int(down * height)
            if best[y, x]:
                continue
            mask = np.zeros((height + 2, width + 2), np.uint8)
            cv2.floodFill(calm.copy(), mask, (x, y), 0, (step,) * 3, (step,) * 3, flags)
            if mask[1:-1, 1:-1].sum() > best.sum():
                best = mask[1:-1, 1:-1].copy()
    joined = cv2.morphologyEx(
        cv2.copyMakeBorder(best, 8, 8, 8, 8, cv2.BORDER_CONSTANT), cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8)
    )[8:-8, 8:-8]
    opened = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8))
    contours = cv2.findContours(opened, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0]
    filled = np.zeros((height, width), np.uint8)
    if contours:
        cv2.drawContours(filled, [max(contours, key=cv2.contourArea)], -1, 1, -1)
    return filled


def _quadrangle(mask: NDArray[np.uint8]) -> NDArray[np.float64] | None:
    """The four corners of a mask that has four straight sides."""
    contours = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0]
    if not contours:
        return None
    hull = cv2.convexHull(max(contours, key=cv2.contourArea))
    area = cv2.contourArea(hull)
    if area < _LEAST * mask.size or mask.sum() < _FILLED * area:
        return None
    around = cv2.minAreaRect(hull)
    if area < _SQUARE * around[1][0] * around[1][1]:
        return None
    length = cv2.arcLength(hull, True)
    for share in (0.01, 0.015, 0.02, 0.03, 0.045):
        corners = cv2.approxPolyDP(hull, share * length, True).reshape(-1, 2).astype(np.float64)
        if len(corners) == 4 and cv2.contourArea(corners.astype(np.float32)) >= _FOUR * area:
            if _are_right(corners):
                return _from_upper_left(corners)
            break
    # A corner lies under a stamp, or outside of the picture.
    return _from_upper_left(cv2.boxPoints(around).astype(np.float64))


def _are_right(corners: NDArray[np.float64], within: float = _RIGHT_DEGREES) -> bool:
    """Whether four angles are right ones, to within so many degrees."""
    sides = np.roll(corners, -1, axis=0) - corners
    before = np.roll(sides, 1, axis=0)
    cosines = (sides * before).sum(1) / (np.linalg.norm(sides, axis=1) * np.linalg.norm(before, axis=1))
    return bool((np.abs(cosines) < np.sin(np.deg2rad(within))).all())


def _from_upper_left(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """Corners clockwise, the one nearest to the picture's upper left corner first."""
    middle = corners.mean(0)
    order = np.argsort(np.arctan2(corners[:, 1] - middle[1], corners[:, 0] - middle[0]))
    clockwise = corners[order]
    return np.roll(clockwise, -int(clockwise.sum(1).argmin()), axis=0)


def _is_all(corners: NDArray[np.float64], size: tuple[int, int]) -> bool:
    """Whether a sheet takes up the whole picture."""
    return bool((np.ptp(corners, axis=0) >= _SIDES * np.array(size)).all()) and bool(
        cv2.contourArea(corners.astype(np.float32)) >= _SIDES * size[0] * size[1]
    )
