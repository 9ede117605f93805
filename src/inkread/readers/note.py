"""Read a page of handwriting: find its lines, cut each out upright, and read it.

In: a `Picture`. Out: a `LineTrace` with one reading a line, in reading order. What was taken for a line and
reads as nothing is dropped, what cannot be made out is refused; a page of neither has one refused reading.
"""

from __future__ import annotations

from dataclasses import replace

from inkread.imaging.load import Picture
from inkread.imaging.page_ink import page_ink
from inkread.imaging.skew import runs_down
from inkread.imaging.textlines import find_lines
from inkread.readers.line import blank, piece_of
from inkread.readers.text import LineTrace, Way, read_pieces
from inkread.types import Box, Reading

__all__ = ["read_note"]

_GRAIN = 0.25
"""Where bare paper varies by more than this share of the ink, what stands out of it is grain."""
_GRAINY = "too grainy: the paper varies nearly as much as what may stand on it"
_ON_ITS_SIDE = "the page may lie on its side: try rotate 90 or 270"


def read_note(picture: Picture, way: Way) -> LineTrace:
    """Read every line of a page.

    Args:
        picture: upright.
        way: network, decoder and threshold.
    """
    found = page_ink(picture.rgb)
    ink = found.ink
    if found.noise > _GRAIN:
        return LineTrace(picture.rgb, ink, (), (_refused(picture, _GRAINY),), "note")
    pieces = [piece_of(picture, line, found.light_on_dark) for line in find_lines(ink)]
    seen, readings = read_pieces(pieces, picture, way)
    kept = [k for k, reading in enumerate(readings) if reading.alternatives]
    if not kept:
        return LineTrace(picture.rgb, ink, (), (_nothing(picture, readings),), "note")
    seen, readings = tuple(seen[k] for k in kept), tuple(readings[k] for k in kept)
    if not any(reading.status == "accepted" for reading in readings) and runs_down(ink):
        readings = tuple(replace(reading, reason=f"{reading.reason}; {_ON_ITS_SIDE}") for reading in readings)
    return LineTrace(picture.rgb, ink, seen, readings, "note")


def _nothing(picture: Picture, readings: tuple[Reading, ...]) -> Reading:
    """The refusal of a page without text."""
    if not readings:
        return blank(picture)
    return _refused(picture, "no text: none of the strokes read as writing")


def _refused(picture: Picture, reason: str) -> Reading:
    """The refusal of a whole page."""
    return Reading("", 0.0, "refused", reason, box=Box(0, 0, picture.width, picture.height))
