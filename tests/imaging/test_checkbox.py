"""A square is empty, marked, or marked and taken back; its own lines are no mark."""

import cv2
import numpy as np
import pytest

from inkread.imaging.alignment import PX
from inkread.imaging.checkbox import mark_in

BOX = (10.0, 10.0, 14.0, 14.0)
INK = (70, 40, 30)


def square(*strokes, thick=4, paper=230):
    """A square with strokes in units of its side, and a label beside it."""
    page = np.full((200, 300, 3), paper, np.uint8)
    left, top, right, bottom = (round(v * PX) for v in BOX)
    cv2.rectangle(page, (left, top), (right, bottom), (60, 60, 60), 2)
    cv2.putText(page, "Yes", (right + 12, bottom), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (60, 60, 60), 2)
    side = right - left
    for stroke in strokes:
        points = np.round([[left + x * side, top + y * side] for x, y in stroke]).astype(np.int32)
        cv2.polylines(page, [points[:, None]], False, INK, thick, cv2.LINE_AA)
    return page


CROSS = [(0.1, 0.1), (0.9, 0.9)], [(0.9, 0.1), (0.1, 0.9)]
CHECK = ([(0.05, 0.45), (0.4, 0.9), (1.2, -0.35)],)
SLASH = ([(1.0, -0.1), (0.0, 1.1)],)
BLOB = ([(0.35, 0.5), (0.65, 0.5)],)
BARS = tuple([(-0.5, y), (1.5, y + 0.03)] for y in (0.35, 0.65))
BLACKENED = ([(x, -0.14 if k % 2 else 1.14) for k, x in enumerate(np.linspace(-0.16, 1.16, 18))],)


def test_an_empty_square_is_empty_on_any_paper():
    for paper in (235, 150):
        tick = mark_in(square(paper=paper), BOX)
        assert (tick.state, tick.filled) == ("empty", 0.0) and tick.confidence > 0.99


@pytest.mark.parametrize("strokes", [CROSS, CHECK, SLASH], ids=["cross", "check", "slash"])
def test_a_mark_of_any_kind_is_a_mark(strokes):
    tick = mark_in(square(*strokes), BOX)
    assert tick.state == "marked" and tick.confidence > 0.99 and 0.05 < tick.filled < 0.7


def test_a_filled_in_square_is_a_mark_while_it_stays_within():
    assert mark_in(square(*BLOB, thick=16), BOX).state == "marked"


@pytest.mark.parametrize("over", [BARS, BLACKENED], ids=["bars", "blackened"])
def test_a_mark_that_is_crossed_out_is_taken_back(over):
    assert mark_in(square(*CROSS, *over), BOX).state == "struck_out"


def test_a_trace_is_neither():
    page = square()
    x, y = round(11.5 * PX), round(12 * PX)
    page[y : y + 4, x : x + 4] = INK
    tick = mark_in(page, BOX)
    assert tick.state == "unsure" and tick.confidence < 0.9


def test_what_stands_beside_a_square_is_no_mark():
    page = square()
    cv2.line(page, (40, 60), (40, 130), INK, 4)
    assert mark_in(page, BOX).state == "empty"


@pytest.mark.parametrize("level", [True, False], ids=["level", "upright"])
def test_the_edge_of_a_shadow_is_no_mark(level):
    across = np.arange(200)[:, None] if level else np.arange(300)[None]
    light = 1 - 0.5 / (1 + np.exp(-(across - 12 * PX) / 2.5))
    for strokes, state in (((), "empty"), (CROSS, "marked")):
        page = square(*strokes)
        shaded = (page * np.broadcast_to(light, page.shape[:2])[..., None]).astype(np.uint8)
        assert mark_in(shaded, BOX).state == state


def test_a_square_filled_in_pencil_is_a_mark():
    page = square()
    left, top, right, bottom = (round(v * PX) for v in BOX)
    page[top + 2 : bottom - 1, left + 2 : right - 1] = 140
    tick = mark_in(page, BOX)
    assert tick.state == "marked" and tick.filled > 0.9


def test_lines_beside_their_place_are_no_mark():
    moved = BOX[0] - 0.35, BOX[1] + 0.3, BOX[2] - 0.35, BOX[3] + 0.3
    assert mark_in(square(), moved).state == "empty"
    assert mark_in(square(*CROSS), moved).state == "marked"


def test_a_large_cross_is_not_taken_back():
    large = [(-0.45, -0.1), (1.3, 0.95)], [(-0.5, 1.3), (1.35, -0.2)]
    assert mark_in(square(*large), BOX).state == "marked"
