"""Take ruled lines, squares and margins out of the ink of a page; what is written across them stays.

In: a mask of ink, uint8 `(height, width)`, 0 or 1, roughly straight. Out: the same with the lines gone. A
rule is thin and runs on for longer than any stroke does; it may be bent, end at a margin, and be hidden under
writing. `inkread.imaging.rules` does this for a picture of one mark, which rules cross from border to border.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["without_rules"]

_THICK = 0.0042
"""The thickest rule, as a share of the longest side of the page."""
_LONG = 0.075
"""The shortest piece of a rule that is looked for, as a share of the longest side."""
_HIDDEN = 0.009
"""So much of a rule may be hidden by a stroke across it, as a share of the longest side."""
_UNBROKEN = 0.85
"""A rule shows, or strokes across it do, on at least this share of a long piece."""
_COVERED = 0.12
"""A rule is at least this long altogether, as a share of the side that it runs along."""


def without_rules(mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Erase the printed lines of a page, those across and those that run down.

    Args:
        mask: `(height, width)`, 1 where there is ink; text and rules run about along and across the picture.

    Returns:
        The mask without them.
    """
    longest = max(mask.shape)
    across = _rules(mask, longest)
    down = _rules(np.ascontiguousarray(mask.T), longest)
    return np.asarray(mask & ~(across | down.T).view(np.uint8) & 1, np.uint8)


def _rules(mask: NDArray[np.uint8], longest: int) -> NDArray[np.bool_]:
    """The pixels of lines that run across, without those where a stroke goes on above or below."""
    thick = max(2, round(_THICK * longest))
    long, hidden = max(12, round(_LONG * longest)), max(2, round(_HIDDEN * longest))
    solid = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((thick + 1, 1), np.uint8))
    thin = cv2.subtract(mask, solid)
    # A slanting line climbs a pixel now and then: three rows at once do not lose it.
    broad = cv2.dilate(thin, np.ones((3, 1), np.uint8))
    joined = cv2.morphologyEx(broad, cv2.MORPH_CLOSE, np.ones((1, hidden), np.uint8))
    runs = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, long), np.uint8))
    # Tops of letters stand in a row, too, but there is no ink between them.
    inked = cv2.blur(cv2.dilate(mask, np.ones((3, 1), np.uint8)).astype(np.float32), (long, 1))
    runs &= cv2.dilate((inked > _UNBROKEN).view(np.uint8), np.ones((1, long), np.uint8))
    if not runs.any():
        return np.zeros(mask.shape, bool)
    whole = cv2.dilate(runs, np.ones((3, long // 2 | 1), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(whole, connectivity=8)
    is_rule = np.zeros(count, bool)
    is_rule[1:] = stats[1:, cv2.CC_STAT_WIDTH] >= _COVERED * mask.shape[1] + long
    near = (is_rule[labels] & (runs > 0)).view(np.uint8)
    line = cv2.dilate(near, np.ones((3, 1), np.uint8)) & mask
    return np.asarray((line > 0) & ~_crossed(mask, line, thick), np.bool_)


def _crossed(mask: NDArray[np.uint8], line: NDArray[np.uint8], thick: int) -> NDArray[np.bool_]:
    """Where strokes cross: the columns of a line that have ink right above and right below it."""
    rest = cv2.subtract(mask, line)
    reach = np.ones((thick + 2, 1), np.uint8)
    above = cv2.dilate(rest, reach, anchor=(0, thick + 1)) & line
    below = cv2.dilate(rest, reach, anchor=(0, 0)) & line
    return np.asarray((above & below) > 0, np.bool_)
