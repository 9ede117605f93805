"""Confidences: honest, ordered as the network ordered them, and no promise without a measurement."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from inkread.decode.confidence import NEVER, Calibration, probabilities, scores, softmax, threshold
from inkread.errors import ModelError

CAUTIOUS = Calibration(
    temperature=1.5,
    digits=3,
    knots=((-2.0, 0.1), (0.0, 0.4), (4.0, 0.9)),
    curve=((0.005, 0.97), (0.01, 0.9), (0.05, 0.6)),
)
LOGITS = arrays(np.float64, (5, 4), elements=st.floats(-30, 30))


@given(LOGITS)
def test_calibrated_rows_sum_to_one(logits):
    shares = probabilities(logits, CAUTIOUS)
    np.testing.assert_allclose(shares.sum(axis=1), 1.0, atol=1e-9)
    assert (shares >= 0).all()


@given(LOGITS)
def test_calibrating_never_swaps_two_digits(logits):
    before, after = softmax(logits / CAUTIOUS.temperature), probabilities(logits, CAUTIOUS)
    rows = np.arange(len(logits))
    best = before[:, :3].argmax(axis=1)
    assert (after[rows, best] >= after[:, :3].max(axis=1) - 1e-12).all()


@given(st.floats(-20, 20), st.floats(0.01, 5))
def test_who_stands_out_further_is_surer(gap, more):
    low = probabilities(np.array([[gap, 0.0, 0.0, 0.0]]), CAUTIOUS)[0, 0]
    high = probabilities(np.array([[gap + more, 0.0, 0.0, 0.0]]), CAUTIOUS)[0, 0]
    assert high > low or gap < 0


def test_what_the_best_digit_loses_goes_to_none_of_these():
    logits = np.array([[9.0, 0.0, 0.0, 0.0]])
    plain, honest = softmax(logits / 1.5), probabilities(logits, CAUTIOUS)
    assert honest[0, 0] < plain[0, 0]
    np.testing.assert_allclose(honest[0, 1:3], plain[0, 1:3])
    assert honest[0, 3] > plain[0, 3]


def test_at_a_knot_the_confidence_is_what_was_measured():
    logits = np.array([[6.0, 0.0, 0.0, 0.0]])
    place = scores(logits, 1.5, 3)[0]
    measured = Calibration(1.5, 3, ((place - 1, 0.5), (place, 0.8), (place + 1, 0.9)), ())
    assert probabilities(logits, measured)[0, 0] == pytest.approx(0.8)


def test_without_a_calibration_it_is_the_plain_softmax():
    assert probabilities(np.array([[1.0, 1.0]]), None).tolist() == [[0.5, 0.5]]


def test_a_calibration_of_another_network_is_refused():
    with pytest.raises(ModelError, match=r"gives 10 classes .* fitted for 3 digits"):
        probabilities(np.zeros((1, 10)), CAUTIOUS)


@pytest.mark.parametrize(
    ("calibration", "target", "least"),
    [
        pytest.param(CAUTIOUS, 0.01, 0.9, id="a measured target"),
        pytest.param(CAUTIOUS, 0.03, 0.9, id="between two the stricter one holds"),
        pytest.param(CAUTIOUS, 0.5, 0.6, id="beyond the loosest the loosest holds"),
        pytest.param(CAUTIOUS, 0.001, NEVER, id="stricter than could be measured accepts nothing"),
        pytest.param(None, 0.05, NEVER, id="uncalibrated accepts nothing"),
    ],
)
def test_threshold(calibration, target, least):
    assert threshold(calibration, target) == least


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_stricter_target_never_accepts_more(one, other):
    strict, loose = sorted((one, other))
    assert threshold(CAUTIOUS, strict) >= threshold(CAUTIOUS, loose)


@settings(max_examples=20)
@given(st.floats(0.25, 8))
def test_a_calibration_survives_json(temperature):
    doubts = (("at the border", 0.5),)
    made = Calibration(temperature, 3, CAUTIOUS.knots, CAUTIOUS.curve, 0.9, 7, "words", doubts)
    assert Calibration.from_dict(made.to_dict()) == made


def test_a_broken_calibration_says_so():
    with pytest.raises(ModelError, match=r"calibration cannot be read .*export the model again"):
        Calibration.from_dict({"temperature": 1})


def test_the_best_digit_stays_the_best_however_little_it_is_trusted():
    doubtful = Calibration(1.0, 10, ((-1.0, 0.05), (8.0, 0.1)), ())
    logits = np.zeros((1, 11))
    logits[0, 3], logits[0, 7] = 4.0, 5.0
    assert int(probabilities(logits, doubtful)[0, :10].argmax()) == 7
