"""Measure a model on a labelled set: one call, one plain dictionary of figures, the same keys every time.

A picture goes the way a user's photo goes (through the reader), except arrays that already have the model's
input shape, which go into the model as they are; the result says which way it was.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from inkread.data import labelled
from inkread.data.labelled import Labelled
from inkread.decode.confidence import threshold
from inkread.errors import DataError, UsageError
from inkread.evaluation import metrics
from inkread.evaluation.outcomes import MODEL_SHAPE, Outcome, through_model, through_reader
from inkread.readers.reader import Reader, reads_lines
from inkread.runtime import recognizer

__all__ = [
    "TARGETS",
    "Measured",
    "Settings",
    "Through",
    "at_target",
    "evaluate",
    "measured",
    "outcomes",
    "shares",
    "told",
]

TARGETS = (0.001, 0.005, 0.01)
"""The target errors that every result tells of."""

Through = Literal["reader", "model"]


@dataclass(frozen=True, slots=True)
class Settings:
    """How to measure.

    Attributes:
        through: "reader", "model", or None for the model where the pictures have its shape, else the reader.
        where: choices "column=value" from the set.
        limit: the first so many items only.
        target_error: what `extra_accepted` is counted at; told of in `at_target` beside the usual three.
        workers: processes for reading.
        language: of lines, as `Reader` takes it.
        format: of fields, as `Reader` takes it; None for each item's own, where the set has a column for it.
    """

    through: Through | None = None
    where: tuple[str, ...] = ()
    limit: int | None = None
    target_error: float = 0.01
    workers: int = 1
    language: str = "auto"
    format: str | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """Figures, and what they were made from.

    Attributes:
        figures: what `evaluate` gives.
        items: the set.
        found: one outcome an item, accepted at the loosest target.
        classes: the model's own, in its order.
        thresholds: target error -> the confidence from which on the shipped model accepts; above 1 for never.
        calibrated: whether the model ever was.
    """

    figures: dict[str, Any]
    items: Labelled
    found: tuple[Outcome, ...]
    classes: tuple[str, ...]
    thresholds: Mapping[float, float]
    calibrated: bool


def evaluate(model: str, data: str | Sequence[str], settings: Settings | None = None) -> dict[str, Any]:
    """Measure a model on a labelled set.

    Args:
        model: a shipped model's name, or a model file.
        data: as `data.labelled.load` names a set, such as "mnist:test", a `.npz` file or a folder;
            of a reader of lines one or several sets such as "lines.tar:val".
        settings: the way through, the choice of items and the target error.

    Returns:
        Plain JSON values. Shares are 0..1; None where a figure cannot be told.

        - `n`: items.
        - `failed`: those of them that could not be opened; they are read as nothing.
        - `accuracy`: share whose best guess, whatever its status, is the label. An item with the label "" is
          right where no text is given.
        - `accuracy_ignoring_case`: the same with upper and lower case taken as one.
        - `accuracy_corrected`: of mnist:test, without the 15 pictures whose official label a majority of five
          people did not confirm (they are left out, not relabelled); of any other set None.
        - `cer`, `wer`: edits a character, edits a word, of the best guesses.
        - `ci95`: of the accuracy, by bootstrap over writers where every item's is known, else over items.
        - `ece`, `aurc`: over the items that have a text; see `metrics`.
        - `at_target`: for each target error, at the threshold that ships with the model: `accepted`, the
          share of items accepted; `error`, the share of wrong ones among them; `error_upper95`, its one-sided
          95 % bound by Clopper and Pearson.
        - `extra_accepted`: readings accepted beyond the expected ones, at `settings.target_error`.
        - `ms_per_item`: wall time of reading, opening the files included.
        - `through`, `model`, `data`: what was measured.

        Of readers of lines and of fields there are more; see `inkread.evaluation.lines` and
        `inkread.evaluation.fields`.

    Raises:
        DataError: the set is missing or broken.
        ModelError: the model is.
        UsageError: the way through does not fit the pictures.
    """
    return measured(model, data, settings).figures


def measured(model: str, data: str | Sequence[str], settings: Settings | None = None) -> Measured:
    """Measure as `evaluate` does, and keep each item's outcome, for a report.

    Args:
        model: as in `evaluate`.
        data: as in `evaluate`.
        settings: as in `evaluate`.

    Raises:
        DataError, ModelError, UsageError: as `evaluate` does.
    """
    settings = settings or Settings()
    _check(settings)
    names = [data] if isinstance(data, str) else list(data)
    if reads_lines(model):
        return _measured_text(model, names, settings)
    if settings.format is not None:
        raise UsageError(f"--format is {settings.format}; {model} reads single characters, not fields")
    if len(names) != 1:
        raise UsageError(f"{len(names)} sets came; a reader of single characters is measured on one")
    data = names[0]
    items = labelled.load(data, where=settings.where, limit=settings.limit)
    through = settings.through or _way(items)
    asked = recognizer.load(model)
    targets = sorted({*TARGETS, settings.target_error})
    started = time.perf_counter()
    found = outcomes(model, items, through, max_target=targets[-1], workers=settings.workers)
    seconds = time.perf_counter() - started
    thresholds = {target: threshold(asked.metadata.calibration, target) for target in targets}
    figures = {
        "n": len(items),
        "failed": sum(o.failed for o in found),
        **shares(found, items),
        "at_target": [at_target(found, target, thresholds[target]) for target in targets],
        "extra_accepted": sum(c >= thresholds[settings.target_error] for o in found for c in o.extra),
        "ms_per_item": round(1000 * seconds / len(items), 3),
        "through": through,
        "model": f"{asked.metadata.name} {asked.metadata.version}".strip(),
        "data": items.name,
    }
    metadata = asked.metadata
    calibrated = metadata.calibration is not None
    return Measured(figures, items, tuple(found), metadata.classes, thresholds, calibrated)


def _measured_text(model: str, names: Sequence[str], settings: Settings) -> Measured:
    """Measure a model that reads strings: as fields where there is a format, else as lines."""
    from inkread.evaluation.fields import has_formats, measured_fields
    from inkread.evaluation.lines import measured_lines

    parts = [labelled.load(name, where=settings.where, limit=settings.limit) for name in names]
    if settings.format is not None or all(map(has_formats, parts)):
        return measured_fields(model, parts, settings)
    return measured_lines(model, parts, settings)


def outcomes(
    model: str, items: Labelled, through: Through, *, max_target: float, workers: int = 1
) -> list[Outcome]:
    """What the model makes of each item, accepted at the loosest target error of interest.

    A stricter target only raises the threshold, so what it accepts are those of these outcomes that are
    accepted and at or above its own threshold.

    Args:
        model: a shipped model's name, or a model file.
        items: the set.
        through: the way.
        max_target: the loosest target error, 0..1.
        workers: processes for reading.
    """
    asked = recognizer.load(model)
    if through == "reader":
        kind = "character" if asked.metadata.kind == "character" else "digit"
        reader, symbols = Reader(kind, model=model, target_error=max_target), asked.metadata.classes
        return list(through_reader(items, reader, workers=workers, symbols=symbols))
    return list(through_model(items, asked, threshold=threshold(asked.metadata.calibration, max_target)))


def _check(settings: Settings) -> None:
    """Refuse what cannot be meant."""
    if settings.through not in (None, "reader", "model"):
        raise UsageError(f"--through is {settings.through!r}; expected reader or model")
    if not 0 < settings.target_error < 1:
        raise UsageError(
            f"--target-error is {settings.target_error}; expected a share between 0 and 1, such as 0.01"
        )
    if settings.limit is not None and settings.limit < 1:
        raise DataError(f"--limit is {settings.limit}, no item is left; expected 1 or more")


def _way(items: Labelled) -> Through:
    """The model for arrays of its own shape, the reader for everything else."""
    images = items.arrays()
    return "model" if images is not None and images.shape[1:] == MODEL_SHAPE else "reader"


def shares(found: Sequence[Outcome], items: Labelled) -> dict[str, Any]:
    """The figures that need no threshold.

    Args:
        found: one outcome an item.
        items: the set.
    """
    right = np.array([o.right for o in found])
    expected, guesses = [o.expected for o in found], [o.guess for o in found]
    writers = [item.writer for item in items.items]
    low, high = metrics.bootstrap_interval(right, writers if all(writers) else None)
    confident = np.array([o.confidence for o in found if o.expected])
    confident_right = np.array([o.right for o in found if o.expected])
    sound = np.array([i not in items.doubtful for i in range(len(found))])
    return {
        "accuracy": told(right.mean()),
        "accuracy_ignoring_case": told(
            np.mean([e.casefold() == g.casefold() for e, g in zip(expected, guesses, strict=True)])
        ),
        "accuracy_corrected": told(right[sound].mean()) if items.doubtful and sound.any() else None,
        "cer": told(metrics.character_error_rate(expected, guesses)),
        "wer": told(metrics.word_error_rate(expected, guesses)),
        "ci95": [told(low), told(high)],
        "ece": told(metrics.expected_calibration_error(confident, confident_right)),
        "aurc": told(metrics.area_under_risk_coverage(confident, confident_right)),
    }


def at_target(found: Sequence[Outcome], target: float, least: float) -> dict[str, Any]:
    """What is accepted at one target error, and how often it is wrong.

    Args:
        found: outcomes, accepted at a target at least as loose.
        target: the target error.
        least: the confidence from which on the shipped model accepts at this target.
    """
    accepted = [o for o in found if o.accepted and o.confidence >= least]
    wrong = sum(not o.right for o in accepted)
    return {
        "target": target,
        "accepted": told(len(accepted) / len(found)),
        "error": told(wrong / len(accepted)) if accepted else None,
        "error_upper95": told(metrics.error_upper_bound(wrong, len(accepted))),
    }


def told(share: float | np.floating | None) -> float | None:
    """A share as the figures tell it: six decimals; None where there is none."""
    return None if share is None else round(float(share), 6)
