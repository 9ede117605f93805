"""Where things are on a form: rectangles in millimetres from the paper's upper left corner.

A rectangle is (left, top, right, bottom). Errors carry a message and the place of the key that it is about,
so that whoever opened the file can name its line.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

from inkread.errors import MissingExtra

try:
    from pydantic import BeforeValidator
    from pydantic_core import PydanticCustomError
except ImportError as error:
    raise MissingExtra("a form's template", "pydantic", "forms") from error

__all__ = ["Rect", "around", "divided", "short", "wrong"]

_LEAST = 0.5
_MOST = 2000.0


def wrong(message: str, *at: str | int) -> PydanticCustomError:
    """An error about the key at a place, seen from the thing that is checked.

    Args:
        message: what came, what was wanted, what to do.
        at: keys and numbers from 0.
    """
    return PydanticCustomError("form", "{message}", {"message": message, "at": at})


def short(text: str) -> str:
    """A text between quotes for an error; of a long one its beginning."""
    return repr(text) if len(text) <= 40 else f"{text[:37]!r}... ({len(text):,} characters)"


def _checked(value: Any) -> tuple[float, float, float, float]:
    shown = _shown(value)
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != 4:
        raise wrong(f"{shown} is no rectangle; wanted [left, top, right, bottom] in millimetres")
    for number in value:
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise wrong(
                f"{_shown(number)} in {shown} is no number; wanted [left, top, right, bottom] in millimetres"
            )
        if not math.isfinite(number) or abs(number) > _MOST:
            raise wrong(f"{number:g} in {shown} is no place on paper; wanted millimetres from 0 to {_MOST:g}")
    left, top, right, bottom = (float(number) for number in value)
    if right - left < _LEAST or bottom - top < _LEAST:
        raise wrong(
            f"{shown} is {right - left:g} mm wide and {bottom - top:g} mm high; wanted [left, top, right, "
            f"bottom] with right and bottom at least {_LEAST:g} mm beyond left and top"
        )
    return left, top, right, bottom


def _shown(value: Any) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        text = "[" + ", ".join(f"{v:g}" if isinstance(v, float) else repr(v) for v in value[:6]) + "]"
    else:
        text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


Rect = Annotated[tuple[float, float, float, float], BeforeValidator(_checked)]
"""(left, top, right, bottom) in millimetres."""


def around(rects: Iterable[Rect]) -> Rect:
    """The least rectangle around some, of which there is at least one."""
    lefts, tops, rights, bottoms = zip(*rects, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def divided(rect: Rect, count: int) -> tuple[Rect, ...]:
    """A rectangle cut into cells of equal width, from left to right."""
    left, top, right, bottom = rect
    wide = (right - left) / count
    return tuple((left + k * wide, top, left + (k + 1) * wide, bottom) for k in range(count))
