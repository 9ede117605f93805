"""Photos with their ink are rendered once, the same in any order, kept on disk, and damage is noticed."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from inkread.data import scenes, shots, supply, views
from inkread.data.pool import Order
from inkread.errors import DataError

ORDER = Order("train", 7, 0.3)


@pytest.fixture(autouse=True)
def packaged(monkeypatch):
    """No data beside the package's."""
    monkeypatch.delenv("INKREAD_DATA", raising=False)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("photos")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("INKREAD_DATA", raising=False)
        patch.setattr(shots, "CHUNK", 4)
        scenes.artist.cache_clear()
        return folder, shots.rendered(folder, ORDER, lambda text: None, processes=1)


def drawn(count, seed=0):
    """Photos of noise, as `draw` gives them."""
    rng = np.random.default_rng(seed)
    return [rng.integers(0, 256, (*rng.integers(8, 40, 2), 4), dtype=np.uint8) for _ in range(count)]


@pytest.fixture
def noise(tmp_path, monkeypatch):
    """A quickly made pool of eight photos."""
    monkeypatch.setattr(shots, "draw", lambda task: drawn(task[2]))
    return shots.rendered(tmp_path, replace(ORDER, count=8), lambda text: None)


def test_photos_come_with_their_ink(made):
    _, pool = made
    assert len(pool) == 7
    inked = 0
    for number in range(7):
        rgb, ink = pool[number]
        assert rgb.shape == (*ink.shape, 3) and rgb.dtype == ink.dtype == np.uint8
        assert max(ink.shape) <= shots.LONGEST
        if (ink > 200).any() and (ink < 10).any():
            grey = rgb.mean(2)
            inked += abs(grey[ink > 200].mean() - grey[ink < 10].mean()) > 8
    assert inked >= 3


def test_a_photo_depends_on_its_number_alone(made):
    _, pool = made
    for number, both in enumerate(shots.draw((ORDER, 5, 2)), 5):
        np.testing.assert_array_equal(both[..., :3], pool[number][0])
        np.testing.assert_array_equal(both[..., 3], pool[number][1])
    assert shots.draw((replace(ORDER, seed=1), 5, 1))[0].tobytes() != np.dstack(pool[5]).tobytes()


def test_a_pool_is_made_once_and_another_order_is_another(made, monkeypatch):
    folder, pool = made
    monkeypatch.setattr(shots, "draw", lambda task: drawn(task[2]))
    assert shots.rendered(folder, ORDER, lambda text: None).checksum() == pool.checksum()
    other = shots.rendered(folder, replace(ORDER, rejects=0.0), lambda text: None)
    assert other.path != pool.path and other.checksum() != pool.checksum()


def test_pictures_of_mixed_sizes_come_back_as_they_were(noise):
    for number, both in enumerate(drawn(8)):
        np.testing.assert_array_equal(np.dstack(noise[number]), both)
    with pytest.raises(ValueError, match="read-only"):
        noise.pixels[0, 0] = 0


def test_training_and_validation_take_other_hands(monkeypatch):
    asked = []

    def render(rng, hands, axes):
        asked.append(axes)
        raise InterruptedError

    monkeypatch.setattr(shots.digits, "render", render)
    for part in ("train", "validation"):
        with pytest.raises(InterruptedError):
            shots.draw((Order(part, 1, 0.0), 0, 1))
    assert asked == ["train", "hand"]
    validation = scenes.artist("validation").hands
    held = {validation.draw(np.random.default_rng(i), away=True).hand for i in range(40)}
    training = scenes.artist("train").hands
    assert not held & {training.draw(np.random.default_rng(i)).hand for i in range(150)}


def test_a_pool_that_was_cut_off_says_what_to_do(noise, tmp_path):
    whole = noise.path.read_bytes()
    del noise
    path = next(tmp_path.glob("*.rgbi"))
    path.write_bytes(whole[:-5])
    with pytest.raises(DataError, match=r"is damaged \(it is not as long .*delete train-ink-.*run again"):
        shots.opened(path)
    path.with_suffix(".npz").write_bytes(b"PK half")
    with pytest.raises(DataError, match="is damaged"):
        shots.opened(path)


def test_a_photo_whose_bytes_have_changed_is_not_learned_from(noise):
    spoilt = bytearray(noise.path.read_bytes())
    spoilt[int(noise.starts[3]) * 4 + 9] ^= 16
    noise.path.write_bytes(spoilt)
    again = shots.opened(noise.path)
    np.testing.assert_array_equal(np.dstack(again[2]), drawn(8)[2])
    with pytest.raises(DataError, match=r"is damaged \(photo 3\); delete"):
        again[3]


def test_batches_are_the_same_whoever_makes_them(noise):
    make = partial(views.batch_of, noise.path, 2)
    with supply.Supply(make, seed=5, processes=1) as ahead:
        got = [ahead.get(*divmod(place, 3), 3) for place in range(1, 7)]
    for place, (pictures, ink) in enumerate(got, 1):
        wanted = make((5, *divmod(place, 3)))
        np.testing.assert_array_equal(pictures, wanted[0])
        np.testing.assert_array_equal(ink, wanted[1])
    assert (got[0][0] != got[3][0]).any()
