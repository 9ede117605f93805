"""Read with several processes: pages come in the order of the sources, and few wait in memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from typing import TYPE_CHECKING

from inkread.types import Page

if TYPE_CHECKING:
    from inkread.readers.reader import Crop, Reader

__all__ = ["read_in_processes"]

_CHUNK = 16
"""Files a worker takes at a time."""


def read_in_processes(
    reader: Reader, files: Iterator[str], workers: int, crop: Crop | None, rotate: float
) -> Iterator[Page]:
    """Share files among processes; the order of the pages is that of the files."""
    waiting: deque[Future[list[Page]]] = deque()
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_start) as pool:
        try:
            while True:
                while len(waiting) < 3 * workers and (chunk := list(islice(files, _CHUNK))):
                    waiting.append(pool.submit(_read, reader, chunk, crop, rotate))
                if not waiting:
                    return
                yield from waiting.popleft().result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _start() -> None:
    """The processes share the cores already: OpenCV must not start threads of its own in each."""
    import signal

    import cv2

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    cv2.setNumThreads(1)


def _read(reader: Reader, chunk: list[str], crop: Crop | None, rotate: float) -> list[Page]:
    return [page for file in chunk for page in reader.read_or_fail(file, crop=crop, rotate=rotate)]
