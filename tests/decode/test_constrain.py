"""The beam held to a format: what it gives fits, is the likeliest that fits, and is as likely as it is."""

import re
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from inkread.alphabet import FIELDS, Alphabet
from inkread.decode.constrain import SURE, answer, passed_over, search_valid
from inkread.decode.ctc import log_probabilities, log_probability, log_softmax
from inkread.errors import ModelError, UsageError
from inkread.formats import find
from inkread.formats.automaton import Automaton

SMALL = Alphabet("ab")
TEXTS = ["".join(t) for n in range(5) for t in product("ab", repeat=n)]
LOGITS = arrays(np.float64, (4, 3), elements=st.floats(-6, 6, width=32))
PATTERNS = st.sampled_from(["a", "a+", "(ab)+", "b{2}", "a?b", "[ab]{3}", "ab|ba|aab", "b*"])


def written(text, *, surely=18.0, alphabet=FIELDS):
    """Logits that say a text, a blank behind each character."""
    classes = [k for c in alphabet.encode(text) for k in (c, 0)]
    return surely * np.eye(alphabet.size)[[0, *classes]]


@settings(max_examples=40, deadline=None)
@given(LOGITS, PATTERNS)
def test_the_best_is_the_best_of_all_texts_that_fit(logits, pattern):
    rules = Automaton(pattern, "ab")
    found = search_valid(logits, SMALL, rules.begins, rules.accepts, width=40)
    fitting = [text for text in TEXTS if rules.accepts(text)]
    exact = {
        t: float(p)
        for t, p in zip(fitting, log_probabilities(logits, list(map(SMALL.encode, fitting))), strict=True)
    }
    exact = {t: p for t, p in exact.items() if p > -np.inf}
    assert {h.text for h in found} <= set(exact)
    assert found[0].log_probability == pytest.approx(max(exact.values()))
    for one in found:
        assert re.fullmatch(pattern, one.text)
        assert one.log_probability == pytest.approx(exact[one.text])
        assert one.log_probability == log_probability(logits, SMALL.encode(one.text))


@settings(max_examples=40, deadline=None)
@given(LOGITS, PATTERNS, st.sampled_from([1.0, 4.0]))
def test_the_free_winner_is_kept_whatever_fits(logits, pattern, sharper):
    rules, logits = Automaton(pattern, "ab"), sharper * logits
    told = answer(logits, SMALL, rules.begins, rules.accepts, width=40)
    if not log_softmax(logits).argmax(axis=1).any():
        assert told.free.text == "" and not told.valid
        return
    exact = log_probabilities(logits, list(map(SMALL.encode, TEXTS)))
    assert told.free.log_probability == pytest.approx(max(exact))
    assert all(rules.accepts(h.text) for h in told.valid)
    if told.valid and np.exp(told.valid[0].log_probability) < SURE:
        others = [p for t, p in zip(TEXTS, exact, strict=True) if t != told.valid[0].text]
        assert told.rival == pytest.approx(max(others), abs=1e-6)


@settings(max_examples=12, deadline=None)
@given(
    arrays(np.float64, (9, FIELDS.size), elements=st.floats(-3, 3, width=32)),
    st.sampled_from(["us_zip", "date", "amount", "routing"]),
)
def test_whatever_the_strokes_every_answer_fits(logits, spec):
    form = find(spec)
    found = search_valid(2 * logits, FIELDS, form.can_begin, form.valid)
    assert all(form.valid(h.text) for h in found)
    assert [h.log_probability for h in found] == sorted((h.log_probability for h in found), reverse=True)


def test_four_digits_do_not_become_five():
    form = find("us_zip")
    told = answer(written("0213"), FIELDS, form.can_begin, form.valid)
    assert told.free.text == "0213" and told.free.log_probability > np.log(0.99)
    assert not told.valid
    best, *_ = search_valid(written("0213"), FIELDS, form.can_begin, form.valid)
    assert best.log_probability < np.log(1e-3) and len(best.text) == 5
    assert told.rival == pytest.approx(told.free.log_probability)


def test_a_capital_letter_counts_against_the_digit_that_fits():
    form = find("us_zip")
    logits = written("02139")
    logits[1, FIELDS.encode("O")[0]] = 18.5
    told = answer(logits, FIELDS, form.can_begin, form.valid)
    assert told.free.text == "O2139" and told.valid[0].text == "02139"
    assert np.exp(told.valid[0].log_probability) == pytest.approx(1 / (1 + np.exp(0.5)), abs=1e-2)


def test_a_clear_reading_that_fits_needs_no_search(monkeypatch):
    monkeypatch.setattr("inkread.decode.constrain.both", lambda *_, **__: pytest.fail("searched"))
    form = find("us_zip")
    told = answer(written("02139"), FIELDS, form.can_begin, form.valid)
    assert told.free.text == told.valid[0].text == "02139" and len(told.free.spans) == 5
    assert told.rival < np.log(1 - SURE)


def test_characters_that_no_fitting_text_holds_change_nothing_where_they_are_named():
    form = find("us_zip")
    logits = written("02139", surely=4.0) + 0.1 * np.random.default_rng(0).normal(size=(11, FIELDS.size))
    slow = answer(logits, FIELDS, form.can_begin, form.valid)
    quick = answer(logits, FIELDS, form.can_begin, form.valid, characters=form.characters)
    assert quick.free == slow.free and quick.rival == pytest.approx(slow.rival, abs=1e-6)
    assert [h.text for h in quick.valid[:3]] == [h.text for h in slow.valid if " " not in h.text][:3]


def test_blank_paper_gives_no_text():
    form = find("us_zip")
    assert answer(9.0 * np.eye(FIELDS.size)[[0] * 8], FIELDS, form.can_begin, form.valid).free.text == ""


def test_the_best_says_where_its_characters_lie():
    form = find("digits:2")
    best, *others = search_valid(written("42", surely=3.0), FIELDS, form.can_begin, form.valid)
    assert [(s.first, s.end) for s in best.spans] == [(1, 2), (3, 4)]
    assert others and not any(h.spans for h in others)


def test_blanks_that_tell_nothing_count_for_nothing():
    logits = written("02139")
    logits[6, FIELDS.encode(" ")[0]] = 18.0  # half a blank between 1 and 3
    form = find("us_zip")
    assert answer(logits, FIELDS, form.can_begin, form.valid).valid[0].log_probability < np.log(0.6)
    shown = passed_over(logits, FIELDS, " ")
    assert answer(shown, FIELDS, form.can_begin, form.valid).valid[0].log_probability > np.log(0.99)
    texts = ["12", "1 2", " 12", "1 2 "]
    alphabet = Alphabet("12 ")
    logits = np.random.default_rng(1).normal(size=(4, 4))
    among = np.exp(log_probabilities(passed_over(logits, alphabet, " "), [[1, 2]])[0])
    every = ["".join(t) for n in range(5) for t in product("12 ", repeat=n)]
    same = [alphabet.encode(t) for t in every if t.replace(" ", "") == "12"]
    apart = np.exp(log_probabilities(logits, same)).sum()
    assert set(texts) <= {alphabet.decode(t) for t in same}
    assert among == pytest.approx(apart)


def test_what_cannot_be_searched_is_told():
    with pytest.raises(UsageError, match="width 0"):
        search_valid(np.zeros((2, 3)), SMALL, bool, bool, width=0)
    with pytest.raises(ModelError, match="2 characters"):
        search_valid(np.zeros((2, 9)), SMALL, bool, bool)
