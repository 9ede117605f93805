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
from numpy.typing import NDArray

from inkread import zips
from inkread.alphabet import Alphabet
from inkread.decode.confidence import threshold
from inkread.decode.constrain import passed_over
from inkread.decode.ctc import greedy
from inkread.decode.ngram import NGram
from inkread.errors import ModelError
from inkread.formats import find
from inkread.imaging.address_block import AddressBlock, find_blocks, same_place
from inkread.imaging.field_rows import FieldRow, find_rows
from inkread.imaging.flat_sheet import taken
from inkread.imaging.ink import Assumption, extract, polarity
from inkread.imaging.line_ends import line_ends
from inkread.imaging.load import Picture
from inkread.imaging.page_ink import page_ink
from inkread.imaging.strips import strip
from inkread.imaging.textlines import TextLine, cut
from inkread.imaging.textlines import Way as LevelWay
from inkread.readers import field
from inkread.readers.field import FieldWay
from inkread.readers.text import LineTrace, Piece, SeenLine, Way, read_pieces
from inkread.runtime.linewise import LineRecognizer
from inkread.types import Alternative, Box, Reading

__all__ = ["MailWay", "read_mail", "way_of_lines"]

Points = NDArray[np.float64]
_BLOCKS = 3
"""Blocks that are tried, the likeliest first."""
_NEAR = 4.0
"""A block whose score is this much below the first one's is not tried."""
_LOWEST_LINES = 3
"""The ZIP is looked for in so many lines from the bottom."""
_READS = 0.5
"""A ZIP that is likelier than this ends the search for a likelier one."""
_MAYBE = 0.02
"""Less likely than this, no ZIP stands there."""
_CLEAR_STATE = 0.9
"""A state is clearly another one where each of its letters is at least so likely."""
_NUMBER, _CONFUSED, _LONGEST, _LONGER = 3, 2, 12, 7
"""So many digits at least, with so many other signs and altogether so many at most, may be a ZIP that is not
read clearly; with more digits than the last it is a ZIP+4."""
_COUNTRY = frozenset({"USA", "US", "UNITEDSTATES", "UNITEDSTATESOFAMERICA", "AMERICA"})
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
class _Found:
    """A ZIP, as one block gives it.

    Attributes:
        reading: five digits or nine, or refused.
        seen: what the network saw.
        line: the number of its line; -1 where there is none.
        sure: the probability of its text, 0..1.
    """

    reading: Reading
    seen: SeenLine | None
    line: int
    sure: float


@dataclass(frozen=True, slots=True, eq=False)
class _Attempt:
    """A block, and the ZIP in it."""

    block: AddressBlock
    found: _Found


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
    block, found = chosen.block, chosen.found
    seen, lines = _lines(picture, block, way)
    main = found.reading
    written, sure = _state_before(lines[found.line], main.text) if lines and found.line >= 0 else ("", 0.0)
    main = _with_state(main, written, sure)
    readings = [*_told(main, way.threshold), *_written(written, sure, main, lines, found.line)]
    first = (found.seen,) if found.seen else ()
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
        found = _zip_of(picture, block, way)
        yield _Attempt(block, found)
        if found.reading.status == "accepted":
            return


def _chosen(attempts: list[_Attempt]) -> _Attempt:
    """The likeliest block, unless the same place read the other way up gives a ZIP and this way none."""
    first = attempts[0]
    for other in attempts[1:]:
        if other.found.reading.status != "accepted":
            continue
        if same_place(first.block, other.block) and first.found.sure < _READS:
            return other
        if first.found.sure < _MAYBE:  # it may be the sender's: a person must look
            reason = (
                "the address cannot be read; this ZIP stands elsewhere on the piece and may be the sender's"
            )
            reading = replace(other.found.reading, status="review", reason=reason)
            return _Attempt(other.block, replace(other.found, reading=reading))
    return first


def _zip_of(picture: Picture, block: AddressBlock, way: MailWay) -> _Found:
    """The ZIP of a block: of the last line, or of one of the lines above where that one is none."""
    best: _Found | None = None
    last = len(block.lines) - 1
    for number in range(last, max(-1, last - _LOWEST_LINES), -1):
        found = _zip_in(picture, block, number, way)
        if found is not None and (best is None or found.sure > best.sure):
            best = found
        if best is not None and best.sure >= _READS:
            break
    if best is None or best.sure < _MAYBE:
        return _Found(Reading("", 0.0, "refused", _NO_ZIP, _box(picture, block), name="zip"), None, -1, 0.0)
    if (
        best.line < last
        and best.reading.status == "accepted"
        and not _are_countries(picture, block, best, way)
    ):
        reason = "stands in a line above the last one, which cannot be read"
        best = replace(best, reading=replace(best.reading, status="review", reason=reason))
    return best


