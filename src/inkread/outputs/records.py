r"""Readings as rows: JSON Lines, CSV, XLSX and plain text.

Columns are the keys of `Reading.to_dict`, in its order; `reading.schema.json` beside this file describes
them. Text stays text: `02139` keeps its zero, and what somebody wrote by hand is never run as a formula.

CSV and formulas. A spreadsheet runs a CSV cell that begins with `= + - @`, and handwriting may read "=1+1".
Such a cell gets one apostrophe in front (as does one that begins with an apostrophe already); plain numbers
such as -5 do not need it. To recover the text: take one leading apostrophe away where there is one
(`unguard`). XLSX needs no guard, its cells are typed.

File names that are no valid text (undecodable bytes) are kept in JSON Lines as escaped lone surrogates, which
Python turns back into the name; CSV, XLSX and text show such a byte as `\udcff`.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, TextIO

from inkread.errors import UsageError
from inkread.outputs import pieces
from inkread.outputs.atomic import replacing
from inkread.outputs.workbook import LEAST_SURE, MIDDLE, ROWS, STATUS_COLOURS, SURE, cell_text, workbook
from inkread.types import STATUSES, Page, Reading

__all__ = [
    "COLUMNS",
    "SCHEMA",
    "guard",
    "text_file",
    "to_json",
    "unguard",
    "write_csv",
    "write_jsonl",
    "write_txt",
    "write_xlsx",
    "titled",
]

COLUMNS = tuple(Reading("", 0.0, "refused").to_dict())
"""Names of the columns."""
SCHEMA = Path(__file__).with_name("reading.schema.json")
"""The JSON Schema (draft 2020-12) of one reading."""

_PLAIN_NUMBER = re.compile(r"[+-]?[0-9.,]*", re.ASCII)
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")  # noqa: RUF001
_XLSX_WIDTHS = {
    "source": 32,
    "text": 12,
    "reason": 48,
    "box": 20,
    "alternatives": 36,
    "characters": 36,
    "model": 14,
    "city": 20,
    "address": 36,
}


def to_json(reading: Reading) -> str:
    """One reading as one line of JSON, without its line end.

    Characters stand as they are, unless the line holds lone surrogates (an undecodable file name): then
    everything beyond ASCII is escaped, so that the line is valid in any encoding.
    """
    values = reading.to_dict()
    line = json.dumps(values, ensure_ascii=False)
    return line if _is_encodable(line) else json.dumps(values)


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def guard(text: str) -> str:
    """Keep a spreadsheet from taking a CSV cell for a formula; see the module's docstring.

    Example:
        >>> guard("=1+1"), guard("-5"), guard("02139")
        ("'=1+1", '-5', '02139')
    """
    dangerous = text.lstrip(" \u00a0").startswith(_STARTS_A_FORMULA) and not _PLAIN_NUMBER.fullmatch(text)
    return f"'{text}" if dangerous else text


def unguard(cell: str) -> str:
    """The text of a guarded cell.

    Example:
        >>> unguard("'=1+1"), unguard("-5")
        ('=1+1', '-5')
    """
    return cell[1:] if cell.startswith("'") else cell


def write_jsonl(pages: Iterable[Page], path: Path) -> Path:
    """One JSON object a reading, one a line. See `inkread.outputs.save` for arguments and errors."""
    with replacing(path) as new, text_file(new) as file:
        file.writelines(f"{to_json(reading)}\n" for page in pages for reading in page)
    return path


def write_csv(pages: Iterable[Page], path: Path) -> Path:
    """One row a reading, of mail one a piece, with a header; lists as JSON. See `inkread.outputs.save`."""
    with replacing(path) as new, text_file(new, newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        columns, rows = _table(pages)
        writer.writerow(columns)
        for row in rows:
            writer.writerow([guard(cell) if isinstance(cell, str) else cell for cell in row])
    return path


def write_txt(pages: Iterable[Page], path: Path) -> Path:
    """The texts, one reading a line; of several pages each under its name.

    A reading without a text (refused, failed) is an empty line. See `inkread.outputs.save` for arguments and
    errors.
    """
    with replacing(path) as new, text_file(new) as file:
        file.writelines(titled(pages, lambda page: f"{page.text}\n", _titled))
    return path


def titled(
    pages: Iterable[Page], alone: Callable[[Page], str], under_its_name: Callable[[Page], str]
) -> Iterator[str]:
    """What a text file of pages says: one page plainly, several each under its name, a blank line between.

    Args:
        pages: taken one by one, and let go.
        alone: what a page says that is the only one.
        under_its_name: what a page says beside others.
    """
    first: Page | None = None
    for number, page in enumerate(pages):
        if number == 0:
            first = page
            continue
        if first is not None:
            yield under_its_name(first)
            first = None
        yield f"\n{under_its_name(page)}"
    if first is not None:
        yield alone(first)


def _titled(page: Page) -> str:
    name = f"{page.source}, page {page.page}" if page.page > 1 else page.source
    return f"== {' '.join(name.splitlines())} ==\n{page.text}\n"


def write_xlsx(pages: Iterable[Page], path: Path) -> Path:
    """A workbook with one row a reading, of mail one a piece; texts are typed as text.

    See `inkread.outputs.save`.

    Raises:
        UsageError: more readings than a sheet has rows.
    """
    with workbook(path) as book:
        _fill(book, pages)
    return path


def _fill(book: Any, pages: Iterable[Page]) -> None:
    """Write header, rows and colours into the book's only sheet."""
    sheet = book.add_worksheet("readings")
    text, head = book.add_format({"num_format": "@"}), book.add_format({"bold": True, "bottom": 1})
    share = book.add_format({"num_format": "0.000"})
    columns, rows = _table(pages)
    for column, name in enumerate(columns):
        sheet.set_column(column, column, _XLSX_WIDTHS.get(name, 10))
        sheet.write_string(0, column, name, head)
    sheet.freeze_panes(1, 0)
    last = 0
    for last, row in enumerate(rows, start=1):
        if last >= ROWS:
            raise UsageError(f"a sheet holds {ROWS - 1} readings and there are more; write .csv or .jsonl")
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(last, column, cell_text(cell), text)
            elif cell is not None:
                sheet.write_number(last, column, cell, share if columns[column] == "confidence" else None)
    if last:
        _colour(book, sheet, last, columns)
        sheet.autofilter(0, 0, last, len(columns) - 1)


