"""The amount of a check, out of what networks say of its figures and of its words.

In: logits of the two places, None for one that is empty. Out: a `Decision`. Each place is held against the
grammar of its amounts, all of them at once (`decode.regular`): values are drawn as often as they are likely,
every value that either place brings up is then weighed exactly at both (`decode.agreement`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from inkread.alphabet import BLANK, Alphabet
from inkread.decode.agreement import Agreement, lone, weigh
from inkread.decode.regular import Language, Shares, draws, folded, log_share
from inkread.formats import courtesy, legal

__all__ = [
    "FIGURES",
    "TOLD",
    "WORDS",
    "Decision",
    "Side",
    "Writing",
    "brought_up",
    "decide",
    "looked_at",
    "weighed",
]

Logits = NDArray[np.float32]
_DRAWN, _TRIED = 32, 8
"""Texts drawn from each place, and values of each that are weighed at most."""
_FLAT = 0.5
"""As many are drawn where probabilities have this power: what is unlikely must be weighed as well."""
_OF_DIGITS, _LEAST_AFTER = 0.5, 3
"""What the network of fields says counts so much from the last gap on that so many characters follow."""
_SHORT = 2
"""A place with fewer frames than this holds nothing."""


@dataclass(frozen=True, slots=True)
class Writing:
    """A way to write amounts.

    Attributes:
        name: "figures" or "words".
        pattern: all texts.
        values: what a text may be worth, cents; figures without a point may have lost it.
        texts_of: the pattern of all texts worth so many cents.
        characters: that a text may hold.
        misread: the share of every frame left to misreadings.
    """

    name: str
    pattern: str
    values: Callable[[str], tuple[int, ...]]
    texts_of: Callable[[int], str]
    characters: str
    misread: float


FIGURES = Writing(
    "figures", courtesy.PATTERN, courtesy.values, courtesy.texts_of, "0123456789nox .,-/$*#=", 1e-2
)
WORDS = Writing(
    "words",
    legal.PATTERN,
    legal.values,
    legal.texts_of,
    "abcdefghijklmnopqrstuvwxyz0123456789 -,.&+/~_=*",
    1e-2,
)
TOLD = Agreement(
    weights=(1.661, 0.096, 0.193, 0.0, 0.589),
    slack=(0.5, 0.5),
    alone=((0.616, 0.586), (-0.335, 0.423)),
    against=0.24,
    curve=((0.005, 0.9933), (0.01, 0.9838), (0.02, 0.948)),
    n=120,
    data="simulated checks by hands and fonts that neither trained the models nor are reported on",
)
"""Fitted by `benchmarks/checks.py --fit` for the models fields 0.3 and lines 0.4."""


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One place of the amount.

    Attributes:
        writing: how amounts are written there.
        seen: the line as the grammar sees it.
        texts: the likeliest text of each value that was drawn.
        drawn: how often each value was drawn.
    """

    writing: Writing
    seen: Shares
    texts: dict[int, str]
    drawn: Counter[int]


@dataclass(frozen=True, slots=True)
class Decision:
    """What the two places say.

    Attributes:
        cents: the amount; None where neither place reads as one.
        confidence: the chance that it is right, 0..1.
        doubt: why a person must look whatever the confidence; empty where nothing speaks against it.
        shares: other amounts with their chances, the amount first.
        figures: the likeliest amount by the figures alone, None where there are none, and its share of all
            amounts.
        words: the same by the words alone.
        text: the words as they are read, in the grammar's spelling.
    """

    cents: int | None
    confidence: float
    doubt: str
    shares: tuple[tuple[int, float], ...]
    figures: tuple[int | None, float]
    words: tuple[int | None, float]
    text: str


@lru_cache(maxsize=2)
def _whole(pattern: str, characters: str) -> Language:
    return Language.of(pattern, characters)


@lru_cache(maxsize=512)
def _of_value(texts_of: Callable[[int], str], cents: int, characters: str) -> Language:
    return Language.of(texts_of(cents), characters)