def _zip_in(picture: Picture, block: AddressBlock, number: int, way: MailWay) -> _Found | None:
    """The likeliest ZIP at the end of a line; None where it ends in nothing like one."""
    pieces = _ends(block, block.lines[number])
    answers = way.fields.logits([strip(piece.ink).ink for piece in pieces])
    likely = [_likeness(logits, way.fields.alphabet) for logits in answers]
    best = max(range(len(likely)), key=lambda k: likely[k], default=None)
    # Above the last line only what clearly is a ZIP is one: a street has numbers, too.
    if best is None or likely[best][0] < (1 if number == len(block.lines) - 1 else 2):
        return None
    form = FieldWay(way.fields, way.threshold, find("us_zip4" if likely[best][2] > _LONGER else "us_zip"))
    seen, readings = field.read_rows([pieces[best]], picture, form)
    reading = replace(readings[0], name="zip")
    if (
        reading.status == "accepted"
        and best
        and _goes_on(answers[best - 1], way.fields.alphabet, reading.text)
    ):
        reading = replace(reading, status="review", reason="more digits stand right before it")
    options = seen[0].options
    return _Found(
        reading, seen[0], number, float(np.exp(options[0].log_probability)) if reading.text else 0.0
    )


def _likeness(logits: NDArray[np.float32], alphabet: Alphabet) -> tuple[int, float, int]:
    """How much a strip is like a ZIP: 2 where it reads as one, 1 where nearly; its logarithm; its digits."""
    free = greedy(passed_over(logits, alphabet, " "), alphabet)
    text = free.text.replace(" ", "")
    digits = sum(c.isdigit() for c in text)
    others = len(text.replace("-", "")) - digits
    if any(find(name).valid(text) for name in ("us_zip", "us_zip4")):
        return 2, free.log_probability, digits
    near = digits >= _NUMBER and others <= _CONFUSED and len(text) <= _LONGEST
    wrong = min(abs(digits - 5), abs(digits - 9)) + others
    return int(near), -100.0 * wrong + free.log_probability, digits


def _goes_on(logits: NDArray[np.float32], alphabet: Alphabet, text: str) -> bool:
    """Whether the next longer end of the line reads as the same digits with more digits before them."""
    longer = greedy(logits, alphabet).text.replace(" ", "")
    digits = text.replace("-", "")
    before = longer.replace("-", "").removesuffix(digits)
    return len(before) < len(longer) and before[-1:].isdigit() and longer[0].isdigit()


def _are_countries(picture: Picture, block: AddressBlock, found: _Found, way: MailWay) -> bool:
    """Whether all that stands below a ZIP is the name of a country."""
    for line in block.lines[found.line + 1 :]:
        rows = find_rows(cut(block.flat.rgb, line)[0])
        if not rows:
            continue
        widest = max(rows, key=lambda row: row.ink.shape[1])
        logits = way.fields.logits([strip(widest.ink).ink])[0]
        free = greedy(logits, way.fields.alphabet).text.upper()
        if "".join(c for c in free if c.isalpha()) not in _COUNTRY:
            return False
    return True


def _ends(block: AddressBlock, line: TextLine) -> list[Piece]:
    """What may be the ZIP of a line, cut out, from the longest to the shortest."""
    crop, level = cut(block.flat.rgb, line)
    rows = find_rows(crop)
    if not rows:
        return []
    row = max(rows, key=lambda r: (r.box[2] - r.box[0]) * (r.box[3] - r.box[1]))
    back = _back(level, block, row)
    return [Piece(end.ink, back) for end in line_ends(row.ink)]


def _back(level: LevelWay, block: AddressBlock, row: FieldRow | None = None) -> Callable[[Points], Points]:
    """The way from a line that was cut out, or from a row of it, to the picture."""

    def back(points: Points) -> Points:
        return taken(level.back(row.back(points) if row else points), block.flat.to_picture)

    return back


def _lines(
    picture: Picture, block: AddressBlock, way: MailWay
) -> tuple[tuple[SeenLine, ...], tuple[Reading, ...]]:
    """The lines of an address, read as running text."""
    if way.lines is None:
        return (), ()
    pieces = []
    for line in block.lines:
        crop, level = cut(block.flat.rgb, line)
        outline = taken(np.array(line.polygon, np.float64), block.flat.to_picture)
        corners = tuple((float(x), float(y)) for x, y in outline)
        pieces.append(Piece(extract(crop, Assumption(polarity(crop) < 0)).ink, _back(level, block), corners))
    return read_pieces(pieces, picture, way.lines)


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
