"""A few processes that read, with a bounded queue before them and a clock beside them.

Threads would share the models, but a thread cannot be stopped: one picture that takes for ever would hold it
for ever, and a picture that crashes a decoder would take the service along. A process is killed when its time
is up or its client's picture has broken it, and another takes its place; other clients notice nothing.

Each process has one thread here that feeds it. The event loop only waits for futures.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
import tempfile
import threading
import time
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from inkread.server.jobs import Answer, Job, RefusedError, failure
from inkread.server.settings import Limits

__all__ = ["Pool"]

_STARTING = 60.0
"""Seconds in which a process must have loaded its models."""
_PATIENCE = 0.5
"""Seconds after which a thread looks whether it shall stop."""
_STOPPING = "the service is stopping"
_BROKE = "the picture broke the reader; save it again as PNG or JPEG"
_TRIES = 2
"""Processes that a job is given to before its picture is blamed."""
_SLOWEST_RESTART = 30.0


class Pool:
    """The processes. `start` returns at once; `ask` waits until one is ready.

    Args:
        limits: how many processes, how long a queue, how many seconds.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._jobs: SimpleQueue[_Asked] = SimpleQueue()
        self._told: Future[dict[str, Any]] = Future()
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._busy = 0
        self._ready = 0
        self._scratch = Path(tempfile.gettempdir())

    @property
    def ready(self) -> int:
        """Processes that have loaded their models."""
        return self._ready

    @property
    def admitted(self) -> int:
        """Requests that are read or wait for it."""
        return self._busy

    def start(self) -> None:
        """Start the processes, without waiting for them."""
        self._scratch = Path(tempfile.mkdtemp(prefix="inkread-serve-"))
        for number in range(self.limits.workers):
            thread = threading.Thread(
                target=self._feed, args=(self._scratch / str(number),), name=f"feed-{number}", daemon=True
            )
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Kill what still reads, send away what still waits, and remove what was written."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(timeout=5)
        with suppress(Empty):
            while True:
                future = self._jobs.get_nowait().future
                _settle(future, failure(503, _STOPPING, Retry_After="5"))
        with suppress(InvalidStateError):
            self._told.set_exception(RefusedError(503, _STOPPING, Retry_After="5"))
        shutil.rmtree(self._scratch, ignore_errors=True)

    def admit(self) -> bool:
        """Take a place, where one is free: one that reads, or one that waits. Give it back with `leave`."""
        with self._lock:
            if self._busy >= self.limits.workers + self.limits.waiting:
                return False
            self._busy += 1
            return True

    def leave(self) -> None:
        """Give a place back."""
        with self._lock:
            self._busy -= 1

    async def told(self) -> dict[str, Any]:
        """What the first process that is ready says it can read.

        Raises:
            RefusedError: none can be started.
        """
        return await asyncio.shield(asyncio.wrap_future(self._told))

    def submit(self, job: Job) -> Future[Answer]:
        """Queue a job; a future that is cancelled before a process takes it is never read."""
        future: Future[Answer] = Future()
        self._jobs.put(_Asked(job, future))
        return future

    # --- one thread a process ---------------------------------------------------------------------------

    def _feed(self, scratch: Path) -> None:
        """Give jobs to one process after the other, each until it dies or is killed."""
        wait = 0.5
        while not self._stopping.is_set():
            worker = _Worker(scratch, self.limits)
            try:
                told = worker.hello(self._stopping)
                if "error" in told:
                    self._cannot_start(str(told["error"]))
                    self._stopping.wait(wait)
                    wait = min(2 * wait, _SLOWEST_RESTART)
                    continue
                wait = 0.5
                with suppress(InvalidStateError):
                    self._told.set_result(told)
                self._count(1)
                try:
                    while self._serve_one(worker):
                        pass
                finally:
                    self._count(-1)
            finally:
                worker.kill()

    def _count(self, by: int) -> None:
        with self._lock:
            self._ready += by

    def _cannot_start(self, error: str) -> None:
        """Tell who waits, rather than let them wait for a process that never comes."""
        line = "no reader could be started; the service has printed why, and `inkread doctor` says more"
        print(f"inkread: no reader could be started ({error})", file=sys.stderr, flush=True)
        with self._lock:
            if self._ready:
                return
            if not self._told.done():
                waiting, self._told = self._told, Future()
                waiting.set_exception(RefusedError(503, line, Retry_After="10"))
        with suppress(Empty):
            while True:
                future = self._jobs.get_nowait().future
                _settle(future, failure(503, line, Retry_After="10"))

    def _serve_one(self, worker: _Worker) -> bool:
        """Have one job read; False where the process must be replaced."""
        try:
            asked = self._jobs.get(timeout=_PATIENCE)
        except Empty:
            return not self._stopping.is_set() and worker.lives()
        if not asked.tries and not asked.future.set_running_or_notify_cancel():
            return True
        try:
            answer, still_good = worker.read(asked.job, self.limits.seconds, self._stopping)
        except _BrokenError:
            asked.tries += 1
            if asked.tries < _TRIES:  # the process may have died of something else
                self._jobs.put(asked)
            else:
                _settle(asked.future, failure(422, _BROKE))
            return False
        _settle(asked.future, answer)
        return still_good


