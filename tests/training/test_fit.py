"""A training run: seeded, resumable, and choosing by what was held back."""

import csv
import errno
import io
import json
from dataclasses import replace

import numpy as np
import pytest

keras = pytest.importorskip("keras", reason="needs Keras: pip install '.[train]'")

from inkread.data import augment, sources  # noqa: E402
from inkread.data.batches import Part  # noqa: E402
from inkread.data.sources import Samples  # noqa: E402
from inkread.decode.confidence import Calibration  # noqa: E402
from inkread.errors import DataError, InkreadError, ModelError, UsageError  # noqa: E402
from inkread.runtime import export, recognizer  # noqa: E402
from inkread.runtime.metadata import Metadata  # noqa: E402
from inkread.training import checkpoint, finish, fit, folder, judge, networks, recipes  # noqa: E402
from inkread.training.callbacks import Progress  # noqa: E402
from inkread.training.checkpoint import State  # noqa: E402
from inkread.training.materials import Materials  # noqa: E402
from inkread.training.recipes import Recipe, Wishes  # noqa: E402

TINY = Recipe(
    "best", "tiny", epochs=2, steps=3, batch=16, warmup=2, ema=0.9, pool=1, held_back=2, precision="float32"
)
LOST = replace(TINY, rate=float("nan"))
CLASSES = (*"0123456789", "")


pytestmark = pytest.mark.usefixtures("eager")


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
        CLASSES,
    )


def weights(network):
    return [keras.ops.convert_to_numpy(v) for v in network.variables]


def silent():
    return Progress(silent=True)


def test_an_interrupted_run_goes_on_as_if_it_had_not_been(tmp_path, stock):
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    whole.mkdir()
    cut.mkdir()
    network = fit.build(TINY, CLASSES)
    fit.loop(network, stock, TINY, whole, State(0, -np.inf), silent())

    with pytest.raises(CutOffError):
        fit.loop(
            fit.build(TINY, CLASSES), stock, TINY, cut, State(0, -np.inf), CutAfterFirstEpoch(silent=True)
        )
    again = fit.build(TINY, CLASSES)
    state = checkpoint.restore(cut, again)
    assert state.epoch == 1
    fit.loop(again, stock, TINY, cut, state, silent())

    for one, other in zip(weights(network), weights(again), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)
    assert (whole / "history.csv").read_text() == (cut / "history.csv").read_text()


def test_a_run_ends_with_files_that_agree_and_say_how_they_were_made(tmp_path, stock, monkeypatch):
    names = np.array([f"pile/sign{i}.jpg" for i in range(60)], object)
    stock = replace(stock, validation={"photos": replace(stock.validation["photos"], names=names)})
    monkeypatch.setattr(fit.materials, "gather", lambda recipe, folder, say: stock)
    read_whole = Calibration(1.5, 10, ((-1.0, 0.2), (2.0, 0.9)), ((0.01, 0.95),), data="read whole")
    monkeypatch.setattr(finish.rehearse, "calibrate_by_reading", lambda model, seed: read_whole)
    run = tmp_path / "run"
    best = fit.train(fit.Plan(TINY, run))
    mine, swift = recognizer.load(best), recognizer.load(run / "best.onnx")
    x = np.random.default_rng(0).random((5, 28, 28, 1), dtype=np.float32)
    np.testing.assert_allclose(mine.logits(x), swift.logits(x), atol=export.PARITY)
    assert mine.metadata == swift.metadata
    assert mine.metadata.classes[-1] == "" and mine.metadata.calibration == read_whole
    told = json.loads((run / "recipe.json").read_text())
    assert told["recipe"]["seed"] == 0 and told["data"] == {"mnist": "0"} and "keras" in told["versions"]
    assert {"curves.png", "confusion.png", "worst.png", "report.html"} <= {p.name for p in run.iterdir()}
    told = (run / "report.html").read_text(encoding="utf-8")
    assert "<html" in told and ">sign" in told and "pile" not in told
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


