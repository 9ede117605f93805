"""Read a picture that holds one line of handwriting, of any height and polarity.

In: a `Picture`. Out: a `LineTrace` with one reading. Blank paper, what is too faint and what is no writing
are refused with the reason, and no text is made up for them.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from inkread.imaging.ink import Assumption, extract
from inkread.imaging.load import Picture
from inkread.imaging.outlines import simplified, straightened_path
from inkread.imaging.page_ink import page_ink
from inkread.imaging.textlines import TextLine, cut, find_lines
from inkread.imaging.written import line_ink_of, written
from inkread.readers.text import LineTrace, Piece, Way, read_pieces
from inkread.types import Box, Reading

__all__ = ["blank", "piece_of", "pieces_of", "read_line"]

_ROOMY = 0.5
"""A line whose box is lower than this share of the picture is looked for as on a page."""
_CLOSE = 0.25
"""Writing higher than this share of the picture is too large to be found as on a page."""
_ROOM = 0.5
"""Room kept before the first stroke and behind the last, as a share of the picture's height."""
_SMOOTH = 0.1
"""Outlines and baselines are told as exactly as this share of a small letter's height."""


def read_line(picture: Picture, way: Way) -> LineTrace:
    """Read the line of a picture.

    Args:
        picture: upright.
        way: network, decoder and threshold.
    """
    ink, pieces = pieces_of(picture)
    if not pieces:
        return LineTrace(picture.rgb, ink, (), (blank(picture),), "line")
    longest = max(pieces, key=lambda piece: piece.ink.shape[1])
    seen, readings = read_pieces([longest], picture, way)
    if len(pieces) > 1:
        readings = (_one_of(len(pieces), readings[0]),)
    return LineTrace(picture.rgb, ink, seen, readings, "line")


def pieces_of(picture: Picture) -> tuple[NDArray[np.float32], list[Piece]]:
    """The lines of a picture that may have been cut to one, cut out.

    Args:
        picture: upright.

    Returns:
        The ink of the picture, and its lines; none where nothing is written.
    """
    found = line_ink_of(picture.rgb)
    marks = written(found)
    if not marks.any():
        return found.ink, []
    rows = np.flatnonzero(marks.any(1))
    height = (rows[-1] + 1 - rows[0]) / len(marks)
    page = page_ink(picture.rgb) if height < _ROOMY else found
    lines = find_lines(page.ink) if height < _ROOMY else []
    if lines or height < _CLOSE:
        return found.ink, [piece_of(picture, line, page.light_on_dark) for line in lines]
    return found.ink, [_band(found.ink, marks)]


def _band(ink: NDArray[np.float32], marks: NDArray[np.bool_]) -> Piece:
    """A picture cut to its line: all of it but what lies well before its first stroke and behind its last."""
    columns = np.flatnonzero(marks.any(0))
    room = round(_ROOM * len(ink))
    left = max(0, int(columns[0]) - room)
    return Piece(ink[:, left : int(columns[-1]) + 1 + room], lambda points: points + (left, 0))


def blank(picture: Picture) -> Reading:
    """The refusal of a picture that shows nothing."""
    whole = Box(0, 0, picture.width, picture.height)
    return Reading("", 0.0, "refused", "blank: nothing stands out from the paper", box=whole)


def piece_of(picture: Picture, line: TextLine, light_on_dark: bool) -> Piece:
    """Cut a line out of a page, and look for its ink again, as training did.

    Args:
        picture: the page.
        line: which.
        light_on_dark: whether the page is written light on dark; in a shadow its lines cannot tell.
    """
    crop, way = cut(picture.rgb, line)
    exact = _SMOOTH * line.letter
    outline, base = simplified(line.polygon, exact), straightened_path(line.baseline, exact)
    return Piece(extract(crop, Assumption(light_on_dark)).ink, way.back, outline, base)


def _one_of(count: int, reading: Reading) -> Reading:
    """A reading of the longest of several lines, which a person must look at."""
    reason = f"there are {count} lines, and this is the longest: read them all with kind note"
    return replace(reading, status="refused" if reading.status == "refused" else "review", reason=reason)
