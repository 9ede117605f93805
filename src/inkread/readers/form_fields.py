"""One field of an aligned form: what of it goes to a network, and what its answer means.

In: a field of a template and the sheet it stands on. Out: a `Plan`: the strips that a network should see, and
what makes a `Reading` of its answers. So all fields of a page go through their network together. An empty
field is an answer, too: its text is "", accepted where the field may be empty.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from inkread.decode.confidence import threshold
from inkread.formats import Format, find
from inkread.imaging.field_rows import FieldRow, rows_of
from inkread.imaging.form_regions import Region, cut_region, filled_cells, in_pixels, side_by_side
from inkread.imaging.load import Picture
from inkread.imaging.strips import strip
from inkread.readers.character import read_characters
from inkread.readers.field import FieldWay, read_row
from inkread.readers.line import pieces_of
from inkread.readers.text import Piece, Place, SeenLine, Way, read_piece
from inkread.types import Alternative, Character, Reading

if TYPE_CHECKING:
    from inkread.forms.template import FormField
    from inkread.readers.form_sheet import FormWay, SheetView

__all__ = ["Plan", "Told", "emptiness", "plan_field"]

Logits = NDArray[np.float32]
_EMPTY = 0.12
"""Square millimetres of full black: less is taken for an empty field, as specks and what print leaves are."""
_STEEP = 2.5
"""How fast the confidence in an empty field falls as its ink grows, per natural logarithm."""
_NEEDED = "empty, and the form needs it"
_MAYBE_EMPTY = "it may be empty: there is little more than a trace"
_TRACE = 2.5
"""Where nothing reads, so many times the ink of an empty field is little more than a trace."""


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What became of a field.

    Attributes:
        reading: without name and place.
        rows: what a network was given and said, one a row.
        is_empty: whether nothing is written or marked there.
    """

    reading: Reading
    rows: tuple[SeenLine, ...] = ()
    is_empty: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A field half read.

    Attributes:
        model: which network should see its strips: "fields" or "lines"; "" where it has none.
        places: the strips.
        finish: makes the reading of the network's answers, one `(frames, classes)` a strip.
    """

    model: str
    places: tuple[Place, ...]
    finish: Callable[[Sequence[Logits]], Told]


def plan_field(field: FormField, view: SheetView, way: FormWay) -> Plan:
    """Cut a field out of its sheet and say how to read it.

    Args:
        field: of any type but checkbox and choice.
        view: the sheet.
        way: networks and thresholds.
    """
    region = cut_region(view.clean, in_pixels(field.bounds))
    if region.amount < _EMPTY:
        told = Told(_empty(field, emptiness(region.amount)), is_empty=True)
        return Plan("", (), lambda _: told)
    if field.type == "character":
        told = Told(_character(field, region, view, way))
        return Plan("", (), lambda _: told)
    spec = way.template.spec(field.name)
    if spec is None:
        return _plan_text(field, region, view, way)
    return _plan_format(field, find(spec), region, view, way)


def emptiness(amount: float) -> float:
    """The confidence that a field is empty.

    Args:
        amount: of ink, square millimetres of full black.
    """
    return float(1 / (1 + (max(amount, 1e-4) / _EMPTY / 2) ** _STEEP))


def _empty(field: FormField, sure: float) -> Reading:
    """The reading of a field in which nothing is written."""
    told = (Alternative("", sure),)
    if field.required:
        return Reading("", sure, "review", _NEEDED, alternatives=told)
    return Reading("", sure, "accepted", alternatives=told)


def _plan_format(field: FormField, form: Format, region: Region, view: SheetView, way: FormWay) -> Plan:
    """A field that has a format: one row."""
    recognizer = way.model(form.model)
    calibration = recognizer.metadata.field_calibration or recognizer.metadata.line_calibration
    rule = FieldWay(recognizer, _least(field, way, calibration), form)
    pieces, doubts = _row(field, region) if form.model == "fields" else (_longest(_pieces(region)), [])
    places = tuple(_place(piece, region, view) for piece in pieces)
    cells = [in_pixels(cell) for cell in field.cells]
    filled = sum(map(bool, filled_cells(region, cells)))

    def finish(answers: Sequence[Logits]) -> Told:
        if not places:
            return Told(_unread(region))
        seen, reading = read_row(places[0], answers[0], rule)
        if not reading.guess:
            return Told(_unread(region), (seen,))
        if cells and reading.text and _signs(reading.text) != filled:
            doubts.append(f"{_signs(reading.text)} characters are read, and {filled} boxes are filled")
        return Told(_doubted(replace(reading, model=way.name(form.model)), doubts), (seen,))

    return Plan(form.model, places, finish)


def _signs(text: str) -> int:
    """Characters of a text that fill a box; points, dashes and the like are squeezed in between."""
    return sum(c.isalnum() for c in text)


def _row(field: FormField, region: Region) -> tuple[list[Piece], list[str]]:
    """The row of a field, and what speaks for a look at it."""
    doubts: list[str] = []
    rows = rows_of(region.ink)
    if not rows:
        return [], doubts
    best = max(rows, key=_size)
    others = [row for row in rows if row is not best and _height(row) > 0.6 * _height(best)]
    if others:
        doubts.append(f"{len(others) + 1} rows stand in it, and one belongs there")
    if best.reasons:
        doubts.append("the writing runs far out of its field")
    if field.boxes is None or others:  # cells of a comb touch, and so do the characters in them
        return [Piece(best.ink, best.back)], doubts
    moved = side_by_side(region, [in_pixels(cell) for cell in field.cells])
    return [Piece(best.ink, best.back) if moved is None else _joined(*moved)], doubts


def _joined(ink: NDArray[np.float32], columns: NDArray[np.float64]) -> Piece:
    """The row of what stood in cells."""

    def back(points: NDArray[np.float64]) -> NDArray[np.float64]:
        x = np.interp(points[:, 0], np.arange(len(columns)), columns)
        return np.column_stack([x, points[:, 1]])

    return Piece(ink, back)


def _height(row: FieldRow) -> int:
    return row.box[3] - row.box[1]


def _size(row: FieldRow) -> int:
    return _height(row) * (row.box[2] - row.box[0])


def _pieces(region: Region) -> list[Piece]:
    """The lines of a field of running text."""
    size = region.rgb.shape[1], region.rgb.shape[0]
    return pieces_of(Picture(region.rgb, np.eye(2, 3), "", 1, *size))[1]


def _longest(pieces: list[Piece]) -> list[Piece]:
    return sorted(pieces, key=lambda piece: piece.ink.shape[1])[-1:]


def _place(piece: Piece, region: Region, view: SheetView) -> Place:
    """A row of a region with the way back to the picture."""

    def back(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return view.to_picture(piece.back(points) + (region.left, region.top))

    return Place(Piece(piece.ink, back), strip(piece.ink), view.picture)


def _plan_text(field: FormField, region: Region, view: SheetView, way: FormWay) -> Plan:
    """A field of running text, of one line or several."""
    recognizer = way.model("lines")
    rule = Way(recognizer, _least(field, way, recognizer.metadata.line_calibration), way.languages)
    places = tuple(_place(piece, region, view) for piece in _pieces(region))

    def finish(answers: Sequence[Logits]) -> Told:
        told = [read_piece(place, answer, rule) for place, answer in zip(places, answers, strict=True)]
        kept = [(seen, reading) for seen, reading in told if reading.guess]
        if not kept:
            return Told(_unread(region), tuple(seen for seen, _ in told))
        whole = _together([reading for _, reading in kept], rule.threshold)
        return Told(replace(whole, model=way.name("lines")), tuple(seen for seen, _ in kept))

    return Plan("lines", places, finish)


def _together(lines: list[Reading], least: float) -> Reading:
    """Lines as one reading, from top to bottom."""
    if len(lines) == 1:
        return lines[0]
    sure = prod(line.confidence for line in lines)
    status = max((line.status for line in lines), key=("accepted", "review", "refused").index)
    reason = "; ".join(dict.fromkeys(line.reason for line in lines if line.reason))
    if status == "accepted" and sure < least:
        status, reason = "review", "not sure enough of all its lines together for the error target"
    guess = "\n".join(line.guess for line in lines)
    characters: list[Character] = []
    for number, line in enumerate(lines):
        characters += [Character("\n", 1.0)] if number else []
        characters += line.characters
    if status == "refused":
        return Reading("", sure, "refused", reason, alternatives=(Alternative(guess, sure),))
    return Reading(
        guess,
        sure,
        status,
        reason,
        alternatives=(Alternative(guess, sure),),
        characters=tuple(characters),
    )


def _character(field: FormField, region: Region, view: SheetView, way: FormWay) -> Reading:
    """A field of one digit or letter."""
    recognizer = way.characters
    least = _least(field, way, recognizer.metadata.calibration)
    picture = view.picture_of(region)
    marks = [r for r in read_characters(picture, recognizer, least).readings if r.guess]
    if not marks:
        return _unread(region)
    best = max(marks, key=lambda r: r.box.width * r.box.height if r.box else 0)
    doubts = [f"{len(marks)} marks stand where one character belongs"] if len(marks) > 1 else []
    return _doubted(replace(best, model=way.name("characters")), doubts)


def _unread(region: Region) -> Reading:
    """What to say of strokes that read as nothing."""
    if region.amount < _TRACE * _EMPTY:
        sure = emptiness(region.amount)
        return Reading("", sure, "review", _MAYBE_EMPTY, alternatives=(Alternative("", sure),))
    reason = "no text: what stands there reads as no character; it is struck out, or no writing"
    return Reading("", 0.0, "refused", reason)


def _doubted(reading: Reading, doubts: Sequence[str]) -> Reading:
    """A reading that a person must look at where anything speaks for it."""
    if not doubts or reading.status == "refused":
        return reading
    told = "; ".join(dict.fromkeys([*filter(None, [reading.reason]), *doubts]))
    return replace(reading, status="review", reason=told)


def _least(field: FormField, way: FormWay, calibration: object) -> float:
    """The least confidence at which a reading of a field is accepted."""
    if way.threshold is not None:
        return way.threshold
    return threshold(calibration, field.target_error or way.target_error)  # type: ignore[arg-type]
