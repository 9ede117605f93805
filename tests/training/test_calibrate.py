"""Calibration keeps its promise on fresh pictures from where it was fitted."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("keras", reason="needs Keras: pip install '.[train]'")

from inkread.decode.confidence import NEVER, probabilities, threshold
from inkread.errors import DataError
from inkread.evaluation.metrics import error_upper_bound
from inkread.training import calibrate


def overconfident(n, seed):
    """Logits of a network that is twice too sure, and the truth; a tenth are rejects (class 3)."""
    rng = np.random.default_rng(seed)
    honest = rng.normal(0, 2.5, (n, 4))
    honest[:, 3] -= 1
    shares = np.exp(honest) / np.exp(honest).sum(axis=1, keepdims=True)
    labels = (rng.random(n)[:, None] > shares.cumsum(axis=1)).sum(axis=1).clip(0, 3)
    return 2 * honest, labels


@pytest.fixture(scope="module")
def fitted():
    return calibrate.fit(*overconfident(6000, 0), digits=3)


def test_an_overconfident_network_is_cooled(fitted):
    assert fitted.temperature == pytest.approx(2.0, rel=0.1)


def test_confidences_are_true_on_fresh_pictures(fitted):
    logits, labels = overconfident(6000, 1)
    confidence = probabilities(logits, fitted)[:, :3].max(axis=1)
    right = logits[:, :3].argmax(axis=1) == labels
    bins = (confidence * 10).astype(int).clip(0, 9)
    gaps = [
        abs(confidence[bins == b].mean() - right[bins == b].mean())
        for b in range(10)
        if (bins == b).sum() > 200
    ]
    assert max(gaps) < 0.06


@pytest.mark.parametrize("target", [0.01, 0.02, 0.05, 0.1])
def test_the_error_among_the_accepted_stays_within_the_target(fitted, target):
    logits, labels = overconfident(20000, 2)
    confidence = probabilities(logits, fitted)[:, :3].max(axis=1)
    taken = confidence >= threshold(fitted, target)
    wrong = logits[:, :3].argmax(axis=1) != labels
    if taken.any():
        assert wrong[taken].mean() <= target


def test_a_target_that_so_few_pictures_cannot_show_accepts_nothing():
    few = calibrate.fit(*overconfident(300, 3), digits=3)
    assert threshold(few, 0.001) == NEVER


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=5, max_size=200))
@settings(max_examples=40, deadline=None)
def test_looser_targets_have_lower_thresholds(seen):
    confidence, right = np.array([c for c, _ in seen]), np.array([r for _, r in seen])
    found = calibrate.curve(confidence, right, calibrate.TARGETS, 0.9)
    assert [t for t, _ in found] == sorted(t for t, _ in found)
    assert [c for _, c in found] == sorted((c for _, c in found), reverse=True)


@pytest.mark.parametrize(
    ("wrong", "n", "upper"),
    [
        pytest.param(0, 598, 0.005, id="598 without an error show half a percent"),
        pytest.param(0, 2995, 0.001, id="2,995 without an error show a tenth"),
        pytest.param(5, 5, 1.0, id="all wrong shows nothing"),
    ],
)
def test_error_upper(wrong, n, upper):
    assert error_upper_bound(wrong, n, level=0.95) == pytest.approx(upper, rel=0.01)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_isotonic_never_falls_and_keeps_the_mean(values):
    fitted = calibrate.isotonic(np.array(values), np.ones(len(values)))
    assert (np.diff(fitted) >= -1e-12).all()
    assert fitted.mean() == pytest.approx(np.mean(values))


def test_too_few_pictures_are_refused():
    with pytest.raises(DataError, match="at least 100"):
        calibrate.fit(np.zeros((20, 4)), np.zeros(20, int), digits=3)


def test_what_is_never_accepted_does_not_raise_the_threshold():
    logits, labels = overconfident(6000, 4)
    odd = np.tile(np.float32([9, 0, 0, 0]), (300, 1))
    both, truth = np.concatenate([logits, odd]), np.concatenate([labels, np.full(300, 3)])
    able = np.arange(len(truth)) < len(labels)
    strict, fair = (calibrate.fit(both, truth, digits=3, able=rows) for rows in (None, able))
    assert threshold(fair, 0.1) < threshold(strict, 0.1)
