"""Weigh what two readers say of a ZIP, and what the words before it say of where it lies.

In: what the reader of fields says of the strokes, what the reader of lines says of the line that they end,
and the format. Out: a `Weighed` ZIP with a confidence. ZIPs that are weighed are those that either reader
finds likely, and those that differ from one of these in a single digit and are in the list.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inkread import zips
from inkread.alphabet import Alphabet
from inkread.decode import postal
from inkread.decode.constrain import passed_over, search_valid
from inkread.decode.ctc import Span, align, greedy, log_probabilities
from inkread.decode.postal import Told
from inkread.readers.field import FieldWay
from inkread.readers.mail_lines import AddressLine
from inkread.readers.text import SeenLine
from inkread.types import Alternative

__all__ = ["Heard", "Weighed", "heard_of", "weigh"]

_UNLISTED = 3.0
"""What it costs a ZIP that the list has not, nats."""
_MISSENT = 14.0
"""No ZIP is less likely for its place than by so much, nats: senders err, too."""
_AS_WRITTEN = 3.0
"""Where other digits are likelier by so many nats and only the city is against them, a person must look."""
_NAMED, _MOST_OF_CITIES = -6.0, 200
"""From this fit on, in nats, the words name a ZIP's city; so many ZIPs of other cities are weighed."""
_NEVER = -200.0
_VARIED = 2
"""So many of the likeliest ZIPs are varied by a digit."""
_MOST, _LEAST_SHOWN = 5, 0.001
_WORDS = 2
"""Frames of words before the ZIP, from which on there are some."""


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """What the reader of lines says.

    Attributes:
        words: `(frames, classes)`, of what stands before the ZIP, in its line or in the line above.
        digits: `(frames, classes)`, of the ZIP itself.
        alphabet: of both.
    """

    words: NDArray[np.float32]
    digits: NDArray[np.float32]
    alphabet: Alphabet


@dataclass(frozen=True, slots=True)
class Weighed:
    """A ZIP, weighed.

    Attributes:
        text: five digits or nine.
        spans: where the reader of fields sees its characters.
        total: how likely it is that this end of the line is the ZIP, as a logarithm, up to a constant.
        named: whether the words before it name its city or its state, or there are none.
        sure: the chance that its first five digits are right, 0..1.
        doubt: why a person must look whatever the confidence; empty where nothing speaks against it.
        alternatives: it and others, the likeliest first.
        told: what each ZIP was weighed by.
        features: what the confidence was told from.
    """

    text: str
    spans: tuple[Span, ...]
    total: float
    named: bool
    sure: float
    doubt: str
    alternatives: tuple[Alternative, ...]
    told: dict[str, Told]
    features: tuple[float, ...]


def heard_of(line: AddressLine, above: AddressLine | None, left: float) -> Heard | None:
    """What the reader of lines says of a line that ends in a ZIP.

    Args:
        line: which.
        above: the line above it, where city and state stand if the ZIP stands alone; None of the first.
        left: the column of the line's crop where the ZIP begins.

    Returns:
        None where there is no such reader.
    """
    if line.logits is None or line.reader is None:
        return None
    frame = line.frame(left)
    words = line.logits[:frame]
    if frame <= _WORDS and above is not None and above.logits is not None:
        words = above.logits
    return Heard(words, line.logits[frame:], line.reader.alphabet)


def weigh(logits: NDArray[np.float32], seen: SeenLine, heard: Heard, way: FieldWay) -> Weighed | None:
    """Weigh the ZIPs that may stand at the end of a line.

    Args:
        logits: `(frames, classes)`, of the reader of fields.
        seen: what it was read as.
        heard: what the reader of lines says.
        way: how fields are read, and the format: a ZIP or a ZIP+4.

    Returns:
        None where nothing that either reader finds likely is one.
    """
    own = passed_over(logits, way.recognizer.alphabet, " ")
    texts = _texts(seen, heard, way)
    if not texts:
        return None
    told, full = _told(texts, own, heard, way.recognizer.alphabet)
    if max(one.fit for one in told.values()) < _NAMED:  # the words name another city: its ZIPs, too
        said = [z for city in postal.cities_said(heard.words, heard.alphabet) for z in city][:_MOST_OF_CITIES]
        more = [z + texts[0][5:] for z in said if z not in told]
        told, full = _told([*texts, *more], own, heard, way.recognizer.alphabet)
    best = max(told, key=lambda z: postal.TOLD.together(told[z]))
    written = max(told, key=lambda z: postal.TOLD.written(told[z]))
    doubt = way.format.doubt(full[best])
    if not doubt and postal.TOLD.written(told[written]) > postal.TOLD.written(told[best]) + _AS_WRITTEN:
        doubt = (
            f"the digits read {full[written]}; the words before them fit {zips.city(best)} {zips.state(best)}"
        )
    free = greedy(own, way.recognizer.alphabet)
    against = _NEVER if way.format.valid(free.text) else free.log_probability
    seen_so = postal.features(told, best, postal.TOLD, against)
    sure = postal.TOLD.confidence(seen_so)
    spans = tuple(align(own, way.recognizer.alphabet.encode(full[best])))
    total = postal.TOLD.written(told[best]) + postal.TOLD.place * told[best].fit  # beside other ends of lines
    shares = _shares(told, full, best, sure)
    return Weighed(
        full[best],
        spans,
        total,
        _is_named(told[best], heard),
        sure,
        doubt,
        shares,
        told,
        tuple(seen_so.tolist()),
    )


