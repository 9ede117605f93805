"""Cut what is written out of the cells of a grid that was laid flat, cell by cell, lines left out.

In: RGB of the flat grid, every cell a square of so many pixels. Out: the ink of every cell, float32, 0..1,
or None where it is empty. The printed lines are known by their place; a stroke that crosses one is kept, and
goes to the cell in which most of it stands.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["Ruling", "cell_inks"]

_Ink = NDArray[np.float32]

_PAPER = 0.62
"""Side of the window in which the paper is looked for, as a share of a cell's."""
_BRIGHTER = 1.08
"""Paper is brighter by this factor at most than it usually is in so large a window as a cell."""
_OFF = 0.09
"""A line is off its place by this share of a cell's side at most."""
_WIDEST = 0.075
"""Half of the widest line, as a share of a cell's side."""
_CENTRE = 0.17
"""What is nearer to the sides of a cell than this share is left out where its levels are taken."""
_FAINT = 0.1
"""Strokes are darker than their paper by at least this share of its brightness."""
_FIRM = 3.5
"""Strokes stand out of the grain by so many times."""
_BARE = 0.3
"""Bare paper is lighter than this share of a stroke's darkness."""
_SHARP, _AROUND, _MORE, _LOW = 0.22, 0.09, 1.5, 0.35
"""Strokes are out of focus that rise by less than this share a pixel."""
_OWN, _TALL = 0.35, 1.5
"""A stroke begins at this ink; one larger than so many cells is several, and is parted at the lines."""
_LEAST, _THINNEST = 0.22, 0.012
"""What is smaller than this share of a cell's side, or has less ink than this share of its area, is dirt."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """How a flat grid is ruled.

    Attributes:
        rows: cells from top to bottom.
        columns: cells from left to right.
        side: of a cell, pixels.
        margin: pixels around the grid.
    """

    rows: int
    columns: int
    side: int
    margin: int


def cell_inks(rgb: NDArray[np.uint8], ruling: Ruling) -> list[list[_Ink | None]]:
    """The ink of every cell.

    Args:
        rgb: `(rows * side + 2 * margin, columns * side + 2 * margin, 3)`.
        ruling: how it is ruled.

    Returns:
        A list a row, with the ink of each cell `(side + 2 * margin, side + 2 * margin)`, none but its own;
        None where nothing stands in it.
    """
    dark = _along_strokes(_darkness(rgb, ruling.side), ruling)
    ink = _levelled(_without_lines(dark, ruling), ruling)
    owner = _owners(ink, ruling)
    found: list[list[_Ink | None]] = []
    for row in range(ruling.rows):
        found.append([_cut(ink, owner, (row, column), ruling) for column in range(ruling.columns)])
    return found


def _darkness(rgb: NDArray[np.uint8], side: int) -> _Ink:
    """How much darker than its paper every pixel is in each channel, 0..1."""
    window = max(5, round(_PAPER * side)) | 1
    calm = cv2.medianBlur(rgb, 3)
    closed = cv2.morphologyEx(calm, cv2.MORPH_CLOSE, np.ones((window, window), np.uint8))
    # Red ink in a dark corner is brighter than the paper, to red: the paper is most of every cell.
    usual = cv2.medianBlur(rgb, side | 1).astype(np.float32)
    soft = (window // 2) | 1
    paper = np.minimum(cv2.blur(closed, (soft, soft)).astype(np.float32), _BRIGHTER * usual + 4)
    paper = np.maximum(paper, 24)
    return np.asarray(np.clip(1 - rgb / paper, 0, 1), np.float32)


def _along_strokes(dark: _Ink, ruling: Ruling) -> _Ink:
    """The darkness `(h, w)`: channels are weighed, cell by cell, by how dark its strokes are in them."""
    found = dark.mean(-1)
    rim = round(_CENTRE * ruling.side)
    for row in range(ruling.rows):
        for column in range(ruling.columns):
            block, (top, left) = _block((row, column), ruling, found.shape)
            side = ruling.side
            centre = dark[top + rim : top + side - rim, left + rim : left + side - rim].reshape(-1, 3)
            strongest = centre.max(1)
            strokes = centre[strongest >= np.percentile(strongest, 96)]
            energy = np.square(strokes).mean(0) + 1e-6
            found[block] = dark[block] @ (energy / energy.sum())
    return found


def _block(
    place: tuple[int, int], ruling: Ruling, shape: tuple[int, ...]
) -> tuple[tuple[slice, slice], tuple[int, int]]:
    """The part of a sheet that is a cell's, the margin beside outer ones too; and its upper left corner."""
    (row, column), side = place, ruling.side
    top, left = ruling.margin + row * side, ruling.margin + column * side
    down = slice(top if row else 0, top + side if row + 1 < ruling.rows else shape[0])
    across = slice(left if column else 0, left + side if column + 1 < ruling.columns else shape[1])
    return (down, across), (top, left)


def _without_lines(dark: _Ink, ruling: Ruling) -> _Ink:
    """Take out the printed lines where they are known to be, piece by piece, but not strokes across them."""
    cleaned = dark.copy()
    for view, before, rows, columns in (
        (cleaned, dark, ruling.rows, ruling.columns),
        (cleaned.T, dark.T, ruling.columns, ruling.rows),
    ):
        for row in range(rows + 1):
            for column in range(columns):
                _take_out(view, before, (row, column), ruling)
    return cleaned


