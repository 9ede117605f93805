"""Find the address on a piece of mail: not the sender's, no stamp, no postmark, whichever way the piece lies.

In: RGB, uint8 `(height, width, 3)`, of an envelope or a label, on a table or alone. Out: `AddressBlock`s, the
likeliest first, each with its lines on a picture of the piece that is flat and the right way up, and with the
way back. Strokes are put together to lines and lines to blocks by how near they stand; where an address
stands on mail, how its lines begin, and where the stamp is, say which block it is and which way is up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.imaging import mail_strokes
from inkread.imaging.flat_sheet import Flat, flat_sheet, taken, turned
from inkread.imaging.mail_strokes import Group, Strokes
from inkread.imaging.page_ink import page_ink
from inkread.imaging.textlines import TextLine, cut, find_lines

__all__ = ["AddressBlock", "enlarged", "find_blocks", "is_mail", "same_place"]

_MOST = 4
"""Blocks that are told."""
_MIDDLE, _SPREAD = np.array([0.55, 0.62]), np.array([0.2, 0.19])
"""Where the middle of an address stands on its piece, as shares of width and height, and how far off."""
_CORNER, _STAMP_CORNER = 0.17, (0.8, 0.36)
"""A sender stands so near to the upper left corner, a stamp so near to the upper right one."""
_WEIGHTS = {
    "off x": -0.5,
    "off y": -0.5,
    "right": 0.0,
    "down": 0.0,
    "one line": -2.2,
    "two lines": -0.8,
    "five lines": -0.1,
    "more lines": -1.2,
    "large": 1.1,
    "wide": 0.5,
    "full": 0.5,
    "sender": -2.2,
    "stamp": -2.2,
    "long side": 1.3,
    "flush": 1.0,
    "level": 1.0,
    "stamps": 1.6,
    "other": 0.5,
}
"""How much each `_evidence` speaks for a block."""
_FEWEST = 5
"""An address has so many strokes at least."""
_MAIL, _STAMPED = 0.5, 0.3
"""A picture is of mail from this score of its best block on, with so much that is a stamp."""
_FEWEST_LINES, _MOST_LINES, _MOST_COVERED = 2, 7, 0.45
"""An address has so many lines, and takes up this share of its piece at most."""
_LOW, _ENLARGED, _MOST_ENLARGED = 64, 100, 4.0
"""Crops lower than the first, in pixels, are enlarged to the second, by the third at most."""
_SAME_PLACE = 0.6
"""Blocks that share so much of the smaller one are one and the same."""
_COVERED = 0.75
"""A line that takes in less of a row of strokes than this was not found whole."""
_ROOM, _BESIDE = 0.8, 0.35
"""Room kept around a block when its lines are found, in heights of its letters: above, beside."""


@dataclass(frozen=True, slots=True, eq=False)
class AddressBlock:
    """An address on a piece of mail.

    Attributes:
        flat: the piece, flat and turned so that this block stands upright.
        box: left, top, right, bottom in pixels of `flat.rgb`.
        lines: in pixels of `flat.rgb`, from the top.
        score: how likely it is the address, for comparison with other blocks only.
        quarters: quarter turns, clockwise, by which the picture was turned.
    """

    flat: Flat
    box: tuple[int, int, int, int]
    lines: tuple[TextLine, ...]
    score: float
    quarters: int


@dataclass(frozen=True, slots=True, eq=False)
class _Candidate:
    group: Group
    quarters: int
    score: float


def find_blocks(rgb: NDArray[np.uint8]) -> Iterator[AddressBlock]:
    """Find the blocks that may be the address.

    Args:
        rgb: `(height, width, 3)`.

    Yields:
        The likeliest first, its lines found as it is asked for; nothing where nothing stands on the piece
        that may be an address.
    """
    flat = flat_sheet(rgb)
    strokes = mail_strokes.strokes(page_ink(flat.rgb).ink, flat.rgb)
    candidates = [c for quarters in range(4) for c in _candidates(strokes, quarters)]
    candidates.sort(key=lambda c: -c.score)
    told = 0
    for candidate in candidates:
        upright = turned(flat, candidate.quarters)
        lines = _lines(upright.rgb, candidate.group)
        if lines:
            told += 1
            box = _whole(candidate.group.box)
            yield AddressBlock(upright, box, tuple(lines), candidate.score, candidate.quarters)
        if told == _MOST:
            return


def same_place(one: AddressBlock, other: AddressBlock) -> bool:
    """Whether two blocks are the same strokes, read another way up."""
    boxes = []
    for block in (one, other):
        left, top, right, bottom = block.box
        corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float64)
        boxes.append(cv2.convexHull(taken(corners, block.flat.to_picture).astype(np.float32)))
    shared, _ = cv2.intersectConvexConvex(*boxes)
    return bool(shared > _SAME_PLACE * min(cv2.contourArea(box) for box in boxes))


def enlarged(
    block: AddressBlock, line: TextLine
) -> tuple[NDArray[np.uint8], Callable[[NDArray[np.float64]], NDArray[np.float64]]]:
    """Cut a line out, level, small print enlarged.

    Ink is told from paper by what lies around it; of a line a few pixels high, nothing does.

    Args:
        block: the address.
        line: of the block.

    Returns:
        The crop, `(height, width, 3)`; and the way back: it takes points `(n, 2)` of the crop to the picture.
    """
    crop, level = cut(block.flat.rgb, line)
    factor = min(_MOST_ENLARGED, _ENLARGED / len(crop)) if len(crop) < _LOW else 1.0
    if factor > 1:
        crop = np.asarray(
            cv2.resize(crop, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC), np.uint8
        )

    def back(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return taken(level.back(points / factor), block.flat.to_picture)

    return np.ascontiguousarray(crop), back


def is_mail(rgb: NDArray[np.uint8]) -> bool:
    """Whether a picture shows a piece of mail: an address, and a stamp or a postmark where one belongs.

    Args:
        rgb: `(height, width, 3)`.

    Returns:
        False also of mail without either, which nothing tells from a note.
    """
    flat = flat_sheet(rgb)
    strokes = mail_strokes.strokes(page_ink(flat.rgb).ink, flat.rgb)
    if not len(strokes.large):
        return False
    return any(_is_stamped(strokes, quarters) for quarters in range(4))


def _is_stamped(strokes: Strokes, quarters: int) -> bool:
    """Whether a piece, once it is turned, has a stamp where one belongs, and an address."""
    seen = mail_strokes.turned(strokes, quarters)
    if _stamp_evidence(seen) < _STAMPED:
        return False
    best = max(_candidates(strokes, quarters), key=lambda c: c.score, default=None)
    if best is None or best.score < _MAIL or not _FEWEST_LINES <= len(best.group.lines) <= _MOST_LINES:
        return False
    left, top, right, bottom = best.group.box
    return bool((right - left) * (bottom - top) <= _MOST_COVERED * seen.shape[0] * seen.shape[1])


def _whole(box: NDArray[np.float64]) -> tuple[int, int, int, int]:
    left, top, right, bottom = np.round(box).astype(int).tolist()
    return left, top, right, bottom


def _candidates(strokes: Strokes, quarters: int) -> list[_Candidate]:
    """The blocks of a piece once it is turned, with their scores."""
    seen = mail_strokes.turned(strokes, quarters)
    groups = mail_strokes.groups(seen)
    out = []
    for group in groups:
        if group.count >= _FEWEST:
            evidence = _evidence(group, groups, seen)
            score = sum(_WEIGHTS[name] * value for name, value in evidence.items())
            out.append(_Candidate(group, quarters, score))
    return out


def _evidence(group: Group, groups: list[Group], seen: Strokes) -> dict[str, float]:
    """What can be said of a block as the address, were the piece's upper side up; each about -1 to 1."""
    height, width = seen.shape
    size = np.array([width, height, width, height])
    left, top, right, bottom = (group.box / size).tolist()
    x, y = (left + right) / 2, (top + bottom) / 2
    off = np.square((np.array([x, y]) - _MIDDLE) / _SPREAD).tolist()
    count = len(group.lines)
    middles = [((g.box[:2] + g.box[2:]) / 2 / size[:2]).tolist() for g in groups if g is not group]
    return {
        "off x": off[0],
        "off y": off[1],
        "right": x - 0.5,
        "down": y - 0.5,
        "one line": float(count == 1),
        "two lines": float(count == 2),
        "five lines": float(count == 5),
        "more lines": float(count > 5),
        "large": float(np.log(group.letter / max(g.letter for g in groups))),
        "wide": float(np.log(min(1.0, (right - left) / 0.25))),
        "full": float(np.log(min(1.0, group.count / 12))),
        "sender": float(left < _CORNER and top < _CORNER and right < 0.6),
        "stamp": float(right > _STAMP_CORNER[0] and bottom < _STAMP_CORNER[1]),
        "long side": float(np.sign(width - height)) * float(max(width, height) > 1.12 * min(width, height)),
        "flush": mail_strokes.flushness(group),
        "level": mail_strokes.levelness(group, seen),
        "stamps": _stamp_evidence(seen),
        "other": float(any(a < 0.4 and b < 0.35 and b < y - 0.1 for a, b in middles)),
    }


