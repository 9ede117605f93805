"""What was seen on the way from picture to text, as small pictures: the ink, and what the network was given.

Of digits also what the textbook way (the whole picture, grey, squeezed to 28 x 28, inverted) is given, and
what the tutorial's network makes of it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkread.outputs.inline import png
from inkread.types import Page

__all__ = ["looks"]

_INK = 800
"""Pixels of the ink's longer side."""
_STRIP = 2000
_MOST = 40
"""Marks or lines that are shown."""


def looks(page: Page, trace: Any) -> dict[str, Any]:
    """The pictures of one page.

    Args:
        page: what was read.
        trace: what `Reader.trace` gave beside it.

    Returns:
        "looks": a list of "title", "png" (base64) and "box" (of the user's picture; None for all of it); for
        digits also "textbook": "text", "confidence" and "png".
    """
    told: list[dict[str, Any]] = [{"title": "ink", "png": png(_grey(trace.ink), longest=_INK), "box": None}]
    for reading, seen in list(zip(page.readings, trace.seen, strict=False))[:_MOST]:
        given = getattr(seen, "normalized", None)
        title = "what the network gets"
        pixels = _white_on_black(given) if given is not None else _grey(seen.strip)
        box = reading.box.to_list() if reading.box else None
        told.append({"title": title, "png": png(pixels, longest=_STRIP), "box": box})
    values: dict[str, Any] = {"looks": told}
    if trace.kind == "digit":
        values["textbook"] = _textbook(trace.rgb)
    return values


def _grey(ink: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Dark ink on white paper."""
    return np.asarray(255 - 255 * np.clip(ink, 0, 1), np.uint8)


def _white_on_black(ink: NDArray[np.float32]) -> NDArray[np.uint8]:
    """As in MNIST, and as networks of single characters are given it."""
    return np.asarray(255 * np.clip(ink, 0, 1), np.uint8)


def _textbook(rgb: NDArray[np.uint8]) -> dict[str, Any]:
    from inkread.decode.confidence import probabilities
    from inkread.imaging.normalize import textbook

    recognizer = _textbook_network()
    pixels = textbook(rgb)
    shares = probabilities(recognizer.logits(pixels[None]), recognizer.metadata.calibration)[0]
    best = int(shares.argmax())
    return {
        "text": recognizer.metadata.classes[best],
        "confidence": round(float(shares[best]), 6),
        "png": png(_white_on_black(pixels[..., 0]), longest=28),
    }


@lru_cache(maxsize=1)
def _textbook_network() -> Any:
    from inkread.runtime.recognizer import load

    return load("textbook")
