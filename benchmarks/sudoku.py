"""How well sudokus are read off real newspaper photos, and off drawn ones with empty cells.

    INKREAD_DATA=... python benchmarks/sudoku.py [--json] [--drawn 20]

The photos are those of Wicht and Hennebert (wichtounet/sudoku_dataset, CC BY 4.0) in `$INKREAD_DATA/sudoku`:
`mixed` are real photos whose written digits were composited in (they may be digits of MNIST's test part),
`natural` were filled in with a pen. No model was trained on them, but **they were the development set of the
grid finder and of the cutting of cells**: thresholds were set by looking at them, so that these figures say
what is reached there, not what a stranger's newspaper would give. Every cell of theirs is filled; whether
empty cells stay empty is told by drawn pages (hands of MNIST's test part), which are simulated and stand
apart.

A grid counts as found where two in three of its cells read as the truth says: one that is a row off cannot.
Cells of a photo without its grid count as wrong. Intervals are by the bootstrap over photos, 95 %. Every
misread cell is told on stderr.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "examples"))

from read_sudoku import Judgement, judge, numbers, read  # noqa: E402 - an example is where it is

FOUND = 54
"""Cells of 81 that read right where the grid was found."""
TURNS = 2000
"""Samples of the bootstrap."""


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What came of one photo.

    Attributes:
        name: of the photo.
        truth: `(9, 9)`, 0 where a cell is empty.
        is_written: `(9, 9)`, whether a cell was filled in by hand.
        read: `(9, 9)`, the best guesses; 0 where a cell was taken for empty; None where there is no grid.
        is_accepted: `(9, 9)`, whether no person needs to look.
        judged: what the rules say of it.
        seconds: spent on it.
    """

    name: str
    truth: np.ndarray
    is_written: np.ndarray
    read: np.ndarray | None
    is_accepted: np.ndarray
    judged: Judgement | None
    seconds: float

    @property
    def right(self) -> np.ndarray:
        """Which cells read as the truth says."""
        return np.zeros((9, 9), bool) if self.read is None else self.read == self.truth

    @property
    def is_found(self) -> bool:
        """Whether the grid was found where it is."""
        return int(self.right.sum()) >= FOUND


def table(path: Path) -> np.ndarray:
    """The last nine lines of a `.dat` file."""
    lines = path.read_text().strip().splitlines()[-9:]
    return np.array([[int(digit) for digit in line.split()] for line in lines])


def outcome(name: str, photo: Any, truth: np.ndarray, is_written: np.ndarray) -> Outcome:
    """Read a photo and hold it against the truth."""
    start = time.perf_counter()
    trace = read(photo)
    spent = time.perf_counter() - start
    if trace.grid is None:
        return Outcome(name, truth, is_written, None, np.zeros((9, 9), bool), None, spent)
    grid = numbers(trace)
    accepted = np.array([r.status == "accepted" for r in trace.readings]).reshape(9, 9)
    return Outcome(name, truth, is_written, np.array(grid), accepted, judge(grid), spent)


def photos(folder: Path, part: str) -> Iterator[Outcome]:
    """Read the photos of a part, `mixed` or `natural`."""
    for photo in sorted((folder / part).glob("*.jpg")):
        given = table(folder / "given" / f"{photo.stem}.dat")
        yield told(outcome(photo.stem, photo, table(photo.with_suffix(".dat")), given == 0))


def share(found: list[np.ndarray], rng: np.random.Generator) -> dict[str, Any]:
    """A share of cells, photo by photo, with its interval over photos."""
    right, all_of_them = (np.array([f(one) for one in found]) for f in (np.sum, np.size))
    if not all_of_them.sum():
        return {"right": 0, "n": 0, "share": None, "ci95": None}
    picks = rng.integers(len(found), size=(TURNS, len(found)))
    told = right[picks].sum(1) / np.maximum(all_of_them[picks].sum(1), 1)
    interval = np.percentile(told, [2.5, 97.5]).round(4).tolist() if len(found) > 5 else None
    return {
        "right": int(right.sum()),
        "n": int(all_of_them.sum()),
        "share": round(float(right.sum() / all_of_them.sum()), 4),
        "ci95": interval,
    }


def figures(outcomes: list[Outcome]) -> dict[str, Any]:
    """What is told of a set."""
    rng = np.random.default_rng(0)
    there = [o for o in outcomes if o.read is not None]
    verdicts = {
        f"{verdict}, {'all right' if is_right else 'not all right'}": sum(
            o.judged.verdict == verdict and bool(o.right.all()) == is_right for o in there if o.judged
        )
        for verdict in ("proven", "disproven", "open")
        for is_right in (True, False)
    }
    empty = [o.read[o.truth == 0] > 0 for o in there if o.read is not None]
    printed = [o.right[~o.is_written & (o.truth > 0)] for o in outcomes]
    wrong = [(~o.right & o.is_accepted)[o.is_accepted] for o in outcomes]
    return {
        "photos": len(outcomes),
        "grids_found": sum(o.is_found for o in outcomes),
        "written_cells": share([o.right[o.is_written & (o.truth > 0)] for o in outcomes], rng),
        "printed_cells": share(printed, rng),
        "accepted_cells_wrong": share(wrong, rng),
        "photos_all_right": sum(bool(o.right.all()) for o in outcomes),
        "empty_cells_invented": {
            "n": int(sum(map(np.size, empty))),
            "invented": int(sum(map(np.sum, empty))),
        },
        "the_rules_say": {name: count for name, count in verdicts.items() if count},
        "seconds_median": round(float(np.median([o.seconds for o in outcomes])), 2),
    }


def told(o: Outcome) -> Outcome:
    """The same outcome, what was misread told on stderr."""
    if o.read is None:
        print(f"{o.name}: no grid", file=sys.stderr, flush=True)
        return o
    wrong = [
        f"r{row + 1}c{column + 1} {o.truth[row, column]} as {o.read[row, column]}"
        f"{'' if o.is_written[row, column] else ' (printed)'}"
        for row, column in np.argwhere(~o.right).tolist()
    ]
    print(f"{o.name}: {', '.join(wrong) or 'all right'}", file=sys.stderr, flush=True)
    return o


def main() -> None:
    """Read all, and print the figures."""
    parser = argparse.ArgumentParser(description="How well are sudokus read off photos?")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    parser.add_argument("--drawn", type=int, default=20, help="drawn pages; 0 leaves them out")
    asked = parser.parse_args()
    found: dict[str, list[Outcome]] = {}
    folder = Path(os.environ.get("INKREAD_DATA", "")) / "sudoku"
    if folder.is_dir():
        found = {part: list(photos(folder, part)) for part in ("mixed", "natural")}
    else:
        print(f"left out, not there: {folder}; set INKREAD_DATA", file=sys.stderr)
    if asked.drawn:
        from _sudokus import pages

        found["drawn (simulated)"] = [
            told(outcome(f"drawn{k}", page.rgb, page.truth, page.is_written))
            for k, page in enumerate(pages(asked.drawn))
        ]
    sets = {part: figures(outcomes) for part, outcomes in found.items()}
    if asked.json:
        print(json.dumps({"command": "python benchmarks/sudoku.py --json", "sets": sets}, indent=1))
        return
    for part, values in sets.items():
        print(f"{part}:")
        for name, value in values.items():
            print(f"  {name.replace('_', ' ')}: {value}")


if __name__ == "__main__":
    main()
