"""Views of a photo vary everything but the truth: the ink stays where the picture shows it."""

import numpy as np
import pytest

from inkread.data import fieldviews, views
from inkread.imaging.learned import standard


@pytest.fixture
def photo():
    """A dark, lopsided 7 on light paper, 120 x 90 pixels, and its ink."""
    ink = np.zeros((120, 90), np.uint8)
    ink[20:32, 20:70] = 255
    ink[32:100, 50:62] = 255
    return np.repeat(230 - ink[..., None] // 255 * 180, 3, 2), ink


def alike(picture, ink):
    """How closely the brightness of a view follows its ink, whatever the sign."""
    inside = ink[..., 0] >= 0
    return abs(np.corrcoef(picture[inside].mean(1), ink[inside, 0])[0, 1])


def test_the_ink_moves_with_the_picture(photo):
    found = []
    for seed in range(80):
        picture, ink = views.view(*photo, np.random.default_rng(seed))
        assert picture.shape == (128, 128, 3) and ink.shape == (128, 128, 1)
        if ink.max() > 0.5:
            found.append(alike(picture, ink))
    assert len(found) > 60 and np.median(found) > 0.97 and np.mean(np.array(found) > 0.5) > 0.9


def test_views_turn_and_mirror(photo):
    inks = [views.view(*photo, np.random.default_rng(seed))[1] for seed in range(60)]
    tall = np.mean([(ink >= 0).any(axis=(1, 2)).sum() > (ink >= 0).any(axis=(0, 2)).sum() for ink in inks])
    assert 0.2 < tall < 0.8
    assert len({ink.tobytes() for ink in inks}) > 30


def test_colours_do_not_change_the_ink(photo):
    rgb, ink = photo
    others = [255 - rgb, rgb // 2 + np.array([90, 0, 30], np.uint8), np.full_like(rgb, 128)]
    for seed in range(20):
        wanted = views.view(rgb, ink, np.random.default_rng(seed))
        for other in others:
            got = views.view(other, ink, np.random.default_rng(seed))
            np.testing.assert_array_equal(got[1], wanted[1])
            assert (got[0] != wanted[0]).any()


def test_equal_chance_gives_equal_views(photo):
    one, other = (views.view(*photo, np.random.default_rng(7)) for _ in range(2))
    np.testing.assert_array_equal(one[0], other[0])
    np.testing.assert_array_equal(one[1], other[1])


def test_a_plain_view_is_the_whole_picture_in_the_middle(photo):
    rgb, ink = photo
    picture, truth = views.plain(rgb, ink)
    assert (truth[:, :16] == views.OUTSIDE).all() and (truth[:, 16:112] >= 0).all()
    assert (truth[:, 112:] == views.OUTSIDE).all() and not picture[:, :16].any()
    assert (truth >= 0.5).sum() / (96 * 128) == pytest.approx((ink > 0).mean(), rel=0.03)
    assert alike(picture, truth) > 0.99


def test_what_is_seen_is_what_reading_sees(photo):
    square, ink = np.ascontiguousarray(photo[0][:90]), photo[1][:90]
    square = np.repeat(np.repeat(square[:64, :64], 2, 0), 2, 1)
    picture, _ = views.plain(square, np.repeat(np.repeat(ink[:64, :64], 2, 0), 2, 1))
    np.testing.assert_array_equal(picture, standard(square.astype(np.float32)))


@pytest.mark.parametrize("shape", [(8, 200), (300, 5), (9, 9)])
def test_any_shape_has_a_view(shape):
    rng = np.random.default_rng(1)
    rgb, ink = rng.integers(0, 256, (*shape, 3), dtype=np.uint8), np.zeros(shape, np.uint8)
    for _ in range(8):
        picture, truth = views.view(rgb, ink, rng)
        assert np.isfinite(picture).all() and set(np.unique(truth)) <= {views.OUTSIDE, 0.0}


def test_a_view_of_a_field_is_upright_and_shows_a_part_at_about_its_size(photo):
    wide = np.concatenate([photo[0]] * 4, axis=1), np.concatenate([photo[1]] * 4, axis=1)
    found = []
    for seed in range(40):
        picture, ink = fieldviews.view(*wide, np.random.default_rng(seed))
        assert picture.shape == (128, 128, 3) and ink.shape == (128, 128, 1)
        if ink.max() > 0.5:
            found.append(alike(picture, ink))
    assert len(found) > 30 and np.median(found) > 0.95
    one, other = (fieldviews.plain(*wide) for _ in range(2))
    np.testing.assert_array_equal(one[0], other[0])
    np.testing.assert_array_equal(one[1], other[1])
