"""Find the ZIP of an address: the ends of its last lines looked at, and two readers weighed.

In: the lines of an address, cut out (`mail_lines`), and how mail is read. Out: a `ZipFound`. The reader of
fields sees each end of a line that may be a ZIP; the reader of lines has seen the whole line, city and state
among it. What both say, and what the list of ZIPs says to it, is weighed together (`decode.postal`). Where
another ZIP fits the city but not the digits, the digits stay as they are written, and a person must look.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from inkread.alphabet import Alphabet
from inkread.decode.constrain import passed_over
from inkread.decode.ctc import Hypothesis, greedy
from inkread.formats import find
from inkread.imaging.load import Picture
from inkread.imaging.strips import strip
from inkread.readers.field import COULD_BE, FieldWay, read_row
from inkread.readers.mail_evidence import Weighed, heard_of, weigh
from inkread.readers.mail_lines import AddressLine, End, ends
from inkread.readers.text import Place, SeenLine, characters_of, edges_of
from inkread.runtime.linewise import LineRecognizer
from inkread.types import Reading, Status

__all__ = ["ZipFound", "find_zip"]

_LOWEST_LINES = 3
"""The ZIP is looked for in so many lines from the bottom."""
_READS = 0.5
"""A ZIP that is likelier than this ends the search for a likelier one."""
_MAYBE = 0.02
"""Less likely than this, no ZIP stands there."""
_TRIED = 3
"""Ends of one line that are read, the likeliest."""
_NUMBER, _CONFUSED, _LONGEST, _LONGER = 3, 2, 12, 7
"""So many digits at least, with so many other signs and altogether so many at most, may be a ZIP that is not
read clearly; with more digits than the last it is a ZIP+4."""
_NO_ZIP = 100.0
"""An end of a line that both readers looked at and that is no ZIP comes after all that are, nats."""
_COUNTRY = frozenset({"USA", "US", "UNITEDSTATES", "UNITEDSTATESOFAMERICA", "AMERICA"})


@dataclass(frozen=True, slots=True, eq=False)
class ZipFound:
    """A ZIP, as one address gives it.

    Attributes:
        reading: five digits or nine, to be reviewed or accepted.
        seen: what the network saw.
        line: the number of its line.
        sure: how likely its text is, 0..1.
        weighed: what it was told from; None where one reader read it alone.
    """

    reading: Reading
    seen: SeenLine
    line: int
    sure: float
    weighed: Weighed | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """An end of a line as the reader of fields answered to it."""

    end: End
    place: Place
    logits: NDArray[np.float32]
    like: tuple[int, float, int]


def find_zip(
    lines: Sequence[AddressLine], picture: Picture, fields: LineRecognizer, threshold: float
) -> ZipFound | None:
    """The ZIP of an address: of the last line, or of one of the lines above where that one is none.

    Args:
        lines: from the top.
        picture: where they are from.
        fields: reads digits.
        threshold: the least confidence at which a ZIP is accepted.

    Returns:
        None where the lines end in nothing that reads as a ZIP.
    """
    best: ZipFound | None = None
    last = len(lines) - 1
    for number in range(last, max(-1, last - _LOWEST_LINES), -1):
        before = lines[number - 1] if number else None
        found = _zip_in((lines[number], before), picture, FieldWay(fields, threshold, find("us_zip")))
        # Above the last line only what clearly is a ZIP is one: a street has numbers, too.
        if found is not None and (number == last or _is_clear(found)):
            found = replace(found, line=number)
            best = found if best is None or found.sure > best.sure else best
        if best is not None and best.sure >= _READS:
            break
    if best is None or best.sure < _MAYBE:
        return None
    below = lines[best.line + 1 :]
    if best.reading.status == "accepted" and not all(_is_country(line, fields) for line in below):
        reason = "stands in a line above the last one, which cannot be read"
        best = replace(best, reading=replace(best.reading, status="review", reason=reason))
    return best


def _is_clear(found: ZipFound) -> bool:
    """Whether what stands above the last line is a ZIP: the words before it name its city or its state."""
    if not found.reading.text or found.sure < _MAYBE:
        return False
    return found.weighed is None or found.weighed.named


def _zip_in(
    where: tuple[AddressLine, AddressLine | None], picture: Picture, way: FieldWay
) -> ZipFound | None:
    """The likeliest ZIP at the end of a line; None where it ends in nothing like one."""
    told = ends(where[0])
    places = [Place(end.piece, strip(end.piece.ink), picture) for end in told]
    answers = way.recognizer.logits([place.given(way.recognizer) for place in places])
    alphabet = way.recognizer.alphabet
    seen = [_Seen(e, p, a, _likeness(a, alphabet)) for e, p, a in zip(told, places, answers, strict=True)]
    tried = sorted((one for one in seen if one.like[0]), key=lambda one: one.like, reverse=True)[:_TRIED]
    longer = {id(short): long for long, short in pairwise(seen)}
    best: tuple[float, ZipFound] | None = None
    for one in tried:
        total, found = _of_end(where, one, way)
        more = longer.get(id(one))
        if (
            found.reading.status == "accepted"
            and more
            and _goes_on(more.logits, alphabet, found.reading.text)
        ):
            reading = replace(found.reading, status="review", reason="more digits stand right before it")
            found = replace(found, reading=reading)
        if best is None or total > best[0]:
            best = total, found
    return best[1] if best else None


def _of_end(
    where: tuple[AddressLine, AddressLine | None], one: _Seen, way: FieldWay
) -> tuple[float, ZipFound]:
    """One end of a line as both readers read it, and how likely it is that it is the ZIP."""
    way = replace(way, format=find("us_zip4" if one.like[2] > _LONGER else "us_zip"))
    seen, reading = read_row(one.place, one.logits, way)
    reading = replace(reading, name="zip")
    heard = heard_of(*where, one.end.left)
    weighed = weigh(one.logits, seen, heard, way) if heard and reading.guess else None
    if weighed is None:
        own = seen.options[0].log_probability
        sure = float(np.exp(own)) if reading.text else 0.0
        return own - (_NO_ZIP if heard else 0.0), ZipFound(reading, seen, -1, sure)
    best = Hypothesis(weighed.text, 0.0, 0.0, weighed.spans)
    edges = edges_of(best, one.place.strip.ink.shape[1])
    status, reason = _verdict(weighed, way)
    reading = replace(
        reading,
        text=weighed.text,
        confidence=weighed.sure,
        status=status,
        reason=reason,
        alternatives=weighed.alternatives,
        characters=characters_of(best, one.place, edges),
    )
    seen = replace(seen, options=(best, *seen.options), edges=edges)
    digits = float(np.exp(weighed.told[weighed.text[:5]].digits))
    return weighed.total, ZipFound(reading, seen, -1, max(weighed.sure, digits), weighed)


def _verdict(weighed: Weighed, way: FieldWay) -> tuple[Status, str]:
    """The status of a ZIP that two readers read, and why a person must look."""
    if weighed.doubt:
        return "review", weighed.doubt
    if weighed.sure >= way.threshold:
        return "accepted", ""
    second = weighed.alternatives[1] if len(weighed.alternatives) > 1 else None
    if second and second.confidence > 0.5 * (1 - weighed.sure):
        return "review", f"{COULD_BE} {second.text} ({second.confidence:.0%})"
    return "review", "not sure enough for the error target"


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


def _is_country(line: AddressLine, fields: LineRecognizer) -> bool:
    """Whether a line says the name of a country."""
    said = [greedy(fields.logits([line.strip.ink])[0], fields.alphabet).text]
    if line.logits is not None and line.reader is not None:
        said.append(greedy(line.logits, line.reader.alphabet).text)
    return any("".join(c for c in text.upper() if c.isalpha()) in _COUNTRY for text in said)
