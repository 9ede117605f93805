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
"""The thickest rule, as a share of the longest side of the page; four pixels at least."""
_LONG = 0.075
"""The shortest piece of a rule that is looked for, as a share of the longest side."""
_HIDDEN = 0.009
"""So much of a rule may be hidden by a stroke across it, as a share of the longest side."""
_UNBROKEN = 0.85
"""A rule shows, or strokes across it do, on at least this share of a long piece."""
_DASHED = 0.13
"""The shortest piece of a dashed or dotted rule, as a share of the longest side."""
_BARE = 0.02
"""Beside a dashed rule there is less ink than this share."""
_PIECES = 5
"""A piece of a rule between two strokes is this many times shorter than a long one, at least."""
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
    down = np.ascontiguousarray(_rules(np.ascontiguousarray(mask.T), longest).T)
    if not across.any() and not down.any():
        return mask
    rest = cv2.subtract(mask, across | down)
    thick = _thickest(longest)
    crossed = _crossed(rest, across, thick) | _crossed(rest.T, down.T, thick).T
    return np.asarray(rest | crossed, np.uint8)


def _thickest(longest: int) -> int:
    return max(4, round(_THICK * longest))


def _rules(mask: NDArray[np.uint8], longest: int) -> NDArray[np.uint8]:
    """The pixels of lines that run across, strokes that cross them cut through."""
    thick = _thickest(longest)
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
    runs |= _dashed(mask, joined, round(_DASHED * longest), thick)
    if not runs.any():
        return np.zeros(mask.shape, np.uint8)
    # Writing breaks a rule up: short pieces count where they continue a long one.
    pieces = cv2.morphologyEx(broad, cv2.MORPH_CLOSE, np.ones((1, 3), np.uint8))
    pieces = runs | cv2.morphologyEx(pieces, cv2.MORPH_OPEN, np.ones((1, max(6, long // _PIECES)), np.uint8))
    whole = cv2.dilate(pieces, np.ones((1, long | 1), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(whole, connectivity=8)
    is_rule = stats[:, cv2.CC_STAT_WIDTH] >= _COVERED * mask.shape[1] + long
    is_rule &= np.bincount(labels[runs > 0], minlength=count) > 0
    is_rule[0] = False
    near = (is_rule[labels] & (pieces > 0)).view(np.uint8)
    return np.asarray(cv2.dilate(near, np.ones((3, 1), np.uint8)) & mask, np.uint8)


def _dashed(mask: NDArray[np.uint8], joined: NDArray[np.uint8], long: int, thick: int) -> NDArray[np.uint8]:
    """Dashes and dots are rules where they go on and on, with bare paper above and below."""
    runs = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, long), np.uint8))
    if not runs.any():
        return np.asarray(runs, np.uint8)
    inked = mask.astype(np.float32)
    inner, outer = thick + 3, 3 * thick + 3
    within, all_in = (
        cv2.boxFilter(inked, -1, (long, 2 * reach + 1), normalize=False) for reach in (inner, outer)
    )
    is_alone = (all_in - within) < _BARE * long * 2 * (outer - inner)
    alone = cv2.dilate((is_alone & (runs > 0)).view(np.uint8), np.ones((1, long), np.uint8))
    return np.asarray(runs & alone, np.uint8)


def _crossed(rest: NDArray[np.uint8], line: NDArray[np.uint8], thick: int) -> NDArray[np.uint8]:
    """Where strokes cross lines that run across: where the rest of the ink is right above and right below."""
    reach = np.ones((thick + 2, 1), np.uint8)
    above = cv2.dilate(rest, reach, anchor=(0, thick + 1))
    below = cv2.dilate(rest, reach, anchor=(0, 0))
    return np.asarray(above & below & line, np.uint8)
