"""Three designs of forms to fill in, measure on and show: a claim, a clinic's sheet, an order slip.

| design | paper | cells | found by |
|---|---|---|---|
| `claim` | A4 | separately spaced boxes, printed in a drop-out colour | marks |
| `clinic` | Letter | combs and underlines, dense and black | the features of its print |
| `order` | A4 | frames, a table with sums, choices | marks, the same four in the same places |

A `Design` is the print and the fields together, so that both say the same to a hair. Nobody's form: every
firm on them is made up.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from inkread.synth.formprint import Box, Printing

__all__ = ["DESIGNS", "PRODUCTS", "ROWS", "Design", "design"]

Place = tuple[float, float]
"""x and y in millimetres."""
A4, LETTER = (210.0, 297.0), (215.9, 279.4)
DESIGNS = ("claim", "clinic", "order")
ROWS = 6
"""Lines of the order's table."""
PRODUCTS = (
    "Apple juice", "Baking tin", "Bath towel", "Bread knife", "Candle", "Coat hook", "Desk lamp", "Door mat",
    "Egg cup", "Flower pot", "Frying pan", "Garden hose", "Hand cream", "Honey jar", "Kettle", "Lunch box",
    "Milk jug", "Notebook", "Oven glove", "Paper bag", "Picture frame", "Pillow", "Plant pot", "Rain coat",
    "Salt mill", "Sewing kit", "Soap dish", "Tea pot", "Tool box", "Umbrella", "Wall clock", "Wool scarf",
)  # fmt: skip
"""What can be ordered."""
_ORANGE, _BLUE, _BLACK = (0.99, 0.66, 0.42), (0.35, 0.5, 0.78), (0.2, 0.2, 0.22)
_SQUARES = "Cross squares; blacken one to take its cross back."
_MARK, _MARK_EDGE = 10.0, 9.0
"""Side of a mark, and its distance from the paper's edges, millimetres."""


@dataclass(slots=True, eq=False)
class Design:
    """A form.

    Attributes:
        name: one of `DESIGNS`.
        title: for people.
        print: what the press leaves.
        signature: where to sign, which is no field.
        fields: name, type and place of each, as a template has them.
        rules: across them.
    """

    name: str
    title: str
    print: Printing
    signature: Box
    fields: list[dict[str, Any]] = field(default_factory=list)
    rules: list[dict[str, Any]] = field(default_factory=list)

    @property
    def told(self) -> dict[str, Any]:
        """What a template of it says."""
        wide, high = self.print.size
        page: dict[str, Any] = {"width": wide, "height": high, "reference": f"{self.name}.png"}
        if self.print.marks:
            page["marks"] = [{"id": number, "box": _rounded(box)} for number, box in self.print.marks]
        return {
            "name": self.name,
            "title": self.title,
            "pages": [page],
            "fields": self.fields,
            "rules": self.rules,
        }

    def label(self, text: str, at: Place, high: float = 2.7) -> None:
        """A label above a field."""
        self.print.words(text, at, high, layer="label")

    def boxes(self, name: str, spec: str, at: Place, groups: Iterable[int], **more: Any) -> None:
        """Boxes apart from each other, one a character, in groups with more room between them."""
        wide, high, pitch, between = 5.6, 7.2, 7.2, 2.4
        x, y = at
        cells: list[Box] = []
        for count in groups:
            cells += [(x + k * pitch, y, x + k * pitch + wide, y + high) for k in range(count)]
            x += count * pitch + between
        for cell in cells:
            self.print.frame(cell, 0.3)
        self._labelled(more.get("label", ""), at)
        self.fields.append({"name": name, "type": spec, "boxes": [_rounded(c) for c in cells], **more})

    def frame(self, name: str, spec: str, box: Box, **more: Any) -> None:
        """One rectangle to write into."""
        self.print.frame(box, 0.3)
        self._labelled(more.get("label", ""), box[:2])
        self.fields.append({"name": name, "type": spec, "box": _rounded(box), **more})

    def underline(self, name: str, spec: str, box: Box, **more: Any) -> None:
        """A rule to write on, its label below it in small print; the field is the room above."""
        left, _, right, bottom = box
        self.print.line((left, bottom, right, bottom), 0.2)
        self.print.words(more.get("label", ""), (left, bottom + 2.1), 2.0, layer="label")
        self.fields.append({"name": name, "type": spec, "box": _rounded(box), **more})

    def comb(self, name: str, spec: str, at: Place, cells: int, tooth: float = 2.6, **more: Any) -> None:
        """A rule with teeth between the characters; teeth as high as the field make a row of boxes."""
        pitch, high = 5.4, 7.0
        left, top = at
        right, bottom = left + cells * pitch, top + high
        self.print.line((left, bottom, right, bottom), 0.2)
        if tooth >= high:
            self.print.line((left, top, right, top), 0.2)
        for k in range(cells + 1):
            x = left + k * pitch
            self.print.line((x, bottom - min(tooth, high), x, bottom), 0.2)
        self.print.words(more.get("label", ""), (left, bottom + 2.1), 2.0, layer="label")
        place = {"box": _rounded((left, top, right, bottom)), "cells": cells}
        self.fields.append({"name": name, "type": spec, "comb": place, **more})

    def square(self, at: Place, text: str, side: float = 4.0) -> Box:
        """A square to tick, and what it stands for to the right of it."""
        box = (at[0], at[1], at[0] + side, at[1] + side)
        self.print.frame(box, 0.25)
        self.print.words(text, (box[2] + 1.6, box[3] - 0.22 * side), 3.0, layer="text")
        return box

    def checkbox(self, name: str, at: Place, text: str, side: float = 4.0) -> None:
        """A square that stands for itself."""
        box = self.square(at, text, side)
        self.fields.append({"name": name, "type": "checkbox", "box": _rounded(box), "label": text})

    def choice(
        self, name: str, options: dict[str, tuple[float, float]], side: float = 4.0, **more: Any
    ) -> None:
        """Several squares of which one is to be ticked, or any number."""
        told = [{"text": text, "box": _rounded(self.square(at, text, side))} for text, at in options.items()]
        self.fields.append({"name": name, "type": "choice", "options": told, **more})

    def _labelled(self, text: str, at: Place) -> None:
        if text:
            self.label(text, (at[0], at[1] - 1.1))


