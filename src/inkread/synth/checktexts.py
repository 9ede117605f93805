"""What is written on checks: amounts in figures and in words, dates, payees; and amounts that differ.

Amounts begin as amounts do (Benford's law). The same state of `rng` gives the same texts.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np

from inkread.formats import legal
from inkread.synth import addresses
from inkread.synth.wording import pick

__all__ = ["Texts", "other_sum", "some_sum", "texts"]

Rng = np.random.Generator
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_MOST = 9_999_999
"""Cents of the largest amount that is drawn."""


@dataclass(frozen=True, slots=True)
class Texts:
    """What a check says.

    Attributes:
        courtesy: the amount in figures.
        legal: the amount in words.
        cents: what the figures are worth.
        legal_cents: what the words are worth: the same, but on checks that differ on purpose.
        date: as it is written.
        payee: to whom.
    """

    courtesy: str
    legal: str
    cents: int
    legal_cents: int
    date: str
    payee: str


def texts(rng: Rng, *, differ: bool = False) -> Texts:
    """What one check says.

    Args:
        rng: chooses.
        differ: whether the two amounts are worth something else.
    """
    cents = some_sum(rng)
    in_words = other_sum(cents, rng) if differ else cents
    found = addresses.address(rng).lines[0]
    return Texts(_figures(cents, rng), _words(in_words, rng), cents, in_words, _date(rng), found)


def some_sum(rng: Rng) -> int:
    """Cents of a check: from 5 to 100,000 dollars, even ones as often as others."""
    dollars = int(10 ** rng.uniform(0.7, 4.7))
    way = rng.random()
    if way < 0.25 and dollars >= 20:  # people like round sums
        step = 10 ** max(0, len(str(dollars)) - 2) * (5 if rng.random() < 0.4 else 1)
        dollars = max(step, dollars // step * step)
    cents = 0 if rng.random() < 0.45 else int(rng.integers(1, 100))
    return min(_MOST, 100 * dollars + cents)


def other_sum(cents: int, rng: Rng) -> int:
    """A sum that somebody might take for another: a digit changed, two swapped, one more or one less."""
    while True:
        digits = list(str(cents))
        at = int(rng.integers(len(digits)))
        way = int(rng.integers(5))
        if way < 2:
            digits[at] = str(int(rng.integers(10)))
        elif way == 2 and at:
            digits[at - 1], digits[at] = digits[at], digits[at - 1]
        elif way == 3:
            digits.insert(at, digits[at])
        else:
            del digits[at]
        found = int("".join(digits) or "0")
        if found != cents and 100 <= found <= _MOST:
            return found


def _figures(cents: int, rng: Rng) -> str:
    """An amount in figures."""
    dollars, rest = divmod(cents, 100)
    whole = f"{dollars:,}" if rng.random() < 0.6 else str(dollars)
    way = rng.random()
    if way < 0.78:
        text = f"{whole}.{rest:02d}"
    elif way < 0.9:
        text = f"{whole} {rest:02d}/100"
    elif way < 0.96 or rest:
        text = f"{whole}-{rest:02d}"
    else:
        text = f"{whole}.--" if rng.random() < 0.3 else whole + "-"
    return f"**{text}" if rng.random() < 0.03 else text


def _words(cents: int, rng: Rng) -> str:
    """An amount in words."""
    dollars, rest = divmod(cents, 100)
    hyphen = "-" if rng.random() < 0.6 else " "
    link = " and " if rng.random() < 0.18 else " "
    share = str(pick(rng, ("00", "00", "00", "no", "xx"))) if not rest else f"{rest:02d}"
    if 1100 <= dollars <= 9999 and dollars // 100 % 10 and rng.random() < 0.2:
        below = f"{link}{legal.spoken(dollars % 100, hyphen=hyphen)}" if dollars % 100 else ""
        text = f"{legal.spoken(dollars // 100, hyphen=hyphen)} hundred{below}"
    else:
        text = legal.spoken(dollars, hyphen=hyphen, link=link)
    way = rng.random()
    if not rest and way < 0.12:
        text += str(pick(rng, (" only", " even", " dollars", " dollars only")))
    elif way < 0.16 and rest:
        text += f" dollars and {legal.spoken(rest, hyphen=hyphen)} cents"
    else:
        text += f" {pick(rng, ('and', 'and', 'and', '&', ''))} {share}/100".replace("  ", " ")
    return _in_case(text, rng)


def _in_case(text: str, rng: Rng) -> str:
    way = rng.random()
    if way < 0.7:
        return text[0].upper() + text[1:]
    if way < 0.86:
        words = text.replace("-", "- ").split(" ")
        return " ".join(w if w in ("and", "no") else w.capitalize() for w in words).replace("- ", "-")
    return text if way < 0.94 else text.upper()


def _date(rng: Rng) -> str:
    """A date in the order of the United States."""
    day = datetime.date(2015, 1, 1) + datetime.timedelta(days=int(rng.integers(365 * 14)))
    way = rng.random()
    if way < 0.35:
        name = _MONTHS[day.month - 1]
        name = name[:3] if rng.random() < 0.5 else name
        return f"{name} {day.day}, {day.year}"
    sign = str(pick(rng, ("/", "/", "-")))
    year = day.year if rng.random() < 0.5 else f"{day.year % 100:02d}"
    if rng.random() < 0.5:
        return f"{day.month:02d}{sign}{day.day:02d}{sign}{year}"
    return f"{day.month}{sign}{day.day}{sign}{year}"
