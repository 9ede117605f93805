"""How sure the answer of a field is: from what its two beams say to the chance that it is right.

Five things tell of it: the exact probability of the text among all texts, how far it is ahead of its nearest
rival, whether that fits the format or not, its least sure character, its length, and whether the format would
have noticed a lost character. A `FieldCalibration`,
fitted on fields of domains held back, turns them into the share of such fields that were right to the last
character, and knows from which confidence on an error target is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from inkread.decode import kept
from inkread.decode.ctc import Hypothesis

__all__ = ["FEATURES", "Evidence", "FieldCalibration", "evidence", "features"]

FEATURES = (
    "one",
    "log-odds of the text",
    "lead over its rival",
    "log-odds of its least character",
    "log length",
    "guarded by its format",
)
"""What `features` gives, in order."""
_SUREST = -1e-6
"""The logarithm of the largest share that is told from certainty: networks answer in float32."""
_FAR = 14.0


class Evidence(NamedTuple):
    """What the confidence of one field is told from.

    Attributes:
        log_share: exact CTC log-probability of its text, 0 or less.
        rival: that of the likeliest other text.
        least: the probability of its least sure character, 0..1.
        length: characters, at least 1.
        guarded: whether the text without any one of its characters would not fit: then none was lost unseen.
    """

    log_share: float
    rival: float
    least: float
    length: int
    guarded: bool = False


@dataclass(frozen=True, slots=True)
class FieldCalibration:
    """What was measured on fields of domains held back.

    Attributes:
        weights: one for each of `FEATURES`, all but the first and that of the length not negative; their
            sum is the log-odds of the whole text being right.
        curve: (target error, least confidence that keeps it), targets increasing, confidences not increasing.
        level: how surely the error is within the target where it was measured, such as 0.95.
        n: fields it was fitted on.
        data: what those fields were, in words.
    """

    weights: tuple[float, ...]
    curve: tuple[tuple[float, float], ...]
    level: float = 0.95
    n: int = 0
    data: str = ""

    def confidence(self, found: Evidence) -> float:
        """The chance that a field's text is right to the last character, 0..1."""
        return float(self.confidences([found])[0])

    def confidences(self, found: Sequence[Evidence]) -> NDArray[np.float64]:
        """`confidence` of many fields at once, `(n,)`."""
        odds = features(found) @ np.array(self.weights)
        return np.asarray(1 / (1 + np.exp(-np.clip(odds, -40, 40))))

    def to_dict(self) -> dict[str, Any]:
        """The calibration as plain JSON values."""
        return kept.told(self)

    @staticmethod
    def from_dict(values: dict[str, Any]) -> FieldCalibration:
        """The calibration out of `to_dict`'s values.

        Raises:
            ModelError: something is missing or of the wrong kind.
        """
        return FieldCalibration(**kept.opened(values, len(FEATURES), "field reader"))


def evidence(text: Hypothesis, rival: float, guarded: bool = False) -> Evidence:
    """What tells how sure a field's text is.

    Args:
        text: with spans, not empty.
        rival: log-probability of the likeliest other text, as `constrain.Answer` has it.
        guarded: as `Evidence` has it.
    """
    least = min((span.confidence for span in text.spans), default=0.0)
    return Evidence(text.log_probability, rival, least, len(text.text), guarded)


def features(found: Sequence[Evidence]) -> NDArray[np.float64]:
    """Evidence as numbers that log-odds are linear in.

    Returns:
        `(n, 6)`: `FEATURES`; log-odds and leads are natural logarithms, within -14 and 14.

    Example:
        >>> features([Evidence(float(np.log(0.5)), float(np.log(0.25)), 0.5, 1)]).round(3).tolist()
        [[1.0, 0.0, 0.693, 0.0, 0.0, 0.0]]
    """
    log_share, rival, least, length, guarded = np.array(found, np.float64).reshape(-1, 5).T
    log_share = np.minimum(log_share, _SUREST)
    odds = log_share - np.log(-np.expm1(log_share))
    lead = log_share - np.minimum(rival, 0.0)
    with np.errstate(divide="ignore"):
        character = np.log(least) - np.log(np.maximum(1 - least, 1e-12))
    columns = (np.clip(part, -_FAR, _FAR) for part in (odds, lead, character))
    return np.stack([np.ones_like(odds), *columns, np.log(np.maximum(length, 1)), guarded], axis=1)
