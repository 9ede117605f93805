"""Read a bank check of the United States: its amount, in figures and in words, its date and its payee.

In: a `Picture` of one check. Out: a `LineTrace` whose readings have names: `amount`, what was decided;
`courtesy`, the amount in figures; `legal`, the amount in words; `date` and `payee`, as text. The amount is
accepted only where figures and words agree, or where one of them is certain beyond the target and the other
is not there at all; where they differ a person must look, and is told both. The MICR line at the bottom is
not read: its font needs a reader of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from inkread.decode.ctc import Hypothesis, greedy
from inkread.imaging.check_layout import CheckLayout, find_check
from inkread.imaging.check_words import without_rule, words_ink
from inkread.imaging.field_rows import find_rows
from inkread.imaging.flat_sheet import taken
from inkread.imaging.load import Picture
from inkread.imaging.page_ink import page_ink
from inkread.imaging.strips import HEIGHT, strip
from inkread.readers import check_amount
from inkread.readers.check_amount import Decision, Side
from inkread.readers.check_sheet import layout_by
from inkread.readers.text import LineTrace, Piece, SeenLine, Source, Way, edges_of, read_piece
from inkread.readers.text import Place as PlaceOf
from inkread.runtime.linewise import LineRecognizer
from inkread.types import Alternative, Box, Reading, Status

if TYPE_CHECKING:
    from inkread.forms.template import Template

__all__ = ["CheckWay", "read_check", "sides_of"]

Points = NDArray[np.float64]
_NO_CHECK = (
    "this does not look like a check: no rules for a payee and an amount in words, one below the other; "
    "photograph one check from above, or give a template"
)
_NOT_SURE = "figures and words agree, but not surely enough for the error target"
_ALONE = 0.1
"""One place alone must be so many times less in doubt than the target asks."""
_SHOWN, _LEAST_SHOWN = 5, 0.001


@dataclass(frozen=True, slots=True)
class CheckWay:
    """How checks are read.

    Attributes:
        fields: reads the amount in figures.
        lines: reads the amount in words, the date and the payee.
        target_error: the expected share of wrong amounts among the accepted ones.
        threshold: the least confidence at which an amount is accepted, instead of the target's.
        template: of a layout that is not one of the United States.
    """

    fields: LineRecognizer
    lines: Way
    target_error: float = 0.01
    threshold: float | None = None
    template: Template | None = None

    @property
    def least(self) -> float:
        """The least confidence at which an amount is accepted."""
        return check_amount.TOLD.least(self.target_error) if self.threshold is None else self.threshold


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """What stands at one place of the amount: where, and what the network saw and said."""

    place: PlaceOf
    line: SeenLine

    @property
    def logits(self) -> NDArray[np.float32]:
        """`(frames, classes)`."""
        return self.line.logits

    @property
    def text(self) -> str:
        """What stands there whatever the grammar."""
        return self.line.options[0].text.strip()


def read_check(picture: Picture, way: CheckWay) -> LineTrace:
    """Read a check.

    Args:
        picture: of one check, lying any way.
        way: networks and target.
    """
    layout = _laid_out(picture, way)
    ink = page_ink(picture.rgb).ink
    if isinstance(layout, str):
        whole = Box(0, 0, picture.width, picture.height)
        refused = Reading("", 0.0, "refused", layout, whole, name="amount")
        return LineTrace(picture.rgb, ink, (), (refused,), "check")
    figures, words = _figures(picture, layout, way), _words(picture, layout, way)
    decision = check_amount.decide(*_sides(figures, words, way))
    nothing = _nothing(_box(picture, layout))
    both = [seen.line if seen else nothing for seen in (figures, words)]
    lines = [both[0] if figures else both[1], *both]  # one a reading: the amount, its figures, its words
    readings = list(_amounts(decision, figures, words, way, _box(picture, layout)))
    for name in ("date", "payee"):
        place = _written(picture, layout, name)
        if place is None:
            continue
        logits = way.lines.recognizer.logits([place.strip.ink])[0]
        line, reading = read_piece(place, logits, way.lines)
        lines.append(line)
        readings.append(replace(reading, name=name, baseline=None))
    return LineTrace(picture.rgb, ink, tuple(lines), tuple(readings), "check")


def _laid_out(picture: Picture, way: CheckWay) -> CheckLayout | str:
    """Where things stand on a check; or why it is taken for none."""
    if way.template is not None:
        found = layout_by(picture, way.template)
        return f"this is not the check ({way.template.name}): {found}" if isinstance(found, str) else found
    return find_check(picture.rgb) or _NO_CHECK


def sides_of(picture: Picture, way: CheckWay) -> tuple[Side | None, Side | None] | None:
    """What the two places of the amount say, before anything is decided; None of what is no check.

    Args:
        picture: of one check.
        way: networks.
    """
    layout = _laid_out(picture, way)
    if isinstance(layout, str):
        return None
    return _sides(_figures(picture, layout, way), _words(picture, layout, way), way)


def _sides(figures: _Seen | None, words: _Seen | None, way: CheckWay) -> tuple[Side | None, Side | None]:
    digits = None if words is None else (way.fields.logits([words.line.strip])[0], way.fields.alphabet)
    return (
        check_amount.looked_at(
            figures.logits if figures else None, way.fields.alphabet, check_amount.FIGURES
        ),
        check_amount.looked_at(
            words.logits if words else None, way.lines.recognizer.alphabet, check_amount.WORDS, digits
        ),
    )


def _placed(picture: Picture, layout: CheckLayout, name: str) -> PlaceOf | None:
    """The row of writing at a place, with its way back to the picture; None where nothing is written."""
    if name not in layout.places:
        return None
    left, top, right, bottom = (round(v) for v in layout.places[name])
    crop = np.ascontiguousarray(layout.flat.rgb[top:bottom, left:right])
    if name in layout.rules and crop.size:
        crop = without_rule(crop, layout.rules[name] - top, layout.pitch)
    rows = find_rows(crop)
    if not rows:
        return None
    row = max(rows, key=lambda row: float(row.ink.sum()))

    def back(points: Points) -> Points:
        return taken(row.back(points) + (left, top), layout.flat.to_picture)

    return PlaceOf(Piece(row.ink, back, source=Source(crop, row.to_picture)), strip(row.ink), picture)


def _figures(picture: Picture, layout: CheckLayout, way: CheckWay) -> _Seen | None:
    """What stands in the place of the figures; None where it is empty."""
    place = _placed(picture, layout, "courtesy")
    return None if place is None else _asked(place, way.fields)


def _words(picture: Picture, layout: CheckLayout, way: CheckWay) -> _Seen | None:
    """What stands on the rule of the words; None where it is empty."""
    place = _written(picture, layout, "legal")
    return None if place is None else _asked(place, way.lines.recognizer)


def _written(picture: Picture, layout: CheckLayout, name: str) -> PlaceOf | None:
    """What is written at a place, without its rule where that is known; None where nothing is."""
    if name not in layout.rules:
        return _placed(picture, layout, name)
    left, top, right, bottom = (round(v) for v in layout.places[name])
    crop = np.ascontiguousarray(layout.flat.rgb[top:bottom, left:right])
    ink = words_ink(crop, layout.rules[name] - top, layout.pitch)
    if not ink.any():
        return None

    def back(points: Points) -> Points:
        return taken(points + (left, top), layout.flat.to_picture)

    return PlaceOf(Piece(ink, back), strip(ink), picture)


def _asked(place: PlaceOf, model: LineRecognizer) -> _Seen | None:
    """What a network says of a row; None where it says that nothing is written there."""
    logits = model.logits([place.given(model)])[0]
    free, width = greedy(logits, model.alphabet), place.strip.ink.shape[1]
    text = free.text.strip()
    # Only what is printed there anyway: the currency, the word behind the rule, a stroke.
    is_empty = not any(c.isalnum() for c in text) or text.lower() in ("dollars", "s")
    if is_empty:
        return None
    return _Seen(
        place, SeenLine(place.box(0, width), place.strip.ink, logits, (free,), edges_of(free, width))
    )


def _nothing(box: Box) -> SeenLine:
    """What the network saw where nothing is written."""
    bare = np.zeros((HEIGHT, 1), np.float32)
    return SeenLine(box, bare, np.zeros((1, 1), np.float32), (Hypothesis("", 0.0, 0.0),), (0.0, 1.0))


def _amounts(
    decision: Decision, figures: _Seen | None, words: _Seen | None, way: CheckWay, whole: Box
) -> tuple[Reading, ...]:
    """The amount as decided, and as each of its places has it."""
    status, reason = _status(decision, figures, words, way)
    told = tuple(Alternative(_plain(v), p) for v, p in decision.shares[:_SHOWN] if p >= _LEAST_SHOWN)
    text = "" if decision.cents is None else _plain(decision.cents)
    seen = figures or words
    box = _around(seen.place) if seen else whole
    amount = Reading(text, decision.confidence, status, reason, box, alternatives=told, name="amount")
    own: list[Reading] = [amount]
    for name, place, (cents, sure) in (
        ("courtesy", figures, decision.figures),
        ("legal", words, decision.words),
    ):
        if place is None:
            empty = "no amount: nothing is written there"
            own.append(Reading("", 0.0, "refused", empty, whole, name=name))
            continue
        shown = _plain(cents) if cents is not None else place.text
        if name == "legal" and decision.text:
            shown = decision.text
        own.append(
            Reading(shown, sure, status if shown else "refused", reason, _around(place.place), name=name)
        )
    return tuple(own)


def _status(
    decision: Decision, figures: _Seen | None, words: _Seen | None, way: CheckWay
) -> tuple[Status, str]:
    """Whether an amount may pass, and the reason why a person must look."""
    if decision.cents is None:
        return "refused", decision.doubt
    if decision.doubt:
        return "review", decision.doubt
    # A place that seems empty may be one whose strokes were not found: then the other must be certain.
    is_alone = figures is None or words is None
    least = 1 - _ALONE * way.target_error if is_alone and way.threshold is None else way.least
    if decision.confidence >= least:
        return "accepted", ""
    if figures is None or words is None:
        which = "words" if figures is None else "figures"
        return "review", f"only the {which} are written, and they are not sure enough for the error target"
    own = decision.figures[0], decision.words[0]
    if None not in own and own[0] != own[1]:
        told = " and ".join(_plain(cents) for cents in own if cents is not None)
        return "review", f"figures and words rather read {told}; not surely enough one amount"
    return "review", _NOT_SURE


def _around(place: PlaceOf) -> Box:
    return place.user_box(0, place.strip.ink.shape[1])


def _box(picture: Picture, layout: CheckLayout) -> Box:
    """The check in the user's picture."""
    height, width = layout.flat.rgb.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    user = np.column_stack([taken(corners, layout.flat.to_picture), np.ones(4)]) @ picture.to_user.T
    low, high = np.floor(user.min(0)).astype(int), np.ceil(user.max(0)).astype(int)
    left, top = max(0, int(low[0])), max(0, int(low[1]))
    return Box(
        left,
        top,
        max(left + 1, min(picture.width, int(high[0]))),
        max(top + 1, min(picture.height, int(high[1]))),
    )


def _plain(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
