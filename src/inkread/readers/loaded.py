"""Models that are loaded once a process, and which one reads what.

In: a kind of reading, a model's name or path. Out: recognizers, shared by all who ask for the same.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from inkread.errors import ModelError

if TYPE_CHECKING:
    from inkread.decode.ngram import NGram
    from inkread.runtime.linewise import LineRecognizer
    from inkread.runtime.metadata import Metadata
    from inkread.runtime.recognizer import Recognizer

__all__ = [
    "kind_of",
    "languages",
    "line_recognizer",
    "metadata_of",
    "model_of",
    "reads_lines",
    "recognizer",
    "words",
]

_MODELS = {
    "digit": "digits",
    "character": "characters",
    "line": "lines",
    "note": "lines",
    "mail": "fields",
    "form": "fields",
    "check": "fields",
}
_SINGLE = ("digit", "character")
DIGITS = "digits"
"""The format of fields that "auto" finds."""


def model_of(kind: str, model: str | Path | None, format: str | None) -> str:
    """Name or path of the model that reads a kind.

    Args:
        kind: as pictures are read; not "auto".
        model: what was asked for; None takes the one that ships for the kind.
        format: of fields.
    """
    if model:
        return str(model)
    if kind == "field":
        from inkread.formats import ANY, find

        return find(format or ANY).model
    return _MODELS[kind]


def metadata_of(kind: str, model: str) -> Metadata:
    """What a model that reads a kind says of itself.

    Raises:
        ModelError: it cannot be loaded.
    """
    return recognizer(model).metadata if kind in _SINGLE else line_recognizer(model).metadata


@lru_cache(maxsize=8)
def recognizer(model: str) -> Recognizer:
    """The reader of single characters of a name or a path.

    Raises:
        ModelError: it cannot be loaded.
    """
    from inkread.runtime.recognizer import load

    return load(model)


@lru_cache(maxsize=8)
def line_recognizer(model: str) -> LineRecognizer:
    """The reader of lines or fields of a name or a path.

    Raises:
        ModelError: it cannot be loaded.
    """
    from inkread.runtime.linewise import load

    return load(model)


@lru_cache(maxsize=4)
def words(path: str) -> frozenset[str]:
    """The words of a list, in small letters; an entry of several words gives each.

    Raises:
        UsageError: there is no such file, it is no text, or it is empty.
    """
    from inkread.formats.words import entries

    return frozenset(word.lower() for entry in entries(path, f"words {path}") for word in entry.split())


def languages(language: str) -> tuple[NGram, ...]:
    """The n-grams of a language: "auto", "none", a code, or a file.

    Raises:
        UsageError: there is no such language.
    """
    from inkread.decode.ngram import load

    return load(language)


@lru_cache(maxsize=8)
def reads_lines(model: str) -> bool:
    """Whether a model reads lines rather than single characters.

    Raises:
        ModelError: it cannot be loaded.
    """
    try:
        recognizer(model)
    except ModelError:
        from inkread.runtime.recognizer import LINEWISE, told

        if told(model).kind != LINEWISE:
            raise
        return True
    return False


def kind_of(model: str) -> str:
    """What a model of single signs is for."""
    return "character" if recognizer(model).metadata.kind == "character" else "digit"
