"""Readings of forms put together: one row a form, whatever could be read of it.

In: `Page`s of kind "form", in order. A picture may show several forms, and a form may have several pages: the
readings of one source with one document number are one form. Out: `FormRow`s. Nothing is left out: a picture
that is not the form, and a source that cannot be opened, is a row as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from inkread.types import STATUSES, Page, Reading

__all__ = ["Cell", "FormRow", "KIND", "form_rows"]

KIND = "form"


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of one form, or a word about the form as a whole.

    Attributes:
        text: what it says; empty where it is refused, or left blank.
        confidence: calibrated probability that this is right.
        status: of the reading.
        reason: why a person must look; empty where it is accepted.
        page: of the source, from 1.
        others: what else it could say, best first.
    """

    text: str
    confidence: float
    status: str
    reason: str
    page: int
    others: tuple[str, ...] = ()


@dataclass(slots=True)
class FormRow:
    """One form.

    Attributes:
        source: the file.
        document: which form of the file, from 1.
        cells: by field.
        whole: readings without a field: why the picture is not the form, and the like.
    """

    source: str
    document: int
    cells: dict[str, Cell] = field(default_factory=dict)
    whole: list[Cell] = field(default_factory=list)

    @property
    def status(self) -> str:
        """The worst of its cells."""
        return max((cell.status for _, cell in self.told()), key=STATUSES.index, default="refused")

    @property
    def reason(self) -> str:
        """Each reason once, behind the fields that it is about: `zip: reads 0213: four digits, ...`."""
        fields: dict[str, list[str]] = {}
        for name, cell in self.told():
            if cell.reason:
                fields.setdefault(cell.reason, []).extend([name] if name else [])
        return "; ".join(f"{', '.join(names)}: {why}" if names else why for why, names in fields.items())

    def told(self) -> Iterator[tuple[str, Cell]]:
        """Every cell with its field; what is about the whole comes last, under "" ."""
        yield from self.cells.items()
        yield from (("", cell) for cell in self.whole)

    def to_json(self) -> list[Any]:
        """Plain values, from which `of_json` makes the row again."""
        return [
            self.source,
            self.document,
            _plain(self.cells.items()),
            [_values(cell) for cell in self.whole],
        ]

    @classmethod
    def of_json(cls, values: list[Any]) -> FormRow:
        """The row of plain values."""
        source, document, cells, whole = values
        return cls(source, document, {name: _cell(told) for name, told in cells}, list(map(_cell, whole)))


def _plain(cells: Iterable[tuple[str, Cell]]) -> list[list[Any]]:
    return [[name, _values(cell)] for name, cell in cells]


def _values(cell: Cell) -> list[Any]:
    return [cell.text, cell.confidence, cell.status, cell.reason, cell.page, list(cell.others)]


def _cell(values: list[Any]) -> Cell:
    text, confidence, status, reason, page, others = values
    return Cell(text, confidence, status, reason, page, tuple(others))


def form_rows(pages: Iterable[Page]) -> Iterator[FormRow]:
    """Put readings together to forms.

    Args:
        pages: taken one by one; no more is kept than the forms of one source.

    Yields:
        Forms in the order in which they begin.
    """
    rows: list[FormRow] = []
    open_rows: dict[int, FormRow] = {}
    for page in pages:
        if rows and page.source != rows[0].source:
            yield from rows
            rows, open_rows = [], {}
        for reading in page:
            row = open_rows.get(reading.document)
            if row is None or not _has_room(row, reading, page):
                row = FormRow(page.source, reading.document)
                open_rows[reading.document] = row
                rows.append(row)
            _put(row, reading, page)
    yield from rows


def _has_room(row: FormRow, reading: Reading, page: Page) -> bool:
    """Whether a reading belongs to a row; a second one for the same field begins another form.

    So do pictures from memory, which all have the same name, come apart.
    """
    if reading.name:
        return reading.name not in row.cells
    return all(cell.page != page.page for cell in row.whole)


def _put(row: FormRow, reading: Reading, page: Page) -> None:
    others = tuple(a.text for a in reading.alternatives if a.text and a.text != reading.text)
    cell = Cell(
        reading.text, round(reading.confidence, 6), reading.status, reading.reason, page.page, others[:5]
    )
    if reading.name:
        row.cells[reading.name] = cell
    else:
        row.whole.append(cell)
