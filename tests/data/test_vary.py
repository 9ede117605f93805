"""`inkread.Augment`: ImageDataGenerator's words and meanings, and no change of a label."""

import copy
import dataclasses
import pickle

import numpy as np
import pytest

from inkread import Augment
from inkread.data import guards, sources
from inkread.errors import UsageError

EVERYTHING = {
    "rotation_range": 12,
    "width_shift_range": 0.1,
    "height_shift_range": 2.0,
    "shear_range": 8,
    "zoom_range": (0.9, 1.2),
    "stroke_width": 0.8,
    "elastic": 1.0,
    "paper": 0.5,
    "light": 0.6,
    "noise": 0.05,
}


@pytest.fixture(scope="module")
def digits():
    images, labels = sources.mnist("test")
    return images[:200], labels[:200]


def blob(side=28, at=14):
    """One bright square of 4 pixels in the middle of nothing."""
    image = np.zeros((1, side, side), np.float32)
    image[0, at - 2 : at + 2, at - 2 : at + 2] = 1
    return image


def middle(image):
    rows, columns = np.indices(image.shape)
    return (rows * image).sum() / image.sum(), (columns * image).sum() / image.sum()


# --- what comes out --------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", [*EVERYTHING, None], ids=lambda word: word or "all together")
@pytest.mark.parametrize("kind", [np.uint8, np.float32, np.float64])
def test_the_same_shape_type_and_range_come_out_and_something_changes(digits, word, kind):
    x = digits[0][..., None] if kind == np.uint8 else (digits[0][..., None] / 255).astype(kind)
    words = EVERYTHING if word is None else {word: EVERYTHING[word]}
    varied = Augment(**words, seed=3).apply(x)
    assert (varied.shape, varied.dtype) == (x.shape, x.dtype)
    assert 0 <= varied.min() and varied.max() <= (255 if kind == np.uint8 else 1)
    assert (varied != x).any()


def test_nothing_asked_is_nothing_changed(digits):
    assert (Augment().apply(digits[0]) == digits[0]).all()


def test_the_originals_are_left_alone(digits):
    before = digits[0].copy()
    Augment(**EVERYTHING).apply(digits[0])
    assert (digits[0] == before).all()


def test_the_same_seed_gives_the_same_pictures(digits):
    one, same, other = (Augment(**EVERYTHING, seed=s).apply(digits[0]) for s in (1, 1, 2))
    assert (one == same).all() and (one != other).any()


@pytest.mark.parametrize("side", [16, 28, 64])
def test_any_size_goes(side):
    x = blob(side, side // 2)
    assert Augment(**EVERYTHING, seed=0).apply(x).shape == x.shape


def test_dark_ink_on_light_paper_is_varied_as_light_ink_on_dark(digits):
    vary = Augment(**EVERYTHING, seed=4)
    light, dark = vary.apply(digits[0]), vary.apply(255 - digits[0])
    assert np.abs(light.astype(int) - (255 - dark.astype(int))).max() <= 2


def test_the_label_can_still_be_read(digits):
    """The shipped network, which no test picture taught, reads varied digits almost as well as plain ones."""
    from inkread.runtime import recognizer

    words = EVERYTHING | {"stroke_width": 0.5, "paper": 0.3}
    varied = Augment(**words, seed=1).apply((digits[0][..., None] / 255).astype(np.float32))
    logits = recognizer.load("digits").logits(varied)
    assert (logits[:, :10].argmax(axis=1) == digits[1]).mean() > 0.95


# --- ImageDataGenerator's meanings -----------------------------------------------------------------------


def test_a_share_of_the_width_and_pixels_are_told_apart_by_1():
    share = [middle(Augment(width_shift_range=0.2, seed=s).apply(blob())[0]) for s in range(60)]
    pixels = [middle(Augment(height_shift_range=3.0, seed=s).apply(blob())[0]) for s in range(60)]
    across = np.array([x - 13.5 for _, x in share])
    down = np.array([y - 13.5 for y, _ in pixels])
    assert 4 < np.abs(across).max() <= 5.7 and max(abs(y - 13.5) for y, _ in share) < 0.1
    assert 2.3 < np.abs(down).max() <= 3.1 and max(abs(x - 13.5) for _, x in pixels) < 0.1


def test_an_integer_shift_is_in_whole_pixels_fewer_than_it():
    moved = {round(middle(Augment(width_shift_range=2, seed=s).apply(blob())[0])[1], 2) for s in range(60)}
    assert moved == {12.5, 13.5, 14.5}


@pytest.mark.parametrize(
    ("zoom", "grows"),
    [
        pytest.param((0.5, 0.5), True, id="below 1 enlarges"),
        pytest.param((1.5, 1.5), False, id="above 1 shrinks"),
    ],
)
def test_zoom_as_a_pair(zoom, grows):
    ink = Augment(zoom_range=zoom, seed=0).apply(blob()).sum() / blob().sum()
    assert ink > 3 if grows else ink < 0.6


def test_zoom_as_a_number_goes_to_both_sides():
    inks = [Augment(zoom_range=0.3, seed=s).apply(blob()).sum() / 16 for s in range(40)]
    assert min(inks) < 0.8 and max(inks) > 1.25


def test_what_moves_in_brings_the_border_along_as_the_default_of_keras():
    grey = np.full((1, 28, 28), 77, np.uint8)
    assert (Augment(rotation_range=30, width_shift_range=0.3, seed=0).apply(grey) == 77).all()


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("rotation", r"Augment\(rotation=...\): no such word; .*did you mean 'rotation_range'"),
        ("horizontal_flip", "nothing is mirrored, since a mirrored 2 is no 2"),
    ],
)
def test_a_word_it_does_not_know_is_told_with_the_nearest(word, message):
    with pytest.raises(UsageError, match=message):
        Augment(**{word: True})


