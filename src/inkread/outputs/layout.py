"""What the formats for pages of text share: words and their boxes, paragraphs, text that any file can hold.

A word is what stands between white space. Its box is the one around its characters' boxes; where a reading
has no boxes of characters, the line is divided in proportion to the number of characters. Its confidence is
the least of its characters', as the confidence of a page is the least of its lines': a word is as sure as
its worst letter. Without characters it is the reading's own.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import atan2, ceil, floor, pi
from pathlib import Path
from statistics import median, median_low
from unicodedata import bidirectional
from xml.etree.ElementTree import Element, ElementTree, indent

from inkread.outputs.atomic import replacing
from inkread.types import Alternative, Box, Character, Page, Reading

__all__ = [
    "Corner",
    "Word",
    "around",
    "clean",
    "corners",
    "name",
    "paragraphs",
    "quarters",
    "ranked",
    "words",
    "write_xml",
]

Corner = tuple[float, float]
"""(x, y) in pixels of the user's picture."""

_BREAKS = re.compile("[\t-\r\x1c-\x1f\x85\u2028\u2029]")
_FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a reading.

    Attributes:
        text: without white space; as `clean` leaves it.
        confidence: the least of its characters', else the reading's; 0..1.
        box: where, in pixels of the user's picture; None where the reading has none.
        characters: those of the word, in order; empty where the reading's do not spell its text.
    """

    text: str
    confidence: float
    box: Box | None
    characters: tuple[Character, ...] = ()


def clean(text: str) -> str:
    r"""Text as any XML file, page of HTML and PDF can hold it, on one line.

    Line ends and tabs become spaces; control characters, lone surrogates and the two non-characters that
    XML forbids become U+FFFD, so that nothing vanishes. All else stays as it is.

    Example:
        >>> clean("a\nb ]]> & c")
        'a b ]]> & c'
    """
    return _FORBIDDEN.sub("\ufffd", _BREAKS.sub(" ", text))


def name(source: str, folder: Path | None = None) -> str:
    r"""The name of a source for a file of text: bytes that are no text as `\udcff`, else as `clean`.

    Args:
        source: a path, or "<array>" and the like.
        folder: where the file goes; the path of a picture is then written as seen from there, with slashes,
            so that programs find it.
    """
    with suppress(OSError, ValueError):  # no name of a file, or one on another drive
        if folder is not None and Path(source).is_file():
            source = Path(os.path.relpath(source, folder)).as_posix()
    return clean(source.encode("utf-8", "backslashreplace").decode())


def ranked(reading: Reading) -> tuple[Alternative, ...]:
    """What the reading may say, best first: its text, then the other alternatives, each once.

    The first is the text itself, empty where the reading is refused: a guess is never handed on as a text.
    """
    others = {a.text: a for a in reversed(reading.alternatives) if a.text != reading.text}
    best = Alternative(clean(reading.text), reading.confidence if reading.text else 0.0)
    return (best, *(Alternative(clean(a.text), a.confidence) for a in reversed(others.values())))


def words(reading: Reading) -> tuple[Word, ...]:
    """The words of a reading, in order; none where it has no text.

    Args:
        reading: its characters spell its text, with or without the white space, or are not used.
    """
    text = reading.text
    spelt = _spelt(reading)
    found = []
    for match in re.finditer(r"\S+", text):
        first, end = match.span()
        own = tuple(c for at, c in spelt if first <= at < end)
        sure = min((c.confidence for c in own), default=reading.confidence)
        box = around(c.box for c in own) or _share(reading, first / len(text), end / len(text))
        found.append(Word(clean(match[0]), sure, box, own))
    return tuple(found)


def _spelt(reading: Reading) -> list[tuple[int, Character]]:
    """Each character, white space left out, with its place in the text; empty where they spell another."""
    whole = "".join(c.text for c in reading.characters)
    places: Sequence[int] = range(len(reading.text))
    if whole != reading.text:
        places = [at for at, letter in enumerate(reading.text) if not letter.isspace()]
        if whole != "".join(reading.text.split()):
            return []
    at, found = 0, []
    for character in reading.characters:
        if character.text.strip():
            found.append((places[at], character))
        at += len(character.text)
    return found


def _share(reading: Reading, first: float, end: float) -> Box | None:
    """The box of a part of the line, from `first` to `end` of its length (0..1)."""
    if reading.box is None:
        return None
    outline = corners(reading)
    if outline is None or len(outline) != 4:
        outline = _corners_of(reading.box)
    a, b, c, d = outline
    found = [_between(a, b, first), _between(a, b, end), _between(d, c, end), _between(d, c, first)]
    x, y = [p[0] for p in found], [p[1] for p in found]
    whole = reading.box
    left, top = max(whole.left, floor(min(x) + 0.01)), max(whole.top, floor(min(y) + 0.01))
    right, bottom = min(whole.right, ceil(max(x) - 0.01)), min(whole.bottom, ceil(max(y) - 0.01))
    return Box(left, top, max(right, left + 1), max(bottom, top + 1))


def _between(one: Corner, other: Corner, share: float) -> Corner:
    return one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share


def _corners_of(box: Box) -> tuple[Corner, ...]:
    return (box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)


def corners(reading: Reading) -> tuple[Corner, ...] | None:
    """The outline of a reading: its polygon, else the corners of its box, clockwise; None without either."""
    if reading.polygon and len(reading.polygon) > 2:
        return reading.polygon
    return _corners_of(reading.box) if reading.box else None


def around(boxes: Iterable[Box | None]) -> Box | None:
    """The box around some boxes; None where there are none."""
    known = [box for box in boxes if box]
    if not known:
        return None
    return Box(
        min(b.left for b in known),
        min(b.top for b in known),
        max(b.right for b in known),
        max(b.bottom for b in known),
    )


def quarters(reading: Reading) -> int:
    """In which direction the line runs: 0 to the right, 1 down, 2 to the left (upside down), 3 up.

    Text of a script that is written from the right is taken for upright.
    """
    if any(bidirectional(letter) in ("R", "AL") for letter in reading.text):
        return 0
    boxes = [c.box for c in reading.characters if c.box]
    if len(boxes) > 1:
        first, last = boxes[0], boxes[-1]
        x = float(last.left + last.right - first.left - first.right)
        y = float(last.top + last.bottom - first.top - first.bottom)
    elif reading.polygon and len(reading.polygon) == 4:
        (left, top), (right, bottom) = reading.polygon[:2]
        x, y = right - left, bottom - top
    else:
        return 0
    return round(2 * atan2(y, x) / pi) % 4


def paragraphs(page: Page) -> list[tuple[Reading, ...]]:
    """The readings of a page in reading order, parted where a paragraph ends.

    A paragraph ends where the next line lies further down than 1.75 times the usual distance of two lines
    (the lower median on this page), or above, as at the head of the next column.
    """
    if not page.readings:
        return []
    steps = [_step(one, other) for one, other in zip(page.readings, page.readings[1:], strict=False)]
    least: float = median([float(r.box.height) for r in page.readings if r.box] or [0.0]) / 2
    usual = median_low([step for step in steps if step is not None and step > least] or [0.0])
    found = [[page.readings[0]]]
    for reading, step in zip(page.readings[1:], steps, strict=True):
        if step is not None and (step > 1.75 * usual > 0 or step < -least):
            found.append([])
        found[-1].append(reading)
    return [tuple(group) for group in found]


def _step(one: Reading, other: Reading) -> float | None:
    """Pixels from the middle of a line down to the middle of the next."""
    if one.box is None or other.box is None:
        return None
    return (other.box.top + other.box.bottom - one.box.top - one.box.bottom) / 2


def write_xml(root: Element, path: Path) -> None:
    """Write an XML file, indented, whole or not at all.

    Raises:
        InkreadError: the file cannot be written.
    """
    indent(root)
    with replacing(path) as new:
        ElementTree(root).write(new, encoding="utf-8", xml_declaration=True)
