"""The shade of the pen in a strip: strokes that the ink left out, in the colour of those that it found."""

import cv2
import numpy as np
import pytest

from inkread.imaging.field_rows import find_rows
from inkread.imaging.pen_shade import pen_shade, shaded
from inkread.imaging.strips import HEIGHT, strip

LEVEL = np.eye(2, 3)


def _bars(paper: tuple[int, int, int], pen: tuple[int, int, int], scale: int = 1) -> np.ndarray:
    """Three upright bars on plain paper, 40 pixels high."""
    page = np.full((80 * scale, 200 * scale, 3), paper, np.uint8)
    for left in (40, 90, 140):
        page[20 * scale : 60 * scale, left * scale : (left + 8) * scale] = pen
    return page


def _ink(scale: int = 1) -> np.ndarray:
    """The ink of the bars, the middle one missed."""
    ink = np.zeros((80 * scale, 200 * scale), np.float32)
    for left in (40, 140):
        ink[20 * scale : 60 * scale, left * scale : (left + 8) * scale] = 1
    return ink


@pytest.mark.parametrize(
    ("paper", "pen"),
    [((240, 235, 200), (30, 40, 140)), ((40, 60, 50), (230, 230, 220))],
    ids=["blue", "chalk"],
)
def test_shows_the_stroke_that_was_missed(paper: tuple[int, int, int], pen: tuple[int, int, int]) -> None:
    cut = strip(_ink())
    shade = pen_shade(_bars(paper, pen), LEVEL, cut)
    middle = round((94 - cut.left) * cut.scale)
    assert shade.shape == cut.ink.shape and cut.ink[20, middle] == 0
    assert shade[20, middle] == pytest.approx(0.75, abs=0.1)
    assert shade[20, round((70 - cut.left) * cut.scale)] < 0.05


def test_tells_print_of_another_colour_from_the_pen() -> None:
    page = _bars((255, 255, 255), (20, 20, 120))
    page[38:42, 20:180] = np.where(page[38:42, 20:180] == 255, (255, 150, 150), page[38:42, 20:180])
    cut = strip(_ink())
    shade = pen_shade(page, LEVEL, cut)
    row = round((40 - cut.top) * HEIGHT / cut.height)
    assert 0 < shade[row, round((70 - cut.left) * cut.scale)] < 0.6


def test_lies_on_the_ink_whatever_the_size_and_turn_of_the_picture() -> None:
    for scale, degrees in ((1, 0.0), (6, 0.0), (3, 4.0)):
        page = _bars((220, 220, 220), (50, 50, 60), scale)
        middle = page.shape[1] / 2, page.shape[0] / 2
        turn = cv2.getRotationMatrix2D(middle, degrees, 1.0)
        page = cv2.warpAffine(page, turn, page.shape[1::-1], borderValue=(220, 220, 220))
        (row,) = find_rows(page)
        both = shaded(page, row.to_picture, strip(row.ink))
        assert both.shape[2] == 2 and np.corrcoef(both[..., 0].ravel(), both[..., 1].ravel())[0, 1] > 0.95


def test_is_the_ink_where_nothing_differs_from_the_paper() -> None:
    flat = np.full((80, 200, 3), 130, np.uint8)
    cut = strip(_ink())
    assert np.array_equal(pen_shade(flat, LEVEL, cut), cut.ink)
    empty = strip(np.zeros((80, 200), np.float32))
    assert np.array_equal(pen_shade(flat, LEVEL, empty), empty.ink)


def test_ink_all_over_needs_no_paper() -> None:
    cut = strip(np.ones((30, 60), np.float32))
    shade = pen_shade(_bars((200, 200, 200), (20, 20, 20))[:30, :60], LEVEL, cut)
    assert np.isfinite(shade).all() and shade.min() >= 0 and shade.max() <= 1
