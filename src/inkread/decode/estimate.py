"""From lines of text to a character n-gram: counting, smoothing, pruning, and the file it is kept in.

`estimate` gives the arrays that `inkread.decode.ngram.NGram` opens, `save` writes them, the same bytes for
the same arrays. Of the smoothings, modified Kneser-Ney is the default and Witten-Bell the other
(tools/ngrams.py prints what each costs on text held out). What an n-gram gains over its shorter context,
summed over the text it was counted in, decides whether it is kept.

Sources: Witten and Bell, The zero-frequency problem, 1991; Chen and Goodman, An empirical study of smoothing
techniques for language modeling, 1998; Seymore and Rosenfeld, Scalable backoff language models, ICSLP 1996.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from inkread.errors import DataError, UsageError, nearest

__all__ = ["SMOOTHINGS", "Table", "count", "estimate", "save"]

SMOOTHINGS = ("kneser-ney", "witten-bell")
_LEVELS = 96  # 256 cost a fifth more bytes and gain less than 0.001 bits a character
_DEEPEST = np.array([-24.0, -12.0])  # the least log-probability and the least backoff that codes can say


@dataclass(frozen=True, slots=True)
class Table:
    """The n-grams of one length.

    Attributes:
        keys: uint64, sorted; a byte a character id, the last the lowest.
        counts: float64, how often each came.
        context: int64, the place of each one's first n - 1 characters in the table before.
        shorter: int64, the place of each one's last n - 1 characters in the table before.
    """

    keys: np.ndarray
    counts: np.ndarray
    context: np.ndarray
    shorter: np.ndarray


def count(lines: Sequence[str], characters: str, order: int) -> list[Table]:
    """Count the n-grams of lines; none reaches over the end of a line.

    Args:
        lines: text; the characters must all be in `characters`.
        characters: id k is `characters[k - 1]`; id 0 stands before the first and after the last of a line.
        order: the longest n-grams, 1 to 8.

    Returns:
        One table a length, the shortest first; the first has an entry for every id, seen or not.

    Raises:
        DataError: a character is not among the characters, or there are no lines.
    """
    ids = _ids(lines, characters)
    tables: list[Table] = []
    keys = np.zeros(len(ids), dtype=np.uint64)
    line_start = np.maximum.accumulate(np.where(ids == 0, np.arange(len(ids)), 0))
    reach = np.arange(len(ids)) - np.concatenate([[0], line_start[:-1]])
    for n in range(1, order + 1):
        keys[n - 1 :] |= ids[: len(ids) - n + 1].astype(np.uint64) << np.uint64(8 * (n - 1))
        inside = keys[n - 1 :][reach[n - 1 :] >= n - 1]  # what ends so near its line's start began before it
        found, times = np.unique(inside[n == 1 :], return_counts=True)  # nobody writes the very first end
        if n == 1:
            every = np.arange(len(characters) + 1, dtype=np.uint64)
            counts = np.zeros(len(every))
            counts[found.astype(np.int64)] = times
            nowhere = np.zeros(len(every), dtype=np.int64)
            tables.append(Table(every, counts, nowhere, nowhere))
            continue
        before = tables[-1].keys
        tail = found & np.uint64((1 << 8 * (n - 1)) - 1)
        tables.append(
            Table(
                found,
                times.astype(np.float64),
                np.searchsorted(before, found >> np.uint64(8)),
                np.searchsorted(before, tail),
            )
        )
    return tables


def estimate(
    tables: list[Table], characters: str, *, smoothing: str = "kneser-ney", least_gain: float = 0.0
) -> dict[str, np.ndarray]:
    """The n-gram of counted text.

    Args:
        tables: from `count`.
        characters: as given to it.
        smoothing: "kneser-ney" or "witten-bell".
        least_gain: in nats: an n-gram of three characters or more is kept if the counted text would be this
            much less likely without it, or if a longer one that is kept needs it.

    Returns:
        The arrays that `NGram` opens.

    Raises:
        UsageError: no such smoothing.
    """
    if smoothing not in SMOOTHINGS:
        raise UsageError(
            f"smoothing {smoothing!r} is not known{nearest(smoothing, list(SMOOTHINGS))}; "
            f"expected {' or '.join(SMOOTHINGS)}"
        )
    counts = _continuations(tables) if smoothing == "kneser-ney" else [t.counts for t in tables]
    shares, rests = _smooth(tables, counts, smoothing)
    kept = _prune(tables, shares, rests, least_gain)
    return _pack(tables, shares, kept, characters)


def save(arrays: dict[str, np.ndarray], path: Path) -> None:
    """Write arrays as a compressed .npz whose bytes depend on the arrays only (no times, fixed order)."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for name in sorted(arrays):
            member = io.BytesIO()
            np.lib.format.write_array(member, np.asarray(arrays[name], order="C"), version=(1, 0))
            info = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            file.writestr(info, member.getvalue())
    path.write_bytes(whole.getvalue())


def _ids(lines: Sequence[str], characters: str) -> np.ndarray:
    """`(n,)` int64: the lines' ids, 0 before the first and after each."""
    if not lines:
        raise DataError("no lines came; an n-gram needs text to count")
    text = "\n" + "\n".join(lines) + "\n"
    codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    known = np.array([ord(c) for c in "\n" + characters], dtype=np.uint32)
    order = np.argsort(known)
    place = np.minimum(np.searchsorted(known[order], codes), len(known) - 1)
    wrong = codes[known[order][place] != codes]
    if len(wrong):
        raise DataError(f"{chr(int(wrong[0]))!r} is not among the n-gram's characters; clean the text first")
    return order[place]


