"""Outlines with as few corners as they need: what is written into files is read by people and programs.

In: ((x, y), ...) in pixels. Out: the same polygon or path within a tolerance.
"""

from __future__ import annotations

import cv2
import numpy as np

__all__ = ["simplified", "straightened_path"]

Points = tuple[tuple[float, float], ...]
"""((x, y), ...) in pixels."""


def simplified(polygon: Points, tolerance: float) -> Points:
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


def straightened_path(path: Points, tolerance: float) -> Points:
    """Leave out the points of an open path that lie within a tolerance of what remains; its ends stay.

    Args:
        path: at least two points, in order.
        tolerance: pixels.

    Example:
        >>> straightened_path(((0, 0), (5, 0.1), (10, 0)), 0.5)
        ((0.0, 0.0), (10.0, 0.0))

    Source: Douglas and Peucker, Cartographica 10(2), 1973.
    """
    kept = cv2.approxPolyDP(np.array(path, np.float32).reshape(-1, 1, 2), tolerance, False).reshape(-1, 2)
    return tuple((float(x), float(y)) for x, y in kept)
