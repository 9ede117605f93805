"""Letters cut out of real lines of handwriting: CTC says where each lies, its strokes must stand alone.

In: the strip of a line, its text, and the logits that a line reader gives it. Out: the characters whose ink
is one piece (with the dot of an i or j) and touches no neighbour, each with how surely it was found there.
Joined letters are left out: where one ends, nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.alphabet import Alphabet
from inkread.decode.characters import CLASSES
from inkread.decode.ctc import Span, align
from inkread.errors import UsageError
from inkread.imaging.strips import STRIDE

__all__ = ["SIDE", "Cut", "cut"]

SIDE = 64
"""Pixels beyond which a character is no character: height and width of the frames of `tools/cuts.py`."""
_INKED = 90
"""Grey level from which a pixel of a strip, 0 to 255, is ink."""
_LEAST_AREA = 14
_SURE, _FAIR = 0.7, 0.25
"""Confidence that a character needs, and that its neighbours need, lest the text slipped along the line."""
_WIDEST = 1.5
"""A piece wider than so many times its height is a dash or several letters."""
_SMALL = 0.25
"""A letter is at least this share of its strip high."""
_PART, _CLOSE = 0.2, 0.25
"""Ink of this share of a piece's, so close to it (of its height), may be the rest of the same letter."""
_ABOVE = "ij"
"""Letters of two pieces."""


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """One character of a line.

    Attributes:
        character: what the line's text says it is.
        ink: uint8 `(height, width)`, 255 where inked, no more than `SIDE` either way.
        confidence: of the least sure of the character and its neighbours, 0..1.
    """

    character: str
    ink: NDArray[np.uint8]
    confidence: float


def cut(
    strip: NDArray[np.uint8], text: str, logits: NDArray[np.float32], alphabet: Alphabet
) -> Iterator[Cut]:
    """Cut the characters that stand alone out of a line.

    Args:
        strip: `(height, width)`, 255 where inked; of any height, as `imaging.strips.strip` gives it.
        text: what the line says.
        logits: `(frames, classes)` of the same line at the reader's own height.
        alphabet: of the reader.

    Yields:
        The characters, from left to right; none where the text does not fit the frames.
    """
    if alphabet.unknown(text):
        return
    try:
        spans = align(logits, alphabet.encode(text))
    except UsageError:  # more characters than frames
        return
    scale = strip.shape[1] / (len(logits) * STRIDE)
    places = [scale * STRIDE * 0.5 * (span.first + span.end) for span in spans]
    count, parts, stats, _ = cv2.connectedComponentsWithStats((strip > _INKED).astype(np.uint8))
    large = [k for k in range(1, count) if stats[k, cv2.CC_STAT_AREA] >= _LEAST_AREA]
    held = _held(stats, large, places, text)
    for piece, numbers in held.items():
        if len(numbers) == 1 and text[numbers[0]] in CLASSES:
            found = _cut(strip, parts, stats, (piece, numbers[0]), (text, spans), held)
            if found is not None:
                yield found


def _held(stats: NDArray[np.int32], large: list[int], places: list[float], text: str) -> dict[int, list[int]]:
    """Pieces of ink, and the characters whose place lies in or beside each; a space has no ink."""
    held: dict[int, list[int]] = {}
    for number, place in enumerate(places):
        if text[number] == " ":
            continue
        near = [
            (max(stats[k, 0] - place, place - stats[k, 0] - stats[k, 2], 0.0), -int(stats[k, 3]), k)
            for k in large
        ]
        if near and (nearest := min(near))[0] < 0.2 * max(12, -nearest[1]):
            held.setdefault(nearest[2], []).append(number)
    return held


def _cut(
    strip: NDArray[np.uint8],
    parts: NDArray[np.int32],
    stats: NDArray[np.int32],
    which: tuple[int, int],
    line: tuple[str, list[Span]],
    held: dict[int, list[int]],
) -> Cut | None:
    """One piece as a character; None where it is not surely that character and nothing else."""
    (piece, number), (text, spans) = which, line
    around = [spans[k].confidence for k in (number - 1, number + 1) if 0 <= k < len(spans)]
    confidence = min([spans[number].confidence, *around])
    left, top, width, height = (int(v) for v in stats[piece, :4])
    is_shaped = height >= _SMALL * len(strip) and width <= _WIDEST * height
    if spans[number].confidence < _SURE or confidence < _FAIR or not is_shaped:
        return None
    above = _above(stats, piece, held)
    if _is_broken(stats, piece, {*held, *above}):
        return None
    if bool(above) != (text[number] in _ABOVE) or max(width, height) > SIDE - 4:
        return None
    pieces = [piece, *above]
    bottom = top + height
    top = min(int(stats[k, 1]) for k in pieces)
    right = max(int(stats[k, 0] + stats[k, 2]) for k in pieces)
    left = min(int(stats[k, 0]) for k in pieces)
    here = np.s_[max(0, top - 1) : bottom + 1, max(0, left - 1) : right + 1]
    mine = cv2.dilate(np.isin(parts[here], pieces).astype(np.uint8), np.ones((3, 3), np.uint8))
    ink = np.where(mine > 0, strip[here], 0).astype(np.uint8)
    return Cut(text[number], ink, confidence) if max(ink.shape) <= SIDE else None


def _is_broken(stats: NDArray[np.int32], piece: int, known: set[int]) -> bool:
    """Whether ink that belongs to no character lies close beside a piece: it may be a part of its own."""
    left, top, width, height, area = (int(v) for v in stats[piece, :5])
    for k in range(1, len(stats)):
        if k in known or stats[k, cv2.CC_STAT_AREA] < _PART * area:
            continue
        x, y, w, h = (int(v) for v in stats[k, :4])
        apart = max(x - left - width, left - x - w)
        if apart < _CLOSE * height and min(y + h, top + height) > max(y, top):
            return True
    return False


def _above(stats: NDArray[np.int32], piece: int, held: dict[int, list[int]]) -> list[int]:
    """Small pieces over a piece that are no character of their own: dots, and accents."""
    left, top, width, height = (int(v) for v in stats[piece, :4])
    found = []
    for k in range(1, len(stats)):
        x, y, w, h, area = (int(v) for v in stats[k, :5])
        middle = x + w / 2
        is_near = left - 0.3 * width - 3 <= middle <= left + 1.3 * width + 3
        if k != piece and area >= 4 and is_near and y + h <= top + 0.3 * height and h < height:
            found.append(k)
    return [k for k in found if k not in held]
