"""What people write into the three forms of `formdesigns`: texts by field that obey the forms' own rules.

Nobody's data: names are drawn from word lists, numbers by lot. A ZIP and its state belong together, sums add
up, days follow each other; who leaves what optional out is drawn, too. A tick is `YES` or `NO`; a choice is
the text of its option, several are joined by `; `, none is empty.
"""

from __future__ import annotations

import datetime

import numpy as np

from inkread import zips
from inkread.synth import fieldtexts
from inkread.synth.addresses import address
from inkread.synth.formdesigns import PRODUCTS, ROWS, design
from inkread.synth.vocabulary import VOCABULARY
from inkread.synth.wording import filled, pick

__all__ = ["JOINT", "NO", "YES", "values"]

Rng = np.random.Generator
YES, NO, JOINT = "yes", "no", "; "
_WORDS = VOCABULARY["en"]
_FIRST_DAY = datetime.date(2026, 1, 5)
_SKIPPED, _FORGOTTEN = 0.12, 0.01
"""How often an optional field is left empty, and a required one."""
_REMARKS = (
    "The branch fell on the roof at night", "A van hit it while it was parked", "My bag was lost on the way",
    "It was gone when I came back", "The hail broke two windows", "Water came through the ceiling",
)  # fmt: skip
_MEDICINES = ("none", "aspirin", "insulin, twice a day", "eye drops", "vitamin D", "ibuprofen when needed")
_NOTES = ("come back in two weeks", "send to the lab", "call the pharmacy", "blood test on Monday", "rest")
_MESSAGES = (
    "Please ring twice", "Leave it with the neighbor", "Happy birthday from all of us", "No plastic, please",
    "As soon as you can", "The blue one if there is one",
)  # fmt: skip


def values(name: str, rng: Rng) -> dict[str, str]:
    """The texts of one form, by field, all fields of the design.

    Args:
        name: of the design.
        rng: chooses.
    """
    made = {"claim": _claim, "clinic": _clinic, "order": _order}[name](rng)
    for told in design(name).fields:
        field = str(told["name"])
        if told["type"] in ("checkbox", "choice") or (
            field in _SUMMED or field.rpartition("_")[0] in _SUMMED
        ):
            continue
        if rng.random() < (_FORGOTTEN if told.get("required") else _SKIPPED):
            made[field] = ""
    return {str(told["name"]): made[str(told["name"])] for told in design(name).fields}


_SUMMED = (
    "code", "item", "count", "price", "line", "subtotal", "shipping", "total", "own_share", "claimed",
)  # fmt: skip
"""Parts of sums, which nobody leaves out and still adds up."""


def _digits(rng: Rng, count: int) -> str:
    return "".join(str(d) for d in rng.integers(0, 10, count))


def _letters(rng: Rng, count: int) -> str:
    return "".join(fieldtexts.LETTERS[int(k)] for k in rng.integers(0, 26, count))


def _day(rng: Rng, first: datetime.date, most: int) -> datetime.date:
    return first + datetime.timedelta(days=int(rng.integers(0, most)))


def _boxed(day: datetime.date) -> str:
    return day.strftime("%m%d%Y")


def _signed(day: datetime.date, rng: Rng) -> str:
    """A day with signs, as somebody writes it."""
    padded = rng.random() < 0.6
    month, number = (f"{day.month:02d}", f"{day.day:02d}") if padded else (str(day.month), str(day.day))
    sign = "/" if rng.random() < 0.8 else "-"
    return sign.join((month, number, str(day.year)))


def _phone(rng: Rng, *, plain: bool) -> str:
    area, office, line = 200 + int(rng.integers(800)), 200 + int(rng.integers(800)), _digits(rng, 4)
    if plain:
        return f"{area}{office}{line}"
    return f"({area}) {office}-{line}" if rng.random() < 0.4 else f"{area}-{office}-{line}"


def _place(rng: Rng) -> tuple[str, str, str, str]:
    """Street, city, state and ZIP."""
    while True:
        found = address(rng)
        street = found.lines[-2]
        if found.zip and found.zip_after >= 0 and street[0].isdigit() and found.state in zips.STATES:
            return street.title() if street.isupper() else street, found.city, found.state, found.zip[:5]


def _ticks(rng: Rng, names: tuple[str, ...], share: float) -> dict[str, str]:
    return {name: YES if rng.random() < share else NO for name in names}


def _one(rng: Rng, name: str, field: str) -> str:
    """One option of a choice; now and then none."""
    return "" if rng.random() < 2 * _FORGOTTEN else pick(rng, _options(name, field))


def _several(rng: Rng, name: str, field: str) -> str:
    chosen = [text for text in _options(name, field) if rng.random() < 0.35]
    return JOINT.join(chosen)


def _options(name: str, field: str) -> list[str]:
    told = next(f for f in design(name).fields if f["name"] == field)
    return [option["text"] for option in told["options"]]


