"""Read a piece of mail: find the address, its last line, the ZIP in it, and say where the piece goes.

In: a `Picture` of an envelope or a label. Out: a `LineTrace` whose readings have names: `zip`, `zip4`,
`prefix` (the three digits that mail is sorted by), `state`, `city`, `state_written`, and the lines of the
address. State and city are those of the ZIP in the list; where the state as written is clearly another one,
the ZIP goes to review. A piece that cannot be read has one refused reading with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from inkread import zips
from inkread.decode.confidence import threshold
from inkread.decode.ngram import NGram
from inkread.errors import ModelError
from inkread.imaging.address_block import AddressBlock, find_blocks, same_place
from inkread.imaging.flat_sheet import taken
from inkread.imaging.load import Picture
from inkread.imaging.page_ink import page_ink
from inkread.readers import field
from inkread.readers.mail_lines import AddressLine, looked_at
from inkread.readers.mail_zip import ZipFound, find_zip
from inkread.readers.text import LineTrace, Place, SeenLine, Way, read_piece
from inkread.runtime.linewise import LineRecognizer
from inkread.types import Alternative, Box, Reading

__all__ = ["MailWay", "read_mail", "way_of_lines"]

_BLOCKS = 3
"""Blocks that are tried, the likeliest first."""
_NEAR = 4.0
"""A block whose score is this much below the first one's is not tried."""
_READS = 0.5
"""A ZIP that is likelier than this ends the search for a likelier one."""
_MAYBE = 0.02
"""Less likely than this, no ZIP stands there."""
_CLEAR_STATE = 0.9
"""A state is clearly another one where each of its letters is at least so likely."""
_NO_ADDRESS = "no address: no block of writing stands where an address stands"
_NO_ZIP = "no ZIP: the last lines of the address end in nothing that reads as one"


@dataclass(frozen=True, slots=True)
class MailWay:
    """How mail is read.

    Attributes:
        fields: reads the ZIP.
        threshold: the least confidence at which a ZIP is accepted; above 1 where none can be.
        lines: how the lines of the address are read; None leaves them unread.
    """

    fields: LineRecognizer
    threshold: float
    lines: Way | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Attempt:
    """A block, and the ZIP in it.

    Attributes:
        block: where.
        lines: of the block.
        found: the ZIP; None where there is none.
        reading: of the ZIP, refused where there is none.
    """

    block: AddressBlock
    lines: tuple[AddressLine, ...]
    found: ZipFound | None
    reading: Reading

    @property
    def sure(self) -> float:
        """How likely the ZIP is, 0..1."""
        return self.found.sure if self.found else 0.0


def read_mail(picture: Picture, way: MailWay) -> LineTrace:
    """Read a piece of mail.

    Args:
        picture: of one piece, lying any way.
        way: networks and threshold.
    """
    attempts = list(_attempts(picture, way))
    ink = page_ink(picture.rgb).ink
    if not attempts:
        whole = Box(0, 0, picture.width, picture.height)
        refused = Reading("", 0.0, "refused", _NO_ADDRESS, whole, name="zip")
        return LineTrace(picture.rgb, ink, (), (refused,), "mail")
    chosen = _chosen(attempts)
    found = chosen.found
    seen, lines = _lines(picture, chosen, way)
    main = chosen.reading
    written, sure = _state_before(lines[found.line], main.text) if lines and found else ("", 0.0)
    main = _with_state(main, written, sure)
    number = found.line if found else -1
    readings = [*_told(main, way.threshold), *_written(written, sure, main, lines, number)]
    first = (found.seen,) if found else ()
    named = [replace(line, name=f"line {k}") for k, line in enumerate(lines, start=1)]
    return LineTrace(picture.rgb, ink, (*first, *seen), (readings[0], *named, *readings[1:]), "mail")


def way_of_lines(
    load: Callable[[str], LineRecognizer], target_error: float, languages: tuple[NGram, ...]
) -> Way | None:
    """How the lines of addresses are read by the model that ships; None where none does.

    Args:
        load: gives a line reader by its name.
        target_error: the expected share of wrong lines among the accepted ones.
        languages: n-grams that help.
    """
    try:
        recognizer = load("lines")
    except ModelError:
        return None
    calibration = recognizer.metadata.line_calibration
    return Way(recognizer, threshold(calibration, target_error) if calibration else 2.0, languages)


def _attempts(picture: Picture, way: MailWay) -> Iterator[_Attempt]:
    """The blocks that may be the address, each with its ZIP, until one is accepted."""
    best = None
    for block in islice(find_blocks(picture.rgb), _BLOCKS):
        best = block.score if best is None else best
        if block.score < best - _NEAR:
            return
        attempt = _zip_of(picture, block, way)
        yield attempt
        if attempt.reading.status == "accepted":
            return


def _chosen(attempts: list[_Attempt]) -> _Attempt:
    """The likeliest block, unless the same place read the other way up gives a ZIP and this way none."""
    first = attempts[0]
    for other in attempts[1:]:
        if other.reading.status != "accepted":
            continue
        if same_place(first.block, other.block) and first.sure < _READS:
            return other
        if first.sure < _MAYBE:  # it may be the sender's: a person must look
            reason = (
                "the address cannot be read; this ZIP stands elsewhere on the piece and may be the sender's"
            )
            return replace(other, reading=replace(other.reading, status="review", reason=reason))
    return first


