"""A field is told as empty only where that is sure enough for the error target."""

import pytest

from inkread.forms.template import Template
from inkread.readers.form_fields import _empty
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
