"""Rows of a field are found, level, one by one, without the lines of the form."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from inkread.imaging.field_rows import find_rows
from inkread.imaging.form_lines import form_lines, without_form


def paper(height: int, width: int) -> np.ndarray:
    """Bare paper with a little grain."""
    grain = np.random.default_rng(0).integers(-3, 4, (height, width, 1))
    return (np.full((height, width, 3), 215) + grain).astype(np.uint8)


def write(page: np.ndarray, text: str, left: int, bottom: int, scale: float = 1.6) -> None:
    """Print a text with OpenCV's strokes."""
    cv2.putText(page, text, (left, bottom), cv2.FONT_HERSHEY_SIMPLEX, scale, (30, 30, 60), 3, cv2.LINE_AA)


def alike(first: np.ndarray, second: np.ndarray) -> float:
    """Share of ink that two rows have in common, laid over each other."""
    a, b = (cv2.resize(x, (200, 40), interpolation=cv2.INTER_AREA) for x in (first, second))
    return float(np.minimum(a, b).sum() / np.maximum(a, b).sum())


def test_rows_come_from_top_to_bottom() -> None:
    page = paper(420, 400)
    for k, text in enumerate(("12345", "678", "90210")):
        write(page, text, 60, 120 + 110 * k)
    rows = find_rows(page)
    assert [round(row.box[3] / 110 - 0.09) for row in rows] == [1, 2, 3]
    assert rows[1].box[2] - rows[1].box[0] < 0.7 * (rows[0].box[2] - rows[0].box[0])
    assert all(not row.reasons for row in rows)


def test_boxes_go_and_digits_stay() -> None:
    plain = paper(120, 400)
    for k, digit in enumerate("30729"):
        write(plain, digit, 45 + 60 * k, 82)
    boxed = plain.copy()
    cv2.rectangle(boxed, (34, 22), (334, 102), (90, 90, 90), 2)
    for k in range(1, 5):
        cv2.line(boxed, (34 + 60 * k, 22), (34 + 60 * k, 102), (90, 90, 90), 2)
    (row,) = find_rows(boxed)
    (expected,) = find_rows(plain)
    assert alike(row.ink, expected.ink) > 0.85


def test_combs_and_underlines_go() -> None:
    plain = paper(120, 420)
    for k, digit in enumerate("58264"):
        write(plain, digit, 45 + 66 * k, 80)
    comb = plain.copy()
    cv2.line(comb, (30, 95), (366, 95), (60, 60, 60), 2)
    for k in range(6):
        cv2.line(comb, (34 + 66 * k, 66), (34 + 66 * k, 95), (60, 60, 60), 2)
    (row,) = find_rows(comb)
    (expected,) = find_rows(plain)
    assert alike(row.ink, expected.ink) > 0.85


def test_a_turned_row_comes_level() -> None:
    page = paper(240, 420)
    write(page, "4711083", 90, 140, 1.4)
    turn = cv2.getRotationMatrix2D((210, 120), 6, 1)
    turned = cv2.warpAffine(page, turn, (420, 240), borderMode=cv2.BORDER_REPLICATE)
    (row,) = find_rows(turned)
    (level,) = find_rows(page)
    assert row.ink.shape[0] < 1.35 * level.ink.shape[0]
    # the middle of the row's ink, taken back, lies in the row's box
    x, y = row.back(np.array([[row.ink.shape[1] / 2, row.ink.shape[0] / 2]]))[0]
    left, top, right, bottom = row.box
    assert left < x < right and top < y < bottom


def test_points_go_back_to_a_large_picture() -> None:
    page = cv2.resize(paper(300, 500), None, fx=6, fy=6)
    page[900:1100, 1200:1230] = page[900:1100, 1400:1430] = 30
    (row,) = find_rows(page)
    edges = np.flatnonzero((row.ink > 0.5).any(0))
    corner = row.back(np.array([[float(edges[0]), row.ink.shape[0] / 2]]))[0]
    assert abs(corner[0] - 1200) < 5 and abs(row.box[0] - 1200) < 5


