"""What Keras users bring and take away. Needs Keras."""

import os
import warnings

import numpy as np
import pytest

keras = pytest.importorskip("keras", reason="needs Keras: pip install '.[train]'")

import inkread  # noqa: E402
from inkread import datasets, models  # noqa: E402
from inkread.errors import ModelError  # noqa: E402
from inkread.evaluation.measure import Settings, evaluate  # noqa: E402
from inkread.runtime import export, recognizer, shelf  # noqa: E402
from inkread.runtime.metadata import Metadata  # noqa: E402

PICTURES = np.random.default_rng(0).random((16, 28, 28, 1), dtype=np.float32)
ABOUT = Metadata("mine", "1", "digit", (*"0123456789", ""), "7")
ABOUT_TEN = Metadata("theirs", "", "digit", tuple("0123456789"), "")


def test_the_shipped_pair_gives_the_same_numbers():
    swift, trainable = recognizer.load("digits"), recognizer.load(shelf.path("digits", suffix=".keras"))
    np.testing.assert_allclose(swift.logits(PICTURES), trainable.logits(PICTURES), atol=export.PARITY)
    assert swift.metadata == trainable.metadata


def test_plain_keras_loads_a_file_with_metadata(tmp_path):
    network = models.digits("tiny")
    path = export.save_keras(network, tmp_path / "mine.keras", ABOUT)
    again = keras.saving.load_model(path)
    np.testing.assert_allclose(
        again.predict_on_batch(PICTURES), network.predict_on_batch(PICTURES), atol=export.PARITY
    )
    assert recognizer.load(path).metadata == ABOUT


@pytest.mark.parametrize("ending", [".keras", ".h5", ".onnx"])
def test_every_format_gives_the_numbers_of_the_network_and_its_words(tmp_path, ending):
    network = models.digits("tiny")
    path = export.save(network, tmp_path / f"mine{ending}", ABOUT)
    found = recognizer.load(path)
    np.testing.assert_allclose(found.logits(PICTURES), network.predict_on_batch(PICTURES), atol=export.PARITY)
    assert found.metadata == ABOUT


def test_plain_keras_loads_an_h5_with_metadata(tmp_path):
    network = models.tutorial()
    again = keras.saving.load_model(export.save(network, tmp_path / "mine.h5", ABOUT), compile=False)
    np.testing.assert_allclose(
        again.predict_on_batch(PICTURES), network.predict_on_batch(PICTURES), atol=export.PARITY
    )


@pytest.mark.parametrize("ending", [".keras", ".h5", ".onnx"])
def test_new_metadata_replaces_the_old(tmp_path, ending):
    network = models.digits("tiny")
    path = tmp_path / f"mine{ending}"
    export.save(network, path, ABOUT)
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
    np.testing.assert_allclose(
        np.exp(loaded.logits(PICTURES)), network.predict_on_batch(PICTURES), atol=export.PARITY
    )


@pytest.mark.parametrize(
    ("shape", "arranged"),
    [
        pytest.param((784,), PICTURES.reshape(-1, 784), id="flat"),
        pytest.param((28, 28), PICTURES[..., 0], id="no channel"),
        pytest.param((1, 28, 28), PICTURES.transpose(0, 3, 1, 2), id="channel first"),
        pytest.param((28, 28, 3), PICTURES.repeat(3, 3), id="three colours"),
        pytest.param((None, None, 1), PICTURES, id="any size"),
    ],
)
@pytest.mark.parametrize("ending", [".keras", ".onnx"])
def test_a_strangers_network_gets_its_pictures_as_it_takes_them(tmp_path, shape, arranged, ending):
    flat = keras.layers.GlobalMaxPooling2D() if None in shape else keras.layers.Flatten()
    network = keras.Sequential([keras.Input(shape), flat, keras.layers.Dense(10)])
    path = export.save(network, tmp_path / f"theirs{ending}", ABOUT_TEN)
    np.testing.assert_allclose(
        recognizer.load(path).logits(PICTURES), network.predict_on_batch(arranged), atol=export.PARITY
    )


def test_a_network_whose_input_is_a_list_of_one_is_asked_without_a_warning(tmp_path):
    ink = keras.Input((28, 28, 1))
    network = keras.Model([ink], keras.layers.Dense(10)(keras.layers.Flatten()(ink)))
    path = export.save_keras(network, tmp_path / "theirs.keras", ABOUT_TEN)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert recognizer.load(path).logits(PICTURES).shape == (16, 10)


