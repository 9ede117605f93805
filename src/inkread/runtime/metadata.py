"""What a model file says about itself: its classes, its normaliser, its calibration, its card.

The same JSON rides in both formats: in an ONNX file as the metadata property `inkread`, in a `.keras` file as
the extra member `inkread.json`, which plain Keras leaves alone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Literal

from inkread.decode.confidence import Calibration
from inkread.errors import ModelError

__all__ = ["KEY", "MEMBER", "Metadata", "foreign"]

KEY = "inkread"
"""The metadata property of an ONNX file."""

MEMBER = "inkread.json"
"""The extra member of a `.keras` file."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """A model's own words about itself.

    Attributes:
        name: what one calls it, such as "digits".
        version: of the weights; empty for a stranger's model.
        kind: what it reads, such as "digit".
        classes: the text of each class, in the order of the logits; "" is "not a digit" and comes last.
        normalizer: version of the normaliser that its training pictures went through; empty where unknown.
        calibration: None where it was never calibrated.
        outputs: "logits", or "probabilities" where the network itself ends in a softmax.
        card: data, licence and scores with the commands that measured them, as plain JSON values.
    """

    name: str
    version: str
    kind: str
    classes: tuple[str, ...]
    normalizer: str
    calibration: Calibration | None = None
    outputs: Literal["logits", "probabilities"] = "logits"
    card: dict[str, Any] = field(default_factory=dict)

    @property
    def digits(self) -> int:
        """How many classes are readable characters ("" is none)."""
        return sum(1 for text in self.classes if text)

    def to_json(self) -> str:
        """The metadata as one JSON object."""
        values = {
            "name": self.name,
            "version": self.version,
            "kind": self.kind,
            "classes": list(self.classes),
            "normalizer": self.normalizer,
            "calibration": self.calibration.to_dict() if self.calibration else None,
            "outputs": self.outputs,
            "card": self.card,
        }
        return json.dumps(values, ensure_ascii=False)

    @staticmethod
    def from_json(text: str) -> Metadata:
        """The metadata out of `to_json`'s text.

        Raises:
            ModelError: it is not JSON, or something is missing or of the wrong kind.
        """
        try:
            values = json.loads(text)
            calibration = values["calibration"]
            outputs = values["outputs"]
            if outputs not in ("logits", "probabilities"):
                raise ValueError(f"outputs is {outputs!r}")
            return Metadata(
                name=str(values["name"]),
                version=str(values["version"]),
                kind=str(values["kind"]),
                classes=tuple(str(c) for c in values["classes"]),
                normalizer=str(values["normalizer"]),
                calibration=Calibration.from_dict(calibration) if calibration else None,
                outputs=outputs,
                card=dict(values["card"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(
                f"the model's inkread metadata cannot be read ({error!r}); export the model again"
            ) from error


def foreign(name: str, classes: int, outputs: Literal["logits", "probabilities"]) -> Metadata:
    """Describe a model that says nothing about itself: digits "0".."9", uncalibrated.

    Args:
        name: what to call it, such as its file's name.
        classes: how many numbers it gives a picture.
        outputs: what those numbers are.

    Raises:
        ModelError: it does not have the ten classes of the digits.
    """
    if classes != 10:
        raise ModelError(
            f"{name} gives {classes} numbers a picture and does not say what they stand for; expected 10, "
            "one a digit, or a model written by inkread export, which carries its classes"
        )
    return Metadata(name, "", "digit", tuple("0123456789"), "", None, outputs, {})
