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

from inkread.alphabet import Alphabet
from inkread.decode.confidence import threshold
from inkread.decode.ctc import greedy
from inkread.formats import Format, find
from inkread.imaging.field_rows import FieldRow
from inkread.imaging.form_cells import cell_marks
from inkread.imaging.form_regions import Region, cut_region, filled_cells, in_pixels, side_by_side
from inkread.imaging.form_writing import written_rows
from inkread.imaging.load import Picture
from inkread.imaging.strips import strip
from inkread.readers.cells import TOLD, cell_shares, second_opinion, weighed
from inkread.readers.character import read_characters
from inkread.readers.field import FieldWay, read_row
from inkread.readers.form_lists import nearest_entry
from inkread.readers.line import pieces_of
from inkread.readers.text import Piece, Place, SeenLine, Source, Way, read_piece
from inkread.types import Alternative, Character, Reading

if TYPE_CHECKING:
    from inkread.forms.template import FormField
    from inkread.readers.form_sheet import FormWay, SheetView

__all__ = ["Cut", "Plan", "Told", "cut_fields", "emptiness", "plan_field"]

Logits = NDArray[np.float32]
_EMPTY = 0.12
"""Square millimetres of full black: less is taken for an empty field, as specks and what print leaves are."""
_EVEN, _STEEP = 0.45, 4.0
"""With so much ink a field is as likely empty as not, and how fast that changes, per natural logarithm: of
186 simulated fields the empty ones had none, and the least of what was written was 1.1 square millimetres."""
_NEEDED = "empty, and the form needs it"
_MAYBE_EMPTY = "it may be empty: there is little more than a trace"
_LITTLE = 0.1
"""A row of less than this share of the ink of another is left of print, or a blot."""
_FAINT, _READS = 0.45, 0.48
"""What is fainter than this share of the pen's firmness is left of print, or grain, unless it reads: in some
row the characters, held to no format, are on (geometric) average likelier than this. Of 62 such fields on 48
simulated forms those written in had at least 0.57, the empty ones at most 0.39."""
_WRITTEN = 1.0
"""Square millimetres of full black: so much, at least, is written; the thinnest two letters have more."""
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


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """A field cut out of its sheet.

    Attributes:
        field: of any type but checkbox and choice.
        region: what is written there.
        pen: how firm the pen is elsewhere on the form, 0..1 of the paper; 0 where nothing is written.
    """

    field: FormField
    region: Region
    pen: float = 0.0

    @property
    def is_faint(self) -> bool:
        """Whether all there is could be left of print, or grain: much fainter than the pen."""
        return self.region.ink.contrast < _FAINT * self.pen


def cut_fields(fields: Sequence[FormField], view: SheetView) -> list[Cut]:
    """Cut fields out of their sheet.

    Args:
        fields: of any type but checkbox and choice, all on the sheet's page.
        view: the sheet.
    """
    regions = [cut_region(view.clean, in_pixels(field.bounds)) for field in fields]
    firm = [region.ink.contrast for region in regions if region.amount > _WRITTEN]
    pen = float(np.quantile(firm, 0.75)) if firm else 0.0
    return [Cut(field, region, pen) for field, region in zip(fields, regions, strict=True)]


def plan_field(cut: Cut, view: SheetView, way: FormWay) -> Plan:
    """Say how to read a field.

    Args:
        cut: the field.
        view: its sheet.
        way: networks and thresholds.
    """
    field, region = cut.field, cut.region
    if region.amount < _EMPTY:
        told = Told(_empty(field, emptiness(region.amount), way), is_empty=True)
        return Plan("", (), lambda _: told)
    if field.type == "character":
        told = _character(cut, view, way)
        return Plan("", (), lambda _: told)
    spec = way.template.spec(field.name)
    if spec is None:
        return _plan_text(cut, view, way)
    return _plan_format(cut, find(spec), view, way)


def emptiness(amount: float) -> float:
    """The confidence that a field is empty.

    Args:
        amount: of ink, square millimetres of full black.
    """
    return float(1 / (1 + (amount / _EVEN) ** _STEEP))


