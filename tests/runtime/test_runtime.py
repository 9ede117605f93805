"""Model files: both formats say the same, strangers are welcome, damage is told in one line."""

import numpy as np
import pytest

from inkread.decode.confidence import Calibration
from inkread.errors import ModelError
from inkread.runtime import recognizer, shelf
from inkread.runtime.metadata import Metadata

FULL = Metadata(
    "mine",
    "1",
    "digit",
    (*"0123456789", ""),
    "7",
    Calibration(1.2, 10, ((0.0, 0.5), (1.0, 0.7)), ((0.01, 0.9),), 0.95, 500, "photos"),
    "logits",
    {"licence": "mine", "scores": [{"n": 10}]},
)
PICTURES = np.random.default_rng(0).random((6, 28, 28, 1), dtype=np.float32)


def test_metadata_survives_json():
    assert Metadata.from_json(FULL.to_json()) == FULL


@pytest.mark.parametrize("text", ["", "{}", '{"name": 1}', "[]"])
def test_broken_metadata_says_so(text):
    with pytest.raises(ModelError, match="metadata cannot be read"):
        Metadata.from_json(text)


def test_digits_reads_ten_digits_and_not_a_digit():
    model = recognizer.load("digits")
    assert model.metadata.classes == (*"0123456789", "")
    assert model.metadata.calibration is not None
    assert model.logits(PICTURES).shape == (6, 11)


def test_the_textbook_model_is_uncalibrated():
    model = recognizer.load("textbook")
    assert model.metadata.calibration is None and model.metadata.normalizer == "textbook"
    np.testing.assert_allclose(np.exp(model.logits(PICTURES)).sum(axis=1), 1.0, atol=1e-4)


def test_no_pictures_give_no_logits():
    assert recognizer.load("digits").logits(np.zeros((0, 28, 28, 1), np.float32)).shape == (0, 11)


def test_pictures_of_another_size_are_refused():
    with pytest.raises(ModelError, match=r"\(6, 32, 32, 1\) came; expected \(n, 28, 28, 1\)"):
        recognizer.load("digits").logits(np.zeros((6, 32, 32, 1), np.float32))


@pytest.mark.parametrize(
    ("model", "message"),
    [
        pytest.param("digit", r"no model is called 'digit'; .*did you mean 'digits'\?", id="a misspelt name"),
        pytest.param("gone.onnx", r"gone.onnx is not there", id="a missing file"),
        pytest.param(
            "photo.jpg", r"expected one of .*, or a file that ends in \.onnx", id="not a model file"
        ),
    ],
)
def test_a_model_that_is_not_there(model, message):
    with pytest.raises(ModelError, match=message):
        recognizer.load(model)


@pytest.mark.parametrize(
    ("ending", "message"),
    [
        (".onnx", r"cannot be loaded as a model.*[^.]\. Is the file complete\?"),
        (".keras", r"broken\.keras is no \.keras file by its content; expected one that Keras saved"),
        (".h5", r"broken\.h5 is no \.h5 file by its content; expected one that Keras saved"),
    ],
)
def test_a_damaged_file_is_told_in_one_line(tmp_path, ending, message):
    if ending != ".onnx":
        pytest.importorskip("keras", reason="needs Keras: pip install '.[train]'")
    path = tmp_path / f"broken{ending}"
    path.write_bytes(b"this is not a model" * 50)
    with pytest.raises(ModelError, match=message) as caught:
        recognizer.load(path)
    assert "\n" not in str(caught.value)


def test_half_a_file_is_told_in_one_line(tmp_path):
    path = tmp_path / "half.onnx"
    path.write_bytes(shelf.path("digits").read_bytes()[:20_000])
    with pytest.raises(ModelError, match=r"half\.onnx cannot be loaded"):
        recognizer.load(path)


def test_every_shipped_model_has_a_card():
    assert {"digits", "textbook"} <= set(shelf.names())
    for name in shelf.names():
        assert shelf.card(name)["summary"]


def test_a_model_that_does_not_ship_as_keras_says_so():
    with pytest.raises(ModelError, match=r"does not ship as \.keras"):
        shelf.path("textbook", suffix=".keras")
