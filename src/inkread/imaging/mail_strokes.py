"""The strokes of a piece of mail, put together to lines and blocks by how near they stand.

In: ink of the flat piece, float32 `(height, width)`. Out: boxes in pixels of the ink. What is large both ways
is no letter but a stamp, a postmark or a frame, and is kept apart; bars, waves and what touches the edge are
left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.imaging.page_rules import without_rules

__all__ = ["Group", "Strokes", "flushness", "groups", "levelness", "strokes", "turned"]

Boxes = NDArray[np.float64]
"""`(n, 4)`: left, top, right, bottom."""

_INKED = 0.25
_LOOK, _BROAD, _BARE, _TRACE = 700, 0.02, 0.35, 0.1
"""Longest side, in pixels, at which the strength of thin strokes is measured; how near to broad ink, as a
share of it, they are not asked; what is no broad ink, and what is ink at all."""
_RIM = 0.012
"""What reaches so near to the edge of the piece, as a share of the longer side, may be its border."""
_LARGE, _SOLID = 0.055, 0.6
"""A stamp is so large both ways, as a share of the longer side, and fills so much of its box."""
_PATCHED_AT, _PATCH, _OTHER_COLOUR = 360, (0.05, 0.3), 26
"""Longest side, in pixels, at which patches are looked for; how small and how large they are, as shares of
it; and how much they differ from the paper around them, 0..255."""
_SLENDER = 2.5
"""A stamp is at most so many times as wide as high, or as high as wide; the edge of a table is more."""
_PICTURED, _DARK = 25.0, 60.0
"""A stamp varies by this much in colour, or is so much darker than the paper, 0..255."""
_PLAIN, _OF_ONE = 24, 0.62
"""A label with print on it is of one colour, to so much, by this share, and no darker than the paper."""
_HUGE = 0.25
"""What is larger than this both ways is no letter, however little of its box it fills."""
_HOLLOW = 0.15
"""What is large and inks less of its box is a frame: what stands in it stays."""
_LEAST = 0.0035
"""Strokes smaller than this share of the longer side, both ways, are specks."""
_WAVE = 11.0
"""What is so many times as wide as high is a rule or a wave."""
_MOST = 900
"""So many strokes are looked at; more is texture, and the largest are kept."""
_GAP, _OVERLAP, _ALIKE = 1.5, 0.3, 3.5
"""Strokes of a line stand at most this far apart, in heights of the taller, and share this much of the lower
one's height; their heights differ by this factor at most."""
_LEADING, _SAME = 2.6, 2.4
"""Lines of a block stand at most this far apart, in heights of their letters, which differ by this factor at
most."""
_SHORT, _BEHIND, _LEAN = 14.0, 6.0, 0.06
"""A short line is so wide at most, in heights of its letters, stands so far behind another at most, and so
much higher or lower a pixel behind it, for lines lean."""
_BARS, _NARROW = 18, 0.42
"""So many strokes beside each other, as wide as this share of their height at most, are a bar code."""
_PITCH, _OTHER, _TOUCH = 1.75, 1.8, 0.6
"""Where the step to the next line is so many times the usual one, or letters differ by so much, another block
begins; not where they stand nearer than the last, in heights of letters: rows that touch are one high row."""


