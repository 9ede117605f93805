"""Two beams in one: the likeliest prefixes of all texts, and the likeliest of those that fit, side by side.

What `decode.constrain` asks of a field. Most prefixes that fit are among the likeliest of all anyway, so that
both beams together cost little more than one. There is no language here, and nothing gains: a prefix's mass
is its probability, but for what is pruned.

Source: Graves et al., Connectionist temporal classification, ICML 2006 (prefix search); Hannun et al.,
First-pass large vocabulary continuous speech recognition using bi-directional recurrent DNNs, 2014.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inkread.alphabet import BLANK, Alphabet

__all__ = ["Ended", "Widths", "both"]

_Masses = dict[int, tuple[float, float]]
_Tried = list[tuple[int, float]]
_FREE_FLOOR, _HELD_FLOOR = 1e-3, 1e-4
_FREE_SPREAD, _HELD_SPREAD = math.exp(-8.0), math.exp(-12.0)


@dataclass(frozen=True, slots=True)
class Widths:
    """How many prefixes are kept after each frame.

    Attributes:
        free: of all; 0 where only texts that fit are asked for.
        held: of those that can begin a text that fits.
    """

    free: int
    held: int


@dataclass(frozen=True, slots=True)
class Ended:
    """A text that a beam ended with.

    Attributes:
        classes: of its characters.
        text: its characters where a text that fits can begin so; None where none can.
        mass: its share among what was kept, not exact; the largest is first.
    """

    classes: tuple[int, ...]
    text: str | None
    mass: float


def both(
    shares: NDArray[np.float64],
    alphabet: Alphabet,
    can_begin: Callable[[str], bool],
    characters: str,
    widths: Widths,
) -> list[Ended]:
    """The likeliest texts, and the likeliest of those that may fit a format.

    Args:
        shares: `(frames, classes)`, log-probabilities, as `ctc.log_softmax` gives them.
        alphabet: of the model.
        can_begin: whether some text that fits begins so; exact, for the held beam keeps nothing else.
        characters: all that texts which fit may hold; "" where that is not known.
        widths: of the two beams.

    Returns:
        Best first, each text once; up to `widths.free` of all and up to `widths.held` that may fit.
    """
    beam, is_blank = _Both(alphabet, can_begin, characters, widths), False
    for blank, tried in _frames(shares):
        if tried or not is_blank:  # of several frames that show nothing only the first tells something
            beam.read(blank, tried)
        is_blank = not tried
    return beam.ended()


def _frames(shares: NDArray[np.float64]) -> list[tuple[float, _Tried]]:
    """For each frame the blank's probability, and (class, probability) of the characters worth trying."""
    shown = np.exp(shares)
    blank = np.maximum(shown[:, BLANK], 1e-300).tolist()
    worth = shown > _HELD_FLOOR
    worth[np.arange(len(shown)), shown.argmax(axis=1)] = True
    worth[:, BLANK] = False
    tried: list[_Tried] = [[] for _ in blank]
    rows, classes = worth.nonzero()
    for t, k, p in zip(rows.tolist(), classes.tolist(), shown[worth].tolist(), strict=True):
        tried[t].append((k, p))
    return list(zip(blank, tried, strict=True))


class _Both:
    """The prefixes in the running: each with its mass that ends in a blank, and in its last character."""

    __slots__ = (
        "_can_begin",
        "_characters",
        "_classes",
        "_fit",
        "_kids",
        "_last",
        "_masses",
        "_parent",
        "_widths",
    )

    def __init__(
        self, alphabet: Alphabet, can_begin: Callable[[str], bool], characters: str, widths: Widths
    ) -> None:
        self._characters, fitting = ("", *alphabet.characters), characters or alphabet.characters
        self._classes = frozenset(k for k, c in enumerate(self._characters) if c and c in fitting)
        self._can_begin, self._widths = can_begin, widths
        self._parent, self._last = [-1], [BLANK]
        self._fit: list[str | None] = [""]  # the text itself where one that fits can begin so
        self._kids: dict[tuple[int, int], int] = {}
        self._masses: _Masses = {0: (1.0, 0.0)}

    def read(self, blank: float, tried: _Tried) -> None:
        """One frame: every prefix stays as it is, or takes one of the characters."""
        if not tried:
            self._masses = {i: (a + b, 0.0) for i, (a, b) in self._masses.items()}
            return
        if not self._widths.free:
            tried = [one for one in tried if one[0] in self._classes]
        shown, last = dict(tried), self._last
        after = {i: ((a + b) * blank, b * shown.get(last[i], 0.0)) for i, (a, b) in self._masses.items()}
        new = self._extended(after, tried)
        self._masses = self._best(after, new)

    def ended(self) -> list[Ended]:
        """The texts, the best first."""
        order = sorted(((a + b, i) for i, (a, b) in self._masses.items()), reverse=True)
        return [Ended(self._spelt(i), self._fit[i], mass) for mass, i in order]

    def _spelt(self, i: int) -> tuple[int, ...]:
        """The classes of a prefix."""
        classes = []
        while i:
            classes.append(self._last[i])
            i = self._parent[i]
        return tuple(classes[::-1])

    def _extended(self, after: _Masses, tried: _Tried) -> list[tuple[float, int, int]]:
        """What prefixes with one more character have: those not kept so far as (mass, prefix, class)."""
        new: list[tuple[float, int, int]] = []
        known, last, fit = self._kids, self._last, self._fit
        for i, (in_blank, in_last) in self._masses.items():
            both, own, least = in_blank + in_last, last[i], 0.0 if fit[i] is not None else _FREE_FLOOR
            for k, p in tried:
                mass = (in_blank if k == own else both) * p
                kid = known.get((i, k))
                if kid is not None and kid in after:
                    stays, begun = after[kid]
                    after[kid] = (stays, begun + mass)
                elif p > least:
                    new.append((mass, i, k))
        return new

    def _best(self, after: _Masses, new: list[tuple[float, int, int]]) -> _Masses:
        """The best of all prefixes and of those that fit, scaled so that the best has mass 1."""
        found = [(a + b, i, BLANK) for i, (a, b) in after.items()]
        found += new
        found.sort(reverse=True)
        free, held = self._widths.free, self._widths.held
        least, held_least, scale = found[0][0] * _FREE_SPREAD, 0.0, 0.0
        kept: _Masses = {}
        for mass, i, k in found:
            is_free = free > 0 and mass >= least
            if mass <= 0 or not (is_free or (held > 0 and mass >= held_least)):
                break
            if not is_free and self._fit[i] is None:
                continue
            at = self._kid(i, k) if k else i
            fits = self._fit[at] is not None
            if is_free or fits:
                scale = scale or 1 / mass
                a, b = after[i] if k == BLANK else (0.0, mass)
                kept[at] = (a * scale, b * scale)
                held_least = held_least or fits * mass * _HELD_SPREAD
                free, held = free - is_free, held - fits
        return kept

    def _kid(self, i: int, k: int) -> int:
        """A prefix with one more character."""
        kid = self._kids.get((i, k))
        if kid is None:
            kid = self._kids[i, k] = len(self._last)
            self._parent.append(i)
            self._last.append(k)
            before = self._fit[i]
            text = None if before is None or k not in self._classes else before + self._characters[k]
            self._fit.append(text if text is not None and self._can_begin(text) else None)
        return kid
