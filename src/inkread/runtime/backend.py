"""Keras where it is needed: found, put on a backend that is there, and imported without a word.

TensorFlow's C++ half prints notes at start-up that heed no switch of its own; users of inkread see none.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from inkread.errors import ModelError

__all__ = ["BACKENDS", "load_keras", "quiet"]

BACKENDS = ("tensorflow", "jax", "torch")
"""What Keras can run on here, in the order of preference: TensorFlow alone can export to ONNX."""


def load_keras(what: str) -> Any:
    """Import Keras.

    Where neither `KERAS_BACKEND` nor Keras' own settings name a backend that is installed, the first of
    `BACKENDS` that is.

    Args:
        what: needs it, as the message begins, such as "mine.keras".

    Returns:
        The module `keras`.

    Raises:
        ModelError: Keras or the backend that was asked for is not installed.
    """
    if "keras" in sys.modules:
        return sys.modules["keras"]
    asked = os.environ.get("KERAS_BACKEND")
    if not asked and (found := _backend()):
        os.environ["KERAS_BACKEND"] = found
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        with quiet():
            keras: Any = import_module("keras")
            keras.ops.zeros(1)  # wakes the backend, which speaks only now
    except ImportError as error:
        if asked and find_spec("keras"):
            raise ModelError(
                f"{what} needs Keras on {asked}, as KERAS_BACKEND says, and {asked} is not installed; "
                f"set KERAS_BACKEND to one of {', '.join(BACKENDS)} that is, or run: pip install {asked}"
            ) from error
        raise ModelError(
            f"{what} needs Keras, which is not installed. Run: pip install '.[train]', or use an .onnx file"
        ) from error
    return keras


@contextmanager
def quiet() -> Iterator[None]:
    """Keep what libraries print to standard error off the console, Python and C++ alike.

    Their warnings say how Keras talks to its backend and to HDF5, which no user of inkread chose.
    """
    chatty = [logging.getLogger(name) for name in ("absl", "tensorflow", "tf2onnx")]
    levels = [logger.level for logger in chatty]
    console = None
    with suppress(OSError, ValueError, AttributeError):  # a closed or replaced standard error stays as it is
        sys.stderr.flush()
        console = os.dup(2)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)
    try:
        for logger in chatty:
            logger.setLevel(logging.ERROR)
        yield
    finally:
        for logger, level in zip(chatty, levels, strict=True):
            logger.setLevel(level)
        if console is not None:
            os.dup2(console, 2)
            os.close(console)


def _backend() -> str | None:
    """The backend of Keras' own settings if it is installed, else the first that is."""
    home = Path(os.environ.get("KERAS_HOME") or Path("~/.keras").expanduser())
    with suppress(OSError, ValueError, AttributeError):
        chosen = json.loads((home / "keras.json").read_text(encoding="utf-8")).get("backend")
        if chosen in BACKENDS and find_spec(chosen):
            return str(chosen)
    return next((name for name in BACKENDS if find_spec(name)), None)
