"""Where a known form lies in a picture: the way between pixels of the picture and places on the sheet.

Places on the sheet are millimetres from its upper left corner; pixels of the sheet are 200 to the inch,
upright. Both pictures are counted from the outer corner of their upper left pixel, as boxes are: a pixel has
its middle at halves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["DPI", "PX", "Alignment", "Box", "bent", "quarters_of", "sheet_size_px", "through"]

DPI = 200
"""Pixels to the inch of every sheet."""
PX = DPI / 25.4
"""Pixels of the sheet in a millimetre."""
Box = tuple[float, float, float, float]
"""Left, top, right, bottom in millimetres on the sheet."""
Points = NDArray[np.floating]
"""`(n, 2)`, x and y."""

_STEP = 16
"""Pixels of the sheet from one place where the way is computed to the next; between them it is straight."""
_COARSE = 2.0
"""A picture with so many pixels for one of the sheet is reduced first, or fine print would flicker."""


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """Where the sheet lies in a picture.

    Attributes:
        matrix: `(3, 3)` float64, from pixels of the picture to pixels of the sheet, as if the paper were
            flat.
        sheet_size: (width, height) of the sheet in its pixels.
        picture_size: (width, height) of the picture in its pixels.
        residual: mean distance, in pixels of the sheet, between where marks or matched print were found and
            where the form has them.
        method: "marks" or "features".
        quarters: by how many quarter turns, clockwise, the sheet lies turned in the picture, 0 to 3.
        shared: of the print of the form that was looked for, the share that was found in its place; 1 where
            only marks were looked for.
        bend: `(rows, columns, 2)` float64, of paper that is not flat: on a grid from corner to corner of the
            sheet how far, in its pixels, a place lies from where `matrix` alone has it. None where it is
            flat.
    """

    matrix: NDArray[np.floating]
    sheet_size: tuple[int, int]
    picture_size: tuple[int, int]
    residual: float
    method: Literal["marks", "features"]
    quarters: int
    shared: float = 1.0
    bend: NDArray[np.float64] | None = None

    def to_picture(self, points: Points) -> Points:
        """Where places of the sheet are seen.

        Args:
            points: `(n, 2)` x, y in millimetres.

        Returns:
            `(n, 2)` x, y in pixels of the picture; some may lie outside it.
        """
        places = np.asarray(points, np.float64).reshape(-1, 2) * PX
        return through(np.linalg.inv(self.matrix), self._bent(places))

    def to_sheet(self, points: Points) -> Points:
        """What places of the sheet pixels show: `(n, 2)` pixels of the picture to `(n, 2)` millimetres."""
        flat = through(self.matrix, np.asarray(points, np.float64).reshape(-1, 2))
        found = flat
        for _ in range(4):
            found = found + flat - self._bent(found)
        return found / PX

    def sheet(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The sheet, upright and flat, at 200 dpi.

        Args:
            picture: `(height, width, 3)` or `(height, width)`, the one that was aligned.

        Returns:
            uint8, `(sheet height, sheet width)` and the same channels; white where the picture does not show
            it.
        """
        width, height = self.sheet_size
        rows, columns = height // _STEP + 3, width // _STEP + 3
        y, x = np.mgrid[-1 : rows - 1, -1 : columns - 1]
        places = np.stack([(x.ravel() + 0.5) * _STEP, (y.ravel() + 0.5) * _STEP], 1)
        seen = through(np.linalg.inv(self.matrix), self._bent(places))
        picture, seen = _reduced(picture, seen, self._scale())
        grid = (seen - 0.5).reshape(rows, columns, 2).astype(np.float32)
        whole = cv2.resize(grid, (columns * _STEP, rows * _STEP), interpolation=cv2.INTER_LINEAR)
        at = whole[_STEP : _STEP + height, _STEP : _STEP + width]
        white = (255,) * (3 if picture.ndim == 3 else 1)
        return np.asarray(
            cv2.remap(picture, at[..., 0], at[..., 1], cv2.INTER_LINEAR, None, cv2.BORDER_CONSTANT, white),
            np.uint8,
        )

    def seen_share(self, box: Box) -> float:
        """How much of a box of the sheet, in millimetres, the picture shows: 0 to 1."""
        left, top, right, bottom = box
        x, y = np.meshgrid(np.linspace(left, right, 9), np.linspace(top, bottom, 9))
        seen = self.to_picture(np.stack([x.ravel(), y.ravel()], 1))
        inside = (seen >= 0).all(1) & (seen <= self.picture_size).all(1)
        return float(inside.mean())

    def _bent(self, places: Points) -> Points:
        return places if self.bend is None else places + bent(self.bend, self.sheet_size, places)

    def _scale(self) -> float:
        """Pixels of the picture for one of the sheet, in the sheet's middle."""
        width, height = self.sheet_size
        middle = np.array([width, height]) / 2
        square = middle + np.array([[-50, -50], [50, -50], [50, 50], [-50, 50]])
        seen = through(np.linalg.inv(self.matrix), square)
        return float(np.sqrt(abs(cv2.contourArea(seen.astype(np.float32)))) / 100)


def sheet_size_px(size_mm: tuple[float, float]) -> tuple[int, int]:
    """(width, height) of a sheet at 200 dpi."""
    return round(size_mm[0] * PX), round(size_mm[1] * PX)


def through(matrix: NDArray[np.floating], points: Points) -> Points:
    """Points `(n, 2)` taken through a homography `(3, 3)`."""
    moved = points @ matrix[:, :2].T + matrix[:, 2]
    return np.asarray(moved[:, :2] / moved[:, 2:])


def bent(bend: NDArray[np.float64], size: tuple[int, int], places: Points) -> Points:
    """How far places `(n, 2)` of a sheet are bent away: the grid's values between its nodes, `(n, 2)`."""
    rows, columns = bend.shape[:2]
    at = np.clip(places / np.array(size), 0, 1) * np.array([columns - 1, rows - 1])
    low = np.minimum(at.astype(np.intp), [columns - 2, rows - 2])
    x, y = (at - low).T[..., None]
    i, j = low[:, 1], low[:, 0]
    upper = bend[i, j] * (1 - x) + bend[i, j + 1] * x
    lower = bend[i + 1, j] * (1 - x) + bend[i + 1, j + 1] * x
    return np.asarray(upper * (1 - y) + lower * y)


def quarters_of(matrix: NDArray[np.floating], size: tuple[int, int]) -> int:
    """Quarter turns, clockwise, by which a sheet lies turned in the picture that `matrix` leads from."""
    width, height = size
    left, right = through(np.linalg.inv(matrix), np.array([[0, height / 2], [width, height / 2]]))
    return round(np.degrees(np.arctan2(right[1] - left[1], right[0] - left[0])) / 90) % 4


def _reduced(picture: NDArray[np.uint8], seen: Points, scale: float) -> tuple[NDArray[np.uint8], Points]:
    """A picture much finer than the sheet, reduced, and the places in it."""
    if scale < _COARSE:
        return picture, seen
    height, width = picture.shape[:2]
    size = max(1, round(width / scale * 1.2)), max(1, round(height / scale * 1.2))
    small = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    return small, seen * (np.array(size) / np.array([width, height]))
