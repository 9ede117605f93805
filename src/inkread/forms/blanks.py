"""What the shapes of a blank form mean: single boxes, rows of boxes, combs, lines to write on, checkboxes.

In: the shapes that `inkread.imaging.blank_form` found, in pixels at 200 dpi. Out: `Place`s in millimetres, in
reading order. Told by shape and neighbourhood alone, so that it works on scans without a text layer, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from inkread.imaging.blank_form import Blank, Cell, Rule

__all__ = ["Place", "Rect", "places_of"]

Rect = tuple[float, float, float, float]
"""Left, top, right, bottom in millimetres."""

_MM = 25.4 / 200
_SQUARE = (2.2, 7.2)
"""Sides of a square to cross."""
_CHARACTER = (3.2, 11.5)
"""Widths of a box for one character."""
_LEAST_HIGH, _LEAST_WIDE = 3.8, 6.5
"""Of a box to write in."""
_GAP = 1.15
"""Boxes of one row are so many of their widths apart at most; squares to cross a third of that."""
_SQUARES_GAP = 0.42
_ALIKE = 0.6
_TOUCHING = 0.75
"""Cells of a comb share their sides."""
_SEPARATOR = 2.6
"""A sign between boxes is this wide at most: a point, a dash, a stroke."""
_FREE_ABOVE, _LEAST_ABOVE = 7.0, 4.0
"""Place to write above a line, where nothing else is; and the least."""
_PARTING = 0.72
"""A single line so wide, as a share of the page, is no place to write unless it is labelled."""
_DARKEST, _TINTED = 0.72, 0.96
"""Nobody writes on what is darker; and what is darker than this with words in it is a heading."""
_MARGIN = 4.0
"""Nobody writes so near the upper edge of the paper, millimetres."""
_PITCH = (5.5, 14.0)
"""From one line of a ruled area to the next."""


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere to write.

    Attributes:
        kind: "box", "area" (a box of several lines), "boxes", "comb", "line", "checkbox".
        bounds: around all of it.
        cells: of boxes and combs, one a character.
    """

    kind: str
    bounds: Rect
    cells: tuple[Rect, ...] = ()


def places_of(blank: Blank, size: tuple[float, float]) -> list[Place]:
    """Sort out what was found on a page.

    Args:
        blank: its shapes.
        size: of the page, millimetres.

    Returns:
        Places in reading order; none overlaps another.
    """
    cells = [cell for cell in blank.cells if not cell.holds and not _is_frame(cell, size)]
    cells = [cell for cell in cells if cell.shade > _DARKEST]
    single, rows = _rows(cells, blank)
    found = [place for row in rows for place in [_row_place(row)]]
    found += [place for cell in single for place in _cell_places(cell, cells)]
    found = _ruled_boxes(found)
    found += _line_places([rule for rule in blank.rules if not _is_within(rule, cells)], found, blank)
    found = [p for p in found if p.bounds[1] >= _MARGIN and not _parts(p, size[0], blank)]
    return _in_order(_apart(found))


def _mm(rect: Rect) -> Rect:
    left, top, right, bottom = (round(v * _MM, 2) for v in rect)
    return left, top, right, bottom


def _sides(rect: Rect) -> tuple[float, float]:
    return rect[2] - rect[0], rect[3] - rect[1]


def _is_frame(cell: Cell, size: tuple[float, float]) -> bool:
    """Whether a cell is the border of the page."""
    wide, high = _sides(_mm(cell.rect))
    return wide > 0.8 * size[0] and high > 0.6 * size[1]


def _is_square(rect: Rect) -> bool:
    wide, high = _sides(rect)
    return _SQUARE[0] <= min(wide, high) and max(wide, high) <= _SQUARE[1] and abs(wide - high) <= 0.14 * high


def _rows(cells: Sequence[Cell], blank: Blank) -> tuple[list[Cell], list[list[Rect]]]:
    """Boxes for one character that stand in a row, and the cells that are left over."""
    narrow: list[Cell] = []
    other: list[Cell] = []
    for cell in cells:
        wide, high = _sides(_mm(cell.rect))
        fits = _CHARACTER[0] <= wide <= _CHARACTER[1] and _LEAST_HIGH <= high <= 14.5 and wide <= 1.35 * high
        bare = cell.printed is None and not cell.is_round and not cell.teeth
        (narrow if fits and bare else other).append(cell)
    narrow.sort(key=lambda cell: (round(cell.rect[1] / 8), cell.rect[0]))
    rows: list[list[Cell]] = []
    for cell in narrow:
        row = next((r for r in reversed(rows) if _follows(r[-1], cell, blank)), None)
        if row is None:
            rows.append([cell])
        else:
            row.append(cell)
    single = [row[0] for row in rows if len(row) == 1]
    return [*other, *single], [[_mm(c.rect) for c in row] for row in rows if len(row) > 1]


