"""What is on a page on which digits were looked for and hardly any found: text, or something else?

Only `--kind auto` asks, and of readers of digits only where not all is digits; so a picture of digits is read
as if there were no other kind.
"""

from __future__ import annotations

from inkread.imaging.address_block import is_mail
from inkread.imaging.load import Picture
from inkread.imaging.segment import find_marks
from inkread.readers.digit import Trace
from inkread.runtime import shelf

__all__ = ["is_text", "kind_of_text"]

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
