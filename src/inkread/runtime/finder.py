"""The networks that find ink as functions: a prepared picture in, for each pixel how likely it is ink out."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from inkread.imaging.learned import Finder
from inkread.runtime import recognizer, shelf

__all__ = ["field_ink_finder", "ink_finder"]


@lru_cache(maxsize=1)
def ink_finder() -> Finder:
    """Open the finder of digits and signs that ships; once in a process.

    Returns:
        A function as `imaging.learned.find` takes it. Calls are thread-safe.

    Raises:
        ModelError: its file is damaged.
    """
    return _opened(shelf.FINDER)


@lru_cache(maxsize=1)
def field_ink_finder() -> Finder:
    """Open the finder of fields that ships; once in a process.

    Returns:
        A function as `imaging.learned.find_in_field` takes it. Calls are thread-safe.

    Raises:
        ModelError: its file is damaged.
    """
    return _opened(shelf.FIELD_FINDER)


def _opened(name: str) -> Finder:
    """A shipped finder."""
    session = recognizer.open_onnx(shelf.path(name))
    asked, answer = session.get_inputs()[0].name, session.get_outputs()[0].name

    def run(picture: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(session.run([answer], {asked: picture})[0][0, ..., 0], np.float32)

    return run
