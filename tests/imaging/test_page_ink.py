"""The ink of a page: strokes and nothing else, in any light, on paper of any colour."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from inkread.imaging.page_ink import page_ink


def page(paper: float = 220, stroke: float = 60) -> NDArray[np.float32]:
    """Strokes 3 px wide, in rows."""
    grey = np.full((500, 400), paper, np.float32)
    for y in range(80, 440, 30):
        grey[y : y + 14, 60:340:8] = grey[y : y + 14, 61:340:8] = stroke
    return grey


def found(grey: NDArray[np.float32]) -> NDArray[np.bool_]:
    rgb = np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[..., None], 3, axis=-1)
    return np.asarray(page_ink(rgb).ink > 0.5)


def strokes() -> NDArray[np.bool_]:
    return page() < 100


@pytest.mark.parametrize(
    ("paper", "stroke"),
    [
        pytest.param(240, 30, id="black on white"),
        pytest.param(230, 190, id="pencil"),
        pytest.param(40, 220, id="chalk on a blackboard"),
    ],
)
def test_strokes_are_ink_whatever_is_darker(paper: float, stroke: float) -> None:
    assert np.array_equal(found(page(paper, stroke)), strokes())


def test_a_shadow_over_half_the_page_is_no_ink() -> None:
    grey = page()
    grey[:, 150:] *= 0.5
    ink = found(grey)
    assert np.array_equal(ink, strokes())


def test_the_table_around_the_sheet_is_no_ink() -> None:
    grey = np.full((700, 600), 70, np.float32)
    grey[100:600, 100:500] = page()
    around = found(grey)
    assert np.array_equal(around[100:600, 100:500], strokes())
    around[100:600, 100:500] = False
    assert not around.any()


def test_bare_paper_has_no_ink() -> None:
    assert not found(np.full((300, 400), 200, np.float32)).any()
