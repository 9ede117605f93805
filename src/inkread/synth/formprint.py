"""Printed forms as geometry: lines, lettering and marks in millimetres, drawn at any resolution.

A `Printing` is filled by calls and knows no fields. Lettering comes from Pillow's own face, so that a form
is the same on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

__all__ = ["MM_PER_INCH", "Box", "Printing"]

MM_PER_INCH = 25.4
Box = tuple[float, float, float, float]
"""Left, top, right, bottom in millimetres from the paper's upper left corner."""
_SHIFT = 4
_MARKED_CELLS = 6
"""Cells from side to side of a mark of 4 by 4 bits, its border among them."""


@dataclass(frozen=True, slots=True)
class _Line:
    ends: Box
    wide: float
    layer: str


@dataclass(frozen=True, slots=True)
class _Patch:
    box: Box
    layer: str
    strength: float


@dataclass(frozen=True, slots=True)
class _Words:
    text: str
    at: tuple[float, float]
    high: float
    anchor: str
    layer: str


@dataclass(slots=True, eq=False)
class Printing:
    """What a press leaves on a sheet.

    Attributes:
        size: width and height of the paper, millimetres.
        colours: name of a layer -> red, green, blue in 0..1; a later layer lies on the earlier ones.
        things: what was drawn, in order.
    """

    size: tuple[float, float]
    colours: dict[str, tuple[float, float, float]]
    things: list[_Line | _Patch | _Words] = field(default_factory=list)
    marks: list[tuple[int, Box]] = field(default_factory=list)

    def line(self, ends: Box, wide: float = 0.25, layer: str = "form") -> None:
        """Draw a line of a width."""
        self.things.append(_Line(ends, wide, layer))

    def frame(self, box: Box, wide: float = 0.25, layer: str = "form") -> None:
        """Draw the four sides of a rectangle."""
        left, top, right, bottom = box
        half = wide / 2
        self.line((left - half, top, right + half, top), wide, layer)
        self.line((left - half, bottom, right + half, bottom), wide, layer)
        self.line((left, top, left, bottom), wide, layer)
        self.line((right, top, right, bottom), wide, layer)

    def patch(self, box: Box, strength: float = 1.0, layer: str = "form") -> None:
        """Fill a rectangle; strength 1 covers the paper."""
        self.things.append(_Patch(box, layer, strength))

    def words(
        self, text: str, at: tuple[float, float], high: float = 2.6, anchor: str = "ls", layer: str = "text"
    ) -> None:
        """Print a text.

        Args:
            text: one line.
            at: x and y of the place that the anchor names.
            high: size of the face, millimetres; capitals are about 0.7 of it.
            anchor: as Pillow has it: "ls" is left, on the base line.
            layer: whose colour it has.
        """
        self.things.append(_Words(text, at, high, anchor, layer))

    def mark(self, number: int, box: Box) -> None:
        """Print an ArUco mark of DICT_4X4_50."""
        self.marks.append((number, box))

    def draw(self, dpi: float) -> np.ndarray:
        """The sheet, white paper and print.

        Args:
            dpi: pixels an inch.

        Returns:
            uint8 `(height, width, 3)`, RGB.
        """
        scale = dpi / MM_PER_INCH
        wide, high = (round(scale * side) for side in self.size)
        page = np.full((high, wide, 3), 255, np.uint8)
        for layer, colour in self.colours.items():
            cover = _cover([thing for thing in self.things if thing.layer == layer], (high, wide), scale)
            rows, columns = np.nonzero(cover)
            share = cover[rows, columns].astype(np.float32)[:, None] / 255
            under = page[rows, columns].astype(np.float32)
            above = 255 * np.asarray(colour, np.float32)
            page[rows, columns] = np.rint(under + (above - under) * share).astype(np.uint8)
        for number, box in self.marks:
            _press_mark(page, number, box, scale)
        return page


def _cover(things: list[_Line | _Patch | _Words], size: tuple[int, int], scale: float) -> np.ndarray:
    """Where things lie, uint8 `size`, 255 all covered."""
    image = Image.new("L", (size[1], size[0]), 0)
    draw = ImageDraw.Draw(image)
    for one in things:
        if isinstance(one, _Words):
            place = (scale * one.at[0], scale * one.at[1])
            draw.text(place, one.text, 255, _face(round(scale * one.high, 1)), anchor=one.anchor)
    layer = np.array(image)
    for thing in things:
        if isinstance(thing, _Line):
            _rectangle(layer, _stretched(thing), scale, 255)
        elif isinstance(thing, _Patch):
            _rectangle(layer, thing.box, scale, round(255 * thing.strength))
    return layer


def _stretched(line: _Line) -> Box:
    """The rectangle that a level or upright line covers."""
    x0, y0, x1, y1 = line.ends
    half = line.wide / 2
    if abs(x1 - x0) >= abs(y1 - y0):
        return x0, y0 - half, x1, y1 + half
    return x0 - half, y0, x1 + half, y1


def _rectangle(layer: np.ndarray, box: Box, scale: float, value: int) -> None:
    """Fill a rectangle, its borders to a part of a pixel."""
    points = np.array([[box[0], box[1]], [box[2], box[1]], [box[2], box[3]], [box[0], box[3]]])
    fixed = np.round((points * scale - 0.5) * (1 << _SHIFT)).astype(np.int32)
    cv2.fillPoly(layer, [fixed], value, cv2.LINE_AA, _SHIFT)


def _press_mark(page: np.ndarray, number: int, box: Box, scale: float) -> None:
    """Draw a mark where it belongs, its cells to a part of a pixel."""
    side = 8 * _MARKED_CELLS
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    drawn = cv2.aruco.generateImageMarker(dictionary, number, side)
    left, top, right, bottom = (scale * v for v in box)
    x, y, far_x, far_y = round(left) - 2, round(top) - 2, round(right) + 2, round(bottom) + 2
    ways = np.array([[(right - left) / side, 0, left - x], [0, (bottom - top) / side, top - y]])
    ways[:, 2] += 0.5 * (ways[:, 0] + ways[:, 1]) - 0.5
    fine = 4
    more = np.array([[fine, 0, 0.5 * (fine - 1)], [0, fine, 0.5 * (fine - 1)]])
    whole = more @ np.vstack([ways, [0, 0, 1]])
    size = (fine * (far_x - x), fine * (far_y - y))
    large = cv2.warpAffine(255 - drawn, whole, size, flags=cv2.INTER_NEAREST, borderValue=0)
    cover = cv2.resize(large, (far_x - x, far_y - y), interpolation=cv2.INTER_AREA) / np.float32(255)
    page[y:far_y, x:far_x] = np.rint(255 * (1 - 0.95 * cover))[..., None].astype(np.uint8)


@lru_cache(maxsize=64)
def _face(size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(max(size, 4))
