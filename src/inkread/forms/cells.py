"""How much place each type of field wants on paper: how many boxes in which groups, or an area to write in.

In: the type of a field, such as "date:mdy". Out: a `Shape`. Lengths are the formats' own, so that a form
offers as many boxes as a valid text has characters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["AREA_LINE", "Shape", "shape_of"]

AREA_LINE = 9.0
"""From one ruled line to the next, millimetres."""
_MOST_BOXES = 21
"""A longer text is written into one wide box."""
_DATES = {
    "dmy": ((2, 2, 4), "DDMMYYYY"),
    "mdy": ((2, 2, 4), "MMDDYYYY"),
    "ymd": ((4, 2, 2), "YYYYMMDD"),
}
_FIXED = {"us_zip": (5,), "us_zip4": (5, 4), "phone:us": (3, 3, 4), "routing": (9,), "character": (1,)}
_WIDE = {"amount": 46.0, "phone": 58.0, "date": 46.0}
"""Free writing, in millimetres."""
_LETTER, _SHORTEST_LINE, _LONGEST_LINE = 4.4, 24.0, 170.0
"""Millimetres of a handwritten letter, and of a line."""
_PLAIN = re.compile(r"(?:\[[^\]\\]+\]|\\d|[A-Za-z0-9 ])(?:\{(\d+)\})?")


@dataclass(frozen=True, slots=True)
class Shape:
    """What a field looks like on paper.

    Attributes:
        kind: "boxes", "line" (one box for free writing), "area" (several lines), "checkbox" or "choice".
        groups: of boxes, how many stand together; a wider gap parts the groups.
        captions: of boxes, the small letter under each; empty without.
        width: of a line, millimetres; 0 takes the whole width.
        lines: of an area.
        hint: how to write it, in a few words.
    """

    kind: str
    groups: tuple[int, ...] = ()
    captions: str = ""
    width: float = 0.0
    lines: int = 1
    hint: str = ""


def shape_of(kind: str, length: int | None = None, lines: int | None = None) -> Shape:
    """The shape of a type of field.

    Args:
        kind: the type, such as "us_zip", "digits:8", "text", "checkbox".
        length: how many characters the longest answer has, where the one who wrote the list knows it.
        lines: of text, how many lines; None as the length needs, or two.

    Example:
        >>> shape_of("us_zip4").groups, shape_of("date:mdy").captions, shape_of("text").kind
        ((5, 4), 'MMDDYYYY', 'area')
    """
    name, _, rest = kind.partition(":")
    if kind in ("checkbox", "choice"):
        return Shape(kind)
    if kind == "text" or name == "lexicon":
        return _free(length, lines or (1 if name == "lexicon" else None))
    if kind in _WIDE and length is None:
        return Shape("line", width=_WIDE[kind], hint=_HINTS.get(kind, ""))
    if name == "date" and rest:
        return Shape("boxes", *_DATES[rest])
    return _boxed(name, kind, length or _longest(name, rest))


def _boxed(name: str, kind: str, boxes: int | None) -> Shape:
    if kind in _FIXED:
        return Shape("boxes", _FIXED[kind])
    if boxes is None or boxes > _MOST_BOXES:
        return Shape("line")
    return Shape("boxes", _in_groups(boxes) if name == "luhn" else (boxes,))


def _free(length: int | None, lines: int | None) -> Shape:
    """Place for running text: so many lines, or a line as long as its characters."""
    lines = lines or (1 if length and length * _LETTER <= _LONGEST_LINE else 2)
    if lines > 1:
        return Shape("area", lines=lines)
    return Shape("line", width=max(_SHORTEST_LINE, length * _LETTER) if length else 0.0)


_HINTS = {"amount": "such as 1,250.00", "date": "such as 12 MAR 2026"}


def _longest(name: str, rest: str) -> int | None:
    """How many characters the longest text of a format has; None where that is open."""
    if name in ("digits", "luhn"):
        return int(rest.rpartition("-")[2]) if rest else {"digits": 8, "luhn": 19}[name]
    if name == "regex" and re.fullmatch(f"(?:{_PLAIN.pattern})+", rest):
        return sum(int(many or 1) for many in _PLAIN.findall(rest))
    return None


def _in_groups(boxes: int) -> tuple[int, ...]:
    """Fours, as card numbers have them."""
    return (*(4,) * (boxes // 4), *((boxes % 4,) if boxes % 4 else ()))
