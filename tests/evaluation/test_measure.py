import json

import numpy as np
import pytest

from inkread.cli.evaluate import table
from inkread.decode.confidence import Calibration
from inkread.errors import DataError, UsageError
from inkread.evaluation import measure
from inkread.evaluation.measure import Settings
from inkread.runtime.metadata import Metadata
from inkread.runtime.recognizer import Recognizer
from inkread.types import Box, Page, Reading

KEYS = [
    *(
        "n",
        "failed",
        "accuracy",
        "accuracy_ignoring_case",
        "accuracy_corrected",
        "cer",
        "wer",
        "ci95",
        "ece",
        "aurc",
    ),
    *("at_target", "extra_accepted", "ms_per_item", "through", "model", "data"),
]

CALIBRATION = Calibration(1.0, 10, ((0.0, 0.5), (9.0, 0.9999)), ((0.001, 0.999), (0.005, 0.99), (0.01, 0.9)))


@pytest.fixture(autouse=True)
def fake_model(monkeypatch):
    """A model that sees the digit k, surely, where the first pixel is k."""

    def run(images):
        return 9.0 * np.eye(11, dtype=np.float32)[np.rint(images[:, 0, 0, 0] * 255).astype(int)]

    metadata = Metadata("fake", "1.0", "digit", (*"0123456789", ""), "", CALIBRATION, "logits", {})
    monkeypatch.setattr(measure.recognizer, "load", lambda model: Recognizer(metadata, run))


class FakeReader:
    """Reads the first pixel of an array: the tens are the digit, the ones how sure (0: 0.99, 1: 0.95)."""

    def __init__(self, kind, *, model, target_error):
        self.target_error = target_error

    def read(self, array, *, rotate=0.0):
        digit, doubt = divmod(int(array[0, 0]), 10)
        confidence = 0.95 if doubt else 0.995
        first, second = (Reading(str(digit), confidence, "accepted", box=Box(0, 0, 8, 8)) for _ in range(2))
        return Page("<array>", (first, second))


def data(path, pixels, labels, *, size=28, **more):
    images = np.zeros((len(pixels), size, size), np.uint8)
    images[:, 0, 0] = pixels
    np.savez(path, images=images, labels=np.array(labels), **more)
    return str(path)


def test_the_keys_are_the_public_ones_in_their_order(tmp_path):
    result = measure.evaluate("fake", data(tmp_path / "a.npz", [1, 2], ["1", "2"]))
    assert list(result) == KEYS
    assert json.loads(json.dumps(result)) == result


def test_pictures_of_the_models_size_go_into_the_model(tmp_path):
    result = measure.evaluate("fake", data(tmp_path / "a.npz", [1, 2, 3, 4], ["1", "2", "3", "5"]))
    assert (result["through"], result["model"], result["n"]) == ("model", "fake 1.0", 4)
    assert result["accuracy"] == result["accuracy_ignoring_case"] == 0.75
    assert result["cer"] == result["wer"] == 0.25
    assert result["accuracy_corrected"] is None
    assert result["ci95"][0] < 0.75 < result["ci95"][1]


def test_other_pictures_go_through_the_reader(tmp_path, monkeypatch):
    monkeypatch.setattr(measure, "Reader", FakeReader)
    result = measure.evaluate("fake", data(tmp_path / "a.npz", [10, 20], ["1", "2"], size=20))
    assert (result["through"], result["accuracy"], result["extra_accepted"]) == ("reader", 1.0, 2)


def test_the_way_can_be_chosen(tmp_path, monkeypatch):
    monkeypatch.setattr(measure, "Reader", FakeReader)
    result = measure.evaluate(
        "fake", data(tmp_path / "a.npz", [10, 20], ["1", "2"]), Settings(through="reader")
    )
    assert result["through"] == "reader"


def test_a_stricter_target_accepts_what_lies_above_its_own_threshold(tmp_path, monkeypatch):
    monkeypatch.setattr(measure, "Reader", FakeReader)
    result = measure.evaluate(
        "fake", data(tmp_path / "a.npz", [10, 11, 21, 30], ["1", "1", "7", "3"], size=20)
    )
    accepted = {row["target"]: (row["accepted"], row["error"]) for row in result["at_target"]}
    assert accepted == {0.001: (0.0, None), 0.005: (0.5, 0.0), 0.01: (1.0, 0.25)}
    assert result["at_target"][0]["error_upper95"] == 1.0


def test_a_target_of_ones_own_is_told_of_beside_the_usual_three(tmp_path):
    result = measure.evaluate("fake", data(tmp_path / "a.npz", [1], ["1"]), Settings(target_error=0.02))
    assert [row["target"] for row in result["at_target"]] == [0.001, 0.005, 0.01, 0.02]


def test_writers_stand_or_fall_together(tmp_path):
    pixels, labels = [1] * 40, ["1"] * 20 + ["1"] * 16 + ["2"] * 4
    writers = np.arange(40) // 4
    by_writer = measure.evaluate("fake", data(tmp_path / "a.npz", pixels, labels, writers=writers))
    by_item = measure.evaluate("fake", data(tmp_path / "b.npz", pixels, labels))
    assert by_writer["ci95"][0] < by_item["ci95"][0]


def test_pictures_with_nothing_to_read_count_in_the_accuracy_only(tmp_path):
    result = measure.evaluate("fake", data(tmp_path / "a.npz", [10, 1], ["", ""]))
    assert (result["accuracy"], result["cer"], result["ece"], result["aurc"]) == (0.5, None, None, None)


def test_mnist_is_told_with_official_and_corrected_labels():
    result = measure.evaluate("fake", "mnist:test", Settings(limit=1000))
    assert result["n"] == 1000 and result["accuracy"] < 0.2
    assert result["accuracy_corrected"] != result["accuracy"]
    assert result["data"] == "mnist:test first 1000"


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        pytest.param(Settings(through="net"), UsageError, "expected reader or model", id="no such way"),
        pytest.param(Settings(target_error=1.0), UsageError, "between 0 and 1", id="no such target"),
        pytest.param(Settings(limit=0), DataError, "no item is left", id="nothing to measure"),
    ],
)
def test_settings_that_cannot_be_meant(tmp_path, settings, error, message):
    with pytest.raises(error, match=message):
        measure.evaluate("fake", data(tmp_path / "a.npz", [1], ["1"]), settings)


def test_the_table_for_people_tells_the_same(tmp_path):
    text = table(measure.evaluate("fake", data(tmp_path / "a.npz", [1, 2, 3, 4], ["1", "2", "3", "5"])))
    assert "75 %" in text and "fake 1.0, through the model" in text and "corrected" not in text
