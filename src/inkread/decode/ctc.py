"""Connectionist temporal classification, read backwards: what a line's logits say, and how sure they are.

Logits are `(frames, classes)`, before softmax; class 0 is the blank, class k the k-th character of an
alphabet. A text's probability is summed over all ways to spread it over the frames, so that the probabilities
of all texts sum to 1: `log_probability` is that sum, exactly. `greedy` is the quickest reading, `align` says
in which frames each character of a text lies. Logarithms are natural.

Source: Graves et al., Connectionist temporal classification, ICML 2006.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inkread.alphabet import BLANK, Alphabet
from inkread.errors import ModelError, UsageError

__all__ = [
    "Hypothesis",
    "Span",
    "align",
    "check",
    "greedy",
    "likeliest_path",
    "log_probabilities",
    "log_probability",
    "log_softmax",
    "summed",
]

_UNDERFLOW = -600.0
"""Below this logarithm a sum of plain float64 probabilities has lost terms that count (they end at -708)."""


@dataclass(frozen=True, slots=True)
class Span:
    """Where a character lies.

    Attributes:
        first: its first frame.
        end: the frame after its last.
        confidence: the largest softmax probability that one of these frames gives the character, 0..1; raw,
            to be calibrated.
    """

    first: int
    end: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One way to read a line.

    Attributes:
        text: what is read; empty where nothing is.
        log_probability: exact CTC log-probability of the text, at most 0.
        score: what hypotheses are ranked by: `log_probability`, and what a language adds to it.
        spans: one a character, in order; empty for hypotheses that are not the best.
    """

    text: str
    log_probability: float
    score: float
    spans: tuple[Span, ...] = ()


def log_softmax(logits: np.ndarray) -> np.ndarray:
    """Log-probabilities of the classes in each frame.

    Args:
        logits: `(frames, classes)`, at least one class.

    Returns:
        `(frames, classes)` float64; the exponentials of a row sum to 1.

    Raises:
        ModelError: another shape, or numbers that are none.
    """
    logits = np.asarray(logits, dtype=np.float64)
    if logits.ndim != 2 or not logits.shape[1]:
        raise ModelError(f"logits of shape {logits.shape} came; expected (frames, classes) of one line")
    if not np.isfinite(logits).all():
        raise ModelError(
            "the logits hold numbers that are none (nan or infinite); the model's weights are broken"
        )
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def check(logits: np.ndarray, alphabet: Alphabet) -> None:
    """Say so where the last axis of logits is not the alphabet's classes.

    Raises:
        ModelError: the classes do not fit.
    """
    if np.ndim(logits) != 2 or np.shape(logits)[1] != alphabet.size:
        raise ModelError(
            f"logits of shape {np.shape(logits)} do not fit an alphabet of {len(alphabet.characters)} "
            f"characters: expected (frames, {alphabet.size}), a class for each and the blank; network and "
            "alphabet must come from the same model"
        )


def greedy(logits: np.ndarray, alphabet: Alphabet) -> Hypothesis:
    """Take the best class of every frame, merge repetitions, drop blanks.

    Args:
        logits: `(frames, classes)`.
        alphabet: of the model.

    Returns:
        The reading, with its text's exact log-probability; spans are the frames in which each character won.

    Raises:
        ModelError: the logits do not fit the alphabet.

    Example:
        >>> frames = 9.0 * np.eye(3)[[1, 1, 0, 1, 2]]  # a a - a b
        >>> greedy(frames, Alphabet("ab")).text
        'aab'
    """
    check(logits, alphabet)
    shares = log_softmax(logits)
    classes, spans = likeliest_path(shares)
    total = float(summed(shares, [classes])[0])
    return Hypothesis(alphabet.decode(classes), total, total, spans)


