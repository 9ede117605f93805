"""Amounts of money as people write them: `1,234.50`, `1 234,50`, `$60.00`, `60,000/-`, `12 50/100`.

Thousands are grouped by commas, points or blanks, in threes, or by commas as in India (`1,50,000`); the
decimals are two, behind the other sign. So every amount can be read in one way only: `1.234` are thousands.
"""

from __future__ import annotations

import re

__all__ = ["PATTERN", "explain", "plain"]

_FILL = "[*#=]{0,8}"
_CURRENCY = r"(US\$|C\$|A\$|\$|RS\.?|USD|EUR|GBP|CHF|CAD|AUD|INR)"
_WHOLE = r"(0|[1-9]\d{0,11})"
_CENTS = r"(\d\d|--?)"
_NUMBER = "|".join(
    (
        rf"{_WHOLE}([.,]{_CENTS}|-\d\d)?",
        rf"[1-9]\d{{0,2}}(,\d{{3}}){{1,3}}(\.{_CENTS})?",
        rf"[1-9]\d?(,\d\d){{1,4}},\d{{3}}(\.{_CENTS})?",
        rf"[1-9]\d{{0,2}}(\.\d{{3}}){{1,3}}(,{_CENTS})?",
        rf"[1-9]\d{{0,2}}( \d{{3}}){{1,3}}([.,]{_CENTS})?",
    )
)
_TAIL = r"(/-|-| \d\d/100)"
PATTERN = f"{_FILL}({_CURRENCY} ?)?({_NUMBER}){_TAIL}?( ?{_CURRENCY})?{_FILL}"
"""Every amount; for `automaton.Automaton`."""

_HUNDREDTHS = re.compile(r" (\d\d)/100$")
_DECIMALS = re.compile(r"[.,-](\d\d)$")


def plain(text: str) -> str:
    """An amount as plain digits with a decimal point, without currency.

    Args:
        text: a valid amount.

    Example:
        >>> plain("1 234,50"), plain("RS. 60,000/-"), plain("$12 50/100")
        ('1234.50', '60000', '12.50')
    """
    number = re.sub(r"RS\.|[A-Z$*#=]", "", text).strip()
    cents = _HUNDREDTHS.search(number) or _DECIMALS.search(number)
    whole = re.sub(r"\D", "", number[: cents.start()] if cents else number)
    return f"{whole}.{cents.group(1)}" if cents else whole


def explain(text: str) -> str:
    """Why a text is no amount."""
    if not any(c.isdigit() for c in text):
        return "no digit, which every amount has"
    strange = re.sub(rf"{_CURRENCY}|[\d .,/*#=-]", "", text)
    if strange:
        return f"{strange[0]!r} belongs to no amount"
    return "its digits, signs and blanks do not stand as in an amount"