def _colour(book: Any, sheet: Any, last: int, columns: tuple[str, ...]) -> None:
    """Colour the status by its kind and the confidence from red over yellow to green."""
    status, confidence = columns.index("status"), columns.index("confidence")
    for word in STATUSES:
        style = book.add_format({"font_color": STATUS_COLOURS[word], "bold": True})
        rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": style}
        sheet.conditional_format(1, status, last, status, rule)
    scale: dict[str, Any] = {"type": "3_color_scale"}
    for end, (value, colour) in {"min": LEAST_SURE, "mid": MIDDLE, "max": SURE}.items():
        scale |= {f"{end}_type": "num", f"{end}_value": value, f"{end}_color": colour}
    sheet.conditional_format(1, confidence, last, confidence, scale)


def _table(pages: Iterable[Page]) -> tuple[tuple[str, ...], Iterator[list[str | int | float | None]]]:
    """Columns and rows: a row a reading, or a row a piece where the first page is one of mail."""
    waiting = iter(pages)
    first = next(waiting, None)
    every = chain([] if first is None else [first], waiting)
    if first is not None and pieces.is_mail(first):
        return pieces.COLUMNS, map(pieces.row, every)
    return COLUMNS, _rows(every)


def _rows(pages: Iterable[Page]) -> Iterator[list[str | int | float | None]]:
    """Cells in the order of COLUMNS; lists as JSON."""
    for page in pages:
        for reading in page:
            yield [
                json.dumps(v, ensure_ascii=False) if isinstance(v, list) else v
                for v in reading.to_dict().values()
            ]


text_file: partial[TextIO] = partial(Path.open, mode="w", encoding="utf-8", errors="backslashreplace")
