"""The training of the model `ink`: it learns, goes on where it was cut off, and its files agree."""

import csv
import json
from dataclasses import replace

import numpy as np
import pytest

keras = pytest.importorskip("keras", reason="needs Keras: pip install '.[train]'")

from inkread import models  # noqa: E402
from inkread.data import shots  # noqa: E402
from inkread.errors import DataError, InkreadError, ModelError, UsageError  # noqa: E402
from inkread.runtime import export, pixelwise, recognizer  # noqa: E402
from inkread.runtime.metadata import KEY, Metadata, inside  # noqa: E402
from inkread.training import checkpoint, finish, ink  # noqa: E402
from inkread.training.callbacks import Progress  # noqa: E402

TINY = ink.Recipe(
    (4, 4, 6, 6),
    epochs=2,
    steps=6,
    batch=4,
    rate=2e-2,
    warmup=2,
    ema=0.5,
    shots=6,
    held_back=4,
    precision="float32",
    processes=0,
)


pytestmark = pytest.mark.usefixtures("eager")


@pytest.fixture(autouse=True)
def bars(monkeypatch):
    """Photos of dark bars on light paper, in place of the simulator's."""

    def draw(task):
        order, first, count = task
        made = []
        for number in range(first, first + count):
            rng = np.random.default_rng([order.part == "train", number])
            both = np.full((40, 48, 4), (220, 215, 200, 0), np.uint8)
            at = rng.integers(4, 30, 2)
            both[at[0] : at[0] + 6, 4:44] = both[4:36, at[1] : at[1] + 6] = (40, 40, 90, 255)
            made.append(both)
        return made

    monkeypatch.setattr(shots, "draw", draw)


@pytest.fixture
def toy(monkeypatch):
    """A network of a few layers in place of the U-Net, which costs seconds a batch on a busy machine."""

    def build(channels):
        picture = keras.Input((None, None, 3))
        x = keras.layers.Conv2D(channels[0], 3, padding="same", use_bias=False)(picture)
        x = keras.layers.Activation("relu")(keras.layers.BatchNormalization(momentum=0.5)(x))
        return keras.Model(picture, keras.layers.Conv2D(1, 3, padding="same", dtype="float32")(x))

    monkeypatch.setattr(models, "ink", build)


class CutOffError(Exception):
    """Stands for a power cut."""


class CutAfterFirstEpoch(Progress):
    def told(self, figures):
        raise CutOffError


def weights(run):
    with np.load(run / checkpoint.FILE) as archive:
        return {name: archive[name] for name in archive.files if name != "told"}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return tmp_path_factory.mktemp("runs") / "whole"


@pytest.fixture
def finished(whole, toy):
    if not whole.exists():
        ink.train(TINY, whole)
    return whole


def test_the_network_is_small_and_takes_any_size():
    network = models.ink()
    assert network.count_params() == 268_257 and network.output_shape == (None, None, None, 1)
    tiny = models.ink((2, 2, 2, 2))
    for size in ((16, 48), (64, 32)):
        assert tiny(np.zeros((1, *size, 3), np.float32)).shape == (1, *size, 1)


def test_what_is_outside_the_picture_does_not_count():
    truth = np.zeros((1, 16, 16, 1), np.float32)
    truth[0, 4:8] = 1
    truth[0, 12:] = -1
    logits = np.where(truth == 1, 3.0, -3.0).astype(np.float32)
    spoilt = logits.copy()
    spoilt[0, 12:] = 50
    one, other = (float(keras.ops.convert_to_numpy(ink.loss(truth, x))[0]) for x in (logits, spoilt))
    assert one == pytest.approx(other)
    # 64 covered pixels count three times, 128 bare ones once, of 256; and the overlap.
    error, sure = np.log1p(np.exp(-3)), 1 / (1 + np.exp(-3))
    overlap = (2 * 64 * sure + 8) / (64 * sure + 128 * (1 - sure) + 64 + 8)
    assert one == pytest.approx(error * (64 * 3 + 128) / 256 + 0.2 * (1 - overlap), rel=1e-5)


def test_a_run_learns_and_leaves_files_that_agree(finished):
    rows = list(csv.DictReader((finished / "history.csv").open()))
    assert [row["epoch"] for row in rows] == ["1", "2"]
    assert float(rows[1]["loss"]) < 0.9 * float(rows[0]["loss"])
    told = json.loads((finished / "recipe.json").read_text())
    assert told["recipe"]["shots"] == 6 and set(told["data"]) == {"train", "validation"}
    said = Metadata.from_json(inside(finished / "best.keras"))
    assert (said.name, said.kind, said.classes) == ("ink", "ink", ("ink",))
    assert said.card["validation"]["f1"] == pytest.approx(max(float(row["f1"]) for row in rows), abs=1e-6)


