"""What must agree within a template: names, pages, marks, places on the paper, and what rules are about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from inkread.errors import nearest
from inkread.forms.places import Rect, overlap_mm, wrong

if TYPE_CHECKING:
    from inkread.forms.template import FormField, Rule, Template

__all__ = ["check"]

_TOUCH_MM = 0.5
"""Lines of print are as wide: so deep may one field reach into another."""

Spot = tuple[Rect, str, str, tuple[str | int, ...]]
"""A rectangle, what it is for its own field and for others, and the place of its key."""


def check(template: Template) -> None:
    """Raise the first thing that does not agree, with its place."""
    _check_names(template)
    _check_pages(template)
    _check_placed(template)
    for number in range(1, len(template.pages) + 1):
        _check_page(template, number)
    for at, rule in enumerate(template.rules):
        _check_rule(template, rule, at)


def _check_names(template: Template) -> None:
    seen: dict[str, str] = {}
    for at, field in enumerate(template.fields):
        name = seen.setdefault(field.name.casefold(), field.name)
        if name in {f.name for f in template.fields[:at]}:
            same = "" if name == field.name else f" (as {name}: capitals make no other column)"
            raise wrong(
                f"two fields are called {field.name}{same}; call one of them otherwise", "fields", at, "name"
            )


def _check_pages(template: Template) -> None:
    seen: dict[int, int] = {}
    for at, page in enumerate(template.pages):
        if not page.marks and page.reference is None:
            raise wrong(
                "has neither marks nor a reference, so that no picture can be aligned to it; name the blank "
                'page, such as reference = "blank.pdf"',
                "pages",
                at,
            )
        for number, mark in enumerate(page.marks):
            if mark.id in seen:
                raise wrong(
                    f"mark {mark.id} stands on page {seen[mark.id]} already; each mark has its own id",
                    *("pages", at, "marks", number),
                )
            seen[mark.id] = at + 1


def _check_placed(template: Template) -> None:
    if not template.pages:
        for at, field in enumerate(template.fields):
            if field.rects:
                raise wrong(
                    "has a place, but there is no page to have it on; add a [[pages]] table", "fields", at
                )
        return
    for at, field in enumerate(template.fields):
        if field.page > len(template.pages):
            count = len(template.pages)
            pages = "1 page" if count == 1 else f"{count} pages"
            raise wrong(f"page is {field.page}, and the form has {pages}", "fields", at, "page")
        if not field.rects:
            what = "each of its options a box" if field.options else "it box, boxes or comb"
            raise wrong(f"does not say where it is; give {what}", "fields", at)


def _spots(field: FormField, at: int) -> Iterator[Spot]:
    what = f"field {field.name}"
    if field.boxes is not None:
        for number, rect in enumerate(field.boxes):
            yield rect, f"box {number + 1}", what, ("fields", at, "boxes", number)
    elif field.box or field.comb:
        yield field.rects[0], "it", what, ("fields", at, "box" if field.box else "comb")
    else:
        for number, option in enumerate(field.options):
            if option.box:
                own = f"option {option.text!r}"
                yield option.box, own, f"{own} of {what}", ("fields", at, "options", number)


def _check_page(template: Template, number: int) -> None:
    page = template.pages[number - 1]
    spots: list[Spot] = [
        (mark.box, f"mark {mark.id}", f"mark {mark.id}", ("pages", number - 1, "marks", at))
        for at, mark in enumerate(page.marks)
    ]
    for at, field in enumerate(template.fields):
        if field.page == number:
            spots += _spots(field, at)
    for rect, what, _, place in spots:
        if rect[0] < 0 or rect[1] < 0 or rect[2] > page.width or rect[3] > page.height:
            raise wrong(
                f"{what} is outside of the paper: [{', '.join(f'{v:g}' for v in rect)}], and page {number} "
                f"is {page.width:g} x {page.height:g} mm",
                *place,
            )
    _check_apart(spots)


def _check_apart(spots: list[Spot]) -> None:
    """No two may lie over each other: by rows, from the top, so that a thousand are no million."""
    rows: defaultdict[int, list[Spot]] = defaultdict(list)
    for spot in spots:
        for row in range(int(spot[0][1] // 10), int(spot[0][3] // 10) + 1):
            for other in rows[row]:
                if overlap_mm(spot[0], other[0]) > _TOUCH_MM:
                    raise wrong(f"{spot[1]} lies over {_other(spot, other)}; move one of them", *spot[3])
            rows[row].append(spot)


def _other(spot: Spot, other: Spot) -> str:
    return other[1] if spot[3][:2] == other[3][:2] else other[2]


_OF_NUMBERS = ("digits", "amount", "luhn", "routing", "regex", "lexicon", "text")


def _check_rule(template: Template, rule: Rule, at: int) -> None:
    known = [field.name for field in template.fields]
    for name in rule.names:
        if name not in known:
            raise wrong(
                f"there is no field {name[:40]!r}{nearest(name[:80], known)}",
                "rules",
                at,
                _key_of(rule, name),
            )
    heads = {field.name: field.type.partition(":")[0] for field in template.fields}
    if rule.kind == "sum":
        _check_types(rule, heads, at, _OF_NUMBERS)
    if rule.kind == "order":
        _check_types(rule, heads, at, ("date", *_OF_NUMBERS))
        dates = [heads[name] == "date" for name in rule.names]
        if any(dates) and not all(dates):
            raise wrong(
                f"{rule.first} and {rule.then} are no two dates and no two numbers", "rules", at, "then"
            )
    if rule.kind == "zip_state" and heads[rule.zip or ""] not in ("us_zip", "us_zip4"):
        raise wrong(f"field {rule.zip} is no ZIP; give it type us_zip", "rules", at, "zip")


def _check_types(rule: Rule, heads: dict[str, str], at: int, allowed: tuple[str, ...]) -> None:
    for name in rule.names:
        if heads[name] not in allowed:
            raise wrong(
                f"a rule of kind {rule.kind} cannot count field {name}, which is of type {heads[name]}",
                *("rules", at, _key_of(rule, name)),
            )


def _key_of(rule: Rule, name: str) -> str:
    return next(
        (key for key in ("total", "first", "then", "zip", "state") if getattr(rule, key) == name), "fields"
    )