def _take_out(cleaned: _Ink, dark: _Ink, place: tuple[int, int], ruling: Ruling) -> None:
    """Take out the piece of a line above a cell."""
    side, middle = ruling.side, ruling.margin + place[0] * ruling.side
    off, wide = max(2, round(_OFF * side)), max(2, round(_WIDEST * side))
    left = ruling.margin + place[1] * side
    start, end = max(0, left - wide), min(dark.shape[1], left + side + wide)
    top = max(0, middle - off - wide - 2)
    band = dark[top : middle + off + wide + 3, start:end]
    profile = np.percentile(band, 40, axis=1)
    near = slice(max(0, middle - off - top), middle + off + 1 - top)
    if near.start >= len(profile) or profile[near].max() <= 0.02:
        return
    peak = near.start + int(profile[near].argmax())
    least = 0.35 * profile[peak]
    above = below = peak
    while above > max(0, peak - wide) and profile[above - 1] > least:
        above -= 1
    while below < min(len(profile) - 1, peak + wide) and profile[below + 1] > least:
        below += 1
    above, below = max(0, above - 1), min(len(profile), below + 2)
    strong = max(2.2 * float(profile[peak]), 0.25)
    before, after = band[max(0, above - 2) : above], band[below : below + 2]
    crossed = np.zeros(end - start, bool)
    if len(before) and len(after):
        line = 0.6 * float(profile[peak])
        crossed = (before.min(0) > max(line, _FAINT)) & (after.min(0) > max(line, _FAINT))
    crossed[: 2 * wide] = crossed[-2 * wide :] = False  # there it is the lines that cross
    keep = crossed[None] | (band[above:below] > strong)
    part = cleaned[top + above : top + below, start:end]
    part[~keep] = 0


def _levelled(dark: _Ink, ruling: Ruling) -> _Ink:
    """Ink from darkness, every cell by its own strokes; one without any by those of the others."""
    ink = np.zeros_like(dark)
    side, rim = ruling.side, round(_CENTRE * ruling.side)
    centres = [
        dark[top + rim : top + side - rim, left + rim : left + side - rim]
        for top in range(ruling.margin, ruling.margin + ruling.rows * side, side)
        for left in range(ruling.margin, ruling.margin + ruling.columns * side, side)
    ]
    tops = np.array([np.percentile(centre, 96) for centre in centres])
    grain = float(np.median([np.percentile(centre, 50) for centre in centres]))
    written = tops > max(_FAINT, _FIRM * grain)
    if not written.any():
        return ink
    usual = float(np.median(tops[written]))
    for k, high in enumerate(tops):
        here, _ = _block(divmod(k, ruling.columns), ruling, dark.shape)
        block = dark[here]
        is_soft = _is_soft(block)
        if is_soft:
            around = cv2.GaussianBlur(block, (0, 0), _AROUND * side)
            block = np.clip(block + _MORE * (block - around), 0, 1)
        strokes = block[block > 0.5 * high]
        is_written = written[k] and high >= 0.3 * usual and strokes.size
        full = float(np.median(strokes)) if is_written else usual
        bare = max(1.5 * grain, float(np.percentile(block, 60)))
        low = _LOW * full if is_soft else min(bare, _BARE * full)
        ink[here] = np.clip((block - low) / (full - low), 0, 1)
    return ink


def _is_soft(dark: _Ink) -> bool:
    """Whether strokes are out of focus: none of them rises steeply."""
    across, down = (cv2.Sobel(dark, cv2.CV_32F, x, 1 - x, scale=0.125) for x in (1, 0))
    steep = float(np.percentile(np.hypot(across, down), 99))
    return steep < _SHARP * float(np.percentile(dark, 98))


def _owners(ink: _Ink, ruling: Ruling) -> NDArray[np.int32]:
    """Which cell every pixel's stroke belongs to, counted from 1, row by row; 0 where there is none."""
    count, labels, stats, centres = cv2.connectedComponentsWithStats(
        (ink > _OWN).view(np.uint8), connectivity=8
    )
    side, margin = ruling.side, ruling.margin
    column = np.floor((centres[:, 0] - margin) / side).astype(int)
    row = np.floor((centres[:, 1] - margin) / side).astype(int)
    inside = (column >= 0) & (column < ruling.columns) & (row >= 0) & (row < ruling.rows)
    of_piece = np.where(inside, row * ruling.columns + column + 1, 0)
    of_piece[0] = 0
    owner = of_piece[labels].astype(np.int32)
    large = np.flatnonzero(np.maximum(stats[:, 2], stats[:, 3]) > _TALL * side)
    if len(large[large > 0]):
        y, x = np.nonzero(np.isin(labels, large[large > 0]))
        i, j = (y - margin) // side, (x - margin) // side
        within = (i >= 0) & (i < ruling.rows) & (j >= 0) & (j < ruling.columns)
        owner[y, x] = np.where(within, i * ruling.columns + j + 1, 0)
    return owner


def _cut(ink: _Ink, owner: NDArray[np.int32], place: tuple[int, int], ruling: Ruling) -> _Ink | None:
    """The ink of one cell, with what of it reaches over its sides."""
    side, margin = ruling.side, ruling.margin
    at = np.s_[
        place[0] * side : (place[0] + 1) * side + 2 * margin,
        place[1] * side : (place[1] + 1) * side + 2 * margin,
    ]
    own = owner[at] == place[0] * ruling.columns + place[1] + 1
    if not own.any():
        return None
    y, x = np.nonzero(own)
    largest = max(np.ptp(y), np.ptp(x)) + 1
    if largest < _LEAST * side or own.sum() < _THINNEST * side * side:
        return None
    others = (owner[at] > 0) & ~own
    near = cv2.dilate(own.view(np.uint8), np.ones((3, 3), np.uint8)).astype(bool) & ~others
    return np.where(near, ink[at], 0).astype(np.float32)