class _BrokenError(Exception):
    """A process has ended, or says nonsense."""


@dataclass(slots=True, eq=False)
class _Asked:
    """A job, who waits for it, and how many processes it was given to."""

    job: Job
    future: Future[Answer]
    tries: int = 0


class _Worker:
    """One process, and the line to it."""

    def __init__(self, scratch: Path, limits: Limits) -> None:
        from inkread.server import worker

        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        context = get_context("spawn")
        self._line: Connection
        self._line, theirs = context.Pipe()
        self._process = context.Process(target=worker.main, args=(theirs, str(scratch), limits), daemon=True)
        self._process.start()
        theirs.close()

    def hello(self, stopping: threading.Event) -> dict[str, Any]:
        """What the process says when it has loaded its models, or why it could not."""
        try:
            if not self._waits(_STARTING, stopping):
                return {"error": f"it did not start within {_STARTING:.0f} s"}
            told: dict[str, Any] = json.loads(self._line.recv_bytes())
            return told
        except (EOFError, OSError, ValueError):
            return {"error": "it ended while it started"}

    def read(self, job: Job, seconds: float, stopping: threading.Event) -> tuple[Answer, bool]:
        """Have a job read.

        Returns:
            The answer, and whether the process is good for another.

        Raises:
            _BrokenError: the process has ended, or says nonsense.
        """
        try:
            job.send(self._line.send_bytes)
            if self._waits(seconds, stopping):
                return Answer.take(self._line.recv_bytes), True
        except (EOFError, OSError, ValueError, KeyError, TypeError) as error:
            raise _BrokenError from error
        if stopping.is_set():
            return failure(503, _STOPPING, Retry_After="5"), False
        line = f"reading took longer than {seconds:g} s and was stopped; send fewer or smaller pictures"
        return failure(504, line), False

    def _waits(self, seconds: float, stopping: threading.Event) -> bool:
        """Whether something has come within the time."""
        end = time.monotonic() + seconds
        while not stopping.is_set() and (left := end - time.monotonic()) > 0:
            if self._line.poll(min(left, _PATIENCE)):
                return True
        return False

    def lives(self) -> bool:
        """Whether the process is still there."""
        return self._process.is_alive()

    def kill(self) -> None:
        """End the process, whatever it does."""
        self._line.close()
        self._process.kill()
        self._process.join(timeout=5)


def _settle(future: Future[Answer], answer: Answer) -> None:
    """Give the answer, unless nobody waits for it any more."""
    with suppress(InvalidStateError):
        future.set_result(answer)
