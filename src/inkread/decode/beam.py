"""Prefix beam search: the best texts of a line's logits, with a language's help where one is given.

Without a language a text's score is its exact CTC log-probability. With one it is

    log_probability + weight * log p(text | language) + bonus * characters (+ word_bonus * words of the list)

natural logarithms all. The score weighs every text alike, so the share of a text among *all* texts is a
probability: `total` sums over them, in a beam that merges texts as soon as nothing tells their futures
apart. What the search prunes is the same for all texts: characters below `floor` in a frame, and prefixes
far behind the best.

Nothing is invented: where the blank wins in every frame the text is empty, whatever a language would like
better.

Source: Hannun et al., First-pass large vocabulary continuous speech recognition using bi-directional
recurrent DNNs, 2014.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Protocol

import numpy as np

from inkread.alphabet import BLANK, Alphabet
from inkread.decode.ctc import Hypothesis, align, check, log_probabilities, log_softmax
from inkread.decode.ngram import END, NGram
from inkread.errors import UsageError

__all__ = ["Beam", "Grammar", "Settings", "log_share", "search", "shares", "total", "worth_trying"]

_Frame = tuple[float, list[tuple[int, float]]]
_NOBODY = (-1, 0.0)
_CLEARLY_WORSE = 6.0
"""A language whose score of the greedy text is this much (nats) below another's is not tried."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How to search.

    Attributes:
        width: prefixes kept after each frame.
        weight: of the language's log-probability; 0 leaves it out.
        bonus: nats for each character, which makes up for what a language takes from long texts.
        floor: a character below this softmax probability is not tried in a frame.
        spread: nats; a prefix further behind the best is dropped.
        keep: hypotheses given at most.
        words: known words in small letters.
        word_bonus: nats for each word of two letters or more that is among them: a listed word beats one
            that is not listed within this margin, and no further.
    """

    width: int = 32
    weight: float = 0.7
    bonus: float = 1.8
    floor: float = 1e-3
    spread: float = 8.0
    keep: int = 5
    words: frozenset[str] = frozenset()
    word_bonus: float = 0.0

    def __post_init__(self) -> None:
        if self.width < 1 or self.keep < 1 or not 0 <= self.floor < 1 or self.spread <= 0:
            raise UsageError(
                f"a beam of width {self.width}, floor {self.floor}, spread {self.spread}, keep {self.keep} "
                "cannot search; expected width and keep from 1, floor from 0 to below 1, spread above 0"
            )


def search(
    logits: np.ndarray,
    alphabet: Alphabet,
    *,
    language: NGram | Sequence[NGram] | None = None,
    settings: Settings | None = None,
) -> list[Hypothesis]:
    """The best texts of a line.

    Args:
        logits: `(frames, classes)`, before softmax.
        alphabet: of the model.
        language: an n-gram; several where it is not known which holds (the score is then the mean over them,
            as probabilities); None for none.
        settings: how to search; None for the defaults.

    Returns:
        One Hypothesis or more, best first, each text once; `log_probability` is exact, and the best has
        spans.

    Raises:
        ModelError: the logits do not fit the alphabet.

    Example:
        >>> frames = 9.0 * np.eye(3)[[1, 1, 0, 1, 2]]  # a a - a b
        >>> search(frames, Alphabet("ab"))[0].text
        'aab'
    """
    check(logits, alphabet)
    settings = settings or Settings()
    found = log_softmax(logits)
    if (found.argmax(axis=1) == BLANK).all():
        nothing = float(found[:, BLANK].sum())
        return [Hypothesis("", nothing, nothing)]
    frames = worth_trying(found, settings.floor)
    grammars = _grammars(found, alphabet, language, settings)
    texts = dict.fromkeys(text for g in grammars for text in Beam(g, settings).run(frames).texts())
    exact = log_probabilities(logits, list(texts))
    scores = [p + _mean([g.gain(text) for g in grammars]) for text, p in zip(texts, exact, strict=True)]
    order = sorted(zip(scores, exact, texts, strict=True), key=lambda h: -h[0])[: settings.keep]
    hypotheses = [Hypothesis(alphabet.decode(text), float(p), score) for score, p, text in order]
    return [replace(hypotheses[0], spans=tuple(align(logits, order[0][2]))), *hypotheses[1:]]


def total(
    logits: np.ndarray,
    alphabet: Alphabet,
    *,
    language: NGram | Sequence[NGram] | None = None,
    settings: Settings | None = None,
) -> float:
    """The logarithm of the sum of exp(score) over all texts: exp(score - total) is a text's share among all.

    Args:
        logits: `(frames, classes)`, before softmax.
        alphabet: of the model.
        language: as for `search`.
        settings: as for `search`. Texts that differ only so far back that no n-gram sees it share one place
            of the beam, so that `width` bounds what is uncertain at one spot, not in the whole line.

    Returns:
        Natural logarithm; 0 without a language and bonus, but for what is pruned.

    Raises:
        ModelError: the logits do not fit the alphabet.
    """
    check(logits, alphabet)
    settings = settings or Settings()
    found = log_softmax(logits)
    frames = worth_trying(found, settings.floor)
    grammars = _grammars(found, alphabet, language, settings)
    return _mean([Beam(g, settings, merge=True).run(frames).sum() for g in grammars])


def shares(hypotheses: Sequence[Hypothesis], whole: float | None = None) -> list[float]:
    """What share of the probability each hypothesis has.

    Args:
        hypotheses: from `search`.
        whole: from `total`, with the same logits, language and settings; None for the share among the
            hypotheses alone, which is too much wherever others are as good.

    Returns:
        0..1 each, in the order of the hypotheses; without `whole` they sum to 1.
    """
    scores = np.array([h.score for h in hypotheses])
    if not len(scores):
        return []
    among = float(np.logaddexp.reduce(scores))
    return np.exp(scores - (among if whole is None else max(whole, among))).tolist()


def log_share(hypothesis: Hypothesis, whole: float) -> float:
    """What a line's confidence is told from where a language ranks: the text's share among all, a logarithm.

    Args:
        hypothesis: from `search`.
        whole: from `total`, with the same logits, language and settings.

    Returns:
        Natural logarithm, 0 or less; raw, to be calibrated as `log_probability` is where no language ranks
        (without language and bonus the two are the same).
    """
    return min(0.0, hypothesis.score - whole)


def _mean(logs: list[float]) -> float:
    """The logarithm of the mean of what logarithms stand for."""
    return float(np.logaddexp.reduce(logs)) - math.log(len(logs))


def worth_trying(found: np.ndarray, floor: float) -> list[_Frame]:
    """For each frame the blank's probability, and (class, probability) of the characters worth trying."""
    shown = np.exp(found)
    blank = np.maximum(shown[:, BLANK], 1e-300).tolist()
    worth = shown > floor
    worth[np.arange(len(shown)), shown.argmax(axis=1)] = True
    worth[:, BLANK] = False
    tried: list[list[tuple[int, float]]] = [[] for _ in blank]
    rows, classes = np.nonzero(worth)
    for t, k, p in zip(rows.tolist(), classes.tolist(), shown[rows, classes].tolist(), strict=True):
        tried[t].append((k, p))
    for frame in tried:
        frame.sort(key=lambda character: -character[1])
    return list(zip(blank, tried, strict=True))


