"""Forms filled in by one hand each, with the faults that people leave, and photographed.

`fill` gives the sheet and what it says; `render` photographs it. People forget fields, write beyond boxes,
take a tick back, strike out what was wrong and write it anew, or write over it; what a form says is what its
writer meant in the end. The same state of `rng` gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

import cv2
import numpy as np

from inkread.forms.template import FormField, Template
from inkread.synth import formphoto
from inkread.synth.fieldhands import FieldHands
from inkread.synth.fieldtexts import DIGITS, LETTERS
from inkread.synth.formdesigns import design
from inkread.synth.formhands import DPI, PX, Mark, Person, figures, in_cells, said, sample_person, tick, words
from inkread.synth.formprint import Box
from inkread.synth.formvalues import JOINT, YES, values

__all__ = ["VERSION", "Filled", "Form", "blank", "fill", "fill_in", "render", "template"]

Rng = np.random.Generator
VERSION = 1
"""Rises whenever the same state of a generator would give another form."""
_CORRECTED, _TAKEN_BACK, _SPREAD = 0.012, 0.02, 0.03
"""How often a text is corrected, a tick taken back, a row of boxes written too large."""
_WORDY = ("text", "lexicon")


@dataclass(frozen=True, slots=True, eq=False)
class Filled:
    """A sheet that somebody filled in.

    Attributes:
        design: the name of the form.
        rgb: uint8 `(height, width, 3)` at `formhands.DPI`, before any light falls.
        texts: what it says, by field; empty where nothing is written.
        faults: of fields with one: "corrected", "taken back", "beyond".
        writer: whose hands they are.
    """

    design: str
    rgb: np.ndarray
    texts: dict[str, str]
    faults: dict[str, str]
    writer: str


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """A photo of a filled sheet.

    Attributes:
        filled: the sheet, and what it says.
        photo: the picture, and how it was taken.
    """

    filled: Filled
    photo: formphoto.Photo


@lru_cache(maxsize=3)
def template(name: str) -> Template:
    """The template of a design."""
    return Template.model_validate(design(name).told)


@lru_cache(maxsize=3)
def blank(name: str, dpi: float = 200.0) -> np.ndarray:
    """The sheet of a design as it is printed, uint8 `(height, width, 3)`; not to be written to."""
    return design(name).print.draw(dpi)


def render(
    rng: Rng,
    bank: FieldHands,
    name: str,
    taking: formphoto.Taking | None = None,
    half: int | None = None,
) -> Form:
    """Fill in a form and photograph it.

    Args:
        rng: chooses everything.
        bank: the hands.
        name: of the design.
        taking: how the photo is taken; None chooses.
        half: of the hands, as `formhands.sample_person` takes it.

    Raises:
        DataError: the bank has no hand that can write it.
    """
    filled = fill(rng, bank, name, half)
    return Form(filled, formphoto.photograph(filled.rgb, rng, taking))


def fill(rng: Rng, bank: FieldHands, name: str, half: int | None = None) -> Filled:
    """Fill in a form.

    Args:
        rng: chooses everything.
        bank: the hands.
        name: of the design.
        half: of the hands, as `formhands.sample_person` takes it.

    Raises:
        DataError: the bank has no hand that can write it.
    """
    person, meant = sample_person(rng, bank, half), values(name, rng)
    filled = fill_in(blank(name, DPI), template(name), meant, person, rng)
    full = f"{filled.texts.get('first_name', '')} {filled.texts.get('last_name', '')}".strip()
    signature = words(person, said(person, full) or "J. Smith", design(name).signature, rng, on_rule=True)
    _press(filled.rgb, signature, person.colour, 0.9)
    return filled


def fill_in(
    page: np.ndarray, form: Template, meant: Mapping[str, str], person: Person, rng: Rng, number: int = 1
) -> Filled:
    """Fill in a page of any form with given texts.

    Args:
        page: the blank page, uint8 `(height, width, 3)` at `formhands.DPI`.
        form: its template.
        meant: the texts by field; fields that are not among them stay empty.
        person: who writes.
        rng: what differs each time, faults among it.
        number: of the page, from 1.

    Returns:
        The sheet. A text may be in capitals, or lack what the person's font has not.
    """
    pen = _Pen(person, rng, on_rules=form.name == "clinic")
    fields = [field for field in form.fields if field.page == number]
    texts = {field.name: pen.write(field, meant.get(field.name, "")) for field in fields}
    sheet = page.copy()
    strength = float(rng.uniform(0.78, 1.0))
    _press(sheet, pen.marks, person.colour, strength)
    return Filled(form.name, sheet, texts, pen.faults, person.name)


@dataclass(slots=True, eq=False)
class _Pen:
    """Somebody at work on one sheet; `on_rules`: its open fields have a rule to write on, and no frame."""

    person: Person
    rng: Rng
    on_rules: bool
    marks: list[Mark] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)

    def write(self, one: FormField, text: str) -> str:
        """Fill in a field; returns what it says in the end."""
        if one.type == "checkbox":
            self._square(one, one.bounds, marked=text == YES)
        elif one.type == "choice":
            self._choose(one, text)
        elif not text:
            return ""
        elif one.type.partition(":")[0] in _WORDY:
            text = said(self.person, text)
            self.marks += words(self.person, text, one.bounds, self.rng, on_rule=self.on_rules)
        elif self.rng.random() < _CORRECTED:
            self._correct(one, text)
        else:
            self._figures(one, text)
        return text

    def _square(self, one: FormField, box: Box, *, marked: bool) -> None:
        """Tick a square, or not, or take the tick back."""
        if marked:
            self.marks.append(tick(self.person, box, self.rng))
        elif self.rng.random() < _TAKEN_BACK:
            self.marks.append(tick(self.person, box, self.rng, struck=True))
            self.faults[one.name] = "taken back"

    def _choose(self, one: FormField, text: str) -> None:
        chosen = text.split(JOINT) if text else []
        spoilt = int(self.rng.integers(len(one.options)))
        is_spoilt = bool(chosen) and self.rng.random() < 1.5 * _TAKEN_BACK
        for k, option in enumerate(one.options):
            if option.box is None:
                continue
            if option.text in chosen:
                self.marks.append(tick(self.person, option.box, self.rng))
            elif is_spoilt and k == spoilt:
                self.marks.append(tick(self.person, option.box, self.rng, struck=True))
                self.faults[one.name] = "taken back"

    def _figures(self, one: FormField, text: str) -> None:
        """Figures or a code, in cells or in an open field."""
        if one.cells:
            hasty = self.rng.random() < _SPREAD
            person = replace(self.person, size=1.4 * self.person.size, haste=1.0) if hasty else self.person
            self.marks += in_cells(person, text, one.cells, self.rng)
            if hasty:
                self.faults[one.name] = "beyond"
            return
        mark = figures(self.person, text, one.bounds, self.rng, on_rule=self.on_rules)
        self.marks.append(mark)
        if mark.right > (one.bounds[2] + 0.3) * PX:
            self.faults[one.name] = "beyond"

    def _correct(self, one: FormField, text: str) -> None:
        """Write something wrong, and then what is right over it or above it."""
        self.faults[one.name] = "corrected"
        places = [k for k, c in enumerate(text) if c in DIGITS + LETTERS]
        at = places[int(self.rng.integers(len(places)))]
        among = DIGITS if text[at] in DIGITS else LETTERS
        other = among[(among.index(text[at]) + int(self.rng.integers(1, len(among)))) % len(among)]
        wrong = text[:at] + other + text[at + 1 :]
        left, top, right, bottom = one.bounds
        if one.cells and self.rng.random() < 0.5:
            self.marks += in_cells(self.person, wrong, one.cells, self.rng)
            self.marks += 2 * in_cells(self.person, text[at], one.cells[at : at + 1], self.rng)[:1]
            return
        if one.cells:
            self.marks += in_cells(self.person, wrong, one.cells, self.rng)
            left, top, right, bottom = one.cells[at]
            self._strike((left, top, right, bottom))
            above = (left - 1.0, top - 4.5, right + 3.0, top + 0.5)
            self.marks.append(figures(replace(self.person, size=3.0), text[at], above, self.rng))
            return
        mark = figures(self.person, wrong, one.bounds, self.rng, on_rule=self.on_rules)
        self.marks.append(mark)
        self._strike((mark.left / PX + 1, top + 1, mark.right / PX, bottom - 0.5))
        behind = mark.right / PX + 1
        if right - behind > 0.85 * (mark.right - mark.left) / PX:
            place = (behind, top, right, bottom)
        else:
            place = (left, top - 4.5, right, top + 0.8)
        self.marks.append(figures(self.person, text, place, self.rng, on_rule=self.on_rules))

    def _strike(self, box: Box) -> None:
        """A line or two through something."""
        left, top, right, bottom = (v * PX for v in box)
        high, wide = round(bottom - top), round(right - left + 2 * PX)
        layer = np.zeros((max(high, 4), max(wide, 4)), np.uint8)
        for _ in range(int(self.rng.integers(1, 4))):
            x = np.linspace(0.3 * PX, wide - 0.3 * PX, 5)
            y = high * (self.rng.uniform(0.35, 0.7) + self.rng.normal(0, 0.05, 5))
            points = np.round(np.stack([x, y], 1) * 16).astype(np.int32)[:, None]
            cv2.polylines(layer, [points], False, 255, max(2, round(self.person.nib * PX)), cv2.LINE_AA, 4)
        self.marks.append(Mark(layer.astype(np.float32) / 255, round(left - PX), round(top)))


def _press(page: np.ndarray, marks: list[Mark], colour: tuple[float, float, float], strength: float) -> None:
    """Lay ink on a sheet; print shows through it. What lies beyond the sheet is lost."""
    high, wide = page.shape[:2]
    for mark in marks:
        top, left = max(0, mark.top), max(0, mark.left)
        bottom, right = min(high, mark.top + mark.ink.shape[0]), min(wide, mark.left + mark.ink.shape[1])
        if top >= bottom or left >= right:
            continue
        ink = mark.ink[top - mark.top : bottom - mark.top, left - mark.left : right - mark.left]
        part = page[top:bottom, left:right]
        cover = (np.clip(ink, 0, 1) * np.float32(strength))[..., None]
        kept = 1 - cover * (1 - np.asarray(colour, np.float32))
        part[:] = np.rint(part * kept).astype(np.uint8)
