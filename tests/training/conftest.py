"""What the tests of training have in common."""

import pytest


@pytest.fixture(scope="module")
def eager():
    """A few batches do not repay the compiling of a graph."""
    import keras

    if keras.backend.backend() != "tensorflow":
        yield
        return
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)