def _is_named(told: Told, heard: Heard) -> bool:
    """Whether words say where a ZIP lies, to its state at least, or nothing is said."""
    free = greedy(heard.words, heard.alphabet).text
    return told.fit > postal.unnamed(sum(c.isalpha() for c in free)) + 1.0


def _texts(seen: SeenLine, heard: Heard, way: FieldWay) -> list[str]:
    """The ZIPs that are weighed."""
    form = way.format
    found = [h.text.replace(" ", "") for h in seen.options if form.valid(h.text)]
    if len(heard.digits):
        shares = postal.seen_as_digits(heard.digits, heard.alphabet)
        alphabet = Alphabet(postal.DIGITS)
        there = search_valid(shares.astype(np.float32), alphabet, form.can_begin, form.valid)
        found += [h.text for h in there]
    ends = {text[:5]: text[5:] for text in reversed(found)}
    first = list(dict.fromkeys(text[:5] for text in found))
    varied = [z for text in first[:_VARIED] for z in _varied(text) if zips.is_listed(z)]
    tail = ends[first[0]] if first else ""
    return list(dict.fromkeys([*found, *(z + tail for z in varied)]))


def _varied(zip5: str) -> Iterable[str]:
    """All texts that differ in one digit."""
    for at in range(5):
        for digit in "0123456789":
            if digit != zip5[at]:
                yield zip5[:at] + digit + zip5[at + 1 :]


def _told(
    texts: list[str], own: NDArray[np.float32], heard: Heard, alphabet: Alphabet
) -> tuple[dict[str, Told], dict[str, str]]:
    """What is told of each ZIP, and the text that it stands in."""
    by_fields = log_probabilities(own, [alphabet.encode(text) for text in texts])
    by_lines = postal.digits_told(heard.digits, heard.alphabet, texts)
    best: dict[str, int] = {}
    for k, text in enumerate(texts):
        zip5 = text[:5]
        if zip5 not in best or by_fields[k] + by_lines[k] > by_fields[best[zip5]] + by_lines[best[zip5]]:
            best[zip5] = k
    listed = [z for z in best if zips.is_listed(z)]
    places = dict.fromkeys((zips.city(z), zips.state(z)) for z in listed)
    fits = dict(zip(places, postal.place_told(heard.words, heard.alphabet, list(places)), strict=True))
    values = [float(fit) for fit in fits.values()] or [0.0]
    least, most = min(values) - _UNLISTED, max(values)
    told = {}
    for z, k in best.items():
        fit = float(fits.get((zips.city(z), zips.state(z)), least))
        place = max(fit - most, -_MISSENT) - (_UNLISTED if z not in listed else 0.0)
        told[z] = Told(max(float(by_fields[k]), _NEVER), float(by_lines[k]), fit, place)
    return told, {z: texts[k] for z, k in best.items()}


def _shares(told: dict[str, Told], full: dict[str, str], best: str, sure: float) -> tuple[Alternative, ...]:
    """The ZIPs, the chosen one first, with what its confidence leaves to the others by their odds."""
    odds = {
        z: float(np.exp(postal.TOLD.together(t) - postal.TOLD.together(told[best]))) for z, t in told.items()
    }
    odds.pop(best)
    whole = sum(odds.values()) or 1.0
    rest = sorted(((min(sure, (1 - sure) * o / whole), z) for z, o in odds.items()), reverse=True)
    shown = [Alternative(full[z], share) for share, z in rest if share >= _LEAST_SHOWN][: _MOST - 1]
    return (Alternative(full[best], sure), *shown)
