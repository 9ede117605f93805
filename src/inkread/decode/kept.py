"""Calibrations of texts as plain JSON values, and back: what those of lines and of fields have in common."""

from __future__ import annotations

from typing import Any, Protocol

from inkread.errors import ModelError

__all__ = ["opened", "told"]


class Fitted(Protocol):
    """A calibration: weights, and the confidences from which targets are met; see `LineCalibration`."""

    @property
    def weights(self) -> tuple[float, ...]: ...
    @property
    def curve(self) -> tuple[tuple[float, float], ...]: ...
    @property
    def level(self) -> float: ...
    @property
    def n(self) -> int: ...
    @property
    def data(self) -> str: ...


def told(fitted: Fitted) -> dict[str, Any]:
    """A calibration as plain JSON values."""
    return {
        "weights": list(fitted.weights),
        "curve": [list(c) for c in fitted.curve],
        "level": fitted.level,
        "n": fitted.n,
        "data": fitted.data,
    }


def opened(values: dict[str, Any], weights: int, whose: str) -> dict[str, Any]:
    """The attributes of a calibration out of `told`'s values.

    Args:
        values: as they were written.
        weights: how many there must be.
        whose: the reader, for the message, such as "line reader".

    Raises:
        ModelError: something is missing or of the wrong kind.
    """
    try:
        found = tuple(float(w) for w in values["weights"])
        if len(found) != weights:
            raise ValueError(f"{len(found)} weights for {weights} features")
        return {
            "weights": found,
            "curve": tuple((float(t), float(c)) for t, c in values["curve"]),
            "level": float(values.get("level", 0.95)),
            "n": int(values.get("n", 0)),
            "data": str(values.get("data", "")),
        }
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(
            f"the calibration of the {whose} cannot be read ({error!r}); export the model again"
        ) from error
