"""`inkread read --explain` and `-o out.png`: read in this process, and draw what was seen on the way."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from inkread.cli.request import Crop, Request, check
from inkread.errors import SourceError
from inkread.readers.digit import Trace
from inkread.readers.reader import Reader
from inkread.readers.sources import STDIN, expand
from inkread.types import Box, Page, Reading

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from inkread.outputs.explain import Textbook
    from inkread.readers.field import FieldTrace
    from inkread.readers.form import FormTrace
    from inkread.readers.looking import AnyTrace
    from inkread.readers.text import LineTrace

__all__ = ["explained"]


def explained(request: Request, reader: Reader, crop: Crop | None) -> Iterator[Page]:
    """Read all sources, and draw every page as soon as it is known whether it is the only one.

    Yields:
        The pages, in order; a bad source is a page with one failed reading, and has no picture.

    Raises:
        InkreadError: a picture cannot be written.
    """
    waiting: tuple[Page, AnyTrace] | None = None
    number = 0
    for page, trace in _traced(request, reader, crop):
        if trace is not None:
            if waiting is not None:
                number += 1
                _draw(request, reader, waiting, number)
            waiting = (page, trace)
        yield page
    if waiting is not None:
        _draw(request, reader, waiting, number + 1 if number else None)


def _traced(request: Request, reader: Reader, crop: Crop | None) -> Iterator[tuple[Page, AnyTrace | None]]:
    """The pages of all sources with what was seen; a source that failed has seen nothing."""
    for source in expand(request.sources):
        if source == STDIN:
            content: str | bytes = sys.stdin.buffer.read()
        else:
            content = source
        try:
            for page, trace in reader.trace(content, crop=crop, rotate=request.rotate):
                yield (_named(page, source) if source == STDIN else page), trace
        except SourceError as error:
            yield _failed(request, reader, source, error), None


def _failed(request: Request, reader: Reader, source: str, error: SourceError) -> Page:
    """The page that stands for a source that failed.

    The reader words the failure, and stops at the page where this did; the standard input cannot be read
    twice.
    """
    if source != STDIN:
        *_, page = reader.read_or_fail(source, rotate=request.rotate, crop=check(request))
        return page
    kind = reader.resolved_kind
    return Page(source, (Reading("", 0.0, "failed", str(error), kind=kind, source=source),), kind)


def _named(page: Page, source: str) -> Page:
    return replace(page, source=source, readings=tuple(replace(r, source=source) for r in page.readings))


def _draw(request: Request, reader: Reader, seen: tuple[Page, AnyTrace], number: int | None) -> None:
    """Write the pictures that were asked for."""
    from inkread.outputs.numbering import numbered
    from inkread.outputs.picture import annotate, save_png

    page, trace = seen
    if request.output is not None and request.output.lower().endswith(".png"):
        boxes: list[Box | None] = [step.box for step in trace.seen]
        boxes += [None] * (len(page) - len(boxes))
        image = annotate(trace.rgb, page.readings, boxes)
        _wrote(save_png(image, numbered(Path(request.output), number)))
    if request.explain is not None:
        _wrote(_explain(reader, page, trace, numbered(Path(request.explain), number)))


def _explain(reader: Reader, page: Page, trace: AnyTrace, path: Path) -> Path:
    if trace.kind == "form":
        return _explain_form(page, cast("FormTrace", trace), path)
    if not isinstance(trace, Trace):
        return _explain_lines(page, cast("FieldTrace | LineTrace", trace), path)
    from inkread.outputs.explain import Explanation, Step, explain
    from inkread.runtime.recognizer import load

    classes = load(reader.model_file).metadata.classes
    steps = tuple(
        Step(reading, seen.box, seen.normalized, seen.shares)
        for reading, seen in zip(page.readings, trace.seen, strict=False)
    )
    return explain(Explanation(page, trace.rgb, trace.ink, classes, steps, _textbook(trace.rgb)), path)


def _explain_form(page: Page, trace: FormTrace, path: Path) -> Path:
    from inkread.outputs.explain_form import FieldStep, FormExplained, SheetStep, explain_form

    readings = iter(page.readings)
    sheets = tuple(
        SheetStep(
            form.sheet,
            form.clean,
            tuple(
                FieldStep(next(readings), seen.place, tuple(row.strip for row in seen.rows))
                for seen in form.fields
            ),
        )
        for form in trace.forms
    )
    return explain_form(FormExplained(page, trace.rgb, sheets), path)


def _explain_lines(page: Page, trace: FieldTrace | LineTrace, path: Path) -> Path:
    from inkread.outputs.explain_lines import LinesExplained, LineStep, explain_lines

    steps = tuple(
        LineStep(reading, seen.box, seen.strip, seen.edges)
        for reading, seen in zip(page.readings, trace.seen, strict=False)
    )
    return explain_lines(LinesExplained(page, trace.rgb, trace.ink, steps), path)


def _textbook(rgb: NDArray[np.uint8]) -> Textbook:
    """What the tutorial's network, fed in the tutorial's way, makes of the whole picture."""
    from inkread.decode.confidence import probabilities
    from inkread.imaging.normalize import textbook
    from inkread.outputs.explain import Textbook
    from inkread.runtime.recognizer import load

    recognizer = load("textbook")
    pixels = textbook(rgb)
    shares = probabilities(recognizer.logits(pixels[None]), recognizer.metadata.calibration)[0]
    best = int(shares.argmax())
    return Textbook(pixels[..., 0], recognizer.metadata.classes[best], float(shares[best]))


def _wrote(path: Path) -> None:
    from inkread.outputs.table import one_line

    print(f"inkread: wrote {one_line(str(path))}", file=sys.stderr, flush=True)
