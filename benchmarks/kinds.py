"""What `--kind auto` takes pictures for. Prints one JSON object.

    INKREAD_DATA=... python benchmarks/kinds.py [--n 25] [--seed 1] [--mail FOLDER]

The real photos of `eval/photos` (of digits, letters, numbers), which must stay digits; `--n` validation lines
of each set of `lines`, and the pages of `pages`, which must be taken for text. Only the first guess is told,
for which no reader of lines is needed: where it says "line" or "note", that reader has the last word. With a
folder of `inkread data make mail`, what its pieces are taken for, too; one without a stamp or a postmark is
a note like any other.
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
from inkread.imaging.address_block import is_mail
from inkread.imaging.load import pages
from inkread.readers.kinds import is_text, kind_of_text


def main() -> None:
    """Look, count, print."""
    parser = argparse.ArgumentParser(description="What --kind auto takes pictures for.")
    parser.add_argument("--n", type=int, default=25, help="lines of each set; 0 takes all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mail", type=Path, help="a folder of simulated mail")
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
    for path in sorted(asked.mail.glob("*.jpg"))[: asked.n or None] if asked.mail else ():
        found.setdefault("mail", Counter())[_taken(reader, str(path))] += 1
    print(json.dumps({"seed": asked.seed, "taken_for": found}, indent=1))


def _taken(reader: inkread.Reader, picture: Any, rotate: float = 0.0) -> str:
    """The first guess at a picture's kind."""
    _, trace = next(reader.trace(picture, rotate=rotate))
    if not is_text(trace):
        return "digit"
    shown = next(pages(picture, rotate=rotate))
    return "mail" if is_mail(shown.rgb) else kind_of_text(shown)


if __name__ == "__main__":
    main()
