"""Measure a reader of fields: how many strings it reads right, and what it accepts at its error targets.

Every picture is read with its own format (the column `format` of its set) or with the one that was asked for.
A set may name suites (the column `suite`), each of which is told of by itself; an item with the label ""
holds what must not be accepted: nothing, or a text that does not fit its format.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

import numpy as np

from inkread.data.labelled import Item, Labelled
from inkread.decode.confidence import threshold
from inkread.errors import UsageError
from inkread.evaluation import metrics
from inkread.evaluation.measure import TARGETS, Measured, Settings, at_target, shares, told
from inkread.evaluation.outcomes import Outcome, through_reader
from inkread.formats import find
from inkread.readers.reader import Reader
from inkread.runtime import linewise

__all__ = ["has_formats", "measured_fields"]


def has_formats(items: Labelled) -> bool:
    """Whether a set says of every item which format it is to be read with."""
    return all(item.columns.get("format") for item in items.items)


def measured_fields(model: str, parts: Sequence[Labelled], settings: Settings) -> Measured:
    """Measure a reader of fields on labelled pictures.

    Args:
        model: a shipped model's name, or a model file.
        parts: the sets.
        settings: the target error and the format, None for each item's own; fields always go through the
            reader.

    Returns:
        The figures of `inkread.evaluation.measure.evaluate`, where `accuracy` is the share of whole strings
        right, one that says the same as its label in another spelling among them (`$12.00` and `12.00`, as
        `Format.normal` has it), and beside them:

        - `accuracy_spelled`: the share that is spelt as the label is, sign by sign.
        - `format`: that all were read with; None where each had its own.
        - `refused`: the share of fields that came without a text.
        - `by_suite`: where the set has suites, for each `n`, `accuracy`, `accuracy_spelled`, `ci95` (by
          writer where known) and `at_target`.

    Raises:
        ModelError: the model is missing or broken.
        UsageError: another way through was asked for, or an item has no format.
    """
    if settings.through == "model":
        raise UsageError("--through is model; fields go through the reader, as photos of fields do")
    items = Labelled(" + ".join(part.name for part in parts), tuple(chain(*(part.items for part in parts))))
    about = linewise.load(model).metadata
    calibration = about.field_calibration or about.line_calibration
    targets = sorted({*TARGETS, settings.target_error})
    started = time.perf_counter()
    spelt = _read(model, items, settings, targets[-1])
    seconds = time.perf_counter() - started
    thresholds = {target: threshold(calibration, target) for target in targets}
    found = [_by_value(o, settings.format or _format_of(i)) for o, i in zip(spelt, items.items, strict=True)]
    figures = {
        "n": len(items),
        "failed": sum(o.failed for o in found),
        **shares(found, items),
        "accuracy_spelled": told(sum(o.right for o in spelt) / len(spelt)),
        "refused": told(sum(not o.guess for o in found) / len(found)),
        "at_target": [at_target(found, target, thresholds[target]) for target in targets],
        "extra_accepted": 0,
        "ms_per_item": round(1000 * seconds / len(items), 3),
        "through": "reader",
        "format": settings.format,
        "model": f"{about.name} {about.version}".strip(),
        "data": items.name,
    }
    suites = _suites(items, found, spelt, thresholds)
    if len(suites) > 1:
        figures["by_suite"] = suites
    return Measured(figures, items, tuple(found), about.classes, thresholds, calibration is not None)


def _read(model: str, items: Labelled, settings: Settings, target: float) -> list[Outcome]:
    """One outcome an item, in order; items of one format are read together."""
    by_format: dict[str, list[int]] = {}
    for place, item in enumerate(items.items):
        by_format.setdefault(settings.format or _format_of(item), []).append(place)
    found: dict[int, Outcome] = {}
    for spec, places in by_format.items():
        reader = Reader("field", model, target, format=spec)
        some = Labelled(items.name, tuple(_as_read(items.items[place], spec) for place in places))
        read = through_reader(some, reader, workers=settings.workers, symbols=None)
        found.update(zip(places, read, strict=True))
    return [found[place] for place in range(len(items))]


def _as_read(item: Item, spec: str) -> Item:
    """An item with its label as the reader tells it: without blanks where they say nothing."""
    return item if find(spec).has_blanks else replace(item, label=item.label.replace(" ", ""))


def _format_of(item: Item) -> str:
    spec = item.columns.get("format", "")
    if not spec:
        raise UsageError(
            "an item does not say which format it has; give --format NAME for all, or add a column format to "
            "labels.csv"
        )
    return spec


def _by_value(outcome: Outcome, spec: str) -> Outcome:
    """An outcome whose guess is spelt as its label where both say the same."""
    form = find(spec)
    is_same = outcome.guess and form.normal(outcome.guess) == form.normal(outcome.expected)
    return replace(outcome, guess=outcome.expected) if is_same else outcome


def _suites(
    items: Labelled, found: Sequence[Outcome], spelt: Sequence[Outcome], thresholds: dict[float, float]
) -> dict[str, dict[str, Any]]:
    """The figures of each suite; `spelt` are the outcomes as the reader spelt them."""
    places: dict[str, list[int]] = {}
    for place, item in enumerate(items.items):
        places.setdefault(item.columns.get("suite", ""), []).append(place)
    figures = {suite: _suite(items, found, own, thresholds) for suite, own in places.items()}
    for suite, own in places.items():
        figures[suite]["accuracy_spelled"] = told(sum(spelt[place].right for place in own) / len(own))
    return figures


def _suite(
    items: Labelled, found: Sequence[Outcome], places: Sequence[int], thresholds: dict[float, float]
) -> dict[str, Any]:
    some = [found[place] for place in places]
    writers = [items.items[place].writer for place in places]
    right = np.array([o.right for o in some])
    low, high = metrics.bootstrap_interval(right, writers if all(writers) else None)
    return {
        "n": len(some),
        "accuracy": told(right.mean()),
        "ci95": [told(low), told(high)],
        "at_target": [at_target(some, target, least) for target, least in thresholds.items()],
    }
