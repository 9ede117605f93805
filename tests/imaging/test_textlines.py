"""Lines of writing: found where they are, in reading order, cut out level; nothing on bare paper."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from inkread.imaging.page_ink import page_ink
from inkread.imaging.skew import runs_down, skew_degrees
from inkread.imaging.textlines import TextLine, cut, find_lines
from inkread.synth import lights, papers


def written(
    ink: NDArray[np.float32], left: int, base: int, letters: int, slope: float = 0.0
) -> NDArray[np.float32]:
    """Write n-shaped letters 14 px high along a baseline."""
    for k in range(letters):
        x = left + 16 * k + 10 * (k // 6)
        y = round(base + slope * (x - left))
        ink[y - 14 : y, x : x + 2] = 1
        ink[y - 14 : y, x + 8 : x + 10] = 1
        ink[y - 14 : y - 12, x : x + 10] = 1
    return ink


def bare(height: int = 600, width: int = 700) -> NDArray[np.float32]:
    return np.zeros((height, width), np.float32)


def test_every_line_is_found_with_its_box_from_the_top() -> None:
    ink = bare()
    for row in range(5):
        written(ink, 80, 100 + 60 * row, 30)
    assert [line.box for line in find_lines(ink)] == [
        (80, 86 + 60 * row, 594, 100 + 60 * row) for row in range(5)
    ]


def test_two_columns_are_read_one_after_the_other() -> None:
    ink = bare()
    for row in range(5):
        written(ink, 40, 100 + 50 * row, 15)
        written(ink, 400, 100 + 50 * row, 15)
    lefts = [line.box[0] for line in find_lines(ink)]
    assert lefts == [40] * 5 + [400] * 5


def test_nothing_is_found_on_bare_paper() -> None:
    assert find_lines(bare()) == []


def test_a_slanting_line_is_cut_out_level() -> None:
    ink = written(bare(), 80, 200, 30, slope=0.06)
    [line] = find_lines(ink)
    crop, _ = cut(ink, line)
    rows = np.flatnonzero((crop > 0.5).any(1))
    assert rows[-1] - rows[0] < 20


def test_the_way_back_leads_to_the_page() -> None:
    ink = written(bare(), 80, 200, 30, slope=0.06)
    [line] = find_lines(ink)
    crop, way = cut(ink, line)
    y, x = np.nonzero(crop > 0.9)
    there = np.floor(way.back(np.column_stack([x, y]).astype(float) + 0.5)).astype(int)
    assert ink[there[:, 1], there[:, 0]].mean() > 0.9


def test_the_strokes_of_neighbours_are_not_in_the_crop() -> None:
    ink = written(written(bare(), 80, 200, 30), 80, 224, 30)
    lines = find_lines(ink)
    inked = [float((cut(ink, line)[0] > 0.5).sum()) for line in lines]
    assert inked == [float((ink > 0.5).sum()) / 2] * 2


def test_a_line_knows_where_it_is() -> None:
    [line] = find_lines(written(bare(), 80, 200, 30))
    assert isinstance(line, TextLine)
    assert np.allclose(np.array(line.baseline)[:, 1], 200, atol=2.5)


def test_rules_under_the_writing_are_no_lines_and_change_no_box() -> None:
    ink = bare()
    for row in range(5):
        written(ink, 80, 100 + 60 * row, 30)
    for y in range(40, 600, 60):
        ink[y + 3, 20:680] = 1
    assert len(find_lines(ink)) == 5


@pytest.mark.parametrize(
    "dash", [pytest.param(700, id="ruled"), pytest.param(6, id="dashed"), pytest.param(2, id="dotted")]
)
def test_rules_alone_are_no_lines(dash: int) -> None:
    ink = bare()
    for y in range(40, 600, 40):
        for x in range(10, 690, 2 * dash):
            ink[y : y + 2, x : min(x + dash, 690)] = 1
    assert find_lines(ink) == []


def test_squares_alone_are_no_lines() -> None:
    ink = bare()
    ink[10::20] = ink[:, 10::20] = 1
    assert find_lines(ink) == []


@pytest.mark.parametrize("degrees", [-8, 5])
def test_a_page_that_leans_has_its_lines_cut_out_level(degrees: int) -> None:
    ink = bare()
    for row in range(6):
        written(ink, 120, 150 + 50 * row, 26)
    turn = cv2.getRotationMatrix2D((350, 300), degrees, 1)
    leaning = np.asarray(cv2.warpAffine(ink, turn, (700, 600)), np.float32)
    found = find_lines(leaning)
    heights = [int(np.ptp(np.flatnonzero((cut(leaning, line)[0] > 0.5).any(1)))) for line in found]
    assert len(found) == 6
    assert max(heights) < 22


def test_a_stroke_through_two_lines_is_cut() -> None:
    ink = written(written(bare(), 80, 200, 30), 80, 240, 30)
    ink[190:236, 80:82] = 1  # a tail that meets the letter below it
    found = find_lines(ink)
    assert [line.box[0] for line in found] == [80, 80]
    assert found[0].box[3] < found[1].box[3]
    assert max(cut(ink, line)[0].shape[0] for line in found) < 50


def test_a_heading_is_read_first_and_a_page_number_last() -> None:
    ink = written(bare(), 250, 80, 10)
    for row in range(4):
        written(ink, 40, 150 + 50 * row, 15)
        written(ink, 400, 150 + 50 * row, 15)
    written(ink, 340, 540, 3)
    boxes = [line.box for line in find_lines(ink)]
    assert boxes[0][0] == 250
    assert boxes[-1][1] > 500


def test_a_photo_gives_the_line_in_its_colours_and_paper_elsewhere() -> None:
    ink = written(written(bare(), 80, 200, 30), 80, 224, 30)
    rgb = np.where(ink[..., None] > 0, (20, 30, 120), (230, 220, 200)).astype(np.uint8)
    first, _ = find_lines(ink)
    crop, _ = cut(rgb, first)
    dark = int((crop[..., 0] < 100).sum())
    assert dark == int((ink > 0).sum()) // 2
    assert np.abs(crop[crop[..., 0] >= 200].astype(int) - (230, 220, 200)).max() <= 1


@pytest.mark.parametrize("family", ["white", "ruled"])
def test_nothing_is_found_on_pages_without_writing(family: str) -> None:
    for seed in range(10):
        rng = np.random.default_rng(seed)
        size = int(rng.integers(240, 360)), 300
        page = papers.draw(family, size, 18.0, rng) * lights.fall("gradient", size, rng)
        page += papers.noise(size, 1, rng)[..., None] * np.float32(0.01)
        rgb = np.clip(255 * page, 0, 255).astype(np.uint8)
        assert find_lines(page_ink(rgb).ink) == [], f"seed {seed}"


def test_a_page_on_its_side_is_known() -> None:
    ink = bare()
    for row, left in enumerate((120, 133, 101, 126, 112, 139)):
        written(ink, left, 150 + 50 * row, 20 + row)
    assert runs_down(ink) is False
    assert runs_down(np.ascontiguousarray(ink.T)) is True
    assert runs_down(bare()) is None


@pytest.mark.parametrize("degrees", [-9.0, -2.5, 0.0, 4.0, 10.0])
def test_the_lean_of_a_page_is_measured(degrees: float) -> None:
    ink = bare()
    for row in range(6):
        written(ink, 120, 150 + 50 * row, 26)
    turn = cv2.getRotationMatrix2D((350, 300), -degrees, 1)
    mask = (cv2.warpAffine(ink, turn, (700, 600)) > 0.5).astype(np.uint8)
    assert skew_degrees(mask) == pytest.approx(degrees, abs=0.4)
