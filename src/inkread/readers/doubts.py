"""Circumstances under which a mark is less likely a digit than the network, which sees only it, can know.

In: the marks of the view that was chosen. Out: the same marks, their circumstances named, and the probability
of "not a digit" raised by what each circumstance was measured to cost (`Calibration.doubts`, fitted on
held-back photos). A page of several digits of like size is no such circumstance: numbers are written so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from inkread.decode.confidence import probabilities

if TYPE_CHECKING:
    from inkread.readers.views import Seen, View
    from inkread.runtime.recognizer import Recognizer
    from inkread.types import Box

__all__ = [
    "AMONG_STRANGERS",
    "CIRCUMSTANCES",
    "FILLED",
    "PART",
    "against",
    "doubted",
    "is_part",
    "is_same",
    "kept_company",
]

CIRCUMSTANCES = (
    "learned look",
    "other look",
    "lesser mark",
    "at the border",
    "lesser mark in other look",
    "beside no digit",
    "disputed",
    "part of no digit",
)
"""Their order is that of the shifts in a calibration."""
AMONG_STRANGERS, FILLED = "among strangers", "filled"
_AGAINST = {
    AMONG_STRANGERS: "much of what stands beside it is no {what}: it may be part of a word or a drawing",
    FILLED: "it may be a blot: what it encloses is as dark as its edge",
}
"""What speaks against a mark whatever its confidence, and the reason why a person should look."""
_LESSER = 0.6
"""A mark smaller than this share of the largest one on the page is a lesser one."""
_BESIDE = 0.4
"""A mark of this share of another's size stands beside it; what is smaller is dirt or punctuation."""
_FAINT = 0.55
"""What has less than this share of a mark's strength beside it is a shadow, or print that shines through."""
_FLAT = 0.16
"""What is no higher than this share of its width, and as wide as the mark beside it, is left of a rule."""
_LIKELY = 0.5
"""A mark this sure is likely a digit."""
PART = 0.8
"""A mark within another look's that is not so tall and wide by this share is a mere part of it."""
_NONE = 0.1
"""A mark less likely a digit than this is none."""
_RIVAL, _SAME_PLACE = 0.3, 0.3
"""A mark is disputed by one of another look that has this probability and shares so much of its box."""


def doubted(
    seen: Sequence[Seen], recognizer: Recognizer, ways: Sequence[str] = (), rivals: Sequence[View] = ()
) -> tuple[Seen, ...]:
    """Marks with their circumstances, and with probabilities that take these into account.

    Args:
        seen: all marks of the view.
        recognizer: whose calibration tells what the circumstances cost; without one nothing changes.
        ways: circumstances of the view itself: "learned look" or "other look"; none of the first.
        rivals: other views of the page.
    """
    meta = recognizer.metadata
    costs = dict(meta.calibration.doubts) if meta.calibration else {}
    told: list[Seen] = []
    for one in seen:
        names = (*ways, *_circumstances(one, seen, ways, rivals, meta.digits))
        cost = sum(costs.get(name, 0.0) for name in names)
        shares = one.shares
        if cost and len(meta.classes) > meta.digits:
            logits = np.array(one.logits, np.float64)
            logits[meta.digits :] += cost
            shares = probabilities(logits[None], meta.calibration)[0]
        told.append(replace(one, circumstances=names, shares=shares))
    return tuple(told)


def _circumstances(
    one: Seen, seen: Sequence[Seen], ways: Sequence[str], rivals: Sequence[View], digits: int
) -> Iterator[str]:
    """What holds of one mark of a view."""
    is_lesser = _size(one) < _LESSER * max(map(_size, seen))
    if is_lesser:
        yield "lesser mark"
    if one.touches_border:
        yield "at the border"
    if is_lesser and "other look" in ways:
        yield "lesser mark in other look"
    near = [float(o.shares[:digits].sum()) for o in _beside(one, seen)]
    strangers = sum(share < 0.5 for share in near)
    if strangers:
        yield "beside no digit"
    if 2 * strangers > len(near):
        yield AMONG_STRANGERS
    best = int(one.shares[:digits].argmax())
    others = [other for rival in rivals for other in rival.seen]
    if any(_disputes(other, one, best, digits) for other in others):
        yield "disputed"
    if any(_encloses(other, one, digits) for other in others):
        yield "part of no digit"


