"""The printed words of a form: two weights of one typeface, measured and broken into lines, in millimetres.

Words are set in Figtree (SIL OFL), which lies beside this file and is embedded in the PDF, so that a form
looks alike everywhere. It has the letters of the languages of Europe that are written in Latin script.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from inkread.errors import DataError, MissingExtra

__all__ = ["MM", "broken", "cut", "face_for", "reportlab_or_say", "wide"]

MM = 72 / 25.4
"""Points in a millimetre."""
_FACES = {False: ("InkreadText", "figtree-regular.ttf"), True: ("InkreadTextBold", "figtree-bold.ttf")}


def reportlab_or_say() -> None:
    """Raises MissingExtra where the library that writes the PDF is not installed."""
    try:
        import reportlab  # noqa: F401
    except ImportError:
        raise MissingExtra("printing a form", "reportlab", "forms") from None


@lru_cache(maxsize=2)
def _known(bold: bool) -> tuple[str, Any]:
    """The face of a weight, ready to be used, and the map of its characters."""
    reportlab_or_say()
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    name, file = _FACES[bold]
    font = TTFont(name, str(Path(__file__).parent / "fonts" / file))
    pdfmetrics.registerFont(font)
    return name, font.face.charToGlyph


def face_for(text: str, bold: bool = False) -> str:
    """The name, known to reportlab, of the face of a weight.

    Raises:
        DataError: it lacks a character of the text; the message names it.
    """
    name, glyphs = _known(bold)
    lacks = next((letter for letter in text if ord(letter) not in glyphs), None)
    if lacks is not None:
        raise DataError(
            f"{text[:60]!r} cannot be printed: the typeface has no {lacks!r}; write titles, labels and "
            "options with Latin letters"
        )
    return name


def wide(text: str, size: float, bold: bool = False) -> float:
    """How wide a text is in millimetres, set in `size` points."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return float(stringWidth(text, face_for(text, bold), size)) / MM


def cut(text: str, width: float, size: float, bold: bool = False) -> str:
    """The text itself, or as much of it as is `width` millimetres wide with an ellipsis behind."""
    if wide(text, size, bold) <= width:
        return text
    while text and wide(f"{text.rstrip()}…", size, bold) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def broken(text: str, width: float, size: float, bold: bool = False, most: int = 2) -> list[str]:
    """Break a text into lines at its blanks.

    Args:
        text: blanks of any kind and number part its words.
        width: of a line, millimetres.
        size: points.
        bold: in the bold weight.
        most: lines at most; the last one ends in an ellipsis where there is more.

    Returns:
        One line at least, unless the text is blank.
    """
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and wide(longer, size, bold) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > most:
        lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    return [cut(line, width, size, bold) for line in lines]
