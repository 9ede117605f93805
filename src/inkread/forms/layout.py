"""Where everything stands on a printed form: marks, words, boxes; in millimetres from the upper left corner.

In: a list of fields. Out: rectangles. Fields flow in their order into rows on a grid of six columns, two or
three beside each other where they fit, page after page. Nothing is drawn here: `inkread.forms.sheet` draws.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from inkread.forms.cells import AREA_LINE, Shape
from inkread.forms.lettering import broken, wide

__all__ = [
    "BODY_LEFT",
    "GUTTER",
    "LABEL",
    "LABEL_PITCH",
    "MARK_AT",
    "MARK_SIDE",
    "OPTION",
    "SQUARE",
    "Placed",
    "Rect",
    "Wanted",
    "arrange",
    "label_lines",
    "label_of",
    "mark_boxes",
]

Rect = tuple[float, float, float, float]
"""Left, top, right, bottom."""

MARK_AT, MARK_SIDE = 8.0, 9.0
"""A mark's distance from both edges of the paper, and its side."""
BODY_LEFT = 20.0
"""Words and boxes begin so far from the left edge, and end so far from the right one."""
_BODY_END = 21.0
"""The lowest box ends so far above the lower edge."""
_COLUMNS, GUTTER = 6, 8.0
_CELL_WIDE, _CELL_HIGH, _CELL_GAP, _GROUP_GAP = 6.2, 8.4, 1.6, 3.6
"""Of separately spaced boxes: a pen's hand fits, and neighbours do not touch."""
_LINE_HIGH = 9.6
SQUARE = 4.6
"""Side of a square to cross."""
_SQUARE_PITCH = 7.6
LABEL, OPTION = 9.0, 9.0
"""Sizes of type, points."""
LABEL_PITCH, _LABEL_GAP = 4.0, 1.5
_CAPTION_ROOM = 2.6
_ROW_GAP, _SQUARES_GAP = 5.4, 2.8


@dataclass(frozen=True, slots=True)
class Wanted:
    """A field to place.

    Attributes:
        label: the words above or beside it.
        shape: what it looks like.
        options: of a choice, their words.
    """

    label: str
    shape: Shape
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a field stands: its page, from 1, and its rectangles: one box, cells, or a square an option."""

    page: int
    rects: tuple[Rect, ...]


@dataclass(slots=True)
class _Row:
    """Fields beside each other: each one's number, its first column, and how high its parts are."""

    squares: bool
    members: list[tuple[int, int]] = field(default_factory=list)
    used: int = 0
    above: float = 0.0
    body: float = 0.0


def label_of(name: str, label: str, required: bool) -> str:
    """The words that stand at a field; a star tells that it must be filled."""
    words = label.strip() or name.replace("_", " ").strip().capitalize()
    return f"{words} *" if required else words


def mark_boxes(width: float, height: float) -> tuple[Rect, ...]:
    """The four marks of a page, clockwise from the upper left one."""
    near, far = MARK_AT, MARK_AT + MARK_SIDE
    right, bottom = width - far, height - far
    corners = ((near, near), (right, near), (right, bottom), (near, bottom))
    return tuple(_rect(x, y, MARK_SIDE, MARK_SIDE) for x, y in corners)


def label_lines(label: str, width: float) -> list[str]:
    """A label in at most two lines of so many millimetres."""
    return broken(label, width, LABEL, bold=True)


def arrange(wanted: Sequence[Wanted], size: tuple[float, float], tops: tuple[float, float]) -> list[Placed]:
    """Place fields.

    Args:
        wanted: in reading order.
        size: of the paper, width and height.
        tops: where the fields begin on the first page, and on every other.

    Returns:
        One for each field, in the same order.
    """
    grid = _Grid(size[0])
    placed: dict[int, Placed] = {}
    page, y = 1, tops[0]
    rows = list(_rows(wanted, grid))
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        high = row.above + row.body
        begun = y > tops[0 if page == 1 else 1] + 0.01
        if begun and y + high > size[1] - _BODY_END:
            page, y = page + 1, tops[1]
        for number, column in row.members:
            left = grid.left(column)
            span = grid.span_width(_span(wanted[number], grid))
            placed[number] = Placed(page, tuple(_rects(wanted[number], left, y + row.above, span)))
        y += high + (_SQUARES_GAP if row.squares and following and following.squares else _ROW_GAP)
    return [placed[number] for number in range(len(wanted))]


