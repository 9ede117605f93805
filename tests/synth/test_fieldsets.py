"""Sets of simulated fields: what a suite says of its texts is so."""

from types import SimpleNamespace

import numpy as np
import pytest

from inkread.formats import find
from inkread.synth import fieldscenes, fieldsets
from inkread.synth.fieldsets import SUITES


@pytest.fixture
def unwritten(monkeypatch):
    """Sets whose pictures are not drawn."""
    monkeypatch.setattr(fieldscenes, "render", lambda *_: SimpleNamespace(rows=(None,)))


def test_texts_of_suites_that_fit_are_valid_and_others_are_not(unwritten):
    made = list(fieldsets.items(3, 1500, bank=None))
    assert {item.suite for item in made} == set(SUITES)
    for item in made:
        suite = SUITES[item.suite]
        if not suite.struck:
            assert find(suite.format).valid(item.label) == suite.fits, item.label


def test_a_picture_depends_on_the_seed_and_its_number_alone(unwritten):
    some, more = (list(fieldsets.items(4, count, bank=None)) for count in (5, 9))
    assert [(i.suite, i.label) for i in some] == [(i.suite, i.label) for i in more[:5]]
    assert [i.label for i in some] != [i.label for i in fieldsets.items(5, 5, bank=None)]


def test_dates_that_there_are_not_are_drawn_anew():
    suite = fieldsets.Suite(1.0, "date:ymd", ("none",), lambda rng: f"2021-02-{rng.integers(27, 32)}")
    rng = np.random.default_rng(0)
    assert {fieldsets._text(suite, rng) for _ in range(40)} == {"2021-02-27", "2021-02-28"}
