"""What a reader of characters and fields is judged by, as `keras.metrics.Metric`s that run on any backend.

In, everywhere: `y_true` as class numbers or one-hot, `y_pred` as logits or probabilities (found out batch by
batch). Of single characters `y_true` is `(n,)`, `(n, 1)` or one-hot `(n, classes)`, and `y_pred`
`(n, classes)`; of fields of several characters `y_true` is `(n, length)` or one-hot `(n, length, classes)`,
and `y_pred` `(n, steps, classes)`. `sample_weight` `(n,)` says how much each counts. Short fields are filled
up on the right with negative numbers, rows of zeros, or the class `blank`. Out: one share.
"""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from inkread.errors import UsageError
from inkread.metrics.texts import FILL, Texts, edits, log_odds, same

__all__ = ["CharacterErrorRate", "FieldAccuracy", "ReadRateAt"]

_BINS = 4000
_LOWEST, _HIGHEST = -20.0, 80.0
"""Log-odds between which `ReadRateAt` tells confidences apart, in steps of 0.025."""


class _Share(keras.metrics.Metric):
    """A weighted count of texts in another: what both metrics of texts have in common."""

    CALLED: str
    DIRECTION: str

    def __init__(
        self,
        *,
        blank: int | None = None,
        merge_repeats: bool = False,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(name=name or self.CALLED, dtype=dtype)
        self.texts = Texts(blank, merge_repeats)
        self._direction = self.DIRECTION  # Keras' callbacks ask whether more is better
        self.part = self.add_variable((), initializer="zeros", name="part")
        self.whole = self.add_variable((), initializer="zeros", name="whole")

    def _add(self, part: Any, whole: Any, sample_weight: Any) -> None:
        """Add `(n,)` counts, weighted."""
        weight = _weights(sample_weight)
        self.part.assign_add(ops.cast(ops.sum(part * weight), self.part.dtype))
        self.whole.assign_add(ops.cast(ops.sum(whole * weight), self.whole.dtype))

    def result(self) -> Any:
        """The share so far; 0 before the first update."""
        return ops.divide_no_nan(self.part, self.whole)

    def get_config(self) -> dict[str, Any]:
        """What builds the same metric again."""
        return {
            **super().get_config(),
            "blank": self.texts.blank,
            "merge_repeats": self.texts.merge_repeats,
        }


@keras.saving.register_keras_serializable(package="inkread")
class CharacterErrorRate(_Share):
    """Edits a character of the truth: insertions, deletions and substitutions over all characters together.

    Of single characters it is the share that is wrong. Above 1 where much is read that is not there. Less is
    better, and Keras' callbacks know.

    Args:
        blank: the class that is no character, left out on both sides; None where every class is one.
        merge_repeats: whether equal classes side by side in `y_pred` are one character, as networks trained
            with CTC give them.
        name: what the history calls it.
        dtype: of the counts.

    Example:
        >>> metric = CharacterErrorRate(blank=0)
        >>> metric.update_state([[1, 2, 3]], keras.ops.one_hot([[1, 3, 0]], 4))
        >>> round(float(metric.result()), 3)
        0.333

    Source: Levenshtein, Soviet Physics Doklady 10(8), 1966.
    """

    CALLED = "character_error_rate"
    DIRECTION = "down"

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Count the edits of a batch; the module's docstring gives the shapes."""
        truth, read = self.texts.both(y_true, y_pred)
        lengths = ops.sum(ops.cast(truth != FILL, "float32"), axis=1)
        self._add(edits(truth, read), lengths, sample_weight)


@keras.saving.register_keras_serializable(package="inkread")
class FieldAccuracy(_Share):
    """The share of fields that are right from the first character to the last; of single ones the accuracy.

    Args:
        blank: the class that is no character, left out on both sides; None where every class is one.
        merge_repeats: whether equal classes side by side in `y_pred` are one character, as networks trained
            with CTC give them.
        name: what the history calls it.
        dtype: of the counts.

    Example:
        >>> metric = FieldAccuracy()
        >>> metric.update_state([[1, 2], [2, 2]], keras.ops.one_hot([[1, 2], [2, 1]], 3))
        >>> float(metric.result())
        0.5
    """

    CALLED = "field_accuracy"
    DIRECTION = "up"

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Count the right fields of a batch; the module's docstring gives the shapes."""
        right = same(*self.texts.both(y_true, y_pred))
        self._add(right, ops.ones_like(right), sample_weight)


@keras.saving.register_keras_serializable(package="inkread")
class ReadRateAt(keras.metrics.Metric):
    """The largest share of readings that can be accepted by confidence with an error within a target.

    A threshold on the confidence parts the readings that are accepted from those that a person looks at. Of
    all thresholds at which the share of wrong readings among the accepted ones is at most the target, the one
    that accepts most counts. Confidences are told apart in steps of 0.025 of their log-odds (around 0.99, of
    0.0003), so the share is never above the exact one. A field is as sure as all its characters together.

    The threshold is chosen on the very readings it is judged on: what a threshold that was fitted before can
    keep, as `inkread evaluate` tells it, is less.

    Args:
        target_error: share of wrong readings among the accepted ones, from 0 to below 1.
        blank: as in `FieldAccuracy`.
        merge_repeats: as in `FieldAccuracy`.
        reject: the class that says "none of the others", such as 10 of the model `digits`: it is never read,
            and a picture of it is never right to accept. None where there is none.
        name: what the history calls it; None names it by the target.
        dtype: of the counts.

    Raises:
        UsageError: the target is no such share.

    Example:
        >>> metric = ReadRateAt(0.0)
        >>> metric.update_state([0, 1, 1], [[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]])
        >>> round(float(metric.result()), 3)
        0.667

    Source: El-Yaniv and Wiener, On the foundations of noise-free selective classification, JMLR 11, 2010.
    """

    def __init__(
        self,
        target_error: float = 0.01,
        *,
        blank: int | None = None,
        merge_repeats: bool = False,
        reject: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        if not 0 <= target_error < 1:
            raise UsageError(f"target_error is {target_error!r}; expected a share from 0 to 1, such as 0.01")
        super().__init__(name=name or f"read_rate_at_{target_error:g}", dtype=dtype)
        self.target_error = float(target_error)
        self.texts = Texts(blank, merge_repeats, reject)
        self._direction = "up"
        self.right = self.add_variable((_BINS,), initializer="zeros", name="right")
        self.wrong = self.add_variable((_BINS,), initializer="zeros", name="wrong")

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Sort the readings of a batch by confidence; the module's docstring gives the shapes."""
        right = same(*self.texts.both(y_true, y_pred))
        weight = _weights(sample_weight) * ops.ones_like(right)
        place = (log_odds(y_pred, self.texts) - _LOWEST) * (_BINS / (_HIGHEST - _LOWEST))
        place = ops.cast(ops.clip(ops.floor(place), 0, _BINS - 1), "int32")
        for counts, which in ((self.right, right), (self.wrong, 1 - right)):
            counts.assign_add(ops.cast(ops.segment_sum(which * weight, place, _BINS), counts.dtype))

    def result(self) -> Any:
        """The share so far; 0 before the first update, and where no threshold keeps the target."""
        wrong = ops.cumsum(ops.flip(self.wrong))
        accepted = wrong + ops.cumsum(ops.flip(self.right))
        kept = wrong <= self.target_error * accepted * (1 + 1e-6)
        return ops.divide_no_nan(ops.max(ops.where(kept, accepted, 0.0)), accepted[-1])

    def get_config(self) -> dict[str, Any]:
        """What builds the same metric again."""
        return {
            **super().get_config(),
            "target_error": self.target_error,
            "blank": self.texts.blank,
            "merge_repeats": self.texts.merge_repeats,
            "reject": self.texts.reject,
        }


def _weights(sample_weight: Any) -> Any:
    """One weight an item, `(n,)` float32, or 1 for all."""
    if sample_weight is None:
        return 1.0
    weight = ops.cast(ops.convert_to_tensor(sample_weight), "float32")
    if len(weight.shape) == 2 and weight.shape[1] == 1:
        weight = weight[:, 0]
    if len(weight.shape) > 1:
        raise UsageError(f"sample_weight has the shape {tuple(weight.shape)}; expected (n,), one a reading")
    return weight
