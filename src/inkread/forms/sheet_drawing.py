"""Draw a page of a form: marks, title, how to fill it, labels, and what a pen writes into.

In: a template with places. Everything is measured in millimetres from the upper left corner; `_Pen` turns
that into the points of a PDF, which count from the lower left. Words are drawn as words, never as markup.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inkread.forms.cells import AREA_LINE, shape_of
from inkread.forms.layout import (
    BODY_LEFT,
    GUTTER,
    LABEL,
    LABEL_PITCH,
    OPTION,
    Rect,
    label_lines,
    label_of,
)
from inkread.forms.lettering import MM, broken, cut, face_for, wide
from inkread.imaging.marks import MODULES, black_modules

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

    from inkread.forms.template import FormField, Template

__all__ = ["DROP_OUT", "draw_page", "header_end"]

_Colour = tuple[int, int, int]

DROP_OUT: _Colour = (255, 221, 186)
"""The colour of boxes: beside a pen's ink it counts as paper."""
_DARK, _SOFT, _ACCENT = (28, 37, 46), (104, 114, 124), (240, 140, 60)
_BOX_LINE, _RULE = 0.45, 0.35
"""Widths of lines, millimetres; the edge of a box is the middle of its line."""
_TITLE, _SMALL_TITLE, _FINE, _CAPTION = 20.0, 10.0, 7.4, 6.2
"""Sizes of type, points."""
_TITLE_TOP, _TITLE_PITCH = 20.0, 8.4
_STEP_HIGH, _STEP_PITCH = 7.0, 3.5


@dataclass(frozen=True, slots=True)
class _Pen:
    """A canvas that is measured in millimetres from its upper left corner."""

    canvas: Canvas
    height: float

    def box(self, rect: Rect, line: _Colour | None, fill: _Colour | None = None, width: float = 0.0) -> None:
        left, top, right, bottom = rect
        self._colours(line, fill, width)
        self.canvas.rect(
            left * MM,
            (self.height - bottom) * MM,
            (right - left) * MM,
            (bottom - top) * MM,
            stroke=int(line is not None),
            fill=int(fill is not None),
        )

    def line(
        self, start: tuple[float, float], end: tuple[float, float], colour: _Colour, width: float
    ) -> None:
        self._colours(colour, None, width)
        (left, top), (right, bottom) = start, end
        self.canvas.line(left * MM, (self.height - top) * MM, right * MM, (self.height - bottom) * MM)

    def words(
        self, at: tuple[float, float], text: str, size: float, colour: _Colour, bold: bool = False
    ) -> None:
        self._colours(None, colour, 0)
        self.canvas.setFont(face_for(text, bold), size)
        self.canvas.drawString(at[0] * MM, (self.height - at[1]) * MM, text)

    def _colours(self, line: _Colour | None, fill: _Colour | None, width: float) -> None:
        if line is not None:
            self.canvas.setStrokeColorRGB(*(value / 255 for value in line))
            self.canvas.setLineWidth(width * MM)
        if fill is not None:
            self.canvas.setFillColorRGB(*(value / 255 for value in fill))


def header_end(template: Template, width: float) -> float:
    """Where the fields of the first page begin, millimetres from its upper edge, on paper so wide."""
    return _steps_top(template, width) + _STEP_HIGH + 7.5


def draw_page(canvas: Canvas, template: Template, number: int) -> None:
    """Draw one page.

    Args:
        canvas: of the page's size.
        template: with places.
        number: of the page, from 1.

    Raises:
        DataError: words with letters that the typeface lacks.
    """
    page = template.pages[number - 1]
    pen = _Pen(canvas, page.height)
    for mark in page.marks:
        _draw_mark(pen, mark.id, mark.box)
    fields = [field for field in template.fields if field.page == number]
    first = min((_label_top(field) for field in fields), default=page.height)
    _draw_header(pen, template, number, first)
    for field in fields:
        _draw_field(pen, field, _room(field, fields, page.width))
    _draw_footer(pen, template, number)


def _draw_mark(pen: _Pen, mark: int, box: Rect) -> None:
    """The black modules of a mark, a row's neighbours as one piece, so that no seam shows."""
    left, top, right, bottom = box
    wide_one, high_one = (right - left) / MODULES, (bottom - top) / MODULES
    pen.box(box, None, (0, 0, 0))
    for row, modules in enumerate(black_modules(mark)):
        for column, black in enumerate(modules):
            if not black:
                x, y = left + column * wide_one, top + row * high_one
                pen.box((x, y, x + wide_one, y + high_one), None, (255, 255, 255))