def _rounded(box: Box) -> list[float]:
    return [round(v, 3) for v in box]


def _marked(page: Printing) -> None:
    """Put the four marks into the corners."""
    wide, high = page.size
    right, low = wide - _MARK_EDGE - _MARK, high - _MARK_EDGE - _MARK
    corners = ((_MARK_EDGE, _MARK_EDGE), (right, _MARK_EDGE), (_MARK_EDGE, low), (right, low))
    for number, (x, y) in enumerate(corners):
        page.mark(number, (x, y, x + _MARK, y + _MARK))


@lru_cache(maxsize=3)
def design(name: str) -> Design:
    """A design by its name."""
    return {"claim": _claim, "clinic": _clinic, "order": _order}[name]()


def _claim() -> Design:
    colours = {"form": _ORANGE, "label": _ORANGE, "text": (0.25, 0.25, 0.28)}
    form = Design("claim", "Report of a loss", Printing(A4, colours), (20, 240, 100, 250))
    page = form.print
    _marked(page)
    page.words("Northbridge Mutual", (105, 17), 5.2, "ms")
    page.words("Report of a loss", (105, 24), 4.2, "ms")
    advice = f"One character a box, in capitals, with a black or blue pen. {_SQUARES}"
    page.words(advice, (105, 30), 2.8, "ms")
    _of_the_claim(form)
    _squares_of_the_claim(form)
    form.frame("loss_amount", "amount", (20, 191, 68, 200), label="Loss in dollars", required=True)
    form.frame("own_share", "amount", (80, 191, 128, 200), label="Of this your own share")
    form.frame("claimed", "amount", (140, 191, 190, 200), label="Claimed")
    form.frame("remarks", "text", (20, 208, 190, 230), label="What happened, in a few words")
    page.line((20, 250, 100, 250), 0.3, "text")
    page.words("Signature", (20, 253.6), 2.6)
    page.words("Northbridge Mutual is made up. Form NM-7", (105, 285), 2.3, "ms")
    form.rules += [
        {"kind": "order", "first": "loss", "then": "reported"},
        {"kind": "zip_state", "zip": "zip", "state": "state"},
        {"kind": "sum", "fields": ["own_share", "claimed"], "total": "loss_amount"},
    ]
    return form


