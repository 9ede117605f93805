"""Simulated checks: texts that say what they are worth, designs that keep to the paper, pictures by seed."""

from __future__ import annotations

import numpy as np
import pytest

from inkread.errors import DataError, UsageError
from inkread.formats import courtesy, legal
from inkread.formats.automaton import Automaton
from inkread.synth import checksets
from inkread.synth.checkpapers import MM, blank, design
from inkread.synth.checks import Writers, render
from inkread.synth.checktexts import other_sum, texts
from inkread.synth.fieldhands import FieldHands


def test_figures_and_words_are_worth_what_is_told():
    words = Automaton(legal.PATTERN, "abcdefghijklmnopqrstuvwxyz0123456789 -,.&+/~_=*")
    for seed in range(150):
        said = texts(np.random.default_rng(seed), differ=seed % 3 == 0)
        assert said.cents in courtesy.values(said.courtesy), said
        assert legal.value(said.legal) == said.legal_cents, said
        assert words.accepts(said.legal.lower()), said
        assert (said.cents != said.legal_cents) == (seed % 3 == 0)


def test_another_sum_is_another_one():
    rng = np.random.default_rng(0)
    assert all(other_sum(cents, rng) != cents for cents in rng.integers(100, 9_999_999, 60).tolist())


def test_designs_keep_to_the_paper():
    for seed in range(30):
        found = design(np.random.default_rng(seed))
        wide, high = found.size
        for left, top, right, bottom in found.places.values():
            assert 0 <= left < right <= wide
            assert 0 <= top < bottom <= high
        assert found.places["payee"][2] < found.places["courtesy"][0]


def test_a_blank_check_is_the_same_for_the_same_seed():
    page, again = (blank(design(rng), rng) for rng in map(np.random.default_rng, (5, 5)))
    assert np.array_equal(page, again)
    assert page.min() >= 0
    assert page.max() <= 1
    assert page.shape[1] in {round(MM * wide) for wide in (152.4, 215.9, 209.5)}


def test_hands_are_parted_and_need_fonts():
    images = np.zeros((10, 28, 28), np.uint8)
    images[:, 6:22, 12:16] = 255
    bank = FieldHands.load(images, np.arange(10), np.zeros(10, int), None, away=True)
    halves = [Writers(bank, half) for half in (0, 1)]
    for name in ("font-caveat", "drawn-4", "drawn-9"):
        assert sum(writers.may(name) for writers in halves) == 1
    assert all(writers.may("mnist-3") for writers in halves)
    with pytest.raises(DataError, match="handwriting fonts"):
        render(np.random.default_rng(0), halves[0])


def test_a_set_of_nothing_and_a_folder_in_use_are_refused(tmp_path):
    writers = Writers(FieldHands(True, np.zeros((0, 28, 28), np.uint8), {}))
    with pytest.raises(UsageError, match="give 1 or more"):
        checksets.write((0, 0), writers, 0.0, tmp_path / "new")
    (tmp_path / "there").write_text("x")
    with pytest.raises(DataError, match="exists already"):
        checksets.write((0, 1), writers, 0.0, tmp_path)
