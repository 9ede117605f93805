"""How a picture was read, as one picture: the photo, its ink, each mark as the network got it, the odds.

Beside it stands what the textbook way (grey, squeezed to 28 x 28, inverted) would have seen and read.
Everything is drawn with Pillow and its own face: no plotting library is imported while reading.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

from inkread.outputs.picture import STATUS_COLOURS, Colour, drawn, font, printable, save_png
from inkread.types import STATUSES, Box, Page, Reading

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Explanation", "Step", "Textbook", "explain"]

_FINE = 2
"""Everything is drawn this many times too large and then shrunk, so that edges come out smooth."""
_WIDE, _EDGE, _GAP = 1400, 36, 24
_GROUND, _CARD, _LINE = (248, 247, 243), (255, 255, 255), (226, 224, 218)
_ASIDE = (236, 234, 228)
_WORD, _FAINT, _TRACK, _OTHER = (38, 42, 54), (122, 126, 138), (239, 238, 234), (164, 171, 190)
_MOST_CARDS = 24
_ASIDE_AT = 2
"""Which panel is the textbook's."""


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One reading, and what the network was given.

    Attributes:
        reading: what came of it.
        box: in pixels of the explanation's `rgb`.
        normalized: float32 `(28, 28)`, 0..1, white ink on black.
        shares: `(classes,)`, calibrated probabilities.
    """

    reading: Reading
    box: Box
    normalized: NDArray[np.float32]
    shares: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Textbook:
    """What the textbook way makes of the picture.

    Attributes:
        pixels: float32 `(28, 28)`: the whole picture, grey, squeezed, inverted.
        text: what it reads.
        confidence: its softmax; not calibrated.
    """

    pixels: NDArray[np.float32]
    text: str
    confidence: float


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """Everything that `explain` draws.

    Attributes:
        page: the result.
        rgb: uint8 `(height, width, 3)`, the picture as it was looked at.
        ink: float32 `(height, width)`, 0 paper, 1 ink.
        classes: the text of each of the network's classes; "" is "not a digit".
        steps: one a reading, in reading order; empty of a blank page.
        textbook: the other way; None leaves it out.
    """

    page: Page
    rgb: NDArray[np.uint8]
    ink: NDArray[np.float32]
    classes: tuple[str, ...]
    steps: tuple[Step, ...]
    textbook: Textbook | None = None


def explain(explanation: Explanation, path: Path) -> Path:
    """Draw how a page was read into a PNG file.

    Args:
        explanation: what happened.
        path: ends in .png.

    Raises:
        InkreadError: the file cannot be written; nothing is left under its name.
    """
    return save_png(draw(explanation), path)


def draw(explanation: Explanation) -> Image.Image:
    """Draw how a page was read, 1,400 pixels wide and as high as it needs.

    Args:
        explanation: what happened.
    """
    shown = explanation.steps[:_MOST_CARDS]
    grid = _grid(shown)
    panels = _panels(explanation)
    top_cards = 200 + max(
        image.height // _FINE + (76 if number == _ASIDE_AT else 34)
        for number, (_, _, image) in enumerate(panels)
    )
    more = len(explanation.steps) - len(shown)
    rows = -(-len(shown) // grid.columns)
    tall = top_cards + (50 + rows * (grid.tall + _GAP) if rows else 0) + (30 if more else 0) + 8
    pen = _Pen((_WIDE, tall))
    _header(pen, explanation.page)
    _panel_row(pen, panels, 128)
    if rows:
        pen.text((_EDGE, top_cards), "3", 20, _FAINT)
        title = "each mark as the network gets it, 28 by 28 pixels, and how probable each answer is"
        pen.text((_EDGE + 22, top_cards), title, 20, _WORD)
    for number, step in enumerate(shown):
        left = _EDGE + (number % grid.columns) * (grid.wide + _GAP)
        top = top_cards + 42 + (number // grid.columns) * (grid.tall + _GAP)
        _card(pen, (left, top), grid, step, explanation.classes)
    if more:
        pen.text((_EDGE, tall - 34), f"and {more} more", 18, _FAINT)
    return pen.finished()


@dataclass(frozen=True, slots=True)
class _Grid:
    """How the cards stand: how many side by side, the size of one, and of a pixel of its crop."""

    columns: int
    pixel: int
    wide: int
    tall: int


def _grid(steps: tuple[Step, ...]) -> _Grid:
    columns = min(max(len(steps), 1), 3)
    pixel = {1: 10, 2: 8, 3: 6}[columns]
    foot = 56 if any(step.reading.reason for step in steps) else 0
    wide = (_WIDE - 2 * _EDGE - (columns - 1) * _GAP) // columns
    return _Grid(columns, pixel, wide, 28 * pixel + 86 + foot)


class _Pen:
    """Draws in final pixels on a sheet that is larger by `_FINE`."""

    def __init__(self, size: tuple[int, int]) -> None:
        self._image = Image.new("RGB", (size[0] * _FINE, size[1] * _FINE), _GROUND)
        self._draw = ImageDraw.Draw(self._image)

    def text(
        self, at: tuple[float, float], words: str, size: float, colour: Colour, *, anchor: str = "la"
    ) -> None:
        """Write words; `anchor` as in Pillow."""
        place = (at[0] * _FINE, at[1] * _FINE)
        self._draw.text(place, words, colour, font(round(size * _FINE)), anchor=anchor)

    def length(self, words: str, size: float) -> float:
        """How wide words come out."""
        return float(self._draw.textlength(words, font=font(round(size * _FINE)))) / _FINE

    def shape(
        self,
        box: tuple[float, float, float, float],
        fill: Colour,
        *,
        round_by: float = 0,
        edge: Colour | None = None,
    ) -> None:
        """Fill a rectangle with round corners."""
        left, top, right, bottom = (v * _FINE for v in box)
        corners = (left, top, max(right - 1, left), max(bottom - 1, top))
        self._draw.rounded_rectangle(corners, round_by * _FINE, fill=fill, outline=edge, width=_FINE)

    def paste(self, image: Image.Image, at: tuple[float, float]) -> None:
        """Put an image that is already `_FINE` times too large."""
        self._image.paste(image, (round(at[0] * _FINE), round(at[1] * _FINE)))

    def frame(self, box: tuple[float, float, float, float]) -> None:
        """Draw a hairline around a picture."""
        left, top, right, bottom = (v * _FINE for v in box)
        self._draw.rectangle((left - 1, top - 1, right, bottom), outline=_LINE, width=_FINE)

    def finished(self) -> Image.Image:
        """The sheet in its final size."""
        return self._image.reduce(_FINE)


def _header(pen: _Pen, page: Page) -> None:
    """What was read, how it went, and where."""
    texts = [printable(reading.text) or "?" for reading in page]
    said = "  ".join(texts) if len(page) > 1 or page.text else page.status
    while texts and pen.length(said, 54) > 760:
        texts.pop()
        said = f"{'  '.join(texts)} …"
    pen.text((_EDGE, 88), said, 54, STATUS_COLOURS[page.status] if len(page) == 1 else _WORD, anchor="ls")
    name = Path(page.source).name if page.source not in ("", "-") else page.source or "picture"
    name = printable(name) + (f", page {page.page}" if page.page > 1 else "")
    while len(name) > 3 and pen.length(name, 20) > 520:
        name = f"{name[: len(name) // 2 - 2]}…{name[len(name) // 2 + 2 :]}"
    counts = Counter(reading.status for reading in page)
    told = ", ".join(f"{counts[s]} {s}" for s in STATUSES if counts[s]) if len(page) > 1 else page.status
    first = page[0]
    facts = [told, first.model or "", f"{first.ms:.0f} ms"]
    size = f"{page.width} x {page.height}" if page.width else ""
    pen.text((_WIDE - _EDGE, 60), "   ".join(filter(None, (name, size))), 20, _WORD, anchor="rs")
    pen.text((_WIDE - _EDGE, 88), "   ".join(filter(None, facts)), 17, _FAINT, anchor="rs")


def _panels(explanation: Explanation) -> list[tuple[str, str, Image.Image]]:
    """The pictures of the first row: a title, a line below, and the picture, `_FINE` times too large."""
    room = (480, 420)
    rgb, ink = explanation.rgb, explanation.ink
    steps = explanation.steps
    photo = _fitted(Image.fromarray(rgb), room)
    scale = photo.width / rgb.shape[1]
    boxes = [_scaled(step.box, scale, photo.width / rgb.shape[1]) for step in steps]
    photo = drawn(photo, [s.reading for s in steps], boxes)
    paper = Image.fromarray((255 - 255 * np.clip(ink, 0, 1)).astype(np.uint8)).convert("RGB")
    found = "a box around every mark" if steps else printable(explanation.page.reason)
    panels = [
        ("the picture", found, photo),
        ("its ink", "light, colour and rules taken away", _fitted(paper, room)),
    ]
    if explanation.textbook is not None:
        textbook = explanation.textbook
        told = f"reads {textbook.text or 'nothing'}, {_percent(textbook.confidence)} sure"
        panels.append(("the textbook way sees", told, _enlarged(textbook.pixels, 11)))
    return panels


def _scaled(box: Box, across: float, down: float) -> Box:
    return Box(*(round(v * s) for v, s in zip(box.to_list(), (across, down, across, down), strict=True)))


def _fitted(image: Image.Image, room: tuple[int, int]) -> Image.Image:
    """Scale a picture into a panel; a tiny one is enlarged with crisp pixels."""
    scale = min(room[0] * _FINE / image.width, room[1] * _FINE / image.height)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    way = Image.Resampling.NEAREST if scale > 6 else Image.Resampling.LANCZOS
    return image.resize(size, way)


def _enlarged(pixels: NDArray[np.float32], factor: int) -> Image.Image:
    """A 28 x 28 array with each pixel a crisp square."""
    grey = Image.fromarray(np.round(255 * np.clip(pixels, 0, 1)).astype(np.uint8)).convert("RGB")
    size = grey.width * factor * _FINE, grey.height * factor * _FINE
    return grey.resize(size, Image.Resampling.NEAREST)


def _panel_row(pen: _Pen, panels: list[tuple[str, str, Image.Image]], top: int) -> None:
    """The pictures side by side, the textbook's at the right edge."""
    left = _EDGE
    for number, (title, note, image) in enumerate(panels):
        wide, tall = image.width / _FINE, image.height / _FINE
        beside = number == _ASIDE_AT
        if beside:
            left = _WIDE - _EDGE - 308
            pen.shape((left - 18, top - 18, _WIDE - _EDGE + 18, top + 34 + tall + 74), _ASIDE, round_by=12)
            pen.text((left, top + 34 + tall + 36), note, 22, _WORD)
        else:
            pen.text((left, top - 4), f"{number + 1}", 20, _FAINT)
        pen.text((left + (0 if beside else 22), top - 4), title, 20, _WORD)
        pen.paste(image, (left, top + 34))
        pen.frame((left, top + 34, left + wide, top + 34 + tall))
        below = "all of it, grey, squeezed to 28 by 28, inverted" if beside else note
        pen.text((left, top + 34 + tall + 8), below, 14 if beside else 16, _FAINT)
        left += 480 + _GAP