def _of_the_claim(form: Design) -> None:
    """What is written into the claim's boxes, and who claims."""
    form.boxes("policy", "digits:8", (20, 42), (8,), label="Policy number", required=True)
    form.boxes("plate", "regex:[A-Z]{2}[0-9]{5}", (100, 42), (2, 5), label="Number plate")
    form.boxes("loss", "date:mdy", (20, 57), (2, 2, 4), label="Day of the loss (MM DD YYYY)", required=True)
    form.boxes("reported", "date:mdy", (100, 57), (2, 2, 4), label="Day of this report", required=True)
    form.frame("last_name", "text", (20, 72, 102, 81), label="Last name", required=True)
    form.frame("first_name", "text", (106, 72, 190, 81), label="First name", required=True)
    form.frame("street", "text", (20, 87, 190, 96), label="Street and number")
    form.frame("city", "text", (20, 102, 100, 111), label="City")
    form.boxes("state", "regex:[A-Z]{2}", (106, 103), (2,), label="State")
    form.boxes("zip", "us_zip", (128, 103), (5,), label="ZIP code", required=True)
    form.boxes("birth", "date:mdy", (20, 118), (2, 2, 4), label="Date of birth (MM DD YYYY)")
    form.boxes("phone", "phone:us", (100, 118), (3, 3, 4), label="Telephone")
    form.boxes("routing", "routing", (20, 133), (9,), label="Routing number")
    form.boxes("account", "digits:6-12", (100, 133), (12,), label="Account number")


def _squares_of_the_claim(form: Design) -> None:
    form.label("What was damaged? Cross one.", (20, 148))
    what = {text: (20.0 + 43 * k, 150.0) for k, text in enumerate(("Car", "House", "Luggage", "Other"))}
    form.choice("damaged", what, label="What was damaged", required=True)
    form.label("Who saw it? Cross all that hold.", (20, 161))
    who = ("Nobody", "A neighbor", "Police", "A passer-by")
    seen = {text: (20.0 + 43 * k, 163.0) for k, text in enumerate(who)}
    form.choice("seen_by", seen, label="Seen by", multiple=True)
    form.checkbox("injured", (20, 175), "Somebody was hurt")
    form.checkbox("police", (76, 175), "A police report is attached")
    form.checkbox("other_policy", (141, 175), "Another insurer pays, too")


def _bar(form: Design, y: float, text: str) -> None:
    """A dark bar with the title of a section."""
    form.print.patch((12, y, form.print.size[0] - 12, y + 5))
    form.print.words(text, (14, y + 3.8), 3.6, layer="paper")


def _clinic() -> Design:
    colours = {"form": _BLACK, "label": _BLACK, "text": _BLACK, "paper": (1.0, 1.0, 1.0)}
    form = Design("clinic", "Patient sheet", Printing(LETTER, colours), (14, 238, 100, 247))
    page = form.print
    page.frame((12, 10, 30, 24), 0.5)
    page.patch((14, 12, 20, 22))
    page.patch((22, 12, 28, 16))
    page.words("Harbor Street Clinic", (34, 16), 6.0)
    page.words("410 Harbor Street, Suite 3. Walk in Monday to Saturday, 8 to 6", (34, 21), 2.6)
    form.comb("record", "digits:6", (165, 12), 6, label="Record no. (office)")
    _patient(form)
    _history(form)
    _measures(form)
    _bar(form, 206, "5  Consent")
    for k, line in enumerate(_CONSENT):
        page.words(line, (14, 215 + 3.3 * k), 2.5)
    page.line((14, 247, 100, 247), 0.2)
    page.words("Signature of the patient, or of whoever speaks for them", (14, 249.1), 2.0)
    form.underline("signed", "date:mdy", (120, 238, 166, 247), label="Date (MM/DD/YYYY)")
    page.patch((12, 256, 203.9, 268), 0.16)
    page.words("For the office: filed by            scanned by            box", (16, 263.5), 2.6)
    form.rules += [
        {"kind": "order", "first": "birth", "then": "visit"},
        {"kind": "zip_state", "zip": "zip", "state": "state"},
        {"kind": "equal", "fields": ["visit", "signed"]},
    ]
    return form


