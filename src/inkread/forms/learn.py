"""Learn an existing form: from its blank pages to a template that a person looks over.

In: a PDF or a scan that nobody has filled. Out: `Learnt`: the template, the picture of each blank page that
it refers to, and what kind of place each field was found at. Nothing is known of a form but its print, so
types are guesses from labels and shapes.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkread.errors import SourceError
from inkread.forms.blanks import Place, Rect, places_of
from inkread.forms.labels import joined, labels_of, name_of_label, type_of
from inkread.forms.template import Comb, FormField, FormPage, Mark, Template
from inkread.imaging.align_marks import find_marks
from inkread.imaging.blank_form import blank_form
from inkread.imaging.blank_pages import BlankPage, Word, blank_pages
from inkread.imaging.marks import MARKS

__all__ = ["Learnt", "learn"]

_PX = 200 / 25.4
_MOST_FIELDS = 1000
_AROUND_MARK = 1.5


@dataclass(frozen=True, slots=True, eq=False)
class Learnt:
    """What was learnt of a form.

    Attributes:
        template: its pages name their references; see `references`.
        references: the file's name and the blank page, uint8 `(height, width, 3)` at 200 dpi, page by page.
        kinds: how each field was found: "box", "area", "boxes", "comb", "line" or "checkbox".
        guessed_size: whether the size of the paper was guessed from the shape of a scan.
    """

    template: Template
    references: tuple[tuple[str, NDArray[np.uint8]], ...]
    kinds: tuple[str, ...]
    guessed_size: bool


def learn(source: str | Path | bytes, name: str | None = None, stem: str | None = None) -> Learnt:
    """Find what a blank form asks for.

    Args:
        source: a PDF, or a scan of one page, level or nearly so; a path or the content of the file.
        name: of the form; None takes the file's name.
        stem: what the files of the blank pages are called, before "-1.png" and so on; None takes the name.

    Raises:
        SourceError: it cannot be opened, or nothing to fill was found on it.
        MissingExtra: a PDF without its library, or no pydantic.
    """
    told = Path(source).stem if not isinstance(source, bytes) else "form"
    name = _slug(name or told)
    pages: list[FormPage] = []
    fields: list[FormField] = []
    kinds: list[str] = []
    references: list[tuple[str, NDArray[np.uint8]]] = []
    taken: set[str] = set()
    seen_marks: set[int] = set()
    guessed, title = False, ""
    for number, page in enumerate(blank_pages(source), start=1):
        words = joined(page.words)
        title = title or _title(words, page.size[1])
        guessed = guessed or page.guessed
        marks = _marks(page, seen_marks)
        seen_marks |= {mark.id for mark in marks}
        reference = f"{stem or name}-{number}.png"
        references.append((reference, page.rgb))
        pages.append(FormPage(width=page.size[0], height=page.size[1], marks=marks, reference=reference))
        places = _places(page, marks)
        for place, label in zip(places, labels_of(places, words), strict=True):
            field = name_of_label(label, len(fields) + 1, taken)
            taken.add(field)
            fields.append(_field(place, field, label, number, page.size[0]))
            kinds.append(place.kind)
    _check_count(len(fields), "<bytes>" if isinstance(source, bytes) else str(source))
    template = Template(name=name, title=title, pages=tuple(pages), fields=tuple(fields))
    return Learnt(template, tuple(references), tuple(kinds), guessed)


def _check_count(count: int, name: str) -> None:
    if not count:
        raise SourceError(
            f"{name}: no boxes, lines or squares to fill were found; give a clean scan or a PDF of the blank "
            "form, or write the places into a template by hand"
        )
    if count > _MOST_FIELDS:
        raise SourceError(
            f"{name}: {count:,} places look like fields, and a form has at most {_MOST_FIELDS:,}; give the "
            "pages to fill alone"
        )


def _slug(text: str) -> str:
    """A name as templates take it."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = "-".join(re.findall(r"[A-Za-z0-9_]+", plain))[:60].strip("-_")
    return words if words[:1].isalpha() else f"form-{words}".strip("-")


def _title(words: list[Word], height: float) -> str:
    """The largest print of the upper third, where it is larger than the rest."""
    upper = [word for word in words if word.rect[3] < height / 3]
    if not upper:
        return ""
    sizes = sorted(word.size for word in words)
    largest = max(upper, key=lambda word: word.size)
    typical = sizes[len(sizes) // 2]
    text = "".join(c for c in largest.text if unicodedata.category(c)[0] != "C")
    return text[:120] if largest.size > 1.25 * typical else ""


def _marks(page: BlankPage, seen: set[int]) -> tuple[Mark, ...]:
    """The ArUco marks of a page; none where another page has one of them, so that they tell nothing apart."""
    found = find_marks(page.rgb, range(MARKS))
    if len(found) < 3 or seen & set(found):
        return ()
    marks = []
    for number, corners in sorted(found.items()):
        (left, top), (right, bottom) = (
            (round(float(x), 2), round(float(y), 2))
            for x, y in (corners.min(axis=0) / _PX, corners.max(axis=0) / _PX)
        )
        marks.append(Mark(id=number, box=(left, top, right, bottom)))
    return tuple(marks)


def _places(page: BlankPage, marks: tuple[Mark, ...]) -> list[Place]:
    """Where to write, marks and whatever leaves the page aside."""
    width, height = page.size
    return [
        place
        for place in places_of(blank_form(page.rgb), page.size)
        if not any(_touch(place.bounds, mark.box) for mark in marks)
        and 0 <= place.bounds[0] < place.bounds[2] <= width
        and 0 <= place.bounds[1] < place.bounds[3] <= height
    ]


def _touch(one: Rect, other: Rect) -> bool:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across > -_AROUND_MARK and down > -_AROUND_MARK


def _field(place: Place, name: str, label: str, page: int, width: float) -> FormField:
    at: dict[str, Any] = {"box": place.bounds}
    if place.kind == "comb" and _is_even(place):
        at = {"comb": Comb(box=place.bounds, cells=len(place.cells))}
    elif place.cells:
        at = {"boxes": place.cells}
    return FormField(name=name, type=type_of(place, label, width), label=label, page=page, **at)


def _is_even(place: Place) -> bool:
    """Whether the cells of a comb are of one width, so that their number tells all."""
    pitch = (place.bounds[2] - place.bounds[0]) / len(place.cells)
    return all(abs(cell[0] - (place.bounds[0] + k * pitch)) < 0.4 for k, cell in enumerate(place.cells))
