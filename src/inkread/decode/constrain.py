"""Two beams over the same logits: one free, one held to what a field may hold.

The free one may write all characters and any length, the empty text too: its winner is what stands there. The
held one writes only what the field's format allows; its best text is the answer. Both are weighed by their
exact CTC probability among *all* texts, so that a text which fits the format but not the strokes stays as
unlikely as it is. Where the two differ nobody has been proved right: the reader sends the field to review.

Where the greedy text fits the format and has more than half of all probability, no other can be likelier, and
it is the winner of both beams without a search.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from inkread.alphabet import BLANK, Alphabet
from inkread.decode.beam import Beam, Settings, worth_trying
from inkread.decode.ctc import (
    Hypothesis,
    align,
    check,
    greedy,
    likeliest_path,
    log_probabilities,
    log_softmax,
    summed,
)
from inkread.decode.twofold import Widths, both
from inkread.errors import UsageError

__all__ = ["SURE", "Answer", "answer", "passed_over", "search_valid"]

SURE = 0.999
"""A text this likely leaves so little to all others together that none of them is looked for."""
_SURE, _HALF, _FREE_WIDTH = math.log(SURE), math.log(0.5), 10
_NEARLY_SURE = math.log(0.9)
"""A text of which no path is this likely hardly ever is as likely as `SURE`: others are looked for."""
_FLOOR, _SPREAD, _FAR = 1e-4, 12.0, 600.0
_NEVER = -math.inf
_Judge = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the two beams say of one field.

    Attributes:
        free: the likeliest of all texts, with spans.
        valid: the likeliest of the texts that fit, best first, the first with spans; none where no text that
            fits was found.
        rival: log-probability of the likeliest text, whether it fits or not, that is not the best valid one;
            where that one is surer than `SURE`, of all others together.
    """

    free: Hypothesis
    valid: tuple[Hypothesis, ...]
    rival: float


def search_valid(
    logits: np.ndarray, alphabet: Alphabet, can_begin: _Judge, valid: _Judge, width: int = 10
) -> list[Hypothesis]:
    """The likeliest of the texts that fit a format.

    Args:
        logits: `(frames, classes)`, before softmax.
        alphabet: of the model.
        can_begin: whether some text that fits begins so; exact, for the beam keeps nothing else.
        valid: whether a text fits.
        width: prefixes kept after each frame.

    Returns:
        Best first, each text once, at most `width`; empty where none was found. `log_probability` is exact
        and counts against all texts, those that do not fit among them; the best has spans.

    Raises:
        ModelError: the logits do not fit the alphabet.
        UsageError: the width is less than 1.

    Example:
        >>> frames = 2.0 * np.eye(3)[[1, 1, 0, 2]]  # a a - b
        >>> found = search_valid(frames, Alphabet("ab"), lambda t: len(t) < 2, lambda t: len(t) == 1)
        >>> [h.text for h in found]
        ['a', 'b']
    """
    check(logits, alphabet)
    if width < 1:
        raise UsageError(f"a beam of width {width} cannot search; expected a width from 1")
    found, likely = log_softmax(logits), greedy(logits, alphabet).log_probability
    grammar = _Held(alphabet, can_begin, valid)
    texts = _run(found, grammar, Settings(width, 0.0, 0.0, _FLOOR, _SPREAD, keep=width))
    exact = log_probabilities(logits, texts)
    if not texts or exact.max() < likely + math.log(_FLOOR * len(found)):
        # What fits is far from what stands there: it may be written with what the floor left out.
        texts = _run(found, grammar, Settings(4 * width, 0.0, 0.0, 0.0, _FAR, keep=2 * width))
        exact = log_probabilities(logits, texts)
    order = np.argsort(-exact, kind="stable")[:width].tolist()
    told = [Hypothesis(alphabet.decode(texts[i]), float(exact[i]), float(exact[i])) for i in order]
    return [replace(told[0], spans=tuple(align(logits, texts[order[0]]))), *told[1:]] if told else []


