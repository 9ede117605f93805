"""A pool of training pictures: marks photographed by the simulator, then normalised as in reading.

Rendering takes minutes, so a pool is made once by two processes and kept in a file whose name tells how it
was
made: the same order finds it again, another order or another normaliser does not.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import time
import zipfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from inkread.data import sources, splits
from inkread.data.sources import Samples
from inkread.errors import DataError
from inkread.runtime import shelf

__all__ = ["Order", "credits", "draw", "normalizer_version", "rendered"]

VERSION = 4
"""Raised when the same order gives other pictures."""
VERSION_OF_CHARACTERS = 2
"""The same, of characters alone."""

PROCESSES = 2
CHUNK = 250


@dataclass(frozen=True, slots=True)
class Order:
    """What to render.

    Attributes:
        part: "train", "validation" or "calibration": decides the hands and the conditions.
        count: pictures.
        rejects: share of them that is not a digit.
        seed: of every picture; picture i depends on (seed, part, i) alone.
        what: "digits" or "characters".
        plain: whether they are normalised as they left the pen, without a photo and without rejects.
    """

    part: str
    count: int
    rejects: float
    seed: int = 0
    what: str = "digits"
    plain: bool = False

    @property
    def told(self) -> dict[str, Any]:
        """What the name of the file depends on."""
        values = asdict(self)
        return values if self.what != "digits" or self.plain else {k: values[k] for k in _FIRST}

    def label(self) -> str:
        """How the file's name begins."""
        return "-".join([self.part, *[self.what] * (self.what != "digits"), *["plain"] * self.plain])


_FIRST = ("part", "count", "rejects", "seed")


def rendered(
    folder: Path, order: Order, say: Callable[[str], None], *, processes: int = PROCESSES
) -> Samples:
    """The pictures of an order, from the folder or freshly rendered into it.

    Args:
        folder: keeps pools; made where it is not there.
        order: what to render.
        say: hears how far it is.
        processes: that render; the pictures do not depend on their number.

    Returns:
        The samples.

    Raises:
        DataError: a kept file is damaged.
    """
    path = folder / f"{order.label()}-{_key(order)}.npz"
    if path.is_file():
        try:
            with np.load(path, allow_pickle=False) as archive:
                return Samples(*(archive[name] for name in ("images", "labels", "groups", "weights")))
        except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise DataError(f"{path} is damaged ({error}); delete it and run again") from error
    samples = _render(order, say, processes)
    folder.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    with partial.open("wb") as file:
        np.savez_compressed(
            file,
            images=samples.images,
            labels=samples.labels,
            groups=samples.groups,
            weights=samples.weights,
        )
    partial.replace(path)
    return samples


def _render(order: Order, say: Callable[[str], None], processes: int) -> Samples:
    """Render all pictures of an order, several processes side by side."""
    starts = range(0, order.count, CHUNK)
    tasks = [(order, start, min(CHUNK, order.count - start)) for start in starts]
    parts: list[Samples] = []
    began = said = time.monotonic()
    if processes == 1 or len(tasks) == 1:
        results = map(draw, tasks)
        parts = list(results)
    else:
        with multiprocessing.get_context("spawn").Pool(processes) as workers:
            for part in workers.imap(draw, tasks):
                parts.append(part)
                now = time.monotonic()
                if now - said > 30:
                    said = now
                    left = (now - began) * (len(tasks) / len(parts) - 1)
                    say(
                        f"rendering {order.label()}: {100 * len(parts) / len(tasks):.0f} %, {left:.0f} s left"
                    )
    samples = Samples.join(parts)
    say(f"rendered {len(samples)} pictures for {order.label()} in {time.monotonic() - began:.0f} s")
    return samples


def draw(task: tuple[Order, int, int]) -> Samples:
    """Render pictures `first` to `first + count` of an order.

    Args:
        task: (order, first, count); one value, since it travels to other processes.

    Returns:
        Their samples, in order.
    """
    import cv2

    from inkread.data import scenes

    cv2.setNumThreads(1)
    order, first, count = task
    artist = scenes.artist(order.part, order.what)
    part = scenes.PARTS.index(order.part)
    streams = (np.random.default_rng([order.seed, part, i]) for i in range(first, first + count))
    made = [artist.clean(rng) if order.plain else artist.picture(rng, order.rejects) for rng in streams]
    return Samples(
        np.stack([m.image for m in made]),
        np.array([m.label for m in made], np.int64),
        np.array([m.group for m in made], np.int64),
        np.array([m.weight for m in made], np.float32),
    )


