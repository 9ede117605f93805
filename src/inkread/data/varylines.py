"""Varied views of a line: slanted, stretched, bent, thinned, blurred, as other hands and pens would have it.

In: a kept strip, uint8 `(KEPT_HEIGHT, width)`, or `(KEPT_HEIGHT, width, 2)` with its shade. Out: float32
`(HEIGHT, width)`, or `(HEIGHT, width, 2)`, as networks see it. The same state of `rng` gives the same view.
"""

from __future__ import annotations

import cv2
import numpy as np

from inkread.imaging.strips import HEIGHT

__all__ = ["MASKED", "plain", "vary"]

MASKED = 0.35
"""Share of the lines that have short stretches wiped out."""

_Array = np.ndarray


def plain(kept: _Array) -> _Array:
    """A kept strip as networks see it: float32 `(HEIGHT, width)`."""
    width = max(1, round(kept.shape[1] * HEIGHT / kept.shape[0]))
    return cv2.resize(kept, (width, HEIGHT), interpolation=cv2.INTER_AREA).astype(np.float32) / 255


def vary(kept: _Array, rng: np.random.Generator, masked: float = MASKED) -> _Array:
    """One varied view of a kept strip: float32 `(HEIGHT, width)`.

    Args:
        kept: uint8 `(KEPT_HEIGHT, width)`.
        rng: source of everything.
        masked: chance that short stretches are wiped out.
    """
    seen = _stroked(_moved(kept, rng), rng)
    if rng.random() < masked:
        seen = _masked(seen, rng)
    if rng.random() < 0.12:
        seen = _ruled(seen, rng)
    return _light(seen, rng)


def _moved(kept: _Array, rng: np.random.Generator) -> _Array:
    """Stretched, slanted, turned and bent, in one resampling: float32 `(HEIGHT, width)`."""
    height, width = kept.shape[:2]
    size = HEIGHT / height
    tall = size * (1.04 - 0.3 * rng.beta(1, 2.2))
    wide = size * np.exp(rng.normal(0, 0.13))
    slant = float(np.clip(rng.normal(0, 0.22), -0.6, 0.6)) * size
    turned = rng.normal(0, 0.008) if width > 2 * height else rng.normal(0, 0.03)
    room = abs(slant) * height / 2
    out = max(8, round(width * wide + 2 * room))
    y, x = np.mgrid[0:HEIGHT, 0:out].astype(np.float32)
    drop = (HEIGHT - tall * height) * rng.uniform(-0.1, 1.1)
    wave = rng.normal(0, 0.6) * np.sin(x * rng.uniform(0.005, 0.03) + rng.uniform(0, 6.3))
    row = (y - drop - turned * (x - out / 2) - wave) / tall
    sway = rng.normal(0, 1.2) * np.sin(x * rng.uniform(0.01, 0.06) + rng.uniform(0, 6.3))
    column = (x - room - slant * (height / 2 - row) + sway) / wide
    if rng.random() < 0.5:
        bend = rng.normal(0, 1, (2, 6, max(3, out // 14))).astype(np.float32) * rng.uniform(0.4, 1.6)
        row += cv2.resize(bend[0], (out, HEIGHT), interpolation=cv2.INTER_CUBIC)
        column += cv2.resize(bend[1], (out, HEIGHT), interpolation=cv2.INTER_CUBIC)
    soft = cv2.GaussianBlur(kept, (0, 0), 0.45 / size - 0.2) if size < 0.9 else kept
    moved = cv2.remap(soft, column.astype(np.float32), row.astype(np.float32), cv2.INTER_LINEAR)
    return moved.astype(np.float32) / 255


def _stroked(seen: _Array, rng: np.random.Generator) -> _Array:
    """Strokes thinner, thicker or blurred."""
    kind = rng.random()
    if kind < 0.16:
        return _blended(seen, cv2.erode(seen, np.ones((2, 2), np.uint8)), rng)
    if kind < 0.36:
        shape = ((2, 2), (3, 3), (1, 2), (2, 1))[int(rng.choice(4, p=(0.5, 0.2, 0.15, 0.15)))]
        return _blended(seen, cv2.dilate(seen, np.ones(shape, np.uint8)), rng)
    if kind < 0.5:
        return cv2.GaussianBlur(seen, (0, 0), float(rng.uniform(0.4, 1.1)))
    if kind < 0.58:
        factor = float(rng.uniform(0.45, 0.8))
        low = cv2.resize(seen, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        return cv2.resize(low, seen.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    return seen


def _blended(seen: _Array, other: _Array, rng: np.random.Generator) -> _Array:
    share = np.float32(rng.uniform(0.3, 1.0))
    return seen * (1 - share) + other * share


def _masked(seen: _Array, rng: np.random.Generator) -> _Array:
    """Short stretches wiped out, so that what stands around them must help."""
    seen = seen.copy()
    for _ in range(1 + int(rng.poisson(seen.shape[1] / 220))):
        wide = int(rng.integers(4, 18))
        left = int(rng.integers(0, max(1, seen.shape[1] - wide)))
        if rng.random() < 0.7:
            seen[:, left : left + wide] *= np.float32(rng.uniform(0, 0.4))
        else:
            top = int(rng.integers(0, HEIGHT - 8))
            seen[top : top + int(rng.integers(6, 20)), left : left + wide] = 0
    return seen


def _ruled(seen: _Array, rng: np.random.Generator) -> _Array:
    """A rule, or a bit of one, across the line."""
    seen = seen.copy()
    width = seen.shape[1]
    left, right = sorted(rng.integers(0, width + 1, 2)) if rng.random() < 0.5 else (0, width)
    at = int(rng.integers(HEIGHT // 2, HEIGHT - 2))
    thick = int(rng.integers(1, 3))
    part = seen[at : at + thick, left:right]
    np.maximum(part, np.float32(rng.uniform(0.15, 0.9)), out=part)
    return seen


def _light(seen: _Array, rng: np.random.Generator) -> _Array:
    """Ink fainter or firmer, and grain."""
    each = seen.shape[2:]  # a strip and its shade are not equally firm
    seen = np.clip(seen, 0, 1) ** np.exp(rng.normal(0, 0.3, each)).astype(np.float32)
    seen *= rng.uniform(0.6, 1.0, each).astype(np.float32)
    if rng.random() < 0.4:
        grain = rng.standard_normal(seen.shape, np.float32) * np.float32(rng.uniform(0.005, 0.07))
        seen = seen + grain
    return np.clip(seen, 0, 1)
