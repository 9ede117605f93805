"""How likely a text is in a language: character n-grams, small enough to ship, quick enough for a beam.

`NGram.load("en")` (or "fr") opens a packaged model, `NGram.load(path)` one of your own, made by
`inkread.decode.estimate`; `load("auto")` opens all that are packaged. A model knows, for the five characters
before, how likely each next one is, the end of the line among them, and backs off to shorter contexts where
it has not seen so many. Logarithms are natural.

In memory and in the file a model is a tree in breadth-first order: entry 0 is the root, an entry below it an
n-gram, whose children continue it. A *state* is the entry of the longest context that says anything.

Source: Chen and Goodman, An empirical study of smoothing techniques for language modeling, 1998; states as in
Heafield, KenLM, WMT 2011.
"""

from __future__ import annotations

import zipfile
from array import array
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from inkread.errors import ModelError, UsageError, nearest

__all__ = ["END", "UNKNOWN", "NGram", "load", "names"]

END = 0
"""The id that stands for the end of a line, and for what is before its first character."""
UNKNOWN = -1
"""The id of a character that a model has never seen."""

_ROOT = 0
_FOLDER = Path(__file__).with_name("ngrams")
_KEYS = {"characters", "order", "ids", "children", "log_p", "backoff", "levels"}


class NGram:
    """A character n-gram; it does not change, and may be shared between threads.

    Args:
        arrays: what a file holds: `characters` (str), `order`; for every entry but the root `ids` (uint8: 0
            the end of a line, k the k-th character) and `log_p` (uint8 code); for every entry that is
            shorter than `order`, the root first, `children` (uint16: how many) and `backoff` (uint8 code);
            `levels` (2, n): what the codes of the two stand for, natural logarithms.
        name: for messages.

    Attributes:
        name: "en", "fr", or the file it came from.
        characters: those it knows.
        order: characters it looks at, the predicted one among them.
        start: the state before the first character of a line.
        entries: n-grams stored.
    """

    __slots__ = ("_backoff", "_first", "_follow", "_id", "_ids", "_log_p", "_shorter", "_unknown") + (
        "characters",
        "entries",
        "name",
        "order",
        "start",
    )

    def __init__(self, arrays: dict[str, np.ndarray], name: str = "an n-gram") -> None:
        self.name = name
        self.characters = str(arrays["characters"])
        self.order = int(arrays["order"])
        self.entries = len(arrays["ids"])
        levels = np.asarray(arrays["levels"], dtype=np.float64)
        children = arrays["children"].astype(np.int64)
        # First child of every entry that may have some; the entries of the highest order have none.
        self._first = array("q", np.concatenate([[1], 1 + np.cumsum(children)]).tobytes())
        self._ids = b"\0" + arrays["ids"].tobytes()
        self._log_p = array("d", np.concatenate([[0.0], levels[0][arrays["log_p"]]]).tobytes())
        self._backoff = array("d", levels[1][arrays["backoff"]].tobytes())
        self._id = {c: k for k, c in enumerate(self.characters, start=1)}
        self._unknown = min(self._log_p[1 : self._first[1]], default=0.0)
        self._shorter = {_ROOT: _ROOT}
        self._follow: dict[int, tuple[float, int]] = {}
        self.start = self._state(_ROOT, END)

    @staticmethod
    def load(name: str | Path) -> NGram:
        """Open a packaged model by its name, or a file.

        Args:
            name: "en", "fr", or the path of an .npz file.

        Raises:
            UsageError: neither a packaged name nor a file.
            ModelError: the file is no n-gram.
        """
        return _shared(str(name))

    def ids(self, text: Iterable[str]) -> list[int]:
        """The model's ids of characters, `UNKNOWN` where it has never seen one."""
        return [self._id.get(c, UNKNOWN) for c in text]

    def follow(self, state: int, character: int) -> tuple[float, int]:
        """How likely a character is in a state, and the state after it.

        Args:
            state: `start`, or what an earlier call gave.
            character: an id; END asks how likely the line ends here; UNKNOWN costs as much as the rarest.

        Returns:
            The natural log-probability, and the next state.
        """
        key = (state << 8) | (character & 255)
        known = self._follow.get(key)
        if known is None:
            if len(self._follow) > 400_000:  # about 60 MB; a page needs a few thousand
                self._follow.clear()
            known = self._look_up(state, character)
            self._follow[key] = known
        return known

    def log_probability(self, text: str, *, whole: bool = True) -> float:
        """How likely a text is as a line of this language.

        Args:
            text: one line.
            whole: whether the line ends after it; False for the beginning of a line.

        Returns:
            The natural log-probability of its characters, and of the end where `whole`.
        """
        total, state = 0.0, self.start
        for character in self.ids(text):
            gain, state = self.follow(state, character)
            total += gain
        return total + (self.follow(state, END)[0] if whole else 0.0)

    def bits(self, lines: Sequence[str]) -> float:
        """Bits a character over lines, the end of each counted as one: the less, the better it knows them.

        Raises:
            UsageError: no lines came.
        """
        if not lines:
            raise UsageError("no lines came; bits a character need at least one")
        total = sum(self.log_probability(line) for line in lines)
        return -total / float(np.log(2)) / sum(len(line) + 1 for line in lines)

    def _find(self, state: int, character: int) -> int:
        """The entry that continues a state's n-gram by a character, or -1."""
        return self._ids.find(character, self._first[state], self._first[state + 1])

    def _look_up(self, state: int, character: int) -> tuple[float, int]:
        """`follow`, from the tree."""
        if character == UNKNOWN:
            return self._unknown, _ROOT
        owed, at = 0.0, state
        while (entry := self._find(at, character)) < 0:
            if at == _ROOT:
                return owed + self._unknown, _ROOT
            owed += self._backoff[at]
            at = self._shorter[at]
        after = self.start if character == END else self._state(state, character)
        return owed + self._log_p[entry], after

    def _state(self, state: int, character: int) -> int:
        """The state after a character: the longest context that has a continuation."""
        entry = self._find(state, character)
        below = _ROOT if state == _ROOT else self._state(self._shorter[state], character)
        if entry < 0 or entry + 1 >= len(self._first) or self._first[entry] == self._first[entry + 1]:
            return below
        self._shorter[entry] = below
        return entry


def names() -> list[str]:
    """The packaged models, sorted: their names are the languages' codes."""
    return sorted(path.stem for path in _FOLDER.glob("*.npz"))


def load(language: str | Path) -> tuple[NGram, ...]:
    """The models for a language as a user names it.

    Args:
        language: a packaged name, the path of a file, "auto" for all that are packaged, "none" for no model.

    Raises:
        UsageError: neither a packaged name nor a file.
        ModelError: the file is no n-gram.
    """
    if language == "none":
        return ()
    return tuple(map(NGram.load, names())) if language == "auto" else (NGram.load(language),)


@lru_cache(maxsize=8)
def _shared(name: str) -> NGram:
    """The one copy of a model that this process holds."""
    path = _FOLDER / f"{name}.npz" if name in names() else Path(name)
    if not path.is_file():
        raise UsageError(
            f"no n-gram is called {name!r}, and there is no such file"
            f"{nearest(name, [*names(), 'auto', 'none'])}; packaged are {', '.join(names())}"
        )
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {key: file[key] for key in file.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise ModelError(f"{path} cannot be read as an n-gram ({error}); make it again") from error
    missing = _KEYS - set(arrays)
    if missing:
        raise ModelError(f"{path} is no n-gram: it lacks {', '.join(sorted(missing))}; make it again")
    return NGram(arrays, path.stem)
