"""Print a form: from a field list to a PDF and the template that matches it.

`lay_out` gives every field of a list its place; `print_pdf` draws a template that has places. What a pen
writes into is drawn in a light colour that drops out: the ink finder passes over it. Boxes stand apart, since
separately written characters read best, and the corners carry ArUco marks, which align a photo.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from inkread.errors import DataError, UsageError, nearest
from inkread.forms.cells import AREA_LINE, Shape, shape_of
from inkread.forms.layout import Placed, Wanted, arrange, label_of, mark_boxes
from inkread.forms.lettering import MM, reportlab_or_say
from inkread.forms.sheet_drawing import draw_page, header_end
from inkread.forms.template import FormField, FormPage, Mark, Option, Template
from inkread.imaging.marks import MARKS
from inkread.outputs.atomic import replacing

__all__ = ["PAPERS", "lay_out", "print_pdf"]

PAPERS = {"A4": (210.0, 297.0), "Letter": (215.9, 279.4)}
"""Width and height, millimetres."""
_NEXT_PAGES = 25.0
"""Where fields begin on every page but the first, millimetres."""


def lay_out(template: Template, paper: str = "A4") -> Template:
    """Give every field of a list its place on paper.

    Args:
        template: names, types, labels; places that it has are not used.
        paper: "A4" or "Letter".

    Returns:
        The same form with pages, marks and places.

    Raises:
        UsageError: no paper is called so.
        DataError: there are no fields; more pages than marks; words with letters that the typeface lacks.
        MissingExtra: reportlab is not installed.
    """
    reportlab_or_say()
    size = _size_of(paper)
    if not template.fields:
        raise DataError(f'{template.name}: the list has no fields; add one, such as [[fields]] name = "zip"')
    wanted = [_wanted(field) for field in template.fields]
    placed = arrange(wanted, size, (header_end(template, size[0]), _NEXT_PAGES))
    count = max(place.page for place in placed)
    if 4 * count > MARKS:
        raise DataError(
            f"{template.name}: {len(wanted)} fields take {count} pages; marks tell {MARKS // 4} pages apart. "
            "Split the form"
        )
    pages = tuple(_page(size, number) for number in range(1, count + 1))
    fields = tuple(_with_place(field, place) for field, place in zip(template.fields, placed, strict=True))
    kept = template.model_dump(include={"name", "title"})
    return Template(**kept, pages=pages, fields=fields, rules=template.rules)


def print_pdf(template: Template, path: str | Path) -> Path:
    """Write the form as a PDF, every page in its size; print it at 100 % or fitted to the page, as you like.

    Args:
        template: with places, from `lay_out`.
        path: where to.

    Returns:
        The path.

    Raises:
        DataError: a field has no place, or words with letters that the typeface lacks.
        MissingExtra: reportlab is not installed.
        InkreadError: the file cannot be written.
    """
    reportlab_or_say()
    from reportlab.pdfgen.canvas import Canvas

    path = Path(path)
    if not path.resolve().parent.is_dir():
        raise UsageError(
            f"{path} cannot be written: there is no folder {path.resolve().parent}; make it first"
        )
    with replacing(path) as new:
        canvas = Canvas(str(new), invariant=1, pageCompression=1)
        canvas.setTitle(template.title or template.name)
        canvas.setCreator("inkread")
        for number, page in enumerate(template.pages, start=1):
            canvas.setPageSize((page.width * MM, page.height * MM))
            draw_page(canvas, template, number)
            canvas.showPage()
        canvas.save()
    return path


def _size_of(paper: str) -> tuple[float, float]:
    known = {name.lower(): size for name, size in PAPERS.items()}
    if paper.lower() not in known:
        raise UsageError(
            f"no paper is called {paper!r}; there are A4 and Letter{nearest(paper, list(PAPERS))}"
        )
    return known[paper.lower()]


def _wanted(field: FormField) -> Wanted:
    label = label_of(field.name, field.label, field.required)
    return Wanted(label, _shape(field), tuple(option.text for option in field.options))


def _shape(field: FormField) -> Shape:
    """The shape of a field; one that had a place before keeps its number of boxes and lines."""
    length, lines = field.length, field.lines
    if field.rects:
        length = length or len(field.cells) or None
        high = field.bounds[3] - field.bounds[1]
        lines = lines or (max(1, round(high / AREA_LINE)) if field.box else None)
    return shape_of(field.type, length, lines)


def _page(size: tuple[float, float], number: int) -> FormPage:
    first = 4 * (number - 1)
    marks = tuple(Mark(id=first + k, box=box) for k, box in enumerate(mark_boxes(*size)))
    return FormPage(width=size[0], height=size[1], marks=marks)


def _with_place(field: FormField, place: Placed) -> FormField:
    """The field with its rectangles, and without what only a draft has."""
    kept = field.model_dump(exclude={"box", "boxes", "comb", "options", "page", "length", "lines"})
    options: tuple[Option, ...] = ()
    rects: dict[str, Any] = {}
    if field.type == "choice":
        pairs = zip(field.options, place.rects, strict=True)
        options = tuple(Option(text=option.text, box=rect) for option, rect in pairs)
    elif _shape(field).kind == "boxes":
        rects = {"boxes": place.rects}
    else:
        rects = {"box": place.rects[0]}
    return FormField(**kept, **rects, options=options, page=place.page)
