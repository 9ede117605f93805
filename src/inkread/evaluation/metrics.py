"""Figures of merit as pure functions: arrays and texts in, one number or an interval out.

Errors and accuracies are shares in 0..1; `right` is always one truth value an item, `confidence` one
calibrated probability an item.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

__all__ = [
    "area_under_risk_coverage",
    "bootstrap_interval",
    "bootstrap_rate",
    "character_error_rate",
    "edit_distance",
    "error_upper_bound",
    "expected_calibration_error",
    "word_error_rate",
]


def edit_distance(left: Sequence[str], right: Sequence[str]) -> int:
    """Count the insertions, deletions and substitutions that turn one sequence into another.

    Args:
        left: a text, or a list of words.
        right: the same.

    Source: V. Levenshtein, Soviet Physics Doklady 10(8), 1966; the two-row table of Wagner and Fischer, 1974.

    Example:
        >>> edit_distance("kitten", "sitting"), edit_distance("", "abc")
        (3, 3)
    """
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, start=1):
        diagonal, row[0] = row[0], i
        for j, b in enumerate(right, start=1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (a != b))
    return row[-1]


def character_error_rate(expected: Sequence[Sequence[str]], read: Sequence[Sequence[str]]) -> float | None:
    """Edits a character of the truth, over all items together; None where the truth holds no character.

    Above 1 where much is read that is not there.
    """
    length = sum(map(len, expected))
    return sum(map(edit_distance, expected, read)) / length if length else None


def word_error_rate(expected: Sequence[str], read: Sequence[str]) -> float | None:
    """Edits a word of the truth, words being what white space parts; None where the truth holds no word."""
    return character_error_rate([text.split() for text in expected], [text.split() for text in read])


def expected_calibration_error(confidence: np.ndarray, right: np.ndarray, *, bins: int = 15) -> float | None:
    """The mean distance between what was promised and what was kept, over bins of equal width.

    A perfectly calibrated reader of 249 items still shows about 0.012, of 1,000 about 0.006.

    Args:
        confidence: `(n,)`, 0..1.
        right: `(n,)` truth values.
        bins: how many bins part 0..1.

    Returns:
        A share in 0..1; None without items.

    Source: Guo et al., On Calibration of Modern Neural Networks, ICML 2017.
    """
    if not len(confidence):
        return None
    place = np.minimum((np.asarray(confidence) * bins).astype(int), bins - 1)
    promised = np.bincount(place, weights=confidence, minlength=bins)
    kept = np.bincount(place, weights=np.asarray(right, dtype=float), minlength=bins)
    return float(np.abs(promised - kept).sum() / len(confidence))


def area_under_risk_coverage(confidence: np.ndarray, right: np.ndarray) -> float | None:
    """The mean error among the surest k items, over every k: low where doubt falls on what is wrong.

    Items of the same confidence cannot be told apart: each counts with the error share of its group.

    Args:
        confidence: `(n,)`.
        right: `(n,)` truth values.

    Returns:
        A share in 0..1; None without items.

    Source: Geifman et al., Bias-Reduced Uncertainty Estimation for Deep Neural Classifiers, ICLR 2019.
    """
    if not len(confidence):
        return None
    _, group, size = np.unique(-np.asarray(confidence), return_inverse=True, return_counts=True)
    wrong = np.bincount(group, weights=1.0 - np.asarray(right, dtype=float)) / size
    in_order = np.repeat(wrong, size)
    return float((np.cumsum(in_order) / np.arange(1, len(in_order) + 1)).mean())


def error_upper_bound(wrong: int, n: int, *, level: float = 0.95) -> float:
    """The one-sided upper Clopper-Pearson bound of an error share.

    Args:
        wrong: errors seen.
        n: items looked at.
        level: how surely the true share lies at or below the bound.

    Returns:
        The share p at which `wrong` or fewer errors in `n` have the probability 1 - level; 1.0 without items.

    Source: Clopper and Pearson, Biometrika 26(4), 1934.

    Example:
        >>> round(error_upper_bound(0, 598), 4)
        0.005
    """
    if wrong >= n:
        return 1.0
    low, high = wrong / n, 1.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        if _at_most(wrong, n, middle) > 1 - level:
            low = middle
        else:
            high = middle
    return high


def _at_most(wrong: int, n: int, p: float) -> float:
    """Probability of `wrong` or fewer errors in `n` at an error share `p` between 0 and 1, both exclusive."""
    if not 0 < p < 1:
        return float(p <= 0)
    k = np.arange(wrong)
    steps = np.log((n - k) / (k + 1)) + np.log(p) - np.log1p(-p)
    logs = np.concatenate([[0.0], np.cumsum(steps)]) + n * np.log1p(-p)
    return float(np.exp(np.logaddexp.reduce(logs)))


def bootstrap_interval(
    right: np.ndarray, groups: Sequence[str] | None = None, *, draws: int = 2000, seed: int = 0
) -> tuple[float, float]:
    """The 95 % interval of an accuracy, drawn from the items again and again, or from whole writers.

    Where every item is right, or every item wrong, drawing again shows no spread at all; the exact bound of
    `error_upper_bound` takes the missing end's place.

    Args:
        right: `(n,)` truth values, n at least 1.
        groups: `(n,)` writers; their items stand or fall together. None where writers are not known.
        draws: how many times to draw.
        seed: of the draws.

    Returns:
        (low, high), shares in 0..1.

    Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapters 13 and 17.
    """
    right = np.asarray(right, dtype=float)
    n = len(right)
    if right.all():
        return 1 - error_upper_bound(0, n, level=0.975), 1.0
    if not right.any():
        return 0.0, error_upper_bound(0, n, level=0.975)
    rng = np.random.default_rng(seed)
    if groups is None:
        shares = rng.binomial(n, right.mean(), size=draws) / n
    else:
        shares = _draw_groups(right, groups, draws, rng)
    low, high = np.percentile(shares, [2.5, 97.5])
    return float(low), float(high)


def bootstrap_rate(
    errors: Sequence[int],
    sizes: Sequence[int],
    groups: Sequence[str] | None = None,
    *,
    draws: int = 2000,
    seed: int = 0,
) -> tuple[float, float] | None:
    """The 95 % interval of a rate such as the CER: errors of all items over the sizes of all items.

    Args:
        errors: `(n,)`, such as edits.
        sizes: `(n,)`, such as characters of the truth.
        groups: `(n,)` writers, drawn whole; None draws items.
        draws: how many times to draw.
        seed: of the draws.

    Returns:
        (low, high); None where the sizes sum to nothing.

    Source: Bisani and Ney, Bootstrap estimates for confidence intervals in ASR evaluation, ICASSP 2004.
    """
    if not sum(sizes):
        return None
    names = [str(i) for i in range(len(sizes))] if groups is None else list(groups)
    _, group = np.unique(np.asarray(names), return_inverse=True)
    wrong, whole = np.bincount(group, weights=errors), np.bincount(group, weights=sizes)
    drawn = np.random.default_rng(seed).integers(len(whole), size=(draws, len(whole)))
    rates = wrong[drawn].sum(1) / np.maximum(whole[drawn].sum(1), 1)
    low, high = np.percentile(rates, [2.5, 97.5])
    return float(low), float(high)


def _draw_groups(
    right: np.ndarray, groups: Sequence[str], draws: int, rng: np.random.Generator
) -> np.ndarray:
    """Accuracies of sets that are made of whole groups drawn with return."""
    _, group = np.unique(np.asarray(groups), return_inverse=True)
    hits, sizes = np.bincount(group, weights=right), np.bincount(group)
    shares = np.empty(draws)
    for i in range(draws):
        drawn = rng.integers(len(sizes), size=len(sizes))
        shares[i] = hits[drawn].sum() / sizes[drawn].sum()
    return shares
