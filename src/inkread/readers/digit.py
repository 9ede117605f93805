"""Read single digits, one by one, wherever they stand on a page.

In: a `Picture` and a recognizer. Out: a `Trace`: the readings, and what was seen on the way (ink, crops,
probabilities) for whoever wants it explained.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inkread.decode.confidence import probabilities
from inkread.imaging.load import Picture
from inkread.imaging.normalize import SIDE, normalize_ink
from inkread.readers.doubts import against, kept_company
from inkread.readers.looks import look
from inkread.readers.views import CLEAR, MANY, Seen
from inkread.runtime.recognizer import Recognizer
from inkread.types import Alternative, Box, Character, Reading, Status

__all__ = ["Seen", "Trace", "read_digits", "upright_after", "worth_telling"]

_PLAIN = 0.985
"""A digit this sure is what it is, whichever way it lies."""
_OPTIONS = 4
"""So many digits that a mark may be are told, the best among them."""


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """Everything that led to the readings of one page.

    Attributes:
        rgb: uint8 `(height, width, 3)`, the picture as it was looked at.
        ink: float32 `(height, width)`, rules taken out.
        seen: the marks, one a reading, in reading order; empty of a blank page.
        readings: at least one.
        kind: what the page was read as.
    """

    rgb: NDArray[np.uint8]
    ink: NDArray[np.float32]
    seen: tuple[Seen, ...]
    readings: tuple[Reading, ...]
    kind: str = "digit"


def read_digits(picture: Picture, recognizer: Recognizer, threshold: float) -> Trace:
    """Read every digit of a picture.

    Args:
        picture: upright.
        recognizer: gives ten digits and, where it can, "not a digit".
        threshold: the least confidence at which a reading is accepted.
    """
    view = look(picture, recognizer)
    if not view.seen:
        blank = Reading("", 0.0, "refused", "blank: nothing stands out from the paper", box=_whole(picture))
        return Trace(picture.rgb, view.ink, (), (blank,))
    digits = recognizer.metadata.digits
    seen = kept_company(worth_telling(view.seen, digits), digits)
    whole = sum(not s.touches_border for s in seen)
    asked = _Asked(picture, recognizer, threshold, cut_at_border=2 * whole > len(seen))
    readings = tuple(_reading(s, asked) for s in seen)
    return Trace(picture.rgb, view.ink, seen, readings)


def _whole(picture: Picture) -> Box:
    return Box(0, 0, picture.width, picture.height)


def worth_telling(seen: tuple[Seen, ...], digits: int) -> tuple[Seen, ...]:
    """Leave out what is neither a digit nor as large as the digits; of mere texture keep the largest mark."""
    if len(seen) == 1:
        return seen
    best = np.array([float(s.shares[:digits].max()) for s in seen])
    heights = np.array([max(s.box.height, s.box.width) for s in seen])
    if not (best > 0.5).any():
        return seen if len(seen) <= MANY else (seen[int(heights.argmax())],)
    typical = float(np.sort(heights[best > 0.5])[int((best > 0.5).sum()) // 2])
    return tuple(s for s, p, h in zip(seen, best, heights, strict=True) if p > 0.5 or h >= 0.45 * typical)


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """What readings of one page have in common.

    Attributes:
        picture: where they stand.
        recognizer: who read them.
        threshold: the least confidence at which a reading is accepted.
        cut_at_border: whether marks at the border are cut off by it, since most others are not there.
    """

    picture: Picture
    recognizer: Recognizer
    threshold: float
    cut_at_border: bool


def _reading(seen: Seen, asked: _Asked) -> Reading:
    meta, picture = asked.recognizer.metadata, asked.picture
    order = np.argsort(-seen.shares[: meta.digits], kind="stable")[:_OPTIONS].tolist()
    options = [Alternative(meta.classes[k], float(seen.shares[k])) for k in order]
    best = options[0]
    status, reason = _verdict(seen, options, asked)
    box = picture.user_box(seen.box)
    text = "" if status == "refused" else best.text
    return Reading(
        text=text,
        confidence=best.confidence,
        status=status,
        reason=reason,
        box=box,
        polygon=picture.corners(seen.box) if picture.is_turned else None,
        alternatives=(best, *(o for o in options[1:] if o.confidence >= 0.001)),
        characters=(Character(text, best.confidence, box),) if text else (),
    )


def _verdict(seen: Seen, options: list[Alternative], asked: _Asked) -> tuple[Status, str]:
    """The status of a mark, and the reason why a person must look."""
    best, second = options[0], options[1]
    is_cut = seen.touches_border and asked.cut_at_border
    cut = "runs into the border of the picture: part of it may be missing"
    speaks_against = cut if is_cut else against(seen)
    if best.confidence >= asked.threshold and not speaks_against:
        return _sure_enough(seen, best, asked.recognizer)
    other = 1.0 - float(seen.shares[: asked.recognizer.metadata.digits].sum())
    if other > 0.5:
        turn = upright_after(seen, asked.recognizer)
        hint = f"; it may lie sideways: try rotate {turn}" if turn else ""
        return "refused", f"does not look like a digit (best guess {best.text}){hint}"
    if speaks_against:
        return "review", speaks_against
    if asked.threshold > 1:
        return "review", "the model is not calibrated for this error target: set a threshold to accept"
    return "review", _doubt(best, second, other)


def _sure_enough(seen: Seen, best: Alternative, recognizer: Recognizer) -> tuple[Status, str]:
    """The status of a mark that is sure enough: accepted, unless it is a surer digit lying on its side."""
    turn = _another_after(seen, best, recognizer) if best.confidence < _PLAIN else 0
    if not turn:
        return "accepted", ""
    return (
        "review",
        f"it may lie on its side: turned it is another digit, and a clearer one; try rotate {turn}",
    )


def _doubt(best: Alternative, second: Alternative, other: float) -> str:
    """What else a mark may be; `other` is the probability that it is no digit."""
    if second.confidence > 0.5 * (1 - best.confidence):
        return f"could also be {second.text} ({second.confidence:.0%})"
    return f"may not be a digit ({other:.0%})" if other > 0.02 else "not sure enough for the error target"


def upright_after(seen: Seen, recognizer: Recognizer) -> int:
    """By how many degrees clockwise the mark must be turned to be a clear digit; 0 where no turn helps."""
    best = _turned(seen, recognizer, (90, 270)).max(1)
    return (90, 270)[int(best.argmax())] if best.max() > CLEAR else 0


def _another_after(seen: Seen, best: Alternative, recognizer: Recognizer) -> int:
    """By how many degrees clockwise a mark must be turned to be a plain digit, and another; 0 for none.

    A 6 on its head is a 9: that says nothing. Nor does a turn of other signs, many of which are each other's.
    """
    if not best.text.isdigit():
        return 0
    classes, turns = recognizer.metadata.classes, (90, 180, 270)
    for turn, shares in zip(turns, _turned(seen, recognizer, turns), strict=True):
        text = classes[int(shares.argmax())]
        if shares.max() >= _PLAIN and text != best.text and {text, best.text} != {"6", "9"}:
            return turn
    return 0


def _turned(seen: Seen, recognizer: Recognizer, turns: tuple[int, ...]) -> NDArray[np.float64]:
    """The shares of the digits, `(turns, digits)`, of a mark turned by so many degrees clockwise."""
    marks = [normalize_ink(np.ascontiguousarray(np.rot90(seen.normalized, -turn // 90))) for turn in turns]
    logits = recognizer.logits(np.stack(marks).reshape(-1, SIDE, SIDE, 1))
    return probabilities(logits, recognizer.metadata.calibration)[:, : recognizer.metadata.digits]
