"""What `--kind auto` takes pictures for, kind by kind. Prints one JSON object.

    INKREAD_DATA=... python benchmarks/kinds.py [--n 25] [--seed 1] [--mail FOLDER] [--skip-real]

Rows are what pictures show, columns what they were read as. Simulated: one digit on paper, and fields as
`inkread data make fields` draws them, ZIPs in boxes and free, and pairs that touch; with a folder of
`inkread data make mail`, its pieces, those with a stamp or a postmark apart from those without. Real: the
photos of `eval/photos` (of digits, letters, numbers), which must never become text or mail; `--n` validation
lines of each set of `lines`; the pages of `pages`, none of which may become mail.

A ZIP whose digits stand apart is read digit by digit, and is right as "digit"; so fields have two right
columns, "digit" and "field".
"""

from __future__ import annotations

import argparse
import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from _scenes import hands, on_paper

import inkread
from inkread.data import fieldpools, labelled
from inkread.synth import fieldsets

SUITES = ("zip, free", "zip, boxed", "touching pairs")


def main() -> None:
    """Read, count, print."""
    parser = argparse.ArgumentParser(description="What --kind auto takes pictures for.")
    parser.add_argument("--n", type=int, default=25, help="pictures of each kind; 0 takes all that there are")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mail", type=Path, help="a folder of simulated mail")
    parser.add_argument("--skip-real", action="store_true")
    asked = parser.parse_args()
    reader = inkread.Reader()
    found: dict[str, Counter[str]] = {}
    shown = simulated(asked.n or 200, asked.seed, asked.mail)
    for what, picture, rotate in shown if asked.skip_real else (*shown, *real(asked.n, asked.seed)):
        kind = reader.read(picture, rotate=rotate).kind
        found.setdefault(what, Counter())[kind] += 1
    print(json.dumps({"n": asked.n, "seed": asked.seed, "taken_for": found}, indent=1))


def simulated(count: int, seed: int, mail: Path | None) -> Iterator[tuple[str, Any, float]]:
    """What a picture shows, the picture, and by how much it must be turned."""
    for hand in hands(count, seed=seed):
        yield "simulated: a digit", on_paper(hand, 90), 0.0
    drawn = fieldsets.items(seed, 10 * count, fieldpools.hands("test"))
    left = dict.fromkeys(SUITES, count)
    for item in drawn:
        if left.get(item.suite):
            left[item.suite] -= 1
            yield f"simulated: {item.suite}", item.scene.rgb, 0.0
        if not any(left.values()):
            break
    if mail:
        text = (mail / "mail.jsonl").read_text(encoding="utf-8")
        for piece in [json.loads(line) for line in text.splitlines()][:count]:
            stamped = any(word in piece["about"].split() for word in ("stamp", "postmark"))
            yield f"simulated: mail, {'' if stamped else 'not '}stamped", str(mail / piece["file"]), 0.0


def real(count: int, seed: int) -> Iterator[tuple[str, Any, float]]:
    """As `simulated`."""
    data = Path(os.environ["INKREAD_DATA"])
    for item in labelled.load(str(data / "eval/photos/labels.csv")).items:
        yield f"photos: {item.columns.get('type', 'photo')}", item.picture, item.rotate
    rng = np.random.default_rng(seed)
    for archive in sorted((data / "lines").glob("*.tar")):
        items = labelled.load(f"{archive}:val").items
        for place in rng.permutation(len(items))[: count or None]:
            yield f"lines: {archive.stem}", items[place].picture, 0.0
    for path in sorted((data / "pages").glob("*.jpg")):
        yield "pages", str(path), 0.0


if __name__ == "__main__":
    main()
