"""Amounts of money in English words, as checks have them: `One thousand two hundred thirty-four and 50/100`.

A grammar of such texts: which there are (`PATTERN`), what one is worth (`value`), all that are worth so much
(`texts_of`), and one of them (`spoken`). Cents stand as a fraction (`50/100`, `no/100`, `xx/100`), in words
or in figures before `cents`, or not at all. Hyphens, commas, `and`, `dollars`, `only` may be there or not;
dashes and dots may fill the line on either side; `fifteen hundred` is what it is. Patterns are in small
letters, for texts whose case tells nothing.

Sums are in whole cents, from 1 cent to 999,999.99.
"""

from __future__ import annotations

import re

__all__ = ["LARGEST", "PATTERN", "explain", "plain", "spoken", "texts_of", "value", "values"]

LARGEST = 99_999_999
"""Cents of the largest sum."""
_UNITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen"),
    *("sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_MISSPELT = {"forty": "fou?rty", "ninety": "nine?ty", "nineteen": "nine?teen"}
"""What is spelt wrong so often that nobody doubts it."""
_WORTH = {word: k for k, word in enumerate(_UNITS + _TEENS, 1)}
_WORTH |= {word: 20 + 10 * k for k, word in enumerate(_TENS)}
_WORTH |= {"fourty": 40, "ninty": 90, "ninteen": 19, "a": 1, "zero": 0, "no": 0}

_SPACE, _LOOSE, _FILL = "[ -]?", "[ ,-]{0,2}", "[-~_=*. ]*"
_AND = r"( ?(and|&|\+))"
_DOLLARS = "( ?dollars?)"
_HUNDREDTHS = " ?/ ?(100|xx)"
_NO_CENTS = "(00|no|xx|zero|--)"
_END = f"( ?(only|exactly|even))?{_FILL}(dollars{_FILL})?"


def _either(words: tuple[str, ...]) -> str:
    return f"({'|'.join(_MISSPELT.get(word, word) for word in words)})"


_UNIT, _ODD_TEEN = _either(_UNITS), _either(_TEENS[1:])
_TWO = f"({_UNIT}|{_either(_TEENS)}|{_either(_TENS)}({_SPACE}{_UNIT})?)"
_REST = f"({_AND}?{_SPACE}{_TWO})?"
_THREE = f"({_TWO}|({_UNIT}|a){_SPACE}hundred{_REST})"
_WHOLE = "|".join(
    (
        f"({_THREE}{_SPACE}thousand({_AND}?{_LOOSE}{_THREE})?)",
        _THREE,
        f"(({_ODD_TEEN}|{_either(_TENS)}{_SPACE}{_UNIT}){_SPACE}hundred{_REST})",
    )
)


def _text(whole: str, share: str, cents: str, *, may_be_none: bool) -> str:
    """The pattern of a sum: its dollars, its cents as they stand in a fraction, and before the word cents."""
    fraction = f"{_AND}?{_SPACE}{share}{_HUNDREDTHS}{_DOLLARS}?"
    in_words = f"{_AND}{_SPACE}{cents} ?cents?"
    after = f"({_DOLLARS}?({fraction}|{in_words})|{_DOLLARS}{_SPACE}{cents} ?cents?)"
    return f"(({whole}){f'({after}|{_DOLLARS})?' if may_be_none else after})"


_ANY_CENTS = rf"(\d\d|{_TWO}|no|zero)"
_ANY_SHARE = rf"(\d\d|{_NO_CENTS})"
PATTERN = (
    f"{_FILL}(only )?({_text(_WHOLE, _ANY_SHARE, _ANY_CENTS, may_be_none=True)}"
    f"|{_text('(zero|no)', _ANY_SHARE, _ANY_CENTS, may_be_none=False)}|{_ANY_CENTS} ?cents?){_END}"
)
"""Every amount in words; for `automaton.Automaton`."""

_OTHERS = ("hundred", "thousand", "dollars?", "cents?", "only", "exactly", "even", "and", "&", r"\+")
_WORDS = "|".join(sorted((*_WORTH, *_OTHERS), key=len, reverse=True))
_TOKEN = re.compile(rf"(?P<share>(\d\d|no|xx|zero|--) ?/ ?(100|xx))|(?P<word>{_WORDS})|(?P<number>\d\d)")


def value(text: str) -> int | None:
    """What an amount in words is worth.

    Args:
        text: a text of `PATTERN`, in any case.

    Returns:
        Cents; None where the text says no sum.

    Example:
        >>> value("One thousand two hundred thirty-four and 50/100"), value("Fifteen hundred only")
        (123450, 150000)
    """
    dollars = held = part = cents = 0
    seen = False
    for token in _TOKEN.finditer(text.lower()):
        share, word, number = token.group("share", "word", "number")
        if share:
            digits = share.split("/")[0].strip()
            cents = int(digits) if digits.isdigit() else 0
        elif number or word in _WORTH:
            part += int(number) if number else _WORTH[word]
        elif word == "hundred":
            part *= 100
        elif word == "thousand":
            dollars, held, part = dollars + 1000 * (held + part), 0, 0
        elif word in ("and", "&", "+") or word.startswith("dollar"):
            held, part = held + part, 0  # what follows may be cents
        elif word.startswith("cent"):
            cents, part = part, 0
        seen = seen or bool(share or number or word in _WORTH)
    return 100 * (dollars + held + part) + cents if seen else None


def values(text: str) -> tuple[int, ...]:
    """What an amount in words may be worth, cents: one sum, or none."""
    worth = value(text)
    return () if worth is None else (worth,)


def plain(text: str) -> str:
    """An amount in words as plain digits with two decimals.

    Example:
        >>> plain("Twelve and no/100")
        '12.00'
    """
    worth = value(text)
    return text if worth is None else f"{worth // 100}.{worth % 100:02d}"


def texts_of(cents: int) -> str:
    """The pattern of all amounts in words that are worth so much, a part of `PATTERN`.

    Args:
        cents: from 1 to `LARGEST`.
    """
    dollars, rest = divmod(cents, 100)
    share = _NO_CENTS if not rest else f"{rest:02d}"
    word = "(00|no|zero)" if not rest else f"({rest:02d}|{_below(rest)})"
    if dollars:
        return f"{_FILL}(only )?{_text(_exactly(dollars), share, word, may_be_none=not rest)}{_END}"
    return f"{_FILL}(only )?({_text('(zero|no)', share, word, may_be_none=False)}|{word} ?cents?){_END}"


def _below(n: int) -> str:
    """1 to 99, as patterns have it."""
    if n < 20:
        word = (_UNITS + _TEENS)[n - 1]
        return _MISSPELT.get(word, word)
    tens = _TENS[n // 10 - 2]
    tens = _MISSPELT.get(tens, tens)
    return f"{tens}{_SPACE}{_UNITS[n % 10 - 1]}" if n % 10 else tens


def _hundreds(n: int) -> str:
    """1 to 999."""
    if n < 100:
        return _below(n)
    first = "(one|a)" if n < 200 else _UNITS[n // 100 - 1]
    return f"{first}{_SPACE}hundred" + (f"{_AND}?{_SPACE}{_below(n % 100)}" if n % 100 else "")


def _exactly(n: int) -> str:
    """1 to 999,999 dollars."""
    if n < 1000:
        return _hundreds(n)
    rest = f"{_AND}?{_LOOSE}{_hundreds(n % 1000)}" if n % 1000 else ""
    usual = f"{_hundreds(n // 1000)}{_SPACE}thousand{rest}"
    if n > 9999 or not n // 100 % 10:
        return usual
    short = f"{_below(n // 100)}{_SPACE}hundred" + (f"{_AND}?{_SPACE}{_below(n % 100)}" if n % 100 else "")
    return f"({usual}|{short})"


def spoken(dollars: int, *, hyphen: str = "-", link: str = " ") -> str:
    """Whole dollars in words.

    Args:
        dollars: from 1 to 999,999.
        hyphen: between tens and units.
        link: between hundreds and what is below them.

    Example:
        >>> spoken(1234)
        'one thousand two hundred thirty-four'
    """
    parts = []
    if dollars >= 1000:
        parts += [spoken(dollars // 1000, hyphen=hyphen, link=link), "thousand"]
    below = dollars % 1000
    words = ""
    if below >= 100:
        words = f"{_UNITS[below // 100 - 1]} hundred"
    two = below % 100
    if two:
        tens = _TENS[two // 10 - 2] if two >= 20 else ""
        unit = (_UNITS + _TEENS)[two - 1] if two < 20 else _UNITS[two % 10 - 1] if two % 10 else ""
        words += (link if words else "") + (hyphen if tens and unit else "").join(filter(None, (tens, unit)))
    return " ".join([*parts, words] if words else parts)


def explain(text: str) -> str:
    """Why a text is no amount in words."""
    if not any(word in text.lower() for word in _WORTH if len(word) > 2):
        return "no number in words, which a legal amount has"
    return "its words do not stand as in an amount of money"
