"""The demo: reads what ships, beats the textbook way, and ends with the line for one's own photo."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "examples" / "pictures"


def test_every_picture_is_listed_and_every_listed_one_is_there():
    with (PICTURES / "labels.csv").open(newline="", encoding="utf-8") as file:
        listed = {row["file"] for row in csv.DictReader(file)}
    assert listed == {path.name for path in PICTURES.iterdir()} - {"labels.csv"}


def test_the_demo_reads_more_than_the_textbook_way_and_ends_with_the_next_command():
    done = subprocess.run(
        [sys.executable, "examples/demo.py"],
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    ours, all_of_them, textbook = map(
        int, re.search(r"Right: inkread (\d+) of (\d+), the textbook way (\d+)", done.stdout).groups()
    )
    assert textbook < ours <= all_of_them
    assert done.stdout.rstrip().endswith("read my_photo.jpg")
    assert (ROOT / "demo.png").stat().st_size > 10_000
