"""Charts as inline SVG: numbers in, a piece of a page out. No library, no script, no file beside the page.

Colours are names of the page's style sheet (see `report`), so that a chart follows light and dark. Every text
that comes from outside passes `escaped`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from inkread.outputs.table import one_line

__all__ = ["Axis", "Line", "Mark", "escaped", "matrix", "plot", "ticks"]

WIDE, TALL = 460, 300
LEFT, RIGHT, TOP, BOTTOM = 72, 22, 14, 46
WRITTEN_UP_TO = 36
"""Classes up to which the cells of a matrix carry their numbers."""


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis of a chart.

    Attributes:
        title: below or beside it.
        low: where it begins.
        high: where it ends, above `low`.
        percent: whether its values are shares, written as percentages.
    """

    title: str
    low: float
    high: float
    percent: bool = False

    def place(self, value: float) -> float:
        """How far along the axis a value lies, 0..1."""
        return (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)

    def written(self, value: float) -> str:
        """A value as the axis writes it."""
        return f"{100 * value:.4g}\u2009%" if self.percent else f"{value:.4g}"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart.

    Attributes:
        name: in the legend; empty for none.
        x: one value a point.
        y: one value a point; what is not finite leaves a gap.
        style: class of the style sheet: "first", "second" or "guide".
        dots: whether each point is drawn too.
        band: (low, high) a point, drawn as a thin bar through it; None for none.
    """

    name: str
    x: Sequence[float]
    y: Sequence[float]
    style: str = "first"
    dots: bool = False
    band: Sequence[tuple[float, float]] | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """One point that is named in the chart itself.

    Attributes:
        x: its place; an upright line where there is no `y`.
        y: its place, or None.
        text: what stands beside it.
    """

    x: float
    y: float | None
    text: str


def escaped(text: str, *, longest: int = 200) -> str:
    """A text from outside as it may stand in a page: on one line, cut, every sign of HTML taken from it.

    Args:
        text: anything, hostile labels and file names too.
        longest: characters; the rest is cut off.
    """
    line = one_line(text)
    return escape(line if len(line) <= longest else line[: longest - 1] + "…", quote=True)


def ticks(low: float, high: float, *, about: int = 5) -> list[float]:
    """Round values between two others, for the marks of an axis.

    Args:
        low: the axis begins here.
        high: it ends here.
        about: how many are wanted.

    Example:
        >>> ticks(0.0, 1.0)
        [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    """
    rough = (high - low) / about
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(f * power for f in (1, 2, 2.5, 5, 10) if f * power >= rough * (1 - 1e-9))
    first = math.ceil(low / step - 1e-9)
    return [round(k * step, 12) for k in range(first, math.floor(high / step + 1e-9) + 1)]


def plot(x: Axis, y: Axis, lines: Sequence[Line], *, marks: Sequence[Mark] = (), title: str = "") -> str:
    """Draw lines over two axes.

    Args:
        x: the axis below.
        y: the axis at the left.
        lines: drawn in this order.
        marks: named points, above the lines.
        title: what the chart shows, for those who hear the page instead of seeing it.

    Returns:
        One `<svg>`.
    """
    inside = WIDE - LEFT - RIGHT, TALL - TOP - BOTTOM

    def across(value: float) -> float:
        return round(LEFT + x.place(value) * inside[0], 2)

    def up(value: float) -> float:
        return round(TOP + (1 - y.place(value)) * inside[1], 2)

    parts = []
    for value in ticks(y.low, y.high):
        at = up(value)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDE - RIGHT}" y1="{at}" y2="{at}"/>')
        parts.append(f'<text class="tick end" x="{LEFT - 8}" y="{at + 4}">{y.written(value)}</text>')
    for value in ticks(x.low, x.high):
        at = across(value)
        parts.append(
            f'<line class="axis" x1="{at}" x2="{at}" y1="{TALL - BOTTOM}" y2="{TALL - BOTTOM + 4}"/>'
        )
        parts.append(f'<text class="tick mid" x="{at}" y="{TALL - BOTTOM + 18}">{x.written(value)}</text>')
    parts.append(f'<path class="axis" d="M{LEFT} {TOP}V{TALL - BOTTOM}H{WIDE - RIGHT}"/>')
    parts.append(
        f'<text class="title mid" x="{LEFT + inside[0] / 2}" y="{TALL - 8}">{escaped(x.title)}</text>'
    )
    middle = TOP + inside[1] / 2
    turned = f'x="14" y="{middle}" transform="rotate(-90 14 {middle})"'
    parts.append(f'<text class="title mid" {turned}>{escaped(y.title)}</text>')
    for line in lines:
        points = [
            (across(a), up(b)) if math.isfinite(b) else None for a, b in zip(line.x, line.y, strict=True)
        ]
        parts.append(f'<path class="line {line.style}" d="{_path(points)}"/>')
        for (low, high), point in zip(line.band or (), points, strict=False):
            if point:
                parts.append(f'<path class="bar {line.style}" d="M{point[0]} {up(low)}V{up(high)}"/>')
        lonely = len([p for p in points if p]) == 1
        shown = [p for p in points if p] if line.dots or lonely else []
        parts += [f'<circle class="dot {line.style}" cx="{a}" cy="{b}" r="3.2"/>' for a, b in shown]
    parts += [_mark(m, across(m.x), None if m.y is None else up(m.y)) for m in marks]
    label = f'role="img" aria-label="{escaped(title or y.title)}"'
    return f'<svg viewBox="0 0 {WIDE} {TALL}" {label}>{"".join(parts)}</svg>{_legend(lines)}'


def _path(points: Sequence[tuple[float, float] | None]) -> str:
    """The `d` of a line with gaps where a point is missing."""
    words, pen_down = [], False
    for point in points:
        if point is None:
            pen_down = False
            continue
        words.append(f"{'L' if pen_down else 'M'}{point[0]} {point[1]}")
        pen_down = True
    return "".join(words)


def _mark(mark: Mark, x: float, y: float | None) -> str:
    """A named point, or a named upright line; its text stays inside the chart."""
    right_of_middle = x > (LEFT + WIDE) / 2
    side, shift = ("end", -8) if right_of_middle else ("", 8)
    at = TOP + 12 if y is None else max(y - 7, TOP + 10)
    text = f'<text class="name {side}" x="{x + shift}" y="{at}">{escaped(mark.text, longest=60)}</text>'
    if y is None:
        return f'<path class="upright" d="M{x} {TOP}V{TALL - BOTTOM}"/>{text}'
    return f'<circle class="mark" cx="{x}" cy="{y}" r="4.5"/>{text}'


def _legend(lines: Sequence[Line]) -> str:
    """What each named line is."""
    named = [line for line in lines if line.name]
    keys = "".join(
        f'<span><i class="{line.style}"></i>{escaped(line.name, longest=60)}</span>' for line in named
    )
    return f'<div class="legend">{keys}</div>' if keys else ""


def matrix(counts: np.ndarray, classes: Sequence[str]) -> str:
    """Draw a confusion matrix: a row a truth, a column a guess, what is wrong in colour.

    Args:
        counts: `(k, k)` how many items of class row were taken for class column.
        classes: k texts; "" is "nothing to read".

    Returns:
        One `<svg>`. A cell off the diagonal is as strong as its share of its row; the diagonal stays grey. Up
        to 36 classes the cells carry their numbers.
    """
    k = len(classes)
    cell = max(7.0, min(40.0, 640 / k))
    names = [text or "none" for text in classes]
    longest = min(14 if k <= 20 else 8, max(len(one_line(n)) for n in names))
    edge = 28 + 7.6 * longest
    size = round(edge + k * cell + 8, 1)
    of_row = counts.sum(axis=1, keepdims=True)
    share = np.divide(counts, of_row, out=np.zeros(counts.shape), where=of_row > 0)
    off = share * (1 - np.eye(k))
    strength = np.sqrt(off / off.max()) if off.max() > 0 else off
    letter = round(min(13.0, cell * 0.62), 1)
    parts = []
    for row in range(k):
        middle = round(edge + (row + 0.5) * cell, 1)
        name = escaped(names[row], longest=longest)
        style = f'style="font-size:{letter}px"'
        beside = f'x="{edge - 6:.1f}" y="{middle + letter * 0.35:.1f}"'
        parts.append(f'<text class="tick end" {style} {beside}>{name}</text>')
        at, looks, turn = middle, "tick mid", ""
        if longest > 2:
            at, looks = round(middle + letter * 0.35, 1), "tick"
            turn = f' transform="rotate(-90 {at} {edge - 7:.1f})"'
        above = f'class="{looks}" {style} x="{at}" y="{edge - 7:.1f}"{turn}'
        parts.append(f"<text {above}>{name}</text>")
        for column in np.flatnonzero(counts[row]):
            parts.append(
                _cell(
                    (row, int(column)), int(counts[row, column]), float(strength[row, column]), (edge, cell)
                )
            )
    frame = f'<rect class="frame" x="{edge}" y="{edge}" width="{k * cell:.1f}" height="{k * cell:.1f}"/>'
    axes = (
        f'<text class="title mid" x="{edge + k * cell / 2:.1f}" y="12">read as</text>'
        f'<text class="title mid" x="11" y="{edge + k * cell / 2:.1f}" '
        f'transform="rotate(-90 11 {edge + k * cell / 2:.1f})">truth</text>'
    )
    label = 'role="img" aria-label="Confusion matrix"'
    return (
        f'<svg class="matrix" style="max-width:{size}px" viewBox="0 0 {size} {size}" {label}>'
        f"{frame}{''.join(parts)}{axes}</svg>"
    )


def _cell(at: tuple[int, int], count: int, strength: float, grid: tuple[float, float]) -> str:
    """One cell that is not empty; `grid` is the edge before the first cell and a cell's size."""
    (row, column), (edge, cell) = at, grid
    x, y = edge + column * cell, edge + row * cell
    right = row == column
    look = "cell right" if right else "cell wrong"
    opacity = "" if right else f' fill-opacity="{0.12 + 0.88 * strength:.2f}"'
    corner, side = f'x="{x + 0.5:.1f}" y="{y + 0.5:.1f}"', f"{cell - 1:.1f}"
    box = f'<rect class="{look}" {corner} width="{side}" height="{side}"{opacity}/>'
    written = str(count)
    letter = min(12.0, cell * 0.44, cell * 1.5 / len(written))
    if cell < 640 / WRITTEN_UP_TO:
        return box
    ink = "number strong" if strength > 0.7 else "number"
    place = f'x="{x + cell / 2:.1f}" y="{y + cell / 2 + letter * 0.35:.1f}" style="font-size:{letter:.1f}px"'
    return f'{box}<text class="{ink}" {place}>{written}</text>'
