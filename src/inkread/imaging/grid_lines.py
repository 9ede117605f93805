"""How much every pixel of a photo looks like a ruled line, and like a place where two lines meet.

In: RGB, uint8 `(height, width, 3)`, its lines within some degrees of level and upright. Out: `Lines`, maps of
the same size, 0..1. Written strokes answer, too, where they run straight for a while: what is a grid is
decided by who knows that its crossings stand in rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["Lines", "crossings", "lines_of", "tilt_degrees"]

_Map = NDArray[np.float32]

_PAPER = 0.06
"""Side of the window in which the paper is looked for, as a share of the longest side."""
_WIDTHS = (1.2, 2.2)
"""Half widths of lines, pixels, as sigmas of the filters that answer to them."""
_LONG = 17
"""A line runs on for so many pixels."""
_SLOPES = np.linspace(-0.3, 0.3, 9)
"""How far a line may climb, a pixel."""
_HALF = 0.05
"""A line so much darker than its paper counts for half."""
_MOSTLY = 60
"""So many hundredths of a picture are paper at least."""
_ARM = 10
"""Pixels from a crossing at which the lines that meet there are looked for."""
_APART = 11
"""Crossings are at least half as many pixels apart."""
_BESIDE = 2
_MOST = 1000


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """The lines of a picture.

    Attributes:
        across: float32 `(height, width)`, 0..1: how much of a line from left to right runs within two pixels.
        down: the same of lines from top to bottom.
    """

    across: _Map
    down: _Map


def tilt_degrees(rgb: NDArray[np.uint8]) -> float:
    """How far the strokes of a picture are turned from level and upright, clockwise, in -45..45.

    The mean of four times the angle of every edge, weighed by its strength: lines and print agree in it.
    """
    grey = cv2.GaussianBlur(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), (0, 0), 1.5).astype(np.float32)
    x, y = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    strength = np.hypot(x, y)
    strong = strength > max(4.0, float(np.percentile(strength, 80)))
    angle = 4 * np.arctan2(y[strong], x[strong])
    weight = np.minimum(strength[strong], 60.0)
    return float(np.rad2deg(np.arctan2((weight * np.sin(angle)).sum(), (weight * np.cos(angle)).sum())) / 4)


def lines_of(rgb: NDArray[np.uint8]) -> Lines:
    """Look for lines.

    Args:
        rgb: `(height, width, 3)`; lines are 2 to 8 pixels wide and climb by at most 0.3.
    """
    dark = _darkness(rgb)
    across, down = _runs(dark), np.ascontiguousarray(_runs(np.ascontiguousarray(dark.T)).T)
    beside = np.ones(2 * _BESIDE + 1, np.uint8)
    return Lines(cv2.dilate(across, beside[:, None]), cv2.dilate(down, beside[None]))


def crossings(lines: Lines) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where a line across and a line down meet: corners, tees and crosses.

    Args:
        lines: of a picture.

    Returns:
        `(n, 2)` of (x, y) in pixels, and how sure each is, 0..1; the surest first.
    """
    arms = np.stack([_moved(lines.across, x, 0) for x in (_ARM, -_ARM)])
    legs = np.stack([_moved(lines.down, 0, y) for y in (_ARM, -_ARM)])
    beside = np.ones(2 * _BESIDE + 1, np.uint8)
    here = cv2.min(cv2.dilate(lines.across, beside[None]), cv2.dilate(lines.down, beside[:, None]))
    both = np.sqrt(arms.max(0) * legs.max(0)) * (0.5 + 0.25 * (arms.min(0) + legs.min(0)))
    score = cv2.GaussianBlur(np.asarray(both * np.sqrt(here), np.float32), (0, 0), 1.5)
    peaks = (score >= cv2.dilate(score, np.ones((_APART, _APART), np.uint8))) & (score > 0.08)
    y, x = np.nonzero(peaks)
    order = np.argsort(-score[y, x], kind="stable")[:_MOST]
    return np.stack([x, y], 1)[order].astype(np.float64), score[y, x][order].astype(np.float64)


def _darkness(rgb: NDArray[np.uint8]) -> _Map:
    """How much darker than its paper every pixel is, 0..1, in the channel that shows it best."""
    window = max(9, round(_PAPER * max(rgb.shape[:2]))) | 1
    calm = np.asarray(cv2.medianBlur(rgb, 3), np.uint8)
    closed = cv2.morphologyEx(calm, cv2.MORPH_CLOSE, np.ones((window, window), np.uint8))
    paper = np.maximum(cv2.blur(closed, (window, window)).astype(np.float32), 24)
    # The median would take thin lines for grain.
    return np.asarray(np.clip(1 - rgb / paper, 0, 1).max(-1), np.float32)


def _runs(dark: _Map) -> _Map:
    """Of lines from left to right."""
    best = np.zeros(dark.shape, np.float32)
    for sigma in _WIDTHS:
        reach = round(4 * sigma)
        off = np.arange(-reach, reach + 1, dtype=np.float32) / sigma
        ridge = (1 - off**2) * np.exp(-(off**2) / 2)
        ridge -= ridge.mean()
        ridge /= np.abs(ridge).sum() / 2
        np.maximum(best, cv2.filter2D(dark, cv2.CV_32F, ridge[:, None]), out=best)
    found = np.zeros(dark.shape, np.float32)
    capped = best / (best + _HALF)
    for slope in _SLOPES:
        along = np.arange(_LONG) - _LONG // 2
        rows = slope * along
        high = int(np.ceil(np.abs(rows).max()))
        kernel = np.zeros((2 * high + 1, _LONG), np.float32)
        low = np.floor(rows).astype(int)
        kernel[low + high, np.arange(_LONG)] += 1 - (rows - low)
        np.add.at(kernel, (np.minimum(low + high + 1, 2 * high), np.arange(_LONG)), rows - low)
        np.maximum(found, cv2.filter2D(capped, cv2.CV_32F, kernel / kernel.sum()), out=found)
    # Most of a picture is paper: what its grain answers is no line.
    grain = min(float(np.percentile(found[::3, ::3], _MOSTLY)), 0.6)
    return np.asarray(np.clip((found - grain) / (1 - grain), 0, 1), np.float32)


def _moved(values: _Map, x: int, y: int) -> _Map:
    """Values that stand so many pixels to the right and below, brought here; 0 where there are none."""
    moved = np.zeros_like(values)
    height, width = values.shape
    moved[max(0, -y) : height - max(0, y), max(0, -x) : width - max(0, x)] = values[
        max(0, y) : height - max(0, -y), max(0, x) : width - max(0, -x)
    ]
    return moved
