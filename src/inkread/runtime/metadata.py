"""What a model file says about itself: its classes, its normaliser, its calibration, its card.

The same JSON rides in every format: in an ONNX file as the metadata property `inkread`, in a `.keras` file as
the extra member `inkread.json`, in an `.h5` file as the data set `inkread`. Plain Keras leaves both alone.
"""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from inkread.decode.confidence import Calibration
from inkread.errors import ModelError

if TYPE_CHECKING:
    from inkread.decode.field_confidence import FieldCalibration
    from inkread.decode.line_confidence import LineCalibration

__all__ = ["KEY", "MEMBER", "Metadata", "foreign", "inside", "renamed"]

KEY = "inkread"
"""The metadata property of an ONNX file, and the data set of an HDF5 file."""

MEMBER = "inkread.json"
"""The extra member of a `.keras` file."""

_LONGEST = 4_000_000
"""Bytes of metadata that are believed."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """A model's own words about itself.

    Attributes:
        name: what one calls it, such as "digits".
        version: of the weights; empty for a stranger's model.
        kind: what it reads, such as "digit".
        classes: the text of each class, in the order of the logits; "" is "not a digit" and comes last. Of a
            line reader "" is the blank of CTC and comes first.
        normalizer: version of the normaliser that its training pictures went through; empty where unknown.
        calibration: None where it was never calibrated.
        outputs: "logits", or "probabilities" where the network itself ends in a softmax.
        card: data, licence and scores with the commands that measured them, as plain JSON values.
        line_calibration: of a line reader; None where it was never calibrated.
        field_calibration: of a reader of fields; None where it was never calibrated.
        field_calibration_together: the same, of what two looks at a field say together.
    """

    name: str
    version: str
    kind: str
    classes: tuple[str, ...]
    normalizer: str
    calibration: Calibration | None = None
    outputs: Literal["logits", "probabilities"] = "logits"
    card: dict[str, Any] = field(default_factory=dict)
    line_calibration: LineCalibration | None = None
    field_calibration: FieldCalibration | None = None
    field_calibration_together: FieldCalibration | None = None

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
        if self.line_calibration:
            values["line_calibration"] = self.line_calibration.to_dict()
        if self.field_calibration:
            values["field_calibration"] = self.field_calibration.to_dict()
        if self.field_calibration_together:
            values["field_calibration_together"] = self.field_calibration_together.to_dict()
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
                line_calibration=_of_lines(values.get("line_calibration")),
                field_calibration=_of_fields(values.get("field_calibration")),
                field_calibration_together=_of_fields(values.get("field_calibration_together")),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(
                f"the model's inkread metadata cannot be read ({error!r}); export the model again"
            ) from error


def _of_lines(values: dict[str, Any] | None) -> LineCalibration | None:
    """The calibration of a line reader, where there is one: readers of digits need not know of it."""
    if not values:
        return None
    from inkread.decode.line_confidence import LineCalibration

    return LineCalibration.from_dict(values)


def _of_fields(values: dict[str, Any] | None) -> FieldCalibration | None:
    """The calibration of a reader of fields, where there is one."""
    if not values:
        return None
    from inkread.decode.field_confidence import FieldCalibration

    return FieldCalibration.from_dict(values)


def foreign(
    name: str,
    numbers: int,
    outputs: Literal["logits", "probabilities"],
    classes: tuple[str, ...] | None = None,
) -> Metadata:
    """Describe a model that says nothing about itself: uncalibrated, digits "0".."9" unless told otherwise.

    Args:
        name: what to call it, such as its file's name.
        numbers: how many numbers it gives a picture.
        outputs: what those numbers are.
        classes: the text of each class, where the user says.

    Raises:
        ModelError: nobody says what its numbers stand for, and they are not ten.
    """
    if classes is None and numbers != 10:
        raise ModelError(
            f"{name} gives {numbers} numbers a picture and does not say what they stand for; expected 10, "
            "one a digit. Name them: inkread export FILE --classes ABC... -o FOLDER, then use that file"
        )
    named = classes or tuple("0123456789")
    kind = "digit" if set(named) <= {*"0123456789", ""} else "character"
    return Metadata(name, "", kind, named, "", None, outputs, {})


def renamed(metadata: Metadata, classes: tuple[str, ...]) -> Metadata:
    """The same model with other texts for its classes; its calibration goes where "" no longer fits it."""
    calibration = metadata.calibration
    if calibration and (calibration.digits != sum(1 for c in classes if c) or "" in classes[:-1]):
        calibration = None
    return replace(metadata, classes=classes, calibration=calibration)


def inside(path: Path) -> str | None:
    """What a Keras file says about itself, as the text of `Metadata.to_json`; None where it says nothing.

    Args:
        path: a `.keras` or `.h5` file that Keras could load.

    Raises:
        ModelError: what it says is larger than any model's words.
    """
    if path.suffix.lower() == ".keras":
        with zipfile.ZipFile(path) as archive:
            if MEMBER not in archive.namelist():
                return None
            if archive.getinfo(MEMBER).file_size > _LONGEST:
                raise _too_long(path)
            return archive.read(MEMBER).decode("utf-8", "replace")
    import h5py

    with h5py.File(path, "r") as file:
        said = file.get(KEY)
        if not isinstance(said, h5py.Dataset):
            return None
        if said.shape != () or said.dtype.kind != "S" or said.dtype.itemsize > _LONGEST:
            raise _too_long(path)
        return bytes(said[()]).decode("utf-8", "replace")


def _too_long(path: Path) -> ModelError:
    return ModelError(f"{path}: its inkread metadata is no text of a sensible length; export the model again")
