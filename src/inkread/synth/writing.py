"""A text written out by a font, then bent as a hand would: the strokes of a line, before pen and paper.

Fonts whose letters hang together are drawn word by word with their own joins, the others letter by letter,
each letter a little other. One warp then gives the whole line its slant, its waves and drifts, and wobbles
every stroke, so that no two letters are the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from inkread.synth.faces import SPAN, Face, Glyph

__all__ = ["Hand", "Written", "sample_hand", "write"]

_ABOVE, _BELOW = 110, 80
"""Pixels of the sheet above and below the base line, before bending."""
_SIDE = 60
_NARROWEST = 0.18 * SPAN
"""Pixels of the narrowest letter; what is narrower cannot be read."""
_LEAST_GAP = 0.3
"""Between the ink of two words, at the height of an x: a share of that height. A font's last stroke may reach
over the space that its advance leaves."""


@dataclass(frozen=True, slots=True)
class Hand:
    """How somebody writes a line. Lengths are shares of the height of an x, unless another unit is named.

    Attributes:
        slant: degrees to the right, besides the font's own.
        narrow: width of everything, 1 the font's own.
        gap: width of the space between words, 1 the font's own.
        gap_spread: how much it varies, as a share of it.
        tracking: added between letters that are not joined.
        unrest: how much single letters differ in size, place and turn.
        wobble: how much strokes are bent.
        wave: rise and fall of the base line.
        slope: rise of the base line over the line's length, in radians.
        drift: change of the letters' size along the line, as a share.
        tall: length of what rises above an x, 1 the font's own.
        deep: length of what hangs below the base line, 1 the font's own.
    """

    slant: float
    narrow: float
    gap: float
    gap_spread: float
    tracking: float
    unrest: float
    wobble: float
    wave: float
    slope: float
    drift: float
    tall: float
    deep: float


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """A written line.

    Attributes:
        ink: float32 `(h, w)` in 0..1, cut to its ink with a margin.
        height: of an x, in pixels.
        letter: width of a letter, in pixels.
        stroke: width of a stroke, in pixels.
    """

    ink: np.ndarray
    height: float
    letter: float
    stroke: float


def sample_hand(rng: np.random.Generator) -> Hand:
    """Somebody's way of writing, tidy ones as often as hasty ones."""
    haste = float(rng.beta(1.5, 2.2))
    return Hand(
        slant=float(np.clip(rng.normal(4, 9) + (rng.random() < 0.22) * rng.uniform(8, 30), -15, 42)),
        narrow=float(np.exp(rng.normal(0.02, 0.17))),
        gap=float(np.clip(np.exp(rng.normal(0.25, 0.35)), 0.6, 3.0)),
        gap_spread=float(rng.uniform(0.05, 0.35)),
        tracking=float(rng.normal(0.02, 0.08)),
        unrest=0.3 + 1.1 * haste,
        wobble=0.02 + 0.075 * haste,
        wave=float(rng.uniform(0, 0.28)) * haste + 0.03,
        slope=float(rng.normal(0, 0.007) + (rng.random() < 0.1) * rng.normal(0, 0.015)),
        drift=float(rng.normal(0, 0.09)),
        tall=float(np.clip(np.exp(rng.normal(0.22, 0.28)), 0.6, 2.2)),
        deep=float(np.clip(np.exp(rng.normal(0.15, 0.28)), 0.6, 2.0)),
    )


def write(text: str, face: Face, hand: Hand, rng: np.random.Generator, *, height_px: int = 56) -> Written:
    """Write a line.

    Args:
        text: a line that the font can write.
        face: the font.
        hand: the way of writing.
        rng: what differs from letter to letter.
        height_px: from the top of an l to the bottom of a p, in pixels.

    Returns:
        The line; its ink is empty if the text is.
    """
    pieces = _words(text, face, hand, rng) if face.in_words else _letters(text, face, hand, rng)
    width = int(max((x + g.mask.shape[1] + g.left for x, _, g in pieces), default=0)) + 2 * _SIDE
    sheet = np.zeros((_ABOVE + _BELOW, width), np.uint8)
    for x, y, glyph in pieces:
        _press(sheet, glyph, _SIDE + x, _ABOVE + y)
    scale = height_px / SPAN
    look = face.look
    if rng.random() < 0.6:
        sheet = _loosened(sheet, look.height, hand.unrest, rng)
    steeper = 1 + 4 * float(np.exp(-len(text) / 12))  # a word may rise more than a whole line
    hand = replace(hand, narrow=max(hand.narrow, _NARROWEST / look.letter), slope=steeper * hand.slope)
    bent = _bent(sheet, scale, look.height, hand, rng)
    x, y, w, h = cv2.boundingRect((bent > 40).view(np.uint8))
    top, bottom = max(0, y - 3), min(bent.shape[0], y + h + 3)
    left, right = max(0, x - 3), min(bent.shape[1], x + w + 3)
    ink = bent[top:bottom, left:right].astype(np.float32) / 255
    return Written(ink, look.height * scale, look.letter * scale * hand.narrow, look.stroke * scale)


