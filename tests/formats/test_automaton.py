"""An automaton agrees with `re` on what fits, and knows exactly what can still fit."""

import re
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inkread.errors import UsageError
from inkread.formats.automaton import Automaton, named

LETTERS = "ab1"
TEXTS = ["".join(t) for n in range(5) for t in product(LETTERS, repeat=n)]
ATOMS = st.sampled_from(["a", "b", "1", ".", "[ab]", "[^a]", r"\d", r"\w", "(?:ab|1)"])
COUNTS = st.sampled_from(["", "?", "*", "+", "{2}", "{0,2}", "{1,3}", "{2,}", "{0}"])
FEW = st.sampled_from(["", "?", "{1,2}", "+"])  # of what repeats itself: `re` goes back and forth over more
PATTERNS = st.recursive(
    st.builds("".join, st.lists(st.builds(str.__add__, ATOMS, COUNTS), max_size=3)),
    lambda inner: st.builds("({}|{}){}".format, inner, inner, FEW),
    max_leaves=2,
)


@settings(max_examples=60, deadline=None)
@given(PATTERNS)
def test_it_accepts_what_re_matches_and_begins_what_can_be_completed(pattern):
    automaton = Automaton(pattern, LETTERS)
    fits = {text for text in TEXTS if re.fullmatch(pattern, text)}
    assert {text for text in TEXTS if automaton.accepts(text)} == fits
    begun = {text[:k] for text in fits for k in range(len(text) + 1)}
    told = {text for text in TEXTS if automaton.begins(text)}
    assert begun <= told
    for text in told - begun:  # then only a text longer than those looked at can complete it
        assert any(automaton.begins(text + c) for c in LETTERS)


@pytest.mark.parametrize(
    ("pattern", "dead"),
    [
        pytest.param("(a☃|b)1", "a", id="behind a character that cannot be written"),
        pytest.param("a[^ab1]|b", "a", id="behind a class that holds nothing"),
    ],
)
def test_a_way_that_cannot_end_is_not_begun(pattern, dead):
    automaton = Automaton(pattern, LETTERS)
    assert not automaton.begins(dead)
    assert automaton.begins("b")
    assert "a" not in automaton.characters


def test_a_prefix_is_known_whatever_was_asked_before():
    automaton = Automaton("a{3}b", "ab")
    assert [automaton.begins(t) for t in ("aaab", "aab", "aaa", "", "aaabb")] == [
        True,
        False,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("(a", "'('"),
        ("a)", "')'"),
        ("[a", "no end"),
        ("*a", "a count of nothing"),
        ("a**", "a count behind a count"),
        ("a{3,2}", "least is above"),
        ("a{x}", "a count that is none"),
        ("(?=a)", "a group with a '?'"),
        ("(?i)a", "a group with a '?'"),
        (r"(a)\1", r"'\1'"),
        ("[b-a]", "runs backwards"),
        ("a^", "inside"),
        ("((a{99}){99}){99}", "places"),
        ("((a?){90}){90}", "too many ways"),
        ("[!-☃]", "more than 200 characters"),
        ("☃", "stands for no text"),
    ],
)
def test_what_is_not_understood_is_named(pattern, told):
    with pytest.raises(UsageError, match=re.escape(told)):
        Automaton(pattern, LETTERS)


def test_the_characters_that_a_pattern_names():
    assert named(r"^\$[0-2]+\.(x|\w)$") == "$.012x"
