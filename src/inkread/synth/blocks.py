"""An address written or printed as a block of lines, before it is put on an envelope.

Out: ink of the whole block, float32 `(h, w)` in 0..1, and the boxes of its lines and of its ZIP. One hand
writes all lines with one pen; a ZIP may be of the digits of one writer of MNIST, brought to the size and the
stroke of the lines around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from inkread.synth import franking, hands, pens, strokes, writing
from inkread.synth.addresses import Address
from inkread.synth.faces import Face

__all__ = ["Block", "handwritten", "machine", "stacked"]

Rng = np.random.Generator
Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels of the block."""


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """An address as ink.

    Attributes:
        ink: float32 `(h, w)` in 0..1.
        texts: what each line says.
        boxes: of each line's ink.
        zip_box: of the ZIP's ink; None where there is none.
        pitch: pixels from one line to the next.
    """

    ink: np.ndarray
    texts: tuple[str, ...]
    boxes: tuple[Box, ...]
    zip_box: Box | None
    pitch: float


@dataclass(frozen=True, slots=True, eq=False)
class _Line:
    """Ink of a line, the row of its base line, and the columns of its ZIP."""

    ink: np.ndarray
    base: float
    zip: tuple[int, int] | None = None


def handwritten(
    found: Address, face: Face, height_px: float, rng: Rng, digits: hands.Written | None = None
) -> Block:
    """Write an address.

    Args:
        found: the address.
        face: a font that can write all of it.
        height_px: from the top of an l to the bottom of a p.
        rng: chooses hand, pen and layout.
        digits: MNIST's pictures with their writers, of whom one writes the ZIP; None for the font's digits.
    """
    hand = writing.sample_hand(rng)
    pen = int(rng.integers(2**31))
    size = max(20, round(height_px))

    def line(text: str) -> _Line:
        drawn = writing.write(text, face, hand, rng, height_px=size)
        ink = strokes.inked(drawn, np.random.default_rng(pen))
        return _Line(ink, _base(ink))

    def zip_code() -> _Line:
        if digits is None:
            return line(found.zip)
        return _of_writer(found.zip, digits, lines[0], size, rng)

    lines: list[_Line] = []
    for number, text in enumerate(found.lines):
        lines.append(line(text))
        if found.zip and number == found.zip_after:
            lines[-1] = _joined(lines[-1], zip_code(), rng.uniform(0.3, 1.1) * height_px)
    if found.zip and found.zip_after < 0:
        alone = zip_code()
        lines.append(_Line(alone.ink, alone.base, (0, alone.ink.shape[1])))
    if found.country:
        lines.append(line(found.country))
    return stacked(lines, found.full_lines, height_px * rng.uniform(1.05, 1.65), rng)


def machine(found: Address, face: tuple[int, float, float], height_px: float, rng: Rng) -> Block:
    """Print an address.

    Args:
        found: the address.
        face: of `franking.typeface`.
        height_px: of its capitals.
        rng: chooses the space between lines.
    """
    lines = []
    for text in found.full_lines:
        ink = franking.printed(text, height_px, face)
        columns = None
        if found.zip and text.endswith(found.zip):
            before = text[: len(text) - len(found.zip)]
            left = franking.printed(before, height_px, face).shape[1] if before else 0
            columns = (left, ink.shape[1])
        lines.append(_Line(ink, 0.76 * ink.shape[0], columns))
    return stacked(lines, found.full_lines, height_px * rng.uniform(1.5, 2.3), rng, ragged=0.0)


def stacked(
    lines: Sequence[_Line], texts: tuple[str, ...], pitch: float, rng: Rng, *, ragged: float = 0.35
) -> Block:
    """Put lines below each other.

    Args:
        lines: from the top.
        texts: what they say.
        pitch: pixels between base lines.
        rng: chooses where they begin: flush, stepped or centred.
        ragged: how far beginnings are off, as a share of the pitch.
    """
    style = rng.random()
    step = rng.uniform(0.3, 1.0) * pitch if style < 0.15 else 0.0
    widest = max(line.ink.shape[1] for line in lines)
    starts = [
        (widest - line.ink.shape[1]) / 2 if style > 0.94 else k * step + abs(rng.normal(0, ragged)) * pitch
        for k, line in enumerate(lines)
    ]
    bases = np.cumsum([pitch * max(0.8, rng.normal(1, 0.06 if ragged else 0)) for _ in lines])
    tops = [base - line.base for base, line in zip(bases, lines, strict=True)]
    up = min(tops)
    height = max(top - up + line.ink.shape[0] for top, line in zip(tops, lines, strict=True))
    width = max(x + line.ink.shape[1] for x, line in zip(starts, lines, strict=True))
    ink = np.zeros((int(height) + 2, int(width) + 2, 1), np.float32)
    boxes: list[Box] = []
    zip_box: Box | None = None
    for line, x, top in zip(lines, starts, tops, strict=True):
        at = (round(x), round(top - up))
        franking.lay(ink, line.ink, at, (1.0,))
        boxes.append(_inked(line.ink, at))
        if line.zip:
            first, end = line.zip
            zip_box = _inked(line.ink[:, first:end], (at[0] + first, at[1]))
    return Block(ink[..., 0], texts, tuple(boxes), zip_box, pitch)