def _card(pen: _Pen, corner: tuple[int, int], grid: _Grid, step: Step, classes: tuple[str, ...]) -> None:
    """One reading: its text, its status, what the network got, and a bar for each class."""
    left, top = corner
    right, bottom, size = left + grid.wide, top + grid.tall, 28 * grid.pixel
    reading = step.reading
    colour = STATUS_COLOURS[reading.status]
    pen.shape((left, top, right, bottom), _CARD, round_by=12, edge=_LINE)
    said = printable(reading.text) or "?"
    pen.text((left + 20, top + 50), said, 42, colour if reading.text else _FAINT, anchor="ls")
    chip = left + 20 + pen.length(said, 42) + 16
    wide = pen.length(reading.status, 15) + 20
    pen.shape((chip, top + 24, chip + wide, top + 50), colour, round_by=13)
    pen.text((chip + wide / 2, top + 37), reading.status, 15, (255, 255, 255), anchor="mm")
    sure = _percent(reading.confidence)
    sure = sure if reading.text else f"best guess {printable(reading.guess)}, {sure}"
    pen.text((right - 20, top + 47), sure, 22 if reading.text else 17, _FAINT, anchor="rs")
    pen.paste(_enlarged(step.normalized, grid.pixel), (left + 20, top + 66))
    _bars(pen, (left + 20 + size + 24, top + 66, right - 20, top + 66 + size), step, classes)
    letters = round((grid.wide - 40) / 7.4)
    for number, line in enumerate(wrap(printable(reading.reason), letters)[:2]):
        pen.text((left + 20, top + 66 + size + 12 + 22 * number), line, 16, _WORD)


