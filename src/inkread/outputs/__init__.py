"""Results to files: `save(pages, path)` by the ending of the name; `show(page)` opens the picture.

In: `Page`s, one after the other, so that a folder of any size passes through. Out: a finished file or none:
every writer works on a temporary file beside the final name and renames it at the end.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import Any

from inkread.errors import MissingExtra, UsageError, nearest
from inkread.types import Page

__all__ = ["ENDINGS", "check_path", "ending_of", "save", "show"]

_WRITERS = {
    ".csv": ("records", "write_csv"),
    ".jsonl": ("records", "write_jsonl"),
    ".xlsx": ("records", "write_xlsx"),
    ".txt": ("records", "write_txt"),
    ".md": ("markdown", "write_md"),
    ".alto.xml": ("alto", "write_alto"),
    ".page.xml": ("page_xml", "write_page"),
    ".hocr": ("hocr", "write_hocr"),
    ".pdf": ("pdf", "write_pdf"),
    ".png": ("picture", "write_png"),
}
_OF_FORMS = (".csv", ".xlsx")
"""What has one row a form, where the first page is of a form; functions of the same names in `forms`."""
ENDINGS = tuple(_WRITERS)
"""The endings that `save` knows."""


def save(pages: Iterable[Page], path: str | Path) -> Path:
    """Write pages to a file; its ending chooses the format.

    Args:
        pages: taken one by one, and let go.
        path: ends in one of `ENDINGS`. Rows: .csv, .jsonl, .xlsx (one a reading; where the first page is of a
            form, one a form in .csv and .xlsx). Text: .txt, .md (uncertain words marked).
            Pages of text with boxes: .alto.xml, .page.xml, .hocr. Pictures: .pdf (searchable), .png (the
            readings drawn over them). Formats of one page a file (.alto.xml, .page.xml, .png) give of several
            pages `out-1.png`, `out-2.png` and so on.

    Returns:
        The file written; of several files the first.

    Raises:
        UsageError: no writer knows the ending, the folder is not there, or a picture cannot be opened again.
        MissingExtra: the format needs a library that is not installed.
        InkreadError: the file cannot be written, as on a full disk; nothing is left under its name.

    Example:
        >>> inkread.read("seven.jpg").save("seven.csv")  # doctest: +SKIP
    """
    path = check_path(path)
    module, function = _WRITERS[ending_of(path)]
    if ending_of(path) in _OF_FORMS:
        waiting = iter(pages)
        first = next(waiting, None)
        module = "forms" if first is not None and first.kind == "form" else module
        pages = waiting if first is None else chain([first], waiting)
    write: Any = getattr(import_module(f"inkread.outputs.{module}"), function)
    written: Path = write(pages, path)
    return written


def check_path(path: str | Path, endings: tuple[str, ...] = ENDINGS) -> Path:
    """Find out before the work whether a file of this name can be written after it.

    Args:
        path: where to write.
        endings: the endings that are allowed.

    Returns:
        The path, as a Path.

    Raises:
        UsageError: no writer knows the ending; the folder does not exist; a folder has this name.
        MissingExtra: the format needs a library that is not installed.
    """
    path = Path(path)
    ending = ending_of(path)
    if ending not in endings:
        came = f"ends in {ending!r}" if ending else "has no ending"
        close = "; name it .alto.xml or .page.xml" if ending == ".xml" else nearest(ending, list(endings))
        raise UsageError(f"{path} {came}; expected one of {', '.join(endings)}{close}")
    if path.is_dir():
        raise UsageError(f"{path} is a folder; name a file in it, such as {path / ('out' + ending)}")
    if not path.parent.is_dir():
        raise UsageError(f"{path} cannot be written: there is no folder {path.parent}; make it first")
    if ending == ".pdf":
        _check_library(path)
    return path


def _check_library(path: Path) -> None:
    from importlib.util import find_spec

    if find_spec("pypdfium2") is None:
        raise MissingExtra(f"{path}: writing PDF", "pypdfium2", "pdf")


def ending_of(path: Path) -> str:
    """The ending that chooses the format, in small letters: `.alto.xml` of `Notes.ALTO.xml`."""
    name = path.name.lower()
    return next((e for e in ENDINGS if e.count(".") > 1 and name.endswith(e)), path.suffix.lower())


def show(page: Page) -> None:
    """Open the picture with the readings drawn over it: in a notebook inline, else in the system's viewer.

    Raises:
        UsageError: the page was read from memory and its picture is no longer there.
    """
    from inkread.outputs.picture import show_page

    show_page(page)
