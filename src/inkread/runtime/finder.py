"""The networks that find ink as functions: a prepared picture in, for each pixel how likely it is ink out."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from inkread.imaging.learned import Finder
from inkread.runtime import recognizer, shelf

__all__ = ["ink_finder"]


@lru_cache(maxsize=2)
def ink_finder(model: str = shelf.FINDER) -> Finder:
    """Open a finder that ships; once in a process.

    Args:
        model: `shelf.FINDER`, of signs, or `shelf.FIELD_FINDER`, of fields.

    Returns:
        A function as `imaging.learned.find` takes it, or `find_in_field`. Calls are thread-safe.

    Raises:
        ModelError: its file is damaged.
    """
    session = recognizer.open_onnx(shelf.path(model))
    asked, answer = session.get_inputs()[0].name, session.get_outputs()[0].name

    def run(picture: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(session.run([answer], {asked: picture})[0][0, ..., 0], np.float32)

    return run
