"""A picture as text that stands inside a page or a JSON value, so that both are one file.

`data_uri` gives `data:image/png;base64,...`; `png` and `jpeg` give the base64 text alone.
"""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["data_uri", "jpeg", "png"]

_QUALITY = 85


def data_uri(pixels: NDArray[np.uint8], *, longest: int = 224) -> str:
    """Write a picture as a PNG inside a `data:` address.

    Args:
        pixels: `(h, w)` grey or `(h, w, 3)` RGB, uint8.
        longest: pixels; a larger picture is shrunk until its longer side has no more.

    Returns:
        The address; a browser needs nothing else to show it.
    """
    return "data:image/png;base64," + _base64(pixels, longest, "PNG", optimize=True)


def png(pixels: NDArray[np.uint8], *, longest: int) -> str:
    """Write a picture as a PNG in base64, quickly rather than small. Arguments as in `data_uri`."""
    return _base64(pixels, longest, "PNG", compress_level=1)


def jpeg(pixels: NDArray[np.uint8], *, longest: int) -> str:
    """Write a picture as a JPEG in base64. Arguments as in `data_uri`."""
    return _base64(pixels, longest, "JPEG", quality=_QUALITY)


def _base64(pixels: NDArray[np.uint8], longest: int, form: str, **how: int) -> str:
    image = Image.fromarray(pixels)
    image.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    image.save(buffer, form, **how)
    return base64.b64encode(buffer.getvalue()).decode("ascii")
