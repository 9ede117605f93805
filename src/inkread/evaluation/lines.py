"""Measure a reader of lines: how many characters, words and whole lines are right, with intervals by writer.

A text is compared with the truth as it is given; only `cer_cleaned` folds both (quotes, dashes, spaces: see
`alphabet.clean`). The guess counts whatever its status, and the empty text where a line was refused without.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import chain
from typing import Any

from inkread.alphabet import clean
from inkread.data.labelled import Item, Labelled
from inkread.decode.confidence import threshold
from inkread.errors import UsageError
from inkread.evaluation import metrics
from inkread.evaluation.measure import TARGETS, Measured, Settings, at_target, shares, told
from inkread.evaluation.outcomes import Outcome, through_reader
from inkread.readers.reader import Reader
from inkread.runtime import linewise

__all__ = ["measured_lines", "rates"]


def measured_lines(model: str, parts: Sequence[Labelled], settings: Settings) -> Measured:
    """Measure a reader of lines on labelled lines.

    Args:
        model: a shipped model's name, or a model file.
        parts: the sets, such as "lines.tar:val" or a folder with a `lines.tsv`.
        settings: the target error and the language; lines always go through the reader.

    Returns:
        The figures of `inkread.evaluation.measure.evaluate`, where `accuracy` is the share of whole lines
        right, and beside them:

        - `cer_ignoring_case`, `cer_cleaned`: as `cer`, with upper and lower case taken as one; with quotes,
          dashes and spaces folded.
        - `cer_ci95`: of the CER, by bootstrap over writers where every line's is known, else over lines.
        - `refused`: the share of lines that came without a text.
        - `by_collection`: where there are several sets, what `rates` gives for each.

    Raises:
        ModelError: the model is missing or broken.
        UsageError: another way through was asked for.
    """
    if settings.through == "model":
        raise UsageError("--through is model; lines go through the reader, as photos of lines do")
    items = Labelled(" + ".join(part.name for part in parts), tuple(chain(*(part.items for part in parts))))
    about = linewise.load(model).metadata
    targets = sorted({*TARGETS, settings.target_error})
    reader = Reader("line", model, targets[-1], language=settings.language)
    started = time.perf_counter()
    found = list(through_reader(items, reader, workers=settings.workers, symbols=None))
    seconds = time.perf_counter() - started
    thresholds = {target: threshold(about.line_calibration, target) for target in targets}
    figures = {
        "n": len(items),
        "failed": sum(o.failed for o in found),
        **shares(found, items),
        **_more(found, items),
        "at_target": [at_target(found, target, thresholds[target]) for target in targets],
        "extra_accepted": 0,
        "ms_per_item": round(1000 * seconds / len(items), 3),
        "through": "reader",
        "language": settings.language,
        "model": f"{about.name} {about.version}".strip(),
        "data": items.name,
    }
    if len(parts) > 1:
        figures["by_collection"] = _by_collection(parts, found)
    return Measured(
        figures, items, tuple(found), about.classes, thresholds, about.line_calibration is not None
    )


def rates(
    expected: Sequence[str], read: Sequence[str], groups: Sequence[str] | None = None
) -> dict[str, Any]:
    """CER, WER and whole lines right, of texts.

    Args:
        expected: the truth.
        read: what was read.
        groups: who wrote each; None where that is not known.

    Returns:
        `n`, `groups` (writers), `accuracy` (whole lines right), `cer`, `cer_ci95` (by bootstrap over
        writers), `cer_ignoring_case`, `cer_cleaned` (both sides through `alphabet.clean`) and `wer`.
    """
    edits = [metrics.edit_distance(e, r) for e, r in zip(expected, read, strict=True)]
    sizes = [len(e) for e in expected]
    interval = metrics.bootstrap_rate(edits, sizes, groups)
    folded = [[text.casefold() for text in texts] for texts in (expected, read)]
    cleaned = [[clean(text) for text in texts] for texts in (expected, read)]
    return {
        "n": len(expected),
        "groups": len(set(groups)) if groups else None,
        "accuracy": told(sum(e == r for e, r in zip(expected, read, strict=True)) / len(expected)),
        "cer": told(sum(edits) / sum(sizes)) if sum(sizes) else None,
        "cer_ci95": [told(end) for end in interval] if interval else None,
        "cer_ignoring_case": told(metrics.character_error_rate(*folded)),
        "cer_cleaned": told(metrics.character_error_rate(*cleaned)),
        "wer": told(metrics.word_error_rate(expected, read)),
    }


def _more(found: Sequence[Outcome], items: Labelled) -> dict[str, Any]:
    """The figures that only lines have."""
    figures = rates([o.expected for o in found], [o.guess for o in found], _writers(items.items))
    kept = {key: figures[key] for key in ("cer_ignoring_case", "cer_cleaned", "cer_ci95")}
    return {**kept, "refused": told(sum(not o.guess for o in found) / len(found))}


def _by_collection(parts: Sequence[Labelled], found: Sequence[Outcome]) -> dict[str, Any]:
    """The main figures of each set by itself."""
    figures, start = {}, 0
    for part in parts:
        some = found[start : start + len(part)]
        start += len(part)
        figures[part.name] = rates([o.expected for o in some], [o.guess for o in some], _writers(part.items))
    return figures


def _writers(items: Sequence[Item]) -> list[str] | None:
    """Who wrote each line; None where that is not known of all."""
    writers = [item.writer for item in items]
    return writers if all(writers) else None
