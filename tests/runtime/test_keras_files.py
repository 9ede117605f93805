"""What Keras users bring and take away. Needs Keras."""

import numpy as np
import pytest

keras = pytest.importorskip("keras", reason="needs Keras: pip install '.[train]'")

from inkread import models  # noqa: E402
from inkread.errors import ModelError  # noqa: E402
from inkread.runtime import export, recognizer, shelf  # noqa: E402
from inkread.runtime.metadata import Metadata  # noqa: E402

PICTURES = np.random.default_rng(0).random((16, 28, 28, 1), dtype=np.float32)
ABOUT = Metadata("mine", "1", "digit", (*"0123456789", ""), "7")


def test_the_shipped_pair_gives_the_same_numbers():
    swift, trainable = recognizer.load("digits"), recognizer.load(shelf.path("digits", suffix=".keras"))
    np.testing.assert_allclose(swift.logits(PICTURES), trainable.logits(PICTURES), atol=1e-4)
    assert swift.metadata == trainable.metadata


def test_plain_keras_loads_a_file_with_metadata(tmp_path):
    network = models.digits("tiny")
    path = export.save_keras(network, tmp_path / "mine.keras", ABOUT)
    again = keras.saving.load_model(path)
    np.testing.assert_allclose(
        again.predict_on_batch(PICTURES), network.predict_on_batch(PICTURES), atol=1e-5
    )
    assert recognizer.load(path).metadata == ABOUT


@pytest.mark.parametrize("ending", [".keras", ".onnx"])
def test_new_metadata_replaces_the_old(tmp_path, ending):
    network = models.digits("tiny")
    path = tmp_path / f"mine{ending}"
    (export.save_keras if ending == ".keras" else export.save_onnx)(network, path, ABOUT)
    newer = Metadata("mine", "2", "digit", ABOUT.classes, "7")
    export.write_metadata(path, newer)
    assert recognizer.load(path).metadata == newer
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_a_strangers_softmax_in_h5_is_read_and_called_uncalibrated(tmp_path):
    network = models.tutorial()
    path = tmp_path / "handwriting_model.h5"
    network.save(path)
    loaded = recognizer.load(path)
    assert loaded.metadata.calibration is None and loaded.metadata.outputs == "probabilities"
    assert loaded.metadata.classes == tuple("0123456789")
    np.testing.assert_allclose(np.exp(loaded.logits(PICTURES)), network.predict_on_batch(PICTURES), atol=1e-5)


def test_a_strangers_flat_network_of_logits_is_read(tmp_path):
    network = keras.Sequential([keras.Input((784,)), keras.layers.Dense(10)])
    path = tmp_path / "flat.keras"
    network.save(path)
    loaded = recognizer.load(path)
    assert loaded.metadata.outputs == "logits"
    np.testing.assert_allclose(
        loaded.logits(PICTURES), network.predict_on_batch(PICTURES.reshape(-1, 784)), atol=1e-5
    )


@pytest.mark.parametrize(
    ("shape", "outputs", "message"),
    [
        pytest.param(
            (28, 28, 1), 26, "gives 26 numbers a picture .* expected 10", id="letters without names"
        ),
        pytest.param((32, 32, 1), 10, r"takes pictures of shape \(32, 32, 1\)", id="another size"),
    ],
)
def test_a_stranger_that_cannot_be_a_digit_reader(tmp_path, shape, outputs, message):
    network = keras.Sequential([keras.Input(shape), keras.layers.Flatten(), keras.layers.Dense(outputs)])
    path = tmp_path / "other.keras"
    network.save(path)
    with pytest.raises(ModelError, match=message):
        recognizer.load(path)


def test_code_hidden_in_a_model_is_not_run(tmp_path):
    network = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Lambda(lambda x: x[:, :10, 0, 0])])
    path = tmp_path / "lambda.keras"
    network.save(path)
    with pytest.raises(ModelError, match="carries Python code of its own .a Lambda layer"):
        recognizer.load(path)
