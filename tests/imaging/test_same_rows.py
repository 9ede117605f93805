"""Rows of two looks are paired by their boxes, each once."""

from inkread.imaging.same_rows import same_rows, shared

ROWS = [(10, 10, 200, 40), (12, 60, 180, 90)]


def test_rows_pair_with_what_covers_them_whatever_the_order():
    assert sorted(same_rows(ROWS, [(14, 58, 180, 92), (8, 9, 205, 41)])) == [(0, 1), (1, 0)]


def test_a_row_is_in_one_pair_and_a_small_part_of_one_in_none():
    assert same_rows(ROWS, [(10, 10, 60, 40)]) == []
    assert same_rows([ROWS[0], ROWS[0]], [ROWS[0]]) == [(0, 0)]
    assert same_rows([], ROWS) == same_rows(ROWS, []) == []


def test_what_lies_inside_another_box_shares_all_of_itself():
    assert shared((0, 0, 100, 100), (10, 10, 20, 20)) == 1
    assert shared((0, 0, 10, 10), (10, 0, 20, 10)) == 0
    assert shared((0, 0, 0, 0), (0, 0, 10, 10)) == 0
