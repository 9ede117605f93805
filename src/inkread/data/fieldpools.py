"""What the model `fields` learns from, prepared once and kept: strings of one hand in the fields of forms.

Most strings go through paper, camera and ink, as a user's photo does, some found by rules
(`imaging.field_rows`), most by the network `field-ink`, and come with the shade of the pen; the others are
ink as a clean extraction leaves it. A pool is made in pieces that are kept, so that one that was cut off
goes on, and string i depends on its pool's name and its place alone. What is held back has hands, fonts,
papers, pens and lights that training never sees.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np

from inkread.alphabet import FIELDS
from inkread.data import sources, splits
from inkread.data.linepools import Stock
from inkread.data.linesets import KEPT_HEIGHT, Strips
from inkread.errors import DataError
from inkread.imaging.field_rows import FieldRow, find_rows, rows_of
from inkread.imaging.learned import find_in_field
from inkread.imaging.pen_shade import SHADED_VERSION, shaded
from inkread.imaging.strips import strip
from inkread.runtime import shelf
from inkread.runtime.finder import ink_finder
from inkread.synth import fieldscenes, fieldtexts, leftovers, strings
from inkread.synth.fieldhands import FieldHands
from inkread.synth.fieldscenes import Order, Row

__all__ = ["PARTS", "calibration", "credits", "found_for", "gather", "hands", "kept", "learned_rows", "pool"]

VERSION = 3
"""Raised when the same order gives other strings."""
PARTS = ("train", "held", "calibration")
PROCESSES = 2
CHUNK = 400
"""Strings of a piece of a pool."""
HELD_BACK, CALIBRATION = 1_200, 12_000
"""Strings that choose the weights, and that confidences are fitted on."""
PLAIN = 0.3
"""Share of the strings that see no camera."""
OTHER = 0.3
"""Share of the rows found where nothing was written that are kept, as rows without a text."""
BY_RULES = 0.4
"""Share of the photos whose rows are found by rules; of those for the confidences of one look none are."""
KEPT, MOST_INK = 0.5, 0.5
"""A row that lost more of its ink, or is mostly dark, is no example for training; held-back parts keep it."""
INK_ALONE = 0.15
"""Share of the rows of photos that come without the shade of the pen, as those of forms do."""
_COVERS, _FILLS, _SHARES = 0.75, 0.5, 0.3
"""A row is found where so much of its box is in a found one, and it fills that; no other row does so much."""


def gather(folder: Path, count: int, say: Callable[[str], None], *, processes: int = PROCESSES) -> Stock:
    """Prepare what a run learns from, or find it prepared.

    Args:
        folder: keeps it; made where it is not there.
        count: strings to learn from.
        say: hears how far it is.
        processes: that draw.

    Raises:
        DataError: a piece is damaged, or the data folder lacks what the hands are made of.
    """
    held = pool(folder, "held", HELD_BACK, say, processes=processes)
    train = pool(folder, "train", count, say, processes=processes)
    return Stock({"strings": train}, {"strings": 1.0}, {"strings": held}, ("strings",))


def calibration(folder: Path, say: Callable[[str], None], *, processes: int = PROCESSES) -> Path:
    """The strings that confidences are fitted on, of hands that neither training nor choosing has seen.

    Args:
        folder: keeps them.
        say: hears how far it is.
        processes: that draw.

    Raises:
        DataError: as `gather`.
    """
    return pool(folder, "calibration", CALIBRATION, say, processes=processes)


def pool(
    folder: Path, part: str, count: int, say: Callable[[str], None], *, processes: int = PROCESSES
) -> Path:
    """One part as `Strips`, drawn in pieces that are kept.

    Args:
        folder: keeps it.
        part: one of `PARTS`.
        count: strings.
        say: hears how far it is.
        processes: that draw; the strings do not depend on their number.

    Returns:
        The path of the strips. A group is "HAND|AXES|FORM|KIND".

    Raises:
        DataError: a piece is damaged, or the hands' data are missing.
    """
    key = _key(part)
    path = folder / f"fields-{part}-{count}-{key}.npy"
    if path.with_suffix(".json").is_file():
        return path
    pieces = folder / f"{part}-{key}"
    pieces.mkdir(parents=True, exist_ok=True)
    numbers = list(range(-(-count // CHUNK)))
    missing = [k for k in numbers if not _piece(pieces, k).with_suffix(".json").is_file()]
    began = said = time.monotonic()
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as workers:
        for done, _ in enumerate(workers.map(_draw, [(part, k, pieces) for k in missing]), 1):
            now = time.monotonic()
            if now - said > 30:
                said = now
                left = (now - began) * (len(missing) / done - 1)
                share = 100 * (len(numbers) - len(missing) + done) / len(numbers)
                say(f"drawing strings ({part}): {share:.0f} %, {left:.0f} s left")
    strips = Strips.join([Strips.open(_piece(pieces, k)) for k in numbers])
    if len(strips) > count:
        strips = strips.take(np.arange(count))
    say(f"drew {len(strips)} strings ({part}) in {time.monotonic() - began:.0f} s")
    return strips.save(path)


@lru_cache(maxsize=2)
def hands(part: str) -> FieldHands:
    """The hands of a part: MNIST's writers, fonts, drawn hands and hnd62, divided as everywhere.

    Args:
        part: one of `PARTS`, or "test": MNIST's own test writers, for sets to measure on.

    Raises:
        DataError: no data folder is set, or a set is damaged.
    """
    root = sources.data_folder()
    writers = sources.mnist_writers("test" if part == "test" else "train")
    if root is None or writers is None:
        raise DataError(
            "strings need to know who wrote each digit; set INKREAD_DATA to a folder with mnist/writers.npz"
        )
    images, labels = sources.mnist("test" if part == "test" else "train")
    if part != "test":
        parts = splits.mnist_train()
        rows = {"train": parts.train, "held": parts.validation, "calibration": parts.calibration}[part]
        images, labels, writers = images[rows], labels[rows], writers[rows]
    return FieldHands.load(images, labels, writers, root, away=part != "train")


def credits() -> list[str]:
    """What the strings are made of and whose it is, for a model's card."""
    return [
        "MNIST train, by writer (CC BY-SA 3.0; writers from QMNIST, BSD)",
        "hnd62 (MIT, repository Bishwaprotapi/Hand-Written; the origin of the images is not told)",
        "az_capitals (NIST SD19, public domain; CC0 re-release)",
        "handwriting fonts (OFL-1.1, Apache-2.0)",
        "drawn hands, forms and photos of inkread's own simulator (Apache-2.0)",
    ]


