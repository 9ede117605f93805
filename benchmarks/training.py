"""Training: the recipe `fast` against the tutorial's own script, in turns on the same machine, as JSON.

    python benchmarks/training.py [--seeds 3] [-o training.json]

`tutorial` is what a Keras 3 user writes from the text's method 1: its CNN, Adam, 5 epochs of 60,000 digits in
batches of 64. `fast` is `inkread train digits --recipe fast`. Each runs in a process of its own, one after
the other, on all cores of the machine; the test part of MNIST is looked at, and chooses nothing.

- `seconds`: of the tutorial, its `fit` alone; of `fast`, from the reading of MNIST until the last epoch's
  weights are on disk, the building and compiling of the network included.
- `process_seconds`: from start to end of the process: imports, test, and, for `fast`, export and report, too.
  `cpu_seconds`: of the process, on all cores.
- `accuracy`: on MNIST's test part, official labels, after the last epoch.
- `pictures_per_second`: gone through in training, by `seconds`.
- `seconds_to_tutorial`: of `fast`, until the first epoch that ends at or above the accuracy that the tutorial
  ended with in the same turn; the time that these looks take is not counted. None where it never gets there.
- `accuracy_in_tutorial_time`: of `fast`, after the last epoch that ends within the tutorial's `seconds`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

PICTURES = 60_000
EPOCHS = 5


def main() -> None:
    """Run the contenders in turns and print what came out."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("-o", "--output", type=Path)
    parser.add_argument("--child", choices=["tutorial", "fast"], help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps({"tutorial": tutorial, "fast": fast}[options.child](options.seed)))
        return
    turns = []
    for seed in range(options.seeds):
        turn = {name: in_process(name, seed) for name in ("tutorial", "fast")}
        turns.append(judged(turn))
        print(f"seed {seed}: {json.dumps(turns[-1])}", file=sys.stderr, flush=True)
    text = json.dumps(
        {
            "machine": f"{platform.machine()}, {os.cpu_count()} cores",
            "mean": {name: mean([turn[name] for turn in turns]) for name in ("tutorial", "fast")},
            "within_tutorial_time": sum(t["fast"]["seconds"] <= t["tutorial"]["seconds"] for t in turns),
            "turns": turns,
        },
        indent=1,
    )
    if options.output:
        options.output.write_text(text + "\n", encoding="utf-8")
    print(text)


def tutorial(seed: int) -> dict[str, Any]:
    """The text's method 1, word for word where Keras 3 lets it be."""
    import keras
    from keras import layers, models

    from inkread import datasets

    keras.utils.set_random_seed(seed)
    (x_train, y_train), (x_test, y_test) = datasets.mnist()
    x_train = x_train.reshape(-1, 28, 28, 1).astype("float32") / 255
    x_test = x_test.reshape(-1, 28, 28, 1).astype("float32") / 255
    y_train, y_test = keras.utils.to_categorical(y_train), keras.utils.to_categorical(y_test)
    model = models.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, (3, 3), activation="relu"),
            layers.MaxPooling2D((2, 2)),
            layers.Conv2D(64, (3, 3), activation="relu"),
            layers.MaxPooling2D((2, 2)),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    start = time.perf_counter()
    model.fit(x_train, y_train, epochs=EPOCHS, batch_size=64, verbose=0)
    seconds = time.perf_counter() - start
    _, accuracy = model.evaluate(x_test, y_test, verbose=0)
    return {"seconds": seconds, "accuracy": float(accuracy), "pictures": EPOCHS * PICTURES}


def fast(seed: int) -> dict[str, Any]:
    """Our recipe, whole: model, export and report."""
    import numpy as np

    from inkread.data import sources
    from inkread.training import fit, judge, recipes
    from inkread.training.callbacks import Progress

    images, labels = sources.mnist("test")

    class Stopwatch(Progress):
        """Looks at the test part after each epoch, and leaves the time for it out."""

        def __init__(self) -> None:
            super().__init__(silent=True)
            self.looking, self.curve = 0.0, []

        def told(self, figures: dict[str, float]) -> None:
            before = time.perf_counter()
            right = judge.logits_of(self.model, images).argmax(axis=1) == labels
            self.curve.append((before - start - self.looking, float(np.mean(right))))
            self.looking += time.perf_counter() - before

    recipe = recipes.find("fast", recipes.Wishes(seed=seed))
    watch = Stopwatch()
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        fit.train(fit.Plan(recipe, Path(folder) / "run"), watch)
    return {
        "seconds": watch.curve[-1][0],
        "accuracy": watch.curve[-1][1],
        "pictures": recipe.epochs * recipe.steps * recipe.batch,
        "curve": watch.curve,
    }


def in_process(name: str, seed: int) -> dict[str, Any]:
    """Run a contender in a process of its own; adds what the whole process took."""
    words = [sys.executable, __file__, "--child", name, "--seed", str(seed)]
    quiet = {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3"}
    before, start = os.times(), time.perf_counter()
    done = subprocess.run(words, env=os.environ | quiet, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    after = os.times()
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return found | {
        "process_seconds": time.perf_counter() - start,
        "cpu_seconds": spent,
        "pictures_per_second": found["pictures"] / found["seconds"],
    }


def judged(turn: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """A turn with what compares the two."""
    goal, limit = turn["tutorial"]["accuracy"], turn["tutorial"]["seconds"]
    curve = turn["fast"]["curve"]
    turn["fast"]["seconds_to_tutorial"] = next((at for at, share in curve if share >= goal), None)
    turn["fast"]["accuracy_in_tutorial_time"] = next(
        (share for at, share in curve[::-1] if at <= limit), None
    )
    return turn


def mean(rows: list[dict[str, Any]]) -> dict[str, float]:
    """The means of the figures that all rows have."""
    names = [k for k in rows[0] if all(isinstance(row[k], int | float) for row in rows)]
    return {name: round(statistics.fmean(row[name] for row in rows), 5) for name in names}


if __name__ == "__main__":
    main()
