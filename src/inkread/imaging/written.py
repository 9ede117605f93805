"""What of a cut line's ink may be writing: table, shadow, rules and grain are none.

In: the `Ink` of a picture that should hold one line. Out: a mask of the same size, True where strokes are
that may be letters; nothing of bare, ruled or squared paper.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.imaging.ink import Assumption, Ink, extract, polarity
from inkread.imaging.page_rules import without_rules

__all__ = ["line_ink_of", "written"]

_INKED = 0.5
"""Where bare paper ends."""
_BAND = 3.0
"""A picture so much wider than high was cut to its line; in others the line may be small."""
_SPECK, _SPECK_IN_BAND, _SPECK_IN_GRAIN = 0.02, 0.12, 0.25
"""What is smaller both ways than this share of the picture's height is no letter."""
_GRAINY, _ONLY_GRAIN = 0.1, 0.2
"""Where bare paper varies by this share of the ink, small marks may be grain, and then all may."""
_FAINT = 0.08
"""On grainy paper ink of less contrast than this cannot be told from grain."""
_LEAST_INK = 0.035
"""A line has at least this much ink, in squares of the picture's height."""
_BLOT, _STROKES = 0.19, 25.0
"""What is thicker than this share of the height is a shadow or a blot, and no stroke; but bold writing that
keeps off the border has at least so many times the square of its greatest depth for its area."""
_ALONG = 0.25
"""What lies along the upper or lower border for this share of the width is the edge of something."""
_STRAIGHT = 0.012
"""A line leaves its own straight way by at most this share of its length, and one pixel."""
_LONG, _THIN = 0.35, 0.09
"""Shortest and thickest piece of a rule, in heights of the picture."""
_UPRIGHT = 0.15
"""The thickest piece of a rule that runs down, where others cross it."""
_RUN, _DOWN = 1.0, 0.95
"""Rules across run on for so many heights of the picture at least, those down it for so many."""
_RULED, _AROUND, _FULL = 1.0, 0.25, 0.5
"""Ruled paper shows so many pixels of its rules, in heights of the picture; in a window of this share of the
height around them most is paper, while strokes leave their own paper free."""
_ACROSS, _LEVEL, _RAGGED = 0.8, 0.08, 0.9
"""What runs across so much of the picture is a strip of shadow, and no writing, where its upper and its lower
outline leave a curve by at most this share of the height, over this share of its length."""
_COMPACT, _SPOTS = 6.5, 0.5
"""A stroke has at least so many times the square of its greatest depth for its area. Where pieces of less are
this share of the ink, they are the squares of a sheet, or spots, and nothing is written."""


def line_ink_of(rgb: NDArray[np.uint8]) -> Ink:
    """The ink of a picture of one line.

    Where light strokes seem to stand on a dark ground, but thin straight lines run through them, those are
    the rules of a sheet that lies on something darker, or partly in a shadow.

    Args:
        rgb: `(height, width, 3)`, upright.
    """
    if polarity(rgb) >= 0:
        return extract(rgb, Assumption(False))
    light = extract(rgb, Assumption(True))
    ground = (light.ink <= _INKED).view(np.uint8)
    rules = cv2.subtract(ground, without_rules(ground))
    count, side = cv2.countNonZero(rules), max(3, round(_AROUND * len(rgb)))
    around = cv2.blur(1 - ground.astype(np.float32), (side, side))
    is_sheet = count >= _RULED * len(rgb) and cv2.mean(around, rules)[0] >= _FULL
    return extract(rgb, Assumption(False)) if is_sheet else light


def written(ink: Ink) -> NDArray[np.bool_]:
    """Find what may be writing.

    Args:
        ink: of a picture of one line, `(height, width)`.

    Returns:
        `(height, width)`; nothing is True where nothing is written.
    """
    mask = (ink.ink > _INKED).view(np.uint8)
    height, width = mask.shape
    nothing = np.zeros(mask.shape, bool)
    is_grain = ink.noise > _ONLY_GRAIN or (ink.noise > _GRAINY and ink.contrast < _FAINT)
    if is_grain or not mask.any():
        return nothing
    is_band = width >= _BAND * height
    mask = _without_long_rules(mask)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    size = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(1)
    speck = _SPECK_IN_GRAIN if ink.noise > _GRAINY else _SPECK_IN_BAND if is_band else _SPECK
    kept = size >= max(2.0, speck * height)
    if is_band:
        kept &= ~_thick(mask, labels, stats)
        kept &= ~_edges(labels, stats)
    kept[0] = False
    for number in np.flatnonzero(kept & (stats[:, cv2.CC_STAT_WIDTH] >= _LONG * height)).tolist():
        kept[number] = not _is_rule(labels, stats[number], number)
    if is_band:
        down, turned = np.ascontiguousarray(labels.T), stats[:, [1, 0, 3, 2]]
        for number in np.flatnonzero(kept & (stats[:, cv2.CC_STAT_HEIGHT] >= _DOWN * height)).tolist():
            kept[number] = not _is_rule(down, turned[number], number, _UPRIGHT)
        for number in np.flatnonzero(kept & (stats[:, cv2.CC_STAT_WIDTH] >= _ACROSS * width)).tolist():
            kept[number] = not _is_level(labels, stats[number], number)
    found = np.asarray(kept[labels], np.bool_)
    if is_band and (found.sum() < _LEAST_INK * height**2 or _is_spots(mask, labels, stats, kept)):
        return nothing
    return found


