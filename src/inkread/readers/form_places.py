"""Draw what a template says over a picture of its form, or over the blank page, to see whether it fits.

In: a `Template` and a picture. Out: one image a page, and where the form was not found on the picture, why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from inkread.errors import UsageError
from inkread.imaging.align import Misfit
from inkread.imaging.alignment import PX
from inkread.imaging.load import Picture, Source, pages
from inkread.outputs.form_picture import Outline, draw_outlines

if TYPE_CHECKING:
    from PIL.Image import Image

    from inkread.forms.places import Rect
    from inkread.forms.template import FormField, Template

Placing = Callable[[NDArray[np.float64]], NDArray[np.floating]]
"""Points on the paper, `(n, 2)` millimetres, to pixels."""

_LONGEST_NOTE = 40

__all__ = ["Drawn", "draw_blank", "draw_over"]


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """One page with its fields.

    Attributes:
        image: the drawing.
        told: how the picture was taken: "page 1, aligned by marks, off by 0.2 px"; or why it was not aligned.
        aligned: whether the form was found on the picture.
    """

    image: Image
    told: str
    aligned: bool


def draw_over(template: Template, source: Source) -> Iterator[Drawn]:
    """Draw a template over each page of a source.

    Where the form is not found, it is drawn as if the picture were the whole of its first page.

    Args:
        template: with places.
        source: a picture or PDF.

    Raises:
        SourceError: the source cannot be opened.
        UsageError: the template has no places, or its blank page cannot be opened.
    """
    if not template.placed:
        raise UsageError(f"the form {template.name} has no places yet; print it first: `inkread form print`")
    for picture in pages(source, detail=True):
        yield _over(template, picture)


def _over(template: Template, picture: Picture) -> Drawn:
    from inkread.readers.form_sheet import FormWay, find_sheets

    found = find_sheets(picture, FormWay(template))
    if isinstance(found, Misfit):
        high, wide = picture.rgb.shape[:2]
        scale = np.array([wide, high]) / template.pages[0].size
        outlines = _outlines(template, 1, partial(np.multiply, scale))
        return Drawn(draw_outlines(picture.rgb, outlines), f"not aligned: {found.reason}", aligned=False)
    outlines = []
    told = []
    for view in found:
        way = view.alignment
        outlines += _outlines(template, view.page, way.to_picture)
        told.append(f"page {view.page}, aligned by {way.method}, off by {way.residual:.1f} px at 200 dpi")
    return Drawn(draw_outlines(picture.rgb, outlines), "; ".join(told), aligned=True)


def draw_blank(template: Template) -> Iterator[Drawn]:
    """Draw each page of a template over its blank page, or over white paper where it has none.

    Raises:
        SourceError: the blank page cannot be opened.
        UsageError: the template has no places.
    """
    if not template.placed:
        raise UsageError(f"the form {template.name} has no places yet; print it first: `inkread form print`")
    for number, page in enumerate(template.pages, start=1):
        rgb = _paper(template, number)
        scale = np.array([rgb.shape[1], rgb.shape[0]]) / page.size
        outlines = _outlines(template, number, partial(np.multiply, scale))
        yield Drawn(draw_outlines(rgb, outlines), f"page {number}", aligned=True)


def _paper(template: Template, number: int) -> NDArray[np.uint8]:
    """The blank page, or white paper, in pixels."""
    page = template.pages[number - 1]
    if page.reference is None:
        wide, high = (round(v * PX) for v in page.size)
        return np.full((high, wide, 3), 255, np.uint8)
    every = list(pages(template.folder / Path(page.reference).expanduser(), detail=True))
    return every[min(number, len(every)) - 1].rgb


def _outlines(template: Template, number: int, place: Placing) -> list[Outline]:
    """What a page has, in the pixels that `place` gives."""
    marks = [
        Outline(f"{mark.id}", "mark", "mark", (np.asarray(place(_corners(mark.box)), np.float64),))
        for mark in template.pages[number - 1].marks
    ]
    return marks + [_outline(field, place) for field in template.fields if field.page == number]


def _outline(field: FormField, place: Placing) -> Outline:
    """A field; a choice by its options, a required one with a star."""
    rects = field.cells or field.rects
    if field.type in ("checkbox", "choice"):
        kind = "tick"
    else:
        kind = "text" if field.type.startswith(("text", "lexicon")) else "figures"
    note = field.type
    if field.options:
        note += f": {', '.join(option.text for option in field.options)}"
    if len(note) > _LONGEST_NOTE:
        note = f"{note[: _LONGEST_NOTE - 3]}..."
    name = f"{field.name} *" if field.required else field.name
    return Outline(name, note, kind, tuple(np.asarray(place(_corners(rect)), np.float64) for rect in rects))


def _corners(rect: Rect) -> NDArray[np.float64]:
    left, top, right, bottom = rect
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float64)
