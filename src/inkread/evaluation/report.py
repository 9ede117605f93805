"""A report as one HTML file: figures, curves, matrix, reliability, worst cases, each with a caption.

What goes in is a frozen `Report`; what is empty or None is left out of the page. The page needs nothing from
outside, runs no script, is legible in light, dark and print, and takes labels and file names as text whatever
they hold. Training and evaluation both write it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import numpy as np

from inkread.evaluation import charts
from inkread.evaluation.charts import Axis, Line, Mark, escaped
from inkread.evaluation.page import page
from inkread.outputs import check_path
from inkread.outputs.atomic import replacing
from inkread.outputs.inline import data_uri

__all__ = ["ENDINGS", "Answers", "Report", "Table", "Worst", "html", "write"]

ENDINGS = (".html", ".htm")
BINS = 15
"""Bins of the reliability diagram, as many as the calibration error has."""


@dataclass(frozen=True, slots=True)
class Worst:
    """One item that came out wrong.

    Attributes:
        picture: `(h, w)` grey or `(h, w, 3)` RGB, uint8.
        truth: what it says; "" where there is nothing to read.
        guess: what was read; "" where nothing was.
        confidence: of the guess, 0..1.
        name: where it is from, such as a file's name or a place in the set.
        accepted: whether it was accepted, so that nobody would have looked at it.
    """

    picture: np.ndarray
    truth: str
    guess: str
    confidence: float
    name: str = ""
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table of texts.

    Attributes:
        title: its caption.
        head: the names of the columns.
        rows: one text a column each.
        note: what one must know to read it.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """How sure and how right a model was, an item.

    Attributes:
        confidence: `(n,)` of the best guess, 0..1.
        right: `(n,)` whether it was right.
        thresholds: target error -> the confidence from which on the shipped model accepts; above 1 for never.
        calibrated: whether the confidences claim to be probabilities.
    """

    confidence: np.ndarray
    right: np.ndarray
    thresholds: Mapping[float, float] = field(default_factory=dict)
    calibrated: bool = True


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a page tells.

    Attributes:
        title: the page's name.
        facts: (what, value) lines at the top.
        lead: one or two sentences below the title.
        curves: histories, one value an epoch: "loss" and "val_loss" share a chart, as every name and the same
            name after "val_" do. None for none.
        best_epoch: the epoch, from 1, whose weights were kept; None for none.
        confusion: `(k, k)` counts, truth by rows; None for none.
        classes: k texts; "" is "nothing to read".
        answers: for the reliability diagram and the error-reject curve; None for none.
        tables: in this order.
        worst: pictures of what came out wrong, the surest first.
        command: what prints these figures again.
    """

    title: str
    facts: tuple[tuple[str, str], ...] = ()
    lead: str = ""
    curves: Mapping[str, Sequence[float]] | None = None
    best_epoch: int | None = None
    confusion: np.ndarray | None = None
    classes: tuple[str, ...] = ()
    answers: Answers | None = None
    tables: tuple[Table, ...] = ()
    worst: tuple[Worst, ...] = ()
    command: str = ""


def write(path: str | Path, report: Report) -> Path:
    """Write a report, whole or not at all.

    Args:
        path: of the HTML file, which ends in .html.
        report: what to tell.

    Returns:
        The path.

    Raises:
        UsageError: another ending, or a folder that is not there.
        InkreadError: the file cannot be written.
    """
    path = check_path(path, ENDINGS)
    text = html(report)
    with replacing(path) as new:
        new.write_text(text, encoding="utf-8", errors="replace", newline="\n")
    return path


def html(report: Report) -> str:
    """The report as the text of one page.

    Args:
        report: what to tell.
    """
    figures, tables = count(1), count(1)
    parts = [f"<h1>{escaped(report.title)}</h1>"]
    if report.lead:
        parts.append(f'<p class="lead">{escaped(report.lead, longest=2000)}</p>')
    parts.append(_facts(report.facts))
    parts += [_table(table, next(tables)) for table in report.tables]
    drawn = [*_curves(report), *_answers(report.answers)]
    if drawn:
        cells = "".join(_figure(chart, caption, next(figures)) for chart, caption in drawn)
        parts.append(f'<div class="charts">{cells}</div>')
    if report.confusion is not None and len(report.classes):
        parts.append(_figure(charts.matrix(report.confusion, report.classes), _CONFUSION, next(figures)))
        parts += [_table(table, next(tables)) for table in _mixed_up(report.confusion, report.classes)]
    if report.worst:
        parts.append(_worst(report.worst, next(figures)))
    if report.command:
        parts.append(f'<p class="foot">Printed by <code>{escaped(report.command, longest=1000)}</code></p>')
    return page(escaped(report.title), "\n".join(p for p in parts if p))