def _continuations(tables: list[Table]) -> list[np.ndarray]:
    """Kneser-Ney's counts: of shorter n-grams, in how many contexts they came, but at the start of a line."""
    found = []
    for n, table in enumerate(tables, start=1):
        if n == len(tables):
            found.append(table.counts)
            continue
        longer = tables[n]
        different = np.bincount(longer.shorter, minlength=len(table.keys)).astype(np.float64)
        starts = (table.keys >> np.uint64(8 * (n - 1))) == 0
        found.append(np.where(starts & (n > 1), table.counts, different))
    return found


def _smooth(
    tables: list[Table], counts: list[np.ndarray], smoothing: str
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Interpolated probabilities of all n-grams, and what each context leaves to its shorter one.

    Returns:
        For each length the probability of each n-gram's last character, and for each length but the longest
        the share that the n-gram, as a context, leaves to shorter contexts (1 where nothing follows it).
    """
    first = counts[0]
    types = float((first > 0).sum())
    shares = [(first + types / len(first)) / (first.sum() + types)]
    rests = []
    for n in range(1, len(tables)):
        table, here = tables[n], counts[n]
        size = len(tables[n - 1].keys)
        total = _sums(table.context, here, size)
        if smoothing == "witten-bell":
            own, left = here, _sums(table.context, np.ones(len(here)), size)
            total = total + left
        else:
            taken = _discounts(here)
            own, left = here - taken, _sums(table.context, taken, size)
        rest = np.where(total > 0, left / np.maximum(total, 1e-12), 1.0)
        rests.append(rest)
        shares.append(own / total[table.context] + rest[table.context] * shares[-1][table.shorter])
    return shares, rests


def _sums(places: np.ndarray, values: np.ndarray, size: int) -> np.ndarray:
    """`(size,)` float64: the sum of the values that go to each place."""
    return np.bincount(places, weights=values, minlength=size).astype(np.float64)


def _discounts(counts: np.ndarray) -> np.ndarray:
    """Modified Kneser-Ney: what is taken from counts of one, of two, and of three or more."""
    n1, n2, n3, n4 = (float(max((counts == k).sum(), 1)) for k in (1, 2, 3, 4))
    y = n1 / (n1 + 2 * n2)
    each = np.clip([1 - 2 * y * n2 / n1, 2 - 3 * y * n3 / n2, 3 - 4 * y * n4 / n3], 0.1, [0.95, 1.9, 2.8])
    return np.where(counts <= 0, 0.0, each[np.clip(counts, 1, 3).astype(np.int64) - 1])


def _prune(
    tables: list[Table], shares: list[np.ndarray], rests: list[np.ndarray], least_gain: float
) -> list[np.ndarray]:
    """For each length which n-grams stay: those that gain enough, and all that those rest on."""
    kept = [np.ones(len(t.keys), dtype=bool) for t in tables]
    for n in range(len(tables) - 1, 1, -1):
        table = tables[n]
        instead = rests[n - 1][table.context] * shares[n - 1][table.shorter]
        gain = table.counts * np.log(shares[n] / instead)
        kept[n] = gain >= least_gain
        if n + 1 < len(tables):
            longer = tables[n + 1]
            kept[n][longer.context[kept[n + 1]]] = True
            kept[n][longer.shorter[kept[n + 1]]] = True
    return kept


def _pack(
    tables: list[Table], shares: list[np.ndarray], kept: list[np.ndarray], characters: str
) -> dict[str, np.ndarray]:
    """The tree of what is kept, its numbers in a byte each."""
    levels = _DEEPEST[:, None] * np.linspace(0.0, 1.0, _LEVELS) ** 2  # finest where probabilities are large
    children: list[np.ndarray] = []
    backoff: list[np.ndarray] = []
    for n, table in enumerate(tables):
        stay = kept[n]
        size = 1 if n == 0 else len(tables[n - 1].keys)
        below = np.ones(len(table.keys)) if n == 0 else shares[n - 1][table.shorter]
        many = np.bincount(table.context[stay], minlength=size)
        own = np.bincount(table.context[stay], weights=shares[n][stay], minlength=size)
        same = np.bincount(table.context[stay], weights=below[stay], minlength=size)
        rest = np.maximum(1 - own, 1e-6) / np.maximum(1 - same, 1e-6) if n else np.ones(1)
        rest = np.where(many > 0, rest, 1.0)
        stays_above = np.ones(1, dtype=bool) if n == 0 else kept[n - 1]
        children.append(many[stays_above])
        backoff.append(np.minimum(np.log(rest[stays_above]), 0.0))
    log_p = np.concatenate([np.log(s[k]) for s, k in zip(shares, kept, strict=True)])
    ids = np.concatenate([(t.keys[k] & np.uint64(255)) for t, k in zip(tables, kept, strict=True)])
    return {
        "characters": np.array(characters),
        "order": np.array(len(tables)),
        "ids": ids.astype(np.uint8),
        "children": np.concatenate(children).astype(np.uint16),
        "log_p": _codes(log_p, _DEEPEST[0]),
        "backoff": _codes(np.concatenate(backoff), _DEEPEST[1]),
        "levels": levels.astype(np.float32),
    }


def _codes(logs: np.ndarray, deepest: float) -> np.ndarray:
    """The nearest code of each logarithm."""
    return np.rint((_LEVELS - 1) * np.sqrt(np.clip(logs / deepest, 0.0, 1.0))).astype(np.uint8)
