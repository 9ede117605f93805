"""Split samples so that what is measured was not learned: by writer where writers are known.

A random fifth of MNIST shares writers with the rest for 42 % of its pictures; a net that has seen a hand
reads it better than the next stranger's. So whole writers go to one side or the other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inkread.data import sources
from inkread.errors import DataError

__all__ = ["Parts", "by_group", "mnist_train", "stratified"]


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


def stratified(labels: np.ndarray, share: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Hold a share of every class back, for sets whose writers are unknown.

    Args:
        labels: `(n,)` integers.
        share: of each class to hold back, 0..1.
        rng: chooses the samples.

    Returns:
        Ascending positions of the kept samples and of the held-back ones.
    """
    held = np.zeros(len(labels), dtype=bool)
    for label in np.unique(labels):
        rows = rng.permutation(np.flatnonzero(labels == label))
        held[rows[: round(share * len(rows))]] = True
    return np.flatnonzero(~held), np.flatnonzero(held)


@dataclass(frozen=True, slots=True)
class Parts:
    """Positions in MNIST's training part that share no writer (where writers are known).

    Attributes:
        train: to learn from.
        validation: to choose the best weights by.
        calibration: to fit confidences on.
        how: "by writer" or "by class".
    """

    train: np.ndarray
    validation: np.ndarray
    calibration: np.ndarray
    how: str


def mnist_train(share: float) -> Parts:
    """Split MNIST's training part: by writer where `INKREAD_DATA/mnist/writers.npz` is there, else by class.

    The split does not depend on a run's seed, so that runs can share rendered pictures and be compared.

    Args:
        share: to hold back, half of it for validation and half for calibration, 0..1.

    Returns:
        The three parts.
    """
    rng = np.random.default_rng(539)
    writers = sources.mnist_writers("train")
    if writers is not None:
        train, held = by_group(writers, share, rng)
        first, second = by_group(writers[held], 0.5, rng)
        return Parts(train, held[first], held[second], "by writer")
    labels = sources.mnist("train")[1]
    train, held = stratified(labels, share, rng)
    first, second = stratified(labels[held], 0.5, rng)
    return Parts(train, held[first], held[second], "by class")
