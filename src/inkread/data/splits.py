"""Split samples so that what is measured was not learned: by writer where writers are known.

A random fifth of MNIST shares writers with the rest for 42 % of its pictures; a net that has seen a hand
reads it better than the next stranger's. So whole writers go to one side or the other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inkread.data import sources
from inkread.errors import DataError
from inkread.synth import hands

__all__ = ["Parts", "by_group", "mnist_train"]

NEIGHBOURS = 100


def by_group(groups: np.ndarray, share: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Hold whole groups back until a share of the samples is reached.

    Args:
        groups: `(n,)` integers, equal for samples that must stay together.
        share: of the samples to hold back, 0..1; met to within one group.
        rng: chooses the groups.

    Returns:
        Ascending positions of the kept samples and of the held-back ones; no group is on both sides.

    Raises:
        DataError: fewer than two groups, which cannot be split.

    Example:
        >>> kept, held = by_group(np.array([7, 7, 8, 8]), 0.5, np.random.default_rng(0))
        >>> len(kept), len(held)
        (2, 2)
    """
    names, sizes = np.unique(groups, return_counts=True)
    if len(names) < 2:
        raise DataError(
            f"all {len(groups)} samples are of {len(names)} group; at least 2 are needed to split by group"
        )
    order = rng.permutation(len(names))
    before = np.cumsum(sizes[order]) - sizes[order]
    chosen = names[order[: max(1, min(len(names) - 1, int((before < share * len(groups)).sum())))]]
    held = np.isin(groups, chosen)
    return np.flatnonzero(~held), np.flatnonzero(held)


@dataclass(frozen=True, slots=True)
class Parts:
    """Positions in MNIST's training part that share no writer (where writers are known).

    Attributes:
        train: to learn from.
        validation: to choose the best weights by.
        calibration: to fit confidences on.
        how: "by writer" or "by neighbourhood in the file".
    """

    train: np.ndarray
    validation: np.ndarray
    calibration: np.ndarray
    how: str


def mnist_train() -> Parts:
    """Split MNIST's training part by hand: one in seven is held back, the same that the simulator holds back.

    A hand is a writer where `INKREAD_DATA/mnist/writers.npz` is there, else a hundred neighbours in the file.
    The split depends on no seed, so that runs can share rendered pictures and be compared.

    Returns:
        The three parts; validation and calibration halve what is held back, again by hand.
    """
    writers = sources.mnist_writers("train")
    how = "by writer"
    if writers is None:
        writers, how = np.arange(len(sources.mnist("train")[1])) // NEIGHBOURS, "by neighbourhood in the file"
    away = np.isin(writers, [w for w in np.unique(writers) if hands.held_out(f"mnist-{w}")])
    held = np.flatnonzero(away)
    first, second = by_group(writers[held], 0.5, np.random.default_rng(539))
    return Parts(np.flatnonzero(~away), held[first], held[second], how)
