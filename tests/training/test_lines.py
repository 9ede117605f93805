"""The training of the model `lines`: its loss, its checkpoints, and that its files agree."""

import csv
import itertools
import json
from dataclasses import replace

import cv2
import numpy as np
import pytest

keras = pytest.importorskip("keras", reason="needs Keras: pip install '.[train]'")

from inkread import models  # noqa: E402
from inkread.alphabet import Alphabet  # noqa: E402
from inkread.data import linepools, sources  # noqa: E402
from inkread.data.linebatches import packed  # noqa: E402
from inkread.data.linepools import Stock  # noqa: E402
from inkread.data.linesets import KEPT_HEIGHT, Strips  # noqa: E402
from inkread.errors import DataError, ModelError, UsageError  # noqa: E402
from inkread.runtime import linewise, recognizer  # noqa: E402
from inkread.training import ctc, lines, ownlines  # noqa: E402
from inkread.training.callbacks import Progress  # noqa: E402

pytestmark = pytest.mark.usefixtures("eager")

ALPHABET = Alphabet("ab ")
TINY = lines.Recipe(
    "tiny",
    epochs=2,
    steps=3,
    columns=800,
    warmup=1,
    ema=0.5,
    precision="float32",
    processes=0,
    alphabet=ALPHABET.characters,
)


def strips(count, seed):
    """Lines of wide and narrow bars: an "a" is a wide one, a "b" a narrow one."""
    rng = np.random.default_rng(seed)
    made, texts = [], []
    for _ in range(count):
        text = "".join(rng.choice(list("ab"), int(rng.integers(2, 5))))
        ink = np.zeros((KEPT_HEIGHT, 40 * len(text)), np.uint8)
        for place, letter in enumerate(text):
            ink[8:48, 40 * place + 8 : 40 * place + (30 if letter == "a" else 13)] = 255
        made.append(ink)
        texts.append(text)
    return Strips.of(made, texts, ["anna"] * count)


@pytest.fixture(autouse=True)
def stock(tmp_path, monkeypatch):
    path, held = strips(30, 1).save(tmp_path / "some.npy"), strips(8, 2).save(tmp_path / "held.npy")
    made = Stock({"real": path}, {"real": 1.0}, {"real": held}, ("real",))
    monkeypatch.setattr(linepools, "gather", lambda *_: made)
    return made


def test_the_loss_is_the_probability_of_the_text():
    rng = np.random.default_rng(0)
    logits = rng.standard_normal((1, 4, 3)).astype(np.float32)
    shares = np.exp(logits[0]) / np.exp(logits[0]).sum(1, keepdims=True)
    for text in ([1], [1, 2], [2, 2]):
        whole = 0.0
        for path in itertools.product(range(3), repeat=4):
            merged = [k for k, _ in itertools.groupby(path)]
            if [k for k in merged if k] == text:
                whole += float(np.prod([shares[frame, k] for frame, k in enumerate(path)]))
        told = float(np.asarray(ctc.loss(packed([text], [4]), logits))[0])
        assert told == pytest.approx(-np.log(whole) / len(text), rel=1e-4)


def test_frames_behind_the_end_of_a_line_do_not_count():
    logits = np.random.default_rng(1).standard_normal((1, 6, 3)).astype(np.float32)
    longer = np.concatenate([logits, 9 * np.ones((1, 3, 3), np.float32)], 1)
    told = packed([[1, 2]], [6])
    np.testing.assert_allclose(
        np.asarray(ctc.loss(told, logits)), np.asarray(ctc.loss(told, longer)), rtol=1e-5
    )


def test_a_run_ends_in_files_that_agree_and_goes_on_where_it_was_cut_off(tmp_path):
    run = tmp_path / "run"
    best = lines.train(replace(TINY, epochs=1), run)
    known = linewise.load(best.with_suffix(".onnx"))
    assert known.alphabet == ALPHABET and known.metadata.kind == recognizer.LINEWISE
    seen = np.random.default_rng(0).random((40, 77)).astype(np.float32)
    given, wanted = known.logits([seen])[0], linewise.load(best).logits([seen])[0]
    np.testing.assert_allclose(given, wanted, atol=1e-4)
    card = json.loads((run / "card.json").read_text(encoding="utf-8"))
    assert card["held_back"] == "8 lines (real)" and 0 < card["validation"]["cer_real"]
    with pytest.raises(UsageError, match="already holds a run"):
        lines.train(TINY, run)
    told = json.loads((run / "recipe.json").read_text(encoding="utf-8"))
    told["recipe"]["epochs"] = 2
    (run / "recipe.json").write_text(json.dumps(told), encoding="utf-8")
    lines.train(TINY, run, resume=True)
    rows = list(csv.DictReader((run / "history.csv").open(encoding="utf-8")))
    assert [row["epoch"] for row in rows] == ["1", "2"]


def test_another_models_run_is_not_resumed(tmp_path):
    (tmp_path / "recipe.json").write_text('{"recipe": {"shots": 3}, "pool": "x"}', encoding="utf-8")
    with pytest.raises(DataError, match="none of the model lines"):
        lines.train(TINY, tmp_path, resume=True)