def kept_company(seen: Sequence[Seen], digits: int) -> tuple[Seen, ...]:
    """Marks of a page, those told to be among strangers beside half of which, or more, no digit is likely.

    `doubted` asks the network alone what stands beside a mark; this asks what became of it in the end: a ring
    with strokes that are hardly digits beside it is a head, not a 0.

    Args:
        seen: all marks of a page, as `doubted` tells them.
        digits: how many of the first classes are digits.
    """
    return tuple(
        replace(one, circumstances=(*one.circumstances, AMONG_STRANGERS))
        if AMONG_STRANGERS not in one.circumstances and _stands_alone(one, seen, digits)
        else one
        for one in seen
    )


def against(one: Seen, what: str = "digit") -> str:
    """Why a person should look at a mark whatever its confidence; empty where nothing speaks against it.

    Args:
        one: the mark, as it was `doubted`.
        what: is read.
    """
    found = (reason for name, reason in _AGAINST.items() if name in one.circumstances)
    return next(found, "").format(what=what)


def _stands_alone(one: Seen, seen: Sequence[Seen], digits: int) -> bool:
    """Whether there are marks beside one, and half of them or more are no likely digits."""
    near = [float(o.shares[:digits].max()) for o in _beside(one, seen)]
    return bool(near) and 2 * sum(share < _LIKELY for share in near) >= len(near)


def _beside(one: Seen, seen: Sequence[Seen]) -> list[Seen]:
    """The marks beside one that somebody drew: neither dirt nor shadows, nor what is left of a rule."""
    return [
        o
        for o in seen
        if o is not one
        and _size(o) >= _BESIDE * _size(one)
        and o.strength >= _FAINT * one.strength
        and not (o.box.height <= _FLAT * o.box.width and o.box.width >= _size(one))
    ]


def is_same(one: Seen, other: Seen, digits: int) -> bool:
    """Whether a mark of another view is the same digit in the same place."""
    is_equal = int(one.shares[:digits].argmax()) == int(other.shares[:digits].argmax())
    return is_equal and _overlap(one.box, other.box) > _SAME_PLACE


def is_part(box: Box, whole: Box, part: float = PART) -> bool:
    """Whether a box lies in another one and is smaller than a part of it."""
    wide = min(box.right, whole.right) - max(box.left, whole.left)
    high = min(box.bottom, whole.bottom) - max(box.top, whole.top)
    inside = max(wide, 0) * max(high, 0) > 0.8 * box.width * box.height
    return inside and max(box.width, box.height) < part * max(whole.width, whole.height)


def _disputes(other: Seen, one: Seen, best: int, digits: int) -> bool:
    """Whether a mark of another view, in the same place, is likely another digit."""
    shares = other.shares[:digits]
    is_other = int(shares.argmax()) != best and float(shares.max()) >= _RIVAL
    return is_other and _overlap(other.box, one.box) > _SAME_PLACE


def _encloses(other: Seen, one: Seen, digits: int) -> bool:
    """Whether a mark of another view, of which this one is a part, is no digit."""
    is_none = float(other.shares[:digits].sum()) < _NONE
    return is_none and not other.touches_border and is_part(one.box, other.box)


def _overlap(a: Box, b: Box) -> float:
    """The area that two boxes share, of what they cover together."""
    wide = min(a.right, b.right) - max(a.left, b.left)
    high = min(a.bottom, b.bottom) - max(a.top, b.top)
    shared = max(wide, 0) * max(high, 0)
    return shared / (a.width * a.height + b.width * b.height - shared)


def _size(mark: Seen) -> int:
    return max(mark.box.height, mark.box.width)
