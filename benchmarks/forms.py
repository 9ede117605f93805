"""Filled forms by hands that no training has seen: fields, squares, whole forms, other forms. Simulated.

    INKREAD_DATA=... inkread data make forms --seed 1 --n 200 --held-out -o forms1
    python benchmarks/forms.py forms1            # --json for one JSON object, --n 30 for the first 30 photos

Every photo is read through `inkread.Reader`, kind form, with its design's template, and then with those of
the other designs, which must refuse it (`--no-others` leaves that out). For each design and for all of them:

| figure | what |
|---|---|
| fields right, forced | of the fields written in, those whose best guess is right, whatever its status |
| ... figures, words | the same of formats (numbers, dates, codes), and of texts and words of a list |
| read rate | of the fields that are written in, those that are accepted at `--target-error` |
| error among accepted | wrong ones among all accepted fields, squares too, and its upper 95 % bound |
| corrected by hand | what was corrected, read right, forced |
| left empty, told as empty | fields in which nothing is written |
| checkboxes and choices right | forced; struck-out ticks among them |
| forms untouched | every field accepted; `... and right`: and every field right |
| forms refused | taken for no form, or for another |
| another form taken for this one | readings of a photo with another design's template that were not refused |
| ms a form; of all cores | median on the clock; of processor time, for a machine that others use, too |

Thresholds are those that the models ship with. Intervals are by the bootstrap over hands, 95 %. Figures of
simulated pictures are not comparable with published rates.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "2"))

import numpy as np
from _shares import shown

import inkread
from inkread.evaluation.metrics import error_upper_bound
from inkread.formats import find
from inkread.forms.template import Template
from inkread.types import Page, Reading

ROUNDS = 400
"""Samples of the bootstrap."""
SQUARES = ("checkbox", "choice")
JOINT = "; "


@dataclass(frozen=True, slots=True)
class Field:
    """What became of a field.

    Attributes:
        form: the document's number.
        design: of the form.
        writer: who filled it in.
        name: of the field.
        group: "figures", "words" or "squares".
        text: what it says.
        fault: what went wrong while it was written.
        guess: the best guess.
        confidence: of it.
        accepted: its status is accepted.
        right: the guess means what the text means.
    """

    form: int
    design: str
    writer: str
    name: str
    group: str
    text: str
    fault: str
    guess: str
    confidence: float
    accepted: bool
    right: bool

    @property
    def written(self) -> bool:
        """Whether it is a field to write in that something is written in."""
        return self.group != "squares" and bool(self.text)


@dataclass(frozen=True, slots=True)
class FormRead:
    """What became of a form.

    Attributes:
        form: the document's number.
        design: of it.
        writer: who filled it in.
        refused: whether it was taken for no such form.
        others: by the name of another design, whether it was taken for that.
        ms: to read it, opening the file included.
        cpu_ms: of all cores together, to read it.
    """

    form: int
    design: str
    writer: str
    refused: bool
    others: dict[str, bool]
    ms: float
    cpu_ms: float


@dataclass(frozen=True, slots=True)
class Measured:
    """All that was read of a set."""

    forms: list[FormRead]
    fields: list[Field]

    def of(self, design: str) -> Measured:
        """One design."""
        return Measured(
            [form for form in self.forms if form.design == design],
            [field for field in self.fields if field.design == design],
        )


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a table."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def is_refused(page: Page) -> bool:
    """Whether a page was taken for no such form."""
    return all(reading.name is None and reading.status in ("refused", "failed") for reading in page)


def measure(folder: Path, count: int | None, target: float, others: bool) -> Measured:
    """Read a set."""
    told = rows(folder / "forms.csv")[:count]
    texts: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows(folder / "values.csv"):
        texts[row["document"]].append(row)
    paths = sorted({row["template"] for row in told})
    templates = {path: Template.load(folder / path) for path in paths}
    readers = {
        path: inkread.Reader("form", target_error=target, template=template)
        for path, template in templates.items()
    }
    forms, fields = [], []
    for number, row in enumerate(told, 1):
        own, photo = row["template"], folder / row["file"]
        start, spent = time.perf_counter(), time.process_time()
        page = readers[own].read(photo)
        ms, cpu = 1000 * (time.perf_counter() - start), 1000 * (time.process_time() - spent)
        taken = {
            templates[path].name: not is_refused(reader.read(photo))
            for path, reader in readers.items()
            if others and path != own
        }
        design = templates[own].name
        form = FormRead(int(row["document"]), design, row["writer"], is_refused(page), taken, ms, cpu)
        forms.append(form)
        fields += [judge(text, form, templates[own], page) for text in texts[row["document"]]]
        print(f"\r{number} of {len(told)}", end="", file=sys.stderr)
    print(file=sys.stderr)
    return Measured(forms, fields)


def judge(row: dict[str, str], form: FormRead, template: Template, page: Page) -> Field:
    """What became of one field."""
    field = template.field(row["field"])
    reading = next((r for r in page if r.name == field.name), Reading("", 0.0, "refused"))
    group = "squares" if field.type in SQUARES else "figures"
    if field.type.partition(":")[0] in ("text", "lexicon"):
        group = "words"
    return Field(
        form.form,
        form.design,
        form.writer,
        field.name,
        group,
        row["text"],
        row["fault"],
        reading.guess,
        reading.confidence,
        reading.status == "accepted",
        not form.refused and same(reading.guess, row["text"], template, field.name),
    )


def same(guess: str, text: str, template: Template, name: str) -> bool:
    """Whether a guess means what a text means."""
    field, spec = template.field(name), template.spec(name)
    if field.type in SQUARES:
        return set(filter(None, guess.split(JOINT))) == set(filter(None, text.split(JOINT)))
    if spec is None or spec.startswith("lexicon:"):
        plain: Callable[[str], str] = str.casefold if spec else str
        return plain(" ".join(guess.split())) == plain(" ".join(text.split()))
    if not guess or not text:
        return guess == text
    normal = find(spec).normal
    return guess == text or normal(guess) == normal(text)


def share(told: list[tuple[bool, str]]) -> dict[str, Any]:
    """The share of true ones with its interval over hands."""
    if not told:
        return {"share": None, "ci95": None, "n": 0}
    hands = sorted({hand for _, hand in told})
    sums = np.array(
        [[sum(v for v, h in told if h == hand), sum(h == hand for _, h in told)] for hand in hands]
    )
    drawn = np.random.default_rng(0).integers(len(hands), size=(ROUNDS, len(hands)))
    right, count = sums[drawn].sum(1).T
    low, high = np.quantile(right / count, [0.025, 0.975]).tolist()
    return {"share": float(sums[:, 0].sum() / sums[:, 1].sum()), "ci95": [low, high], "n": len(told)}


def figures(told: Measured) -> dict[str, Any]:
    """All figures of some forms."""
    fields, forms = told.fields, told.forms
    written = [f for f in fields if f.written]
    empty = [f for f in fields if f.group != "squares" and not f.text]
    squares = [f for f in fields if f.group == "squares"]
    accepted = [f for f in fields if f.accepted]
    wrong = sum(not f.right for f in accepted)

    def right(of: list[Field]) -> dict[str, Any]:
        return share([(f.right, f.writer) for f in of])

    whole = {form.form: [f for f in fields if f.form == form.form] for form in forms}
    return {
        "forms": len(forms),
        "fields right, forced": right(written),
        "... figures": right([f for f in written if f.group == "figures"]),
        "... words": right([f for f in written if f.group == "words"]),
        "read rate": share([(f.accepted, f.writer) for f in written]),
        "... figures read": share([(f.accepted, f.writer) for f in written if f.group == "figures"]),
        "error among accepted": share([(not f.right, f.writer) for f in accepted])
        | {"upper95": error_upper_bound(wrong, len(accepted))},
        "... of written fields": share([(not f.right, f.writer) for f in written if f.accepted]),
        "corrected by hand": right([f for f in written if f.fault == "corrected"]),
        "left empty, told as empty": right(empty),
        "checkboxes and choices right": right(squares),
        "... accepted": share([(f.accepted, f.writer) for f in squares]),
        "... with a tick taken back": right([f for f in squares if f.fault]),
        "forms untouched": share([(all(f.accepted for f in whole[o.form]), o.writer) for o in forms]),
        "... and right": share(
            [(all(f.accepted and f.right for f in whole[o.form]), o.writer) for o in forms]
        ),
        "forms refused": share([(o.refused, o.writer) for o in forms]),
        "another form taken for this one": share(
            [(taken, o.writer) for o in forms for taken in o.others.values()]
        ),
        "ms a form": float(np.median([o.ms for o in forms])) if forms else None,
        "ms of all cores": float(np.median([o.cpu_ms for o in forms])) if forms else None,
    }


def main() -> None:
    """Measure, and print a table or a JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path, help="of `inkread data make forms`")
    parser.add_argument("--n", type=int, help="only so many photos")
    parser.add_argument("--target-error", type=float, default=0.005)
    parser.add_argument("--no-others", action="store_true", help="do not read with the other templates")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--fields", type=Path, help="write what became of each field, one JSON object a line")
    asked = parser.parse_args()
    told = measure(asked.folder, asked.n, asked.target_error, not asked.no_others)
    if asked.fields:
        lines = [json.dumps(asdict(field), ensure_ascii=False) for field in told.fields]
        asked.fields.write_text("\n".join(lines) + "\n", encoding="utf-8")
    designs = sorted({form.design for form in told.forms})
    result = {"all": figures(told)} | {design: figures(told.of(design)) for design in designs}
    if asked.json:
        json.dump({"target_error": asked.target_error} | result, sys.stdout, indent=1)
        print()
        return
    for name, values in result.items():
        print(f"\n{name}")
        for what, value in values.items():
            print(f"  {what:<34}{shown(value)}")


if __name__ == "__main__":
    main()
