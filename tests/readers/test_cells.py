"""Cells have their say: what they and the row agree on is sure, what they do not goes to a person."""

from types import SimpleNamespace

import numpy as np
import pytest

from inkread.alphabet import FIELDS
from inkread.decode.agreement import Agreement
from inkread.decode.characters import SHAPES
from inkread.decode.ctc import Hypothesis
from inkread.formats import find
from inkread.readers.cells import Cells, cell_shares, second_opinion, weighed
from inkread.types import Alternative, Reading

FOUR = find("digits:4")
NETWORK = SimpleNamespace(alphabet=FIELDS)
TOLD = Agreement((-2.0, 0.5, 0.2, 0.2, 0.2), (2.0, 2.0), curve=((0.005, 0.95),))


def row(text, other="", odds=6.0):
    """Logits of a row that says a text, and the texts found in it."""
    logits = np.full((2 * len(text), 1 + len(FIELDS.characters)), -12.0, np.float32)
    for k, c in enumerate(text):
        logits[2 * k, FIELDS.encode(c)[0]] = odds
        logits[2 * k + 1, 0] = 6
        if other:
            logits[2 * k, FIELDS.encode(other[k])[0]] = max(odds - 1, -12)
    return logits, [Hypothesis(some, -0.1, -0.1) for some in (text, other) if some]


def cells(text, lead=6.0):
    """Log-probabilities of cells that say a text."""
    shares = np.full((len(text), len(SHAPES)), -lead)
    for k, c in enumerate(text):
        shares[k, SHAPES.index(c)] = 0.0
    return shares


def opinion(by_row, by_cells, form=FOUR, **more):
    return second_opinion(cells(by_cells, **more), row(by_row), NETWORK, form, TOLD)


def read(text, status="review"):
    return Reading(
        "" if status == "refused" else text, 0.5, status, "x", alternatives=(Alternative(text, 0.5),)
    )


def test_what_row_and_cells_agree_on_is_accepted():
    said = opinion("1234", "1234")
    assert said.agrees and said.texts[0] == "1234" and said.shares[0] > 0.95
    told = weighed(read("1234"), said, FOUR, TOLD.least(0.005))
    assert (told.text, told.status, told.reason) == ("1234", "accepted", "")


def test_what_they_do_not_agree_on_goes_to_a_person_with_both():
    said = opinion("1234", "1934")
    assert not said.agrees and {said.by_row, said.by_cells} == {"1234", "1934"}
    told = weighed(read("1234"), said, FOUR, 0.0)
    assert told.status == "review" and ("1934" in told.reason or "1234" in told.reason)
    assert {one.text for one in told.alternatives} >= {"1234", "1934"}


def test_cells_decide_where_the_row_wavers():
    logits, found = row("1234", other="1284")
    said = second_opinion(cells("1284"), (logits, found), NETWORK, FOUR, TOLD)
    assert said.texts[0] == "1284" and said.agrees


def test_only_texts_that_fit_are_weighed():
    code = find("regex:[A-Z]{2}[0-9]{2}")
    said = opinion("OO12", "0012", code)
    assert all(code.valid(text) for text in said.texts)
    assert opinion("123", "123") is None  # three cells are filled, the format has four


def test_no_list_is_passed_over():
    zips = find("us_zip")
    told = weighed(read("00001"), opinion("00001", "00001", zips), zips, 0.0)
    assert told.status == "review" and "ZIP" in told.reason


@pytest.mark.parametrize(("lead", "other", "status"), [(6.0, "", "accepted"), (0.3, "1238", "refused")])
def test_what_the_row_refuses_is_read_where_both_are_sure_of_it(lead, other, status):
    said = second_opinion(cells("1234", lead=lead), row("1234", other), NETWORK, FOUR, TOLD)
    assert weighed(read("1234", "refused"), said, FOUR, 0.5).status == status


class Network:
    """Gives the same logits for every picture."""

    def __init__(self, logits):
        self.row = np.array(logits, np.float32)
        self.metadata = SimpleNamespace(calibration=None)

    def logits(self, pictures):
        return np.repeat(self.row[None], len(pictures), axis=0)


def test_letters_are_of_one_network_and_figures_of_both():
    digits = Network([9.0 if k == 7 else 0.0 for k in range(11)])
    characters = Network([5.0 if k == 1 else 4.0 if k in (10, 36) else -5.0 for k in range(63)])
    mark = np.zeros((40, 30), np.float32)
    mark[5:35, 12:18] = 1
    plain = cell_shares([mark], FOUR, Cells(digits, characters))
    assert int(plain[0].argmax()) == 7 and (plain[0, 10:] < -10).all()
    mixed = cell_shares([mark], find("regex:[A-Z0-9]{4}"), Cells(digits, characters))[0]
    assert mixed[7] > mixed[1] and mixed[SHAPES.index("A")] > mixed[SHAPES.index("B")]
    assert np.exp(mixed).sum() == pytest.approx(1, abs=0.01)