def test_it_can_be_copied_and_sent_to_another_process():
    vary = Augment(rotation_range=10, guard=("6/9",), seed=1)
    assert pickle.loads(pickle.dumps(vary)) == copy.deepcopy(vary) == dataclasses.replace(vary) == vary


def test_moves_are_those_of_keras_to_the_pixel(digits):
    """The same matrix as Keras' own function; OpenCV before 5 rounds places to 1/32 pixel."""
    legacy = pytest.importorskip("keras.src.legacy.preprocessing.image")
    pytest.importorskip("scipy")
    vary = Augment(
        rotation_range=20, shear_range=15, zoom_range=0.2, width_shift_range=0.1, height_shift_range=0.1
    )
    x = (digits[0][:20] / 255).astype(np.float32)
    ours = vary.apply(x, 7)
    chance = np.random.default_rng(7).random((6, 20))
    for image, out, u in zip(x, ours, chance.T, strict=True):
        turn, shear, down, right = u[:4] * 2 - 1
        theirs = legacy.apply_affine_transform(
            image[..., None],
            theta=20 * turn,
            shear=15 * shear,
            tx=2.8 * right,  # Keras' generator hands its height shift on as this one
            ty=2.8 * down,
            zx=0.8 + 0.4 * u[5],
            zy=0.8 + 0.4 * u[4],
            row_axis=0,
            col_axis=1,
            channel_axis=2,
            fill_mode="nearest",
            order=1,
        )
        assert np.abs(out - theirs[..., 0]).max() < 0.06


# --- no change of a label --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("labels", "classes"),
    [
        pytest.param(np.array([6, 9, 1]), None, id="integers are digits"),
        pytest.param(np.array([[6], [9]]), None, id="a column of integers"),
        pytest.param(np.eye(10), None, id="one-hot rows"),
        pytest.param(np.array(["W", "M"]), None, id="texts"),
        pytest.param(np.array([0, 1]), ("6", "9"), id="places in classes"),
        pytest.param((np.array([6, 9]), np.array([0.1, 0.2])), None, id="one of several outputs"),
        pytest.param(None, None, id="unknown labels are taken for digits"),
    ],
)
def test_a_turn_that_makes_one_label_of_another_is_refused(labels, classes):
    with pytest.raises(UsageError, match=r"rotation_range is 60, but the labels hold (6/9|W/M).*45 at most"):
        Augment(rotation_range=60).check(labels, classes)


@pytest.mark.parametrize(
    ("labels", "classes"),
    [
        pytest.param(np.array([6, 1, 2]), None, id="no 9"),
        pytest.param(np.array([6, 9]), ("moon", "sun") * 5, id="integers that are not digits"),
        pytest.param(np.array([0.5, 6.25]), None, id="measures"),
    ],
)
def test_where_no_pair_can_be_confused_pictures_may_turn(labels, classes):
    Augment(rotation_range=180).check(labels, classes)


def test_no_guard_is_a_choice():
    Augment(rotation_range=180, guard=()).check(np.array([6, 9]))


def test_a_guard_may_be_named():
    with pytest.raises(UsageError, match=r"guard holds \+/x.*15 at most"):
        Augment(rotation_range=20, guard=["+/x"])


def test_a_guard_that_is_not_known_has_a_nearest_match():
    with pytest.raises(UsageError, match=r"there is no guard '6-9'; did you mean '6/9'"):
        Augment(guard=("6-9",))


@pytest.mark.parametrize(
    ("labels", "held"),
    [("0123456789", {"6/9"}), ("abc", set()), ("CUwm", {"C/U", "w/m"})],
    ids=["digits", "lower case", "both cases"],
)
def test_the_pairs_that_labels_hold(labels, held):
    assert guards.held_by(labels) == held


# --- wrong use -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"rotation_range": -5}, "rotation_range is -5; expected a number of 0 or more"),
        ({"noise": 20}, "noise is 20; expected a number from 0 to 1"),
        ({"shear_range": 90}, "shear_range is 90; expected a number from 0 to 45"),
        ({"zoom_range": 1.0}, "zoom_range is 1.0; expected a share"),
        ({"zoom_range": (1.2, 0.8)}, r"zoom_range is \(1.2, 0.8\); expected a share"),
        ({"width_shift_range": [-1, 1]}, r"width_shift_range is \[-1, 1\]; expected a number"),
        ({"elastic": float("nan")}, "elastic is nan; expected a number"),
        ({"rotation_range": 400, "guard": ()}, "expected 180 degrees at most"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_number_that_cannot_be_meant_says_what_would_be(words, message):
    with pytest.raises(UsageError, match=message):
        Augment(**words)


@pytest.mark.parametrize(
    ("x", "message"),
    [
        pytest.param(np.zeros((5, 28, 28, 3), np.uint8), r"shape \(5, 28, 28, 3\); expected", id="colour"),
        pytest.param(np.zeros((28, 28), np.uint8), r"shape \(28, 28\); expected", id="a single picture"),
        pytest.param(np.zeros((5, 784), np.float32), r"shape \(5, 784\); expected", id="flat"),
        pytest.param(np.full((1, 28, 28), 255.0), "runs from 255 to 255.*divide by 255", id="0..255 floats"),
        pytest.param(np.zeros((5, 28, 28), np.int64), "ndarray of int64", id="wide integers"),
        pytest.param([[0]], "list of None", id="a list"),
    ],
)
def test_pictures_of_another_form_say_what_was_wanted(x, message):
    with pytest.raises(UsageError, match=message):
        Augment(rotation_range=5).apply(x)
