"""From logits to confidences one can act on: calibrated probabilities, and the threshold for an error target.

A network's softmax is too sure on pictures unlike its training set. A `Calibration`, fitted on photo-like
pictures held back by domain, says two things: how often a best digit of a given score truly is right, and
from which confidence on the error among the accepted readings stays within a target. Without one nothing is
accepted unless the user names a threshold.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from inkread.errors import ModelError

if TYPE_CHECKING:
    from inkread.decode.field_confidence import FieldCalibration
    from inkread.decode.line_confidence import LineCalibration

__all__ = ["NEVER", "Calibration", "probabilities", "scores", "softmax", "threshold"]

NEVER = 1.01
"""The threshold that no confidence reaches."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was measured on held-back pictures.

    Attributes:
        temperature: divides the logits; above 1 where the network is too sure.
        digits: how many of the first classes are digits; a class after them is "none of these".
        knots: (score, probability of being right) of the best digit, both strictly increasing; `scores` says
            what a score is.
        curve: (target error, least confidence that keeps it), targets increasing, confidences not increasing.
        level: how surely the error is within the target where it was measured, such as 0.95.
        n: pictures it was fitted on.
        data: what those pictures were, in words.
        doubts: (circumstance, logit) by which "not a digit" is likelier where it holds, as the reader sees.
    """

    temperature: float
    digits: int
    knots: tuple[tuple[float, float], ...]
    curve: tuple[tuple[float, float], ...]
    level: float = 0.95
    n: int = 0
    data: str = ""
    doubts: tuple[tuple[str, float], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The calibration as plain JSON values."""
        return {
            "temperature": self.temperature,
            "digits": self.digits,
            "knots": [list(k) for k in self.knots],
            "curve": [list(c) for c in self.curve],
            "level": self.level,
            "n": self.n,
            "data": self.data,
            "doubts": [list(d) for d in self.doubts],
        }

    @staticmethod
    def from_dict(values: dict[str, Any]) -> Calibration:
        """The calibration out of `to_dict`'s values.

        Raises:
            ModelError: something is missing or of the wrong kind.
        """
        try:
            return Calibration(
                temperature=float(values["temperature"]),
                digits=int(values["digits"]),
                knots=tuple((float(s), float(p)) for s, p in values["knots"]),
                curve=tuple((float(t), float(c)) for t, c in values["curve"]),
                level=float(values.get("level", 0.95)),
                n=int(values.get("n", 0)),
                data=str(values.get("data", "")),
                doubts=tuple((str(name), float(d)) for name, d in values.get("doubts", ())),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(
                f"the model's calibration cannot be read ({error!r}); export the model again"
            ) from error


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities of logits along the last axis, in float64; rows sum to 1."""
    shifted = np.asarray(logits, dtype=np.float64)
    shifted = np.exp(shifted - shifted.max(axis=-1, keepdims=True))
    return shifted / shifted.sum(axis=-1, keepdims=True)


def scores(logits: np.ndarray, temperature: float, digits: int) -> np.ndarray:
    """How far the best digit stands out against everything else together, as log-odds.

    Args:
        logits: `(n, classes)`, before softmax.
        temperature: divides the logits.
        digits: how many of the first classes are digits.

    Returns:
        `(n,)` float64, ln(p / (1 - p)) where p is the softmax share of the best digit; finite for finite
        logits.
    """
    scaled = np.asarray(logits, dtype=np.float64) / temperature
    return _scores(scaled, np.arange(len(scaled)), scaled[:, :digits].argmax(axis=1))


def _scores(scaled: np.ndarray, rows: np.ndarray, best: np.ndarray) -> np.ndarray:
    """How far the best digits, one a row, stand out in logits that are divided by the temperature."""
    rest = scaled.copy()
    rest[rows, best] = -np.inf
    return scaled[rows, best] - np.logaddexp.reduce(rest, axis=1)


def probabilities(logits: np.ndarray, calibration: Calibration | None) -> np.ndarray:
    """Turn logits into the probabilities a reader shows.

    The best digit gets the share of right readings that was measured at its score. What it loses against the
    plain softmax goes to "none of these" (or, where the model has no such class, to the other digits alike);
    what it gains is taken from all others alike. The order of the digits never changes.

    Args:
        logits: `(n, classes)`, before softmax.
        calibration: fitted for this model; None for the plain softmax.

    Returns:
        `(n, classes)` float64; rows sum to 1.

    Raises:
        ModelError: the logits do not fit the calibration.

    Example:
        >>> probabilities(np.array([[0.0, 0.0]]), None).tolist()
        [[0.5, 0.5]]
    """
    logits = np.atleast_2d(np.asarray(logits, dtype=np.float64))
    if calibration is None:
        return softmax(logits)
    digits = calibration.digits
    if not digits <= logits.shape[1] <= digits + 1:
        raise ModelError(
            f"the model gives {logits.shape[1]} classes and its calibration was fitted for {digits} digits; "
            "calibration and network must come from the same run"
        )
    scaled = logits / calibration.temperature
    result = softmax(scaled)
    rows, best = np.arange(len(result)), result[:, :digits].argmax(axis=1)
    before = result[rows, best]
    right = _right(_scores(scaled, rows, best), calibration.knots)
    result *= np.where(right > before, (1 - right) / np.maximum(1 - before, 1e-300), 1.0)[:, None]
    most = (right * (1 - 1e-6))[:, None]  # no digit draws level with the best one
    np.minimum(result[:, :digits], most, out=result[:, :digits])
    result[rows, best] = right
    spare = np.maximum(1 - result.sum(axis=1), 0.0)
    if logits.shape[1] > digits:
        result[:, digits] += spare
    else:
        result += (spare / digits)[:, None]
    return result / result.sum(axis=1, keepdims=True)


def threshold(
    calibration: Calibration | LineCalibration | FieldCalibration | None, target_error: float
) -> float:
    """The least confidence at which a reading is accepted.

    Args:
        calibration: of the model; None where it was never calibrated.
        target_error: the share of wrong readings among the accepted ones that the user can live with, 0..1.

    Returns:
        A confidence in 0..1. Between two measured targets the stricter one's; `NEVER` (1.01) below the least
        target that could be measured, and without a calibration.
    """
    if calibration is None:
        return NEVER
    within = [confidence for target, confidence in calibration.curve if target <= target_error * (1 + 1e-9)]
    return within[-1] if within else NEVER


def _right(score: np.ndarray, knots: tuple[tuple[float, float], ...]) -> np.ndarray:
    """Probability of being right at a score: straight in log-odds between knots, a gentle slope beyond."""
    x, odds = _odds(knots)
    inside = np.interp(score, x, odds)
    beyond = score - np.minimum(np.maximum(score, x[0]), x[-1])
    return 1 / (1 + np.exp(-(inside + 0.01 * beyond)))


@lru_cache(maxsize=8)
def _odds(knots: tuple[tuple[float, float], ...]) -> tuple[np.ndarray, np.ndarray]:
    """The scores of knots, and the log-odds there."""
    x, y = np.array(knots, dtype=np.float64).reshape(-1, 2).T
    return x, np.log(y / (1 - y))
