"""Calibrate a model through the reader, as its users will meet it: ink, marks, second looks and all.

What the reader does after the network (trying other views, choosing the mark) shifts the odds that a
confident reading is right. So simulated photos held back from training are read whole, and every reading
counts: the main one against the truth, each other one as an error, since nothing else is on the page.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from inkread.data import scenes
from inkread.data.scenes import WHAT
from inkread.decode.confidence import Calibration
from inkread.evaluation.outcomes import main_position
from inkread.imaging.load import pages
from inkread.readers.character import read_characters
from inkread.readers.digit import read_digits
from inkread.readers.doubts import CIRCUMSTANCES
from inkread.runtime import recognizer
from inkread.training import calibrate, doubts

__all__ = ["PHOTOS", "calibrate_by_reading"]

PHOTOS = 16_000
REJECTS = 0.12
CHUNK = 200
PROCESSES = 2
STREAM = 7
"""Keeps these photos' random numbers apart from those of the pools."""


def calibrate_by_reading(
    model: Path, seed: int, *, photos: int = PHOTOS, what: str = "digits"
) -> Calibration:
    """Fit confidences and thresholds to what the reader makes of simulated photos.

    Args:
        model: an `.onnx` file with a first calibration, by which the reader chooses among its looks.
        seed: of the photos.
        photos: how many.
        what: a key of `scenes.WHAT`.

    Returns:
        The calibration.

    Raises:
        DataError: too few photos.
    """
    chunks = range(0, photos, CHUNK)
    tasks = [(model, seed, range(start, min(start + CHUNK, photos)), what) for start in chunks]
    if len(tasks) == 1:
        parts = [_read(tasks[0])]
    else:
        with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
            parts = list(pool.map(_read, tasks))
    logits, labels, holds, able = (np.concatenate(column) for column in zip(*parts, strict=True))
    classes = len(WHAT[what])
    costs = np.round(doubts.fit(logits, labels, holds, digits=classes), 3)
    moved = doubts.shifted(logits, holds, costs, digits=classes)
    words = f"{photos} simulated photos read whole; hands, papers, pens, lights and rejects held back"
    told = tuple((name, float(cost)) for name, cost in zip(CIRCUMSTANCES, costs, strict=True))
    fitted = calibrate.fit(moved, labels, digits=classes, able=able, data=words)
    return replace(fitted, n=photos, doubts=told)


def _read(task: tuple[Path, int, range, str]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Read the photos of these numbers.

    Returns:
        Of all readings: the logits `(n, classes)`, the truth `(n,)`, the circumstances `(n, circumstances)`,
        and `(n,)` whether it is accepted where it is sure enough: what is cut off by the border never is.
    """
    model, seed, numbers, what = task
    network, artist = recognizer.load(model), scenes.artist("calibration", what)
    read = read_characters if what == "characters" else read_digits
    logits: list[np.ndarray] = []
    labels: list[int] = []
    holds: list[list[bool]] = []
    able: list[bool] = []
    for i in numbers:
        rgb, text = artist.photo(np.random.default_rng([seed, STREAM, i]), REJECTS)
        trace = read(next(pages(rgb)), network, 0.0)
        if not trace.seen:
            continue
        main = main_position([replace(reading, status="accepted") for reading in trace.readings])
        logits += [s.logits for s in trace.seen]
        truth = artist.classes.index(text) if text else len(artist.classes)
        labels += [truth if k == main else len(artist.classes) for k in range(len(trace.seen))]
        holds += [[name in s.circumstances for name in CIRCUMSTANCES] for s in trace.seen]
        able += [reading.status == "accepted" for reading in trace.readings]
    classes = len(network.metadata.classes)
    return (
        np.array(logits, np.float32).reshape(-1, classes),
        np.array(labels, np.int64),
        np.array(holds, bool).reshape(-1, len(CIRCUMSTANCES)),
        np.array(able, bool),
    )
