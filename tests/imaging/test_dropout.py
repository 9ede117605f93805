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
