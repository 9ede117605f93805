"""What is on a page on which digits were looked for and not all was digits: a field, text, or mail?

Only `--kind auto` asks, and of readers of digits only where not all is digits; so a picture of digits that
stand apart is read as if there were no other kind.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from inkread import zips
from inkread.imaging.address_block import is_mail
from inkread.imaging.load import Picture
from inkread.imaging.segment import find_marks
from inkread.readers.digit import Trace
from inkread.runtime import shelf

if TYPE_CHECKING:
    from inkread.readers.text import SeenLine

__all__ = ["is_address", "is_field", "is_piece", "is_text", "kind_of_text"]

_DIGITS = 0.25
"""The largest share of digits among the marks of a text."""
_SEVERAL = 3
"""So many marks stand beside one another in a text, unless they are joined."""
_JOINED = 1.4
"""A mark so much wider than high may be a joined word."""
_OF_MAIL = 400
"""Pixels of the longer side of a photo of mail, at least."""
_LONG = 3.0
"""A picture so much wider than high is of one line."""
_ROWS, _CERTAIN = 4, 0.8
"""So many rows at most are fields where nobody said so, and each reads as a number with this probability."""
_ADDRESS = range(2, 8)
"""Lines of an address."""
_LAST_LINE = re.compile(r"\b((?:[A-Za-z.]+[,\s]\s*){1,3})(\d{5})(?:-\d{4})?\W*$")
"""How the last line of an address ends: in up to three words, the state among them, and a ZIP."""


def kind_of_text(picture: Picture, *, mail: bool = False) -> str:
    """How a picture of text is read: "line" where it was cut to one, "note" where it may hold several.

    Args:
        picture: of text.
        mail: whether it may be "mail", too: an address with a stamp or a postmark where one belongs, as long
            as a reader of fields ships.
    """
    height, width = picture.rgb.shape[:2]
    if mail and max(height, width) >= _OF_MAIL and "fields" in shelf.names() and is_mail(picture.rgb):
        return "mail"
    return "line" if width >= _LONG * height else "note"


def is_text(trace: Trace) -> bool:
    """Whether a page may hold words or lines rather than digits.

    Args:
        trace: of looking for digits.

    Returns:
        False where most marks are digits, and where one lone mark no wider than a letter stands there. True
        is a guess, for the reader of lines to confirm.
    """
    if all(reading.status == "accepted" for reading in trace.readings) or not trace.seen:
        return False
    likely = sum(reading.status != "refused" for reading in trace.readings)
    marks = find_marks(trace.ink)
    if likely > _DIGITS * len(marks):
        return False
    widest = max((mark.box.width / mark.box.height for mark in marks), default=0.0)
    return len(marks) >= _SEVERAL or widest >= _JOINED


def is_piece(picture: Picture) -> bool:
    """Whether a page that seems to hold a digit or a few is a piece of mail all the same."""
    return kind_of_text(picture, mail=True) == "mail"


def is_field(rows: Sequence[SeenLine]) -> bool:
    """Whether a few rows all read as numbers, of two digits each at least.

    Args:
        rows: as the reader of fields saw them, held to digits.
    """
    best = [row.options[0] for row in rows if row.options]
    sure = (len(h.text) > 1 and h.text.isdigit() and math.exp(h.log_probability) >= _CERTAIN for h in best)
    return 0 < len(rows) <= _ROWS and len(best) == len(rows) and all(sure)


def is_address(lines: Sequence[str]) -> bool:
    """Whether a text is an address of the United States and nothing else.

    Args:
        lines: its text, from the top.

    Returns:
        True where the last line ends in a state and a ZIP which the list has in that state.

    Example:
        >>> is_address(["Nora Field", "77 Main St", "Cambridge, MA 02139"])
        True
        >>> is_address(["Call 617 and ask for", "Nora, TX 02139"])
        False
    """
    told = [line for line in lines if line.strip()]
    ends = _LAST_LINE.search(told[-1]) if len(told) in _ADDRESS else None
    if not ends:
        return False
    words, there = ends[1].replace(",", " ").split(), zips.state(ends[2])
    return bool(there) and any(zips.state_code(" ".join(words[k:])) == there for k in range(len(words)))
