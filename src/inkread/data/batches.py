"""Samples to batches for `keras.Model.fit`, varied on the fly; the same seed and epoch give the same batches.

Chance comes from (seed, epoch, batch) alone, never from what ran before, so a run that was interrupted goes
on as if it had not been.
"""

from __future__ import annotations

from dataclasses import dataclass

import keras
import numpy as np

from inkread.data import augment
from inkread.data.augment import Strength
from inkread.data.sources import Samples

__all__ = ["Part", "Varied", "to_input"]


@dataclass(frozen=True, slots=True)
class Part:
    """One source of training pictures.

    Attributes:
        samples: what it has.
        share: of every epoch, relative to the other parts.
        strength: how much its pictures are varied.
    """

    samples: Samples
    share: float
    strength: Strength


class Varied(keras.utils.PyDataset):
    """Batches of `(pictures, labels, weights)` for one epoch at a time, made in a background thread.

    Args:
        parts: the sources; an epoch draws from each in proportion to its share, evenly over its samples.
        batch: pictures a batch.
        steps: batches an epoch.
        classes: of the network; labels become rows of 0 and 1.
        seed: of the run.
    """

    def __init__(
        self,
        parts: tuple[Part, ...],
        *,
        batch: int,
        steps: int,
        classes: int,
        seed: int,
    ) -> None:
        super().__init__(workers=1, use_multiprocessing=False, max_queue_size=24)
        self._classes = classes
        self._parts, self._batch, self._steps, self._seed = parts, batch, steps, seed
        self.begin(0)

    def begin(self, epoch: int) -> None:
        """Draw the samples of an epoch; call it before each `fit`."""
        self._epoch = epoch
        total = self._batch * self._steps
        whole = sum(part.share for part in self._parts)
        rng = np.random.default_rng([self._seed, epoch])
        counts = [round(total * part.share / whole) for part in self._parts]
        counts[-1] = total - sum(counts[:-1])
        rows = [_draw(len(p.samples), n, rng) for p, n in zip(self._parts, counts, strict=True)]
        which = np.repeat(np.arange(len(rows)), counts)
        order = rng.permutation(total)
        self._which, self._rows = which[order], np.concatenate(rows)[order]

    @property
    def num_batches(self) -> int:
        """Batches an epoch."""
        return self._steps

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """`(batch, 28, 28, 1)` float32 pictures 0..1, `(batch, classes)` labels, `(batch,)` weights."""
        here = slice(index * self._batch, (index + 1) * self._batch)
        which, rows = self._which[here], self._rows[here]
        images = np.empty((len(rows), 28, 28), np.uint8)
        labels = np.empty(len(rows), np.int32)
        weights = np.empty(len(rows), np.float32)
        rng = np.random.default_rng([self._seed, self._epoch, index])
        for number, part in enumerate(self._parts):
            mine = np.flatnonzero(which == number)
            if not len(mine):
                continue
            taken = rows[mine]
            images[mine] = augment.batch(part.samples.images[taken], rng, part.strength)
            labels[mine] = part.samples.labels[taken]
            weights[mine] = part.samples.weights[taken]
        return to_input(images), np.eye(self._classes, dtype=np.float32)[labels], weights


def to_input(images: np.ndarray) -> np.ndarray:
    """`(n, 28, 28)` uint8 pictures as a network takes them: `(n, 28, 28, 1)` float32 in 0..1."""
    return images[..., None].astype(np.float32) / np.float32(255)


def _draw(available: int, wanted: int, rng: np.random.Generator) -> np.ndarray:
    """`wanted` positions, each sample as often as any other to within one."""
    rounds = -(-wanted // available)
    return np.concatenate([rng.permutation(available) for _ in range(rounds)])[:wanted]
