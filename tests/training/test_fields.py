"""The training of the model `fields`: its run ends in files that agree, and says how it was made."""

import json
from dataclasses import replace

import numpy as np
import pytest

keras = pytest.importorskip("keras", reason="needs Keras: pip install '.[train]'")

from inkread.alphabet import FIELDS  # noqa: E402
from inkread.data import fieldlooks, fieldpools  # noqa: E402
from inkread.data.linebatches import packed  # noqa: E402
from inkread.data.linepools import Stock  # noqa: E402
from inkread.data.linesets import KEPT_HEIGHT, Strips  # noqa: E402
from inkread.errors import DataError, UsageError  # noqa: E402
from inkread.runtime import linewise, recognizer  # noqa: E402
from inkread.training import ctc, fields  # noqa: E402

pytestmark = pytest.mark.usefixtures("eager")

TINY = fields.Recipe(
    "tiny", epochs=1, steps=2, columns=600, most=6, warmup=1, ema=0.5, precision="float32", processes=0
)


def strips(count: int, seed: int) -> Strips:
    """Strings of wide and narrow bars: a 0 is a wide one, a 1 a narrow one; every fifth is empty."""
    rng = np.random.default_rng(seed)
    made, texts = [], []
    for number in range(count):
        text = "" if number % 5 == 4 else "".join(rng.choice(list("01"), int(rng.integers(2, 5))))
        ink = np.zeros((KEPT_HEIGHT, 40 * max(2, len(text))), np.uint8)
        for place, digit in enumerate(text):
            ink[8:48, 40 * place + 8 : 40 * place + (30 if digit == "0" else 13)] = 255
        made.append(np.stack([ink, ink], -1))
        texts.append(text)
    return Strips.of(made, texts, ["anna||none|number"] * count)


@pytest.fixture(autouse=True)
def stock(tmp_path, monkeypatch):
    path, held = strips(20, 1).save(tmp_path / "some.npy"), strips(10, 2).save(tmp_path / "held.npy")
    made = Stock({"strings": path}, {"strings": 1.0}, {"strings": held}, ("strings",))
    monkeypatch.setattr(fieldpools, "gather", lambda *_: made)
    monkeypatch.setattr(fieldpools, "calibration", lambda *_: held)
    monkeypatch.setattr(fieldlooks, "drawn", lambda *_: (Strips.open(held),) * 2)


def test_a_run_ends_in_files_that_agree(tmp_path):
    best = fields.train(TINY, tmp_path / "run")
    known = linewise.load(best.with_suffix(".onnx"))
    assert known.alphabet == FIELDS and known.metadata.kind == recognizer.LINEWISE
    assert known.metadata.name == "fields"
    card = json.loads((tmp_path / "run" / "card.json").read_text(encoding="utf-8"))
    assert card["recipe"]["size"] == "tiny" and card["validation"]["epoch"] == 1
    assert card["calibration"].startswith("none:")  # ten strings are too few
    with pytest.raises(UsageError, match="holds a run"):
        fields.train(TINY, tmp_path / "run")


def test_empty_strings_are_right_where_nothing_is_read():
    class Says:
        """A network that reads "1" everywhere."""

        def predict_on_batch(self, batch):
            logits = np.zeros((len(batch), -(-batch.shape[2] // 4), FIELDS.size), np.float32)
            logits[:, :1, FIELDS.encode("1")[0]] = 9
            logits[:, 1:, 0] = 9
            return logits

    told = fields.exact(Says(), strips(10, 2))
    assert told["exact_empty"] == 0 and told["exact"] == 0 and 0 < told["cer"] <= 1


def test_the_loss_knows_empty_strings():
    logits = np.zeros((1, 5, 3), np.float32)
    logits[..., 0] = 4
    sure = float(np.asarray(ctc.loss(packed([[]], [5]), logits))[0])
    logits[..., 1] = 8
    wrong = float(np.asarray(ctc.loss(packed([[]], [5]), logits))[0])
    assert 0 <= sure < wrong and np.isfinite(wrong)
    shares = np.exp(logits[0]) / np.exp(logits[0]).sum(1, keepdims=True)
    assert wrong == pytest.approx(-float(np.log(shares[:, 0]).sum()), rel=1e-4)


def test_wishes_are_looked_over():
    assert fields.find(epochs=3, strings=500).strings == 500
    with pytest.raises(UsageError, match="epochs"):
        fields.find(epochs=0)
    with pytest.raises(DataError, match="of the model fields"):
        fields.Recipe.from_dict({"size": "small"})


def test_the_small_network_is_small():
    network = fields.build(replace(TINY, size="small"))
    assert 300_000 < network.count_params() < 450_000