def found_for(rows: tuple[Row, ...], found: list[FieldRow]) -> list[int | None]:
    """Which found row is which written one.

    Args:
        rows: as they were written.
        found: in the same picture.

    Returns:
        For each written row the place of the found one, None where it was lost: not found, or together with
        another.
    """
    shares = [[_overlap(row.box, one.box) for one in found] for row in rows]
    chosen: list[int | None] = []
    for number, own in enumerate(shares):
        best = max(range(len(found)), key=lambda k: own[k][0], default=None)
        if best is None or own[best][0] < _COVERS or own[best][1] < _FILLS:
            chosen.append(None)
            continue
        others = [shares[k][best][0] for k in range(len(rows)) if k != number]
        chosen.append(best if max(others, default=0.0) <= _SHARES else None)
    return chosen


def _overlap(truth: tuple[float, ...], found: tuple[float, ...]) -> tuple[float, float]:
    """The shares of the true box and of the found box that they have in common."""
    wide = min(truth[2], found[2]) - max(truth[0], found[0])
    high = min(truth[3], found[3]) - max(truth[1], found[1])
    common = max(0.0, wide) * max(0.0, high)
    areas = [max(1.0, (box[2] - box[0]) * (box[3] - box[1])) for box in (truth, found)]
    return common / areas[0], common / areas[1]


@dataclass(frozen=True, slots=True, eq=False)
class _Made:
    """A string for the pool."""

    pixels: np.ndarray
    text: str
    group: str


def _piece(folder: Path, number: int) -> Path:
    return folder / f"{number:04d}.npy"


def _draw(task: tuple[str, int, Path]) -> None:
    """Draw one piece of a pool, and keep it."""
    cv2.setNumThreads(1)
    part, number, folder = task
    made: list[_Made] = []
    place = 0
    while len(made) < CHUNK:
        rng = np.random.default_rng([5, PARTS.index(part), number, place])
        made += _plain(rng, part) if rng.random() < PLAIN else _photographed(rng, part)
        place += 1
    made = made[:CHUNK]
    kept = Strips.of([m.pixels for m in made], [m.text for m in made], [m.group for m in made])
    kept.save(_piece(folder, number))


