"""Find the pages of a form on a picture, and lay each out flat.

In: a `Picture` and a `FormWay`: the template and the networks. Out: `SheetView`s: which page of the form it
is, the sheet at 200 dpi with and without its print, and the way from the paper back to the picture.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from inkread.errors import SourceError, UsageError
from inkread.imaging.align_marks import Misfit
from inkread.imaging.alignment import PX, Alignment
from inkread.imaging.dropout import drop_form
from inkread.imaging.form_regions import Rect, Region
from inkread.imaging.form_search import Blank, KnownPage, find_pages
from inkread.imaging.load import Picture, pages
from inkread.types import Box

if TYPE_CHECKING:
    from inkread.decode.ngram import NGram
    from inkread.forms.template import FormField, FormPage, Template
    from inkread.readers.cells import Cells
    from inkread.runtime.linewise import LineRecognizer
    from inkread.runtime.recognizer import Recognizer

__all__ = ["FormWay", "SheetView", "check_references", "find_sheets"]

Points = NDArray[np.float64]
_OUTSIDE = 1.0
"""Millimetres of a field that may lie outside of the picture."""


@dataclass(frozen=True, slots=True)
class FormWay:
    """How forms are read.

    Attributes:
        template: the form.
        readers: networks of strips by the name of the shipped model that they stand for: "fields", "lines".
        signs: reads single characters; None where no field is of that type.
        languages: n-grams that help with running text.
        target_error: the expected share of wrong readings among the accepted ones.
        threshold: the least confidence at which a reading is accepted, instead of the target's.
        cells: networks that read each box or comb cell by itself, besides the row; None asks the row alone.
    """

    template: Template
    readers: Mapping[str, LineRecognizer] = field(default_factory=dict)
    signs: Recognizer | None = None
    languages: tuple[NGram, ...] = ()
    target_error: float = 0.01
    threshold: float | None = None
    cells: Cells | None = None

    def model(self, name: str) -> LineRecognizer:
        """The network that stands for a shipped model."""
        return self.readers[name]

    @property
    def characters(self) -> Recognizer:
        """The network of single characters."""
        if self.signs is None:
            raise UsageError(f"form {self.template.name}: no network of single characters was given")
        return self.signs

    def least(self, field: FormField) -> float:
        """The confidence from which on a field is told as empty, or a square as marked, without a person."""
        if self.threshold is not None:
            return self.threshold
        return 1 - (field.target_error or self.target_error)

    def name(self, model: str) -> str:
        """Name and version of the network that stands for a shipped model."""
        meta = self.characters.metadata if model == "characters" else self.model(model).metadata
        return f"{meta.name} {meta.version}".strip()


@dataclass(frozen=True, slots=True, eq=False)
class SheetView:
    """One page of a form on a picture.

    Attributes:
        picture: where it was found.
        page: of the form, from 1.
        alignment: the way between paper and picture.
        rgb: uint8 `(h, w, 3)`, the page at 200 dpi, upright.
        clean: the same without its print.
        is_bare: whether all of its print is known, and gone from `clean`.
    """

    picture: Picture
    page: int
    alignment: Alignment
    rgb: NDArray[np.uint8]
    clean: NDArray[np.uint8]
    is_bare: bool = False

    def to_picture(self, points: Points) -> Points:
        """Points of the sheet, `(n, 2)` pixels, in pixels of the picture's `rgb`."""
        return np.asarray(self.alignment.to_picture(points / PX), np.float64)

    def to_user(self, points: Points) -> Points:
        """Points of the sheet in the user's picture."""
        seen = self.to_picture(points)
        return np.asarray(np.column_stack([seen, np.ones(len(seen))]) @ self.picture.to_user.T, np.float64)

    def corners(self, rect: Rect) -> Points:
        """The corners of a rectangle in millimetres, `(4, 2)`, in the user's picture."""
        left, top, right, bottom = rect
        points = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
        return self.to_user(points * PX)

    def box(self, rect: Rect) -> Box:
        """The upright box around a rectangle in millimetres, in the user's picture, clipped to it."""
        low, far = self.corners(rect).min(0), self.corners(rect).max(0)
        wide, high = self.picture.width, self.picture.height
        left = int(min(max(np.floor(low[0] + 0.01), 0), wide - 1))
        top = int(min(max(np.floor(low[1] + 0.01), 0), high - 1))
        right = int(min(max(np.ceil(far[0] - 0.01), left + 1), wide))
        return Box(left, top, right, int(min(max(np.ceil(far[1] - 0.01), top + 1), high)))

    def box_seen(self, rect: Rect) -> Box:
        """The upright box around a rectangle in millimetres, in pixels of the picture's `rgb`."""
        high, wide = self.picture.rgb.shape[:2]
        view = replace(self, picture=replace(self.picture, to_user=np.eye(2, 3), width=wide, height=high))
        return view.box(rect)

    def is_inside(self, rect: Rect) -> bool:
        """Whether the picture shows a rectangle in millimetres, but for a hair."""
        left, top, right, bottom = rect
        hair = min(_OUTSIDE, 0.4 * (right - left), 0.4 * (bottom - top))
        return self.alignment.seen_share((left + hair, top + hair, right - hair, bottom - hair)) == 1

    def picture_of(self, region: Region) -> Picture:
        """A region as a picture of its own, whose way back is exact at three of its corners."""
        high, wide = region.rgb.shape[:2]
        there = self.to_user(
            np.array([[0.0, 0.0], [wide, 0.0], [0.0, high]]) + np.array([region.left, region.top])
        )
        across, down = (there[1] - there[0]) / wide, (there[2] - there[0]) / high
        way = np.column_stack([across, down, there[0]])
        whole = self.picture
        return Picture(region.rgb, way, whole.source, whole.page, whole.width, whole.height)


