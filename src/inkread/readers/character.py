"""Read single characters, digits and letters, one by one, wherever they stand on a page.

In: a `Picture`, a recognizer of the 62 characters, and the set of characters that are meant. Out: a `Trace`
as readers of digits give it. Marks are looked for by their shapes, where A and a are one; which of the two it
is, is asked afterwards: the network's own output for the case says it, and, of marks in a row, their heights.
What is written alike (O and 0, C and c) goes to review with both among the alternatives, unless the set that
is asked for, or the row, tells them apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from inkread.decode import characters
from inkread.decode.characters import CLASSES, SHAPES
from inkread.decode.confidence import Calibration, probabilities
from inkread.imaging.load import Picture
from inkread.readers.digit import Trace, upright_after, worth_telling
from inkread.readers.dots import dotted
from inkread.readers.doubts import against
from inkread.readers.looks import look
from inkread.readers.views import Seen
from inkread.runtime.recognizer import Recognizer
from inkread.types import Alternative, Box, Character, Reading, Status

__all__ = ["is_alphanumeric", "read_characters"]

_AS_IT_IS = ((-8.0, 1 / (1 + np.exp(8.0))), (8.0, 1 / (1 + np.exp(-8.0))))
"""Knots of a calibration that leaves probabilities alone: straight lines in log-odds."""
_SAME_ROW = 0.4
"""Marks stand in a row where so much of the lower one's height is beside its neighbour."""
_SHOWN, _LEAST_SHOWN = 4, 0.001
"""Alternatives that are told of, and the least probable of them."""


def is_alphanumeric(recognizer: Recognizer) -> bool:
    """Whether a recognizer tells the 62 characters, in their order, and "no character"."""
    return recognizer.metadata.classes == (*CLASSES, "")


def read_characters(
    picture: Picture, recognizer: Recognizer, threshold: float, charset: str = "alnum"
) -> Trace:
    """Read every character of a picture.

    Args:
        picture: upright.
        recognizer: of the 62 characters (`is_alphanumeric`).
        threshold: the least confidence at which a reading is accepted.
        charset: which characters are meant, a key of `decode.characters.CHARSETS`.

    Raises:
        UsageError: no such set of characters.
    """
    allowed = characters.allowed(charset)
    shapes = _of_shapes(recognizer)
    view = look(picture, shapes)
    if not view.seen:
        whole = Box(0, 0, picture.width, picture.height)
        blank = Reading("", 0.0, "refused", "blank: nothing stands out from the paper", box=whole)
        return Trace(picture.rgb, view.ink, (), (blank,), "character")
    seen = worth_telling(dotted(view, shapes), len(SHAPES))
    asked = _Asked(
        picture, shapes, threshold, charset, 2 * sum(not s.touches_border for s in seen) > len(seen)
    )
    told = _in_full(seen, recognizer)
    readings = tuple(_reading(one, shape, asked, allowed) for one, shape in zip(told, seen, strict=True))
    return Trace(picture.rgb, view.ink, told, readings, "character")


def _of_shapes(recognizer: Recognizer) -> Recognizer:
    """The same recognizer, asked for shapes alone."""
    meta = recognizer.metadata
    calibration = None
    if meta.calibration:
        calibration = Calibration(
            meta.calibration.temperature, len(SHAPES), _AS_IT_IS, (), doubts=meta.calibration.doubts
        )
    told = replace(meta, classes=(*SHAPES, ""), calibration=calibration, outputs="logits")
    return Recognizer(told, lambda images: characters.by_shape(recognizer.logits(images)))


def _in_full(seen: Sequence[Seen], recognizer: Recognizer) -> tuple[Seen, ...]:
    """Marks with the logits and shares of all characters, their case told by their height where they can."""
    logits = recognizer.logits(np.stack([s.normalized for s in seen]))
    logits[:, -1] = [s.logits[-1] for s in seen]  # a look may know more of what is no character
    calibration = recognizer.metadata.calibration
    costs = dict(calibration.doubts) if calibration else {}
    moved = logits.astype(np.float64)
    moved[:, -1] += [sum(costs.get(name, 0.0) for name in s.circumstances) for s in seen]
    shares = probabilities(moved, calibration)
    for row in _rows([s.box for s in seen]):
        shares[row] = characters.sized(shares[row], [seen[k].box.height for k in row])
    return tuple(
        replace(one, logits=row, shares=share) for one, row, share in zip(seen, logits, shares, strict=True)
    )


