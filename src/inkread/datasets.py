"""Data sets for Keras users, in the form of `keras.datasets`. No network: MNIST is in the package."""

from __future__ import annotations

import numpy as np

__all__ = ["mnist", "mnist_doubtful_test_labels"]

_DOUBTFUL = (947, 1621, 1901, 2130, 2462, 2597, 2654, 3520, 3558, 5937, 6651, 6783, 8527, 9679, 9729)


def mnist() -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Load MNIST: 60,000 handwritten digits to learn from and 10,000 to be tested on.

    Returns:
        `(x_train, y_train), (x_test, y_test)`: uint8 pictures `(n, 28, 28)`, white ink (255) on black (0),
        and uint8 labels `(n,)`, 0..9, as `keras.datasets.mnist.load_data` gives them.

    Raises:
        DataError: the package's files are damaged.

    Example:
        >>> (x_train, y_train), (x_test, y_test) = mnist()
        >>> x_test.shape, int(y_test[0])
        ((10000, 28, 28), 7)

    Source: LeCun, Cortes, Burges, the MNIST database, CC BY-SA 3.0.
    """
    from inkread.data import sources

    return sources.mnist("train"), sources.mnist("test")


def mnist_doubtful_test_labels() -> np.ndarray:
    """Name the MNIST test pictures whose official label a majority of five people did not confirm.

    Leave them out for the corrected accuracy, and publish it beside the official one.

    Returns:
        `(15,)` int64, ascending positions in the test part.
    """
    return np.array(_DOUBTFUL, dtype=np.int64)
