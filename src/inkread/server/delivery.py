"""Readings in the form that a client asked for: JSON, or any file that `inkread.outputs` writes.

Runs in the process that reads, and writes files only into its temporary folder, under names of its own.
"""

from __future__ import annotations

import io
import json
import os
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from inkread.errors import InkreadError, MissingExtra, ModelError, SourceError, UsageError
from inkread.server.jobs import Answer, Job, Options, failure
from inkread.server.settings import Limits
from inkread.types import Page, Reading

__all__ = ["MEDIA", "TooLargeError", "deliver", "read", "refusal"]

MEDIA = {
    "json": "application/json",
    "jsonl": "application/x-ndjson",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "txt": "text/plain; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "alto.xml": "application/alto+xml",
    "page.xml": "application/vnd.prima.page+xml",
    "hocr": "text/vnd.hocr+html",
    "pdf": "application/pdf",
    "png": "image/png",
}
"""The media type of each output."""
_ZIP = "application/zip"
_PREVIEW = 1600
"""Pixels of a preview's longer side."""
_JPEG = b"\xff\xd8\xff"
_SUFFIXES = (
    (b"\x89PNG", ".png"),
    (_JPEG, ".jpg"),
    (b"II", ".tif"),
    (b"MM", ".tif"),
    (b"GIF8", ".gif"),
    (b"BM", ".bmp"),
    (b"RIFF", ".webp"),
)
"""File endings by first bytes, for pictures that are opened again."""


class TooLargeError(SourceError):
    """A request has more pages, or a picture more pixels, than are read."""


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """One page that was read.

    Attributes:
        page: the readings, under the client's name for the file.
        trace: what was seen on the way; None where nothing asks for it, since those of many pages fill the
            memory, and where the file could not be opened.
        content: the file's bytes.
        refusal: what a client gets where this was the only file, and could not be opened.
    """

    page: Page
    trace: Any
    content: bytes
    refusal: Answer | None = None


def read(job: Job, reader: Any, limits: Limits) -> list[Read]:
    """Read every page of every file; a file that cannot be opened is one failed reading.

    Raises:
        TooLargeError: a picture has more pixels, or there are more pages, than that.
    """
    from inkread.imaging.load import size_of

    read: list[Read] = []
    for name, content in zip(job.names, job.contents, strict=True):
        _check_size(name, content, size_of(content), limits)
        for one in _one(job, reader, name, content):
            _check_size(name, content, (one.page.width, one.page.height), limits)  # those of a TIFF differ
            read.append(one)
            if len(read) > limits.pages:
                raise TooLargeError(f"there are more than {limits.pages} pages; send fewer at a time")
            if job.options.looks:
                break
    return read


def _check_size(name: str, content: bytes, size: tuple[int, int] | None, limits: Limits) -> None:
    """Refuse a page of too many pixels; JPEG, which is shrunk while it is decoded, may have them."""
    if size is None or content.startswith(_JPEG):
        return
    if size[0] * size[1] > 1e6 * limits.megapixels:
        raise TooLargeError(
            f"{name}: unpacks to {size[0]} x {size[1]} px; at most {limits.megapixels:g} megapixels are "
            "opened here: shrink it, or save it as JPEG"
        )


def _one(job: Job, reader: Any, name: str, content: bytes) -> Iterator[Read]:
    number, asked = 0, job.options
    shows = asked.looks or asked.preview or asked.output == "png"
    try:
        for page, trace in reader.trace(content, crop=job.options.crop, rotate=job.options.rotate):
            number += 1
            yield Read(_named(page, name), trace if shows else None, b"" if number > 1 else content)
    except SourceError as error:
        reason = str(error).replace("<bytes>", name, 1)
        kind = reader.resolved_kind
        failed = Reading("", 0.0, "failed", reason, kind=kind, source=name, page=number + 1)
        status = 415 if isinstance(error, MissingExtra) else 422
        yield Read(Page(name, (failed,), kind, number + 1), None, content, failure(status, reason))


def _named(page: Page, name: str) -> Page:
    return replace(page, source=name, readings=tuple(replace(r, source=name) for r in page.readings))


