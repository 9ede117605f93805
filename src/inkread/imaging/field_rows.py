"""Find the rows of a field: a ZIP, a number, a date, free or in boxes, one below the other or alone.

In: upright RGB, uint8 `(height, width, 3)`: a crop of one row, or a photo with several. Out: `FieldRow`s from
top to bottom, each its own ink, level, with the lines of the form gone. Reading and training both call this
file, so they see the same pixels.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.imaging.connected import connected, pixels_of
from inkread.imaging.field_ink import field_ink
from inkread.imaging.form_lean import lean_degrees
from inkread.imaging.form_lines import without_form
from inkread.imaging.ink import Ink

__all__ = ["FieldRow", "find_rows", "rows_of"]

_WORK = 1600
"""Longest side, in pixels, at which a picture is worked on."""
_FINE = 560
"""What is smaller is enlarged to so many pixels, the longer side, or to twice its size: lines are told from
strokes then."""
_INKED = 0.35
_SMALL = 0.17
"""Where characters are lower than this share of the picture, its light is evened out as a page's is."""
_ON_SHEET = 0.035
"""The widest stroke of such a picture, as a share of its longest side."""
_GRAIN = 0.25
"""Where bare paper varies by more than this share of the ink, what stands out of it is grain."""
_BROAD, _MUCH, _SHADE, _EVEN = 0.17, 0.01, (0.25, 0.7), 0.17
"""Shadow is broader than this share of the shorter side, covers this share of the picture, is grey, between
the two, and changes by less than the last from one pixel to the next; strokes are then looked for in windows
that it fills."""
_MOST = 20
"""More rows than this are texture."""
_LEAN = 0.7
"""What leans less than this, in degrees, is not turned."""
_LOW = 0.45
"""What is lower than this, in heights of a character, is a dot, a comma or a dash."""
_APART = 4.5
"""Characters of a row are at most so many heights apart."""
_BESIDE = 0.35
"""They stand beside one another by this share of the lower one's height at least."""
_FEWEST = 8
"""Characters are at least so many pixels high."""
_LOWEST_ROW = 0.4
"""A row whose characters are lower than this share of the highest row's is print beside it."""
_FAINT = 0.55
"""A row whose ink is fainter than this share of the firmest row's is grain, shadow or the other side's."""
_PALE, _FEWEST_PIXELS = 0.6, 40
"""Strokes paler than this, so many pixels of them at least, are made firmer once darker lines are gone."""
_EDGE = (0.9, 1.5, 0.2)
"""What runs down so much of the picture, is so many times as high as characters, and no wider than this share
of its height, is a margin, a fold or the edge of a sheet."""
_COARSE = 160
"""Longest side, in pixels, at which shadows are looked for."""
_CLOSE = 0.25
"""What is no further above or below a row, in heights of a character, and within its ends, is of it."""
_STEEP = 0.21
"""A row climbs by at most this much a pixel."""


