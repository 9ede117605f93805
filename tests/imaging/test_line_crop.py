"""The box of the one line in a picture, without the bits of its neighbours."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inkread.imaging.line_crop import line_crop


def picture() -> NDArray[np.float32]:
    """Letters 20 px high at rows 30 to 50 of 80, columns 40 to 400."""
    ink = np.zeros((80, 460), np.float32)
    for x in range(40, 400, 20):
        ink[30:50, x : x + 3] = 1
        ink[30:33, x : x + 12] = 1
    ink[30:50, 397:400] = 1
    return ink


def test_the_box_is_that_of_the_ink() -> None:
    assert line_crop(picture()) == (40, 30, 400, 50)


def test_bits_of_the_lines_above_and_below_are_left_out() -> None:
    ink = picture()
    ink[:6, 100:104] = ink[-5:, 200:230] = 1
    assert line_crop(ink) == (40, 30, 400, 50)


def test_tails_and_accents_belong_to_the_line() -> None:
    ink = picture()
    ink[48:66, 160:163] = ink[20:25, 300:306] = 1
    assert line_crop(ink) == (40, 20, 400, 66)


def test_the_rule_under_a_line_is_left_out() -> None:
    ink = picture()
    ink[55:57] = 1
    assert line_crop(ink) == (40, 30, 400, 50)


def test_bare_paper_has_no_line() -> None:
    assert line_crop(np.zeros((40, 300), np.float32)) is None
