"""Drawn newspaper sudokus, partly filled in by hand and photographed; the same ones every time.

A puzzle is made from a solved grid by the moves that keep the rules; printed digits are set in Pillow's own
font, written ones are from hands of MNIST's test part, which no model was trained on. The sheet is seen from
an angle and bends; paper, pens, light, lens and file are the photo simulator's, newsprint being a paper that
training never sees.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from inkread.data import sources
from inkread.synth import papers
from inkread.synth.camera import take
from inkread.synth.conditions import Conditions, sample_conditions

SIDE, EDGE = 62, 90
"""Pixels of a cell, and of paper around the grid, at least."""
GIVEN, WRITTEN = 0.36, 0.34
"""Shares of the cells that are printed and filled in by hand; the rest stays empty."""
PAPER = "newsprint"
PENS = ("ballpoint", "fineliner", "gel", "pencil")


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """One page.

    Attributes:
        rgb: uint8 `(height, width, 3)`.
        truth: `(9, 9)`, 0 where a cell is empty.
        is_written: `(9, 9)`, whether a cell was filled in by hand.
    """

    rgb: np.ndarray
    truth: np.ndarray
    is_written: np.ndarray


def pages(n: int, *, filled: bool = False) -> Iterator[Drawn]:
    """Draw pages, each from its own seed.

    Args:
        n: how many.
        filled: whether all empty cells are filled in.
    """
    images, labels = sources.mnist("test")
    for seed in range(n):
        yield page(seed, (images, labels), filled=filled)


def page(seed: int, hands: tuple[np.ndarray, np.ndarray], *, filled: bool = False) -> Drawn:
    """Draw one page.

    Args:
        seed: of everything.
        hands: digits `(n, 28, 28)`, 0..255, and what each is.
        filled: whether all empty cells are filled in.
    """
    rng = np.random.default_rng([seed, 9])
    solved = solution(rng)
    kind = rng.choice(3, size=(9, 9), p=[GIVEN, WRITTEN, 1 - GIVEN - WRITTEN])
    kind[kind == 2] = 1 if filled else 2
    size = (9 * SIDE + 2 * EDGE + int(rng.integers(80)), 9 * SIDE + 2 * EDGE + int(rng.integers(120)))
    corner = (int(rng.integers(40, size[1] - 9 * SIDE - 40)), int(rng.integers(60, size[0] - 9 * SIDE - 30)))
    print_ = printed(size, corner, np.where(kind == 0, solved, 0), rng)
    ink = written(size, corner, np.where(kind == 1, solved, 0), hands, rng)
    way = bent(size, rng)
    print_, ink = (cv2.remap(v, *way, cv2.INTER_LINEAR) for v in (print_, ink))
    paper = papers.draw(PAPER, size, 0.5 * SIDE, rng)
    darkness = (print_ * rng.uniform(0.55, 0.9))[..., None]
    rgb = take((paper * (1 - darkness)).astype(np.float32), ink, 0.5 * SIDE, rng, view(rng))
    return Drawn(rgb, np.where(kind == 2, 0, solved), kind == 1)


def view(rng: np.random.Generator) -> Conditions:
    """How a page is photographed: as any picture of the simulator, by someone who wants it read."""
    return replace(
        sample_conditions(rng),
        paper=PAPER,
        pen=str(rng.choice(PENS)),
        frame="normal",
        digit_px=0.5 * SIDE,
        opacity=float(rng.uniform(0.7, 1)),
        blur=float(rng.uniform(0, 0.05)),
        motion=0.0,
        noise=float(rng.uniform(0, 0.02)),
        resample=1.0,
        jpeg=int(rng.integers(60, 96)),
        enlarge=1.0,
        grey=bool(rng.random() < 0.1),
        bilevel=False,
        distractors=(),
    )


def solution(rng: np.random.Generator) -> np.ndarray:
    """A solved grid: one of them, its digits, rows and columns changed about as the rules allow."""
    grid = np.array([[(3 * (r % 3) + r // 3 + c) % 9 for c in range(9)] for r in range(9)])
    grid = (rng.permutation(9) + 1)[grid]
    for _ in range(2):
        order = np.concatenate([3 * band + rng.permutation(3) for band in rng.permutation(3)])
        grid = grid[order].T
    return grid


def printed(
    size: tuple[int, int], corner: tuple[int, int], given: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """The lines and printed digits of a puzzle with a heading, float32 0..1."""
    sheet = Image.new("L", (size[1], size[0]), 0)
    draw = ImageDraw.Draw(sheet)
    left, top = corner
    for k in range(10):
        wide = 4 if k % 3 == 0 else 1 + int(rng.random() < 0.4)
        shade = 255 if k % 3 == 0 else int(rng.uniform(110, 255))
        draw.line([(left, top + k * SIDE), (left + 9 * SIDE, top + k * SIDE)], shade, wide)
        draw.line([(left + k * SIDE, top), (left + k * SIDE, top + 9 * SIDE)], shade, wide)
    font = ImageFont.load_default(round(0.62 * SIDE))
    for row, column in np.argwhere(given > 0).tolist():
        at = (left + (column + 0.5) * SIDE, top + (row + 0.5) * SIDE)
        draw.text(at, str(given[row, column]), 255, font, anchor="mm")
    draw.text((left, top - 16), "SUDOKU", 255, ImageFont.load_default(26), anchor="ls")
    return np.asarray(sheet, np.float32) / 255


def written(
    size: tuple[int, int],
    corner: tuple[int, int],
    digits: np.ndarray,
    hands: tuple[np.ndarray, np.ndarray],
    rng: np.random.Generator,
) -> np.ndarray:
    """What was filled in, float32 0..1; a digit of one hand or another in each cell."""
    images, labels = hands
    sheet = np.zeros(size, np.float32)
    for row, column in np.argwhere(digits > 0).tolist():
        one = images[rng.choice(np.flatnonzero(labels == digits[row, column]))].astype(np.float32) / 255
        x, y, wide, high = cv2.boundingRect((one > 0.3).astype(np.uint8))
        tall = round(SIDE * rng.uniform(0.45, 0.72))
        scale = tall / max(wide, high)
        large = cv2.resize(
            one[y : y + high, x : x + wide], None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC
        )
        stroke = np.clip((large - 0.35) / 0.25, 0, 1)
        top = corner[1] + row * SIDE + round((SIDE - stroke.shape[0]) * rng.uniform(0.3, 0.7))
        left = corner[0] + column * SIDE + round((SIDE - stroke.shape[1]) * rng.uniform(0.3, 0.7))
        part = sheet[top : top + stroke.shape[0], left : left + stroke.shape[1]]
        np.maximum(part, stroke, out=part)
    return sheet


def bent(size: tuple[int, int], rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Where every pixel of the photo is from on the sheet: turned, seen from an angle, and curved."""
    height, width = size
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    seen = corners + rng.uniform(-0.03, 0.03, (4, 2)).astype(np.float32) * (width, height)
    turn = np.deg2rad(rng.uniform(-4, 4))
    middle = np.array([width / 2, height / 2], np.float32)
    spin = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]], np.float32)
    way = cv2.getPerspectiveTransform(((seen - middle) @ spin * 0.97 + middle).astype(np.float32), corners)
    y, x = np.mgrid[:height, :width].astype(np.float32)
    waves = rng.uniform(0, 0.008, 2) * size
    phase, length = rng.uniform(0, 6, 2), rng.uniform(0.5, 1.2, 2) * size
    x, y = (
        x + waves[1] * np.sin(y / length[0] * 6 + phase[0]),
        y + waves[0] * np.sin(x / length[1] * 6 + phase[1]),
    )
    there = cv2.perspectiveTransform(np.stack([x, y], -1).reshape(1, -1, 2).astype(np.float32), way)
    there = there.reshape(height, width, 2)
    return np.ascontiguousarray(there[..., 0]), np.ascontiguousarray(there[..., 1])
