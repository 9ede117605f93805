"""Two looks at one field: what both say counts more than what one says, and a spoilt look does no harm."""

import math

import numpy as np
import pytest

from inkread.alphabet import Alphabet
from inkread.decode.constrain import answer
from inkread.decode.joint import clearest, together

DIGITS = Alphabet("0123456789")


def look(text, **rivals):
    """Logits of a text; `rivals` gives, for `at0`, `at1` and so on, {digit: logit}; the text's own is 9."""
    told = np.zeros((2 * len(text) + 1, DIGITS.size), np.float32)
    told[::2, 0] = 9
    for place, character in enumerate(text):
        told[2 * place + 1, DIGITS.encode(character)] = 9
        for other, logit in rivals.get(f"at{place}", {}).items():
            told[2 * place + 1, DIGITS.encode(other)] = logit
    return told


def said(*looks, length=3):
    def fits(text):
        return len(text) == length

    answers = [answer(one, DIGITS, lambda text: len(text) <= length, fits) for one in looks]
    return together(looks, answers, DIGITS)


def test_what_both_looks_hold_possible_goes_before_what_each_alone_prefers():
    first = look("123", at0={"7": 8.6})
    second = look("423", at0={"7": 8.6})
    told = said(first, second)
    assert told.valid[0].text == "723"
    assert {h.text for h in told.valid[1:3]} == {"123", "423"}


def test_agreement_is_surer_than_either_look():
    unsure = look("123", at0={"7": 8.0})
    alone = answer(unsure, DIGITS, lambda text: len(text) < 4, lambda text: len(text) == 3)
    told = said(unsure, unsure)
    assert told.valid[0].text == "123"
    assert told.valid[0].log_probability > alone.valid[0].log_probability
    assert told.rival < alone.rival


def test_a_spoilt_look_does_not_outvote_a_clear_one():
    told = said(look("123"), look("9", at0={"5": 8.9}))
    assert told.free.text == told.valid[0].text == "123"
    assert told.valid[0].log_probability < math.log(0.99)  # but it makes it less sure


def test_probabilities_are_shares_of_one_whole():
    told = said(look("123", at1={"7": 8.5}), look("173", at1={"2": 8.0}))
    assert (
        sum(math.exp(h.log_probability) for h in {h.text: h for h in (told.free, *told.valid)}.values()) <= 1
    )
    assert told.rival == pytest.approx(told.valid[1].log_probability)


def test_the_text_that_fits_is_told_beside_the_one_that_stands_there():
    told = said(look("12"), look("12"))
    assert told.free.text == "12" and all(h.log_probability < -9 for h in told.valid)
    assert told.rival == told.free.log_probability


def test_characters_lie_where_the_clearer_look_has_them():
    clear, pale = look("12"), look("12", at1={"7": 8.9})
    found = clearest([pale, clear], DIGITS.encode("12"))
    assert found.look == 1 and [span.first for span in found.spans] == [1, 3]
    assert found.least == pytest.approx(0.52, abs=0.01)


def test_a_look_with_too_few_frames_cannot_hold_a_text():
    found = clearest([look("12"), look("1")[:1]], DIGITS.encode("12"))
    assert (found.look, found.least) == (0, 0.0)
