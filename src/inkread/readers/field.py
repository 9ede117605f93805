"""Read fields: ZIP codes, numbers, dates, amounts, whatever has a format; one row of a picture or several.

In: a `Picture`, a network, and the format. Out: a `FieldTrace` with one reading a row, from top to bottom.
What the network says is asked for twice (`decode.constrain`): what stands there, and what stands there if it
fits the format. A reading is accepted only where both are the same and nothing else speaks against it; where
they differ, or the format's list does not hold it, the reason says what a person should look at. The ink is
found by a network; where that look is not sure enough the field is looked at once more, its ink found by
rules, and what counts is what both looks say together (`field_decision`); for models alone of which it was
measured how sure that is; others look once, by rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from inkread.errors import UsageError
from inkread.formats import find
from inkread.imaging.counts import median
from inkread.imaging.field_ink import field_ink
from inkread.imaging.field_rows import FieldRow, find_rows, rows_of
from inkread.imaging.learned import find_in_field
from inkread.imaging.load import Picture
from inkread.imaging.same_rows import Bounds, same_rows, shared
from inkread.imaging.strips import strip
from inkread.readers.field_decision import COULD_BE, FieldWay, Found, decided, decided_together
from inkread.readers.line import blank, pieces_of
from inkread.readers.text import UNREADABLE, Piece, Place, SeenLine, Source, characters_of, edges_of
from inkread.runtime import shelf
from inkread.runtime.finder import ink_finder
from inkread.types import Alternative, Reading, Status

__all__ = [
    "COULD_BE",
    "FieldTrace",
    "FieldWay",
    "check",
    "decided",
    "read_field",
    "read_row",
    "read_rows",
]

_SAME_PLACE = 0.3
"""Two readings are of one place where they share so much of the smaller one's box."""
_ONE_LOOK = "only one of two looks at the field shows it"
_SHOWN, _LEAST_SHOWN = 5, 0.001
_INKED, _SOFT = 0.3, 0.24
"""In half of the rows of a sharp strip that are inked so much, ink grows by more than this from one pixel to
the next: in 99 of 100 simulated strips, and in none of them blurred by 2 pixels more (sigma)."""
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


class _Row(NamedTuple):
    """A row as one look has it: as it was found, the ways back from its strip, and the network's answer."""

    row: FieldRow
    place: Place
    logits: NDArray[np.float32]


_Told = tuple[SeenLine, Reading]


@dataclass(frozen=True, slots=True, eq=False)
class FieldTrace:
    """Everything that led to the readings of a field, as a `LineTrace` has it.

    Attributes:
        rgb: uint8 `(height, width, 3)`, the picture as it was looked at.
        seen: the rows, one a reading, from top to bottom; empty of a blank picture.
        readings: at least one.
        kind: "field".
    """

    rgb: NDArray[np.uint8]
    seen: tuple[SeenLine, ...]
    readings: tuple[Reading, ...]
    kind: str = "field"

    @property
    def ink(self) -> NDArray[np.float32]:
        """float32 `(height, width)`: the ink of the whole picture, lines of the form among it."""
        return field_ink(self.rgb).ink


def check(spec: str, kind: str) -> None:
    """Refuse a format that there is not, and one where no field is read.

    Args:
        spec: the format's name.
        kind: what is read.

    Raises:
        UsageError: says what would be right.
    """
    find(spec)
    if kind != "field":
        raise UsageError(f"format {spec} came with kind {kind}; it is for kind field")


def read_field(picture: Picture, way: FieldWay) -> FieldTrace:
    """Read the rows of a field.

    Args:
        picture: upright.
        way: network, thresholds and format.
    """
    if way.format.model == "lines":
        told = read_rows(pieces_of(picture)[1], picture, way)
        return FieldTrace(picture.rgb, told[0], told[1] or (blank(picture),))
    is_twice = way.recognizer.metadata.field_calibration_together is not None
    first = _looked(_learned_rows(picture) if is_twice else find_rows(picture.rgb), picture, way)
    rows = [_by_one(row, way) for row in first]
    if is_twice and (not rows or any(reading.status != "accepted" for _, reading in rows)):
        second = _looked(find_rows(picture.rgb), picture, way)
        rows = _apart([*_by_both(first, second, way)])
    return FieldTrace(
        picture.rgb, tuple(seen for seen, _ in rows), tuple(r for _, r in rows) or (blank(picture),)
    )


def _learned_rows(picture: Picture) -> list[FieldRow]:
    """The rows of a picture whose ink the network `field-ink` finds."""
    found = find_in_field(picture.rgb, ink_finder(shelf.FIELD_FINDER))
    return rows_of(found, is_bare=True) if found.contrast else []


def _looked(rows: Sequence[FieldRow], picture: Picture, way: FieldWay) -> list[_Row]:
    """The rows of one look, each with the network's answer to it."""
    pieces = [Piece(row.ink, row.back, source=Source(picture.rgb, row.to_picture)) for row in rows]
    places = [Place(piece, strip(piece.ink), picture) for piece in pieces]
    answers = way.recognizer.logits([place.given(way.recognizer) for place in places])
    return [_Row(*each) for each in zip(rows, places, answers, strict=True)]


def _by_one(row: _Row, way: FieldWay) -> _Told:
    """A row as one look has it."""
    seen, reading = read_row(row.place, row.logits, way)
    return seen, _marked(reading, row.row.reasons)