def _draw_header(pen: _Pen, template: Template, number: int, first: float) -> None:
    """Title and instructions where there is room above the first field; a small title on other pages."""
    width = template.pages[number - 1].width
    title = template.title or label_of(template.name, "", False)
    body = width - 2 * BODY_LEFT
    if number > 1 or first < header_end(template, width) - 8:
        if first > 20:
            pen.words((BODY_LEFT, 14.5), cut(title, body, _SMALL_TITLE, True), _SMALL_TITLE, _DARK, True)
            pen.line((BODY_LEFT, 17.2), (width - BODY_LEFT, 17.2), DROP_OUT, _RULE)
        return
    lines = broken(title, body, _TITLE, bold=True)
    for k, line in enumerate(lines):
        pen.words((BODY_LEFT, _TITLE_TOP + k * _TITLE_PITCH - 1.5), line, _TITLE, _DARK, True)
    top = _steps_top(template, width)
    pen.line((BODY_LEFT, top - 5.5), (BODY_LEFT + 18, top - 5.5), _ACCENT, 1.0)
    pen.line((BODY_LEFT + 18, top - 5.5), (width - BODY_LEFT, top - 5.5), DROP_OUT, _RULE)
    steps = _steps(template)
    pitch = (body + GUTTER) / len(steps)
    for k, (picture, text) in enumerate(steps):
        left = BODY_LEFT + k * pitch
        picture(pen, left, top)
        for row, line in enumerate(broken(text, pitch - GUTTER - 9.5, _FINE, most=2)):
            pen.words((left + 9.5, top + 2.7 + row * _STEP_PITCH), line, _FINE, _SOFT)


def _steps_top(template: Template, width: float) -> float:
    title = template.title or label_of(template.name, "", False)
    lines = broken(title, width - 2 * BODY_LEFT, _TITLE, bold=True)
    return _TITLE_TOP + (len(lines) - 1) * _TITLE_PITCH + 9.5


_Step = tuple[Callable[[_Pen, float, float], None], str]


def _steps(template: Template) -> list[_Step]:
    """What to tell of how to fill this form: only what it asks for."""
    kinds = {shape_of(field.type).kind for field in template.fields}
    steps: list[_Step] = []
    if "boxes" in kinds:
        steps.append((_picture_boxes, "One character in each box, in CAPITALS, inside the lines."))
    else:
        steps.append((_picture_pen, "Write clearly and inside the boxes."))
    if kinds & {"checkbox", "choice"}:
        steps.append((_picture_cross, "Cross what applies. Blacken a square to take its cross back."))
    steps.append((_picture_pen, "Black or blue pen, no pencil. * must be filled in."))
    if not any(field.required for field in template.fields):
        steps[-1] = (_picture_pen, "A black or a blue pen, please, and no pencil.")
    return steps


def _picture_boxes(pen: _Pen, left: float, top: float) -> None:
    for k, letter in enumerate("A7"):
        x = left + k * 4.1
        pen.box((x, top, x + 3.6, top + 5.6), DROP_OUT, None, _BOX_LINE)
        pen.words((x + 1.8 - wide(letter, 9, True) / 2, top + 4.0), letter, 9, _DARK, True)


def _picture_cross(pen: _Pen, left: float, top: float) -> None:
    for k in range(2):
        x, y = left + k * 4.1, top + 1.0
        pen.box((x, y, x + 3.6, y + 3.6), DROP_OUT, _DARK if k else None, _BOX_LINE)
    pen.line((left + 0.7, top + 1.7), (left + 2.9, top + 3.9), _DARK, 0.45)
    pen.line((left + 2.9, top + 1.7), (left + 0.7, top + 3.9), _DARK, 0.45)


def _picture_pen(pen: _Pen, left: float, top: float) -> None:
    """A pen that draws a line."""
    for (x1, y1), (x2, y2), width in (
        ((2.4, 4.0), (6.2, 0.2), 1.3),
        ((1.4, 5.0), (2.4, 4.0), 0.5),
        ((0.2, 5.4), (7.4, 5.4), 0.3),
    ):
        pen.line((left + x1, top + y1), (left + x2, top + y2), _DARK, width)


