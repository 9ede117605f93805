"""Batches of varied lines for a CTC network: strips of about one width together, texts as classes.

Lines of several pools are mixed in fixed shares. A batch holds as many lines as its width leaves room for, so
that every batch costs about the same. Chance comes from (seed, epoch, batch) alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from inkread.alphabet import Alphabet
from inkread.data import varylines
from inkread.data.linesets import KEPT_HEIGHT, Strips
from inkread.data.supply import Chance, Pair
from inkread.imaging.strips import HEIGHT, STRIDE

__all__ = ["Mix", "batch_of", "fits", "frames", "packed", "padded"]

ROUND = 128
"""Widths of batches are multiples of this, and their lines as many as the width leaves room for: each new
shape costs a second, and memory."""
ROUND_LEAST = 32
"""The same, of batches that are only read."""
LEAST_LINES, MOST_LINES = 4, 48
GROUPS = 10
"""How many kinds of width there are."""
TRIES = 30
MARGIN = 24
"""Most paper left and right of a line, in pixels."""


@dataclass(frozen=True, slots=True)
class Mix:
    """What batches are made of.

    Attributes:
        pools: paths of `Strips`.
        shares: of each pool in a batch.
        alphabet: of the network.
        columns: pixels of width that a batch may take, all of its lines together.
        most: lines of a batch, at most.
        masked: share of the lines that have short stretches wiped out; 0 where every character must be read
            by itself.
    """

    pools: tuple[Path, ...]
    shares: tuple[float, ...]
    alphabet: Alphabet
    columns: int
    most: int = MOST_LINES
    masked: float = varylines.MASKED


@dataclass(frozen=True, slots=True, eq=False)
class _Sorted:
    """A pool with its lines by width."""

    strips: Strips
    order: np.ndarray
    widths: np.ndarray

    def near(self, width: float, rng: np.random.Generator) -> int:
        """A line of about that width."""
        at = int(np.searchsorted(self.widths, width))
        reach = max(8, len(self.order) // GROUPS // 2)
        low, high = max(0, at - reach), min(len(self.order), at + reach)
        return int(self.order[int(rng.integers(low, high))])


@lru_cache(maxsize=8)
def _opened(path: Path) -> _Sorted:
    strips = Strips.open(path)
    widths = np.diff(strips.ends)
    order = np.argsort(widths, kind="stable")
    return _Sorted(strips, order, widths[order])


def batch_of(mix: Mix, chance: Chance) -> Pair:
    """Make one batch of varied lines.

    Args:
        mix: what of.
        chance: what decides which, and how they vary.

    Returns:
        Strips `(n, HEIGHT, width, channels)` float32 and what `packed` makes of their texts.

    Raises:
        DataError: a pool is damaged.
    """
    rng = np.random.default_rng(chance)
    pools = [_opened(path) for path in mix.pools]
    shares = np.array(mix.shares) / sum(mix.shares)
    anchor = pools[int(rng.choice(len(pools), p=shares))]
    width = float(anchor.widths[int(rng.integers(len(anchor.widths)))])
    wide = -(-round(1.15 * width * HEIGHT / KEPT_HEIGHT) // ROUND) * ROUND
    count = int(np.clip(mix.columns // wide, LEAST_LINES, mix.most))
    strips: list[np.ndarray] = []
    texts: list[list[int]] = []
    for place in rng.choice(len(pools), size=count, p=shares):
        seen, text = _line(pools[int(place)], width, wide, mix, rng)
        strips.append(seen)
        texts.append(text)
    return padded(strips, ROUND), packed(texts, [frames(s.shape[1]) for s in strips])


def _line(
    pool: _Sorted, width: float, wide: int, mix: Mix, rng: np.random.Generator
) -> tuple[np.ndarray, list[int]]:
    """A varied line no wider than `wide`, and its classes, which its frames have room for."""
    for _ in range(TRIES):
        number = pool.near(width, rng)
        text = mix.alphabet.encode(pool.strips.texts[number])
        seen = varylines.vary(pool.strips[number], rng, mix.masked)
        if seen.shape[1] > wide or not fits(text, frames(seen.shape[1])):
            continue
        left, right = (int(v) for v in rng.integers(0, min(MARGIN, (wide - seen.shape[1]) // 2) + 1, 2))
        return np.pad(seen, ((0, 0), (left, right), (0, 0))[: seen.ndim]), text
    return np.zeros((HEIGHT, wide, *pool.strips.pixels.shape[2:]), np.float32), []


def frames(width: int) -> int:
    """Answers that a network gives for a strip of so many pixels."""
    return -(-width // STRIDE)


def fits(classes: Sequence[int], count: int) -> bool:
    """Whether a text can be told in so many frames: doubled characters need a blank in between."""
    doubled = sum(1 for a, b in zip(classes, classes[1:], strict=False) if a == b)
    return len(classes) + doubled <= count


def padded(strips: Sequence[np.ndarray], step: int = ROUND_LEAST) -> np.ndarray:
    """Strips as one array, what is missing being paper.

    Args:
        strips: each `(HEIGHT, width)` or `(HEIGHT, width, channels)`, of any widths.
        step: the array's width is a multiple of it.
    """
    width = -(-max(s.shape[1] for s in strips) // step) * step
    channels = strips[0].shape[2] if strips[0].ndim > 2 else 1
    batch = np.zeros((len(strips), HEIGHT, width, channels), np.float32)
    for row, seen in zip(batch, strips, strict=True):
        row[:, : seen.shape[1]] = seen.reshape(*seen.shape[:2], channels)
    return batch


def packed(texts: Sequence[Sequence[int]], counts: Sequence[int]) -> np.ndarray:
    """What a CTC loss needs to know, in one array, since Keras hands a loss no more than that.

    Args:
        texts: classes of each line.
        counts: frames of each line.

    Returns:
        int32 `(n, 1 + longest text)`: the frames, then the classes, 0 behind the end.
    """
    longest = max((len(text) for text in texts), default=0)
    told = np.zeros((len(texts), 1 + max(1, longest)), np.int32)
    for row, text, count in zip(told, texts, counts, strict=True):
        row[0] = count
        row[1 : 1 + len(text)] = text
    return told
