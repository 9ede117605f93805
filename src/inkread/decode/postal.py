"""The last line of an address as evidence: which ZIP stands there, told by two readers and the list of ZIPs.

In: what a reader of digits says of the ZIP's strokes, what a reader of running text says of the whole line,
and the frame of the latter where the ZIP begins. Out: for each ZIP three logarithms: how likely its digits
are by the one reader, by the other, and how well the words before them fit the city and the state that the
list has for it. The readers are different networks that see other strokes of their surroundings, so that
their probabilities multiply; `Postal` says how sure that makes the likeliest ZIP.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from string import ascii_lowercase

import numpy as np
from numpy.typing import NDArray

from inkread import zips
from inkread.alphabet import BLANK, Alphabet
from inkread.decode.confidence import softmax
from inkread.decode.ctc import likeliest_path, summed

__all__ = [
    "DIGITS",
    "FEATURES",
    "TOLD",
    "Postal",
    "Told",
    "cities_said",
    "digits_told",
    "features",
    "place_told",
    "seen_as_digits",
    "spelled",
    "unnamed",
]

FEATURES = (
    *("one", "lead of all together", "lead of the digits", "lead of the first", "lead of the second"),
    *("lead of the first over what is no ZIP", "log-odds of the second", "fit of the place"),
)
"""What `features` gives, in order; leads are natural logarithms, of the best ZIP over the next."""
DIGITS = "0123456789-"
_MISREAD_DIGIT, _MISREAD_LETTER = 0.02, 0.1
"""The share of each frame that is spread over all characters: one that is misread costs much, and not all."""
_UNKNOWN, _A_LETTER, _OTHER_NAME = 2.5, 2.5, 3.0
"""What a letter of a name costs that the list does not have, nats, and what it costs that it has not."""
_STATE_ONLY = 2.0
"""What it costs where the state is the list's and the city is not."""
_FAR = 14.0
_LIKE = 0.5
"""Names that have so many pairs of letters in common may be one, misread."""
_ALIKE = dict(zip("OoQDlIi|ZzSsbGTBgq–—", "000011112255667899--", strict=True))
"""What a reader of text may take a digit for; where a ZIP stands, it is one."""
_SHORT = {"saint": "st", "fort": "ft", "mount": "mt", "north": "n", "south": "s", "east": "e", "west": "w"}
"""How words of cities are shortened."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of one ZIP: logarithms.

    Attributes:
        digits: that the reader of digits reads it.
        line: that the reader of lines reads it behind the words; 0 of all where there is none.
        fit: how well the words fit its city and state, 0 where they say just that, and of all where there
            are none.
        place: the same beside the ZIP that they fit best: 0 of that one, and never so far below that clear
            digits are overruled, for senders err, too.
    """

    digits: float
    line: float = 0.0
    fit: float = 0.0
    place: float = 0.0


@dataclass(frozen=True, slots=True)
class Postal:
    """How the evidence counts, and how sure it makes a ZIP: measured on mail of hands held back.

    Attributes:
        line, place: how much the second reader and the words count beside the first reader.
        weights: one for each of `FEATURES`; their sum is the log-odds of the best ZIP being right.
        curve: (target error, least confidence that keeps it), targets increasing, confidences not increasing.
        n: pieces it was measured on.
        data: what those pieces were, in words.
    """

    line: float
    place: float
    weights: tuple[float, ...]
    curve: tuple[tuple[float, float], ...] = ()
    n: int = 0
    data: str = field(default="")

    def together(self, told: Told) -> float:
        """How likely a ZIP is by all evidence, as a logarithm, up to a constant."""
        return told.digits + self.line * told.line + self.place * told.place

    def written(self, told: Told) -> float:
        """The same by its digits alone."""
        return told.digits + self.line * told.line

    def confidence(self, found: NDArray[np.float64]) -> float:
        """The chance that a ZIP with such features is right, 0..1."""
        return float(1 / (1 + np.exp(-np.clip(found @ np.array(self.weights), -30, 30))))

    def least(self, target: float) -> float:
        """The least confidence at which ZIPs are accepted; above 1 where none was sure enough.

        Args:
            target: the expected share of wrong ZIPs among the accepted ones, in 0..1.
        """
        kept = [sure for known, sure in self.curve if known <= target]
        return min(kept, default=2.0)


