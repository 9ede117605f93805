"""What a pen leaves behind: lines become coverage masks, and a mask is inked anew with another stroke width.

A mask is float32 `(height, width)`: 0 bare, 1 covered. `nib` is the stroke's width as a share of the mark's
height.
"""

from __future__ import annotations

import cv2
import numpy as np

__all__ = ["NIBS", "elastic", "ink_lines", "reink", "thinned", "trim"]

NIBS = ("even", "pressure", "broad", "dry")
"""Kinds of nib that `ink_lines` knows."""

_SHIFT = 4


def ink_lines(
    lines: list[np.ndarray], height_px: int, nib: float, kind: str, rng: np.random.Generator
) -> np.ndarray:
    """Draw lines with a pen.

    Args:
        lines: `(n, 2)` arrays of (x, y) in units of the mark's height.
        height_px: pixels of one unit.
        nib: stroke width, in units.
        kind: one of `NIBS`.
        rng: source of pressure and dryness.

    Returns:
        The mask, with a margin of a stroke's width around.
    """
    width_px = max(1.2, nib * height_px)
    margin = width_px / 2 + 3
    low = np.min([line.min(0) for line in lines], 0) * height_px - margin
    high = np.max([line.max(0) for line in lines], 0) * height_px + margin
    columns, rows = np.ceil(high - low).astype(int) + 1
    mask = np.zeros((max(4, rows), max(4, columns)), np.uint8)
    for line in lines:
        points = line * height_px - low
        if kind == "broad":
            _broad(mask, points, width_px, rng)
        elif kind == "pressure":
            _pressure(mask, points, width_px, rng)
        else:
            thickness = max(1, round(width_px))
            cv2.polylines(mask, [_fixed(points)], False, 255, thickness, cv2.LINE_AA, _SHIFT)
    inked = mask.astype(np.float32) / 255
    return _dry(inked, rng) if kind == "dry" else inked


def reink(mask: np.ndarray, nib: float) -> np.ndarray:
    """Give a mark's strokes another width, their middle lines left in place.

    Args:
        mask: float32 `(h, w)`, of a mark that fills it.
        nib: wanted stroke width as a share of the mark's height; approached, not always reached.

    Returns:
        The mask, larger by the margin that wider strokes need.
    """
    height = max(1, int(np.count_nonzero(mask.max(1) > 0.5)))
    wanted = max(0.9, nib * height / 2)
    solid = (mask > 0.5).astype(np.uint8)
    inside = cv2.distanceTransform(solid, cv2.DIST_L2, 3)
    here = inside[solid > 0]
    if not here.size:
        return mask
    radius = 2 * float(here.mean())
    if wanted > radius + 0.5:
        return _grown(solid, min(wanted - radius, 0.08 * height))
    if wanted > radius - 0.5 or float(inside.max()) > 1.8 * radius:
        return mask  # fitting already, or with a filled loop, which a thin pen would not have filled
    outside = cv2.distanceTransform(1 - thinned(solid), cv2.DIST_L2, 5)
    thin = np.clip(wanted + 0.5 - outside, 0, 1).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(thin, (0, 0), 0.8))


def elastic(mask: np.ndarray, strength: float, rng: np.random.Generator) -> np.ndarray:
    """Bend a mark as if the hand had written it once more.

    Args:
        mask: float32 `(h, w)`.
        strength: standard deviation of the displacement, as a share of the height; 0.02 is mild, 0.05 strong.
        rng: source of the bending.
    """
    height, width = mask.shape
    coarse = rng.normal(0, strength * height, (2, 4, 4)).astype(np.float32)
    dx = cv2.resize(coarse[0], (width, height), interpolation=cv2.INTER_CUBIC)
    dy = cv2.resize(coarse[1], (width, height), interpolation=cv2.INTER_CUBIC)
    dx += np.arange(width, dtype=np.float32)
    dy += np.arange(height, dtype=np.float32)[:, None]
    return cv2.remap(mask, dx, dy, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0)


def trim(mask: np.ndarray, margin: int = 2) -> np.ndarray:
    """Cut a mask to its ink, with a margin of bare pixels.

    Args:
        mask: float32 `(h, w)`.
        margin: pixels to leave bare around.
    """
    x, y, w, h = cv2.boundingRect((mask > 0.2).astype(np.uint8))
    if not w:
        return mask
    return cv2.copyMakeBorder(
        mask[y : y + h, x : x + w], margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=0
    )


