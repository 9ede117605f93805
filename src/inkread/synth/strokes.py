"""Pens for whole lines: give written strokes another width, pressure and flow.

In and out: ink of a line, float32 `(h, w)` in 0..1. A font's outlines are kept and only made thinner or
thicker, or their middle lines are drawn anew with a round or a broad nib.
"""

from __future__ import annotations

import cv2
import numpy as np

from inkread.synth import papers, pens
from inkread.synth.writing import Written

__all__ = ["inked"]

_WIDTHS = (0.06, 0.17)
"""Stroke width, ball pen to felt pen, as a share of the height or width of a letter, whichever is less."""


def inked(written: Written, rng: np.random.Generator) -> np.ndarray:
    """Draw a line with some pen.

    Args:
        written: the strokes.
        rng: chooses the pen.

    Returns:
        float32 `(h, w)` in 0..1, a few pixels larger on every side.
    """
    low, high = np.log(_WIDTHS)
    room = max(10.0, min(written.height, 1.15 * written.letter))
    wanted = max(1.2, float(np.exp(rng.uniform(low, high))) * room)
    ink = np.pad(written.ink, 4)
    if rng.random() < 0.45:
        ink = _redrawn(ink, wanted, rng)
    else:
        # half way from the font's own width to the pen's: too much would close loops
        ink = _widened(ink, 0.65 * (wanted - written.stroke))
    return _flow(ink, written.height, rng)


def _redrawn(ink: np.ndarray, width: float, rng: np.random.Generator) -> np.ndarray:
    """The middle lines drawn with a nib of a width, pressed now more and now less."""
    middle = pens.thinned((ink > 0.45).astype(np.uint8))
    if rng.random() < 0.25:
        # a broad nib: thick one way, thin the other
        size = max(2, round(1.5 * width))
        nib = np.zeros((size, size), np.uint8)
        reach, turn = 0.5 * (size - 1), rng.uniform(0.3, 1.2)
        a, b = (
            (round(reach + sign * reach * np.cos(turn)), round(reach - sign * reach * np.sin(turn)))
            for sign in (-1, 1)
        )
        cv2.line(nib, a, b, 1, max(1, round(0.45 * width)))
        return np.asarray(cv2.GaussianBlur(cv2.dilate(middle, nib).astype(np.float32), (0, 0), 0.6))
    away = cv2.distanceTransform(1 - middle, cv2.DIST_L2, 3)
    pressure = 1 + rng.uniform(0, 0.25) * papers.noise(ink.shape, max(6.0, 3 * width), rng)
    return np.clip(0.5 * width * np.clip(pressure, 0.55, 1.7) + 0.5 - away, 0, 1).astype(np.float32)


def _widened(ink: np.ndarray, by: float) -> np.ndarray:
    """Strokes wider by so many pixels, thinner below 0; thin ones are never wiped out altogether."""
    if abs(by) < 0.15:
        return ink
    sigma = float(np.clip(0.45 * abs(by), 0.5, 1.4))
    soft = cv2.GaussianBlur(ink, (0, 0), sigma)
    if by > 0:
        level = 0.5 - min(0.34, 0.2 * by / sigma)
        gain = max(0.9 / sigma, 0.5 / level)  # bare paper stays bare
        return np.clip((soft - level) * gain + 0.5, 0, 1).astype(np.float32)
    peak = cv2.dilate(soft, np.ones((3, 3), np.uint8))
    level = np.minimum(0.5 + min(0.3, -0.2 * by / sigma), 0.8 * peak)
    return np.clip((soft - level) * (1.1 / sigma) + 0.5 * (peak > 0.2), 0, 1).astype(np.float32)


def _flow(ink: np.ndarray, height: float, rng: np.random.Generator) -> np.ndarray:
    """Ink that fades, skips and spreads."""
    if rng.random() < 0.4:
        fading = papers.noise(ink.shape, height * rng.uniform(0.5, 4), rng) * rng.uniform(0.05, 0.3)
        ink = ink * np.clip(1 - np.abs(fading), 0.25, 1)
    if rng.random() < 0.12:
        # the ball does not turn: short gaps
        gaps = papers.noise(ink.shape, max(1.5, height * rng.uniform(0.08, 0.2)), rng)
        ink = ink * np.clip(1.2 - 1.6 * np.clip(gaps - rng.uniform(1.1, 1.8), 0, 1), 0.1, 1)
    if rng.random() < 0.15:
        grain = papers.noise(ink.shape, rng.uniform(1, 1.8), rng)
        ink = ink * np.clip(1 + rng.uniform(0.1, 0.35) * grain, 0.2, 1)
    return np.clip(ink, 0, 1).astype(np.float32)
