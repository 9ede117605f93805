"""Which ZIP codes there are, and the state and the city that each belongs to: United States, five digits.

The tables lie beside this file, made by `tools/zips.py` from the package zipcodes (MIT). They are opened when
they are first asked; the first takes a millisecond, the one of cities ten. A ZIP that is not in the list is
told so, and never replaced by one that is.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

__all__ = [
    "COUNT",
    "STATES",
    "cities_of",
    "city",
    "is_listed",
    "listed",
    "state",
    "state_code",
    "states_of_prefix",
]

COUNT = 100_000
"""Five digits make so many; four in ten of them are in use."""
_BITS = COUNT // 8
_FOLDER = Path(__file__).parent
TABLE = _FOLDER / "zips.bin"
"""A bit for each ZIP, two letters for each of 1,000 prefixes, and the ZIPs that lie elsewhere."""
CITIES = _FOLDER / "zip_cities.bin"
"""Compressed: the names of cities, one a line, then a zero byte, then the number of each ZIP's name."""

STATES = {
    "AL": "Alabama",
    "AK": "Alaska",
    "AZ": "Arizona",
    "AR": "Arkansas",
    "CA": "California",
    "CO": "Colorado",
    "CT": "Connecticut",
    "DE": "Delaware",
    "DC": "District of Columbia",
    "FL": "Florida",
    "GA": "Georgia",
    "HI": "Hawaii",
    "ID": "Idaho",
    "IL": "Illinois",
    "IN": "Indiana",
    "IA": "Iowa",
    "KS": "Kansas",
    "KY": "Kentucky",
    "LA": "Louisiana",
    "ME": "Maine",
    "MD": "Maryland",
    "MA": "Massachusetts",
    "MI": "Michigan",
    "MN": "Minnesota",
    "MS": "Mississippi",
    "MO": "Missouri",
    "MT": "Montana",
    "NE": "Nebraska",
    "NV": "Nevada",
    "NH": "New Hampshire",
    "NJ": "New Jersey",
    "NM": "New Mexico",
    "NY": "New York",
    "NC": "North Carolina",
    "ND": "North Dakota",
    "OH": "Ohio",
    "OK": "Oklahoma",
    "OR": "Oregon",
    "PA": "Pennsylvania",
    "RI": "Rhode Island",
    "SC": "South Carolina",
    "SD": "South Dakota",
    "TN": "Tennessee",
    "TX": "Texas",
    "UT": "Utah",
    "VT": "Vermont",
    "VA": "Virginia",
    "WA": "Washington",
    "WV": "West Virginia",
    "WI": "Wisconsin",
    "WY": "Wyoming",
    "AS": "American Samoa",
    "FM": "Federated States of Micronesia",
    "GU": "Guam",
    "MH": "Marshall Islands",
    "MP": "Northern Mariana Islands",
    "PR": "Puerto Rico",
    "PW": "Palau",
    "VI": "Virgin Islands",
    "AA": "Armed Forces Americas",
    "AE": "Armed Forces Europe",
    "AP": "Armed Forces Pacific",
}
"""The two letters of the postal service -> the name."""

_SHORT = {
    "ALA": "AL",
    "ARIZ": "AZ",
    "ARK": "AR",
    "CAL": "CA",
    "CALIF": "CA",
    "COLO": "CO",
    "CONN": "CT",
    "DEL": "DE",
    "FLA": "FL",
    "ILL": "IL",
    "IND": "IN",
    "KAN": "KS",
    "KANS": "KS",
    "MASS": "MA",
    "MICH": "MI",
    "MINN": "MN",
    "MISS": "MS",
    "MONT": "MT",
    "NEB": "NE",
    "NEBR": "NE",
    "NEV": "NV",
    "NMEX": "NM",
    "NDAK": "ND",
    "OKLA": "OK",
    "ORE": "OR",
    "OREG": "OR",
    "PENN": "PA",
    "PENNA": "PA",
    "SDAK": "SD",
    "TENN": "TN",
    "TEX": "TX",
    "VIRG": "VA",
    "WASH": "WA",
    "WVA": "WV",
    "WISC": "WI",
    "WIS": "WI",
    "WYO": "WY",
}
"""How people shortened the names before there were two letters, without points and spaces."""


def is_listed(zip5: str) -> bool:
    """Whether a ZIP is in the list.

    Args:
        zip5: five digits; anything else is not in the list.

    Example:
        >>> is_listed("02139"), is_listed("00000"), is_listed("2139")
        (True, False, False)
    """
    if not _is_zip(zip5):
        return False
    number = int(zip5)
    return bool(_table()[number >> 3] >> (number & 7) & 1)


