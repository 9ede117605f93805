"""Batches of varied views, made ahead by other processes, so that the network need not wait.

Chance comes from (seed, epoch, batch) alone, never from what ran before or from how many processes run.
"""

from __future__ import annotations

import os
import threading
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from pathlib import Path

import cv2
import numpy as np

from inkread.data import shots, views
from inkread.data.shots import Shots

__all__ = ["Pair", "Supply", "batch_of"]

AHEAD = 12
"""Batches that are made before they are asked for; each takes 8 MB."""

Pair = tuple[np.ndarray, np.ndarray]
"""Pictures `(batch, side, side, 3)` and their ink `(batch, side, side, 1)`, float32; see `views.view`."""


class Supply:
    """The batches of a run, by number; use it as a context, so that its processes end.

    Args:
        pool: what the views are of.
        batch: views a batch.
        seed: of the run.
        processes: that make them; 0 for none but this one.
    """

    def __init__(self, pool: Shots, *, batch: int, seed: int, processes: int = 2) -> None:
        self._pool, self._batch, self._seed = pool, batch, seed
        self._waiting: dict[tuple[int, int], Future[Pair]] = {}
        self._workers = (
            ProcessPoolExecutor(
                processes, mp_context=get_context("spawn"), initializer=_start, initargs=(pool.path,)
            )
            if processes
            else None
        )

    def __enter__(self) -> Supply:
        return self

    def __exit__(self, *error: object) -> None:
        if self._workers is not None:
            self._workers.shutdown(wait=True, cancel_futures=True)

    def get(self, epoch: int, number: int, steps: int) -> Pair:
        """A batch; the ones after it are begun.

        Args:
            epoch: from 0.
            number: of the batch in the epoch, from 0.
            steps: batches an epoch.

        Raises:
            DataError: the photos are damaged.
        """
        if self._workers is None:
            return batch_of(self._pool, self._batch, (self._seed, epoch, number))
        place = epoch * steps + number
        for key in (divmod(place + k, steps) for k in range(AHEAD)):
            if key not in self._waiting:
                self._waiting[key] = self._workers.submit(_made, self._batch, (self._seed, *key))
        return self._waiting.pop((epoch, number)).result()


def batch_of(pool: Shots, batch: int, chance: tuple[int, int, int]) -> Pair:
    """Make one batch.

    Args:
        pool: what the views are of.
        batch: how many.
        chance: (seed, epoch, number of the batch).
    """
    rng = np.random.default_rng(chance)
    made = [views.view(*pool[int(rng.integers(len(pool)))], rng) for _ in range(batch)]
    return np.stack([picture for picture, _ in made]), np.stack([ink for _, ink in made])


_opened: list[Shots] = []
"""The pool of a worker process."""


def _start(path: Path) -> None:
    """Make a process ready: the cores are shared already, Ctrl-C is the parent's, and so is life."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cv2.setNumThreads(1)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _opened.append(shots.opened(path))


def _end_with_parent() -> None:
    """A parent that was killed cannot end its processes."""
    if parent := parent_process():
        parent.join()
        os._exit(1)


def _made(batch: int, chance: tuple[int, int, int]) -> Pair:
    return batch_of(_opened[0], batch, chance)
