"""How fast, against what a user would do otherwise? Prints one JSON object; ratios are of one run.

    python benchmarks/speed.py [--runs 7] [--skip-keras]

- `process`: a whole `inkread read one.png` process, against a Python process that only imports numpy, cv2 and
  onnxruntime, and against a Keras process that does the tutorial's prediction of one photo (needs
  '.[train]').
- `in_process`: `Reader.read` of one photo as an array, against `model.predict` of the tutorial's CNN on one
  picture that has already been resized.
- `folder`: 2,000 pictures of 200x200 pixels read on two workers: pictures a second, with and without the
  start of the processes, and the peak memory of the largest process.
- `field`: one ZIP in the boxes of a form, 300 x 96 pixels: `Reader.read` in process, on one thread; a whole
  `inkread read` process against one that only imports numpy, cv2 and onnxruntime; and a folder of 1,000 such
  crops on two workers, start of the processes included.
- `photos`: JPEG photos of 12 megapixels, files to text, on two workers.

Runs of what is compared take turns, so that a busy machine hurts all alike; medians are told.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from _scenes import Hand, hands, ink, on_paper
from PIL import Image

import inkread

BARE = "import numpy, cv2, onnxruntime"
READ = "import sys; from inkread.cli import main; sys.argv = ['inkread', 'read', {picture!r}]; main()"
KERAS = """
import cv2, keras
model = keras.saving.load_model({model!r})
grey = cv2.resize(cv2.imread({picture!r}, cv2.IMREAD_GRAYSCALE), (28, 28))
print(model.predict((255 - grey).reshape(1, 28, 28, 1) / 255.0, verbose=0).argmax())
"""


def processes(folder: Path, runs: int, *, with_keras: bool) -> dict[str, float]:
    """Whole processes, in seconds and as ratios."""
    picture = folder / "one.png"
    Image.fromarray(on_paper(hands(1)[0], 200)).save(picture)
    scripts = {"read": READ.format(picture=str(picture)), "bare_imports": BARE}
    if with_keras:
        model = folder / "tutorial.keras"
        _tutorial().save(model)
        scripts["keras"] = KERAS.format(model=str(model), picture=str(picture))
    seconds = _in_turns({name: lambda code=code: _python(code) for name, code in scripts.items()}, runs)
    result = {f"{name}_seconds": round(value, 3) for name, value in seconds.items()}
    result["read_over_bare_imports"] = round(seconds["read"] / seconds["bare_imports"], 2)
    if with_keras:
        result["keras_over_read"] = round(seconds["keras"] / seconds["read"], 1)
    return result


def in_process(runs: int, *, with_keras: bool) -> dict[str, float]:
    """One picture, everything loaded: milliseconds and the ratio."""
    reader, photo = inkread.Reader("digit"), on_paper(hands(1)[0], 120)
    times = {"read": 200, "predict": 20}  # about as long a turn; what the one before left running ends in it
    ways: dict[str, Callable[[], object]] = {
        "read": lambda: [reader.read(photo) for _ in range(times["read"])]
    }
    if with_keras:
        model, picture = _tutorial(), np.zeros((1, 28, 28, 1), np.float32)
        ways["predict"] = lambda: [model.predict(picture, verbose=0) for _ in range(times["predict"])]
    for way in ways.values():
        way()
    seconds = _in_turns(ways, runs)
    each = {name: value / times[name] for name, value in seconds.items()}
    result = {f"{name}_ms": round(1000 * value, 3) for name, value in each.items()}
    if with_keras:
        result["predict_over_read"] = round(each["predict"] / each["read"], 1)
    return result


def folder_of_pictures(folder: Path, n: int) -> dict[str, float]:
    """A folder of small pictures on two workers, start of the processes included."""
    place = folder / "small"
    place.mkdir()
    drawn = [on_paper(hand, 118) for hand in hands(200)]
    for i in range(n):
        picture = drawn[i % len(drawn)]
        framed = np.full((200, 200, 3), picture[0, 0], np.uint8)
        height, width = min(200, picture.shape[0]), min(200, picture.shape[1])
        framed[:height, :width] = picture[:height, :width]
        Image.fromarray(framed).save(place / f"{i:05}.png")
    seconds = _read_folder(place, n)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return {"pictures": n, "pictures_per_second": round(n / seconds, 1), "peak_megabytes": round(peak / 1e6)}


def fields(folder: Path, runs: int, n: int) -> dict[str, float]:
    """A ZIP in boxes: in process, as a process, and a folder of crops."""
    place = folder / "zips"
    place.mkdir()
    drawn = hands(40)
    for i in range(n):
        Image.fromarray(_zip(drawn, i)).save(place / f"{i:05}.png")
    reader, crops = inkread.Reader("field", format="us_zip"), [_zip(drawn, i) for i in range(8)]
    ways = {"read": lambda: [reader.read(crop) for crop in crops]}
    ways["read"]()
    in_one = _in_turns(ways, runs)["read"] / len(crops)
    picture = place / "00000.png"
    script = READ.format(picture=str(picture)).replace("; main()", " + ['--format', 'us_zip']; main()")
    seconds = _in_turns({"read": lambda: _python(script), "bare": lambda: _python(BARE)}, runs)
    return {
        "in_process_ms": round(1000 * in_one, 2),
        "process_over_bare_imports": round(seconds["read"] / seconds["bare"], 2),
        "crops": n,
        "crops_per_second": round(n / _read_folder(place, n, "'--format', 'us_zip', "), 1),
    }


def _zip(drawn: list[Hand], number: int) -> np.ndarray:
    """Five digits of some in five boxes, uint8 `(96, 300, 3)`."""
    grey = np.full((96, 300), 225.0)
    grey[14:16, 15:287] = grey[80:82, 15:287] = 110
    for left in range(15, 286, 54):
        grey[14:82, left : left + 2] = 110
    for place in range(5):
        digit = ink(drawn[(7 * number + place) % len(drawn)], 44)[:, :48]
        part = grey[26 : 26 + digit.shape[0], 20 + 54 * place : 20 + 54 * place + digit.shape[1]]
        part -= (part - 45) * digit
    return np.repeat(grey.astype(np.uint8)[..., None], 3, axis=2)


def large_photos(folder: Path, n: int) -> dict[str, float]:
    """Photos of 4,000 x 3,000 pixels on two workers."""
    place = folder / "large"
    place.mkdir()
    for i, hand in enumerate(hands(4)):
        photo = np.full((3000, 4000, 3), 215, np.uint8)
        drawn = on_paper(hand, 900)
        photo[:] = drawn[0, 0]
        photo[600 : 600 + drawn.shape[0], 1200 : 1200 + drawn.shape[1]] = drawn
        for copy in range(i, n, 4):
            Image.fromarray(photo).save(place / f"{copy:03}.jpg", quality=90)
    return {"photos": n, "photos_per_second": round(n / _read_folder(place, n), 2)}


def _read_folder(place: Path, n: int, more: str = "") -> float:
    """Seconds that `inkread read FOLDER --workers 2 --json` takes as a process."""
    code = f"import sys; from inkread.cli import main; sys.argv = ['inkread', 'read', {str(place)!r}, "
    code += f"{more}'--workers', '2', '--json']; main()"
    started = time.perf_counter()
    lines = _python(code).count("\n")
    seconds = time.perf_counter() - started
    if lines < n:
        sys.exit(f"{n} pictures gave {lines} lines; something is wrong with inkread read")
    return seconds


def _python(code: str) -> str:
    """Run code in a fresh interpreter; its stdout."""
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False
    )
    if done.returncode:
        sys.exit(f"a process failed:\n{done.stderr[-2000:]}")
    return done.stdout


def _in_turns(ways: dict[str, Callable[[], object]], runs: int) -> dict[str, float]:
    """Median seconds of each way; the ways take turns."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(runs):
        for name, way in ways.items():
            started = time.perf_counter()
            way()
            seconds[name].append(time.perf_counter() - started)
    return {name: statistics.median(values) for name, values in seconds.items()}


def _tutorial():
    """The tutorial's CNN, untrained: its weights do not change its speed."""
    from inkread.models import tutorial

    return tutorial()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="How fast, against what a user would do otherwise?")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--pictures", type=int, default=2000)
    parser.add_argument("--crops", type=int, default=1000)
    parser.add_argument("--photos", type=int, default=24)
    parser.add_argument("--skip-keras", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        result = {
            "benchmark": "speed",
            "machine": f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}",
            "python": platform.python_version(),
            "runs": asked.runs,
            "folder": folder_of_pictures(folder, asked.pictures),
            "field": fields(folder, asked.runs, asked.crops),
            "photos": large_photos(folder, asked.photos),
            "process": processes(folder, asked.runs, with_keras=not asked.skip_keras),
            "in_process": in_process(asked.runs, with_keras=not asked.skip_keras),
        }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
