"""What a circumstance costs is found on held-back readings, and a circumstance without a cost stays free."""

import numpy as np
import pytest

pytest.importorskip("keras", reason="needs Keras: pip install '.[train]'")

from inkread.training import doubts


def readings(n=6000, cost=2.0):
    """Logits of an honest network, and truths with more rejects (class 2) in circumstance 0."""
    rng = np.random.default_rng(5)
    holds = rng.random((n, 2)) < 0.4
    logits = rng.normal(0, 2, (n, 3))
    true = logits.copy()
    true[:, 2] += cost * holds[:, 0]
    shares = np.exp(true) / np.exp(true).sum(axis=1, keepdims=True)
    labels = (rng.random(n)[:, None] > shares.cumsum(axis=1)).sum(axis=1).clip(0, 2)
    return logits, labels, holds


def test_the_cost_of_each_circumstance_is_found():
    costs = doubts.fit(*readings(), digits=2)
    assert costs[0] == pytest.approx(2.0, abs=0.25)
    assert costs[1] == pytest.approx(0.0, abs=0.2)


def test_a_circumstance_never_speaks_for_a_digit():
    assert (doubts.fit(*readings(cost=-2.0), digits=2) >= 0).all()


def test_only_not_a_digit_is_raised():
    moved = doubts.shifted(
        np.zeros((2, 3)), np.array([[True, True], [False, True]]), np.array([2.0, 0.5]), digits=2
    )
    assert moved.tolist() == [[0, 0, 2.5], [0, 0, 0.5]]
