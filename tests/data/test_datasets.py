"""MNIST in the package, in the form that Keras gives it."""

import gzip

import numpy as np
import pytest

from inkread import datasets
from inkread.data import sources
from inkread.errors import DataError


def test_mnist_comes_as_keras_gives_it():
    (x_train, y_train), (x_test, y_test) = datasets.mnist()
    assert x_train.shape == (60000, 28, 28) and x_test.shape == (10000, 28, 28)
    assert x_train.dtype == x_test.dtype == y_train.dtype == np.uint8
    assert y_test[:5].tolist() == [7, 2, 1, 0, 4] and y_train[:5].tolist() == [5, 0, 4, 1, 9]
    assert x_train.sum(dtype=np.int64) == 1567298545
    x_train[0] = 0  # one's own copy


def test_doubtful_labels_are_fifteen_test_pictures():
    doubtful = datasets.mnist_doubtful_test_labels()
    assert len(set(doubtful.tolist())) == 15 and doubtful.max() < 10000


def test_writers_are_told_where_their_list_is_there(tmp_path, monkeypatch):
    monkeypatch.setenv("INKREAD_DATA", str(tmp_path))
    assert datasets.mnist_writers() is None
    (tmp_path / "mnist").mkdir()
    np.savez(tmp_path / "mnist" / "writers.npz", train=np.arange(60000) // 120, test=np.arange(10000) // 40)
    train, test = datasets.mnist_writers()
    assert train.shape == (60000,) and test[-1] == 249 and train.dtype == np.int64
    np.savez(tmp_path / "mnist" / "writers.npz", train=np.arange(3), test=np.arange(10000))
    with pytest.raises(DataError, match="names 3 and 10000 writers; expected one a digit"):
        datasets.mnist_writers()


def test_the_bundle_stays_small():
    assert sum(p.stat().st_size for p in sources.MNIST_FOLDER.glob("*.gz")) < 12_000_000


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"nonsense", id="not gzip"),
        pytest.param(gzip.compress(b"\x00\x00\x08\x01\x00\x00\x00\x09abc"), id="shorter than it says"),
        pytest.param(gzip.compress(b"\x00"), id="no header"),
    ],
)
def test_a_damaged_file_says_what_to_do(tmp_path, content):
    path = tmp_path / "x.gz"
    path.write_bytes(content)
    with pytest.raises(DataError, match="install the package again"):
        sources._idx(path)


def test_mnist_has_two_parts():
    with pytest.raises(DataError, match="no part 'val'"):
        sources.mnist("val")
