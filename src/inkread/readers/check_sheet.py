"""A check laid out by a template, where its layout is none of those of the United States.

In: a `Picture`, and a `Template` with fields called `courtesy`, `legal`, `date`, `payee`, some of them at
least. Out: a `CheckLayout`, or why the picture is not taken for such a check. A template with marks or with
the picture of a blank check lays it as a form; one without takes the outline of the paper, which must then be
seen whole, its upper side about up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from inkread.errors import UsageError, nearest
from inkread.imaging.check_layout import CheckLayout
from inkread.imaging.flat_sheet import Flat, flat_sheet, turned
from inkread.imaging.load import Picture

if TYPE_CHECKING:
    from inkread.forms.template import Template

__all__ = ["NAMES", "check_template", "layout_by"]

NAMES = ("courtesy", "legal", "date", "payee")
"""The fields of a check."""
_PITCH = 10.0
"""Millimetres between two rules of a check, about."""
_BELOW = 0.25
"""What is written hangs below its rule by so many pitches."""
_PROPORTION = 0.2
"""The outline is no such check where its sides differ from the template's by more than this share."""


def check_template(template: Template) -> None:
    """Refuse a template that says of no amount where it stands.

    Raises:
        UsageError: says which fields it needs.
    """
    names = [field.name for field in template.fields]
    if not {"courtesy", "legal"} & set(names):
        near = next((hint for name in names if (hint := nearest(name, list(NAMES)))), "")
        raise UsageError(
            f"form {template.name}: a check needs a field courtesy (the amount in figures) or legal "
            f"(in words), and it has {', '.join(names)}{near}"
        )


def layout_by(picture: Picture, template: Template) -> CheckLayout | str:
    """Lay a check out.

    Args:
        picture: of one check.
        template: of its layout.

    Returns:
        The places of its fields; or the reason why there are none.
    """
    page = template.pages[0]
    flat = _as_form(picture, template) if page.marks or page.reference else _by_outline(picture, page.size)
    if isinstance(flat, str):
        return flat
    factor = flat.rgb.shape[1] / page.size[0]
    places = {}
    for field in template.fields:
        if field.name in NAMES and field.page == 1:
            left, top, right, bottom = (factor * v for v in field.bounds)
            places[field.name] = (left, top, right, bottom)
    rule = 0.0
    if "legal" in places:
        left, top, right, rule = places["legal"]
        places["legal"] = (left, top, right, rule + _BELOW * _PITCH * factor)
    return CheckLayout(flat, places, rule, _PITCH * factor, 0.0)


def _as_form(picture: Picture, template: Template) -> Flat | str:
    """The check laid flat by its marks or its print."""
    from inkread.imaging.align import Misfit
    from inkread.readers.form_sheet import FormWay, find_sheets

    found = find_sheets(picture, FormWay(template))
    if isinstance(found, Misfit):
        return found.reason
    if len(found) > 1:
        return f"{len(found)} checks are on the picture; photograph one"
    return Flat(found[0].rgb, np.linalg.inv(found[0].alignment.matrix), True)


def _by_outline(picture: Picture, size: tuple[float, float]) -> Flat | str:
    """The check laid flat by its outline."""
    flat = flat_sheet(picture.rgb)
    height, width = flat.rgb.shape[:2]
    if (width > height) != (size[0] > size[1]):
        flat = turned(flat, 1)
        height, width = width, height
    if abs(np.log((width / height) / (size[0] / size[1]))) > _PROPORTION:
        return (
            f"the paper is {width / height:.2f} times as wide as high, the template's "
            f"{size[0] / size[1]:.2f} times; show all of the check and nothing beside it that is as bright"
        )
    return flat