def credits(what: str = "digits") -> list[str]:
    """What the pool is made of and whose it is, for a model's card.

    Args:
        what: "digits" or "characters".
    """
    return _credits_of_characters() if what == "characters" else _credits_of_digits()


def _credits_of_characters() -> list[str]:
    """The same sets, the letters no rejects but what is learned."""
    found = [text for text in _credits_of_digits() if "as rejects (" not in text]
    told = {
        "hnd62": "hnd62, digits and letters (MIT, repository Bishwaprotapi/Hand-Written; the origin of the "
        "images is not told)",
        "az_capitals": "az_capitals (NIST SD19, public domain; CC0 re-release)",
        "omniglot_latin": "omniglot_latin (MIT, Omniglot)",
        "cuts": "letters cut out of lines of copiste-d-un-jour (BAnQ), testaments-poilus, cremma-mss-19 and "
        "-20 (CREMMA, HTR-United) and stanford-memorials-1905 (PSL-Chartes), training parts (CC BY 4.0)",
    }
    folder = sources.data_folder()
    found = [text for text in found if not text.startswith("hnd62")]
    return found + [
        text for name, text in told.items() if folder and (folder / "characters" / f"{name}.npz").is_file()
    ]


def _credits_of_digits() -> list[str]:
    found = ["MNIST train (CC BY-SA 3.0)", "drawn digits and rejects of inkread's own simulator (Apache-2.0)"]
    if sources.hnd62_digits(held_back=False) is not None:
        found.append(
            "hnd62 digits (MIT, repository Bishwaprotapi/Hand-Written; the origin of the images is not told)"
        )
    folder = sources.data_folder()
    if folder and (folder / "characters" / "az_capitals.npz").is_file():
        found.append("az_capitals, as rejects (NIST SD19, public domain; CC0 re-release)")
    if folder and (folder / "characters" / "omniglot_latin.npz").is_file():
        found.append("omniglot_latin, as rejects (MIT, Omniglot)")
    if folder and (folder / "lines").is_dir():
        found.append(
            "words as rejects, from copiste-d-un-jour (BAnQ), testaments-poilus, cremma-mss-19 and -20 "
            "(CREMMA, HTR-United) and stanford-memorials-1905 (PSL-Chartes), training parts (CC BY 4.0)"
        )
    if folder and (folder / "fonts").is_dir():
        found.append("140 handwriting fonts (OFL-1.1, Apache-2.0)")
    if folder and (folder / "strangers.npz").is_file():
        found.append(
            "as rejects, line icons of Lucide (ISC), Bootstrap Icons, Phosphor, Iconoir, Ionicons, Octicons, "
            "Boxicons, Teenyicons and Jam (MIT) and Carbon (Apache-2.0), and letters of 50 scripts of the "
            "Noto Sans fonts (OFL-1.1)"
        )
    return found


def _fingerprint(folder: Path | None, name: str) -> str:
    """What a set of characters is known by: its file's bytes; empty where it is not there."""
    path = folder / "characters" / f"{name}.npz" if folder else None
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16] if path and path.is_file() else ""


def normalizer_version() -> str:
    """Version of the normaliser that pictures go through."""
    from inkread.imaging.normalize import NORMALIZER_VERSION

    return NORMALIZER_VERSION


def _key(order: Order) -> str:
    """Twelve hex digits that change when the pictures would."""
    folder = sources.data_folder()
    told = {
        "order": order.told,
        "version": VERSION,
        "normalizer": normalizer_version(),
        "finder": hashlib.sha256(shelf.path(shelf.FINDER).read_bytes()).hexdigest(),
        "writers": splits.mnist_train().how,
        "fonts": bool(folder and (folder / "fonts").is_dir()),
        "hnd62": sources.hnd62_digits(held_back=False) is not None,
        "strangers": bool(folder and (folder / "strangers.npz").is_file()),
    }
    if order.what != "digits":
        found = [_fingerprint(folder, name) for name in sources.CHARACTER_SETS]
        told["characters"] = [VERSION_OF_CHARACTERS, *found]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:12]
