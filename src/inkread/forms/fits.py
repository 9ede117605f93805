"""What a field or a rule must be by itself: a known type, one place, room enough, the keys of its kind."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from inkread.errors import UsageError, nearest
from inkread.formats import EXAMPLES, find
from inkread.forms.places import short, wrong

if TYPE_CHECKING:
    from inkread.forms.template import FormField, Rule

__all__ = ["PLAIN_TYPES", "RULE_KEYS", "check_field", "check_rule"]

PLAIN_TYPES = ("text", "character", "checkbox", "choice")
"""Types beside the formats."""
RULE_KEYS: dict[str, tuple[str, ...]] = {
    "sum": ("fields", "total"),
    "order": ("first", "then"),
    "equal": ("fields",),
    "zip_state": ("zip", "state"),
}
"""The keys of each kind of rule, besides its message."""
_LEAST_CELLS = {"us_zip": 5, "us_zip4": 9, "routing": 9}


def check_field(field: FormField) -> None:
    """Raise the first thing about a field that cannot be meant."""
    _check_type(field)
    _check_place(field)
    _check_cells(field)
    if field.example and field.is_format and not field.type.startswith("lexicon:"):
        kind = find(field.type)
        if not kind.valid(field.example):
            raise wrong(f"example {kind.doubt(field.example)}; wanted a text of {field.type}", "example")


def check_rule(rule: Rule) -> None:
    """Raise the first thing about a rule that cannot be meant."""
    wanted = RULE_KEYS[rule.kind]
    every = {key for keys in RULE_KEYS.values() for key in keys}
    for key in sorted(every - set(wanted)):
        if rule.of(key):
            raise wrong(f"a rule of kind {rule.kind} has no {key}; it has {' and '.join(wanted)}", key)
    for key in wanted:
        if not rule.of(key):
            raise wrong(f"a rule of kind {rule.kind} needs {key}; it has {' and '.join(wanted)}", key)
    if rule.kind == "equal" and len(rule.fields) < 2:
        raise wrong("a rule of kind equal needs at least two fields", "fields")
    twice = next((name for name, count in Counter(rule.names).items() if count > 1), None)
    if twice:
        raise wrong(f"field {short(twice)} stands twice in the rule; name it once", *wanted[:1])


def _check_type(field: FormField) -> None:
    if field.is_format:
        head, _, rest = field.type.partition(":")
        if head not in EXAMPLES:
            known = [*PLAIN_TYPES, *EXAMPLES]
            raise wrong(
                f"{short(field.type)} is no type{nearest(head, known)}; wanted one of {', '.join(known)}",
                "type",
            )
        if head == "lexicon" and not rest:
            raise wrong("'lexicon:' names no file; give such as lexicon:cities.txt, one entry a line", "type")
        if head != "lexicon":
            try:
                find(field.type)
            except UsageError as error:
                raise wrong(str(error), "type") from None
    if field.lexicon is not None and field.type != "text":
        raise wrong(f"a lexicon goes with type text, not {field.type}; leave it out", "lexicon")
    if (field.options or field.multiple) and field.type != "choice":
        key = "options" if field.options else "multiple"
        raise wrong(f"only a choice has {key}, this is {field.type}; leave it out", key)


def _check_place(field: FormField) -> None:
    given = [key for key in ("box", "boxes", "comb") if getattr(field, key) is not None]
    if len(given) > 1:
        raise wrong(f"{' and '.join(given)} both say where it is; keep one of them", given[1])
    if field.type == "checkbox" and given not in ([], ["box"]):
        raise wrong("a checkbox has one box, its square; write box = [left, top, right, bottom]", given[0])
    if field.type != "choice":
        return
    if given:
        raise wrong(f"a choice has no {given[0]} of its own; give each of its options a box", given[0])
    if len(field.options) < 2:
        raise wrong(
            'a choice needs at least two options; write options = [{ text = "yes", box = [...] }, ...]',
            "options",
        )
    texts = [option.text for option in field.options]
    for number, text in enumerate(texts):
        if text in texts[:number]:
            raise wrong(f"two options say {text!r}; call one of them otherwise", "options", number)
    if len({option.box is None for option in field.options}) > 1:
        bare = next(n for n, o in enumerate(field.options) if o.box is None)
        raise wrong(f"option {texts[bare]!r} has no box, other options have one", "options", bare)


def _check_cells(field: FormField) -> None:
    """Fewer cells than the shortest text of the type cannot be meant."""
    room = len(field.cells) or field.length
    if room is None:
        return
    least = _LEAST_CELLS.get(field.type, 1)
    if field.type.startswith(("digits:", "luhn:")):
        least = int(field.type.partition(":")[2].partition("-")[0])
    if room < least:
        key = next((k for k in ("boxes", "comb") if getattr(field, k) is not None), "length")
        raise wrong(f"{key} has room for {room}, and {field.type} has at least {least} characters", key)
