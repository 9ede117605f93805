r"""Readings as lines: an aligned table for a terminal, tab-separated lines for a pipe.

One reading is always one line, whatever its file is called: in a pipe tabs, line ends, backslashes and other
control characters of names and texts are escaped as in a Python string (`\t`, `\n`, `\\`, `\x1b`), so
that no name can forge a row or move the cursor.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from inkread.outputs.pieces import shown
from inkread.types import Page, Reading

__all__ = ["COLUMNS", "Table", "escape", "one_line", "tsv"]

COLUMNS = ("source", "page", "text", "confidence", "status", "reason", "box")
"""The columns of the tab-separated lines, which come without a header; of forms and checks also the field."""
FIELDED = ("form", "check")
"""Kinds whose readings are told with the name of their field."""

_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_SHORT = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}
_COLOURS = {"accepted": "32", "review": "33", "refused": "31", "failed": "35"}
_WIDEST_NAME = 48


def _escaped(match: re.Match[str]) -> str:
    char = match[0]
    return _SHORT.get(char) or (f"\\x{ord(char):02x}" if ord(char) < 256 else f"\\u{ord(char):04x}")


def one_line(text: str) -> str:
    r"""The text with control characters escaped, for people: one line, and nothing steers the terminal.

    Example:
        >>> one_line("a\nb")
        'a\\nb'
    """
    return _UNSAFE.sub(_escaped, text)


def escape(text: str) -> str:
    r"""The text with control characters and backslashes escaped, for programs: it can be recovered exactly.

    Example:
        >>> print(escape("C:\\new\tname"))
        C:\\new\tname
    """
    return one_line(text.replace("\\", "\\\\"))


def tsv(reading: Reading) -> str:
    """One reading as a tab-separated line, without its line end; the columns are `COLUMNS`.

    Of a form or a check the name of the field follows.
    """
    box = ",".join(map(str, reading.box.to_list())) if reading.box else ""
    cells = (reading.source, str(reading.page), reading.text, f"{reading.confidence:.4f}", reading.status)
    field = (reading.name or "",) if reading.kind in FIELDED else ()
    return "\t".join(escape(cell) for cell in (*cells, reading.reason, box, *field))


class Table:
    """Lays readings out in aligned columns; widths are set by the first rows it is given, later ones follow.

    Args:
        colour: whether to colour the status by ANSI codes.
        width: columns of the terminal.
    """

    def __init__(self, *, colour: bool = False, width: int = 80) -> None:
        self._colour = colour
        self._width = max(width, 40)
        self._widths: list[int] = []

    def lines(self, pages: Sequence[Page]) -> list[str]:
        """The rows of some pages; the first call puts a header above them.

        Args:
            pages: the next pages, in order.
        """
        rows = [
            self._cells(page, reading, number) for page in pages for number, reading in enumerate(shown(page))
        ]
        head = ("picture", "text", "confidence", "status", "")
        if self._widths:
            return [self._line(row) for row in rows]
        if not rows:
            return []
        self._widths = [max(_columns(row[i]) for row in [head, *rows]) for i in range(4)]
        self._widths[0] = min(self._widths[0], _WIDEST_NAME, self._width // 2)
        self._widths[1] = max(self._widths[1], 4)
        return [self._line(head), *(self._line(row) for row in rows)]

    def _cells(self, page: Page, reading: Reading, number: int) -> tuple[str, ...]:
        name = f"{page.source} p.{page.page}" if page.page > 1 else page.source
        reason = reading.reason.removeprefix(f"{page.source}: ")
        sure = "" if reading.status == "failed" else f"{reading.confidence:.3f}"
        name = one_line(name) if number == 0 else ""
        text = one_line(reading.text) or "-"
        if reading.name and page.kind in FIELDED:
            text = f"{one_line(reading.name)}: {text}"
        return name, text, sure, reading.status, one_line(reason)

    def _line(self, cells: tuple[str, ...]) -> str:
        name, text, sure, status, reason = cells
        widths = self._widths
        painted = _pad(status, widths[3])
        if self._colour and status in _COLOURS:
            painted = f"\x1b[{_COLOURS[status]}m{painted}\x1b[0m"
        front = f"{_pad(_end_of(name, widths[0]), widths[0])}  {_pad(text, widths[1])}  "
        return f"{front}{sure:>{widths[2]}}  {painted}  {reason}".rstrip()


def _columns(text: str) -> int:
    """How many terminal columns a text takes: wide East Asian characters two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _columns(text))


def _end_of(name: str, width: int) -> str:
    """A long path without its beginning: the end tells files apart."""
    if _columns(name) <= width:
        return name
    while _columns(name) > width - 1:
        name = name[1:]
    return f"…{name}"