def test_the_border_is_told() -> None:
    page = paper(100, 300)
    write(page, "2468", 60, 118)
    (row,) = find_rows(page)
    assert row.reasons == ("touches the border",)


@pytest.mark.parametrize("ruled", [False, True])
def test_bare_paper_has_no_rows(ruled: bool) -> None:
    page = paper(160, 500)
    if ruled:
        for y in (40, 90, 140):
            cv2.line(page, (0, y), (500, y), (120, 150, 200), 2)
    assert find_rows(page) == []


def test_a_one_between_rules_is_no_side_of_a_box() -> None:
    ink = np.zeros((100, 300), np.float32)
    ink[15:17, 10:290] = ink[85:87, 10:290] = 0.8
    ink[25:75, 60:64] = ink[30:76, 120:124] = 1
    assert form_lines(ink)[50].sum() == 0
    cleaned = without_form(ink)
    assert cleaned[15].max() == 0 and cleaned[50, 61] == 1


def test_what_strikes_a_number_out_stays() -> None:
    struck, underlined = paper(120, 400), paper(120, 400)
    for page, y in ((struck, 62), (underlined, 92)):
        write(page, "4728501", 60, 80)
        cv2.line(page, (50, y), (330, y + 2), (30, 30, 60), 3)
    (kept,), (gone,) = find_rows(struck), find_rows(underlined)
    assert kept.box[2] - kept.box[0] > 270 > 1.05 * (gone.box[2] - gone.box[0])


def test_strokes_fainter_than_their_boxes_are_made_firm() -> None:
    page = paper(120, 400)
    for k, digit in enumerate("30729"):
        cv2.putText(page, digit, (45 + 60 * k, 82), cv2.FONT_HERSHEY_SIMPLEX, 1.6, (150, 150, 155), 3)
        cv2.rectangle(page, (34 + 60 * k, 22), (94 + 60 * k, 102), (0, 0, 0), 3)
    (row,) = find_rows(page)
    strokes = row.ink[row.ink > 0.2]
    assert float(np.quantile(strokes, 0.8)) > 0.7


def test_a_box_is_thin_beside_what_a_broad_pen_writes() -> None:
    for thick, is_box in ((3, True), (10, False)):
        ink = np.zeros((120, 300), np.float32)
        cv2.rectangle(ink, (100, 30), (160, 90), 1, thick)
        cv2.line(ink, (125, 60), (135, 60), 1, 6)
        assert bool(form_lines(ink).any()) is is_box


def test_rows_of_a_small_picture_go_back_to_it() -> None:
    page = paper(110, 260)
    write(page, "53112", 50, 80)
    large = cv2.resize(page, None, fx=2, fy=2, interpolation=cv2.INTER_LINEAR)
    (row,), (expected,) = find_rows(page), find_rows(large)
    assert np.abs(np.array(row.box) * 2 - expected.box).max() <= 4


def test_the_edge_of_a_sheet_is_no_one() -> None:
    page = paper(300, 500)
    write(page, "53112", 60, 180)
    page[:, 400:] = 40
    (row,) = find_rows(page)
    assert row.box[2] < 300


def test_a_frame_goes_where_another_row_is_near() -> None:
    page = paper(260, 520)
    for top in (20, 125):
        write(page, "862609", 60, top + 75)
        cv2.rectangle(page, (30, top), (460, top + 95), (60, 60, 60), 2)
    rows = find_rows(page)
    assert [row.box[2] - row.box[0] < 330 for row in rows] == [True, True]


def test_shadows_of_blinds_are_no_writing() -> None:
    page = paper(200, 420)
    write(page, "8208", 130, 120)
    y, x = np.mgrid[:200, :420]
    shade = cv2.GaussianBlur(((y + x // 3) % 110 < 45).astype(np.float32), (0, 0), 3)[..., None]
    (row,) = find_rows((page * (1 - 0.35 * shade)).astype(np.uint8))
    assert 110 < row.box[0] and row.box[2] < 290
