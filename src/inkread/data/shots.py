"""Photos with their ink, rendered once and kept on disk: the material of the models `ink` and `field-ink`.

A pool of 40,000 takes 4 GB, more than memory may have room for: all pixels lie in one flat file that is
mapped, and an index beside it says where each photo is and what its bytes sum to, so that damage is noticed.
The names of the files tell how the pool was made, as in `pool`.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np

from inkread.data import fieldpools, scenes, sources, splits
from inkread.data.pool import Order
from inkread.errors import DataError
from inkread.outputs.atomic import replacing
from inkread.synth import digits, fieldscenes, rejects

__all__ = ["FIELDS", "LONGEST", "Shots", "draw", "opened", "rendered"]

VERSION = 1
"""Raised when the same order gives other photos."""
LONGEST, LONGEST_FIELD = 256, 352
"""Longest side of a kept photo, in pixels, of a sign and of a field; larger ones are reduced."""
FIELDS = "fields"
"""What an order names for photos of fields, in place of single signs."""
PROCESSES = 2
CHUNK = 250
STREAM = 11
"""Keeps these photos' random numbers apart from those of the pools of single digits."""


@dataclass(frozen=True, slots=True, eq=False)
class Shots:
    """Photos and where their ink is, read from the disk when they are asked for.

    Attributes:
        path: of the pixels.
        pixels: `(total, 4)` uint8, mapped: red, green, blue and ink of every pixel, photo after photo.
        sizes: `(n, 2)` int64, height and width of each photo.
        starts: `(n,)` int64, its first row in `pixels`.
        sums: `(n,)` uint32, CRC-32 of its bytes.
    """

    path: Path
    pixels: np.ndarray
    sizes: np.ndarray
    starts: np.ndarray
    sums: np.ndarray

    def __len__(self) -> int:
        return len(self.sizes)

    def __getitem__(self, number: int) -> tuple[np.ndarray, np.ndarray]:
        """A photo, uint8 `(height, width, 3)`, and its ink, uint8 `(height, width)`, 255 where all is ink.

        Raises:
            DataError: its bytes are not those that were written.
        """
        (height, width), start = self.sizes[number], int(self.starts[number])
        rows = self.pixels[start : start + height * width]
        if zlib.crc32(rows.tobytes()) != int(self.sums[number]):
            raise DataError(f"{self.path} is damaged (photo {number}); delete it and run again")
        both = np.asarray(rows).reshape(height, width, 4)
        return np.ascontiguousarray(both[..., :3]), np.ascontiguousarray(both[..., 3])

    def checksum(self) -> str:
        """A fingerprint of all photos."""
        return hashlib.sha256(self.sizes.tobytes() + self.sums.tobytes()).hexdigest()[:16]


def rendered(folder: Path, order: Order, say: Callable[[str], None], *, processes: int = PROCESSES) -> Shots:
    """The photos of an order, from the folder or freshly rendered into it.

    Args:
        folder: keeps pools; made where it is not there.
        order: what to render. Photo i depends on (seed, part, i) alone. Training takes hands and conditions
            that are for training, the other parts hands that are held back.
        say: hears how far it is.
        processes: that render; the photos do not depend on their number.

    Returns:
        The photos.

    Raises:
        DataError: a kept file is damaged.
        InkreadError: the disk is full.
    """
    path = folder / f"{order.part}-ink-{_key(order)}.rgbi"
    if not _index(path).is_file():
        folder.mkdir(parents=True, exist_ok=True)
        _render(path, order, say, processes)
    return opened(path)


def opened(path: Path) -> Shots:
    """Open a kept pool.

    Args:
        path: of its pixels; the index lies beside it.

    Raises:
        DataError: either file is missing or damaged.
    """
    try:
        with np.load(_index(path), allow_pickle=False) as archive:
            sizes, sums = archive["sizes"], archive["sums"]
        areas = sizes.prod(axis=1)
        if sizes.shape != (len(sums), 2) or path.stat().st_size != 4 * areas.sum():
            raise ValueError("it is not as long as its index says")
        pixels = np.memmap(path, np.uint8, "r").reshape(-1, 4)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise DataError(f"{path} is damaged ({error}); delete {path.stem}.* and run again") from error
    return Shots(path, pixels, sizes, np.cumsum(areas) - areas, sums)


