"""Rows of fields, found and cut, by what the pen really left: no model reads. Prints one JSON object.

    INKREAD_DATA=... python benchmarks/rows.py [--n 1000] [--seed 1] [--worst FOLDER]

`--n` simulated photos as `inkread data make fields` makes them: strings by MNIST's test writers, held-out
fonts and drawn hands, free and in the lines of forms, half of them with a paper, a pen or a light that
training never sees. Of each it is known which pixels the pen covered. For each kind of form, "dotted" for
all whose lines are dots: `whole`, the share of strings of which 95 % of the covered pixels are in one found
row; `clean`, the share whose row holds foreign ink for 5 % of the covered pixels at most; `both`, what is
whole and clean, with its interval `ci95` by bootstrap over writers; `none`, the share of which nothing is
found; `foreign`, the mean of foreign ink, as a share of the covered pixels, 1 at most; `ms`, the median CPU
time of `find_rows` in one thread.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"))

import cv2
import numpy as np

from inkread.data import fieldpools
from inkread.evaluation.metrics import bootstrap_interval
from inkread.imaging.field_rows import FieldRow, find_rows
from inkread.synth import fieldforms, fieldsets

WHOLE, CLEAN = 0.95, 0.05
COVERED, SEEN = 0.5, 0.3
"""A pixel is covered, and is seen as ink, from so much on."""
NEAR = 0.06
"""Ink this near to a covered pixel, in heights of the string, two pixels at least, is its soft edge."""


@dataclass(frozen=True, slots=True)
class Cut:
    """What became of one string.

    Attributes:
        form: it stands in.
        writer: whose hand it is.
        kept: share of the covered pixels that the row holds, 0 where there is no row.
        foreign: ink of the row that the pen did not leave, as a share of the covered pixels.
        ms: of CPU time that `find_rows` took.
    """

    form: str
    writer: str
    kept: float
    foreign: float
    ms: float

    @property
    def is_good(self) -> bool:
        """Whether it is whole and clean."""
        return self.kept >= WHOLE and self.foreign <= CLEAN


def main() -> None:
    """Make, find, measure, print."""
    parser = argparse.ArgumentParser(description="Rows of fields, found and cut.")
    parser.add_argument("--n", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--worst", type=Path, help="a folder for pictures of what is not whole or not clean")
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    cuts = []
    for number, (form, item) in enumerate(_items(asked.seed, asked.n)):
        cut, seen = _cut(form, item)
        cuts.append(cut)
        if asked.worst and not cut.is_good:
            _keep(asked.worst, number, cut, item, seen)
    forms = defaultdict(list)
    for cut in cuts:
        forms[cut.form].append(cut)
    told = {form: _figures(forms[form]) for form in sorted(forms)}
    print(json.dumps({"n": asked.n, "seed": asked.seed, "all": _figures(cuts), "forms": told}, indent=1))


def _items(seed: int, count: int) -> Iterator[tuple[str, fieldsets.Item]]:
    """Pictures with strings in them, and the kinds of their forms."""
    dotted: list[bool] = []

    class Noted(fieldforms._Pen):
        """Draws the lines of a form as ever, and notes whether they are dotted."""

        def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
            dotted.append(self.dotted)
            super().line(x0, y0, x1, y1)

    fieldforms._Pen = Noted  # type: ignore[misc]
    for item in fieldsets.items(seed, count, fieldpools.hands("test")):
        form = "dotted" if dotted and dotted[-1] and item.scene.form != "none" else item.scene.form
        dotted.clear()
        if item.scene.rows and (item.scene.ink > COVERED).any():
            yield form, item


def _cut(form: str, item: fieldsets.Item) -> tuple[Cut, np.ndarray]:
    """What became of a string, and the ink of its row in the picture's place."""
    picture, truth = np.asarray(item.scene.rgb, np.uint8), item.scene.ink
    began = time.thread_time()
    rows = find_rows(picture)
    spent = 1000 * (time.thread_time() - began)
    covered = truth > COVERED
    placed = [_placed(row, truth.shape) for row in rows]
    kept = [float((cv2.dilate(seen, np.ones((3, 3), np.uint8))[covered] > SEEN).mean()) for seen in placed]
    if not kept:
        return Cut(form, item.scene.hand, 0.0, 0.0, spent), np.zeros(truth.shape, np.float32)
    best = int(np.argmax(kept))
    high = int(np.ptp(np.flatnonzero(covered.any(1)))) + 1
    near = 2 * max(2, round(NEAR * high)) + 1
    around = cv2.dilate((truth > 0.2).view(np.uint8), np.ones((near, near), np.uint8)) > 0
    foreign = float(((placed[best] > COVERED) & ~around).sum() / covered.sum())
    return Cut(form, item.scene.hand, kept[best], min(1.0, foreign), spent), placed[best]


def _placed(row: FieldRow, shape: tuple[int, ...]) -> np.ndarray:
    """The ink of a row where it is in the picture."""
    way = row.to_picture.copy()
    way[:, 2] += way[:, :2] @ (0.5, 0.5) - 0.5
    return cv2.warpAffine(row.ink, way, (shape[1], shape[0]))


def _figures(cuts: Sequence[Cut]) -> dict[str, Any]:
    """The figures of some strings."""
    good = np.array([float(cut.is_good) for cut in cuts])
    return {
        "n": len(cuts),
        "both": round(float(good.mean()), 4),
        "ci95": [round(end, 4) for end in bootstrap_interval(good, [cut.writer for cut in cuts])],
        "whole": round(float(np.mean([cut.kept >= WHOLE for cut in cuts])), 4),
        "clean": round(float(np.mean([cut.foreign <= CLEAN for cut in cuts if cut.kept])), 4),
        "none": round(float(np.mean([cut.kept == 0 for cut in cuts])), 4),
        "foreign": round(float(np.mean([cut.foreign for cut in cuts])), 4),
        "ms": round(float(np.median([cut.ms for cut in cuts])), 2),
    }


def _keep(folder: Path, number: int, cut: Cut, item: fieldsets.Item, seen: np.ndarray) -> None:
    """A picture of what went wrong: the photo, and below it the ink of its row."""
    folder.mkdir(parents=True, exist_ok=True)
    ink = cv2.cvtColor(np.rint(255 * (1 - np.clip(seen, 0, 1))).astype(np.uint8), cv2.COLOR_GRAY2BGR)
    name = f"{number:05d} {cut.form} {item.label or 'struck'} kept {cut.kept:.2f} foreign {cut.foreign:.2f}"
    name = "".join(c if c.isalnum() or c == "." else "_" for c in name)
    both = np.vstack([cv2.cvtColor(np.asarray(item.scene.rgb, np.uint8), cv2.COLOR_RGB2BGR), ink])
    cv2.imwrite(str(folder / f"{name}.png"), both)


if __name__ == "__main__":
    main()
