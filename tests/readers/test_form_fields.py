"""A field is told as empty only where that is sure enough for the error target."""

from types import SimpleNamespace

import numpy as np
import pytest

from inkread.alphabet import Alphabet
from inkread.forms.template import Template
from inkread.readers.form_fields import _empty, _is_left
from inkread.readers.form_sheet import FormWay

FIELDS = """
[[fields]]
name = "notes"
type = "text"
box = [20, 20, 80, 30]
"""


@pytest.mark.parametrize(
    ("sure", "target", "status"),
    [(0.93, 0.01, "review"), (0.93, 0.1, "accepted"), (0.995, 0.01, "accepted"), (0.995, 0.001, "review")],
)
def test_a_trace_of_writing_is_not_passed_over(page_head, sure, target, status):
    template = Template.parse(page_head + FIELDS)
    reading = _empty(template.field("notes"), sure, FormWay(template, target_error=target))
    assert (reading.text, reading.status) == ("", status)
    assert (reading.reason == "") == (status == "accepted")


def said(text: str, share: float) -> np.ndarray:
    """Logits of a frame a character, a blank behind each, all characters equally likely."""
    shares = np.full((2 * max(1, len(text)), 4), 1e-6)
    shares[:, 0] = 1
    for k, c in enumerate(text):
        shares[2 * k] = (1 - share) / 3
        shares[2 * k, 1 + "abc".index(c)] = share
    return np.log(shares / shares.sum(1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize(
    ("faint", "rows", "left"),
    [
        (True, [("abcab", 0.9)], False),  # a pale pen
        (True, [("abcab", 0.4)], True),
        (True, [("", 0.0)], True),
        (True, [("ab", 0.35), ("cabc", 0.8)], False),
        (False, [("abcab", 0.4)], False),  # as firm as the rest of the form: whatever it is, it is told
    ],
)
def test_what_is_faint_is_left_of_print_only_where_it_does_not_read(faint, rows, left):
    answers = [said(*row) for row in rows]
    assert _is_left(SimpleNamespace(is_faint=faint), answers, Alphabet("abc")) is left
