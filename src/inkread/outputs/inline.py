"""A picture as text that stands inside a page: `data:image/png;base64,...`, so that a report is one file."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["data_uri"]


def data_uri(pixels: NDArray[np.uint8], *, longest: int = 224) -> str:
    """Write a picture as a PNG inside a `data:` address.

    Args:
        pixels: `(h, w)` grey or `(h, w, 3)` RGB, uint8.
        longest: pixels; a larger picture is shrunk until its longer side has no more.

    Returns:
        The address; a browser needs nothing else to show it.
    """
    image = Image.fromarray(pixels)
    image.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
