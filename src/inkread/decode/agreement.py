"""Two readers of one value: how likely each value is by both, and whether they agree.

In: for each reader the log-probabilities of some values, the same values for both, and of all texts of its
grammar together. Out: a `Verdict`. The readers look at different strokes, so that, of a value that is the
same in both places, their probabilities multiply; what a calibration on checks of other hands has found says
how sure that makes the best value. Whether the places say the same at all is asked first: a reader whose own
best value is clearly another one disagrees, however sure the other is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["FEATURES", "Agreement", "Verdict", "features", "lone", "weigh"]

FEATURES = (
    *("one", "lead of both together", "lead of the first alone", "lead of the second alone"),
    "odds against all other pairs",
)
"""What `features` gives, in order; leads are natural logarithms, of the best value over the next, and so are
odds: of both saying the best value, against all other pairs of values, the same or not."""
_TEMPER = 0.5
"""Networks are surer than they should be: their logarithms count so much where pairs are summed."""
_FAR = 12.0
_NOWHERE = -60.0
"""A value that a reader was not asked for is this much less likely than its best."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What was measured on pairs whose truth is known, some of which differ on purpose.

    Attributes:
        weights: one for each of `FEATURES`; their sum is the log-odds of the best value being right.
        slack: a reader agrees with a value that is at most so many nats behind its own best one.
        alone: of each reader, log-odds of its best value being right where the other place is empty: a
            constant, and what each nat of lead adds.
        against: the share of pairs that disagree whose best value by both is right all the same.
        curve: (target error, least confidence that keeps it), targets increasing, confidences not increasing.
        n: pairs it was measured on.
        data: what those pairs were, in words.
    """

    weights: tuple[float, ...]
    slack: tuple[float, float]
    alone: tuple[tuple[float, float], tuple[float, float]] = ((-2.0, 0.5), (-2.0, 0.5))
    against: float = 0.3
    curve: tuple[tuple[float, float], ...] = ()
    n: int = 0
    data: str = ""

    def confidence(self, found: NDArray[np.float64]) -> float:
        """The chance that a value with such features is right, 0..1."""
        return float(1 / (1 + np.exp(-np.clip(found @ np.array(self.weights), -30, 30))))

    def least(self, target: float) -> float:
        """The least confidence at which values are accepted: the curve's, else that of each value by itself.

        Args:
            target: the expected share of wrong values among the accepted ones, in 0..1.
        """
        kept = [sure for known, sure in self.curve if known <= target]
        return min([1 - target, *kept]) if kept else 1 - target


@dataclass(frozen=True, slots=True)
class Verdict:
    """What two readers say together.

    Attributes:
        best: the likeliest value by both.
        confidence: the chance that it is right, 0..1.
        agrees: whether neither reader's own best value is clearly another one.
        shares: each value's probability by both, likeliest first; together at most 1.
    """

    best: int
    confidence: float
    agrees: bool
    shares: tuple[tuple[int, float], ...]


def features(first: Mapping[int, float], second: Mapping[int, float]) -> tuple[int, NDArray[np.float64]]:
    """The best value by both, and what tells how sure it is.

    Args:
        first: value -> log-probability by the first reader; at least one.
        second: the same by the second reader, of the same values.

    Returns:
        The value, and `(5,)`: `FEATURES`.
    """
    joint = {value: first[value] + second[value] for value in first}
    best = max(joint, key=lambda value: joint[value])
    leads = [_lead(each, best) for each in (joint, first, second)]
    return best, np.array([1.0, *np.clip([*leads, _odds(first, second, best)], -_FAR, _FAR)])


def _odds(first: Mapping[int, float], second: Mapping[int, float], best: int) -> float:
    """How likely it is that both say one value, against any other pair of values, as a natural logarithm."""
    others = []  # by each reader, all that is not the best value, relative to it
    for side in (first, second):
        held = [_TEMPER * max(p - side[best], _NOWHERE) for value, p in side.items() if value != best]
        others.append(float(np.logaddexp.reduce(held)) if held else _NOWHERE)
    # (1 + a) (1 + b) - 1, of which both parts may be large
    return -float(np.logaddexp(np.logaddexp(others[0], others[1]), others[0] + others[1]))


def _lead(values: Mapping[int, float], best: int) -> float:
    """How far a value is ahead of the best other one; below 0 where it is behind."""
    others = [p for value, p in values.items() if value != best]
    return values[best] - max(max(others, default=_NOWHERE), values[best] + _NOWHERE)


def weigh(first: Mapping[int, float], second: Mapping[int, float], told: Agreement) -> Verdict:
    """Put two readers together.

    Args:
        first: value -> log-probability by the first reader; at least one.
        second: the same by the second reader, of the same values.
        told: what was measured.

    Example:
        >>> told = Agreement((-1.0, 0.5, 0.2, 0.2, 0.2), (2.0, 2.0))
        >>> weigh({500: -0.1, 600: -9.0}, {500: -0.2, 600: -8.0}, told).agrees
        True
        >>> weigh({500: -0.1, 600: -9.0}, {500: -5.0, 600: -0.1}, told).agrees
        False
    """
    best, found = features(first, second)
    agrees = bool(found[2] >= -told.slack[0] and found[3] >= -told.slack[1])
    joint = {value: first[value] + second[value] for value in first}
    sure = told.confidence(found)
    return Verdict(best, *_shared(joint, best, sure if agrees else min(sure, told.against), agrees))


def lone(values: Mapping[int, float], told: tuple[float, float]) -> Verdict:
    """What one reader says where the other place is empty.

    Args:
        values: value -> log-probability; at least one.
        told: of `Agreement.alone`.
    """
    best = max(values, key=lambda value: values[value])
    odds = told[0] + told[1] * min(_lead(values, best), _FAR)
    return Verdict(best, *_shared(values, best, float(1 / (1 + np.exp(-odds))), True))


def _shared(
    values: Mapping[int, float], best: int, sure: float, agrees: bool
) -> tuple[float, bool, tuple[tuple[int, float], ...]]:
    """A confidence, and what it leaves given to the other values by their odds."""
    others = {value: p for value, p in values.items() if value != best}
    top = max(others.values(), default=0.0)
    odds = {value: float(np.exp(p - top)) for value, p in others.items()}
    whole = sum(odds.values()) or 1.0
    rest = [(value, min(sure, (1 - sure) * share / whole)) for value, share in odds.items()]
    return sure, agrees, ((best, sure), *sorted(rest, key=lambda option: -option[1]))
