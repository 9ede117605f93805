"""What one way of looking at a page shows: its marks, and what the network makes of each.

In: ink and a recognizer. Out: a `View`. Strokes that read badly alone are tried together with their
neighbour.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from inkread.decode.confidence import probabilities
from inkread.imaging.ink import Ink
from inkread.imaging.normalize import normalize_ink
from inkread.imaging.rules import remove_rules
from inkread.imaging.segment import Mark, find_marks
from inkread.runtime.recognizer import Recognizer
from inkread.types import Box

__all__ = ["CLEAR", "MANY", "ONE", "Seen", "View", "lone_one", "view"]

CLEAR = 0.9
"""A mark this sure is a digit."""
ONE = "1"
"""Any line left over by a look reads as this."""
_LONE = 1.5
"""By how much, as a logit, a lone stroke is less likely to be no digit than one among others."""
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
        strength: how dark its strokes are, 0..1, on the average; 1 where it stands alone.
    """

    box: Box
    normalized: NDArray[np.float32]
    logits: NDArray[np.float32]
    shares: NDArray[np.float64]
    touches_border: bool
    circumstances: tuple[str, ...] = ()
    strength: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """One way to look at a page.

    Attributes:
        ink: float32 `(height, width)`, rules taken out.
        contrast: of the ink; 0 where nothing stands out.
        seen: its marks, in reading order.
        clarity: how sure the surest of its larger marks is, 0..1.
        is_plain: whether there is nothing on the page but one mark: no rules, nothing beside it.
    """

    ink: NDArray[np.float32]
    contrast: float
    seen: tuple[Seen, ...]
    clarity: float
    is_plain: bool = False


def view(ink: Ink, recognizer: Recognizer, doubtful: str = "") -> View:
    """Read what an ink shows; digits of the `doubtful` class do not make it clear."""
    strokes = remove_rules(ink.ink) if ink.contrast else ink.ink
    marks = find_marks(strokes) if ink.contrast else []
    if not marks:
        return View(strokes, ink.contrast, (), 0.0)
    seen = _ask(marks, recognizer)
    marks, seen = _join_halves(marks, seen, recognizer)
    if len(marks) > 1:
        seen = [replace(s, strength=mark.strength) for s, mark in zip(seen, marks, strict=True)]
    least = 0.2 * max(mark.weight for mark in marks)
    larger = [s for s, mark in zip(seen, marks, strict=True) if mark.weight > least]
    clarity = max(
        _clarity(s, recognizer, doubtful if len(seen) > 1 or s.touches_border else "") for s in larger
    )
    is_plain = strokes is ink.ink and len(seen) == 1
    return View(strokes, ink.contrast, tuple(seen), clarity, is_plain)


def _clarity(seen: Seen, recognizer: Recognizer, doubtful: str) -> float:
    """How sure the network is that a mark is one digit, other than the doubtful one."""
    meta = recognizer.metadata
    shares = seen.shares[: meta.digits]
    if doubtful:
        shares = shares[[text != doubtful for text in meta.classes[: meta.digits]]]
    return float(shares.max(initial=0.0))


def lone_one(view: View, recognizer: Recognizer) -> View:
    """A straight stroke alone, clear of the border, is less likely a line left over than one among others."""
    meta = recognizer.metadata
    if len(view.seen) != 1 or view.seen[0].touches_border or len(meta.classes) == meta.digits:
        return view
    seen = view.seen[0]
    if meta.classes[int(seen.logits[: meta.digits].argmax())] != ONE:
        return view
    logits = seen.logits.copy()
    logits[meta.digits] -= _LONE
    shares = probabilities(logits[None], meta.calibration)[0]
    return replace(
        view, seen=(replace(seen, logits=logits, shares=shares),), clarity=float(shares[: meta.digits].max())
    )


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
            both = _ask([joined], recognizer)[0]
            needed = CLEAR if is_part else max(CLEAR, best[i], min(best[j], _SURE))
            if max(best[i], best[j]) < _LIKELY:
                needed = _LIKELY
            if float(both.shares[:digits].max()) > needed:
                rest = [k for k in range(len(marks)) if k not in (i, j)]
                at = sum(k < min(i, j) for k in rest)
                marks, seen = [marks[k] for k in rest], [seen[k] for k in rest]
                return [*marks[:at], joined, *marks[at:]], [*seen[:at], both, *seen[at:]]
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
