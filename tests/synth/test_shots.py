"""The simulator knows where the ink of its photos is."""

import numpy as np
import pytest

from inkread.synth import camera, conditions


@pytest.fixture
def ring() -> np.ndarray:
    y, x = np.mgrid[-1:1:80j, -1:1:60j]
    far = np.hypot(x, y)
    return ((far > 0.7) & (far < 1)).astype(np.float32)


def test_the_ink_lies_where_the_picture_shows_it(ring):
    darker = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        view = conditions.sample_conditions(rng, "train")
        shot = camera.shoot(ring, rng, view)
        assert shot.ink.shape == shot.rgb.shape[:2] and shot.ink.dtype == np.float32
        assert 0 <= shot.ink.min() and shot.ink.max() <= 1 and (shot.ink > 0.5).any()
        grey = shot.rgb.mean(-1)
        darker.append(
            abs(grey[shot.ink > 0.8].mean() - grey[shot.ink < 0.05].mean()) if (shot.ink > 0.8).any() else 99
        )
    assert np.median(darker) > 40 and np.mean(np.array(darker) > 8) > 0.95


def test_a_photo_is_the_same_whether_its_ink_is_wanted_or_not(ring):
    view = conditions.sample_conditions(np.random.default_rng(5), "train")
    shot = camera.shoot(ring, np.random.default_rng(6), view)
    np.testing.assert_array_equal(camera.photograph(ring, np.random.default_rng(6), view), shot.rgb)


def test_bare_paper_has_no_ink():
    view = conditions.sample_conditions(np.random.default_rng(3), "train")
    shot = camera.shoot(np.zeros((40, 30), np.float32), np.random.default_rng(3), view)
    assert not shot.ink.any()
