"""Hands: digits as masks, the same hand writing alike, some hands kept away from training."""

from __future__ import annotations

import numpy as np
import pytest

from inkread.errors import DataError
from inkread.synth import hands, pens, shapes


@pytest.fixture(scope="module")
def bank() -> hands.Hands:
    """Forty little rings by four writers, beside the drawn hands."""
    y, x = np.mgrid[-1:1:28j, -1:1:28j]
    ring = (np.abs(np.hypot(x, y * 0.8) - 0.6) < 0.14).astype(np.uint8) * 255
    return hands.Hands.load(np.repeat(ring[None], 40, 0), np.arange(40) % 10, np.arange(40) // 10 * 7)


@pytest.mark.parametrize("label", list(hands.DIGITS))
@pytest.mark.parametrize("away", [False, True], ids=["training hand", "held-out hand"])
def test_a_drawn_digit_is_coverage_between_bare_and_inked(bank, label, away):
    mark = bank.draw(np.random.default_rng(3), away=away, label=label)
    assert mark.label == label
    assert mark.mask.dtype == np.float32 and mark.mask.ndim == 2
    assert mark.mask.min() >= 0 and 0.9 < mark.mask.max() <= 1
    assert hands.held_out(mark.hand) == away


def test_the_same_seed_draws_the_same_digit(bank):
    one, other = (bank.draw(np.random.default_rng(5)) for _ in range(2))
    assert np.array_equal(one.mask, other.mask) and one.hand == other.hand


def test_every_shape_of_every_digit_can_be_inked():
    rng = np.random.default_rng(0)
    for variants in shapes.SHAPES.values():
        for shape in variants.values():
            mask = pens.ink_lines(shapes.polylines(shape, 0.01, rng), 40, 0.08, "even", rng)
            assert mask.max() == 1


def test_european_shapes_are_there():
    assert {"long flag", "long flag and base", "plain"} <= shapes.SHAPES["1"].keys()
    assert {"barred", "serif barred"} <= shapes.SHAPES["7"].keys()
    assert {"open", "closed", "long stem"} <= shapes.SHAPES["4"].keys()
    assert {"hooked tail", "straight tail"} <= shapes.SHAPES["9"].keys()


@pytest.mark.parametrize("kind", pens.NIBS)
def test_every_nib_leaves_ink(kind):
    line = np.array([(0.0, 0.0), (0.2, 0.5), (0.3, 1.0)])
    mask = pens.ink_lines([line], 60, 0.1, kind, np.random.default_rng(1))
    assert mask.max() > 0.8 and mask.min() >= 0


@pytest.mark.parametrize("nib", [0.03, 0.25])
def test_a_mark_is_inked_anew_with_another_width(nib):
    mask = np.zeros((104, 60), np.float32)
    mask[2:102, 24:36] = 1  # a stroke of 12 px on 100
    widths = (pens.reink(mask, nib) > 0.5).sum(1)
    width = float(np.median(widths[widths > 0]))
    assert width == pytest.approx(min(nib * 100, 12 + 2 * 8), abs=2.5)


def test_a_thick_pen_leaves_a_loop_open():
    y, x = np.mgrid[-50:50, -50:50]
    ring = ((np.abs(np.hypot(x, y) - 40) < 5) * 1.0).astype(np.float32)
    assert pens.reink(ring, 0.6).shape[0] > 100 and pens.reink(ring, 0.6)[50:60, 50:60].min() == 0


def test_about_one_hand_in_seven_is_held_out():
    share = np.mean([hands.held_out(f"drawn-{n}") for n in range(3000)])
    assert share == pytest.approx(1 / 7, abs=0.02)


@pytest.mark.parametrize(("given", "away"), [("train", False), ("held_out", True)])
def test_the_caller_may_say_on_which_side_its_writers_are(given, away):
    images, labels = np.zeros((20, 28, 28), np.uint8), np.arange(20) % 10
    bank = hands.Hands.load(images, labels, np.arange(20), given=given)
    assert all(len(bank.written[0].where(away, digit)) == 2 for digit in range(10))
    assert not any(len(bank.written[0].where(not away, digit)) for digit in range(10))


def test_digits_without_labels_are_refused():
    with pytest.raises(DataError, match="label for each"):
        hands.Hands.load(np.zeros((2, 28, 28), np.uint8))