def _stamp_evidence(seen: Strokes) -> float:
    """From -1 to 1: whether what may be stamps and postmarks stands in the upper right quarter."""
    height, width = seen.shape
    most = 0.0
    for left, top, right, bottom in seen.large.tolist():
        x, y = (left + right) / (2 * width), (top + bottom) / (2 * height)
        here = 1.0 if x > 0.55 and y < 0.45 else -1.0
        size = min(1.0, (right - left) * (bottom - top) / (0.02 * width * height))
        most += here * size
    return float(np.clip(most, -1, 1))


def _lines(rgb: NDArray[np.uint8], group: Group) -> list[TextLine]:
    """The lines of a block, found again as if it were a page of its own."""
    beside, above = _BESIDE * group.letter, _ROOM * group.letter
    height, width = rgb.shape[:2]
    left, top, right, bottom = _whole(group.box + np.array([-beside, -above, beside, above]))
    left, top, right, bottom = max(0, left), max(0, top), min(width, right), min(height, bottom)
    ink = np.zeros((height, width), np.float32)  # of the whole piece: what is a blot is told by its size
    ink[top:bottom, left:right] = page_ink(np.ascontiguousarray(rgb[top:bottom, left:right])).ink
    found = find_lines(ink)
    kept = [line for line in found if _belongs(line, group)]
    on_rows = [max(kept, key=lambda line: _covers(line, row), default=None) for row in group.lines]
    rows = list(zip(on_rows, group.lines, strict=True))
    if all(line is not None and _covers(line, row) >= _COVERED for line, row in rows):
        return sorted(kept, key=lambda line: line.box[1] + line.box[3])
    return [
        line if line is not None and _covers(line, row) >= _COVERED else _straight(row, group.letter)
        for line, row in rows
    ]


def _covers(line: TextLine, row: NDArray[np.float64]) -> float:
    """The share of a row's width that a line takes in; 0 of a line that stands above or below it."""
    left, top, right, bottom = row
    a, b, c, d = line.box
    if min(d, bottom) - max(b, top) < 0.4 * min(d - b, bottom - top):
        return 0.0
    return float((min(c, right) - max(a, left)) / (right - left))


def _belongs(line: TextLine, group: Group) -> bool:
    """Whether a line lies mostly on the strokes of a block."""
    left, top, right, bottom = group.box
    a, b, c, d = line.box
    along, down = min(c, right) - max(a, left), min(d, bottom) - max(b, top)
    return bool(along > 0.5 * (c - a) and down > 0.5 * (d - b))


def _straight(box: NDArray[np.float64], letter: float) -> TextLine:
    """A line of which only the box is known."""
    left, top, right, bottom = (float(v) for v in box)
    room = 0.12 * letter
    polygon = (
        (left - room, top - room),
        (right + room, top - room),
        (right + room, bottom + room),
        (left - room, bottom + room),
    )
    base = bottom - 0.2 * (bottom - top)
    return TextLine(polygon, _whole(box), ((left, base), (right, base)), letter)
