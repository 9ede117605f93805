"""Cells of a grid are read one by one, empty ones stay empty, and photos may lie sideways."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from inkread.imaging.grid_cells import Ruling, cell_inks
from inkread.imaging.load import pages
from inkread.readers.grid import GridWay, read_grid
from inkread.runtime import recognizer

SIDE = 48
DIGITS = ["1.3", "45.", ".72"]


def drawn(rows: list[str] = DIGITS) -> np.ndarray:
    """A grid with digits in its cells."""
    page = np.full((len(rows) * SIDE + 100, len(rows[0]) * SIDE + 100, 3), 215, np.uint8)
    for k in range(len(rows) + 1):
        cv2.line(page, (50, 50 + k * SIDE), (50 + len(rows[0]) * SIDE, 50 + k * SIDE), (80, 80, 80), 2)
    for k in range(len(rows[0]) + 1):
        cv2.line(page, (50 + k * SIDE, 50), (50 + k * SIDE, 50 + len(rows) * SIDE), (80, 80, 80), 2)
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            if text != ".":
                at = (50 + j * SIDE + 13, 50 + i * SIDE + 36)
                cv2.putText(page, text, at, cv2.FONT_HERSHEY_SIMPLEX, 1.0, (40, 40, 160), 2, cv2.LINE_AA)
    return page


@pytest.fixture(scope="module")
def way() -> GridWay:
    return GridWay(recognizer.load("digits"), 0.5, 3, 3, "123456789")


def test_written_cells_are_read_and_empty_ones_stay_empty(way: GridWay) -> None:
    trace = read_grid(next(pages(drawn())), way)
    assert ["".join(t or "." for t in row) for row in trace.texts] == DIGITS
    empty = trace.readings[1]
    assert (empty.name, empty.text, empty.status) == ("r1c2", "", "accepted")
    assert trace.readings[0].box is not None
    assert abs(trace.readings[0].box.left - 50) < 5


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_photo_that_lies_sideways_is_read_upright(way: GridWay, quarters: int) -> None:
    trace = read_grid(next(pages(np.ascontiguousarray(np.rot90(drawn(), quarters)))), way)
    assert trace.quarters == quarters
    assert ["".join(t or "." for t in row) for row in trace.texts] == DIGITS


def test_what_may_not_stand_in_a_cell_goes_to_review(way: GridWay) -> None:
    page = drawn(["1.3", "4.5", ".72"])
    cv2.ellipse(page, (50 + SIDE + 24, 50 + SIDE + 24), (9, 14), 0, 0, 360, (40, 40, 160), 2, cv2.LINE_AA)
    reading = read_grid(next(pages(page)), way).readings[4]
    assert reading.status == "review"
    assert reading.reason == "reads 0, which may not stand here"
    assert reading.guess != "0"


def test_without_a_grid_one_reading_tells_so(way: GridWay) -> None:
    trace = read_grid(next(pages(np.full((300, 300, 3), 215, np.uint8))), way)
    assert [(r.status, r.text) for r in trace.readings] == [("refused", "")]
    assert trace.readings[0].reason.startswith("no grid of 3 rows and 3 columns was found")
    assert trace.texts == []


def test_a_stroke_across_a_line_goes_to_the_cell_in_which_most_of_it_stands() -> None:
    flat = np.full((2 * 64 + 24, 2 * 64 + 24, 3), 215, np.uint8)
    for k in range(3):
        flat[11 + 64 * k : 14 + 64 * k] = 120
        flat[:, 11 + 64 * k : 14 + 64 * k] = 120
    cv2.line(flat, (44, 30), (44, 88), (30, 30, 30), 4)  # mostly in the first cell, a third in the one below
    inks = cell_inks(flat, Ruling(2, 2, 64, 12))
    assert [[ink is not None for ink in row] for row in inks] == [[True, False], [False, False]]
    first = inks[0][0]
    assert first is not None
    assert (first[32:86, 40:48].max(1) > 0.5).all()  # unbroken where it crosses the line
    assert first[:, :30].max() == 0  # and without the lines of the grid


def test_red_ink_in_a_dark_corner_is_ink_though_it_is_brighter_than_the_paper_to_red() -> None:
    flat = np.full((2 * 64 + 24, 2 * 64 + 24, 3), (56, 48, 42), np.uint8)
    for k in range(3):
        flat[11 + 64 * k : 14 + 64 * k] = 24
        flat[:, 11 + 64 * k : 14 + 64 * k] = 24
    cv2.line(flat, (44, 28), (44, 60), (136, 20, 20), 6)
    ink = cell_inks(flat, Ruling(2, 2, 64, 12))[0][0]
    assert ink is not None
    assert (ink[32:56, 42:46] > 0.8).all()
    assert ink[:, 54:].max() == 0
    assert ink[:, :34].max() == 0