def draw(task: tuple[Order, int, int]) -> list[np.ndarray]:
    """Render photos `first` to `first + count` of an order.

    Args:
        task: (order, first, count); one value, since it travels to other processes.

    Returns:
        uint8 `(height, width, 4)` each: red, green, blue, ink.
    """
    cv2.setNumThreads(1)
    order, first, count = task
    if order.what == FIELDS:
        return [_field(order.part, i) for i in range(first, first + count)]
    artist = scenes.artist(order.part)
    part = scenes.PARTS.index(order.part)
    return [
        _shot(artist, np.random.default_rng([order.seed, STREAM, part, i]), order.rejects)
        for i in range(first, first + count)
    ]


def _shot(artist: scenes.Artist, rng: np.random.Generator, share_of_rejects: float) -> np.ndarray:
    """One photo of a sign with its ink."""
    axes = "train" if artist.part == "train" else "hand"
    if rng.random() < share_of_rejects:
        sample = rejects.render(rng, artist.bank, axes)
    else:
        sample = digits.render(rng, artist.hands, axes)
    return _kept(sample.rgb, sample.ink, LONGEST)


def _field(part: str, number: int) -> np.ndarray:
    """One photo of a field with its ink."""
    held = part != "train"
    rng = np.random.default_rng([6, int(held), number])
    axes = "held_out" if held and rng.random() < 0.5 else "train"
    hands = fieldpools.hands("held" if held else "train")
    scene = fieldscenes.render(rng, hands, fieldscenes.Order(axes=axes))
    return _kept(np.asarray(scene.rgb, np.uint8), scene.ink, LONGEST_FIELD)


def _kept(rgb: np.ndarray, ink: np.ndarray, longest: int) -> np.ndarray:
    """A photo and its ink as they are kept, no longer than that."""
    factor = longest / max(ink.shape)
    if factor < 1:
        size = max(8, round(ink.shape[1] * factor)), max(8, round(ink.shape[0] * factor))
        rgb = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
        ink = cv2.resize(ink, size, interpolation=cv2.INTER_AREA)
    return np.dstack([rgb, np.rint(np.clip(ink, 0, 1) * 255).astype(np.uint8)])


def _render(path: Path, order: Order, say: Callable[[str], None], processes: int) -> None:
    """Render all photos of an order and write them, the index last: it stands for a whole pool."""
    starts = range(0, order.count, CHUNK)
    tasks = [(order, start, min(CHUNK, order.count - start)) for start in starts]
    sizes: list[tuple[int, ...]] = []
    sums: list[int] = []
    began = said = time.monotonic()
    with replacing(path) as new, new.open("wb") as file:
        for done, part in enumerate(_drawn(tasks, processes), 1):
            for both in part:
                file.write(both.tobytes())
                sizes.append(both.shape[:2])
                sums.append(zlib.crc32(both.tobytes()))
            now = time.monotonic()
            if now - said > 30:
                said = now
                left = (now - began) * (len(tasks) / done - 1)
                say(f"rendering {order.part}: {100 * done / len(tasks):.0f} %, {left:.0f} s left")
    with replacing(_index(path)) as new, new.open("wb") as file:
        np.savez(file, sizes=np.array(sizes, np.int64), sums=np.array(sums, np.uint32))
    say(f"rendered {len(sizes)} photos for {order.part} in {time.monotonic() - began:.0f} s")


def _drawn(tasks: list[tuple[Order, int, int]], processes: int) -> Iterator[list[np.ndarray]]:
    """The photos of all tasks, in order, several processes side by side."""
    if processes == 1 or len(tasks) == 1:
        yield from map(draw, tasks)
        return
    with multiprocessing.get_context("spawn").Pool(processes) as workers:
        yield from workers.imap(draw, tasks)


def _index(path: Path) -> Path:
    """The file that says where each photo is."""
    return path.with_suffix(".npz")


def _key(order: Order) -> str:
    """Twelve hex digits that change when the photos would."""
    folder = sources.data_folder()
    told = {
        "order": asdict(order),
        "version": VERSION,
        "longest": LONGEST if order.what != FIELDS else [LONGEST_FIELD, fieldscenes.VERSION],
        "writers": splits.mnist_train().how,
        "data": [bool(folder and (folder / name).is_dir()) for name in ("fonts", "lines", "characters")],
        "hnd62": sources.hnd62_digits(held_back=False) is not None,
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:12]
