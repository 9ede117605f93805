"""What "auto" takes pictures for."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

import inkread
from inkread.decode.ctc import Hypothesis
from inkread.readers.kinds import is_address, is_field


def rows(*told: tuple[str, float]) -> list[SimpleNamespace]:
    """Rows as a reader of fields sees them, each with one way to read it and its probability."""
    return [SimpleNamespace(options=(Hypothesis(text, float(np.log(p)), 0.0),)) for text, p in told]


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        pytest.param(rows(("02139", 0.97)), True, id="a ZIP"),
        pytest.param(rows(("12", 0.9), ("77777", 0.9)), True, id="two rows"),
        pytest.param(rows(("02139", 0.6)), False, id="a row that is not clear"),
        pytest.param(rows(("7", 0.99)), False, id="a single digit"),
        pytest.param(rows(("02139", 0.97), ("MA", 0.97)), False, id="a row with letters"),
        pytest.param(rows(*[("123", 0.99)] * 5), False, id="a page of rows"),
        pytest.param([], False, id="nothing"),
    ],
)
def test_what_is_a_field(seen, expected):
    assert is_field(seen) is expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(["Nora Field", "77 Main St", "Cambridge, MA 02139-4307"], True, id="an address"),
        pytest.param(["Nora Field", "Cambridge TX 02139"], False, id="a ZIP of another state"),
        pytest.param(["Cambridge, MA 02139"], False, id="one line"),
        pytest.param(["Cambridge, MA 02139", "Dear Nora,", "thank you"], False, id="a letter's head"),
        pytest.param(["a"] * 9 + ["Cambridge, MA 02139"], False, id="a page that ends so"),
        pytest.param(["Nora Field", "Longton, Kansas 67352"], True, id="the state in full"),
        pytest.param(["Nora Field", "Aiken, South Carolina 29801-1234"], True, id="a state of two words"),
        pytest.param(["Nora Field", "Longton, Texas 67352"], False, id="another state in full"),
    ],
)
def test_what_is_an_address(lines, expected):
    assert is_address(lines) is expected


@pytest.mark.parametrize(("told", "kind"), [(("02139", 0.97), "field"), (("2", 0.99), "digit")])
def test_auto_reads_a_number_where_digits_cannot_be_told_one_by_one(monkeypatch, told, kind):
    boxes = np.full((120, 420, 3), 225, np.uint8)
    for x in range(30, 391, 72):
        boxes[20:100, x - 1 : x + 2] = 60
    boxes[19:22, 30:391] = boxes[98:101, 30:391] = 60
    from inkread.readers.field import FieldTrace

    found = FieldTrace(boxes, tuple(rows(told)), (inkread.Reading(told[0], told[1], "review", "why"),))
    monkeypatch.setattr("inkread.readers.field.read_field", lambda page, way: found)
    assert inkread.Reader().read(boxes).kind == kind
