"""Strings of characters as one hand writes them into a field: before paper, form and camera.

All characters of a string are of one hand and one pen; they stand close enough to touch now and then, on a
base line that drifts, or each in a cell of its own. The same state of `rng` gives the same string.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from inkread.synth import papers, strokes
from inkread.synth.fieldhands import UNIT, FieldHand, Glyph
from inkread.synth.writing import Written

__all__ = ["ABOVE", "BELOW", "Habit", "StringInk", "compose", "sample_habit", "struck_out"]

ABOVE, BELOW = 2 * UNIT, UNIT
"""Pixels of a string's picture above and below its base line."""
_SIDE = UNIT // 2
_SOLID, _OVER = 0.5, 0.03
"""Neighbours overlap by no more than this share of a digit's height: one is not written across the other."""
_LOW, _FREE = 0.4, 0.05
"""A sign that ends so near the base line, and the room beside it; shares of a digit's height."""


@dataclass(frozen=True, slots=True)
class Habit:
    """How a hand fills in a form. Lengths are shares of a digit's height, unless another unit is named.

    Attributes:
        slant: to the right, besides the hand's own, as a share of the height.
        narrow: width of everything, 1 the hand's own.
        tracking: room between characters; below 0 they overlap.
        spread: how much it varies.
        space: width of a space.
        unrest: how much single characters differ in size, place and turn.
        drift: rise of the base line, radians.
        cell: width of a character's cell; 0 where there are none.
    """

    slant: float
    narrow: float
    tracking: float
    spread: float
    space: float
    unrest: float
    drift: float
    cell: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class StringInk:
    """A written string.

    Attributes:
        ink: float32 `(ABOVE + BELOW, w)` in 0..1; the base line is `ABOVE` from the top.
        text: what is written.
        hand: whose it is.
        cells: where each character's cell begins, and where the last one ends, in pixels; without cells, the
            two ends of the string.
        touching: how many neighbours touch or overlap.
    """

    ink: np.ndarray
    text: str
    hand: str
    cells: tuple[float, ...]
    touching: int


def sample_habit(rng: np.random.Generator, *, in_cells: bool = False) -> Habit:
    """Somebody's way of filling in a field, tidy ones as often as hasty ones.

    Args:
        rng: chooses.
        in_cells: whether every character has a box or a tooth of a comb for itself.
    """
    haste = float(rng.beta(1.5, 2.2))
    draw = rng.random()
    if draw < 0.68:
        tracking, spread = rng.normal(0.1, 0.1), rng.uniform(0.03, 0.11)
    elif draw < 0.84:
        tracking, spread = rng.normal(-0.05, 0.05), rng.uniform(0.03, 0.12)
    else:
        tracking, spread = rng.uniform(0.3, 2.2), rng.uniform(0.05, 0.25)
    return Habit(
        slant=float(np.clip(rng.normal(0.04, 0.12), -0.3, 0.5)),
        narrow=float(np.exp(rng.normal(0, 0.13))),
        tracking=float(max(tracking, -0.14)),
        spread=float(spread),
        space=float(np.clip(np.exp(rng.normal(-0.6, 0.3)), 0.3, 1.4)) + max(0.0, float(tracking)),
        unrest=0.3 + 1.1 * haste,
        drift=float(rng.normal(0, 0.014)),
        cell=float(np.clip(np.exp(rng.normal(0.06, 0.22)), 0.75, 2.0)) if in_cells else 0.0,
    )


def compose(
    text: str,
    hand: FieldHand,
    habit: Habit,
    rng: np.random.Generator,
    pen: np.random.Generator | None = None,
) -> StringInk:
    """Write a string.

    Args:
        text: characters that the hand can write, and spaces.
        hand: who writes.
        habit: how.
        rng: what differs from one character to the next.
        pen: chooses the pen; in the same state it is the same pen, None takes any.

    Returns:
        The string; all bare where the text is empty.
    """
    marks = [None if c == " " else _placed(hand.glyph(c, rng), habit, rng) for c in text]
    starts, cells, touching = _starts(marks, habit, rng)
    wide = (
        int(max(cells[-1], *(s + m[0].shape[1] for s, m in zip(starts, marks, strict=True) if m)))
        if text
        else 0
    )
    sheet = np.zeros((ABOVE + BELOW, wide + 2 * _SIDE), np.float32)
    for start, mark in zip(starts, marks, strict=True):
        if mark is not None:
            lift = 0.035 * habit.unrest * UNIT * float(rng.normal())
            _press(sheet, mark[0], _SIDE + start, ABOVE - mark[1] + lift)
    ink = _inked(_bent(sheet, habit, rng), hand, pen or rng)
    return StringInk(ink, text, hand.name, tuple(cell + _SIDE for cell in cells), touching)