@pytest.mark.parametrize("n", [26, 36, 62])
def test_a_stranger_with_letters_is_named_by_the_user(tmp_path, n):
    path = tmp_path / "letters.h5"
    keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(n)]).save(path)
    with pytest.raises(ModelError, match=f"gives {n} numbers .* inkread export FILE --classes"):
        recognizer.load(path)
    classes = tuple(map(chr, range(65, 65 + n)))
    loaded = recognizer.load(path, classes=classes)
    assert loaded.metadata.classes == classes and loaded.metadata.kind == "character"
    assert loaded.metadata.calibration is None
    with pytest.raises(ModelError, match=f"gives {n} numbers a picture, and 2 classes are named"):
        recognizer.load(path, classes=("A", "B"))


def test_the_tutorials_h5_is_evaluated_to_the_digit_as_keras_does_and_reads(tmp_path, digit_photo):
    (x_train, y_train), (x_test, y_test) = datasets.mnist()
    network = keras.Sequential(
        [
            keras.layers.Conv2D(4, (3, 3), strides=3, activation="relu", input_shape=(28, 28, 1)),
            keras.layers.Flatten(),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    network.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    network.fit(x_train[:800, ..., None] / 255.0, y_train[:800], epochs=3, verbose=0)
    path = tmp_path / "handwriting_model.h5"
    network.save(path)
    _, theirs = network.evaluate(x_test[:500, ..., None] / 255.0, y_test[:500], verbose=0)
    ours = evaluate(str(path), "mnist:test", Settings(limit=500))
    assert 0.3 < ours["accuracy"] < 1 and ours["accuracy"] == pytest.approx(theirs, abs=1e-6)
    assert (ours["through"], ours["model"]) == ("model", "handwriting_model.h5")
    assert all(row["accepted"] == 0 for row in ours["at_target"])  # uncalibrated: nothing is promised
    (reading,) = inkread.read(digit_photo, model=path)
    assert (reading.status, reading.model) == ("review", "handwriting_model.h5")
    assert "not calibrated" in reading.reason


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


@pytest.mark.parametrize("ending", [".keras", ".h5"])
def test_code_hidden_in_a_model_is_not_run(tmp_path, ending):
    os.environ["HIDDEN"] = str(tmp_path / "ran")
    code = keras.layers.Lambda(
        lambda x: (open(__import__("os").environ["HIDDEN"], "w").close(), x[:, :10, 0, 0])[1],  # noqa: PTH123, SIM115
        output_shape=(10,),
    )
    network = keras.Sequential([keras.Input((28, 28, 1)), code])
    path = tmp_path / f"mine{ending}"
    network.save(path)
    network(PICTURES)
    (tmp_path / "ran").unlink()  # the trap works
    with pytest.raises(ModelError, match="carries Python code of its own .a Lambda layer"):
        recognizer.load(path)
    assert not (tmp_path / "ran").exists()


def test_a_class_that_keras_does_not_know_is_named(tmp_path):
    class Odd(keras.layers.Layer):
        def call(self, x):
            return x[:, :10, 0, 0]

    path = tmp_path / "odd.keras"
    keras.Sequential([keras.Input((28, 28, 1)), Odd()]).save(path)
    with pytest.raises(ModelError, match="needs Odd, which is not part of Keras") as caught:
        recognizer.load(path)
    assert "\n" not in str(caught.value)


def test_weights_that_are_not_finite_are_told(tmp_path):
    network = keras.Sequential([keras.Input((784,)), keras.layers.Dense(10, kernel_initializer="ones")])
    network.set_weights([np.full(w.shape, np.nan) for w in network.get_weights()])
    path = tmp_path / "spoilt.h5"
    network.save(path)
    with pytest.raises(ModelError, match="numbers that are not finite"):
        recognizer.load(path)


def test_two_inputs_are_one_too_many(tmp_path):
    pair = [keras.Input((28, 28, 1)), keras.Input((28, 28, 1))]
    both = keras.layers.Dense(10)(keras.layers.Flatten()(keras.layers.Add()(pair)))
    path = tmp_path / "pair.keras"
    keras.Model(pair, both).save(path)
    with pytest.raises(ModelError, match="has 2 inputs and 1 outputs; expected one of each"):
        recognizer.load(path)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        pytest.param("half.h5", r"half\.h5 cannot be loaded as a model: .*truncated", id="cut off"),
        pytest.param("other.keras", r"is an HDF5 file by its content; rename it to other\.h5", id="misnamed"),
        pytest.param("MINE.H5", r"rename the file to MINE\.h5", id="capitals"),
    ],
)
def test_a_damaged_or_misnamed_h5_is_told_in_one_line(tmp_path, name, message):
    network = keras.Sequential([keras.Input((784,)), keras.layers.Dense(10)])
    network.save(tmp_path / "whole.h5")
    data = (tmp_path / "whole.h5").read_bytes()
    (tmp_path / name).write_bytes(data[: len(data) // 2] if name == "half.h5" else data)
    with pytest.raises(ModelError, match=message) as caught:
        recognizer.load(tmp_path / name)
    assert "\n" not in str(caught.value)
