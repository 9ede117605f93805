"""Forms laid on pictures by their marks."""

import cv2
import numpy as np
import pytest

from inkread.imaging import align

SIZE_MM = (80.0, 100.0)
MARKS = {k: (x, y, x + 9.0, y + 9.0) for k, (x, y) in enumerate([(5, 5), (66, 5), (66, 86), (5, 86)])}
PLACES = np.array([[10.0, 20.0], [70.0, 20.0], [40.0, 50.0], [15.0, 90.0], [79.0, 99.0]])
DOT = 0.1
"""Millimetres in a pixel of the drawn sheet."""


def sheet(numbers: tuple[int, ...] = (0, 1, 2, 3)) -> np.ndarray:
    """A sheet with its marks, ten pixels a millimetre; module 15 pixels."""
    page = np.full((1000, 800), 255, np.uint8)
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    for place, number in enumerate(numbers):
        left, top = (round(v / DOT) for v in MARKS[place][:2])
        page[top : top + 90, left : left + 90] = cv2.aruco.generateImageMarker(dictionary, number, 90)
    return np.repeat(page[..., None], 3, 2)


def taken(page: np.ndarray, corners: list[tuple[float, float]], size: tuple[int, int]) -> tuple:
    """The page seen with its corners at given places of a grey picture, and the way from its millimetres."""
    height, width = page.shape[:2]
    own = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    way = cv2.getPerspectiveTransform(own, np.array(corners, np.float32))
    half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    pixels = np.linalg.inv(half) @ way @ half
    page = cv2.GaussianBlur(page, (0, 0), 0.8)
    seen = cv2.warpPerspective(page, pixels, size, flags=cv2.INTER_LINEAR, borderValue=(110, 120, 130))
    return seen, way @ np.diag([1 / DOT, 1 / DOT, 1])


def there(way: np.ndarray, places: np.ndarray = PLACES) -> np.ndarray:
    return cv2.perspectiveTransform(places[None], way)[0]


TILTED = [(60.0, 40.0), (640.0, 70.0), (700.0, 860.0), (30.0, 800.0)]


@pytest.mark.parametrize(
    ("corners", "quarters"),
    [
        pytest.param(TILTED, 0, id="upright"),
        pytest.param(TILTED[1:] + TILTED[:1], 1, id="on its right side"),
        pytest.param(TILTED[2:] + TILTED[:2], 2, id="upside down"),
        pytest.param(TILTED[3:] + TILTED[:3], 3, id="on its left side"),
    ],
)
def test_a_form_is_laid_to_a_tenth_of_a_pixel(corners: list, quarters: int) -> None:
    picture, way = taken(sheet(), corners, (760, 900))
    laid = align.align_marks(picture, MARKS, SIZE_MM)
    assert laid is not None
    assert laid.quarters == quarters
    assert laid.method == "marks"
    assert laid.residual < 0.3
    assert laid.sheet_size == (630, 787)
    off = (laid.to_sheet(there(way)) - PLACES) * align.PX
    assert np.linalg.norm(off, axis=1).mean() < 0.1
    assert np.allclose(laid.to_picture(PLACES), there(way), atol=0.25)


def test_the_sheet_is_shown_flat_at_200_dpi() -> None:
    picture, _ = taken(sheet(), TILTED, (760, 900))
    laid = align.align_marks(picture, MARKS, SIZE_MM)
    assert laid is not None
    flat = laid.sheet(picture)
    assert flat.shape == (787, 630, 3)
    small = cv2.resize(sheet(), (630, 787), interpolation=cv2.INTER_AREA)
    assert np.abs(flat.astype(int) - small).mean() < 12
    assert laid.sheet(picture[..., 0]).shape == (787, 630)


def test_marks_are_found_with_their_corners_in_the_order_of_print() -> None:
    picture, way = taken(sheet(), TILTED[2:] + TILTED[:2], (760, 900))
    found = align.find_marks(picture, [1, 2, 40])
    assert set(found) == {1, 2}
    left, top, right, bottom = MARKS[1]
    corners = there(way, np.array([[left, top], [right, top], [right, bottom], [left, bottom]]))
    assert np.abs(found[1] - corners).max() < 0.3