def _patient(form: Design) -> None:
    """Who comes, and who pays."""
    _bar(form, 28, "1  Patient")
    form.underline("last_name", "text", (14, 35, 100, 44), label="Last name", required=True)
    form.underline("first_name", "text", (106, 35, 203, 44), label="First name", required=True)
    form.comb("birth", "date:mdy", (14, 50), 8, label="Date of birth, MM DD YYYY", required=True)
    form.print.words("Sex", (66, 56), 2.8)
    form.choice("sex", {"F": (74, 52.5), "M": (87, 52.5), "X": (100, 52.5)}, 3.6, label="Sex")
    form.underline("visit", "date:mdy", (120, 48, 160, 57), label="Today (MM/DD/YYYY)", required=True)
    form.comb("age", "digits:1-3", (172, 50), 3, label="Age")
    form.underline("street", "text", (14, 61, 118, 70), label="Street, apartment")
    form.underline("city", "text", (124, 61, 203, 70), label="City")
    form.comb("state", "regex:[A-Z]{2}", (14, 76), 2, label="State")
    form.comb("zip", "us_zip", (32, 76), 5, label="ZIP", required=True)
    form.underline("phone", "phone:us", (70, 74, 132, 83), label="Telephone with area code")
    form.underline("kin_phone", "phone:us", (140, 74, 203, 83), label="Telephone in an emergency")
    _bar(form, 89, "2  Insurance")
    form.comb("member", "digits:9", (14, 98), 9, label="Member no.", required=True)
    form.comb("group", "regex:[A-Z]{2}[0-9]{4}", (72, 98), 6, label="Group")
    form.underline("copay", "amount", (114, 96, 150, 105), label="Copayment, dollars")
    form.checkbox("has_card", (160, 99), "Card was shown", 3.6)