# --- the parts of the page -------------------------------------------------------------------------------


def _facts(facts: Sequence[tuple[str, str]]) -> str:
    rows = "".join(
        f"<div><dt>{escaped(name)}</dt><dd>{escaped(value, longest=400)}</dd></div>" for name, value in facts
    )
    return f'<dl class="facts">{rows}</dl>' if rows else ""


def _table(table: Table, number: int) -> str:
    head = "".join(f'<th scope="col">{escaped(name)}</th>' for name in table.head)
    rows = "".join(
        "<tr>" + "".join(f"<td{_short(text)}>{escaped(text)}</td>" for text in row) + "</tr>"
        for row in table.rows
    )
    note = f'<p class="note">{escaped(table.note, longest=1000)}</p>' if table.note else ""
    caption = f"<caption><b>Table {number}.</b> {escaped(table.title)}</caption>"
    return (
        f'<div class="table"><table>{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
        f"{note}</div>"
    )


def _short(text: str) -> str:
    """What keeps a short cell on one line."""
    return ' class="short"' if len(text) <= 30 else ""


def _figure(chart: str, caption: str, number: int) -> str:
    return f"<figure>{chart}<figcaption><b>Figure {number}.</b> {caption}</figcaption></figure>"


def _curves(report: Report) -> list[tuple[str, str]]:
    """One chart a quantity: training and validation together."""
    curves = {
        name: [float(v) for v in values] for name, values in (report.curves or {}).items() if len(values)
    }
    found = []
    for name in dict.fromkeys(name.removeprefix("val_") for name in curves):
        lines = [
            Line(said, range(1, len(curves[key]) + 1), curves[key], style)
            for key, said, style in ((name, "training", "first"), (f"val_{name}", "validation", "second"))
            if key in curves
        ]
        values = [v for line in lines for v in line.y if math.isfinite(v)]
        if not values:
            continue
        low, high = min(values), max(values)
        room = 0.06 * (high - low) or 0.05 * abs(high) or 1.0
        epochs = max(len(line.x) for line in lines)
        title = name.replace("_", " ")
        marks = (
            [Mark(report.best_epoch, None, f"epoch {report.best_epoch} kept")] if report.best_epoch else []
        )
        chart = charts.plot(
            Axis("epoch", 1, max(epochs, 2)),
            Axis(title, low - room, high + room),
            lines if len(lines) > 1 else [_unnamed(lines[0])],
            marks=marks,
        )
        found.append((chart, f"{escaped(title.capitalize())}, epoch by epoch."))
    return found


def _unnamed(line: Line) -> Line:
    return Line("", line.x, line.y, line.style)


def _answers(answers: Answers | None) -> list[tuple[str, str]]:
    """The reliability diagram and the error-reject curve."""
    if answers is None or not len(answers.confidence):
        return []
    return [_reliability(answers), _error_reject(answers)]


def _reliability(answers: Answers) -> tuple[str, str]:
    """Promised against kept, a bin of confidences a point."""
    confidence = np.asarray(answers.confidence, dtype=float)
    right = np.asarray(answers.right, dtype=float)
    place = np.minimum((confidence * BINS).astype(int), BINS - 1)
    held = [np.flatnonzero(place == b) for b in range(BINS)]
    points = [(float(confidence[i].mean()), float(right[i].mean()), len(i)) for i in held if len(i)]
    chart = charts.plot(
        Axis("confidence", 0, 1, percent=True),
        Axis("share right", 0, 1, percent=True),
        [
            Line("as promised", [0, 1], [0, 1], "guide"),
            Line(
                "measured",
                [x for x, _, _ in points],
                [y for _, y, _ in points],
                "first",
                dots=True,
                band=[_wilson(y, n) for _, y, n in points],
            ),
        ],
        title="Reliability diagram",
    )
    sure = sum(n for x, _, n in points if x >= 1 - 1 / BINS)
    claim = "" if answers.calibrated else " The model was never calibrated: its confidences claim nothing."
    caption = (
        f"Reliability: the share of right answers among those of about the same confidence, in {BINS} bins, "
        f"bars are 95&#8239;% intervals (Wilson). {sure:,} of {len(confidence):,} answers lie in the last "
        f"bin.{claim}"
    )
    return chart, caption


