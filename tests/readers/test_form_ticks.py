"""Checkboxes and choices say what is marked, and why a person must look where that is not plain."""

from types import SimpleNamespace

import numpy as np
import pytest

from inkread.forms.template import Template
from inkread.imaging.checkbox import Tick
from inkread.readers import form_ticks
from inkread.readers.form_sheet import FormWay
from inkread.readers.form_ticks import read_ticks

FIELDS = """
[[fields]]
name = "urgent"
type = "checkbox"
box = [20, 20, 25, 25]

[[fields]]
name = "size"
type = "choice"
options = [
  { text = "S", box = [20, 40, 24, 44] }, { text = "M", box = [40, 40, 44, 44] },
  { text = "L", box = [60, 40, 64, 44] },
]
"""
STATES = {"m": "marked", "e": "empty", "s": "struck_out", "u": "unsure"}


@pytest.fixture
def read(monkeypatch, page_head):
    """Read a field whose squares look as told: a letter each, see `STATES`."""

    def reading(name, states, *, sure=0.9999, more="", **way):
        waiting = [Tick(STATES[s], sure, 0.2) for s in states]
        monkeypatch.setattr(form_ticks, "mark_in", lambda rgb, box: waiting.pop(0))
        text = page_head + FIELDS.replace(f'name = "{name}"', f'name = "{name}"\n{more}')
        view = SimpleNamespace(rgb=np.zeros((9, 9, 3), np.uint8))
        template = Template.parse(text)
        told = read_ticks(template.field(name), view, FormWay(template, **way))
        assert not waiting
        return told

    return reading


@pytest.mark.parametrize(
    ("states", "text", "status", "reason"),
    [
        ("mee", "S", "accepted", ""),
        ("eem", "L", "accepted", ""),
        ("eee", "", "accepted", ""),
        ("sme", "M", "accepted", ""),
        ("mme", "S; M", "review", "2 are marked, and one belongs: S, M"),
        ("see", "", "review", "S is struck out, and nothing else is marked"),
        ("uee", "", "review", "the mark at S is not clear"),
        ("meu", "S", "review", "the mark at L is not clear"),
    ],
)
def test_a_choice_with_one_several_none_or_struck_out(read, states, text, status, reason):
    reading = read("size", states).reading
    assert (reading.text, reading.status, reading.reason) == (text, status, reason)


def test_what_is_not_clear_is_among_the_alternatives(read):
    assert [a.text for a in read("size", "meu").reading.alternatives] == ["S", "S; L"]


def test_several_options_of_a_multiple_choice_are_one_reading(read):
    reading = read("size", "mem", more="multiple = true").reading
    assert (reading.text, reading.status) == ("S; L", "accepted")


def test_a_choice_that_the_form_needs_goes_to_review_where_nothing_is_marked(read):
    told = read("size", "eee", more="required = true")
    assert told.is_empty and told.reading.status == "review"
    assert told.reading.reason == "nothing is marked, and the form needs it"


@pytest.mark.parametrize(
    ("state", "text", "status", "reason"),
    [
        ("m", "yes", "accepted", ""),
        ("e", "no", "accepted", ""),
        ("s", "no", "review", "struck out"),
        ("u", "yes", "review", "the mark is not clear"),
    ],
)
def test_a_checkbox_says_yes_or_no(read, state, text, status, reason):
    told = read("urgent", state)
    assert (told.reading.text, told.reading.status) == (text, status)
    assert told.reading.reason.startswith(reason) and bool(told.reading.reason) == bool(reason)
    assert told.is_empty == (state == "e")


def test_a_checkbox_that_must_be_marked_goes_to_review_where_it_is_not(read):
    reading = read("urgent", "e", more="required = true").reading
    assert (reading.text, reading.status) == ("no", "review") and "needs it" in reading.reason


def test_an_unsure_mark_goes_to_review_by_the_target_the_field_s_own_target_or_the_threshold(read):
    assert read("urgent", "m", sure=0.97).reading.status == "review"
    assert read("urgent", "m", sure=0.97, target_error=0.05).reading.status == "accepted"
    assert read("urgent", "m", sure=0.97, more="target_error = 0.05").reading.status == "accepted"
    assert read("urgent", "m", sure=0.97, threshold=0.9).reading.status == "accepted"
