"""A ruled grid is found by its crossings, whatever the camera and the paper did to it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from inkread.imaging.grid import find_grid

SIDE = 40


def ruled(rows: int, columns: int, *, dark: int = 70, thick: int = 2) -> tuple[np.ndarray, np.ndarray]:
    """A page with a grid, and where its lines cross, `(rows + 1, columns + 1, 2)`."""
    page = np.full((rows * SIDE + 120, columns * SIDE + 140, 3), 215, np.uint8)
    for k in range(rows + 1):
        cv2.line(page, (70, 60 + k * SIDE), (70 + columns * SIDE, 60 + k * SIDE), (dark,) * 3, thick)
    for k in range(columns + 1):
        cv2.line(page, (70 + k * SIDE, 60), (70 + k * SIDE, 60 + rows * SIDE), (dark,) * 3, thick)
    y, x = np.mgrid[: rows + 1, : columns + 1] * SIDE
    return page, np.stack([x + 70, y + 60], -1).astype(np.float64)


def off(found: np.ndarray, true: np.ndarray) -> float:
    """The largest distance of a crossing from where it is, pixels."""
    return float(np.linalg.norm(found - true, axis=-1).max())


@pytest.mark.parametrize(("rows", "columns"), [(9, 9), (4, 7), (12, 3)])
def test_a_grid_is_found_without_its_size_being_told(rows: int, columns: int) -> None:
    page, true = ruled(rows, columns)
    grid = find_grid(page)
    assert grid is not None
    assert (grid.rows, grid.columns) == (rows, columns)
    assert off(grid.nodes, true) < 3


def test_weak_lines_on_grainy_paper_are_found() -> None:
    page, true = ruled(9, 9, dark=175)
    grain = np.random.default_rng(3).normal(0, 5, page.shape)
    grid = find_grid(np.clip(page + grain, 0, 255).astype(np.uint8), 9, 9)
    assert grid is not None
    assert off(grid.nodes, true) < 3


def test_a_grid_of_known_size_may_hardly_stand_out_of_the_grain() -> None:
    page, true = ruled(9, 9, dark=191)
    grain = np.random.default_rng(5).normal(0, 14, page.shape[:2])[..., None]
    grid = find_grid(np.clip(page + grain, 0, 255).astype(np.uint8), 9, 9)
    assert grid is not None
    assert off(grid.nodes, true) < 4


def test_grain_alone_is_no_grid_of_any_size() -> None:
    grain = np.random.default_rng(7).normal(200, 14, (450, 450, 1)).repeat(3, 2).clip(0, 255).astype(np.uint8)
    assert find_grid(grain, 9, 9) is None
    assert find_grid(grain) is None


def test_thin_lines_of_a_clean_scan_are_found() -> None:
    page, true = ruled(9, 9, thick=1)
    grid = find_grid(page, 9, 9)
    assert grid is not None
    assert off(grid.nodes, true) < 3


def test_writing_in_the_cells_does_not_part_them() -> None:
    page, true = ruled(9, 9)
    for k in range(81):
        at = (70 + k % 9 * SIDE + 11, 60 + k // 9 * SIDE + 31)
        cv2.putText(page, str(1 + k * 7 % 9), at, cv2.FONT_HERSHEY_SIMPLEX, 0.9, (90, 40, 30), 2)
    grid = find_grid(page, 9, 9)
    assert grid is not None
    assert off(grid.nodes, true) < 3


def test_paper_seen_from_the_side_is_found() -> None:
    page, true = ruled(9, 9)
    high, wide = page.shape[:2]
    corners = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    moved = corners + np.array([[30, 12], [-6, -14], [10, 16], [-12, -8]], np.float32)
    way = cv2.getPerspectiveTransform(corners, moved)
    grid = find_grid(cv2.warpPerspective(page, way, (wide, high), borderValue=(215, 215, 215)), 9, 9)
    assert grid is not None
    assert off(grid.nodes, cv2.perspectiveTransform(true.reshape(-1, 1, 2), way).reshape(true.shape)) < 3


def test_curved_paper_is_found_and_laid_flat() -> None:
    page, true = ruled(9, 9)
    y, x = np.mgrid[: page.shape[0], : page.shape[1]].astype(np.float32)
    curved = cv2.remap(page, x, y - 9 * np.sin(x / 90), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    grid = find_grid(curved, 9, 9)
    assert grid is not None
    bent = true + np.stack([0 * true[..., 0], 9 * np.sin(true[..., 0] / 90)], -1)
    assert off(grid.nodes, bent) < 3
    flat = grid.flat(curved, 40, 10).mean(-1)
    for k in range(1, 9):  # every line is where it should be, from side to side
        assert flat[8 + k * 40 : 13 + k * 40, 20:-20].min(0).max() < 150


@pytest.mark.parametrize("degrees", [-12.0, 8.0])
def test_a_turned_picture_is_found_and_told_in_its_own_pixels(degrees: float) -> None:
    page, true = ruled(9, 9)
    way = cv2.getRotationMatrix2D((page.shape[1] / 2, page.shape[0] / 2), degrees, 0.8)
    grid = find_grid(cv2.warpAffine(page, way, page.shape[1::-1], borderValue=(215, 215, 215)), 9, 9)
    assert grid is not None
    assert off(grid.nodes, true @ way[:, :2].T + way[:, 2]) < 3


def test_a_large_photo_is_told_in_its_own_pixels() -> None:
    page, true = ruled(9, 9, thick=3)
    large = cv2.resize(page, None, fx=4, fy=4, interpolation=cv2.INTER_LINEAR)
    grid = find_grid(large, 9, 9)
    assert grid is not None
    assert off(grid.nodes, 4 * true + 1.5) < 10


@pytest.mark.parametrize("size", [(9, 9), (None, None)])
def test_where_nothing_is_ruled_no_grid_is_found(size: tuple[int | None, int | None]) -> None:
    page = np.full((400, 400, 3), 210, np.uint8)
    rows = page.copy()
    rows[40::40] = 80
    text = page.copy()
    for k in range(10):
        cv2.putText(text, "Handgloves 123", (20, 40 + 36 * k), cv2.FONT_HERSHEY_SIMPLEX, 1.1, (40, 40, 40), 2)
    for picture in (page, rows, text):
        assert find_grid(picture, *size) is None


def test_a_grid_of_another_size_is_none() -> None:
    assert find_grid(ruled(4, 4)[0], 9, 9) is None


def test_a_turned_grid_begins_at_another_corner() -> None:
    page, true = ruled(4, 7)
    grid = find_grid(page)
    assert grid is not None
    sideways = grid.turned(1)  # clockwise: what was lower left is upper left
    assert (sideways.rows, sideways.columns) == (7, 4)
    assert np.allclose(sideways.nodes[0, 0], true[4, 0], atol=2)
    assert np.allclose(grid.cell(0, 0)[2], true[1, 1], atol=2)