def _rows(boxes: Sequence[Box]) -> list[list[int]]:
    """Places of marks, in reading order, that stand beside each other."""
    rows: list[list[int]] = []
    for place, box in enumerate(boxes):
        before = boxes[rows[-1][-1]] if rows else None
        beside = min(before.bottom, box.bottom) - max(before.top, box.top) if before else 0
        if before and beside >= _SAME_ROW * min(before.height, box.height):
            rows[-1].append(place)
        else:
            rows.append([place])
    return rows


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """What readings of one page have in common.

    Attributes:
        picture: where they stand.
        shapes: who read them.
        threshold: the least confidence at which a reading is accepted.
        charset: the name of the characters that are meant.
        cut_at_border: whether marks at the border are cut off by it, since most others are not there.
    """

    picture: Picture
    shapes: Recognizer
    threshold: float
    charset: str
    cut_at_border: bool


def _reading(seen: Seen, shape: Seen, asked: _Asked, allowed: str) -> Reading:
    shares, free = characters.restricted(seen.shares, allowed)
    options = _options(shares)
    best = options[0]
    status, reason = _verdict(seen, options, (float(shares[-1]), free), asked)
    if status == "refused" and (turn := upright_after(shape, asked.shapes)):
        reason += f"; it may lie sideways: try rotate {turn}"
    box = asked.picture.user_box(seen.box)
    text = "" if status == "refused" else best.text
    return Reading(
        text=text,
        confidence=best.confidence,
        status=status,
        reason=reason,
        box=box,
        polygon=asked.picture.corners(seen.box) if asked.picture.is_turned else None,
        alternatives=(best, *(o for o in options[1:_SHOWN] if o.confidence >= _LEAST_SHOWN)),
        characters=(Character(text, best.confidence, box),) if text else (),
    )


def _options(shares: np.ndarray) -> list[Alternative]:
    """The characters, likeliest first, but the first is of the likeliest shape: its cases count together."""
    both = shares[:36].copy()
    both[10:] += shares[36:62]
    shape = int(both.argmax())
    cases = [shape] if shape < 10 else [shape, shape + 26]
    first = max(cases, key=lambda k: shares[k])
    order = [first, *(k for k in np.argsort(-shares[:62], kind="stable").tolist() if k != first)]
    return [Alternative(CLASSES[k], float(shares[k])) for k in order]


def _verdict(
    seen: Seen, options: list[Alternative], told: tuple[float, str], asked: _Asked
) -> tuple[Status, str]:
    """The status of a mark, and the reason why a person must look.

    Args:
        seen: the mark.
        options: best first.
        told: probability that it is no character of the set, and the free winner where that is outside it.
        asked: what was asked.
    """
    best, (other, free) = options[0], told
    is_cut = seen.touches_border and asked.cut_at_border
    speaks_against = against(seen, "character")
    if free:
        return "review", f"reads {free}, which is not in the set {asked.charset}"
    if best.confidence >= asked.threshold and not is_cut and not speaks_against:
        return "accepted", ""
    if other > 0.5:
        return "refused", f"does not look like a character (best guess {best.text})"
    if is_cut:
        return "review", "runs into the border of the picture: part of it may be missing"
    if speaks_against:
        return "review", speaks_against
    return "review", _doubt(options, other, asked.threshold)


def _doubt(options: list[Alternative], other: float, threshold: float) -> str:
    """What else a mark may be; `other` is the probability that it is no character."""
    best, second = options[:2]
    if threshold > 1:
        return "the model is not calibrated for this error target: set a threshold to accept"
    if second.confidence > 0.5 * (1 - best.confidence):
        if second.text in characters.alike(best.text):
            return f"{best.text} or {second.text}: written alike"
        return f"could also be {second.text} ({second.confidence:.0%})"
    return f"may not be a character ({other:.0%})" if other > 0.02 else "not sure enough for the error target"
