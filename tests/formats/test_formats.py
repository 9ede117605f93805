"""Each format knows its own: what fits, what can still fit, why something does not, and what it means."""

import datetime
import doctest
import random
from pathlib import Path

import pytest

from inkread.alphabet import FIELDS
from inkread.errors import UsageError
from inkread.formats import EXAMPLES, NAMES, find

VALID = [
    ("us_zip", "02139", "02139"),
    ("us_zip4", "02139-4307", "02139-4307"),
    ("us_zip4", "021394307", "02139-4307"),
    ("digits", "7", "7"),
    ("digits:8", "00112233", "00112233"),
    ("digits:4-8", "12345", "12345"),
    ("amount", "60,000/-", "60000"),
    ("amount", "1 234,50", "1234.50"),
    ("amount", "$1,234.50", "1234.50"),
    ("amount", "1,50,000/-", "150000"),
    ("amount", "1.234", "1234"),
    ("amount", "*12 50/100*", "12.50"),
    ("amount", "RS. 60,000/-", "60000"),
    ("amount", "12,50 EUR", "12.50"),
    ("amount", "CHF 5.--", "5"),
    ("date:dmy", "3/4/26", "2026-04-03"),
    ("date:mdy", "3/4/26", "2026-03-04"),
    ("date:ymd", "2026-03-04", "2026-03-04"),
    ("date:dmy", "29.02.2024", "2024-02-29"),
    ("date:mdy", "12 MAR 2026", "2026-03-12"),
    ("date", "MARCH 12, 2026", "2026-03-12"),
    ("date", "13.4.69", "1969-04-13"),
    ("date", "3/4/26", "3/4/26"),
    ("date:dmy", "03042026", "2026-04-03"),
    ("date:mdy", "030426", "2026-03-04"),
    ("date:ymd", "20240229", "2024-02-29"),
    ("date:dmy", "3 SEPT 2026", "2026-09-03"),
    ("amount", "1234-50", "1234.50"),
    ("phone", "+49 (0)30 1234567", "+49301234567"),
    ("phone", "0171/1234567", "01711234567"),
    ("phone:us", "(617) 555-0199", "6175550199"),
    ("phone:us", "+1 617-555-0199", "6175550199"),
    ("routing", "011000015", "011000015"),
    ("luhn", "79927398713", "79927398713"),
    ("luhn:16", "4111111111111111", "4111111111111111"),
    ("regex:[A-Z]{2}[0-9]{4}", "AB1234", "AB1234"),
]
REFUSED = [
    ("us_zip", "0213", "reads 0213: four digits, a ZIP has five"),
    ("us_zip", "021390", "reads 021390: six digits, a ZIP has five"),
    ("us_zip", "9A213", "reads 9A213: 'A' is no digit of a ZIP"),
    ("us_zip", "00000", "reads 00000: not in the ZIP list"),
    ("us_zip", " ", "reads nothing"),
    ("us_zip4", "02139", "reads 02139: five digits, a ZIP+4 has nine"),
    ("us_zip4", "00000-4307", "reads 00000-4307: not in the ZIP list"),
    ("digits:4-8", "1", "reads 1: one digit, the format has four to eight"),
    ("amount", "1,234,50", "reads 1,234,50: its digits, signs and blanks do not stand as in an amount"),
    ("amount", "12X", "reads 12X: 'X' belongs to no amount"),
    ("amount", "$", "reads $: no digit, which every amount has"),
    ("date", "31/04/2026", "reads 31/04/2026: there is no such day"),
    ("date:mdy", "13/4/2026", "reads 13/4/2026: there is no such day in the order mdy"),
    ("date:dmy", "29.2.2023", "reads 29.2.2023: there is no such day in the order dmy"),
    ("date", "12/03-2026", "reads 12/03-2026: does not stand as a date does: day, month and year"),
    ("date", "03042026", "reads 03042026: does not stand as a date does: day, month and year"),
    ("date:dmy", "31042026", "reads 31042026: there is no such day in the order dmy"),
    ("phone:us", "555-0199", "reads 555-0199: seven digits, a North American number has ten"),
    ("routing", "011000016", "reads 011000016: its check digit is wrong"),
    ("routing", "991000015", "reads 991000015: no routing number begins so"),
    ("routing", "01100001", "reads 01100001: eight digits, a routing number has nine"),
    ("luhn", "79927398710", "reads 79927398710: its check digit is wrong"),
    ("regex:[A-Z]{2}", "A1", "reads A1: does not fit [A-Z]{2}"),
]


@pytest.mark.parametrize(("spec", "text", "normal"), VALID)
def test_what_fits_can_be_begun_and_has_one_plain_form(spec, text, normal):
    form = find(spec)
    assert form.valid(text) and form.normal(text) == normal
    assert all(form.can_begin(text[:k]) for k in range(len(text) + 1))
    assert set(text) <= set(form.characters) <= set(FIELDS.characters)
    assert form.doubt(text) == ""


