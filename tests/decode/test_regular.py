"""Logits held against whole languages: exact sums, and draws that follow them."""

from __future__ import annotations

import numpy as np
import pytest

from inkread.alphabet import Alphabet
from inkread.decode.agreement import Agreement, features, lone, weigh
from inkread.decode.ctc import log_probability
from inkread.decode.regular import Language, draws, folded, log_share
from inkread.errors import UsageError


def test_the_share_of_a_language_is_the_sum_over_its_texts():
    logits = np.random.default_rng(1).normal(0, 1, (6, 3))
    language = Language.of("ab|aab?|bb", "ab")
    seen = folded(logits, Alphabet("ab"), "ab", 0.0)
    texts = ([1, 2], [1, 1], [1, 1, 2], [2, 2])
    assert log_share(seen, language) == pytest.approx(
        np.logaddexp.reduce([log_probability(logits, text) for text in texts])
    )


def test_capitals_count_as_small_letters():
    logits = np.log(np.array([[0.2, 0.5, 0.3]]))
    seen = folded(logits, Alphabet("aA"), "a", 0.0)
    assert log_share(seen, Language.of("a", "a")) == pytest.approx(np.log(0.8))


def test_a_misread_character_costs_much_and_not_all():
    logits = np.full((1, 3), -50.0)
    logits[0, 1] = 50.0  # an a, beyond doubt
    language = Language.of("b", "ab")
    strict = log_share(folded(logits, Alphabet("ab"), "ab", 0.0), language)
    lenient = log_share(folded(logits, Alphabet("ab"), "ab", 0.03), language)
    assert strict < -90
    assert lenient == pytest.approx(np.log(0.01))


def test_too_few_frames_for_any_text():
    seen = folded(np.zeros((2, 2)), Alphabet("a"), "a", 0.0)
    language = Language.of("aa", "a")
    assert log_share(seen, language) == -np.inf
    assert draws(seen, language, 3) == []


def test_draws_come_as_often_as_they_are_likely():
    logits = np.log(np.array([[0.1, 0.6, 0.3], [0.98, 0.01, 0.01]]))
    language = Language.of("a|b", "ab")
    drawn = draws(folded(logits, Alphabet("ab"), "ab", 0.0), language, 600)
    assert set(drawn) == {"a", "b"}
    assert drawn.count("a") / 600 == pytest.approx(2 / 3, abs=0.06)
    assert drawn == draws(folded(logits, Alphabet("ab"), "ab", 0.0), language, 600)


def test_a_language_of_foreign_characters_is_refused():
    with pytest.raises(UsageError):
        Language.of("c", "ab")


TOLD = Agreement((-1.0, 0.5, 0.2, 0.2, 0.2), (2.0, 2.0), ((-2.0, 0.5), (-2.0, 0.5)))


def test_two_readers_who_agree_are_surer_than_one():
    first, second = {5: -0.1, 6: -3.0}, {5: -0.2, 6: -2.5}
    both = weigh(first, second, TOLD)
    assert (both.best, both.agrees) == (5, True)
    assert both.confidence > max(lone(first, (-2.0, 0.5)).confidence, 0.8)
    assert sum(share for _, share in both.shares) == pytest.approx(1.0)


def test_a_reader_who_clearly_reads_something_else_disagrees():
    verdict = weigh({5: -0.1, 6: -20.0}, {5: -6.0, 6: -0.1}, TOLD)
    assert verdict.best == 5
    assert not verdict.agrees


def test_a_single_value_leads_by_as_much_as_counts():
    _, found = features({5: -1.0}, {5: -2.0})
    assert found.tolist() == [1.0, 12.0, 12.0, 12.0, 12.0]


def test_one_reader_who_hesitates_lowers_the_odds_of_the_pair():
    sure = {5: -0.1, 6: -12.0, 7: -13.0}
    _, both = features(sure, sure)
    _, one = features(sure, {5: -0.7, 6: -0.8, 7: -9.0})
    assert both[1] >= one[1] > 11  # together they lead as clearly, and yet the second may say 6
    assert both[4] > 4
    assert -1 < one[4] < 1
