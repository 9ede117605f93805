"""What people write down that is no prose: names, addresses, dates, sums, telephone numbers, lists, notes.

Every maker takes a generator and gives one short line of text in one language ("en" or "fr"). The vocabulary
is small on purpose: it must do where no text files are at hand, and prose files bring the
rest. Everything is made of characters of `inkread.alphabet.LATIN`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from inkread.alphabet import LATIN
from inkread.synth.vocabulary import VOCABULARY

__all__ = ["KINDS", "TEMPLATES", "filled", "make", "pick"]

Rng = np.random.Generator


TEMPLATES: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "name": (
            "{first} {last}",
            "{title} {last}",
            "{first} {A}. {last}",
            "{last}, {first}",
            "{title} {first} {last}",
        ),
        "address": (
            "{n3} {street} {road}",
            "{n4} {street} {road}, Apt {n2}",
            "{city}, {state} {zip}",
            "{city} {state} {zip}-{n4}",
            "{n3} {street} {road}, {city}, {state} {zip}",
            "P.O. Box {n4}",
            "{n2} {street} {road}, {city}",
            "{city}, {country}",
            "{first} {last}, {n3} {street} {road}",
            "{zip}",
        ),
        "date": (
            "{month} {d}, {year}",
            "{d} {month} {year}",
            "{short} {d}, {year}",
            "{short}. {d}",
            "{m}/{d}/{year}",
            "{mm}/{dd}/{yy}",
            "{year}-{mm}-{dd}",
            "{day}, {month} {d}",
            "{day} {m}/{d}",
            "{d}.{m}.{year}",
            "{month} {year}",
            "{month} {d}th, {year}",
            "{d}-{short}-{yy}",
            "'{yy}",
        ),
        "time": (
            "{h}:{min}",
            "{h}:{min} am",
            "{h}:{min} p.m.",
            "{h} PM",
            "at {h} o'clock",
            "{h}:{min} - {h}:{min}",
        ),
        "money": (
            "${money}",
            "$ {money}",
            "${n3},{n3}.{n2}",
            "{n3} dollars",
            "€{money}",
            "£{money}",
            "Total: ${money}",
            "${n2} / month",
            "{n1} x ${money} = ${money}",
            "{n2}% off",
        ),
        "phone": (
            "{p3}-{p3}-{n4}",
            "({p3}) {p3}-{n4}",
            "+1 {p3} {p3} {n4}",
            "{p3}.{p3}.{n4}",
            "Tel. {p3}-{n4}",
            "020 {n4} {n4}",
        ),
        "todo": (
            "{verb} {thing}",
            "- {verb} {thing}",
            "[ ] {verb} {thing}",
            "[x] {verb} {thing}",
            "* {verb} {thing} by {day}",
            "{n1}. {verb} {thing}",
            "{n1}) {verb} {thing}",
            "{verb} {thing}!",
            "{verb} {thing} & {thing}",
            "{day}: {verb} {thing}",
            "Don't forget to {verb} {thing}",
            "{h}:{min} {verb} {thing}",
            "{first} -> {verb} {thing}",
        ),
        "list": (
            "{food}, {food}, {food}",
            "{food}",
            "{n1} {food}",
            "- {food}",
            "{food} + {food}",
            "{n1} lbs {food}",
            "{n1}x {food}",
            "{food} ({n1})",
            "{food}, {food}, {food}, {food}, {food}",
            "1/2 cup {food}",
            "{n2} oz. {food}",
        ),
        "heading": (
            "{heading}",
            "{heading} {n1}",
            "{heading}:",
            "{heading} - {day}",
            "{n1}. {heading}",
            "{heading} #{n2}",
        ),
        "prose": (
            "{subject} {did} {object} {when}.",
            "{subject} {did} {object}",
            "{did} {object} {when}, and {subject} {did}",
            "{when} {subject} {did} {object},",
            "{object} and {object} {when}",
            '"{subject} {did} {object}," said {first}.',
            "Why {did} {object}?",
            "{subject} {did} {object}; {object} {when}!",
            "{greeting} {first},",
            "{object} ({when}), {object}",
        ),
    },
    "fr": {
        "name": ("{first} {last}", "{title} {last}", "{last} {first}", "{title} {first} {last}"),
        "address": (
            "{n2}, {road} {street}",
            "{n3} {road} {street}",
            "{zip} {city}",
            "{zip} {city} {state}",
            "{n2} bis {road} {street}, {zip} {city}",
            "B.P. {n3}",
            "{city}, {country}",
            "{first} {last}, {n2} {road} {street}",
        ),
        "date": (
            "{d} {month} {year}",
            "le {d} {month} {year}",
            "{day} {d} {month}",
            "{dd}/{mm}/{year}",
            "{d}/{m}/{yy}",
            "{city}, le {d} {month} {year}",
            "{d} {short} {year}",
            "{month} {year}",
            "1er {month} {year}",
            "{dd}.{mm}.{yy}",
        ),
        "time": ("{h} h {min}", "{h}h{min}", "{h} heures", "à {h} h", "de {h} h à {h} h {min}"),
        "money": (
            "{n3},{n2} €",
            "{n3} euros",
            "{n2},{n2}€",
            "{n1} {n3} €",
            "Total : {n3},{n2} €",
            "{n2} %",
            "{n3} F",
        ),
        "phone": (
            "0{n1} {n2} {n2} {n2} {n2}",
            "0{n1}.{n2}.{n2}.{n2}.{n2}",
            "+33 {n1} {n2} {n2} {n2} {n2}",
            "Tél. : 0{n1}{n4}{n4}",
        ),
        "todo": (
            "{verb} {thing}",
            "- {verb} {thing}",
            "[ ] {verb} {thing}",
            "* {verb} {thing} avant {day}",
            "{n1}. {verb} {thing}",
            "{n1}) {verb} {thing}",
            "{day} : {verb} {thing}",
            "Ne pas oublier de {verb} {thing} !",
        ),
        "list": (
            "{food}, {food}, {food}",
            "{food}",
            "{n1} {food}",
            "- {food}",
            "{food} + {food}",
            "{n1} kg {food}",
            "{food} ({n1})",
            "{n2} g de {food}",
        ),
        "heading": ("{heading}", "{heading} {n1}", "{heading} :", "{n1}. {heading}", "{heading} n° {n2}"),
        "prose": (
            "{subject} {did} {object} {when}.",
            "{subject} {did} {object}",
            "{when}, {subject} {did} {object}",
            "{object} et {object} {when},",
            "« {subject} {did} {object} », dit {first}.",
            "{subject} {did} {object} ; {object} {when} !",
            "{greeting} {first},",
            "{object} ({when}) et {object}",
        ),
    },
}
"""Language -> kind of line -> patterns of it."""

KINDS = tuple(TEMPLATES["en"])
"""Kinds of lines that `make` knows, besides "mail", "numbers" and "odd"."""

_FOREIGN = (
    "¿Dónde está la niña?",
    "¡Qué día más bonito!",
    "mañana por la mañana",
    "Él compró un pingüino azul.",
    "Straße, schön, für",
    "Grüße aus Köln und München",
    "Österreich, Ägypten, Übung",
    "Äpfel, Öl, Überraschung, Mädchen",
    "Müller & Söhne",
    "São João, amanhã não, põe",
    "Øster Ågård, på en ø",
    "Año Nuevo, Ñandú",
    "Perché no? Così è già più ricco",
    "Ángel, Íñigo, Óscar, Úrsula",
    "CŒUR, NOËL, ÎLE, GOÛT, ÀGÉ, ÔTER, ÇA, FÊTE, LÆTITIA, ÙN, Ï, Ë",
    "L'Haÿ-les-Roses",
    "ex æquo, cœur, œuvre",
    "città, virtù, però",
)


def pick(rng: Rng, choices: Sequence[str]) -> str:
    """One of some texts."""
    return choices[int(rng.integers(len(choices)))]


def filled(rng: Rng, pattern: str, language: str) -> str:
    """A pattern with its words and figures filled in.

    Args:
        rng: chooses.
        pattern: text with names of `VOCABULARY` and of figures (n1 .. n4, p3, zip, year, yy, m, mm, d, dd, h,
            min, money, A) in braces.
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
    if kind in ("todo", "prose", "list") and rng.random() < 0.7:
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
    return pick(rng, _FOREIGN) if draw < 0.5 else pick(rng, forms)


_SPECIAL: dict[str, Callable[[Rng, str], str]] = {"mail": _mail, "numbers": _numbers, "odd": _odd}
