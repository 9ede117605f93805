"""Draw docs/images/sudoku.jpg: two simulated newspaper sudokus, their grids laid flat, and what was read.

    INKREAD_DATA=... python docs/make_sudoku.py [--seeds 0 1]

The pages are drawn by `benchmarks/_sudokus.py` with hands of MNIST's test part; everything else in the
picture is what the package and `examples/read_sudoku.py` do with them, mistakes and all.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "benchmarks"), str(ROOT / "examples")]

from _sudokus import page  # noqa: E402 - what is shown is what is measured
from read_sudoku import judge, numbers, read  # noqa: E402

from inkread.data import sources  # noqa: E402
from inkread.readers.grid import GridTrace  # noqa: E402

TARGET = ROOT / "docs" / "images" / "sudoku.jpg"
PANEL, GAP, TITLE = 430, 20, 30
GROUND, WORD = (250, 249, 246), (38, 42, 54)
SAID = {
    "proven": "proven: every rule holds",
    "disproven": "disproven: the red cells clash",
    "open": "open",
}
GREEN, AMBER, RED = (28, 138, 84), (205, 130, 0), (205, 40, 40)


def found(trace: GridTrace) -> Image.Image:
    """The photo with the lines that were found."""
    canvas = np.ascontiguousarray(trace.rgb)
    assert trace.grid is not None
    for nodes in (*trace.grid.nodes, *trace.grid.nodes.transpose(1, 0, 2)):
        cv2.polylines(canvas, [np.rint(nodes * 8).astype(np.int32)], False, RED, 1, cv2.LINE_AA, 3)
    return Image.fromarray(canvas)


def answer(trace: GridTrace) -> Image.Image:
    """What every cell reads as: green as accepted, amber to look at, red in conflict."""
    grid, side = numbers(trace), PANEL / 9
    conflicts = {place for place, _ in judge(grid).conflicts}
    sheet = Image.new("RGB", (PANEL, PANEL), (255, 255, 255))
    draw = ImageDraw.Draw(sheet)
    for k in range(10):
        wide = 3 if k % 3 == 0 else 1
        at = min(round(k * side), PANEL - 1)
        draw.line([(0, at), (PANEL, at)], WORD, wide)
        draw.line([(at, 0), (at, PANEL)], WORD, wide)
    for k, reading in enumerate(trace.readings):
        row, column = divmod(k, 9)
        colour = RED if (row, column) in conflicts else GREEN if reading.status == "accepted" else AMBER
        middle = ((column + 0.5) * side, (row + 0.5) * side)
        text = str(grid[row][column] or "")
        draw.text(middle, text, colour, ImageFont.load_default(round(0.6 * side)), anchor="mm")
    return sheet


def panel(title: str, picture: Image.Image) -> Image.Image:
    """A picture under its title."""
    factor = PANEL / max(picture.size)
    small = picture.resize(
        (round(picture.width * factor), round(picture.height * factor)), Image.Resampling.LANCZOS
    )
    sheet = Image.new("RGB", (PANEL, PANEL + TITLE), GROUND)
    sheet.paste(small, (0, TITLE))
    ImageDraw.Draw(sheet).text((0, 4), title, WORD, ImageFont.load_default(18))
    return sheet


def main() -> None:
    """Draw, read, compose."""
    parser = argparse.ArgumentParser(description="Draws docs/images/sudoku.jpg.")
    parser.add_argument("--seeds", type=int, nargs=2, default=(0, 1))
    hands = sources.mnist("test")
    rows = []
    for seed in parser.parse_args().seeds:
        trace = read(page(seed, hands, filled=True).rgb)
        verdict = judge(numbers(trace)).verdict
        rows.append(
            [
                panel("a simulated photo, and the lines found", found(trace)),
                panel("laid flat", Image.fromarray(trace.flat)),
                panel(SAID[verdict], answer(trace)),
            ]
        )
    sheet = Image.new("RGB", (3 * PANEL + 4 * GAP, 2 * (PANEL + TITLE) + 3 * GAP), GROUND)
    for i, row in enumerate(rows):
        for j, one in enumerate(row):
            sheet.paste(one, (GAP + j * (PANEL + GAP), GAP + i * (PANEL + TITLE + GAP)))
    sheet.save(TARGET, quality=85)
    print(TARGET)


if __name__ == "__main__":
    main()
