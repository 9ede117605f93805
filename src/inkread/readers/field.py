"""Read fields: ZIP codes, numbers, dates, amounts, whatever has a format; one row of a picture or several.

In: a `Picture`, a network, and the format. Out: a `FieldTrace` with one reading a row, from top to bottom.
What the network says is looked at twice (`decode.constrain`): what stands there, and what stands there if it
fits the format. A reading is accepted only where both are the same and nothing else speaks against it; where
they differ, or the format's list does not hold it, the reason says what a person should look at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from inkread.decode.constrain import answer, passed_over
from inkread.decode.ctc import Hypothesis, align
from inkread.decode.field_confidence import evidence
from inkread.decode.line_confidence import plain
from inkread.errors import UsageError
from inkread.formats import Format, find
from inkread.imaging.field_ink import field_ink
from inkread.imaging.field_rows import FieldRow, find_rows, rows_of
from inkread.imaging.learned import find as find_ink
from inkread.imaging.load import Picture
from inkread.imaging.strips import strip
from inkread.readers.line import blank, pieces_of
from inkread.readers.text import UNREADABLE, Piece, Place, SeenLine, characters_of, edges_of
from inkread.runtime.finder import ink_finder
from inkread.runtime.linewise import LineRecognizer
from inkread.types import Alternative, Reading, Status

__all__ = [
    "COULD_BE",
    "LIST_MARGIN",
    "FieldTrace",
    "FieldWay",
    "Found",
    "check",
    "decided",
    "read_field",
    "read_row",
    "read_rows",
]

COULD_BE = "could also be"
"""How a reason begins where what speaks against a reading is another one that nearly as well may be right."""
LIST_MARGIN = 2.0
"""A text that the format's list holds goes before one that it does not hold where that is likelier by so many
nats at most, which is 7.4 times as likely; a clear reading that is not in the list stays as it is."""
_THERE = 1e-3
"""A text that fits is no reading of the strokes where it is less likely than this share of what stands there:
then that is the reading, for a person to look at, and nothing is made up to fit."""
_UNSURE, _LIKELY, _BETTER = 0.5, 0.3, 1.5
"""Where all is less sure than this, the network that finds ink has its say; what it shows must be surer than
the second, and so many times as sure as what was read at first."""
_HARDLY_SEEN = "the writing hardly stands out of what is around it"
_SHOWN, _LEAST_SHOWN = 5, 0.001
_INKED, _SOFT = 0.3, 0.24
"""In half of the rows of a sharp strip that are inked so much, ink grows by more than this from one pixel to
the next: in 99 of 100 simulated strips, and in none of them blurred by 2 pixels more (sigma)."""
_NO_TEXT = "no text: nothing there reads as a character; it is empty, struck out, or no writing"
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


@dataclass(frozen=True, slots=True)
class FieldWay:
    """How fields are read.

    Attributes:
        recognizer: gives logits a frame.
        threshold: the least confidence at which a reading is accepted; above 1 where nothing can be.
        format: what the fields may hold.
    """

    recognizer: LineRecognizer
    threshold: float
    format: Format


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


@dataclass(frozen=True, slots=True)
class Found:
    """What a row was decided to say.

    Attributes:
        options: ways to read it, best first, the best with spans; the text "" alone where nothing reads.
        shares: the confidence of each, 0..1, decreasing, together at most 1.
        doubt: why a person must look whatever the confidence; empty where nothing speaks against it.
        rival: log-probability of the likeliest text that is not the best option.
    """

    options: tuple[Hypothesis, ...]
    shares: tuple[float, ...]
    doubt: str
    rival: float = 0.0


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
        way: network, threshold and format.
    """
    if way.format.model == "lines":
        seen, readings = read_rows(pieces_of(picture)[1], picture, way)
        return FieldTrace(picture.rgb, seen, readings or (blank(picture),))
    seen, readings = _read_found(find_rows(picture.rgb), picture, way)
    if _surest(readings) < _UNSURE:
        seen, readings = _looked_again(seen, readings, picture, way)
    return FieldTrace(picture.rgb, seen, readings or (blank(picture),))


def _read_found(
    rows: Sequence[FieldRow], picture: Picture, way: FieldWay
) -> tuple[tuple[SeenLine, ...], tuple[Reading, ...]]:
    """What was seen and read of rows that were found in a picture."""
    seen, readings = read_rows([Piece(row.ink, row.back) for row in rows], picture, way)
    return seen, tuple(_marked(r, row.reasons) for r, row in zip(readings, rows, strict=True))


def _looked_again(
    seen: tuple[SeenLine, ...], readings: tuple[Reading, ...], picture: Picture, way: FieldWay
) -> tuple[tuple[SeenLine, ...], tuple[Reading, ...]]:
    """What the network that finds ink shows, for a person to look at, where it reads better."""
    found = find_ink(picture.rgb, ink_finder())
    if not found.contrast:
        return seen, readings
    again, told = _read_found(rows_of(found), picture, way)
    if _surest(told) < max(_LIKELY, _BETTER * _surest(readings)):
        return seen, readings
    return again, tuple(_marked(reading, (_HARDLY_SEEN,)) for reading in told)


