"""A run that is killed, as by a power cut, and resumed ends as if nothing had been."""

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

pytest.importorskip("keras", reason="needs Keras: pip install '.[train]'")

from inkread.training import checkpoint  # noqa: E402

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL"),
]

RUN = """
import sys
from dataclasses import replace
from pathlib import Path

from inkread.training import fit, recipes
from inkread.training.callbacks import Progress

recipe = replace(
    recipes.find("fast", recipes.Wishes(seed=3, epochs=40, patience=2, data=sys.argv[1])),
    network="tiny", steps=6, batch=32, rate=0.05, warmup=4, ema=0.9, dropout=0.3, precision="float32",
)
fit.train(fit.Plan(recipe, Path(sys.argv[2]), resume=len(sys.argv) > 3), Progress())
"""


@pytest.fixture(scope="module")
def signs(tmp_path_factory):
    """Three classes of 20 pictures: noisy bars that stand, lie and lean."""
    rng = np.random.default_rng(0)
    images = rng.integers(0, 60, (60, 28, 28), dtype=np.uint8)
    labels = np.repeat(np.arange(3), 20)
    for image, label in zip(images, labels, strict=True):
        at = int(rng.integers(8, 20))
        if label == 0:
            image[4:24, at : at + 3] = 255
        elif label == 1:
            image[at : at + 3, 4:24] = 255
        else:
            for k in range(4, 24):
                image[k, k : k + 3] = 255
    path = tmp_path_factory.mktemp("signs") / "signs.npz"
    np.savez(path, images=images, labels=labels, classes=np.array(["bar", "dash", "slope"]))
    return path


def begin(*words):
    return subprocess.Popen([sys.executable, "-c", RUN, *map(str, words)], stderr=subprocess.PIPE, text=True)


def ended(process):
    _, news = process.communicate(timeout=300)
    assert process.returncode == 0, news
    return news


def weights(run):
    with np.load(run / checkpoint.FILE) as archive:
        return {name: archive[name] for name in archive.files if name != "told"}


def test_a_killed_run_stops_at_the_same_epoch_with_the_same_weights(signs, tmp_path):
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    assert "stopped" in ended(begin(signs, whole))
    first = begin(signs, cut)
    while not (cut / checkpoint.FILE).is_file():
        assert first.poll() is None, first.communicate()[1]
        time.sleep(0.005)
    os.kill(first.pid, signal.SIGKILL)
    first.communicate()
    done = len((cut / "history.csv").read_text().splitlines()) - 1 if (cut / "history.csv").is_file() else 0
    assert first.returncode == -signal.SIGKILL and done <= 2
    ended(begin(signs, cut, "resume"))

    epochs = [json.loads(str(np.load(run / checkpoint.FILE)["told"]))["history"] for run in (whole, cut)]
    assert len(epochs[0]) == len(epochs[1]) < 40
    one, other = weights(whole), weights(cut)
    for name, values in one.items():
        np.testing.assert_allclose(other[name], values, atol=1e-5, err_msg=name)
    assert (whole / "history.csv").read_text() == (cut / "history.csv").read_text()
