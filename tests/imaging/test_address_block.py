"""The address on a piece of mail is found beside sender, stamp and postmark, whichever way the piece lies."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from inkread.imaging.address_block import AddressBlock, enlarged, find_blocks, is_mail
from inkread.imaging.flat_sheet import Flat, flat_sheet, taken, turned

LINES = ("Anna Smith", "123 Maple Street", "Cambridge, MA 02139")
ADDRESS = (335, 220, 605, 337)
"""Left, top, right, bottom of the address on `envelope()`."""


def envelope(*, address: bool = True) -> NDArray[np.uint8]:
    """An envelope of 800 by 430 pixels: sender, stamp with postmark, and the address."""
    rgb = np.full((430, 800, 3), 236, np.uint8)
    for k, text in enumerate(("B. Jones", "4 Oak St", "Salem OR 97301")):
        cv2.putText(rgb, text, (30, 40 + 22 * k), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (60, 60, 60), 1, cv2.LINE_AA)
    cv2.rectangle(rgb, (690, 25), (765, 115), (150, 60, 70), -1)
    cv2.circle(rgb, (620, 70), 42, (90, 90, 90), 2, cv2.LINE_AA)
    for k, text in enumerate(LINES if address else ()):
        cv2.putText(
            rgb, text, (335, 240 + 45 * k), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (40, 40, 110), 2, cv2.LINE_AA
        )
    return rgb


def _holds_address(found: AddressBlock, rgb: NDArray[np.uint8], quarters: int) -> bool:
    """Whether the first block is the address of `envelope()`, turned so."""
    height, width = rgb.shape[:2]
    left, top, right, bottom = found.box
    x, y = taken(np.array([[left, top], [right, bottom]], float), found.flat.to_picture).T
    ways = [(x, y), (y, width - x), (width - x, height - y), (height - y, x)]
    there = np.column_stack(ways[quarters])
    return bool(np.abs(there - np.array([ADDRESS[:2], ADDRESS[2:]])).max() < 12)


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_the_address_is_found_whichever_way_the_piece_lies(quarters: int):
    rgb = np.ascontiguousarray(np.rot90(envelope(), k=-quarters))  # clockwise
    best = next(find_blocks(rgb))
    assert _holds_address(best, rgb, quarters)
    assert best.quarters == -quarters % 4
    assert len(best.lines) == len(LINES)


@pytest.fixture(scope="module")
def best() -> AddressBlock:
    """The block that is taken for the address of `envelope()`."""
    return next(find_blocks(envelope()))


def test_lines_come_from_the_top_and_lie_on_the_text(best: AddressBlock):
    tops = [line.box[1] for line in best.lines]
    assert tops == sorted(tops)
    assert max(line.box[2] - line.box[0] for line in best.lines) == pytest.approx(269, abs=8)


def test_a_bare_piece_has_no_block():
    assert not list(find_blocks(np.full((300, 500, 3), 230, np.uint8)))


def test_without_an_address_what_is_left_scores_less(best: AddressBlock):
    assert best.score > next(find_blocks(envelope(address=False))).score + 1


def test_a_piece_on_a_table_is_laid_flat():
    table = np.full((700, 1000, 3), (90, 60, 40), np.uint8)
    corners = np.array([[120, 130], [890, 90], [915, 520], [140, 560]], np.float32)
    whole = np.array([[0, 0], [800, 0], [800, 430], [0, 430]], np.float32)
    way = cv2.getPerspectiveTransform(whole, corners)
    cv2.warpPerspective(envelope(), way, (1000, 700), dst=table, borderMode=cv2.BORDER_TRANSPARENT)
    flat = flat_sheet(table)
    assert flat.is_cut
    height, width = flat.rgb.shape[:2]
    there = taken(np.array([[0, 0], [width, 0], [width, height], [0, height]], float), flat.to_picture)
    assert np.abs(there - corners).max() < 15
    assert len(next(find_blocks(table)).lines) == len(LINES)


def test_a_sheet_that_fills_the_picture_is_left_as_it_is():
    rgb = np.full((200, 300, 3), 220, np.uint8)
    flat = flat_sheet(rgb)
    assert not flat.is_cut and flat.rgb is rgb


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_turned_sheet_knows_its_way_back(quarters: int):
    rgb = np.zeros((20, 30, 3), np.uint8)
    rgb[4, 25] = 255
    there = turned(Flat(rgb, np.eye(3), False), quarters)
    (y,), (x,) = np.nonzero(there.rgb[..., 0])
    assert taken(np.array([[x + 0.5, y + 0.5]]), there.to_picture).tolist() == [[25.5, 4.5]]


def test_a_stamp_and_an_address_make_mail():
    assert is_mail(envelope())
    assert not is_mail(np.full((300, 500, 3), 230, np.uint8))


def test_a_page_of_notes_is_no_mail():
    page = np.full((700, 500, 3), 236, np.uint8)
    for k in range(14):
        cv2.putText(page, "some words of a note", (40, 60 + 45 * k), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 40, 2)
    assert not is_mail(page)


def test_small_print_is_enlarged_and_leads_back_to_the_picture(best: AddressBlock):
    line = best.lines[-1]
    crop, back = enlarged(best, line)
    assert len(crop) == 100
    (left, top), (right, bottom) = back(np.array([[0.0, 0.0], crop.shape[1::-1]]))
    assert left < 345 and right > 595 and top < 315 and bottom > 330


def test_a_stroke_as_thick_as_a_digit_is_no_blot_however_small_the_block():
    rgb = np.full((1000, 1500, 3), 236, np.uint8)
    for k, text in enumerate(("Anna", "12 Oak", "14149")):
        place = (700, 550 + 110 * k)
        cv2.putText(rgb, text, place, cv2.FONT_HERSHEY_SIMPLEX, 2, (30, 30, 30), 13, cv2.LINE_AA)
    last = next(find_blocks(rgb)).lines[-1]
    assert last.box[2] - last.box[0] == pytest.approx(5 * 40, abs=20)