def _follows(one: Cell, other: Cell, blank: Blank) -> bool:
    """Whether a box is the next one of a row."""
    a, b = _mm(one.rect), _mm(other.rect)
    wide = _sides(a)[0]
    if abs(a[1] - b[1]) > _ALIKE or abs(a[3] - b[3]) > _ALIKE or abs(_sides(b)[0] - wide) > 0.12 * wide + 0.3:
        return False
    gap = b[0] - a[2]
    most = _SQUARES_GAP if _is_square(a) and wide < 5.6 else _GAP
    if not -_ALIKE <= gap <= most * wide:
        return False
    x, x2 = round(one.rect[2]) + 2, max(0, round(other.rect[0]) - 1)
    between = blank.text[round(one.rect[1]) : round(one.rect[3]), x:x2]
    columns = np.flatnonzero(between.any(axis=0))
    return len(columns) == 0 or (int(columns[-1]) - int(columns[0])) * _MM <= _SEPARATOR


def _row_place(row: list[Rect]) -> Place:
    """Boxes or, where they share their sides throughout, a comb."""
    bounds = row[0][0], min(r[1] for r in row), row[-1][2], max(r[3] for r in row)
    gaps = [b[0] - a[2] for a, b in pairwise(row)]
    return Place("comb" if max(gaps) <= _TOUCHING else "boxes", bounds, tuple(row))


def _cell_places(cell: Cell, cells: Sequence[Cell]) -> Iterable[Place]:
    rect = _mm(cell.rect)
    wide, high = _sides(rect)
    if cell.is_round or (_is_square(rect) and cell.printed is None):
        if cell.printed is None:
            yield Place("checkbox", rect)
        return
    if cell.teeth:
        yield _comb(cell.teeth, rect)
        return
    free = rect if cell.printed is None else _free_part(cell, cells)
    if free is None:
        return
    wide, high = _sides(free)
    if wide >= _LEAST_WIDE and high >= _LEAST_HIGH:
        yield Place("area" if high > 14 else "box", free)
    elif wide >= 4 and high >= 1.1 * wide:
        yield Place("boxes", free, (free,))


def _comb(teeth: Sequence[float], rect: Rect) -> Place:
    xs = [round(x * _MM, 2) for x in teeth]
    cells = tuple((a, rect[1], b, rect[3]) for a, b in pairwise(xs))
    return Place("comb", (xs[0], rect[1], xs[-1], rect[3]), cells)


def _free_part(cell: Cell, cells: Sequence[Cell]) -> Rect | None:
    """What a label leaves of its cell: the part below it, or to its right; None of a heading."""
    assert cell.printed is not None
    left, top, right, bottom = rect = _mm(cell.rect)
    _, print_top, print_right, print_bottom = _mm(cell.printed)
    high = bottom - top
    if any(_heads(rect, _mm(other.rect)) for other in cells if other.printed is None):
        return None
    if print_top - top < 0.4 * high and bottom - print_bottom >= max(4.5, 0.45 * high):
        return left, round(print_bottom + 0.4, 2), right, bottom
    if (
        cell.shade >= _TINTED
        and right - print_right >= max(15.0, 0.35 * (right - left))
        and print_bottom - print_top < 4.5
        and high < 14
    ):
        return round(print_right + 1.0, 2), top, right, bottom
    return None


def _heads(rect: Rect, other: Rect) -> bool:
    """Whether another cell is the first of a column that this one is the head of."""
    same = abs(rect[0] - other[0]) <= _ALIKE and abs(rect[2] - other[2]) <= _ALIKE
    return same and abs(rect[3] - other[1]) <= _TOUCHING


def _ruled_boxes(places: list[Place]) -> list[Place]:
    """Three and more bare boxes on top of each other, as wide as a page of writing, are one area."""
    columns: list[list[Place]] = []
    rest: list[Place] = []
    for place in sorted(places, key=lambda p: p.bounds[1]):
        wide, high = _sides(place.bounds)
        if place.kind != "box" or wide < 80 or not _PITCH[0] <= high <= _PITCH[1]:
            rest.append(place)
            continue
        above = next((c for c in columns if _heads(c[-1].bounds, place.bounds)), None)
        if above is None:
            columns.append([place])
        else:
            above.append(place)
    for column in columns:
        if len(column) < 3 or any(_is_beside(p.bounds, column[0].bounds) for p in rest):
            rest += column
        else:
            first, last = column[0].bounds, column[-1].bounds
            rest.append(Place("area", (first[0], first[1], first[2], last[3])))
    return rest


def _is_beside(one: Rect, other: Rect) -> bool:
    """Whether a box stands in the same row of a table."""
    shared = min(one[3], other[3]) - max(one[1], other[1])
    apart = max(one[0] - other[2], other[0] - one[2])
    return shared > 2 and -_ALIKE <= apart <= 2


