"""Names for formats that hold one page a file: `out.png` of one page; `out-1.png`, `out-2.png` of several."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from inkread.errors import UsageError
from inkread.types import Page

__all__ = ["numbered", "page_by_page"]

T = TypeVar("T")


def numbered(path: Path, count: int | None) -> Path:
    """The name of page `count` of several; of the only one (None) the name itself.

    Example:
        >>> numbered(Path("out.alto.xml"), 2).name
        'out-2.alto.xml'
    """
    if count is None:
        return path
    endings = path.suffixes[-2:] if path.suffix.lower() == ".xml" else path.suffixes[-1:]
    ending = "".join(endings)
    return path.with_name(f"{path.name[: len(path.name) - len(ending)]}-{count}{ending}")


def page_by_page(pages: Iterable[Page], path: Path, write: Callable[[Page, Path], object]) -> Path:
    """Write each page into a file of its own; sources that failed have no page and are left out.

    Args:
        pages: taken one by one.
        path: the name where there is one page; of several they are numbered.
        write: writes one page.

    Returns:
        The first file written.

    Raises:
        UsageError: no source could be opened.
    """
    first: Path | None = None
    for page, number in _with_numbers(page for page in pages if page.status != "failed"):
        name = numbered(path, number)
        write(page, name)
        first = first or name
    if first is None:
        raise UsageError(f"{path} was not written: there is no picture that could be opened")
    return first


def _with_numbers(values: Iterator[T]) -> Iterator[tuple[T, int | None]]:
    """Number the values from 1, unless there is but one."""
    first = next(values, None)
    if first is None:
        return
    second = next(values, None)
    yield first, None if second is None else 1
    if second is not None:
        yield second, 2
        yield from ((value, number) for number, value in enumerate(values, start=3))
