r"""On which line of a TOML text each of its values stands, since `tomllib` tells no positions.

In: a text that `tomllib` takes. Out: `{("fields", 2, "box"): 41, ...}`, lines from 1: a key's line is that of
the key, an element's that of its first character, a table's that of its header. Nothing is interpreted:
values are stepped over, and only keys, brackets and line ends are looked at.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right

__all__ = ["Place", "line_of", "lines_of"]

Place = tuple[str | int, ...]
"""Keys, and places in lists from 0, from the top of the document."""

_DEEPEST = 30
"""Keys within keys beyond this are not told apart: a hostile text may nest them a hundred thousand deep."""
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"""(?:"{1,2})?'
    r"|'''.*?'''(?:'{1,2})?"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}#\n]*")


def lines_of(text: str) -> dict[Place, int]:
    r"""The line of every key, element and table of a TOML text.

    Args:
        text: as `tomllib.loads` takes it; of other texts the answer means nothing.

    Example:
        >>> lines_of('a = 1\n[[b]]\nc = [\n  5,\n]')
        {('a',): 1, ('b',): 2, ('b', 0): 2, ('b', 0, 'c'): 3, ('b', 0, 'c', 0): 4}
    """
    return _Walk(text).document()


def line_of(place: Place, lines: dict[Place, int]) -> int:
    """The line of a place, or of the nearest thing around it that has one; 1 where nothing has."""
    for length in range(len(place), 0, -1):
        if place[:length] in lines:
            return lines[place[:length]]
    return 1


class _Walk:
    """A finger that goes through the text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.ends = [match.start() for match in re.finditer("\n", text)]
        self.lines: dict[Place, int] = {}
        self.counts: dict[Place, int] = {}

    def document(self) -> dict[Place, int]:
        table: Place = ()
        self.blank()
        while self.at < len(self.text):
            before = self.at
            if self.text[self.at] == "[":
                table = self.header()
            else:
                self.pair(table)
            self.blank()
            if self.at == before:  # no TOML: go on somewhere, and end
                self.at += 1
        return self.lines

    def header(self) -> Place:
        """`[a.b]` or `[[a.b]]`: the table that what follows belongs to."""
        line = self.line()
        many = self.text.startswith("[[", self.at)
        self.at += 2 if many else 1
        *outer, last = self.key()
        self.at += 2 if many else 1
        place: Place = ()
        for part in outer[:_DEEPEST]:
            place = self.newest((*place, part))
        place = (*place, last)
        self.lines.setdefault(place, line)
        if many:
            number = self.counts.get(place, 0)
            self.counts[place] = number + 1
            place = (*place, number)
            self.lines.setdefault(place, line)
        return place

    def newest(self, place: Place) -> Place:
        """Of a list of tables the last table so far; other places as they are."""
        return (*place, self.counts[place] - 1) if place in self.counts else place

    def pair(self, table: Place) -> None:
        """`a.b = value`."""
        line = self.line()
        place = table
        for part in self.key():
            if len(place) < _DEEPEST:
                place = (*place, part)
                self.lines.setdefault(place, line)
        if self.text.startswith("=", self.at):
            self.at += 1
        self.blank()
        self.value(place)

    def key(self) -> list[str]:
        parts = []
        while True:
            self.blank()
            quoted = _STRING.match(self.text, self.at)
            if quoted:
                parts.append(str(tomllib.loads(f"k = {quoted[0]}")["k"]))
                self.at = quoted.end()
            else:
                bare = _BARE_KEY.match(self.text, self.at)
                parts.append(bare[0] if bare else "")
                self.at = bare.end() if bare else self.at
            self.blank()
            if not self.text.startswith(".", self.at):
                return parts
            self.at += 1

    def value(self, place: Place) -> None:
        self.lines.setdefault(place, self.line())
        opened = self.text[self.at : self.at + 1]
        if opened == "[":
            self.inside(place, "]")
        elif opened == "{":
            self.inside(place, "}")
        else:
            found = _STRING.match(self.text, self.at) or _SCALAR.match(self.text, self.at)
            self.at = found.end() if found else len(self.text)

    def inside(self, place: Place, close: str) -> None:
        """The elements of an array, or the pairs of an inline table."""
        self.at += 1
        number = 0
        self.blank()
        while self.at < len(self.text) and self.text[self.at] != close:
            before = self.at
            if close == "]":
                self.value((*place, number))
                number += 1
            else:
                self.pair(place)
            self.blank()
            if self.text.startswith(",", self.at):
                self.at += 1
                self.blank()
            if self.at == before:
                self.at += 1
        self.at += 1

    def blank(self) -> None:
        found = _BLANK.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def line(self) -> int:
        return bisect_right(self.ends, self.at - 1) + 1
