"""Find pictures that are nearly the same: copies saved again, resized, made lighter, or cropped.

Pictures are compared as a network sees them, so size, light and format do not count. All pairs are compared
that could be alike at all: along the direction in which the set varies most, alike pictures lie close.
"""

from __future__ import annotations

import cv2
import numpy as np

__all__ = ["MOST", "pairs"]

MOST = 100_000
"""With more pictures than this, comparing all of them takes too long."""

ALIKE, ALIKE_IN_MANY, MANY = 0.985, 0.99, 5000
"""Correlation from which two pictures count as one: a photo saved as JPEG again or halved has 0.99 and more.
Of 18 million pairs of different MNIST digits one reaches 0.985 and none 0.99 (the first 6,000 of its test
part), so large sets, where chance has more pairs to play with, take the second."""

_COARSE, _CANDIDATE, _BLOCK = 14, 0.975, 1024


def pairs(images: np.ndarray) -> np.ndarray:
    """Name the pairs of pictures that are nearly the same.

    Args:
        images: `(n, 28, 28)` uint8, white on black, at most `MOST`.

    Returns:
        `(pairs, 2)` positions, the smaller first, in ascending order. Blank pictures are like nothing.
    """
    shows = np.flatnonzero(images.any(axis=(1, 2)))
    if len(shows) < 2:
        return np.zeros((0, 2), np.int64)
    coarse = _units(images[shows], _COARSE)
    along = _direction(coarse)
    place = coarse @ along
    order = np.argsort(place, kind="stable")
    coarse, place, shows = coarse[order], place[order], shows[order]
    reach = float(np.sqrt(2 * (1 - _CANDIDATE)))  # how far apart two unit vectors of that correlation can lie
    found = []
    for first in range(0, len(shows), _BLOCK):
        here = coarse[first : first + _BLOCK]
        last = int(np.searchsorted(place, place[first + len(here) - 1] + reach, side="right"))
        near = np.argwhere(here @ coarse[first:last].T > _CANDIDATE)
        found.append(near[near[:, 0] < near[:, 1]] + first)
    candidates = shows[np.concatenate(found)]
    alike = ALIKE if len(images) <= MANY else ALIKE_IN_MANY
    fine = [_agree(images[candidates[k : k + 4096]]) >= alike for k in range(0, len(candidates), 4096)]
    sure = candidates[np.concatenate(fine)] if fine else candidates
    sure = np.sort(sure, axis=1)
    return sure[np.lexsort((sure[:, 1], sure[:, 0]))]


def _units(images: np.ndarray, side: int) -> np.ndarray:
    """Each picture as a vector of length 1."""
    small = np.stack([cv2.resize(i, (side, side), interpolation=cv2.INTER_AREA) for i in images])
    rows = small.reshape(len(images), -1).astype(np.float32)
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)


def _direction(rows: np.ndarray) -> np.ndarray:
    """The direction in which they vary most, `(k,)` of length 1."""
    some = rows[:: max(1, len(rows) // 2000)]
    centred = some - some.mean(axis=0)
    return np.linalg.eigh(centred.T @ centred)[1][:, -1].astype(np.float32)


def _agree(two: np.ndarray) -> np.ndarray:
    """Correlations of pairs `(n, 2, 28, 28)` at full size."""
    rows = two.reshape(len(two), 2, -1).astype(np.float32)
    one, other = rows[:, 0], rows[:, 1]
    lengths = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    return np.asarray((one * other).sum(axis=1) / np.maximum(lengths, 1e-6))
