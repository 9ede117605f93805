"""Model files under every backend of Keras: the numbers of the .onnx that readers use, and plain Keras."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import numpy as np
import pytest

pytestmark = pytest.mark.backend

PLAIN = """
import sys

class NoInkread:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "inkread":
            raise ImportError("this process has no inkread")

sys.meta_path.insert(0, NoInkread())
import keras
import numpy as np

network = keras.saving.load_model(sys.argv[1])
network.summary()
x = np.load(sys.argv[2])
answers = network.predict(x, verbose=0)
np.save(sys.argv[3], answers)
softmax = bool(np.allclose(answers.sum(1), 1, atol=1e-3))
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=not softmax)
network.compile(keras.optimizers.Adam(1e-3), loss, metrics=["accuracy"])
before = network.evaluate(x, np.arange(len(x)) % 10, verbose=0)[0]
network.fit(x, np.arange(len(x)) % 10, epochs=2, batch_size=len(x), verbose=0)
after = network.evaluate(x, np.arange(len(x)) % 10, verbose=0)[0]
network.save(sys.argv[1])
print("inkread" in sys.modules, np.isfinite(after), after != before, keras.backend.backend())
"""


@pytest.fixture(scope="module")
def pictures():
    from inkread.datasets import mnist

    return mnist()[1][0][:32, ..., None].astype(np.float32) / 255.0


def test_the_shipped_model_agrees_with_its_onnx_under_this_backend(pictures):
    import keras

    from inkread.runtime import export, recognizer, shelf

    assert keras.backend.backend() == os.environ.get("KERAS_BACKEND", "tensorflow")
    network = keras.saving.load_model(shelf.path("digits", suffix=".keras"), compile=False)
    theirs = keras.ops.convert_to_numpy(network(pictures, training=False))
    assert np.abs(theirs - recognizer.load("digits").logits(pictures)).max() <= export.PARITY


@pytest.mark.parametrize(("name", "ending"), [("digits", ".keras"), ("tutorial", ".h5")])
def test_plain_keras_without_inkread_loads_predicts_and_goes_on_training(tmp_path, pictures, name, ending):
    import keras

    from inkread import models
    from inkread.runtime import export, recognizer, shelf

    path = tmp_path / f"mine{ending}"
    if name == "digits":  # the very file that ships
        shutil.copyfile(shelf.path("digits", suffix=ending), path)
        network = keras.saving.load_model(path, compile=False)
        about = recognizer.load("digits").metadata
    else:
        network = models.tutorial()
        about = recognizer.load("textbook").metadata
        export.save(network, path, about)
    assert export.parity(recognizer.wrap(network, "mine")[0], path).is_kept
    np.save(tmp_path / "x.npy", pictures)
    words = [sys.executable, "-c", PLAIN, str(path), str(tmp_path / "x.npy"), str(tmp_path / "y.npy")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Total params" in done.stdout
    assert done.stdout.splitlines()[-1] == f"False True True {keras.backend.backend()}"
    wanted = keras.ops.convert_to_numpy(network(pictures, training=False))
    np.testing.assert_allclose(np.load(tmp_path / "y.npy"), wanted, atol=export.PARITY)
    again = recognizer.load(path, classes=about.classes)  # plain Keras keeps no names
    assert again.metadata.calibration is None and again.metadata.outputs == about.outputs


def test_varied_pictures_flow_into_fit_under_this_backend():
    import keras

    from inkread import Augment

    rng = np.random.default_rng(0)
    x, y = rng.random((64, 12, 12, 1), dtype=np.float32) / 10, np.arange(64) % 2
    x[y == 1, :, :6] += 0.8
    keras.utils.set_random_seed(0)
    network = keras.Sequential([keras.Input((12, 12, 1)), keras.layers.Flatten(), keras.layers.Dense(2)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile(keras.optimizers.Adam(0.01), loss, metrics=["accuracy"])
    vary = Augment(rotation_range=10, width_shift_range=0.1, zoom_range=0.1, noise=0.05, elastic=1, seed=0)
    told = network.fit(vary.flow(x, y, batch_size=16), epochs=5, verbose=0).history
    assert told["loss"][-1] < told["loss"][0] and told["accuracy"][-1] > 0.9
    weighted = vary.flow(x, y, batch_size=16, sample_weight=np.ones(64))
    assert np.isfinite(network.evaluate(weighted, verbose=0)[0])


def test_metrics_count_under_this_backend():
    import keras

    from inkread import metrics

    network = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    kinds = [metrics.CharacterErrorRate(), metrics.FieldAccuracy(), metrics.ReadRateAt(0.1), "accuracy"]
    network.compile("sgd", loss, metrics=kinds)
    x, y = np.random.default_rng(0).normal(size=(40, 4)).astype(np.float32), np.arange(40) % 3
    told = network.evaluate(x, y, verbose=0, return_dict=True)
    assert told["field_accuracy"] == pytest.approx(told["accuracy"])
    assert told["character_error_rate"] == pytest.approx(1 - told["accuracy"])
    assert 0 <= told["read_rate_at_0.1"] <= 1


def test_only_tensorflow_exports_to_onnx_and_the_others_say_so(tmp_path):
    import keras

    from inkread import models
    from inkread.errors import ModelError
    from inkread.runtime import export, recognizer

    about = recognizer.load("textbook").metadata
    if keras.backend.backend() == "tensorflow":
        assert export.save_onnx(models.tutorial(), tmp_path / "mine.onnx", about).is_file()
        return
    with pytest.raises(ModelError, match="works from the TensorFlow backend, .* KERAS_BACKEND=tensorflow"):
        export.save_onnx(models.tutorial(), tmp_path / "mine.onnx", about)
    assert list(tmp_path.iterdir()) == []
