"""Give every stroke of a page to the line of writing that it belongs to.

In: a mask of ink, uint8 `(height, width)`, upright and without rules, and the `Track`s of its lines. Out:
`Line`s with their strokes, an outline around them, and a baseline, in pixels of the mask. Strokes that run
through two lines are cut where it is as far to the one as to the other along the stroke.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.imaging.ridges import Track

__all__ = ["Line", "Pieces", "letters", "lines", "pieces", "writing"]

_BLOT = 3.2
"""What is this many times as thick as the pen is a blot, a hole or a shadow."""
_THICKEST = 0.007
"""So is what is thicker than twice this share of the longest side of the page."""
_LEAST_LETTER, _LEAST_SHARE = 9, 0.0065
"""Letters lower than this, in pixels and as a share of the longest side, are noise."""
_LEAST_INKED, _MOST_INK = 0.00025, 0.28
"""A page with less ink than this share of it is bare, and one with more is texture."""
_CORE = 0.3
"""Ink this near to the middle of a line, in heights of a letter, is of that line."""
_TALL = 1.9
"""A stroke higher than this, in heights of a letter, may be of two lines."""
_DOT = 0.4
"""What is lower than this, in heights of a letter, starts no line."""
_CLOSE, _DASH = 0.5, 0.2
"""Strokes this close together are a word; a word is no lower than the second, in heights of a letter."""
_FAR = 1.5
"""A dot or an accent is at most this far off the middle of its line, in heights of a letter."""
_BEYOND = 3.0
"""And at most this far beyond its end."""
_MARGIN = 0.3
"""The outline keeps this far off the strokes, in heights of a letter."""
_PIECES, _WORD, _LARGE = 3, 4.0, 0.06
"""Pieces, width in heights of a letter, or share of the longest side that make a stroke more than a stray."""
_SLIVER = 7.0
"""What is this many times as long as wide, near the border, is the edge of the sheet."""
_UPRIGHT = 0.4
"""At least this share of the ink is in pieces as high as letters; the edges of a sheet are flat."""
_FEWEST = 40
"""And at least so many pixels."""
_LEAST_INK = 0.6
"""A line has at least this much ink, in heights of a letter times the width of the pen."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line in pixels of the mask.

    Attributes:
        strokes: `(n, 2)`, x and y of points around its strokes: their box is the line's.
        outline: `(n, 2)`, the corners of a polygon around the line.
        baseline: `(n, 2)`, from left to right.
        box: left, top, right, bottom of its strokes.
        letter: the height of its small letters.
    """

    strokes: NDArray[np.float64]
    outline: NDArray[np.float64]
    baseline: NDArray[np.float64]
    box: tuple[float, float, float, float]
    letter: float


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Connected strokes: the mask, the number of each pixel's piece, and OpenCV's figures of the pieces."""

    mask: NDArray[np.uint8]
    labels: NDArray[np.int32]
    stats: NDArray[np.int32]
    centres: NDArray[np.float64]


def writing(mask: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], float]:
    """Leave out what cannot be writing, and measure the height of the letters.

    Args:
        mask: `(height, width)`.

    Returns:
        The mask without blots, specks and frames; and the usual height of a group of strokes, 0 where there
        are none.
    """
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    if count < 2:
        return mask, 0.0
    wide, high = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    area = stats[:, cv2.CC_STAT_AREA]
    depth = cv2.distanceTransform(cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT), cv2.DIST_L2, 3)
    depth = depth[1:-1, 1:-1]
    deepest = np.zeros(count, np.float32)
    np.maximum.at(deepest, labels[mask > 0], depth[mask > 0])
    sizable = np.arange(count) > 0
    sizable &= (high >= 4) & (wide >= 2) & (area >= 8) & (high < 0.25 * mask.shape[0])
    if np.count_nonzero(sizable) < 1:
        return mask * np.uint8(0), 0.0
    letter = _middle(high[sizable], area[sizable])
    pen = _middle(deepest[sizable], area[sizable])
    thickest = min(_BLOT * pen, max(3.0, _THICKEST * max(mask.shape)))
    kept = (area >= 3) & (deepest <= thickest) & ~_is_frame(stats, mask.shape, letter)
    kept[0] = False
    clean = kept[labels].view(np.uint8)
    like = sizable & kept & (high >= 0.4 * letter)
    upright = int(area[like].sum())
    # Pieces that run through several lines are no measure of one.
    like &= high <= _TALL * letter
    height = _middle(high[like], area[like]) if like.any() else 0.0
    inked = np.count_nonzero(clean)
    is_writing = _LEAST_INKED * clean.size <= inked <= _MOST_INK * clean.size
    is_writing &= upright >= _UPRIGHT * inked
    is_writing &= height >= max(_LEAST_LETTER, _LEAST_SHARE * max(mask.shape))
    return clean, height if is_writing else 0.0