def _history(form: Design) -> None:
    _bar(form, 111, "3  History")
    asked = (
        ("smoker", "I smoke"), ("asthma", "Asthma"), ("diabetes", "Diabetes"),
        ("pressure", "High blood pressure"), ("heart", "Heart disease"), ("thyroid", "Thyroid"),
        ("surgery", "Had surgery"), ("penicillin", "No penicillin"), ("latex", "No latex"),
    )  # fmt: skip
    for k, (name, text) in enumerate(asked):
        form.checkbox(name, (14 + 66 * (k % 3), 119 + 6.5 * (k // 3)), text, 3.6)
    form.print.words(f"What brings you here today? {_SQUARES}", (14, 143), 2.8)
    why = ("Fever", "Cough", "Pain", "Rash", "Injury", "Check-up")
    places = {text: (14.0 + 32 * k, 145.5) for k, text in enumerate(why)}
    form.choice("complaint", places, 3.6, label="Complaint", multiple=True, required=True)
    form.underline("medicines", "text", (14, 153, 203, 162), label="Medicines that you take")


def _measures(form: Design) -> None:
    _bar(form, 168, "4  Measured by the nurse")
    form.comb("weight", "digits:2-3", (14, 176), 3, label="Weight, lb")
    form.comb("height", "digits:2", (44, 176), 2, label="Height, in")
    form.underline("temperature", "regex:[0-9]{2,3}[.][0-9]", (70, 174, 96, 183), label="Temperature, F")
    form.comb("pulse", "digits:2-3", (106, 176), 3, label="Pulse")
    form.underline("pressure_read", "regex:[0-9]{2,3}/[0-9]{2,3}", (132, 174, 166, 183), label="Pressure")
    form.comb("room", "digits:2", (180, 176), 2, label="Room")
    form.underline("notes", "text", (14, 190, 203, 199), label="Notes")


_CONSENT = (
    "I agree to be examined and treated here. I was told that a treatment can fail, and what else could",
    "be done. What I wrote above is true as far as I know. The clinic may send what my insurer needs to",
    "pay for the visit, and nothing besides. I pay what the insurer does not. I may take this consent",
    "back at any time, in writing; what was done until then stays as it is. My record is kept for ten",
    "years and then destroyed. I may see it, and have a copy of it within two weeks. Harbor Street Clinic",
    "is made up, and so is whoever fills this in.",
)


def _order() -> Design:
    colours = {"form": _BLUE, "label": _BLUE, "text": (0.2, 0.28, 0.5)}
    form = Design("order", "Order slip", Printing(A4, colours), (20, 238, 100, 248))
    page = form.print
    _marked(page)
    page.words("The Corner House", (105, 18), 5.6, "ms")
    page.words(f"Order slip. Please print. {_SQUARES}", (105, 25), 2.8, "ms")
    form.frame("number", "digits:6", (20, 38, 58, 47), label="Customer number", required=True)
    form.frame("ordered", "date:mdy", (66, 38, 112, 47), label="Date (MM/DD/YYYY)", required=True)
    form.frame("wanted", "date:mdy", (120, 38, 190, 47), label="Wanted on (MM/DD/YYYY)")
    form.frame("customer", "text", (20, 54, 112, 63), label="Name", required=True)
    form.comb("phone", "phone:us", (120, 55), 10, 7.0, label="Telephone")
    form.label("Delivery: one", (20, 71))
    how = {"Pick up": (20.0, 73.0), "Post": (45.0, 73.0), "Courier": (66.0, 73.0)}
    form.choice("delivery", how, label="Delivery", required=True)
    form.label("Payment: one", (112, 71))
    by = {"Cash": (112.0, 73.0), "Card": (135.0, 73.0), "Invoice": (158.0, 73.0)}
    form.choice("payment", by, label="Payment", required=True)
    lines = _table(form, 86)
    _end_of_the_order(form)
    page.line((20, 248, 100, 248), 0.3, "text")
    page.words("Signature", (20, 251.6), 2.6)
    page.words("The Corner House is made up. Slip 12", (105, 285), 2.3, "ms")
    form.rules += [
        {"kind": "sum", "fields": lines, "total": "subtotal"},
        {"kind": "sum", "fields": ["subtotal", "shipping"], "total": "total"},
        {"kind": "order", "first": "ordered", "then": "wanted"},
    ]
    return form


def _end_of_the_order(form: Design) -> None:
    """Sums, ticks and a message."""
    form.frame("subtotal", "amount", (160, 160, 190, 168))
    form.frame("shipping", "amount", (160, 170, 190, 178))
    form.frame("total", "amount", (160, 180, 190, 188), required=True)
    for text, y in (("Sum", 165.2), ("Shipping", 175.2), ("To pay", 185.2)):
        form.print.words(text, (157, y), 3.2, "rs")
    form.checkbox("gift", (20, 161), "Wrap it as a gift")
    form.checkbox("news", (20, 169), "Tell me of new things by mail")
    form.checkbox("again", (20, 177), "The same every month")
    form.label("When may we call? Any number.", (20, 199))
    when = ("Mornings", "Noon", "Afternoons", "Evenings")
    form.choice(
        "calls", {t: (20.0 + 43 * k, 201.0) for k, t in enumerate(when)}, label="Calls", multiple=True
    )
    form.frame("message", "text", (20, 214, 190, 228), label="Message")


def _table(form: Design, top: float) -> list[str]:
    """The order's table; returns the names of its last column."""
    columns = (("code", "regex:[A-Z]{2}[0-9]{3}", 20.0, 46.0, "Code"),
               ("item", "lexicon:products.txt", 46.0, 106.0, "Article"),
               ("count", "digits:1-2", 106.0, 124.0, "Number"),
               ("price", "amount", 124.0, 157.0, "Price"),
               ("line", "amount", 157.0, 190.0, "Amount"))  # fmt: skip
    high = 10.0
    form.print.patch((20, top, 190, top + 6), 0.25)
    for _, _, left, _, title in columns:
        form.print.words(title, (left + 1.5, top + 4.3), 3.0)
    first = top + 6
    for k in range(ROWS + 1):
        form.print.line((20, first + k * high, 190, first + k * high), 0.3)
    for x in (*(c[2] for c in columns), 190.0):
        form.print.line((x, top, x, first + ROWS * high), 0.3)
    for k in range(ROWS):
        y = first + k * high
        for name, spec, left, right, title in columns:
            told = {"label": f"{title} {k + 1}"}
            box = _rounded((left, y, right, y + high))
            form.fields.append({"name": f"{name}_{k + 1}", "type": spec, "box": box, **told})
    return [f"line_{k + 1}" for k in range(ROWS)]
