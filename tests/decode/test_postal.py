"""What two readers and the list of ZIPs say of the last line of an address."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from inkread.alphabet import Alphabet
from inkread.decode import postal
from inkread.decode.postal import Postal, Told

LETTERS = Alphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz 0123456789,.-")


def spelling(text: str, alphabet: Alphabet = LETTERS) -> NDArray[np.float32]:
    """Logits that clearly say a text, two frames a character."""
    logits = np.zeros((2 * len(text), alphabet.size), np.float32)
    logits[:, 0] = 10
    for at, k in enumerate(alphabet.encode(text)):
        logits[2 * at, [0, k]] = 0, 10
    return logits


@pytest.mark.parametrize(
    ("words", "place"),
    [
        pytest.param("Cambridge, MA", ("Cambridge", "MA"), id="as the list has it"),
        pytest.param("CAMBRIDGE MASSACHUSETTS", ("Cambridge", "MA"), id="capitals, the state in full"),
        pytest.param("St. Paul MN", ("Saint Paul", "MN"), id="a word shortened"),
    ],
)
def test_words_fit_the_place_that_they_name(words: str, place: tuple[str, str]):
    fits = postal.place_told(spelling(words), LETTERS, [place, ("Dallas", "TX")])
    assert fits[0] > -1 and fits[1] < -15


def test_a_place_of_the_same_state_fits_better_than_one_of_another():
    same, other = postal.place_told(spelling("Allston MA"), LETTERS, [("Boston", "MA"), ("Dallas", "TX")])
    assert other + 2 < same < -10


def test_a_misread_letter_costs_much_and_not_all():
    fits = postal.place_told(spelling("Cambridqe MA"), LETTERS, [("Cambridge", "MA"), ("Dallas", "TX")])
    assert -9 < fits[0] < -3


def test_without_words_no_place_fits_better():
    nothing = np.tile(np.eye(1, LETTERS.size, dtype=np.float32) * 10, (4, 1))
    assert postal.place_told(nothing, LETTERS, [("Boston", "MA"), ("Dallas", "TX")]).tolist() == [0, 0]


def test_letters_that_look_like_digits_are_digits_where_a_zip_stands():
    sure = postal.digits_told(spelling("O2l39"), LETTERS, ["02139", "02138"])
    assert sure[0] > -1 > sure[1]


def test_all_evidence_counts_and_the_digits_alone_may_say_another_zip():
    how = Postal(1.0, 1.0, (0.0,) * len(postal.FEATURES))
    written, fitting = Told(-0.1, -0.1, -30.0, -30.0), Told(-8.0, -8.0, 0.0, 0.0)
    assert how.together(fitting) > how.together(written)
    assert how.written(written) > how.written(fitting)


def test_features_are_leads_over_the_next_zip():
    how = Postal(1.0, 0.0, (0.0,) * len(postal.FEATURES))
    found = {"02139": Told(-0.5, -1.0), "02138": Told(-2.5, -4.0)}
    seen = postal.features(found, "02139", how, -3.5)
    assert seen[:5].tolist() == [1.0, 5.0, 5.0, 2.0, 3.0] and seen[5] == 2.0


def test_a_zip_without_rivals_is_ahead_as_far_as_counts():
    how = Postal(1.0, 1.0, (0.0,) * len(postal.FEATURES))
    assert postal.features({"02139": Told(-0.5)}, "02139", how, -200.0)[1:4].tolist() == [14.0] * 3


def test_more_lead_is_more_confidence_and_targets_ask_for_it():
    how = Postal(1.0, 1.0, (-1.0, *[0.2] * 7), ((0.01, 0.97), (0.05, 0.9)))
    unsure, sure = (how.confidence(np.array([1.0, *[lead] * 7])) for lead in (0.5, 4.0))
    assert 0 < unsure < sure < 1
    assert (how.least(0.001), how.least(0.01), how.least(0.2)) == (2.0, 0.97, 0.9)


def test_words_name_a_city_even_where_a_letter_is_misread():
    said = postal.cities_said(spelling("Cambridqe, MA"), LETTERS)
    assert "02139" in said[0]
    assert not postal.cities_said(spelling("Cambridge"), LETTERS)
