"""Circumstances under which a mark is less likely a digit than the network, which sees only it, can know.

In: the marks of the view that was chosen. Out: the same marks, their circumstances named, and the probability
of "not a digit" raised by what each circumstance was measured to cost (`Calibration.doubts`, fitted on
held-back photos). A page of several digits of like size is no such circumstance: numbers are written so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from inkread.decode.confidence import probabilities

if TYPE_CHECKING:
    from inkread.readers.looks import Seen
    from inkread.runtime.recognizer import Recognizer

__all__ = ["CIRCUMSTANCES", "doubted"]

CIRCUMSTANCES = ("other look", "lesser mark", "at the border", "lesser mark in other look")
"""Their order is that of the shifts in a calibration."""
_LESSER = 0.6
"""A mark smaller than this share of the largest one on the page is a lesser one."""


def doubted(seen: Sequence[Seen], recognizer: Recognizer, *, is_other: bool) -> tuple[Seen, ...]:
    """Marks with their circumstances, and with probabilities that take these into account.

    Args:
        seen: all marks of the view.
        recognizer: whose calibration tells what the circumstances cost; without one nothing changes.
        is_other: whether the view is not the first, most likely one.
    """
    meta = recognizer.metadata
    largest = max((max(s.box.height, s.box.width) for s in seen), default=0)
    told: list[Seen] = []
    for one in seen:
        is_lesser = max(one.box.height, one.box.width) < _LESSER * largest
        held = (is_other, is_lesser, one.touches_border, is_other and is_lesser)
        names = tuple(name for name, holds in zip(CIRCUMSTANCES, held, strict=True) if holds)
        costs = dict(meta.calibration.doubts) if meta.calibration else {}
        cost = sum(costs.get(name, 0.0) for name in names)
        shares = one.shares
        if cost and len(meta.classes) > meta.digits:
            logits = np.array(one.logits, np.float64)
            logits[meta.digits :] += cost
            shares = probabilities(logits[None], meta.calibration)[0]
        told.append(replace(one, circumstances=names, shares=shares))
    return tuple(told)
