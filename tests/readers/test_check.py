"""Reading checks: what is accepted, what goes to a person, and what is no check."""

from __future__ import annotations

import numpy as np
import pytest

import inkread
from inkread.alphabet import FIELDS, LATIN
from inkread.errors import UsageError
from inkread.forms.template import Template
from inkread.readers import check_amount
from inkread.readers.check_amount import FIGURES, WORDS, decide, looked_at
from inkread.synth.checkpapers import blank, design

TEMPLATE = """
name = "foreign"
title = "A check of another land"

[[pages]]
width = 152.4
height = 69.85
marks = [
    {{ id = 0, box = [4, 4, 12, 12] }}, {{ id = 1, box = [140, 4, 148, 12] }},
    {{ id = 2, box = [140, 58, 148, 66] }}, {{ id = 3, box = [4, 58, 12, 66] }},
]

[[fields]]
name = "{name}"
type = "amount"
box = [110, 20, 146, 29]
"""


def said(text, alphabet, blur=3.0):
    """Logits that say a text, not too clearly."""
    logits = np.random.default_rng(len(text)).normal(0, 0.3, (4 * len(text) + 6, alphabet.size))
    logits[:, 0] += 6
    for k, c in enumerate(text):
        logits[3 + 4 * k, alphabet.encode(c)[0]] += 6 + blur
    return logits.astype(np.float32)


def decided(figures, words):
    return decide(
        looked_at(said(figures, FIELDS) if figures else None, FIELDS, FIGURES),
        looked_at(said(words, LATIN) if words else None, LATIN, WORDS),
    )


def test_figures_and_words_that_agree_are_surer_than_either():
    both = decided("$1,234.50", "One thousand two hundred thirty-four and 50/100")
    assert (both.cents, both.doubt) == (123450, "")
    assert both.confidence > 0.9
    assert both.text.startswith("one thousand")


def test_a_lost_point_is_found_again_by_the_words():
    found = decided("$4800", "Forty-eight and no/100")
    assert (found.cents, found.doubt) == (4800, "")


def test_a_misspelt_word_still_counts():
    found = decided("$365.00", "Thre hundrod sixtv-five even")
    assert (found.cents, found.doubt) == (36500, "")


def test_cents_in_words_are_read_by_the_network_of_digits_as_well():
    logits = said("Sixty and o6/inn", LATIN)
    digits = said("51847 470 06/100", FIELDS)
    alone = looked_at(logits, LATIN, WORDS)
    both = looked_at(logits, LATIN, WORDS, (digits, FIELDS))
    assert alone is not None
    assert both is not None
    assert both.drawn[6006] > alone.drawn[6006]
    assert both.drawn.most_common(1)[0][0] == 6006
    short = looked_at(logits, LATIN, WORDS, (digits[:-1], FIELDS))  # of other frames it is not heard
    assert short is not None
    assert short.drawn == alone.drawn


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ("$120.00", "Two hundred ten and 00/100"),
        ("$1,284.50", "One thousand two hundred thirty-four and 50/100"),
        ("$80.10", "Eighty and 01/100"),
    ],
)
def test_amounts_that_differ_are_told_both(figures, words):
    found = decided(figures, words)
    assert "they differ" in found.doubt
    assert "figures read" in found.doubt


def test_a_difference_that_a_lost_point_may_make_is_never_sure():
    found = decided("$15.00", "Fifteen hundred and 00/100")
    assert (found.figures[0], found.words[0]) == (1500, 150000)
    assert found.confidence < check_amount.TOLD.least(0.01) - 0.1


def test_one_place_alone_decides_where_the_other_is_empty():
    found = decided("$75.20", "")
    assert (found.cents, found.words, found.doubt) == (7520, (None, 0.0), "")
    found = decided("", "Seventy-five and 20/100")
    assert (found.cents, found.figures) == (7520, (None, 0.0))
    nothing = decided("", "")
    assert nothing.cents is None
    assert "no amount" in nothing.doubt


def test_weights_of_the_agreement_never_count_a_lead_against_a_value():
    assert all(weight >= 0 for weight in check_amount.TOLD.weights[1:])
    assert all(lead > 0 for _, lead in check_amount.TOLD.alone)


def test_a_blank_check_has_no_amount_and_other_pictures_are_no_check():
    reader = inkread.Reader("check")
    rng = np.random.default_rng(1)
    page = (255 * blank(design(rng), rng)).astype(np.uint8)
    found = reader.read(page)
    assert found["amount"].status == "refused"
    assert found.kind == "check"
    other = reader.read(np.full((300, 700, 3), 190, np.uint8))
    assert [r.name for r in other] == ["amount"]
    assert "does not look like a check" in other["amount"].reason


def test_a_template_needs_a_place_for_the_amount(tmp_path):
    path = tmp_path / "foreign.toml"
    path.write_text(TEMPLATE.format(name="amuont"), encoding="utf-8")
    with pytest.raises(UsageError, match="needs a field courtesy"):
        inkread.Reader("check", template=path)
    path.write_text(TEMPLATE.format(name="courtesy"), encoding="utf-8")
    reader = inkread.Reader("check", template=path)
    assert isinstance(reader.template, Template)
    page = reader.read(np.full((500, 500, 3), 200, np.uint8))
    assert "this is not the check (foreign)" in page["amount"].reason