def likeliest_path(shares: np.ndarray) -> tuple[tuple[int, ...], tuple[Span, ...]]:
    """The text of the likeliest path, which need not be the likeliest text.

    Args:
        shares: `(frames, classes)`, as `log_softmax` gives them.

    Returns:
        The classes of its characters, and where each lies: for this text what `align` tells.
    """
    path = shares.argmax(axis=1).tolist()
    kept, begun = [], 0
    for t, k in enumerate(path):
        if k != path[begun]:
            kept.append((path[begun], begun, t))
            begun = t
    if path:
        kept.append((path[begun], begun, len(path)))
    kept = [run for run in kept if run[0] != BLANK]
    spans = tuple(Span(a, b, float(np.exp(shares[a:b, k].max()))) for k, a, b in kept)
    return tuple(k for k, _, _ in kept), spans


def log_probability(logits: np.ndarray, classes: Sequence[int]) -> float:
    """The exact log-probability of one text.

    Args:
        logits: `(frames, classes)`.
        classes: of the text's characters, no blank among them; empty for the empty text.

    Returns:
        At most 0; minus infinity where the frames are too few for the text.

    Raises:
        UsageError: a class is the blank or not among the logits' classes.

    Example:
        >>> round(float(np.exp(log_probability(np.zeros((2, 2)), [1]))), 6)  # a-, -a, aa of four paths
        0.75
    """
    return float(log_probabilities(logits, [classes])[0])


def log_probabilities(logits: np.ndarray, texts: Sequence[Sequence[int]]) -> np.ndarray:
    """The exact log-probabilities of several texts over the same logits, in one pass.

    Args:
        logits: `(frames, classes)`.
        texts: the classes of each text's characters.

    Returns:
        `(texts,)` float64, each as `log_probability` gives it.

    Raises:
        UsageError: a class is the blank or not among the logits' classes.
    """
    shares = log_softmax(logits)
    for classes in texts:
        _known(classes, shares.shape[1])
    return summed(shares, texts)


def align(logits: np.ndarray, classes: Sequence[int]) -> list[Span]:
    """Where each character of a text lies, on the most probable of all paths that spell it.

    Args:
        logits: `(frames, classes)`.
        classes: of the text's characters, no blank among them.

    Returns:
        One Span a character, from left to right; they do not overlap.

    Raises:
        UsageError: the frames are too few for the text (one a character, and a blank between two equal ones),
            or a class is the blank or unknown.

    Example:
        >>> [(s.first, s.end) for s in align(9.0 * np.eye(2)[[0, 1, 1, 0, 1]], [1, 1])]
        [(1, 3), (4, 5)]
    """
    shares = log_softmax(logits)
    _known(classes, shares.shape[1])
    needed = len(classes) + sum(a == b for a, b in zip(classes, classes[1:], strict=False))
    if needed > len(shares):
        raise UsageError(
            f"a text that needs {needed} frames came with {len(shares)}; align it with its own line"
        )
    if not len(classes):
        return []
    states = _best_path(shares, classes)
    spans = []
    for i, k in enumerate(classes):
        first = states.index(2 * i + 1)
        end = first + states.count(2 * i + 1)
        spans.append(Span(first, end, float(np.exp(shares[first:end, k].max()))))
    return spans


def _known(classes: Sequence[int], size: int) -> None:
    """Raise UsageError for a class that is the blank or not one of the logits' classes."""
    wrong = [k for k in classes if not BLANK < k < size]
    if wrong:
        raise UsageError(
            f"class {wrong[0]} is no character; expected 1 to {size - 1}, as Alphabet.encode gives"
        )


def _lattice(texts: Sequence[Sequence[int]]) -> tuple[np.ndarray, np.ndarray]:
    """The states of each text: a blank before, between and after its characters.

    Returns:
        `(texts, states)` int64, the class of each state, and bool, whether a path may skip the blank before
        it; shorter texts are padded with blanks that lead to nothing.
    """
    states = np.full((len(texts), 2 * max(map(len, texts)) + 1), BLANK)
    for row, classes in zip(states, texts, strict=True):
        row[1 : 2 * len(classes) : 2] = classes
    skip = np.zeros(states.shape, dtype=bool)
    skip[:, 3::2] = states[:, 3::2] != states[:, 1:-2:2]
    return states, skip