def struck_out(string: StringInk, rng: np.random.Generator) -> StringInk:
    """The string with strokes through all of it, which nobody is to read."""
    left, right = string.cells[0] + 0.1 * UNIT, string.cells[-1] - 0.1 * UNIT
    wide = max(right - left, 0.5 * UNIT)
    layer = np.zeros(string.ink.shape, np.uint8)
    thick = max(2, round(UNIT * float(rng.uniform(0.05, 0.13))))
    draw = rng.random()
    if draw < 0.55:
        for _ in range(int(rng.integers(1, 4))):
            count = int(rng.integers(3, 8))
            x = np.linspace(
                left - rng.uniform(-0.1, 0.4) * UNIT, right + rng.uniform(-0.1, 0.4) * UNIT, count
            )
            y = ABOVE - UNIT * (rng.uniform(0.3, 0.7) + rng.normal(0, 0.05, count))
            _stroke(layer, x, y + (x - x.mean()) * rng.normal(0, 0.08), thick)
    elif draw < 0.85:
        count = max(6, round(wide / UNIT * rng.uniform(3, 7)))
        x = np.linspace(left, right, count) + rng.normal(0, 0.06 * UNIT, count)
        y = ABOVE - UNIT * (0.5 + rng.uniform(0.3, 0.55) * np.where(np.arange(count) % 2, 1, -1))
        _stroke(layer, x, y + rng.normal(0, 0.06 * UNIT, count), thick)
    else:
        ends = np.array([left, right])
        heights = np.array([ABOVE + 0.1 * UNIT, ABOVE - 1.1 * UNIT])
        _stroke(layer, ends, heights, thick)
        _stroke(layer, ends, heights[::-1], thick)
    ink = np.maximum(string.ink, layer.astype(np.float32) / 255)
    return StringInk(ink, "", string.hand, string.cells, string.touching)


def _stroke(layer: np.ndarray, x: np.ndarray, y: np.ndarray, thick: int) -> None:
    points = np.round(np.stack([x, y], 1) * 16).astype(np.int32)[:, None]
    cv2.polylines(layer, [points], False, 255, thick, cv2.LINE_AA, 4)


def _placed(glyph: Glyph, habit: Habit, rng: np.random.Generator) -> tuple[np.ndarray, float]:
    """A character at its size, turned and leaned, and how far its top is above the base line."""
    size, wide, turn, lean = rng.standard_normal(4).tolist()
    down = glyph.scale * float(np.exp(0.05 * habit.unrest * size))
    across = down * habit.narrow * float(np.exp(0.06 * habit.unrest * wide))
    angle = 0.03 * habit.unrest * turn
    cos, sin = np.cos(angle), np.sin(angle)
    slant = habit.slant + 0.04 * habit.unrest * lean
    matrix = np.array([[cos, -sin], [sin, cos]]) @ np.array([[across, -slant * down], [0, down]])
    high, long = glyph.mask.shape
    corners = np.array([[0, 0], [long, 0], [0, high], [long, high]], float) @ matrix.T
    low, far = corners.min(0), corners.max(0)
    columns, rows = np.ceil(far - low).astype(int) + 2
    mask = glyph.mask
    if down < 0.7:
        mask = cv2.GaussianBlur(mask, (0, 0), 0.4 / down)
    whole = np.column_stack([matrix, 1 - low])
    drawn = cv2.warpAffine(mask, whole, (int(columns), int(rows)), flags=cv2.INTER_LINEAR)
    x, _, w, _ = cv2.boundingRect((drawn > 0.3).view(np.uint8))
    return drawn[:, x : x + max(w, 1)], glyph.rise / glyph.scale * down + 1


def _starts(
    marks: list[tuple[np.ndarray, float] | None], habit: Habit, rng: np.random.Generator
) -> tuple[list[float], list[float], int]:
    """Where each mark begins; the borders of the cells; and how many neighbours touch."""
    if habit.cell:
        cell = habit.cell * UNIT
        aside = 0.07 * habit.unrest * cell * rng.standard_normal(len(marks))
        wide = [mark[0].shape[1] if mark else 0 for mark in marks]
        starts = [cell * (k + 0.5) - w / 2 + float(aside[k]) for k, w in enumerate(wide)]
        return starts, [cell * k for k in range(len(marks) + 1)], 0
    at, touching, starts, before = 0.0, 0, [], None
    for mark in marks:
        if mark is None:
            at += habit.space * UNIT * float(np.exp(0.15 * rng.normal()))
            starts.append(at)
            before = None
            continue
        gap = (habit.tracking + habit.spread * float(rng.normal())) * UNIT
        if before:
            gap = max(gap, _closest(before, mark))
            at += gap
            touching += gap <= 0
        starts.append(max(0.0, at))
        at += mark[0].shape[1]
        before = mark
    return starts, [0.0, at], touching


