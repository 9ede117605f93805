"""Handwriting fonts: which there are, and their glyphs as masks."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from inkread.errors import DataError
from inkread.synth import pens

__all__ = ["UNREADABLE", "found", "glyph"]

UNREADABLE = frozenset(
    {
        "babylonica",
        "explora",
        "gwendolyn",
        "herr-von-muellerhoff",
        "inspiration",
        "island-moments",
        "league-script",
        "love-light",
        "mea-culpa",
        "meie-script",
        "miss-fajardose",
        "monsieur-la-doulaise",
        "mr-bedfort",
        "mr-de-haviland",
        "parisienne",
        "passions-conflict",
        "pinyon-script",
        "puppies-play",
        "rouge-script",
        "ruge-boogie",
        "ruthie",
        "send-flowers",
        "stalemate",
        "twinkle-star",
        "windsong",
    }
)
"""Fonts of the data folder whose digits are ornaments, or too faint to be read (looked at one by one)."""


def found(data_root: Path) -> list[Path]:
    """The handwriting fonts whose digits can be read, sorted by name; empty where there is no `fonts/ttf`."""
    return [
        path for path in sorted((data_root / "fonts" / "ttf").glob("*.ttf")) if path.stem not in UNREADABLE
    ]


def glyph(path: Path, text: str, height_px: int) -> np.ndarray:
    """Draw a text with a font, scaled so that its ink is about `height_px` high.

    Args:
        path: a TrueType font.
        text: one or a few characters.
        height_px: wanted height of the ink.

    Returns:
        The mask; empty ink gives a mask of zeros.

    Raises:
        DataError: the font cannot be read.
    """
    from PIL import Image, ImageDraw, ImageFont

    try:
        font = ImageFont.truetype(str(path), 100)
        left, top, right, bottom = font.getbbox(text)
        size = int(np.clip(100 * height_px / max(bottom - top, 12), 20, 400))
        font = font.font_variant(size=size)
        left, top, right, bottom = font.getbbox(text)
    except OSError as error:
        raise DataError(f"the font {path} cannot be read ({error}); fetch it again") from error
    canvas = Image.new("L", (max(4, int(right - left) + 8), max(4, int(bottom - top) + 8)), 0)
    ImageDraw.Draw(canvas).text((4 - left, 4 - top), text, font=font, fill=255)
    return pens.trim(np.asarray(canvas, np.float32) / 255)
