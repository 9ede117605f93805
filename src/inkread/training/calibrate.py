"""Fit a `Calibration`: from logits on held-back pictures to honest confidences and acceptance thresholds.

The held-back pictures must be photo-like, from hands and conditions that neither training nor the choice of
the checkpoint has seen, with rejects among them: an accepted reject counts as an error, as it does on paper.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from inkread.decode.confidence import Calibration, probabilities, scores, softmax
from inkread.errors import DataError

__all__ = ["TARGETS", "curve", "fit", "isotonic"]

TARGETS = (0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.2)
"""The error targets whose thresholds are measured; between two the stricter one's holds."""

FLOOR = 8
"""No accepted reading may be more than this many times as likely wrong as the target: the average over easy
paper must not carry guesses on hard paper."""

RUNGS, MOST_RUNGS, STEP, STARTS = 40, 100, 150, 4
"""Thresholds on the ladder, equal shares of the readings: at least so many, and, as many readings allow, one
for every 150 up to the most; and how many of them a walk may begin at."""

BLOCKS = 40
LEAST_GAP = 1e-4


def fit(
    logits: np.ndarray,
    labels: np.ndarray,
    *,
    digits: int,
    level: float = 0.95,
    able: np.ndarray | None = None,
    data: str = "",
) -> Calibration:
    """Fit temperature, confidence map and thresholds.

    Args:
        logits: `(n, classes)` of the network on held-back pictures.
        labels: `(n,)` integers; `digits` and above is "not a digit".
        digits: how many of the first classes are digits.
        level: how surely the error among accepted readings is to stay within each target.
        able: `(n,)` bool, which of them a reader may accept at all; all where None.
        data: what the pictures are, in words, for the card.

    Returns:
        The calibration.

    Raises:
        DataError: fewer than 100 pictures, or no digit among them.
    """
    if len(labels) < 100 or not (labels < digits).any():
        raise DataError(
            f"{len(labels)} held-back pictures, {int((labels < digits).sum())} of them digits, are too few "
            "to calibrate on; at least 100 are needed, 3,000 for a target of 0.1 %"
        )
    temperature = _temperature(logits, np.minimum(labels, logits.shape[1] - 1))
    score = scores(logits, temperature, digits)
    right = logits[:, :digits].argmax(axis=1) == labels
    draft = Calibration(temperature, digits, _knots(score, right), (), level, len(labels), data)
    confidence = probabilities(logits, draft)[:, :digits].max(axis=1)
    able = np.ones(len(labels), bool) if able is None else able
    thresholds = curve(confidence[able], right[able], TARGETS, level)
    return Calibration(temperature, digits, draft.knots, thresholds, level, len(labels), data)