def _wilson(share: float, n: int) -> tuple[float, float]:
    """The 95 % interval of a share. Source: E. B. Wilson, JASA 22(158), 1927."""
    z = 1.959964
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return middle - half, middle + half


def error_reject(confidence: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The error among what is kept, where the least sure are handed to a person first.

    Args:
        confidence: `(n,)`, n at least 1.
        right: `(n,)` truth values.

    Returns:
        (share rejected, error among the rest), ascending in the first, one point a distinct confidence: items
        of the same confidence are rejected together.

    Example:
        >>> [v.tolist() for v in error_reject(np.array([0.9, 0.2]), np.array([True, False]))]
        [[0.0, 0.5], [0.5, 0.0]]
    """
    order = np.argsort(-np.asarray(confidence), kind="stable")
    sure = np.asarray(confidence)[order]
    wrong = np.cumsum(1.0 - np.asarray(right, dtype=float)[order])
    kept = np.arange(1, len(sure) + 1)
    ends = np.append(np.flatnonzero(np.diff(sure)), len(sure) - 1)[::-1]
    return 1 - kept[ends] / len(sure), wrong[ends] / kept[ends]


def _error_reject(answers: Answers) -> tuple[str, str]:
    """The error among the kept, with the shipped thresholds as named points."""
    confidence, right = np.asarray(answers.confidence), np.asarray(answers.right)
    rejected, error = error_reject(confidence, right)
    thin = np.unique(np.linspace(0, len(rejected) - 1, 400).astype(int))
    marks = []
    for target, least in sorted(answers.thresholds.items()):
        kept = confidence >= least
        if kept.any():
            share = float(1 - right[kept].mean())
            marks.append(Mark(float(1 - kept.mean()), share, f"target {100 * target:.3g} %"))
    top = (
        max(float(error.max()), *(m.y or 0.0 for m in marks), 0.001)
        if marks
        else max(float(error.max()), 0.001)
    )
    chart = charts.plot(
        Axis("share handed to a person", 0, 1, percent=True),
        Axis("error among the rest", 0, 1.08 * top, percent=True),
        [Line("", rejected[thin].tolist(), error[thin].tolist())],
        marks=marks,
        title="Error-reject curve",
    )
    caption = "Error-reject curve: how the error falls as the least sure answers are handed to a person."
    if marks:
        caption += " Dots: the thresholds that ship with the model."
    return chart, caption


_CONFUSION = (
    "Confusion: a row a truth, a column what was read. Grey is right; colour is the share of the row that "
    "went wrong there."
)


def _mixed_up(confusion: np.ndarray, classes: Sequence[str]) -> list[Table]:
    """The pairs that are confused most."""
    off = np.array(confusion) * (1 - np.eye(len(classes), dtype=int))
    places = [divmod(int(p), len(classes)) for p in np.argsort(-off, axis=None, kind="stable")[:10]]
    rows = tuple(
        (
            _name(classes[row]),
            _name(classes[column]),
            f"{int(off[row, column]):,}",
            _share(off, confusion, row, column),
        )
        for row, column in places
        if off[row, column] > 0
    )
    head = ("truth", "read as", "times", "of that truth")
    return [Table("What is mixed up most.", head, rows)] if rows else []


def _share(off: np.ndarray, confusion: np.ndarray, row: int, column: int) -> str:
    return f"{100 * off[row, column] / confusion[row].sum():.2f} %"


def _name(text: str) -> str:
    return text or "nothing"


def _worst(worst: Sequence[Worst], number: int) -> str:
    """A sheet of pictures, each with truth, guess and confidence."""
    cards = []
    for item in worst:
        truth, guess = (escaped(_name(text), longest=24) for text in (item.truth, item.guess))
        tiny = " tiny" if max(item.picture.shape[:2]) <= 64 else ""
        image = f'alt="{truth} read as {guess}" src="{data_uri(item.picture)}"'
        cards.append(
            f'<div class="card{" taken" if item.accepted else ""}"><img class="picture{tiny}" {image}>'
            f'<div><b>{truth}</b> → <b class="wrong">{guess}</b></div>'
            f'<div class="small">{100 * item.confidence:.1f}&#8239;%</div>'
            f'<div class="small">{escaped(item.name, longest=40)}</div></div>'
        )
    caption = f"What came out wrong, the surest first ({len(worst)}): truth → what was read, and how sure."
    if any(item.accepted for item in worst):
        caption += " A strong frame: it was accepted."
    return _figure(f'<div class="sheet">{"".join(cards)}</div>', caption, number)
