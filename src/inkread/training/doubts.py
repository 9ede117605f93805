"""Fit what each circumstance of a mark costs: how much likelier "not a digit" is than the network can see.

A prior shift for each circumstance, as a logit, found together with the temperature by least cross-entropy on
held-back readings. The names are those of `inkread.readers.doubts`.
"""

from __future__ import annotations

import numpy as np

from inkread.decode.confidence import softmax

__all__ = ["fit", "shifted"]

ROUNDS = 8
STEPS = np.linspace(-1.0, 1.0, 21)
MOST = 5.0


def fit(logits: np.ndarray, labels: np.ndarray, holds: np.ndarray, *, digits: int) -> np.ndarray:
    """The shift of each circumstance, in units of the logits.

    Args:
        logits: `(n, classes)`; the class `digits` is "not a digit".
        labels: `(n,)` integers; `digits` and above is "not a digit".
        holds: `(n, circumstances)` bool.
        digits: how many of the first classes are digits.

    Returns:
        `(circumstances,)` float64, 0 up to `MOST`: a circumstance never speaks for a digit.

    Source: Saerens et al., Adjusting the outputs of a classifier to new a priori probabilities, 2002.
    """
    truth = np.minimum(labels, digits)
    costs, log_t = np.zeros(holds.shape[1]), 0.0

    def loss(tried: np.ndarray, log_temperature: float) -> float:
        moved = shifted(logits, holds, tried, digits=digits) / np.exp(log_temperature)
        return float(-np.log(np.maximum(softmax(moved)[np.arange(len(truth)), truth], 1e-300)).mean())

    for scale in 0.5 ** (np.arange(ROUNDS) // 2):  # coordinate descent with ever finer steps
        log_t = min((log_t + 0.3 * scale * step for step in STEPS), key=lambda t: loss(costs, t))
        for k in range(len(costs)):
            ways = [_with(costs, k, costs[k] + scale * step) for step in STEPS]
            costs = min(ways, key=lambda way: loss(way, log_t))
    return costs


def shifted(logits: np.ndarray, holds: np.ndarray, costs: np.ndarray, *, digits: int) -> np.ndarray:
    """Logits in which "not a digit" is raised by the cost of every circumstance that holds: float64."""
    moved = np.array(logits, np.float64)
    moved[:, digits:] += (holds @ costs)[:, None]
    return moved


def _with(costs: np.ndarray, k: int, cost: float) -> np.ndarray:
    """The costs with another one in one place, within bounds."""
    other = costs.copy()
    other[k] = min(max(cost, 0.0), MOST)
    return other
