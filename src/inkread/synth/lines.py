"""Lines of handwriting that look real, with what they say: for training a line reader.

A text is written by a font (`synth.writing`), drawn with a pen (`synth.strokes`), and put on paper with what
else a real crop of a line holds: rules, bits of neighbouring lines, specks, blur (`synth.leftovers`). What
comes out is ink, as `imaging.ink.extract` gives it; some lines truly go through paper, camera and extraction.
The same state of `rng` gives the same line.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from inkread.errors import DataError, UsageError
from inkread.synth import leftovers, strokes
from inkread.synth.faces import Face, Faces
from inkread.synth.texts import Texts
from inkread.synth.writing import sample_hand, write

__all__ = ["VERSION", "Bank", "LineSample", "render"]

VERSION = 5
"""Rises whenever the same state of a generator would give another line."""

PHOTOGRAPHED = 0.25
"""The part of the lines that go through paper, camera and extraction."""
_TRIES = 40


@dataclass(frozen=True, slots=True, eq=False)
class LineSample:
    """A line, and what it says.

    Attributes:
        ink: float32 `(h, w)`, 0 bare paper, 1 the darkest stroke; about 40 to 80 high.
        text: what is written.
        font: the name of the font.
    """

    ink: np.ndarray
    text: str
    font: str


@dataclass(frozen=True, slots=True, eq=False)
class Bank:
    """Hands and texts; small enough to be handed to worker processes."""

    faces: Faces
    texts: Texts

    @classmethod
    def load(cls, data_root: Path, *, held_out_fonts: bool = False, held_out_texts: bool = False) -> Bank:
        """Read what a data folder has.

        Args:
            data_root: folder with `fonts/` and, if there are any, `texts/`.
            held_out_fonts: take the fonts kept for measuring.
            held_out_texts: take the texts kept for measuring.

        Raises:
            DataError: fonts, or the texts kept for measuring, are missing.
        """
        return cls(
            Faces.load(data_root, held_out=held_out_fonts), Texts.load(data_root, held_out=held_out_texts)
        )


def render(
    rng: np.random.Generator, bank: Bank, text: str | None = None, language: str | None = None
) -> LineSample:
    """Write one line.

    Args:
        rng: chooses everything.
        bank: hands and texts.
        text: what to write; None takes a text of the bank.
        language: of that text, "en" or "fr"; None mostly English.

    Returns:
        The line. Its text may be in capitals where the font has no other letters.

    Raises:
        UsageError: a text of spaces only was given.
        DataError: no font can write the text.
    """
    if text is not None and not text.strip():
        raise UsageError(f"a text to write was expected, got {text!r}; leave it out for one of the bank")
    face, said = _agreed(rng, bank, text, language)
    written = write(said, face, sample_hand(rng), rng, height_px=int(rng.integers(46, 62)))
    inked = strokes.inked(written, rng)
    if rng.random() < PHOTOGRAPHED:
        return LineSample(leftovers.photographed(inked, rng), said, face.name)
    return LineSample(leftovers.cropped(inked, rng), said, face.name)


def _agreed(rng: np.random.Generator, bank: Bank, text: str | None, language: str | None) -> tuple[Face, str]:
    """A font and a text that it can write."""
    for _ in range(_TRIES):
        face = bank.faces.pick(rng)
        said = bank.texts.sample(rng, language) if text is None else " ".join(text.split())
        said = said.upper() if face.look.is_capital else said
        if face.can_write(said) and not (text is None and _is_ornate(said, face)):
            return face, said
    for face in bank.faces.faces:
        if face.can_write(said):
            return face, said
    raise DataError(
        f"none of {len(bank.faces.faces)} fonts can write {said!r}; leave its rare characters out"
    )


def _is_ornate(text: str, face: Face) -> bool:
    """Whether nobody could read it: capitals side by side in a hand whose capitals are ornaments."""
    return face.in_words and sum(a.isupper() and b.isupper() for a, b in pairwise(text)) > 2
