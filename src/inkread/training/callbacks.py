"""What a run says while it runs: on a terminal a bar with the time left, in a log one line an epoch.

And what must be noticed while it runs: a loss that is no number any more.
"""

from __future__ import annotations

import math
import sys
import time
from typing import Any, TextIO

import keras

from inkread.outputs.table import one_line

__all__ = ["Progress"]

WIDTH = 24
"""Characters of the bar."""


class Progress(keras.callbacks.Callback):
    """Tells how far a run is, on stderr; stdout stays free for data.

    Args:
        stream: where to write; stderr where None.
        silent: say nothing at all.
    """

    def __init__(self, stream: TextIO | None = None, *, silent: bool = False) -> None:
        super().__init__()
        self._stream = stream or sys.stderr
        self._silent = silent
        self._live = not silent and self._stream.isatty()
        self.epoch = 0
        self._epochs = self._steps = 1
        self._first: tuple[float, int] | None = None
        self._shown = 0.0

    def begin(self, epochs: int, steps: int) -> None:
        """Learn how long the run is."""
        self._epochs, self._steps, self._first = epochs, steps, None

    def say(self, text: str) -> None:
        """One line of news; a class's name cannot break it, or steer the terminal."""
        if self._silent:
            return
        if self._live:
            self._stream.write("\r\x1b[K")
        self._stream.write(f"{one_line(text)}\n")
        self._stream.flush()

    def told(self, figures: dict[str, float]) -> None:
        """The figures of a finished epoch, in one line with the time left."""
        words = [f"{k.replace('_', ' ')} {v:.4f}" for k, v in figures.items() if k not in ("epoch", "score")]
        left = self._left((self.epoch + 1) * self._steps)
        tail = f", {left} left" if left and self.epoch + 1 < self._epochs else ""
        self.say(f"epoch {self.epoch + 1}/{self._epochs}: {', '.join(words)}{tail}")

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Stop where the loss is lost; redraw the bar on a terminal, at most four times a second."""
        done = self.epoch * self._steps + batch + 1
        loss = float(logs["loss"]) if logs and "loss" in logs else 0.0
        if not math.isfinite(loss):
            self.model.stop_training = True
        now = time.monotonic()
        if self._first is None:
            self._first = (now, done)
        if not self._live or now - self._shown < 0.25:
            return
        self._shown = now
        left = self._left(done)
        tail = f", {left} left" if left else ""
        filled = WIDTH * (batch + 1) // self._steps
        bar = "#" * filled + "." * (WIDTH - filled)
        self._stream.write(f"\r\x1b[Kepoch {self.epoch + 1}/{self._epochs} [{bar}] loss {loss:.3f}{tail}")
        self._stream.flush()

    def _left(self, done: int) -> str:
        """Time left at the pace so far; empty before there is a pace."""
        if self._first is None or done <= self._first[1]:
            return ""
        pace = (time.monotonic() - self._first[0]) / (done - self._first[1])
        seconds = round(pace * (self._epochs * self._steps - done))
        return f"{seconds // 60} min {seconds % 60:02} s" if seconds >= 60 else f"{seconds} s"
