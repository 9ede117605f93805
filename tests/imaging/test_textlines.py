"""Lines of writing: found where they are, in reading order, cut out level; nothing on bare paper."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inkread.imaging.textlines import TextLine, cut, find_lines


def written(
    ink: NDArray[np.float32], left: int, base: int, letters: int, slope: float = 0.0
) -> NDArray[np.float32]:
    """Write n-shaped letters 14 px high along a baseline."""
    for k in range(letters):
        x = left + 16 * k + 10 * (k // 6)
        y = round(base + slope * (x - left))
        ink[y - 14 : y, x : x + 2] = 1
        ink[y - 14 : y, x + 8 : x + 10] = 1
        ink[y - 14 : y - 12, x : x + 10] = 1
    return ink


def bare(height: int = 600, width: int = 700) -> NDArray[np.float32]:
    return np.zeros((height, width), np.float32)


def test_every_line_is_found_with_its_box_from_the_top() -> None:
    ink = bare()
    for row in range(5):
        written(ink, 80, 100 + 60 * row, 30)
    assert [line.box for line in find_lines(ink)] == [
        (80, 86 + 60 * row, 594, 100 + 60 * row) for row in range(5)
    ]


def test_two_columns_are_read_one_after_the_other() -> None:
    ink = bare()
    for row in range(5):
        written(ink, 40, 100 + 50 * row, 15)
        written(ink, 400, 100 + 50 * row, 15)
    lefts = [line.box[0] for line in find_lines(ink)]
    assert lefts == [40] * 5 + [400] * 5


def test_nothing_is_found_on_bare_paper() -> None:
    assert find_lines(bare()) == []


def test_a_slanting_line_is_cut_out_level() -> None:
    ink = written(bare(), 80, 200, 30, slope=0.06)
    [line] = find_lines(ink)
    crop, _ = cut(ink, line)
    rows = np.flatnonzero((crop > 0.5).any(1))
    assert rows[-1] - rows[0] < 20


def test_the_way_back_leads_to_the_page() -> None:
    ink = written(bare(), 80, 200, 30, slope=0.06)
    [line] = find_lines(ink)
    crop, way = cut(ink, line)
    y, x = np.nonzero(crop > 0.9)
    there = np.floor(way.back(np.column_stack([x, y]).astype(float) + 0.5)).astype(int)
    assert ink[there[:, 1], there[:, 0]].mean() > 0.9


def test_the_strokes_of_neighbours_are_not_in_the_crop() -> None:
    ink = written(written(bare(), 80, 200, 30), 80, 224, 30)
    lines = find_lines(ink)
    inked = [float((cut(ink, line)[0] > 0.5).sum()) for line in lines]
    assert inked == [float((ink > 0.5).sum()) / 2] * 2


def test_a_line_knows_where_it_is() -> None:
    [line] = find_lines(written(bare(), 80, 200, 30))
    assert isinstance(line, TextLine)
    assert np.allclose(np.array(line.baseline)[:, 1], 200, atol=2.5)
