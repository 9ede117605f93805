"""Strokes out of a mark, and the mark drawn anew with them: bent a little, by another pen.

In: a mask, float32 `(h, w)` in 0..1. Between: its middle lines, `(n, 2)` arrays of (x, y) in units of the
mark's height. Out: another mask.
"""

from __future__ import annotations

import cv2
import numpy as np

from inkread.synth import pens

__all__ = ["redrawn", "traced"]

_SPUR = 0.07
"""Side branches shorter than this share of the height come from the outline's corners, not from the pen."""
_STRAIGHT = [(0, -1), (-1, 0), (1, 0), (0, 1)]
_SLANTED = [(-1, -1), (1, -1), (-1, 1), (1, 1)]
_NIBS = (0.035, 0.14)

Point = tuple[int, int]


def traced(mask: np.ndarray) -> list[np.ndarray]:
    """Find the middle lines of a mark's strokes.

    Args:
        mask: float32 `(h, w)`.

    Returns:
        `(n, 2)` float64 each, (x, y) in units of the mask's height; a dot is a line of two equal points.
        Empty where there is no ink.
    """
    rows, columns = np.nonzero(pens.thinned(np.pad((mask > 0.5).astype(np.uint8), 1)))
    points = set(zip(columns.tolist(), rows.tolist(), strict=True))
    beside = {p: _neighbours(p, points) for p in points}
    ends = sorted(p for p in points if len(beside[p]) != 2)
    used: set[tuple[Point, Point]] = set()
    paths = [_walk(p, q, beside, used) for p in ends for q in beside[p] if (p, q) not in used]
    paths += [[p] for p in ends if not beside[p]]
    seen = {p for path in paths for p in path}
    for p in sorted(points - seen):  # rings have no end to begin at
        if p not in seen and beside[p]:
            paths.append(_walk(p, beside[p][0], beside, used))
            seen.update(paths[-1])
    height = len(mask)
    return [_smooth(path) / height for path in paths if not _is_spur(path, beside, height)]


def _neighbours(p: Point, points: set[Point]) -> list[Point]:
    """The points beside one; across a corner only where no straight way leads there."""
    x, y = p
    found = [q for dx, dy in _STRAIGHT if (q := (x + dx, y + dy)) in points]
    for dx, dy in _SLANTED:
        if (x + dx, y + dy) in points and (x + dx, y) not in points and (x, y + dy) not in points:
            found.append((x + dx, y + dy))
    return found


def _walk(
    p: Point, q: Point, beside: dict[Point, list[Point]], used: set[tuple[Point, Point]]
) -> list[Point]:
    """The points from p over q to the next end or fork, or around to p."""
    path = [p, q]
    used.update({(p, q), (q, p)})
    while len(beside[path[-1]]) == 2 and path[-1] != p:
        following = next((r for r in beside[path[-1]] if r != path[-2]), None)
        if following is None:
            break
        used.update({(path[-1], following), (following, path[-1])})
        path.append(following)
    return path


def _is_spur(path: list[Point], beside: dict[Point, list[Point]], height: int) -> bool:
    """Whether a line is a short branch that ends nowhere; a piece of its own, such as a dot, is none."""
    degrees = sorted((len(beside[path[0]]), len(beside[path[-1]])))
    return len(path) < _SPUR * height and degrees[0] == 1 and degrees[1] > 2


def _smooth(path: list[Point]) -> np.ndarray:
    """A line without the steps of the pixels, its ends in place."""
    line = np.array(path if len(path) > 1 else path * 2, np.float64) - 1
    if len(line) < 5:
        return line
    padded = np.concatenate([np.repeat(line[:1], 4, axis=0), line, np.repeat(line[-1:], 4, axis=0)])
    kernel = np.exp(-0.5 * (np.arange(-4, 5) / 2.0) ** 2)
    kernel /= kernel.sum()
    soft = np.stack([np.convolve(padded[:, axis], kernel, "valid") for axis in (0, 1)], axis=1)
    soft[0], soft[-1] = line[0], line[-1]
    return (
        soft[:: 3 if len(soft) > 12 else 1] if len(soft) % 3 == 1 else np.concatenate([soft[::3], soft[-1:]])
    )


def redrawn(
    lines: list[np.ndarray],
    rng: np.random.Generator,
    *,
    nib: float | None = None,
    height_px: int = 128,
) -> np.ndarray:
    """Draw traced strokes anew, as the hand might have written them next time.

    The whole mark is bent by a smooth field, so that strokes that meet go on meeting; then slanted, made
    wider or narrower, and inked by any pen.

    Args:
        lines: from `traced`.
        rng: source of everything.
        nib: stroke width as a share of the height; any where None.
        height_px: of the mark, in pixels.

    Returns:
        The mask, cut to its ink; bare where there are no lines.
    """
    if not lines:
        return np.zeros((8, 8), np.float32)
    fields = [rng.normal(0, size, (2, cells, cells)) for size, cells in ((0.03, 3), (0.018, 5))]
    slant, wide = rng.normal(0.05, 0.12), float(np.exp(rng.normal(0, 0.13)))
    turn = np.array([[wide, 0.0], [-slant, 1.0]])
    every = np.concatenate(lines)
    within = every / [max(1.0, float(every[:, 0].max())), 1.0]
    every = (every + sum(_pushed(within, field) for field in fields)) @ turn
    moved = np.split(every, np.cumsum([len(line) for line in lines])[:-1])
    low, high = _NIBS
    width = float(np.exp(rng.uniform(np.log(low), np.log(high)))) if nib is None else min(nib, high)
    kind = pens.NIBS[int(rng.choice(len(pens.NIBS), p=(0.6, 0.2, 0.12, 0.08)))]
    return pens.trim(pens.ink_lines(moved, height_px, width, kind, rng))


def _pushed(line: np.ndarray, field: np.ndarray) -> np.ndarray:
    """What a coarse field `(2, k, k)` over the unit square moves each point of a line by."""
    cells = field.shape[1] - 1
    places = np.clip(line, 0, 1).astype(np.float32) * cells
    x, y = places[:, :1], places[:, 1:]
    return np.concatenate(
        [cv2.remap(one.astype(np.float32), x, y, cv2.INTER_LINEAR) for one in field], axis=1
    ).astype(np.float64)
