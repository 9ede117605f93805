"""Amounts in words and in figures: which texts are amounts, and what they are worth."""

from __future__ import annotations

import numpy as np
import pytest

from inkread.formats import courtesy, legal
from inkread.formats.automaton import Automaton

CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789 -,.&+/~_=*#$"


@pytest.fixture(scope="module")
def words():
    return Automaton(legal.PATTERN, CHARACTERS)


@pytest.fixture(scope="module")
def figures():
    return Automaton(courtesy.PATTERN, CHARACTERS)


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("One thousand two hundred thirty-four and 50/100", 123450),
        ("one hundred five thousand and no/100", 10500000),
        ("One hundred and five thousand", 10500000),
        ("Fifteen hundred and no/100", 150000),
        ("TWENTY-FIVE HUNDRED ONE 07/100 DOLLARS", 250107),
        ("six hundred & xx/100 dollars only----", 60000),
        ("Two dollars and ten cents", 210),
        ("***Fourty and 01/100***", 4001),
        ("A hundred and fifty & 25/100", 15025),
        ("fifty cents", 50),
        ("zero and 99/100", 99),
        ("eighty even ~~~~", 8000),
        ("eighty and 12/100 ---- dollars", 8012),
        ("nine hundred ninety-nine thousand nine hundred ninety-nine and 99/100", legal.LARGEST),
    ],
)
def test_an_amount_in_words_is_worth_what_it_says(words, text, cents):
    assert words.accepts(text.lower())
    assert legal.value(text) == cents
    assert Automaton(legal.texts_of(cents), CHARACTERS).accepts(text.lower())


@pytest.mark.parametrize(
    "text", ["", "and 50/100", "hundred", "one thousand thousand", "five six", "seven hundred 5", "dollars"]
)
def test_other_words_are_no_amount(words, text):
    assert not words.accepts(text)


def test_every_sum_in_words_comes_back(words):
    rng = np.random.default_rng(0)
    for dollars in (*range(1, 130), *rng.integers(130, 1_000_000, 150).tolist()):
        text = f"{legal.spoken(dollars)} and {dollars % 100:02d}/100"
        assert words.accepts(text), text
        assert legal.value(text) == 100 * dollars + dollars % 100, text


def test_texts_of_one_sum_are_worth_that_sum_only():
    rule = Automaton(legal.texts_of(123450), CHARACTERS)
    assert rule.accepts("twelve hundred thirty four & 50/100 dollars")
    assert not rule.accepts("one thousand two hundred thirty-four and 51/100")
    assert not rule.accepts("one thousand two hundred thirty-four")


def test_what_is_no_amount_in_words_is_told():
    assert "no number" in legal.explain("to the moon")
    assert "do not stand" in legal.explain("five hundred thousand hundred")


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("$1,234.50", 123450),
        ("**12 50/100", 1250),
        ("80 xx/100", 8000),
        ("75-", 7500),
        ("75.--", 7500),
        ("1,234", 123400),
        ("$ 5.00", 500),
        ("12-34", 1234),
        ("0.99", 99),
        ("250 no/100", 25000),
    ],
)
def test_an_amount_in_figures_is_worth_what_it_says(figures, text, cents):
    assert figures.accepts(text)
    assert courtesy.value(text) == cents
    assert cents in courtesy.values(text)
    assert Automaton(courtesy.texts_of(cents), CHARACTERS).accepts(text)


def test_a_point_may_have_been_lost():
    assert courtesy.values("4800") == (480000, 4800)
    assert courtesy.values("48.00") == (4800,)
    assert Automaton(courtesy.texts_of(4800), CHARACTERS).accepts("4800")
    assert not Automaton(courtesy.texts_of(4800), CHARACTERS).accepts("4801")