def state(zip5: str) -> str:
    """The two letters of the state of a ZIP; empty where it is not in the list.

    Args:
        zip5: five digits.

    Example:
        >>> state("02139"), state("06390")  # Fishers Island lies in New York, with the ZIPs of Connecticut
        ('MA', 'NY')
    """
    if not is_listed(zip5):
        return ""
    return _elsewhere().get(zip5) or _usual(int(zip5[:3]))


def city(zip5: str) -> str:
    """The city that the postal service names first for a ZIP; empty where it is not in the list.

    Args:
        zip5: five digits.

    Example:
        >>> city("02139")
        'Cambridge'
    """
    if not is_listed(zip5):
        return ""
    names, numbers, before = _cities()
    at = before[int(zip5[:3])] + _ones_before(int(zip5))
    return names[int.from_bytes(numbers[2 * at : 2 * at + 2], "little")]


def states_of_prefix(prefix: str) -> tuple[str, ...]:
    """The states of the ZIPs that begin with three digits, the usual one first; empty where there are none.

    Args:
        prefix: three digits, as mail is sorted by.

    Example:
        >>> states_of_prefix("021"), states_of_prefix("063"), states_of_prefix("000")
        (('MA',), ('CT', 'NY'), ())
    """
    if len(prefix) != 3 or not prefix.isascii() or not prefix.isdigit():
        return ()
    usual = _usual(int(prefix))
    others = {place for zip5, place in _elsewhere().items() if zip5.startswith(prefix)}
    return (usual, *sorted(others)) if usual else ()


@lru_cache(maxsize=8)
def cities_of(code: str) -> dict[str, tuple[str, ...]]:
    """The cities of a state with their ZIPs, in order; empty where there is no such state.

    Args:
        code: two letters.

    Example:
        >>> cities_of("DC")["Washington"][0]
        '20001'
    """
    found: dict[str, list[str]] = {}
    for zip5 in _of_state().get(code, ()):
        found.setdefault(city(zip5), []).append(zip5)
    return {name: tuple(own) for name, own in found.items()}


@lru_cache(maxsize=1)
def _of_state() -> dict[str, list[str]]:
    """The ZIPs of each state."""
    found: dict[str, list[str]] = {}
    for zip5 in listed():
        found.setdefault(state(zip5), []).append(zip5)
    return found


def listed() -> Iterator[str]:
    """Every ZIP in the list, in order."""
    bits = _table()
    for number in range(COUNT):
        if bits[number >> 3] >> (number & 7) & 1:
            yield f"{number:05d}"


def state_code(written: str) -> str:
    """The two letters of a state as people write it; empty where it is none.

    Args:
        written: letters, a name, or an old short form, with points or without.

    Example:
        >>> state_code("N.Y."), state_code("Calif."), state_code("new  york"), state_code("Xy")
        ('NY', 'CA', 'NY', '')
    """
    letters = "".join(c for c in written.upper() if c.isalpha())
    return letters if letters in STATES else _SHORT.get(letters) or _by_name().get(letters, "")


def _is_zip(text: str) -> bool:
    return len(text) == 5 and text.isascii() and text.isdigit()


def _usual(prefix: int) -> str:
    return _table()[_BITS + 2 * prefix : _BITS + 2 * prefix + 2].decode("ascii").strip()


def _ones_before(number: int) -> int:
    """How many ZIPs in use come before one among those of its first three digits."""
    first, bits = number - number % 100, _table()
    return sum(bits[n >> 3] >> (n & 7) & 1 for n in range(first, number))


@lru_cache(maxsize=1)
def _table() -> bytes:
    return TABLE.read_bytes()


@lru_cache(maxsize=1)
def _elsewhere() -> dict[str, str]:
    rest = _table()[_BITS + 2 * 1000 :].decode("ascii")
    return {rest[at : at + 5]: rest[at + 5 : at + 7] for at in range(0, len(rest), 7)}


@lru_cache(maxsize=1)
def _cities() -> tuple[list[str], bytes, list[int]]:
    """The names, the number of each ZIP's name, and how many ZIPs in use come before each prefix."""
    names, _, numbers = zlib.decompress(CITIES.read_bytes()).partition(b"\0")
    whole = int.from_bytes(_table()[:_BITS], "little")
    hundred = (1 << 100) - 1
    before = [0]
    for prefix in range(999):
        before.append(before[-1] + (whole >> 100 * prefix & hundred).bit_count())
    return names.decode("utf-8").split("\n"), numbers, before


@lru_cache(maxsize=1)
def _by_name() -> dict[str, str]:
    return {"".join(c for c in name.upper() if c.isalpha()): code for code, name in STATES.items()}
