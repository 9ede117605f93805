"""What may be writing on a picture cut to one line, and what is paper, table, rule or grain."""

import cv2
import numpy as np
import pytest

from inkread.imaging.ink import extract
from inkread.imaging.written import line_ink_of, written


def band(*, paper=215, grain=0.0):
    """A bare band of paper, 64 by 600 pixels."""
    noise = np.random.default_rng(0).normal(0, grain, (64, 600, 1)) if grain else 0
    return np.clip(np.full((64, 600, 3), float(paper)) + noise, 0, 255).astype(np.uint8)


def marked(draw, picture=None):
    picture = band() if picture is None else picture
    draw(picture)
    return written(extract(picture))


def write(picture):
    cv2.putText(picture, "not so bare", (60, 48), cv2.FONT_HERSHEY_SCRIPT_COMPLEX, 1.4, (40, 40, 60), 2)


def rules(picture):
    for row in (14, 34, 54):
        cv2.line(picture, (20, row), (580, row - 6), (90, 110, 170), 2, cv2.LINE_AA)


def table(picture):
    picture[:, :40] = picture[:, 560:] = (60, 50, 40)


def edge(picture):
    cv2.fillPoly(picture, [np.array([(0, 0), (599, 0), (599, 16), (0, 4)])], (60, 60, 60))


def shadow(picture):
    picture[:, 250:380] = (picture[:, 250:380] * 0.5).astype(np.uint8)


def margin(picture):
    cv2.line(picture, (60, 0), (61, 63), (60, 70, 110), 4)
    for row in (2, 20, 38, 56):  # what is left of the rules across
        cv2.line(picture, (58, row), (63, row), (60, 70, 110), 1)


@pytest.mark.parametrize("draw", [rules, table, edge, shadow, margin], ids=lambda f: f.__name__)
def test_paper_with_something_on_it_that_is_no_writing_is_bare(draw):
    assert not marked(draw).any()


@pytest.mark.parametrize("draw", [rules, table, edge], ids=lambda f: f.__name__)
def test_writing_is_found_beside_it(draw):
    def both(picture):
        draw(picture)
        write(picture)

    found = np.flatnonzero(marked(both).any(0))
    assert found[0] < 120 and found[-1] > 200
    assert draw is not table or 40 <= found[0]


def test_bold_writing_is_no_blot():
    def bold(picture):
        x = np.linspace(60, 400, 200)
        wave = np.column_stack([x, 32 + 10 * np.sin(x / 14)]).round().astype(np.int32)
        cv2.polylines(picture, [wave[:, None]], False, (40, 40, 60), 15, cv2.LINE_AA)

    assert np.ptp(np.flatnonzero(marked(bold).any(0))) > 300


@pytest.mark.parametrize("grain", [0, 4, 40])
def test_bare_paper_is_bare_however_grainy(grain):
    assert not written(extract(band(grain=grain))).any()


def test_light_writing_on_dark_is_writing_too():
    picture = band()
    write(picture)
    assert written(extract(255 - picture)).any()


def squares(picture):
    """A sheet of squares that leaves most of the picture to the darker table."""
    sheet = np.zeros(picture.shape[:2], np.uint8)
    cv2.fillPoly(sheet, [np.array([(10, -1), (535, -1), (520, 60), (10, 4)])], 1)
    paper = np.full_like(picture, 190)
    for at in (0, 1):
        paper[:, at::9] = paper[at::9] = 120
    picture[:] = cv2.GaussianBlur(np.where(sheet[..., None] > 0, paper, (75.0, 35.0, 110.0)), (0, 0), 0.7)


def test_squares_of_a_sheet_on_a_dark_table_are_no_light_writing():
    picture = band()
    squares(picture)
    assert not written(line_ink_of(picture)).any()


def test_light_writing_over_a_light_rule_stays_light():
    picture = band()
    write(picture)
    cv2.line(picture, (0, 52), (599, 52), (150, 150, 160), 1)
    found = line_ink_of(255 - picture)
    assert found.light_on_dark and written(found).any()


def test_a_ragged_strip_of_shadow_from_border_to_border_is_no_writing():
    ragged = np.random.default_rng(3).integers(6, 11, 600)
    picture = band()
    for column, depth in enumerate(ragged):
        picture[4 : 4 + depth, column] = 120
    assert not written(line_ink_of(picture)).any()
