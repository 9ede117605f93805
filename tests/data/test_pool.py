"""A pool is made once, the same however many processes make it, and found again."""

from dataclasses import replace

import numpy as np
import pytest

from inkread.data import pool, scenes
from inkread.data.pool import Order
from inkread.data.sources import REJECT
from inkread.errors import DataError

ORDER = Order("train", 12, 0.3)


@pytest.fixture
def quick(monkeypatch, tmp_path):
    """Small chunks, no second process, no data beside the package's."""
    monkeypatch.delenv("INKREAD_DATA", raising=False)
    monkeypatch.setattr(pool, "CHUNK", 5)
    scenes.artist.cache_clear()
    return tmp_path


def make(folder, order=ORDER):
    return pool.rendered(folder, order, lambda text: None, processes=1)


def test_pictures_are_in_the_mnist_form(quick):
    samples = make(quick)
    assert samples.images.shape == (12, 28, 28) and samples.images.dtype == np.uint8
    assert set(samples.labels) <= {*range(10), REJECT}
    ink = samples.images[samples.weights > 0].astype(float)
    assert len(ink) >= 10
    y = (ink.sum(2) @ np.arange(28)) / ink.sum((1, 2))
    assert np.abs(y - 13.5).max() < 3


def test_a_pool_is_made_once(quick, monkeypatch):
    first = make(quick)
    monkeypatch.setattr(pool, "draw", None)  # would fail if it rendered again
    assert (make(quick).images == first.images).all()


def test_another_order_is_another_pool(quick):
    make(quick, replace(ORDER, count=5))
    make(quick, replace(ORDER, count=5, rejects=0.0))
    assert len(list(quick.glob("train-*.npz"))) == 2


def test_a_picture_depends_on_its_number_alone(quick):
    whole = pool.draw((ORDER, 0, 6))
    tail = pool.draw((ORDER, 4, 2))
    assert (whole.images[4:] == tail.images).all() and (whole.labels[4:] == tail.labels).all()


def test_held_back_hands_are_not_those_of_training(quick):
    artist = scenes.artist("validation")
    marks = [artist.hands.draw(np.random.default_rng(i), away=True).hand for i in range(40)]
    scenes.artist.cache_clear()
    training = scenes.artist("train")
    known = {training.hands.draw(np.random.default_rng(i)).hand for i in range(200)}
    assert not known & set(marks)


def test_a_damaged_pool_says_what_to_do(quick):
    make(quick)
    next(quick.glob("*.npz")).write_bytes(b"half")
    with pytest.raises(DataError, match="is damaged .*delete it and run again"):
        make(quick)


def test_a_lost_digit_does_not_look_like_its_mark():
    bar, ring = np.zeros((28, 28), np.float32), np.zeros((28, 28), np.float32)
    bar[4:24, 13:16] = 1
    ring[[4, 23], 6:22] = 1
    ring[4:24, [5, 22]] = 1
    assert scenes._likeness(bar, np.roll(bar, 1, axis=1)) > 0.9
    assert scenes._likeness(bar, ring) < scenes.LOST