@dataclass(frozen=True, slots=True, eq=False)
class Strokes:
    """What is on a piece.

    Attributes:
        boxes: of strokes that may be letters.
        large: of what may be stamps, postmarks and frames.
        mask: uint8 `(height, width)`, the strokes that may be letters.
        shape: height and width of the piece.
    """

    boxes: Boxes
    large: Boxes
    mask: NDArray[np.uint8]
    shape: tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Lines that stand together.

    Attributes:
        box: `(4,)` around them.
        lines: `(n, 4)`, from the top.
        letter: the usual height of their strokes.
        count: of strokes.
    """

    box: NDArray[np.float64]
    lines: Boxes
    letter: float
    count: int


def strokes(ink: NDArray[np.float32], rgb: NDArray[np.uint8]) -> Strokes:
    """Find the strokes of a piece.

    Args:
        ink: `(height, width)`, 0 bare paper, 1 the darkest stroke.
        rgb: `(height, width, 3)`, the piece.
    """
    mask = without_rules((ink > _INKED * _strength(ink)).astype(np.uint8))
    height, width = mask.shape
    longest = max(height, width)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    left, top, wide, high, area = (stats[:, k].astype(np.float64) for k in range(5))
    right, bottom = left + wide, top + high
    boxes = np.column_stack([left, top, right, bottom])
    is_large = (wide >= _LARGE * longest) & (high >= _LARGE * longest)
    is_large[0] = False
    solid = _filled(labels, stats, is_large) >= _SOLID
    is_frame = is_large & (area < _HOLLOW * wide * high) & solid & ~_is_round(boxes)
    is_stamp = is_large & solid & ~is_frame
    is_huge = is_large & (np.minimum(wide, high) >= _HUGE * longest)
    rim = _RIM * longest
    at_rim = (left <= rim) | (top <= rim) | (right >= width - rim) | (bottom >= height - rim)
    sizable = (np.maximum(wide, high) >= _LEAST * longest) & (area >= 5)
    thin = (wide > _WAVE * high) | (high > _WAVE * wide)
    kept = sizable & ~is_stamp & ~is_frame & ~is_huge & ~at_rim & ~thin
    kept[0] = False
    stamps = boxes[is_stamp & ~(at_rim & (np.maximum(wide, high) > 0.5 * longest))]
    stamps = np.concatenate([stamps, _patches(rgb)])
    kept &= ~_inside(boxes, stamps)
    if kept.sum() > _MOST:
        least = np.sort(area[kept])[-_MOST]
        kept &= area >= least
    return Strokes(boxes[kept], stamps, kept[labels].astype(np.uint8), (height, width))


def _patches(rgb: NDArray[np.uint8]) -> Boxes:
    """Where something covers the paper that is no writing: stamps, and what is printed in colour."""
    height, width = rgb.shape[:2]
    factor = min(1.0, _PATCHED_AT / max(height, width))
    size = max(8, round(width * factor)), max(8, round(height * factor))
    calm = cv2.medianBlur(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), 5)
    paper = cv2.medianBlur(calm, round(_PATCH[1] * max(size)) | 1)
    other = (cv2.absdiff(calm, paper).max(-1) > _OTHER_COLOUR).astype(np.uint8)
    joined = cv2.morphologyEx(other, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    opened = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(opened, connectivity=8)
    left, top, wide, high, area = stats[1:].astype(np.float64).T
    least, most = (share * max(size) for share in _PATCH)
    kept = (
        (np.minimum(wide, high) >= least) & (np.maximum(wide, high) <= most) & (area >= _SOLID * wide * high)
    )
    kept &= np.maximum(wide, high) <= _SLENDER * np.minimum(wide, high)
    darker = cv2.subtract(paper, calm).max(-1)
    for k in np.flatnonzero(kept).tolist():  # a label or a window is of one colour, and none so dark
        own = labels == k + 1
        colours = calm[own]
        plain = np.abs(colours - np.median(colours, axis=0)).max(-1) < _PLAIN
        is_label = plain.mean() > _OF_ONE and np.median(darker[own]) < _OTHER_COLOUR
        kept[k] = not is_label and (colours.std(0).max() > _PICTURED or darker[own].mean() > _DARK)
    boxes = np.column_stack([left, top, left + wide, top + high])[kept]
    return np.asarray(boxes * np.tile([width / size[0], height / size[1]], 2), np.float64)


def _is_round(boxes: Boxes) -> NDArray[np.bool_]:
    """Which boxes are nearly as high as wide, as postmarks are."""
    wide, high = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    return np.asarray(np.maximum(wide, high) <= 1.25 * np.minimum(wide, high), np.bool_)


def _strength(ink: NDArray[np.float32]) -> float:
    """How strong the ink of thin strokes is, 0..1: a stamp is darker than a pencil."""
    factor = _LOOK / max(ink.shape)
    small = cv2.resize(ink, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA) if factor < 1 else ink
    window = max(3, round(_BROAD * max(small.shape))) | 1
    broad = cv2.dilate(cv2.erode(small, np.ones((3, 3), np.uint8)), np.ones((window, window), np.uint8))
    rim = round(0.03 * max(small.shape))
    inner = np.s_[rim : small.shape[0] - rim, rim : small.shape[1] - rim]
    thin = small[inner][(broad[inner] < _BARE) & (small[inner] > _TRACE)]
    return float(np.clip(np.quantile(thin, 0.85), 0.25, 1.0)) if thin.size > 200 else 1.0


def _filled(
    labels: NDArray[np.int32], stats: NDArray[np.int32], asked: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Of the asked pieces the share of their box that lies within their outline."""
    out = np.zeros(len(stats))
    for number in np.flatnonzero(asked).tolist():
        x, y, wide, high = stats[number, :4].tolist()
        own = (labels[y : y + high, x : x + wide] == number).astype(np.uint8)
        contours = cv2.findContours(own, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]
        out[number] = max(cv2.contourArea(c) for c in contours) / (wide * high)
    return out