def _surest(readings: Sequence[Reading]) -> float:
    """The confidence of the surest reading that says anything."""
    return max((r.confidence for r in readings if r.guess), default=0.0)


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
    strips = [strip(piece.ink) for piece in pieces]
    answers = way.recognizer.logits([cut.ink for cut in strips])
    rows = [
        read_row(Place(piece, cut, picture), logits, way)
        for piece, cut, logits in zip(pieces, strips, answers, strict=True)
    ]
    return tuple(seen for seen, _ in rows), tuple(reading for _, reading in rows)


def read_row(place: Place, logits: NDArray[np.float32], way: FieldWay) -> tuple[SeenLine, Reading]:
    """Read one row, the network's answer to it given.

    Args:
        place: the row, its strip and its picture.
        logits: `(frames, classes)`.
        way: network, threshold and format.
    """
    found = decided(logits, way)
    width = place.strip.ink.shape[1]
    edges = edges_of(found.options[0], width)
    seen = SeenLine(place.box(0, width), place.strip.ink, logits, found.options, edges)
    return seen, _reading(found, place, way, edges)


def decided(logits: NDArray[np.float32], way: FieldWay) -> Found:
    """What a row says, how surely, and what speaks against it.

    Args:
        logits: `(frames, classes)`.
        way: network, threshold and format.
    """
    form, alphabet = way.format, way.recognizer.alphabet
    if not form.has_blanks:
        logits = passed_over(logits, alphabet, " ")
    told = answer(logits, alphabet, form.can_begin, form.valid, characters=form.characters)
    if not told.free.text.strip():
        return Found((told.free,), (0.0,), _NO_TEXT)
    options = _listed_first(told.valid, form)
    if not options or options[0].log_probability < told.free.log_probability + np.log(_THERE):
        options = (told.free, *(o for o in options if o.text != told.free.text))
    best = options[0]
    if not best.spans:
        best = replace(best, spans=tuple(align(logits, alphabet.encode(best.text))))
        options = (best, *options[1:])
    doubt = form.doubt(told.free.text) or form.doubt(best.text)
    if not doubt and best.text != told.free.text:
        doubt = f"{COULD_BE} {told.free.text}"
    rivals = [h.log_probability for h in (told.free, *options) if h.text != best.text]
    if told.valid and best.text == told.valid[0].text:
        rivals.append(told.rival)
    rival = max(rivals, default=told.rival)
    return Found(options, _shares(options, rival, way), doubt, rival)


def _listed_first(valid: Sequence[Hypothesis], form: Format) -> tuple[Hypothesis, ...]:
    """Texts that fit, one that the list holds in front where the first is not in it and hardly likelier."""
    if not valid or form.lists is None or form.listed(valid[0].text):
        return tuple(valid)
    least = valid[0].log_probability - LIST_MARGIN
    chosen = next((h for h in valid if h.log_probability >= least and form.listed(h.text)), valid[0])
    return (chosen, *(h for h in valid if h is not chosen))


def _shares(options: Sequence[Hypothesis], rival: float, way: FieldWay) -> tuple[float, ...]:
    """The confidence of each option: of the best as calibrated; of the others what it leaves, by odds."""
    best, meta = options[0], way.recognizer.metadata
    if meta.field_calibration:
        sure = meta.field_calibration.confidence(evidence(best, rival))
    elif meta.line_calibration:
        sure = meta.line_calibration.confidence(best.log_probability, len(best.text))
    else:
        sure = plain(best.log_probability)
    share = plain(best.log_probability)
    scale = (1.0 - sure) / (1.0 - share) if share < 1.0 else 0.0
    others = [min(sure, plain(h.log_probability) * scale) for h in options[1:]]
    return (sure, *others)


def _reading(found: Found, place: Place, way: FieldWay, edges: tuple[float, ...]) -> Reading:
    """A row's reading: what was decided, in the user's picture."""
    best = found.options[0]
    box, polygon = place.user_box(0, place.strip.ink.shape[1]), place.polygon()
    if not best.text.strip():
        return Reading("", 0.0, "refused", found.doubt, box, polygon)
    status, reason = _verdict(found, way)
    if reason and not found.doubt and way.threshold <= 1 and _is_blurred(place.strip.ink):
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
    if sure >= way.threshold:
        return "accepted", ""
    if way.threshold > 1:
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
    return bool(float(np.median(steps.max(axis=1, initial=0.0)[rows])) < _SOFT * float(most.max()))


def _marked(reading: Reading, reasons: Sequence[str]) -> Reading:
    """A reading of a row in which something speaks for a look at it, whatever the network says."""
    if not reasons or reading.status == "refused":
        return reading
    told = "; ".join(dict.fromkeys([*filter(None, [reading.reason]), *reasons]))
    return replace(reading, status="review", reason=told)