def answer(
    logits: np.ndarray,
    alphabet: Alphabet,
    can_begin: _Judge,
    valid: _Judge,
    width: int = 10,
    characters: str = "",
) -> Answer:
    """What a field says: freely, and held to its format.

    Args:
        logits: `(frames, classes)`, before softmax.
        alphabet: of the model.
        can_begin: as for `search_valid`.
        valid: as for `search_valid`.
        width: as for `search_valid`. What fits but is far from what stands there is not looked for.
        characters: all that texts which fit may hold, where that is known: the search is quicker.

    Raises:
        ModelError: the logits do not fit the alphabet.
    """
    check(logits, alphabet)
    shares = log_softmax(logits)
    classes, spans = likeliest_path(shares)
    least = min(0.0, float(shares.max(axis=1).sum()))  # a text is at least as likely as one of its paths
    first = Hypothesis(alphabet.decode(classes), least, least, spans)
    if not classes:  # the blank wins in every frame: nothing stands there, whatever would fit
        return Answer(first, (), least)
    fits = valid(first.text)
    if fits and least > _NEARLY_SURE:
        (first,) = _weighed(shares, [classes], [first])
        if first.log_probability >= _SURE:
            return _clear(first)
    free = _FREE_WIDTH if fits or least <= _HALF else 0  # else the rival is known: it is the winner itself
    ended = both(shares, alphabet, can_begin, characters, Widths(free, width))
    ended = [one for one in ended if one.classes != classes]
    others = [Hypothesis(alphabet.decode(one.classes), 0.0, 0.0) for one in ended]
    first, *others = _weighed(shares, [classes, *(one.classes for one in ended)], [first, *others])
    if fits and first.log_probability >= _SURE:
        return _clear(first)
    fitting = [h for h, one in zip(others, ended, strict=True) if one.text is not None and valid(one.text)]
    return _compared(shares, alphabet, [first, *others], [first, *fitting] if fits else fitting)


def _weighed(
    shares: np.ndarray, texts: Sequence[Sequence[int]], told: Sequence[Hypothesis]
) -> list[Hypothesis]:
    """Hypotheses with the exact probabilities of their texts."""
    exact = summed(shares, texts).tolist()
    return [Hypothesis(h.text, p, p, h.spans) for h, p in zip(told, exact, strict=True)]


def _clear(sure: Hypothesis) -> Answer:
    """The answer where hardly anything is left to other texts."""
    return Answer(sure, (sure,), _rest(math.exp(sure.log_probability)))


def _compared(
    shares: np.ndarray, alphabet: Alphabet, told: Sequence[Hypothesis], fitting: Sequence[Hypothesis]
) -> Answer:
    """The answer where several texts were found; `told` begins with that of the likeliest path."""

    def spanned(one: Hypothesis) -> Hypothesis:
        return one if one.spans else replace(one, spans=tuple(align(shares, alphabet.encode(one.text))))

    free = spanned(max(told, key=_likeliness))
    found = sorted(fitting, key=_likeliness, reverse=True)
    if found:
        found[0] = free if found[0].text == free.text else spanned(found[0])
    best = found[0].text if found else None
    rest = _rest(math.exp(told[0].log_probability))
    rival = max((h.log_probability for h in told if h.text != best), default=rest)
    return Answer(free, tuple(found), rival)


def _likeliness(one: Hypothesis) -> float:
    return one.log_probability


def passed_over(logits: np.ndarray, alphabet: Alphabet, characters: str) -> np.ndarray:
    """Logits that take some characters for nothing, as a reader passes over the blanks in a number.

    Args:
        logits: `(frames, classes)`, before softmax.
        alphabet: of the model.
        characters: those that tell nothing; what the alphabet has not is left aside.

    Returns:
        `(frames, classes)` float64: the share of these characters goes to the CTC blank, so that a text's
        probability is now that of all texts which are it but for these characters.

    Example:
        >>> shown = passed_over(np.zeros((1, 3)), Alphabet("1 "), " ")
        >>> np.exp(log_softmax(shown)).round(3).tolist()
        [[0.667, 0.333, 0.0]]
    """
    check(logits, alphabet)
    gone = [k for k, c in enumerate(alphabet.characters, start=BLANK + 1) if c in characters]
    if not gone:
        return logits
    told = np.array(logits, np.float64)
    for k in gone:
        told[:, BLANK] = np.logaddexp(told[:, BLANK], told[:, k])
    told[:, gone] = told.min() - 100.0
    return told


def _rest(share: float) -> float:
    """The logarithm of what one text leaves to all others, as far as floating point can tell."""
    return math.log(max(1.0 - share, 1e-12))


class _Held:
    """The grammar of a format: a place is the text so far; nothing gains, what does not fit is forbidden."""

    __slots__ = ("_can_begin", "_characters", "_valid", "start")

    def __init__(self, alphabet: Alphabet, can_begin: _Judge, valid: _Judge) -> None:
        self._can_begin, self._valid = can_begin, valid
        self._characters = ("", *alphabet.characters)
        self.start = ""

    def step(self, place: str, k: int) -> tuple[float, str]:
        text = place + self._characters[k]
        return (0.0, text) if self._can_begin(text) else (_NEVER, place)

    def fits(self, classes: Sequence[int]) -> bool:
        """Whether the format allows a whole text."""
        return self._valid("".join(self._characters[k] for k in classes))

    def end(self, place: str) -> float:
        return 0.0 if self._valid(place) else _NEVER


def _run(found: np.ndarray, grammar: _Held, settings: Settings) -> list[Sequence[int]]:
    """The classes of the texts that a beam ends with and that fit."""
    ended = Beam(grammar, settings).run(worth_trying(found, settings.floor)).texts()
    return [text for text in ended if grammar.fits(text)]