def test_reading_counts_its_edits(stock):
    held = Strips.open(stock.held["real"])
    network = lines.build(TINY)
    read = lines.readings(network, held, ALPHABET)
    assert len(read) == len(held)
    assert lines.error_rate(network, held, ALPHABET) >= 0
    with pytest.raises(UsageError, match="epochs is 0"):
        lines.find(epochs=0)


def page(text):
    """A line of wide and narrow bars, as in `strips`, on paper."""
    ink = np.full((72, 40 * len(text) + 20), 225, np.uint8)
    for place, letter in enumerate(text):
        at = 40 * place + 16
        ink[14:58, at : at + (22 if letter == "a" else 40 if letter == "x" else 5)] = 40
    return ink


@pytest.fixture
def own(tmp_path):
    """Twelve lines of one's own, one of which has a character that the model has not."""
    folder = tmp_path / "mine"
    folder.mkdir()
    rows = ["file,label"]
    for number in range(12):
        text = "".join(np.random.default_rng(number).choice(list("ab"), 3)) + ("x" if number == 5 else "")
        cv2.imwrite(str(folder / f"{number}.png"), page(text))
        rows.append(f"{number}.png,{text}")
    (folder / "labels.csv").write_text("\n".join(rows), encoding="utf-8")
    return folder


def test_a_model_learns_lines_of_ones_own_and_says_what_changed(tmp_path, own, monkeypatch):
    first = lines.train(replace(TINY, epochs=1), tmp_path / "first")
    monkeypatch.setattr(sources, "data_folder", lambda: None)
    wanted = lines.find(start=str(first), data=str(own), epochs=1)
    assert wanted.alphabet == ALPHABET.characters and wanted.data == str(own)
    small = replace(wanted, size="tiny", steps=2, columns=800, precision="float32", processes=0)
    run = tmp_path / "second"
    said = []
    progress = Progress(silent=True)
    monkeypatch.setattr(progress, "say", said.append)
    best = lines.train(small, run, progress=progress)
    assert linewise.load(best).alphabet.characters == "ab x"
    assert any("the alphabet learns 'x'" in line for line in said)
    assert any("INKREAD_DATA has no public lines" in line for line in said)
    changes = json.loads((run / "card.json").read_text(encoding="utf-8"))["changes"]
    assert len(changes) == 1 and changes[0].startswith("own: CER ") and changes[0] in said


def test_a_longer_alphabet_keeps_what_the_shorter_had_learned(tmp_path):
    first = lines.train(replace(TINY, epochs=1), tmp_path / "first")
    longer = lines.build(replace(TINY, alphabet="ab xy"))
    ownlines.grafted(longer, first, Alphabet("ab xy"))
    seen = np.random.default_rng(0).random((1, 40, 64, 1)).astype(np.float32)
    known = linewise.load(first).logits([seen[0, ..., 0]])[0]
    np.testing.assert_allclose(np.asarray(longer.predict_on_batch(seen))[0, :, :4], known, atol=1e-5)
    with pytest.raises(ModelError, match="another network"):
        ownlines.grafted(models.lines(ALPHABET.size, "standard"), first, ALPHABET)


def test_a_network_of_ink_and_shade_begins_where_one_of_ink_ended(tmp_path):
    first = lines.train(replace(TINY, epochs=1), tmp_path / "first")
    both = models.lines(ALPHABET.size, TINY.size, channels=2)
    ownlines.grafted(both, first, ALPHABET)
    seen = np.random.default_rng(0).random((1, 40, 64, 1)).astype(np.float32)
    known = linewise.load(first).logits([seen[0, ..., 0]])[0]
    told = np.asarray(both.predict_on_batch(np.repeat(seen, 2, axis=3)))[0]
    np.testing.assert_allclose(told, known, atol=1e-5)


def test_another_alphabet_keeps_the_characters_that_both_know(tmp_path):
    first = lines.train(replace(TINY, epochs=1), tmp_path / "first")
    other = lines.build(replace(TINY, alphabet="xb"))
    ownlines.grafted(other, first, Alphabet("xb"))
    seen = np.random.default_rng(0).random((1, 40, 64, 1)).astype(np.float32)
    known = linewise.load(first).logits([seen[0, ..., 0]])[0]
    told = np.asarray(other.predict_on_batch(seen))[0]
    b = ALPHABET.characters.index("b") + 1
    np.testing.assert_allclose(told[:, [0, 2]], known[:, [0, b]], atol=1e-5)


def test_no_verdict_is_better_than_its_lines_can_show():
    before = np.array([[5, 10]] * 40)
    better = ownlines.verdict("own", before, np.array([[2, 10]] * 40))
    assert better.interval[1] < 0 and "better" in better.told()
    assert "50.0 % before, 20.0 % after" in better.told()
    mixed = np.array([[9, 10], [1, 10]] * 20)
    assert "no difference that 40 lines can show" in ownlines.verdict("own", before, mixed).told()
    assert "worse" in ownlines.verdict("own", before, np.array([[8, 10]] * 40)).told()


def test_too_few_lines_and_a_model_that_reads_none_say_so(tmp_path, own):
    (own / "labels.csv").write_text("file,label\n1.png,ab\n", encoding="utf-8")
    with pytest.raises(DataError, match="has 1 lines with a text; expected at least 10"):
        ownlines.gather(str(own), tmp_path, ALPHABET, seed=0, drawn=0, say=print)
    with pytest.raises(ModelError, match="reads no lines"):
        lines.find(start="digits")
