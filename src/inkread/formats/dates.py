"""Dates as people write them: `12/03/2026`, `2026-03-12`, `3.12.26`, `12 MAR 2026`, `MARCH 12, 2026`.

The order of day, month and year is what a hint says: `dmy`, `mdy`, `ymd`, or any of them; a month's name
may stand before the day or behind it, whatever the hint says of figures. With a hint eight digits or six
without a sign are a date too (`12032026`), as the boxes of forms have them. Only days that
there are can be written: no 31st of April, no 29th of February but in leap years. Years of two digits mean
1969 to 2068, as POSIX has it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from inkread.errors import UsageError, nearest

__all__ = ["ORDERS", "explain", "iso", "pattern"]

ORDERS = ("dmy", "mdy", "ymd")
_MONTHS = (
    *("JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE"),
    *("JULY", "AUGUST", "SEPTEMBER", "OCTOBER", "NOVEMBER", "DECEMBER"),
)
_CENTURY = "(19|20)"
_YEAR = rf"({_CENTURY}\d\d|\d\d)"
_LEAP = (
    r"(19(0[48]|[2468][048]|[13579][26])|20(0[048]|[2468][048]|[13579][26])|0[048]|[2468][048]|[13579][26])"
)
_LONG_YEAR = {
    _YEAR: rf"{_CENTURY}\d\d",
    _LEAP: r"(19(0[48]|[2468][048]|[13579][26])|20(0[048]|[2468][048]|[13579][26]))",
}
_DAYS = (
    # days, months that have them, years that have both
    (r"(0?[1-9]|1\d|2[0-8])", range(1, 13), _YEAR),
    (r"(29|30)", (1, *range(3, 13)), _YEAR),
    (r"31", (1, 3, 5, 7, 8, 10, 12), _YEAR),
    (r"29", (2,), _LEAP),
)
_FIRST_OF_TWO_DIGITS = 1969


def pattern(order: str) -> str:
    """The pattern of all dates of an order; for `automaton.Automaton`.

    Args:
        order: one of `ORDERS`, or "" for any.

    Raises:
        UsageError: another order.
    """
    if order not in ("", *ORDERS):
        raise UsageError(
            f"the order of a date is {order!r}; expected one of {', '.join(ORDERS)}"
            f"{nearest(order, list(ORDERS))}"
        )
    forms = [form for one in ([order] if order else ORDERS) for form in _forms(one)]
    if order:
        forms += _in_boxes(order)
    return "|".join(dict.fromkeys(forms))


def _forms(order: str) -> Iterator[str]:
    """The patterns of one order: figures with one sign between them throughout, then months by name."""
    for days, months, years in _DAYS:
        month = f"({'|'.join(_in_figures(m) for m in months)})"
        name = f"({'|'.join(_by_name(m) for m in months)})"
        year = _LONG_YEAR[years] if order == "ymd" else years
        parts = {"d": days, "m": month, "y": year}
        yield from (sign.join(parts[part] for part in order) for sign in ("/", "-", r"\.", " "))
        if order != "ymd":
            yield f"{days}[ .-]?{name}[ .,-]?{years}"
            yield f"{name}[ .]?{days},? {years}"


def _in_boxes(order: str) -> Iterator[str]:
    """The patterns of dates of eight digits or six without a sign, as the boxes of forms have them."""
    for days, months, years in _DAYS:
        month = "|".join(_in_figures(m) for m in months)
        parts = {"d": days, "m": f"({month})", "y": _LONG_YEAR[years] if order == "ymd" else years}
        yield "".join(parts[part] for part in order).replace("0?", "0")


def _in_figures(month: int) -> str:
    return f"0?{month}" if month < 10 else str(month)


def _by_name(month: int) -> str:
    """A month's name, whole or cut short."""
    name = _MONTHS[month - 1]
    if name == "SEPTEMBER":
        return "SEPT?|SEPTEMBER"
    return f"{name[:3]}({name[3:]})?" if name[3:] else name


def iso(text: str, order: str) -> str:
    """A date as ISO 8601 has it; the text itself where the order is not known and matters.

    Args:
        text: a valid date.
        order: one of `ORDERS`, or "" for any.

    Example:
        >>> iso("3/4/26", "dmy"), iso("3/4/26", ""), iso("MAR 12, 2026", ""), iso("13.4.2026", "")
        ('2026-04-03', '3/4/26', '2026-03-12', '2026-04-13')
    """
    found = set(_days(text, order))
    return found.pop().isoformat() if len(found) == 1 else text


def _days(text: str, order: str) -> Iterator[datetime.date]:
    """The days that a text may mean."""
    words = _words(text, order)
    if len(words) != 3:
        return
    named = [k for k, word in enumerate(words) if word.isalpha()]
    orders = ["dmy" if named[0] else "mdy"] if named else [order] if order else ORDERS
    for one in orders:
        part = dict(zip(one, words, strict=True))
        if len(part["y"]) not in (2, 4) or max(len(part["d"]), len(part["m"]) * (not named)) > 2:
            continue
        if one == "ymd" and len(part["y"]) != 4:
            continue
        try:
            yield datetime.date(_year(part["y"]), _month(part["m"]), int(part["d"]))
        except ValueError:  # there is no such day
            continue


def _words(text: str, order: str) -> list[str]:
    """The figures and the name of a date; those of one without signs are cut apart by the order."""
    if order and text.isdigit() and len(text) in (6, 8):
        sizes = [len(text) - 4 if part == "y" else 2 for part in order]
        return [text[sum(sizes[:k]) : sum(sizes[: k + 1])] for k in range(3)]
    return re.findall(r"\d+|[A-Z]+", text)


def _year(word: str) -> int:
    year = int(word)
    return year if len(word) == 4 else year + (2000 if 2000 + year < _FIRST_OF_TWO_DIGITS + 100 else 1900)


def _month(word: str) -> int:
    if word.isdigit():
        return int(word)
    return next((m for m, name in enumerate(_MONTHS, start=1) if name[:3] == word[:3]), 0)


def explain(text: str, order: str) -> str:
    """Why a text is no date."""
    words = _words(text, order)
    if len(words) == 3 and not list(_days(text, order)):
        return f"there is no such day{f' in the order {order}' if order else ''}"
    return "does not stand as a date does: day, month and year"