def _grammars(
    found: np.ndarray, alphabet: Alphabet, language: NGram | Sequence[NGram] | None, settings: Settings
) -> list[_Grammar]:
    """One grammar a language; those that the greedy text speaks clearly against are left out."""
    languages = (language,) if isinstance(language, NGram) or language is None else tuple(language) or (None,)
    if settings.weight == 0:
        languages = (None,)
    grammars = [_grammar(alphabet, one, settings) for one in languages]
    if len(grammars) > 1:
        path = found.argmax(axis=1)
        kept = path[np.diff(path, prepend=BLANK) != 0]
        gains = [g.gain(tuple(kept[kept != BLANK].tolist())) for g in grammars]
        grammars = [g for g, gain in zip(grammars, gains, strict=True) if gain > max(gains) - _CLEARLY_WORSE]
    return grammars


class Grammar(Protocol):
    """What a beam asks about texts; a place is all of a text that its future depends on."""

    @property
    def start(self) -> Any:
        """The place of the empty text."""
        ...

    def step(self, place: Any, k: int) -> tuple[float, Any]:
        """What a character of class k gains at a place (a logarithm; -inf forbids it), and the next place."""
        ...

    def end(self, place: Any) -> float:
        """What ending at a place gains, a logarithm; -inf forbids it."""
        ...


class _Grammar:
    """What characters gain by a language, a bonus and a list of words, for the classes of an alphabet.

    A place is (state of the n-gram, letters of the word begun): all that the future depends on.
    """

    __slots__ = ("_bonus", "_ids", "_language", "_letters", "_weight", "_word_bonus", "_words", "start")

    def __init__(self, alphabet: Alphabet, language: NGram | None, settings: Settings) -> None:
        self._language = language
        self._ids = [END, *(language.ids(alphabet.characters) if language else [])]
        self._letters = ["", *(c.lower() if c.isalpha() else "" for c in alphabet.characters)]
        self._weight, self._bonus = settings.weight, settings.bonus
        self._words = settings.words
        self._word_bonus = settings.word_bonus if settings.words else 0.0
        self.start = (language.start if language else 0, "")

    def step(self, place: tuple[int, str], k: int) -> tuple[float, tuple[int, str]]:
        """What a character of class k gains, and the place after it."""
        state, word = place
        gain = self._bonus
        if self._language:
            log_p, state = self._language.follow(state, self._ids[k])
            gain += self._weight * log_p
        if self._word_bonus:
            letter = self._letters[k]
            gain += 0.0 if letter else self._word(word)
            word = word + letter if letter else ""
        return gain, (state, word)

    def end(self, place: tuple[int, str]) -> float:
        """What the end of the line gains."""
        gain = self._word(place[1])
        return gain + self._weight * self._language.follow(place[0], END)[0] if self._language else gain

    def gain(self, classes: Sequence[int]) -> float:
        """What a whole line gains."""
        total, place = 0.0, self.start
        for k in classes:
            gain, place = self.step(place, k)
            total += gain
        return total + self.end(place)

    def _word(self, word: str) -> float:
        """The bonus of a word that has just ended."""
        return self._word_bonus if len(word) > 1 and word in self._words else 0.0


