"""A line becomes a strip of fixed height, and its place in the picture is told."""

import numpy as np
import pytest

from inkread.imaging.strips import HEIGHT, WIDEST, strip


def line(height, left=50, right=250, top=40):
    ink = np.zeros((4 * height + 40, 300), np.float32)
    ink[top : top + height, left:right:3] = 1
    return ink


@pytest.mark.parametrize("height", [10, 40, 200])
def test_every_line_fills_the_same_height(height):
    found = strip(line(height))
    rows = np.flatnonzero(found.ink.max(1) > 0.2)
    assert found.ink.shape[0] == HEIGHT and found.ink.dtype == np.float32
    assert rows[0] <= 4 and rows[-1] >= HEIGHT - 5


def test_the_way_back_leads_to_the_ink():
    found = strip(line(20))
    columns = np.flatnonzero(found.ink.max(0) > 0.2)
    assert found.left + columns[0] / found.scale == pytest.approx(50, abs=2)
    assert found.left + columns[-1] / found.scale == pytest.approx(250, abs=3)
    assert found.top == 39 and found.height == 22


def test_bare_paper_is_one_column_of_paper():
    for shape in ((50, 80), (1, 1), (0, 0), (3, 0)):
        found = strip(np.zeros(shape, np.float32))
        assert found.ink.shape == (HEIGHT, 1) and not found.ink.any()


def test_a_speck_does_not_make_the_line_small():
    ink = line(20)
    ink[0, 0] = 1
    assert strip(ink).height == 22


def test_an_endless_line_is_squeezed():
    ink = np.zeros((4, 20_000), np.float32)
    ink[1:3] = 1
    assert strip(ink).ink.shape == (HEIGHT, WIDEST)
