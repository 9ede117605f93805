"""Are the lines of a page found, and what does it cost to find them? Prints one JSON object.

    python benchmarks/pages.py [--simulated 0] [--bare 0] [--draw FOLDER] [--read lines]

The pages are those of `$INKREAD_DATA/pages`: real handwriting of writers nobody trained on, with the box of
every line. A found line counts where its box and the box of a line overlap by half of what both cover
(intersection over union 0.5), one to one. Pages named `imp_*` carry two printed lines that the truth leaves
out, above the handwritten text: there, found lines that match nothing and lie higher than the first line of
the text (the page's name, written anywhere, aside) are set aside and counted as `print_set_aside`;
`precision_with_print` counts them as wrong.

`--simulated N` adds N drawn pages (never in one figure with the real ones), `--bare N` N pages each without
writing: a line found there is invented.

`--read MODEL` reads each real page as a note, and each of its lines cut out by the box of the truth (kind
line). `page_cer` compares the texts of a page, line under line in reading order, with those of the truth, so
that lines missed, cut, invented or out of order count; `lines_cer` is what the cut lines have; `difference`
is what finding them costs, with its interval by bootstrap over pages. What is set aside above stays out, and
so do crossed-out words (`>word<`) of the truth. A refused line counts with its best guess.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import _notes
import cv2
import numpy as np
from PIL import Image

import inkread
from inkread.alphabet import clean
from inkread.evaluation.metrics import edit_distance
from inkread.imaging import load
from inkread.imaging.page_ink import page_ink
from inkread.imaging.textlines import TextLine, find_lines

Box = tuple[int, int, int, int]
OVERLAP = 0.5
_CROSSED_OUT = re.compile(r">[^<]*<")
BARE = ("blank", "ruled", "squared", "noise", "doodle")


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A page to measure on: name, picture, boxes, texts; above `body` is print that the truth leaves out."""

    name: str
    rgb: np.ndarray
    boxes: list[Box]
    body: float = 0.0
    texts: tuple[str, ...] = ()


def overlap(a: Box, b: Box) -> float:
    """Intersection over union of two boxes."""
    wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if wide <= 0 or high <= 0:
        return 0.0
    both = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1])
    return wide * high / (both - wide * high)


def matched(found: list[Box], truth: list[Box]) -> dict[int, int]:
    """Found line -> line of the truth, the best overlaps first, one to one."""
    pairs = [(overlap(f, t), i, j) for i, f in enumerate(found) for j, t in enumerate(truth)]
    out: dict[int, int] = {}
    for share, i, j in sorted(pairs, reverse=True):
        if share >= OVERLAP and i not in out and j not in out.values():
            out[i] = j
    return out


def in_order(pairs: dict[int, int]) -> tuple[int, int]:
    """How many neighbours among the matched lines are in the order of the truth, and of how many."""
    order = [pairs[i] for i in sorted(pairs)]
    return sum(a < b for a, b in zip(order, order[1:], strict=False)), max(len(order) - 1, 0)


def real(folder: Path) -> Iterator[Sheet]:
    """The pages of a folder."""
    files = sorted(folder.glob("*.json"))
    if not files:
        sys.exit(f"no pages in {folder}: this benchmark needs pages/*.json under INKREAD_DATA")
    for file in files:
        truth = json.loads(file.read_text(encoding="utf-8"))
        picture = next(iter(load.pages(file.with_name(truth["image"]))))
        boxes = [scaled(line["box"], picture.scale) for line in truth["lines"]]
        text = [
            box[1] for box, line in zip(boxes, truth["lines"], strict=True) if "wikitexte" not in line["text"]
        ]
        said = tuple(clean(_CROSSED_OUT.sub("", line["text"])) for line in truth["lines"])
        yield Sheet(file.stem, picture.rgb, boxes, min(text) if file.stem.startswith("imp_") else 0.0, said)


def scaled(box: list[float], scale: float) -> Box:
    """A box in pixels of the working picture."""
    left, top, right, bottom = (round(side / scale) for side in box)
    return left, top, right, bottom


def set_aside(found: list[Box], pairs: dict[int, int], body: float) -> int:
    """How many found lines may be the print of an `imp_*` page: those above its text that match nothing."""
    return sum((f[1] + f[3]) / 2 < body for i, f in enumerate(found) if i not in pairs)


def measure(pages: Iterator[Sheet], folder: Path | None) -> dict[str, object]:
    """Recall, precision and order over some pages, and milliseconds a page."""
    hit = truths = founds = aside = right = neighbours = 0
    times, worst = [], []
    for page in pages:
        name, truth = page.name, page.boxes
        start = time.perf_counter()
        ink = page_ink(page.rgb).ink
        lines = find_lines(ink)
        times.append(1000 * (time.perf_counter() - start))
        found = [line.box for line in lines]
        pairs = matched(found, truth)
        print_there = set_aside(found, pairs, page.body)
        good, of = in_order(pairs)
        hit, truths, founds = hit + len(pairs), truths + len(truth), founds + len(found)
        aside, right, neighbours = aside + print_there, right + good, neighbours + of
        missed, extra = len(truth) - len(pairs), len(found) - len(pairs) - print_there
        if missed or extra:
            worst.append((missed + extra, f"{name}: {missed} missed, {extra} extra of {len(truth)}"))
        if folder:
            drawn(page.rgb, lines, truth, set(pairs.values()), folder / f"{name}.png")
    return {
        "pages": len(times),
        "lines": truths,
        "recall": round(hit / max(truths, 1), 4),
        "precision": round(hit / max(founds - aside, 1), 4),
        "precision_with_print": round(hit / max(founds, 1), 4),
        "print_set_aside": aside,
        "neighbours_in_order": round(right / max(neighbours, 1), 4),
        "ms_a_page": round(float(np.median(times)), 1),
        "worst": [text for _, text in sorted(worst, reverse=True)[:8]],
    }


