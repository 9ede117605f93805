"""How a form was read, as one picture: the sheet laid flat with its fields, and what the network was given.

Each field has a frame in the colour of its status, with what was read below it. The sheet without its print
stands beside. Below, row by row, come the texts, the reasons, and the strips that the network saw. Drawn
with Pillow and its own face, as `explain_lines` draws lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

from inkread.outputs.picture import STATUS_COLOURS, font, printable, save_png
from inkread.types import Box, Page, Reading

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["FieldStep", "FormExplained", "SheetStep", "draw_form", "explain_form"]

_WIDE, _EDGE, _GAP = 1400, 36, 18
_GROUND, _WORD, _FAINT = (248, 247, 243), (38, 42, 54), (122, 126, 138)
_MOST_FIELDS = 120
_ROW = 64
"""Pixels of the row of one field, its strips included."""
_STRIP = 40
_COLUMNS = 470, 250
"""Pixels of a field's name and text, and of its verdict; the strips take the rest."""


@dataclass(frozen=True, slots=True, eq=False)
class FieldStep:
    """One field.

    Attributes:
        reading: what came of it.
        box: in pixels of the sheet.
        strips: float32 `(40, width)` each, 0 paper, 1 ink: what the network was given.
    """

    reading: Reading
    box: Box
    strips: tuple[NDArray[np.float32], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class SheetStep:
    """One page of a form.

    Attributes:
        sheet: uint8 `(height, width, 3)`, laid flat.
        clean: the same without its print.
        fields: in the order of the template.
    """

    sheet: NDArray[np.uint8]
    clean: NDArray[np.uint8]
    fields: tuple[FieldStep, ...]


@dataclass(frozen=True, slots=True, eq=False)
class FormExplained:
    """Everything that `explain_form` draws.

    Attributes:
        page: the result.
        rgb: uint8 `(height, width, 3)`, the picture as it was looked at.
        sheets: the pages of forms that were found on it.
    """

    page: Page
    rgb: NDArray[np.uint8]
    sheets: tuple[SheetStep, ...]


def explain_form(explained: FormExplained, path: Path) -> Path:
    """Draw how a form was read into a PNG file.

    Args:
        explained: what happened.
        path: ends in .png.

    Raises:
        InkreadError: the file cannot be written; nothing is left under its name.
    """
    return save_png(draw_form(explained), path)


def draw_form(explained: FormExplained) -> Image.Image:
    """Draw how a form was read, 1,400 pixels wide and as high as it needs.

    Args:
        explained: what happened.
    """
    parts = [part for sheet in explained.sheets for part in (_sheets(sheet), _rows(sheet))]
    if not parts:
        photo = Image.fromarray(explained.rgb)
        photo.thumbnail((_WIDE - 2 * _EDGE, 900))
        parts = [photo]
    top = 100
    whole = Image.new("RGB", (_WIDE, top + sum(part.height + _GAP for part in parts) + 40), _GROUND)
    draw = ImageDraw.Draw(whole)
    _header(draw, explained)
    for part in parts:
        whole.paste(part, (_EDGE, top))
        top += part.height + _GAP
    if not explained.sheets:
        draw.text((_EDGE, top), printable(explained.page.reason)[:150], STATUS_COLOURS["refused"], font(20))
    return whole


def _header(draw: ImageDraw.ImageDraw, explained: FormExplained) -> None:
    """What was read, and how it went."""
    page = explained.page
    name = printable(Path(page.source).name or "picture")[:70]
    draw.text((_EDGE, 56), f"{name}: form", _WORD, font(34), anchor="ls")
    counts = [f"{sum(r.status == status for r in page)} {status}" for status in STATUS_COLOURS]
    facts = f"{', '.join(c for c in counts if not c.startswith('0 '))}   {page[0].ms:.0f} ms"
    draw.text((_WIDE - _EDGE, 56), facts, STATUS_COLOURS[page.status], font(20), anchor="rs")


def _sheets(step: SheetStep) -> Image.Image:
    """The sheet with its fields, and without its print."""
    room = (_WIDE - 2 * _EDGE - _GAP) // 2
    scale = room / step.sheet.shape[1]
    size = room, round(step.sheet.shape[0] * scale)
    left = Image.fromarray(step.sheet).resize(size, Image.Resampling.BOX)
    right = Image.fromarray(step.clean).resize(size, Image.Resampling.BOX)
    draw = ImageDraw.Draw(left)
    for field in step.fields:
        frame = [round(v * scale) for v in field.box.to_list()]
        draw.rectangle(frame, outline=STATUS_COLOURS[field.reading.status], width=2)
        told = printable(field.reading.guess)[:40]
        if told:
            draw.text((frame[0], frame[3] + 1), told, STATUS_COLOURS[field.reading.status], font(11))
    both = Image.new("RGB", (_WIDE - 2 * _EDGE, size[1]), _GROUND)
    both.paste(left, (0, 0))
    both.paste(right, (room + _GAP, 0))
    return both


def _rows(step: SheetStep) -> Image.Image:
    """Each field: its name, what was read, why a person must look, and the strips."""
    fields = step.fields[:_MOST_FIELDS]
    more = len(step.fields) - len(fields)
    table = Image.new("RGB", (_WIDE - 2 * _EDGE, _ROW * len(fields) + (30 if more else 0)), _GROUND)
    draw = ImageDraw.Draw(table)
    for number, field in enumerate(fields):
        top, reading = _ROW * number, field.reading
        colour = STATUS_COLOURS[reading.status]
        draw.text((0, top), printable(reading.name or "")[:34], _FAINT, font(15))
        shown = printable(reading.guess) or "(empty)"
        draw.text((0, top + 18), shown[:40], _WORD if reading.text else _FAINT, font(20))
        draw.text((_COLUMNS[0], top + 4), f"{reading.status}  {reading.confidence:.3f}", colour, font(15))
        draw.text((0, top + 44), printable(reading.reason)[:150], colour, font(13))
        left = sum(_COLUMNS)
        for strip in field.strips:
            left = _paste(table, strip, left, top)
    if more:
        draw.text((0, _ROW * len(fields)), f"and {more} more fields", _FAINT, font(15))
    return table


def _paste(table: Image.Image, strip: NDArray[np.float32], left: int, top: int) -> int:
    """Put a strip beside the last one, smaller where there is little room; says where the next begins."""
    room = table.width - left
    if room < 40:
        return left
    gray = (255 - 255 * np.clip(strip, 0, 1)).astype(np.uint8)
    scale = min(1.0, room / gray.shape[1])
    size = max(1, round(scale * gray.shape[1])), max(1, round(scale * _STRIP))
    table.paste(Image.fromarray(gray).convert("RGB").resize(size), (left, top + 2))
    return left + size[0] + 10
