"""Pictures for the benchmarks: hands of MNIST's test part drawn large on paper, the same ones every time.

The 28x28 pictures are read as height fields, enlarged smoothly and cut at half height, so that a stroke has a
sharp edge at any size; paper, light and grain are drawn at the size that is asked for, as if the camera had
come closer. None of these hands was trained on, and nothing of the package's own photo simulator is used.
"""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass

import cv2
import numpy as np

from inkread.data import sources

LARGEST_DRAWN = 800
"""Pixels; a larger digit is this one enlarged, edges a little soft, as a camera gives them."""
MARGIN = 0.35
"""Paper on each side, as a share of the digit's height."""


@dataclass(frozen=True, slots=True)
class Hand:
    """One digit: its 28x28 field in 0..1, cut to the ink, what it says, and the seed of its paper and pen."""

    field: np.ndarray
    label: str
    seed: int


def hands(n: int, *, seed: int = 0) -> list[Hand]:
    """Choose n digits of MNIST's test part by chance, always the same; doubtful ones may be among them."""
    images, labels = sources.mnist("test")
    rows = np.random.default_rng(seed).choice(len(images), size=n, replace=False)
    return [Hand(_cut(images[row] / np.float32(255)), str(labels[row]), int(row)) for row in rows]


def _cut(field: np.ndarray) -> np.ndarray:
    """The field's inked rows and columns, with one pixel of paper around them."""
    ys, xs = np.nonzero(field > 0.5)
    return np.pad(field[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1], 1)


def ink(hand: Hand, height: int) -> np.ndarray:
    """The hand's ink, 0..1, about `height` pixels from top to bottom."""
    scale = height / (hand.field.shape[0] - 2)
    rows, columns = (max(2, round(side * scale)) for side in hand.field.shape)
    if height > LARGEST_DRAWN:
        return cv2.resize(ink(hand, LARGEST_DRAWN), (columns, rows), interpolation=cv2.INTER_LINEAR)
    smooth = cv2.resize(hand.field.astype(np.float32), (columns, rows), interpolation=cv2.INTER_CUBIC)
    if scale > 2:
        smooth = cv2.GaussianBlur(smooth, (0, 0), 0.35 * scale)
    edge = 0.35 / max(scale, 1) ** 0.5
    return np.clip((smooth - 0.5) / (2 * edge) + 0.5, 0, 1)


def on_paper(hand: Hand, height: int) -> np.ndarray:
    """The hand on a sheet of paper in uneven light: uint8 RGB, the digit `height` pixels high."""
    return paint(np.pad(ink(hand, height), round(MARGIN * height)), np.random.default_rng(hand.seed))


def paint(mark: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Ink, 0..1, as a photo: paper and pen of one colour each, light that falls off to one side, grain."""
    paper = rng.uniform([200, 195, 180], [250, 250, 245])
    pen = rng.uniform([10, 10, 10], [70, 80, 140])
    fall, press = rng.uniform(-1, 1, 2), rng.uniform(0.75, 1)
    y, x = (np.linspace(-1, 1, side, dtype=np.float32) for side in mark.shape)
    light = np.float32(0.88) - 0.12 * (y[:, None] * np.float32(fall[1]) + x * np.float32(fall[0]))
    weak = ((paper - pen) * press).astype(np.float32)
    colour = paper.astype(np.float32) - mark[..., None].astype(np.float32) * weak
    return grain(colour * light[..., None], rng, 2.5)


def grain(colour: np.ndarray, rng: np.random.Generator, sigma: float) -> np.ndarray:
    """Add a sensor's noise (standard deviation in grey levels) and round to bytes."""
    noise = rng.standard_normal(colour.shape[:2], dtype=np.float32) * np.float32(sigma)
    return np.clip(colour + noise[..., None], 0, 255).astype(np.uint8)


def need(module: str, install: str) -> object:
    """Import an optional module, or leave with one line that says how to get it."""
    try:
        return importlib.import_module(module)
    except ImportError:
        sys.exit(f"this benchmark needs {module}. Run: {install}")
