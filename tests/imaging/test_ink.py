"""The same stroke gives the same ink in any light, colour and polarity."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inkread.imaging.ink import Assumption, extract


def seven(side=120, width=6, ink=(30, 30, 30), paper=(230, 230, 230)):
    page = np.full((side, side, 3), paper, np.uint8)
    at = np.array([[0.3, 0.25], [0.7, 0.25], [0.45, 0.78]]) * side
    cv2.polylines(page, [at.astype(np.int32)], False, ink, width, cv2.LINE_AA)
    return page


def agrees(ink, truth):
    """Intersection over union of the strokes."""
    a, b = ink > 0.5, truth > 0.5
    return (a & b).sum() / max(1, (a | b).sum())


STROKES = extract(seven()).ink


@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        pytest.param((30, 30, 30), (235, 235, 235), id="black on white"),
        pytest.param((235, 235, 235), (20, 20, 20), id="white on black"),
        pytest.param((200, 40, 50), (250, 200, 205), id="red on pink"),
        pytest.param((40, 140, 60), (240, 225, 90), id="green on yellow"),
        pytest.param((235, 225, 60), (250, 250, 250), id="yellow on white"),
        pytest.param((230, 230, 210), (30, 70, 50), id="chalk on a green board"),
        pytest.param((150, 150, 150), (190, 190, 190), id="faint pencil"),
    ],
)
def test_the_colours_of_ink_and_paper_do_not_matter(ink, paper):
    assert agrees(extract(seven(ink=ink, paper=paper)).ink, STROKES) > 0.85


def test_a_shadow_over_half_of_the_page_is_no_ink():
    page = seven().astype(np.float32)
    page[:, 60:] *= 0.5
    assert agrees(extract(page.astype(np.uint8)).ink, STROKES) > 0.8


def test_a_dark_corner_is_no_ink():
    y, x = np.mgrid[0:120, 0:120] / 120
    page = (seven() * (1 - 0.6 * (x * x + y * y) / 2)[..., None]).astype(np.uint8)
    assert agrees(extract(page).ink, STROKES) > 0.8


@settings(max_examples=25, deadline=None)
@given(st.integers(100, 900), st.floats(0.03, 0.12))
def test_strokes_of_any_width_at_any_size_are_found(side, share):
    width = max(2, round(side * share))
    found = extract(seven(side, width))
    truth = seven(side, width)[..., 0] < 128
    assert not found.light_on_dark
    assert agrees(found.ink, truth.astype(np.float32)) > 0.75


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(np.full((80, 80, 3), 255, np.uint8), id="white"),
        pytest.param(np.zeros((80, 80, 3), np.uint8), id="black"),
        pytest.param(np.full((1, 300, 3), 90, np.uint8), id="one row"),
    ],
)
def test_a_blank_page_has_no_contrast(page):
    found = extract(page)
    assert found.contrast == 0 and not found.ink.any()
    assert found.ink.shape == page.shape[:2]


def test_what_runs_into_the_border_can_be_taken_off():
    page = seven()
    page[:, :14] = 0
    assert extract(page, Assumption(framed=True)).ink[60, 5] == 0
    assert agrees(extract(page, Assumption(framed=True)).ink, STROKES) > 0.8


def test_only_the_darker_of_two_kinds_of_marks_can_be_taken_for_ink():
    striped = seven(ink=(40, 40, 40)).astype(np.float32)
    for top in range(0, 120, 40):
        striped[top : top + 16] *= 0.5
    page = striped.astype(np.uint8)
    assert agrees(extract(page).ink, STROKES) < 0.5
    assert agrees(extract(page, Assumption(darkest=True)).ink, STROKES) > 0.75