def summed(shares: np.ndarray, texts: Sequence[Sequence[int]]) -> np.ndarray:
    """`log_probabilities` where the shares of the frames are known already and the texts are known to fit.

    Plain numbers are summed first, logarithms for what lies below their range.

    Args:
        shares: `(frames, classes)`, as `log_softmax` gives them.
        texts: as for `log_probabilities`.
    """
    if not len(texts):
        return np.zeros(0)
    if not len(shares):
        return np.where([len(classes) == 0 for classes in texts], 0.0, -np.inf)
    found = _forward_plain(shares, texts)
    small = np.flatnonzero(found < _UNDERFLOW).tolist()
    if small:
        found[small] = _forward_log(shares, [texts[i] for i in small])
    return np.minimum(found, 0.0)  # one part in 1e16 above 1 is rounding


def _forward_plain(shares: np.ndarray, texts: Sequence[Sequence[int]]) -> np.ndarray:
    """The forward sum in plain float64: what it drops is below 1e-308, nothing to a result above e^-600."""
    states, skip = _lattice(texts)
    emitted = np.exp(shares).take(
        states.T, axis=1
    )  # (frames, states, texts): shifts of states are whole rows
    jumps = skip.T.astype(np.float64)
    room = np.zeros((len(jumps) + 2, len(texts)))  # two states that nothing is in, to shift from
    jumped, stepped, now = room[:-2], room[1:-1], room[2:]
    added, leapt = np.empty(jumps.shape), np.empty(jumps.shape)
    now[:2] = emitted[0, :2]
    for frame in emitted[1:]:
        np.multiply(jumped, jumps, leapt)
        np.add(now, stepped, added)
        np.add(added, leapt, added)
        np.multiply(added, frame, now)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(_ends(now.T, texts, 0.0).sum(axis=0)))


def _forward_log(shares: np.ndarray, texts: Sequence[Sequence[int]]) -> np.ndarray:
    """The forward sum in logarithms."""
    states, skip = _lattice(texts)
    barred = np.where(skip, 0.0, -np.inf)
    emitted = shares[:, states]
    now = np.full(states.shape, -np.inf)
    now[:, :2] = emitted[0, :, :2]
    for frame in emitted[1:]:
        later = now.copy()
        np.logaddexp(later[:, 1:], now[:, :-1], out=later[:, 1:])
        np.logaddexp(later[:, 2:], now[:, :-2] + barred[:, 2:], out=later[:, 2:])
        now = later + frame
    return np.logaddexp(*_ends(now, texts, -np.inf))


def _ends(now: np.ndarray, texts: Sequence[Sequence[int]], nothing: float) -> np.ndarray:
    """`(2, texts)`: each text's last blank, and its last character or `nothing` for the empty text."""
    rows, last = np.arange(len(texts)), np.array([2 * len(classes) for classes in texts])
    return np.stack([now[rows, last], np.where(last > 0, now[rows, last - 1], nothing)])


def _best_path(shares: np.ndarray, classes: Sequence[int]) -> list[int]:
    """The state of the lattice in each frame of the best path that spells the classes."""
    states, skip = _lattice([classes])
    emitted = shares.take(states[0], axis=1)
    count = states.shape[1]
    barred = np.where(skip[0], 0.0, -np.inf)
    room = np.full((len(emitted), count + 2), -np.inf)  # the best of each frame, behind two empty states
    room[0, 2:4] = emitted[0, :2]
    best, leapt = np.empty(count), np.empty(count)
    for before, now, frame in zip(room, room[1:], emitted[1:], strict=False):
        np.add(before[:-2], barred, out=leapt)
        np.maximum(before[2:], before[1:-1], out=best)
        np.maximum(best, leapt, out=best)
        np.add(best, frame, out=now[2:])
    came = room.tolist()
    free = [False, False, *skip[0].tolist()]
    at = count + 1 if came[-1][count + 1] >= came[-1][count] else count
    path = [at - 2]
    for before in came[-2::-1]:
        if free[at] and before[at - 2] > max(before[at - 1], before[at]):
            at -= 2
        elif before[at - 1] > before[at]:
            at -= 1
        path.append(at - 2)
    return path[::-1]
