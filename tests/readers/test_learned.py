"""Ink found by the network: where thresholds fail it still shows the strokes, at any size, and only those."""

import cv2
import numpy as np
import pytest

from inkread.imaging import learned
from inkread.runtime.finder import ink_finder


def seven(side, *, at=(0.3, 0.2), size=0.4, shade=60, paper=200.0):
    """A 7 on paper, and the pixels that it covers."""
    mask = np.zeros((side, side), np.uint8)
    (y, x), tall = (np.array(at) * side).astype(int), int(size * side)
    points = np.array([(x, y), (x + tall // 2, y), (x + tall // 5, y + tall)])
    cv2.polylines(mask, [points.reshape(-1, 1, 2)], False, 255, max(2, tall // 12), cv2.LINE_AA)
    cover = mask[..., None].astype(np.float32) / 255
    page = np.full((side, side, 3), paper, np.float32)
    return (page + (shade - page) * cover).astype(np.uint8), mask > 127


def shadowed(rgb):
    """The same half in the shadow of a hand, its edge across the strokes."""
    side = len(rgb)
    y, x = np.mgrid[0:side, 0:side] / side
    light = 1 - 0.4 / (1 + np.exp((x + 0.6 * y - 0.7) * 40))
    return (rgb * light[..., None]).astype(np.uint8)


def overlap(found, truth):
    seen = found.ink > 0.5
    return (seen & truth).sum() / max((seen | truth).sum(), 1)


@pytest.mark.parametrize("side", [120, 200, 900])
@pytest.mark.parametrize(
    "change", [lambda rgb: rgb, shadowed, lambda rgb: 255 - rgb], ids=["plain", "shadows", "inverted"]
)
def test_strokes_are_found_at_any_size_under_shadows_and_inverted(side, change):
    rgb, truth = seven(side)
    found = learned.find(change(rgb), ink_finder())
    assert found.ink.shape == truth.shape and found.contrast == 1.0
    assert overlap(found, truth) > 0.5


def test_small_writing_is_looked_at_from_near_by():
    rgb, truth = seven(900, at=(0.6, 0.7), size=0.06)
    looks = []

    def finder(picture):
        looks.append(picture.shape)
        return ink_finder()(picture)

    found = learned.find(rgb, finder)
    assert len(looks) == 2 and max(looks[0]) >= learned.LONGEST and max(looks[1]) == learned.NEAR
    assert overlap(found, truth) > 0.4


def test_bare_paper_has_no_ink():
    rng = np.random.default_rng(0)
    page = np.clip(rng.normal(200, 3, (150, 220, 3)), 0, 255).astype(np.uint8)
    found = learned.find(page, ink_finder())
    assert found.contrast == 0 and found.ink.max() < 0.5


def test_extreme_answers_are_no_trouble():
    found = learned.find(np.zeros((9, 300, 3), np.uint8), lambda p: np.full(p.shape[1:3], -1e9, np.float32))
    assert found.ink.shape == (9, 300) and not found.contrast


def test_a_straight_upright_stroke_alone_is_one_mark_though_the_finder_leaves_only_its_ends():
    from inkread import Reader

    page = np.full((300, 300), 255, np.uint8)
    cv2.line(page, (150, 60), (150, 240), 17, 12, cv2.LINE_AA)
    (reading,) = Reader("digit").read(page)
    assert reading.guess == "1" and reading.box.height > 170
