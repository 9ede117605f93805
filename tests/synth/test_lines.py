"""Drawn lines: legible ink of the asked text, the same for the same seed, fonts for measuring kept apart."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from inkread.errors import DataError, UsageError
from inkread.imaging.strips import HEIGHT, strip
from inkread.synth import faces, leftovers, strokes, writing
from inkread.synth.lines import Bank, render

KEPT = next(name for name in ("plain", "simple", "sober", "usual") if not faces.is_held_out(name))
AWAY = next(f"away{n}" for n in range(99) if faces.is_held_out(f"away{n}"))


@pytest.fixture(scope="session")
def data_root(tmp_path_factory: pytest.TempPathFactory, dejavu: Path) -> Path:
    """A data folder with one font for training and one for measuring, both that of matplotlib."""
    root = tmp_path_factory.mktemp("data")
    (root / "fonts" / "ttf").mkdir(parents=True)
    for name in (KEPT, AWAY):
        shutil.copy(dejavu, root / "fonts" / "ttf" / f"{name}.ttf")
    rows = ["name\tlicence\tclass", f"{KEPT}\tOFL-1.1\tA", f"{AWAY}\tOFL-1.1\tA", "gone\tOFL-1.1\tC"]
    (root / "fonts" / "fonts.tsv").write_text("\n".join(rows), "utf-8")
    return root


@pytest.fixture(scope="session")
def bank(data_root: Path) -> Bank:
    """Hands and texts of that folder."""
    return Bank.load(data_root)


def test_lines_are_ink_of_the_usual_height(bank: Bank):
    for seed in range(12):
        made = render(np.random.default_rng(seed), bank)
        assert made.ink.dtype == np.float32 and made.ink.ndim == 2
        assert 24 <= made.ink.shape[0] <= 140
        assert made.ink.min() >= 0 and 0.4 < made.ink.max() <= 1
        assert made.font == KEPT and made.text
        assert float(np.median(made.ink)) < 0.2


def test_same_seed_same_line(bank: Bank):
    first, again, other = (render(np.random.default_rng(seed), bank) for seed in (3, 3, 4))
    assert first.text == again.text and np.array_equal(first.ink, again.ink)
    assert first.ink.shape != other.ink.shape or not np.array_equal(first.ink, other.ink)


def test_the_asked_text_is_written(bank: Bank):
    short, long = (
        np.median([render(np.random.default_rng(s), bank, text).ink.shape[1] for s in range(8)])
        for text in ("see", "see you on the other side")
    )
    assert render(np.random.default_rng(0), bank, "see  you ").text == "see you"
    assert 4 * short < long < 20 * short


def test_no_two_letters_are_the_same(bank: Bank):
    hand = writing.sample_hand(np.random.default_rng(2))
    line = writing.write("o o o o", bank.faces.faces[0], hand, np.random.default_rng(2)).ink
    count, _, stats, _ = cv2.connectedComponentsWithStats((line > 0.4).astype(np.uint8))
    shapes = {tuple(row[2:5]) for row in stats[1:] if row[4] > 30}
    assert count >= 5 and len(shapes) == 4


def test_strips_of_drawn_lines_are_as_wide_as_real_ones_are(bank: Bank):
    widths = []
    for seed in range(20):
        made = render(np.random.default_rng(seed), bank, "The quick brown fox jumps")
        widths.append(strip(made.ink, HEIGHT).ink.shape[1] / len(made.text))
    assert 7 < np.median(widths) < 25  # real lines: 8 to 22 pixels a character


def test_a_pen_is_as_wide_as_asked_for(bank: Bank):
    hand = writing.sample_hand(np.random.default_rng(1))
    line = writing.write("minimum", bank.faces.faces[0], hand, np.random.default_rng(1))
    rng = np.random.default_rng(0)
    thin, thick = (strokes._redrawn(np.pad(line.ink, 4), width, rng).sum() for width in (1.5, 4.0))
    assert 1.6 < thick / thin < 4


def test_rules_lie_under_the_writing_not_through_it():
    page = np.zeros((60, 300), np.float32)
    page[20:40, 10:290:6] = 1
    assert 36 < leftovers._base(page) < 43


def test_a_photographed_line_still_holds_its_strokes(bank: Bank):
    hand = writing.sample_hand(np.random.default_rng(6))
    line = writing.write("harvest moon", bank.faces.faces[0], hand, np.random.default_rng(6)).ink
    taken = leftovers.photographed(line, np.random.default_rng(6))
    assert abs(taken.shape[0] - line.shape[0]) < 0.6 * line.shape[0]
    assert 0.3 < (taken > 0.5).sum() / (line > 0.5).sum() < 3


def test_what_no_font_can_write_is_an_error(bank: Bank):
    assert not bank.faces.faces[0].can_write("snow \U00020000")
    with pytest.raises(DataError, match="can write"):
        render(np.random.default_rng(0), bank, "snow \U00020000")


def test_a_text_of_spaces_is_an_error(bank: Bank):
    with pytest.raises(UsageError, match="leave it out"):
        render(np.random.default_rng(0), bank, "  ")


def test_fonts_for_measuring_are_never_among_the_others(data_root: Path):
    assert [face.name for face in faces.Faces.load(data_root).faces] == [KEPT]
    assert [face.name for face in faces.Faces.load(data_root, held_out=True).faces] == [AWAY]


def test_a_font_does_not_write_what_people_take_for_another_character(data_root: Path):
    path = faces.Faces.load(data_root).faces[0].path
    assert faces.Face("any", path, "A").can_write("1234567890")
    assert not faces.Face("league-script", path, "C").can_write("410")
    assert faces.Face("league-script", path, "C").can_write("40")


def test_a_folder_without_fonts_says_what_to_do(tmp_path: Path):
    with pytest.raises(DataError, match="INKREAD_DATA"):
        Bank.load(tmp_path)


def test_fonts_of_capitals_write_capitals_and_joined_ones_whole_words():
    data = os.environ.get("INKREAD_DATA")
    if not data or not (Path(data) / "fonts" / "ttf" / "rock-salt.ttf").is_file():
        pytest.skip("INKREAD_DATA with the handwriting fonts is not set")
    ttf = Path(data) / "fonts" / "ttf"
    assert faces.Face("rock-salt", ttf / "rock-salt.ttf", "A").look.is_capital
    joined = faces.Face("playwrite-es", ttf / "playwrite-es.ttf", "S")
    assert joined.in_words and not joined.look.is_capital
    assert not faces.Face("neucha", ttf / "neucha.ttf", "A").in_words