def pieces(mask: NDArray[np.uint8]) -> Pieces:
    """The connected strokes of a mask."""
    _, labels, stats, centres = cv2.connectedComponentsWithStats(mask, connectivity=8)
    return Pieces(mask, np.asarray(labels, np.int32), np.asarray(stats, np.int32), centres)


def letters(strokes: Pieces, letter: float) -> NDArray[np.uint8]:
    """The mask without dots, accents and specks: what is high enough to be a letter, or wide enough a dash.

    Args:
        strokes: of the page.
        letter: the height of a letter, pixels.
    """
    # Low letters come in words: what stands close together is taken for one.
    close = np.ones((1, max(3, round(_CLOSE * letter))), np.uint8)
    words = cv2.morphologyEx(strokes.mask, cv2.MORPH_CLOSE, close)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(words, connectivity=8)
    wide, high = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    kept = (high >= _DOT * letter) | ((wide >= letter) & (high >= _DASH * letter))
    kept[0] = False
    return np.asarray(kept[labels].view(np.uint8) & strokes.mask, np.uint8)


def _middle(values: NDArray[np.generic], weights: NDArray[np.generic]) -> float:
    """The weighed median."""
    order = np.argsort(values)
    total = np.cumsum(weights[order].astype(np.float64))
    return float(values[order][int(np.searchsorted(total, total[-1] / 2))])


def _is_frame(stats: NDArray[np.int32], shape: tuple[int, ...], letter: float) -> NDArray[np.bool_]:
    """Which pieces are edges of a sheet or bits of rules: long and thin, or large and nearly empty."""
    left, top, wide, high, area = stats.T
    touches = (left <= 1) | (top <= 1) | (left + wide >= shape[1] - 1) | (top + high >= shape[0] - 1)
    rim = 0.03 * max(shape)
    at_rim = (left <= rim) | (top <= rim) | (left + wide >= shape[1] - rim) | (top + high >= shape[0] - rim)
    is_sliver = at_rim & ((high > _SLIVER * wide) | (wide > _SLIVER * high))
    is_sliver |= at_rim & (wide > 5 * high) & (area < 2.2 * wide)
    is_sliver |= (wide > 8 * high) & (area < 1.8 * wide)
    is_large = (high > 5 * letter) & (area < 0.08 * wide.astype(np.int64) * high)
    is_bar = (wide > 6 * letter) & (high < 0.35 * letter)
    is_bar |= (wide > 6 * letter) & (high < 0.35 * letter + 0.04 * wide) & (area < 0.22 * letter * wide)
    is_bar |= (high > 5 * letter) & (wide < 0.5 * letter)
    return np.asarray(is_sliver | is_large | is_bar | (touches & (high > 3 * letter)), np.bool_)


def lines(strokes: Pieces, found: list[Track], letter: float) -> list[Line]:
    """The lines of a page, from their tracks and all ink.

    Args:
        strokes: of the page, without what is no writing.
        found: the middle of each line.
        letter: the height of a letter, pixels.
    """
    if not found:
        return []
    owner = _owners(strokes, found, letter)
    margin = max(2, round(_MARGIN * letter))
    land = _land(owner, margin)
    y, x = np.nonzero(owner)
    numbers = owner[y, x]
    order = np.argsort(numbers, kind="stable")
    points = np.column_stack([x, y])[order]
    ends = np.searchsorted(numbers[order], np.arange(1, len(found) + 2))
    if not _has_words(strokes, points, ends, letter):
        return []
    out = []
    for k, track in enumerate(found):
        own = points[ends[k] : ends[k + 1]]
        if len(own) >= max(_LEAST_INK * letter * max(1.0, 0.12 * letter), _FEWEST):
            out.append(_line(own, track, letter, _outline(land, k + 1, own, track, margin)))
    return out


