"""What an evaluation tells as a report: the facts, the promise against what happened, the worst cases.

Figures in, a `Report` out; every number on the page is one of the figures of `measure`, or counted here from
the same outcomes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from inkread.data.labelled import Item
from inkread.errors import SourceError
from inkread.evaluation.measure import Measured
from inkread.evaluation.outcomes import Outcome
from inkread.evaluation.report import Answers, Report, Table, Worst
from inkread.imaging.load import pages

__all__ = ["confusion", "summary"]

WORST = 50
"""How many pictures of wrong readings a report shows."""

MOST_CLASSES = 120
"""Above so many kinds of labels and guesses no matrix is drawn."""

OTHER = "other"


def summary(measured: Measured, *, command: str = "") -> Report:
    """Tell an evaluation as a report.

    Args:
        measured: what came out.
        command: what prints the figures again.
    """
    figures, found = measured.figures, measured.found
    counts, classes = confusion(found, measured.classes)
    told = [o for o in found if o.expected]
    tables = [_promise(figures["at_target"], len(found))] if measured.calibrated else []
    reasons = Counter(reason for o in found if not o.accepted for reason in _reasons(o))
    if reasons:
        rows = tuple((reason, f"{n:,}", _percent(n / len(found))) for reason, n in reasons.most_common(8))
        tables.append(Table("Why pictures were not accepted.", ("reason", "pictures", "of all"), rows))
    return Report(
        title=f"{figures['model']} on {figures['data']}",
        lead=_lead(measured),
        facts=_facts(measured),
        confusion=counts,
        classes=classes,
        answers=Answers(
            np.array([o.confidence for o in told]),
            np.array([o.right for o in told], dtype=bool),
            measured.thresholds if measured.calibrated else {},
            measured.calibrated,
        ),
        tables=tuple(tables),
        worst=tuple(_worst(measured)),
        command=command,
    )


def confusion(found: Sequence[Outcome], classes: Sequence[str]) -> tuple[np.ndarray | None, tuple[str, ...]]:
    """Count which label was taken for what.

    Args:
        found: one outcome an item; those with a label of several characters that is no class are left out.
        classes: the model's own, whose order is kept; labels beyond them follow in the alphabet's order.

    Returns:
        `(k, k)` counts with truth by rows, and the k texts; a guess that is neither a class nor a label (such
        as two digits where one stands) counts as "other". None where there are no such items, or more than
        120 kinds of them.
    """
    own = [c for c in classes if c]
    found = [o for o in found if len(o.expected) <= 1 or o.expected in own]
    labels = {o.expected for o in found}
    names = own + sorted(label for label in labels - set(own) if label)
    guesses = [o.guess if o.guess in names or not o.guess else OTHER for o in found]
    seen = labels | set(guesses)
    names = [name for name in names if name in seen]
    names += [OTHER] if OTHER in guesses and OTHER not in names else []
    names += [""] if "" in seen else []
    if not 0 < len(names) <= MOST_CLASSES:
        return None, ()
    place = {name: k for k, name in enumerate(names)}
    counts = np.zeros((len(names), len(names)), dtype=int)
    for outcome, guess in zip(found, guesses, strict=True):
        counts[place[outcome.expected], place[guess]] += 1
    return counts, tuple(names)


def _reasons(outcome: Outcome) -> set[str]:
    """The reasons of one picture, without the figures in brackets that make each its own."""
    parts = re.sub(r"\s*\([^)]*\)", "", outcome.reason).split(";")
    return {part.strip() for part in parts if part.strip()}


def _lead(measured: Measured) -> str:
    """How the figures came about, in a sentence."""
    figures = measured.figures
    way = (
        "Each picture was read as a user's photo is, from the file to the answer."
        if figures["through"] == "reader"
        else "The pictures already have the model's input shape and were fed to it as they are."
    )
    forced = " Accuracy is forced: the best guess counts, whatever its status."
    if measured.calibrated:
        return way + forced
    return way + forced + " The model was never calibrated, so nothing of it is accepted by itself."


def _facts(measured: Measured) -> tuple[tuple[str, str], ...]:
    """The lines at the top."""
    figures = measured.figures
    writers = {item.writer for item in measured.items.items}
    by = "by item" if "" in writers else f"by writer, {len(writers):,}"
    low, high = figures["ci95"]
    doubtful = len(measured.items.doubtful)
    named = any(len(text) > 1 for text in measured.classes)  # "star" is one symbol, not four characters
    lines = [
        ("items", f"{figures['n']:,}"),
        ("could not be opened", f"{figures['failed']:,}" if figures["failed"] else ""),
        ("accuracy", _percent(figures["accuracy"])),
        (f"95 % interval ({by})", f"{100 * low:.4g} to {_percent(high)}"),
        (f"without {doubtful} doubtful labels", _percent(figures["accuracy_corrected"])),
        ("ignoring case", _unless(figures, "accuracy_ignoring_case", "accuracy")),
        ("characters wrong", "" if named else _percent(figures["cer"])),
        ("words wrong", "" if named else _unless(figures, "wer", "cer")),
        ("calibration error (15 bins)", _percent(figures["ece"])),
        ("area under risk-coverage", _percent(figures["aurc"])),
        ("extra readings accepted", f"{figures['extra_accepted']:,}"),
        ("time an item", f"{figures['ms_per_item']:.3g} ms"),
        ("through", f"the {figures['through']}"),
    ]
    return tuple((name, value) for name, value in lines if value)


def _unless(figures: dict[str, Any], key: str, other: str) -> str:
    """A share, or nothing where it says the same as another."""
    return "" if figures[key] == figures[other] else _percent(figures[key])


def _promise(rows: Sequence[dict[str, Any]], n: int) -> Table:
    """The shipped thresholds: what they promise and what happened."""
    return Table(
        "The promise of the shipped thresholds, and what happened.",
        ("promised at most", "accepted", "wrong of these", "surely below (95 %)", "promise"),
        tuple(_promised(row, n) for row in rows),
        "Surely below: the one-sided bound of Clopper and Pearson. A promise is shown where this bound keeps "
        "it too; it is not contradicted where only the measured share does, which happens with few items.",
    )


def _promised(row: dict[str, Any], n: int) -> tuple[str, ...]:
    """One target's row."""
    if row["error"] is None:
        return f"{100 * row['target']:.3g} %", "nothing", "", "", "nothing accepted"
    accepted = round(row["accepted"] * n)
    wrong = round(row["error"] * accepted)
    verdict = "not kept" if row["error"] > row["target"] else "not contradicted"
    if row["error_upper95"] <= row["target"]:
        verdict = "shown"
    return (
        f"{100 * row['target']:.3g} %",
        f"{accepted:,} of {n:,} ({_percent(row['accepted'])})",
        f"{wrong:,} ({_percent(row['error'])})",
        _percent(row["error_upper95"]),
        verdict,
    )


def _worst(measured: Measured) -> list[Worst]:
    """The surest of the wrong readings, as pictures; what cannot be opened is left out."""
    found = measured.found
    wrong = [i for i, o in enumerate(found) if not o.right]
    wrong.sort(key=lambda i: (not found[i].accepted, -found[i].confidence))
    shown = []
    for i in wrong[:WORST]:
        item, outcome = measured.items.items[i], found[i]
        pixels = _pixels(item)
        if pixels is not None:
            name = Path(item.picture).name if isinstance(item.picture, str) else f"item {i}"
            shown.append(
                Worst(pixels, outcome.expected, outcome.guess, outcome.confidence, name, outcome.accepted)
            )
    return shown


def _pixels(item: Item) -> np.ndarray | None:
    """An item's picture, upright; None where it cannot be opened."""
    if isinstance(item.picture, np.ndarray) and not item.rotate:
        return item.picture
    try:
        return next(iter(pages(item.picture, rotate=item.rotate))).rgb
    except SourceError:
        return None


def _percent(share: float | None) -> str:
    """A share as a percentage; empty where there is none."""
    return "" if share is None else f"{100 * share:.4g}\u00a0%"
