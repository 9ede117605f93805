"""Amounts in figures as checks of the United States have them: `$1,234.50`, `**12 50/100`, `75-`.

Commas part thousands, a point, a dash or a blank parts cents; cents may stand over 100. So one text has one
worth only: `1,234` are thousands. `PATTERN` is every such text, `value` what one is worth, `texts_of` all
that are worth so much; there a point may have been lost, for it is the smallest of all strokes. Patterns are
in small letters, as in `inkread.formats.legal`; sums are in whole cents.
"""

from __future__ import annotations

import re

__all__ = ["PATTERN", "plain", "texts_of", "value", "values"]

_FILL, _SIGN = "[*#= ]{0,8}", r"(\$ ?)?"
_POINT = "( ?[.,-] ?| )"
_OVER = " ?(/|-) ?100"
_NO_CENTS = "(00|no|xx)"


def _text(whole: str, cents: str, *, may_be_none: bool) -> str:
    with_cents = f"{_POINT}{cents}({_OVER})?"
    if may_be_none:
        with_cents = f"({with_cents}|{_POINT}{_NO_CENTS}{_OVER}|{_POINT}?-{{1,3}}|/-|[.])?"
    return f"{_FILL}{_SIGN}{_FILL}({whole}){with_cents}{_FILL}"


_WHOLE = r"0|[1-9]\d{0,7}|[1-9]\d{0,2},\d{3}"
PATTERN = _text(_WHOLE, r"\d\d", may_be_none=True)
"""Every amount in figures; for `automaton.Automaton`."""

_FRACTION = re.compile(r"[ .,-]+(\d\d|no|xx) ?[/-] ?100$")
_DECIMALS = re.compile(r"( ?[.-] ?| ?, ?(?=\d\d$)| )(\d\d)$")


def value(text: str) -> int | None:
    """What an amount in figures is worth.

    Args:
        text: a text of `PATTERN`, in any case.

    Returns:
        Cents; None where the text holds no digit.

    Example:
        >>> value("$1,234.50"), value("80 XX/100"), value("75-"), value("12 50/100")
        (123450, 8000, 7500, 1250)
    """
    number = text.lower().strip("*#= $")
    found = _FRACTION.search(number)
    cents = found.group(1) if found else ""
    if not found:
        found = _DECIMALS.search(number)
        cents = found.group(2) if found else ""
    whole = re.sub(r"\D", "", number[: found.start()] if found else number)
    if not whole:
        return None
    return 100 * int(whole) + (int(cents) if cents.isdigit() else 0)


def values(text: str) -> tuple[int, ...]:
    """What an amount in figures may be worth, cents: its worth, and that with a point that was not seen.

    Example:
        >>> values("4800"), values("48.00")
        ((480000, 4800), (4800,))
    """
    worth = value(text)
    if worth is None:
        return ()
    lost = re.fullmatch(r"[^\d]*(\d{3,8}|\d{1,3},\d{5})[^\d]*", text)
    return (worth, worth // 100) if lost else (worth,)


def plain(text: str) -> str:
    """An amount in figures as plain digits with two decimals.

    Example:
        >>> plain("$1,234.5-"), plain("12-")
        ('12345.00', '12.00')
    """
    worth = value(text)
    return text if worth is None else f"{worth // 100}.{worth % 100:02d}"


def texts_of(cents: int) -> str:
    """The pattern of all amounts in figures that are worth so much, a part of `PATTERN`.

    Among them is the one whose point was not seen: `4800` is a text of 4,800 dollars and of 48.

    Args:
        cents: from 1 to `legal.LARGEST`.
    """
    dollars, rest = divmod(cents, 100)
    whole = f"{dollars}|{dollars:,}" if dollars > 999 else str(dollars)
    usual = _text(whole, f"{rest:02d}", may_be_none=not rest)
    return f"{usual}|{_FILL}{_SIGN}{dollars}{rest:02d}{_FILL}" if dollars else usual
