"""Batches made ahead by other processes, so that the network need not wait.

Chance comes from (seed, epoch, batch) alone, never from what ran before or from how many processes run.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context, parent_process

import cv2
import numpy as np

__all__ = ["Chance", "Maker", "Pair", "Supply"]

AHEAD = 12
"""Batches that are made before they are asked for; each takes up to 8 MB."""

Pair = tuple[np.ndarray, np.ndarray]
"""What a network sees, and what it should say."""
Chance = tuple[int, int, int]
"""(seed, epoch, number of the batch)."""
Maker = Callable[[Chance], Pair]
"""Makes a batch. It goes to other processes: a function of a module, or a `partial` of one."""


class Supply:
    """The batches of a run, by number; use it as a context, so that its processes end.

    Args:
        make: makes a batch.
        seed: of the run.
        processes: that make them; 0 for none but this one.
    """

    def __init__(self, make: Maker, *, seed: int, processes: int = 2) -> None:
        self._make, self._seed = make, seed
        self._waiting: dict[tuple[int, int], Future[Pair]] = {}
        self._workers = (
            ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_start)
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
            DataError: what the batches are made of is damaged.
        """
        if self._workers is None:
            return self._make((self._seed, epoch, number))
        place = epoch * steps + number
        for key in (divmod(place + k, steps) for k in range(AHEAD)):
            if key not in self._waiting:
                self._waiting[key] = self._workers.submit(self._make, (self._seed, *key))
        return self._waiting.pop((epoch, number)).result()


def _start() -> None:
    """Make a process ready: the cores are shared already, Ctrl-C is the parent's, and so is life."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cv2.setNumThreads(1)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A parent that was killed cannot end its processes."""
    if parent := parent_process():
        parent.join()
        os._exit(1)