def _by_both(first: Sequence[_Row], second: Sequence[_Row], way: FieldWay) -> Iterator[_Told]:
    """The rows that both looks show, and those that one of them shows."""
    pairs = same_rows([row.row.box for row in first], [row.row.box for row in second])
    for i, j in pairs:
        pair = first[i], second[j]
        found = decided_together([row.logits for row in pair], way)
        clear = pair[found.clearest]
        seen, reading = _told(found, clear.place, clear.logits, way)
        yield seen, _marked(reading, (*pair[0].row.reasons, *pair[1].row.reasons))
    alone = [row for i, row in enumerate(first) if i not in {pair[0] for pair in pairs}]
    alone += [row for j, row in enumerate(second) if j not in {pair[1] for pair in pairs}]
    for row in alone:
        seen, reading = _by_one(row, way)
        yield seen, _marked(reading, (_ONE_LOOK,))


def _apart(rows: Sequence[_Told]) -> list[_Told]:
    """The rows from top to bottom, of those that are in one another's place the surest."""
    order = sorted(rows, key=lambda told: -told[1].confidence * bool(told[1].guess))
    kept: list[_Told] = []
    for seen, reading in order:
        if kept and not reading.guess:
            break
        if all(shared(_bounds(seen), _bounds(other)) < _SAME_PLACE for other, _ in kept):
            kept.append((seen, reading))
    return sorted(kept, key=lambda told: told[0].box.top + told[0].box.bottom)


def _bounds(seen: SeenLine) -> Bounds:
    box = seen.box
    return box.left, box.top, box.right, box.bottom


def read_rows(
    pieces: Sequence[Piece], picture: Picture, way: FieldWay
) -> tuple[tuple[SeenLine, ...], tuple[Reading, ...]]:
    """Read rows that were cut out of a picture.

    Args:
        pieces: the rows.
        picture: where they are from.
        way: network, threshold and format.

    Returns:
        What was seen and what was read, one of each a row.
    """
    places = [Place(piece, strip(piece.ink), picture) for piece in pieces]
    answers = way.recognizer.logits([place.given(way.recognizer) for place in places])
    rows = [read_row(place, logits, way) for place, logits in zip(places, answers, strict=True)]
    return tuple(seen for seen, _ in rows), tuple(reading for _, reading in rows)


def read_row(place: Place, logits: NDArray[np.float32], way: FieldWay) -> tuple[SeenLine, Reading]:
    """Read one row, the network's answer to it given.

    Args:
        place: the row, its strip and its picture.
        logits: `(frames, classes)`.
        way: network, thresholds and format.
    """
    return _told(decided(logits, way), place, logits, way)


def _told(found: Found, place: Place, logits: NDArray[np.float32], way: FieldWay) -> tuple[SeenLine, Reading]:
    """What a row was decided to say, as it was seen and as it is told."""
    width = place.strip.ink.shape[1]
    edges = edges_of(found.options[0], width)
    seen = SeenLine(place.box(0, width), place.strip.ink, logits, found.options, edges)
    return seen, _reading(found, place, way, edges)


def _reading(found: Found, place: Place, way: FieldWay, edges: tuple[float, ...]) -> Reading:
    """A row's reading: what was decided, in the user's picture."""
    best = found.options[0]
    box, polygon = place.user_box(0, place.strip.ink.shape[1]), place.polygon()
    if not best.text.strip():
        return Reading("", 0.0, "refused", found.doubt, box, polygon)
    status, reason = _verdict(found, way)
    if reason and not found.doubt and way.least(found.looks) <= 1 and _is_blurred(place.strip.ink):
        reason += "; the picture is blurred"
    told = [Alternative(h.text, p) for h, p in zip(found.options, found.shares, strict=True)]
    others = sorted(
        (a for a in told[1:] if a.confidence >= _LEAST_SHOWN), key=lambda a: -a.confidence
    )  # one that the list holds may stand before a likelier one
    characters = characters_of(best, place, edges) if status != "refused" else ()
    text = "" if status == "refused" else best.text
    alternatives = (told[0], *others[: _SHOWN - 1])
    return Reading(text, found.shares[0], status, reason, box, polygon, alternatives, characters)


def _verdict(found: Found, way: FieldWay) -> tuple[Status, str]:
    """The status of a row that reads as something, and the reason why a person must look."""
    best, sure = found.options[0], found.shares[0]
    if np.exp(best.log_probability / len(best.text)) < UNREADABLE:
        return "refused", "does not look like writing that can be read: struck out, blurred, or no writing"
    if found.doubt:
        return "review", found.doubt
    least = way.least(found.looks)
    if sure >= least:
        return "accepted", ""
    if least > 1:
        told = "this model is sure enough of no field for the error target: set a threshold to accept"
        return "review", told
    second = max(zip(found.shares[1:], found.options[1:], strict=True), key=lambda o: o[0], default=None)
    if second and second[0] > 0.5 * (1 - sure):
        return "review", f"{COULD_BE} {second[1].text} ({second[0]:.0%})"
    weakest = min(range(len(best.spans)), key=lambda k: best.spans[k].confidence)
    where = f"{_ORDINALS[weakest]} character" if weakest < len(_ORDINALS) else f"character {weakest + 1}"
    return "review", f"not sure enough for the error target; least sure: {best.text[weakest]!r}, the {where}"


def _is_blurred(ink: NDArray[np.float32]) -> bool:
    """Whether no stroke of a strip begins within a few pixels."""
    steps, most = np.abs(np.diff(ink, axis=1)), ink.max(axis=1)
    rows = most > _INKED * max(float(most.max()), 1e-6)
    return bool(rows.any()) and median(steps.max(axis=1, initial=0.0)[rows]) < _SOFT * float(most.max())


def _marked(reading: Reading, reasons: Sequence[str]) -> Reading:
    """A reading of a row in which something speaks for a look at it, whatever the network says."""
    if not reasons or reading.status == "refused":
        return reading
    told = "; ".join(dict.fromkeys([*filter(None, [reading.reason]), *reasons]))
    return replace(reading, status="review", reason=told)
