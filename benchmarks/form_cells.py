"""How sure do a row and its boxes, read one by one, make a field? Fits it on simulated forms.

    INKREAD_DATA=... python benchmarks/form_cells.py fit1 --make 30 --seed 912    # forms to fit on
    INKREAD_DATA=... python benchmarks/form_cells.py fit1 [fit2 ...]              # the weights of cells.TOLD

`--make` has the forms written by hands that neither trained a model nor are reported on: MNIST's writers of
the calibration part, and the half of the fonts and drawn hands kept for measuring that `inkread data make
forms --held-out` leaves out. Fields in boxes and combs are read by the row's network and by those of single
characters; printed are the weights, the curve, and what would be accepted at some confidences.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from _check_fit import _curve, logistic

from inkread import Reader
from inkread.formats import find
from inkread.forms.template import Template
from inkread.imaging.form_cells import cell_marks
from inkread.imaging.form_regions import in_pixels
from inkread.imaging.load import pages
from inkread.readers.cells import Opinion, cell_shares, second_opinion
from inkread.readers.form_fields import cut_fields, plan_field
from inkread.readers.form_sheet import FormWay, find_sheets
from inkread.readers.looking import _form_way

SLACK = 3.0
USUAL = (0.0, 0.25, 0.1, 0.1, 0.25)
"""What the weights are drawn to."""


def opinions(folder: Path) -> Iterator[tuple[str, Opinion]]:
    """The text of each field in boxes, and what row and boxes say of it."""
    with (folder / "values.csv").open(newline="", encoding="utf-8") as file:
        texts = {(row["document"], row["field"]): row["text"] for row in csv.DictReader(file)}
    ways: dict[str, FormWay] = {}
    with (folder / "forms.csv").open(newline="", encoding="utf-8") as file:
        told = list(csv.DictReader(file))
    for row in told:
        if row["template"] not in ways:
            template = Template.load(folder / row["template"])
            ways[row["template"]] = _form_way(Reader("form", template=template), template)
        for name, opinion in of_photo(folder / row["file"], ways[row["template"]]):
            if text := texts[row["document"], name]:
                yield text, opinion


def of_photo(photo: Path, way: FormWay) -> Iterator[tuple[str, Opinion]]:
    """Name and opinion of each field in boxes on a photo."""
    views = find_sheets(next(iter(pages(photo, detail=True))), way)
    if not isinstance(views, list) or way.cells is None:
        return
    boxed = [field for field in way.template.fields if field.cells and way.template.spec(field.name)]
    network = way.model("fields")
    for cut in cut_fields(boxed, views[0]):
        plan = plan_field(cut, views[0], replace(way, cells=None))
        form = find(way.template.spec(cut.field.name) or "")
        if plan.model != "fields" or not plan.places:
            continue
        rows = plan.finish(network.logits([place.given(network) for place in plan.places])).rows
        marks = [m for m in cell_marks(cut.region, [in_pixels(c) for c in cut.field.cells]) if m is not None]
        if rows and marks:
            shares = cell_shares(marks, form, way.cells)
            opinion = second_opinion(shares, (rows[0].logits, rows[0].options), network, form)
            if opinion is not None:
                yield cut.field.name, opinion


def fit(folders: list[Path]) -> str:
    """Weights and curve, and what they would accept."""
    found = [pair for folder in folders for pair in opinions(folder)]
    x = np.array([opinion.evidence for _, opinion in found])
    y = np.array([opinion.texts[0] == text for text, opinion in found], float)
    weights = logistic(x, y, USUAL)
    sure, agree = 1 / (1 + np.exp(-x @ weights)), x[:, 2:4].min(1) >= -SLACK
    told = {
        "fields": len(y),
        "right": int(y.sum()),
        "agreeing": f"{int(agree.sum())}, {int((y[agree] == 0).sum())} wrong",
        "weights": np.round(weights, 3).tolist(),
        "curve": _curve(sure[agree], y[agree]),
    }
    for level in (0.9, 0.95, 0.98, 0.99):
        kept = agree & (sure >= level)
        told[f"confidence {level}"] = f"{int(kept.sum())} accepted, {int((y[kept] == 0).sum())} wrong"
    return json.dumps(told, indent=1)


def main() -> None:
    """Make a set, or fit on sets."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="+")
    parser.add_argument("--make", type=int, help="make so many forms instead")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    if not asked.make:
        print(fit(asked.folder))
        return
    from inkread.data import fieldpools
    from inkread.synth.formsets import write

    print(write(asked.seed, asked.make, fieldpools.hands("calibration"), asked.folder[0], half=0))


if __name__ == "__main__":
    main()
