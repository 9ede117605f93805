"""Handwriting fonts as hands: which there are, what they can write, and words of theirs as masks.

A `Face` is a font brought to one size, so that its tallest and deepest letters span `SPAN` pixels. What is
found out about a font is found out once a process.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from inkread.errors import DataError

__all__ = ["CLASSES", "SPAN", "Face", "Faces", "Glyph", "is_held_out"]

SPAN = 72
"""Pixels from the top of an l to the bottom of a p."""
CLASSES = {"A": 0.75, "S": 0.15, "C": 0.10}
"""Class of a font (A everyday hand, S school cursive, C calligraphic) -> how often it writes."""
_HAIRLINE = 2.2
"""Pixels of the thinnest stroke: no pen leaves a finer one, and a finer one would fall into pieces."""
_FINER = 3
"""Fonts are drawn so much larger, so that hairlines are whole before they are made wider."""
_PROBE = 100
_LETTERS = "aeonumcrvw"
"""Ten letters that are one piece each and as high as an x."""
_ALL_CAPITALS = 0.75
"""From this share of the span on a font's small letters are capitals."""
_MISTAKEN = {"league-script": "1", "mrs-saint-delafield": "1"}
"""What a font draws so that people take it for another character: its 1 is a 7. It does not write that."""
_NOWHERE = "\uffff"
"""No font has a glyph for it, so it shows what is drawn in place of a missing one."""


@dataclass(frozen=True, slots=True, eq=False)
class Glyph:
    """A character or a word drawn by a font.

    Attributes:
        mask: uint8 `(h, w)`, 255 ink; empty where nothing is drawn.
        left: of the mask, in pixels from the pen's place.
        top: of the mask, in pixels from the base line; negative above it.
        advance: pixels by which the pen moves on.
    """

    mask: np.ndarray
    left: int
    top: int
    advance: float


@dataclass(frozen=True, slots=True)
class Face:
    """A font.

    Attributes:
        name: as in `fonts.tsv`.
        path: of the TrueType file.
        kind: a key of `CLASSES`.
    """

    name: str
    path: Path
    kind: str

    @property
    def in_words(self) -> bool:
        """Whether words are drawn whole, so that their letters stay joined."""
        return self.kind == "C" or self.look.is_joined

    @property
    def look(self) -> Look:
        """What is known of the font's strokes."""
        return _look(self.path)

    def glyph(self, text: str) -> Glyph:
        """A character or a word, drawn with the font's own joins and kerning."""
        return _glyph(self.path, text) if len(text) == 1 else _drawn(self.path, text)

    def can_write(self, text: str) -> bool:
        """Whether the font has a glyph with ink for every character but the space, and people can read it."""
        mistaken = _MISTAKEN.get(self.name, "")
        return all(_has(self.path, c) and c not in mistaken for c in set(text) if c != " ")


@dataclass(frozen=True, slots=True)
class Look:
    """What is known of a font's strokes.

    Attributes:
        size: the font size at which it spans `SPAN` pixels.
        stroke: width of its strokes at that size, in pixels.
        height: of an x, in pixels.
        letter: width of a letter, in pixels.
        space: the advance of a space, in pixels.
        is_joined: whether the letters of a word hang together.
        is_capital: whether small letters look like capitals.
    """

    size: int
    stroke: float
    height: float
    letter: float
    space: float
    is_joined: bool
    is_capital: bool


@dataclass(frozen=True, slots=True)
class Faces:
    """The fonts there are; see `Faces.load`."""

    faces: tuple[Face, ...]

    @classmethod
    def load(cls, data_root: Path, *, held_out: bool = False) -> Faces:
        """Find the fonts of a data folder.

        Args:
            data_root: folder with `fonts/fonts.tsv` and `fonts/ttf/`.
            held_out: take the fonts kept for measuring, in place of those for training.

        Raises:
            DataError: there is no table, or no font of it.
        """
        table = data_root / "fonts" / "fonts.tsv"
        try:
            rows = [line.split("\t") for line in table.read_text("utf-8").splitlines()]
        except OSError as error:
            raise DataError(
                f"no handwriting fonts: {table}: {error.strerror}; set INKREAD_DATA to the data folder"
            ) from error
        columns = {name: at for at, name in enumerate(rows[0])}
        if not {"name", "class"} <= set(columns):
            raise DataError(
                f"{table} has the columns {', '.join(rows[0])}; expected name and class among them"
            )
        found = []
        for row in rows[1:]:
            name, kind = row[columns["name"]], row[columns["class"]]
            path = table.parent / "ttf" / f"{name}.ttf"
            if kind in CLASSES and is_held_out(name) == held_out and path.is_file():
                found.append(Face(name, path, kind))
        if not found:
            raise DataError(
                f"{table} names no font that lies in {table.parent / 'ttf'}; fetch the data again"
            )
        return cls(tuple(found))

    def pick(self, rng: np.random.Generator) -> Face:
        """A font: first its class, then one of the class, each as often as any other."""
        kinds = [kind for kind in CLASSES if any(face.kind == kind for face in self.faces)]
        bounds = np.cumsum([CLASSES[kind] for kind in kinds])
        kind = kinds[int(np.searchsorted(bounds, rng.random() * bounds[-1]))]
        choices = [face for face in self.faces if face.kind == kind]
        return choices[int(rng.integers(len(choices)))]


