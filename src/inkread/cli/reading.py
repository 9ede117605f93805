"""The work of `inkread read`: pages come from the reader, pass the one who watches, and are delivered.

Standard output gets the rows (a table on a terminal, tab-separated lines or JSON Lines in a pipe), standard
error what a person should know: what `auto` took a picture for, what could not be opened, how far the pile
is.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from pathlib import Path

from inkread.cli.request import Crop, Request, check
from inkread.outputs.pieces import shown
from inkread.outputs.table import Table, one_line, tsv
from inkread.readers.reader import Reader
from inkread.types import Page

__all__ = ["run"]

_FIRST_ROWS = 40
_FIRST_SECONDS = 0.7
"""A table's columns are set by so many rows, or by what has come after so long."""


def run(request: Request) -> int:
    """Read what was asked for and deliver it.

    Returns:
        The exit code: 1 where a source failed, else 3 where `strict` and a reading was not accepted, else 0.

    Raises:
        UsageError: an option is wrong.
        ModelError: the model cannot be loaded.
        InkreadError: an output cannot be written.
    """
    crop = check(request)
    reader = Reader(
        request.kind,
        request.model,
        request.target_error,
        request.threshold,
        request.language,
        charset=request.charset,
        format=request.format,
        template=request.template,
        words=request.words,
    )
    watch = _Watch(request)
    with closing(_pages(request, reader, crop)) as pages:
        _deliver(request, watch.over(pages))
    if watch.failed:
        return 1
    return 3 if request.strict and watch.unsure else 0


def _pages(request: Request, reader: Reader, crop: Crop | None) -> Generator[Page, None, None]:
    """The pages, with a bar where somebody sees it, and the pictures drawn that were asked for."""
    sources: Iterable[str] = request.sources
    if _draws(request):
        from inkread.cli.explaining import explained

        pages = explained(request, reader, crop)
    else:
        if _shows_bar(request):
            from inkread.readers.sources import expand

            sources = list(expand(sources))
        pages = reader.read_many(sources, workers=request.workers, crop=crop, rotate=request.rotate)
        if isinstance(sources, list) and len(sources) > 1:
            pages = _with_bar(pages, len(sources))
    yield from pages


def _draws(request: Request) -> bool:
    return bool(request.explain) or _is_picture(request.output)


def _is_picture(output: str | None) -> bool:
    return output is not None and output.lower().endswith(".png")


def _shows_bar(request: Request) -> bool:
    """Only where a person watches, and the rows do not scroll by on the same screen."""
    return sys.stderr.isatty() and (bool(request.output) or not sys.stdout.isatty())


def _with_bar(pages: Iterator[Page], total: int) -> Iterator[Page]:
    """Pass the pages on and move a bar by one a source."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("reading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=total)
        for page in pages:
            if page.page == 1:
                bar.advance(task)
            yield page


class _Watch:
    """Notes what decides the exit code, and tells people what they should know."""

    def __init__(self, request: Request) -> None:
        self.failed = self.unsure = 0
        self._says_kind = request.kind == "auto"
        self._kind = ""

    def over(self, pages: Iterator[Page]) -> Iterator[Page]:
        """Pass the pages on, unchanged."""
        for page in pages:
            self._note(page)
            yield page

    def _note(self, page: Page) -> None:
        for reading in shown(page):
            self.unsure += reading.status != "accepted"
            if reading.status == "failed":
                self.failed += 1
                named = page.source in reading.reason
                _tell(reading.reason if named else f"{page.source}: {reading.reason}")
        if self._says_kind and page.status != "failed" and page.kind != self._kind:
            self._kind = page.kind
            _tell(f"took {page.source} for kind {page.kind}")


def _tell(message: str) -> None:
    print(f"inkread: {one_line(message)}", file=sys.stderr, flush=True)


def _deliver(request: Request, pages: Iterator[Page]) -> None:
    """Print the pages, write them to the file that was asked for, or both."""
    if request.as_json:
        pages = _printed_json(pages)
    elif not request.output:
        pages = _printed_table(pages) if sys.stdout.isatty() else _printed_lines(pages)
    if request.output and not _is_picture(request.output):
        from inkread.outputs import save

        path = save(pages, request.output)
        several = path != Path(request.output)
        _tell(f"wrote {path}{' and so on, one file a page' if several else ''}")
    else:
        for _ in pages:
            pass


def _printed_json(pages: Iterator[Page]) -> Iterator[Page]:
    """Print one JSON object a reading as the pages pass."""
    from inkread.outputs.records import to_json

    for page in pages:
        sys.stdout.write("".join(f"{to_json(reading)}\n" for reading in page))
        sys.stdout.flush()
        yield page


def _printed_lines(pages: Iterator[Page]) -> Iterator[Page]:
    """Print one tab-separated line a reading as the pages pass."""
    for page in pages:
        sys.stdout.write("".join(f"{tsv(reading)}\n" for reading in shown(page)))
        sys.stdout.flush()
        yield page


def _printed_table(pages: Iterator[Page]) -> Iterator[Page]:
    """Print an aligned table; the first rows wait for one another, the later ones come at once."""
    table = Table(colour=_has_colours(), width=_columns())
    waiting: list[Page] | None = []
    start = time.monotonic()
    for page in pages:
        if waiting is None:
            _print(table.lines([page]))
        else:
            waiting.append(page)
            if len(waiting) >= _FIRST_ROWS or time.monotonic() - start > _FIRST_SECONDS:
                _print(table.lines(waiting))
                waiting = None
        yield page
    if waiting:
        _print(table.lines(waiting))


def _print(lines: list[str]) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def _columns() -> int:
    """How wide the terminal is."""
    from shutil import get_terminal_size

    return get_terminal_size().columns


def _has_colours() -> bool:
    """Whether the terminal shows ANSI colours and nobody forbade them."""
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and os.name != "nt"
