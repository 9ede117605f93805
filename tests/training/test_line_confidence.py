"""Confidences of lines: as often right as they say, and thresholds that keep their promise."""

import shutil

import cv2
import numpy as np
import pytest

from inkread.decode.confidence import NEVER, threshold
from inkread.decode.line_confidence import LineCalibration, features, plain
from inkread.errors import DataError, ModelError
from inkread.runtime import linewise
from inkread.training.line_confidence import calibrated, fit


def lines(n, seed=0):
    """Lines of a network that is too sure: right with the odds 1.5 + 0.7 log-odds - 1.2 ln(length)."""
    rng = np.random.default_rng(seed)
    lengths = rng.integers(1, 60, n)
    log_p = -rng.exponential(0.05 * lengths) - 1e-4
    odds = features(log_p, lengths) @ (1.5, 0.7, -1.2)
    return log_p, lengths, rng.random(n) < 1 / (1 + np.exp(-odds))


def test_the_law_behind_the_lines_is_found():
    found = fit(*lines(6000))
    np.testing.assert_allclose(found.weights, (1.5, 0.7, -1.2), atol=0.25)
    assert found.n == 6000


def test_confidences_are_as_often_right_as_they_say_on_other_lines():
    found = fit(*lines(6000))
    log_p, lengths, right = lines(9000, seed=1)
    sure = np.array([found.confidence(p, n) for p, n in zip(log_p, lengths, strict=True)])
    for low, high in ((0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1.0)):
        some = (sure >= low) & (sure < high)
        assert abs(sure[some].mean() - right[some].mean()) < 0.06


def test_surer_and_shorter_is_never_less_sure():
    found = fit(*lines(2000))
    by_log_p = [found.confidence(p, 20) for p in np.linspace(-30, 0, 50)]
    assert by_log_p == sorted(by_log_p) and 0 < by_log_p[0] < by_log_p[-1] < 1


def test_a_threshold_keeps_its_target_on_other_lines_and_none_is_promised_that_was_not_shown():
    found = fit(*lines(4000))
    log_p, lengths, right = lines(4000, seed=2)
    sure = np.array([found.confidence(p, n) for p, n in zip(log_p, lengths, strict=True)])
    least = threshold(found, 0.1)
    accepted = sure >= least
    assert accepted.sum() > 50 and 1 - right[accepted].mean() <= 0.1
    assert threshold(fit(*lines(200)), 0.001) == NEVER


def test_what_says_nothing_is_given_no_weight():
    log_p, lengths, right = lines(2000)
    found = fit(log_p, lengths, np.random.default_rng(3).permutation(right))
    assert found.weights[1] >= 0 and abs(found.weights[1]) < 0.2


@pytest.mark.parametrize("right", [[True] * 200, [False] * 200, [True, False] * 20])
def test_too_little_to_learn_from_is_told(right):
    with pytest.raises(DataError, match="too few to calibrate on"):
        fit([-1.0] * len(right), [9] * len(right), right)


def test_a_calibration_survives_its_json():
    found = fit(*lines(500), data="made up")
    assert LineCalibration.from_dict(found.to_dict()) == found
    with pytest.raises(ModelError, match="export the model again"):
        LineCalibration.from_dict({"weights": [1, 2]})


def test_a_model_is_calibrated_on_lines_and_carries_it_in_its_file(line_model, bar_line, tmp_path):
    model = tmp_path / "own.onnx"
    shutil.copy(line_model, model)
    rows = ["file\tsplit\tgroup\ttext"]
    for number in range(60):
        shown = "".join(np.random.default_rng(number).permutation(list("aabbcc")))
        cv2.imwrite(str(tmp_path / f"{number}.png"), bar_line(shown))
        rows.append(f"{number}.png\tval\tw{number % 5}\t{shown if number % 4 else shown + 'a'}")
    (tmp_path / "lines.tsv").write_text("\n".join(rows), encoding="utf-8")
    found = calibrated(model, [f"{tmp_path}:val"], language="none")
    assert found.n == 60 and "language none" in found.data
    assert linewise.load(model).metadata.line_calibration == found
    assert 0.5 < found.confidence(-1e-4, 6) < 0.95


def test_without_a_calibration_the_probability_is_the_confidence():
    assert plain(float(np.log(0.25))) == pytest.approx(0.25) and plain(1e-12) == 1.0
