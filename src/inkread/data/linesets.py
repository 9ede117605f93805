"""Lines of handwriting with their texts: read from archives or folders, kept as strips, ready to be varied.

A set is a `.tar` or a folder with a `lines.tsv` of the columns file, split, group and text: plain
tab-separated, no quoting. Lines whose text holds crossed-out or illegible words (`>` and `<`) are left out.
Strips are kept higher than networks see them, so that turning and bending them loses nothing.
"""

from __future__ import annotations

import hashlib
import json
import tarfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from inkread.errors import DataError, SourceError
from inkread.imaging.ink import extract
from inkread.imaging.load import pages
from inkread.imaging.strips import strip
from inkread.outputs.atomic import replacing

__all__ = ["KEPT_HEIGHT", "Line", "Strips", "archives", "coded", "read", "stripped"]

KEPT_HEIGHT = 56
"""Pixels from top to bottom of a kept strip."""
MOST_ALIKE = 5
"""Of lines with the same text, which forms bring about, so many are kept."""


class Line(NamedTuple):
    """A line of a set.

    Attributes:
        picture: the picture's bytes, as in its file.
        text: what it says.
        group: who wrote it, or which document it is of; empty where that is not told.
        split: "train", "val" or "test".
        name: the file's name.
    """

    picture: bytes
    text: str
    group: str
    split: str
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Strips:
    """Many lines in one array.

    Attributes:
        pixels: uint8 `(total, KEPT_HEIGHT)`, 255 where inked: column after column, strip after strip; with
            the shade of the pen (`imaging.pen_shade`) `(total, KEPT_HEIGHT, 2)`.
        ends: `(n + 1,)` int64: strip i takes the rows from `ends[i]` to `ends[i + 1]`.
        texts: of each strip.
        groups: of each strip: who wrote it.
    """

    pixels: np.ndarray
    ends: np.ndarray
    texts: tuple[str, ...]
    groups: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.texts)

    def __getitem__(self, number: int) -> np.ndarray:
        """A strip, uint8 `(KEPT_HEIGHT, width)`, or `(KEPT_HEIGHT, width, 2)` with its shade."""
        return np.ascontiguousarray(self.pixels[self.ends[number] : self.ends[number + 1]].swapaxes(0, 1))

    @staticmethod
    def of(strips: Sequence[np.ndarray], texts: Sequence[str], groups: Sequence[str]) -> Strips:
        """Lines from strips: uint8 `(KEPT_HEIGHT, width)` or, with shades, `(KEPT_HEIGHT, width, 2)`."""
        ends = np.cumsum([0, *(s.shape[1] for s in strips)])
        pixels = (
            np.concatenate([s.swapaxes(0, 1) for s in strips])
            if strips
            else np.zeros((0, KEPT_HEIGHT), np.uint8)
        )
        return Strips(pixels, ends, tuple(texts), tuple(groups))

    @staticmethod
    def join(parts: Sequence[Strips]) -> Strips:
        """The lines of several, one after the other."""
        widths = np.concatenate([np.diff(part.ends) for part in parts])
        return Strips(
            np.concatenate([part.pixels for part in parts]),
            np.concatenate([[0], np.cumsum(widths)]),
            tuple(text for part in parts for text in part.texts),
            tuple(group for part in parts for group in part.groups),
        )

    def take(self, numbers: Sequence[int] | np.ndarray) -> Strips:
        """Some of the lines."""
        return Strips.of(
            [self[i] for i in numbers], [self.texts[i] for i in numbers], [self.groups[i] for i in numbers]
        )

    def save(self, path: Path) -> Path:
        """Write the lines as `path`, the pixels, which can be mapped, and a `.json` beside it."""
        with replacing(path) as partial, partial.open("wb") as file:
            np.save(file, self.pixels)
        told = {"ends": self.ends.tolist(), "texts": self.texts, "groups": self.groups}
        with replacing(path.with_suffix(".json")) as partial:
            partial.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        return path

    @staticmethod
    def open(path: Path) -> Strips:
        """Open what `save` wrote; the pixels stay on the disk until they are asked for.

        Raises:
            DataError: a file is missing or damaged.
        """
        try:
            told = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
            found = Strips(
                np.load(path, mmap_mode="r", allow_pickle=False),
                np.array(told["ends"], np.int64),
                tuple(told["texts"]),
                tuple(told["groups"]),
            )
            if found.pixels.shape[:2] != (found.ends[-1], KEPT_HEIGHT) or len(found.ends) != len(found) + 1:
                raise ValueError("the two files do not fit each other")
        except (OSError, ValueError, KeyError) as error:
            raise DataError(f"{path} is damaged ({error}); delete {path.stem}.* and run again") from error
        return found

    def checksum(self) -> str:
        """A fingerprint of the lines."""
        told = hashlib.sha256("\n".join(self.texts).encode())
        told.update(self.ends.tobytes())
        told.update(np.ascontiguousarray(self.pixels[:: max(1, len(self.pixels) // 100_000)]).tobytes())
        return told.hexdigest()[:16]


def archives(folder: Path | None) -> list[Path]:
    """The sets of lines under a data folder, sorted."""
    return sorted((folder / "lines").glob("*.tar")) if folder else []


def read(path: Path, split: str | None = None) -> Iterator[Line]:
    """Read the lines of a set, crossed-out and illegible ones left out.

    Args:
        path: a `.tar`, or a folder, with a `lines.tsv`.
        split: only this one; None for all.

    Raises:
        DataError: there is no such set, or it is damaged.
    """
    try:
        if path.is_dir():
            yield from _wanted(
                path.joinpath("lines.tsv").read_bytes(), lambda n: (path / n).read_bytes(), split
            )
            return
        with tarfile.open(path) as archive:
            members = {member.name: member for member in archive.getmembers() if member.isfile()}
            table = next((name for name in members if name.split("/")[-1] == "lines.tsv"), "")
            if not table:
                raise DataError(f"{path} holds no lines.tsv; expected columns file, split, group and text")

            def content(name: str) -> bytes:
                stream = archive.extractfile(members[name])
                return stream.read() if stream else b""

            yield from _wanted(content(table), content, split)
    except (OSError, tarfile.TarError, KeyError, UnicodeDecodeError) as error:
        raise DataError(f"{path} is no set of lines, or is damaged: {error}") from error


def _wanted(table: bytes, content: Callable[[str], bytes], split: str | None) -> Iterator[Line]:
    """The lines of a table."""
    rows = [row.split("\t") for row in table.decode("utf-8").splitlines()]
    if not rows or rows[0][:4] != ["file", "split", "group", "text"]:
        raise DataError(f"lines.tsv begins with {rows[0] if rows else ''}; expected file, split, group, text")
    for number, row in enumerate(rows[1:], 2):
        if len(row) < 4:
            raise DataError(f"row {number} of lines.tsv has {len(row)} columns; expected 4, tab-separated")
        name, part, group, text = row[:4]
        if text and not {">", "<"} & set(text) and split in (None, part):
            yield Line(content(name), text, group, part, name)


def coded(picture: np.ndarray) -> bytes:
    """A picture, uint8 `(height, width)` or `(height, width, 3)`, as the bytes of a PNG file."""
    turned = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    return cv2.imencode(".png", turned)[1].tobytes()


def stripped(lines: Iterator[Line], *, alike: int = MOST_ALIKE) -> Strips:
    """Lines as strips, as a reader would see them.

    Args:
        lines: what to take.
        alike: of lines with the same text (digits counted as one), so many are kept.

    Raises:
        DataError: a picture cannot be opened.
    """
    seen: Counter[str] = Counter()
    strips: list[np.ndarray] = []
    texts: list[str] = []
    groups: list[str] = []
    for line in lines:
        same = "".join("0" if c.isdigit() else c for c in line.text)
        seen[same] += 1
        if seen[same] > alike:
            continue
        try:
            page = next(pages(line.picture))
        except SourceError as error:
            raise DataError(f"line {line.name} cannot be opened: {error}; leave it out of the set") from error
        found = strip(extract(page.rgb).ink, KEPT_HEIGHT)
        strips.append(np.rint(found.ink * 255).astype(np.uint8))
        texts.append(line.text)
        groups.append(line.group)
    return Strips.of(strips, texts, groups)
