"""From what a network gives to texts one can compare, in Keras' own operations, so on any backend.

A text is a row of class numbers, -1 (`FILL`) behind its last character. `n` is the batch, `length` and
`steps` how many characters the truth and the network's answer have room for, `classes` how many there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from keras import ops

from inkread.errors import UsageError

__all__ = ["FILL", "Texts", "edits", "log_odds", "same"]

FILL = -1
"""What stands behind the last character of a text."""

_FAR = 1e9
"""Beyond every logit, and still a number of float32."""

_LARGEST_ODDS = 80.0
"""Log-odds beyond which float32 cannot tell a share from 1."""


@dataclass(frozen=True, slots=True)
class Texts:
    """How class numbers become a text.

    Attributes:
        blank: the class that is no character, left out; None where every class is one.
        merge_repeats: whether equal classes side by side are one character, as networks trained with CTC give
            them.
        reject: the class that is never read, whatever the network says; None where there is none.
    """

    blank: int | None = None
    merge_repeats: bool = False
    reject: int | None = None

    def both(self, y_true: Any, y_pred: Any) -> tuple[Any, Any]:
        """The truth and what was read.

        Args:
            y_true: `(n,)`, `(n, 1)` or one-hot `(n, classes)`; of fields `(n, length)` or one-hot
                `(n, length, classes)`.
            y_pred: `(n, classes)`, of fields `(n, steps, classes)`; logits or probabilities.

        Returns:
            `(n, length)` and `(n, steps)` int32.

        Raises:
            UsageError: the shapes do not fit each other.
        """
        y_true, y_pred = ops.convert_to_tensor(y_true), ops.convert_to_tensor(y_pred)
        truth = _numbers(y_true, y_pred)
        read = ops.argmax(self.readable(ops.cast(y_pred, "float32")), axis=-1)
        read = ops.cast(read if len(y_pred.shape) == 3 else read[:, None], "int32")
        return self._packed(truth, merge=False), self._packed(read, merge=self.merge_repeats)

    def readable(self, y_pred: Any) -> Any:
        """The answer with the class that is never read put behind all others."""
        if self.reject is None:
            return y_pred
        return y_pred - _FAR * ops.one_hot(self.reject, y_pred.shape[-1], dtype="float32")

    def _packed(self, numbers: Any, *, merge: bool) -> Any:
        """Drop fillings, blanks and repeats, and close the gaps."""
        kept = numbers >= 0
        if self.blank is not None:
            kept = ops.logical_and(kept, numbers != self.blank)
        if merge:
            before = ops.concatenate([ops.full_like(numbers[:, :1], FILL), numbers[:, :-1]], axis=1)
            kept = ops.logical_and(kept, numbers != before)
        size = numbers.shape[1]
        places = ops.arange(size, dtype="int32")[None] + size * ops.cast(ops.logical_not(kept), "int32")
        numbers = ops.where(kept, numbers, ops.full_like(numbers, FILL))
        return ops.take_along_axis(numbers, ops.argsort(places, axis=1), axis=1)


def edits(truth: Any, read: Any) -> Any:
    """Insertions, deletions and substitutions that turn one text into the other.

    Args:
        truth: `(n, length)`.
        read: `(n, steps)`.

    Returns:
        `(n,)` float32.

    Source: Wagner and Fischer, The string-to-string correction problem, JACM 21(1), 1974, row by row; within
    a row, what insertions carry on is a running minimum.
    """
    length, steps = truth.shape[1], read.shape[1]
    ends = ops.sum(ops.cast(truth != FILL, "int32"), axis=1)
    stops = ops.sum(ops.cast(read != FILL, "int32"), axis=1)[:, None]
    places = ops.arange(steps + 1, dtype="float32")[None]
    row = places + ops.zeros_like(stops, dtype="float32")
    found = ops.take_along_axis(row, stops, axis=1)[:, 0]
    for i in range(1, length + 1):
        differs = ops.cast(read != truth[:, i - 1 : i], "float32")
        inner = ops.minimum(row[:, :-1] + differs, row[:, 1:] + 1)
        begun = ops.concatenate([ops.full_like(row[:, :1], float(i)), inner], axis=1)
        row = ops.associative_scan(ops.minimum, begun - places, axis=1) + places
        here = ops.take_along_axis(row, stops, axis=1)[:, 0]
        found = ops.where(ends == i, here, found)
    return found


def same(truth: Any, read: Any) -> Any:
    """Whether two texts are equal: `(n, length)` and `(n, steps)` -> `(n,)` float32, 0 or 1."""
    size = max(truth.shape[1], read.shape[1])
    sides = [
        ops.pad(side, ((0, 0), (0, size - side.shape[1])), constant_values=FILL) for side in (truth, read)
    ]
    return ops.cast(ops.all(sides[0] == sides[1], axis=1), "float32")


def log_odds(y_pred: Any, texts: Texts) -> Any:
    """How sure a reading is: ln(p / (1 - p)) of the share p of the best class, of a field their product.

    Args:
        y_pred: `(n, classes)` or `(n, steps, classes)`. Where no number is negative and every row sums to
            1, they are taken for probabilities, else for logits.
        texts: names the class that is never read.

    Returns:
        `(n,)` float32 between -80 and 80.
    """
    y_pred = ops.cast(ops.convert_to_tensor(y_pred), "float32")
    shares = ops.logical_and(
        ops.all(y_pred >= 0),
        ops.all(ops.abs(ops.sum(y_pred, axis=-1) - 1) < 0.01),
    )
    logits = ops.where(shares, ops.log(ops.maximum(y_pred, 1e-37)), y_pred)
    best = ops.one_hot(ops.argmax(texts.readable(logits), axis=-1), y_pred.shape[-1], dtype="float32")
    odds = ops.sum(ops.where(best > 0, logits, 0.0), axis=-1) - ops.logsumexp(logits - _FAR * best, axis=-1)
    odds = ops.clip(odds, -_LARGEST_ODDS, _LARGEST_ODDS)
    if len(odds.shape) == 1:
        return odds
    together = ops.sum(-ops.softplus(-odds), axis=1)  # ln of the product of the shares
    return ops.clip(
        together - ops.log(ops.maximum(-ops.expm1(together), 1e-37)), -_LARGEST_ODDS, _LARGEST_ODDS
    )


def _numbers(y_true: Any, y_pred: Any) -> Any:
    """The truth as `(n, length)` class numbers; a row of one-hot zeros is a filling."""
    single, classes, shape = len(y_pred.shape) == 2, y_pred.shape[-1], tuple(y_true.shape)
    if len(y_pred.shape) not in (2, 3):
        raise UsageError(
            f"y_pred has the shape {tuple(y_pred.shape)}; expected (n, classes), or (n, steps, classes)"
        )
    rank = len(shape) - (0 if single else 1)  # of the truth of one character: 1 numbers, 2 one-hot
    if rank == 2 and shape[-1] == classes and classes > 1:
        hot = ops.cast(ops.argmax(y_true, axis=-1), "int32")
        hot = ops.where(ops.max(y_true, axis=-1) > 0, hot, ops.full_like(hot, FILL))
        return hot[:, None] if single else hot
    if rank == 2 and shape[-1] == 1:
        y_true = y_true[..., 0]
    elif rank != 1:
        wanted = f"(n,) or (n, {classes})" if single else f"(n, length) or (n, length, {classes})"
        raise UsageError(
            f"y_true has the shape {shape}; expected {wanted} beside y_pred {tuple(y_pred.shape)}"
        )
    numbers = ops.cast(y_true, "int32")
    return numbers[:, None] if single else numbers
