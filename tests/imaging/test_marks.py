"""Strokes are grouped into marks as a person would, rules are left out, and each mark gets the MNIST form."""

import cv2
import numpy as np
import pytest

import inkread
from inkread.imaging.normalize import normalize_ink, textbook
from inkread.imaging.rules import remove_rules
from inkread.imaging.segment import find_marks, is_rim, main_mark
from inkread.types import Box


def write(ink, text, left, top, size=2.0):
    drawn = np.zeros(ink.shape, np.uint8)
    cv2.putText(drawn, text, (left, top), cv2.FONT_HERSHEY_SIMPLEX, size, 255, 4, cv2.LINE_AA)
    np.maximum(ink, drawn.astype(np.float32) / 255, out=ink)


def page(height=200, width=400):
    return np.zeros((height, width), np.float32)


def test_marks_come_in_reading_order():
    ink = page(300, 400)
    write(ink, "2", 200, 100)
    write(ink, "1", 60, 104)
    write(ink, "3", 80, 220)
    boxes = [m.box for m in find_marks(ink)]
    assert [b.left // 100 for b in boxes] == [0, 2, 0]
    assert boxes[2].top > boxes[0].bottom


def test_the_bar_of_a_five_belongs_to_it():
    ink = page()
    cv2.ellipse(ink, (100, 120), (30, 36), 0, -110, 130, 1.0, 6)
    cv2.line(ink, (92, 60), (128, 56), 1.0, 6)
    cv2.line(ink, (84, 70), (84, 86), 1.0, 6)
    assert len(find_marks(ink)) == 1


def test_two_digits_side_by_side_are_two():
    ink = page()
    write(ink, "4", 100, 130)
    write(ink, "7", 160, 130)
    assert len(find_marks(ink)) == 2


def test_specks_are_left_out():
    ink = page()
    write(ink, "8", 150, 130, 3.0)
    for at in ((20, 20), (300, 150), (350, 30)):
        cv2.circle(ink, at, 3, 1.0, -1)
    assert len(find_marks(ink)) == 1


def test_the_edge_of_the_sheet_is_not_the_main_mark():
    ink = page()
    write(ink, "6", 180, 130)
    ink[:, :30] = 1.0
    assert main_mark(find_marks(ink)).box.left > 100


def test_a_blank_page_has_no_marks():
    assert find_marks(page()) == []
    assert main_mark([]) is None


def test_ruled_lines_go_and_the_digit_stays():
    ruled = page(200, 400)
    write(ruled, "3", 180, 130)
    alone = ruled.copy()
    for y in range(25, 200, 35):
        cv2.line(ruled, (0, y), (399, y + 3), 0.8, 2)
    cleaned = remove_rules(ruled)
    strokes = alone > 0.5
    assert (cleaned[~cv2.dilate(strokes.astype(np.uint8), np.ones((9, 9))).astype(bool)] > 0.3).mean() < 0.002
    assert (cleaned[strokes] > 0.5).mean() > 0.75


def test_the_stem_of_a_digit_that_fills_the_crop_stays():
    ink = page(200, 140)
    cv2.polylines(ink, [np.array([[60, 0], [5, 80], [139, 74]])], False, 1.0, 9)
    cv2.line(ink, (100, 0), (94, 199), 1.0, 9)
    assert (remove_rules(ink)[150:190, 85:110] > 0.5).any()


def test_a_lone_stroke_through_the_picture_is_a_one_and_stays():
    ink = page(200, 60)
    cv2.line(ink, (30, 0), (32, 199), 1.0, 6)
    assert (remove_rules(ink) == ink).all()


@pytest.mark.parametrize("height", [pytest.param(h, id=f"{h} px high") for h in (10, 28, 120, 900)])
def test_a_mark_of_any_size_gets_the_same_form(height):
    def at(size):
        ink = np.zeros((int(size * 1.4), size), np.float32)
        tall, wide = ink.shape
        points = np.array([[0.2, 0.1], [0.8, 0.1], [0.35, 0.9]]) * [wide, tall]
        cv2.polylines(ink, [points.astype(np.int32)], False, 1.0, max(1, round(size * 0.12)), cv2.LINE_AA)
        return normalize_ink(ink)

    form, other = at(height), at(60)
    assert form.shape == (28, 28)
    assert form.max() == 1.0 and form.min() == 0.0
    similarity = (form * other).sum() / np.sqrt((form**2).sum() * (other**2).sum())
    assert similarity > (0.8 if height > 20 else 0.7)


def test_a_hairline_is_widened_to_a_pen_stroke():
    ink = np.zeros((600, 200), np.float32)
    cv2.line(ink, (100, 10), (100, 590), 1.0, 2)
    assert 1.5 <= normalize_ink(ink)[14].sum() <= 4


def test_the_centre_of_mass_lies_in_the_middle():
    ink = np.zeros((100, 100), np.float32)
    ink[:70, :20] = 1
    ink[70:90, :80] = 1
    form = normalize_ink(ink)
    y, x = (np.indices((28, 28)) * form).sum((1, 2)) / form.sum()
    assert abs(y - 13.5) <= 0.75 and abs(x - 13.5) <= 0.75


def test_normalize_gives_a_keras_ready_picture():
    picture = np.full((90, 140, 3), 240, np.uint8)
    cv2.putText(picture, "5", (50, 70), cv2.FONT_HERSHEY_SIMPLEX, 2, (40, 40, 90), 4)
    form = inkread.normalize(picture)
    assert form.shape == (28, 28, 1) and form.dtype == np.float32
    assert not inkread.normalize(np.full((50, 50), 255, np.uint8)).any()


def test_the_textbook_way_only_resizes_and_inverts():
    picture = np.full((280, 560, 3), 255, np.uint8)
    picture[:140] = 0
    assert textbook(picture)[0, 0, 0] == 1 and textbook(picture)[27, 27, 0] == 0


def ring(*, filled):
    ink = page(80, 80)
    cv2.circle(ink, (40, 40), 24, 1.0, -1 if filled else 4)
    return ink


def test_the_rim_of_a_blot_is_told_from_a_nought():
    box = Box(14, 14, 67, 67)
    assert is_rim(box, ring(filled=False), ring(filled=True))
    assert not is_rim(box, ring(filled=False), ring(filled=False))


def test_a_nought_under_a_shadow_is_no_rim():
    assert not is_rim(Box(14, 14, 67, 67), ring(filled=False), np.ones((80, 80), np.float32))
