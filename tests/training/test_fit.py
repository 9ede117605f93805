"""A training run: seeded, resumable, and choosing by what was held back."""

import csv
import json
from dataclasses import replace

import numpy as np
import pytest

keras = pytest.importorskip("keras", reason="needs Keras: pip install '.[train]'")

from inkread.data import augment, sources  # noqa: E402
from inkread.data.batches import Part  # noqa: E402
from inkread.data.sources import Samples  # noqa: E402
from inkread.errors import DataError, ModelError, UsageError  # noqa: E402
from inkread.runtime import recognizer  # noqa: E402
from inkread.training import checkpoint, finish, fit, recipes  # noqa: E402
from inkread.training.callbacks import Progress  # noqa: E402
from inkread.training.checkpoint import State  # noqa: E402
from inkread.training.materials import Materials  # noqa: E402
from inkread.training.recipes import Recipe  # noqa: E402

TINY = Recipe(
    "best", "tiny", epochs=2, steps=3, batch=16, warmup=2, ema=0.9, pool=1, held_back=2, precision="float32"
)


@pytest.fixture(autouse=True, scope="module")
def eager():
    """Three batches do not repay the compiling of a graph."""
    if keras.backend.backend() != "tensorflow":
        yield
        return
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


class CutOffError(Exception):
    """Stands for a power cut."""


class CutAfterFirstEpoch(Progress):
    def told(self, figures):
        raise CutOffError


def pictures(n, seed):
    rng = np.random.default_rng(seed)
    return Samples.of(rng.integers(0, 256, (n, 28, 28), dtype=np.uint8), rng.integers(0, 11, n))


@pytest.fixture
def stock():
    return Materials(
        (Part(pictures(60, 1), 0.4, augment.FULL), Part(pictures(40, 2), 0.6, augment.MILD)),
        {"photos": pictures(60, 3)},
        pictures(200, 4),
        {"mnist": "0"},
        ["noise"],
        "nothing",
        "1",
    )


def weights(network):
    return [keras.ops.convert_to_numpy(v) for v in network.variables]


def silent():
    return Progress(silent=True)


def test_an_interrupted_run_goes_on_as_if_it_had_not_been(tmp_path, stock):
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    whole.mkdir()
    cut.mkdir()
    network = fit.build(TINY)
    fit.loop(network, stock, TINY, whole, State(0, -np.inf), silent())

    with pytest.raises(CutOffError):
        fit.loop(fit.build(TINY), stock, TINY, cut, State(0, -np.inf), CutAfterFirstEpoch(silent=True))
    again = fit.build(TINY)
    state = checkpoint.restore(cut, again)
    assert state.epoch == 1
    fit.loop(again, stock, TINY, cut, state, silent())

    for one, other in zip(weights(network), weights(again), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)
    assert (whole / "history.csv").read_text() == (cut / "history.csv").read_text()


def test_a_run_ends_with_files_that_agree_and_say_how_they_were_made(tmp_path, stock, monkeypatch):
    monkeypatch.setattr(fit.materials, "gather", lambda recipe, folder, say: stock)
    run = tmp_path / "run"
    best = fit.train(fit.Plan(TINY, run))
    mine, swift = recognizer.load(best), recognizer.load(run / "best.onnx")
    x = np.random.default_rng(0).random((5, 28, 28, 1), dtype=np.float32)
    np.testing.assert_allclose(mine.logits(x), swift.logits(x), atol=1e-4)
    assert mine.metadata == swift.metadata
    assert mine.metadata.classes[-1] == "" and mine.metadata.calibration is not None
    told = json.loads((run / "recipe.json").read_text())
    assert told["recipe"]["seed"] == 0 and told["data"] == {"mnist": "0"} and "keras" in told["versions"]
    rows = list(csv.DictReader((run / "history.csv").open()))
    assert [row["epoch"] for row in rows] == ["1", "2"]
    assert json.loads((run / "card.json").read_text())["validation"]["score"] == max(
        float(row["score"]) for row in rows
    )


