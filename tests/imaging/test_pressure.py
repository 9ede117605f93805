"""Pale writing beside a few dark strokes is not lost; a field whose strokes are alike stays as it is."""

import numpy as np
import pytest

from inkread.imaging.alignment import PX
from inkread.imaging.form_regions import cut_region
from inkread.imaging.ink import Ink
from inkread.imaging.pressure import evened


def strokes(pale, dark=1.0):
    ink = np.zeros((50, 200), np.float32)
    for left in (10, 40, 70, 100):
        ink[5:45, left : left + 4] = pale
    ink[38:45, 130:137] = dark
    return Ink(ink, 0.5, 0.01, False, 1.0)


def test_pale_strokes_are_made_firm_and_the_contrast_tells_it():
    found = evened(strokes(0.25), 8)
    assert 0.85 < found.ink[20, 41] < 0.95 and found.ink.max() <= 1
    assert found.contrast * found.ink[20, 41] == pytest.approx(0.5 * 0.25, rel=1e-3)


def test_firm_strokes_and_a_few_pale_ones_stay():
    for same in (strokes(0.9), Ink(np.zeros((20, 20), np.float32), 0.0, 0.0, False, 1.0)):
        assert evened(same, 8) is same
    mixed = strokes(0.9)
    mixed.ink[5:45, 160:164] = 0.25
    assert evened(mixed, 8) is mixed


def test_grain_is_no_writing():
    rng = np.random.default_rng(1)
    noisy = np.abs(rng.normal(0, 0.06, (60, 200))).astype(np.float32)
    noisy[30:40, 90:94] = 1
    found = Ink(noisy, 0.3, 0.06, False, 1.0)
    assert evened(found, 8) is found


def test_a_field_written_palely_beside_a_blot_is_not_empty():
    page = np.full((150, 320, 3), 200, np.uint8)
    for left in (60, 90, 120, 150, 180):
        page[50:85, left : left + 4] = 150
    page[78:86, 220:228] = 30
    region = cut_region(page, (40.0, 40.0, 40.0 + 30 * PX, 100.0))
    assert len(region.strokes) == 6 and region.amount > 1.0
