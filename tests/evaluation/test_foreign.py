"""A model from elsewhere is measured as Keras itself measures it, to the digit."""

import numpy as np
import pytest

from inkread import datasets, models
from inkread.evaluation import evaluate
from inkread.evaluation.measure import Settings


@pytest.mark.slow
@pytest.mark.parametrize("ending", [".keras", ".h5"])
def test_the_tutorials_model_scores_what_keras_evaluate_says(tmp_path, ending):
    keras = pytest.importorskip("keras")
    keras.utils.set_random_seed(0)
    (x, y), (x_test, y_test) = datasets.mnist()
    model = models.tutorial()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x[:500, ..., None] / np.float32(255), y[:500], epochs=1, verbose=0)
    path = tmp_path / f"handwriting_model{ending}"
    model.save(path)
    _, wanted = model.evaluate(x_test[:600, ..., None] / np.float32(255), y_test[:600], verbose=0)
    found = evaluate(str(path), "mnist:test", Settings(limit=600))
    assert found["accuracy"] == pytest.approx(wanted, abs=1e-6)
    assert [row["accepted"] for row in found["at_target"]] == [0, 0, 0]
