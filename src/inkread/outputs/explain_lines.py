"""How lines were read, as one picture: the page with its lines, its ink, each strip with what it says below.

Each character stands under the part of the strip that says it, the paler and redder the less sure it is.
Drawn with Pillow and its own face, as `explain` draws single characters.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

from inkread.outputs.picture import STATUS_COLOURS, Colour, font, printable, save_png
from inkread.types import Box, Page, Reading

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["LineStep", "LinesExplained", "draw_lines", "explain_lines"]

_WIDE, _EDGE, _GAP = 1400, 36, 24
_GROUND, _WORD, _FAINT = (248, 247, 243), (38, 42, 54), (122, 126, 138)
_SURE, _UNSURE = np.array((28, 110, 74)), np.array((214, 60, 40))
_MOST_LINES = 60
_TALLEST = 560
"""Pixels of the pictures in the first row, at most."""


@dataclass(frozen=True, slots=True, eq=False)
class LineStep:
    """One line, and what the network was given.

    Attributes:
        reading: what came of it.
        box: in pixels of the page's `rgb`.
        strip: float32 `(40, width)`, 0 paper, 1 ink.
        edges: pixels of the strip where its characters begin and end, one more than there are characters.
    """

    reading: Reading
    box: Box
    strip: NDArray[np.float32]
    edges: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class LinesExplained:
    """Everything that `explain_lines` draws.

    Attributes:
        page: the result.
        rgb: uint8 `(height, width, 3)`, the picture as it was looked at.
        ink: float32 `(height, width)`, 0 paper, 1 ink.
        steps: one a reading, in reading order; empty of a blank page.
    """

    page: Page
    rgb: NDArray[np.uint8]
    ink: NDArray[np.float32]
    steps: tuple[LineStep, ...]


def explain_lines(explained: LinesExplained, path: Path) -> Path:
    """Draw how lines were read into a PNG file.

    Args:
        explained: what happened.
        path: ends in .png.

    Raises:
        InkreadError: the file cannot be written; nothing is left under its name.
    """
    return save_png(draw_lines(explained), path)


def draw_lines(explained: LinesExplained) -> Image.Image:
    """Draw how lines were read, 1,400 pixels wide and as high as it needs.

    Args:
        explained: what happened.
    """
    panels = _panels(explained)
    lines = [_line(step) for step in explained.steps[:_MOST_LINES]]
    top = 130 + max(panel.height for panel in panels) + _GAP
    sheet = Image.new("RGB", (_WIDE, top + sum(line.height + _GAP for line in lines) + 60), _GROUND)
    draw = ImageDraw.Draw(sheet)
    _header(draw, explained.page)
    for number, panel in enumerate(panels):
        sheet.paste(panel, (_EDGE + number * (_WIDE - _EDGE) // 2, 100))
    for line in lines:
        sheet.paste(line, (_EDGE, top))
        top += line.height + _GAP
    more = len(explained.steps) - len(lines)
    words = f"and {more} more lines" if more else "" if lines else printable(explained.page.reason)
    draw.text((_EDGE, top), words, _FAINT, font(20))
    return sheet


def _header(draw: ImageDraw.ImageDraw, page: Page) -> None:
    """What was read, how it went, and how long it took."""
    first = page[0]
    count = f"{len(page)} lines" if len(page) > 1 else page.kind
    name = printable(Path(page.source).name or "picture")[:80]
    draw.text((_EDGE, 56), f"{name}: {count}", _WORD, font(34), anchor="ls")
    facts = f"{page.status}   {first.model or ''}   {first.ms:.0f} ms"
    draw.text((_WIDE - _EDGE, 56), facts, STATUS_COLOURS[page.status], font(20), anchor="rs")


def _panels(explained: LinesExplained) -> list[Image.Image]:
    """The page with a frame around each line, and its ink."""
    rgb = Image.fromarray(explained.rgb)
    scale = min((_WIDE - 2 * _EDGE - _GAP) / 2 / rgb.width, _TALLEST / rgb.height)
    size = max(1, round(rgb.width * scale)), max(1, round(rgb.height * scale))
    paper = Image.fromarray((255 - 255 * np.clip(explained.ink, 0, 1)).astype(np.uint8)).convert("RGB")
    boxes = [Box(*(round(v * scale) for v in step.box.to_list())) for step in explained.steps]
    photo = rgb.resize(size, Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(photo)
    for step, box in zip(explained.steps, boxes, strict=True):
        draw.rectangle(box.to_list(), outline=STATUS_COLOURS[step.reading.status], width=2)
    return [photo, paper.resize(size, Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC)]


def _line(step: LineStep) -> Image.Image:
    """A strip with its characters below."""
    room = _WIDE - 2 * _EDGE
    height, width = step.strip.shape
    scale = min(2.0, room / width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    strip = Image.fromarray((255 - 255 * np.clip(step.strip, 0, 1)).astype(np.uint8)).resize(size)
    sheet = Image.new("RGB", (room, size[1] + 62), _GROUND)
    sheet.paste(strip, (0, 0))
    draw = ImageDraw.Draw(sheet)
    for character, left, right in zip(step.reading.characters, step.edges, step.edges[1:], strict=False):
        place = (scale * (left + right) / 2, size[1] + 14)
        draw.text(place, printable(character.text), _colour(character.confidence), font(22), anchor="mm")
    reading = step.reading
    told = f"{reading.status}, {reading.confidence:.3f}   {reading.reason}"
    draw.text((0, size[1] + 32), printable(told), STATUS_COLOURS[reading.status], font(18))
    return sheet


def _colour(sure: float) -> Colour:
    """From red to green."""
    red, green, blue = (round(float(v)) for v in _UNSURE + (_SURE - _UNSURE) * sure**2)
    return red, green, blue
