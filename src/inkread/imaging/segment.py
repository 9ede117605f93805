"""Find the marks on a page: groups of strokes that one would call one character, in reading order.

In: ink, float32 `(height, width)`. Out: `Mark`s with their box in the ink's pixels and their own ink, the
strokes of neighbours, specks and the edges of the paper left out. Whether a mark is a digit is not asked
here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.types import Box

__all__ = ["Mark", "find_marks", "is_filled", "is_rim", "main_mark"]

_CORE, _EDGE = 0.5, 0.22
"""A stroke has somewhere this much ink; it reaches as far as this much."""
_SPECK = 0.27
"""What is smaller than this share of the main mark is a speck."""
_MOST = 400
"""More pieces than this are texture, not writing; the largest are kept."""
_RIM, _HOLE, _FILLED = 0.4, 0.08, 0.6
"""A rim is ink above the first; its hole takes the second of its box; a blot fills the hole by the third."""
_SEEN = 6
"""Strokes differ from what is around them by so much, in 0..255, at least, to be compared with it."""
_FEW = 2**18
"""Up to so many pixels, 16 bits hold the number of every piece: each needs four pixels around it."""


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """One group of strokes.

    Attributes:
        box: where, in pixels of the ink.
        ink: float32 `(box.height, box.width)`, without the strokes of others.
        touches_border: whether it runs into the border of the picture.
        weight: how much it looks like what the picture was taken for; only its order means anything.
    """

    box: Box
    ink: NDArray[np.float32]
    touches_border: bool
    weight: float

    @property
    def strength(self) -> float:
        """How dark its strokes are, 0..1, on the average."""
        return float(cv2.mean(self.ink, (self.ink >= _EDGE).view(np.uint8))[0])


@dataclass(slots=True, eq=False)
class _Pieces:
    """Connected strokes: rows are left, top, right, bottom, area, whether they touch the border.

    `labels` say which piece a pixel is of; they start `left` and `top` pixels into the ink.
    """

    labels: NDArray[np.integer]
    left: int
    top: int
    ids: NDArray[np.int64]
    rows: NDArray[np.float64]


def find_marks(ink: NDArray[np.float32]) -> list[Mark]:
    """Group the strokes of a page into marks.

    Args:
        ink: `(height, width)`, 0 bare paper, 1 the darkest stroke.

    Returns:
        The marks in reading order: lines from the top, each from the left. Empty where nothing stands out.
    """
    pieces = _pieces(ink)
    if not len(pieces.ids):
        return []
    if len(pieces.ids) == 1:
        return [_mark(ink, pieces, [0], 1.0)]
    outlines = _outlines(pieces.rows, ink.shape)
    weights = _weights(pieces.rows, ink.shape, outlines)
    kept = weights >= 0.06 * weights.max()
    groups = _groups(pieces.rows, kept, outlines)
    marks = [_mark(ink, pieces, members, float(weights[members].max())) for members in groups]
    heaviest = max(marks, key=lambda mark: mark.weight)
    tall = max(heaviest.box.height, heaviest.box.width)
    marks = [
        m for m in marks if max(m.box.height, m.box.width) >= _SPECK * tall and _is_plausible(m, heaviest)
    ]
    return _in_reading_order(marks)


def main_mark(marks: list[Mark]) -> Mark | None:
    """The mark that the picture was most likely taken for; None of none."""
    return max(marks, key=lambda mark: mark.weight, default=None)


def is_rim(box: Box, ink: NDArray[np.float32], before: NDArray[np.float32]) -> bool:
    """Whether a mark is the rim of a blot: what it encloses was ink before, what is around it was not.

    Args:
        box: of the mark.
        ink: `(height, width)`, in which the mark was found.
        before: `(height, width)`, what was taken for ink by another way of looking.
    """
    parts = _parts(box, ink)
    if parts is None:
        return False
    at, hole, around, _ = parts
    inside, outside = float(before[at][hole].mean()), float(before[at][around].mean())
    return inside > _FILLED and outside < 0.5 * inside


def is_filled(box: Box, ink: NDArray[np.float32], rgb: NDArray[np.uint8]) -> bool:
    """Whether a mark is the rim of a blot: what it encloses is as dark as its strokes are.

    Args:
        box: of the mark.
        ink: `(height, width)`, in which the mark was found.
        rgb: `(height, width, 3)`, the picture.
    """
    parts = _parts(box, ink)
    if parts is None:
        return False
    at, *kinds = parts
    grey = cv2.cvtColor(np.ascontiguousarray(rgb[at]), cv2.COLOR_RGB2GRAY)
    hole, around, strokes = (float(grey[kind].mean()) for kind in kinds)
    return abs(around - strokes) >= _SEEN and (around - hole) / (around - strokes) > _FILLED


_Mask: TypeAlias = NDArray[np.bool_]


def _parts(box: Box, ink: NDArray[np.float32]) -> tuple[tuple[slice, slice], _Mask, _Mask, _Mask] | None:
    """Where a mark is, and there its hole, what is around it, and its strokes; None without a hole."""
    at = np.s_[box.top : box.bottom, box.left : box.right]
    paper = (ink[at] <= _RIM).astype(np.uint8)
    framed = cv2.copyMakeBorder(paper, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=[1])
    _, labels = cv2.connectedComponents(framed, connectivity=4)
    around = (labels == labels[0, 0])[1:-1, 1:-1]
    hole = (labels > 0)[1:-1, 1:-1] & ~around
    if hole.sum() < _HOLE * hole.size or not around.any() or paper.all():
        return None
    return at, hole, around, paper == 0


def _pieces(ink: NDArray[np.float32]) -> _Pieces:
    mask = (ink >= _EDGE).view(np.uint8)
    x, y, wide, high = cv2.boundingRect(mask)
    inside = np.s_[y : y + high, x : x + wide]
    if not wide:
        return _Pieces(mask, 0, 0, np.zeros(0, np.int64), np.zeros((0, 6)))
    kind = cv2.CV_16U if wide * high <= _FEW else cv2.CV_32S
    count, labels = cv2.connectedComponentsWithAlgorithm(mask[inside], 8, kind, cv2.CCL_GRANA)
    if count == 2:  # one piece fills its box
        stats = np.array([[0, 0, 0, 0, 0], [0, 0, wide, high, cv2.countNonZero(mask)]])
    else:
        stats = cv2.connectedComponentsWithStatsWithAlgorithm(mask[inside], 8, kind, cv2.CCL_GRANA)[2]
    height, width = ink.shape
    smallest = max(3, 0.012 * max(height, width))
    big = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]) >= smallest
    big[0] = False
    is_dark = ink[inside] >= _CORE
    if count == 2:
        big[1] &= is_dark.any()
    else:
        core = np.zeros(count, bool)
        core[labels[is_dark]] = True
        big &= core
    ids = np.flatnonzero(big)
    if len(ids) > _MOST:
        ids = ids[np.argsort(-stats[ids, cv2.CC_STAT_AREA])[:_MOST]]
    rows = np.zeros((len(ids), 6))
    rows[:, :5] = stats[ids]
    rows[:, :2] += x, y
    rows[:, 2:4] += rows[:, :2]
    left, top, right, bottom = rows.T[:4]
    rows[:, 5] = (left <= 0) | (top <= 0) | (right >= width) | (bottom >= height)
    return _Pieces(labels, x, y, ids, rows)


def _weights(
    rows: NDArray[np.float64], shape: tuple[int, ...], outlines: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Large, inky, away from the border and near the middle."""
    left, top, right, bottom, area, touches = rows.T
    height, width = shape
    size = np.maximum(right - left, bottom - top)
    off_x = np.abs((left + right) / 2 - width / 2) / (width / 2)
    off_y = np.abs((top + bottom) / 2 - height / 2) / (height / 2)
    central = 1.0 - 0.35 * np.clip(np.hypot(off_x, off_y), 0, 1)
    weights = size * central * np.minimum(1.0, 0.35 + area / np.maximum(1, size * 4))
    weights = np.where(right - left > 4 * (bottom - top), 0.3 * weights, weights)  # a dash, a rule
    inner = weights[touches == 0]
    if inner.size and inner.max() > 0.2 * weights.max():
        weights = np.where(touches > 0, weights * 0.25, weights)
    return np.where(_frames(rows, shape, outlines), weights * 0.12, weights)


