"""Every exception that inkread raises on purpose.

The tree::

    InkreadError
    ├── SourceError       a source could not be opened: missing, empty, truncated, not a picture, too large
    │   └── MissingExtra  the source needs an optional library; carries the line that installs it
    ├── UsageError        an argument or an option is wrong; says what would be right
    ├── ModelError        a model file cannot be loaded, or does not fit its labels
    └── DataError         a training or evaluation set is broken or contradicts itself

A message says what came, what was wanted, and what to do. Whatever is on the picture is never an error: a
blank or strange picture is read, and refused with a reason.
"""

from difflib import get_close_matches

__all__ = ["DataError", "InkreadError", "MissingExtra", "ModelError", "SourceError", "UsageError", "nearest"]


class InkreadError(Exception):
    """The root of the tree: catch this to catch whatever inkread raises on purpose."""


class SourceError(InkreadError):
    """A source could not be opened as a picture."""


class MissingExtra(SourceError):  # noqa: N818 - it is not the source that errs
    """An optional library is not installed.

    Args:
        what: what was asked for, such as "reading PDF pages".
        library: the library that does it, as one imports it.
        extra: the extra of this package that brings the library.
    """

    def __init__(self, what: str, library: str, extra: str) -> None:
        super().__init__(f"{what} needs {library}, which is not installed. Run: pip install '.[{extra}]'")


class UsageError(InkreadError):
    """An argument or an option is wrong."""


class ModelError(InkreadError):
    """A model cannot be loaded or used."""


class DataError(InkreadError):
    """A training or evaluation set is broken."""


def nearest(word: str, known: list[str]) -> str:
    """Say which known word a misspelt one most likely meant.

    Args:
        word: what the caller wrote.
        known: the words that would have been right.

    Returns:
        `"; did you mean 'digit'?"`, or an empty string where nothing comes close.
    """
    close = get_close_matches(word, known, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
