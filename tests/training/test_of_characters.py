"""Characters are trained as digits are, from pictures that are drawn for them."""

import math
from dataclasses import replace

import numpy as np
import pytest

keras = pytest.importorskip("keras", reason="needs Keras: pip install '.[train]'")

from inkread.data import pool, sources  # noqa: E402
from inkread.data.sources import Samples  # noqa: E402
from inkread.decode.characters import CLASSES  # noqa: E402
from inkread.errors import UsageError  # noqa: E402
from inkread.runtime import recognizer  # noqa: E402
from inkread.training import finish, fit, materials, recipes, rehearse  # noqa: E402
from inkread.training.callbacks import Progress  # noqa: E402
from inkread.training.checkpoint import State  # noqa: E402
from inkread.training.recipes import Wishes  # noqa: E402

pytestmark = pytest.mark.usefixtures("eager")


def find(name="fast", **wishes):
    return recipes.find(name, Wishes(data="characters", **wishes))


@pytest.fixture
def drawn(monkeypatch):
    """Noise in place of drawn characters; the orders are kept."""
    orders = []

    def rendered(folder, order, say):
        orders.append(order)
        rng = np.random.default_rng(len(orders))
        images = rng.integers(0, 256, (order.count, 28, 28), dtype=np.uint8)
        return Samples.of(images, rng.integers(0, 63 if order.rejects else 62, order.count))

    monkeypatch.setattr(pool, "rendered", rendered)
    return orders


def test_what_is_drawn_is_held_apart_by_part(drawn, tmp_path):
    stock = materials.gather(replace(find(), pool=40, held_back=60), tmp_path, print)
    assert stock.classes == (*CLASSES, "") and stock.readable == 62
    assert {(o.part, o.plain) for o in drawn} == {
        ("train", False),
        ("train", True),
        ("validation", False),
        ("validation", True),
        ("calibration", False),
    }
    assert all(o.what == "characters" for o in drawn)
    assert all(o.rejects == 0 for o in drawn if o.plain)
    assert len(stock.parts[0].samples) == materials.CLEAN * 40


def test_a_run_keeps_a_model_of_characters(drawn, tmp_path):
    tiny = {"epochs": 1, "steps": 2, "batch": 16, "pool": 20, "held_back": 40, "network": "tiny"}
    recipe = replace(find(), **tiny, precision="float32")
    stock = materials.gather(recipe, tmp_path, print)
    network = fit.build(recipe, stock.classes)
    state = fit.loop(network, stock, recipe, tmp_path, State(0, -math.inf), Progress(silent=True))
    assert {"accuracy_clean", "accuracy_photos", "auroc"} <= set(state.history[0])
    told = recognizer.load(tmp_path / "best.keras").metadata
    assert (told.name, told.kind, told.classes) == ("characters", "character", (*CLASSES, ""))


def test_confidences_come_from_characters_read_whole(drawn, tmp_path, monkeypatch):
    asked = {}
    monkeypatch.setattr(rehearse, "calibrate_by_reading", lambda model, seed, **words: asked.update(words))
    finish._rehearsed(tmp_path, find())
    assert asked == {"photos": find().held_back, "what": "characters"}


def test_digits_are_kept_under_the_names_they_had():
    first, plain = pool.Order("train", 10, 0.2), pool.Order("train", 10, 0.2, what="characters", plain=True)
    assert set(first.told) == {"part", "count", "rejects", "seed"}
    assert first.label() == "train" and plain.label() == "train-characters-plain"


def test_there_is_no_tutorial_of_characters():
    with pytest.raises(UsageError, match="expected one of fast, best"):
        find("tutorial")
    assert not find().is_own and finish.kind(find()) == "character"


def test_the_held_back_part_of_hnd62_is_its_last_ten(tmp_path, monkeypatch):
    (tmp_path / "characters").mkdir()
    images = np.arange(24, dtype=np.uint8)[:, None, None].repeat(64, 1).repeat(64, 2)
    path = tmp_path / "characters" / "hnd62.npz"
    np.savez(path, images=images, labels=np.repeat([0, 1], 12), classes=np.array(["7", "q"]))
    monkeypatch.setenv("INKREAD_DATA", str(tmp_path))
    held, texts = sources.hnd62(held_back=True)
    assert held[:, 0, 0].tolist() == [*range(2, 12), *range(14, 24)]
    assert texts.tolist() == ["7"] * 10 + ["q"] * 10
    assert sources.hnd62_digits(held_back=False)[1].tolist() == [7, 7]