def _inside(boxes: Boxes, large: Boxes) -> NDArray[np.bool_]:
    """Which boxes have their middle within a large one."""
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    out = np.zeros(len(boxes), bool)
    for left, top, right, bottom in large.tolist():
        x, y = middle.T
        out |= (x > left) & (x < right) & (y > top) & (y < bottom)
    return out


def turned(seen: Strokes, quarters: int) -> Strokes:
    """The strokes once the piece is turned clockwise by so many quarter turns."""
    quarters %= 4
    if not quarters:
        return seen
    height, width = seen.shape

    def moved(boxes: Boxes) -> Boxes:
        left, top, right, bottom = boxes.T
        return np.column_stack(
            {
                1: (height - bottom, left, height - top, right),
                2: (width - right, height - bottom, width - left, height - top),
                3: (top, width - right, bottom, width - left),
            }[quarters]
        )

    mask = np.ascontiguousarray(np.rot90(seen.mask, k=-quarters))
    shape = (height, width) if quarters == 2 else (width, height)
    return Strokes(moved(seen.boxes), moved(seen.large), mask, shape)


def groups(seen: Strokes) -> list[Group]:
    """Strokes as lines, and lines as blocks.

    Args:
        seen: of a piece that stands upright.
    """
    boxes = seen.boxes
    if not len(boxes):
        return []
    lines = [members for members in _together(_in_one_line(boxes)) if not _is_bars(boxes[members])]
    around = np.array([_around(boxes[members]) for members in lines]).reshape(-1, 4)
    letters = np.array([_letter(boxes[members]) for members in lines])
    linked = _in_one_block(around, letters) | _in_one_row(around, letters)
    blocks = [_rows(boxes, [lines[k] for k in block]) for block in _together(linked)]
    return [_group(boxes, rows) for block in blocks for rows in _parted(boxes, block)]


def _rows(boxes: Boxes, lines: list[NDArray[np.int64]]) -> list[NDArray[np.int64]]:
    """The strokes of each row of a block, from the top; a stray stroke is no row."""
    around = np.array([_around(boxes[members]) for members in lines])
    beside = _share_rows(around, 0.5) | _in_one_row(around, np.array([_letter(boxes[m]) for m in lines]))
    rows = [np.concatenate([lines[k] for k in row]) for row in _together(beside)]
    letters = [_letter(boxes[row]) for row in rows]
    strong = [
        row
        for row, letter in zip(rows, letters, strict=True)
        if letter >= 0.4 * max(letters) and len(row) >= 2
    ] or rows
    return sorted(strong, key=lambda row: float(boxes[row, 1].mean() + boxes[row, 3].mean()))


def _parted(boxes: Boxes, rows: list[NDArray[np.int64]]) -> list[list[NDArray[np.int64]]]:
    """The rows of a block, parted where another block begins."""
    middles = np.array([float(boxes[row, 1].mean() + boxes[row, 3].mean()) / 2 for row in rows])
    steps = np.diff(middles)
    parts = [[rows[0]]]
    for k, row in enumerate(rows[1:]):
        usual = float(np.median(np.delete(steps, k))) if len(steps) > 1 else np.inf
        low, tall = sorted((_letter(boxes[rows[k]]), _letter(boxes[row])))
        gap = float(boxes[row, 1].min() - boxes[rows[k], 3].max())
        if steps[k] > _PITCH * usual or (tall > _OTHER * low and gap > _TOUCH * low):
            parts.append([])
        parts[-1].append(row)
    return parts


def _group(boxes: Boxes, rows: list[NDArray[np.int64]]) -> Group:
    found = np.array([_around(boxes[row]) for row in rows])
    letter = float(np.median([_letter(boxes[row]) for row in rows]))
    return Group(_around(found), found, letter, sum(map(len, rows)))


def _around(boxes: Boxes) -> NDArray[np.float64]:
    return np.concatenate([boxes[:, :2].min(0), boxes[:, 2:].max(0)])


def _letter(boxes: Boxes) -> float:
    """The usual height of the strokes of a line, dots and commas left out."""
    high = boxes[:, 3] - boxes[:, 1]
    return float(np.median(high[high >= 0.4 * high.max()]))


