"""Calibrate a model through the reader, as its users will meet it: ink, marks, second looks and all.

What the reader does after the network (trying other views, choosing the mark) shifts the odds that a
confident reading is right. So simulated photos held back from training are read whole, and every reading
counts: the main one against the truth, each other one as an error, since nothing else is on the page.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from inkread.data import scenes
from inkread.decode.confidence import Calibration
from inkread.evaluation.outcomes import main_position
from inkread.imaging.load import pages
from inkread.readers.digit import read_digits
from inkread.readers.doubts import CIRCUMSTANCES
from inkread.runtime import recognizer
from inkread.training import calibrate, doubts

__all__ = ["calibrate_by_reading"]

PHOTOS = 16_000
REJECTS = 0.12
CHUNK = 200
PROCESSES = 2
STREAM = 7
"""Keeps these photos' random numbers apart from those of the pools."""


def calibrate_by_reading(model: Path, seed: int, *, photos: int = PHOTOS) -> Calibration:
    """Fit confidences and thresholds to what the reader makes of simulated photos.

    Args:
        model: an `.onnx` file with a first calibration, by which the reader chooses among its looks.
        seed: of the photos.
        photos: how many.

    Returns:
        The calibration.

    Raises:
        DataError: too few photos.
    """
    tasks = [(model, seed, start, min(CHUNK, photos - start)) for start in range(0, photos, CHUNK)]
    if len(tasks) == 1:
        parts = [_read(tasks[0])]
    else:
        with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
            parts = list(pool.map(_read, tasks))
    logits, labels, holds = (np.concatenate(column) for column in zip(*parts, strict=True))
    costs = np.round(doubts.fit(logits, labels, holds, digits=10), 3)
    moved = doubts.shifted(logits, holds, costs, digits=10)
    words = f"{photos} simulated photos read whole; hands, papers, pens, lights and rejects held back"
    told = tuple((name, float(cost)) for name, cost in zip(CIRCUMSTANCES, costs, strict=True))
    return replace(calibrate.fit(moved, labels, digits=10, data=words), n=photos, doubts=told)


def _read(task: tuple[Path, int, int, int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Read photos `first` to `first + count`.

    Returns:
        Of all readings: the logits `(n, classes)`, the truth `(n,)`, the circumstances `(n, circumstances)`.
    """
    model, seed, first, count = task
    network, artist = recognizer.load(model), scenes.artist("calibration")
    logits: list[np.ndarray] = []
    labels: list[int] = []
    holds: list[list[bool]] = []
    for i in range(first, first + count):
        rgb, text = artist.photo(np.random.default_rng([seed, STREAM, i]), REJECTS)
        trace = read_digits(next(pages(rgb)), network, 0.0)
        if not trace.seen:
            continue
        main = main_position(trace.readings)
        logits += [s.logits for s in trace.seen]
        labels += _labels(len(trace.seen), main, text)
        holds += [[name in s.circumstances for name in CIRCUMSTANCES] for s in trace.seen]
    classes = len(network.metadata.classes)
    return (
        np.array(logits, np.float32).reshape(-1, classes),
        np.array(labels, np.int64),
        np.array(holds, bool).reshape(-1, len(CIRCUMSTANCES)),
    )


def _labels(count: int, main: int, text: str) -> Iterable[int]:
    """The truth of each reading: the main one's, and "not a digit" for all others."""
    return [int(text) if k == main and text else 10 for k in range(count)]
