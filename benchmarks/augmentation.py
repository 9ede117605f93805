"""Varied pictures a second: `inkread.Augment` against ImageDataGenerator and Keras layers, as JSON.

    python benchmarks/augmentation.py [--runs 7] [--pictures 4096] [--batch 32]

All vary the same MNIST digits (float32, 28x28x1) in batches, by the same words: turns of 10 degrees, shear of
5 degrees, zoom and both shifts of 10 %, bilinear, the border's pixels going on outside.

- `augment`: `inkread.Augment(...).flow(x, y, batch)`; `augment_all`: also stroke width, bending, paper, light
  and noise, which the others do not have.
- `image_data_generator`: `tensorflow.keras.preprocessing.image.ImageDataGenerator(...).flow(x, y, batch)`;
  missing where TensorFlow has none, or scipy is not installed, which it needs.
- `keras_layers`: RandomRotation, RandomShear, RandomZoom and RandomTranslation, compiled once as a
  `tf.function`; the pictures come back as arrays. Missing where Keras does not run on TensorFlow.

Contenders take turns; a ratio is of two neighbours in one turn, and the median over all turns is told: by
wall time (`times`), and by processor time (`times_cpu`), which other work on the machine disturbs less.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

import inkread

WORDS = {
    "rotation_range": 10,
    "shear_range": 5,
    "zoom_range": 0.1,
    "width_shift_range": 0.1,
    "height_shift_range": 0.1,
}
OURS = {"stroke_width": 0.5, "elastic": 1.0, "paper": 0.5, "light": 0.5, "noise": 0.05}


def contenders(x: np.ndarray, y: np.ndarray, batch: int) -> dict[str, Callable[[], None]]:
    """What varies all pictures once, by name; those whose library is missing are left out."""
    found = {
        "augment": _through(inkread.Augment(**WORDS, seed=0).flow(x, y, batch)),
        "augment_all": _through(inkread.Augment(**WORDS, **OURS, seed=0).flow(x, y, batch)),
    }
    try:
        from tensorflow.keras.preprocessing.image import ImageDataGenerator

        flow = ImageDataGenerator(**WORDS).flow(x, y, batch, seed=0)
        flow[0]  # it looks for scipy only now
        found["image_data_generator"] = _through(flow)
    except ImportError as error:
        print(f"without ImageDataGenerator: {error}", file=sys.stderr)
    with suppress(ImportError, AttributeError):
        found["keras_layers"] = _layers(x, batch)
    return found


def _through(flow: Any) -> Callable[[], None]:
    """One epoch of something that gives its batches by number."""

    def run() -> None:
        for number in range(len(flow)):
            flow[number]

    return run


def _layers(x: np.ndarray, batch: int) -> Callable[[], None]:
    """Keras' layers of the same moves, in a compiled function."""
    import keras
    import tensorflow as tf

    if keras.backend.backend() != "tensorflow":
        raise ImportError("Keras runs on another backend")
    share, fill = WORDS["zoom_range"], {"fill_mode": "nearest", "interpolation": "bilinear"}
    slant = float(np.tan(np.deg2rad(WORDS["shear_range"])))
    vary = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.RandomRotation(WORDS["rotation_range"] / 360, **fill),
            keras.layers.RandomShear(slant, **fill),
            keras.layers.RandomZoom((-share, share), (-share, share), **fill),
            keras.layers.RandomTranslation(WORDS["height_shift_range"], WORDS["width_shift_range"], **fill),
        ]
    )
    compiled = tf.function(lambda pictures: vary(pictures, training=True))
    if not (compiled(x[:batch]).numpy() != x[:batch]).any():
        raise SystemExit("Keras' layers changed nothing: this comparison would be wrong")

    def run() -> None:
        for start in range(0, len(x), batch):
            compiled(x[start : start + batch]).numpy()

    return run


def measure(found: dict[str, Callable[[], None]], pictures: int, runs: int) -> dict[str, Any]:
    """Pictures a second of each, and how many times as many `augment` does, turn by turn."""
    for run in found.values():
        run()
    wall: dict[str, list[float]] = {name: [] for name in found}
    cpu: dict[str, list[float]] = {name: [] for name in found}
    for _ in range(runs):
        for name, run in found.items():
            started, used = time.perf_counter(), time.process_time()
            run()
            wall[name].append(time.perf_counter() - started)
            cpu[name].append(time.process_time() - used)
    return {
        name: {
            "pictures_a_second": round(pictures / statistics.median(wall[name])),
            "pictures_a_cpu_second": round(pictures / statistics.median(cpu[name])),
            **({} if name.startswith("augment") else _times(wall, cpu, name)),
        }
        for name in found
    }


def _times(wall: dict[str, list[float]], cpu: dict[str, list[float]], name: str) -> dict[str, float]:
    """How many times as long as `augment` one took."""
    return {
        key: round(statistics.median(b / a for a, b in zip(took["augment"], took[name], strict=True)), 1)
        for key, took in (("times", wall), ("times_cpu", cpu))
    }


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--pictures", type=int, default=4096)
    parser.add_argument("--batch", type=int, default=32)
    options = parser.parse_args()
    (x_train, y_train), _ = inkread.datasets.mnist()
    x = (x_train[: options.pictures, ..., None] / 255).astype(np.float32)
    found = contenders(x, y_train[: options.pictures], options.batch)
    result = {
        "pictures": options.pictures,
        "batch": options.batch,
        "runs": options.runs,
        "words": WORDS,
        **measure(found, options.pictures, options.runs),
        "python": platform.python_version(),
        "cpus": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
    }
    print(json.dumps(result, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
