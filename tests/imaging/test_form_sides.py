"""The sides of boxes and the teeth of combs go, and what is written between and upon them stays."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from inkread.imaging.form_lines import form_lines, without_form
from inkread.imaging.form_sides import Band, sides_between
from inkread.imaging.form_teeth import Rule, teeth_on


def line(ink: np.ndarray, ends: tuple[int, int, int, int], thick: int, level: float = 0.6) -> None:
    """Draw a line of a form where nothing darker is."""
    drawn = np.zeros(ink.shape, np.uint8)
    cv2.line(drawn, ends[:2], ends[2:], 1, thick)
    ink[drawn > 0] = np.maximum(ink[drawn > 0], level)


def digits(shape: tuple[int, int], places: list[tuple[int, int]], text: str) -> np.ndarray:
    """Digits as OpenCV draws them, by their lower left corners."""
    ink = np.zeros(shape, np.uint8)
    for place, digit in zip(places, text, strict=True):
        cv2.putText(ink, digit, place, cv2.FONT_HERSHEY_SIMPLEX, 2.4, 255, 5)
    return ink.astype(np.float32) / 255


def share(cleaned: np.ndarray, written: np.ndarray) -> tuple[float, float]:
    """How much of what is written is kept, and how much else there is, as shares of what is written."""
    mask = written > 0.5
    around = cv2.dilate(mask.view(np.uint8), np.ones((9, 9), np.uint8)) > 0
    seen = cleaned > 0.25
    return float((seen & mask).sum() / mask.sum()), float((seen & ~around).sum() / mask.sum())


def test_double_sides_go_that_no_look_at_one_line_tells() -> None:
    written = digits((160, 560), [(30 + 105 * k, 105) for k in range(5)], "16592")
    ink = written.copy()
    for k in range(5):
        left, right = 18 + 105 * k, 18 + 105 * k + 94
        for ends in ((left, 25, right, 25), (left, 135, right, 135)):
            line(ink, ends, 7)
        for x in (left, right):
            line(ink, (x, 25, x, 135), 7)
    for y in (25, 135):  # the rules run on, as they do where boxes touch
        line(ink, (18, y, 532, y), 7)
    kept, foreign = share(without_form(ink), written)
    assert kept > 0.97 and foreign < 0.05


def test_leaning_sides_go_that_touch_what_is_written() -> None:
    written = digits((170, 560), [(12 + 105 * k, 112) for k in range(5)], "30729")
    ink = written.copy()
    for y in (30, 140):
        line(ink, (15, y, 545, y), 3)
    for k in range(6):
        line(ink, (22 + 104 * k, 30, 15 + 104 * k, 140), 3)
    kept, foreign = share(without_form(ink), written)
    assert kept > 0.93 and foreign < 0.05


def test_sides_go_that_the_border_cut_off() -> None:
    written = digits((120, 560), [(36 + 104 * k, 110) for k in range(5)], "45853")
    ink = written.copy()
    line(ink, (18, 30, 540, 30), 8)
    for k in range(6):
        line(ink, (20 + 104 * k, 30, 20 + 104 * k, 119), 8)
    found = form_lines(ink)
    assert all(found[40:118, 20 + 104 * k].mean() > 0.9 for k in range(6))


def test_two_ones_between_rules_are_no_sides() -> None:
    ink = np.zeros((120, 400), np.float32)
    ink[35:95, 100:105] = ink[34:96, 220:225] = 1
    band = Band((0.0, 20.0), (0.0, 105.0), 0, 400, 3.0, 2)
    assert not sides_between(ink, [band]).any()


@pytest.mark.parametrize("high", [14, 40])
@pytest.mark.parametrize("cut", [False, True])
def test_teeth_of_a_comb_go_with_its_rule_and_without(high: int, cut: bool) -> None:
    written = digits((150, 560), [(34 + 74 * k, 118) for k in range(7)], "5472816")
    ink = written.copy()
    for k in range(8):
        line(ink, (20 + 74 * k, 135 - high, 20 + 74 * k, 135), 3)
    line(ink, (20, 135, 538, 135), 3)
    if cut:
        ink, written = ink[:133].copy(), written[:133]
    found = form_lines(ink)
    assert all(found[133 - high + 4 : 130, 20 + 74 * k].mean() > 0.9 for k in range(8))
    assert not (found[written > 0.5]).any()


def test_feet_of_letters_on_a_rule_are_no_teeth() -> None:
    ink = np.zeros((120, 500), np.float32)
    ink[100:103] = 0.7
    for x, high in ((60, 40), (131, 44), (180, 35), (270, 50), (390, 42)):
        ink[100 - high : 100, x : x + 4] = 1
    assert not teeth_on(ink, [Rule(0.0, 101.5, 0, 500, 3.0)]).any()


def test_pieces_of_a_rule_between_digits_go() -> None:
    written = digits((150, 560), [(40 + 60 * k, 110) for k in range(7)], "6809386")
    ink = written.copy()
    line(ink, (0, 90, 559, 90), 3)
    cleaned = without_form(ink)
    gaps = (cv2.dilate(written, np.ones((9, 9), np.uint8)) == 0)[90]
    assert cleaned[90, gaps].max() == 0 and share(cleaned, written)[0] > 0.95
