"""The order in which the lines of a page are read: down a column, then the next column.

In and out: lines with the box of their strokes, upright. Source: T. M. Breuel, "High performance document
layout analysis", SDIUT 2003: two relations say which of two lines comes first, a topological sort the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

__all__ = ["ordered"]

_FEW = 3
"""So few lines have no head or foot."""
_SAME_ROW = 0.5
"""Lines whose boxes overlap by this share of the lower one's height stand side by side."""


class _Placed(Protocol):
    @property
    def box(self) -> tuple[float, float, float, float]: ...


_Line = TypeVar("_Line", bound=_Placed)


def ordered(lines: Sequence[_Line]) -> list[_Line]:
    """Lines in reading order.

    A line comes before those below it that share some of its width, and before all that lie to its right
    unless a line that spans both stands between them.

    Args:
        lines: with `box`: left, top, right, bottom.
    """
    rows = sorted(lines, key=lambda line: (line.box[1] + line.box[3], line.box[0]))
    # A number in the middle of the head or foot stands over or under the gutter, in no column.
    ends = [rows[0], rows[-1]] if len(rows) > _FEW else []
    alone = [not any(_share_width(end.box, b.box) for b in rows[1:-1]) for end in ends]
    head = rows[:1] if ends and alone[0] else []
    foot = rows[-1:] if ends and alone[1] else []
    return head + _in_columns(rows[len(head) : len(rows) - len(foot)]) + foot


def _in_columns(rows: list[_Line]) -> list[_Line]:
    """The lines, sorted from the top, in reading order."""
    count = len(rows)
    before = [[_is_before(rows, i, j) for j in range(count)] for i in range(count)]
    out: list[_Line] = []
    left = list(range(count))
    while left:
        # The first from the top that waits for no other; a circle of waiting is cut at the top.
        free = next((i for i in left if not any(before[j][i] for j in left if j != i)), left[0])
        out.append(rows[free])
        left.remove(free)
    return out


def _is_before(rows: Sequence[_Placed], i: int, j: int) -> bool:
    """Whether line i is read before line j."""
    if i == j:
        return False
    a, b = rows[i].box, rows[j].box
    if _share_width(a, b):
        return a[1] + a[3] < b[1] + b[3]
    if a[0] > b[0]:
        return False
    if _in_one_row(a, b):
        return True
    low, high = sorted((a[1] + a[3], b[1] + b[3]))
    return not any(
        low < c.box[1] + c.box[3] < high and _share_width(c.box, a) and _share_width(c.box, b) for c in rows
    )


def _share_width(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    """Whether two boxes overlap from left to right, by more than a hair."""
    overlap = min(a[2], b[2]) - max(a[0], b[0])
    return overlap > 0.1 * min(a[2] - a[0], b[2] - b[0])


def _in_one_row(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    overlap = min(a[3], b[3]) - max(a[1], b[1])
    return overlap > _SAME_ROW * min(a[3] - a[1], b[3] - b[1])
