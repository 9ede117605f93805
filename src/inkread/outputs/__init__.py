"""Results to files: `save(pages, path)` by the ending of the name; `show(page)` opens the picture.

In: `Page`s, one after the other, so that a folder of any size passes through. Out: a finished file or none:
every writer works on a temporary file beside the final name and renames it at the end.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

from inkread.errors import UsageError, nearest
from inkread.types import Page

__all__ = ["ENDINGS", "check_path", "save", "show"]

_WRITERS = {
    ".csv": ("records", "write_csv"),
    ".jsonl": ("records", "write_jsonl"),
    ".xlsx": ("records", "write_xlsx"),
    ".txt": ("records", "write_txt"),
    ".png": ("picture", "write_png"),
}
ENDINGS = tuple(_WRITERS)
"""The endings that `save` knows."""
_LATER = (".alto.xml", ".page.xml", ".xml", ".hocr", ".pdf", ".md")


def save(pages: Iterable[Page], path: str | Path) -> Path:
    """Write pages to a file; its ending chooses the format.

    Args:
        pages: taken one by one, and let go.
        path: ends in .csv, .jsonl, .xlsx, .txt, or .png (the picture with the readings drawn over it; of
            several pages `out-1.png`, `out-2.png` and so on).

    Returns:
        The file written; of several pictures the first.

    Raises:
        UsageError: no writer knows the ending, the folder is not there, or a picture cannot be opened again.
        InkreadError: the file cannot be written, as on a full disk; nothing is left under its name.

    Example:
        >>> inkread.read("seven.jpg").save("seven.csv")  # doctest: +SKIP
    """
    path = check_path(path)
    module, function = _WRITERS[path.suffix.lower()]
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
    """
    path = Path(path)
    ending = path.suffix.lower()
    if ending not in endings:
        name, known = path.name.lower(), ", ".join(endings)
        later = next((e for e in _LATER if name.endswith(e)), None)
        if later and endings == ENDINGS:
            raise UsageError(f"{path}: {later} files come with a later version; this one writes {known}")
        came = f"ends in {ending!r}" if ending else "has no ending"
        raise UsageError(f"{path} {came}; expected one of {known}{nearest(ending, list(endings))}")
    if path.is_dir():
        raise UsageError(f"{path} is a folder; name a file in it, such as {path / ('out' + ending)}")
    if not path.parent.is_dir():
        raise UsageError(f"{path} cannot be written: there is no folder {path.parent}; make it first")
    return path


def show(page: Page) -> None:
    """Open the picture with the readings drawn over it: in a notebook inline, else in the system's viewer.

    Raises:
        UsageError: the page was read from memory and its picture is no longer there.
    """
    from inkread.outputs.picture import show_page

    show_page(page)