def test_the_onnx_file_takes_any_size_and_gives_the_same_numbers(tmp_path):
    if keras.backend.backend() != "tensorflow":
        pytest.skip("ONNX is written from TensorFlow")
    import onnxruntime

    network, said = models.ink((2, 3, 4, 5)), Metadata("ink", "1", "ink", ("ink",), "")
    path = pixelwise.save_onnx(network, tmp_path / "ink.onnx", said)
    session = onnxruntime.InferenceSession(str(path))
    for size in ((48, 160), (112, 64)):
        x = np.random.default_rng(size[0]).standard_normal((1, *size, 3)).astype(np.float32)
        (got,) = session.run(None, {session.get_inputs()[0].name: x})
        np.testing.assert_allclose(got, network.predict_on_batch(x), atol=export.PARITY)
    assert Metadata.from_json(session.get_modelmeta().custom_metadata_map[KEY]) == said
    assert not pixelwise.parity(models.ink((2, 3, 4, 5)), path).is_kept


def test_an_onnx_file_with_other_numbers_is_not_kept(tmp_path, toy, monkeypatch):
    if keras.backend.backend() != "tensorflow":
        pytest.skip("ONNX is written from TensorFlow")
    monkeypatch.setattr(pixelwise, "parity", lambda model, path: export.Parity(1e-3, 1.0, 8))
    with pytest.raises(ModelError, match=r"does not give the numbers .* 1.0e-03"):
        pixelwise.save_onnx(models.ink((4,)), tmp_path / "ink.onnx", Metadata("", "", "ink", ("ink",), ""))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", ["keras", "onnx"])
def test_a_model_that_finds_ink_says_so_and_does_not_read(finished, ending):
    path = finished / f"best.{ending}"
    if ending == "onnx" and keras.backend.backend() != "tensorflow":
        pytest.skip("ONNX is written from TensorFlow")
    assert recognizer.told(path).card["recipe"]["shots"] == 6
    with pytest.raises(ModelError, match=r"tells which pixels are ink, and reads no characters"):
        recognizer.load(path)


def test_it_is_put_on_a_shelf_with_its_scores(finished, tmp_path):
    if keras.backend.backend() != "tensorflow":
        pytest.skip("ONNX is written from TensorFlow")
    path = finish.ship(finished, tmp_path, "ink", version="1.0", scores=[{"n": 3}])
    for ending in (".keras", ".onnx"):
        told = recognizer.told(path.with_suffix(ending))
        assert (told.kind, told.version, told.card["scores"]) == ("ink", "1.0", [{"n": 3}])


def test_an_interrupted_run_goes_on_as_if_it_had_not_been(finished, tmp_path):
    cut = tmp_path / "cut"
    with pytest.raises(CutOffError):
        ink.train(TINY, cut, progress=CutAfterFirstEpoch(silent=True))
    assert len((cut / "history.csv").read_text().splitlines()) == 2
    ink.train(ink.Recipe(), cut, resume=True)
    one, other = weights(finished), weights(cut)
    for name, values in one.items():
        np.testing.assert_allclose(other[name], values, atol=1e-5, err_msg=name)
    assert (finished / "history.csv").read_text() == (cut / "history.csv").read_text()


def test_photos_that_are_damaged_while_a_run_learns_are_one_error(tmp_path, toy):
    pool, run = tmp_path / "pool", tmp_path / "run"
    ink._photos(TINY, pool, Progress(silent=True))
    for path in pool.glob("train-*.rgbi"):
        path.write_bytes(bytes(path.stat().st_size))
    with pytest.raises(DataError, match=r"train-ink-.* is damaged \(photo \d\)"):
        ink.train(TINY, run, pool=pool)


def test_a_loss_that_is_no_number_stops_the_run(tmp_path, toy):
    with pytest.raises(InkreadError, match=r"not a number in epoch 1 of 2: .* no epoch before it"):
        ink.train(replace(TINY, rate=float("nan")), tmp_path / "run")


def test_only_a_run_of_its_own_is_resumed(tmp_path):
    (tmp_path / "recipe.json").write_text(json.dumps({"recipe": {"network": "tiny"}, "pool": "pool"}))
    with pytest.raises(UsageError, match="already holds a run"):
        ink.train(TINY, tmp_path)
    with pytest.raises(DataError, match="none of the model ink"):
        ink.train(TINY, tmp_path, resume=True)


def test_f1_counts_pixels_of_all_photos_together(tmp_path):
    class Fixed:
        """Calls everything in the left half ink."""

        def predict_on_batch(self, pictures):
            logits = np.full((*pictures.shape[:3], 1), -5.0, np.float32)
            logits[:, :, :64] = 5
            return logits

    photos = ink._photos(TINY, tmp_path, Progress(silent=True))["validation"]
    right = wrong = 0
    for number in range(4):
        truth = ink.views.plain(*photos[number])[1][..., 0]
        left = np.arange(128) < 64
        for y in range(128):
            for x in range(128):
                if truth[y, x] >= 0:
                    right += bool(left[x] and truth[y, x] >= 0.5)
                    wrong += bool(left[x] != (truth[y, x] >= 0.5))
    assert ink.validate(Fixed(), photos)["f1"] == pytest.approx(2 * right / (2 * right + wrong))


def test_no_epoch_is_no_run():
    with pytest.raises(UsageError, match="epochs is 0"):
        ink.find(epochs=0)
    assert (ink.find(seed=3).seed, ink.find(epochs=2).epochs, ink.find().epochs) == (3, 2, 45)
