"""Variation keeps what a digit is: its shape, its range, its place in the frame."""

import cv2
import numpy as np
import pytest

from inkread.data import augment, sources
from inkread.data.augment import Strength


@pytest.fixture(scope="module")
def digits():
    images, labels = sources.mnist("test")
    return images[:300], labels[:300]


@pytest.mark.parametrize("strength", [augment.FULL, augment.MILD], ids=["full", "mild"])
def test_pictures_stay_pictures(digits, strength):
    varied = augment.batch(digits[0], np.random.default_rng(0), strength)
    assert varied.shape == (300, 28, 28) and varied.dtype == np.uint8
    assert (varied.max(axis=(1, 2)) > 60).all()  # no digit fades away


def test_the_same_chance_gives_the_same_pictures(digits):
    one = augment.batch(digits[0], np.random.default_rng(5))
    other = augment.batch(digits[0], np.random.default_rng(5))
    assert (one == other).all()


def test_the_originals_are_left_alone(digits):
    before = digits[0].copy()
    augment.batch(digits[0], np.random.default_rng(0))
    assert (digits[0] == before).all()


def test_no_variation_gives_the_pictures_back(digits):
    still = Strength(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    varied = augment.batch(digits[0], np.random.default_rng(0), still)
    assert np.abs(varied.astype(int) - digits[0]).max() <= 1


def test_ink_is_not_pushed_out_of_the_frame(digits):
    varied = augment.batch(digits[0], np.random.default_rng(0), Strength(tone=0, noise=0, residue=0))
    border = np.concatenate(
        [varied[:, [0, -1], :].reshape(300, -1), varied[:, :, [0, -1]].reshape(300, -1)], 1
    )
    assert (border.max(axis=1) > 128).mean() < 0.15


def test_the_label_can_still_be_read(digits):
    """The shipped network, which no test picture taught, reads varied digits almost as well as plain ones."""
    from inkread.runtime import recognizer

    varied = augment.batch(digits[0], np.random.default_rng(1))
    logits = recognizer.load("digits").logits(varied[..., None] / np.float32(255))
    assert (logits[:, :10].argmax(axis=1) == digits[1]).mean() > 0.93


def test_the_center_of_mass_goes_to_the_middle():
    image = np.zeros((1, 28, 28), np.uint8)
    image[0, 2:6, 20:24] = 200
    moved = augment.center_of_mass(image)[0]
    y, x = np.argwhere(moved).mean(axis=0)
    assert abs(y - 13.5) <= 0.5 and abs(x - 13.5) <= 0.5


def test_blank_paper_stays_blank():
    assert not augment.center_of_mass(np.zeros((2, 28, 28), np.uint8)).any()


@pytest.mark.parametrize("frame", [True, False], ids=["black outside", "the border goes on"])
@pytest.mark.parametrize("kind", [np.uint8, np.float32])
def test_a_batch_moved_at_once_is_each_picture_moved_alone(digits, frame, kind):
    rng = np.random.default_rng(0)
    images = (255 - digits[0][:150] if kind == np.uint8 else 1 - digits[0][:150] / 255).astype(kind)
    y, x = np.mgrid[:28, :28]
    maps = np.stack([x, y])[:, None] + rng.uniform(-6, 6, (2, 150, 28, 28))
    maps = maps.astype(np.float32)
    how = cv2.BORDER_CONSTANT if frame else cv2.BORDER_REPLICATE
    alone = [cv2.remap(i, *maps[:, k], cv2.INTER_LINEAR, None, how) for k, i in enumerate(images)]
    together = augment.moved(images, maps.copy(), frame=frame)
    near = 2 if kind == np.uint8 else 0.05  # OpenCV before 5 rounds places to 1/32 pixel
    assert together.dtype == kind and np.abs(together.astype(float) - alone).mean() < near / 10
    assert np.abs(together.astype(float) - alone).max() <= (255 / 16 if kind == np.uint8 else 1 / 16)


def test_a_product_in_pieces_is_the_product():
    rng = np.random.default_rng(0)
    rows, matrix = rng.random((700, 25), np.float32), rng.random((25, 784), np.float32)
    assert np.allclose(augment.product(rows, matrix), rows @ matrix, rtol=1e-5)


def test_bends_are_smooth_and_about_as_large_as_asked():
    bends = augment.bends(200, np.random.default_rng(0), 2.0, (28, 40))
    assert bends.shape == (2, 200, 28, 40)
    assert 0.8 < bends.std() < 1.4 and np.abs(np.diff(bends)).max() < 1.5
