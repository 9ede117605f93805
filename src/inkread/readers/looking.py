"""One page, looked at as its kind: the way from a `Reader`'s words to the function that reads.

In: a `Reader` and a `Picture`. Out: what was seen and read, as the kind's own file gives it. "auto" looks for
digits first, and for text where there are hardly any.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from inkread.errors import ModelError
from inkread.readers import loaded
from inkread.readers.digit import Trace, read_digits

if TYPE_CHECKING:
    from inkread.imaging.load import Picture
    from inkread.readers.field import FieldTrace
    from inkread.readers.reader import Reader
    from inkread.readers.text import LineTrace

__all__ = ["look"]


def look(reader: Reader, page: Picture) -> Trace | FieldTrace | LineTrace:
    """Read a page as its kind.

    Args:
        reader: how.
        page: upright.
    """
    kind = reader.resolved_kind
    if kind != "digit":
        return _look_for(kind, reader, page)
    trace = read_digits(page, loaded.recognizer(reader.model_file), reader.accepts_from)
    if reader.kind != "auto" or reader.model or not _may_be_text(trace):
        return trace
    try:
        written = _look_for_text(reader, page)
    except ModelError:  # no reader of lines ships with this version
        return trace
    return written if any(r.text for r in written.readings) else trace


def _look_for(kind: str, reader: Reader, page: Picture) -> Trace | FieldTrace | LineTrace:
    """Read a page as one kind, other than digits."""
    if kind == "character":
        return _look_for_characters(reader, page)
    return _look_for_field(reader, page) if kind == "field" else _look_for_text(reader, page)


def _look_for_characters(reader: Reader, page: Picture) -> Trace:
    """Read digits and letters; a model of other classes, such as symbols, as it reads them."""
    from inkread.readers.character import is_alphanumeric, read_characters

    recognizer = loaded.recognizer(reader.model_file)
    if not is_alphanumeric(recognizer):
        return replace(read_digits(page, recognizer, reader.accepts_from), kind="character")
    return read_characters(page, recognizer, reader.accepts_from, reader.charset)


def _look_for_text(reader: Reader, page: Picture) -> LineTrace:
    from inkread.readers.kinds import kind_of_text
    from inkread.readers.line import read_line
    from inkread.readers.note import read_note
    from inkread.readers.text import Way

    kind = kind_of_text(page, mail=not reader.model) if reader.kind == "auto" else reader.kind
    if kind == "mail":
        return _look_for_mail(reader, page)
    recognizer = loaded.line_recognizer(reader.model_for(kind))
    way = Way(recognizer, reader.accepts_as(kind), loaded.languages(reader.language))
    return read_line(page, way) if kind == "line" else read_note(page, way)


def _look_for_field(reader: Reader, page: Picture) -> FieldTrace:
    from inkread.formats import find
    from inkread.readers.field import FieldWay, read_field

    recognizer = loaded.line_recognizer(reader.model_file)
    return read_field(page, FieldWay(recognizer, reader.accepts_from, find(reader.format or "")))


def _look_for_mail(reader: Reader, page: Picture) -> LineTrace:
    from inkread.readers.mail import MailWay, read_mail, way_of_lines

    fields, language = loaded.line_recognizer(reader.model_for("mail")), loaded.languages(reader.language)
    lines = way_of_lines(loaded.line_recognizer, reader.target_error, language)
    return read_mail(page, MailWay(fields, reader.accepts_as("mail"), lines))


def _may_be_text(trace: Trace) -> bool:
    """Whether a page on which digits were looked for shows something else."""
    if all(reading.status == "accepted" for reading in trace.readings) or not trace.seen:
        return False
    from inkread.readers.kinds import is_text

    return is_text(trace)