def test_a_shipped_model_carries_its_scores(tmp_path, stock, monkeypatch):
    monkeypatch.setattr(fit.materials, "gather", lambda recipe, folder, say: replace(stock, calibration=None))
    run = tmp_path / "run"
    fit.train(fit.Plan(replace(TINY, epochs=1), run))
    scores = [{"data": "mnist:test", "n": 10000, "accuracy": 0.5, "command": "inkread evaluate"}]
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    path = finish.ship(run, shelf, "mine", version="2", scores=scores)
    assert sorted(p.name for p in shelf.iterdir()) == ["mine.keras", "mine.onnx"]
    for ending in (".keras", ".onnx"):
        told = recognizer.load(path.with_suffix(ending)).metadata
        assert (told.name, told.version, told.card["scores"]) == ("mine", "2", scores)


def test_a_finished_run_is_not_overwritten(tmp_path, stock, monkeypatch):
    (tmp_path / "recipe.json").write_text("{}")
    with pytest.raises(UsageError, match=r"already holds a run; go on with --resume"):
        fit.train(fit.Plan(TINY, tmp_path))


def test_there_must_be_a_run_to_resume(tmp_path):
    with pytest.raises(UsageError, match="holds no run to resume"):
        fit.train(fit.Plan(TINY, tmp_path, resume=True))


def test_resuming_with_other_data_is_refused(tmp_path, stock, monkeypatch):
    monkeypatch.setattr(fit.materials, "gather", lambda recipe, folder, say: stock)
    fit.open_run(fit.Plan(TINY, tmp_path))
    fit._agree(tmp_path, stock)
    with pytest.raises(DataError, match=r"not what .* began with \(mnist differ\)"):
        fit._agree(tmp_path, replace(stock, checksums={"mnist": "1"}))


def test_a_damaged_checkpoint_says_so(tmp_path):
    (tmp_path / checkpoint.FILE).write_bytes(b"PK\x03\x04half")
    with pytest.raises(DataError, match=r"checkpoint.npz is damaged"):
        checkpoint.restore(tmp_path, fit.build(TINY))


def test_beginning_with_something_else_than_this_network_is_refused(tmp_path):
    path = tmp_path / "x.keras"
    path.write_bytes(b"no")
    with pytest.raises(ModelError, match=r"expected a .keras file of the same network"):
        fit._start_from(fit.build(TINY), path)


def test_the_best_weights_are_chosen_without_a_test_set(tmp_path, stock):
    figures = fit.validate(fit.build(TINY), stock.validation, TINY)
    assert set(figures) == {"accuracy_photos", "auroc", "score"}
    assert figures["score"] == pytest.approx(0.8 * figures["accuracy_photos"] + 0.2 * figures["auroc"])


def test_rejects_that_all_score_below_the_digits_have_an_auroc_of_one():
    assert fit._auroc(np.array([3.0, 2.0, 1.0]), np.array([True, True, False])) == 1.0
    assert fit._auroc(np.array([1.0, 1.0]), np.array([True, False])) == 0.5


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        pytest.param({"name": "bets"}, r"did you mean 'best'\?", id="a misspelt recipe"),
        pytest.param({"name": "fast", "epochs": 0}, "epochs is 0", id="no epochs"),
        pytest.param(
            {"name": "tutorial", "patience": 2}, "holds none back", id="patience without validation"
        ),
    ],
)
def test_a_recipe_that_cannot_be_is_refused(wish, message):
    with pytest.raises(UsageError, match=message):
        recipes.find(**wish)


def test_a_recipe_survives_json():
    recipe = finish.settled(recipes.find("best", seed=3))
    assert Recipe.from_dict(json.loads(json.dumps(recipe.to_dict()))) == recipe
    with pytest.raises(DataError, match="differs in pool"):
        Recipe.from_dict({k: v for k, v in recipe.to_dict().items() if k != "pool"})


def test_mnist_in_the_package_is_whole():
    images, labels = sources.mnist("train")
    assert images.shape == (60000, 28, 28) and images.dtype == np.uint8
    assert np.bincount(labels).tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
