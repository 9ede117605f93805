"""What one writes on, as the camera sees it before any light falls: RGB float32 `(height, width, 3)` in 0..1.

Each family draws itself for a given size; `unit` is the height of a digit in pixels, so that rules and
squares keep a sensible size beside it.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

__all__ = ["DARK", "PAPERS", "SCREENS", "draw", "noise"]

Size = tuple[int, int]
Maker = Callable[[Size, float, np.random.Generator], np.ndarray]

DARK = frozenset({"blackboard", "dark card", "screen dark"})
"""Families that are written on with light ink."""

SCREENS = frozenset({"screen light", "screen dark"})
"""Families without grain: a drawing surface of a program."""


def draw(family: str, size: Size, unit: float, rng: np.random.Generator) -> np.ndarray:
    """Draw a paper.

    Args:
        family: a key of `PAPERS`.
        size: (height, width) in pixels.
        unit: height of a digit, pixels.
        rng: source of colours and textures.

    Returns:
        float32 `(height, width, 3)`, 0..1.
    """
    return PAPERS[family](size, unit, rng)


def noise(size: Size, grain: float, rng: np.random.Generator) -> np.ndarray:
    """Smooth random field, mean 0, standard deviation about 1.

    Args:
        size: (height, width).
        grain: pixels from one knot to the next; 1 gives white noise.
        rng: source.
    """
    height, width = size
    rows, columns = max(2, int(height / grain) + 1), max(2, int(width / grain) + 1)
    field = rng.standard_normal((rows, columns), dtype=np.float32)
    if grain <= 1:
        return field[:height, :width]
    return np.asarray(
        cv2.resize(field, (width, height), interpolation=cv2.INTER_CUBIC if grain > 8 else cv2.INTER_LINEAR)
    )


def _plain(size: Size, colour: np.ndarray, texture: float, rng: np.random.Generator) -> np.ndarray:
    """One colour with grain and clouds."""
    page = np.empty((*size, 3), np.float32)
    page[:] = colour
    if texture > 0:
        clouds = noise(size, max(size) / 4, rng) * texture * 0.6
        page += (clouds + noise(size, rng.uniform(1, 3), rng) * texture)[..., None]
    return page


def _shade(rng: np.random.Generator, low: float, high: float, tint: float = 0.015) -> np.ndarray:
    """A nearly grey colour."""
    return (rng.uniform(low, high) + rng.normal(0, tint, 3)).astype(np.float32)


def _white(size: Size, unit: float, rng: np.random.Generator) -> np.ndarray:
    return _plain(size, _shade(rng, 0.82, 1.0), rng.uniform(0, 0.015), rng)


def _cream(size: Size, unit: float, rng: np.random.Generator) -> np.ndarray:
    colour = np.array([0.95, 0.9, 0.76], np.float32) * rng.uniform(0.85, 1.02) + rng.normal(0, 0.02, 3)
    return _plain(size, colour, rng.uniform(0, 0.02), rng)


def _coloured(size: Size, unit: float, rng: np.random.Generator) -> np.ndarray:
    colour = rng.uniform(0.5, 1.0, 3)
    colour += max(0.0, 0.72 - float(colour.mean()))
    return _plain(size, np.clip(colour, 0, 1), rng.uniform(0, 0.02), rng)


def _rules(
    page: np.ndarray, step: float, colour: np.ndarray, rng: np.random.Generator, *, across: bool = False
) -> np.ndarray:
    """Print parallel rules on a page, a little turned, softly."""
    height, width = page.shape[:2]
    layer = np.zeros((height, width), np.uint8)
    tilt = rng.normal(0, 0.012)
    thick = max(1, round(step * rng.uniform(0.015, 0.045)))
    long, short = (height, width) if across else (width, height)
    at = rng.uniform(-step, 0)
    while at < short + abs(tilt) * long + step:
        a, b = (0, int(at * 16)), (int(long * 16), int((at + tilt * long) * 16))
        if across:
            a, b = a[::-1], b[::-1]
        cv2.line(layer, a, b, 255, thick, cv2.LINE_AA, 4)
        at += step
    strength = layer.astype(np.float32)[..., None] * np.float32(rng.uniform(0.25, 0.9) / 255)
    return page + (colour - page) * strength


def _line_colour(rng: np.random.Generator) -> np.ndarray:
    choices = ((0.55, 0.7, 0.88), (0.72, 0.72, 0.75), (0.85, 0.62, 0.66), (0.6, 0.78, 0.7), (0.62, 0.6, 0.75))
    return np.array(choices[int(rng.integers(len(choices)))], np.float32)


def _ruled(size: Size, unit: float, rng: np.random.Generator) -> np.ndarray:
    page = _rules(_white(size, unit, rng), unit * rng.uniform(0.9, 2.2), _line_colour(rng), rng)
    if rng.random() < 0.25:
        margin = np.array([0.88, 0.45, 0.5], np.float32)
        x = int(rng.choice([0.06, 0.12, 0.9]) * size[1])
        cv2.line(page, (x, 0), (x, size[0]), margin.tolist(), max(1, int(unit / 50)), cv2.LINE_AA)
    return page


def _squared(size: Size, unit: float, rng: np.random.Generator) -> np.ndarray:
    step, colour = unit * rng.uniform(0.35, 1.3), _line_colour(rng)
    step = max(step, 5.0)
    return _rules(_rules(_white(size, unit, rng), step, colour, rng), step, colour, rng, across=True)


def _dotted(size: Size, unit: float, rng: np.random.Generator) -> np.ndarray:
    page, step = _white(size, unit, rng), max(6.0, unit * rng.uniform(0.4, 0.9))
    radius, colour = max(1, int(step * 0.05)), rng.uniform(0.55, 0.75)
    for y in np.arange(rng.uniform(0, step), size[0], step):
        for x in np.arange(rng.uniform(0, 2), size[1], step):
            cv2.circle(page, (int(x), int(y)), radius, (colour,) * 3, -1, cv2.LINE_AA)
    return page


def _yellow_pad(size: Size, unit: float, rng: np.random.Generator) -> np.ndarray:
    page = _plain(size, np.array([0.98, 0.92, 0.55], np.float32) * rng.uniform(0.88, 1), 0.012, rng)
    return _rules(page, unit * rng.uniform(1, 2.2), np.array([0.5, 0.65, 0.8], np.float32), rng)


def _envelope(size: Size, unit: float, rng: np.random.Generator) -> np.ndarray:
    base = np.array([[0.93, 0.91, 0.86], [0.82, 0.72, 0.55], [0.86, 0.9, 0.95]])[int(rng.integers(3))]
    page = _plain(size, base.astype(np.float32), rng.uniform(0.01, 0.025), rng)
    hatch = np.sin((np.arange(size[1]) + np.arange(size[0])[:, None]) / rng.uniform(2, 5)).astype(np.float32)
    return page + (hatch * noise(size, 20, rng) * 0.012)[..., None]


def _whiteboard(size: Size, unit: float, rng: np.random.Generator) -> np.ndarray:
    page = _plain(size, _shade(rng, 0.78, 0.98), 0.004, rng)
    smear = np.clip(noise((size[0], max(2, size[1] // 3)), max(unit / 3, 3), rng), 0, None)
    smear = cv2.resize(smear, (size[1], size[0]))[..., None] * np.float32(rng.uniform(0, 0.05))
    return page - smear * rng.uniform(0.3, 1, 3).astype(np.float32)


def _blackboard(size: Size, unit: float, rng: np.random.Generator) -> np.ndarray:
    colour = np.array([[0.1, 0.2, 0.15], [0.13, 0.14, 0.14], [0.08, 0.1, 0.12]])[int(rng.integers(3))]
    page = _plain(size, (colour * rng.uniform(0.8, 1.8)).astype(np.float32), 0.012, rng)
    dust = np.clip(noise(size, max(unit / 2, 4), rng), 0, None) * rng.uniform(0, 0.07)
    return page + dust[..., None]


def _dark_card(size: Size, unit: float, rng: np.random.Generator) -> np.ndarray:
    return _plain(size, rng.uniform(0.03, 0.3, 3).astype(np.float32), rng.uniform(0.005, 0.02), rng)


def _screen_light(size: Size, unit: float, rng: np.random.Generator) -> np.ndarray:
    level = 1.0 if rng.random() < 0.7 else rng.uniform(0.85, 1.0)
    return _plain(size, np.full(3, level, np.float32), 0, rng)


def _screen_dark(size: Size, unit: float, rng: np.random.Generator) -> np.ndarray:
    level = 0.0 if rng.random() < 0.7 else rng.uniform(0, 0.2)
    return _plain(size, np.full(3, level, np.float32), 0, rng)


def _sticky(size: Size, unit: float, rng: np.random.Generator) -> np.ndarray:
    colours = ((1, 0.93, 0.45), (1, 0.66, 0.75), (0.65, 0.9, 0.6), (0.6, 0.82, 0.98), (1, 0.75, 0.45))
    page = _plain(
        size, np.array(colours[int(rng.integers(5))], np.float32) * rng.uniform(0.88, 1), 0.008, rng
    )
    return page * (1 - np.linspace(0, rng.uniform(0, 0.12), size[0], dtype=np.float32))[:, None, None]


def _wood(size: Size, rng: np.random.Generator) -> np.ndarray:
    base = np.array([0.55, 0.4, 0.27]) * rng.uniform(0.4, 1.4) + rng.normal(0, 0.03, 3)
    page = _plain(size, base.astype(np.float32), 0.02, rng)
    grain = noise((size[0], max(2, size[1] // 12)), max(2, size[0] / 40), rng)
    return page + cv2.resize(grain, (size[1], size[0]))[..., None] * np.float32(0.05)


def _table(size: Size, unit: float, rng: np.random.Generator) -> np.ndarray:
    """A sheet whose edge or corner is in the picture, with its shadow on the table."""
    height, width = size
    plain = _white if rng.random() < 0.7 else _cream
    table = _wood(size, rng) if rng.random() < 0.6 else _plain(size, rng.uniform(0.1, 0.9, 3), 0.01, rng)
    inset = rng.uniform(-0.05, 0.14 if unit > 0.35 * height else 0.27, 4) * np.array(
        [width, height, width, height]
    )
    left, top, right, bottom = inset[0], inset[1], width - inset[2], height - inset[3]
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
    corners += rng.normal(0, 0.012 * min(size), (4, 2))
    sheet = np.zeros(size, np.uint8)
    cv2.fillConvexPoly(sheet, np.round(corners * 16).astype(np.int32), 255, cv2.LINE_AA, 4)
    cover = sheet.astype(np.float32)[..., None] / 255
    soft = cv2.blur(cover, (max(3, width // 30) | 1, max(3, height // 30) | 1))[..., None]
    table = table * (1 - 0.4 * soft)
    return table + (plain(size, unit, rng) - table) * cover


def _boxed(size: Size, unit: float, rng: np.random.Generator) -> np.ndarray:
    """A cell of a form or a grid: its printed border around the digit, and a bit of its neighbours."""
    page = _white(size, unit, rng) if rng.random() < 0.7 else _cream(size, unit, rng)
    height, width = size
    tight = rng.random() < 0.5  # a cell that the digit nearly fills, as in a puzzle: strokes reach its lines
    tall, wide = unit * (rng.uniform(1.02, 1.5, 2) if tight else rng.uniform(1.3, 2.1, 2)) * (1, 0.94)
    colour = np.array([0.1, 0.1, 0.12] if rng.random() < 0.6 else rng.uniform(0.3, 0.75, 3))
    thick = max(1, round(unit * rng.uniform(0.012, 0.05)))
    y, x = np.array([height - tall, width - wide]) / 2 + rng.normal(0, 0.05 * unit, 2)
    cells = np.arange(-2, 4)
    for k in cells:
        for a, b in (
            ((0 if rng.random() < 0.8 else x, y + k * tall), (width, y + k * tall)),
            ((x + k * wide, 0), (x + k * wide, height)),
        ):
            ends = [tuple(int(v * 16) for v in point) for point in (a, b)]
            cv2.line(page, ends[0], ends[1], colour.tolist(), thick, cv2.LINE_AA, 4)
    return page


def _kraft(size: Size, unit: float, rng: np.random.Generator) -> np.ndarray:
    page = _plain(size, np.array([0.72, 0.56, 0.38], np.float32) * rng.uniform(0.85, 1.1), 0.018, rng)
    fibres = noise((size[0], max(2, size[1] // 6)), 1.5, rng)
    return page + cv2.resize(fibres, (size[1], size[0]))[..., None] * np.float32(0.02)


def _newsprint(size: Size, unit: float, rng: np.random.Generator) -> np.ndarray:
    """Grey paper with print-through: rows of pale blocks, mirrored text of the other side."""
    page = _plain(size, _shade(rng, 0.72, 0.86, 0.02), 0.02, rng)
    ghost = np.zeros(size, np.float32)
    row, high = rng.uniform(0, unit * 0.3), unit * rng.uniform(0.12, 0.3)
    while row < size[0]:
        letters = (noise((1, size[1]), max(2, high / 3), rng)[0] > -0.2).astype(np.float32)
        ghost[int(row) : int(row + high * 0.55)] = letters
        row += high
    ghost = cv2.GaussianBlur(ghost, (0, 0), max(0.6, high / 9))
    return page - ghost[..., None] * np.float32(rng.uniform(0.04, 0.12))


PAPERS: dict[str, Maker] = {
    "white": _white,
    "cream": _cream,
    "coloured": _coloured,
    "ruled": _ruled,
    "squared": _squared,
    "dotted": _dotted,
    "yellow pad": _yellow_pad,
    "envelope": _envelope,
    "whiteboard": _whiteboard,
    "blackboard": _blackboard,
    "dark card": _dark_card,
    "screen light": _screen_light,
    "screen dark": _screen_dark,
    "sticky note": _sticky,
    "table": _table,
    "boxed": _boxed,
    "kraft": _kraft,
    "newsprint": _newsprint,
}
"""Family -> how it is drawn."""