def _empty(field: FormField, sure: float, way: FormWay) -> Reading:
    """The reading of a field in which nothing is written."""
    told = (Alternative("", sure),)
    if field.required:
        return Reading("", sure, "review", _NEEDED, alternatives=told)
    if sure < way.least(field):
        return Reading("", sure, "review", _MAYBE_EMPTY, alternatives=told)
    return Reading("", sure, "accepted", alternatives=told)


def _plan_format(cut: Cut, form: Format, view: SheetView, way: FormWay) -> Plan:
    """A field that has a format: one row."""
    field, region = cut.field, cut.region
    recognizer = way.model(form.model)
    calibration = recognizer.metadata.field_calibration or recognizer.metadata.line_calibration
    rule = FieldWay(recognizer, _least(field, way, calibration), form)
    if form.model == "fields":
        pieces, doubts = _row(
            field, written_rows(region, is_bare=view.is_bare, with_points=_has_points(form)), region
        )
    else:
        pieces, doubts = _longest(_pieces(region, is_bare=view.is_bare)), []
    places = tuple(_place(piece, region, view) for piece in pieces)
    cells = [in_pixels(cell) for cell in field.cells]
    filled = sum(map(bool, filled_cells(region, cells)))

    def finish(answers: Sequence[Logits]) -> Told:
        if not places:
            return _unread(cut, way)
        seen, reading = read_row(places[0], answers[0], rule)
        if _is_left(cut, answers, recognizer.alphabet):
            return _unread(cut, way, (seen,))
        reading = nearest_entry(reading, answers[0], recognizer, form)
        if cells and way.cells is not None and form.model == "fields":
            reading = _by_cells(cut, reading, seen, way)
        if not reading.guess:
            return _unread(cut, way, (seen,))
        if cells and reading.text and _signs(reading.text) != filled:
            doubts.append(f"{_signs(reading.text)} characters are read, and {filled} boxes are filled")
        return Told(_doubted(replace(reading, model=way.name(form.model)), doubts), (seen,))

    return Plan(form.model, places, finish)


def _by_cells(cut: Cut, reading: Reading, seen: SeenLine, way: FormWay) -> Reading:
    """The reading of a row in boxes or a comb, once every cell has been read by itself."""
    field, networks = cut.field, way.cells
    form = find(way.template.spec(field.name) or "")
    marks = [m for m in cell_marks(cut.region, [in_pixels(c) for c in field.cells]) if m is not None]
    if not marks or networks is None:
        return reading
    shares = cell_shares(marks, form, networks)
    opinion = second_opinion(shares, (seen.logits, seen.options), way.model("fields"), form)
    if opinion is None:
        return reading
    least = TOLD.least(field.target_error or way.target_error) if way.threshold is None else way.threshold
    return weighed(reading, opinion, form, least)


def _signs(text: str) -> int:
    """Characters of a text that fill a box; points, dashes and the like are squeezed in between."""
    return sum(c.isalnum() for c in text)


def _has_points(form: Format) -> bool:
    """Whether points may stand between the figures of a format, as in amounts."""
    return "." in form.characters


def _row(field: FormField, rows: list[FieldRow], region: Region) -> tuple[list[Piece], list[str]]:
    """The row of a field, and what speaks for a look at it."""
    doubts: list[str] = []
    if not rows:
        return [], doubts
    best = max(rows, key=_size)
    others = [row for row in rows if row is not best and _height(row) > 0.6 * _height(best)]
    if others:
        doubts.append(f"{len(others) + 1} rows stand in it, and one belongs there")
    if best.reasons:
        doubts.append("the writing runs far out of its field")
    if field.boxes is None or others:  # cells of a comb touch, and so do the characters in them
        return [_piece(best, region)], doubts
    moved = side_by_side(region, [in_pixels(cell) for cell in field.cells])
    return [_piece(best, region) if moved is None else _joined(*moved)], doubts


def _joined(ink: NDArray[np.float32], columns: NDArray[np.float64]) -> Piece:
    """The row of what stood in cells."""

    def back(points: NDArray[np.float64]) -> NDArray[np.float64]:
        x = np.interp(points[:, 0], np.arange(len(columns)), columns)
        return np.column_stack([x, points[:, 1]])

    return Piece(ink, back)


