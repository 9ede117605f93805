"""Polygons with as few corners as they need: what is written into files is read by people and programs.

In: ((x, y), ...) in pixels. Out: the same outline within a tolerance.
"""

from __future__ import annotations

import cv2
import numpy as np

__all__ = ["simplified"]


def simplified(polygon: tuple[tuple[float, float], ...], tolerance: float) -> tuple[tuple[float, float], ...]:
    """Leave out the corners of a closed polygon that lie within a tolerance of what remains.

    Args:
        polygon: its corners, in order.
        tolerance: pixels.

    Returns:
        Some of the corners, in order; all of them where fewer than four would remain.

    Example:
        >>> simplified(((0, 0), (5, 0.1), (10, 0), (10, 10), (0, 10)), 0.5)
        ((0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0))

    Source: Douglas and Peucker, Cartographica 10(2), 1973.
    """
    corners = np.array(polygon, np.float32).reshape(-1, 1, 2)
    kept = cv2.approxPolyDP(corners, tolerance, True).reshape(-1, 2)
    return tuple((float(x), float(y)) for x, y in (kept if len(kept) >= 4 else corners.reshape(-1, 2)))