def _has_words(strokes: Pieces, points: NDArray[np.int64], ends: NDArray[np.int64], letter: float) -> bool:
    """Whether one line at least is more than a stray stroke: of several pieces, wide, or large."""
    for first, last in itertools.pairwise(ends.tolist()):
        own = points[first:last]
        if not len(own):
            continue
        wide, high = (np.ptp(own, axis=0) + 1).tolist()
        numbers = np.unique(strokes.labels[own[:, 1], own[:, 0]])
        sizable = np.count_nonzero(strokes.stats[numbers, cv2.CC_STAT_HEIGHT] >= _DOT * letter)
        if sizable >= _PIECES or wide >= _WORD * letter or high >= _LARGE * max(strokes.mask.shape):
            return True
    return False


def _cores(shape: tuple[int, ...], found: list[Track], letter: float) -> NDArray[np.int32]:
    """The middles of the lines, as broad as is surely theirs: their number, from 1, at each pixel."""
    cores = np.zeros(shape, np.int32)
    for k, track in enumerate(found, start=1):
        points = np.column_stack([track.x, track.y])
        points = np.vstack([points[:1] - [letter, 0], points, points[-1:] + [letter, 0]])
        cv2.polylines(
            cores, [np.round(points).astype(np.int32)[:, None]], False, k, max(1, round(2 * _CORE * letter))
        )
    return cores


def _owners(strokes: Pieces, found: list[Track], letter: float) -> NDArray[np.int32]:
    """The number of the line, from 1, at each pixel of its ink; 0 elsewhere."""
    labels, stats, count = strokes.labels, strokes.stats, len(strokes.stats)
    cores = _cores(labels.shape, found, letter)
    inked = strokes.mask > 0
    votes = np.bincount(
        labels[inked].astype(np.int64) * (len(found) + 1) + cores[inked], minlength=count * (len(found) + 1)
    ).reshape(count, len(found) + 1)
    votes[:, 0] = 0
    best = votes.argmax(1)
    of_best = votes.max(1)
    total = votes.sum(1)
    tall = stats[:, cv2.CC_STAT_HEIGHT] > _TALL * letter
    owner_of = np.where(of_best > 0, best, 0)
    loose = np.flatnonzero(of_best == 0)
    owner_of[loose] = _nearest(strokes.centres[loose], found, letter)
    owner_of[0] = 0
    owner = owner_of[labels].astype(np.int32)
    spanning = np.flatnonzero(tall & (total - of_best > 0.12 * total) & (total > 0))
    for piece in spanning[spanning > 0]:
        left, top, wide, high = stats[piece, :4]
        at = np.s_[top : top + high, left : left + wide]
        own = labels[at] == piece
        owner[at][own] = _cut(own, cores[at])[own]
    return owner


def _nearest(centres: NDArray[np.float64], found: list[Track], letter: float) -> NDArray[np.int64]:
    """The lines that dots and accents are of, from 1; 0 where all are too far off."""
    best, least = np.zeros(len(centres), np.int64), np.full(len(centres), _FAR * letter)
    x, y = centres.T
    for k, track in enumerate(found, start=1):
        beyond = np.maximum(np.maximum(track.x[0] - x, x - track.x[-1]), 0)
        off = y - track.at(x)
        # What hangs under a line is a comma or a cedilla, near; accents and dots stand higher above theirs.
        distance = np.where(off > 0, 1.25 * off, -off) + 0.3 * beyond
        nearer = (distance < least) & (beyond <= _BEYOND * letter)
        best[nearer], least[nearer] = k, distance[nearer]
    return best


def _cut(own: NDArray[np.bool_], cores: NDArray[np.int32]) -> NDArray[np.int32]:
    """Part one piece between the lines that it runs through: each pixel to the line nearest along the ink."""
    high, wide = own.shape
    markers = np.zeros((high + 2, wide + 2), np.int32)
    markers[1:-1, 1:-1] = np.where(own, cores, 0)
    # Flooding goes through ink first, and over the paper only afterwards.
    relief = np.full((high + 2, wide + 2, 3), 255, np.uint8)
    relief[1:-1, 1:-1][own] = 0
    flooded = cv2.watershed(relief, markers.copy())[1:-1, 1:-1]
    seam = own & (flooded <= 0)
    if seam.any():
        spread = cv2.dilate(np.maximum(flooded, 0).astype(np.float32), np.ones((3, 3), np.uint8))
        flooded = np.where(seam, spread.astype(np.int32), flooded)
    return np.asarray(flooded, np.int32)