def _percent(share: float) -> str:
    """A share in per cent, with a decimal where the first two digits would hide what is left."""
    return f"{100 * share:.0f} %" if 0.01 <= share < 0.985 or share >= 0.9995 else f"{100 * share:.1f} %"


def _bars(pen: _Pen, box: tuple[int, int, int, int], step: Step, classes: tuple[str, ...]) -> None:
    """One bar a class: how probable the network, calibrated, holds it."""
    left, top, right, bottom = box
    row = (bottom - top) / len(classes)
    letter = min(row * 0.86, 18)
    names = [text or "none" for text in classes]
    start = left + max(pen.length(name, letter) for name in names) + 10
    end = right - pen.length("99.9 %", letter) - 8
    best = int(np.argmax(step.shares))
    for number, (name, share) in enumerate(zip(names, step.shares, strict=True)):
        y = top + (number + 0.5) * row
        strong = number == best
        pen.text((start - 10, y), name, letter, _WORD if strong else _FAINT, anchor="rm")
        thick = row * 0.29
        pen.shape((start, y - thick, end, y + thick), _TRACK, round_by=thick)
        length = (end - start) * float(share)
        if length >= 1:
            colour = STATUS_COLOURS[step.reading.status] if strong else _OTHER
            pen.shape(
                (start, y - thick, start + max(length, 2), y + thick), colour, round_by=min(thick, length / 2)
            )
        if share >= 0.0005:
            pen.text((right, y), _percent(float(share)), letter, _WORD if strong else _FAINT, anchor="rm")
