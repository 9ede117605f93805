"""How much a language helps a line reader, and which weight and bonus of the beam help most.

    python tools/fusion.py VAL_LOGITS.npz                 # greedy, and the beam as it ships, per collection
    python tools/fusion.py VAL_LOGITS.npz --tune          # and a table of weights and bonuses

The file holds `logits_0000`, ... (frames, classes) of the alphabet LATIN, `texts` (what is written) and
`groups` ("collection/writer" of each line). With `--tune` every line is searched once, widely, and its
hypotheses ranked anew for each weight and bonus; the best pair is then searched with in earnest. Tune on
validation lines only.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from inkread.alphabet import LATIN, clean
from inkread.decode import beam, ngram
from inkread.decode.ctc import Hypothesis, greedy

WEIGHTS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
BONUSES = (0.0, 0.5, 1.0, 1.5, 2.0)


@dataclass(frozen=True, slots=True)
class Line:
    """A line to read: its logits, its truth, its collection."""

    logits: np.ndarray
    text: str
    collection: str


def opened(path: Path, every: int) -> list[Line]:
    """Every so manieth line of a file."""
    with np.load(path, allow_pickle=False) as file:
        names = sorted(name for name in file.files if name.startswith("logits_"))
        rows = list(zip(names, file["texts"], file["groups"], strict=True))[::every]
        return [Line(file[n], clean(str(t)), str(g).split("/")[0]) for n, t, g in rows]


def edits(read: str, truth: str) -> int:
    """Characters to insert, delete or replace."""
    costs = list(range(len(truth) + 1))
    for i, a in enumerate(read, start=1):
        before, costs[0] = costs[0], i
        for j, b in enumerate(truth, start=1):
            before, costs[j] = costs[j], min(costs[j] + 1, costs[j - 1] + 1, before + (a != b))
    return costs[-1]


def scores(lines: Sequence[Line], read: Callable[[Line], str]) -> dict[str, tuple[int, int]]:
    """(edits, characters) by collection."""
    found: dict[str, tuple[int, int]] = {}
    for line in lines:
        wrong, whole = found.get(line.collection, (0, 0))
        found[line.collection] = (wrong + edits(read(line), line.text), whole + len(line.text))
    return found


def shown(name: str, found: dict[str, tuple[int, int]]) -> str:
    """One row of the table."""
    every = (sum(w for w, _ in found.values()), sum(n for _, n in found.values()))
    cells = [f"{key} {100 * w / max(n, 1):.2f}" for key, (w, n) in sorted({**found, "all": every}.items())]
    return f"{name:24s} CER % " + "  ".join(cells)


def timed(name: str, lines: Sequence[Line], read: Callable[[Line], str]) -> None:
    """Print the row of a reader, and its CPU time a line."""
    start = time.process_time()
    found = scores(lines, read)
    spent = 1000 * (time.process_time() - start) / len(lines)
    print(f"{shown(name, found)}  ({spent:.1f} ms of CPU a line, scoring counted)", flush=True)


def read(languages: tuple[ngram.NGram, ...], settings: beam.Settings, line: Line) -> str:
    """What the beam reads."""
    return beam.search(line.logits, LATIN, language=languages, settings=settings)[0].text


def tuned(lines: Sequence[Line], languages: tuple[ngram.NGram, ...]) -> beam.Settings:
    """The weight and bonus with the fewest edits, by ranking wide lists of hypotheses anew."""
    wide = beam.Settings(width=48, keep=40)
    lists: list[tuple[Line, list[tuple[Hypothesis, float, int]]]] = []
    for line in lines:
        pooled = {
            h.text: h
            for how in (wide, replace(wide, weight=0.9, bonus=1.5), replace(wide, weight=0.2))
            for h in beam.search(line.logits, LATIN, language=languages, settings=how)
        }
        likely = [
            (h, max(m.log_probability(h.text) for m in languages), edits(h.text, line.text))
            for h in pooled.values()
        ]
        lists.append((line, likely))
    best: tuple[float, float, float] = (np.inf, 0.0, 0.0)
    whole = sum(len(line.text) for line in lines)
    for weight in WEIGHTS:
        cells = []
        for bonus in BONUSES:

            def rank(entry: tuple[Hypothesis, float, int], w: float = weight, b: float = bonus) -> float:
                return entry[0].log_probability + w * entry[1] + b * len(entry[0].text)

            wrong = sum(max(likely, key=rank)[2] for _, likely in lists)
            cells.append(f"{100 * wrong / whole:6.2f}")
            best = min(best, (wrong / whole, weight, bonus))
        print(f"weight {weight:.1f}, bonus {BONUSES[0]} to {BONUSES[-1]}: {' '.join(cells)}", flush=True)
    oracle = sum(min(e for _, _, e in likely) for _, likely in lists)
    print(f"the best hypothesis of each list would have {100 * oracle / whole:.2f} %")
    return beam.Settings(weight=best[1], bonus=best[2])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("logits", type=Path)
    parser.add_argument("--language", default="auto")
    parser.add_argument("--every", type=int, default=1, help="take every so manieth line")
    parser.add_argument("--tune", action="store_true")
    args = parser.parse_args()
    lines, languages = opened(args.logits, args.every), ngram.load(args.language)
    print(f"{len(lines)} lines, {np.mean([len(line.logits) for line in lines]):.0f} frames each")
    timed("greedy", lines, lambda line: greedy(line.logits, LATIN).text)
    plain = beam.Settings(weight=0.0, bonus=0.0)
    timed("beam, no language", lines, partial(read, (), plain))
    how = {"as it ships": beam.Settings()}
    if args.tune:
        best = tuned(lines, languages)
        how[f"weight {best.weight} bonus {best.bonus}"] = best
    for name, settings in how.items():
        timed(name, lines, partial(read, languages, settings))


if __name__ == "__main__":
    main()
