"""The camera: every family renders, a seed gives the same bytes, training never sees what is held out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inkread.errors import UsageError
from inkread.synth import camera, conditions, digits, distractors, hands, lights, papers

MARK = hands.drawn("5", 3, np.random.default_rng(0), nib=0.08, height_px=60).mask
PLAIN = conditions.Conditions(
    paper="white",
    pen="gel",
    light="even",
    frame="normal",
    digit_px=40.0,
    fill=0.5,
    aspect=1.0,
    squeeze=0.0,
    offset=(0.0, 0.0),
    nib=0.08,
    opacity=1.0,
    rotation_degrees=0.0,
    perspective=0.0,
    blur=0.0,
    motion=0.0,
    noise=0.0,
    resample=1.0,
    jpeg=0,
    enlarge=1.0,
    grey=False,
    bilevel=False,
    distractors=(),
)


def taken(**changes: object) -> np.ndarray:
    return camera.photograph(MARK, np.random.default_rng(1), replace(PLAIN, **changes))


@pytest.mark.parametrize("paper", papers.PAPERS)
@pytest.mark.parametrize("axes", ["plain", "turned"])
def test_a_mark_stands_out_from_every_paper(paper, axes):
    pen = "chalk" if paper in papers.DARK else "gel"
    picture = taken(paper=paper, pen=pen, rotation_degrees=8.0 if axes == "turned" else 0.0)
    assert picture.dtype == np.uint8 and picture.shape == (80, 80, 3)
    bare = camera.photograph(
        np.zeros_like(MARK), np.random.default_rng(1), replace(PLAIN, paper=paper, pen=pen)
    )
    assert np.abs(picture.astype(int) - bare).max() > 60


@pytest.mark.parametrize("pen", conditions.PENS)
def test_every_pen_writes(pen):
    ground = {"dark": "blackboard", "board": "whiteboard", "screen": "screen light"}
    picture = taken(paper=ground.get(conditions.PENS[pen].on, "white"), pen=pen)
    assert int(picture.max()) - int(picture.min()) > 40


@pytest.mark.parametrize("light", lights.LIGHTS)
def test_every_light_falls(light):
    fall = lights.fall(light, (20, 30), np.random.default_rng(2))
    assert fall.shape == (20, 30, 3) and fall.dtype == np.float32 and fall.max() > 0.1


@pytest.mark.parametrize("name", conditions.DISTRACTORS)
def test_every_distractor_changes_the_picture(name):
    assert not np.array_equal(taken(fill=0.4), taken(fill=0.4, distractors=(name,)))
    assert callable(distractors.on_scene)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"frame": "thumb", "digit_px": 20.0, "fill": 0.8}, id="a 25 pixel thumb"),
        pytest.param({"enlarge": 4.0}, id="a large picture"),
        pytest.param({"blur": 0.03, "motion": 0.08}, id="out of focus and shaken"),
        pytest.param({"noise": 0.05, "resample": 2.0, "jpeg": 20}, id="noisy, coarse, compressed"),
        pytest.param({"grey": True}, id="grey"),
        pytest.param({"squeeze": 1.0}, id="stretched to a square"),
        pytest.param({"bilevel": True}, id="black and white"),
        pytest.param({"aspect": 0.0, "fill": 1.0}, id="cut to the ink"),
        pytest.param({"perspective": 0.1, "rotation_degrees": -12.0}, id="tilted"),
    ],
)
def test_every_way_of_taking_the_picture_gives_a_picture(changes):
    picture = taken(**changes)
    assert picture.ndim == 3 and picture.shape[2] == 3 and int(np.ptp(picture)) > 30


def test_the_same_seed_gives_the_same_bytes():
    bank = hands.Hands.load()
    for seed in range(12):
        one, other = (digits.render(np.random.default_rng(seed), bank, "held_out") for _ in range(2))
        assert one.label == other.label and np.array_equal(one.rgb, other.rgb)


def test_training_never_samples_what_is_held_out():
    rng = np.random.default_rng(0)
    views = [conditions.sample_conditions(rng, "train") for _ in range(2000)]
    for axis, families in conditions.HELD_OUT.items():
        assert not families & {getattr(view, axis) for view in views}


@pytest.mark.parametrize("axis", ["paper", "pen", "light"])
def test_one_axis_can_be_held_out_alone(axis):
    rng = np.random.default_rng(0)
    for _ in range(300):
        view = conditions.sample_conditions(rng, axis)
        away = {name for name, families in conditions.HELD_OUT.items() if getattr(view, name) in families}
        assert away == {axis}


def test_a_held_out_picture_says_which_axes():
    bank = hands.Hands.load()
    for seed in range(30):
        sample = digits.render(np.random.default_rng(seed), bank, "held_out")
        told = sample.axis.split("+")
        assert sample.axis and set(told) <= set(conditions.AXES)
        assert hands.held_out(sample.hand) == ("hand" in told)


def test_all_held_out_families_exist():
    known = {"paper": papers.PAPERS, "pen": conditions.PENS, "light": lights.LIGHTS}
    assert all(families <= known[axis].keys() for axis, families in conditions.HELD_OUT.items())
    assert papers.PAPERS.keys() == conditions.PAPER_SHARES.keys()
    assert lights.LIGHTS.keys() == conditions.LIGHT_SHARES.keys()


def test_a_misspelt_axis_says_what_would_be_right():
    with pytest.raises(UsageError, match="did you mean 'held_out'"):
        conditions.which("heldout", np.random.default_rng(0))
