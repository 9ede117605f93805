"""Connected pieces: numbers and boxes are OpenCV's own."""

import cv2
import numpy as np
import pytest

from inkread.imaging.connected import connected, pixels_of


@pytest.mark.parametrize("shape", [(40, 61), (600, 700)], ids=["16 bits", "32 bits"])
def test_pieces_are_those_that_opencv_finds(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(1)
    mask = (cv2.GaussianBlur(rng.random(shape), (0, 0), 2) > 0.52).astype(np.uint8)
    numbers, pieces = connected(mask)
    _, expected, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    assert len(pieces) > 3
    assert np.array_equal(numbers, expected)
    assert np.array_equal(pieces, stats)


def test_an_empty_mask_has_no_pieces() -> None:
    numbers, pieces = connected(np.zeros((4, 5), np.uint8))
    assert not numbers.any()
    assert pieces.tolist() == [[0, 0, 5, 4, 20]]


@pytest.mark.parametrize("count", [4, 300], ids=["few", "many"])
def test_pixels_of_some_pieces(count: int) -> None:
    numbers = np.array([[0, 1, 2], [3, 3, 1]], np.uint16)
    assert pixels_of(numbers, {1, 3}, count).tolist() == [[0, 1, 0], [1, 1, 1]]
