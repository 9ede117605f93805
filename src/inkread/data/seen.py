"""A labelled set as a network will see it: every picture through the normaliser, broken ones named.

Arrays of 28x28 grey pixels are taken as they are, in MNIST's polarity; everything else goes the way that a
user's photo goes when it is read.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from inkread.data.labelled import Item, Labelled
from inkread.errors import SourceError
from inkread.imaging.load import pages
from inkread.imaging.normalize import SIDE, normalize

__all__ = ["Seen", "inverted", "see"]

THREADS = min(4, os.cpu_count() or 1)


@dataclass(frozen=True, slots=True)
class Seen:
    """Pictures in MNIST's form, and what is known of each.

    Attributes:
        names: a file's path, or the place in its array, such as "#12".
        images: `(n, 28, 28)` uint8, white on black; all 0 where nothing stands out.
        labels: texts; "" is "nothing to be read here".
        writers: "" where not known.
        keys: equal for pictures that are the same, byte for byte or pixel for pixel.
        broken: what is wrong with those that cannot be opened, by position.
    """

    names: tuple[str, ...]
    images: np.ndarray
    labels: tuple[str, ...]
    writers: tuple[str, ...]
    keys: tuple[str, ...]
    broken: dict[int, str]

    def __len__(self) -> int:
        return len(self.names)

    @property
    def blank(self) -> np.ndarray:
        """`(n,)` bool: nothing stands out, though the label says that there is something."""
        sound = np.array([place not in self.broken and bool(text) for place, text in enumerate(self.labels)])
        return sound & ~self.images.any(axis=(1, 2))


def see(found: Labelled) -> Seen:
    """Look at every picture of a set.

    Args:
        found: the set.

    Returns:
        The pictures as a network sees them, in the set's order; nothing is left out.
    """
    stacked = found.arrays()
    if stacked is not None and stacked.shape[1:] == (SIDE, SIDE):
        images = np.where(inverted(stacked)[:, None, None], 255 - stacked, stacked)
        keys = tuple(hashlib.sha256(image.tobytes()).hexdigest() for image in images)
        return _seen(found.items, images, keys, {})
    with ThreadPoolExecutor(THREADS) as threads:
        looked = list(threads.map(_look, found.items))
    broken = {place: told for place, (_, _, told) in enumerate(looked) if told}
    return _seen(found.items, np.stack([one[0] for one in looked]), tuple(one[1] for one in looked), broken)


def inverted(images: np.ndarray) -> np.ndarray:
    """Tell which pictures are dark on light, by the median of their border.

    Args:
        images: `(n, height, width)` uint8.

    Returns:
        `(n,)` bool.
    """
    edge = np.concatenate([images[:, 0], images[:, -1], images[:, 1:-1, 0], images[:, 1:-1, -1]], axis=1)
    return np.asarray(np.median(edge, axis=1) > 127)


def _seen(items: Sequence[Item], images: np.ndarray, keys: tuple[str, ...], broken: dict[int, str]) -> Seen:
    return Seen(
        tuple(i.picture if isinstance(i.picture, str) else f"#{n}" for n, i in enumerate(items)),
        images,
        tuple(item.label for item in items),
        tuple(item.writer for item in items),
        keys,
        broken,
    )


def _look(item: Item) -> tuple[np.ndarray, str, str]:
    """One picture as the network sees it, its key, and what is wrong with it (nothing: "")."""
    try:
        key = hashlib.sha256(_content(item.picture)).hexdigest()
        picture = item.picture
        if item.rotate:
            picture = next(iter(pages(picture, rotate=item.rotate))).rgb
        return np.rint(normalize(picture)[..., 0] * 255).astype(np.uint8), key, ""
    except (SourceError, OSError) as error:
        return np.zeros((SIDE, SIDE), np.uint8), f"broken {id(item)}", str(error)


def _content(picture: str | np.ndarray) -> bytes:
    """What makes two pictures the same."""
    return Path(picture).read_bytes() if isinstance(picture, str) else picture.tobytes()
