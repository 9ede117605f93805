"""A check laid out by a template, where its layout is none of those of the United States.

In: a `Picture`, and a `Template` with fields called `courtesy`, `legal`, `date`, `payee`, some of them at
least. Out: a `CheckLayout`, or why the picture is not taken for such a check. It is laid flat as a form is:
by its marks, or by what it has in common with the picture of a blank check.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from inkread.errors import UsageError, nearest
from inkread.imaging.check_layout import CheckLayout
from inkread.imaging.flat_sheet import Flat
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
    flat = _as_form(picture, template)
    if isinstance(flat, str):
        return flat
    factor = flat.rgb.shape[1] / template.pages[0].size[0]
    places = {}
    for field in template.fields:
        if field.name in NAMES and field.page == 1:
            left, top, right, bottom = (factor * v for v in field.bounds)
            places[field.name] = (left, top, right, bottom)
    rules: dict[str, float] = {}
    if "legal" in places:
        left, top, right, rule = places["legal"]
        rules["legal"] = rule
        places["legal"] = (left, top, right, rule + _BELOW * _PITCH * factor)
    return CheckLayout(flat, places, rules, _PITCH * factor, 0.0)


def _as_form(picture: Picture, template: Template) -> Flat | str:
    """The check laid flat."""
    from inkread.imaging.align import Misfit
    from inkread.readers.form_sheet import FormWay, find_sheets

    found = find_sheets(picture, FormWay(template))
    if isinstance(found, Misfit):
        return found.reason
    if len(found) > 1:
        return f"{len(found)} checks are on the picture; photograph one"
    return Flat(found[0].rgb, np.linalg.inv(found[0].alignment.matrix), True)