def _words(text: str, face: Face, hand: Hand, rng: np.random.Generator) -> list[tuple[float, float, Glyph]]:
    """Words drawn whole, with their places (x, y) from the base line's start."""
    look = face.look
    space = max(look.space, 0.35 * look.height) * hand.gap
    at, end, found = 0.0, -np.inf, []
    for word in text.split(" "):
        glyph = face.glyph(word)
        first, last = _reach(glyph, look.height)
        at = max(at, end + _LEAST_GAP * look.height - first)
        found.append((at, float(rng.normal(0, 0.03 * hand.unrest)) * look.height, glyph))
        end = at + last
        at += glyph.advance + max(0.2 * look.height, space * float(np.exp(rng.normal(0, hand.gap_spread))))
    return found


def _reach(glyph: Glyph, x_height: float) -> tuple[float, float]:
    """From where to where a word has ink at the height of an x, from the pen's place; all of it if none."""
    top, bottom = max(0, round(-x_height) - glyph.top), max(0, -glyph.top)
    columns = np.flatnonzero((glyph.mask[top:bottom] > 100).any(0))
    if not columns.size:
        return float(glyph.left), float(glyph.left + glyph.mask.shape[1])
    return float(glyph.left + columns[0]), float(glyph.left + columns[-1] + 1)


def _letters(text: str, face: Face, hand: Hand, rng: np.random.Generator) -> list[tuple[float, float, Glyph]]:
    """Letters one by one, each a little other, with their places (x, y) from the base line's start."""
    look, unrest = face.look, hand.unrest
    space = max(look.space, 0.35 * look.height) * hand.gap
    spread = rng.standard_normal((len(text), 6))
    at, found = 0.0, []
    for letter, (size, turn, shift, lift, wide, lean) in zip(text, spread.tolist(), strict=True):
        if letter == " ":
            at += max(0.25 * look.height, space * float(np.exp(shift * hand.gap_spread)))
            continue
        glyph = face.glyph(letter)
        scale = float(np.exp(0.05 * unrest * size))
        across = scale * float(np.exp(0.05 * unrest * wide))
        turned = _turned(glyph, across, scale, 0.03 * unrest * turn, 0.05 * unrest * lean)
        found.append((at, 0.045 * unrest * lift * look.height, turned))
        at += glyph.advance * across + (hand.tracking + 0.035 * unrest * shift) * look.height
    return found


def _turned(glyph: Glyph, across: float, along: float, turn: float, lean: float) -> Glyph:
    """A glyph widened, heightened, turned (radians) and leaned about the pen's place."""
    h, w = glyph.mask.shape
    if not h or not w:
        return glyph
    cos, sin = np.cos(turn), np.sin(turn)
    matrix = np.array([[cos, -sin], [sin, cos]]) @ np.array([[across, -lean * along], [0, along]])
    corners = np.array([[x, y] for x in (0, w) for y in (0, h)]) + (glyph.left, glyph.top)
    moved = corners @ matrix.T
    low = np.floor(moved.min(0)).astype(int) - 1
    size = np.ceil(moved.max(0)).astype(int) - low + 2
    shift = matrix @ (glyph.left, glyph.top) - low
    whole = np.concatenate([matrix, shift[:, None]], 1)
    mask = cv2.warpAffine(glyph.mask, whole, (int(size[0]), int(size[1])), flags=cv2.INTER_LINEAR)
    return Glyph(np.asarray(mask), int(low[0]), int(low[1]), glyph.advance * across)


def _press(sheet: np.ndarray, glyph: Glyph, x: float, y: float) -> None:
    """Put a glyph on the sheet; what lies beyond its edges is lost."""
    top, left = round(y) + glyph.top, round(x) + glyph.left
    h, w = glyph.mask.shape
    from_top, from_left = max(0, -top), max(0, -left)
    to_bottom, to_right = min(h, sheet.shape[0] - top), min(w, sheet.shape[1] - left)
    if from_top >= to_bottom or from_left >= to_right:
        return
    place = sheet[top + from_top : top + to_bottom, left + from_left : left + to_right]
    np.maximum(place, glyph.mask[from_top:to_bottom, from_left:to_right], out=place)


