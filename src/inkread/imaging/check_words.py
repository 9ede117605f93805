"""The ink of the amount in words on a check: what is written on its rule, and nothing that is printed there.

In: the place of the words, RGB, uint8 `(height, width, 3)`, level, and where its rule lies. Out: ink, float32
of the same size, without the rule, the word DOLLARS behind it, the stroke that fills the line, tails of the
payee above and the tops of the bank's name below.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.imaging.field_ink import field_ink

__all__ = ["without_rule", "words_ink"]

_INKED = 0.3
_HIGH, _OVER = 0.33, 0.07
"""Printed letters on the rule are lower than the one share of the pitch; the rule is thinner than the
other."""
_CAPITAL = 0.6
"""What is written is higher than print, and what is higher than this may stand on the line above."""
_PRINT = (0.4, 2.4)
"""The printed word is so many pitches wide."""
_APART = 0.08
"""What is printed stands so many pitches behind what is written."""
_STRAIGHT, _WAVY = (0.14, 0.6), (0.3, 2.4)
"""A stroke that fills the line: lower than, and longer than these shares of the pitch."""
_DASH = (0.13, 2.2)
"""A dash is lower than the one share of the pitch and so many times as wide as high."""
_SPECK = 0.03
_TALLEST = 0.8
"""Letters rise above the rule by so many pitches at most."""
_FIRM = 0.9
"""The level of the strokes once they have their full range."""


def words_ink(rgb: NDArray[np.uint8], rule: float, pitch: float) -> NDArray[np.float32]:
    """Separate what is written from what is printed.

    Args:
        rgb: `(height, width, 3)`, from above the writing to below the rule.
        rule: where the rule lies, pixels from the top.
        pitch: pixels from the payee's rule to this one.

    Returns:
        float32 `(height, width)`, 0 bare paper, 1 the darkest stroke; all bare where nothing is written.
    """
    found = field_ink(rgb)
    if not found.contrast:
        return np.zeros(rgb.shape[:2], np.float32)
    rows, half = _rule_rows(found.ink, rule, pitch)
    off_rule = np.abs(np.arange(len(rgb))[:, None] - rows[None])
    end = _end(np.asarray(np.where(off_rule <= half, 0, found.ink), np.float32), rule, pitch)
    # Print is firm and of its own colour: the pen is told from the paper once print is gone.
    top = max(0, round(rule - _TALLEST * pitch))
    bare = np.zeros(rgb.shape[:2], np.float32)
    bare[top:, :end] = field_ink(_bridged(rgb, rows, half)[top:, :end]).ink
    _, labels, stats, _ = cv2.connectedComponentsWithStats((bare > _INKED).view(np.uint8), connectivity=8)
    # A stroke that fills the line is drawn firmly: what it hides is told only once it is gone.
    drawn = _fills(stats, pitch)
    drawn[0] = False
    gone = cv2.dilate(drawn[labels].view(np.uint8), np.ones((5, 5), np.uint8))
    ink = _firmed(np.asarray(np.where(gone, 0, bare), np.float32), rule, pitch)
    mask = (ink > _INKED).view(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    kept = np.array([_is_written(box, rule, pitch, (top, rgb.shape[0])) for box in stats.tolist()])
    kept[0] = False
    kept &= ~_after_words(stats, kept, pitch)
    own = cv2.dilate(kept[labels].view(np.uint8), np.ones((5, 5), np.uint8))
    return np.asarray(ink * own, np.float32)


def without_rule(rgb: NDArray[np.uint8], rule: float, pitch: float) -> NDArray[np.uint8]:
    """A picture without the rule that is written on; strokes across it go on.

    Args:
        rgb: `(height, width, 3)`.
        rule: where the rule lies, pixels from the top.
        pitch: pixels from one rule of the check to the next.
    """
    found = field_ink(rgb)
    return _bridged(rgb, *_rule_rows(found.ink, rule, pitch)) if found.contrast else rgb


def _rule_rows(ink: NDArray[np.float32], rule: float, pitch: float) -> tuple[NDArray[np.float32], float]:
    """The row of the rule in each column, `(width,)`, and half of its thickness."""
    height, width = ink.shape
    along = cv2.blur(ink, (max(9, round(0.7 * pitch)), 1))
    reach = max(3, round(0.06 * pitch))
    first, last = max(0, round(rule) - reach), min(height, round(rule) + reach + 1)
    rows = first + along[first:last].argmax(0)
    smooth = cv2.blur(rows.astype(np.float32).reshape(1, -1), (max(9, round(1.5 * pitch)) | 1, 1)).ravel()
    at = np.round(smooth).astype(int)
    columns = np.arange(width)
    usual = np.median(along[at, columns])
    thick = 1.0
    for off in range(1, reach + 1):
        beside = [np.clip(at + side * off, 0, height - 1) for side in (-1, 1)]
        thick += sum(float(np.median(along[here, columns]) > 0.4 * usual) for here in beside)
    return smooth, 0.5 * thick + 0.6


def _bridged(rgb: NDArray[np.uint8], rows: NDArray[np.float32], half: float) -> NDArray[np.uint8]:
    """The picture with the rule painted over: from what is above it to what is below, strokes going on."""
    height, width = rgb.shape[:2]
    reach = int(np.ceil(half)) + 1
    columns = np.arange(width)
    at = np.round(rows).astype(int)
    above, below = (rgb[np.clip(at + side * reach, 0, height - 1), columns] for side in (-1, 1))
    painted = rgb.copy()
    for off in range(-reach + 1, reach):
        share = (off + reach) / (2 * reach)
        here = np.clip(at + off, 0, height - 1), columns
        mixed = (1 - share) * above.astype(np.float32) + share * below
        painted[here] = np.round(mixed).astype(np.uint8)
    return painted


def _firmed(ink: NDArray[np.float32], rule: float, pitch: float) -> NDArray[np.float32]:
    """The ink with the range of the writing, where a stroke that fills the line was much firmer."""
    top, low = max(0, round(rule - 0.6 * pitch)), max(1, round(rule - 0.08 * pitch))
    strokes = ink[top:low, : round(0.8 * ink.shape[1])]
    strokes = strokes[strokes > 0.1]
    if strokes.size < 40:
        return ink.copy()
    level = float(np.quantile(strokes, 0.85))
    return np.minimum(ink * np.float32(max(1.0, _FIRM / level)), 1)


def _fills(stats: NDArray[np.int32], pitch: float) -> NDArray[np.bool_]:
    """Which pieces are strokes that fill the line."""
    _, _, wide, high, _ = stats.T
    ways = [(wide > least * pitch) & (high < low * pitch) for low, least in (_STRAIGHT, _WAVY)]
    return np.asarray(ways[0] | ways[1], np.bool_)


def _end(ink: NDArray[np.float32], rule: float, pitch: float) -> int:
    """The column where the printed word begins; the width where there is none."""
    width = ink.shape[1]
    first = max(0, round(width - _PRINT[1] * pitch))
    top, low, over = (max(0, round(rule - share * pitch)) for share in (_CAPITAL, _HIGH, _OVER))
    tall = np.flatnonzero((ink[top:low, first:] > _INKED).any(0))
    after = first + (int(tall[-1]) + 1 if len(tall) else 0)
    inked = np.flatnonzero((ink[low:over, after:] > _INKED).any(0)) + after
    if not len(inked):
        return width
    starts = np.concatenate([[after - 1], inked[:-1]])
    gaps = inked - starts
    best = int(gaps.argmax())
    wide = inked[-1] - inked[best]
    if gaps[best] < _APART * pitch or not _PRINT[0] * pitch < wide < _PRINT[1] * pitch:
        return width
    return int(inked[best]) - 1


def _is_written(box: list[int], rule: float, pitch: float, ends: tuple[int, int]) -> bool:
    """Whether a piece of ink is a stroke of the words, in a strip from one row to another."""
    _, top, wide, high, area = box
    middle, bottom = top + high / 2, top + high
    if area < (_SPECK * pitch) ** 2:
        return False
    is_tail = top <= ends[0] + 1 and bottom < rule - 0.45 * pitch
    is_name = bottom >= ends[1] - 1 and top > rule - 0.02 * pitch
    return not is_tail and not is_name and -0.9 * pitch < middle - rule < 0.2 * pitch


def _after_words(stats: NDArray[np.int32], kept: NDArray[np.bool_], pitch: float) -> NDArray[np.bool_]:
    """The strokes that fill the line: long ones, and dashes behind the last letter."""
    left, _, wide, high, _ = stats.T
    long = _fills(stats, pitch)
    dash = (high < _DASH[0] * pitch) & (wide > _DASH[1] * high)
    letters = kept & ~long & ~dash & (high > 0.1 * pitch)
    last = int((left + wide)[letters].max()) if letters.any() else 0
    return np.asarray(long & (left > 0.5 * last) | dash & (left >= last), np.bool_)
