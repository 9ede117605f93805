"""Print goes, by the blank page or by the frames of fields; strokes stay whole where they cross it."""

import cv2
import numpy as np
import pytest

from inkread.imaging.alignment import PX
from inkread.imaging.dropout import darkness, drop_form

BOX = (10.0, 10.0, 40.0, 20.0)
LEFT, TOP, RIGHT, BOTTOM = (round(v * PX) for v in BOX)


def blank(colour=(60, 60, 60)):
    page = np.full((300, 500, 3), 235, np.uint8)
    cv2.rectangle(page, (LEFT, TOP), (RIGHT, BOTTOM), colour, 2)
    cv2.putText(page, "Name", (LEFT, TOP - 12), cv2.FONT_HERSHEY_SIMPLEX, 0.6, colour, 1, cv2.LINE_AA)
    return page


@pytest.mark.parametrize("colour", [(60, 60, 60), (250, 180, 120)], ids=["black", "drop-out"])
def test_an_empty_form_is_bare_paper_again(colour):
    page = blank(colour)
    assert (darkness(page) > 30).mean() > 0.008
    assert (darkness(drop_form(page, page, [BOX])) > 30).sum() == 0


def test_frames_go_without_a_blank_page_and_labels_stay():
    left = darkness(drop_form(blank(), None, [BOX])) > 30
    assert left[: TOP - 8].sum() > 50 and left[TOP - 5 :].sum() == 0


@pytest.mark.parametrize("known", [True, False], ids=["with the blank", "without"])
def test_a_stroke_that_crosses_a_line_stays_in_one_piece(known):
    page = blank()
    written = page.copy()
    cv2.line(written, (200, TOP - 30), (230, TOP + 40), (40, 30, 90), 4, cv2.LINE_AA)
    clean = drop_form(written, page if known else None, [BOX])
    count, _, stats, _ = cv2.connectedComponentsWithStats((darkness(clean) > 60).view(np.uint8))
    pieces = [box for box in stats[1:] if box[3] > 8 and box[0] > 150]
    assert len(pieces) == 1 and pieces[0][3] > 65


def test_a_sheet_that_lies_a_pixel_aside_loses_its_print_all_the_same():
    page = blank()
    moved = np.roll(page, (1, -1), (0, 1))
    darker = np.uint8(0.8 * moved)  # less light than on the blank
    assert (darkness(drop_form(darker, page, [BOX])) > 30).sum() == 0


def taken(page, shift):
    """As a camera gives it: a little aside, soft, in falling light, grainy."""
    move = np.array([[1, 0, shift], [0, 1, -shift]], float)
    soft = cv2.GaussianBlur(
        cv2.warpAffine(page, move, page.shape[1::-1], borderValue=(235,) * 3), (0, 0), 0.8
    )
    lit = soft * np.linspace(0.95, 0.6, page.shape[1])[:, None]
    return np.clip(lit + np.random.default_rng(1).normal(0, 2, page.shape), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("known", [True, False], ids=["with the blank", "without"])
@pytest.mark.parametrize("colour", [(0, 0, 0), (220, 120, 110)], ids=["black", "red"])
def test_of_a_photo_ink_is_left_and_nothing_else(colour, known):
    pen = [
        ((120, TOP + 10), (150, BOTTOM + 30)),
        ((200, TOP + 20), (230, BOTTOM - 15)),
        ((300, 60), (360, 105)),
    ]
    form, bare = blank(colour), np.full((300, 500, 3), 235, np.uint8)
    for page in (form, bare):
        for start, end in pen:
            cv2.line(page, start, end, (40, 40, 120), 4, cv2.LINE_AA)
    clean = drop_form(taken(form, 0.7), blank(colour) if known else None, [BOX])
    near = np.s_[TOP - 8 : BOTTOM + 40, LEFT - 20 : RIGHT + 20]
    own, wanted = darkness(clean)[near] > 90, darkness(taken(bare, 0.7))[near] > 90
    assert (own & wanted).sum() / wanted.sum() > 0.95
    assert (own & (cv2.dilate(wanted.view(np.uint8), np.ones((5, 5), np.uint8)) == 0)).sum() < 8


def test_pencil_shows_on_print_of_another_colour():
    page = blank((240, 140, 130))
    cv2.line(page, (100, BOTTOM - 6), (200, BOTTOM + 6), (110, 110, 112), 4, cv2.LINE_AA)
    clean = darkness(drop_form(page, blank((240, 140, 130)), [BOX]))
    assert (clean[BOTTOM - 2 : BOTTOM + 3, 150] > 60).all()
