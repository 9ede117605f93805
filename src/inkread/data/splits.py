"""Split samples so that what is measured was not learned: by writer where writers are known.

A random fifth of MNIST shares writers with the rest for 42 % of its pictures; a net that has seen a hand
reads it better than the next stranger's. So whole writers go to one side or the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inkread.data import sources
from inkread.errors import DataError
from inkread.synth import hands

__all__ = ["Parts", "by_class", "by_group", "joined", "mnist_train"]

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


def by_class(
    labels: np.ndarray, units: np.ndarray, share: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Hold back a share of every class, in whole units, and leave something of every class to learn from.

    Args:
        labels: `(n,)` integers from 0.
        units: `(n,)` integers, equal for samples that must stay together.
        share: of every class to hold back, 0..1; at least one sample, where a unit can be spared.
        rng: chooses the units.

    Returns:
        Ascending positions of the kept samples and of the held-back ones; no unit is on both sides. Where no
        unit can be spared, nothing is held back.

    Example:
        >>> kept, held = by_class(np.array([0, 0, 0, 1, 1]), np.arange(5), 0.2, np.random.default_rng(0))
        >>> len(kept), len(held)
        (3, 2)
    """
    names, unit = np.unique(units, return_inverse=True)
    table = np.zeros((len(names), int(labels.max()) + 1), np.int64)
    np.add.at(table, (unit, labels), 1)
    left, held = table.sum(axis=0), np.zeros(table.shape[1], np.int64)
    goal = np.maximum(np.rint(share * left), 1)
    chosen = np.zeros(len(names), bool)
    order = rng.permutation(len(names))
    for label in np.argsort(left, kind="stable"):
        for generous in (False, True):
            if generous and held[label]:
                break
            most = np.inf if generous else 2 * goal[label]
            for one in order[table[order, label] > 0]:
                row = table[one]
                if held[label] >= goal[label]:
                    break
                if chosen[one] or held[label] + row[label] > most or ((left - row < 1) & (row > 0)).any():
                    continue
                chosen[one] = True
                left, held = left - row, held + row
    return np.flatnonzero(~chosen[unit]), np.flatnonzero(chosen[unit])


def joined(*names: Sequence[str]) -> np.ndarray:
    """Number what belongs together: samples that share a name in any of the lists, directly or by others.

    Args:
        names: lists of n names, such as the writers and the pictures' fingerprints.

    Returns:
        `(n,)` integers, equal for samples that belong together.

    Example:
        >>> joined(["ann", "ann", "bob", "eve"], ["a", "b", "b", "c"]).tolist()
        [0, 0, 0, 3]
    """
    parent = list(range(len(names[0])))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = place = parent[parent[place]]
        return place

    for column in names:
        first: dict[str, int] = {}
        for place, name in enumerate(column):
            one, other = sorted((root(first.setdefault(name, place)), root(place)))
            parent[other] = one
    return np.array([root(place) for place in range(len(parent))], np.int64)


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
