"""Every cell of a field gives its own character, and one that touches its neighbour is parted from it."""

import numpy as np

from inkread.imaging.form_cells import cell_marks
from inkread.imaging.form_regions import cut_region

CELLS = [(40.0 + 50 * k, 40.0, 84.0 + 50 * k, 96.0) for k in range(4)]
BOUNDS = (40.0, 40.0, 234.0, 96.0)


def cut(*strokes):
    """The marks of cells on a sheet with strokes: left, top, right, bottom in pixels."""
    page = np.full((150, 300, 3), 235, np.uint8)
    for left, top, right, bottom in strokes:
        page[top:bottom, left:right] = 40
    return cell_marks(cut_region(page, BOUNDS), CELLS)


def test_a_cell_has_its_own_stroke_and_an_empty_one_none():
    found = cut((60, 50, 66, 90), (155, 50, 160, 88))
    assert [mark is not None for mark in found] == [True, False, True, False]
    assert found[0].shape[0] > found[0].shape[1] and found[0].max() > 0.9


def test_a_stroke_that_runs_over_a_wall_is_whole_in_the_cell_that_holds_most_of_it():
    found = cut((52, 60, 96, 66))  # 32 pixels in the first cell, 6 in the second
    assert [mark is not None for mark in found] == [True, False, False, False]
    assert found[0].shape[1] >= 44


def test_two_characters_that_touch_are_parted_between_their_cells():
    found = cut((55, 50, 61, 90), (115, 50, 121, 90), (55, 70, 121, 76))
    assert [mark is not None for mark in found] == [True, True, False, False]
    assert all(25 <= mark.shape[1] <= 45 for mark in found[:2])


def test_specks_are_no_characters():
    assert cut((60, 50, 62, 52), (150, 60, 153, 63)) == [None] * 4
