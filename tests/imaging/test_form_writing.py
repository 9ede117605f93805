"""Rows of writing in a field: pale points are made firm, and straight strokes stay where print is gone."""

import numpy as np
import pytest

from inkread.imaging.alignment import PX
from inkread.imaging.form_points import firm_points
from inkread.imaging.form_regions import cut_region
from inkread.imaging.form_writing import written_rows
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
    assert ink_at(row_of(pale, is_bare=True, with_points=True), 152, 90) > 0.8
    assert ink_at(row_of(pale, is_bare=True), 152, 90) < 0.5


def figures(spot=None, dark=0.3, grain=0.0):
    """Three upright strokes, the third far from the second, and a spot; picture and ink."""
    rgb = np.full((60, 240, 3), 230.0)
    for left in (40, 80, 130, 195):
        rgb[5:50, left : left + 6] = 40
    if spot:
        rgb[spot[1] : spot[1] + 4, spot[0] : spot[0] + 4] = 230 - 190 * dark
    rgb += np.random.default_rng(0).normal(0, 190 * grain, rgb.shape[:2])[..., None]
    rgb = np.clip(rgb, 0, 255).astype(np.uint8)
    ink = np.clip((230 - rgb[..., 0].astype(np.float32)) / 190, 0, 1)
    return rgb, Ink(np.where(ink > 0.35, ink, np.float32(0)), 0.8, grain, False, 1.0)


@pytest.mark.parametrize(("spot", "is_point"), [((110, 46), True), ((110, 20), False), ((20, 46), False)])
def test_a_point_stands_between_figures_and_at_their_feet(spot, is_point):
    rgb, found = figures(spot)
    firm = firm_points(rgb, found).ink
    assert (firm[spot[1] + 1, spot[0] + 1] > 0.9) == is_point
    assert np.array_equal(firm > 0.9, found.ink > 0.9) != is_point


@pytest.mark.parametrize(("dark", "is_point"), [(0.5, True), (0.12, False)])
def test_grain_is_no_point(dark, is_point):
    rgb, found = figures((110, 46), dark, grain=0.07)
    firm = firm_points(rgb, found).ink
    assert bool(firm[47, 111] > 0.9) == is_point


def test_one_figure_alone_has_no_point():
    rgb, found = figures((110, 46))
    alone = Ink(np.ascontiguousarray(found.ink[:, :70]), 0.8, 0.0, False, 1.0)
    assert firm_points(rgb[:, :70], alone) is alone


def test_straight_strokes_stay_where_all_print_is_gone():
    page = np.full((130, 320, 3), 235, np.uint8)
    for left in (60, 110, 160, 210, 250):  # fives with long level tops, as high as each other, like a rule
        page[45:49, left : left + 36] = 40
        page[45:90, left : left + 5] = 40
    bare = row_of(page, is_bare=True)
    assert all(ink_at(bare, left + 30, 47) > 0.8 for left in (60, 110, 160, 210))