def refusal(error: InkreadError) -> Answer:
    """An error that reading raised, as clients get it, who need not know where models lie here."""
    from inkread.runtime import shelf

    wrong = isinstance(error, (UsageError, ModelError))
    status = 413 if isinstance(error, TooLargeError) else 400 if wrong else 422
    return failure(status, str(error).replace(f"{shelf.FOLDER}{os.sep}", ""))


def deliver(
    options: Options, read: list[Read], start: float, about: Callable[[str], tuple[str, str]]
) -> Answer:
    """Put readings into the form asked for.

    Args:
        options: with the form.
        read: at least one page.
        start: when reading began, by `time.perf_counter`.
        about: version and normaliser of a shipped model.
    """
    refusals = [one.refusal for one in read if one.refusal]
    if len(refusals) == len(read):
        return refusals[0]
    if options.output == "json":
        return _json(options, read, start, about)
    with tempfile.TemporaryDirectory() as folder:
        files = _files(options.output, read, Path(folder))
        if len(files) == 1:
            return Answer(200, MEDIA[options.output], files[0].read_bytes(), f"inkread.{options.output}")
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in files:
                archive.write(file, file.name)
        return Answer(200, _ZIP, buffer.getvalue(), "inkread.zip")


def _files(output: str, read: list[Read], folder: Path) -> list[Path]:
    """Write the output, and list what was written."""
    out = folder / "out"
    out.mkdir()
    path = out / f"inkread.{output}"
    if output == "png":
        _draw(read, path)
    elif output == "pdf":
        _save(_reopened(read, folder), path)
    else:
        _save((one.page for one in read), path)
    return sorted(out.iterdir(), key=lambda file: (len(file.name), file.name))


def _save(pages: Iterable[Page], path: Path) -> None:
    from inkread.outputs import save

    save(pages, path)


def _draw(read: list[Read], path: Path) -> None:
    """Draw the readings over what was looked at, as `inkread read -o out.png` does."""
    from inkread.outputs.numbering import numbered
    from inkread.outputs.picture import annotate, save_png

    shown = [one for one in read if one.trace is not None]
    for number, one in enumerate(shown, start=1):
        boxes = [seen.box for seen in one.trace.seen] or [None] * len(one.page)
        image = annotate(one.trace.rgb, one.page.readings, boxes)
        save_png(image, numbered(path, number if len(shown) > 1 else None))


def _reopened(read: list[Read], folder: Path) -> Iterator[Page]:
    """The pages with their pictures in files, for outputs that open them again."""
    source = ""
    for number, one in enumerate(read):
        if one.refusal:
            continue
        if one.content:
            file = folder / f"{number}{_suffix(one.content)}"
            file.write_bytes(one.content)
            source = str(file)
        yield replace(one.page, source=source)


def _suffix(content: bytes) -> str:
    if content[:1024].lstrip().startswith(b"%PDF"):
        return ".pdf"
    return next((suffix for start, suffix in _SUFFIXES if content.startswith(start)), ".heic")


def _json(
    options: Options, read: list[Read], start: float, about: Callable[[str], tuple[str, str]]
) -> Answer:
    told = [one.page.to_dict() for one in read]
    if options.preview:
        from inkread.outputs.inline import jpeg

        for page, one in zip(told, read, strict=True):
            page["preview"] = None if one.trace is None else jpeg(one.trace.rgb, longest=_PREVIEW)
    models = {r.model.rpartition(" ") for one in read for r in one.page if r.model}
    named = {name or version: version if name else "" for name, _, version in models}
    values: dict[str, Any] = {"pages": told}
    if options.looks:
        from inkread.server import looks

        values |= looks.looks(read[0].page, read[0].trace)
    values["ms"] = round(1000 * (time.perf_counter() - start), 2)
    values["models"] = dict(sorted(named.items()))
    values["normalizer"] = ", ".join(sorted({about(name)[1] for name in named} - {""}))
    return Answer(200, MEDIA["json"], json.dumps(values).encode())
