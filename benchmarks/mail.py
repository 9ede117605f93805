"""How often the ZIP of a piece of mail is found and right, and wrong but accepted; on simulated photos.

    INKREAD_DATA=... inkread data make mail --seed 1 --held-out --n 500 -o mail1
    python benchmarks/mail.py mail1                  # with --json for one JSON object
    python benchmarks/mail.py mail1 --blocks         # only where the address is, without any model
    python benchmarks/mail.py fit1 --evidence fit1.jsonl && python benchmarks/mail.py fit1.jsonl --fit
                                                     # how sure the evidence makes a ZIP, fitted anew

Pictures are simulated: the figures are not comparable with published rates. A ZIP is right where its five
digits are. Intervals are by the bootstrap over hands, 95 %. Printed addresses are told apart: they may be
refused, and must not be misread with confidence.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from _mail_fit import fit
from _shares import shown

import inkread
from inkread.imaging.address_block import AddressBlock, find_blocks
from inkread.imaging.flat_sheet import taken
from inkread.imaging.load import pages
from inkread.readers import loaded
from inkread.readers.mail_lines import looked_at
from inkread.readers.mail_zip import find_zip
from inkread.types import Page

TURNS = 400
"""Samples of the bootstrap."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one piece.

    Attributes:
        writer: who wrote the address.
        is_printed: whether it is printed.
        has_zip: whether there is a ZIP on it.
        found: the five digits that were read whatever the status are right.
        accepted: a ZIP was accepted.
        wrong: a ZIP was accepted that does not stand there.
        ms: milliseconds.
    """

    writer: str
    is_printed: bool
    has_zip: bool
    found: bool
    accepted: bool
    wrong: bool
    ms: float


def outcome(page: Page, known: dict[str, Any], ms: float) -> Outcome:
    """Judge a piece by its ZIP."""
    zip5 = known["zip"][:5]
    reading = page["zip"]
    accepted = reading.status == "accepted"
    return Outcome(
        known["writer"],
        known["is_printed"],
        bool(zip5),
        bool(zip5) and reading.guess[:5] == zip5,
        accepted,
        accepted and reading.text != zip5,
        ms,
    )


def share(outcomes: list[Outcome], name: str) -> dict[str, Any]:
    """The share of pieces for which something holds, with its interval over hands."""
    told = np.array([float(getattr(o, name)) for o in outcomes])
    if not len(told):
        return {"share": None, "ci95": None, "n": 0}
    hands = sorted({o.writer for o in outcomes})
    rows = [np.flatnonzero([o.writer == hand for o in outcomes]) for hand in hands]
    rng = np.random.default_rng(0)
    means = [
        told[np.concatenate([rows[k] for k in rng.integers(len(rows), size=len(rows))])].mean()
        for _ in range(TURNS)
    ]
    low, high = np.quantile(means, [0.025, 0.975]).tolist()
    return {"share": float(told.mean()), "ci95": [low, high], "n": len(told)}


def figures(outcomes: list[Outcome]) -> dict[str, Any]:
    """All figures of a set."""
    written = [o for o in outcomes if not o.is_printed and o.has_zip]
    printed = [o for o in outcomes if o.is_printed and o.has_zip]
    return {
        "pieces": len(outcomes),
        "zip found and right": share(written, "found"),
        "accepted": share(written, "accepted"),
        "wrong but accepted": share(written, "wrong"),
        "printed: zip found and right": share(printed, "found"),
        "printed: wrong but accepted": share(printed, "wrong"),
        "no zip: wrong but accepted": share([o for o in outcomes if not o.has_zip], "wrong"),
        "ms a piece": float(np.median([o.ms for o in outcomes])),
    }


def read(folder: Path, pieces: list[dict[str, Any]], model: str | None, target_error: float) -> list[Outcome]:
    """Read the pieces of a set."""
    reader = inkread.Reader("mail", model, target_error)
    out = []
    for known in pieces:
        start = time.perf_counter()
        page = reader.read(folder / known["file"])
        out.append(outcome(page, known, 1000 * (time.perf_counter() - start)))
    return out


def likeness(block: AddressBlock, known: dict[str, Any]) -> tuple[float, bool]:
    """How much a block and the true one overlap, 0..1, and whether its upper side is the true one."""
    left, top, right, bottom = block.box
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], float)
    found = taken(corners, block.flat.to_picture)
    true = np.array(known["block"])
    hulls = [cv2.convexHull(points.astype(np.float32)) for points in (found, true)]
    shared, _ = cv2.intersectConvexConvex(*hulls)
    overlap = shared / (sum(map(cv2.contourArea, hulls)) - shared)
    up, true_up = found[3] - found[0], true[3] - true[0]
    return float(overlap), bool(up @ true_up > 0.8 * np.linalg.norm(up) * np.linalg.norm(true_up))


def blocks(folder: Path, pieces: list[dict[str, Any]]) -> dict[str, Any]:
    """Where the address is: right where more than 0.6 is shared and it stands upright."""
    first, lines, spent = 0, 0, []
    for known in pieces:
        picture = next(pages(folder / known["file"]))
        start = time.perf_counter()
        block = next(find_blocks(picture.rgb), None)
        spent.append(1000 * (time.perf_counter() - start))
        if block is None:
            continue
        overlap, upright = likeness(block, known)
        right = overlap > 0.6 and upright
        first += right
        lines += right and len(block.lines) == len(known["lines"])
    n = len(pieces)
    return {
        "pieces": n,
        "block found, upright": first / n,
        "and as many lines as there are": lines / n,
        "ms a piece": float(np.median(spent)),
    }


def evidence(folder: Path, pieces: list[dict[str, Any]], output: Path) -> None:
    """Write what the likeliest block of each piece tells of its ZIP, one JSON object a line."""
    fields, lines = loaded.line_recognizer("fields"), loaded.line_recognizer("lines")
    with output.open("w", encoding="utf-8") as out:
        for known in pieces:
            picture = next(pages(folder / known["file"]))
            block = next(find_blocks(picture.rgb), None)
            found = find_zip(looked_at(block, lines), picture, fields, 2.0) if block else None
            if found is None or found.weighed is None:
                continue
            right = found.weighed.text[:5] == known["zip"][:5]
            row = {"file": known["file"], "right": right, "features": found.weighed.features}
            out.write(json.dumps(row) + "\n")


def main() -> None:
    """Measure, and print a table or a JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path, help="of `inkread data make mail`")
    parser.add_argument("--model", help="of fields; the shipped one by default")
    parser.add_argument("--target-error", type=float, default=0.01)
    parser.add_argument("--n", type=int, help="only so many pieces")
    parser.add_argument("--blocks", action="store_true", help="only where the address is")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--outcomes", type=Path, help="write what came of each piece, one JSON object a line")
    parser.add_argument("--evidence", type=Path, help="write what is told of each ZIP, to fit confidences on")
    parser.add_argument("--fit", action="store_true", help="the folder is a file of --evidence: fit")
    asked = parser.parse_args()
    if asked.fit:
        print(fit([asked.folder]))
        return
    text = (asked.folder / "mail.jsonl").read_text(encoding="utf-8")
    pieces = [json.loads(line) for line in text.splitlines()][: asked.n]
    if asked.evidence:
        evidence(asked.folder, pieces, asked.evidence)
        return
    if asked.blocks:
        told = blocks(asked.folder, pieces)
    else:
        outcomes = read(asked.folder, pieces, asked.model, asked.target_error)
        told = figures(outcomes)
        if asked.outcomes:
            rows = (
                json.dumps({"file": k["file"], **asdict(o)}) for k, o in zip(pieces, outcomes, strict=True)
            )
            asked.outcomes.write_text("\n".join(rows) + "\n", encoding="utf-8")
    if asked.json:
        json.dump(told, sys.stdout, indent=1)
        print()
        return
    for name, value in told.items():
        print(f"{name:<34}{shown(value)}")


if __name__ == "__main__":
    main()
