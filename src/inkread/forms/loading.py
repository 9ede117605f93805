"""A template's text to a `Template`.

Whatever is wrong with it becomes one line: the file, the line in it, the field, what came, what was wanted.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from inkread.errors import UsageError, nearest
from inkread.formats import find
from inkread.forms.fits import RULE_KEYS
from inkread.forms.template import Comb, FormField, FormPage, Mark, Option, Rule, Template
from inkread.forms.toml_lines import Place, line_of, lines_of

__all__ = ["load", "parse", "values_of"]

_MOST_BYTES = 1_000_000
_MOST_DOTS = 100
_EXAMPLES = {
    "name": 'name = "order-slip"',
    "type": 'type = "us_zip"',
    "width": "width = 210",
    "height": "height = 297",
    "fields": "a [[fields]] table",
    "id": "id = 0",
    "box": "box = [20, 40, 90, 50]",
    "cells": "cells = 8",
    "text": 'text = "yes"',
    "kind": 'kind = "sum"',
}
_PARTS: dict[str, type[BaseModel]] = {
    "pages": FormPage,
    "fields": FormField,
    "rules": Rule,
    "marks": Mark,
    "options": Option,
    "comb": Comb,
}
_TABLES = {"pages": "page", "fields": "field", "rules": "rule"}


def load(path: Path, *, draft: bool = False) -> Template:
    """Open a template; see `Template.load`.

    Raises:
        UsageError: see there.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise UsageError(
                f"{path} is larger than 1 MB, and a template is a page of text; is it another file?"
            )
        text = path.read_text("utf-8-sig")
    except OSError as error:
        why = error.strerror or error
        raise UsageError(f"{path} cannot be opened as a template: {why}; give a TOML file") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path} is no text; a template is a TOML file, see `inkread form new`") from None
    return parse(text, where=str(path), folder=path.parent, draft=draft)


def parse(text: str, *, where: str, folder: Path | None, draft: bool = False) -> Template:
    """Take a template from a text; see `Template.parse`.

    Raises:
        UsageError: see `Template.load`.
    """
    teller = _Teller(where, text)
    if len(text) > _MOST_BYTES:
        raise UsageError(f"{where} is longer than 1 MB, and a template is a page of text")
    values = values_of(text, where)
    teller.values = values
    try:
        template = Template.model_validate(values)
    except ValidationError as error:
        raise teller.of_validation(error) from None
    if not draft and not template.placed:
        raise UsageError(
            f"{where} does not say yet where its fields are: `inkread form print {where} -o form.pdf` "
            "lays it out"
        )
    _check_files(template, folder, teller)
    return template.in_folder(folder or Path())


def values_of(text: str, where: str) -> dict[str, Any]:
    """The values of a TOML text, whoever wrote it.

    Raises:
        UsageError: it is no TOML, or would take long to find that out.
    """
    if any(piece.count(".") > _MOST_DOTS for piece in re.split(r"(?<=[=,\n{}])", text) if _may_be_key(piece)):
        # tomllib takes time that grows with the square of the dots
        raise UsageError(f"{where}: a key has more than {_MOST_DOTS} dots, and a template's keys have none")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(
            r"^(.*) \(at (?:line (\d+), column (\d+)|(end of document))\)$", str(error), re.DOTALL
        )
        what, line, column, _ = found.groups() if found else (str(error), None, None, None)
        last = text.count("\n") + (not text.endswith("\n"))
        spot = f" at column {column}" if column else " at its end"
        cure = '; put a text between quotes, as in name = "zip"' if what == "Invalid value" else ""
        raise UsageError(
            f"{where}: line {line or last}: no TOML{spot}: {what[:1].lower()}{what[1:]}{cure}"
        ) from None
    except (RecursionError, ValueError) as error:
        why = "its brackets are nested too deep" if isinstance(error, RecursionError) else str(error)
        raise UsageError(f"{where}: no TOML: {why}") from None


def _may_be_key(piece: str) -> bool:
    """Whether a piece of a line may be a key or a header."""
    return piece.endswith("=") or piece.lstrip().startswith("[")


