"""Give i and j their dots back, which stand too far from the letter to be found as one mark with it.

In: the marks of a `View` of letters. Out: the same marks, those with a dot over them as the network reads
them with it, where it then reads an i or a j. Without its dot an i is a stroke: 1, l or I.
"""

from __future__ import annotations

from dataclasses import replace

from inkread.decode.confidence import probabilities
from inkread.imaging.dots import dot_over, with_dot
from inkread.imaging.normalize import normalize_ink
from inkread.readers.views import Seen, View
from inkread.runtime.recognizer import Recognizer
from inkread.types import Box

__all__ = ["dotted"]

_WITHIN = 0.6
"""So sure must the network be that it is an i or a j with its dot, beside what it was without."""


def dotted(view: View, recognizer: Recognizer) -> tuple[Seen, ...]:
    """The marks of a view, i and j with their dots.

    Args:
        view: its marks were read by `recognizer`.
        recognizer: its classes name the letters i and j in either case.

    Returns:
        In the order of the view; a dot that was a mark of its own is none any more.
    """
    classes = recognizer.metadata.classes
    own = [k for k, text in enumerate(classes) if text and text in "IiJj"]
    told, gone = list(view.seen), set()
    for place, seen in enumerate(view.seen):
        dot = dot_over(view.ink, seen.box) if place not in gone else None
        if dot is None:
            continue
        both, ink = with_dot(view.ink, seen.box, dot)
        crop = normalize_ink(ink)
        logits = recognizer.logits(crop[None, ..., None])
        shares = probabilities(logits, recognizer.metadata.calibration)[0]
        best = int(shares[: recognizer.metadata.digits].argmax())
        if best in own and shares[best] >= _WITHIN * seen.shares[: recognizer.metadata.digits].max():
            told[place] = replace(seen, box=both, normalized=crop, logits=logits[0], shares=shares)
            gone |= {k for k, other in enumerate(view.seen) if k != place and _is_in(other.box, dot)}
    return tuple(seen for place, seen in enumerate(told) if place not in gone)


def _is_in(inner: Box, outer: Box) -> bool:
    """Whether a mark is a dot that was found."""
    middle_x, middle_y = (inner.left + inner.right) / 2, (inner.top + inner.bottom) / 2
    is_inside = outer.left <= middle_x <= outer.right and outer.top <= middle_y <= outer.bottom
    return is_inside and inner.height <= 2 * outer.height