TOLD = Postal(
    line=0.7,
    place=0.5,
    weights=(2.681, 0.525, 0.0, 0.0, 0.0, 0.06, 0.298, 0.21),
    curve=((0.005, 0.9851), (0.01, 0.9446), (0.02, 0.8434), (0.05, 0.5984), (0.1, 0.5478)),
    n=139,
    data="simulated pieces by hands and fonts that are not reported on",
)
"""Fitted by `benchmarks/mail.py --fit` for fields 0.3 and lines 0.4, every target a step stricter
than the curve: of 122 pieces that it would accept at 1 % none was wrong, which proves 2.4 %."""


def _seen_as(
    logits: NDArray[np.float32],
    alphabet: Alphabet,
    characters: str,
    misread: float,
    alike: Mapping[str, str] | None = None,
) -> NDArray[np.float64]:
    """Logits as log-probabilities of a few characters: small and capital letters together, all else nothing.

    Args:
        logits: `(frames, classes)`.
        alphabet: of the model.
        characters: of the columns behind the blank's.
        misread: the share of every frame that is spread evenly over all columns, 0..1.
        alike: characters that are taken for others.

    Returns:
        `(frames, 1 + characters)`. Spaces, points and commas count as blank; what else there is, does not
        count at all.
    """
    said = softmax(np.asarray(logits, np.float64))
    shown = np.zeros((len(said), 1 + len(characters)))
    shown[:, BLANK] = said[:, BLANK]
    for k, c in enumerate(alphabet.characters, start=BLANK + 1):
        at = characters.find(alike.get(c, c) if alike else c.lower())
        if at >= 0:
            shown[:, at + 1] += said[:, k]
        elif c in " .,;:'’":
            shown[:, BLANK] += said[:, k]
    return np.asarray(np.log((1 - misread) * shown + misread / shown.shape[1]))


def seen_as_digits(logits: NDArray[np.float32], alphabet: Alphabet) -> NDArray[np.float64]:
    """Logits of a reader of lines as log-probabilities of the blank and `DIGITS`."""
    return _seen_as(logits, alphabet, DIGITS, _MISREAD_DIGIT, _ALIKE)


def digits_told(logits: NDArray[np.float32], alphabet: Alphabet, texts: Sequence[str]) -> NDArray[np.float64]:
    """How likely a reader of lines says each of some ZIPs.

    Args:
        logits: `(frames, classes)`, of the frames where the ZIP stands.
        alphabet: of the model.
        texts: ZIPs and ZIP+4s.
    """
    shares = seen_as_digits(logits, alphabet)
    return _floored(summed(shares, [[DIGITS.index(c) + 1 for c in text] for text in texts]))


def spelled(city: str, state: str) -> tuple[str, ...]:
    """How a city and its state may be written, in small letters without spaces.

    Args:
        city: its name, as `zips.city` has it.
        state: two letters.

    Example:
        >>> spelled("St. Paul", "MN")
        ('stpaulmn', 'stpaulminnesota', 'saintpaulmn', 'saintpaulminnesota')
    """
    words = "".join(c if c.isalpha() else " " for c in city.lower()).split()
    full = {short: long for long, short in _SHORT.items()}
    cities = dict.fromkeys("".join(one.get(w, w) for w in words) for one in ({}, _SHORT, full))
    ends = (state.lower(), _letters(zips.STATES.get(state, "")))
    return tuple(name + end for name in cities for end in ends)


