"""Rows of writing in a field: pale points are made firm, and straight strokes stay where print is gone."""

import numpy as np
import pytest

from inkread.imaging.alignment import PX
from inkread.imaging.form_regions import cut_region
from inkread.imaging.form_writing import firm_dots, written_rows
from inkread.imaging.ink import Ink

BOUNDS = (30.0, 30.0, 270.0, 90.0)


def sheet(point=0.0, at=(88, 150)):
    """Four upright strokes, the first two apart from the others, and a point of some darkness."""
    page = np.full((130, 320, 3), 235, np.uint8)
    for left in (70, 110, 170, 210):
        page[45:92, left : left + 6] = 40
    top, left = at
    page[top : top + 4, left : left + 4] = round(235 - 195 * point)
    return page


def row_of(page, **told):
    (row,) = written_rows(cut_region(page, BOUNDS), **told)
    return row


def ink_at(row, x, y):
    """The ink of a row at a pixel of the sheet."""
    left, top = 30 - round(3 * PX), 30 - round(3 * PX)
    inside = np.linalg.inv(np.vstack([row.to_picture, [0, 0, 1]])) @ (x - max(0, left), y - max(0, top), 1)
    return float(row.ink[int(inside[1]), int(inside[0])])


def test_a_pale_point_between_figures_is_made_firm_where_points_may_stand():
    pale = sheet(point=0.3)
    assert ink_at(row_of(pale, is_bare=True, with_dots=True), 152, 90) > 0.8
    assert ink_at(row_of(pale, is_bare=True), 152, 90) < 0.5


@pytest.mark.parametrize("at", [(50, 150), (88, 20)])
def test_a_speck_above_the_foot_or_before_the_figures_is_no_point(at):
    ink = np.zeros((60, 220), np.float32)
    for left in (40, 90, 190):
        ink[5:52, left : left + 6] = 1
    ink[at[0] - 40 : at[0] - 36, at[1] : at[1] + 4] = 0.3
    found = Ink(ink, 0.6, 0.02, False, 1.0)
    assert firm_dots(found) is found


def test_grain_is_no_point():
    ink = np.zeros((60, 220), np.float32)
    ink[5:52, 40:46] = ink[5:52, 90:96] = ink[5:52, 190:196] = 1
    ink[48:51, 120:123] = 0.3
    assert firm_dots(Ink(ink, 0.6, 0.02, False, 1.0)).ink[49, 121] == 1
    grainy = Ink(ink, 0.6, 0.12, False, 1.0)
    assert firm_dots(grainy) is grainy


def test_straight_strokes_stay_where_all_print_is_gone():
    page = np.full((130, 320, 3), 235, np.uint8)
    for left in (60, 110, 160, 210, 250):  # fives with long level tops, as high as each other, like a rule
        page[45:49, left : left + 36] = 40
        page[45:90, left : left + 5] = 40
    bare = row_of(page, is_bare=True)
    assert all(ink_at(bare, left + 30, 47) > 0.8 for left in (60, 110, 160, 210))
