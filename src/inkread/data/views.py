"""Varied views of a photo and of where its ink is: what the model `ink` learns from.

In: RGB, uint8 `(height, width, 3)`, and ink coverage, uint8 `(height, width)`, 255 where all is ink. Out:
both in a frame of `SIDE` pixels, the picture as `imaging.learned.standard` gives it in reading too. What
moves the picture moves the ink; what recolours it leaves the ink alone. The same state of `rng` gives the
same view.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from inkread.data import shots
from inkread.data.supply import Chance, Pair
from inkread.imaging.learned import standard

__all__ = ["OUTSIDE", "SIDE", "batch_of", "framed", "plain", "recoloured", "resized", "square", "view"]

SIDE = 128
"""Height and width of a view, in pixels."""
OUTSIDE = -1.0
"""What the ink is where the frame is beyond the picture; it does not count."""
_WHOLE = 0.55
"""Share of the views that show the whole picture."""
_LEAST = 24
"""Pictures with a side smaller than this, in pixels, are always shown whole."""


_opened = lru_cache(maxsize=1)(shots.opened)


def batch_of(path: Path, batch: int, chance: Chance) -> Pair:
    """Make one batch of varied views.

    Args:
        path: of the photos; see `shots.opened`.
        batch: how many views.
        chance: what decides which, and how they vary.

    Returns:
        Pictures `(batch, SIDE, SIDE, 3)` and their ink `(batch, SIDE, SIDE, 1)`, float32; see `view`.

    Raises:
        DataError: the photos are damaged.
    """
    pool = _opened(path)
    rng = np.random.default_rng(chance)
    made = [view(*pool[int(rng.integers(len(pool)))], rng) for _ in range(batch)]
    return np.stack([picture for picture, _ in made]), np.stack([ink for _, ink in made])


def view(rgb: np.ndarray, ink: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """One varied view: a part or all of a picture, at some size, turned, in another light.

    Args:
        rgb: uint8 `(height, width, 3)`.
        ink: uint8 `(height, width)`.
        rng: where all chance comes from.

    Returns:
        float32 `(SIDE, SIDE, 3)` and float32 `(SIDE, SIDE, 1)`: coverage 0..1, or `OUTSIDE`.
    """
    if rng.random() >= _WHOLE and min(ink.shape) >= _LEAST:
        rgb, ink = _part(rgb, ink, rng)
    factor = SIDE / max(ink.shape) * (1 if rng.random() < 0.6 else rng.uniform(0.6, 1))
    larger = (cv2.INTER_LINEAR, cv2.INTER_CUBIC)[int(rng.integers(2))]
    rgb, ink = resized(rgb, ink, factor, larger)
    turns, flips = int(rng.integers(4)), rng.random() < 0.5
    x, ink = np.rot90(rgb.astype(np.float32), turns), np.rot90(ink, turns)
    if flips:
        x, ink = x[:, ::-1], ink[:, ::-1]
    return framed(recoloured(x, rng), ink)


def plain(rgb: np.ndarray, ink: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The whole picture as it is, as large as the frame allows; shapes as in `view`."""
    rgb, ink = resized(rgb, ink, SIDE / max(ink.shape), cv2.INTER_LINEAR)
    return framed(rgb.astype(np.float32), ink)