def check_references(template: Template) -> None:
    """Refuse a template whose blank pages are not there.

    Raises:
        UsageError: says which is missing.
    """
    for number, page in enumerate(template.pages, start=1):
        if page.reference is not None and not _file_of(template, page).is_file():
            raise UsageError(
                f"form {template.name}: the reference of page {number}, {_file_of(template, page)}, is not "
                "there; put the blank page beside the template, or name it in `reference`"
            )


def find_sheets(picture: Picture, way: FormWay) -> list[SheetView] | Misfit:
    """Find the form on a picture, or the several forms.

    Args:
        picture: upright or not.
        way: the template.

    Returns:
        The pages found, in reading order; or why the picture is not taken for this form.
    """
    template = way.template
    known = [
        KnownPage(number, page.size, {mark.id: mark.box for mark in page.marks}, _blank(template, number))
        for number, page in enumerate(template.pages, start=1)
    ]
    found = find_pages(picture.rgb, known)
    if isinstance(found, Misfit):
        return found
    return [_view(picture, known[number - 1], alignment, template) for number, alignment in found]


def _view(picture: Picture, page: KnownPage, alignment: Alignment, template: Template) -> SheetView:
    """A page laid out flat."""
    sheet = alignment.sheet(picture.rgb)
    keep = [rect for one in template.fields if one.page == page.number for rect in places(one)]
    clean = drop_form(sheet, page.blank.rgb if page.blank else None, keep)
    return SheetView(picture, page.number, alignment, sheet, clean, page.blank is not None)


def places(one: FormField) -> tuple[Rect, ...]:
    """The rectangles in which a field is written, on its page."""
    return one.cells or one.rects


def _file_of(template: Template, page: FormPage) -> Path:
    return template.folder / Path(page.reference or "").expanduser()


def _blank(template: Template, number: int) -> Blank | None:
    """The blank page of a number; None where the form has none."""
    page = template.pages[number - 1]
    if page.reference is None:
        return None
    file = _file_of(template, page)
    try:
        changed = file.stat().st_mtime_ns
    except OSError:
        changed = 0
    return _opened(str(file), changed, number, page.size)


@lru_cache(maxsize=16)
def _opened(file: str, changed: int, number: int, size: tuple[float, float]) -> Blank:
    """Page `number` of a file, or its first where it has fewer."""
    first = None
    try:
        for k, picture in enumerate(pages(file, detail=True), start=1):
            first = first if first is not None and k < number else picture.rgb
            if k == number:
                break
    except SourceError as error:
        raise UsageError(f"the reference of page {number} of the form: {error}") from None
    if first is None:
        raise UsageError(f"the reference of page {number} of the form, {file}, shows no page")
    return Blank.of(first, size)