class _Teller:
    """Turns what is wrong into lines that name the file, the line and the field."""

    def __init__(self, where: str, text: str) -> None:
        self.where = where
        self.text = text
        self.values: dict[str, Any] = {}

    def of_validation(self, error: ValidationError) -> UsageError:
        """The first thing in the file that is wrong, and how many more are."""
        lines = self.lines()
        problems = error.errors(include_url=False)
        misspelt = {p["loc"][:-1] for p in problems if p["type"] == "extra_forbidden"}
        told = []
        for number, problem in enumerate(problems):
            if problem["type"] == "missing" and problem["loc"][:-1] in misspelt:
                continue  # most likely the same key
            place: Place = (*problem["loc"], *problem.get("ctx", {}).get("at", ()))
            told.append((line_of(place, lines), number, place))
        line, number, place = min(told)
        more = len({(one[0], one[2]) for one in told}) - 1
        rest = f" (and {more:,} more to mend)" if more else ""
        message = _worded(problems[number], tuple(problems[number]["loc"]))
        return UsageError(f"{self.where}: line {line}{self.of(place)}: {message}{rest}")

    def lines(self) -> dict[Place, int]:
        """Where everything stands; nothing where brackets are nested beyond all measure."""
        try:
            return lines_of(self.text)
        except RecursionError:
            return {}

    def at(self, message: str, *place: str | int) -> UsageError:
        """An error about a place."""
        return UsageError(f"{self.where}: line {line_of(place, self.lines())}{self.of(place)}: {message}")

    def of(self, place: Place) -> str:
        """`, field zip` of a place within that field."""
        if len(place) < 2 or place[0] not in _TABLES or not isinstance(place[1], int):
            return ""
        head, number = str(place[0]), place[1]
        name: Any = None
        tables = self.values.get(head)
        if head == "fields" and isinstance(tables, list) and isinstance(tables[number], dict):
            name = tables[number].get("name")
        good = isinstance(name, str) and name.isprintable() and 0 < len(name) <= 64
        return f", {_TABLES[head]} {name if good else number + 1}"


def _worded(problem: Any, loc: Place) -> str:
    """A problem in our words: what came, what was wanted."""
    kind, context = problem["type"], problem.get("ctx", {})
    key = next((part for part in reversed(loc) if isinstance(part, str)), "")
    if kind == "form":
        message = str(context["message"])
        return message if context["at"] or not key else f"{key}: {message}"
    if kind == "missing":
        return f"has no {key}; write such as {_EXAMPLES.get(key, key)}"
    if kind == "extra_forbidden":
        known = list(_model_of(loc[:-1]).model_fields)
        return f"there is no key {key[:40]!r}{nearest(key[:80], known)}; wanted one of {', '.join(known)}"
    return f"{key} is {_came(problem['input'])}; wanted {_wanted(kind, context)}"


def _model_of(loc: Place) -> type[BaseModel]:
    named = [_PARTS[part] for part in loc if isinstance(part, str) and part in _PARTS]
    return named[-1] if named else Template


def _came(value: Any) -> str:
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}"
    text = repr(value) if not isinstance(value, bool) else str(value).lower()
    return text if len(text) <= 60 else f"{text[:57]}..."


_WANTED = {
    "string_type": "a text between quotes",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a number",
    "bool_type": "true or false",
    "model_type": "a table of keys and values",
    "model_attributes_type": "a table of keys and values",
    "tuple_type": "a list in brackets",
    "string_too_short": "a text",
    "literal_error": f"one of {', '.join(RULE_KEYS)}",
}
_BOUNDS = {
    "greater_than": "a number above {gt:g}",
    "greater_than_equal": "a number from {ge:g}",
    "less_than": "a number below {lt:g}",
    "less_than_equal": "a number up to {le:g}",
    "too_short": "at least {min_length}",
    "too_long": "at most {max_length}",
}


def _wanted(kind: str, context: dict[str, Any]) -> str:
    if kind in _BOUNDS:
        return _BOUNDS[kind].format(**context)
    return _WANTED.get(kind, kind.replace("_", " "))


def _check_files(template: Template, folder: Path | None, teller: _Teller) -> None:
    """Every file that the template names is there."""
    named: list[tuple[Place, str, bool]] = []
    for at, page in enumerate(template.pages):
        if page.reference is not None:
            named.append((("pages", at, "reference"), page.reference, False))
    for at, field in enumerate(template.fields):
        if field.lexicon is not None:
            named.append((("fields", at, "lexicon"), field.lexicon, True))
        elif field.type.startswith("lexicon:"):
            named.append((("fields", at, "type"), field.type.partition(":")[2], True))
    for place, name, is_lexicon in named:
        if folder is None:
            raise teller.at(f"names the file {name!r}, and a template without a folder can name none", *place)
        _check_file(folder / Path(name).expanduser(), is_lexicon, teller, place)


def _check_file(file: Path, is_lexicon: bool, teller: _Teller, place: Place) -> None:
    if is_lexicon:
        try:
            find(f"lexicon:{file}")
        except UsageError as error:
            raise teller.at(str(error), *place) from None
    elif not file.is_file():
        raise teller.at(f"there is no file {file}; give a picture or PDF of the blank page", *place)