@lru_cache(maxsize=8)
def _grammar(alphabet: Alphabet, language: NGram | None, settings: Settings) -> _Grammar:
    return _Grammar(alphabet, language, settings)


class Beam:
    """The prefixes still in the running, each with its mass that ends in a blank and in its last character.

    Masses carry what characters gained, and are kept near 1; `_scale` is the logarithm of what was divided
    out. With `merge`, prefixes that end in the same character at the same place of the grammar are one.
    """

    def __init__(self, grammar: Grammar, settings: Settings, *, merge: bool = False) -> None:
        self._grammar, self._settings, self._merge = grammar, settings, merge
        self._parent, self._last, self._place = [-1], [BLANK], [grammar.start]
        self._kids: list[dict[int, tuple[int, float]]] = [{}]
        self._same: dict[tuple[Any, int], int] = {}
        self._masses: dict[int, tuple[float, float]] = {0: (1.0, 0.0)}
        self._most_gained = math.exp(max(0.0, settings.bonus + settings.word_bonus))
        self._scale = 0.0

    def run(self, frames: Sequence[_Frame]) -> Beam:
        """Read all frames, then let the line end."""
        for blank, tried in frames:
            if tried:
                self._prune(self._advance(blank, tried))
            else:
                self._scale += math.log(blank)
                self._masses = {i: (a + b, 0.0) for i, (a, b) in self._masses.items()}
        ends = (
            (i, (a + b) * math.exp(self._grammar.end(self._place[i]))) for i, (a, b) in self._masses.items()
        )
        self._ends = dict(sorted(ends, key=lambda e: -e[1]))
        return self

    def texts(self) -> list[tuple[int, ...]]:
        """The classes of the best texts, best first, twice as many as are kept."""
        found = []
        for best in list(self._ends)[: 2 * self._settings.keep]:
            text, i = [], best
            while i:
                text.append(self._last[i])
                i = self._parent[i]
            found.append(tuple(text[::-1]))
        return found

    def sum(self) -> float:
        """The logarithm of all mass."""
        return self._scale + math.log(sum(self._ends.values()))

    def _advance(self, blank: float, tried: list[tuple[int, float]]) -> dict[int, list[float]]:
        """One frame: every prefix stays as it is, or takes one of the characters, the likeliest first."""
        shown = dict(tried)
        after = {}
        for i, (in_blank, in_last) in self._masses.items():
            after[i] = [(in_blank + in_last) * blank, in_last * shown.get(self._last[i], 0.0)]
        least = self._least(after)
        for n, (i, (in_blank, in_last)) in enumerate(self._masses.items(), start=1):
            both, last, kids = in_blank + in_last, self._last[i], self._kids[i]
            for k, p in tried:
                if both * p * self._most_gained < least:
                    break
                mass = (in_blank if k == last else both) * p
                kid, factor = kids.get(k) or self._extend(i, k, least / mass if mass else math.inf)
                if kid in after:
                    after[kid][1] += mass * factor
                elif mass * factor >= least:
                    after[kid] = [0.0, mass * factor]
            if n % 4 == 0:
                least = self._least(after)
        return after

    def _least(self, after: dict[int, list[float]]) -> float:
        """What a new prefix must have to be among the best, by those that are known already.

        Merged ones may be reached from several sides, so that a share of it will do.
        """
        known = sorted((a + b for a, b in after.values()), reverse=True)
        width = self._settings.width
        behind = known[0] * math.exp(-self._settings.spread)
        least = max(behind, known[width - 1]) if len(known) >= width else behind
        return least / 8 if self._merge else least

    def _prune(self, after: dict[int, list[float]]) -> None:
        """Keep the best prefixes, and scale them so that the best has mass 1."""
        best = sorted(after.items(), key=lambda e: -e[1][0] - e[1][1])[: self._settings.width]
        most = sum(best[0][1])
        least = most * math.exp(-self._settings.spread)
        self._masses = {i: (a / most, b / most) for i, (a, b) in best if a + b >= least}
        self._scale += math.log(most)

    def _extend(self, i: int, k: int, least: float) -> tuple[int, float]:
        """The prefix with one more character, and the factor that gains; nobody where it is too little."""
        gain, place = self._grammar.step(self._place[i], k)
        if gain < -700 or math.exp(gain) < least:
            return _NOBODY
        kid = self._same.get((place, k)) if self._merge else None
        if kid is None:
            kid = len(self._last)
            self._parent.append(i)
            self._last.append(k)
            self._place.append(place)
            self._kids.append({})
            if self._merge:
                self._same[place, k] = kid
        self._kids[i][k] = edge = (kid, math.exp(gain))
        return edge