def place_told(
    logits: NDArray[np.float32], alphabet: Alphabet, places: Sequence[tuple[str, str]]
) -> NDArray[np.float64]:
    """How well words fit each of some places, against whatever they say.

    Args:
        logits: `(frames, classes)` of a reader of lines, of the frames before the ZIP.
        alphabet: of the model.
        places: (city, state), as the list of ZIPs has them.

    Returns:
        `(places,)`, 0 where they say just that; one that they do not say at all is as likely as any name
        that the list has not.
    """
    shares = _seen_as(logits, alphabet, ascii_lowercase, _MISREAD_LETTER)
    free = "".join(ascii_lowercase[k - 1] for k in likeliest_path(shares)[0])
    if not free:
        return np.zeros(len(places))
    texts, floors, owner = [free], [0.0], [-1]
    for number, (city, state) in enumerate(places):
        for text in spelled(city, state):
            texts.append(text)
            floors.append(0.0)
            owner.append(number)
        for end in (state.lower(), _letters(zips.STATES.get(state, ""))):
            if 0 < len(end) < len(free):
                kept = free[: len(free) - len(end)]
                texts.append(kept + end)
                owner.append(number)
                floors.append(-_STATE_ONLY - _A_LETTER * len(kept))
    found = summed(shares, [[ascii_lowercase.index(c) + 1 for c in text] for text in texts])
    out = np.full(len(places), unnamed(len(free)))
    np.logaddexp.at(out, np.array(owner[1:], np.int64), found[1:] - found[0] + np.array(floors[1:]))
    return np.minimum(out, 0.0)


def cities_said(logits: NDArray[np.float32], alphabet: Alphabet, most: int = 6) -> list[tuple[str, ...]]:
    """The ZIPs of the cities that words may name, the city most like them first.

    Args:
        logits: `(frames, classes)` of a reader of lines, of the frames before the ZIP.
        alphabet: of the model.
        most: cities that are told.

    Returns:
        Nothing where the words end in no state.
    """
    shares = _seen_as(logits, alphabet, ascii_lowercase, _MISREAD_LETTER)
    free = "".join(ascii_lowercase[k - 1] for k in likeliest_path(shares)[0])
    found: list[tuple[float, tuple[str, ...]]] = []
    for code, name in zips.STATES.items():
        for end in (code.lower(), _letters(name)):
            if len(free) > len(end) and free.endswith(end):
                said = free[: len(free) - len(end)]
                places = zips.cities_of(code).items()
                found += [(_alike(said, spelled(city, "")[0]), own) for city, own in places]
    found.sort(key=lambda one: -one[0])
    return [own for like, own in found[:most] if like >= _LIKE]


def features(found: Mapping[str, Told], best: str, how: Postal, free: float) -> NDArray[np.float64]:
    """What tells how sure a ZIP is.

    Args:
        found: ZIP -> what is told of it.
        best: the one that is chosen, one of them.
        how: how it counts.
        free: log-probability of the likeliest text that is no ZIP, by the reader of digits.

    Returns:
        `(8,)`: `FEATURES`.
    """
    leads = [
        _lead({z: told(t) for z, t in found.items()}, best)
        for told in (how.together, how.written, lambda t: t.digits, lambda t: t.line)
    ]
    own = found[best]
    against = min(leads[2], own.digits - free)
    return np.array([1.0, *np.clip([*leads, against, _odds(own.line), own.fit], -_FAR, _FAR)])


def unnamed(letters: int) -> float:
    """How well words of so many letters fit a place that they do not name, nats."""
    return -_OTHER_NAME - _UNKNOWN * letters


def _alike(one: str, other: str) -> float:
    """The share of pairs of neighbouring letters that two names have in common, 0..1."""
    first, second = (Counter(zip(f"^{name}", f"{name}$", strict=True)) for name in (one, other))
    return 2 * (first & second).total() / (first.total() + second.total())


def _letters(name: str) -> str:
    return "".join(c for c in name.lower() if c.isalpha())


def _floored(logs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logarithms no further below than counts."""
    return np.maximum(logs, -200.0)


def _odds(log_share: float) -> float:
    share = min(log_share, -1e-6)
    return float(share - np.log(-np.expm1(share)))


def _lead(values: Mapping[str, float], best: str) -> float:
    """How far a ZIP is ahead of the best other one; below 0 where it is behind."""
    others = [p for z, p in values.items() if z != best]
    return values[best] - max(others, default=values[best] - _FAR)
