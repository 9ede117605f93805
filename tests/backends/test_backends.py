"""The shipped .keras model says the same under every backend of Keras as the .onnx that readers use."""

from __future__ import annotations

import os

import numpy as np
import pytest

pytestmark = pytest.mark.backend


def test_the_shipped_model_agrees_with_its_onnx_under_this_backend():
    import keras

    from inkread.datasets import mnist
    from inkread.runtime import recognizer, shelf

    assert keras.backend.backend() == os.environ.get("KERAS_BACKEND", "tensorflow")
    _, (pictures, _) = mnist()
    batch = pictures[:64, ..., None].astype(np.float32) / 255.0
    network = keras.saving.load_model(shelf.path("digits", suffix=".keras"), compile=False)
    theirs = keras.ops.convert_to_numpy(network(batch, training=False))
    assert np.abs(theirs - recognizer.load("digits").logits(batch)).max() < 1e-4