@dataclass(frozen=True, slots=True, eq=False)
class FieldRow:
    """One row of writing.

    Attributes:
        ink: float32 `(h, w)`, 0 bare paper, 1 the darkest stroke, level, without lines of the form; ready for
            `imaging.strips.strip`.
        to_picture: `(2, 3)`, takes points of `ink` to those of the picture.
        box: left, top, right, bottom around its strokes in the picture; right and bottom are exclusive.
        reasons: why a person should look, such as "touches the border".
    """

    ink: NDArray[np.float32]
    to_picture: NDArray[np.float64]
    box: tuple[int, int, int, int]
    reasons: tuple[str, ...] = ()

    def back(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points of `ink`, `(n, 2)` x and y, in pixels of the picture."""
        return np.asarray(points @ self.to_picture[:, :2].T + self.to_picture[:, 2], np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class _Marks:
    """Connected strokes: each pixel's number, 0 on paper, and boxes `(n, 4)` left, top, right, bottom.

    Their soft edges are so many pixels wide.
    """

    labels: NDArray[np.integer[Any]]
    boxes: NDArray[np.float64]
    areas: NDArray[np.float64]
    soft: int


def find_rows(rgb: NDArray[np.uint8]) -> list[FieldRow]:
    """Find the rows of writing in a field.

    Args:
        rgb: `(height, width, 3)`, upright within 10 degrees.

    Returns:
        The rows from top to bottom; none where nothing is written.

    Example:
        >>> page = np.full((80, 300, 3), 200, np.uint8)
        >>> page[20:60, 50:55] = page[20:60, 90:95] = page[66:68, 10:290] = 40
        >>> row, = find_rows(page)
        >>> row.box
        (50, 20, 95, 60)
    """
    factor = min(1.0, _WORK / max(rgb.shape[:2]))
    size = max(1, round(rgb.shape[1] * factor)), max(1, round(rgb.shape[0] * factor))
    small = np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8) if factor < 1 else rgb
    back = np.array([[rgb.shape[1] / size[0], 0, 0], [0, rgb.shape[0] / size[1], 0]])
    found = field_ink(small)
    if _is_shaded(found.ink):
        found = field_ink(small, _BROAD * min(size) / max(size))
    rows, height = _rows(found, back)
    if height < _SMALL * small.shape[0] and max(small.shape[:2]) >= 200:
        rows = _rows(field_ink(small, _ON_SHEET), back)[0] or rows
    return rows


def _is_shaded(ink: NDArray[np.float32]) -> bool:
    """Whether broad shadows lie on the picture."""
    factor = min(1.0, _COARSE / max(ink.shape))
    small = cv2.resize(ink, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA) if factor < 1 else ink
    side = max(5, round(_BROAD * min(small.shape)))
    grey = (small > _SHADE[0]).view(np.uint8)
    broad = cv2.morphologyEx(grey, cv2.MORPH_OPEN, np.ones((side, side), np.uint8)) > 0
    if float(broad.mean()) <= _MUCH or float(small[broad].mean()) >= _SHADE[1]:
        return False
    steps = cv2.morphologyEx(cv2.blur(small, (3, 3)), cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    return float(steps[broad].mean()) < _EVEN


def rows_of(found: Ink, *, is_bare: bool = False) -> list[FieldRow]:
    """Find the rows in the ink of a field, as `find_rows` does in its picture.

    Args:
        found: as `field_ink` gives it, about level.
        is_bare: whether it is known to have no lines of a form, and to be level: none are looked for.
    """
    return _rows(found, np.eye(2, 3), is_bare=is_bare)[0]


def _rows(found: Ink, back: NDArray[np.float64], *, is_bare: bool = False) -> tuple[list[FieldRow], float]:
    """The rows of a picture's ink, and the height of their characters in pixels, 0 where there are none."""
    if found.noise > _GRAIN or not found.contrast:
        return [], 0.0
    larger = min(2.0, max(1.0, _FINE / max(found.ink.shape)))
    whole = cv2.resize(found.ink, None, fx=larger, fy=larger) if larger > 1 else found.ink
    back = back @ np.diag([1 / larger, 1 / larger, 1])
    ink, turned = (whole, np.eye(2, 3)) if is_bare else _levelled(whole)
    cleaned = ink if is_bare else without_form(ink)
    ink = _firmed(cleaned, found.noise) if cleaned is not ink else ink
    marks = _marks(ink, round(2 * larger))
    height = _usual_height(marks, ink.shape)
    if height < _FEWEST * larger:
        return [], 0.0
    to_picture = back[:, :2] @ turned[:, :2], back[:, :2] @ turned[:, 2] + back[:, 2]
    way = np.column_stack(to_picture)
    groups = _firm(ink, marks, _grouped(_without_edges(marks, height), height))
    if len(groups) > _MOST:
        return [], 0.0
    rows = [_row(ink, marks, group, way, whole.shape) for group in groups]
    return sorted(rows, key=lambda row: row.box[1] + row.box[3]), height / larger


def _firmed(ink: NDArray[np.float32], noise: float) -> NDArray[np.float32]:
    """The ink with its full range, where the lines of a form, now gone, were much darker than the pen."""
    strokes = ink[ink > max(0.12, 2 * noise)]
    if strokes.size < _FEWEST_PIXELS:
        return ink
    level = float(np.partition(strokes, round(0.8 * (strokes.size - 1)))[round(0.8 * (strokes.size - 1))])
    if level >= _PALE or level < 3 * noise:
        return ink
    calm = np.maximum(ink - np.float32(noise), 0)  # the grain is made firmer, too
    return np.asarray(np.minimum(calm * np.float32(0.85 / (level - noise)), 1), np.float32)


def _levelled(ink: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """The ink turned so that the lines of its form are level, and the way back, `(2, 3)`."""
    lean = lean_degrees(ink)
    if lean is None or abs(lean) < _LEAN:
        return ink, np.array([[1.0, 0, 0], [0, 1.0, 0]])
    height, width = ink.shape
    turn = np.deg2rad(lean)
    cos, sin = np.cos(turn), np.sin(turn)
    size = round(width * cos + height * abs(sin)), round(width * abs(sin) + height * cos)
    way = np.array([[cos, -sin, 0], [sin, cos, 0]])
    way[:, 2] = np.array([width, height]) / 2 - way[:, :2] @ np.array(size) / 2
    level = cv2.warpAffine(ink, _of_pixels(way), size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    return np.asarray(level, np.float32), way


def _of_pixels(way: NDArray[np.float64]) -> NDArray[np.float64]:
    """A way between points, for OpenCV, whose first pixel has its middle at 0 and not at one half."""
    moved = way.copy()
    moved[:, 2] += way[:, :2] @ (0.5, 0.5) - 0.5
    return moved


def _marks(ink: NDArray[np.float32], soft: int) -> _Marks:
    """The connected strokes of ink."""
    mask = (ink > _INKED).view(np.uint8)
    labels, stats = connected(mask)
    boxes = stats[:, :4].astype(np.float64)
    boxes[:, 2:] += boxes[:, :2]
    return _Marks(labels, boxes, stats[:, cv2.CC_STAT_AREA].astype(np.float64), soft)


def _without_edges(marks: _Marks, height: float) -> _Marks:
    """The marks without margins, folds and edges of sheets that run down the picture."""
    wide, high = (marks.boxes[:, 2:] - marks.boxes[:, :2]).T
    down, taller, narrow = _EDGE
    gone = (high >= down * marks.labels.shape[0]) & (high >= taller * height) & (wide <= narrow * high)
    boxes = np.where(gone[:, None], 0.0, marks.boxes)
    return replace(marks, boxes=boxes, areas=np.where(gone, 0.0, marks.areas))


def _usual_height(marks: _Marks, shape: tuple[int, ...]) -> float:
    """The height of characters: what most ink is in pieces of."""
    wide, high = (marks.boxes[1:, 2:] - marks.boxes[1:, :2]).T
    sizable = (high >= 5) & (high >= 0.02 * max(shape)) & (marks.areas[1:] >= 10) & (wide < 14 * high)
    if not sizable.any():
        return 0.0
    high, areas = high[sizable], marks.areas[1:][sizable]
    order = np.argsort(high)
    total = np.cumsum(areas[order])
    return float(high[order][int(np.searchsorted(total, total[-1] / 2))])


def _grouped(marks: _Marks, height: float) -> list[list[int]]:
    """The numbers of the marks of each row."""
    boxes = marks.boxes
    high, wide = boxes[:, 3] - boxes[:, 1], boxes[:, 2] - boxes[:, 0]
    is_large = (high >= _LOW * height) & (marks.areas >= 0.02 * height**2)
    is_large[0] = False
    large = np.flatnonzero(is_large)
    groups = _joined(large, _beside(boxes[large], height))
    groups = _together(boxes, groups, _CLOSE * height)
    groups = [group for group in groups if _row_height(boxes, group) >= 0.6 * _LOW * height]
    highest = max((_row_height(boxes, group) for group in groups), default=0.0)
    groups = [group for group in groups if _row_height(boxes, group) >= _LOWEST_ROW * highest]
    is_small = ~is_large & (np.maximum(high, wide) >= max(2.0, 0.06 * height))
    is_small[0] = False
    around = [(boxes[group, :2].min(0), boxes[group, 2:].max(0)) for group in groups]
    small = np.flatnonzero(is_small)
    middle = (boxes[small, 1] + boxes[small, 3]) / 2
    free = np.ones(len(small), bool)
    for group, (low, far) in zip(groups, around, strict=True):
        inside = (low[1] <= middle) & (middle <= far[1])
        below = (middle > far[1]) & (middle <= far[1] + 0.25 * height) & (high[small] >= 0.1 * height)
        room = np.where(wide[small] >= 0.2 * height, 3.0, 1.5) * height
        own = free & (inside | below)
        own &= (low[0] - room <= boxes[small, 2]) & (boxes[small, 0] <= far[0] + room)
        group.extend(small[own].tolist())
        free &= ~own
    return groups


def _beside(boxes: NDArray[np.float64], height: float) -> NDArray[np.bool_]:
    """Which marks stand beside which, `(n, n)`."""
    left, top, right, bottom = boxes.T
    gap = np.maximum(left[:, None] - right, left - right[:, None])
    shared = np.minimum(bottom[:, None], bottom) - np.maximum(top[:, None], top)
    lower = np.minimum((bottom - top)[:, None], bottom - top)
    return np.asarray((gap <= _APART * height) & (shared >= _BESIDE * lower), np.bool_)


def _joined(numbers: NDArray[np.int64], near: NDArray[np.bool_]) -> list[list[int]]:
    """Groups of marks that are beside one another, directly or by others."""
    left = set(range(len(numbers)))
    groups: list[list[int]] = []
    while left:
        group, ends = [], [min(left)]
        left.discard(ends[0])
        while ends:
            one = ends.pop()
            group.append(int(numbers[one]))
            more = [k for k in np.flatnonzero(near[one]).tolist() if k in left]
            left.difference_update(more)
            ends.extend(more)
        groups.append(group)
    return groups


def _together(boxes: NDArray[np.float64], groups: list[list[int]], close: float) -> list[list[int]]:
    """The rows, pieces of long strokes that lie just above or below one put back into it."""
    spans = [(*boxes[group, :2].min(0), *boxes[group, 2:].max(0)) for group in groups]
    order = sorted(range(len(groups)), key=lambda k: spans[k][3] - spans[k][1])
    for place, small in enumerate(order):
        left, top, right, bottom = spans[small]
        for large in order[place + 1 :]:
            within = spans[large][0] - close <= left and right <= spans[large][2] + close
            gap = max(top - spans[large][3], spans[large][1] - bottom)
            lower = (bottom - top) < 0.75 * (spans[large][3] - spans[large][1])
            if within and lower and gap <= close and len(groups[small]) < len(groups[large]):
                groups[large].extend(groups[small])
                groups[small] = []
                break
    return [group for group in groups if group]


def _firm(ink: NDArray[np.float32], marks: _Marks, groups: list[list[int]]) -> list[list[int]]:
    """The rows without those whose ink is faint beside the others'."""
    if len(groups) < 2:
        return groups
    amount = np.bincount(marks.labels.ravel(), weights=ink.ravel(), minlength=len(marks.areas))
    firm = [float(amount[group].sum() / marks.areas[group].sum()) for group in groups]
    return [group for group, one in zip(groups, firm, strict=True) if one >= _FAINT * max(firm)]


def _row_height(boxes: NDArray[np.float64], group: list[int]) -> float:
    """What a quarter of a row's marks are higher than."""
    high = np.sort(boxes[group, 3] - boxes[group, 1])
    return float(high[(3 * (len(high) - 1)) // 4])


def _row(
    ink: NDArray[np.float32],
    marks: _Marks,
    group: list[int],
    to_picture: NDArray[np.float64],
    shape: tuple[int, ...],
) -> FieldRow:
    """One row, cut out and level, with no other row's strokes."""
    boxes = marks.boxes[group]
    left, top = boxes[:, :2].min(0).astype(int)
    right, bottom = boxes[:, 2:].max(0).astype(int)
    room = marks.soft + 1
    left, top = max(0, left - room), max(0, top - room)
    right, bottom = min(ink.shape[1], right + room), min(ink.shape[0], bottom + room)
    own = pixels_of(marks.labels[top:bottom, left:right], group, len(marks.boxes))
    near = 2 * marks.soft + 1
    cut = ink[top:bottom, left:right] * cv2.dilate(own, np.ones((near, near), np.uint8))
    cut, moved = _straight(cut, _climb(boxes))
    moved[:, 2] += (left, top)
    whole = np.column_stack(
        [to_picture[:, :2] @ moved[:, :2], to_picture[:, :2] @ moved[:, 2] + to_picture[:, 2]]
    )
    corners = np.concatenate([boxes[:, [0, 1]], boxes[:, [2, 1]], boxes[:, [0, 3]], boxes[:, [2, 3]]])
    there = corners @ to_picture[:, :2].T + to_picture[:, 2]
    low, far = np.floor(there.min(0) + 1e-6).astype(int), np.ceil(there.max(0) - 1e-6).astype(int)
    limit = np.round(np.array([shape[1], shape[0]]) @ np.diag([to_picture[0, 0], to_picture[1, 1]]))
    box = int(max(0, low[0])), int(max(0, low[1])), int(far[0]), int(far[1])
    reasons = ("touches the border",) if (low <= 0).any() or (far >= limit).any() else ()
    return FieldRow(np.ascontiguousarray(cut, np.float32), whole, box, reasons)


def _straight(cut: NDArray[np.float32], climb: float) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """A row that climbs, sheared level, and the way back, `(2, 3)`."""
    high, wide = cut.shape
    rise = climb * wide
    room = round(0.2 * abs(rise)) + 2 if climb else 0
    way = np.array([[1.0, 0, 0], [climb, 1.0, max(0.0, -rise) - room]])
    if not climb:
        return cut, way
    size = wide, max(1, round(high - abs(rise)) + 2 * room)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(cut, _of_pixels(way), size, flags=flags), np.float32), way


def _climb(boxes: NDArray[np.float64]) -> float:
    """How far a row goes down a pixel, by the lower and upper ends of its characters; 0 where it is level."""
    high = np.sort(boxes[:, 3] - boxes[:, 1])
    tall = boxes[boxes[:, 3] - boxes[:, 1] >= 0.6 * high[(3 * (len(high) - 1)) // 4]]
    x = (tall[:, 0] + tall[:, 2]) / 2
    reach = float(x.max() - x.min()) if len(x) else 0.0
    if len(tall) < 4 or reach < 3 * float(high[len(high) // 2]):
        return 0.0
    first, second = np.triu_indices(len(tall), 1)
    across = x[second] - x[first]
    far = np.abs(across) > 0.3 * reach
    slopes = [np.sort((tall[second, k] - tall[first, k])[far] / across[far]) for k in (1, 3)]
    climb = 0.5 * sum(float(slope[len(slope) // 2]) for slope in slopes)
    return min(_STEEP, max(-_STEEP, climb)) if abs(climb) > 0.012 else 0.0
