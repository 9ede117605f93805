"""What `--kind auto` takes pictures for. Prints one JSON object.

    INKREAD_DATA=... python benchmarks/kinds.py [--n 25] [--seed 1]

The real photos of `eval/photos` (of digits, letters, numbers), which must stay digits; `--n` validation lines
of each set of `lines`, and the pages of `pages`, which must be taken for text. Only the first guess is told,
for which no reader of lines is needed: where it says "line" or "note", that reader has the last word.
"""

from __future__ import annotations

import argparse
import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

import inkread
from inkread.data import labelled
from inkread.imaging.load import pages
from inkread.readers.kinds import is_text, kind_of_text


def main() -> None:
    """Look, count, print."""
    parser = argparse.ArgumentParser(description="What --kind auto takes pictures for.")
    parser.add_argument("--n", type=int, default=25, help="lines of each set; 0 takes all")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    data, reader = Path(os.environ["INKREAD_DATA"]), inkread.Reader("digit")
    found: dict[str, Counter] = {}
    for item in labelled.load(str(data / "eval/photos/labels.csv")).items:
        kind = item.columns.get("type", "photo")
        found.setdefault(f"photos: {kind}", Counter())[_taken(reader, item.picture, item.rotate)] += 1
    rng = np.random.default_rng(asked.seed)
    for archive in sorted((data / "lines").glob("*.tar")):
        items = labelled.load(f"{archive}:val").items
        for place in rng.permutation(len(items))[: asked.n or None]:
            found.setdefault(archive.stem, Counter())[_taken(reader, items[place].picture)] += 1
    for path in sorted((data / "pages").glob("*.jpg")):
        found.setdefault("pages", Counter())[_taken(reader, str(path))] += 1
    print(json.dumps({"seed": asked.seed, "taken_for": found}, indent=1))


def _taken(reader: inkread.Reader, picture: Any, rotate: float = 0.0) -> str:
    """The first guess at a picture's kind."""
    _, trace = next(reader.trace(picture, rotate=rotate))
    return kind_of_text(next(pages(picture, rotate=rotate))) if is_text(trace) else "digit"


if __name__ == "__main__":
    main()
