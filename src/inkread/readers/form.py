"""Read filled forms: find the form on each picture, read every field by its type, and judge the whole.

In: the pages of a source and a `FormWay`. Out: a `FormTrace` a page whose readings are named by field, in the
order of the template, and numbered by document: a form of several pages is one document. Rules across fields
send theirs to review where they are broken; nothing is mended to keep them. A picture that does not show the
form, and a form on which nothing is filled in, is one refused reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from inkread.errors import SourceError
from inkread.formats import find
from inkread.forms.rules import broken
from inkread.imaging.align_marks import Misfit
from inkread.imaging.field_ink import field_ink
from inkread.imaging.form_regions import in_pixels
from inkread.imaging.load import Picture
from inkread.readers.form_fields import Plan, Told, cut_fields, plan_field
from inkread.readers.form_sheet import FormWay, SheetView, find_sheets
from inkread.readers.form_ticks import read_ticks
from inkread.readers.text import SeenLine
from inkread.types import Box, Reading

if TYPE_CHECKING:
    from inkread.forms.template import FormField

__all__ = ["FormSeen", "FormTrace", "FormWay", "SeenField", "read_form", "read_forms"]

_TICKS = ("checkbox", "choice")
_CUT_OFF = "it runs out of the picture: the page is cut off there"
_NOT_THERE = "page {} of the form is not in this file: keep the pages of a form in one PDF or TIFF"
_BLANK = "blank: nothing is filled in on this form"


@dataclass(frozen=True, slots=True, eq=False)
class SeenField:
    """One field as it was seen.

    Attributes:
        box: around it, in pixels of the picture's `rgb`.
        place: around it, in pixels of the sheet.
        rows: what a network was given and said, one a row; none where no network was asked.
        is_empty: whether nothing is written or marked there.
    """

    box: Box
    place: Box
    rows: tuple[SeenLine, ...] = ()
    is_empty: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class FormSeen:
    """One page of a form on a picture.

    Attributes:
        page: of the form, from 1.
        sheet: uint8 `(h, w, 3)`, the page at 200 dpi, upright.
        clean: the same without its print.
        fields: as they were seen, in the order of the template.
        readings: one a field.
    """

    page: int
    sheet: NDArray[np.uint8]
    clean: NDArray[np.uint8]
    fields: tuple[SeenField, ...]
    readings: tuple[Reading, ...]

    @property
    def is_blank(self) -> bool:
        """Whether nothing is filled in."""
        return all(one.is_empty for one in self.fields)


@dataclass(frozen=True, slots=True, eq=False)
class FormTrace:
    """Everything that led to the readings of one picture.

    Attributes:
        rgb: uint8 `(height, width, 3)`, the picture as it was looked at.
        forms: the pages of forms on it; none where it does not show the form.
        readings: at least one.
        kind: "form".
    """

    rgb: NDArray[np.uint8]
    forms: tuple[FormSeen, ...]
    readings: tuple[Reading, ...]
    kind: str = "form"

    @property
    def ink(self) -> NDArray[np.float32]:
        """float32 `(height, width)`: the ink of the whole picture, print among it."""
        return field_ink(self.rgb).ink

    @property
    def seen(self) -> tuple[SeenField, ...]:
        """One a reading, as far as they are of fields that stand on the picture."""
        return tuple(one for form in self.forms for one in form.fields)


def read_form(picture: Picture, way: FormWay) -> FormTrace:
    """Read the forms on one picture, which is all there is of them.

    Args:
        picture: of any orientation.
        way: template and networks.
    """
    return next(trace for _, trace in read_forms([picture], way))


def read_forms(pictures: Iterable[Picture], way: FormWay) -> Iterator[tuple[Picture, FormTrace]]:
    """Read the forms of one source, page by page.

    Args:
        pictures: its pages in order.
        way: template and networks.

    Yields:
        Each picture with what was read on it; those of a form of several pages once all of them are known.

    Raises:
        SourceError: a picture cannot be opened.
    """
    desk = _Desk(way)
    try:
        for picture in pictures:
            yield from desk.take(picture, _seen(picture, way))
    except SourceError:  # a page that cannot be opened: those before it are read
        yield from desk.end()
        raise
    yield from desk.end()


@dataclass(slots=True, eq=False)
class _Entry:
    """A picture that waits until its forms are complete."""

    picture: Picture
    forms: list[FormSeen]
    refused: list[Reading]
    open: int = 0

    def trace(self) -> FormTrace:
        readings = [reading for form in self.forms for reading in form.readings] + self.refused
        if not readings:  # a page of the form on which nothing is to be filled in
            readings = [Reading("", 1.0, "accepted")]
        return FormTrace(self.picture.rgb, tuple(self.forms), tuple(readings))


@dataclass(slots=True, eq=False)
class _Desk:
    """Puts the pages of forms together.

    Attributes:
        way: template and networks.
        waiting: pictures in order.
        parts: of the open form: by page, the picture and the place among its forms.
        number: of the latest document.
        current: the number of the open form.
        step: 1 where pages come in order, -1 where the last comes first; None before the first.
    """

    way: FormWay
    waiting: list[_Entry] = field(default_factory=list)
    parts: dict[int, tuple[_Entry, int]] = field(default_factory=dict)
    number: int = 0
    current: int = 0
    step: int | None = None

    def take(self, picture: Picture, forms: list[FormSeen] | Misfit) -> Iterator[tuple[Picture, FormTrace]]:
        """Lay one more picture down, and hand out what is complete."""
        if isinstance(forms, Misfit):
            self.number += 1
            refused = replace(_not_this(picture, self.way, forms), document=self.number)
            self.waiting.append(_Entry(picture, [], [refused]))
            yield from self._ready()
            return
        entry = _Entry(picture, forms, [], len(forms))
        self.waiting.append(entry)
        for place, form in enumerate(forms):
            if self._begins_another(form.page):
                self.close()
            if not self.parts:
                self.number += 1
                self.current = self.number
            self.parts[form.page] = entry, place
            if len(self.parts) == len(self.way.template.pages):
                self.close()
        yield from self._ready()

    def _begins_another(self, page: int) -> bool:
        """Whether a page is of another form than the open one: pages come in order, or all in reverse."""
        if self.step is None:
            self.step = -1 if page == len(self.way.template.pages) > 1 else 1
        return any(self.step * page <= self.step * other for other in self.parts)

    def end(self) -> Iterator[tuple[Picture, FormTrace]]:
        """Hand out all that is left."""
        if self.parts:
            self.close()
        yield from self._ready()

    def close(self) -> None:
        """Judge a form as a whole."""
        parts = [(entry, place, entry.forms[place]) for entry, place in self.parts.values()]
        missing = self._missing()
        if not missing and all(form.is_blank for _, _, form in parts):
            forms = [_all_blank(form) for _, _, form in parts]
        else:
            forms = _judged([form for _, _, form in parts], self.way)
        for (entry, place, _), form in zip(parts, forms, strict=True):
            numbered = tuple(replace(reading, document=self.current) for reading in form.readings)
            entry.forms[place] = replace(form, readings=numbered)
            entry.open -= 1
        parts[-1][0].refused += [replace(reading, document=self.current) for reading in missing]
        self.parts = {}

    def _missing(self) -> list[Reading]:
        """Readings of the fields on pages that never came."""
        return [
            Reading("", 0.0, "refused", _NOT_THERE.format(one.page), name=one.name)
            for one in self.way.template.fields
            if one.page not in self.parts
        ]

    def _ready(self) -> Iterator[tuple[Picture, FormTrace]]:
        while self.waiting and not self.waiting[0].open:
            entry = self.waiting.pop(0)
            yield entry.picture, entry.trace()


def _seen(picture: Picture, way: FormWay) -> list[FormSeen] | Misfit:
    """The forms on a picture, each field read by itself; or why there are none."""
    views = find_sheets(picture, way)
    if isinstance(views, Misfit):
        return views
    told = [[one for one in way.template.fields if one.page == view.page] for view in views]
    plans = [_plans(fields, view, way) for view, fields in zip(views, told, strict=True)]
    answers = iter(_asked([plan for some in plans for plan in some.values()], way))
    forms = []
    for view, fields, some in zip(views, told, plans, strict=True):
        answered = {name: next(answers) for name in some}
        pairs = [_read(one, view, way, answered.get(one.name)) for one in fields]
        seen, readings = tuple(s for s, _ in pairs), tuple(r for _, r in pairs)
        forms.append(FormSeen(view.page, view.rgb, view.clean, seen, readings))
    return forms


def _plans(fields: Sequence[FormField], view: SheetView, way: FormWay) -> dict[str, Plan]:
    """How to read the fields of a page that are written in, and that the picture shows, by name."""
    shown = [one for one in fields if one.type not in _TICKS and _is_shown(one, view)]
    return {cut.field.name: plan_field(cut, view, way) for cut in cut_fields(shown, view)}


def _is_shown(one: FormField, view: SheetView) -> bool:
    """Whether the picture shows the whole field."""
    return all(view.is_inside(rect) for rect in one.rects)


def _asked(plans: Sequence[Plan], way: FormWay) -> list[Told]:
    """Finish plans: all strips of one network go to it together."""
    answers: dict[int, list[NDArray[np.float32]]] = {}
    for model in sorted({plan.model for plan in plans if plan.places}):
        own = [(k, plan) for k, plan in enumerate(plans) if plan.model == model and plan.places]
        logits = iter(
            way.model(model).logits(
                [place.given(way.model(model)) for _, plan in own for place in plan.places]
            )
        )
        for k, plan in own:
            answers[k] = [next(logits) for _ in plan.places]
    return [plan.finish(answers.get(k, [])) for k, plan in enumerate(plans)]


def _read(one: FormField, view: SheetView, way: FormWay, told: Told | None) -> tuple[SeenField, Reading]:
    """A field with its place in the picture."""
    if told is None:
        cut_off = Told(Reading("", 0.0, "refused", _CUT_OFF))
        told = read_ticks(one, view, way) if _is_shown(one, view) else cut_off
    corners = tuple((float(x), float(y)) for x, y in view.corners(one.bounds))
    left, top, right, bottom = (round(v) for v in in_pixels(one.bounds))
    place = Box(left, top, right, bottom)
    seen = SeenField(view.box_seen(one.bounds), place, told.rows, told.is_empty)
    return seen, replace(told.reading, name=one.name, box=view.box(one.bounds), polygon=corners)


def _judged(forms: Sequence[FormSeen], way: FormWay) -> list[FormSeen]:
    """The pages of one form, the readings of broken rules sent to review."""
    told = [pair for form in forms for pair in zip(form.fields, form.readings, strict=True)]
    values = {r.name or "": _value(r, way) for seen, r in told if r.text or seen.is_empty}
    reasons: dict[str, list[str]] = {}
    for found in broken(way.template, values):
        for name in found.fields:
            reasons.setdefault(name, []).append(found.message)
    return [
        replace(form, readings=tuple(_with(r, reasons.get(r.name or "", [])) for r in form.readings))
        for form in forms
    ]


def _value(reading: Reading, way: FormWay) -> str:
    """What a reading means, in the one form of its format."""
    spec = way.template.spec(reading.name or "")
    return find(spec).normal(reading.text) if spec and reading.text else reading.text


def _with(reading: Reading, reasons: Sequence[str]) -> Reading:
    """A reading that broken rules speak against."""
    if not reasons or reading.status in ("refused", "failed"):
        return reading
    told = "; ".join(dict.fromkeys([*filter(None, [reading.reason]), *reasons]))
    return replace(reading, status="review", reason=told)


def _not_this(picture: Picture, way: FormWay, why: Misfit) -> Reading:
    """The refusal of a picture that does not show the form."""
    reason = f"this is not the form ({way.template.name}): {why.reason}"
    return Reading("", 0.0, "refused", reason, Box(0, 0, picture.width, picture.height))


def _all_blank(form: FormSeen) -> FormSeen:
    """A page of a form on which nothing is filled in: one refused reading."""
    if not form.fields:
        return form
    seen, told = _around([one.box for one in form.fields]), [r.box for r in form.readings if r.box]
    place = _around([one.place for one in form.fields])
    refused = Reading("", 0.0, "refused", _BLANK, _around(told) if told else None)
    return replace(form, fields=(SeenField(seen, place, is_empty=True),), readings=(refused,))


def _around(boxes: Sequence[Box]) -> Box:
    """The box around boxes."""
    return Box(
        min(b.left for b in boxes),
        min(b.top for b in boxes),
        max(b.right for b in boxes),
        max(b.bottom for b in boxes),
    )
