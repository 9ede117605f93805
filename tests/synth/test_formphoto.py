"""What a photo of a form shows, and where."""

import numpy as np
import pytest

from inkread.synth import formphoto

SPOTS = ((60, 80), (340, 90), (70, 520), (330, 500), (200, 300))


def sheet() -> np.ndarray:
    """White, with a black square of 20 pixels around each spot."""
    page = np.full((600, 400, 3), 255, np.uint8)
    for x, y in SPOTS:
        page[y - 10 : y + 10, x - 10 : x + 10] = 0
    return page


def taking(**other: object) -> formphoto.Taking:
    return formphoto.Taking(**{"long_side": 700, "blur": 0.5, "noise": 0.0, "jpeg": 0, **other})


@pytest.mark.parametrize(
    "how",
    [
        pytest.param(taking(), id="from above"),
        pytest.param(taking(tilt=(12.0, -9.0), turn=5.0), id="from the side"),
        pytest.param(taking(curl=0.2, tilt=(6.0, 3.0)), id="curled"),
        pytest.param(taking(curl=0.1, fold=1.0, curl_degrees=90.0, tilt=(6.0, 3.0)), id="folded"),
        pytest.param(taking(turn=180.0), id="upside down"),
        pytest.param(taking(turn=1.0, is_scan=True), id="scanned"),
    ],
)
def test_the_way_leads_to_where_a_thing_is_seen(how: formphoto.Taking) -> None:
    photo = formphoto.photograph(sheet(), np.random.default_rng(3), how)
    grey = photo.rgb.mean(2)
    for x, y in photo.way.to_photo(np.array(SPOTS, float)):
        rows = slice(int(y) - 22, int(y) + 23)
        columns = slice(int(x) - 22, int(x) + 23)
        dark = np.clip(grey[rows, columns].max() / 2 - grey[rows, columns], 0, None)
        v, u = np.mgrid[rows, columns] + 0.5
        assert (u * dark).sum() / dark.sum() == pytest.approx(x, abs=0.25)
        assert (v * dark).sum() / dark.sum() == pytest.approx(y, abs=0.25)


def test_bent_paper_keeps_its_length() -> None:
    way = formphoto.Way((400, 600), taking(curl=0.2), scale=1000.0)
    flat = formphoto.Way((400, 600), taking(), scale=1000.0)
    ends = np.array([[0, 300], [400, 300]], float)
    assert np.ptp(way.to_photo(ends)[:, 0]) < np.ptp(flat.to_photo(ends)[:, 0]) * 1.03


def test_the_same_seed_gives_the_same_bytes() -> None:
    how = taking(noise=0.02, jpeg=80, curl=0.1, light="hand shadow")
    first, second = (formphoto.photograph(sheet(), np.random.default_rng(5), how) for _ in range(2))
    assert np.array_equal(first.rgb, second.rgb)
    assert formphoto.sample(np.random.default_rng(5)) == formphoto.sample(np.random.default_rng(5))


def test_a_sheet_can_be_cut_off_by_the_picture() -> None:
    photo = formphoto.photograph(sheet(), np.random.default_rng(1), taking(room=-0.1))
    corners = photo.way.to_photo(np.array([[0, 0], [400, 600]], float))
    height, width = photo.rgb.shape[:2]
    assert corners.min() < 0
    assert (corners[1] > (width, height)).all()
