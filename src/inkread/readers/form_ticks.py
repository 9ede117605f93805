"""Checkboxes and choices: which squares are marked, and what that says.

In: a field and the sheet it stands on. Out: its `Reading`. A checkbox reads "yes" or "no"; a choice reads the
text of the option that is marked, of several marked ones their texts with "; " between them, and "" of none.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

from inkread.imaging.checkbox import Tick, mark_in
from inkread.readers.form_fields import Told
from inkread.types import Alternative, Reading, Status

if TYPE_CHECKING:
    from inkread.forms.template import FormField
    from inkread.readers.form_sheet import FormWay, SheetView

__all__ = ["NO", "YES", "read_ticks"]

YES, NO = "yes", "no"
"""What a checkbox reads as."""
BETWEEN = "; "
"""Between the texts of several options."""


@dataclass(frozen=True, slots=True)
class _Square:
    """A square, what it says, and what was seen in it."""

    text: str
    tick: Tick


def read_ticks(field: FormField, view: SheetView, way: FormWay) -> Told:
    """Read a checkbox or a choice.

    Args:
        field: of one of these types.
        view: its sheet.
        way: the least confidence.
    """
    least = way.least(field)
    if field.type == "checkbox":
        tick = mark_in(view.rgb, field.bounds)
        return Told(_checkbox(field, tick, least), is_empty=tick.state == "empty")
    squares = [_Square(o.text, mark_in(view.rgb, o.box)) for o in field.options if o.box]
    return Told(_choice(field, squares, least), is_empty=all(s.tick.state == "empty" for s in squares))


def _checkbox(field: FormField, tick: Tick, least: float) -> Reading:
    """A square that stands for itself."""
    state = tick.state
    text = YES if state == "marked" or (state == "unsure" and tick.filled > 0) else NO
    told = Alternative(text, tick.confidence), Alternative(NO if text == YES else YES, 1 - tick.confidence)
    status, reason = _sure(tick.confidence, least)
    if state == "unsure":
        status, reason = "review", "the mark is not clear"
    elif state == "struck_out":
        status, reason = "review", "struck out: marked and taken back, or filled in with force"
    elif state == "empty" and field.required:
        status, reason = "review", "not marked, and the form needs it"
    shown = told if told[1].confidence >= 0.001 else told[:1]
    return Reading(text, tick.confidence, status, reason, alternatives=shown)


def _sure(confidence: float, least: float) -> tuple[Status, str]:
    return ("accepted", "") if confidence >= least else ("review", "not sure enough for the error target")


def _choice(field: FormField, squares: list[_Square], least: float) -> Reading:
    """Squares of which one is to be marked, or several."""
    marked = [s.text for s in squares if s.tick.state == "marked"]
    struck = [s.text for s in squares if s.tick.state == "struck_out"]
    unsure = [s.text for s in squares if s.tick.state == "unsure"]
    text = BETWEEN.join(marked)
    confidence = prod(s.tick.confidence for s in squares)
    status, reason = _sure(confidence, least)
    doubts = []
    if unsure:
        doubts.append(f"the mark at {_named(unsure)} is not clear")
    if len(marked) > 1 and not field.multiple:
        doubts.append(f"{len(marked)} are marked, and one belongs: {_named(marked)}")
    if struck and not marked:
        doubts.append(f"{_named(struck)} is struck out, and nothing else is marked")
    if field.required and not marked and not struck and not unsure:
        doubts.append("nothing is marked, and the form needs it")
    if doubts:
        status, reason = "review", "; ".join(doubts)
    told = [Alternative(text, confidence)]
    if unsure:
        other = BETWEEN.join(s.text for s in squares if s.tick.state in ("marked", "unsure"))
        told.append(Alternative(other, min(confidence, 1 - confidence)))
    return Reading(text, confidence, status, reason, alternatives=tuple(told))


def _named(texts: list[str]) -> str:
    return ", ".join(texts)
