"""Read the example pictures, by inkread and by the textbook way, and say which was right.

`python3 do.py demo` runs this after installing. The pictures were made from MNIST's digits (test part, which
no model was trained on) by this project's photo simulator: they are simulated, not photographed.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from time import perf_counter

import inkread
from inkread.cli import main as command_line

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PICTURES = HERE / "pictures"
EXPLAINED = "demo.png"


def main() -> int:
    """Print the table, write one explained picture, and end with the line for one's own photo."""
    with (PICTURES / "labels.csv").open(newline="", encoding="utf-8") as file:
        truth = [(row["file"], row["label"]) for row in csv.DictReader(file)]
    ours, textbook = inkread.Reader("digit"), inkread.Reader("digit", model="textbook")

    print("\nSimulated phone photos of digits (hands from MNIST's test part, read by two ways):\n")
    print(f"{'picture':<24}{'shows':<8}{'inkread':<34}{'textbook: 28x28, invert, argmax':<32}")
    right, right_textbook, started = 0, 0, perf_counter()
    for name, label in truth:
        page = ours.read(PICTURES / name)
        naive = "".join(reading.guess for reading in textbook.read(PICTURES / name))
        right += good(page, label)
        right_textbook += naive == label
        verdict = f"{mark(good(page, label))} {said(page)}"
        print(f"{name:<24}{label or 'nothing':<8}{verdict:<34}{mark(naive == label)} {naive}")
    seconds = perf_counter() - started
    score = f"inkread {right} of {len(truth)}, the textbook way {right_textbook}"
    print(f"\nRight: {score} ({seconds:.1f} s for both).\n")

    explain(truth[0][0])
    print("Your own photo, next:\n")
    print(f"    {command()} read my_photo.jpg\n")
    return 0


def said(page: inkread.Page) -> str:
    """What was read, how sure it is, and what is to be done with it."""
    text = "".join(reading.text for reading in page) or "-"
    return f"{text}  {page.status} ({page.confidence:.3f})"


def good(page: inkread.Page, label: str) -> bool:
    """Whether a reading is right: the text that is there, or a refusal where there is nothing to read."""
    if not label:
        return page.status in ("refused", "review")
    return "".join(reading.guess for reading in page) == label


def mark(right: bool) -> str:
    """A word rather than a sign: every terminal can show it."""
    return "right" if right else "WRONG"


def explain(name: str) -> None:
    """Write how one picture was read, by the very command that a user would type."""
    picture = (PICTURES / name).relative_to(ROOT).as_posix()
    words = ["read", picture, "--explain", EXPLAINED]
    print(f"How it read the first one:\n\n    {command()} {' '.join(words)}\n")
    try:
        command_line(words)
    except SystemExit as ended:
        if ended.code:
            raise
    print(f"\nOpen {EXPLAINED}: the photo, its ink, the box, and what the network saw.\n")


def command() -> str:
    """The command line's path as one types it from the checkout."""
    script = Path(sys.executable).with_name("inkread.exe" if sys.platform == "win32" else "inkread")
    return str(script.relative_to(ROOT)) if script.is_relative_to(ROOT) else "inkread"


if __name__ == "__main__":
    sys.exit(main())
