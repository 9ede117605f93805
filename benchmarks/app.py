"""How long from the end of a stroke until its answer is on the screen? Prints one JSON object.

    python benchmarks/app.py [--rounds 10] [--kind digit|line]

Digits (or strokes of a word) are drawn with the mouse in headless Chromium, before an `inkread serve` of this
machine. The page itself takes the time: from the moment the pen was lifted, by the event's own clock, to the
frame after the answer was set. `drawn_to_shown_ms` has its quantiles; `first_ms` is the very first drawing
after the page has opened, which is not among them. `load_before` is the machine's load average: what else it
had to do. Needs '.[serve]', playwright and Chromium (`apt-get install chromium`).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.request import urlopen

import numpy as np

DIGITS: dict[str, list[list[tuple[float, float]]]] = {
    "0": [[(0.5, 0.2), (0.32, 0.35), (0.32, 0.65), (0.5, 0.8), (0.68, 0.65), (0.68, 0.35), (0.5, 0.2)]],
    "1": [[(0.42, 0.32), (0.56, 0.2), (0.48, 0.8)]],
    "2": [[(0.32, 0.34), (0.5, 0.2), (0.67, 0.33), (0.6, 0.52), (0.33, 0.8), (0.7, 0.79)]],
    "3": [[(0.33, 0.24), (0.6, 0.22), (0.64, 0.38), (0.46, 0.48), (0.67, 0.62), (0.56, 0.8), (0.33, 0.76)]],
    "4": [[(0.5, 0.2), (0.3, 0.58), (0.72, 0.58)], [(0.6, 0.4), (0.57, 0.82)]],
    "5": [
        [(0.38, 0.22), (0.36, 0.47), (0.55, 0.43), (0.67, 0.6), (0.56, 0.78), (0.34, 0.77)],
        [(0.38, 0.22), (0.66, 0.21)],
    ],
    "6": [[(0.6, 0.2), (0.4, 0.42), (0.35, 0.65), (0.48, 0.8), (0.64, 0.68), (0.56, 0.53), (0.37, 0.6)]],
    "7": [[(0.3, 0.23), (0.69, 0.22), (0.45, 0.8)]],
    "8": [
        [
            (0.63, 0.28),
            (0.46, 0.2),
            (0.36, 0.33),
            (0.63, 0.6),
            (0.55, 0.79),
            (0.38, 0.7),
            (0.62, 0.4),
            (0.63, 0.28),
        ]
    ],
    "9": [[(0.64, 0.35), (0.5, 0.21), (0.37, 0.36), (0.5, 0.5), (0.64, 0.35), (0.57, 0.8)]],
}
"""Strokes as shares of the pad's width and height."""
WORD = [
    [(0.1, 0.25), (0.1, 0.75)],
    [(0.14, 0.25), (0.14, 0.75)],
    [(0.1, 0.5), (0.14, 0.5)],
    [(0.19, 0.45), (0.19, 0.75)],
]
"""H and i without its dot: an answer after each stroke."""
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
]
WIGGLE = 0.012


@contextmanager
def serving() -> Iterator[str]:
    """The service on a free port of this machine, its models loaded."""
    command = [sys.executable, "-m", "inkread", "serve", "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        line = process.stderr.readline() if process.stderr else ""
        if "serving on " not in line:
            raise SystemExit(f"app.py: {line.strip() or 'the service did not start'}")
        url = line.split("serving on ")[1].split()[0]
        with urlopen(f"{url}/v1/kinds", timeout=120):
            yield url
    finally:
        process.terminate()
        process.wait(timeout=15)


def draw(page: Any, strokes: list[list[tuple[float, float]]], rng: np.random.Generator) -> None:
    """Draw strokes with the mouse, about as fast as a hand does, each time a little differently."""
    box = page.locator("canvas.pad").bounding_box()
    for stroke in strokes:
        points = np.asarray(stroke) + rng.normal(0, WIGGLE, (len(stroke), 2))
        places = points * (box["width"], box["height"]) + (box["x"], box["y"])
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place, steps=5)
            time.sleep(0.02)
        page.mouse.up()


def taken(page: Any, wanted: int) -> list[float]:
    """The times taken so far, once there are as many as wanted."""
    script = "performance.getEntriesByName('drawn-to-shown').map(entry => entry.duration)"
    for _ in range(600):
        times: list[float] = page.evaluate(script)
        if len(times) >= wanted:
            return times
        page.wait_for_timeout(20)
    raise SystemExit("app.py: a drawing was not answered within 12 s")


def measure(page: Any, kind: str, rounds: int) -> list[float]:
    """Draw, wait for the answer, clear, again: milliseconds, the first drawing first."""
    rng = np.random.default_rng(7)
    if kind == "line":
        page.get_by_label("Words").check()
    drawings = [WORD] if kind == "line" else list(DIGITS.values())
    times: list[float] = []
    for _ in range(rounds):
        for drawing in drawings:
            draw(page, drawing, rng)
            times = taken(page, len(times) + 1)
            page.wait_for_timeout(100)  # answers to a drawing's earlier strokes are on their way as well
            times = taken(page, len(times))
            page.get_by_role("button", name="Clear").click()
    return times


def main() -> None:
    """Measure, and print what came of it."""
    parser = argparse.ArgumentParser(description="From the end of a stroke to its answer on the screen.")
    parser.add_argument("--rounds", type=int, default=10, help="times that every drawing is made")
    parser.add_argument("--kind", choices=("digit", "line"), default="digit")
    options = parser.parse_args()
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("app.py: needs Chromium: sudo apt-get install chromium")
    from playwright.sync_api import sync_playwright

    load = os.getloadavg()[0]
    with serving() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(url)
        page.locator("html[data-ready]").wait_for(timeout=60_000)
        first, *times = measure(page, options.kind, options.rounds)
        version = browser.version
        browser.close()
    quantiles = {name: round(float(np.quantile(times, q)), 1) for name, q in (("p50", 0.5), ("p95", 0.95))}
    told = {
        "kind": options.kind,
        "n": len(times),
        "drawn_to_shown_ms": {**quantiles, "max": round(max(times), 1)},
        "first_ms": round(first, 1),
        "chromium": version,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "load_before": round(load, 1),
        "load_after": round(os.getloadavg()[0], 1),
    }
    print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
