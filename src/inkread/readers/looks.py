"""Look at a page in the ways that may show its digits, and ask the network what each mark is.

In: a `Picture` and a recognizer. Out: a `View`: the ink, and the marks in it with what the network made of
them. The first look takes the picture as it most likely is. Where that shows no clear digit, others are
tried: without what runs into the border, the light taken more locally, only the darkest of the marks, the
other polarity; a clear digit in one of them wins. Strokes that read badly alone are tried together with
their neighbour.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from inkread.decode.confidence import probabilities
from inkread.imaging.ink import Assumption, Ink, Sheet, extract
from inkread.imaging.load import Picture
from inkread.imaging.normalize import normalize_ink, textbook
from inkread.imaging.rules import remove_rules
from inkread.imaging.segment import Mark, find_marks, is_rim
from inkread.readers.doubts import doubted
from inkread.runtime.recognizer import Recognizer
from inkread.types import Box

__all__ = ["CLEAR", "MANY", "TEXTBOOK", "Seen", "View", "look"]

TEXTBOOK = "textbook"
"""The normaliser of models that were trained on whole pictures squeezed to 28 x 28."""
CLEAR = 0.9
"""A mark this sure is a digit."""
_CLEARER = 0.95
"""A look this sure needs no other, and another look must be this sure to be preferred to the first."""
_HOPELESS = 0.3
"""A first look less sure than this shows nothing; another must be surer than this to be preferred."""
_TINY = 0.5
"""Pictures enlarged to twice their size or more are all digit: a look may not see mere parts of it."""
_ONE = "1"
"""Any line left over by another look reads as this."""
_LONE = 1.5
"""By how much, as a logit, a lone stroke is less likely to be no digit than one among others."""
_USUAL_LIGHT = Assumption().widest
_LOCAL_LIGHT = 0.12, 0.06
"""Widest strokes, as shares of the picture: what is wider is taken for a shadow."""
_SURE = 0.97
"""A mark this sure by itself is only joined with another where both together are at least as sure."""
_LIKELY = 0.5
"""Two marks of which neither is likely a digit are joined where both together are."""
_PART = 0.6
"""A close mark smaller than this share of its neighbour is more likely a part of it than a digit."""
MANY = 12
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
        circumstances: those of `doubts.CIRCUMSTANCES` that hold; `shares` counts them in, `logits` does not.
    """

    box: Box
    normalized: NDArray[np.float32]
    logits: NDArray[np.float32]
    shares: NDArray[np.float64]
    touches_border: bool
    circumstances: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """One way to look at a page, and how clearly it shows a digit."""

    ink: NDArray[np.float32]
    contrast: float
    seen: tuple[Seen, ...]
    clarity: float


def look(picture: Picture, recognizer: Recognizer) -> View:
    """See a page as its model wants it: mark by mark, or, the textbook way, squeezed whole into 28 x 28.

    Args:
        picture: upright.
        recognizer: gives ten digits and, where it can, "not a digit".
    """
    is_textbook = recognizer.metadata.normalizer == TEXTBOOK
    return _squeezed(picture, recognizer) if is_textbook else _clearest(picture, recognizer)


def _squeezed(picture: Picture, recognizer: Recognizer) -> View:
    """The textbook way: the whole picture, grey, 28 x 28, inverted."""
    small = textbook(picture.rgb)[..., 0]
    logits = recognizer.logits(small[None, ..., None])
    shares = probabilities(logits, recognizer.metadata.calibration)[0]
    grey = 1 - picture.rgb.mean(-1, dtype=np.float32) / 255
    box = Box(0, 0, picture.rgb.shape[1], picture.rgb.shape[0])
    return View(grey, 1.0, (Seen(box, small, logits[0], shares, True),), float(shares.max()))


