"""Strokes of a piece of mail are put together to lines and blocks."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.imaging.mail_strokes import Strokes, groups, strokes


def row(left: float, top: float, count: int, high: float = 20.0) -> NDArray[np.float64]:
    """Letters beside each other, each as wide as 0.6 of its height."""
    at = left + 0.9 * high * np.arange(count)
    return np.column_stack([at, np.full(count, top), at + 0.6 * high, np.full(count, top + high)])


def seen(*rows: NDArray[np.float64]) -> Strokes:
    """These letters on a piece of 600 by 900 pixels."""
    return Strokes(np.concatenate(rows), np.zeros((0, 4)), np.zeros((600, 900), np.uint8), (600, 900))


def test_a_zip_far_behind_a_line_that_leans_is_of_the_line():
    found = groups(seen(row(100, 300, 12), row(100, 340, 10), row(390, 352, 5)))
    assert len(found) == 1 and len(found[0].lines) == 2
    assert found[0].lines[1][2] > 460


def test_what_stands_level_but_much_further_off_is_not():
    assert len(groups(seen(row(100, 300, 12), row(100, 340, 10), row(500, 340, 5)))) == 2


def test_rows_that_touch_are_one_high_row_of_the_same_block():
    high = row(100, 260, 8, 46.0)
    assert len(groups(seen(high, row(100, 312, 12)))) == 1


def test_a_line_of_other_letters_some_way_off_begins_another_block():
    assert len(groups(seen(row(100, 240, 8, 46.0), row(100, 312, 12)))) == 2


def test_a_label_with_print_on_it_is_no_stamp():
    rgb = np.full((400, 800, 3), (110, 160, 120), np.uint8)
    cv2.rectangle(rgb, (330, 180), (520, 300), (240, 240, 240), -1)
    for k in range(4):
        place = (345, 205 + 26 * k)
        cv2.putText(rgb, "ANNA SMITH", place, cv2.FONT_HERSHEY_SIMPLEX, 0.6, (30, 30, 30), 2, cv2.LINE_AA)
    ink = np.where(rgb.min(-1) < 90, 1, 0).astype(np.float32)
    assert not len(strokes(ink, rgb).large)


def test_a_stamp_stays_one():
    rgb = np.full((400, 800, 3), (225, 220, 200), np.uint8)
    cv2.rectangle(rgb, (690, 25), (765, 115), (60, 70, 150), -1)
    assert len(strokes(np.zeros((400, 800), np.float32), rgb).large) == 1
