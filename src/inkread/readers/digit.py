"""Read single digits, one by one, wherever they stand on a page.

In: a `Picture` and a recognizer. Out: a `Trace`: the readings, and what was seen on the way (ink, crops,
probabilities) for whoever wants it explained.

The first look takes the picture as it most likely is. Where that gives no clear digit, other views are
tried: the light taken more locally, the other polarity; a clear digit in one of them wins. Strokes that read
badly alone are tried together with their neighbour.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from inkread.decode.confidence import probabilities
from inkread.imaging.ink import Assumption, Ink, extract
from inkread.imaging.load import Picture
from inkread.imaging.normalize import SIDE, normalize_ink, textbook
from inkread.imaging.rules import remove_rules
from inkread.imaging.segment import Mark, find_marks
from inkread.runtime.recognizer import Recognizer
from inkread.types import Alternative, Box, Character, Reading, Status

__all__ = ["TEXTBOOK", "Seen", "Trace", "read_digits"]

TEXTBOOK = "textbook"
"""The normaliser of models that were trained on whole pictures squeezed to 28 x 28."""
_CLEAR = 0.9
"""A first look this sure needs no second one."""
_ONE = "1"
"""Any line left over by another look reads as this."""
_LONE = 1.5
"""By how much, as a logit, a lone stroke is less likely to be no digit than one among others."""
_CLEARER = 0.95
"""Another look must be this sure to be preferred to the first."""
_LOCAL_LIGHT = 0.12, 0.06
"""Widest strokes, as shares of the picture: what is wider is taken for a shadow."""
_SURE = 0.97
"""A mark this sure by itself is only joined with another where both together are at least as sure."""
_SOLID = 0.62
"""What fills more of its box than this is a blot, not a stroke."""
_PART = 0.6
"""A close mark smaller than this share of its neighbour is more likely a part of it than a digit."""
_MANY = 12
"""So many marks without one digit among them are reported as one."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """One mark as the network saw it.

    Attributes:
        box: in pixels of the picture's `rgb`.
        normalized: float32 `(28, 28)`, what the network was given.
        logits: float32 `(classes,)`, what the network said.
        shares: float64 `(classes,)`, calibrated probabilities.
        touches_border: whether the strokes run into the border of the picture.
    """

    box: Box
    normalized: NDArray[np.float32]
    logits: NDArray[np.float32]
    shares: NDArray[np.float64]
    touches_border: bool


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """Everything that led to the readings of one page.

    Attributes:
        rgb: uint8 `(height, width, 3)`, the picture as it was looked at.
        ink: float32 `(height, width)`, rules taken out.
        seen: the marks, one a reading, in reading order; empty of a blank page.
        readings: at least one.
    """

    rgb: NDArray[np.uint8]
    ink: NDArray[np.float32]
    seen: tuple[Seen, ...]
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _View:
    """One way to look at a page, and how clearly it shows a digit."""

    ink: NDArray[np.float32]
    contrast: float
    seen: tuple[Seen, ...]
    clarity: float


def read_digits(picture: Picture, recognizer: Recognizer, threshold: float) -> Trace:
    """Read every digit of a picture.

    Args:
        picture: upright.
        recognizer: gives ten digits and, where it can, "not a digit".
        threshold: the least confidence at which a reading is accepted.
    """
    view = (
        _squeezed(picture, recognizer)
        if recognizer.metadata.normalizer == TEXTBOOK
        else _look(picture, recognizer)
    )
    if not view.seen:
        blank = Reading("", 0.0, "refused", "blank: nothing stands out from the paper", box=_whole(picture))
        return Trace(picture.rgb, view.ink, (), (blank,))
    seen = _worth_telling(view.seen, recognizer.metadata.digits)
    whole = sum(not s.touches_border for s in seen)
    asked = _Asked(picture, recognizer, threshold, cut_at_border=2 * whole > len(seen))
    readings = tuple(_reading(s, asked) for s in seen)
    return Trace(picture.rgb, view.ink, seen, readings)


def _whole(picture: Picture) -> Box:
    return Box(0, 0, picture.width, picture.height)


def _squeezed(picture: Picture, recognizer: Recognizer) -> _View:
    """The textbook way: the whole picture, grey, 28 x 28, inverted."""
    small = textbook(picture.rgb)[..., 0]
    logits = recognizer.logits(small[None, ..., None])
    shares = probabilities(logits, recognizer.metadata.calibration)[0]
    grey = 1 - picture.rgb.mean(-1, dtype=np.float32) / 255
    box = Box(0, 0, picture.rgb.shape[1], picture.rgb.shape[0])
    return _View(grey, 1.0, (Seen(box, small, logits[0], shares, True),), float(shares.max()))


def _look(picture: Picture, recognizer: Recognizer) -> _View:
    """The most likely view; where it shows no clear digit, the clearest of several."""
    ink = extract(picture.rgb)
    first = best = _lone_one(_view(ink, recognizer), recognizer)
    is_crop = picture.scale < 1
    for other in _other_looks(ink.light_on_dark, is_crop=is_crop):
        if best.clarity >= _CLEAR:
            break
        view = _view(extract(picture.rgb, other), recognizer, doubtful=_ONE)
        clearer = view.clarity > (max(_CLEARER, best.clarity) if first.seen else best.clarity)
        is_sound = not is_crop or not first.seen or _is_whole(view, first)
        if clearer and is_sound and not any(_is_hollow(mark, first) for mark in view.seen):
            best = view
    return best


def _lone_one(view: _View, recognizer: Recognizer) -> _View:
    """A straight stroke alone, clear of the border, is less likely a line left over than one among others."""
    meta = recognizer.metadata
    if len(view.seen) != 1 or view.seen[0].touches_border or len(meta.classes) == meta.digits:
        return view
    seen = view.seen[0]
    if meta.classes[int(seen.logits[: meta.digits].argmax())] != _ONE:
        return view
    logits = seen.logits.copy()
    logits[meta.digits] -= _LONE
    shares = probabilities(logits[None], meta.calibration)[0]
    return replace(
        view, seen=(replace(seen, logits=logits, shares=shares),), clarity=float(shares[: meta.digits].max())
    )


def _other_looks(light_on_dark: bool, *, is_crop: bool) -> Iterator[Assumption]:
    """What else may be true of a picture. A tiny crop shows no table around a sheet: its digit fills it."""
    if not is_crop:
        yield Assumption(light_on_dark, framed=True)
        yield Assumption(not light_on_dark, framed=True)
    for widest in _LOCAL_LIGHT:
        yield Assumption(light_on_dark, widest=widest)
    yield Assumption(not light_on_dark)


def _is_hollow(mark: Seen, first: _View) -> bool:
    """Whether a mark is the rim of what the first look showed to be a solid blot."""
    for blot in first.seen:
        box, other = blot.box, mark.box
        wide = min(box.right, other.right) - max(box.left, other.left)
        high = min(box.bottom, other.bottom) - max(box.top, other.top)
        same = min(wide, high) > 0 and wide * high > 0.6 * max(
            box.width * box.height, other.width * other.height
        )
        if same and float(blot.normalized.sum()) > _SOLID * _area(blot.normalized):
            return True
    return False


def _area(normalized: NDArray[np.float32]) -> int:
    """Pixels of the box around what is drawn."""
    return int(normalized.any(0).sum()) * int(normalized.any(1).sum())


def _is_whole(view: _View, first: _View) -> bool:
    """Whether a view shows no mere fragments of what the first look showed."""
    return len(view.seen) <= len(first.seen) + 1 and float(view.ink.sum()) > 0.35 * float(first.ink.sum())


def _view(ink: Ink, recognizer: Recognizer, doubtful: str = "") -> _View:
    """Read what an ink shows; digits of the `doubtful` class do not make it clear."""
    strokes = remove_rules(ink.ink) if ink.contrast else ink.ink
    marks = find_marks(strokes) if ink.contrast else []
    if not marks:
        return _View(strokes, ink.contrast, (), 0.0)
    seen = _ask(marks, recognizer)
    marks, seen = _join_halves(marks, seen, recognizer)
    digits = recognizer.metadata.digits
    clear = np.array([s.shares[:digits] for s in seen])
    clear[:, [text == doubtful for text in recognizer.metadata.classes[:digits]]] = 0
    weights = np.array([mark.weight for mark in marks])
    clarity = float(clear[weights > 0.2 * weights.max()].max())
    return _View(strokes, ink.contrast, tuple(seen), clarity)


def _ask(marks: list[Mark], recognizer: Recognizer) -> list[Seen]:
    crops = np.stack([normalize_ink(mark.ink) for mark in marks])
    logits = recognizer.logits(crops[..., None])
    shares = probabilities(logits, recognizer.metadata.calibration)
    told = zip(marks, crops, logits, shares, strict=True)
    return [Seen(m.box, crop, logit, share, m.touches_border) for m, crop, logit, share in told]


def _join_halves(
    marks: list[Mark], seen: list[Seen], recognizer: Recognizer
) -> tuple[list[Mark], list[Seen]]:
    """Try what reads badly or is small together with a neighbour; keep a pair that clearly is a digit."""
    digits = recognizer.metadata.digits
    if not 1 < len(marks) <= _MANY:
        return marks, seen
    best = [float(s.shares[:digits].max()) for s in seen]
    for i in sorted(range(len(marks)), key=lambda k: _size(marks[k])):
        for j in range(len(marks)):
            if i == j or not _are_close(marks[i].box, marks[j].box):
                continue
            is_part = _size(marks[i]) < _PART * _size(marks[j])
            if min(best[i], best[j]) >= _CLEAR and not is_part:
                continue
            joined = _joined(marks[i], marks[j])
            view = _ask([joined], recognizer)[0]
            needed = _CLEAR if is_part else max(_CLEAR, best[i], min(best[j], _SURE))
            if float(view.shares[:digits].max()) > needed:
                rest = [k for k in range(len(marks)) if k not in (i, j)]
                at = sum(k < min(i, j) for k in rest)
                marks, seen = [marks[k] for k in rest], [seen[k] for k in rest]
                return [*marks[:at], joined, *marks[at:]], [*seen[:at], view, *seen[at:]]
    return marks, seen


def _size(mark: Mark) -> int:
    return max(mark.box.height, mark.box.width)


def _are_close(a: Box, b: Box) -> bool:
    size = max(a.height, a.width, b.height, b.width)
    gap_x = max(a.left - b.right, b.left - a.right, 0)
    gap_y = max(a.top - b.bottom, b.top - a.bottom, 0)
    together = max(a.bottom, b.bottom) - min(a.top, b.top)
    return max(gap_x, gap_y) < 0.3 * size and together < 1.7 * size


def _joined(a: Mark, b: Mark) -> Mark:
    left, top = min(a.box.left, b.box.left), min(a.box.top, b.box.top)
    right, bottom = max(a.box.right, b.box.right), max(a.box.bottom, b.box.bottom)
    ink = np.zeros((bottom - top, right - left), np.float32)
    for mark in (a, b):
        y, x = mark.box.top - top, mark.box.left - left
        part = ink[y : y + mark.box.height, x : x + mark.box.width]
        np.maximum(part, mark.ink, out=part)
    weight = max(a.weight, b.weight)
    return Mark(Box(left, top, right, bottom), ink, a.touches_border or b.touches_border, weight)


def _worth_telling(seen: tuple[Seen, ...], digits: int) -> tuple[Seen, ...]:
    """Leave out what is neither a digit nor as large as the digits; of mere texture keep the largest mark."""
    best = np.array([float(s.shares[:digits].max()) for s in seen])
    heights = np.array([max(s.box.height, s.box.width) for s in seen])
    if not (best > 0.5).any():
        return seen if len(seen) <= _MANY else (seen[int(heights.argmax())],)
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
    order = np.argsort(-seen.shares[: meta.digits], kind="stable")
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
        alternatives=(best, *(o for o in options[1:4] if o.confidence >= 0.001)),
        characters=(Character(text, best.confidence, box),) if text else (),
    )


def _verdict(seen: Seen, options: list[Alternative], asked: _Asked) -> tuple[Status, str]:
    """The status of a mark, and the reason why a person must look."""
    best, second = options[0], options[1]
    is_cut = seen.touches_border and asked.cut_at_border
    if best.confidence >= asked.threshold and not is_cut:
        return "accepted", ""
    other = 1.0 - float(seen.shares[: asked.recognizer.metadata.digits].sum())
    if other > 0.5:
        turn = _upright_after(seen, asked.recognizer)
        hint = f"; it may lie sideways: try rotate {turn}" if turn else ""
        return "refused", f"does not look like a digit (best guess {best.text}){hint}"
    if is_cut:
        return "review", "runs into the border of the picture: part of it may be missing"
    if asked.threshold > 1:
        return "review", "the model is not calibrated for this error target: set a threshold to accept"
    return "review", _doubt(best, second, other)


def _doubt(best: Alternative, second: Alternative, other: float) -> str:
    """What else a mark may be; `other` is the probability that it is no digit."""
    if second.confidence > 0.5 * (1 - best.confidence):
        return f"could also be {second.text} ({second.confidence:.0%})"
    return f"may not be a digit ({other:.0%})" if other > 0.02 else "not sure enough for the error target"


def _upright_after(seen: Seen, recognizer: Recognizer) -> int:
    """By how many degrees clockwise the mark must be turned to be a clear digit; 0 where no turn helps."""
    turned = np.stack([normalize_ink(np.ascontiguousarray(np.rot90(seen.normalized, -k))) for k in (1, 3)])
    shares = probabilities(
        recognizer.logits(turned.reshape(-1, SIDE, SIDE, 1)), recognizer.metadata.calibration
    )
    best = shares[:, : recognizer.metadata.digits].max(1)
    return (90, 270)[int(best.argmax())] if best.max() > _CLEAR else 0