def _zip_of(picture: Picture, block: AddressBlock, way: MailWay) -> _Attempt:
    """A block with its lines and the ZIP in it."""
    lines = looked_at(block, way.lines.recognizer if way.lines else None)
    found = find_zip(lines, picture, way.fields, way.threshold)
    refused = Reading("", 0.0, "refused", _NO_ZIP, _box(picture, block), name="zip")
    return _Attempt(block, lines, found, found.reading if found else refused)


def _lines(
    picture: Picture, chosen: _Attempt, way: MailWay
) -> tuple[tuple[SeenLine, ...], tuple[Reading, ...]]:
    """The lines of an address, read as running text."""
    if way.lines is None:
        return (), ()
    told = [
        read_piece(Place(line.piece, line.strip, picture), line.logits, way.lines)
        for line in chosen.lines
        if line.logits is not None
    ]
    return tuple(seen for seen, _ in told), tuple(reading for _, reading in told)


def _state_before(line: Reading, zip_text: str) -> tuple[str, float]:
    """The state that stands before the ZIP, as it is read, and how sure its least letter is; "" for none."""
    text = line.guess.rstrip(" .,;")
    if zip_text and line.characters:
        cut_at = len(text) - len(text.rstrip("0123456789-OolIQSBZ .,"))
        text = text[: len(text) - cut_at] if cut_at else text
    words = text.replace(",", " ").split()
    for count in (2, 1):
        written = " ".join(words[-count:])
        if len(words) >= count and zips.state_code(written):
            letters = [c.confidence for c in line.characters[: len(text)]][-len(written) :]
            return written, min(letters, default=0.0)
    return "", 0.0


def _with_state(main: Reading, written: str, sure: float) -> Reading:
    """A ZIP that goes to review where the state as written is clearly another one."""
    code, there = zips.state_code(written), zips.state(main.text[:5])
    if main.status != "accepted" or not code or not there or code == there or sure < _CLEAR_STATE:
        return main
    reason = f"{main.text[:5]} lies in {there}, and the state as written reads {written}"
    return replace(main, status="review", reason=reason)


def _told(main: Reading, threshold: float) -> list[Reading]:
    """The ZIP, and what the list says of it."""
    if not main.text:
        return [main]
    short = _shortened(main)
    out = [short]
    if len(main.text) > 5:
        out.append(replace(main, name="zip4"))
    for name, told in (("prefix", _prefix), ("state", zips.state), ("city", zips.city)):
        text, sure = _most_likely(short, told)
        if not text:
            continue
        is_torn = short.reason.startswith(field.COULD_BE)
        accepted = short.status == "accepted" or (is_torn and sure >= threshold)
        status = "accepted" if accepted else short.status
        reason = "" if accepted else short.reason
        out.append(Reading(text, sure, status, reason, main.box, main.polygon, name=name))
    return out


def _prefix(zip5: str) -> str:
    return zip5[:3] if zips.states_of_prefix(zip5[:3]) else ""


def _shortened(main: Reading) -> Reading:
    """The five digits of a ZIP, whatever stands behind them."""
    if len(main.text) <= 5:
        return main
    shares: dict[str, float] = {}
    for option in main.alternatives:
        shares[option.text[:5]] = shares.get(option.text[:5], 0.0) + option.confidence
    told = tuple(Alternative(text, sure) for text, sure in sorted(shares.items(), key=lambda t: -t[1]))
    return replace(main, text=main.text[:5], alternatives=told, characters=main.characters[:5])


def _most_likely(short: Reading, told: Callable[[str], str]) -> tuple[str, float]:
    """What follows from the ZIP, with the confidence of all its alternatives from which the same follows."""
    text = told(short.text)
    return text, min(1.0, sum(a.confidence for a in short.alternatives if told(a.text[:5]) == text))


def _written(
    written: str, sure: float, main: Reading, lines: tuple[Reading, ...], number: int
) -> list[Reading]:
    """The state as it stands on the piece, compared with the ZIP's."""
    if not written:
        return []
    there = zips.state(main.text[:5])
    agrees = zips.state_code(written) == there
    status = main.status if agrees and main.text else "review"
    reason = main.reason if agrees else f"reads {written}; the ZIP lies in {there or 'no state'}"
    return [
        Reading(written, sure, status, reason, lines[number].box, lines[number].polygon, name="state_written")
    ]


def _box(picture: Picture, block: AddressBlock) -> Box:
    """The box of a block in the user's picture."""
    left, top, right, bottom = block.box
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float64)
    points = taken(corners, block.flat.to_picture)
    user = np.column_stack([points, np.ones(4)]) @ picture.to_user.T
    low, high = np.floor(user.min(0)).astype(int), np.ceil(user.max(0)).astype(int)
    return Box(
        max(0, int(low[0])),
        max(0, int(low[1])),
        min(picture.width, int(high[0])),
        min(picture.height, int(high[1])),
    )
