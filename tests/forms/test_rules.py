import pytest

from inkread.forms.rules import broken
from inkread.forms.template import Template

FORM = """name = "slip"
fields = [
  { name = "first", type = "amount" }, { name = "second", type = "amount" },
  { name = "third", type = "amount" },
  { name = "total", type = "amount" }, { name = "ordered", type = "date" }, { name = "sent", type = "date" },
  { name = "zip", type = "us_zip" }, { name = "state", type = "text" },
]
"""
SUM = 'kind = "sum", fields = ["first", "second", "third"], total = "total"'
ORDER = 'kind = "order", first = "ordered", then = "sent"'
NUMBERS = 'kind = "order", first = "first", then = "total"'
EQUAL = 'kind = "equal", fields = ["first", "second", "third"]'
STATE = 'kind = "zip_state", zip = "zip", state = "state"'


def judged(rule, **values):
    form = Template.parse(f"{FORM}rules = [{{ {rule} }}]", draft=True)
    return [found.message for found in broken(form, values)]


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        pytest.param(SUM, ("first=2.50", "second=3.00", "third=0.10", "total=5.60"), id="sum"),
        pytest.param(SUM, ("first=2.50", "second=3", "third=", "total=5.50"), id="a blank line adds nothing"),
        pytest.param(SUM, ("first=2.50", "second=3", "total=9"), id="an unread field is not judged"),
        pytest.param(SUM, ("first=2.50", "second=3", "third=4", "total="), id="neither is a blank total"),
        pytest.param(SUM, ("first=", "second=", "third=", "total=9"), id="nor a form without a line"),
        pytest.param(SUM, ("first=1", "second=2", "third=1O", "total=9"), id="nor what is no number"),
        pytest.param(ORDER, ("ordered=2026-04-03", "sent=2026-04-03"), id="the same day"),
        pytest.param(ORDER, ("ordered=2026-04-31", "sent=2026-04-03"), id="a day that is not"),
        pytest.param(ORDER, ("ordered=", "sent=2026-04-03"), id="a blank day"),
        pytest.param(NUMBERS, ("first=9.00", "total=10"), id="numbers, not letters"),
        pytest.param(EQUAL, ("first=5", "second=5.00", "third=5.0"), id="one amount in three ways"),
        pytest.param(EQUAL, ("first=Jo  Ann", "second=jo ann", "third=JO ANN"), id="one name in three ways"),
        pytest.param(EQUAL, ("first=5", "second=", "third=5"), id="a blank one"),
        pytest.param(STATE, ("zip=02139", "state=Mass."), id="a short form"),
        pytest.param(STATE, ("zip=02139-4307", "state=MA"), id="ZIP+4"),
        pytest.param(STATE, ("zip=00000", "state=MA"), id="no ZIP in use: its format says so"),
    ],
)
def test_nothing_is_said_where_a_rule_holds_or_cannot_be_judged(rule, values):
    assert judged(rule, **dict(value.split("=") for value in values)) == []


@pytest.mark.parametrize(
    ("rule", "values", "told"),
    [
        pytest.param(
            SUM,
            ("first=2.50", "second=3.00", "third=", "total=6.50"),
            "2.50 + 3.00 make 5.50, and total says 6.50",
            id="sum",
        ),
        pytest.param(
            SUM,
            ("first=2.50", "second=", "third=", "total=6"),
            "2.50 makes 2.50, and total says 6",
            id="one line",
        ),
        pytest.param(
            SUM,
            (f"first={'9' * 60}", "second=1", "third=0.01", "total=1"),
            f"{'9' * 60} + 1 + 0.01 make 1{'0' * 60}.01, and total says 1",
            id="no digit is lost",
        ),
        pytest.param(
            ORDER,
            ("ordered=2026-04-03", "sent=2026-03-04"),
            "ordered 2026-04-03 is after sent 2026-03-04",
            id="days",
        ),
        pytest.param(NUMBERS, ("first=10", "total=9.00"), "first 10 is more than total 9.00", id="numbers"),
        pytest.param(
            EQUAL,
            ("first=007", "second=007", "third=7"),
            "first and third differ: '007' and '7'",
            id="zeros count",
        ),
        pytest.param(
            STATE,
            ("zip=02139", "state=NY"),
            "ZIP 02139 lies in Massachusetts, and state says NY",
            id="another state",
        ),
        pytest.param(
            STATE,
            ("zip=02139", "state=Bavaria"),
            "ZIP 02139 lies in Massachusetts, and state says Bavaria, which is no state",
            id="no state",
        ),
        pytest.param(
            f'{NUMBERS}, message = "more than was ordered"',
            ("first=10", "total=9"),
            "more than was ordered (first 10 is more than total 9)",
            id="in one's own words",
        ),
    ],
)
def test_a_rule_that_does_not_hold_says_why(rule, values, told):
    assert judged(rule, **dict(value.split("=") for value in values)) == [told]


def test_the_fields_to_look_at_come_with_it():
    form = Template.parse(f"{FORM}rules = [{{ {SUM} }}]", draft=True)
    (found,) = broken(form, {"first": "1", "second": "", "third": "1", "total": "3"})
    assert found.fields == ("first", "second", "third", "total")
