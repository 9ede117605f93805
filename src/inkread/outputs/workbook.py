"""An XLSX workbook that is there whole or not at all, whose texts are texts: no formulas, numbers or links.

In: a path, and in the block the book of xlsxwriter, row by row (its memory stays small). Out: the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from inkread.outputs.atomic import replacing

__all__ = ["LEAST_SURE", "MIDDLE", "ROWS", "STATUS_COLOURS", "SURE", "cell_text", "workbook"]

ROWS = 1_048_576
"""A sheet has so many."""
STATUS_COLOURS = {"accepted": "#1C8A54", "review": "#C87A0C", "refused": "#C43434", "failed": "#787878"}
LEAST_SURE, MIDDLE, SURE = (0.0, "#F4B6B2"), (0.8, "#FBE9B0"), (1.0, "#BFE5CC")
"""Confidences and their colours; between them colours blend."""
_CELL = 32_767


@contextmanager
def workbook(path: Path) -> Iterator[Any]:
    """Open a book to be written; see the module's docstring.

    Args:
        path: the file, which is replaced once the book is complete.

    Raises:
        InkreadError: it cannot be written; nothing is left under its name.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    options: dict[str, Any] = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
        "nan_inf_to_errors": True,
    }
    with replacing(path) as new:
        options["tmpdir"] = str(new.parent)
        book = xlsxwriter.Workbook(str(new), options)
        try:
            yield book
        finally:
            try:
                book.close()
            except FileCreateError as error:
                cause = error.args[0] if error.args and isinstance(error.args[0], OSError) else None
                raise (cause or OSError(str(error))) from error


def cell_text(text: str) -> str:
    r"""A text as a cell takes it: lone surrogates as `\udcff`, and no longer than a cell may be."""
    return text.encode("utf-8", "backslashreplace").decode()[:_CELL]
