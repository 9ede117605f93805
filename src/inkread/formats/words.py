"""A list of words as a format: one entry a line of a text file, written in any of the usual cases."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

from inkread.errors import UsageError

__all__ = ["Words", "load"]


class Words:
    """The entries of a list; each also in capitals, in small letters and capitalised.

    Args:
        entries: as they are to be told; at least one.

    Attributes:
        characters: all that occur.

    Example:
        >>> words = Words(["Berlin", "Bonn"])
        >>> words.begins("BER"), words.accepts("BERL"), words.spelt("BERLIN")
        (True, False, 'Berlin')
    """

    __slots__ = ("_spelt", "_texts", "characters", "entries")

    def __init__(self, entries: Iterable[str]) -> None:
        self.entries = tuple(dict.fromkeys(entries))
        self._spelt = {entry: entry for entry in self.entries}
        for entry in self.entries:
            for text in (entry.upper(), entry.lower(), entry.capitalize()):
                self._spelt.setdefault(text, entry)
        self._texts = sorted(self._spelt)
        self.characters = "".join(sorted(set().union(*self._texts)))

    @property
    def texts(self) -> tuple[str, ...]:
        """All spellings of all entries."""
        return tuple(self._texts)

    def begins(self, text: str) -> bool:
        """Whether an entry begins so."""
        at = bisect_left(self._texts, text)
        return at < len(self._texts) and self._texts[at].startswith(text)

    def accepts(self, text: str) -> bool:
        """Whether this is an entry."""
        return text in self._spelt

    def spelt(self, text: str) -> str:
        """An entry as the list spells it; other texts as they came."""
        return self._spelt.get(text, text)

    def nearest(self, text: str) -> str:
        """The entry most like a text; empty where none comes close."""
        return self.spelt(next(iter(get_close_matches(text, self._texts, n=1)), ""))


def load(path: str) -> Words:
    """Open a list of words, as `entries` does."""
    return Words(entries(path, f"lexicon:{path}"))


def entries(path: str, name: str) -> list[str]:
    """The entries of a list of words, as they are spelled there.

    Args:
        path: a UTF-8 text file, one entry a line; empty lines count for nothing.
        name: what the list is called where it is told of.

    Raises:
        UsageError: there is no such file, it is no text, or it is empty.
    """
    file = Path(path).expanduser()
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise UsageError(f"{name} cannot be opened ({why}); give a text file of one entry a line") from None
    found = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    if not found:
        raise UsageError(f"{name} holds no entry; give a text file of one entry a line")
    return found
