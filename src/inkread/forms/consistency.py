"""What must agree within a template: names, pages, marks, places on the paper, and what rules are about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from inkread.errors import nearest
from inkread.forms.places import Rect, wrong

if TYPE_CHECKING:
    from inkread.forms.template import FormField, Rule, Template

__all__ = ["check"]

_TOUCH_MM, _TOUCH_SHARE = 0.5, 0.25
"""So deep may one box reach into another: millimetres, as lines of print are wide; of the lesser side."""
_MOST_SPOTS = 5000

Spot = tuple[Rect, str, str, tuple[str | int, ...]]
"""A rectangle, what it is for its own field and for others, and the place of its key."""


def check(template: Template) -> None:
    """Raise the first thing that does not agree, with its place."""
    _check_names(template)
    _check_pages(template)
    _check_placed(template)
    for number in range(1, len(template.pages) + 1):
        _check_page(template, number)
    heads = {field.name: field.type.partition(":")[0] for field in template.fields}
    for at, rule in enumerate(template.rules):
        _check_rule(heads, rule, at)


def _check_names(template: Template) -> None:
    seen: dict[str, str] = {}
    for at, field in enumerate(template.fields):
        first = seen.get(field.name.casefold())
        if first is not None:
            same = "" if first == field.name else f" (as {first}: capitals make no other column)"
            raise wrong(
                f"two fields are called {field.name}{same}; call one of them otherwise", "fields", at, "name"
            )
        seen[field.name.casefold()] = field.name


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
    """No two may lie over each other; by arrays, since there may be thousands."""
    if len(spots) > _MOST_SPOTS:
        raise wrong(
            f"there are {len(spots):,} boxes on the page; wanted at most {_MOST_SPOTS:,}: give long rows of "
            "boxes as a comb",
            *spots[_MOST_SPOTS][3],
        )
    rects = np.array([spot[0] for spot in spots], np.float64).reshape(-1, 4)
    sides = (rects[:, 2:] - rects[:, :2]).min(1)
    for at in range(1, len(spots)):
        shared = np.minimum(rects[:at, 2:], rects[at, 2:]) - np.maximum(rects[:at, :2], rects[at, :2])
        may = np.minimum(_TOUCH_MM, _TOUCH_SHARE * np.minimum(sides[:at], sides[at]))
        over = np.flatnonzero(shared.min(1) > may)
        if len(over):
            spot, other = spots[at], spots[over[0]]
            raise wrong(f"{spot[1]} lies over {_other(spot, other)}; move one of them", *spot[3])


def _other(spot: Spot, other: Spot) -> str:
    return other[1] if spot[3][:2] == other[3][:2] else other[2]


_OF_NUMBERS = ("digits", "amount", "luhn", "routing", "regex", "lexicon", "text")


def _check_rule(heads: dict[str, str], rule: Rule, at: int) -> None:
    """What a rule is about; `heads` are the types of all fields, without what follows a colon."""
    for name in rule.names:
        if name not in heads:
            near = nearest(name[:80], list(heads))
            raise wrong(f"there is no field {name[:40]!r}{near}", "rules", at, _key_of(rule, name))
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