def test_a_class_name_neither_breaks_a_line_of_news_nor_steers_the_terminal():
    heard = io.StringIO()
    Progress(heard).say("2 classes (he\nart, \x1b[2Jstar)")
    assert heard.getvalue().count("\n") == 1 and "\x1b" not in heard.getvalue()


def test_who_stops_a_run_hears_how_to_go_on(tmp_path, stock, monkeypatch):
    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(fit.materials, "gather", lambda recipe, folder, say: stock)
    monkeypatch.setattr(fit, "loop", stopped)
    heard = io.StringIO()
    with pytest.raises(KeyboardInterrupt):
        fit.train(fit.Plan(TINY, tmp_path / "run"), Progress(heard))
    assert heard.getvalue() == f"go on with: inkread train digits --resume {tmp_path / 'run'}\n"


def test_a_finished_run_is_not_overwritten(tmp_path, stock, monkeypatch):
    (tmp_path / "recipe.json").write_text("{}")
    with pytest.raises(UsageError, match=r"already holds a run; go on with --resume"):
        fit.train(fit.Plan(TINY, tmp_path))


def test_there_must_be_a_run_to_resume(tmp_path):
    with pytest.raises(UsageError, match="holds no run to resume"):
        fit.train(fit.Plan(TINY, tmp_path, resume=True))


def test_resuming_with_other_data_is_refused(tmp_path, stock, monkeypatch):
    monkeypatch.setattr(fit.materials, "gather", lambda recipe, folder, say: stock)
    folder.open_run(fit.Plan(TINY, tmp_path))
    folder.agree(tmp_path, stock)
    with pytest.raises(DataError, match=r"not what .* began with \(mnist differ\)"):
        folder.agree(tmp_path, replace(stock, checksums={"mnist": "1"}))


def test_a_damaged_checkpoint_says_so(tmp_path):
    (tmp_path / checkpoint.FILE).write_bytes(b"PK\x03\x04half")
    with pytest.raises(DataError, match=r"checkpoint.npz is damaged"):
        checkpoint.restore(tmp_path, fit.build(TINY, CLASSES))


def test_beginning_with_something_else_than_this_network_is_refused(tmp_path):
    path = tmp_path / "x.keras"
    path.write_bytes(b"no")
    network = fit.build(TINY, CLASSES)
    with pytest.raises(ModelError, match=r"x.keras is no .keras file by its content"):
        networks.start_from(network, path)
    keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(3)]).save(path)
    with pytest.raises(ModelError, match=r"expected a .keras file of the same network"):
        networks.start_from(network, path)


