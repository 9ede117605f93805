"""What people write in fields: ZIPs, numbers, amounts, dates, telephone numbers, codes, sums.

Digits are drawn evenly, so that a reader learns no belief about which ZIPs there are; amounts begin as
amounts do. The same state of `rng` gives the same text. Every text is upper case.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from inkread.errors import UsageError, nearest

__all__ = ["KINDS", "LETTERS", "MARKS", "luhn", "routing", "sample"]

DIGITS = "0123456789"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MARKS = ".,-/:$#()+*="
"""The signs that fields are written with, besides the space."""
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUNE", "JULY", "AUG", "SEPT", "OCT", "NOV", "DEC")
_UNLIKE_DIGITS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Letters that may stand among digits: nobody tells O from 0 or I from 1 there."""
_WEIGHTS = (3, 7, 1)
"""Of the nine digits of a routing number, three by three."""


def sample(rng: np.random.Generator, kind: str | None = None) -> tuple[str, str]:
    """A text for a field.

    Args:
        rng: chooses.
        kind: one of `KINDS`; None chooses, the commoner ones more often.

    Returns:
        The kind and the text.

    Raises:
        UsageError: there is no such kind.

    Example:
        >>> kind, text = sample(np.random.default_rng(0), "zip")
        >>> len(text), text.isdigit()
        (5, True)
    """
    if kind is None:
        shares = np.array([share for share, _ in KINDS.values()])
        kind = list(KINDS)[int(np.searchsorted(np.cumsum(shares), rng.random() * shares.sum()))]
    if kind not in KINDS:
        raise UsageError(
            f"no fields of kind {kind!r}; expected {', '.join(KINDS)}{nearest(kind, list(KINDS))}"
        )
    return kind, KINDS[kind][1](rng)


def luhn(digits: str) -> str:
    """The check digit that makes a number pass the Luhn test.

    Source: ISO/IEC 7812-1, annex B.

    Example:
        >>> luhn("7992739871")
        '3'
    """
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def routing(digits: str) -> str:
    """The ninth digit of a routing number of the American Bankers Association.

    Example:
        >>> routing("01100001")
        '5'
    """
    return str(-sum(int(d) * _WEIGHTS[k % 3] for k, d in enumerate(digits)) % 10)


def _some(rng: np.random.Generator, count: int, of: str = DIGITS) -> str:
    return "".join(of[int(k)] for k in rng.integers(0, len(of), count))


def _pick(rng: np.random.Generator, *choices: str) -> str:
    return choices[int(rng.integers(len(choices)))]


def _zip4(rng: np.random.Generator) -> str:
    return f"{_some(rng, 5)}-{_some(rng, 4)}"


def _number(rng: np.random.Generator) -> str:
    """A number of 1 to 12 digits; now and then one digit over and over, or all in order."""
    count = int(rng.integers(1, 13))
    draw = rng.random()
    if draw < 0.06:
        return _some(rng, 1) * min(count, 7)
    if draw < 0.1:
        return (DIGITS * 2)[int(rng.integers(10)) :][:count]
    return _some(rng, count)


def _amount(rng: np.random.Generator) -> str:
    """An amount: its first digits by Benford's law, written in one of several ways."""
    value = float(10 ** rng.uniform(0, 5.3))
    whole, cents = int(value), int(rng.integers(100)) if rng.random() < 0.6 else 0
    grouped, plain = f"{whole:,}", str(whole)
    way = rng.random()
    if way < 0.3:
        text = f"{_pick(rng, grouped, plain)}.{cents:02d}"
    elif way < 0.45:
        text = _pick(rng, grouped, plain)
    elif way < 0.6:
        text = f"{grouped.replace(',', _pick(rng, ' ', '.'))},{cents:02d}"
    elif way < 0.7:
        text = f"{_pick(rng, grouped, plain)}/-"
    elif way < 0.8:
        text = f"{plain} {cents:02d}/100"
    else:
        text = f"{plain}{_pick(rng, '.', ',', '-')}{cents:02d}"
    return _pick(rng, "$", "", "", "$ ") + text if way < 0.85 else f"{text} {_pick(rng, 'EUR', 'USD', 'CHF')}"


