"""The reusable reader: loads its model once, reads any number of pictures, from any number of threads.

In: whatever people call a picture. Out: `Page`s. A bad source raises in `read`, where a caller wants to know
at once, and becomes a page with one failed reading in `read_many`, where nothing may vanish.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

from inkread.decode.confidence import threshold as threshold_of
from inkread.errors import SourceError, UsageError, nearest
from inkread.imaging.load import Source, pages
from inkread.readers import loaded
from inkread.readers.loaded import reads_lines
from inkread.readers.looking import AnyTrace, look, opened, template_for
from inkread.readers.sources import PICTURES, STDIN, expand
from inkread.types import Page, Reading

if TYPE_CHECKING:
    from inkread.forms.template import Template
    from inkread.runtime.metadata import Metadata

__all__ = ["KINDS", "Reader", "read", "reads_lines"]

KINDS = ("auto", "digit", "character", "field", "line", "note", "mail", "form", "check")
Crop = tuple[int, int, int, int]
_PATIENCE = 0.6
"""Seconds of reading in this process before others are started to help."""


def read(  # noqa: PLR0913 - each is a word that people read by
    picture: Source,
    *,
    kind: str = "auto",
    format: str | None = None,
    template: str | Path | Template | None = None,
    model: str | Path | None = None,
    target_error: float = 0.01,
    crop: Crop | None = None,
    rotate: float = 0.0,
) -> Page:
    """Read a picture of handwriting.

    Args:
        picture: path, bytes, Pillow image or array. Of a file with several pages, the first is read.
        kind: "digit", "character": every digit, or every digit and letter, of the picture by
            itself; "field": every row of a field that has a format; "line": the one line of handwriting in
            it; "note": every line of a page; "mail": the ZIP and the address of an envelope or a label;
            "form": every field of a form that has a template; "check": the amount, date and payee of a bank
            check; "auto" finds out.
        format: what a field holds, such as "us_zip", "amount" or "date:dmy", see `inkread.formats`; None for
            any digits, capitals and signs.
        template: of a form, or of a check with a layout of its own: a TOML file, or an `inkread.Template`.
        model: name of a shipped model or path of a model file; None takes the one that ships for the kind.
        target_error: the expected share of wrong readings among the accepted ones.
        crop: left, top, right, bottom in pixels of the upright picture.
        rotate: degrees, clockwise positive, by which the picture must be turned to stand upright.

    Returns:
        A Page: a sequence of Readings, which passes for its reading where there is one.

    Raises:
        SourceError: the picture cannot be opened.
        UsageError: an argument is wrong.
        ModelError: the model cannot be loaded.

    Example:
        >>> inkread.read("seven.jpg").text  # doctest: +SKIP
        '7'
    """
    form = opened(template) if template is not None else None
    reader = _shared_reader(kind, str(model) if model else None, target_error, format, form)
    return reader.read(picture, crop=crop, rotate=rotate)


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader of one kind, loaded once and thread-safe.

    Args:
        kind: "digit", "character", "field", "line", "note", "mail", "form", "check", or "auto" to find out.
        model: name of a shipped model or path of a model file; None takes the one that ships for the kind. Of
            forms, the one that reads fields which have a format; of checks, the amount in figures.
        target_error: the expected share of wrong readings among the accepted ones, in 0..1.
        threshold: the least confidence at which a reading is accepted, 0..1, instead of the target's.
        language: of lines and notes: "auto", "en", "fr", the file of an n-gram, or "none" to read letter by
            letter, quickest.
        charset: of kind "character": "digits", "upper", "lower", "letters" or "alnum"; a mark that reads as
            something else goes to review.
        format: of kind "field": what it holds, as `inkread.formats.find` takes it.
        template: of kinds "form" and "check": a TOML file, which is opened at once, or an `inkread.Template`.
        words: of lines and notes: a text file of words that are likely to occur, one a line, such as names.

    Raises:
        UsageError: an argument is wrong.
        ModelError: the model cannot be loaded.
    """

    kind: str = "auto"
    model: str | Path | None = None
    target_error: float = 0.01
    threshold: float | None = None
    language: str = "auto"
    charset: str = "alnum"
    format: str | None = None
    template: str | Path | Template | None = None
    words: str | Path | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise UsageError(
                f"kind {self.kind!r} is not known; "
                f"choose one of {', '.join(KINDS)}{nearest(self.kind, list(KINDS))}"
            )
        if not 0 < self.target_error < 1:
            raise UsageError(f"target_error is {self.target_error}; give a share in 0..1, such as 0.01")
        if self.threshold is not None and not 0 <= self.threshold <= 1:
            raise UsageError(f"threshold is {self.threshold}; give a confidence from 0 to 1, such as 0.95")
        if self.format is not None:
            from inkread.readers.field import check

            check(self.format, self.resolved_kind)
        if self.resolved_kind == "form" or self.template is not None:
            object.__setattr__(self, "template", template_for(self))
        self._metadata(self.resolved_kind)
        if self.resolved_kind in ("line", "note", "mail", "form", "check"):
            loaded.languages(self.language)
        if self.words is not None:
            loaded.words(str(self.words))
        if self.charset != "alnum":
            _check_charset(self)

    @property
    def resolved_kind(self) -> str:
        """What pictures are read as: the kind itself, or what "auto" takes them for before it looks."""
        if self.kind != "auto":
            return self.kind
        if self.format is not None:
            return "field"
        if self.template is not None:
            return "form"
        if not self.model:
            return "digit" if self.charset == "alnum" else "character"
        return "note" if loaded.reads_lines(str(self.model)) else loaded.kind_of(str(self.model))

    @property
    def model_file(self) -> str:
        """Name or path of the model in use."""
        return self.model_for(self.resolved_kind)

    @property
    def accepts_from(self) -> float:
        """The least confidence at which a reading is accepted; above 1 where nothing can be."""
        return self.accepts_as(self.resolved_kind)

    def read(self, picture: Source, *, crop: Crop | None = None, rotate: float = 0.0) -> Page:
        """Read a picture, of several pages the first. See `inkread.read`.

        Raises:
            SourceError: the picture cannot be opened.
        """
        return next(self.read_pages(picture, crop=crop, rotate=rotate))

    def read_pages(self, picture: Source, *, crop: Crop | None = None, rotate: float = 0.0) -> Iterator[Page]:
        """Read every page of a picture.

        Raises:
            SourceError: the picture cannot be opened.
        """
        for page, _ in self.trace(picture, crop=crop, rotate=rotate):
            yield page

    def trace(
        self, picture: Source, *, crop: Crop | None = None, rotate: float = 0.0
    ) -> Iterator[tuple[Page, AnyTrace]]:
        """Read every page, and keep what was seen on the way.

        Raises:
            SourceError: the picture cannot be opened.
        """
        start = time.perf_counter()
        detail = self.resolved_kind == "form"
        for page, trace in look(self, pages(picture, crop=crop, rotate=rotate, detail=detail)):
            meta = self._metadata(trace.kind)
            model = None if detail else f"{meta.name} {meta.version}".strip()
            spent = 1000 * (time.perf_counter() - start)
            readings = tuple(
                replace(
                    r, kind=trace.kind, source=page.source, page=page.page, model=model or r.model, ms=spent
                )
                for r in trace.readings
            )
            yield Page(page.source, readings, trace.kind, page.page, page.width, page.height), trace
            start = time.perf_counter()

    def model_for(self, kind: str) -> str:
        """Name or path of the model that reads a kind."""
        return loaded.model_of(kind, self.model, self.format)

    def accepts_as(self, kind: str) -> float:
        """The least confidence at which a reading of a kind is accepted; above 1 where nothing can be."""
        if self.threshold is not None:
            return self.threshold
        if kind == "check":
            from inkread.readers.check_amount import TOLD

            return TOLD.least(self.target_error)
        if kind == "mail":
            from inkread.decode.postal import TOLD as BOTH

            return BOTH.least(self.target_error)
        meta = self._metadata(kind)
        of_fields = meta.field_calibration if kind in ("field", "form") else None
        return threshold_of(of_fields or meta.line_calibration or meta.calibration, self.target_error)

    @property
    def accepts_together(self) -> float:
        """The least confidence at which a field that was looked at twice is accepted."""
        if self.threshold is not None:
            return self.threshold
        return threshold_of(self._metadata("field").field_calibration_together, self.target_error)

    def _metadata(self, kind: str) -> Metadata:
        return loaded.metadata_of(kind, self.model_for(kind))

    def read_many(
        self,
        sources: str | Path | Iterable[str | Path],
        *,
        workers: int | None = 1,
        crop: Crop | None = None,
        rotate: float = 0.0,
    ) -> Iterator[Page]:
        """Read files, folders and globs, in order; a bad source becomes a page with one failed reading.

        Args:
            sources: one or several files, folders, globs, or "-" for the standard input.
            workers: processes that share the work; 1 reads in this one; None starts some, one a core, where
                the pile is large enough to be worth it.
            crop: as in `read`, for every picture.
            rotate: as in `read`, for every picture.

        Yields:
            One Page a page.
        """
        if workers is not None and workers < 1:
            raise UsageError(f"workers is {workers}; give 1 or more")
        files = expand([sources] if isinstance(sources, (str, Path)) else sources)
        patience = _PATIENCE if workers is None else inf if workers == 1 else 0.0
        start, done = time.perf_counter(), 0
        while time.perf_counter() - start < patience:
            file = next(files, None)
            if file is None:
                return
            yield from self.read_or_fail(file, crop=crop, rotate=rotate)
            done += 1
        from inkread.readers.pool import helpers, read_in_processes

        if workers is None:
            workers, files = helpers(files, done)
        yield from read_in_processes(self, files, workers, crop, rotate)

    def read_or_fail(self, source: str, *, crop: Crop | None = None, rotate: float = 0.0) -> Iterator[Page]:
        """Read every page of one source; what cannot be opened becomes a page with one failed reading."""
        start = time.perf_counter()
        number = 0
        try:
            content = _standard_input() if source == STDIN else source
            for page in self.read_pages(content, crop=crop, rotate=rotate):
                number += 1
                yield _named(page, source) if source == STDIN else page
        except SourceError as error:
            reason = str(error)
            if Path(source).is_dir():
                reason = f"{source}: the folder holds no pictures; expected {' '.join(sorted(PICTURES))}"
            spent = 1000 * (time.perf_counter() - start)
            failed = Reading("", 0.0, "failed", reason, source=source, page=number + 1, ms=spent)
            failed = replace(failed, kind=self.resolved_kind)
            yield Page(source, (failed,), self.resolved_kind, number + 1)


def _named(page: Page, source: str) -> Page:
    return replace(page, source=source, readings=tuple(replace(r, source=source) for r in page.readings))


def _standard_input() -> bytes:
    content = sys.stdin.buffer.read()
    if not content:
        raise SourceError("-: nothing came on the standard input; pipe a picture in, or name a file")
    return content


def _check_charset(reader: Reader) -> None:
    """Refuse a set of characters that is not known, or that says nothing to what is read."""
    from inkread.decode.characters import allowed
    from inkread.readers.character import is_alphanumeric

    allowed(reader.charset)
    kind = reader.resolved_kind
    if kind != "character" or not is_alphanumeric(loaded.recognizer(reader.model_file)):
        what = f"kind {kind}" if kind != "character" else f"{reader.model_file}, which has classes of its own"
        raise UsageError(
            f"charset {reader.charset} came with {what}; it is for kind character and a model of digits and "
            "letters, such as characters"
        )


@lru_cache(maxsize=8)
def _shared_reader(
    kind: str, model: str | None, target_error: float, format: str | None, template: Template | None
) -> Reader:
    return Reader(kind, model, target_error, format=format, template=template)
