"""Forms as a table: one row a form, one column a field; in XLSX coloured, with a sheet of what to look at.

In: `Page`s of kind "form", one after the other. Out: CSV or XLSX with the columns source, document, one a
field in the form's order, status (the worst of the form's fields) and reason. All forms are written to a
temporary file first: which columns there are is known at the end only, and no pile is too large.

What was written by hand stays text: nothing is run as a formula, see `inkread.outputs.records`.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, TextIO

from inkread.errors import UsageError
from inkread.outputs.atomic import replacing
from inkread.outputs.form_rows import Cell, FormRow, form_rows
from inkread.outputs.records import guard, text_file
from inkread.outputs.workbook import LEAST_SURE, MIDDLE, ROWS, STATUS_COLOURS, SURE, cell_text, workbook
from inkread.types import Page

__all__ = ["write_csv", "write_xlsx"]

_BEFORE, _BEHIND = ("source", "document"), ("status", "reason")
_REVIEW = ("source", "document", "page", "field", "text", "confidence", "status", "reason", "could also be")
_REVIEW_WIDTHS = (32, 10, 6, 18, 24, 11, 10, 60, 32)
_STEPS = 20
"""So many colours from the least to the most sure."""
_MOST_LINKS = 60_000
"""A sheet may have some more."""


@dataclass(frozen=True, slots=True)
class _Pile:
    """Forms on the disk.

    Attributes:
        file: one form a line, as JSON.
        fields: every field that a form has, in the order of their appearance.
    """

    file: TextIO
    fields: tuple[str, ...]

    def __iter__(self) -> Iterator[FormRow]:
        self.file.seek(0)
        for line in self.file:
            yield FormRow.of_json(json.loads(line))


@contextmanager
def _piled(pages: Iterable[Page]) -> Iterator[_Pile]:
    """Write forms down, and learn which columns they have."""
    with TemporaryFile("w+", encoding="utf-8") as file:
        fields: dict[str, None] = {}
        for row in form_rows(pages):
            fields |= dict.fromkeys(row.cells)
            file.write(f"{json.dumps(row.to_json())}\n")
        yield _Pile(file, tuple(fields))


def write_csv(pages: Iterable[Page], path: Path) -> Path:
    """One row a form, with a header. See `inkread.outputs.save` for arguments and errors."""
    with _piled(pages) as pile, replacing(path) as new, text_file(new, newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([guard(name) for name in (*_BEFORE, *pile.fields, *_BEHIND)])
        for row in pile:
            texts = [row.cells[name].text if name in row.cells else "" for name in pile.fields]
            cells = [row.source, *texts, row.status, row.reason]
            source, *rest = map(guard, cells)
            writer.writerow([source, row.document, *rest])
    return path


def write_xlsx(pages: Iterable[Page], path: Path) -> Path:
    """A workbook with the sheets forms (one row a form, coloured by confidence) and review (what to look at).

    See `inkread.outputs.save` for arguments and errors.

    Raises:
        UsageError: more forms than a sheet has rows.
    """
    with _piled(pages) as pile, workbook(path) as book:
        _Writer(book, pile.fields).write(pile)
    return path


@dataclass(slots=True)
class _Writer:
    """Fills a book.

    Attributes:
        book: of xlsxwriter.
        fields: the columns.
        looks: formats by colour and status.
        reviewed: rows of review so far.
        sheets: sheets of review so far.
    """

    book: Any
    fields: tuple[str, ...]
    looks: dict[tuple[int, str], Any] = field(default_factory=dict)
    reviewed: int = 0
    sheets: int = 0
    forms: Any = None
    review: Any = None

    def write(self, rows: Iterable[FormRow]) -> None:
        """All sheets."""
        self.forms = self._sheet("forms", (*_BEFORE, *self.fields, *_BEHIND), self._widths())
        self.forms.freeze_panes(1, len(_BEFORE))
        self._next_review()
        last = 0
        for last, row in enumerate(rows, start=1):
            if last >= ROWS:
                raise UsageError(f"a sheet holds {ROWS - 1} forms and there are more; write .csv or .jsonl")
            self._row(last, row)
        self.forms.autofilter(0, 0, max(last, 1), len(self.fields) + 3)
        self._end_review()

    def _widths(self) -> tuple[int, ...]:
        return (32, 10, *(min(max(len(name) + 3, 12), 40) for name in self.fields), 11, 60)

    def _sheet(self, name: str, columns: tuple[str, ...], widths: tuple[int, ...]) -> Any:
        sheet = self.book.add_worksheet(name)
        head = self._look(-1, "head")
        for column, (title, width) in enumerate(zip(columns, widths, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, cell_text(title), head)
        sheet.freeze_panes(1, 0)
        return sheet

    def _next_review(self) -> None:
        self.sheets += 1
        name = "review" if self.sheets == 1 else f"review {self.sheets}"
        self.review = self._sheet(name, _REVIEW, _REVIEW_WIDTHS)
        self.reviewed = 0

    def _end_review(self) -> None:
        if not self.reviewed and self.sheets == 1:
            self.review.write_string(1, 0, "nothing: every field is accepted", self._look(-1, "accepted"))
        else:
            self.review.autofilter(0, 0, max(self.reviewed, 1), len(_REVIEW) - 1)

    def _row(self, at: int, row: FormRow) -> None:
        plain = self._look(-1, "")
        _put(self.forms, (at, 0), row.source, plain)
        self.forms.write_number(at, 1, row.document)
        for column, name in enumerate(self.fields, start=len(_BEFORE)):
            cell = row.cells.get(name)
            if cell is not None:
                look = self._look(round(cell.confidence * _STEPS), cell.status)
                _put(self.forms, (at, column), cell.text, look)
        end = len(_BEFORE) + len(self.fields)
        self.forms.write_string(at, end, row.status, self._look(-1, row.status))
        _put(self.forms, (at, end + 1), row.reason, plain)
        for name, cell in row.told():
            if cell.status != "accepted":
                self._look_at((at, row), name, cell)

    def _look_at(self, where: tuple[int, FormRow], name: str, cell: Cell) -> None:
        """One row of the sheet review; the field's name leads to its cell."""
        self.reviewed += 1
        if self.reviewed >= ROWS:
            self._end_review()
            self._next_review()
            self.reviewed = 1
        (line, row), at, plain = where, self.reviewed, self._look(-1, "")
        shade = self._look(round(cell.confidence * _STEPS), "share")
        told: tuple[tuple[str | float, Any], ...] = (
            (row.source, plain),
            (row.document, None),
            (cell.page, None),
            (name, plain),
            (cell.text, plain),
            (cell.confidence, shade),
            (cell.status, self._look(-1, cell.status)),
            (cell.reason, plain),
            (" | ".join(cell.others), plain),
        )
        for column, (value, look) in enumerate(told):
            _put(self.review, (at, column), value, look)
        if name and at <= _MOST_LINKS:
            place = f"internal:'forms'!{_letters(self.fields.index(name) + len(_BEFORE))}{line + 1}"
            self.review.write_url(at, 3, place, self._look(-1, "link"), cell_text(name))

    def _look(self, step: int, status: str) -> Any:
        """The format of a confidence (-1: none) and a status or another word."""
        if (step, status) not in self.looks:
            style: dict[str, Any] = {
                "num_format": "0.000" if status == "share" else "@",
                **_STYLES.get(status, {}),
            }
            if step >= 0:
                style |= {"bg_color": _blended(step / _STEPS), "border": 1, "border_color": "#E2E0DA"}
            self.looks[step, status] = self.book.add_format(style)
        return self.looks[step, status]


