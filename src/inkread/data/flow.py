"""Pictures varied on the way into `keras.Model.fit`: what `inkread.Augment.flow` returns.

Chance comes from (seed, epoch, batch) alone, so the number of workers changes nothing, and the same seed
gives the same epochs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from inkread.data.vary import Augment, pictures
from inkread.errors import UsageError

__all__ = ["Data", "Flow"]


@dataclass(frozen=True, slots=True)
class Data:
    """What batches are cut from.

    Attributes:
        x: the pictures.
        y: what goes with each, or None.
        weights: `(n,)`, or None.
    """

    x: np.ndarray
    y: Any = None
    weights: np.ndarray | None = None


class Flow(keras.utils.PyDataset):
    """Batches `x`, `(x, y)` or `(x, y, weights)`, varied anew in every epoch.

    Args:
        augment: how.
        data: what; pictures keep their shape, type and range.
        batch_size: the last batch may be smaller.
        shuffle: a new order in every epoch.

    Raises:
        UsageError: see `Augment.flow`.
    """

    def __init__(self, augment: Augment, data: Data, batch_size: int, shuffle: bool) -> None:
        super().__init__(workers=1, use_multiprocessing=False, max_queue_size=24)
        self._images, self._dark = pictures(data.x)
        self._shape, self._dtype = data.x.shape[1:], data.x.dtype
        if not len(self._images) or batch_size < 1:
            raise UsageError(f"{len(self._images)} pictures in batches of {batch_size}; expected 1 or more")
        self._y, self._weights = _arrays(data.y), _arrays(data.weights)
        for name, part in (("y", self._y), ("sample_weight", self._weights)):
            odd = [len(leaf) for leaf in _leaves(part) if len(leaf) != len(self._images)]
            if odd:
                raise UsageError(
                    f"{name} has {odd[0]} entries for {len(self._images)} pictures; expected one each"
                )
        self._augment, self._batch_size, self._shuffle = augment, int(batch_size), bool(shuffle)
        seed = np.random.SeedSequence().entropy if augment.seed is None else augment.seed
        self._seed, self._epoch = int(seed), 0  # type: ignore[arg-type]
        self._begin()

    def __len__(self) -> int:
        """Batches an epoch."""
        return math.ceil(len(self._images) / self._batch_size)

    def __getitem__(self, index: int) -> Any:
        """One batch of this epoch."""
        if not -len(self) <= index < len(self):
            raise IndexError(f"there is no batch {index}; the flow has {len(self)}")
        index %= len(self)
        rows = self._order[index * self._batch_size : (index + 1) * self._batch_size]
        rng = np.random.default_rng([self._seed, self._epoch, index + 1]) if self._augment.marks else None
        moves = None if self._moves is None else self._moves[:, rows]
        varied = self._augment.vary(self._images[rows], rng, dark=self._dark, matrices=moves)
        x = varied.astype(self._dtype, copy=False).reshape(len(rows), *self._shape)
        if self._y is None:
            return x
        batch = (x, _taken(self._y, rows))
        return batch if self._weights is None else (*batch, _taken(self._weights, rows))

    def on_epoch_end(self) -> None:
        """Go on to the next epoch; `fit` calls it."""
        self._epoch += 1
        self._begin()

    def _begin(self) -> None:
        """The order of an epoch, and how its pictures move, drawn in one go."""
        n, *size = self._images.shape
        rng = np.random.default_rng([self._seed, self._epoch])
        self._moves = self._augment.matrices(n, (size[0], size[1]), rng) if self._augment.moves else None
        self._order = rng.permutation(n) if self._shuffle else np.arange(n)


def _arrays(value: Any) -> Any:
    """One array, or a tuple or dict of them."""
    if value is None:
        return None
    if isinstance(value, dict):
        return {key: np.asarray(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return tuple(np.asarray(part) for part in value)
    return np.asarray(value)


def _leaves(value: Any) -> list[np.ndarray]:
    """The arrays in what `_arrays` gives."""
    if value is None:
        return []
    if isinstance(value, dict):
        return list(value.values())
    return list(value) if isinstance(value, tuple) else [value]


def _taken(value: Any, rows: np.ndarray) -> Any:
    """These rows of every array."""
    if isinstance(value, dict):
        return {key: part[rows] for key, part in value.items()}
    return tuple(part[rows] for part in value) if isinstance(value, tuple) else value[rows]
