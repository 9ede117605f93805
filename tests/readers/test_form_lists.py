"""A field that holds an entry of a list is guessed to hold the likeliest one, and never accepted so."""

import numpy as np
import pytest

from inkread.alphabet import Alphabet
from inkread.formats import find
from inkread.readers.form_lists import nearest_entry
from inkread.types import Alternative, Reading


class Network:
    """An alphabet is all that is asked of it."""

    alphabet = Alphabet("abdelmnpst ")


def said(text, others=""):
    """Logits of a row that says a text, and a little less each of the other text's characters."""
    signs = "abdelmnpst "
    logits = np.full((2 * len(text), 1 + len(signs)), -6.0, np.float32)
    for k, c in enumerate(text):
        logits[2 * k, 1 + signs.index(c)] = 4
        logits[2 * k + 1, 0] = 4
        if others:
            logits[2 * k, 1 + signs.index(others[k])] = 3
    return logits


@pytest.fixture
def lamps(tmp_path):
    (tmp_path / "list.txt").write_text("desk lamp\nbelt\ntable\n")
    return find(f"lexicon:{tmp_path / 'list.txt'}")


def reading(text, status="review"):
    shown = "" if status == "refused" else text
    return Reading(shown, 0.4, status, "why", alternatives=(Alternative(text, 0.4),))


def test_the_likeliest_entry_is_the_guess(lamps):
    told = nearest_entry(reading("balt"), said("balt", "belt"), Network, lamps)
    assert (told.guess, told.text, told.status) == ("belt", "belt", "review")
    assert 0 < told.confidence <= 0.9 and told.reason == "why"


def test_an_entry_stays_as_it_was_read(lamps):
    one = reading("table", "accepted")
    assert nearest_entry(one, said("table"), Network, lamps) is one


def test_what_is_refused_stays_refused_with_the_entry_as_its_guess(lamps):
    told = nearest_entry(reading("tabla", "refused"), said("tabla", "table"), Network, lamps)
    assert (told.text, told.status, told.guess) == ("", "refused", "table")


def test_other_formats_have_no_entries():
    one = reading("1234")
    assert nearest_entry(one, np.zeros((4, 12), np.float32), Network, find("digits:5")) is one
