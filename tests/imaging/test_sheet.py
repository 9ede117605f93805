"""A sheet on a table is found where it lies; what is no sheet is not taken for one."""

import numpy as np
import pytest

from inkread.imaging.sheet import sheet_in


def table(sheet=None, shape=(600, 800)):
    rng = np.random.default_rng(0)
    page = rng.normal(90, 10, (*shape, 3))
    if sheet:
        top, left, bottom, right = sheet
        page[top:bottom, left:right] = rng.normal(215, 3, (bottom - top, right - left, 3))
        page[top + 40 : top + 90, left + 50 : left + 56] = 40  # writing
    return np.clip(page, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("sheet", [(100, 150, 450, 400), (30, 400, 580, 780), (250, 20, 400, 200)])
def test_a_sheet_is_found_where_it_lies(sheet):
    rows, columns = sheet_in(table(sheet))
    found = np.array([rows.start, columns.start, rows.stop, columns.stop])
    size = np.array([sheet[2] - sheet[0], sheet[3] - sheet[1]] * 2)
    assert (np.abs(found - sheet) < 0.06 * size + 6).all()
    assert (
        sheet[0] <= rows.start < rows.stop <= sheet[2]
        and sheet[1] <= columns.start < columns.stop <= sheet[3]
    )


def test_neither_a_bare_table_nor_a_page_that_fills_the_picture_is_a_sheet():
    assert sheet_in(table()) is None
    assert sheet_in(table((5, 5, 595, 795))) is None


def test_a_bright_cross_is_no_sheet():
    page = table()
    page[250:330, 50:750] = page[50:550, 350:430] = 220
    assert sheet_in(page) is None


def test_a_tiny_picture_has_none():
    assert sheet_in(table((4, 4, 40, 40), shape=(64, 64))) is None


@pytest.mark.parametrize("shape", [(6, 2400), (2700, 11), (40, 1900)])
def test_a_strip_has_no_sheet_that_is_nothing(shape):
    page = table(shape=shape)
    page[shape[0] // 4 : -(shape[0] // 4), shape[1] // 4 : -(shape[1] // 4)] = 220
    place = sheet_in(page)
    assert place is None or min(s.stop - s.start for s in place) >= 32
