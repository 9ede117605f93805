"""Rejects: every source renders, none is a digit or a letter like one, some are kept from training."""

from __future__ import annotations

import numpy as np
import pytest

from inkread.errors import DataError, UsageError
from inkread.synth import doodles, hands, letters, rejects

BANK = rejects.Rejects(hands.Hands.load(), letters.Letters())


@pytest.mark.parametrize("source", BANK.sources())
def test_every_source_renders(source):
    sample = rejects.render(np.random.default_rng(2), BANK, "train", source)
    assert sample.label == "" and sample.source == source
    assert sample.rgb.dtype == np.uint8 and sample.rgb.ndim == 3


def test_training_never_samples_a_held_out_source():
    drawn = {rejects._chosen(BANK, False, np.random.default_rng(seed)) for seed in range(1500)}
    assert not drawn & rejects.HELD_OUT_SOURCES and len(drawn) > 30


def test_held_out_pictures_come_from_both_kinds_of_sources_and_say_so():
    samples = [rejects.render(np.random.default_rng(seed), BANK, "held_out") for seed in range(40)]
    unseen = [s for s in samples if s.source in rejects.HELD_OUT_SOURCES]
    assert 8 < len(unseen) < 32
    assert all(("source" in s.axis.split("+")) == (s.source in rejects.HELD_OUT_SOURCES) for s in samples)


def test_a_six_upside_down_comes_only_when_asked_for():
    drawn = {rejects._chosen(BANK, False, np.random.default_rng(seed)) for seed in range(1500)}
    assert "turned-180" in drawn and "turned-180-69" not in drawn


def test_no_letter_that_a_digit_may_be_taken_for_is_a_reject():
    assert not letters.LOOK_ALIKES & set(letters.CLEAR)
    assert set("oOlIsSzZbBgqG") <= letters.LOOK_ALIKES


def test_halves_and_turns_that_are_still_digits_are_left_out():
    assert not set("018625") & set(rejects.TURNABLE[180])
    assert "0" not in rejects.TURNABLE[90] + rejects.TURNABLE[270]
    assert not {"1", "6", "9", "7"} & rejects.HALVES.keys()


def test_the_same_seed_gives_the_same_bytes():
    for seed in range(12):
        one, other = (rejects.render(np.random.default_rng(seed), BANK, "held_out") for _ in range(2))
        assert one.source == other.source and np.array_equal(one.rgb, other.rgb)


def test_a_bare_circle_is_no_icon():
    assert not {"circle", "ring", "oval"} & doodles.ICONS.keys()


def test_a_source_without_its_files_names_the_cure():
    with pytest.raises(DataError, match="INKREAD_DATA"):
        rejects.render(np.random.default_rng(0), BANK, "train", "letter-hnd62")


def test_icons_and_other_scripts_come_from_a_file(tmp_path):
    masks = np.zeros((3, 96, 96), np.uint8)
    masks[:, 10:80, 20:30] = masks[:, 40:50, 20:90] = 255
    sources = np.array(["drawing-mine", "glyph-mine", "drawing-mine"])
    np.savez(tmp_path / "strangers.npz", images=masks, sources=sources, names=np.array(["a", "b", "c"]))
    bank = rejects.Rejects(BANK.hands, letters.Letters.load(tmp_path))
    assert {"drawing-mine", "glyph-mine"} <= set(bank.sources())
    for source in ("drawing-mine", "glyph-mine"):
        made = rejects.render(np.random.default_rng(1), bank, "train", source)
        assert made.label == "" and made.source == source and made.ink.max() > 0.5
    (tmp_path / "strangers.npz").write_bytes(b"PK nothing")
    with pytest.raises(DataError, match="tools/strangers.py"):
        letters.Letters.load(tmp_path)


def test_a_misspelt_source_says_what_would_be_right():
    with pytest.raises(UsageError, match="did you mean 'icon-house'"):
        rejects.render(np.random.default_rng(0), BANK, "train", "icon-hous")