def curve(
    confidence: np.ndarray, right: np.ndarray, targets: tuple[float, ...], level: float
) -> tuple[tuple[float, float], ...]:
    """For each target the least confidence at which the error among accepted readings provably stays within.

    A ladder of thresholds is walked from the strict to the lax, each step only where the one before
    held; from four places fixed beforehand, which share the allowed doubt (Bonferroni), and the lowest
    threshold that is reached is taken. So trying many does not weaken the promise, and one confident error
    does not forbid all thresholds below it.

    Args:
        confidence: `(n,)` of each reading.
        right: `(n,)` whether it was right; accepting a reject is wrong.
        targets: shares of errors, ascending.
        level: of the upper bound, such as 0.95.

    Returns:
        (target, threshold) pairs, targets ascending and thresholds not ascending; targets too strict for this
        many pictures are left out.

    Source: Clopper and Pearson, Biometrika 1934; Angelopoulos et al., Learn then test, 2021.
    """
    sorted_confidence = np.sort(confidence)[::-1]
    order = np.argsort(-confidence, kind="stable")
    wrong = np.cumsum(~right[order])
    last = np.flatnonzero(np.append(np.diff(sorted_confidence) < 0, True))  # ties are accepted together
    rungs = min(max(RUNGS, len(confidence) // STEP), MOST_RUNGS)
    ladder = last[np.unique(np.linspace(0, len(last) - 1, rungs + 1).astype(int)[1:])]
    doubt = (1 - level) / STARTS
    starts = sorted({len(ladder) * k // STARTS for k in range(STARTS)})
    found: list[tuple[float, float]] = []
    for target in targets:
        held = [_at_most(int(wrong[k]), int(k) + 1, target) <= doubt for k in ladder]
        reached = [_walked(held, start) for start in starts if held[start]]
        if reached:
            least = max(float(sorted_confidence[ladder[max(reached)]]), 1 - FLOOR * target)
            found.append((target, min(least, found[-1][1]) if found else least))
    return tuple(found)


def _walked(held: list[bool], start: int) -> int:
    """The last rung before the first that does not hold."""
    return next((k for k in range(start, len(held)) if not held[k]), len(held)) - 1


def isotonic(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The closest non-decreasing sequence (pool adjacent violators).

    Example:
        >>> isotonic(np.array([0.0, 1.0, 0.0, 1.0]), np.ones(4)).tolist()
        [0.0, 0.5, 0.5, 1.0]

    Source: Barlow et al., Statistical inference under order restrictions, 1972.
    """
    blocks: list[list[float]] = []  # value, weight, length
    for value, weight in zip(values, weights, strict=True):
        blocks.append([float(value), float(weight), 1])
        while len(blocks) > 1 and blocks[-2][0] >= blocks[-1][0]:
            v, w, n = blocks.pop()
            last = blocks[-1]
            last[0] = (last[0] * last[1] + v * w) / (last[1] + w)
            last[1] += w
            last[2] += n
    return np.repeat([b[0] for b in blocks], [int(b[2]) for b in blocks])


def _temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """The temperature of least cross-entropy, by golden section over 0.25..8.

    Source: Guo et al., On calibration of modern neural networks, ICML 2017.
    """

    def loss(log_t: float) -> float:
        shares = softmax(logits / np.exp(log_t))[np.arange(len(labels)), labels]
        return float(-np.log(np.maximum(shares, 1e-300)).mean())

    ratio = (np.sqrt(5) - 1) / 2
    low, high = np.log(0.25), np.log(8.0)
    for _ in range(30):
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        if loss(left) < loss(right):
            high = right
        else:
            low = left
    return float(np.exp((low + high) / 2))


def _knots(score: np.ndarray, right: np.ndarray) -> tuple[tuple[float, float], ...]:
    """Points of the map from score to probability: equal shares of the pictures, monotone, never 0 or 1.

    The topmost step holds few errors or none, so each step counts one picture more than it has, half of it
    wrong (Jeffreys); the knots are then held apart so that a higher score is always a higher confidence.
    """
    order = np.argsort(score, kind="stable")
    parts = [p for p in np.array_split(order, min(BLOCKS, max(2, len(order) // 25))) if len(p)]
    x = np.array([np.median(score[p]) for p in parts])
    hits = np.array([float(right[p].sum()) for p in parts])
    sizes = np.array([float(len(p)) for p in parts])
    _, run = np.unique(isotonic(hits / sizes, sizes), return_inverse=True)  # blocks that share one rate
    pooled = (np.bincount(run, hits) + 0.5) / (np.bincount(run, sizes) + 1)
    y = np.maximum.accumulate(pooled[run])
    odds = np.log(y / (1 - y))
    knots: list[tuple[float, float]] = []
    odds = odds + LEAST_GAP * np.arange(len(odds))
    for place, odd in zip(x, odds, strict=True):
        if not knots or place > knots[-1][0]:
            knots.append((float(place), float(1 / (1 + np.exp(-odd)))))
    return tuple(knots)


def _at_most(wrong: int, n: int, share: float) -> float:
    """Probability of at most `wrong` in `n` at this share (binomial), summed in logarithms."""
    if share <= 0:
        return 1.0
    table = _log_factorials(n)
    k = np.arange(wrong + 1)
    terms = table[n] - table[k] - table[n - k] + k * np.log(share) + (n - k) * np.log1p(-share)
    return float(np.exp(np.logaddexp.reduce(terms)))


@lru_cache(maxsize=4)
def _table(size: int) -> np.ndarray:
    """ln(k!) for k below `size`."""
    return np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, size)))])


def _log_factorials(n: int) -> np.ndarray:
    """ln(k!) for k up to at least n."""
    return _table(1 << (n + 1).bit_length())
