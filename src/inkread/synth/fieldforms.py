"""The print of a form around its fields: boxes, combs, underlines, rules, guide text, stamps, bleed-through.

A form is drawn in the pixels of the strings written into it, as coverage float32 `(h, w)` in 0..1; the camera
then gives it its colour. The same state of `rng` gives the same form.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from inkread.synth.fieldhands import UNIT

__all__ = ["IN_CELLS", "KINDS", "Place", "bleed", "guides", "print_form", "stamp"]

KINDS = {
    "none": 0.34,
    "boxes": 0.2,
    "single boxes": 0.07,
    "frame": 0.07,
    "comb": 0.09,
    "underline": 0.12,
    "rules": 0.07,
    "hand line": 0.04,
}
"""Kind of form -> how common it is."""
IN_CELLS = frozenset({"boxes", "single boxes", "comb"})
"""Forms with a cell for every character."""
_GUIDES = (
    "ZIP", "ZIP CODE", "DATE", "AMOUNT", "PHONE NUMBER", "ACCOUNT NO.", "MM DD YYYY", "First Name", "No.",
    "PLEASE PRINT", "Telephone", "Total", "Form 1040", "Reference", "Signature", "(optional)", "Order no.",
)  # fmt: skip
_FONTS = (
    cv2.FONT_HERSHEY_SIMPLEX,
    cv2.FONT_HERSHEY_DUPLEX,
    cv2.FONT_HERSHEY_COMPLEX,
    cv2.FONT_HERSHEY_TRIPLEX,
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row of a field is on its sheet, in pixels.

    Attributes:
        base: of its base line.
        cells: where its cells begin, and where the last one ends.
    """

    base: float
    cells: tuple[float, ...]