def looked_at(
    logits: Logits | None,
    alphabet: Alphabet,
    writing: Writing,
    digits: tuple[Logits, Alphabet] | None = None,
) -> Side | None:
    """A place, and the amounts that may stand there.

    Args:
        logits: `(frames, classes)`; None where nothing is written.
        alphabet: of the model.
        writing: how amounts are written there.
        digits: what a network that knows digits better says of the same frames, and its alphabet; it is heard
            on what follows the last gap, where cents stand.

    Returns:
        None where nothing is written.
    """
    if logits is None or len(logits) < _SHORT:
        return None
    seen = folded(logits, alphabet, writing.characters, writing.misread)
    if digits is not None and len(digits[0]) == len(logits):
        said = folded(*digits, writing.characters, writing.misread)
        seen = _mixed(seen, said, _last_gap(logits, alphabet))
    drawn: Counter[int] = Counter()
    texts: dict[int, str] = {}
    flat = replace(seen, blank=seen.blank**_FLAT, shown=seen.shown**_FLAT)
    language = _whole(writing.pattern, writing.characters)
    for line, weight in ((seen, _DRAWN), (flat, 1)):
        for text, count in Counter(draws(line, language, _DRAWN)).most_common():
            for worth in writing.values(text):
                if 0 < worth <= legal.LARGEST:
                    drawn[worth] += weight * count
                    texts.setdefault(worth, text)
    return Side(writing, seen, texts, drawn)


def _last_gap(logits: Logits, alphabet: Alphabet) -> int:
    """The frame of the last blank between words that some characters follow; 0 where there is none."""
    best = logits.argmax(1)
    signs = [(at, alphabet.characters[k - 1]) for at, k in enumerate(best.tolist()) if k != BLANK]
    inked = [at for at, sign in signs if sign != " "]
    gaps = [at for at, sign in signs if sign == " " and sum(x > at for x in inked) >= _LEAST_AFTER]
    return gaps[-1] if gaps else 0


def _mixed(seen: Shares, said: Shares, start: int) -> Shares:
    """A line as one network sees it, from a frame on as two do."""
    part = np.where(np.arange(len(seen.blank)) >= start, _OF_DIGITS, 0.0)
    shown = (1 - part[:, None]) * seen.shown + part[:, None] * said.shown
    return Shares((1 - part) * seen.blank + part * said.blank, shown, seen.characters)


def brought_up(sides: Sequence[Side]) -> list[int]:
    """The amounts, in cents, that are worth weighing: the likely ones of each place."""
    return list(dict.fromkeys(v for side in sides for v, _ in side.drawn.most_common(_TRIED)))


def weighed(side: Side, values: list[int]) -> dict[int, float]:
    """How likely each of some amounts is at a place.

    Args:
        side: the place.
        values: cents.

    Returns:
        Cents -> log-probability among all texts.
    """
    writing = side.writing
    return {
        value: log_share(side.seen, _of_value(writing.texts_of, value, writing.characters))
        for value in values
    }


def decide(figures: Side | None, words: Side | None, told: Agreement = TOLD) -> Decision:
    """Put the two places together.

    Args:
        figures: the amount in figures; None where there is none.
        words: the amount in words; None where there is none.
        told: what was measured of their agreement.
    """
    sides = [side for side in (figures, words) if side]
    values = brought_up(sides)
    if not values:
        return Decision(None, 0.0, "no amount: nothing there reads as one", (), (None, 0.0), (None, 0.0), "")
    if figures is None or words is None:
        return _decided_alone(sides[0], values, told)
    first, second = weighed(figures, values), weighed(words, values)
    verdict = weigh(first, second, told)
    own = _best(first), _best(second)
    doubt = ""
    if not verdict.agrees:
        doubt = f"figures read {_money(own[0][0])}, words read {_money(own[1][0])}: they differ"
    text = words.texts.get(own[1][0], "")
    return Decision(verdict.best, verdict.confidence, doubt, verdict.shares, own[0], own[1], text)


def _decided_alone(side: Side, values: list[int], told: Agreement) -> Decision:
    """The amount where only one of its places is filled in."""
    found = weighed(side, values)
    is_words = side.writing is WORDS
    verdict = lone(found, told.alone[is_words])
    own, none = _best(found), (None, 0.0)  # cents, and their share
    text = side.texts.get(own[0], "") if is_words else ""
    first, second = (none, own) if is_words else (own, none)
    return Decision(verdict.best, verdict.confidence, "", verdict.shares, first, second, text)


def _best(found: dict[int, float]) -> tuple[int, float]:
    """The likeliest amount of a place, and its share of those weighed."""
    best = max(found, key=lambda value: found[value])
    return best, float(np.exp(found[best] - np.logaddexp.reduce(list(found.values()))))


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
