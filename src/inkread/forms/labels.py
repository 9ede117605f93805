"""Which printed words belong to which place of a blank form, and what they say that it wants.

In: places and runs of text in millimetres. Out: a label for each place, a name for a table's column, a type.
Labels stand before a line, above or in a box, behind a square to cross; the nearest wins, each is used once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from math import inf

from inkread.forms.blanks import Place, Rect
from inkread.imaging.blank_pages import Word

__all__ = ["joined", "labels_of", "name_of_label", "type_of"]

_FAR_LEFT, _FAR_ABOVE, _FAR_BEHIND, _FAR_BELOW = 60.0, 9.0, 14.0, 6.0
"""Millimetres that a label may be away from its place."""
_SPACE = 1.2
"""Runs of one line that are so many of their heights apart are one label."""
_ONLY_SIGNS = re.compile(r"[\W_]*")
_LONGEST = 80


def joined(words: Sequence[Word]) -> list[Word]:
    """Runs of text as whole pieces: neighbours on a line put together, dots and underscores left out."""
    pieces: list[Word] = []
    for word in sorted(words, key=lambda w: (round(w.rect[3]), w.rect[0])):
        text = re.sub(r"[_.…]{3,}", " ", word.text).strip()
        if _ONLY_SIGNS.fullmatch(text):
            continue
        last = pieces[-1] if pieces else None
        if last and _continues(last, word):
            rect = _around(last.rect, word.rect)
            pieces[-1] = Word(f"{last.text} {text}", rect)
        else:
            pieces.append(Word(text, word.rect))
    return pieces


def _continues(last: Word, word: Word) -> bool:
    level = abs(last.rect[3] - word.rect[3]) < 0.6 * max(last.size, word.size)
    return level and -1 <= word.rect[0] - last.rect[2] <= _SPACE * max(last.size, word.size)


def _around(a: Rect, b: Rect) -> Rect:
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])


def labels_of(places: Sequence[Place], words: Sequence[Word]) -> list[str]:
    """A label for each place of a page; empty where none is near.

    Args:
        places: of the page.
        words: of the page, as `joined` gives them.
    """
    pairs = sorted(
        (cost, number, at)
        for number, place in enumerate(places)
        for at, word in enumerate(words)
        if (cost := _cost(place, word.rect, places)) < inf
    )
    labels = [""] * len(places)
    used: set[int] = set()
    for _, number, at in pairs:
        if not labels[number] and at not in used:
            labels[number] = _tidy(words[at].text)
            used.add(at)
    return labels


def _tidy(text: str) -> str:
    text = "".join(c for c in text if unicodedata.category(c)[0] != "C")
    text = re.sub(r"^\(?\d{1,2}[.)]\s+", "", text).strip(" :*")
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"


def _cost(place: Place, word: Rect, places: Sequence[Place]) -> float:
    """How unlikely a run of text is the label of a place, in millimetres as it were."""
    left, top, right, bottom = place.bounds
    middle = (word[1] + word[3]) / 2
    beside = top - 1 <= middle <= bottom + (2.0 if place.kind == "line" else 1)
    over = min(word[2], right) - max(word[0], left) > 0.3 * min(word[2] - word[0], right - left)
    costs = [inf]
    if place.kind == "checkbox":
        if beside and -0.5 <= word[0] - right <= _FAR_BEHIND:
            costs.append(word[0] - right)
        if beside and -0.5 <= left - word[2] <= _FAR_BEHIND:
            costs.append(6 + left - word[2])
        return min(costs)
    if beside and -1 <= left - word[2] <= _FAR_LEFT and not _is_between(word, place, places):
        costs.append(1 + 0.25 * (left - word[2]) + (0 if place.kind == "line" else 1.5))
    if over and -0.5 <= top - word[3] + (2.5 if place.kind == "line" else 0) <= _FAR_ABOVE:
        costs.append(max(0.0, top - word[3]) + 0.1 * abs(word[0] - left) + (4 if place.kind == "line" else 0))
    if place.kind == "line" and over and 0 <= word[1] - bottom + 0.5 <= _FAR_BELOW:
        costs.append(3 + word[1] - bottom + 0.1 * abs(word[0] - left))
    return min(costs)


def _is_between(word: Rect, place: Place, places: Sequence[Place]) -> bool:
    """Whether another place stands between a word and a place of its row."""
    return any(
        other is not place
        and word[2] - 1 <= other.bounds[0]
        and other.bounds[2] <= place.bounds[0] + 1
        and min(other.bounds[3], place.bounds[3]) - max(other.bounds[1], place.bounds[1]) > 1
        for other in places
    )


def name_of_label(label: str, number: int, taken: set[str]) -> str:
    """A name for the column: of the label's first words, or `field_N`; never one that is taken.

    Example:
        >>> name_of_label("Date of birth (day, month)", 3, set()), name_of_label("", 3, set())
        ('date_of_birth', 'field_3')
    """
    plain = unicodedata.normalize("NFKD", label.partition("(")[0]).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.lower().replace("'", ""))
    while words and words[0].isdigit():
        words = words[1:]
    name = "_".join(words[:4])[:40].strip("_") or f"field_{number}"
    reserved = {"source", "document", "page", "status", "reason"}
    if name in reserved:
        name = f"form_{name}"
    free, copy = name, 2
    while free in taken:
        free, copy = f"{name}_{copy}", copy + 1
    return free


_DATE = re.compile(r"\b(dates?|dated|birth|born|dob|day)\b", re.I)
_NUMBER = re.compile(r"\b(number|no|nr|account|card|id|code|phone|telephone|tel|ssn|age|year)\b|#|№", re.I)
_MONEY = re.compile(r"\b(amount|total|sum|price|fee|costs|usd|eur|subtotal|tax|balance)\b|[$€£]", re.I)
_PHONE = re.compile(r"\b(phone|telephone|tel|mobile|fax|cell)\b", re.I)
_ZIP = re.compile(r"\bzip\b", re.I)
_DAY_FIRST = re.compile(r"d+[\W_]*m+[\W_]*y+|day\W+month", re.I)
_MONTH_FIRST = re.compile(r"m+[\W_]*d+[\W_]*y+|month\W+day", re.I)


def type_of(place: Place, label: str, width: float) -> str:
    """What a place most likely wants; meant to be looked over by a person.

    Args:
        place: it.
        label: its words.
        width: of the paper in millimetres: American paper has American dates.
    """
    if place.kind in ("checkbox", "area"):
        return "checkbox" if place.kind == "checkbox" else "text"
    if place.cells:
        return _boxed(len(place.cells), label, width)
    if _PHONE.search(label):
        return "phone"
    if _MONEY.search(label):
        return "amount"
    return "date" if re.fullmatch(r"date|date of \w+|born( on)?|dated", label.strip(), re.I) else "text"


def _boxed(count: int, label: str, width: float) -> str:
    if count == 1:
        return "character"
    if _ZIP.search(label) and count in (5, 9):
        return "us_zip" if count == 5 else "us_zip4"
    if count == 8 and (_DATE.search(label) or _DAY_FIRST.search(label) or _MONTH_FIRST.search(label)):
        american = width > 212 and not _DAY_FIRST.search(label)
        return "date:mdy" if american or _MONTH_FIRST.search(label) else "date:dmy"
    if _PHONE.search(label) and count == 10:
        return "phone:us"
    return f"digits:1-{count}" if _NUMBER.search(label) and count <= 64 else f"regex:[A-Z0-9]{{1,{count}}}"
