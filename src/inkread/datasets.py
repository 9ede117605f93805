"""Data sets for Keras users, in the form of `keras.datasets`. No network: MNIST is in the package."""

from __future__ import annotations

import numpy as np

__all__ = ["mnist", "mnist_doubtful_test_labels", "mnist_writers"]

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


def mnist_writers() -> tuple[np.ndarray, np.ndarray] | None:
    """Say who wrote each digit of `mnist()`, to split by writer, so that no hand is on both sides.

    The list is not in the package: it is `mnist/writers.npz` (arrays `train` and `test`) below the folder
    that the environment variable `INKREAD_DATA` names.

    Returns:
        `(train, test)`: `(60000,)` and `(10000,)` int64 writer numbers; None where the list is not at hand.

    Raises:
        DataError: `INKREAD_DATA` names no folder, or the list does not fit MNIST.
    """
    from inkread.data import sources
    from inkread.errors import DataError

    train, test = sources.mnist_writers("train"), sources.mnist_writers("test")
    if train is None or test is None:
        return None
    if (train.shape, test.shape) != ((60000,), (10000,)):
        raise DataError(
            f"mnist/writers.npz names {train.size} and {test.size} writers; "
            "expected one a digit, 60000 and 10000"
        )
    return train, test


def mnist_doubtful_test_labels() -> np.ndarray:
    """Name the MNIST test pictures whose official label a majority of five people did not confirm.

    Leave them out for the corrected accuracy, and publish it beside the official one.

    Returns:
        `(15,)` int64, ascending positions in the test part.
    """
    return np.array(_DOUBTFUL, dtype=np.int64)
