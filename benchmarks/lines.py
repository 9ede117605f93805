"""Lines of handwriting beside RapidOCR and Tesseract, on the same lines in one run. Prints one JSON object.

    INKREAD_DATA=... python benchmarks/lines.py [--model lines] [--n 200] [--seed 0] [--only NAME]
        [--drawn 500] [--no-real] [--sheets FOLDER]

The validation lines of the sets under `INKREAD_DATA/lines`, French and English apart, `--n` of each drawn by
seed (0 takes all). Each reader gets the same picture, already cut to one line, and gives a text; texts are
compared with the truth as it is given (`cer`, `wer`, `accuracy` for whole lines), with case ignored, and with
quotes, dashes and spaces folded (`cer_cleaned`). `cer_ci95` is by bootstrap over writers or documents. `ms`
is the median of a line, everything on one thread, the readers taking turns line by line.

Readers: `inkread` with its n-grams and `inkread_greedy` without, `rapidocr` (the recogniser alone, its finder
and its turner off), `tesseract` (--psm 7, fra or eng; its time has the start of a process in it). A reader
that is not installed is left out and named on stderr. They are installed by: pip install rapidocr; apt-get
install tesseract-ocr tesseract-ocr-fra.

`--drawn N` adds N drawn English lines and N drawn English words, of fonts and texts that training never sees,
clean and photographed apart (`_drawn_lines`); intervals are by bootstrap over fonts, `cer_by_font` tells the
worst first, `--sheets` writes pictures of the worst lines. They never share a figure with real lines.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS"), "1"))

import _drawn_lines
import cv2
import numpy as np

import inkread
from inkread.data import labelled
from inkread.data.labelled import Item
from inkread.errors import ModelError
from inkread.evaluation.lines import rates
from inkread.evaluation.outcomes import best_guess

SETS = {
    "french, modern (copiste, other writers)": ("copiste-d-un-jour", "fra"),
    "french, 1914-1918 (testaments)": ("testaments-poilus", "fra"),
    "french, 19th century (cremma)": ("cremma-mss-19", "fra"),
    "french, 20th century (cremma)": ("cremma-mss-20", "fra"),
    "english, 1905 (stanford, other letters)": ("stanford-memorials-1905", "eng"),
}
"""What a set is called here, its archive, and its language for Tesseract."""

Read = Callable[[np.ndarray, str], str]
"""A picture `(height, width, 3)` and a language -> its text."""


def main() -> None:
    """Read, compare, print."""
    parser = argparse.ArgumentParser(description="Lines beside RapidOCR and Tesseract.")
    parser.add_argument("--model", default="lines", help="a reader of lines: a name or a file")
    parser.add_argument("--n", type=int, default=200, help="lines of each set; 0 takes all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", action="append", help="a reader; may be given several times")
    parser.add_argument("--drawn", type=int, default=0, help="drawn lines, and as many drawn words")
    parser.add_argument("--no-real", action="store_true", help="leave the real lines out")
    parser.add_argument("--sheets", type=Path, help="a folder for pictures of the worst drawn lines")
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    readers = _readers(asked.model, asked.only)
    root = Path(os.environ.get("INKREAD_DATA", ""))
    result = {
        "seed": asked.seed,
        "model": asked.model,
        "sets": {} if asked.no_real else _real(root / "lines", asked.n, asked.seed, readers),
        "drawn": _of_fonts(root, asked, readers) if asked.drawn else {},
        "versions": _versions(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, one thread each reader",
    }
    print(json.dumps(result, ensure_ascii=False, indent=1))


def _real(folder: Path, n: int, seed: int, readers: dict[str, Read]) -> dict[str, dict]:
    """The figures on the validation lines there are."""
    found = {}
    for title, (name, language) in SETS.items():
        path = folder / f"{name}.tar"
        if not path.is_file():
            print(f"left out: {path} is not there", file=sys.stderr)
            continue
        items = _some(labelled.load(f"{path}:val").items, n, seed)
        found[title], _ = _compared(items, language, readers)
        print(title, {k: v["cer"] for k, v in found[title].items()}, file=sys.stderr)
    return found


def _of_fonts(root: Path, asked: argparse.Namespace, readers: dict[str, Read]) -> dict[str, dict]:
    """The figures on drawn lines and words, and the worst of them as pictures."""
    found = {}
    for part in _drawn_lines.PARTS:
        items = _drawn_lines.drawn(root, part, asked.drawn, asked.seed)
        found[part], texts = _compared(items, "eng", readers)
        for name, read in texts.items():
            folded = [(i.label.casefold(), t.casefold()) for i, t in zip(items, read, strict=True)]
            share = sum(label == text for label, text in folded) / len(folded)
            found[part][name]["accuracy_ignoring_case"] = round(share, 4)
            found[part][name]["cer_by_font"] = _drawn_lines.by_font(items, read)
            if asked.sheets:
                file = f"{part} {name}.png".replace(", ", "-").replace(" ", "-")
                _drawn_lines.sheet(items, read, asked.sheets / file)
        print(part, {k: (v["cer"], v["accuracy"]) for k, v in found[part].items()}, file=sys.stderr)
    return found


def _some(items: tuple[Item, ...], n: int, seed: int) -> list[Item]:
    """So many of the items, in their order."""
    if not n or n >= len(items):
        return list(items)
    chosen = np.sort(np.random.default_rng(seed).permutation(len(items))[:n])
    return [items[k] for k in chosen]


def _compared(
    items: list[Item], language: str, readers: dict[str, Read]
) -> tuple[dict[str, dict], dict[str, list[str]]]:
    """Every reader's figures on the same lines, read in turns; and what they read."""
    texts: dict[str, list[str]] = {name: [] for name in readers}
    spent: dict[str, list[float]] = {name: [] for name in readers}
    for read in readers.values():  # the first line is read with cold caches
        read(items[0].picture, language)
    for item in items:
        for name, read in readers.items():
            start = time.perf_counter()
            texts[name].append(read(item.picture, language))
            spent[name].append(time.perf_counter() - start)
    truth, writers = [item.label for item in items], [item.writer for item in items]
    figures = {
        name: {**rates(truth, texts[name], writers), "ms": round(1000 * statistics.median(spent[name]), 1)}
        for name in readers
    }
    return figures, texts


