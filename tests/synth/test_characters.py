"""Letters are drawn from hands at hand, their strokes traced and drawn anew."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from inkread.errors import DataError
from inkread.imaging.normalize import normalize_ink
from inkread.synth import characters, tracing
from inkread.synth.characters import Characters
from inkread.synth.faces import Face
from inkread.synth.hands import Hands


def letter(text="B"):
    """A printed letter as a mask."""
    mask = np.zeros((120, 110), np.uint8)
    cv2.putText(mask, text, (8, 100), cv2.FONT_HERSHEY_SIMPLEX, 4.0, 255, 9, cv2.LINE_AA)
    return mask.astype(np.float32) / 255


@pytest.fixture
def data(tmp_path):
    """A data folder with a set of two writers of a's."""
    folder = tmp_path / "characters"
    folder.mkdir()
    one = (255 * letter("a")).astype(np.uint8)
    images = np.stack([cv2.resize(one, (105, 105))] * 40)
    writers = np.arange(40)
    labels = np.zeros(40, int)
    np.savez(folder / "omniglot_latin.npz", images=images, labels=labels, writers=writers, classes=["a"])
    return tmp_path


def test_a_traced_letter_drawn_anew_is_still_that_letter():
    mask = letter()
    lines = tracing.traced(mask)
    assert 1 <= len(lines) <= 8
    seen = normalize_ink(mask).ravel()
    for seed in range(3):
        again = normalize_ink(tracing.redrawn(lines, np.random.default_rng(seed), nib=0.08)).ravel()
        assert seen @ again / (np.linalg.norm(seen) * np.linalg.norm(again)) > 0.45


def test_no_two_drawings_are_the_same_and_the_seed_decides():
    lines = tracing.traced(letter())
    one, two, again = (tracing.redrawn(lines, np.random.default_rng(s)) for s in (1, 2, 1))
    assert one.shape != two.shape or (one != two).any()
    assert (one == again).all()


def test_a_dot_stays_and_a_ring_is_a_line():
    mask = np.zeros((100, 60), np.float32)
    mask[4:8, 28:32] = 1
    cv2.circle(mask, (30, 70), 20, 1.0, 5)
    lines = tracing.traced(mask)
    assert any(np.ptp(line[:, 1]) < 0.05 for line in lines)
    assert any(np.ptp(line[:, 1]) > 0.3 for line in lines)


def test_a_hand_is_on_one_side_only(data):
    bank = Characters.gather(Hands.load(), data)
    sides = [
        {bank.draw(np.random.default_rng(k), away=away, label="a").hand for k in range(60)}
        for away in (False, True)
    ]
    assert all(sides) and not sides[0] & sides[1]


def test_digits_are_drawn_without_data_and_letters_are_not():
    bank = Characters.gather(Hands.load(), None)
    assert bank.labels == "0123456789"
    assert bank.draw(np.random.default_rng(0), label="7").label == "7"
    with pytest.raises(DataError, match="no hand writes 'k'; set INKREAD_DATA"):
        bank.draw(np.random.default_rng(0), label="k")


def test_a_fonts_letter_is_drawn_with_its_own_strokes_or_new_ones(tmp_path):
    matplotlib = pytest.importorskip("matplotlib")
    path = Path(matplotlib.__file__).parent / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf"
    bank = replace(Characters.gather(Hands.load(), None), faces={False: (Face("dejavu", path, "A"),)})
    marks = [bank.draw(np.random.default_rng(k), label="R", nib=0.08, height_px=80) for k in range(6)]
    assert {mark.hand for mark in marks} == {"font-dejavu"}
    assert len({mark.mask.shape for mark in marks}) > 1
    assert bank.traced and bank.glyphs


def test_a_damaged_set_says_so(data):
    (data / "characters" / "omniglot_latin.npz").write_bytes(b"half")
    with pytest.raises(DataError, match=r"omniglot_latin.npz is damaged"):
        Characters.gather(Hands.load(), data)


def test_rules_at_the_rim_of_a_crop_are_no_ink_of_the_letter():
    crop = np.full((64, 64), 200, np.uint8)
    crop[1:3] = 90
    cv2.line(crop, (32, 59), (32, 63), 90, 2)
    cv2.circle(crop, (32, 20), 2, 60, -1)
    cv2.line(crop, (32, 28), (32, 44), 60, 3)
    crops = np.stack([crop] * 12)
    arrays = {"images": crops, "labels": np.zeros(12, int), "classes": np.array(["i"])}
    bank = characters._hnd62(arrays)
    rows = np.flatnonzero(bank.images[0].any(axis=1))
    assert len(bank.images) == 2
    assert 15 <= rows[0] <= 18
    assert 44 <= rows[-1] <= 47
