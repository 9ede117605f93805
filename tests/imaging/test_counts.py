"""Levels of pictures: against plain sorting."""

import numpy as np
import pytest

from inkread.imaging.counts import histogram, level_at, median, quantile, reached


@pytest.fixture
def pixels() -> np.ndarray:
    return np.random.default_rng(3).gamma(1.0, 14.0, (40, 50)).clip(0, 255).astype(np.uint8)


@pytest.mark.parametrize("few", [1, 2, 10, 200, 2000])
@pytest.mark.parametrize("least", [1, 8, 24, 250])
def test_reached_is_the_nth_largest_or_the_least(pixels: np.ndarray, few: int, least: int) -> None:
    assert reached(pixels, few, least) == max(int(np.sort(pixels, axis=None)[-few]), least)


def test_reached_where_there_are_fewer_pixels_than_asked_for() -> None:
    assert reached(np.full((2, 2), 99, np.uint8), 5, 8) == 8


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 0.995, 1.0])
def test_a_histogram_has_the_quantiles_of_its_pixels(pixels: np.ndarray, share: float) -> None:
    ordered = np.sort(pixels, axis=None)
    expected = ordered[min(int(share * ordered.size), ordered.size - 1)]
    assert level_at(histogram(pixels), share) == expected
    assert quantile(pixels.ravel(), share) == expected


@pytest.mark.parametrize("values", [[4], [9, 2], [7, 1, 3], [8, 6, 1, 2]])
@pytest.mark.parametrize("kind", [np.float32, np.int64])
def test_the_median_is_the_middle_or_between_the_two_there(values: list[int], kind: type) -> None:
    given = np.array(values, kind)
    assert median(given) == np.median(given)
    assert given.tolist() == values