def _readers(model: str, only: list[str] | None) -> dict[str, Read]:
    """The readers that are installed."""
    ways = {
        "inkread": lambda: _inkread(model, "auto"),
        "inkread_greedy": lambda: _inkread(model, "none"),
        "rapidocr": _rapidocr,
        "tesseract": _tesseract,
    }
    unknown = sorted(set(only or ()) - set(ways))
    if unknown:
        sys.exit(f"--only is {unknown[0]!r}; expected one of {', '.join(ways)}")
    readers = {}
    for name in only or ways:
        try:
            readers[name] = ways[name]()
        except (ImportError, FileNotFoundError, ModelError) as error:
            print(f"left out: {name}: {error}", file=sys.stderr)
    if not readers:
        sys.exit("no reader is left to compare; see the lines above")
    return readers


def _inkread(model: str, language: str) -> Read:
    reader = inkread.Reader("line", model, language=language)
    return lambda picture, _: "\n".join(best_guess(r) for r in reader.read(picture))


def _rapidocr() -> Read:
    from rapidocr import RapidOCR

    threads = {f"EngineConfig.onnxruntime.{kind}_op_num_threads": 1 for kind in ("intra", "inter")}
    engine = RapidOCR(params={**threads, "Global.log_level": "error"})

    def read(picture: np.ndarray, _: str) -> str:
        found = engine(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), use_det=False, use_cls=False, use_rec=True)
        return " ".join(found.txts or ())

    return read


def _tesseract() -> Read:
    program = shutil.which("tesseract")
    if program is None:
        raise FileNotFoundError("tesseract is not installed")

    def read(picture: np.ndarray, language: str) -> str:
        _, png = cv2.imencode(".png", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
        words = [program, "stdin", "stdout", "--psm", "7", "-l", language]
        done = subprocess.run(words, input=png.tobytes(), capture_output=True, check=True)
        return " ".join(done.stdout.decode("utf-8").split())

    return read


def _versions() -> dict[str, str]:
    """What was compared."""
    versions = {"inkread": inkread.__version__}
    for name in ("rapidocr", "onnxruntime"):
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    if program := shutil.which("tesseract"):
        told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
        versions["tesseract"] = (told.stdout or told.stderr).split()[1]
    return versions


if __name__ == "__main__":
    main()
