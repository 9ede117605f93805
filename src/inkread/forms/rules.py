"""Rules across the fields of a form: sums, order of dates, equal texts, a ZIP and its state.

In: a template, and the texts of its fields in their formats' plain form (`Format.normal`: ISO dates,
amounts such as 1234.50). Out: the rules that do not hold, each with the fields to look at and why, in words.
A broken rule says that one of its fields is misread, or was written wrongly: never which one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext

from inkread import zips
from inkread.forms.template import Rule, Template

__all__ = ["Broken", "broken"]

_NUMBER = re.compile(r"-?\d{1,64}(\.\d{1,64})?", re.ASCII)
_MOST_NAMED = 4
_DIGITS = 150
"""So many are counted with: more than two numbers of 64 digits on either side of the point can need."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that does not hold.

    Attributes:
        rule: the one.
        fields: what to look at, in the rule's order.
        message: why, such as "2.50 + 3.00 make 5.50, and total says 6.50".
    """

    rule: Rule
    fields: tuple[str, ...]
    message: str


def broken(template: Template, values: Mapping[str, str]) -> list[Broken]:
    """The rules of a form that do not hold.

    Args:
        template: the form.
        values: the text of each field that was read, in plain form; "" where it was left blank on the paper.
            Leave out what could not be read.

    Returns:
        In the template's order. A rule over a field that was not read, or is no number or date, is not
        judged; neither is one over a blank field, except that blank lines add nothing to a sum.

    Example:
        >>> form = Template.parse('''
        ... name = "slip"
        ... fields = [{ name = "a", type = "amount" }, { name = "b", type = "amount" }]
        ... rules = [{ kind = "equal", fields = ["a", "b"] }]''', draft=True)
        >>> [b.message for b in broken(form, {"a": "5.00", "b": "6.00"})]
        ["a and b differ: '5.00' and '6.00'"]
    """
    told = []
    for rule in template.rules:
        why = _JUDGES[rule.kind](rule, values) if all(name in values for name in rule.names) else None
        if why:
            told.append(Broken(rule, rule.names, f"{rule.message} ({why})" if rule.message else why))
    return told


def _sum(rule: Rule, values: Mapping[str, str]) -> str | None:
    """Why the fields do not make the total; None where they do, or one is no number."""
    given = [values[name] for name in rule.fields if values[name]]
    parts = [_number(text) for text in given]
    total = _number(values[rule.total or ""])
    if total is None or not parts or None in parts:
        return None
    with localcontext(prec=_DIGITS):
        made = sum((part for part in parts if part is not None), Decimal())
    if made == total:
        return None
    few = len(given) <= _MOST_NAMED
    what = " + ".join(given) if few else f"the {len(given)} fields"
    makes = "makes" if len(given) == 1 else "make"
    return f"{what} {makes} {made}, and {rule.total} says {values[rule.total or '']}"


def _order(rule: Rule, values: Mapping[str, str]) -> str | None:
    """Why the first is not before the second; None where it is, on the same day, or cannot be compared."""
    one, two = values[rule.first or ""], values[rule.then or ""]
    days, numbers = (_day(one), _day(two)), (_number(one), _number(two))
    if days[0] is not None and days[1] is not None:
        return f"{rule.first} {one} is after {rule.then} {two}" if days[0] > days[1] else None
    if numbers[0] is not None and numbers[1] is not None:
        return f"{rule.first} {one} is more than {rule.then} {two}" if numbers[0] > numbers[1] else None
    return None


def _equal(rule: Rule, values: Mapping[str, str]) -> str | None:
    """Why the fields do not say the same, blanks and capitals aside."""
    texts = [values[name] for name in rule.fields]
    odd = next((at for at, text in enumerate(texts) if not _same(text, texts[0])), None)
    if not all(texts) or odd is None:
        return None
    return f"{rule.fields[0]} and {rule.fields[odd]} differ: {texts[0]!r} and {texts[odd]!r}"


def _same(one: str, other: str) -> bool:
    """Whether two texts say the same: 5 is 5.00, but 007 is not 7."""
    if " ".join(one.split()).casefold() == " ".join(other.split()).casefold():
        return True
    return "." in one + other and _number(one) is not None and _number(one) == _number(other)


def _zip_state(rule: Rule, values: Mapping[str, str]) -> str | None:
    """Why the ZIP does not lie in the state; None where it does, or there is no such ZIP."""
    code, written = values[rule.zip or ""][:5], values[rule.state or ""]
    lies_in = zips.state(code) if zips.is_listed(code) else ""
    if not lies_in or not written:
        return None
    said = zips.state_code(written)
    if said == lies_in:
        return None
    where = f"ZIP {code} lies in {zips.STATES.get(lies_in, lies_in)}"
    return f"{where}, and {rule.state} says {written}{'' if said else ', which is no state'}"


def _number(text: str) -> Decimal | None:
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


_JUDGES: dict[str, Callable[[Rule, Mapping[str, str]], str | None]] = {
    "sum": _sum,
    "order": _order,
    "equal": _equal,
    "zip_state": _zip_state,
}
