"""Checks are found by their rules, and their words freed from what is printed around them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from inkread.imaging.check_layout import find_check
from inkread.imaging.check_words import words_ink
from inkread.imaging.flat_sheet import taken
from inkread.synth.checkpapers import MM, blank, design


def printed(seed):
    """A blank check, uint8, and its design."""
    rng = np.random.default_rng(seed)
    found = design(rng)
    return (255 * blank(found, rng)).astype(np.uint8), found


def off_pitch(layout, found, place):
    """How far the rule of a place is off, in pitches, where the check fills the picture from (0, 0)."""
    left, _, right, bottom = found.places[place]
    truth = np.array([[left, bottom], [right, bottom]]) * MM
    seen = taken(truth, np.linalg.inv(layout.flat.to_picture))
    below = {"legal": 0.3, "payee": 0.3, "courtesy": 0.45, "date": 0.25}[place]
    return abs(layout.places[place][3] - below * layout.pitch - seen[:, 1].mean()) / layout.pitch


@pytest.mark.parametrize("seed", range(4))
def test_a_blank_check_is_found_by_its_rules(seed):
    page, found = printed(seed)
    layout = find_check(page)
    assert layout is not None
    assert off_pitch(layout, found, "legal") < 0.1
    assert off_pitch(layout, found, "payee") < 0.1


def test_a_check_that_lies_upside_down_is_turned():
    page, found = printed(1)
    layout = find_check(np.ascontiguousarray(page[::-1, ::-1]))
    assert layout is not None
    corner = taken(np.array([[0.0, 0.0]]), layout.flat.to_picture)[0]
    assert corner[0] > 0.9 * page.shape[1]
    assert corner[1] > 0.9 * page.shape[0]


def test_a_page_of_text_is_no_check():
    page = np.full((500, 1100, 3), 235, np.uint8)
    for row in range(40, 480, 36):
        for x in range(40, 1000, 23):
            cv2.line(page, (x, row), (x + 9, row + 14), (60, 60, 60), 2)
    assert find_check(page) is None
    assert find_check(np.full((300, 700, 3), 200, np.uint8)) is None


def test_words_are_freed_from_rule_filler_and_print():
    crop = np.full((96, 900, 3), 230, np.uint8)
    cv2.line(crop, (0, 72), (760, 72), (30, 60, 30), 3)
    for x in range(40, 300, 20):  # letters on the rule
        cv2.line(crop, (x, 40), (x + 8, 70), (60, 60, 150), 3)
    cv2.line(crop, (340, 60), (700, 62), (60, 60, 150), 4)
    cv2.putText(crop, "DOLLARS", (780, 72), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (30, 60, 30), 2)
    ink = words_ink(crop, 72.0, 80.0)
    columns = np.flatnonzero((ink > 0.3).any(0))
    assert columns[0] == pytest.approx(40, abs=4)
    assert columns[-1] == pytest.approx(288, abs=6)
    assert not words_ink(np.full((96, 900, 3), 230, np.uint8), 72.0, 80.0).any()


def test_the_grain_of_a_dark_photo_makes_no_rules():
    page, found = printed(3)
    grain = np.random.default_rng(0).normal(0, 9, page.shape)
    layout = find_check(np.clip(0.3 * page + grain, 0, 255).astype(np.uint8))
    assert layout is not None
    assert off_pitch(layout, found, "legal") < 0.1
    left, _, right, _ = found.places["legal"]
    assert layout.places["legal"][2] < (right + 18) * MM  # not to the edge of the paper
    assert layout.places["legal"][0] == pytest.approx(left * MM, abs=2 * MM)
