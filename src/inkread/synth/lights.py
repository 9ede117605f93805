"""The light that falls on a page: a factor for each pixel, float32 `(height, width, 3)`."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

__all__ = ["LIGHTS", "fall"]

Maker = Callable[[np.random.Generator], np.ndarray]

GRID = 48
"""Light is made at GRID x GRID and stretched over the picture: it is smooth."""


def fall(family: str, size: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """The light of a family over a picture.

    Args:
        family: a key of `LIGHTS`.
        size: (height, width) in pixels.
        rng: source of directions and strengths.

    Returns:
        float32 `(height, width, 3)`; 1 leaves the paper's own brightness.
    """
    light = np.broadcast_to(LIGHTS[family](rng), (GRID, GRID, 3)).astype(np.float32)
    return np.asarray(cv2.resize(light, (size[1], size[0]), interpolation=cv2.INTER_LINEAR))


def _across(rng: np.random.Generator) -> np.ndarray:
    """A ramp in a random direction, about -1 to 1."""
    y, x = np.mgrid[-1 : 1 : GRID * 1j, -1 : 1 : GRID * 1j]
    turn = rng.uniform(0, 2 * np.pi)
    return np.asarray(np.cos(turn) * x + np.sin(turn) * y)


def _even(rng: np.random.Generator) -> np.ndarray:
    return np.full((1, 1, 3), rng.uniform(0.75, 1.02))


def _gradient(rng: np.random.Generator) -> np.ndarray:
    return (rng.uniform(0.6, 0.9) + rng.uniform(0.08, 0.35) * _across(rng))[..., None]


def _vignette(rng: np.random.Generator) -> np.ndarray:
    y, x = np.mgrid[-1 : 1 : GRID * 1j, -1 : 1 : GRID * 1j]
    far = (x - rng.normal(0, 0.25)) ** 2 + (y - rng.normal(0, 0.25)) ** 2
    return (rng.uniform(0.8, 1) - rng.uniform(0.1, 0.3) * far)[..., None]


def _edge(rng: np.random.Generator) -> np.ndarray:
    """The straight edge of a shadow, sharp to half soft."""
    side = 1 / (1 + np.exp(-(_across(rng) - rng.uniform(-0.6, 0.6)) * rng.uniform(8, 40)))
    return (rng.uniform(0.75, 1) - rng.uniform(0.15, 0.5) * side)[..., None]


def _soft(rng: np.random.Generator) -> np.ndarray:
    """The soft shadow of a hand or a phone: a few blurred lobes from one side."""
    y, x = np.mgrid[-1 : 1 : GRID * 1j, -1 : 1 : GRID * 1j]
    turn = rng.uniform(0, 2 * np.pi)
    shade = np.zeros((GRID, GRID))
    for _ in range(int(rng.integers(1, 5))):
        cx, cy = 1.2 * np.cos(turn) + rng.normal(0, 0.3), 1.2 * np.sin(turn) + rng.normal(0, 0.3)
        far = ((x - cx) / rng.uniform(0.4, 1.1)) ** 2 + ((y - cy) / rng.uniform(0.4, 1.1)) ** 2
        shade = np.maximum(shade, 1 / (1 + far ** rng.uniform(1, 2.2)))
    return (rng.uniform(0.75, 1) * (1 - rng.uniform(0.2, 0.6) * shade))[..., None]


def _cast(rng: np.random.Generator) -> np.ndarray:
    warm = rng.uniform(-1, 1)
    tint = np.array([1 + 0.18 * warm, 1 + rng.normal(0, 0.02), 1 - 0.28 * warm])
    return (rng.uniform(0.65, 0.95) + rng.uniform(0, 0.12) * _across(rng))[..., None] * tint


def _dim(rng: np.random.Generator) -> np.ndarray:
    return (rng.uniform(0.25, 0.5) + rng.uniform(0, 0.1) * _across(rng))[..., None] * np.array([1.06, 1, 0.9])


def _overexposed(rng: np.random.Generator) -> np.ndarray:
    return (rng.uniform(1.1, 1.4) + rng.uniform(0, 0.15) * _across(rng))[..., None]


def _flash(rng: np.random.Generator) -> np.ndarray:
    y, x = np.mgrid[-1 : 1 : GRID * 1j, -1 : 1 : GRID * 1j]
    far = (x - rng.uniform(-0.8, 0.8)) ** 2 + (y - rng.uniform(-0.8, 0.8)) ** 2
    return (rng.uniform(0.45, 0.7) + rng.uniform(0.3, 0.7) * np.exp(-far / rng.uniform(0.15, 0.8)))[..., None]


def _blinds(rng: np.random.Generator) -> np.ndarray:
    """Stripes of sun through a blind."""
    stripes = 1 / (1 + np.exp(-6 * np.sin(_across(rng) * rng.uniform(3, 9) + rng.uniform(0, 6))))
    return (rng.uniform(0.5, 0.75) + rng.uniform(0.15, 0.35) * stripes)[..., None]


LIGHTS: dict[str, Maker] = {
    "even": _even,
    "gradient": _gradient,
    "vignette": _vignette,
    "shadow edge": _edge,
    "hand shadow": _soft,
    "cast": _cast,
    "dim": _dim,
    "overexposed": _overexposed,
    "flash": _flash,
    "blinds": _blinds,
}
"""Family -> how it falls."""
