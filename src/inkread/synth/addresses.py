"""Addresses of the United States as people write them on mail: lines of text, and what they mean.

ZIP, state and city of an address belong together, as the list of `inkread.zips` has them. Names and streets
are made of the words of `inkread.synth.vocabulary`. Nobody's address: who lives where is drawn by lot.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from inkread import zips
from inkread.synth.vocabulary import VOCABULARY
from inkread.synth.wording import filled, pick

__all__ = ["Address", "address", "initials", "sender"]

Rng = np.random.Generator

_WORDS = VOCABULARY["en"]
_TRADES = (
    "Tools",
    "Insurance",
    "Dental Care",
    "Bakery",
    "Motors",
    "Books",
    "Hardware",
    "Florists",
    "Bank",
    "Law",
)
_FORMS = ("Inc.", "LLC", "& Sons", "Co.", "Group", "Services", "Corp.", "")
_NO_ZIP, _PLUS4, _OWN_LINE, _SPELLED, _COUNTRY = 0.03, 0.14, 0.06, 0.16, 0.03
"""How often an address has no ZIP, a ZIP+4, the ZIP on a line of its own, the state's name, the country."""
_LONGEST = 34
"""Characters of the longest line."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address.

    Attributes:
        lines: from the name to the last one, without the ZIP.
        zip: "02139" or "02139-4307"; empty where there is none.
        state: two letters.
        written_state: as it stands in the lines.
        city: as the list has it.
        zip_after: the number of the line that the ZIP stands behind; -1 where it has a line of its own after
            the others, or where there is none.
        country: the line below the ZIP, mostly empty.
    """

    lines: tuple[str, ...]
    zip: str
    state: str
    written_state: str
    city: str
    zip_after: int
    country: str = ""

    @property
    def full_lines(self) -> tuple[str, ...]:
        """All lines with the ZIP where it stands."""
        lines = list(self.lines)
        if self.zip and self.zip_after >= 0:
            lines[self.zip_after] += f" {self.zip}"
        elif self.zip:
            lines.append(self.zip)
        return (*lines, self.country) if self.country else tuple(lines)


def address(rng: Rng, *, printed: bool = False) -> Address:
    """An address to send something to.

    Args:
        rng: chooses; the same state gives the same address.
        printed: as machines print them: with more ZIP+4 and more capitals.
    """
    zip5 = _some_zip(rng)
    state, city = zips.state(zip5), zips.city(zip5)
    spelled = rng.random() < _SPELLED and len(zips.STATES[state]) < 15
    written = zips.STATES[state] if spelled else state
    comma = "," if rng.random() < 0.65 else ""
    last = f"{city}{comma} {written}"
    lines = [_name(rng), *_middle(rng), _street(rng), last]
    shown = zip5
    if rng.random() < (0.5 if printed else _PLUS4):
        shown = f"{zip5}-{int(rng.integers(1, 10_000)):04d}"
    if not printed and rng.random() < _NO_ZIP:
        shown = ""
    own = rng.random() < _OWN_LINE and not printed
    found = Address(
        tuple(lines), shown, state, written, city, -1 if own or not shown else len(lines) - 1,
        "USA" if rng.random() < _COUNTRY else "",
    )  # fmt: skip
    if max(map(len, lines)) > _LONGEST:
        return address(rng, printed=printed)
    return _in_capitals(found) if rng.random() < (0.5 if printed else 0.12) else found


def sender(rng: Rng) -> tuple[str, ...]:
    """The lines of a return address, two to four, its own ZIP among them."""
    whole = address(rng, printed=True)
    lines = whole.full_lines
    return lines[-2:] if rng.random() < 0.25 else lines


def initials(rng: Rng) -> str:
    """The name of a company, short, as it stands beside a sign."""
    return f"{pick(rng, _WORDS['last'])} {pick(rng, _TRADES)}"


def _in_capitals(found: Address) -> Address:
    return replace(
        found, lines=tuple(line.upper() for line in found.lines), written_state=found.written_state.upper()
    )


def _some_zip(rng: Rng) -> str:
    """A ZIP in use, of the states and the district, its city's name not too long."""
    known = _usual_zips()
    return known[int(rng.integers(len(known)))]


@lru_cache(maxsize=1)
def _usual_zips() -> tuple[str, ...]:
    return tuple(
        z for z in zips.listed() if zips.state(z) not in ("AA", "AE", "AP") and len(zips.city(z)) < 19
    )


def _name(rng: Rng) -> str:
    forms = (
        "{first} {last}", "{first} {last}", "{first} {last}", "{title} {first} {last}", "{first} {A}. {last}",
        "{first} & {first} {last}", "The {last} Family", "Mr. & Mrs. {last}", "{title} {A}. {last}",
    )  # fmt: skip
    if rng.random() < 0.15:
        return f"{pick(rng, _WORDS['last'])} {pick(rng, _TRADES)} {pick(rng, _FORMS)}".strip()
    return filled(rng, pick(rng, forms), "en")


def _middle(rng: Rng) -> list[str]:
    if rng.random() > 0.2:
        return []
    forms = ("c/o {first} {last}", "Attn: {last}", "Apt. {n1}{A}", "Suite {n3}", "Unit {n2}", "Dept. {n2}")
    return [filled(rng, pick(rng, forms), "en")]


def _street(rng: Rng) -> str:
    forms = (
        "{n3} {street} {road}", "{n4} {street} {road}", "{n2} {street} {road}", "{n4} {street} {road}",
        "{n4} N. {street} {road}", "{n3} {n1}th {road}", "P.O. Box {n3}", "PO Box {n4}", "RR {n1} Box {n2}",
        "{n3} {street} {road} Apt {n1}", "{n4} {street} {road} #{n2}", "{n4} SW {n2}th Ave",
    )  # fmt: skip
    return filled(rng, pick(rng, forms), "en")
