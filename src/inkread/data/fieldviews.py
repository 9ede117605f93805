"""Varied views of a photo of a field and of where its ink is: what the model `field-ink` learns from.

As `views` for single signs, but upright, and at about the size at which fields are looked at: a form's lines
run level and upright, and characters are small beside the picture. The same state of `rng` gives the same
view.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from inkread.data import shots, views
from inkread.data.supply import Chance, Pair

__all__ = ["batch_of", "plain", "view"]

_SIDES = (80, 230)
"""Shortest and longest side, in pixels of the picture, of the square that a view shows."""
_NEAR_INK, _SPREAD, _RECOLOURED, _UPSIDE_DOWN = 0.8, 0.25, 0.5, 0.1

_opened = lru_cache(maxsize=1)(shots.opened)


def batch_of(path: Path, batch: int, chance: Chance) -> Pair:
    """Make one batch of varied views; see `views.batch_of`."""
    pool = _opened(path)
    rng = np.random.default_rng(chance)
    made = [view(*pool[int(rng.integers(len(pool)))], rng) for _ in range(batch)]
    return np.stack([picture for picture, _ in made]), np.stack([ink for _, ink in made])


def view(
    rgb: np.ndarray, ink: np.ndarray, rng: np.random.Generator, *, vary: bool = True
) -> tuple[np.ndarray, np.ndarray]:
    """A square of a picture, most often near some ink.

    Args:
        rgb: uint8 `(height, width, 3)`.
        ink: uint8 `(height, width)`.
        rng: where all chance comes from.
        vary: whether its light and colours are varied.

    Returns:
        As `views.view` gives them.
    """
    side = float(np.exp(rng.uniform(*np.log(_SIDES))))
    here = views.square(ink, side, rng, near=_NEAR_INK, spread=_SPREAD)
    larger = (cv2.INTER_LINEAR, cv2.INTER_CUBIC)[int(rng.integers(2))]
    rgb, ink = views.resized(rgb[here], ink[here], views.SIDE / side, larger)
    x = rgb.astype(np.float32)
    if vary:
        if rng.random() < _RECOLOURED:
            x = views.recoloured(x, rng)
        if rng.random() < _UPSIDE_DOWN:
            x, ink = np.rot90(x, 2), np.rot90(ink, 2)
    return views.framed(x, ink)


def plain(rgb: np.ndarray, ink: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A square of a picture as it is, always the same; shapes as in `view`."""
    return view(rgb, ink, np.random.default_rng(ink.shape), vary=False)