def _piece(row: FieldRow, region: Region) -> Piece:
    return Piece(row.ink, row.back, source=Source(region.rgb, row.to_picture))


def _height(row: FieldRow) -> int:
    return row.box[3] - row.box[1]


def _size(row: FieldRow) -> int:
    return _height(row) * (row.box[2] - row.box[0])


def _pieces(region: Region, *, is_bare: bool = False) -> list[Piece]:
    """The lines of a field of running text, from top to bottom."""
    rows = sorted(written_rows(region, is_bare=is_bare), key=lambda row: row.box[1] + row.box[3])
    most = max((float(row.ink.sum()) for row in rows), default=0.0)
    if rows:
        return [_piece(row, region) for row in rows if row.ink.sum() >= _LITTLE * most]
    picture = Picture(region.rgb, np.eye(2, 3), "", 1, region.rgb.shape[1], region.rgb.shape[0])
    return pieces_of(picture)[1]


def _longest(pieces: list[Piece]) -> list[Piece]:
    return sorted(pieces, key=lambda piece: piece.ink.shape[1])[-1:]


def _place(piece: Piece, region: Region, view: SheetView) -> Place:
    """A row of a region with the way back to the picture."""

    def back(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return view.to_picture(piece.back(points) + (region.left, region.top))

    return Place(Piece(piece.ink, back, source=piece.source), strip(piece.ink), view.picture)


def _plan_text(cut: Cut, view: SheetView, way: FormWay) -> Plan:
    """A field of running text, of one line or several."""
    field, region = cut.field, cut.region
    recognizer = way.model("lines")
    rule = Way(recognizer, _least(field, way, recognizer.metadata.line_calibration), way.languages)
    places = tuple(_place(piece, region, view) for piece in _pieces(region, is_bare=view.is_bare))

    def finish(answers: Sequence[Logits]) -> Told:
        told = [read_piece(place, answer, rule) for place, answer in zip(places, answers, strict=True)]
        kept = [(seen, reading) for seen, reading in told if reading.guess]
        if not kept:
            return _unread(cut, way, tuple(seen for seen, _ in told))
        if _is_left(cut, answers, recognizer.alphabet):
            return _unread(cut, way, tuple(seen for seen, _ in kept))
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


def _character(cut: Cut, view: SheetView, way: FormWay) -> Told:
    """A field of one digit or letter."""
    field, region = cut.field, cut.region
    recognizer = way.characters
    least = _least(field, way, recognizer.metadata.calibration)
    picture = view.picture_of(region)
    marks = [r for r in read_characters(picture, recognizer, least).readings if r.guess]
    if not marks:
        return _unread(cut, way)
    best = max(marks, key=lambda r: r.box.width * r.box.height if r.box else 0)
    doubts = [f"{len(marks)} marks stand where one character belongs"] if len(marks) > 1 else []
    return Told(_doubted(replace(best, model=way.name("characters")), doubts))


def _is_left(cut: Cut, answers: Sequence[Logits], alphabet: Alphabet) -> bool:
    """Whether what a network was shown is faint and does not read: it is left of print, or grain."""
    if not cut.is_faint:
        return False
    told = [greedy(logits, alphabet) for logits in answers]
    return all(not h.text or np.exp(h.log_probability / len(h.text)) < _READS for h in told)


def _unread(cut: Cut, way: FormWay, rows: tuple[SeenLine, ...] = ()) -> Told:
    """What to say of strokes that read as nothing."""
    amount = cut.region.amount
    if cut.is_faint:
        share = cut.region.ink.contrast / cut.pen
        paled = max(2 * _EMPTY * share / _FAINT, amount * share)  # much of it may be a pale pen's writing
        return Told(_empty(cut.field, emptiness(paled), way), rows, is_empty=True)
    if amount < _TRACE * _EMPTY:
        sure = emptiness(amount)
        return Told(Reading("", sure, "review", _MAYBE_EMPTY, alternatives=(Alternative("", sure),)), rows)
    reason = "no text: what stands there reads as no character; it is struck out, or no writing"
    return Told(Reading("", 0.0, "refused", reason), rows)


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
