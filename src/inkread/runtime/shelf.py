"""The models that ship inside the package, by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from inkread.errors import ModelError, nearest

__all__ = ["FIELD_FINDER", "FINDER", "card", "has", "names", "path", "readers"]

FOLDER = Path(__file__).parent / "models"
FINDER, FIELD_FINDER = "ink", "field-ink"
"""The models that read nothing: they find the ink for those that do, of signs and of fields."""


def names() -> list[str]:
    """The names of the shipped models, in alphabetical order."""
    return sorted(p.stem for p in FOLDER.glob("*.onnx"))


def readers() -> list[str]:
    """The names of those that read."""
    return [name for name in names() if name not in (FINDER, FIELD_FINDER)]


def path(name: str, *, suffix: str = ".onnx") -> Path:
    """The file of a shipped model.

    Args:
        name: such as "digits".
        suffix: ".onnx" for reading, ".keras" for fine-tuning.

    Raises:
        ModelError: no shipped model has that name, or not in that format.
    """
    known = names()
    if name not in known:
        raise ModelError(f"no model is called {name!r}; there are {', '.join(known)}{nearest(name, known)}")
    file = FOLDER / f"{name}{suffix}"
    if not file.is_file():
        raise ModelError(f"the model {name!r} does not ship as {suffix}; it ships as .onnx")
    return file


def has(name: str, suffix: str) -> bool:
    """Whether a shipped model ships in a format too, such as ".keras"."""
    return (FOLDER / f"{name}{suffix}").is_file()


def card(name: str) -> dict[str, Any]:
    """The card of a shipped model: data, licence, and scores with the commands that measured them.

    Raises:
        ModelError: no shipped model has that name.
    """
    from inkread.runtime import recognizer

    return recognizer.told(name).card