def _frames(
    rows: NDArray[np.float64], shape: tuple[int, ...], outlines: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Which pieces are borders of a box, edges of the paper or the dark of the corners, not writing.

    They run from border to border, or lie flat along one. Where there is nothing else, none is.
    """
    left, top, right, bottom, _, touches = rows.T
    height, width = shape
    wide, high = right - left, bottom - top
    at_left, at_top = left <= 0.03 * width, top <= 0.03 * height
    at_right, at_bottom = right >= 0.97 * width, bottom >= 0.97 * height
    through = (at_left & at_right) | (at_top & at_bottom)
    flat = ((at_left | at_right) & (wide < 0.12 * width) & (high > 2.5 * wide)) | (
        (at_top | at_bottom) & (high < 0.12 * height) & (wide > 2.5 * high)
    )
    corner = (at_left | at_right) & (at_top | at_bottom)
    frames = ((touches > 0) & (through | flat | corner)) | outlines
    tall = np.maximum(wide, high)
    others = tall[~frames]
    return frames & bool(others.size and others.max() > 0.12 * tall.max())


def _outlines(rows: NDArray[np.float64], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Which pieces run thinly around nearly everything: a box, the edge of a sheet on a desk."""
    left, top, right, bottom, area, _ = rows.T
    around = (right - left > 0.75 * shape[1]) & (bottom - top > 0.75 * shape[0])
    around &= area < 0.2 * (right - left) * (bottom - top)
    for k in np.flatnonzero(around):
        inside = (left > left[k]) & (right < right[k]) & (top > top[k]) & (bottom < bottom[k])
        tall = np.maximum(right - left, bottom - top)[inside]
        around[k] = bool(tall.size and tall.max() > 0.15 * max(shape))
    return around


def _groups(
    rows: NDArray[np.float64], kept: NDArray[np.bool_], outlines: NDArray[np.bool_]
) -> list[list[int]]:
    """Join pieces that belong to one character."""
    order = [int(i) for i in np.argsort(-(rows[:, 3] - rows[:, 1])) if kept[i]]
    groups: list[list[int]] = []
    boxes: list[list[float]] = []
    pieces: list[list[float]] = rows.tolist()
    alike = [(piece[5], bool(outline)) for piece, outline in zip(pieces, outlines, strict=True)]
    for i in order:
        piece = pieces[i]
        best, home = 0.0, -1
        for g, box in enumerate(boxes):
            if alike[i] != alike[groups[g][0]]:
                continue  # what runs into the border is rarely part of what does not
            bond = _bond(box, piece)
            if bond > best:
                best, home = bond, g
        if home < 0:
            groups.append([i])
            boxes.append(piece[:4])
        else:
            groups[home].append(i)
            box = boxes[home]
            boxes[home] = [*map(min, box[:2], piece[:2]), *map(max, box[2:], piece[2:4])]
    return groups


def _bond(box: list[float], piece: list[float]) -> float:
    """How strongly a smaller piece belongs to a group's box; 0 not at all."""
    tall, wide = box[3] - box[1], box[2] - box[0]
    size = max(tall, wide)
    high, broad = piece[3] - piece[1], piece[2] - piece[0]
    gap_x = max(piece[0] - box[2], box[0] - piece[2], 0.0)
    gap_y = max(piece[1] - box[3], box[1] - piece[3], 0.0)
    overlap_x = max(0.0, min(box[2], piece[2]) - max(box[0], piece[0])) / max(1.0, min(wide, broad))
    overlap_y = max(0.0, min(box[3], piece[3]) - max(box[1], piece[1])) / max(1.0, min(tall, high))
    inside = gap_x == 0 and gap_y == 0 and overlap_x > 0.5 and overlap_y > 0.5
    small = max(high, broad) < 0.62 * size
    stacked = overlap_x > 0.5 and gap_y < 0.12 * size and tall + high < 1.9 * size
    beside = small and high < 0.5 * tall and gap_x < 0.12 * tall and gap_y < 0.1 * tall
    if inside:
        return 3.0
    if stacked and (small or gap_y < 0.06 * size):
        return 2.0 - gap_y / size
    if beside:
        return 1.0 - gap_x / size
    return 0.0


def _mark(ink: NDArray[np.float32], pieces: _Pieces, members: list[int], weight: float) -> Mark:
    lefts, tops, rights, bottoms, _, touches = zip(*pieces.rows[members].tolist(), strict=True)
    left, top, right, bottom = int(min(lefts)), int(min(tops)), int(max(rights)), int(max(bottoms))
    labels = pieces.labels[top - pieces.top : bottom - pieces.top, left - pieces.left : right - pieces.left]
    ids = pieces.ids[members]
    own = np.isin(labels, ids) if len(members) > 1 else labels == int(ids[0])
    crop = np.asarray(cv2.copyTo(ink[top:bottom, left:right], own.view(np.uint8)), np.float32)
    return Mark(Box(left, top, right, bottom), crop, any(touches), weight)


def _is_plausible(mark: Mark, heaviest: Mark) -> bool:
    """Not an edge of the paper or of the table beside the mark that the picture was taken for."""
    if mark is heaviest or not mark.touches_border:
        return True
    larger = max(mark.box.height, mark.box.width) > 2.2 * max(heaviest.box.height, heaviest.box.width)
    sliver = min(mark.box.height, mark.box.width) < 0.2 * max(mark.box.height, mark.box.width)
    small = mark.box.height < 0.5 * heaviest.box.height
    return not (larger or sliver or small) and _strength(mark) > 0.6 * _strength(heaviest)


def _strength(mark: Mark) -> float:
    """How dark the strokes are, 0..1; the edge of a shadow is dark nowhere for long."""
    return float(mark.ink[mark.ink >= _EDGE].mean())


def _in_reading_order(marks: list[Mark]) -> list[Mark]:
    """Lines from the top, each from the left; marks of one line overlap by half of the lower one."""
    lines: list[list[Mark]] = []
    for mark in sorted(marks, key=lambda m: (m.box.top + m.box.bottom) / 2):
        for line in lines:
            top = min(m.box.top for m in line[-3:])
            bottom = max(m.box.bottom for m in line[-3:])
            shared = min(bottom, mark.box.bottom) - max(top, mark.box.top)
            if shared > 0.5 * min(bottom - top, mark.box.height):
                line.append(mark)
                break
        else:
            lines.append([mark])
    return [mark for line in lines for mark in sorted(line, key=lambda m: m.box.left)]
