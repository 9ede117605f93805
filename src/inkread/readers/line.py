"""Read a picture that holds one line of handwriting, of any height and polarity.

In: a `Picture`. Out: a `LineTrace` with one reading. Blank paper, what is too faint and what is no writing
are refused with the reason, and no text is made up for them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inkread.imaging.ink import extract
from inkread.imaging.load import Picture
from inkread.imaging.rules import remove_rules
from inkread.readers.text import STRAIGHT, LineTrace, Piece, Way, read_pieces
from inkread.types import Box, Reading

__all__ = ["blank", "read_line"]

_INKED = 0.5
"""Where bare paper ends."""
_ROOMY = 0.5
"""A line whose box is lower than this share of the picture is cut out and its ink looked for again."""
_ROOM = 0.35
"""Room around it, as a share of its height."""


def read_line(picture: Picture, way: Way) -> LineTrace:
    """Read the line of a picture.

    Args:
        picture: upright.
        way: network, decoder and threshold.
    """
    ink = extract(picture.rgb).ink
    box = _box(remove_rules(ink))
    if box is None:
        return LineTrace(picture.rgb, ink, (), (blank(picture),), "line")
    seen, readings = read_pieces([_piece(picture, ink, box)], picture, way)
    return LineTrace(picture.rgb, ink, seen, readings, "line")


def blank(picture: Picture) -> Reading:
    """The refusal of a picture that shows nothing."""
    whole = Box(0, 0, picture.width, picture.height)
    return Reading("", 0.0, "refused", "blank: nothing stands out from the paper", box=whole)


def _box(ink: NDArray[np.float32]) -> Box | None:
    """The box of what is inked; None of a blank."""
    rows, columns = (np.flatnonzero((ink > _INKED).any(axis)) for axis in (1, 0))
    if not len(rows):
        return None
    return Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


def _piece(picture: Picture, ink: NDArray[np.float32], box: Box) -> Piece:
    """The line as a piece: the whole picture, or where it is mostly bare, the line with a little room."""
    height, width = ink.shape
    if box.height >= _ROOMY * height:
        return Piece(ink)
    room = round(_ROOM * box.height) + 2
    left, top = max(0, box.left - room), max(0, box.top - room)
    cut = np.ascontiguousarray(picture.rgb[top : min(height, box.bottom + room), left : box.right + room])
    back = STRAIGHT.copy()
    back[:, 2] = left, top
    return Piece(extract(cut).ink, back)