def read(pages: Iterable[Sheet], model: str, language: str) -> dict[str, object]:
    """The CER of whole pages beside that of their lines, and what the difference is."""
    note, line = (inkread.Reader(kind, model, language=language) for kind in ("note", "line"))
    told = [(page.name, *_edits(page, note, line)) for page in pages]
    sums = np.array([edits for _, *edits in told])
    chosen = np.random.default_rng(0).integers(len(sums), size=(2000, len(sums)))
    of_draws = sums[chosen].sum(1)
    spread = np.percentile((of_draws[:, 0] - of_draws[:, 1]) / of_draws[:, 2], [2.5, 97.5])
    whole, apart, size = sums.sum(0)
    worst = sorted(told, key=lambda one: (one[2] - one[1]) / one[3])
    return {
        "model": model,
        "language": language,
        "pages": len(told),
        "page_cer": round(whole / size, 4),
        "lines_cer": round(apart / size, 4),
        "difference": round((whole - apart) / size, 4),
        "difference_ci95": [round(float(end), 4) for end in spread],
        "worst": [f"{name}: {page} wrong, its lines {lines}, of {n}" for name, page, lines, n in worst[:8]],
    }


def _edits(page: Sheet, note: inkread.Reader, line: inkread.Reader) -> tuple[int, int, int]:
    """Characters wrong on a page read as a note; in its lines, cut out; and how many there are."""
    found = note.read(page.rgb)
    boxes = [(r.box.left, r.box.top, r.box.right, r.box.bottom) for r in found]
    pairs = matched(boxes, page.boxes)
    kept = [
        clean(reading.guess)
        for i, (reading, box) in enumerate(zip(found, boxes, strict=True))
        if i in pairs or (box[1] + box[3]) / 2 >= page.body
    ]
    apart = 0
    for (left, top, right, bottom), said in zip(page.boxes, page.texts, strict=True):
        cut = line.read(np.ascontiguousarray(page.rgb[top:bottom, left:right]))
        apart += edit_distance(said, clean(" ".join(r.guess for r in cut)))
    truth = "\n".join(page.texts)
    return edit_distance(truth, "\n".join(kept)), apart, len(truth)


def drawn(rgb: np.ndarray, lines: list[TextLine], truth: list[Box], hit: set[int], file: Path) -> None:
    """The page with its lines over it; what was missed in red."""
    file.parent.mkdir(parents=True, exist_ok=True)
    canvas = rgb.copy()
    colours = ((0, 120, 255), (0, 150, 0), (200, 120, 0), (150, 0, 150))
    for k, line in enumerate(lines):
        for points, closed in ((line.polygon, True), (line.baseline, False)):
            corners = np.round(points).astype(np.int32)[:, None]
            cv2.polylines(canvas, [corners], closed, colours[k % 4], 2, cv2.LINE_AA)
        cv2.putText(
            canvas, str(k + 1), (line.box[0], line.box[3]), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (0, 0, 0), 2
        )
    for j, box in enumerate(truth):
        if j not in hit:
            cv2.rectangle(canvas, box[:2], box[2:], (255, 0, 0), 3)
    Image.fromarray(canvas).save(file)


def invented(n: int) -> dict[str, int]:
    """Lines found on pages without writing, by what is on them."""
    return {
        kind: sum(len(find_lines(page_ink(_notes.bare(seed, kind)).ink)) for seed in range(n))
        for kind in BARE
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Are the lines of a page found?")
    parser.add_argument("--simulated", type=int, default=0, help="drawn pages to measure besides")
    parser.add_argument("--first", type=int, default=0, help="seed of the first drawn page")
    parser.add_argument("--bare", type=int, default=0, help="pages without writing, of each kind")
    parser.add_argument("--no-real", action="store_true", help="leave the real pages out")
    parser.add_argument("--draw", type=Path, help="a folder for the pages with their lines drawn over them")
    parser.add_argument("--read", metavar="MODEL", help="a reader of lines: read the real pages, too")
    parser.add_argument("--language", default="auto", help="of --read")
    asked = parser.parse_args()
    root = Path(os.environ.get("INKREAD_DATA", ""))
    result: dict[str, object] = {"benchmark": "pages", "overlap": OVERLAP}
    if not asked.no_real:
        result |= measure(real(root / "pages"), asked.draw)
    if asked.read:
        result["read"] = read(real(root / "pages"), asked.read, asked.language)
    if asked.simulated:
        seeds = range(asked.first, asked.first + asked.simulated)
        notes = ((seed, _notes.draw(seed, root)) for seed in seeds)
        pages = (
            Sheet(f"drawn_{seed}_{note.about.replace(' ', '_')}", note.rgb, note.boxes)
            for seed, note in notes
        )
        result["simulated"] = measure(pages, asked.draw)
    if asked.bare:
        result["invented_on_bare"] = {"pages_of_each": asked.bare} | invented(asked.bare)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
