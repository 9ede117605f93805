"""The places of a form drawn over a picture: each field in the colour of its kind, with its name and type.

In: upright RGB and `Outline`s in its pixels. Out: a Pillow image, enlarged where the picture is small, so
that names can be read. Nothing here knows what a template is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from inkread.outputs.picture import Colour, font, printable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["KINDS", "Outline", "draw_outlines"]

KINDS: dict[str, Colour] = {
    "figures": (26, 95, 180),
    "text": (20, 125, 84),
    "tick": (190, 92, 12),
    "mark": (110, 110, 118),
}
"""The colours of what is written in figures, of text, of checkboxes and choices, and of marks."""
_LONGEST = 2000
"""Smaller pictures are enlarged to so many pixels on their longer side."""
_WHITE = (255, 255, 255)

_Frame = tuple[float, float, float, float]
_Corners = list[tuple[float, float]]


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """One thing on the form.

    Attributes:
        name: what its flag says.
        note: what the flag says more faintly behind the name, such as its type.
        kind: a key of `KINDS`.
        shapes: the corners of each of its rectangles, `(4, 2)` x, y.
    """

    name: str
    note: str
    kind: str
    shapes: tuple[NDArray[np.float64], ...]


def draw_outlines(rgb: NDArray[np.uint8], outlines: Sequence[Outline]) -> Image.Image:
    """Draw what is where on a form.

    Args:
        rgb: uint8 `(height, width, 3)`.
        outlines: in pixels of `rgb`; what reaches out of it is cut.
    """
    image = Image.fromarray(rgb)
    scale = max(1.0, _LONGEST / max(image.size))
    if scale > 1:
        size = (round(image.width * scale), round(image.height * scale))
        image = image.resize(size, Image.Resampling.BICUBIC)
    veil = Image.new("RGBA", image.size, (0, 0, 0, 0))
    pen = ImageDraw.Draw(veil)
    line = max(2, round(max(image.size) / 900))
    placed = [[[(float(x) * scale, float(y) * scale) for x, y in s] for s in o.shapes] for o in outlines]
    for outline, shapes in zip(outlines, placed, strict=True):
        colour = KINDS[outline.kind]
        for corners in shapes:
            pen.polygon(corners, fill=(*colour, 38), outline=(*colour, 255), width=line)
    _flags(pen, outlines, placed)
    return Image.alpha_composite(image.convert("RGBA"), veil).convert("RGB")


def _frame(corners: _Corners) -> _Frame:
    """Around corners."""
    x, y = zip(*corners, strict=True)
    return min(x), min(y), max(x), max(y)


def _flags(pen: ImageDraw.ImageDraw, outlines: Sequence[Outline], placed: list[list[_Corners]]) -> None:
    """Write each name where it covers least: over, under or beside its frame."""
    size = max(14, round(max(pen.im.size) / 125))
    bold, small = font(size), font(round(size * 0.8))
    flags: list[_Frame] = []
    fields = [[_frame(corners) for corners in shapes] for shapes in placed]
    for number, (outline, shapes) in enumerate(zip(outlines, placed, strict=True)):
        name, note = printable(outline.name), printable(outline.note)
        gap = size * 0.4
        wide = pen.textlength(name, font=bold) + 2 * gap
        wide += pen.textlength(note, font=small) + gap if note else 0
        tall = size * 1.35
        others = [frame for k, frames in enumerate(fields) if k != number for frame in frames]
        place = _free((wide, tall), [c for shape in shapes for c in shape], flags + others, pen.im.size)
        flags.append(place)
        left, top, _, bottom = place
        colour = KINDS[outline.kind]
        pen.rounded_rectangle(place, size * 0.25, fill=(*colour, 235))
        middle = (top + bottom) / 2
        pen.text((left + gap, middle), name, _WHITE, bold, anchor="lm")
        if note:
            at = left + 2 * gap + pen.textlength(name, font=bold)
            pen.text((at, middle), note, (255, 255, 255, 205), small, anchor="lm")


def _free(
    size: tuple[float, float], corners: _Corners, taken: list[_Frame], whole: tuple[int, int]
) -> _Frame:
    """The place beside a field where a flag of a size covers least of what is taken."""
    wide, tall = size
    left, top, right, bottom = _frame(corners)
    first = min(corners, key=sum)  # of a field that slants, the upper left corner
    middle = (top + bottom - tall) / 2
    spots = [
        (first[0], first[1] - tall - 4),
        (left, top - tall - 4),
        (left, bottom + 4),
        (right + 4, middle),
        (right - wide, top - tall - 4),
        (right - wide, bottom + 4),
        (left - wide - 4, middle),
    ]
    places = []
    for wanted in spots:
        x = min(max(0.0, wanted[0]), whole[0] - wide)
        y = min(max(0.0, wanted[1]), whole[1] - tall)
        places.append((x, y, x + wide, y + tall))
    return min(places, key=lambda place: sum(_shared(place, other) for other in taken))


def _shared(one: _Frame, other: _Frame) -> float:
    """The area that two frames share."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    tall = min(one[3], other[3]) - max(one[1], other[1])
    return max(0.0, wide) * max(0.0, tall)
