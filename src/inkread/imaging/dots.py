"""The dots over letters: where they stand, and a letter together with its own.

In: the ink of a page, `(height, width)` float32 0..1, and the `Box` of a letter. Out: the box of its dot, or
the ink of both.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.types import Box

__all__ = ["dot_over", "with_dot"]

_INKED = 0.3
"""Ink from which a pixel of a dot counts."""
_ABOVE, _BESIDE = 1.2, 0.35
"""How far over a letter, and beside it, a dot may be: shares of the letter's longer side."""
_LARGEST, _SMALLEST = 0.65, 0.03
"""Longer side of a dot beside that of its letter."""


def dot_over(ink: NDArray[np.float32], box: Box) -> Box | None:
    """Find the dot of a letter.

    Args:
        ink: `(height, width)` of the page, 0..1.
        box: of the letter without its dot, in pixels of the ink.

    Returns:
        Where the largest small piece over the letter stands; None where there is none.
    """
    size = max(box.height, box.width)
    left, right = max(0, box.left - int(_BESIDE * size)), box.right + int(_BESIDE * size)
    top = max(0, box.top - int(_ABOVE * size))
    inked = (ink[top : box.bottom, left:right] >= _INKED).astype(np.uint8)
    stats = cv2.connectedComponentsWithStats(inked, connectivity=8)[2][1:]
    found = []
    for x, y, wide, high, _ in stats.tolist():
        piece = Box(left + x, top + y, left + x + wide, top + y + high)
        middle = (piece.left + piece.right) / 2
        is_sized = _SMALLEST * size <= max(wide, high) <= _LARGEST * size
        is_over = piece.bottom <= box.top + 0.1 * box.height and piece.top < box.top and y > 0
        if is_sized and is_over and box.left - 0.3 * size <= middle <= box.right + 0.3 * size:
            found.append(piece)
    return max(found, key=lambda b: b.height * b.width, default=None)


def with_dot(ink: NDArray[np.float32], box: Box, dot: Box) -> tuple[Box, NDArray[np.float32]]:
    """A letter and its dot as one piece of ink, and where it stands.

    Args:
        ink: `(height, width)` of the page, 0..1.
        box: of the letter.
        dot: of its dot.
    """
    both = Box(
        min(box.left, dot.left), min(box.top, dot.top), max(box.right, dot.right), max(box.bottom, dot.bottom)
    )
    mask = np.zeros(ink.shape, bool)
    for one in (box, dot):
        mask[one.top : one.bottom, one.left : one.right] = True
    at = np.s_[both.top : both.bottom, both.left : both.right]
    return both, np.where(mask[at], ink[at], 0).astype(np.float32)