def _is_within(rule: Rule, cells: Sequence[Cell]) -> bool:
    left, top, right, bottom = rule.rect
    return any(
        c.rect[0] - 3 <= left and c.rect[1] - 3 <= top and right <= c.rect[2] + 3 and bottom <= c.rect[3] + 3
        for c in cells
    )


def _line_places(rules: Sequence[Rule], found: Sequence[Place], blank: Blank) -> list[Place]:
    """Lines to write on; several of the same ends at the same distances are one area."""
    places: list[Place] = []
    taken: set[int] = set()
    for number, rule in enumerate(rules):
        if number in taken:
            continue
        group = _group(number, rules, blank)
        taken.update(group)
        lowest = _mm(rules[group[-1]].rect)
        left, top, right, _ = _mm(rule.rect)
        above = _room_above(rule, found, blank)
        if above < _LEAST_ABOVE:
            continue
        rect = left, round(top - above, 2), right, lowest[3]
        if rule.teeth:
            places.append(_comb(rule.teeth, rect))
        else:
            places.append(Place("area" if len(group) > 1 else "line", rect))
    return places


def _parts(place: Place, width: float, blank: Blank) -> bool:
    """Whether a single line runs all across the page with no label before or right below it: it parts it."""
    left, _, right, bottom = place.bounds
    if place.kind != "line" or right - left < _PARTING * width:
        return False
    x, y = round(left / _MM), round(bottom / _MM)
    before = blank.text[max(0, y - 40) : y + 12, max(0, x - 350) : max(0, x - 6)]
    under = blank.text[y + 4 : y + 26, x : round(right / _MM)]
    columns = np.flatnonzero(under.any(axis=0))
    is_caption = 0 < len(columns) < 0.4 * under.shape[1] and int(columns[0]) < under.shape[1] / 8
    return not bool(before.any()) and not is_caption


def _group(number: int, rules: Sequence[Rule], blank: Blank) -> list[int]:
    """The lines of a ruled area that begins with one."""
    group, pitch = [number], 0.0
    for other in range(number + 1, len(rules)):
        last, next_one = _mm(rules[group[-1]].rect), _mm(rules[other].rect)
        step = next_one[1] - last[1]
        if abs(next_one[0] - last[0]) > 1 or abs(next_one[2] - last[2]) > 1 or rules[other].teeth:
            continue
        if not _PITCH[0] <= step <= _PITCH[1] or (pitch and abs(step - pitch) > 0.8):
            break
        if _has_label(rules[other], blank) or rules[number].teeth:
            break
        group.append(other)
        pitch = step
    return group


def _has_label(rule: Rule, blank: Blank) -> bool:
    """Whether something is printed on the line, or before it."""
    left, top, right, _ = (round(v) for v in rule.rect)
    high = max(0, top - round(5.5 / _MM))
    band = blank.text[high : top - 2, max(0, left - round(45 / _MM)) : right]
    return int(band.sum()) > 12


def _room_above(rule: Rule, found: Sequence[Place], blank: Blank) -> float:
    """Millimetres of bare paper above most of a line, at most `_FREE_ABOVE`."""
    left, top, right, _ = (round(v) for v in rule.rect)
    high = max(0, top - round(_FREE_ABOVE / _MM))
    band = blank.text[high : top - 4, left:right]
    free = _FREE_ABOVE
    if band.size:
        crowded = band.mean(axis=1) > (0.35 if rule.teeth else 0.04)
        covered = band.any(axis=0).mean()
        if crowded.any() and covered > 0.12:
            free = (top - high - int(crowded.nonzero()[0][-1])) * _MM - 0.5
    mm = _mm(rule.rect)
    for place in found:
        l2, _, r2, b2 = place.bounds
        if l2 < mm[2] and r2 > mm[0] and b2 <= mm[1] + 0.5:
            free = min(free, mm[1] - b2 - 0.3)
    return free


def _apart(places: list[Place]) -> list[Place]:
    """Leave out what lies upon something larger."""
    kept: list[Place] = []
    for place in sorted(places, key=lambda p: -_sides(p.bounds)[0] * _sides(p.bounds)[1]):
        left, top, right, bottom = place.bounds
        clash = any(
            min(right, k.bounds[2]) - max(left, k.bounds[0]) > 0.8
            and min(bottom, k.bounds[3]) - max(top, k.bounds[1]) > 0.8
            for k in kept
        )
        if not clash:
            kept.append(place)
    return kept


def _in_order(places: list[Place]) -> list[Place]:
    """From the top down; what stands beside each other from left to right."""
    rows: list[list[Place]] = []
    for place in sorted(places, key=lambda p: p.bounds[1]):
        middle = (place.bounds[1] + place.bounds[3]) / 2
        row = rows[-1] if rows else []
        if row and row[0].bounds[1] <= middle <= row[0].bounds[3] and place.kind != "area":
            row.append(place)
        else:
            rows.append([place])
    return [place for row in rows for place in sorted(row, key=lambda p: p.bounds[0])]
