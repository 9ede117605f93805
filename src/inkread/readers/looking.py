"""Pages, looked at as their kind: the way from a `Reader`'s words to the function that reads.

In: a `Reader` and `Picture`s. Out: what was seen and read, as the kind's own file gives it. "auto" looks for
digits first; where not all is digits, for numbers that cannot be told digit by digit, and for mail and text.
Pages of a form belong together; others stand alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, Union

from inkread.errors import ModelError, UsageError
from inkread.readers import loaded
from inkread.readers.digit import Trace, read_digits

if TYPE_CHECKING:
    from inkread.forms.template import Template
    from inkread.imaging.load import Picture
    from inkread.readers.cells import Cells
    from inkread.readers.field import FieldTrace
    from inkread.readers.field_decision import FieldWay
    from inkread.readers.form import FormTrace
    from inkread.readers.form_sheet import FormWay
    from inkread.readers.reader import Reader
    from inkread.readers.text import LineTrace
    from inkread.runtime.linewise import LineRecognizer

__all__ = ["AnyTrace", "look", "opened", "template_for"]

AnyTrace: TypeAlias = Union[Trace, "FieldTrace", "LineTrace", "FormTrace"]
"""What was seen on the way to the readings of a page."""


def look(reader: Reader, pages: Iterable[Picture]) -> Iterator[tuple[Picture, AnyTrace]]:
    """Read the pages of a source.

    Args:
        reader: how.
        pages: upright, in order.
    """
    if reader.resolved_kind == "form":
        from inkread.readers.form import read_forms

        yield from read_forms(pages, _form_way(reader))
        return
    for page in pages:
        yield page, _look(reader, page)


def _look(reader: Reader, page: Picture) -> Trace | FieldTrace | LineTrace:
    """Read a page as its kind."""
    kind = reader.resolved_kind
    if kind != "digit":
        return _look_for(kind, reader, page)
    trace = read_digits(page, loaded.recognizer(reader.model_file), reader.accepts_from)
    if reader.kind != "auto" or reader.model or not trace.seen:
        return trace
    if all(reading.status == "accepted" for reading in trace.readings):
        return trace
    return _look_again(reader, page, trace)


def _look_again(reader: Reader, page: Picture, trace: Trace) -> Trace | FieldTrace | LineTrace:
    """Read a page again on which digits were looked for, and not all was digits."""
    from inkread.readers.kinds import is_piece, is_text

    try:
        field = _look_for_number(reader, page, trace)
        if field is not None:
            return field
        if not is_text(trace) and not is_piece(page):
            return trace
        written = _look_for_text(reader, page)
    except ModelError:  # no reader of lines, or of fields, ships with this version
        return trace
    return written if any(r.text for r in written.readings) else trace


def _look_for_number(reader: Reader, page: Picture, trace: Trace) -> FieldTrace | None:
    """Read digits that touch, or stand in boxes, as numbers; None where that tells no more of them."""
    from inkread.readers.field import read_field
    from inkread.readers.kinds import is_field
    from inkread.runtime import shelf

    if "fields" not in shelf.names():
        return None
    recognizer = loaded.line_recognizer(reader.model_for("field"))
    found = read_field(page, _way_of_fields(reader, recognizer, loaded.DIGITS))
    told = sum(reading.status != "refused" for reading in trace.readings)
    more = sum(len(row.options[0].text) for row in found.seen if row.options) > told
    return found if more and is_field(found.seen) else None


def _look_for(kind: str, reader: Reader, page: Picture) -> Trace | FieldTrace | LineTrace:
    """Read a page as one kind, other than digits."""
    if kind == "character":
        return _look_for_characters(reader, page)
    if kind == "check":
        return _look_for_check(reader, page)
    return _look_for_field(reader, page) if kind == "field" else _look_for_text(reader, page)


def _look_for_check(reader: Reader, page: Picture) -> LineTrace:
    from inkread.readers.check import CheckWay, read_check
    from inkread.readers.mail import way_of_lines

    fields = loaded.line_recognizer(reader.model_file)
    language = loaded.languages("en" if reader.language == "auto" else reader.language)  # as the words are
    lines = way_of_lines(loaded.line_recognizer, reader.target_error, language)
    if lines is None:
        raise ModelError(
            "checks are read by the models fields and lines; lines does not ship with this version"
        )
    template = opened(reader.template) if reader.template is not None else None
    return read_check(page, CheckWay(fields, lines, reader.target_error, reader.threshold, template))


def _look_for_characters(reader: Reader, page: Picture) -> Trace:
    """Read digits and letters; a model of other classes, such as symbols, as it reads them."""
    from inkread.readers.character import is_alphanumeric, read_characters

    recognizer = loaded.recognizer(reader.model_file)
    if not is_alphanumeric(recognizer):
        return replace(read_digits(page, recognizer, reader.accepts_from), kind="character")
    return read_characters(page, recognizer, reader.accepts_from, reader.charset)


def _look_for_text(reader: Reader, page: Picture) -> LineTrace:
    from inkread.readers.kinds import is_address, kind_of_text
    from inkread.readers.line import read_line
    from inkread.readers.note import read_note
    from inkread.readers.text import Way

    kind = kind_of_text(page, mail=not reader.model) if reader.kind == "auto" else reader.kind
    if kind == "mail":
        return _look_for_mail(reader, page)
    recognizer = loaded.line_recognizer(reader.model_for(kind))
    known = loaded.words(str(reader.words)) if reader.words else frozenset()
    way = Way(recognizer, reader.accepts_as(kind), loaded.languages(reader.language), known)
    if kind == "line":
        return read_line(page, way)
    note = read_note(page, way)
    if reader.kind == "auto" and not reader.model and is_address([r.guess for r in note.readings]):
        return _look_for_mail(reader, page)  # a piece without a stamp
    return note


def _look_for_field(reader: Reader, page: Picture) -> FieldTrace:
    from inkread.formats import ANY
    from inkread.readers.field import read_field

    recognizer = loaded.line_recognizer(reader.model_file)
    return read_field(page, _way_of_fields(reader, recognizer, reader.format or ANY))


def _way_of_fields(reader: Reader, recognizer: LineRecognizer, spec: str) -> FieldWay:
    from inkread.formats import find
    from inkread.readers.field import FieldWay

    return FieldWay(recognizer, reader.accepts_as("field"), find(spec), reader.accepts_together)


def _look_for_mail(reader: Reader, page: Picture) -> LineTrace:
    from inkread.readers.mail import MailWay, read_mail, way_of_lines

    fields, language = loaded.line_recognizer(reader.model_for("mail")), loaded.languages(reader.language)
    lines = way_of_lines(loaded.line_recognizer, reader.target_error, language)
    least = reader.accepts_as("mail" if lines else "field")  # as two readers were measured, or one alone
    return read_mail(page, MailWay(fields, least, lines))


def opened(template: str | Path | Template) -> Template:
    """A template, opened where it is a file.

    Raises:
        UsageError: it cannot be used.
    """
    from inkread.forms.template import Template as Form

    return Form.load(template) if isinstance(template, (str, Path)) else template


def template_for(reader: Reader) -> Template:
    """The template that a reader of forms has, once it is sure that it can be read with.

    Raises:
        UsageError: there is none, it cannot be used, or another kind is read.
        ModelError: a model that its fields need does not ship.
    """
    if reader.template is None:
        raise UsageError(
            "kind form needs a template: a TOML file that says where the fields are; "
            "`inkread form new` begins one"
        )
    if reader.resolved_kind not in ("form", "check"):
        raise UsageError(f"a template came with kind {reader.resolved_kind}; it is for kinds form and check")
    from inkread.readers.form_sheet import check_references

    template = opened(reader.template)
    if not template.placed:
        raise UsageError(
            f"form {template.name}: its fields have no place on the paper yet; "
            "`inkread form print` gives them one"
        )
    check_references(template)
    if reader.resolved_kind == "check":
        from inkread.readers.check_sheet import check_template

        check_template(template)
        return template
    _form_way(reader, template)
    return template


def _form_way(reader: Reader, template: Template | None = None) -> FormWay:
    """How a reader reads forms: the networks that the fields of its template need."""
    from inkread.formats import find
    from inkread.readers.form_sheet import FormWay

    form = template or opened(reader.template or "")
    specs = {field.name: form.spec(field.name) for field in form.fields}
    needed = {find(spec).model for spec in specs.values() if spec}
    needed |= {"lines" for field in form.fields if field.type == "text" and not specs[field.name]}
    own = {"fields": str(reader.model)} if reader.model else {}
    readers = {name: loaded.line_recognizer(own.get(name, name)) for name in sorted(needed)}
    signs = None
    if any(field.type == "character" for field in form.fields):
        signs = loaded.recognizer("characters")
    languages = loaded.languages(reader.language) if "lines" in readers else ()
    cells = None if own else _cells_of(form, specs)
    return FormWay(form, readers, signs, languages, reader.target_error, reader.threshold, cells)


def _cells_of(form: Template, specs: dict[str, str | None]) -> Cells | None:
    """The networks that read boxes and combs cell by cell; None where the form has none."""
    from inkread.formats import find
    from inkread.readers.cells import Cells
    from inkread.runtime import shelf

    told = [find(spec) for one in form.fields if one.cells and (spec := specs[one.name])]
    written = {c for one in told if one.model == "fields" for c in one.characters}
    if not written or not {"digits", "characters"} <= set(shelf.names()):
        return None
    letters = any(c.isalpha() for c in written)
    return Cells(loaded.recognizer("digits"), loaded.recognizer("characters") if letters else None)
