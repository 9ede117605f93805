"""Imported first, Keras starts without TensorFlow's notes on the console, on a backend that is there."""

from __future__ import annotations

import inkread
from inkread.runtime.backend import load_keras

try:
    load_keras("this example")
except inkread.InkreadError as error:  # Keras is not installed; the line says how to
    raise SystemExit(str(error)) from None
