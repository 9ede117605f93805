"""How sure a line's text is: from its share among all texts and its length to the chance that it is right.

What a network gives its own text is too much where the hand is unlike its training, and falls with every
character. A `LineCalibration`, fitted on lines of writers held back, turns both into the share of such lines
that were right to the last character, and knows from which confidence on an error target is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkread.decode import kept

__all__ = ["LineCalibration", "features", "plain"]

_LEAST = 1e-3
"""A share closer to 1 than this counts as this close: a beam that found nothing else has not proved much."""


@dataclass(frozen=True, slots=True)
class LineCalibration:
    """What was measured on held-back lines.

    Attributes:
        weights: of 1, of the log-odds of the text's share (not negative) and of the
            logarithm of its length; their sum is the log-odds of the whole text being right.
        curve: (target error, least confidence that keeps it), targets increasing, confidences not increasing.
        level: how surely the error is within the target where it was measured, such as 0.95.
        n: lines it was fitted on.
        data: what those lines were, in words.
    """

    weights: tuple[float, float, float]
    curve: tuple[tuple[float, float], ...]
    level: float = 0.95
    n: int = 0
    data: str = ""

    def confidence(self, log_share: float, length: int) -> float:
        """The chance that a text is right to the last character.

        Args:
            log_share: natural logarithm of its share among all texts, 0 or less: its exact CTC probability,
                or, where languages rank, `decode.beam.log_share`.
            length: characters, at least 1.
        """
        odds = features([log_share], [length])[0] @ np.array(self.weights)
        return float(1 / (1 + np.exp(-np.clip(odds, -40, 40))))

    def to_dict(self) -> dict[str, Any]:
        """The calibration as plain JSON values."""
        return kept.told(self)

    @staticmethod
    def from_dict(values: dict[str, Any]) -> LineCalibration:
        """The calibration out of `to_dict`'s values.

        Raises:
            ModelError: something is missing or of the wrong kind.
        """
        return LineCalibration(**kept.opened(values, 3, "line reader"))


def features(log_shares: Sequence[float], lengths: Sequence[int]) -> NDArray[np.float64]:
    """What the confidence of texts is told from.

    Args:
        log_shares: `(n,)`, natural logarithms, 0 or less.
        lengths: `(n,)` characters.

    Returns:
        `(n, 3)`: 1, the log-odds ln(p / (1 - p)), and the logarithm of the length.

    Example:
        >>> features([float(np.log(0.5))], [1]).round(6).tolist()
        [[1.0, 0.0, 0.0]]
    """
    log_p = np.minimum(np.asarray(log_shares, np.float64), np.log1p(-_LEAST))
    odds = log_p - np.log(-np.expm1(log_p))
    return np.stack([np.ones_like(odds), odds, np.log(np.maximum(lengths, 1))], axis=1)


def plain(log_share: float) -> float:
    """The confidence of a text by a model that was never calibrated: its probability."""
    return float(np.exp(min(log_share, 0.0)))