def _draw_footer(pen: _Pen, template: Template, number: int) -> None:
    page = template.pages[number - 1]
    y, right = page.height - 9.6, page.width - BODY_LEFT
    if any(field.bounds[3] > y - 4 for field in template.fields if field.page == number):
        return
    if page.marks:
        told = "Photograph the whole page, flat, with the four black marks in the picture."
        pen.words((BODY_LEFT, y), told, _FINE, _SOFT)
    count = f"Page {number} of {len(template.pages)}"
    pen.words((right - wide(count, _FINE), y), count, _FINE, _SOFT)


def _label_top(field: FormField) -> float:
    return field.bounds[1] - (0 if field.type == "checkbox" else LABEL_PITCH)


def _room(field: FormField, fields: list[FormField], width: float) -> float:
    """How wide a field's words may be: up to its neighbour on the right, or to the end of the body."""
    left, top, right, bottom = field.bounds
    beside = [
        other.bounds[0] - GUTTER
        for other in fields
        if other.bounds[0] > right and other.bounds[1] < bottom and other.bounds[3] > top
    ]
    return min([width - BODY_LEFT, *beside]) - left


def _draw_field(pen: _Pen, field: FormField, room: float) -> None:
    label = label_of(field.name, field.label, field.required)
    left, top, _, _ = field.bounds
    if field.type == "checkbox":
        _draw_square(pen, field.bounds, label, room)
        return
    lines = label_lines(label, room)
    for k, line in enumerate(reversed(lines)):
        pen.words((left, top - 2.2 - k * LABEL_PITCH), line, LABEL, _DARK, True)
    _draw_hint(pen, field, left + wide(lines[-1], LABEL, True) + 2.5, room)
    if field.type == "choice":
        for option, box in zip(field.options, field.rects, strict=True):
            until = _until_next(box, field.rects, left + room)
            _draw_square(pen, box, option.text, until)
    elif field.cells:
        _draw_cells(pen, field)
    else:
        _draw_area(pen, field)


def _draw_hint(pen: _Pen, field: FormField, start: float, room: float) -> None:
    """How to write it, in grey behind the label, where there is room."""
    hint = f"such as {field.example}" if field.example else shape_of(field.type).hint
    if field.type == "choice":
        hint = "cross all that apply" if field.multiple else "cross one"
    left, top, _, _ = field.bounds
    if hint and start + wide(hint, _FINE) <= left + room:
        pen.words((start, top - 2.2), hint, _FINE, _SOFT)


def _draw_square(pen: _Pen, box: Rect, text: str, room: float) -> None:
    """A square to cross and its words beside it."""
    pen.box(box, DROP_OUT, None, _BOX_LINE)
    left, top, right, bottom = box
    words = broken(text, room - (right - left) - 2.0, OPTION, most=3)
    y = (top + bottom) / 2 + 1.1
    for k, line in enumerate(words):
        pen.words((right + 2.0, y + k * LABEL_PITCH), line, OPTION, _DARK)


def _until_next(box: Rect, others: tuple[Rect, ...], end: float) -> float:
    """The room from a square to the next one in its row, or to the end."""
    left, top, right, bottom = box
    beside = [o[0] - 2.0 for o in others if o[0] > right and o[1] < bottom and o[3] > top]
    return min([end, *beside]) - left


def _draw_cells(pen: _Pen, field: FormField) -> None:
    captions = shape_of(field.type).captions
    for cell in field.cells:
        pen.box(cell, DROP_OUT, None, _BOX_LINE)
    if len(captions) != len(field.cells):
        return
    for cell, letter in zip(field.cells, captions, strict=True):
        x = (cell[0] + cell[2]) / 2 - wide(letter, _CAPTION) / 2
        pen.words((x, cell[3] + 2.6), letter, _CAPTION, _SOFT)


def _draw_area(pen: _Pen, field: FormField) -> None:
    """A box for free writing, ruled where it is high enough for several lines."""
    left, top, right, bottom = field.bounds
    pen.box(field.bounds, DROP_OUT, None, _BOX_LINE)
    lines = max(1, round((bottom - top) / AREA_LINE))
    for k in range(1, lines):
        y = top + k * (bottom - top) / lines
        pen.line((left + 2, y), (right - 2, y), DROP_OUT, _RULE)