def _plain(rng: np.random.Generator, part: str) -> Iterator[_Made]:
    """A string as a clean extraction leaves it, with what else a crop holds."""
    kind, text = fieldtexts.sample(rng)
    hand = hands(part).pick(rng, text)
    string = strings.compose(text, hand, strings.sample_habit(rng, in_cells=rng.random() < 0.15), rng)
    if rng.random() < fieldscenes.STRUCK:
        string = strings.struck_out(string, rng)
    rows, columns = (np.flatnonzero((string.ink > 0.3).any(axis)) for axis in (1, 0))
    if len(rows):
        tight = string.ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        ink = leftovers.cropped(np.ascontiguousarray(tight), rng)
        cut = strip(ink, KEPT_HEIGHT)
        yield _Made(_coded(np.stack([cut.ink, cut.ink], -1)), string.text, f"{hand.name}||plain|{kind}")


def _photographed(rng: np.random.Generator, part: str) -> Iterator[_Made]:
    """The rows of a photo, as they are found in it."""
    axes = "held_out" if part != "train" and rng.random() < 0.5 else "train"
    scene = fieldscenes.render(rng, hands(part), Order(axes=axes))
    rgb = np.asarray(scene.rgb, np.uint8)
    by_rules = rng.random() < BY_RULES and part != "calibration"
    found = find_rows(rgb) if by_rules else learned_rows(rgb)
    places = found_for(scene.rows, found)
    group = f"{scene.hand}|{scene.axis}|{scene.form}"
    for row, place in zip(scene.rows, places, strict=True):
        if place is not None and (part != "train" or _kept_of(scene.ink, row, found[place]) >= KEPT):
            yield _Made(
                kept(rgb, found[place], alone=rng.random() < INK_ALONE), row.text, f"{group}|{row.kind}"
            )
    near = {k for k, one in enumerate(found) for row in scene.rows if _overlap(row.box, one.box)[1] > 0.02}
    for k, one in enumerate(found):
        if k not in near and rng.random() < OTHER:
            yield _Made(kept(rgb, one, alone=rng.random() < INK_ALONE), "", f"{group}|nothing")


def learned_rows(rgb: np.ndarray) -> list[FieldRow]:
    """The rows of a photo as the network `field-ink` shows them, uint8 `(height, width, 3)`."""
    seen = find_in_field(rgb, ink_finder(shelf.FIELD_FINDER))
    return rows_of(seen, is_bare=True) if seen.contrast else []


def _kept_of(truth: np.ndarray, row: Row, found: FieldRow) -> float:
    """Which share of a row's true ink is in the found one."""
    left, top, right, bottom = (round(v) for v in row.box)
    way = found.to_picture.copy()
    way[:, 2] += way[:, :2] @ (0.5, 0.5) - 0.5 - np.array([left, top])
    size = max(1, right - left), max(1, bottom - top)
    seen = cv2.warpAffine(found.ink, way, size)
    inked = truth[top : top + size[1], left : left + size[0]] > 0.5
    if seen.mean() > MOST_INK or not inked.any():
        return 0.0
    return float(np.minimum(1, 1.5 * seen[: inked.shape[0], : inked.shape[1]][inked]).mean())


def kept(rgb: np.ndarray, row: FieldRow, *, alone: bool = False) -> np.ndarray:
    """A row as a kept strip, uint8 `(KEPT_HEIGHT, width, 2)`: its ink, and the shade of the pen.

    Args:
        rgb: uint8 `(height, width, 3)`, the picture that the row was found in.
        row: as it was found.
        alone: take the ink for the shade, too, as where nothing but the ink is known.
    """
    cut = strip(np.ascontiguousarray(row.ink, np.float32), KEPT_HEIGHT)
    return _coded(np.stack([cut.ink, cut.ink], -1) if alone else shaded(rgb, row.to_picture, cut))


def _coded(ink: np.ndarray) -> np.ndarray:
    return np.rint(ink * 255).astype(np.uint8)


def _key(part: str) -> str:
    """Twelve hex digits that change when the strings would."""
    folder = sources.data_folder()
    told = {
        "part": part,
        "version": VERSION,
        "scenes": fieldscenes.VERSION,
        "finder": hashlib.sha256(shelf.path(shelf.FIELD_FINDER).read_bytes()).hexdigest(),
        "strip": SHADED_VERSION,
        "alphabet": FIELDS.characters,
        "writers": splits.mnist_train().how,
        "fonts": bool(folder and (folder / "fonts").is_dir()),
        "hnd62": bool(folder and (folder / "characters" / "hnd62.npz").is_file()),
        "capitals": bool(folder and (folder / "characters" / "az_capitals.npz").is_file()),
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:12]