def _money(value: int) -> str:
    """An amount in cents as it is written."""
    return f"{value // 100}.{value % 100:02d}"


def _claim(rng: Rng) -> dict[str, str]:
    street, city, state, zip5 = _place(rng)
    loss = _day(rng, _FIRST_DAY, 300)
    own, claimed = 100 * int(rng.integers(1, 20)) * 25, int(10 ** rng.uniform(3.5, 6))
    return {
        "policy": _digits(rng, 8),
        "plate": _letters(rng, 2) + _digits(rng, 5),
        "loss": _boxed(loss),
        "reported": _boxed(_day(rng, loss, 40)),
        "last_name": pick(rng, _WORDS["last"]),
        "first_name": pick(rng, _WORDS["first"]),
        "street": street,
        "city": city,
        "state": state,
        "zip": zip5,
        "birth": _boxed(_day(rng, datetime.date(1935, 1, 1), 26_000)),
        "phone": _phone(rng, plain=True),
        "routing": _routing(rng),
        "account": _digits(rng, int(rng.integers(6, 13))),
        "damaged": _one(rng, "claim", "damaged"),
        "seen_by": _several(rng, "claim", "seen_by"),
        **_ticks(rng, ("injured", "police", "other_policy"), 0.35),
        "loss_amount": _money(own + claimed),
        "own_share": _money(own),
        "claimed": _money(claimed),
        "remarks": pick(rng, _REMARKS),
    }


def _routing(rng: Rng) -> str:
    digits = f"{int(rng.integers(1, 13)):02d}" + _digits(rng, 6)
    return digits + fieldtexts.routing(digits)


def _clinic(rng: Rng) -> dict[str, str]:
    street, city, state, zip5 = _place(rng)
    visit = _day(rng, _FIRST_DAY, 300)
    birth = _day(rng, datetime.date(1935, 1, 1), 32_000)
    today = _signed(visit, rng)
    asked = tuple(str(f["name"]) for f in design("clinic").fields if f["type"] == "checkbox")
    return {
        "record": _digits(rng, 6),
        "last_name": pick(rng, _WORDS["last"]),
        "first_name": filled(rng, pick(rng, ("{first}", "{first}", "{first} {A}.")), "en"),
        "birth": _boxed(birth),
        "sex": _one(rng, "clinic", "sex"),
        "visit": today,
        "age": str((visit - birth).days * 100 // 36_525),
        "street": street,
        "city": city,
        "state": state,
        "zip": zip5,
        "phone": _phone(rng, plain=False),
        "kin_phone": _phone(rng, plain=False),
        "member": _digits(rng, 9),
        "group": _letters(rng, 2) + _digits(rng, 4),
        "copay": _money(100 * int(rng.integers(5, 90))),
        **_ticks(rng, asked, 0.3),
        "complaint": _several(rng, "clinic", "complaint") or "Fever",
        "medicines": pick(rng, _MEDICINES),
        "weight": str(int(rng.integers(85, 290))),
        "height": str(int(rng.integers(54, 80))),
        "temperature": f"{int(rng.integers(96, 104))}.{int(rng.integers(10))}",
        "pulse": str(int(rng.integers(50, 130))),
        "pressure_read": f"{int(rng.integers(95, 180))}/{int(rng.integers(55, 100))}",
        "room": f"{int(rng.integers(1, 30)):02d}",
        "notes": pick(rng, _NOTES),
        "signed": today,
    }


def _order(rng: Rng) -> dict[str, str]:
    ordered = _day(rng, _FIRST_DAY, 300)
    made = {
        "number": _digits(rng, 6),
        "ordered": _signed(ordered, rng),
        "wanted": _signed(_day(rng, ordered, 40), rng),
        "customer": filled(rng, "{first} {last}", "en"),
        "phone": _phone(rng, plain=True),
        "delivery": _one(rng, "order", "delivery"),
        "payment": _one(rng, "order", "payment"),
        **_ticks(rng, ("gift", "news", "again"), 0.35),
        "calls": _several(rng, "order", "calls"),
        "message": pick(rng, _MESSAGES),
    }
    total, count = 0, int(rng.integers(1, ROWS + 1))
    for row in range(1, ROWS + 1):
        filled_in = row <= count
        number, price = int(rng.integers(1, 13)), int(10 ** rng.uniform(2, 4))
        price = price - price % 5
        total += number * price if filled_in else 0
        told = (_letters(rng, 2) + _digits(rng, 3), pick(rng, PRODUCTS), str(number), _money(price))
        cells = (*told, _money(number * price)) if filled_in else ("",) * 5
        names = (f"{column}_{row}" for column in ("code", "item", "count", "price", "line"))
        made |= dict(zip(names, cells, strict=True))
    shipping = int(rng.choice([0, 495, 695, 1250]))
    made |= {"subtotal": _money(total), "shipping": _money(shipping), "total": _money(total + shipping)}
    return made
