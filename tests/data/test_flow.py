"""`Augment.flow`: batches for `fit`, varied anew in every epoch, the labels beside their pictures."""

import numpy as np
import pytest

from inkread import Augment
from inkread.errors import UsageError

keras = pytest.importorskip("keras")

X = np.zeros((50, 28, 28, 1), np.float32)
X[np.arange(50), 10, 10] = np.linspace(0.02, 1, 50)[:, None]  # each picture can be told from the others
Y = np.arange(50) % 10


def test_it_is_what_fit_takes():
    flow = Augment(rotation_range=5).flow(X, Y, batch_size=16)
    assert isinstance(flow, keras.utils.PyDataset)
    assert len(flow) == flow.num_batches == 4
    assert [len(x) for x, _ in flow] == [16, 16, 16, 2]


def test_fit_learns_from_it():
    rng = np.random.default_rng(0)
    x = rng.random((64, 8, 8, 1), dtype=np.float32) / 10
    y = np.arange(64) % 2
    x[y == 1, :, :4] += 0.8
    network = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(2)])
    network.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    vary = Augment(width_shift_range=0.1, noise=0.05, seed=0)
    history = network.fit(vary.flow(x, y, batch_size=16), epochs=3, verbose=0).history["loss"]
    assert history[-1] < history[0]


def test_every_picture_comes_once_an_epoch_with_its_own_label():
    flow = Augment(seed=1).flow(X, Y)
    x, y = (np.concatenate(parts) for parts in zip(*flow, strict=True))
    which = np.rint((x.max(axis=(1, 2, 3)) - 0.02) / 0.02).astype(int)
    assert sorted(which) == list(range(50))
    assert (Y[which] == y).all()


def test_every_epoch_varies_and_orders_anew_and_the_seed_decides():
    def epochs(seed):
        flow = Augment(rotation_range=20, seed=seed).flow(X, Y, batch_size=50)
        first = flow[0]
        flow.on_epoch_end()
        return first, flow[0]

    (a, ya), (b, yb) = epochs(1)
    (again, _), _ = epochs(1)
    assert (a != b).any() and (ya != yb).any() and (a == again).all()


def test_without_shuffle_the_order_stays():
    _, y = Augment().flow(X, Y, 50, False)[0]
    assert (y == Y).all()


@pytest.mark.parametrize(
    ("y", "first"),
    [
        pytest.param(None, lambda batch: batch.shape == (32, 28, 28, 1), id="no labels: pictures alone"),
        pytest.param(np.eye(10)[Y], lambda batch: batch[1].shape == (32, 10), id="one-hot rows"),
        pytest.param(
            {"digit": Y, "odd": Y % 2}, lambda batch: set(batch[1]) == {"digit", "odd"}, id="named outputs"
        ),
        pytest.param((Y, Y), lambda batch: len(batch[1]) == 2, id="two outputs"),
        pytest.param(list(Y), lambda batch: batch[1].shape == (32,), id="a list"),
    ],
)
def test_whatever_goes_with_the_pictures_is_cut_with_them(y, first):
    assert first(Augment().flow(X, y)[0])


def test_weights_ride_along():
    weights = np.linspace(0, 1, 50)
    x, y, w = Augment().flow(X, Y, 8, False, sample_weight=weights)[1]
    assert (w == weights[8:16]).all() and len(x) == len(y) == 8


def test_bytes_stay_bytes():
    x, _ = Augment(rotation_range=10, noise=0.1).flow((X * 255).astype(np.uint8), Y)[0]
    assert x.dtype == np.uint8 and x.shape == (32, 28, 28, 1)


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        pytest.param(X, Y[:40], "y has 40 entries for 50 pictures", id="too few labels"),
        pytest.param(X[:0], Y[:0], "0 pictures in batches of 32", id="nothing"),
        pytest.param(X[0], Y, "expected", id="one picture"),
    ],
)
def test_what_does_not_fit_says_so(x, y, message):
    with pytest.raises(UsageError, match=message):
        Augment(rotation_range=5).flow(x, y)


def test_turns_are_guarded_by_the_labels():
    with pytest.raises(UsageError, match="the labels hold 6/9"):
        Augment(rotation_range=90).flow(X, Y)
    assert Augment(rotation_range=90).flow(X, Y, classes=tuple("abcdefghij"))
