"""Metrics for `compile(metrics=[...])`: how well is it read, and how much can be accepted unseen?

`keras.metrics.Metric`s on any backend of Keras, saved and loaded with the model. They take what classifiers
give, `(n, classes)` logits or probabilities a character, or `(n, length, classes)` a field of characters;
`inkread.metrics.readings` says all shapes.

>>> import inkread
>>> metrics = ["accuracy", inkread.metrics.ReadRateAt(0.01)]  # doctest: +SKIP
>>> model.compile("adam", "sparse_categorical_crossentropy", metrics=metrics)  # doctest: +SKIP
"""

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from inkread.metrics.readings import CharacterErrorRate, FieldAccuracy, ReadRateAt

__all__ = ["CharacterErrorRate", "FieldAccuracy", "ReadRateAt"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(
            f"module 'inkread.metrics' has no attribute {name!r}; it has {', '.join(__all__)}"
        )
    if find_spec("keras") is None:
        from inkread.errors import MissingExtra

        raise MissingExtra(f"inkread.metrics.{name}", "keras", "train")
    return getattr(import_module("inkread.metrics.readings"), name)


def __dir__() -> list[str]:
    return list(__all__)
