"""Read with several processes: pages come in the order of the sources, and few wait in memory."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from inkread.types import Page

if TYPE_CHECKING:
    from inkread.readers.reader import Crop, Reader

    _How: TypeAlias = tuple[Reader, Crop | None, float]

__all__ = ["helpers", "read_in_processes"]

_CHUNK, _LOAD = 16, 400_000
"""A worker takes so many files at a time, and fewer where they are large: about so many bytes."""
_MOST = 4
"""So many processes are started unasked: each needs memory for a large picture."""
_WORTH = 4
"""A process takes about two patiences of work to start; of two, each saves half of what is left."""


def helpers(files: Iterator[str], done: int) -> tuple[int, Iterator[str]]:
    """How many processes to start for the rest of a pile, and that rest.

    Args:
        files: what is left.
        done: files that were read while this process was patient; of a rest that is no multiple of them
            (forms are slow, and a few of them few), processes would take longer to start than they save.

    Returns:
        The number, 1 for none but this one; and the files.
    """
    worth = _WORTH * max(done, 1)
    following = list(islice(files, worth))
    return _cores() if len(following) == worth else 1, chain(following, files)


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
    """Share files among processes; the order of the pages is that of the files.

    Where a process dies, or none can be started, this one reads what they still owe.
    """
    owed: deque[list[str]] = deque()
    if workers > 1:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_start) as pool:
            try:
                yield from _shared(pool, owed, files, 5 * workers, (reader, crop, rotate))
            finally:
                pool.shutdown(wait=True, cancel_futures=True)
    for file in chain(*owed, files):
        yield from reader.read_or_fail(file, crop=crop, rotate=rotate)


def _shared(
    pool: ProcessPoolExecutor, owed: deque[list[str]], files: Iterator[str], most: int, how: _How
) -> Iterator[Page]:
    """The pages that the processes deliver; `owed` holds what they have taken and not delivered."""
    reader, crop, rotate = how
    waiting: deque[Future[list[Page]]] = deque()
    while True:
        try:
            while len(owed) < most and (chunk := _chunk(files)):
                owed.append(chunk)
                waiting.append(pool.submit(_read, reader, chunk, crop, rotate))
            if not waiting:
                return
            pages = waiting.popleft().result()
        except (BrokenProcessPool, OSError):  # killed for its memory, say
            return
        owed.popleft()
        yield from pages


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
