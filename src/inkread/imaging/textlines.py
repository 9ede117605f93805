"""Find the lines of writing on a page, in reading order.

In: ink, float32 `(height, width)`, best that of `inkread.imaging.page_ink`. Out: `TextLine`s in pixels of the
ink. The page is looked at upright and reduced, rules are taken out, the middle of each line is followed
(`inkread.imaging.ridges`), and every stroke goes to the line it belongs to; one that runs through two lines
is cut. Nothing is found on bare, ruled or squared paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.imaging import line_ink, page_rules, reading_order, ridges, skew
from inkread.imaging.straighten import Way, straightened

__all__ = ["TextLine", "Way", "cut", "find_lines"]

_Picture = TypeVar("_Picture", NDArray[np.uint8], NDArray[np.float32])

_WORK = 1400
"""Longest side, in pixels, at which a page is worked on."""
_INKED = 0.3
"""From this on it is ink."""
_LEAN = 0.25
"""A page that leans less than this, in degrees, is not turned."""
_TALLEST_LETTER = 26
"""Where letters are higher, in pixels, the page is reduced further."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of writing, in pixels of the ink it was found in.

    Attributes:
        polygon: an outline ((x, y), ...) around the strokes of the line, and of no other.
        box: left, top, right, bottom around its strokes; right and bottom are exclusive.
        baseline: ((x, y), ...) from the first letter to the last.
        letter: the usual height of its small letters, pixels.
    """

    polygon: tuple[tuple[float, float], ...]
    box: tuple[int, int, int, int]
    baseline: tuple[tuple[float, float], ...]
    letter: float = 0.0


def find_lines(ink: NDArray[np.float32]) -> list[TextLine]:
    """Find the lines of writing on a page.

    Args:
        ink: `(height, width)`, 0 bare paper, 1 the darkest stroke; any size, turned by up to 10 degrees.

    Returns:
        The lines in reading order; empty where there is no writing.
    """
    height, width = ink.shape
    factor = min(1.0, _WORK / max(height, width))
    mask, to_ink = _upright(ink, factor)
    mask = page_rules.without_rules(mask)
    mask, letter = line_ink.writing(mask)
    if not letter:
        return []
    if letter > _TALLEST_LETTER:
        mask, to_ink, letter = _reduced(mask, to_ink, letter)
    strokes = line_ink.pieces(mask)
    found = line_ink.lines(strokes, ridges.tracks(line_ink.letters(strokes, letter), letter), letter)
    found = reading_order.ordered(found)
    return [_in_ink(line, to_ink, (height, width)) for line in found]


def cut(picture: _Picture, line: TextLine) -> tuple[_Picture, Way]:
    """Cut a line out of its page, its baseline level and the strokes of other lines gone.

    Args:
        picture: the page, uint8 `(height, width, 3)`, or its ink, float32 `(height, width)`, in the pixels
            that the line was found in.
        line: which.

    Returns:
        The crop, of the picture's kind and scale; and the way back: `way.back(points)` takes points `(n, 2)`
        of the crop to the picture's.
    """
    return straightened(picture, np.array(line.polygon, float), np.array(line.baseline, float))


def _upright(ink: NDArray[np.float32], factor: float) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """The mask of a page, reduced and turned upright, and the way from its pixels to the ink's, `(2, 3)`."""
    height, width = ink.shape
    size = max(1, round(width * factor)), max(1, round(height * factor))
    small = cv2.resize(ink, size, interpolation=cv2.INTER_AREA) if factor < 1 else ink
    mask = (small > _INKED).astype(np.uint8)
    lean = skew.skew_degrees(mask)
    # Pixel centres: OpenCV's first pixel is at 0, the ink's at half of one.
    scale = np.array([[width / size[0], 0, 0], [0, height / size[1], 0]], float)
    if abs(lean) < _LEAN:
        return mask, scale
    turn = np.deg2rad(lean)
    cos, sin = np.cos(turn), np.sin(turn)
    wide, high = (
        round(size[0] * cos + size[1] * abs(sin)),
        round(size[0] * abs(sin) + size[1] * cos),
    )
    back = np.array([[cos, -sin, 0], [sin, cos, 0]])
    back[:, 2] = np.array([size[0], size[1]]) / 2 - back[:, :2] @ np.array([wide, high]) / 2
    turned = cv2.warpAffine(
        small,
        back,
        (wide, high),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
    )
    to_ink = np.column_stack([scale[:, :2] @ back[:, :2], scale[:, :2] @ back[:, 2]])
    return (turned > _INKED).astype(np.uint8), to_ink


def _reduced(
    mask: NDArray[np.uint8], to_ink: NDArray[np.float64], letter: float
) -> tuple[NDArray[np.uint8], NDArray[np.float64], float]:
    """The page reduced so that its letters are as high as is enough."""
    factor = _TALLEST_LETTER / letter
    size = max(1, round(mask.shape[1] * factor)), max(1, round(mask.shape[0] * factor))
    small = cv2.resize(mask * np.uint8(255), size, interpolation=cv2.INTER_AREA)
    along, down = mask.shape[1] / size[0], mask.shape[0] / size[1]
    return (small > 70).astype(np.uint8), to_ink * np.array([along, down, 1.0]), letter * factor


def _in_ink(line: line_ink.Line, to_ink: NDArray[np.float64], shape: tuple[int, int]) -> TextLine:
    """A line in pixels of the ink."""

    def moved(points: NDArray[np.float64]) -> NDArray[np.float64]:
        there = points @ to_ink[:, :2].T + to_ink[:, 2]
        return np.clip(there, 0, (shape[1], shape[0]))

    strokes = moved(line.strokes)
    left, top = np.floor(strokes.min(0)).astype(int).tolist()
    right, bottom = np.ceil(strokes.max(0)).astype(int).tolist()
    polygon, baseline = moved(line.outline).round(1).tolist(), moved(line.baseline).round(1).tolist()
    return TextLine(
        tuple((x, y) for x, y in polygon),
        (left, top, max(right, left + 1), max(bottom, top + 1)),
        tuple((x, y) for x, y in baseline),
        round(line.letter * float(np.hypot(to_ink[0, 0], to_ink[1, 0])), 1),
    )
