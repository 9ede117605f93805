"""How often the amount of a bank check is read and right, and what is accepted that is not; simulated photos.

    INKREAD_DATA=... inkread data make checks --seed 1 --held-out --n 500 -o checks1
    INKREAD_DATA=... inkread data make checks --seed 2 --held-out --n 500 --differ 1 -o checks2
    python benchmarks/checks.py checks1 checks2      # with --json for one JSON object

Pictures are simulated: the figures are not comparable with published rates. An amount is right where its
cents are. The read rate at an error is the share of checks that the confidence can accept so that no more
than that share of the accepted ones are wrong; "accepted" is what the reader accepts by itself. Checks whose
figures and words differ on purpose have no right amount: each one that is accepted is an error. Intervals are
by the bootstrap over fonts, 95 %.

    python benchmarks/checks.py DIR --evidence out.jsonl     # what the agreement is fitted on
    python benchmarks/checks.py --judge out.jsonl [...]      # figures of such evidence, not read again
    python benchmarks/checks.py --fit out.jsonl [...]        # fit it, of hands that are not reported on
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from _shares import shown

TURNS = 400
"""Samples of the bootstrap."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one check.

    Attributes:
        writer: the font of the words.
        differ: whether its amounts differ on purpose.
        found: the check was found on the picture.
        right: the amount decided is right, whatever its status; never where the amounts differ.
        courtesy: the figures alone are read right.
        legal: the words alone are read right.
        accepted: the amount was accepted.
        sure: its confidence, 0 where it cannot be accepted.
        ms: milliseconds.
    """

    writer: str
    differ: bool
    found: bool
    right: bool
    courtesy: bool
    legal: bool
    accepted: bool
    sure: float
    ms: float


def outcome(page: Any, known: dict[str, Any], ms: float) -> Outcome:
    """Judge a check."""
    from inkread.formats import legal

    readings = {reading.name: reading for reading in page}
    amount = readings["amount"]
    words = readings.get("legal")
    figures = readings.get("courtesy")
    can_pass = amount.status != "refused" and "differ" not in amount.reason
    return Outcome(
        known["writer"].split()[0],
        known["differ"],
        figures is not None,
        amount.guess == known["amount"] and not known["differ"],
        figures is not None and figures.text == known["amount"],
        words is not None and bool(words.text) and legal.plain(words.text) == known["legal_amount"],
        amount.status == "accepted",
        amount.confidence if can_pass else 0.0,
        ms,
    )


def read_rate(outcomes: list[Outcome], error: float) -> float:
    """The largest share that can be accepted, the surest first, with at most that share of errors."""
    order = sorted((o for o in outcomes if o.sure > 0), key=lambda o: -o.sure)
    wrong = np.cumsum([not o.right for o in order])
    kept = [k + 1 for k, w in enumerate(wrong.tolist()) if w <= error * (k + 1)]
    return max(kept, default=0) / max(1, len(outcomes))


def share(outcomes: list[Outcome], value: Any) -> dict[str, Any]:
    """A figure of some checks, with its interval over fonts."""
    if not outcomes:
        return {"share": None, "ci95": None, "n": 0}
    hands = sorted({o.writer for o in outcomes})
    groups = [[o for o in outcomes if o.writer == hand] for hand in hands]
    rng = np.random.default_rng(0)
    means = []
    for _ in range(TURNS):
        drawn = [o for k in rng.integers(len(groups), size=len(groups)) for o in groups[k]]
        means.append(value(drawn))
    low, high = np.quantile(means, [0.025, 0.975]).tolist()
    return {"share": value(outcomes), "ci95": [low, high], "n": len(outcomes)}


def figures(outcomes: list[Outcome]) -> dict[str, Any]:
    """All figures of some sets."""
    same = [o for o in outcomes if not o.differ]
    differ = [o for o in outcomes if o.differ]

    def mean(name: str) -> Any:
        return lambda some: float(np.mean([getattr(o, name) for o in some]))

    def wrong(some: list[Outcome]) -> float:
        return float(np.mean([o.accepted and not o.right for o in some]))

    return {
        "checks": len(outcomes),
        "found on the picture": share(same, mean("found")),
        "figures alone right": share(same, mean("courtesy")),
        "words alone right": share(same, mean("legal")),
        "amount right, forced": share(same, mean("right")),
        "amount read rate at 1 % error": share(same, lambda some: read_rate(some, 0.01)),
        "accepted": share(same, mean("accepted")),
        "wrong but accepted": share(same, wrong),
        "differing: accepted": share(differ, wrong),
        "differing: accepted, count": sum(o.accepted for o in differ),
        "ms a check": float(np.median([o.ms for o in outcomes])),
    }


def read(folder: Path, target_error: float, n: int | None) -> list[Outcome]:
    """Read the checks of a set."""
    import inkread

    reader = inkread.Reader("check", target_error=target_error)
    out = []
    for known in told(folder)[:n]:
        start = time.perf_counter()
        page = reader.read(folder / known["file"])
        out.append(outcome(page, known, 1000 * (time.perf_counter() - start)))
    return out


def told(folder: Path) -> list[dict[str, Any]]:
    """What is known of the checks of a set."""
    return [json.loads(line) for line in (folder / "checks.jsonl").read_text("utf-8").splitlines()]


def evidence(folder: Path, target: Path) -> None:
    """Write what both places of each check say of each amount that one of them brings up."""
    from inkread.decode.ngram import load as languages
    from inkread.imaging.load import pages
    from inkread.readers import check, check_amount
    from inkread.readers.text import Way
    from inkread.runtime.linewise import load

    way = check.CheckWay(load("fields"), Way(load("lines"), 2.0, languages("none")))
    with target.open("w", encoding="utf-8") as file:
        for known in told(folder):
            start = time.perf_counter()
            sides = check.sides_of(next(pages(folder / known["file"])), way)
            values = check_amount.brought_up([side for side in sides or () if side])
            both = [check_amount.weighed(side, values) if side else None for side in sides or (None, None)]
            row = {"writer": known["writer"], "cents": _cents(known["amount"])}
            row |= {"legal": _cents(known["legal_amount"]), "found": sides is not None}
            row |= {"sides": [one and [[v, p] for v, p in one.items()] for one in both]}
            row["ms"] = 1000 * (time.perf_counter() - start)
            file.write(json.dumps(row) + "\n")
            file.flush()


def judged(file: Path, target_error: float) -> list[Outcome]:
    """What comes of checks by their evidence."""
    from inkread.decode.agreement import lone, weigh
    from inkread.readers.check_amount import TOLD

    out = []
    for line in file.read_text("utf-8").splitlines():
        row = json.loads(line)
        sides = [dict(map(tuple, side)) if side else None for side in row["sides"]]
        own = [max(side, key=side.get) if side else None for side in sides]
        verdict = None
        if sides[0] and sides[1]:
            verdict = weigh(sides[0], sides[1], TOLD)
        elif sides[0] or sides[1]:
            verdict = lone(sides[0] or sides[1], TOLD.alone[sides[0] is None])
        differ = row["cents"] != row["legal"]
        right = verdict is not None and verdict.best == row["cents"] and not differ
        sure = verdict.confidence if verdict is not None and verdict.agrees else 0.0
        least = TOLD.least(target_error) if all(sides) else 1 - 0.1 * target_error  # as the reader has it
        accepted = sure > 0 and sure >= least
        hits = own[0] == row["cents"], own[1] == row["legal"]
        found = row.get("found", True)
        out.append(
            Outcome(row["writer"].split()[0], differ, found, right, *hits, accepted, sure, row.get("ms", 0.0))
        )
    return out


def _cents(amount: str) -> int:
    return round(100 * float(amount))


def main() -> None:
    """Measure, and print a table or a JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="*", help="of `inkread data make checks`")
    parser.add_argument("--target-error", type=float, default=0.01)
    parser.add_argument("--n", type=int, help="only so many checks of each set")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--evidence", type=Path, help="write the evidence of one set instead")
    parser.add_argument("--judge", type=Path, nargs="+", help="judge such evidence")
    parser.add_argument("--fit", type=Path, nargs="+", help="fit the agreement on such evidence")
    asked = parser.parse_args()
    if asked.fit:
        from _check_fit import fit

        print(fit(asked.fit))
        return
    if asked.evidence:
        evidence(asked.folders[0], asked.evidence)
        return
    if asked.judge:
        outcomes = [one for file in asked.judge for one in judged(file, asked.target_error)]
    else:
        outcomes = [one for folder in asked.folders for one in read(folder, asked.target_error, asked.n)]
    found = figures(outcomes)
    if asked.json:
        json.dump(found, sys.stdout, indent=1)
        print()
        return
    for name, value in found.items():
        print(f"{name:<34}{shown(value)}")


if __name__ == "__main__":
    main()
