"""Single characters: 36 shapes, upper and lower case, and what a shape alone cannot tell.

A model of characters gives one logit a character of `CLASSES` and one for "no character", last. It tells 36
shapes apart; a second output of it, the case, splits each letter's shape in two, so that the shares of A and
a add up to that of their shape (`by_shape`). Once a mark has been brought to the one form that networks see,
its height is gone, and with it what tells C from c: `sized` brings it back where several marks stand in a
row. `restricted` holds the shares to a set of characters without hiding what the free winner was.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from inkread.errors import UsageError, nearest

__all__ = [
    "CASE_TWINS",
    "CHARSETS",
    "CLASSES",
    "DIGITS",
    "LOWER",
    "SHAPES",
    "UPPER",
    "alike",
    "allowed",
    "by_shape",
    "restricted",
    "sized",
]

DIGITS = "0123456789"
UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LOWER = "abcdefghijklmnopqrstuvwxyz"
CLASSES = DIGITS + UPPER + LOWER
"""All characters, in the order of their logits."""
SHAPES = DIGITS + UPPER
"""All shapes, in the order in which `by_shape` gives them; a letter's stands for both its cases."""
CHARSETS = {
    "digits": DIGITS,
    "upper": UPPER,
    "lower": LOWER,
    "letters": UPPER + LOWER,
    "alnum": CLASSES,
}
CASE_TWINS = "COPSUVWXZ"
"""Letters that are written alike in both cases but for their size."""
_SAME = ("0Oo", "1Il", *(c + c.lower() for c in CASE_TWINS if c != "O"))
"""Characters that many hands write in one way: nothing in the picture of one tells them apart."""
_HIGH = dict.fromkeys("acemnorsuvwxz", 0.62) | dict.fromkeys("gpqy", 0.92) | {"i": 0.9, "t": 0.9, "j": 1.2}
"""Height of a letter's ink beside that of a capital; all others are as high as a capital."""
_SPREAD = 0.2
"""Standard deviation, of a height's logarithm, from one letter of a hand to the next."""
_ROW = 3
"""Marks in a row from which on their heights tell their case."""


def allowed(charset: str) -> str:
    """The characters of a set.

    Args:
        charset: a key of `CHARSETS`.

    Raises:
        UsageError: no such set.
    """
    if charset not in CHARSETS:
        known = list(CHARSETS)
        raise UsageError(
            f"charset is {charset!r}; expected one of {', '.join(known)}{nearest(charset, known)}"
        )
    return CHARSETS[charset]


def alike(character: str) -> str:
    """The other characters that are often written just like this one; empty for most.

    Example:
        >>> alike("0"), alike("c"), alike("4")
        ('Oo', 'C', '')
    """
    return next((group.replace(character, "") for group in _SAME if character in group), "")


def by_shape(logits: np.ndarray) -> np.ndarray:
    """Logits of the shapes, both cases of a letter taken together.

    Args:
        logits: `(n, 63)`: one a character of `CLASSES`, then "no character".

    Returns:
        `(n, 37)` float32: one a shape of `SHAPES`, then "no character"; their softmax is the softmax of the
        characters, summed.
    """
    upper, lower = logits[:, 10:36], logits[:, 36:62]
    return np.concatenate([logits[:, :10], np.logaddexp(upper, lower), logits[:, 62:]], axis=1).astype(
        np.float32
    )


def sized(shares: np.ndarray, heights: Sequence[float]) -> np.ndarray:
    """Let the heights of marks in a row say which of them are capitals.

    The one height of a capital that explains all marks best is looked for; then each letter's share is
    divided anew between its two cases. What a shape's share is stays as it is.

    Args:
        shares: `(n, 63)` probabilities.
        heights: `(n,)` of the marks, in pixels.

    Returns:
        `(n, 63)`; the same where fewer than three marks came.
    """
    if len(shares) < _ROW:
        return shares
    tall = np.log(np.maximum(np.asarray(heights, np.float64), 1.0))
    typical = np.log([_HIGH.get(c, 1.0) for c in CLASSES])
    guesses = np.linspace(tall.min() - 0.1, tall.max() + 0.6, 60)
    fits = np.exp(-0.5 * ((tall[:, None, None] - guesses[:, None] - typical) / _SPREAD) ** 2) + 1e-3
    seen = (shares[:, None, :62] * fits).sum(axis=2) + shares[:, None, 62]
    best = int(np.log(np.maximum(seen, 1e-12)).sum(axis=0).argmax())
    weighed = shares[:, :62] * fits[:, best]
    told = shares.copy()
    both = shares[:, 10:36] + shares[:, 36:62]
    whole = np.maximum(weighed[:, 10:36] + weighed[:, 36:62], 1e-300)
    told[:, 10:36] = both * weighed[:, 10:36] / whole
    told[:, 36:62] = both * weighed[:, 36:62] / whole
    return told


def restricted(shares: np.ndarray, characters: str) -> tuple[np.ndarray, str]:
    """Hold one mark's shares to a set of characters.

    A character outside that is often written just like one inside (O like 0, c like C) gives its share to
    it: whoever names the set says which is meant. Where the free winner is inside, the others are left out
    and the rest shares their part. Where it is outside, nothing is repaired: the others' part counts as "no
    character", so that what is left keeps the confidence that it had.

    Args:
        shares: `(63,)` probabilities.
        characters: the set.

    Returns:
        `(63,)` probabilities, 0 outside the set; and the free winner where it is outside, "" where it is
        inside or where the mark likelier is no character at all.
    """
    inside = np.array([c in characters for c in CLASSES])
    told = np.array(shares, np.float64)
    for place in np.flatnonzero(~inside):
        same = [CLASSES.index(c) for c in alike(CLASSES[place]) if c in characters]
        if same:
            told[max(same, key=lambda k: told[k])] += told[place]
            told[place] = 0.0
    free = CLASSES[int(told[:62].argmax())]
    outside = np.where(inside, 0.0, told[:62])
    told[:62] -= outside
    if free in characters:
        return told / max(float(told.sum()), 1e-300), ""
    is_character = told[62] <= outside.max()
    told[62] += outside.sum()
    return told, free if is_character else ""
