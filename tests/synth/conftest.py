"""Hands for simulated forms and mail that need no data: one font, and digits of one writer."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from inkread.synth import faces


@pytest.fixture(scope="session")
def dejavu() -> Path:
    """The file of a font, that of matplotlib."""
    found = importlib.util.find_spec("matplotlib")
    if found is None or not found.submodule_search_locations:
        pytest.skip("matplotlib, whose font is written with, is not installed")
    return Path(found.submodule_search_locations[0]) / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf"


@pytest.fixture(scope="session")
def one_font(tmp_path_factory: pytest.TempPathFactory, dejavu: Path) -> Path:
    """A data folder with one font that is not held out."""
    kept = next(name for name in ("plain", "simple", "sober", "usual") if not faces.is_held_out(name))
    root = tmp_path_factory.mktemp("data")
    (root / "fonts" / "ttf").mkdir(parents=True)
    shutil.copy(dejavu, root / "fonts" / "ttf" / f"{kept}.ttf")
    (root / "fonts" / "fonts.tsv").write_text(f"name\tlicence\tclass\n{kept}\tOFL-1.1\tA\n", "utf-8")
    return root


@pytest.fixture(scope="session")
def ten_digits() -> np.ndarray:
    """uint8 `(10, 28, 28)`: each digit once, drawn."""
    images = np.zeros((10, 28, 28), np.uint8)
    for digit, image in enumerate(images):
        cv2.putText(image, str(digit), (4, 24), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 255, 2)
    return images
