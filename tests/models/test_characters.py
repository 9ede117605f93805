"""Networks are plain Keras models with logits at the end."""

import numpy as np
import pytest

keras = pytest.importorskip("keras", reason="needs Keras: pip install '.[train]'")

from inkread import models  # noqa: E402
from inkread.errors import UsageError  # noqa: E402


def test_the_shipped_network_is_small():
    network = models.digits()
    assert type(network).__mro__[1] is keras.Model or isinstance(network, keras.Model)
    assert network.output_shape == (None, 11) and network.count_params() <= 400_000


def test_it_gives_logits_not_shares():
    answer = models.digits("tiny").predict_on_batch(np.random.default_rng(0).random((3, 28, 28, 1)))
    assert not np.allclose(answer.sum(axis=1), 1)


def test_the_tutorials_cnn_is_as_taught():
    kinds = [type(layer).__name__ for layer in models.tutorial().layers]
    assert kinds == ["Conv2D", "MaxPooling2D", "Conv2D", "MaxPooling2D", "Flatten", "Dense", "Dense"]
    assert models.tutorial().count_params() == 121_930


def test_a_size_that_is_not_there_names_those_that_are():
    with pytest.raises(UsageError, match=r"expected one of tiny, small, standard; did you mean 'small'"):
        models.digits("smal")


def test_a_letters_two_cases_add_up_to_its_shape():
    network = models.characters("tiny")
    ink = np.random.default_rng(0).random((3, 28, 28, 1)).astype(np.float32)
    shape = keras.Model(network.input, network.get_layer("letters").output).predict_on_batch(ink)
    answer = network.predict_on_batch(ink)
    assert answer.shape == (3, 63)
    assert np.allclose(np.logaddexp(answer[:, 10:36], answer[:, 36:62]), shape, atol=1e-5)


def test_the_network_for_letters_is_small_too():
    assert models.characters().count_params() <= 800_000