def _closest(before: tuple[np.ndarray, float], mark: tuple[np.ndarray, float]) -> float:
    """The least room between two marks; points and commas stay free on both sides, so that they are seen."""
    if min(before[1], mark[1]) < _LOW * UNIT:
        return _FREE * UNIT
    most = max(-0.22 * UNIT, -0.45 * min(before[0].shape[1], mark[0].shape[1]))
    return max(most, -_room(before, mark) - _OVER * UNIT)


def _room(before: tuple[np.ndarray, float], mark: tuple[np.ndarray, float]) -> float:
    """How much nearer a mark could come than box beside box, until strokes at one height touch."""
    top = max(-before[1], -mark[1])
    low = min(before[0].shape[0] - before[1], mark[0].shape[0] - mark[1])
    rows = np.arange(round(low - top))
    left, right = ((m > _SOLID)[np.minimum(round(top + r) + rows, len(m) - 1)] for m, r in (before, mark))
    both = left.any(1) & right.any(1)
    if not both.any():
        return UNIT
    free = left[both, ::-1].argmax(1) + right[both].argmax(1)
    return float(free.min())


def _press(sheet: np.ndarray, mask: np.ndarray, x: float, y: float) -> None:
    """Put a mark on the sheet; what lies beyond its edges is lost."""
    top, left = round(y), max(0, round(x))
    from_top = max(0, -top)
    bottom, right = min(sheet.shape[0], top + mask.shape[0]), min(sheet.shape[1], left + mask.shape[1])
    if top + from_top >= bottom or left >= right:
        return
    place = sheet[top + from_top : bottom, left:right]
    np.maximum(place, mask[from_top : bottom - top, : right - left], out=place)


def _bent(sheet: np.ndarray, habit: Habit, rng: np.random.Generator) -> np.ndarray:
    """The sheet with a base line that drifts and strokes that wobble."""
    high, wide = sheet.shape
    step = 0.3 * UNIT
    rows, columns = max(3, round(high / step)), max(4, round(wide / step))
    wobble = rng.standard_normal((2, rows, columns), dtype=np.float32) * np.float32(
        0.018 * habit.unrest * UNIT
    )
    x = np.linspace(0, wide, columns, dtype=np.float32)
    lift = np.tan(habit.drift) * (x - wide / 2)
    waves = np.sin(x * float(rng.uniform(0.4, 1.4)) / UNIT + float(rng.uniform(0, 6.3)))
    wobble[1] += lift + waves.astype(np.float32) * np.float32(0.03 * habit.unrest * UNIT * rng.random())
    maps = [cv2.resize(np.ascontiguousarray(m), (wide, high), interpolation=cv2.INTER_LINEAR) for m in wobble]
    maps[0] += np.arange(wide, dtype=np.float32)
    maps[1] += np.arange(high, dtype=np.float32)[:, None]
    return np.asarray(cv2.remap(sheet, maps[0], maps[1], cv2.INTER_LINEAR), np.float32)


def _inked(ink: np.ndarray, hand: FieldHand, rng: np.random.Generator) -> np.ndarray:
    """The string drawn with one pen; hands that brought their own keep it, mostly."""
    keeps = {"drawn": 0.7, "mnist": 0.4, "hnd62": 0.5, "capitals": 0.1}.get(hand.source, 0.1)
    if rng.random() < keeps:
        return ink if rng.random() < 0.6 else _faded(ink, rng)
    solid = ink > 0.5
    depth = cv2.distanceTransform(solid.view(np.uint8), cv2.DIST_L2, 3)[solid]
    stroke = 4 * float(depth.mean()) - 1 if depth.size else 4.0
    drawn = strokes.inked(Written(ink, 0.8 * UNIT, 0.6 * UNIT, stroke), rng)
    near = cv2.dilate((ink > 0.15).view(np.uint8), np.ones((7, 7), np.uint8))
    return np.ascontiguousarray(drawn[4:-4, 4:-4]) * near


def _faded(ink: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Ink that fades along the way."""
    fading = papers.noise(ink.shape, UNIT * rng.uniform(0.4, 3), rng) * rng.uniform(0.05, 0.3)
    return np.clip(ink * np.clip(1 - np.abs(fading), 0.25, 1), 0, 1).astype(np.float32)