def _part(rgb: np.ndarray, ink: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A square part, most often near some ink."""
    side = float(rng.uniform(0.35, 1)) * max(ink.shape)
    here = square(ink, side, rng, near=0.85, spread=0.15)
    return rgb[here], ink[here]


def square(
    ink: np.ndarray, side: float, rng: np.random.Generator, *, near: float, spread: float
) -> tuple[slice, slice]:
    """The rows and columns of a square part of a picture.

    Args:
        ink: uint8 `(height, width)`.
        side: of the square, in pixels.
        rng: where all chance comes from.
        near: chance that it lies near some ink, where there is any, and not anywhere.
        spread: how far from it then: the standard deviation, as a share of the side.
    """
    height, width = ink.shape
    rows, columns = np.nonzero(ink[::4, ::4] > 100)
    if len(rows) and rng.random() < near:
        k = int(rng.integers(len(rows)))
        y = rows[k] * 4 + rng.normal(0, side * spread)
        x = columns[k] * 4 + rng.normal(0, side * spread)
    else:
        y, x = rng.uniform(0, height), rng.uniform(0, width)
    top = int(np.clip(y - side / 2, 0, max(0, height - side)))
    left = int(np.clip(x - side / 2, 0, max(0, width - side)))
    return np.s_[top : top + int(side) + 1, left : left + int(side) + 1]


def resized(rgb: np.ndarray, ink: np.ndarray, factor: float, larger: int) -> tuple[np.ndarray, np.ndarray]:
    """Both in another size, within the frame; `larger` is how OpenCV makes pictures larger."""
    height, width = ink.shape
    size = max(4, min(SIDE, round(width * factor))), max(4, min(SIDE, round(height * factor)))
    if factor < 1:
        return cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), cv2.resize(
            ink, size, interpolation=cv2.INTER_AREA
        )
    return cv2.resize(rgb, size, interpolation=larger), cv2.resize(ink, size, interpolation=cv2.INTER_LINEAR)


def recoloured(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A picture, float32 0..255, inverted, in other colours, in other light, rougher, or as it is."""
    height, width = x.shape[:2]
    if rng.random() < 0.15:
        x = 255 - x
    if rng.random() < 0.3:
        x = x[..., rng.permutation(3)]
    if rng.random() < 0.45:
        x = x * _shade(rng, height, width)
    if rng.random() < 0.2:
        x = np.repeat(x.mean(2, keepdims=True), 3, 2)
    if rng.random() < 0.3:
        x = 255 * np.clip(x / 255, 0, 1) ** np.float32(np.exp(rng.uniform(-0.5, 0.5)))
    if rng.random() < 0.2:
        x = x + np.float32(rng.uniform(2, 14)) * rng.standard_normal((height, width, 1), dtype=np.float32)
    if rng.random() < 0.2:
        x = x + _texture(rng, height, width)
    return np.clip(x, 0, 255)


def _shade(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    """Light that shadows fall into: straight edges, soft or hard, and blobs as under a tree.

    Returns:
        float32 `(height, width, 1)`, the share of the light that arrives.
    """
    light = np.ones((height, width), np.float32)
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    for _ in range(int(rng.integers(1, 4))):
        turn = rng.uniform(0, 2 * np.pi)
        beyond = np.cos(turn) * x + np.sin(turn) * y - np.float32(rng.uniform(-0.9, 0.9))
        hardness = np.float32(np.exp(rng.uniform(np.log(3), np.log(60))))
        light *= 1 - np.float32(rng.uniform(0.1, 0.6)) * _step(beyond * hardness)
    if rng.random() < 0.5:
        cells = int(rng.integers(2, 9)) + 2
        hills = rng.standard_normal((cells, cells)).astype(np.float32)
        hills = cv2.resize(hills, (width, height), interpolation=cv2.INTER_CUBIC)
        depth = np.float32(rng.uniform(0.1, 0.5))
        level = np.float32(rng.normal(0, 0.4))
        hardness = np.float32(np.exp(rng.uniform(np.log(2), np.log(30))))
        light *= 1 - depth * _step((hills - level) * hardness)
    return light[..., None]


def _step(x: np.ndarray) -> np.ndarray:
    """0 far below 0, 1 far above."""
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -30, 30))))


def _texture(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    """Roughness of some grain, float32 `(height, width, 1)` in grey levels: smooth, or in two levels."""
    grain = np.exp(rng.uniform(np.log(1.5), np.log(14)))
    rough = rng.standard_normal((int(height / grain) + 2, int(width / grain) + 2)).astype(np.float32)
    if rng.random() < 0.4:
        rough = np.sign(rough - np.float32(rng.uniform(0, 1)))
    rough = cv2.resize(rough, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(rough[..., None] * np.float32(rng.uniform(2, 14)))


def framed(x: np.ndarray, ink: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A picture, float32 0..255, and its ink in the middle of the frame."""
    height, width = ink.shape
    top, left = (SIDE - height) // 2, (SIDE - width) // 2
    inside = np.s_[top : top + height, left : left + width]
    picture = np.zeros((SIDE, SIDE, 3), np.float32)
    covered = np.full((SIDE, SIDE, 1), OUTSIDE, np.float32)
    picture[inside] = standard(x)
    covered[inside] = ink[..., None].astype(np.float32) / 255
    return picture, covered
