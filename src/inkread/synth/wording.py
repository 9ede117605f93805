"""What people write down that is no prose: names, addresses, dates, sums, telephone numbers, lists, notes.

Every maker takes a generator and gives one short line of text in one language ("en" or "fr"). The vocabulary
is small on purpose: it must do where no text files are at hand, and prose files bring the
rest. Everything is made of characters of `inkread.alphabet.LATIN`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from inkread.alphabet import LATIN
from inkread.synth.patterns import FOREIGN, TEMPLATES
from inkread.synth.vocabulary import VOCABULARY

__all__ = ["KINDS", "filled", "make", "pick"]

Rng = np.random.Generator


KINDS = tuple(TEMPLATES["en"])
"""Kinds of lines that `make` knows, besides "mail", "numbers" and "odd"."""


def pick(rng: Rng, choices: Sequence[str]) -> str:
    """One of some texts."""
    return choices[int(rng.integers(len(choices)))]


def filled(rng: Rng, pattern: str, language: str) -> str:
    """A pattern with its words and figures filled in.

    Args:
        rng: chooses.
        pattern: text with names of `VOCABULARY` and of figures (n1 .. n4, p3, zip, year, yy, m, mm, d, dd, h,
            min, money, a, A) in braces.
        language: "en" or "fr".
    """
    words, parts = VOCABULARY[language], pattern.split("{")
    text = parts[0]
    for part in parts[1:]:
        name, _, rest = part.partition("}")
        text += (pick(rng, words[name]) if name in words else _figures(rng, name)) + rest
    return text


def make(rng: Rng, kind: str, language: str) -> str:
    """A line of some kind.

    Args:
        rng: chooses.
        kind: one of `KINDS`, or "mail", "numbers" or "odd".
        language: "en" or "fr".
    """
    if kind in _SPECIAL:
        return _SPECIAL[kind](rng, language)
    text = filled(rng, pick(rng, TEMPLATES[language][kind]), language)
    if kind in ("todo", "prose", "list", "note") and rng.random() < 0.7:
        at = next((i for i, c in enumerate(text) if c.isalpha()), 0)
        text = text[:at] + text[at].upper() + text[at + 1 :]
    return text.upper() if kind == "heading" and rng.random() < 0.6 else text


def _figures(rng: Rng, name: str) -> str:
    """Digits of a named form."""
    if name[0] in "np" and name[1:].isdigit():
        count = int(name[1:])
        low = 1 if count == 1 else 2 * 10 ** (count - 1) if name[0] == "p" else 10 ** (count - 1)
        return str(int(rng.integers(low, 10**count)))
    return _NAMED[name](rng)


def _money(rng: Rng) -> str:
    whole = int(10 ** rng.uniform(0, 4))
    cents = (0, 50, 95, 99)[int(rng.integers(4))] if rng.random() < 0.5 else int(rng.integers(100))
    return f"{whole:,}.{cents:02d}" if rng.random() < 0.85 else f"{whole:,}"


_NAMED: dict[str, Callable[[Rng], str]] = {
    "a": lambda rng: chr(97 + int(rng.integers(26))),
    "A": lambda rng: chr(65 + int(rng.integers(26))),
    "zip": lambda rng: f"{int(rng.integers(501, 99951)):05d}",
    "year": lambda rng: str(int(rng.integers(1890, 2031))),
    "yy": lambda rng: f"{int(rng.integers(100)):02d}",
    "m": lambda rng: str(int(rng.integers(1, 13))),
    "mm": lambda rng: f"{int(rng.integers(1, 13)):02d}",
    "d": lambda rng: str(int(rng.integers(1, 32))),
    "dd": lambda rng: f"{int(rng.integers(1, 32)):02d}",
    "h": lambda rng: str(int(rng.integers(1, 13))),
    "min": lambda rng: f"{int(rng.integers(60)):02d}",
    "money": _money,
}


def _mail(rng: Rng, language: str) -> str:
    """An address of mail or of a page."""
    words = VOCABULARY[language]
    first, last, place = (
        "".join(c for c in pick(rng, words[w]).lower() if c.isascii() and c.isalpha())
        for w in ("first", "last", "city")
    )
    ending = pick(rng, ("com", "org", "net", "edu", "fr", "co.uk", "ca", "info"))
    if rng.random() < 0.15:
        return f"www.{place}.{ending}"
    name = pick(
        rng, (f"{first}.{last}", f"{first[0]}{last}", f"{first}_{last}", f"{first}{rng.integers(100)}")
    )
    return f"{name}@{pick(rng, ('mail', 'gmail', 'example', place, 'yahoo', 'univ-' + place))}.{ending}"


def _numbers(rng: Rng, language: str) -> str:
    """Figures: one, several, a sum, a measure, a share."""
    one, two = int(10 ** rng.uniform(0, 5)), int(rng.integers(1, 100))
    point = "," if language == "fr" else "."
    forms = (
        str(one),
        f"{one}{point}{two}",
        f"{one} {two} {int(rng.integers(1000))}",
        f"{one} + {two} = {one + two}",
        f"{two} x {two} = {two * two}",
        f"{two} %",
        f"{two}%",
        f"{two}°C",
        f"{one} km",
        f"{two}/{int(rng.integers(2, 100))}",
        f"-{two}{point}{int(rng.integers(10))}",
        f"No. {one}" if language == "en" else f"n° {one}",
        f"{two} kg",
        f"{one:,}" if language == "en" else str(one),
        f"{int(rng.integers(10**8, 10**10))}",
        f"{two}-{int(rng.integers(100))}-{int(rng.integers(1000))}",
        f"x = {two}, y = {one}",
        f"{two} > {int(rng.integers(two + 1))}",
        f"{int(rng.integers(two + 1))} < {two}",
    )
    return pick(rng, forms)


def _odd(rng: Rng, language: str) -> str:
    """Signs and letters that are rare in prose."""
    words = VOCABULARY[language]
    a, b = pick(rng, words["heading"]), pick(rng, words["food"])
    two = int(rng.integers(1, 100))
    forms = (
        f"{a} & {b}",
        f"[{b}]",
        f"{{{b}}}",
        f"{a}/{b}",
        f"« {b} »",
        f'"{b}"',
        f"({two})",
        f"§ {two}",
        f"#{b.split()[0]}",
        f"~{two} %",
        f"{two}^2",
        f"{a}_{two}",
        f"C:\\{a}\\{two}",
        f"{a} | {b}",
        f"* {b} *",
        f"{a} = {b}?",
        f"<{b}>",
        f"{b}; {a}!",
        f"£{two} / {two}€",
        f"{chr(65 + two % 26)}{two}-{int(rng.integers(1000))}",
        f"{b}: {two} @ ${two}",
        "wxyz Kk Ww Qq Xx Zz jj",
    )
    draw = rng.random()
    if draw < 0.2:  # a code, in which any character may stand
        return "".join(pick(rng, LATIN.characters) for _ in range(int(rng.integers(2, 9)))).strip() or a
    return pick(rng, FOREIGN) if draw < 0.5 else pick(rng, forms)


_SPECIAL: dict[str, Callable[[Rng, str], str]] = {"mail": _mail, "numbers": _numbers, "odd": _odd}
