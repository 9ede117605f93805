"""What is read where nothing is written? Prints one JSON object.

    python benchmarks/invented.py [--model lines] [--n 500] [--language auto]

Simulated pages, the same from the same seed: blank, ruled, squared, noise and doodles (`_notes.bare`), read
as notes; and a band of each, eight times as wide as high, read as a line. Told for each: pages with any text,
and characters in all. `guesses` are characters that stand only among the alternatives of refused readings,
which nobody is given as text.
"""

from __future__ import annotations

import argparse
import json
import os
import sys

import numpy as np
from _notes import bare

import inkread
from inkread.types import Page

KINDS = ("blank", "ruled", "squared", "noise", "doodle")


def main() -> None:
    """Draw, read, count."""
    parser = argparse.ArgumentParser(description="What is read where nothing is written?")
    parser.add_argument("--model", default="lines")
    parser.add_argument("--n", type=int, default=500, help="pages of each kind")
    parser.add_argument("--language", default="auto")
    asked = parser.parse_args()
    readers = {kind: inkread.Reader(kind, asked.model, language=asked.language) for kind in ("note", "line")}
    found: dict[str, dict] = {kind: {} for kind in readers}
    for paper in KINDS:
        pages: dict[str, list[Page]] = {kind: [] for kind in readers}
        for seed in range(asked.n):
            picture = bare(seed, paper)
            pages["note"].append(readers["note"].read(picture))
            pages["line"].append(readers["line"].read(_band(picture, seed)))
        for kind, read in pages.items():
            found[kind][paper] = _counted(read)
        print(paper, {kind: found[kind][paper] for kind in readers}, file=sys.stderr)
    told = {"n": asked.n, "model": asked.model, "language": asked.language, "cores": os.cpu_count()}
    print(json.dumps({**told, "simulated": found}, indent=1))


def _band(picture: np.ndarray, seed: int) -> np.ndarray:
    """A band across the page, eight times as wide as high."""
    height, width = picture.shape[:2]
    tall = width // 8
    top = int(np.random.default_rng([seed, 6]).integers(height - tall))
    return np.ascontiguousarray(picture[top : top + tall])


def _counted(pages: list[Page]) -> dict[str, int]:
    """Pages with a text, its characters, and characters that were only guessed."""
    return {
        "with_text": sum(any(r.text for r in page) for page in pages),
        "characters": sum(len(r.text) for page in pages for r in page),
        "guesses": sum(len(r.guess) for page in pages for r in page if not r.text),
    }


if __name__ == "__main__":
    main()