@pytest.mark.parametrize(("spec", "text", "doubt"), REFUSED)
def test_what_does_not_fit_is_told_why_and_left_as_it_is(spec, text, doubt):
    form = find(spec)
    assert form.doubt(text) == doubt
    assert form.valid(text) is doubt.endswith("ZIP list")
    if not form.valid(text):
        assert form.normal(text) == text


@pytest.mark.parametrize(
    "spec", ["us_zip", "us_zip4", "amount", "date", "phone", "routing", "luhn:5", "digits:2-3"]
)
def test_whatever_can_be_begun_can_be_ended(spec):
    form, rng = find(spec), random.Random(1)
    for _ in range(40):
        text = ""
        while not (form.valid(text) and rng.random() < 0.5) and len(text) < 40:
            ways = [c for c in form.characters if form.can_begin(text + c)]
            assert ways or form.valid(text), text
            if not ways:
                break
            text += rng.choice(ways)
        if len(text) < 40:
            assert form.valid(text)


def test_every_day_can_be_written_and_none_that_there_is_not():
    form = find("date:ymd")
    day = datetime.date(2023, 12, 25)
    while day.year < 2025:
        assert form.normal(f"{day:%Y/%m/%d}") == day.isoformat()
        day += datetime.timedelta(days=1)
    there_is = sum(form.valid(f"2024-{m:02}-{d:02}") for m in range(14) for d in range(33))
    assert there_is == 366


def test_every_single_misread_digit_of_a_routing_number_is_caught():
    form, right = find("routing"), "011000015"
    wrong = {right[:k] + c + right[k + 1 :] for k in range(9) for c in "0123456789"} - {right}
    assert len(wrong) == 81 and not any(map(form.valid, wrong))


def test_a_routing_number_can_be_ended_by_its_check_digit_only():
    assert [c for c in "0123456789" if find("routing").can_begin("01100001" + c)] == ["5"]


def test_blanks_tell_nothing_in_a_zip_and_something_in_an_amount():
    assert find("us_zip").valid("021 39") and find("us_zip").normal("021 39") == "02139"
    assert not find("us_zip").can_begin("021 39 4")
    assert find("amount").valid("1 234") and not find("amount").valid("12 34")


def test_a_lexicon_holds_its_entries_in_any_usual_case(tmp_path):
    file = tmp_path / "towns.txt"
    file.write_text("Berlin\n\nSankt  Pölten\nBonn\n", "utf-8")
    form = find(f"lexicon:{file}")
    assert form.model == "lines" and form.valid("BERLIN") and form.normal("sankt pölten") == "Sankt Pölten"
    assert form.can_begin("BE") and not form.can_begin("Be ") and not form.valid("Ber")
    assert form.doubt("Berlim") == "reads Berlim: not among the 3 entries of towns.txt; nearest 'Berlin'"


def test_a_pattern_with_small_letters_is_served_by_lines():
    assert find("regex:[A-Z]{3}").model == "fields"
    assert find("regex:[A-Za-z]{3}").model == "lines"


@pytest.mark.parametrize("name", NAMES)
def test_the_example_of_each_format_is_one(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cities.txt").write_text("Rome\n")
    assert find(EXAMPLES[name]).name == EXAMPLES[name]


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ("us_zipp", "did you mean 'us_zip'"),
        ("", "no format is called ''"),
        ("us_zip:5", "takes nothing behind a colon; write us_zip"),
        ("digits:", "needs more behind a colon; give such as 'digits:8'"),
        ("digits:8-4", "a range such as digits:4-8"),
        ("digits:x", "no length"),
        ("date:dm", "did you mean 'dmy'"),
        ("phone:uk", "phone:us"),
        ("regex", "give such as 'regex:"),
        ("regex:(", "that nothing closes"),
        ("lexicon:", "names no file"),
        ("lexicon:/no/such.txt", "cannot be opened"),
    ],
)
def test_a_wrong_name_is_told_with_what_would_be_right(spec, told):
    with pytest.raises(UsageError, match=told):
        find(spec)


@pytest.mark.parametrize(
    ("content", "told"), [(b"\n \n", "no entry"), (b"\xff\xfe\xff", "no UTF-8"), ("字\n".encode(), "'字'")]
)
def test_a_lexicon_that_cannot_be_used_is_told(tmp_path, content, told):
    file = tmp_path / "list.txt"
    file.write_bytes(content)
    with pytest.raises(UsageError, match=told):
        find(f"lexicon:{file}")


def test_the_documentation_shows_what_happens():
    page = Path(__file__).parents[2] / "docs" / "fields.md"
    failed, tried = doctest.testfile(str(page), module_relative=False)
    assert tried >= 4 and not failed
    assert all(f"`{name}" in page.read_text("utf-8") for name in NAMES)
