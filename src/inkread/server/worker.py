"""The process that reads: loads the models once, then answers jobs one after the other until its line closes.

It never sees a name from a client as a path, never loads an uploaded file as a model, and writes only into
the folder that it was given.
"""

from __future__ import annotations

import json
import signal
import sys
import tempfile
import time
from contextlib import suppress
from functools import lru_cache
from multiprocessing.connection import Connection
from typing import Any

from inkread.errors import InkreadError, ModelError
from inkread.server.jobs import Answer, Job, Options, failure
from inkread.server.settings import Limits

__all__ = ["answer", "main", "told"]


def main(line: Connection, scratch: str, limits: Limits) -> None:
    """Answer jobs until the line closes.

    Args:
        line: to the service.
        scratch: a folder for temporary files, which the service removes.
        limits: how much a request may ask for.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the service's to answer
    tempfile.tempdir = scratch
    import cv2

    cv2.setNumThreads(1)
    try:
        hello = told()
    except Exception as error:
        line.send_bytes(json.dumps({"error": f"{type(error).__name__}: {error}"}).encode())
        return
    _limit_memory(limits.memory_mb)
    with suppress(EOFError, OSError):
        line.send_bytes(json.dumps(hello).encode())
        while True:
            job = Job.take(line.recv_bytes)
            answer(job, limits).send(line.send_bytes)


def _limit_memory(memory_mb: int) -> None:
    """Refuse a picture that needs more memory than there should be, rather than have the machine swap."""
    if not sys.platform.startswith("linux"):
        return
    import resource
    from pathlib import Path

    taken = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    most = taken + memory_mb * 1_000_000
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def told() -> dict[str, Any]:
    """What can be read here; loads every model that ships on the way."""
    import inkread
    from inkread.decode import ngram
    from inkread.decode.characters import CHARSETS
    from inkread.outputs import ENDINGS
    from inkread.readers.reader import KINDS
    from inkread.runtime import shelf
    from inkread.runtime.finder import ink_finder

    ink_finder()
    formats = _formats()
    known = [kind for kind in KINDS if kind != "form"]  # read by a template, which a client sends
    kinds = [kind for kind in known if (formats if kind == "field" else _ships(kind))]
    models = {name: _about(name) for name in shelf.readers()}
    return {
        "version": inkread.__version__,
        "forms": bool(formats) and _can_forms(),
        "kinds": kinds,
        "kinds_without_model": [kind for kind in known if kind not in kinds],
        "formats": formats,
        "charsets": list(CHARSETS),
        "languages": ["auto", *ngram.names(), "none"],
        "outputs": ["json", *(ending[1:] for ending in ENDINGS)],
        "models": {name: version for name, (version, _) in models.items()},
        "normalizers": {name: normalizer for name, (_, normalizer) in models.items()},
    }


def _can_forms() -> bool:
    """Whether what templates need is installed."""
    from importlib.util import find_spec

    return find_spec("pydantic") is not None


def _ships(kind: str) -> bool:
    """Whether a kind's model is there; it is loaded by being asked for."""
    try:
        _reader(Options(kind=kind))
    except InkreadError:
        return False
    return True


def _formats() -> list[str]:
    """The formats that need nothing behind a colon and whose model ships."""
    from inkread.errors import UsageError
    from inkread.formats import NAMES

    found = []
    for name in NAMES:
        with suppress(UsageError, ModelError):  # it needs more, or its model does not ship
            _reader(Options(kind="field", format=name))
            found.append(name)
    return found


@lru_cache(maxsize=64)
def _about(model: str) -> tuple[str, str]:
    """Version and normaliser of a shipped model."""
    from inkread.runtime.recognizer import told as told_of

    metadata = told_of(model)
    return metadata.version, metadata.normalizer


def _reader(options: Options, template: Any = None) -> Any:
    """The reader for some options: cheap, the models behind it are shared."""
    from inkread.readers.reader import Reader

    return Reader(
        kind=options.kind,
        model=options.model,
        target_error=options.target_error,
        threshold=options.threshold,
        language=options.language,
        charset=options.charset,
        format=options.format,
        template=template,
    )


def answer(job: Job, limits: Limits) -> Answer:
    """Read the files of a job.

    Args:
        job: the files and how to read them.
        limits: how much a request may ask for.

    Returns:
        The readings in the form asked for; an error where not one file could be opened.
    """
    from inkread.server import delivery, forms

    start = time.perf_counter()
    try:
        if job.options.learns:
            return forms.learn(job, limits)
        if job.template is not None:
            with forms.template_of(job) as template:
                pages = delivery.read(job, _reader(job.options, template), limits)
                return delivery.deliver(job.options, pages, start, _about)
        pages = delivery.read(job, _reader(job.options), limits)
        return delivery.deliver(job.options, pages, start, _about)
    except InkreadError as error:
        return delivery.refusal(error)
    except MemoryError:
        return failure(413, "the picture needs more memory than the service gives it; send a smaller one")
    except Exception as error:  # one strange picture must not end the process for all
        print(f"inkread: a picture raised {type(error).__name__}: {error}", file=sys.stderr, flush=True)
        return failure(422, "the picture broke the reader; save it again as PNG or JPEG, and report it")