def print_form(kind: str, rows: list[Place], size: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Draw the lines of a form.

    Args:
        kind: one of `KINDS`.
        rows: where its rows are.
        size: (height, width) of the sheet, pixels.
        rng: chooses measures.

    Returns:
        float32 `size`, 0 bare, 1 printed.
    """
    layer = np.zeros(size, np.uint8)
    if kind == "none":
        return layer.astype(np.float32)
    thick = max(1, round(UNIT * float(np.exp(rng.uniform(np.log(0.015), np.log(0.07))))))
    above, below = UNIT * rng.uniform(1.12, 1.6), UNIT * rng.uniform(0.1, 0.45)
    shared = _Pen(layer, thick, bool(rng.random() < 0.12), rng)
    if kind == "rules":
        _rules(shared, rows, below, size)
    for row in rows:
        if kind in ("boxes", "frame", "single boxes"):
            _boxes(shared, row, (above, below), kind, float(rng.uniform(0.72, 0.94)))
        elif kind == "comb":
            _comb(shared, row, float(rng.uniform(0.2, 0.9)) * UNIT, below)
        elif kind in ("underline", "hand line"):
            _underline(shared, row, below * float(rng.uniform(-0.2, 1)), kind == "hand line")
    return layer.astype(np.float32) / 255


@dataclass(frozen=True, slots=True, eq=False)
class _Pen:
    """What draws the lines of one form, all alike."""

    layer: np.ndarray
    thick: int
    dotted: bool
    rng: np.random.Generator

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        ends = [(round(x0 * 16), round(y0 * 16)), (round(x1 * 16), round(y1 * 16))]
        if not self.dotted:
            cv2.line(self.layer, ends[0], ends[1], 255, self.thick, cv2.LINE_AA, 4)
            return
        length = float(np.hypot(x1 - x0, y1 - y0))
        for at in np.arange(0, length, 3.2 * self.thick + 3):
            share = at / max(length, 1)
            centre = round(x0 + share * (x1 - x0)), round(y0 + share * (y1 - y0))
            cv2.circle(self.layer, centre, max(1, self.thick // 2 + 1), 255, -1, cv2.LINE_AA)


def _boxes(pen: _Pen, row: Place, reach: tuple[float, float], kind: str, share: float) -> None:
    """Boxes side by side, each by itself, or one around all of the row; some lines may be worn off."""
    top, bottom = row.base - reach[0], row.base + reach[1]
    cells = row.cells
    if kind == "frame":
        room = UNIT * pen.rng.uniform(0.15, 1.2, 2)
        cells = (row.cells[0] - room[0], row.cells[-1] + room[1])
    if kind == "single boxes":
        for left, right in zip(cells, cells[1:], strict=False):
            aside = (1 - share) * (right - left) / 2
            a, b = left + aside, right - aside
            for line in ((a, top, b, top), (a, bottom, b, bottom), (a, top, a, bottom), (b, top, b, bottom)):
                pen.line(*line)
        return
    cut = pen.rng.random() < 0.15
    if not (cut and pen.rng.random() < 0.5):
        pen.line(cells[0], top, cells[-1], top)
    pen.line(cells[0], bottom, cells[-1], bottom)
    for x in cells:
        pen.line(x, top, x, bottom)


def _comb(pen: _Pen, row: Place, tooth: float, below: float) -> None:
    bottom = row.base + below
    pen.line(row.cells[0], bottom, row.cells[-1], bottom)
    for x in row.cells:
        pen.line(x, bottom - tooth, x, bottom)


def _underline(pen: _Pen, row: Place, below: float, by_hand: bool) -> None:
    room = UNIT * pen.rng.uniform(-0.3, 2.0, 2)
    left, right = row.cells[0] - room[0], row.cells[-1] + room[1]
    if not by_hand:
        pen.line(left, row.base + below, right, row.base + below)
        return
    x = np.linspace(left, right, 6)
    y = row.base + below + pen.rng.normal(0, 0.03 * UNIT, 6) + (x - x[0]) * pen.rng.normal(0, 0.01)
    points = np.round(np.stack([x, y], 1) * 16).astype(np.int32)[:, None]
    cv2.polylines(pen.layer, [points], False, 255, pen.thick + 1, cv2.LINE_AA, 4)


def _rules(pen: _Pen, rows: list[Place], below: float, size: tuple[int, int]) -> None:
    """Rules from side to side, cut short or broken now and then."""
    step = UNIT * pen.rng.uniform(1.3, 2.4)
    first = rows[0].base + below
    for k in range(-3, 12):
        y = first + k * step
        if 0 <= y < size[0]:
            ends = (0, size[1]) if pen.rng.random() < 0.8 else sorted(pen.rng.uniform(0, size[1], 2))
            pen.line(float(ends[0]), y, float(ends[1]), y)


def guides(rows: list[Place], size: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Small print above, below or beside the rows: float32 `size`."""
    layer = np.zeros(size, np.uint8)
    for row in rows:
        if rng.random() < 0.35:
            continue
        text = _GUIDES[int(rng.integers(len(_GUIDES)))]
        font = _FONTS[int(rng.integers(len(_FONTS)))]
        high = UNIT * rng.uniform(0.14, 0.3)
        scale = high / 22
        wide = cv2.getTextSize(text, font, scale, 1)[0][0]
        draw = rng.random()
        if draw < 0.45:
            at = row.cells[0] + rng.uniform(-0.5, 1) * UNIT, row.base + UNIT * rng.uniform(0.55, 0.9) + high
        elif draw < 0.85:
            at = row.cells[0] + rng.uniform(-0.5, 1) * UNIT, row.base - UNIT * rng.uniform(1.65, 1.9)
        else:
            at = row.cells[0] - wide - UNIT * rng.uniform(0.6, 1.5), row.base - rng.uniform(0, 0.5) * UNIT
        cv2.putText(layer, text, (round(at[0]), round(at[1])), font, scale, 255, 1, cv2.LINE_AA)
    return layer.astype(np.float32) / 255


def stamp(size: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """A rubber stamp, most of it beside the writing: float32 `size`."""
    layer = np.zeros(size, np.uint8)
    radius = UNIT * rng.uniform(0.8, 1.8)
    x = rng.choice([rng.uniform(-0.5, 0.6) * radius, size[1] - rng.uniform(-0.5, 0.6) * radius])
    centre = round(float(x)), round(float(rng.uniform(0, size[0])))
    for share in (1.0, 0.78):
        cv2.circle(layer, centre, round(radius * share), 255, max(1, round(UNIT * 0.05)), cv2.LINE_AA)
    cv2.putText(
        layer, "PAID", (centre[0] - round(0.6 * radius), centre[1]), 0, radius / 45, 255, 2, cv2.LINE_AA
    )
    worn = cv2.resize(rng.random((size[0] // 6 + 2, size[1] // 6 + 2), np.float32), (size[1], size[0]))
    return layer.astype(np.float32) / 255 * np.clip(2.2 * worn, 0, 1)


def bleed(ink: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The writing of the other side, mirrored, soft and faint: float32, as large as the ink given."""
    moved = np.roll(ink[:, ::-1], (int(rng.integers(-20, 20)), int(rng.integers(-40, 40))), (0, 1))
    return cv2.GaussianBlur(moved, (0, 0), float(rng.uniform(1.2, 3))) * np.float32(rng.uniform(0.08, 0.22))
