"""The squares of ArUco marks: which modules of a mark are black.

A mark of the dictionary DICT_4X4_50 is six modules wide: a black rim of one module around four by four. This
is for who prints marks; `inkread.imaging.align` finds them.

Source: S. Garrido-Jurado et al., Automatic generation and detection of highly reliable fiducial markers under
occlusion (2014); the dictionary is OpenCV's.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["MARKS", "MODULES", "black_modules"]

MARKS = 50
"""Ids go from 0 to one less."""
MODULES = 6
"""Along a side of a mark, its rim included."""


def black_modules(mark: int) -> NDArray[np.bool_]:
    """Which modules of an upright mark are black, `(6, 6)`, rows first.

    Args:
        mark: its id in DICT_4X4_50, 0 to 49.
    """
    known = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    return np.asarray(cv2.aruco.generateImageMarker(known, mark, MODULES) == 0, np.bool_)
