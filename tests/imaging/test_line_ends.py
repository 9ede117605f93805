"""The ends of a line: what stands behind each gap, upright or slanted."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from inkread.imaging.line_ends import line_ends


def bars(*places: int, slant: float = 0.0, height: int = 40) -> NDArray[np.float32]:
    """Bars 20 high and 4 wide that begin at these columns, leaning to the right by `slant` a pixel up."""
    ink = np.zeros((height, max(places) + 60), np.float32)
    for place in places:
        for row in range(10, 30):
            x = round(place + slant * (30 - row))
            ink[row, x : x + 4] = 1
    return ink


def columns(ink: NDArray[np.float32]) -> tuple[int, int]:
    """First and last inked column."""
    there = np.flatnonzero(ink.max(0) > 0.3)
    return int(there[0]), int(there[-1])


def test_every_gap_gives_an_end_from_the_longest_to_the_shortest():
    ends = line_ends(bars(10, 20, 30, 80, 90, 100, 110))
    starts = [columns(end.ink)[0] for end in ends]
    assert starts[0] == 10 and 80 in starts
    assert starts == sorted(starts)
    assert {columns(end.ink)[1] for end in ends} == {113}


def test_the_widest_gap_is_told():
    ends = line_ends(bars(10, 20, 30, 80, 90, 100, 110))
    widest = max(ends[1:], key=lambda end: end.gap)
    assert columns(widest.ink)[0] == 80
    assert widest.gap == pytest.approx(46 / 20, abs=0.06)


def test_slanted_strokes_are_parted_along_their_slant():
    slanted = bars(10, 20, 33, 46, 59, slant=0.45)
    starts = [columns(end.ink)[0] for end in line_ends(slanted)]
    assert 33 in starts  # its foot; the head of the stroke before stands above it


def test_only_the_widest_gaps_are_asked():
    assert len(line_ends(bars(*range(10, 210, 10)), most=3)) <= 4


def test_bare_paper_has_no_end():
    assert line_ends(np.zeros((40, 100), np.float32)) == []
