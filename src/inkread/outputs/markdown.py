"""Markdown: the lines as they stand on the page, with every word marked that a person should look at.

A line of the page is a line here (two spaces at its end keep it one when it is rendered), a paragraph a
paragraph. What was written never turns into Markdown: a `#`, `*` or `[` that somebody wrote is escaped.

An uncertain word is *word*[?], several in a row *are one stretch*[?]: search for `[?]`. In a line under
review these are the words that are less than 90 % sure, and always the least sure one; in an accepted line
there are none. What could not be read stands in its place, as *[refused: ...]* or *[failed: ...]*, with the
reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby
from math import nextafter
from pathlib import Path

from inkread.outputs.atomic import replacing
from inkread.outputs.layout import clean, name, paragraphs, words
from inkread.outputs.records import titled
from inkread.types import Page, Reading

__all__ = ["UNSURE", "markdown", "write_md"]

UNSURE = 0.9
"""In a line under review, words with less confidence are marked."""

_ACTIVE = re.compile(r"[\\`*_\[\]|~$]|<(?=[A-Za-z/!?])|&(?=[#\w])")
"""What means something to Markdown anywhere in a line, and what only where a line begins:"""
_FIRST = re.compile(r"^([#+=>-]|\d+(?=[.)]))")


def write_md(pages: Iterable[Page], path: Path) -> Path:
    """Write all pages into one file; of several each has its name as a heading.

    Args:
        pages: taken one by one, and let go.
        path: ends in .md.

    Raises:
        InkreadError: the file cannot be written; nothing is left under its name.
    """
    with replacing(path) as new, new.open("w", encoding="utf-8") as file:
        file.writelines(titled(pages, markdown, _titled))
    return path


def _titled(page: Page) -> str:
    told = f"{name(page.source)}, page {page.page}" if page.page > 1 else name(page.source)
    return f"## {_escaped(told)}\n\n{markdown(page)}"


def markdown(page: Page) -> str:
    """One page, without a heading.

    Example:
        >>> print(markdown(Page("a.png", (Reading("Dear Ann,", 0.98, "accepted"),))), end="")
        Dear Ann,
    """
    blocks = ("  \n".join(filter(None, map(_line, group))) for group in paragraphs(page))
    return "\n\n".join(filter(None, blocks)) + "\n"


def _line(reading: Reading) -> str:
    found = words(reading)
    if not found:
        reason = f": {clean(reading.reason)}" if reading.reason else ""
        return f"*{_escaped(f'[{reading.status}{reason}]')}*"
    least = min(word.confidence for word in found)
    bound = max(UNSURE, nextafter(least, 2)) if reading.status != "accepted" else 0.0
    texts = [_escaped(word.text, first=number == 0) for number, word in enumerate(found)]
    stretches = groupby(zip(found, texts, strict=True), key=lambda pair: pair[0].confidence < bound)
    parts = [(unsure, " ".join(text for _, text in stretch)) for unsure, stretch in stretches]
    return " ".join(f"*{text}*[?]" if unsure else text for unsure, text in parts)


def _escaped(text: str, *, first: bool = False) -> str:
    """Text that Markdown shows as it is; `first` says that it begins a line, where `1.` begins a list."""
    escaped = _ACTIVE.sub(r"\\\g<0>", text)
    if not first:
        return escaped
    return _FIRST.sub(lambda found: f"{found[0]}\\" if found[0].isdigit() else f"\\{found[0]}", escaped)