def test_a_model_begun_with_another_keeps_what_it_knows_of_the_classes_they_share(tmp_path, stock):
    old = networks.build(TINY, CLASSES)
    path = tmp_path / "old.keras"
    export.save_keras(old, path, Metadata("old", "", "digit", CLASSES, ""))
    new = networks.grafted(path, ("7", "heart"))
    assert new.input.shape == (None, 28, 28, 1)  # one picture, not a list of one
    kernel, bias = old.layers[-1].get_weights()
    new_kernel, new_bias = new.layers[-1].get_weights()
    np.testing.assert_array_equal(new_kernel[:, 0], kernel[:, 7])
    assert new_bias[0] == bias[7] and new_kernel.shape == (len(kernel), 2)
    for one, other in zip(old.get_weights()[:-2], new.get_weights()[:-2], strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_loss_that_is_no_number_stops_the_run_and_keeps_the_last_good_weights(tmp_path, stock):
    state = fit.loop(
        fit.build(TINY, CLASSES), stock, replace(TINY, epochs=1), tmp_path, State(0, -np.inf), silent()
    )
    good = keras.saving.load_model(tmp_path / "best.keras", compile=False).get_weights()
    network = fit.build(LOST, CLASSES)
    checkpoint.restore(tmp_path, network)
    with pytest.raises(InkreadError, match=r"not a number in epoch 2 of 2: .*best.keras holds .* epoch 1"):
        fit.loop(network, stock, TINY, tmp_path, state, silent())
    for one, other in zip(good, keras.saving.load_model(tmp_path / "best.keras").get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    assert len((tmp_path / "history.csv").read_text().splitlines()) == 2


def test_a_loss_that_is_no_number_from_the_start_leaves_nothing_and_says_so(tmp_path, stock):
    with pytest.raises(InkreadError, match="no epoch before it left weights"):
        fit.loop(fit.build(LOST, CLASSES), stock, TINY, tmp_path, State(0, -np.inf), silent())


def test_a_full_disk_is_one_line_and_leaves_the_checkpoint_whole(tmp_path, stock, monkeypatch):
    monkeypatch.setattr(fit.materials, "gather", lambda recipe, folder, say: stock)
    saved = checkpoint.save

    def full(run, network, state):
        if state.epoch == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        saved(run, network, state)

    monkeypatch.setattr(checkpoint, "save", full)
    run = tmp_path / "run"
    with pytest.raises(InkreadError, match=r"No space left on device; .* go on with --resume .*run"):
        fit.train(fit.Plan(TINY, run))
    assert checkpoint.restore(run, fit.build(TINY, CLASSES)).epoch == 1


def test_a_run_that_had_lost_patience_when_it_was_cut_off_does_not_go_on(tmp_path, stock):
    history = tuple(
        {"epoch": k + 1, "loss": 1.0, "score": score} for k, score in enumerate((0.5, 0.9, 0.8, 0.7))
    )
    recipe = replace(TINY, epochs=9, patience=2)
    state = State(4, 0.9, history)
    assert fit.loop(fit.build(recipe, CLASSES), stock, recipe, tmp_path, state, silent()) is state


def test_the_best_weights_are_chosen_without_a_test_set(tmp_path, stock):
    figures = judge.validate(fit.build(TINY, CLASSES), stock.validation, 10)
    assert set(figures) == {"accuracy_photos", "auroc", "val_loss", "score"}
    assert figures["score"] == pytest.approx(0.8 * figures["accuracy_photos"] + 0.2 * figures["auroc"])


def test_rejects_that_all_score_below_the_digits_have_an_auroc_of_one():
    assert judge.auroc(np.array([3.0, 2.0, 1.0]), np.array([True, True, False])) == 1.0
    assert judge.auroc(np.array([1.0, 1.0]), np.array([True, False])) == 0.5


@pytest.mark.parametrize(
    ("name", "wishes", "message"),
    [
        pytest.param("bets", Wishes(), r"did you mean 'best'\?", id="a misspelt recipe"),
        pytest.param("fast", Wishes(epochs=0), "epochs is 0", id="no epochs"),
        pytest.param("tutorial", Wishes(patience=0), "patience is 0", id="no patience"),
    ],
)
def test_a_recipe_that_cannot_be_is_refused(name, wishes, message):
    with pytest.raises(UsageError, match=message):
        recipes.find(name, wishes)


def test_the_tutorials_three_ways_of_training():
    plain = recipes.find("tutorial")
    assert (plain.epochs, plain.batch, plain.vary, plain.validation) == (5, 64, False, False)
    varied = recipes.find("tutorial", Wishes(vary=True))
    assert varied.vary and varied.strength == "tutorial"
    early = recipes.find("tutorial", Wishes(patience=2))
    assert (early.epochs, early.patience, early.validation, early.monitor) == (20, 2, True, "loss")


def test_a_recipe_survives_json():
    recipe = finish.settled(recipes.find("best", Wishes(seed=3)))
    assert Recipe.from_dict(json.loads(json.dumps(recipe.to_dict()))) == recipe
    with pytest.raises(DataError, match=r"differs in pool\)"):
        Recipe.from_dict({k: v for k, v in recipe.to_dict().items() if k != "pool"})


def test_polish_goes_on_with_the_model_that_ships_on_other_photos():
    recipe = recipes.find("polish")
    assert recipe.goes_on and not recipes.find("best").goes_on
    seeds = {part: order.seed for part, order in fit.materials._orders(recipe).items()}
    assert seeds == {"train": 1, "validation": 0, "calibration": 0}


def test_mnist_in_the_package_is_whole():
    images, labels = sources.mnist("train")
    assert images.shape == (60000, 28, 28) and images.dtype == np.uint8
    assert np.bincount(labels).tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
