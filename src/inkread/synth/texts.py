"""Lines of text as people write them: what is drawn on synthetic pages.

Prose comes from the files `texts/en*.txt` and `texts/fr*.txt` of a data folder (a paragraph a line, as
`tools/texts.py` writes them) and single words also from `texts/words-en.txt` and `words-fr.txt`. Without
such files a small vocabulary has to do. Every text is made of characters of `inkread.alphabet.LATIN`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from inkread.alphabet import LATIN, clean
from inkread.errors import DataError, UsageError, nearest
from inkread.synth import wording
from inkread.synth.vocabulary import VOCABULARY

__all__ = ["LANGUAGES", "LONGEST", "Texts"]

LANGUAGES = ("en", "fr")
LONGEST = 75
"""Characters of the longest line."""

_KINDS = {
    "prose": 0.455,
    "note": 0.05,
    "word": 0.155,
    "words": 0.06,
    "name": 0.04,
    "address": 0.04,
    "date": 0.035,
    "time": 0.01,
    "money": 0.02,
    "phone": 0.015,
    "mail": 0.015,
    "todo": 0.03,
    "list": 0.02,
    "heading": 0.02,
    "numbers": 0.015,
    "odd": 0.018,
}
"""Kind of line -> how often."""
_NAMES, _SHARES = tuple(_KINDS), np.cumsum(list(_KINDS.values())) / sum(_KINDS.values())
_KNOWN = frozenset(LATIN.characters)
_EDGES = ".,;:!?\"'()[]«»-*"
_TRIES = 8


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """Where lines come from; see `Texts.load`.

    Attributes:
        prose: language -> whole texts.
        shares: language -> how often each of them is taken, summed up.
        words: language -> single words, each as often as any other.
    """

    prose: dict[str, tuple[str, ...]]
    shares: dict[str, np.ndarray]
    words: dict[str, tuple[str, ...]]

    @classmethod
    def load(cls, data_root: Path | None, *, held_out: bool = False) -> Texts:
        """Read the text files there are.

        Longer texts are taken more often, by the square root of their lengths, times the column `share` of
        `texts/sources.tsv` where there is one.

        Args:
            data_root: folder with `texts/`; None, or a folder without it: the built-in vocabulary only.
            held_out: take `heldout_en.txt` and `heldout_fr.txt` in place of the others: texts for measuring.

        Raises:
            DataError: a file cannot be read, is no UTF-8, or held-out texts are asked for and not there.
        """
        folder = None if data_root is None else data_root / "texts"
        prose: dict[str, tuple[str, ...]] = {}
        words: dict[str, tuple[str, ...]] = {}
        shares: dict[str, np.ndarray] = {}
        stated = _stated(folder / "sources.tsv") if folder else {}
        for language in LANGUAGES:
            pattern = f"heldout_{language}.txt" if held_out else f"{language}*.txt"
            paths = sorted(folder.glob(pattern)) if folder else []
            if held_out and not paths:
                raise DataError(f"no {pattern} in {folder}; make the texts with tools/texts.py")
            read = {path.name: text for path in paths if (text := _read(path)).strip()}
            prose[language] = tuple(read.values())
            shares[language] = np.cumsum([stated.get(name, 1.0) * len(t) ** 0.5 for name, t in read.items()])
            listed = folder / f"words-{language}.txt" if folder else None
            words[language] = tuple(_read(listed).split("\n")) if listed and listed.is_file() else ()
        return cls(prose, shares, words)

    def sample(self, rng: np.random.Generator, language: str | None = None) -> str:
        """One line.

        Args:
            rng: chooses; the same state gives the same line.
            language: "en" or "fr"; None takes English twice as often as French.

        Returns:
            1 to `LONGEST` characters, no space at either end, prose mostly 15 to 65 long.

        Raises:
            UsageError: no such language.
        """
        if language is None:
            language = "en" if rng.random() < 2 / 3 else "fr"
        if language not in LANGUAGES:
            hint = nearest(language, list(LANGUAGES))
            raise UsageError(f"no texts in {language!r}; expected one of: {', '.join(LANGUAGES)}.{hint}")
        for _ in range(_TRIES):
            text = clean(self._draft(rng, language))
            if not set(text) <= _KNOWN:
                text = clean("".join(c if c in _KNOWN else " " for c in text))
            if len(text) > LONGEST:
                text = text[: text.rfind(" ", 1, LONGEST + 1)].strip() if " " in text[1:LONGEST] else ""
            if text:
                return text
        return wording.pick(rng, VOCABULARY[language]["food"])

    def _draft(self, rng: np.random.Generator, language: str) -> str:
        """A line that may still be too long, or hold strange characters."""
        kind = _NAMES[int(np.searchsorted(_SHARES, rng.random()))]
        if kind == "word":
            return self._word(rng, language)
        if kind == "words":
            return " ".join(self._word(rng, language) for _ in range(int(rng.integers(2, 4))))
        if kind == "prose":
            text = _divided(rng, self._prose(rng, language))
            return text.upper() if rng.random() < 0.045 else text
        return wording.make(rng, kind, language)

    def _prose(self, rng: np.random.Generator, language: str) -> str:
        """A stretch of running text between word borders."""
        if not self.prose[language]:
            return wording.make(rng, "prose", language)
        return _cut(rng, self._source(rng, language), _length(rng))

    def _source(self, rng: np.random.Generator, language: str) -> str:
        shares = self.shares[language]
        return self.prose[language][int(np.searchsorted(shares, rng.random() * shares[-1]))]

    def _word(self, rng: np.random.Generator, language: str) -> str:
        """One word: of running text, of the list, or a name."""
        draw = rng.random()
        if draw < 0.1:
            names = VOCABULARY[language]
            return wording.pick(rng, names[wording.pick(rng, ("first", "last", "city", "month"))])
        if draw < 0.42 and self.words[language]:
            word = wording.pick(rng, self.words[language])
        else:
            text = self._prose(rng, language).split()
            word = text[int(rng.integers(len(text)))] if text else ""
            if rng.random() < 0.8:
                word = word.strip(_EDGES)
        look = rng.random()
        return word.upper() if look < 0.08 else word.capitalize() if look < 0.24 else word


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(
            f"{path} cannot be read ({error}); make the texts again with tools/texts.py"
        ) from error


def _stated(table: Path) -> dict[str, float]:
    """What `sources.tsv` says how often each file should be taken, 1 as usual."""
    if not table.is_file():
        return {}
    head, *rows = (line.split("\t") for line in _read(table).splitlines())
    if "share" not in head:
        return {}
    at = head.index("share")
    try:
        return {row[0]: float(row[at]) for row in rows}
    except (ValueError, IndexError) as error:
        raise DataError(
            f"{table} has a share that is no number ({error}); make it with tools/texts.py"
        ) from error


def _length(rng: np.random.Generator) -> int:
    """Characters of a line: mostly 15 to 65, all the way from a short rest to a full line."""
    if rng.random() < 0.08:
        return int(rng.integers(3, 15))
    return int(np.clip(rng.normal(42, 15), 12, LONGEST))


def _divided(rng: np.random.Generator, text: str) -> str:
    """Now and then with the rest of a word at the begin, or the begin of one and a hyphen at the end."""
    first, _, rest = text.partition(" ")
    if len(first) > 6 and first.isalpha() and rest and rng.random() < 0.04:
        text = f"{first[int(rng.integers(2, len(first) - 2)) :]} {rest}"
    rest, _, last = text.rpartition(" ")
    if len(last) > 6 and last.isalpha() and rest and rng.random() < 0.05:
        text = f"{rest} {last[: int(rng.integers(2, len(last) - 2))]}-"
    return text


def _cut(rng: np.random.Generator, text: str, length: int) -> str:
    """About so many characters from somewhere in a text, from one word's begin to another's end."""
    at = int(rng.integers(len(text)))
    start = max(text.rfind(" ", 0, at), text.rfind("\n", 0, at)) + 1
    whole = text[start : start + 2 * LONGEST].partition("\n")[0]
    if len(whole) <= length:
        return whole  # the end of a paragraph
    border = whole.rfind(" ", 1, length + 1)
    return whole[:border] if border > 0 else whole.partition(" ")[0]