def _fixed(points: np.ndarray) -> np.ndarray:
    """Points as the fixed-point integers that OpenCV's drawing wants."""
    return np.round(points * (1 << _SHIFT)).astype(np.int32)


def _pressure(mask: np.ndarray, points: np.ndarray, width_px: float, rng: np.random.Generator) -> None:
    """Draw with a width that swells and fades along the way."""
    knots = rng.uniform(0.55, 1.35, 4)
    knots[-1] *= rng.uniform(0.4, 1)
    swell = np.interp(np.linspace(0, 3, len(points)), np.arange(4), knots)
    fixed = _fixed(points)
    for i in range(len(points) - 1):
        thickness = max(1, round(width_px * float(swell[i])))
        cv2.line(mask, fixed[i].tolist(), fixed[i + 1].tolist(), 255, thickness, cv2.LINE_AA, _SHIFT)


def _broad(mask: np.ndarray, points: np.ndarray, width_px: float, rng: np.random.Generator) -> None:
    """Draw with a nib that is wide one way and thin the other."""
    angle = rng.uniform(0.3, 1.1)
    half = np.array([np.cos(angle), -np.sin(angle)]) * width_px / 2
    left, right = _fixed(points - half), _fixed(points + half)
    for i in range(len(points) - 1):
        sheet = np.array([left[i], left[i + 1], right[i + 1], right[i]])
        cv2.fillConvexPoly(mask, cv2.convexHull(sheet), 255, cv2.LINE_AA, _SHIFT)
    thin = max(1, round(width_px * 0.3))
    cv2.polylines(mask, [_fixed(points)], False, 255, thin, cv2.LINE_AA, _SHIFT)


def _dry(mask: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Let the paper's grain show through."""
    height, width = mask.shape
    grain = rng.normal(0, 1, (height // 2 + 1, width // 2 + 1)).astype(np.float32)
    grain = cv2.resize(grain, (width, height), interpolation=cv2.INTER_LINEAR)
    return mask * np.clip(0.85 + grain * rng.uniform(0.2, 0.5), 0.15, 1)


def _grown(solid: np.ndarray, grow: float) -> np.ndarray:
    """Widen strokes by `grow` pixels a side, but leave every loop open."""
    pad = int(np.ceil(grow)) + 2
    solid = cv2.copyMakeBorder(solid, pad, pad, pad, pad, cv2.BORDER_CONSTANT, value=0)
    outside = cv2.distanceTransform(1 - solid, cv2.DIST_L2, 5)
    count, parts = cv2.connectedComponents(1 - solid, connectivity=4)
    for part in range(1, count):
        deepest = float(outside[parts == part].max())
        if part != parts[0, 0] and deepest > 2:
            grow = min(grow, 0.55 * deepest)
    return np.clip(grow + 1 - outside, 0, 1).astype(np.float32)


def _removable() -> np.ndarray:
    """Which neighbourhoods (8 bits, clockwise from north) lose their centre, for both half steps."""
    table = np.zeros((2, 256), np.uint8)
    for code in range(256):
        around = [(code >> bit) & 1 for bit in range(8)]
        north, east, south, west = around[0], around[2], around[4], around[6]
        turns = sum(a == 0 and b == 1 for a, b in zip(around, around[1:] + around[:1], strict=True))
        if not (2 <= sum(around) <= 6 and turns == 1):
            continue
        table[0, code] = not (north and east and south) and not (east and south and west)
        table[1, code] = not (north and east and west) and not (north and south and west)
    return table


_REMOVABLE = _removable()
_AROUND = np.array([[128, 1, 2], [64, 0, 4], [32, 16, 8]], np.float32)


def thinned(solid: np.ndarray) -> np.ndarray:
    """The middle line of the strokes, one pixel wide; uint8 0 or 1.

    Source: Zhang and Suen, Communications of the ACM 27, 1984.
    """
    line = cv2.copyMakeBorder(solid, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    for _ in range(60):
        before = int(line.sum())
        for half in (0, 1):
            codes = cv2.filter2D(line, cv2.CV_8U, _AROUND, borderType=cv2.BORDER_CONSTANT)
            line &= 1 - cv2.LUT(codes, _REMOVABLE[half])
        if int(line.sum()) == before:
            break
    return line[1:-1, 1:-1]