def _without_long_rules(mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The mask without rules; what is too short for one on a single line, such as a letter's stem, stays."""
    gone = cv2.subtract(mask, without_rules(mask))
    joined = cv2.dilate(gone, np.ones((3, 3), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    long = stats[:, cv2.CC_STAT_WIDTH] >= _RUN * len(mask)
    long |= stats[:, cv2.CC_STAT_HEIGHT] >= _DOWN * len(mask)
    long[0] = False
    return np.asarray(mask & ~(long[labels] & (gone > 0)).view(np.uint8) & 1, np.uint8)


def _deepest(mask: NDArray[np.uint8], labels: NDArray[np.int32], count: int) -> NDArray[np.float32]:
    """How far the middle of each of so many pieces is from its outline, in pixels."""
    padded = cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    depth = cv2.distanceTransform(padded, cv2.DIST_L2, 3)[1:-1, 1:-1]
    deepest = np.zeros(count, np.float32)
    np.maximum.at(deepest, labels.ravel(), depth.ravel())
    return deepest


def _is_spots(
    mask: NDArray[np.uint8], labels: NDArray[np.int32], stats: NDArray[np.int32], kept: NDArray[np.bool_]
) -> bool:
    """Whether the pieces that were kept are no strokes, but as wide as they are long."""
    area = np.where(kept, stats[:, cv2.CC_STAT_AREA], 0)
    is_compact = area < _COMPACT * _deepest(mask, labels, len(stats)) ** 2
    return bool(area[is_compact].sum() > _SPOTS * area.sum())


def _is_level(labels: NDArray[np.int32], stats: NDArray[np.int32], number: int) -> bool:
    """Whether a piece is a strip that nothing rises off, however thick and bent."""
    left, top, wide, tall = stats[:4].tolist()
    own = labels[top : top + tall, left : left + wide] == number
    x = np.arange(wide)
    for outline in (own.argmax(0), own[::-1].argmax(0)):
        off = np.abs(outline - np.polyval(np.polyfit(x, outline, 2), x))
        if np.quantile(off, _RAGGED) > max(2.0, _LEVEL * len(labels)):
            return False
    return True


def _thick(mask: NDArray[np.uint8], labels: NDArray[np.int32], stats: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Which pieces are thicker somewhere than any stroke, and are no bold writing."""
    deepest = _deepest(mask, labels, len(stats))
    (height, width), (left, top, wide, tall, area) = mask.shape, stats.T
    is_inside = (left > 0) & (top > 0) & (left + wide < width) & (top + tall < height)
    is_bold = is_inside & (area >= _STROKES * deepest**2)
    return np.asarray((2 * deepest > _BLOT * height) & ~is_bold, np.bool_)


def _edges(labels: NDArray[np.int32], stats: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Which pieces are the edge of a sheet or the table beside it, by the borders that they lie along."""
    (height, width), count = labels.shape, len(stats)
    contact = [np.bincount(row, minlength=count) for row in (labels[0], labels[-1])]
    along = np.maximum(*contact) >= _ALONG * width
    left, top, wide, tall = stats[:, :4].T
    at_end = (left <= 1) | (left + wide >= width - 1)
    return np.asarray(along | (at_end & (top <= 1) & (top + tall >= height - 1)), np.bool_)


def _is_rule(
    labels: NDArray[np.int32], stats: NDArray[np.int32], number: int, thickest: float = _THIN
) -> bool:
    """Whether a piece is one straight line, no thicker than a share of the height of the picture."""
    left, top, wide, tall = stats[:4].tolist()
    own = labels[top : top + tall, left : left + wide] == number
    thick = own.sum(0)
    if thick.max() > max(3.0, thickest * min(labels.shape)):
        return False
    x = np.flatnonzero(thick)
    middle = (own * np.arange(tall)[:, None]).sum(0)[x] / thick[x]
    off = middle - np.polyval(np.polyfit(x, middle, 1), x)
    return bool(np.abs(off).max() <= 1 + _STRAIGHT * wide)