def _in_one_line(boxes: Boxes) -> NDArray[np.bool_]:
    """Which strokes stand beside each other, `(n, n)`."""
    left, top, right, bottom = boxes.T
    high = bottom - top
    gap = np.maximum(left[:, None], left[None]) - np.minimum(right[:, None], right[None])
    shared = np.minimum(bottom[:, None], bottom[None]) - np.maximum(top[:, None], top[None])
    low, tall = np.minimum(high[:, None], high[None]), np.maximum(high[:, None], high[None])
    near = gap <= _GAP * np.minimum(tall, 2.0 * low)
    return np.asarray(near & (shared >= _OVERLAP * low) & (tall <= _ALIKE * low), np.bool_)


def _in_one_block(lines: Boxes, letters: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which lines stand below each other, `(n, n)`."""
    left, top, right, bottom = lines.T
    wide = right - left
    gap = np.maximum(top[:, None], top[None]) - np.minimum(bottom[:, None], bottom[None])
    shared = np.minimum(right[:, None], right[None]) - np.maximum(left[:, None], left[None])
    low, tall = (f(letters[:, None], letters[None]) for f in (np.minimum, np.maximum))
    near = gap <= _LEADING * (low + tall) / 2
    near &= shared >= 0.15 * np.minimum(wide[:, None], wide[None])
    return np.asarray(near & (tall <= _SAME * low), np.bool_)


def _in_one_row(lines: Boxes, letters: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which short lines, such as a ZIP, stand some way behind others, `(n, n)`."""
    gap = lines[None, :, 0] - lines[:, None, 2]
    low, tall = (f(letters[:, None], letters[None]) for f in (np.minimum, np.maximum))
    is_short = (lines[:, 2] - lines[:, 0] <= _SHORT * letters)[None]
    left, top, right, bottom = lines.T
    off = np.abs((left + right)[:, None] - (left + right)[None]) / 2
    shared = np.minimum(bottom[:, None], bottom[None]) - np.maximum(top[:, None], top[None])
    lower = np.minimum((bottom - top)[:, None], (bottom - top)[None])
    level = shared + _LEAN * np.minimum(off, _SHORT * low) >= 0.5 * lower
    behind = (gap > 0) & (gap <= _BEHIND * low) & is_short & (tall <= 2 * low) & level
    return np.asarray(behind | behind.T, np.bool_)


def _share_rows(boxes: Boxes, share: float) -> NDArray[np.bool_]:
    """Which boxes overlap from top to bottom by a share of the lower one, `(n, n)`."""
    _, top, _, bottom = boxes.T
    high = bottom - top
    shared = np.minimum(bottom[:, None], bottom[None]) - np.maximum(top[:, None], top[None])
    return np.asarray(shared >= share * np.minimum(high[:, None], high[None]), np.bool_)


def _together(linked: NDArray[np.bool_]) -> list[NDArray[np.int64]]:
    """What hangs together by links, as lists of numbers."""
    own = np.arange(len(linked))
    while True:
        least = np.where(linked | np.eye(len(linked), dtype=bool), own[None], len(linked)).min(1)
        least = least[least]
        if (least == own).all():
            break
        own = least
    return [np.flatnonzero(own == number) for number in np.unique(own)]


def _is_bars(boxes: Boxes) -> bool:
    """Whether strokes are a bar code: many, narrow and close."""
    if len(boxes) < _BARS:
        return False
    wide, high = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    steps = np.diff(np.sort(boxes[:, 0]))
    return bool(np.median(wide / high) < _NARROW and np.median(steps) < 0.7 * np.median(high))


def flushness(group: Group) -> float:
    """From -1 to 1: how much better lines are in line at their left than at their right ends."""
    if len(group.lines) < 2:
        return 0.0
    spread = [float(np.abs(ends - np.median(ends)).mean()) for ends in (group.lines[:, 0], group.lines[:, 2])]
    room = 0.5 * group.letter
    return float(np.clip(0.8 * np.log((spread[1] + room) / (spread[0] + room)), -1, 1))


def levelness(group: Group, seen: Strokes) -> float:
    """From -1.5 to 1.5: how much clearer rows of strokes stand out across a block than down it."""
    left, top, right, bottom = np.round(group.box).astype(int).tolist()
    part = seen.mask[top:bottom, left:right].astype(np.float32)
    factor = 8.0 / max(group.letter, 1.0)
    if min(part.shape) * factor < 4:
        return 0.0
    small = cv2.resize(part, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    across, down = (float(np.square(np.diff(small.mean(axis))).mean()) for axis in (1, 0))
    return float(np.clip(0.6 * np.log((across + 1e-4) / (down + 1e-4)), -1.5, 1.5))
