"""Forms laid on pictures by their print."""

import cv2
import numpy as np
import pytest

from inkread.imaging import align
from inkread.imaging.bend import fit_bend

SIZE_MM = (101.6, 127.0)
"""800 x 1000 pixels at 200 dpi."""
PLACES = np.array([[20.0, 20.0], [80.0, 22.0], [50.0, 60.0], [20.0, 100.0], [78.0, 99.0]])


def blank(seed: int) -> np.ndarray:
    """A form of words and boxes, grey, 200 dpi."""
    rng = np.random.default_rng(seed)
    page = np.full((1000, 800), 255, np.uint8)
    for y in range(60, 980, 58):
        x = int(rng.integers(30, 120))
        while x < 700:
            text = "".join(chr(int(c)) for c in rng.integers(97, 123, int(rng.integers(3, 8))))
            cv2.putText(page, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 0, 1, cv2.LINE_AA)
            x += 14 * len(text) + int(rng.integers(6, 40))
            if rng.random() < 0.5:
                wide = int(rng.integers(40, 130))
                cv2.rectangle(page, (x, y - 24), (x + wide, y + 10), 0, 2)
                x += wide + 16
    return page


REFERENCES = {seed: align.Reference.of(blank(seed)) for seed in (1, 2)}
CORNERS = np.array([[70, 40], [840, 90], [800, 1040], [30, 990]], np.float32)


def taken(page: np.ndarray, bow: float = 0.0, turn: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """A page on a grey table, a little noisy, bowed by some pixels; also where PLACES are seen."""
    rows, columns = np.mgrid[:1000, :800].astype(np.float32)
    moved = bow * np.sin(columns / 800 * np.pi)
    page = cv2.remap(page, columns, rows - moved, cv2.INTER_LINEAR, borderValue=255)
    own = np.array([[0, 0], [800, 0], [800, 1000], [0, 1000]], np.float32)
    way = cv2.getPerspectiveTransform(own, np.roll(CORNERS, turn, 0) if turn else CORNERS)
    half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    seen = cv2.warpPerspective(
        cv2.GaussianBlur(page, (0, 0), 0.7), np.linalg.inv(half) @ way @ half, (880, 1080), borderValue=120
    )
    noise = np.random.default_rng(0).normal(0, 3, seen.shape)
    there = PLACES * align.PX
    there = there + np.stack([np.zeros(5), bow * np.sin(there[:, 0] / 800 * np.pi)], 1)
    return np.clip(seen + noise, 0, 255).astype(np.uint8), cv2.perspectiveTransform(there[None], way)[0]


@pytest.mark.parametrize("turn", [pytest.param(0, id="upright"), pytest.param(2, id="upside down")])
def test_a_form_without_marks_is_laid_by_its_print(turn: int) -> None:
    picture, there = taken(blank(1), turn=turn)
    laid = align.align_features(picture, REFERENCES[1], SIZE_MM)
    assert laid is not None
    assert laid.method == "features"
    assert laid.quarters == turn
    assert laid.shared > 0.9
    off = np.linalg.norm(laid.to_sheet(there) - PLACES, axis=1) * align.PX
    assert off.mean() < 0.3


def test_bowed_paper_is_laid_flat() -> None:
    picture, there = taken(blank(1), bow=14.0)
    laid = align.align_features(np.repeat(picture[..., None], 3, 2), REFERENCES[1], SIZE_MM)
    assert laid is not None
    assert laid.bend is not None
    off = np.linalg.norm(laid.to_sheet(there) - PLACES, axis=1) * align.PX
    assert off.mean() < 0.5
    assert np.abs(laid.to_picture(PLACES) - there).max() < 1.0


def test_another_form_is_not_this_one() -> None:
    picture, _ = taken(blank(2))
    assert align.align_features(picture, REFERENCES[1], SIZE_MM) is None
    right = align.align_features(picture, REFERENCES[2], SIZE_MM)
    assert right is not None
    assert align.settled(picture, right, REFERENCES[1], SIZE_MM) is None


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param(np.full((300, 400), 200, np.uint8), id="nothing"),
        pytest.param(np.random.default_rng(1).integers(0, 255, (400, 400, 3)).astype(np.uint8), id="noise"),
        pytest.param(np.zeros((1, 1, 3), np.uint8), id="one pixel"),
    ],
)
def test_what_is_no_form_is_none(picture: np.ndarray) -> None:
    assert align.align_features(picture, REFERENCES[1], SIZE_MM) is None


def test_a_blank_page_without_print_knows_nothing() -> None:
    empty = align.Reference.of(np.full((1000, 800), 255, np.uint8))
    assert len(empty.corners) == 0
    assert align.align_features(taken(blank(1))[0], empty, SIZE_MM) is None


def test_a_bend_is_fitted_though_some_places_are_wrong() -> None:
    rng = np.random.default_rng(4)
    places = rng.uniform(0, 1, (120, 2)) * [800, 1000]
    moved = np.stack([6 * np.sin(places[:, 1] / 300), 0.004 * places[:, 0]], 1)
    told = moved.copy()
    told[:20] += rng.uniform(8, 30, (20, 2))
    grid, agree = fit_bend(places, told, (800, 1000), spread=12.0)
    assert not agree[:20].any()
    assert agree[20:].mean() > 0.95
    from inkread.imaging.alignment import bent

    assert np.abs(bent(grid, (800, 1000), places[20:]) - moved[20:]).mean() < 0.2
