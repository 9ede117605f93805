"""A run in pictures, as PNG files: its curves, its confusion matrix, its worst cases.

The report holds the same as one page; these files are for slides and for the quick look.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from inkread.evaluation.report import Worst
from inkread.outputs.atomic import replacing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["confusion", "curves", "worst"]

COLUMNS = 10
MOST = 40
"""Classes whose counts are still legible as numbers."""
INK, RED, BLUE = "#22252b", "#c43434", "#2f6fb7"


def curves(path: str | Path, history: Mapping[str, Sequence[float]], best_epoch: int | None = None) -> Path:
    """Draw losses on the left, and accuracies on the right where there are any.

    Args:
        path: of the PNG file.
        history: one value an epoch, by name; what has "loss" or "accuracy" in its name is drawn.
        best_epoch: from 1; marked where given.

    Returns:
        The path.

    Raises:
        InkreadError: the file cannot be written.
    """
    from matplotlib.ticker import MaxNLocator

    groups = [[n for n in history if word in n] for word in ("loss", "accuracy")]
    groups = [group for group in groups if group]
    figure = _figure(4.6 * len(groups), 3.2)
    for place, group in enumerate(groups):
        axes = figure.add_subplot(1, len(groups), place + 1)
        for name in group:
            epochs = np.arange(1, len(history[name]) + 1)
            axes.plot(epochs, history[name], marker=".", label=name.replace("_", " "))
        if best_epoch:
            axes.axvline(best_epoch, color=INK, linewidth=0.8, linestyle=":", label=f"kept: {best_epoch}")
        axes.set_xlabel("epoch")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.legend(frameon=False, fontsize=8)
        axes.spines[["top", "right"]].set_visible(False)
    return _saved(figure, path)


def confusion(path: str | Path, counts: np.ndarray, classes: Sequence[str]) -> Path:
    """Draw a confusion matrix: right answers on the diagonal, mistakes in red.

    Args:
        path: of the PNG file.
        counts: `(k, k)`, truth by rows.
        classes: k texts; "" is "nothing to read".

    Returns:
        The path.

    Raises:
        InkreadError: the file cannot be written.
    """
    k = len(classes)
    side = min(max(3.2, 0.45 * k + 1), 14)
    figure = _figure(side, side)
    axes = figure.add_subplot()
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    off = ~np.eye(k, dtype=bool)
    axes.imshow(np.where(off, np.nan, shares), cmap="Blues", vmin=0, vmax=1.4)
    axes.imshow(np.where(off & (counts > 0), shares**0.5, np.nan), cmap="Reds", vmin=-0.3, vmax=1)
    if k <= MOST:
        for row, column in zip(*np.nonzero(counts), strict=True):
            axes.text(column, row, str(counts[row, column]), ha="center", va="center", fontsize=8, color=INK)
    names = [_safe(text) if text else "none" for text in classes]
    size = 9 if k <= MOST else 5
    axes.set_xticks(range(k), names, fontsize=size, rotation=90 if max(map(len, names)) > 2 else 0)
    axes.set_yticks(range(k), names, fontsize=size)
    axes.set_xlabel("read as")
    axes.set_ylabel("truth")
    return _saved(figure, path)


def worst(path: str | Path, cases: Sequence[Worst]) -> Path:
    """Draw what came out wrong as one sheet, the surest mistakes first, each with truth and guess.

    Args:
        path: of the PNG file.
        cases: at least one.

    Returns:
        The path.

    Raises:
        InkreadError: the file cannot be written.
    """
    rows = -(-len(cases) // COLUMNS)
    columns = min(len(cases), COLUMNS)
    figure = _figure(max(1.0 * columns, 2.0), 1.35 * rows)
    for place, case in enumerate(cases):
        axes = figure.add_subplot(rows, columns, place + 1)
        axes.imshow(case.picture, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
        axes.set_axis_off()
        title = f"{_safe(case.truth) or 'none'} \u2192 {_safe(case.guess) or 'none'}\n{case.confidence:.0%}"
        axes.set_title(title, fontsize=7, color=RED)
    return _saved(figure, path)


def _figure(width: float, height: float) -> Figure:
    """An empty figure that no window will show; inches."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), dpi=120, layout="constrained", facecolor="white")


def _saved(figure: Figure, path: str | Path) -> Path:
    """Write a figure, whole or not at all."""
    import warnings

    path = Path(path)
    with replacing(path) as new, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a script that the font lacks shows as boxes; the HTML report has it
        figure.savefig(new, format="png")
    return path


def _safe(text: str) -> str:
    """A label as plain text: matplotlib takes what stands between dollar signs for mathematics."""
    return text[:12].replace("$", r"\$")
