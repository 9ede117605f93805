"""Fields by hands that no training has seen, suite by suite. Prints one JSON object.

    INKREAD_DATA=... python benchmarks/fields.py [--model fields] [--n 10000] [--seed 1] [--target 0.005]
        [--workers 2] [--set FOLDER] [--worst FOLDER]

`--n` simulated photos of ZIPs, numbers, amounts and dates, free and boxed, by MNIST's test writers, held-out
fonts and drawn hands, half of them with a paper, a pen or a light that training never sees; or the pictures
of `--set`, a folder that `inkread data make fields` wrote. Every picture goes through `inkread.Reader`, kind
field, with the format of its suite.

For each suite: `forced`, the share whose best guess is right whatever its status, in whatever spelling of the
same value; `spelled`, the share that is right sign by sign; `accepted`; `wrong`, the share of accepted ones
that are wrong, with its upper 95 % bound; intervals `ci95` by bootstrap over writers.
Of suites that do not fit their format `accepted` is what must stay at 3 in 1,000 or less. `read_rate` says
which share of the strings that fit is accepted where 0.5 % and 0.1 % of the accepted are wrong, the threshold
chosen on other suites' conditions: on pictures without a held-out paper, pen or light, measured on those with
one. The digits of ZIPs are drawn evenly, so that six in ten are no ZIP in use and go to review whatever is
read; those in use are told of by themselves, for mail bears no others. All figures are of simulated pictures,
and not comparable with published rates.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"))

import cv2
import numpy as np

import inkread
from inkread.data import fieldpools
from inkread.evaluation.metrics import error_upper_bound
from inkread.evaluation.outcomes import best_guess
from inkread.formats import find
from inkread.synth import fieldsets
from inkread.synth.fieldhands import FieldHands
from inkread.zips import is_listed

ROUNDS = 1000
PART = 100


@dataclass(frozen=True, slots=True)
class Read:
    """A picture that was read."""

    suite: str
    label: str
    writer: str
    axis: str
    text: str
    confidence: float
    accepted: bool
    ms: float

    @property
    def spelled(self) -> bool:
        """Whether the best guess is what was written, sign by sign."""
        return self.text == self.label

    @property
    def right(self) -> bool:
        """Whether the best guess is what was written, spelt as the format spells it."""
        if not self.label:
            return not self.text
        normal = find(fieldsets.SUITES[self.suite].format).normal
        return self.text == self.label or normal(self.text) == normal(self.label)


def main() -> None:
    """Make, read, measure, print."""
    parser = argparse.ArgumentParser(description="Fields by hands never seen.")
    parser.add_argument("--model", default="fields", help="a reader of fields: a name or a file")
    parser.add_argument("--n", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--target", type=float, default=0.005)
    parser.add_argument("--set", type=Path, help="a folder of `inkread data make fields`")
    parser.add_argument("--workers", type=int, default=2, help="processes; figures do not depend on them")
    parser.add_argument("--worst", type=Path, help="a folder for the surest wrong ones, and accepted misfits")
    asked = parser.parse_args()
    count = len([*_rows(asked.set)]) if asked.set else asked.n
    parts = [(asked, first, min(first + PART, count)) for first in range(0, count, PART)]
    read: list[Read] = []
    with ProcessPoolExecutor(asked.workers, mp_context=get_context("spawn")) as workers:
        for some in workers.map(_part, parts):
            read += some
            print(f"{len(read)} read", file=sys.stderr)
    print(json.dumps(_figures(read, asked), ensure_ascii=False, indent=1))


def _part(task: tuple[argparse.Namespace, int, int]) -> list[Read]:
    """Some of the pictures, read."""
    asked, first, end = task
    cv2.setNumThreads(1)
    read = []
    pictures = _stored(asked.set, first, end) if asked.set else _made(asked.seed, first, end)
    for number, (row, picture) in enumerate(pictures, first + 1):
        read.append(_read(row, picture, asked.model, asked.target))
        if asked.worst and read[-1].accepted and not _is_fine(read[-1]):
            _keep(asked.worst, number, read[-1], picture)
    return read


def _made(seed: int, first: int, end: int) -> Iterator[tuple[dict[str, str], np.ndarray]]:
    """Pictures rendered now."""
    for item in fieldsets.items(seed, end, _hands(), first=first):
        row = {"label": item.label, "writer": item.scene.hand, "axis": item.scene.axis, "suite": item.suite}
        yield row, item.scene.rgb


@lru_cache(maxsize=1)
def _hands() -> FieldHands:
    return fieldpools.hands("test")


def _rows(folder: Path) -> Iterator[dict[str, str]]:
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def _stored(folder: Path, first: int, end: int) -> Iterator[tuple[dict[str, str], np.ndarray]]:
    """Pictures of a folder."""
    for row in islice(_rows(folder), first, end):
        yield row, cv2.cvtColor(cv2.imread(str(folder / row["file"])), cv2.COLOR_BGR2RGB)


@lru_cache(maxsize=16)
def _reader(model: str, spec: str, target: float) -> inkread.Reader:
    return inkread.Reader("field", model, format=spec, target_error=target)


def _read(row: dict[str, str], picture: np.ndarray, model: str, target: float) -> Read:
    """One picture, read; of several rows the one that is surest."""
    reader = _reader(model, fieldsets.SUITES[row["suite"]].format, target)
    began = time.perf_counter()
    page = reader.read(picture)
    spent = 1000 * (time.perf_counter() - began)
    best = max(page, key=lambda reading: (reading.status == "accepted", reading.confidence))
    accepted = any(reading.status == "accepted" for reading in page)
    text = best.text if accepted or not row["label"] else best_guess(best)
    return Read(
        row["suite"], row["label"], row["writer"], row["axis"], text, best.confidence, accepted, spent
    )


def _is_fine(read: Read) -> bool:
    return read.right and fieldsets.SUITES[read.suite].fits


def _figures(read: list[Read], asked: argparse.Namespace) -> dict[str, object]:
    """Everything that is told."""
    suites = defaultdict(list)
    for one in read:
        suites[one.suite].append(one)
    fitting = [one for one in read if fieldsets.SUITES[one.suite].fits]
    both = [one for one in fitting if one.suite in ("zip, free", "zip, boxed")]
    listed = [one for one in both if is_listed(one.label)]
    return {
        "n": len(read),
        "seed": asked.seed,
        "model": asked.model,
        "target": asked.target,
        "simulated": True,
        "zips, free and boxed": _suite(both),
        "of these, zips in use": _suite(listed) if listed else {},
        "suites": {name: _suite(suites[name]) for name in fieldsets.SUITES if suites[name]},
        "read_rate": {str(target): _read_rate(fitting, target) for target in (0.005, 0.001)},
        "ms_median": round(float(np.median([one.ms for one in read])), 2),
    }


def _suite(read: list[Read]) -> dict[str, object]:
    """The figures of some pictures."""
    right = np.array([one.right for one in read], float)
    accepted = np.array([one.accepted for one in read], bool)
    told: dict[str, object] = {
        "n": len(read),
        "writers": len({one.writer for one in read}),
        "forced": round(float(right.mean()), 4),
        "spelled": round(float(np.mean([one.spelled for one in read])), 4),
        "ci95": _interval(read, right),
        "accepted": round(float(accepted.mean()), 4),
        "accepted_n": int(accepted.sum()),
    }
    if accepted.any():
        wrong = int((1 - right[accepted]).sum())
        told |= {"wrong": wrong, "wrong_upper95": round(error_upper_bound(wrong, int(accepted.sum())), 4)}
    return told


def _interval(read: list[Read], values: np.ndarray) -> list[float]:
    """A 95 % interval of a mean, by bootstrap over writers."""
    names, groups = np.unique([one.writer for one in read], return_inverse=True)
    sums, counts = np.bincount(groups, values), np.bincount(groups)
    drawn = np.random.default_rng(0).integers(0, len(names), (ROUNDS, len(names)))
    means = sums[drawn].sum(1) / counts[drawn].sum(1)
    return [round(float(v), 4) for v in np.quantile(means, (0.025, 0.975))]


def _read_rate(read: list[Read], target: float) -> dict[str, float]:
    """The share accepted at an error, the threshold from pictures of known conditions, told on others."""
    known, other = [one for one in read if not one.axis], [one for one in read if one.axis]
    if not known or not other:
        return {}
    order = sorted(known, key=lambda one: -one.confidence)
    wrong = np.cumsum([not one.right for one in order])
    fine = np.flatnonzero(wrong <= target * np.arange(1, len(order) + 1))
    threshold = order[int(fine[-1])].confidence if len(fine) else 2.0
    kept = [one for one in other if one.confidence >= threshold]
    bad = sum(not one.right for one in kept)
    return {
        "threshold": round(threshold, 5),
        "accepted": round(len(kept) / len(other), 4),
        "error": round(bad / max(1, len(kept)), 5),
        "error_upper95": round(error_upper_bound(bad, len(kept)), 5) if kept else 1.0,
    }


def _keep(folder: Path, number: int, read: Read, picture: np.ndarray) -> None:
    """A picture of what went wrong."""
    folder.mkdir(parents=True, exist_ok=True)
    name = "".join(c if c.isalnum() else "_" for c in f"{number} {read.suite} {read.label} read {read.text}")
    cv2.imwrite(str(folder / f"{name}.png"), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))


if __name__ == "__main__":
    main()
