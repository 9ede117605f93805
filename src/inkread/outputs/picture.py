"""Readings drawn over their picture: a box each, in the colour of its status, with the text on a flag.

Boxes are in pixels of the picture; lines and letters grow with it, so that a 16-pixel drawing and a
12-megapixel photo are both legible.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import combining, normalize

from PIL import Image, ImageDraw, ImageFont, ImageOps

from inkread.errors import UsageError
from inkread.outputs.atomic import replacing
from inkread.outputs.numbering import page_by_page
from inkread.outputs.table import one_line
from inkread.types import Box, Page, Reading

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "ADVICE",
    "STATUS_COLOURS",
    "annotate",
    "drawn",
    "font",
    "printable",
    "save_png",
    "show_page",
    "upright",
    "write_png",
]

Colour = tuple[int, int, int]

STATUS_COLOURS: dict[str, Colour] = {
    "accepted": (28, 138, 84),
    "review": (200, 122, 12),
    "refused": (196, 52, 52),
    "failed": (120, 120, 120),
}
ADVICE = "Save it as a file and read that; `inkread read SOURCE -o out.png` draws while it reads"
"""What to do about a picture that cannot be opened again."""
_WHITE = (255, 255, 255)
_SMALLEST = 480
"""Smaller pictures are enlarged to about this many pixels on their longer side, then drawn on."""


def annotate(rgb: NDArray[np.uint8], readings: Sequence[Reading], boxes: Sequence[Box | None]) -> Image.Image:
    """Draw readings over a picture.

    Args:
        rgb: `(height, width, 3)`.
        readings: what was read.
        boxes: where, in pixels of `rgb`; None draws nothing.

    Returns:
        A picture of the same size, or an enlarged one where the picture is smaller than 480 pixels.
    """
    return drawn(Image.fromarray(rgb), readings, boxes)


def drawn(image: Image.Image, readings: Sequence[Reading], boxes: Sequence[Box | None]) -> Image.Image:
    """Draw readings over a Pillow image; see `annotate`. The image itself stays as it is."""
    scale = max(1.0, _SMALLEST / max(image.size))
    if scale > 1:
        scale = float(round(scale)) if scale > 2 else scale
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        image = image.resize(size, Image.Resampling.NEAREST if scale > 2 else Image.Resampling.BICUBIC)
    image = image.convert("RGB").copy()
    draw = ImageDraw.Draw(image)
    line = max(2, round(max(image.size) / 320))
    for reading, box in zip(readings, boxes, strict=True):
        if box is None or not reading.alternatives:
            continue
        colour = STATUS_COLOURS[reading.status]
        frame = _around(box, scale, line, image.size)
        draw.rounded_rectangle(frame, 2 * line, outline=colour, width=line)
        _flag(draw, frame, reading.text or "?", colour)
    return image


def _around(box: Box, scale: float, line: int, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """A frame a little outside of the box, inside the picture."""
    left, top, right, bottom = (round(v * scale) for v in box.to_list())
    pad = 2 * line
    left, top = max(0, left - pad), max(0, top - pad)
    right, bottom = min(size[0] - 1, right + pad), min(size[1] - 1, bottom + pad)
    return left, top, max(right, left + 1), max(bottom, top + 1)


def _flag(draw: ImageDraw.ImageDraw, frame: tuple[int, int, int, int], text: str, colour: Colour) -> None:
    """Write a text on a flag at the upper left corner of a frame: above it, else beside it."""
    line = max(2, round(max(draw.im.size) / 320))
    size = max(12, min(round((frame[3] - frame[1]) * 0.3), 9 * line))
    face = font(size)
    wide, tall = round(draw.textlength(text, font=face)) + 2 * line + size // 3, round(size * 1.25)
    left, top = min(frame[0], draw.im.size[0] - wide), frame[1] - tall
    if top < 0:
        beside = frame[2] if frame[2] + wide <= draw.im.size[0] else frame[0] - wide
        left, top = (beside, frame[1]) if beside >= 0 else (frame[0], 0)
    left = max(0, left)
    draw.rounded_rectangle((left, top, left + wide, top + tall), 2 * line, fill=colour)
    draw.text((left + wide / 2, top + tall / 2), text, _WHITE, face, anchor="mm")


@lru_cache(maxsize=64)
def font(size: int) -> Any:
    """Pillow's own face in a size in pixels, the same on every machine."""
    return ImageFont.load_default(size)


def printable(text: str) -> str:
    """A text as Pillow's own face can draw it: on one line, without accents, other scripts as `?`."""
    plain = "".join(c for c in normalize("NFKD", one_line(text)) if not combining(c))
    return plain.encode("ascii", "replace").decode()


def save_png(image: Image.Image, path: Path) -> Path:
    """Write a picture, whole or not at all.

    Raises:
        InkreadError: the file cannot be written.
    """
    with replacing(path) as new, new.open("wb") as file:
        image.save(file, "PNG", compress_level=6)
    return path


def write_png(pages: Iterable[Page], path: Path) -> Path:
    """Draw each page's readings over its picture, opened again; sources that failed are left out.

    Returns:
        The first file written; of several pages they are numbered.

    Raises:
        UsageError: no page has a picture, or one cannot be opened again.
    """
    return page_by_page(pages, path, _write)


def _write(page: Page, path: Path) -> None:
    save_png(drawn(upright(page), page.readings, [r.box for r in page]), path)


def upright(page: Page) -> Image.Image:
    """Open the picture of a page again, upright, without transparency.

    Raises:
        UsageError: it is not in a file, or in one that Pillow alone cannot open.
    """
    try:
        _know_heif(page.source)
        with Image.open(page.source) as image:
            if page.page > 1:
                image.seek(page.page - 1)
            turned = ImageOps.exif_transpose(image)
            if turned.mode.startswith("I"):
                turned = turned.point(lambda value: value / 256).convert("L")
            return _on_white(turned)
    except (OSError, ValueError, EOFError, Image.DecompressionBombError) as error:
        raise UsageError(
            f"the picture of {page.source} cannot be opened again: it is gone, came from memory, or is no "
            f"common picture file. {ADVICE}"
        ) from error


def _know_heif(source: str) -> None:
    """Let Pillow open HEIC, where the extra is installed; it was read so, maybe by another process."""
    if source.lower().endswith((".heic", ".heif")):
        with suppress(ImportError):
            import pillow_heif

            pillow_heif.register_heif_opener()


def _on_white(image: Image.Image) -> Image.Image:
    """Without transparency, as a viewer shows it."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, (255, 255, 255, 255))
        return Image.alpha_composite(paper, image).convert("RGB")
    return image.convert("RGB")


def show_page(page: Page) -> None:
    """Show the picture with its readings: in a notebook inline, else in the system's viewer.

    Raises:
        UsageError: the picture is no longer there.
    """
    image = drawn(upright(page), page.readings, [r.box for r in page])
    notebook = sys.modules.get("IPython")
    if notebook is not None and notebook.get_ipython() is not None:
        with suppress(ImportError):
            from IPython.display import display

            display(image)
            return
    image.show(title=printable(page.source))
