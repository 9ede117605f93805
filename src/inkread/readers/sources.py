"""What to read: files, folders, globs and the standard input, as a flat list of files in a stable order.

Nothing is dropped: what does not exist, or a folder without pictures, stays in the list and becomes a failed
row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from glob import has_magic, iglob
from pathlib import Path

__all__ = ["PICTURES", "STDIN", "expand"]

STDIN = "-"
PICTURES = frozenset(
    [".avif", ".bmp", ".gif", ".heic", ".heif", ".jfif", ".jp2", ".jpe", ".jpeg", ".jpg", ".mpo", ".pbm"]
    + [".pdf", ".pgm", ".png", ".ppm", ".tif", ".tiff", ".webp"]
)
"""The endings by which a picture in a folder is known; files named one by one may be called anything."""


def expand(sources: Iterable[str | Path]) -> Iterator[str]:
    """List the files that sources stand for.

    Args:
        sources: files, folders (with all pictures in them and below, in the order of their names), globs, or
            "-".

    Yields:
        Paths as text. A glob that matches nothing and a folder without pictures are given as they are.
    """
    for source in sources:
        text = str(source)
        path = Path(text)
        if text == STDIN:
            yield text
        elif path.is_dir():
            yield from _in_folder(path) or [text]
        elif not path.exists() and has_magic(text):
            matches = iglob(text, recursive=True)  # noqa: PTH207 - Path.glob takes no absolute pattern
            yield from sorted(p for p in matches if Path(p).is_file()) or [text]
        else:
            yield text


def _in_folder(folder: Path) -> list[str]:
    return sorted(str(p) for p in folder.rglob("*") if p.suffix.lower() in PICTURES and p.is_file())
