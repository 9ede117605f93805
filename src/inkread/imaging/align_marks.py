"""The ArUco marks of a form: found in a picture, their corners to parts of a pixel, the form laid by them.

In: upright RGB or grey, uint8. Corners are x, y in pixels of the picture from the outer corner of its upper
    left
pixel. Marks are of the dictionary DICT_4X4_50: a black square of 6 x 6 modules. Source of the marks:
Garrido-Jurado et al., Pattern Recognition 2014, doi:10.1016/j.patcog.2014.01.005.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.imaging.alignment import PX, Alignment, Box, quarters_of, sheet_size_px, through

__all__ = ["MOST_RESIDUAL", "Misfit", "find_marks", "lay_by_marks", "marks_in"]

Corners = NDArray[np.float64]
"""`(4, 2)`: upper left, upper right, lower right, lower left of a mark that stands upright."""

_LOOKED_AT = 1700
"""Longest side, in pixels, at which marks are looked for."""
_SMALLEST = 40
"""Pixels: nothing is looked for in a picture of a shorter side."""
_SAMPLES = 32
"""Places along a side of a mark where its edge is measured."""
_ALONG = (0.08, 0.92)
"""The part of a side that is measured, as shares of its length: at corners two edges blur into one."""
_FEWEST = 3
"""Marks without which the far side of the sheet would be guessed."""
MOST_RESIDUAL = 4.0
"""Mean distance, pixels at 200 dpi, of marks from their places, beyond which it is another form."""
_MOST_APART = 0.45
"""Of two sheets: how far from where another mark expects it one may lie, as a share of their distance."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why a picture is not taken for a form.

    Attributes:
        reason: in words, for the person who sent it.
    """

    reason: str


def marks_in(picture: NDArray[np.uint8]) -> list[tuple[int, Corners]]:
    """All marks of a picture.

    Args:
        picture: `(height, width, 3)` RGB or `(height, width)` grey.

    Returns:
        (number, corners) of each; a number comes twice where two forms lie on the photo.
    """
    grey = picture if picture.ndim == 2 else np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)
    height, width = grey.shape
    if min(height, width) < _SMALLEST:
        return []
    factor = min(1.0, _LOOKED_AT / max(height, width))
    size = max(1, round(width * factor)), max(1, round(height * factor))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA) if factor < 1 else grey
    asked = cv2.aruco.DetectorParameters()
    asked.minMarkerPerimeterRate = 0.02
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    corners, numbers, _ = cv2.aruco.ArucoDetector(dictionary, asked).detectMarkers(small)
    if numbers is None:
        return []
    back = np.array([width, height]) / np.array(size)
    found = [(np.asarray(c, np.float64).reshape(4, 2) + 0.5) * back for c in corners]
    pairs = zip(np.asarray(numbers).ravel().tolist(), found, strict=True)
    return [(int(number), _refined(grey, rough)) for number, rough in pairs]


def find_marks(rgb: NDArray[np.uint8], ids: Iterable[int]) -> dict[int, Corners]:
    """The marks of some numbers, each once: where a number comes twice, the largest.

    Args:
        rgb: `(height, width, 3)` or grey.
        ids: numbers of DICT_4X4_50, 0 to 49.

    Returns:
        Number -> corners `(4, 2)`: upper left, upper right, lower right, lower left of the mark as it is
        printed, in pixels of the picture. Marks that are not seen are left out.
    """
    wanted = set(ids)
    found = sorted(marks_in(rgb), key=lambda mark: _side(mark[1]))
    return {number: corners for number, corners in found if number in wanted}


def lay_by_marks(
    found: list[tuple[int, Corners]],
    marks: Mapping[int, Box],
    size_mm: tuple[float, float],
    picture_size: tuple[int, int],
) -> list[Alignment] | Misfit:
    """Lay a form on each sheet whose marks were found.

    Args:
        found: the marks of a picture, from `marks_in`.
        marks: number -> the black square of the mark, millimetres.
        size_mm: (width, height) of the sheet.
        picture_size: (width, height) of the picture.

    Returns:
        An alignment for each sheet, in reading order; or why there is none.
    """
    known = [(number, corners) for number, corners in found if number in marks]
    names = ", ".join(str(number) for number in sorted(marks))
    if not known:
        return Misfit(f"none of its marks {names} is in the picture")
    sheets = _sheets(known, marks)
    laid = [_laid(sheet, marks, size_mm, picture_size) for sheet in sheets if len(sheet) >= _least(marks)]
    fitting = [one for one in laid if isinstance(one, Alignment)]
    if fitting:
        rows = [(float(c[1]), float(c[0]), k) for k, a in enumerate(fitting) for c in [_middle(a)]]
        return [fitting[k] for _, _, k in sorted(rows)]
    if laid and isinstance(laid[0], Misfit):
        return laid[0]
    seen = max(sheets, key=len)
    only = ", ".join(str(number) for number in sorted(seen))
    return Misfit(f"only {only} of its marks {names} can be seen: photograph the whole page")


def _least(marks: Mapping[int, Box]) -> int:
    return min(_FEWEST, len(marks))


def _side(corners: Corners) -> float:
    """Mean length of the sides of a mark."""
    return float(np.linalg.norm(corners - np.roll(corners, 1, 0), axis=1).mean())


def _refined(grey: NDArray[np.uint8], rough: Corners) -> Corners:
    """Corners where straight lines along the four edges meet; the rough ones where an edge is not clear."""
    reach = max(2.0, min(_side(rough) / 12, 12.0))
    lines = [_edge(grey, rough[k], rough[(k + 1) % 4], reach) for k in range(4)]
    found = np.empty((4, 2))
    for k in range(4):
        before, after = lines[k - 1], lines[k]
        if before is None or after is None:
            return rough
        normals = np.stack([before[0], after[0]])
        if abs(np.linalg.det(normals)) < 0.1:
            return rough
        found[k] = np.linalg.solve(normals, [before[1], after[1]])
    return found if np.linalg.norm(found - rough, axis=1).max() <= 2 * reach else rough


def _edge(
    grey: NDArray[np.uint8], start: NDArray[np.float64], end: NDArray[np.float64], reach: float
) -> tuple[NDArray[np.float64], float] | None:
    """The line along one edge of a mark: its normal and distance; None where no edge is clear."""
    along = end - start
    normal = np.array([along[1], -along[0]]) / np.linalg.norm(along)
    shares = np.linspace(*_ALONG, _SAMPLES)[:, None]
    offsets = np.arange(-np.ceil(reach * 2), np.ceil(reach * 2) + 1) / 2
    places = (start + shares * along)[:, None] + offsets[:, None] * normal
    at = (places - 0.5).astype(np.float32)
    values = cv2.remap(grey, at[..., 0], at[..., 1], cv2.INTER_LINEAR, None, cv2.BORDER_REPLICATE)
    rise = np.diff(np.asarray(values, np.float64), axis=1)  # outwards: from black to white
    rise = np.clip(rise - 0.15 * rise.max(1, keepdims=True), 0, None)
    weight = rise.sum(1)
    good = weight > 0.3 * np.median(weight)
    if good.sum() < _SAMPLES // 2 or np.median(weight) <= 0:
        return None
    middle = (offsets[1:] + offsets[:-1]) / 2
    shift = (rise[good] @ middle) / weight[good]
    t = shares[good, 0] - 0.5
    keep = np.abs(shift - np.median(shift)) <= 3 * np.median(np.abs(shift - np.median(shift))) + 0.3
    slope, offset = np.polyfit(t[keep], shift[keep], 1)
    first = start + (offset - 0.5 * slope) * normal
    second = end + (offset + 0.5 * slope) * normal
    way = second - first
    across = np.array([way[1], -way[0]]) / np.linalg.norm(way)
    return across, float(across @ first)


def _sheets(found: list[tuple[int, Corners]], marks: Mapping[int, Box]) -> list[dict[int, Corners]]:
    """The marks of each sheet: all if no number comes twice, else those that lie where one expects them."""
    if len({number for number, _ in found}) == len(found):
        return [dict(found)]
    left = sorted(found, key=lambda mark: -_side(mark[1]))
    sheets = []
    while left:
        sheet = {left[0][0]: left[0][1]}
        own = left.pop(0)
        way = _rough_way(own[1], marks[own[0]])
        for number in [n for n in marks if n != own[0]]:
            expected = through(way, _square(marks[number]).mean(0)[None])[0]
            apart = float(np.linalg.norm(expected - own[1].mean(0)))
            near = [
                (float(np.linalg.norm(c.mean(0) - expected)), k)
                for k, (n, c) in enumerate(left)
                if n == number
            ]
            if near and min(near)[0] <= _MOST_APART * apart + _side(own[1]):
                sheet[number] = left.pop(min(near)[1])[1]
        sheets.append(sheet)
    return sheets


def _rough_way(corners: Corners, box: Box) -> NDArray[np.float64]:
    """From millimetres to the picture as one mark alone tells it: shift, turn and scale, `(3, 3)`."""
    turn, _ = cv2.estimateAffinePartial2D(_square(box), corners, method=cv2.LMEDS)
    return np.vstack([turn, [0, 0, 1]])


def _square(box: Box) -> Corners:
    left, top, right, bottom = box
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]])


def _laid(
    sheet: Mapping[int, Corners],
    marks: Mapping[int, Box],
    size_mm: tuple[float, float],
    picture: tuple[int, int],
) -> Alignment | Misfit:
    """The sheet whose marks these are."""
    numbers = sorted(sheet)
    seen = np.concatenate([sheet[n] for n in numbers])
    there = np.concatenate([_square(marks[n]) for n in numbers]) * PX
    matrix, _ = cv2.findHomography(seen, there, 0)
    if matrix is None or np.linalg.det(matrix) <= 0:
        return Misfit("its marks do not lie as on a sheet of paper")
    residual = float(np.linalg.norm(through(matrix, seen) - there, axis=1).mean())
    if not residual <= MOST_RESIDUAL:
        return Misfit("its marks do not lie where the form has them")
    size = sheet_size_px(size_mm)
    return Alignment(matrix, size, picture, residual, "marks", quarters_of(matrix, size))


def _middle(laid: Alignment) -> NDArray[np.float64]:
    """The sheet's middle in the picture, rounded so that sheets side by side are one row."""
    width, height = laid.sheet_size
    seen = laid.to_picture(np.array([[width / 2, height / 2]]) / PX)[0]
    return np.asarray(np.round(seen / (0.25 * max(laid.picture_size))))
