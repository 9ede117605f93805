"""The examples run as they stand, in their quick mode, and each leaves the figure that it names."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"


def run(folder: Path, name: str, *words: str) -> str:
    """Run one example where its figures go to `folder`, and give what it printed."""
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / name), *words],
        cwd=folder,
        env={**os.environ, "INKREAD_QUICK": "1", "INKREAD_FIGURES": str(folder), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "oneDNN" not in done.stderr and "Traceback" not in done.stderr
    for figure in re.findall(r"Figure: (.+)", done.stdout):
        with Image.open(figure) as picture:
            assert min(picture.size) > 200 and len(picture.convert("L").getcolors(256)) > 20
    return done.stdout


def test_every_example_is_in_the_tutorial_page():
    page = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    helpers = {"setting.py", "quiet.py", "demo.py", "make_pictures.py"}
    missing = [p.name for p in EXAMPLES.glob("*.py") if p.name not in helpers and p.name not in page]
    assert not missing


def test_the_pages_figures_are_there():
    page = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    figures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", page)
    assert len(figures) >= 5
    assert [f for f in figures if not (ROOT / "docs" / f).is_file()] == []


def test_your_own_photo_is_read_and_its_steps_are_drawn(tmp_path):
    told = run(tmp_path, "4_your_own_photo.py")
    assert "in_a_shadow.jpg: 6, accepted" in told and (tmp_path / "4_your_own_photo.png").is_file()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        pytest.param("blank.png", "nothing to look at", id="bare paper"),
        pytest.param("missing.png", "missing.png", id="no such file"),
    ],
)
def test_a_photo_that_shows_nothing_is_said_to_in_one_line(tmp_path, name, message):
    Image.new("RGB", (300, 300), "white").save(tmp_path / "blank.png")
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / "4_your_own_photo.py"), name],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1 and message in done.stderr and done.stderr.count("\n") == 1


@pytest.mark.slow
def test_a_network_is_trained_and_saved_and_read_with(tmp_path):
    told = run(tmp_path, "1_cnn.py")
    assert float(re.search(r"Model Accuracy: (0\.\d+)", told)[1]) > 0.85
    assert (tmp_path / "handwriting_model.keras").is_file() and (tmp_path / "1_cnn.png").is_file()


@pytest.mark.slow
def test_augmentation_is_shown_and_both_networks_are_measured(tmp_path):
    told = run(tmp_path, "2_augmentation.py")
    assert told.count("trained on digits varied") == told.count("trained on digits as they are") >= 2
    assert (tmp_path / "2_augmentation_sheet.png").is_file() and (tmp_path / "2_augmentation.png").is_file()


@pytest.mark.slow
def test_fresh_processes_read_the_first_five_digits_from_each_file(tmp_path):
    told = run(tmp_path, "3_save_and_load.py")
    assert told.count("Predicted digits: [7 2 1 0 4]") == 3
    assert (tmp_path / "3_save_and_load.png").is_file()


@pytest.mark.slow
def test_training_stops_early_and_says_how_it_held_back(tmp_path):
    told = run(tmp_path, "5_early_stopping.py")
    assert "held back by writer" in told or "the last 20 %" in told
    stopped, kept = map(int, re.search(r"Stopped after epoch (\d+), weights of epoch (\d+)", told).groups())
    assert 1 <= kept <= stopped <= 20
    assert (tmp_path / "5_early_stopping.png").is_file()
