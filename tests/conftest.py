"""Pictures that many tests need, made on the spot."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import settings

# How long an example takes says more of how busy the machine is than of the code.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(scope="session")
def digit_photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dark 7 drawn on light paper, 400 by 300 pixels, as a JPEG."""
    paper = np.full((300, 400, 3), 225, np.uint8)
    strokes = np.array([[150, 80], [250, 80], [190, 230]], np.int32)
    cv2.polylines(paper, [strokes], False, (90, 50, 40), 14, cv2.LINE_AA)
    path = tmp_path_factory.mktemp("photos") / "seven.jpg"
    cv2.imwrite(str(path), paper)
    return path