def _put(sheet: Any, where: tuple[int, int], value: str | float, look: Any) -> None:
    """Write a cell: what is text stays text."""
    if not isinstance(value, str):
        sheet.write_number(*where, value, look)
    elif value:
        sheet.write_string(*where, cell_text(value), look)
    else:
        sheet.write_blank(*where, None, look)


_STYLES: dict[str, dict[str, Any]] = {
    "head": {"bold": True, "bottom": 1},
    "link": {"font_color": "#1A5FB4", "underline": 1},
    **{word: {"font_color": STATUS_COLOURS[word], "bold": True} for word in ("review", "refused", "failed")},
}


def _blended(confidence: float) -> str:
    """The colour of a confidence."""
    low, high = (LEAST_SURE, MIDDLE) if confidence < MIDDLE[0] else (MIDDLE, SURE)
    share = min(1.0, max(0.0, (confidence - low[0]) / (high[0] - low[0])))
    pairs = zip(bytes.fromhex(low[1][1:]), bytes.fromhex(high[1][1:]), strict=True)
    return "#" + "".join(f"{round(a + share * (b - a)):02X}" for a, b in pairs)


def _letters(column: int) -> str:
    """The name of a column: 0 is A, 26 is AA."""
    name = ""
    while column >= 0:
        name = chr(ord("A") + column % 26) + name
        column = column // 26 - 1
    return name
