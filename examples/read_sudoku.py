"""Read a sudoku off a photo, printed and handwritten digits alike, and let the rules judge the reading.

    python examples/read_sudoku.py photo.jpg [-o read.png]

The grid is found and its cells are read by the model `digits`; nothing but 1 to 9 may stand in one, empty
cells stay empty. Then the rules have their say: a full grid that keeps all of them, or a puzzle with exactly
one solution, proves the reading; a contradiction disproves it, and the cells that contradict each other are
named. What was read is never changed to please the rules: a wrong digit may be the reader's mistake, or the
writer's.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from inkread.decode.confidence import threshold
from inkread.errors import InkreadError
from inkread.imaging.load import Source, pages
from inkread.readers.grid import GridTrace, GridWay, read_grid
from inkread.runtime import recognizer

Grid = Sequence[Sequence[int]]
"""Nine rows of nine digits, 0 where a cell is empty."""
Place = tuple[int, int]

PLACES = [(row, column) for row in range(9) for column in range(9)]
ALL = frozenset(range(1, 10))
PATIENCE = 50_000
"""So many digits are tried before the question is left open."""
TARGET = 0.01
"""Share of wrong readings among the accepted ones."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the rules say of a reading.

    Attributes:
        verdict: "proven", "disproven" or "open".
        why: in words.
        conflicts: cells that contradict others, the likeliest culprits first, each with the only digit that
            the rules would allow there if all other cells are right, or 0 where they do not tell.
    """

    verdict: str
    why: str
    conflicts: tuple[tuple[Place, int], ...] = ()


def beside(place: Place) -> set[Place]:
    """The cells that may not hold the same digit: of the row, the column and the box."""
    row, column = place
    top, left = row - row % 3, column - column % 3
    box = {(i, j) for i in range(top, top + 3) for j in range(left, left + 3)}
    return (box | {(row, k) for k in range(9)} | {(k, column) for k in range(9)}) - {place}


BESIDE = {place: beside(place) for place in PLACES}


def judge(grid: Grid) -> Judgement:
    """Let the rules judge what was read.

    Args:
        grid: nine rows of nine digits, 0 where a cell is empty.

    Example:
        >>> judge([[1, 1] + 7 * [0]] + 8 * [9 * [0]]).conflicts
        (((0, 0), 0), ((0, 1), 0))
    """
    clashes = {p: sum(digit(grid, q) == digit(grid, p) for q in BESIDE[p]) for p in PLACES if digit(grid, p)}
    wrong = sorted((p for p in clashes if clashes[p]), key=lambda p: (-clashes[p], p))
    if wrong:
        told = tuple((place, only_digit(grid, place)) for place in wrong)
        return Judgement("disproven", f"{len(wrong)} cells hold a digit that another beside them holds", told)
    if len(clashes) == len(PLACES):
        return Judgement("proven", "every row, column and box holds 1 to 9")
    found = solutions(grid, 2)
    if found is None:
        return Judgement("open", "whether there is a solution could not be found out")
    if len(found) == 1:
        return Judgement("proven", "the puzzle has exactly one solution")
    if found:
        return Judgement("open", "the puzzle has more than one solution: digits may be missing")
    culprits = tuple((p, only_digit(grid, p)) for p in clashes if solutions(without(grid, p), 1))
    return Judgement("disproven", "the puzzle has no solution", culprits)


def digit(grid: Grid, place: Place) -> int:
    """What stands in a cell."""
    return grid[place[0]][place[1]]


def without(grid: Grid, place: Place) -> list[list[int]]:
    """The same grid with one cell emptied."""
    return [[0 if (i, j) == place else v for j, v in enumerate(row)] for i, row in enumerate(grid)]


def only_digit(grid: Grid, place: Place) -> int:
    """The one digit that the rules allow in a cell if all others are right; 0 where it is no single one."""
    allowed = ALL - {digit(grid, other) for other in BESIDE[place]}
    return next(iter(allowed)) if len(allowed) == 1 else 0


def solutions(grid: Grid, most: int) -> list[dict[Place, int]] | None:
    """Solutions of a puzzle in which nothing clashes, so many at most; None where it takes too long."""
    left = [PATIENCE]
    known = {place: digit(grid, place) for place in PLACES if digit(grid, place)}
    found: list[dict[Place, int]] = []
    for one in _solve(known, left):
        found.append(one)
        if len(found) == most:
            return found
    return found if left[0] > 0 else None


def _solve(known: dict[Place, int], left: list[int]) -> Iterator[dict[Place, int]]:
    """Fill the cell with the fewest choices first."""
    if len(known) == len(PLACES):
        yield dict(known)
        return
    choices = {p: ALL - {known.get(q, 0) for q in BESIDE[p]} for p in PLACES if p not in known}
    place = min(choices, key=lambda p: len(choices[p]))
    for value in sorted(choices[place]):
        left[0] -= 1
        if left[0] <= 0:
            return
        known[place] = value
        yield from _solve(known, left)
        del known[place]


def read(photo: Source) -> GridTrace:
    """Find the grid of a photo and read its cells.

    Raises:
        SourceError: the photo cannot be opened.
    """
    digits = recognizer.load("digits")
    accepts_from = threshold(digits.metadata.calibration, TARGET)
    return read_grid(next(pages(photo)), GridWay(digits, accepts_from, 9, 9, "123456789"))


def numbers(trace: GridTrace) -> list[list[int]]:
    """What every cell reads as, whatever its status; 0 where it is empty."""
    return [[int(text or 0) for text in row] for row in trace.texts]


def told(trace: GridTrace) -> str:
    """The grid as text, what is not sure marked with a question mark; then what the rules say."""
    grid, rows = numbers(trace), []
    for i, row in enumerate(grid):
        cells = [
            f"{value or '.'}{'?' if trace.readings[9 * i + j].status != 'accepted' else ' '}"
            for j, value in enumerate(row)
        ]
        rows.append(" | ".join(" ".join(cells[k : k + 3]) for k in (0, 3, 6)).rstrip())
    rows.insert(6, "-" * 30)
    rows.insert(3, "-" * 30)
    judged = judge(grid)
    lines = [*rows, "", f"{judged.verdict}: {judged.why}"]
    for (i, j), only in judged.conflicts:
        reading = trace.readings[9 * i + j]
        hint = f"; if all others are right, {only} belongs there" if only not in (0, grid[i][j]) else ""
        lines.append(f"  look at {reading.name}: read as {grid[i][j]} ({reading.confidence:.0%}){hint}")
    return "\n".join(lines)


def drawn(trace: GridTrace) -> np.ndarray:
    """The photo with its cells outlined, green as read, amber to look at, red in conflict; and digits."""
    canvas = np.ascontiguousarray(trace.rgb)
    if trace.grid is None:
        return canvas
    grid = numbers(trace)
    conflicts = {place for place, _ in judge(grid).conflicts}
    for k, reading in enumerate(trace.readings):
        place = divmod(k, 9)
        is_sure = reading.status == "accepted"
        colour = (205, 40, 40) if place in conflicts else (30, 140, 70) if is_sure else (225, 150, 0)
        corners = trace.grid.cell(*place)
        inner = corners + 0.06 * (corners.mean(0) - corners)
        cv2.polylines(canvas, [np.rint(inner).astype(np.int32)], True, colour, 2, cv2.LINE_AA)
        if grid[place[0]][place[1]]:
            side = float(np.linalg.norm(corners[1] - corners[0]))
            at = corners[0] + (corners[2] - corners[0]) * (0.08, 0.3)
            text, size = str(grid[place[0]][place[1]]), side / 110
            cv2.putText(canvas, text, np.rint(at).astype(int).tolist(), 0, size, colour, 1, cv2.LINE_AA)
    return canvas


def main() -> int:
    """Read the photo that is named."""
    parser = argparse.ArgumentParser(description="Read a sudoku off a photo.")
    parser.add_argument("photo")
    parser.add_argument("-o", "--output", type=Path, help="what was read drawn over the photo")
    asked = parser.parse_args()
    if asked.output and asked.output.suffix.lower() not in (".png", ".jpg", ".jpeg"):
        print(f"{asked.output}: give -o a name that ends in .png or .jpg", file=sys.stderr)
        return 2
    try:
        trace = read(asked.photo)
    except InkreadError as error:
        print(error, file=sys.stderr)
        return 2
    if trace.grid is None:
        print(trace.readings[0].reason, file=sys.stderr)
        return 1
    print(told(trace))
    if asked.output:
        try:
            Image.fromarray(drawn(trace)).save(asked.output)
        except OSError as error:
            print(f"{asked.output} cannot be written: {error.strerror or error}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