def _clearest(picture: Picture, recognizer: Recognizer) -> View:
    """The most likely view; where it shows no clear digit, the clearest of several."""
    sheet = Sheet.of(picture.rgb)
    ink = extract(sheet)
    first = best = _lone_one(_view(ink, recognizer), recognizer)
    is_line = _is_line(first, recognizer)
    is_crop, is_tiny = picture.scale < 1, picture.scale < _TINY
    is_hopeless = first.clarity < _HOPELESS and not is_tiny
    needed = _CLEARER if first.seen and not is_hopeless else _HOPELESS if first.seen else 0.0
    for other in _other_looks(ink.light_on_dark, is_crop=is_crop, is_hopeless=is_hopeless):
        if best.clarity >= _CLEARER and not (best is first and is_line):
            break
        view = _view(extract(sheet, other), recognizer, doubtful=_ONE)
        is_sound = not is_crop or is_hopeless or not first.seen or _is_whole(view, first)
        is_clearer = view.clarity > max(needed, best.clarity)
        if is_clearer and is_sound and not any(is_rim(mark.box, view.ink, first.ink) for mark in view.seen):
            best = view
    return replace(best, seen=doubted(best.seen, recognizer, is_other=best is not first))


def _is_line(view: View, recognizer: Recognizer) -> bool:
    """Whether all that a look shows clearly is a straight stroke that runs into the border, as shadows do."""
    meta = recognizer.metadata
    clear = [s for s in view.seen if float(s.shares[: meta.digits].max()) >= CLEAR]
    return bool(clear) and all(
        s.touches_border and meta.classes[int(s.shares[: meta.digits].argmax())] == _ONE for s in clear
    )


def _lone_one(view: View, recognizer: Recognizer) -> View:
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


def _other_looks(light_on_dark: bool, *, is_crop: bool, is_hopeless: bool) -> Iterator[Assumption]:
    """What else may be true of a picture. A tiny crop shows no table around a sheet: its digit fills it."""
    if not is_crop:
        yield Assumption(light_on_dark, framed=True)
        yield Assumption(not light_on_dark, framed=True)
    for widest in _LOCAL_LIGHT:
        yield Assumption(light_on_dark, widest=widest)
    for widest in (_USUAL_LIGHT, *_LOCAL_LIGHT) if is_hopeless or not is_crop else ():
        yield Assumption(light_on_dark, widest=widest, darkest=True)
    yield Assumption(not light_on_dark)
    if is_hopeless:
        yield Assumption(not light_on_dark, widest=_LOCAL_LIGHT[0])


def _is_whole(view: View, first: View) -> bool:
    """Whether a view shows no mere fragments of what the first look showed."""
    return len(view.seen) <= len(first.seen) + 1 and float(view.ink.sum()) > 0.35 * float(first.ink.sum())


def _view(ink: Ink, recognizer: Recognizer, doubtful: str = "") -> View:
    """Read what an ink shows; digits of the `doubtful` class do not make it clear."""
    strokes = remove_rules(ink.ink) if ink.contrast else ink.ink
    marks = find_marks(strokes) if ink.contrast else []
    if not marks:
        return View(strokes, ink.contrast, (), 0.0)
    seen = _ask(marks, recognizer)
    marks, seen = _join_halves(marks, seen, recognizer)
    digits = recognizer.metadata.digits
    clear = np.array([s.shares[:digits] for s in seen])
    ones = [text == doubtful for text in recognizer.metadata.classes[:digits]]
    clear[np.ix_([len(seen) > 1 or s.touches_border for s in seen], ones)] = 0
    weights = np.array([mark.weight for mark in marks])
    clarity = float(clear[weights > 0.2 * weights.max()].max())
    return View(strokes, ink.contrast, tuple(seen), clarity)


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
    if not 1 < len(marks) <= MANY:
        return marks, seen
    best = [float(s.shares[:digits].max()) for s in seen]
    for i in sorted(range(len(marks)), key=lambda k: _size(marks[k])):
        for j in range(len(marks)):
            if i == j or not _are_close(marks[i].box, marks[j].box):
                continue
            is_part = _size(marks[i]) < _PART * _size(marks[j])
            if min(best[i], best[j]) >= CLEAR and not is_part:
                continue
            joined = _joined(marks[i], marks[j])
            view = _ask([joined], recognizer)[0]
            needed = CLEAR if is_part else max(CLEAR, best[i], min(best[j], _SURE))
            if max(best[i], best[j]) < _LIKELY:
                needed = _LIKELY
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
