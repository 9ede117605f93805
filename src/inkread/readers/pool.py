"""Read with several processes: pages come in the order of the sources, and few wait in memory."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from inkread.types import Page

if TYPE_CHECKING:
    from inkread.readers.reader import Crop, Reader

__all__ = ["helpers", "read_in_processes"]

_CHUNK, _LOAD = 16, 400_000
"""A worker takes so many files at a time, and fewer where they are large: about so many bytes."""
_MOST = 4
"""So many processes are started unasked: each needs memory for a large picture."""


def helpers(files: Iterator[str], done: int) -> tuple[int, Iterator[str]]:
    """How many processes to start for the rest of a pile, and that rest.

    Args:
        files: what is left.
        done: files that were read in the time in which processes start; fewer are not worth it.

    Returns:
        The number, 1 for none but this one; and the files.
    """
    following = list(islice(files, done))
    return _cores() if len(following) == done else 1, chain(following, files)


def _cores() -> int:
    """Processes that this machine can run at once, a few at most; 1 where it has no way to start any."""
    try:
        get_context("spawn").Lock()
    except (ImportError, OSError):  # no semaphores, as in some containers
        return 1
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(usable, _MOST)


def read_in_processes(
    reader: Reader, files: Iterator[str], workers: int, crop: Crop | None, rotate: float
) -> Iterator[Page]:
    """Share files among processes; the order of the pages is that of the files."""
    if workers == 1:
        for file in files:
            yield from reader.read_or_fail(file, crop=crop, rotate=rotate)
        return
    waiting: deque[Future[list[Page]]] = deque()
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_start) as pool:
        try:
            while True:
                while len(waiting) < 5 * workers and (chunk := _chunk(files)):
                    waiting.append(pool.submit(_read, reader, chunk, crop, rotate))
                if not waiting:
                    return
                yield from waiting.popleft().result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _chunk(files: Iterator[str]) -> list[str]:
    """The next files of a pile that make one portion of work."""
    taken: list[str] = []
    load = 0
    for file in islice(files, _CHUNK):
        taken.append(file)
        load += _size(file)
        if load >= _LOAD:
            break
    return taken


def _size(file: str) -> int:
    """Bytes of a file; nothing of what is none, which whoever opens it will tell."""
    try:
        return Path(file).stat().st_size
    except (OSError, ValueError):
        return 0


def _start() -> None:
    """The processes share the cores already: OpenCV must not start threads of its own in each."""
    import signal

    import cv2

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    cv2.setNumThreads(1)


def _read(reader: Reader, chunk: list[str], crop: Crop | None, rotate: float) -> list[Page]:
    return [page for file in chunk for page in reader.read_or_fail(file, crop=crop, rotate=rotate)]