def is_held_out(name: str) -> bool:
    """Whether a font is kept for measuring: one in ten, by its name. Training never sees it."""
    return zlib.crc32(name.encode()) % 10 == 0


@lru_cache(maxsize=512)
def _font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    try:
        return ImageFont.truetype(str(path), size)
    except OSError as error:
        raise DataError(f"the font {path} cannot be read ({error}); fetch it again") from error


def _mask(font: ImageFont.FreeTypeFont, text: str) -> tuple[np.ndarray, int, int]:
    """A text's ink, cut to it, and where it lies from the pen's place on the base line."""
    left, top, right, bottom = (round(v) for v in font.getbbox(text, anchor="ls"))
    canvas = Image.new("L", (max(1, right - left + 4), max(1, bottom - top + 4)), 0)
    ImageDraw.Draw(canvas).text((2 - left, 2 - top), text, font=font, fill=255, anchor="ls")
    mask = np.asarray(canvas)
    x, y, w, h = cv2.boundingRect(mask)
    return mask[y : y + h, x : x + w], left - 2 + x, top - 2 + y


def _drawn(path: Path, text: str) -> Glyph:
    font = _font(path, _FINER * _look(path).size)
    mask, left, top = _mask(font, text)
    advance = float(font.getlength(text)) / _FINER
    if not mask.size:
        return Glyph(mask, 0, 0, advance)
    room = _FINER * 2  # a widened stroke ends within it
    x, y = (left - room) // _FINER, (top - room) // _FINER
    before = top - _FINER * y, left - _FINER * x
    after = [room + -(n + b + room) % _FINER for n, b in zip(mask.shape, before, strict=True)]
    large = cv2.copyMakeBorder(mask, before[0], after[0], before[1], after[1], cv2.BORDER_CONSTANT, value=0)
    size = large.shape[1] // _FINER, large.shape[0] // _FINER
    small = cv2.resize(_firm(large, _FINER * _HAIRLINE), size, interpolation=cv2.INTER_AREA)
    left, top, w, h = cv2.boundingRect(small)
    return Glyph(small[top : top + h, left : left + w], x + left, y + top, advance)


def _firm(mask: np.ndarray, width: float) -> np.ndarray:
    """Strokes thinner than so many pixels made wider, the finest most; the others stay as they are."""
    for thinner, wider in ((0.5, 0.6), (1.0, 0.35)):
        solid = (mask > 127).astype(np.uint8)
        thick = cv2.morphologyEx(solid, cv2.MORPH_OPEN, _disc(thinner * width))
        thin = solid & (1 - cv2.dilate(thick, np.ones((3, 3), np.uint8)))
        mask = np.maximum(mask, 255 * cv2.dilate(thin, _disc(wider * width)))
    return mask


def _disc(width: float) -> np.ndarray:
    size = max(1, round(width))
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))


@lru_cache(maxsize=30_000)
def _glyph(path: Path, character: str) -> Glyph:
    return _drawn(path, character)


@lru_cache(maxsize=30_000)
def _has(path: Path, character: str) -> bool:
    """Whether a font draws something for a character, and not what it draws for a missing one."""
    mask = _glyph(path, character).mask
    missing = _glyph(path, _NOWHERE).mask
    return bool(mask.size) and not (mask.shape == missing.shape and np.array_equal(mask, missing))


@lru_cache(maxsize=1024)
def _look(path: Path) -> Look:
    """Measure a font."""
    probe = _font(path, _PROBE)
    tall = probe.getbbox("lhdpgy", anchor="ls")
    scale = SPAN / max(tall[3] - tall[1], 1)
    boxes = [probe.getbbox(c, anchor="ls") for c in _LETTERS]
    solid = (_mask(probe, "hamburgefonstiv")[0] > 127).astype(np.uint8)
    inside = cv2.distanceTransform(np.pad(solid, 1), cv2.DIST_L2, 5)[1:-1, 1:-1][solid > 0]
    width = 4 * float(inside.mean()) - 1 if inside.size else 1.0  # a stroke's mean depth is a quarter of it
    pieces = cv2.connectedComponents((_mask(probe, _LETTERS)[0] > 127).astype(np.uint8))[0] - 1
    height = float(np.median([b[3] - b[1] for b in boxes])) * scale
    return Look(
        size=max(8, round(_PROBE * scale)),
        stroke=max(width * scale, _HAIRLINE),
        height=max(height, 4.0),
        letter=max(float(np.median([b[2] - b[0] for b in boxes])) * scale, 3.0),
        space=float(probe.getlength(" ")) * scale,
        is_joined=pieces <= 6,
        is_capital=height > _ALL_CAPITALS * SPAN,
    )
