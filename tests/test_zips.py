"""The list of ZIP codes: what is in it, and where each belongs."""

from __future__ import annotations

import pytest

from inkread import zips


def test_the_list_holds_what_is_in_use():
    known = list(zips.listed())
    assert len(known) == 42_789
    assert known == sorted(set(known))
    assert known[0] == "00501"


@pytest.mark.parametrize(
    ("zip5", "state", "city"),
    [
        pytest.param("02139", "MA", "Cambridge", id="a leading zero belongs to it"),
        pytest.param("90210", "CA", "Beverly Hills", id="west"),
        pytest.param("06390", "NY", "Fishers Island", id="not in the state of its first three digits"),
        pytest.param("99950", "AK", "Ketchikan", id="the last"),
        pytest.param("00501", "NY", "Holtsville", id="the first"),
    ],
)
def test_a_listed_zip_has_a_state_and_a_city(zip5, state, city):
    assert zips.is_listed(zip5)
    assert (zips.state(zip5), zips.city(zip5)) == (state, city)


@pytest.mark.parametrize("text", ["00000", "99999", "2139", "021390", "0213O", "", "٠٢١٣٩", "02139-4307"])
def test_what_is_not_in_the_list_is_told_so(text):
    assert not zips.is_listed(text)
    assert zips.state(text) == zips.city(text) == ""


def test_a_prefix_has_its_usual_state_first():
    assert zips.states_of_prefix("063") == ("CT", "NY")
    assert zips.states_of_prefix("967") == ("HI", "AS")
    assert zips.states_of_prefix("000") == zips.states_of_prefix("02") == zips.states_of_prefix("٠٢١") == ()


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("MA", "MA"),
        ("n.y.", "NY"),
        ("Calif.", "CA"),
        ("N. Mex.", "NM"),
        ("West  Virginia", "WV"),
        ("Mx", ""),
        ("", ""),
    ],
)
def test_a_state_is_known_as_people_write_it(written, code):
    assert zips.state_code(written) == code


def test_every_zip_is_of_a_known_state():
    assert {zips.state(zip5) for zip5 in zips.listed()} <= set(zips.STATES)