def _inked(ink: np.ndarray, at: tuple[int, int]) -> Box:
    """The box of a line's ink, at its place."""
    x, y, wide, high = cv2.boundingRect((ink > 0.3).astype(np.uint8))
    return at[0] + x, at[1] + y, at[0] + x + wide, at[1] + y + high


def _base(ink: np.ndarray) -> float:
    """About where the base line is: the lowest row with much ink."""
    rows = cv2.blur(ink.sum(1, dtype=np.float32).reshape(-1, 1), (1, 5)).ravel()
    return float(np.flatnonzero(rows >= 0.45 * rows.max())[-1]) if rows.any() else float(len(ink))


def _joined(first: _Line, last: _Line, gap: float) -> _Line:
    """A line and what is written behind it on the same base line."""
    base = max(first.base, last.base)
    below = max(first.ink.shape[0] - first.base, last.ink.shape[0] - last.base)
    at = first.ink.shape[1] + round(gap)
    ink = np.zeros((int(base + below) + 2, at + last.ink.shape[1], 1), np.float32)
    franking.lay(ink, first.ink, (0, base - first.base), (1.0,))
    franking.lay(ink, last.ink, (at, base - last.base), (1.0,))
    return _Line(ink[..., 0], base, (at, at + last.ink.shape[1]))


def _of_writer(text: str, digits: hands.Written, beside: _Line, size: float, rng: Rng) -> _Line:
    """A ZIP of the digits of one writer, in the size and the stroke of a line."""
    inside = cv2.distanceTransform((beside.ink > 0.5).astype(np.uint8), cv2.DIST_L2, 3)
    solid = inside[beside.ink > 0.5]
    stroke = 4 * float(solid.mean()) - 1 if solid.size else 2.0
    high = rng.uniform(0.55, 0.85) * size
    rows = _rows_of_somebody(digits, set(text) - {"-"}, rng)
    gap = rng.normal(0.08, 0.09) * high
    marks: list[tuple[float, float, np.ndarray]] = []
    at = 0.0
    for character in text:
        if character == "-":
            mark = np.ones((max(1, round(stroke)), round(0.35 * high)), np.float32)
            marks.append((at + 0.1 * high, 0.55 * high, mark))
            at += 0.6 * high
            continue
        picture = digits.images[int(rng.choice(rows[character]))]
        mark = pens.reink(hands.enlarged(picture, rng), float(np.clip(stroke / high, 0.04, 0.2)))
        tall = high * float(np.exp(rng.normal(0, 0.06)))
        factor = tall / mark.shape[0]
        mark = cv2.resize(mark, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        marks.append((at, high - tall + rng.normal(0, 0.03) * high, mark))
        at += mark.shape[1] + max(gap + rng.normal(0, 0.04) * high, -0.08 * high)
    ink = np.zeros((int(1.35 * high) + 2, int(at + high) + 2, 1), np.float32)
    for x, y, mark in marks:
        part = np.maximum(mark, 0)
        franking.lay(ink, part, (x, y + 0.15 * high), (1.0,))
    right = max(x + mark.shape[1] for x, _, mark in marks)
    return _Line(ink[:, : int(right) + 2, 0], 1.15 * high)


def _rows_of_somebody(digits: hands.Written, wanted: set[str], rng: Rng) -> dict[str, np.ndarray]:
    """The pictures of each wanted digit by one writer who has them all."""
    everybody = np.unique(digits.hands)
    for _ in range(60):
        writer = everybody[int(rng.integers(len(everybody)))]
        own = np.flatnonzero(digits.hands == writer)
        rows = {c: own[digits.labels[own] == int(c)] for c in wanted}
        if all(len(r) for r in rows.values()):
            return rows
    return {c: np.flatnonzero(digits.labels == int(c)) for c in wanted}