def _date(rng: np.random.Generator) -> str:
    """A date, in the orders and with the signs that are in use."""
    year, month, day = int(rng.integers(1920, 2045)), int(rng.integers(1, 13)), int(rng.integers(1, 32))
    short = rng.random() < 0.4
    told = f"{year % 100:02d}" if short else str(year)
    sign = _pick(rng, "/", "-", ".", "/", " ")
    first, second = (month, day) if rng.random() < 0.5 else (day, month)
    padded = rng.random() < 0.6
    way = rng.random()
    if way < 0.7:
        pair = (f"{first:02d}", f"{second:02d}") if padded else (str(first), str(second))
        return sign.join((*pair, told))
    if way < 0.82:
        return sign.join((str(year), f"{month:02d}", f"{day:02d}"))
    if way < 0.9:
        return f"{MONTHS[month - 1]} {day}, {year}"
    if way < 0.95:
        return f"{day} {MONTHS[month - 1]} {year}"
    return f"{month:02d}{day:02d}{told}"


def _phone(rng: np.random.Generator) -> str:
    area, office, line = _some(rng, 3), _some(rng, 3), _some(rng, 4)
    return _pick(
        rng,
        f"({area}) {office}-{line}",
        f"{area}-{office}-{line}",
        f"{area}.{office}.{line}",
        f"+1 {area} {office} {line}",
        f"{office}-{line}",
        f"+{_some(rng, 2)} {_some(rng, 3)} {_some(rng, 6)}",
    )


def _card(rng: np.random.Generator) -> str:
    digits = _some(rng, 15)
    whole = digits + luhn(digits)
    return " ".join(whole[k : k + 4] for k in range(0, 16, 4)) if rng.random() < 0.7 else whole


def _routing(rng: np.random.Generator) -> str:
    digits = _some(rng, 8)
    return digits + routing(digits)


def _code(rng: np.random.Generator) -> str:
    """Letters and digits: plates, orders, rooms, post codes of other countries."""
    pattern = _pick(
        rng,
        "AA-0000",
        "AAA 000",
        "A0A 0A0",
        "00AA00",
        "AA00 0AA",
        "#0000",
        "A-000",
        "XXXXXX",
        "XXXX-XXXX",
        "A00",
    )
    of = {"A": LETTERS if rng.random() < 0.5 else _UNLIKE_DIGITS, "0": DIGITS, "X": DIGITS + _UNLIKE_DIGITS}
    return "".join(_some(rng, 1, of[c]) if c in of else c for c in pattern)


def _letters(rng: np.random.Generator) -> str:
    """One to nine letters, as initials, states or words are long."""
    return _some(rng, int(rng.choice([1, 2, 2, 3, 4, 5, 6, 7, 9])), LETTERS)


def _sum(rng: np.random.Generator) -> str:
    """A little sum, with its result or without."""
    first, second = int(rng.integers(0, 100)), int(rng.integers(0, 100))
    if rng.random() < 0.6:
        first, second = first % 10, second % 10
    sign = _pick(rng, "+", "-", "*", "/")
    text = f"{first}{sign}{second}"
    if rng.random() < 0.3:
        told = {"+": first + second, "-": first - second, "*": first * second}.get(sign, _some(rng, 1))
        text += f"={told}"
    return text.replace(sign, f" {sign} ") if rng.random() < 0.2 else text


def _time(rng: np.random.Generator) -> str:
    return f"{int(rng.integers(24))}:{int(rng.integers(60)):02d}"


def _odd(rng: np.random.Generator) -> str:
    """Digits with any signs among them, so that no sign is believed to need its usual neighbours."""
    text = _some(rng, int(rng.integers(2, 9)), DIGITS * 3 + MARKS)
    return text if any(c.isdigit() for c in text) else text + _some(rng, 1)


KINDS: dict[str, tuple[float, Callable[[np.random.Generator], str]]] = {
    "zip": (0.17, lambda rng: _some(rng, 5)),
    "zip4": (0.05, _zip4),
    "number": (0.23, _number),
    "eight": (0.06, lambda rng: _some(rng, 8)),
    "amount": (0.12, _amount),
    "date": (0.11, _date),
    "phone": (0.05, _phone),
    "routing": (0.02, _routing),
    "card": (0.02, _card),
    "code": (0.07, _code),
    "letters": (0.04, _letters),
    "sum": (0.03, _sum),
    "time": (0.01, _time),
    "odd": (0.04, _odd),
}
"""Kind -> (how common, how it is made)."""
