"""Characters and class ids: the only place that adds or subtracts 1 for the CTC blank.

Class 0 is the blank and the padding of labels; class k is the k-th character of the alphabet.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from inkread.errors import UsageError

__all__ = ["BLANK", "FIELDS", "LATIN", "Alphabet", "clean"]

BLANK = 0
"""The class that stands for no character."""

_ALIKE = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "`": "'",
        "´": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "–": "-",
        "—": "-",
        "‑": "-",
        "−": "-",
        "…": "...",
        "ſ": "s",
        "\N{NO-BREAK SPACE}": " ",
        "\N{NARROW NO-BREAK SPACE}": " ",
        "\t": " ",
    }
)
"""Ways to print what a hand writes in one way."""


@dataclass(frozen=True, slots=True)
class Alphabet:
    """The characters that a model can tell apart, in the order of their classes.

    Attributes:
        characters: each once; class k is `characters[k - 1]`.

    Raises:
        UsageError: a character stands twice, or there is none.
    """

    characters: str

    def __post_init__(self) -> None:
        twice = sorted({c for c in self.characters if self.characters.count(c) > 1})
        if twice or not self.characters:
            raise UsageError(
                f"an alphabet needs every character once; {''.join(twice)!r} stand twice"
                if twice
                else "an alphabet of no characters was given; expected at least one"
            )

    @property
    def size(self) -> int:
        """Classes, the blank counted."""
        return len(self.characters) + 1

    def encode(self, text: str) -> list[int]:
        """The classes of a text.

        Raises:
            UsageError: a character is not in the alphabet.

        Example:
            >>> Alphabet("abc").encode("cab")
            [3, 1, 2]
        """
        unknown = self.unknown(text)
        if unknown:
            raise UsageError(f"{text!r} holds {unknown!r}, not in the alphabet; leave it out or extend it")
        return [self.characters.index(c) + 1 for c in text]

    def decode(self, classes: Iterable[int]) -> str:
        """The text of classes; blanks are skipped, repetitions are not.

        Example:
            >>> Alphabet("abc").decode([0, 3, 1, 0, 2, 2])
            'cabb'
        """
        return "".join(self.characters[k - 1] for k in classes if k != BLANK)

    def unknown(self, text: str) -> str:
        """The characters of a text that the alphabet has not, each once, sorted."""
        return "".join(sorted(set(text) - set(self.characters)))

    def extended(self, characters: str) -> Alphabet:
        """The alphabet with more characters at its end; those that it has stay where they are."""
        return Alphabet(self.characters + self.unknown(characters))


def clean(text: str) -> str:
    """A text as a hand would write it: composed accents, one kind of quotes and dashes, single spaces.

    Example:
        >>> clean("l’été  –  déjà…")
        "l'été - déjà..."
    """
    return " ".join(unicodedata.normalize("NFC", text).translate(_ALIKE).split())


LATIN = Alphabet(
    " etainsrouldmcpéhvgfbqyàjxkwzè"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "0123456789"
    ".,'-:;!?\"()/&%+=*#@$€£°§_^[]{}|<>~\\«»¿¡"
    "âêîôûäëïöüùçœæßñáíóúÿìòãõåø"
    "ÀÂÄÁÇÉÈÊËÎÏÍÔÖÓÙÛÜÚŒÆÑÅØ"
)
"""Latin letters with the accents of French, German and Spanish, digits and punctuation."""

FIELDS = Alphabet("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ .,-/:$#()+*=")
"""What stands in the boxes of forms, on checks and on mail: digits, capital letters and a few signs."""
