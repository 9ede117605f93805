"""Which of Pillow's decoders may open a file: those of pictures that people have.

Pillow knows dozens more. Among them is PostScript, for which it starts Ghostscript on a stranger's program,
and formats whose decoders nobody has looked at for years.
"""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["opened"]

_FORMATS = "TIFF", "WEBP", "BMP", "GIF", "PPM", "JPEG2000", "AVIF", "HEIF"
"""By Pillow's names, besides PNG and JPEG; HEIF where its library has registered it."""
_MODULES = "Tiff", "WebP", "Bmp", "Gif", "Ppm", "Jpeg2K", "Avif"


def opened(content: bytes) -> Image:
    """Open a picture with what its first bytes ask for; Pillow would load all of its decoders to find out.

    Args:
        content: of a file.

    Raises:
        PIL.UnidentifiedImageError: it is of none of the formats.
        Exception: what Pillow's decoders raise on damaged files.
    """
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        from PIL.PngImagePlugin import PngImageFile

        return PngImageFile(BytesIO(content))
    if content.startswith(b"\xff\xd8\xff"):
        from PIL.JpegImagePlugin import jpeg_factory

        return jpeg_factory(BytesIO(content))
    from PIL import Image

    return Image.open(BytesIO(content), formats=_registered())


def _registered() -> list[str]:
    """The formats that this Pillow can open."""
    from PIL import Image

    for module in _MODULES:
        with suppress(ImportError):  # Pillow 11.2 has no AVIF
            import_module(f"PIL.{module}ImagePlugin")
    return [name for name in _FORMATS if name in Image.OPEN]