def _line(own: NDArray[np.int64], track: Track, letter: float, outline: NDArray[np.float64]) -> Line:
    """One line from the pixels of its strokes, `(n, 2)`."""
    left, top = own.min(0).tolist()
    right, bottom = (own.max(0) + 1).tolist()
    hull = cv2.convexHull(own.astype(np.int32)).reshape(-1, 2).astype(np.float64)
    above, below = _small_letters(own, track, letter)
    x = np.linspace(left, right, max(2, min(40, round((right - left) / (2 * letter)))))
    return Line(
        strokes=np.concatenate([hull, hull + 1, hull + (0, 1), hull + (1, 0)]),
        outline=outline,
        baseline=np.column_stack([x, _smooth(track, letter, x) + below]),
        box=(left, top, right, bottom),
        letter=max(below - above, 2.0),
    )


def _smooth(track: Track, letter: float, x: NDArray[np.float64]) -> NDArray[np.float64]:
    """The track without the ups and downs of single letters."""
    window = max(1, min(len(track.x) // 2, 12))
    y = (
        np.pad(np.array(track.y), window, mode="reflect", reflect_type="odd")
        if len(track.y) > window
        else None
    )
    if y is None:
        return track.at(x)
    kernel = np.hanning(2 * window + 3)[1:-1]
    calm = np.convolve(y, kernel / kernel.sum(), mode="valid")
    return np.asarray(np.interp(x, track.x, calm), np.float64)


def _small_letters(own: NDArray[np.int64], track: Track, letter: float) -> tuple[float, float]:
    """Where small letters begin and end, in pixels below the track: the rows with half of the most ink."""
    reach = round(1.5 * letter)
    off = np.round(own[:, 1] - track.at(own[:, 0].astype(np.float64))).astype(np.int64) + reach
    off = off[(off >= 0) & (off <= 2 * reach)]
    profile = np.bincount(off, minlength=2 * reach + 1).astype(np.float64)
    profile = np.convolve(profile, np.ones(3) / 3, mode="same")
    level = 0.45 * profile[max(0, reach - round(0.4 * letter)) : reach + round(0.4 * letter) + 1].max(
        initial=1.0
    )
    below = np.flatnonzero(profile[reach:] < level)
    above = np.flatnonzero(profile[reach::-1] < level)
    bottom = float(below[0]) if len(below) else 0.5 * letter
    top = -float(above[0]) if len(above) else -0.5 * letter
    return top, bottom


def _land(owner: NDArray[np.int32], margin: int) -> NDArray[np.int32]:
    """The line, from 1, whose ink is nearest to each pixel; 0 where all ink is further than the margin."""
    bare = (owner == 0).view(np.uint8)
    off, nearest = cv2.distanceTransformWithLabels(bare, cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL)
    inked = bare == 0
    of = np.zeros(int(nearest.max()) + 1, np.int32)
    of[nearest[inked]] = owner[inked]
    land = of[nearest]
    land[off > margin] = 0
    return np.asarray(land, np.int32)


def _outline(
    land: NDArray[np.int32], number: int, own: NDArray[np.int64], track: Track, margin: int
) -> NDArray[np.float64]:
    """The corners of a polygon around a line: its strokes with some room, joined along its middle."""
    left, top = np.maximum(own.min(0) - margin - 2, 0).tolist()
    right, bottom = (own.max(0) + margin + 3).tolist()
    along = np.arange(own[:, 0].min(), own[:, 0].max() + 1, 2, dtype=np.float64)
    middle = np.round(np.column_stack([along, track.at(along)])).astype(np.int32)
    top, bottom = (
        max(0, min(top, int(middle[:, 1].min()) - margin)),
        max(bottom, int(middle[:, 1].max()) + margin),
    )
    top = max(0, min(top, int(middle[:, 1].min()) - margin))
    bottom = max(bottom, int(middle[:, 1].max()) + margin)
    part = land[top:bottom, left:right]
    path = (middle - np.array([left, top], np.int32))[:, None]
    region = np.zeros(part.shape, np.uint8)
    cv2.polylines(region, [path], False, 1, 2 * margin + 1)
    region &= (part == 0).view(np.uint8)
    region |= (part == number).view(np.uint8)
    cv2.polylines(region, [path], False, 1, 1)
    contours = cv2.findContours(region, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0]
    largest = max(contours, key=cv2.contourArea)
    corners = cv2.approxPolyDP(largest, 0.8, True).reshape(-1, 2).astype(np.float64)
    return np.asarray(corners + (left + 0.5, top + 0.5), np.float64)