@dataclass(frozen=True, slots=True)
class _Grid:
    """Six columns of the body."""

    paper: float

    @property
    def width(self) -> float:
        return self.paper - 2 * BODY_LEFT

    def left(self, column: int) -> float:
        return BODY_LEFT + column * (self.width + GUTTER) / _COLUMNS

    def span_width(self, span: int) -> float:
        return span * (self.width + GUTTER) / _COLUMNS - GUTTER

    def span_for(self, width: float) -> int:
        """The least of a third, a half and the whole that is so wide."""
        return next((s for s in (2, 3) if self.span_width(s) >= width - 0.01), _COLUMNS)


def _rows(wanted: Sequence[Wanted], grid: _Grid) -> Iterable[_Row]:
    """Fill rows one after the other."""
    row: _Row | None = None
    for number, one in enumerate(wanted):
        span, squares = _span(one, grid), one.shape.kind == "checkbox"
        if row is not None and (row.squares != squares or row.used + span > _COLUMNS):
            yield row
            row = None
        row = row or _Row(squares)
        width = grid.span_width(span)
        row.members.append((number, row.used))
        row.used += span
        row.above = max(row.above, _above(one, width))
        row.body = max(row.body, _body(one, width))
    if row is not None:
        yield row


def _span(one: Wanted, grid: _Grid) -> int:
    """How many columns a field takes."""
    shape = one.shape
    label = min(wide(one.label, LABEL, bold=True), grid.span_width(3))
    if shape.kind == "checkbox":
        return grid.span_for(SQUARE + 2.4 + wide(one.label, OPTION))
    if shape.kind == "boxes":
        return grid.span_for(max(_boxes_width(shape.groups), label))
    if shape.kind == "choice":
        across = sum(_option_width(text) for text in one.options)
        return grid.span_for(max(across, label))
    if shape.kind == "line" and shape.width:
        return grid.span_for(max(shape.width, label))
    return _COLUMNS


def _above(one: Wanted, width: float) -> float:
    if one.shape.kind == "checkbox":
        return 0.0
    return len(label_lines(one.label, width)) * LABEL_PITCH + _LABEL_GAP


def _body(one: Wanted, width: float) -> float:
    shape = one.shape
    if shape.kind == "checkbox":
        lines = broken(one.label, width - SQUARE - 2.4, OPTION, most=3)
        return max(SQUARE, len(lines) * LABEL_PITCH)
    if shape.kind == "boxes":
        return _CELL_HIGH + (_CAPTION_ROOM if shape.captions else 0)
    if shape.kind == "choice":
        rows = -(-len(one.options) // _across(one, width))
        return (rows - 1) * _SQUARE_PITCH + SQUARE
    return _LINE_HIGH if shape.kind == "line" else one.shape.lines * AREA_LINE


def _rects(one: Wanted, left: float, top: float, width: float) -> Iterable[Rect]:
    shape = one.shape
    if shape.kind == "boxes":
        for many in shape.groups:
            for _ in range(many):
                yield _rect(left, top, _CELL_WIDE, _CELL_HIGH)
                left += _CELL_WIDE + _CELL_GAP
            left += _GROUP_GAP - _CELL_GAP
    elif shape.kind == "checkbox":
        yield _rect(left, top, SQUARE, SQUARE)
    elif shape.kind == "choice":
        across = _across(one, width)
        pitch = width / across if across < len(one.options) else 0.0
        x = left
        for number, text in enumerate(one.options):
            row, column = divmod(number, across)
            x = left + column * pitch if pitch else x
            yield _rect(x, top + row * _SQUARE_PITCH, SQUARE, SQUARE)
            x += _option_width(text)
    else:
        high = _LINE_HIGH if shape.kind == "line" else one.shape.lines * AREA_LINE
        yield _rect(left, top, shape.width or width, high)


def _boxes_width(groups: tuple[int, ...]) -> float:
    return sum(groups) * (_CELL_WIDE + _CELL_GAP) - _CELL_GAP + (len(groups) - 1) * (_GROUP_GAP - _CELL_GAP)


def _option_width(text: str) -> float:
    return SQUARE + 2.0 + wide(text, OPTION) + 7.0


def _across(one: Wanted, width: float) -> int:
    """How many options stand beside each other: all, or as many columns as the widest lets stand."""
    if sum(_option_width(text) for text in one.options) - 7.0 <= width:
        return max(1, len(one.options))
    widest = max(_option_width(text) for text in one.options)
    return max(1, min(len(one.options), int(width // widest)))


def _rect(left: float, top: float, width: float, height: float) -> Rect:
    """Hundredths of a millimetre are more than any printer keeps."""
    return round(left, 2), round(top, 2), round(left + width, 2), round(top + height, 2)