def _loosened(sheet: np.ndarray, x_height: float, unrest: float, rng: np.random.Generator) -> np.ndarray:
    """Dots, accents and apostrophes moved off their letters, mostly to the right, and some forgotten."""
    top = sheet[: _ABOVE - int(0.75 * x_height)]
    count, labels, stats, _ = cv2.connectedComponentsWithStats((top > 100).view(np.uint8), connectivity=8)
    moved = sheet.copy()
    reach = top.shape[0] - 1
    for part in range(1, count):
        x, y, w, h, area = (int(v) for v in stats[part])
        if w > 1.1 * x_height or h > 0.7 * x_height or y + h >= reach or area < 4:
            continue  # part of a letter
        if sheet[y + h : y + h + 3, max(0, x - 1) : x + w + 1].max(initial=0) > 40:
            continue  # part of a letter, by a thin stroke
        grown = slice(max(0, y - 1), y + h + 1), slice(max(0, x - 1), x + w + 1)
        dot = np.where(
            cv2.dilate((labels[grown] == part).view(np.uint8), np.ones((3, 3), np.uint8)), top[grown], 0
        )
        moved[: top.shape[0]][grown] -= np.minimum(dot, moved[: top.shape[0]][grown])
        if rng.random() < 0.015:
            continue
        right, down = rng.normal((0.1, -0.02), (0.16, 0.08)) * unrest * x_height
        _press(moved, Glyph(dot, 0, 0, 0.0), grown[1].start + right, grown[0].start + down)
    return moved


def _bent(
    sheet: np.ndarray, scale: float, x_height: float, hand: Hand, rng: np.random.Generator
) -> np.ndarray:
    """The sheet with slant, waves, drift and wobble, and brought to its size."""
    high, wide = sheet.shape
    lean = np.tan(np.deg2rad(hand.slant))
    reach = abs(lean) * _ABOVE
    height, width = round(high * scale), round((wide + 2 * reach) * scale * hand.narrow)
    step = max(3.0, 0.22 * x_height * scale)
    rows, columns = max(3, round(height / step)), max(4, round(width / step))
    x = np.linspace(0, (wide + 2 * reach), columns, dtype=np.float32)
    y = np.linspace(-_ABOVE, _BELOW, rows, dtype=np.float32)[:, None]
    along = x / max(wide, 1)
    size = np.exp(hand.drift * (along - 0.5) + 0.06 * hand.unrest * _wander(columns, 11, rng))
    lift = hand.wave * x_height * _wander(columns, 24, rng) + np.tan(hand.slope) * (x - wide / 2)
    wobble = hand.wobble * x_height * 0.75 * _field(rows, columns, rng)
    level = (y - lift) / size
    # three bands, each with its own height: above an x, of an x, below the base line
    above, below = np.minimum(level + x_height, 0), np.maximum(level, 0)
    level = level + above * (1 / hand.tall - 1) + below * (1 / hand.deep - 1)
    from_y = level + _ABOVE + wobble[1]
    lean_here = lean + 0.05 * hand.unrest * _wander(columns, 18, rng)
    stretch = np.cumsum(0.16 * hand.unrest * _wander(columns, 3.5, rng)) * (x[1] - x[0]) * 0.6
    from_x = x - reach + stretch - stretch.mean() + (y - lift) * lean_here + 1.2 * wobble[0]
    maps = [
        cv2.resize(np.ascontiguousarray(m, np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
        for m in (from_x, from_y)
    ]
    smooth = cv2.GaussianBlur(sheet, (3, 3), 0.35 / scale) if scale < 0.9 else sheet
    return np.asarray(cv2.remap(smooth, maps[0], maps[1], cv2.INTER_LINEAR), np.uint8)


def _wander(count: int, length: float, rng: np.random.Generator) -> np.ndarray:
    """A smooth random curve, standard deviation about 1, its knots `length` of its points apart."""
    knots = rng.standard_normal((1, max(3, int(count / length) + 2)), dtype=np.float32)
    return np.asarray(cv2.resize(knots, (count, 1), interpolation=cv2.INTER_CUBIC)).ravel()


def _field(rows: int, columns: int, rng: np.random.Generator) -> np.ndarray:
    """Two smooth random fields `(2, rows, columns)`, standard deviation about 1."""
    coarse = rng.standard_normal((2, max(2, rows // 3 + 1), max(2, columns // 3 + 1)), dtype=np.float32)
    return np.stack([cv2.resize(f, (columns, rows), interpolation=cv2.INTER_CUBIC) for f in coarse])