def test_three_marks_are_enough_and_two_are_not() -> None:
    picture, way = taken(sheet(), TILTED, (760, 900))
    picture[690:] = 120
    assert len(align.find_marks(picture, MARKS)) == 2
    said = align.sheets_by_marks(picture, MARKS, SIZE_MM)
    assert isinstance(said, align.Misfit)
    assert said.reason == "only 0, 1 of its marks 0, 1, 2, 3 can be seen: photograph the whole page"
    picture, way = taken(sheet(), TILTED, (760, 900))
    picture[690:, :380] = 120
    laid = align.align_marks(picture, MARKS, SIZE_MM)
    assert laid is not None
    assert np.abs(laid.to_sheet(there(way)) - PLACES).max() < 0.15


def test_a_cropped_page_tells_which_boxes_are_seen() -> None:
    picture, way = taken(sheet(), TILTED, (760, 900))
    bottom = round(there(way, np.array([[5.0, 80.0]]))[0, 1])
    cropped = np.ascontiguousarray(picture[:, :400])
    laid = align.align_marks(picture, MARKS, SIZE_MM)
    assert laid is not None
    assert laid.seen_share((10, 10, 70, 90)) == 1
    part = align.Alignment(laid.matrix, laid.sheet_size, (400, 900), 0.0, "marks", 0)
    assert part.seen_share((10, 30, 30, 40)) == 1
    assert part.seen_share((60, 30, 75, 40)) == 0
    assert 0 < part.seen_share((20, 30, 75, 40)) < 1
    assert cropped.shape[1] == 400 and bottom < 900
    assert (part.sheet(cropped)[300, 500:] == 255).all()


def test_marks_that_lie_otherwise_are_another_form() -> None:
    picture, _ = taken(sheet((1, 0, 2, 3)), TILTED, (760, 900))
    assert align.align_marks(picture, MARKS, SIZE_MM) is None
    elsewhere = MARKS | {2: (50.0, 60.0, 59.0, 69.0)}
    picture, _ = taken(sheet(), TILTED, (760, 900))
    assert align.align_marks(picture, elsewhere, SIZE_MM) is None


def test_a_picture_without_marks_is_told_as_such() -> None:
    said = align.sheets_by_marks(np.full((200, 300, 3), 200, np.uint8), MARKS, SIZE_MM)
    assert isinstance(said, align.Misfit)
    assert said.reason == "none of its marks 0, 1, 2, 3 is in the picture"
    assert align.align_marks(np.zeros((1, 1, 3), np.uint8), MARKS, SIZE_MM) is None
    other, _ = taken(sheet((4, 5, 6, 7)), TILTED, (760, 900))
    assert align.align_marks(other, MARKS, SIZE_MM) is None


def test_two_forms_on_one_photo_are_both_laid_but_neither_is_the_one() -> None:
    first, way = taken(sheet(), TILTED, (760, 900))
    second, _ = taken(sheet(), TILTED[2:] + TILTED[:2], (760, 900))
    both = np.hstack([first, second])
    assert align.align_marks(both, MARKS, SIZE_MM) is None
    found = align.sheets_by_marks(both, MARKS, SIZE_MM)
    assert isinstance(found, list)
    assert [a.quarters for a in found] == [0, 2]
    assert np.abs(found[0].to_sheet(there(way)) - PLACES).max() < 0.05


def test_a_bend_moves_places_and_is_undone() -> None:
    bend = np.zeros((3, 3, 2))
    bend[1, 1] = 8.0, 4.0
    laid = align.Alignment(np.eye(3), (630, 787), (700, 800), 0.0, "features", 0, bend=bend)
    middle = np.array([[315.0, 393.5]]) / align.PX
    assert np.allclose(laid.to_picture(middle), [[323, 397.5]])
    assert np.allclose(laid.to_sheet(laid.to_picture(PLACES)), PLACES, atol=1e-3)
    picture = np.zeros((800, 700, 3), np.uint8)
    picture[390:405, 316:331] = 255
    y, x = np.nonzero(laid.sheet(picture)[..., 0] > 128)
    assert abs(x.mean() + 0.5 - 315) < 0.7
    assert abs(y.mean() + 0.5 - 393.5) < 0.7
