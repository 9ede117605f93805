"""Photos of fields: strings of one hand on paper, with the print of a form, taken by a camera.

One scene holds one row or several, all by one hand with one pen. What comes out is the picture that a user
might hand in, and what each of its rows says and where it is. The same state of `rng` gives the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from inkread.synth import camera, conditions, fieldforms, fieldtexts, papers, strings
from inkread.synth.conditions import Conditions
from inkread.synth.fieldforms import Place
from inkread.synth.fieldhands import UNIT, FieldHands
from inkread.synth.strings import ABOVE, StringInk

__all__ = ["VERSION", "Order", "Row", "Scene", "render"]

VERSION = 5
"""Rises whenever the same state of a generator would give another scene."""
EMPTY, STRUCK = 0.05, 0.05
"""Shares of the rows that are left empty, and that are struck out: neither has a text."""
_ROWS = (0.46, 0.2, 0.19, 0.15)
"""How often a scene has one row, two, three, four."""
_INKED = 0.35
_TOUCHING = -1.0
"""Room between characters that nothing has: they stand as near as they come."""
_NO_FORM_PAPERS = frozenset({"boxed"})


@dataclass(frozen=True, slots=True)
class Order:
    """What a scene must be; None leaves it to chance.

    Attributes:
        axes: "train" takes no held-out paper, pen or light; "held_out" at least one.
        texts: of its rows.
        form: a key of `fieldforms.KINDS`.
        struck: whether all is struck out.
        touching: whether neighbours touch.
        source: of the hand: "mnist", "font", "drawn", "hnd62" or "capitals".
    """

    axes: str = "train"
    texts: tuple[str, ...] | None = None
    form: str | None = None
    struck: bool | None = None
    touching: bool | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a scene.

    Attributes:
        text: what it says; "" where it was left empty or struck out.
        box: left, top, right, bottom of its ink, in pixels of the picture.
        written: what was written before it was struck out.
        kind: of the text, a key of `fieldtexts.KINDS`; "given" where it was given.
    """

    text: str
    box: tuple[float, float, float, float]
    written: str
    kind: str


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A picture of a field.

    Attributes:
        rgb: uint8 `(height, width, 3)`.
        ink: float32 `(height, width)` in 0..1: how much of each pixel the pen covers.
        rows: its rows from top to bottom.
        hand: whose they are.
        axis: which axes took a held-out family.
        form: the kind of form.
    """

    rgb: np.ndarray
    ink: np.ndarray
    rows: tuple[Row, ...]
    hand: str
    axis: str
    form: str


@dataclass(frozen=True, slots=True, eq=False)
class _Sheet:
    """Rows on a sheet before the camera: what the pen left, what is printed, and the boxes of the rows."""

    ink: np.ndarray
    printed: np.ndarray
    faint: np.ndarray
    boxes: list[tuple[float, float, float, float]]


def render(rng: np.random.Generator, bank: FieldHands, order: Order = Order()) -> Scene:
    """Fill in a form and photograph it.

    Args:
        rng: source of everything.
        bank: the hands.
        order: what the scene must be.

    Raises:
        DataError: no hand can write the texts.
    """
    form = order.form or _chosen(fieldforms.KINDS, rng)
    texts, kinds = _texts(order, rng)
    everything = "".join(texts)
    hand = bank.of(order.source, rng, everything) if order.source else bank.pick(rng, everything)
    habit = strings.sample_habit(rng, in_cells=form in fieldforms.IN_CELLS)
    if order.touching is not None:
        tracking = _TOUCHING if order.touching else max(0.08, habit.tracking)
        habit = replace(habit, tracking=tracking, spread=0.04)
    written = [strings.compose(text, hand, habit, rng) for text in texts]
    told = list(texts)
    for k, string in enumerate(written):
        strike = rng.random() < STRUCK if order.struck is None else order.struck
        if strike and string.text:
            written[k], told[k] = strings.struck_out(string, rng), ""
    away = conditions.which(order.axes, rng) - {"hand"}
    view = _view(conditions.sample_conditions(rng, away), rng)
    sheet = _sheet(written, form, rng)
    rgb, ink, boxes = _shot(sheet, rng, view)
    rows = tuple(Row(*row) for row in zip(told, boxes, texts, kinds, strict=True) if row[1][2] > row[1][0])
    axis = "+".join(name for name in conditions.AXES if name in away)
    return Scene(rgb, ink, rows, hand.name, axis, form)


def _chosen(shares: dict[str, float], rng: np.random.Generator) -> str:
    bounds = np.cumsum(list(shares.values()))
    return list(shares)[int(np.searchsorted(bounds, rng.random() * bounds[-1]))]


def _texts(order: Order, rng: np.random.Generator) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The texts of the rows, and their kinds."""
    if order.texts is not None:
        return order.texts, ("given",) * len(order.texts)
    count = 1 + int(rng.choice(len(_ROWS), p=_ROWS))
    kind, first = fieldtexts.sample(rng)
    made = [(kind, first)]
    made += [fieldtexts.sample(rng, kind if rng.random() < 0.6 else None) for _ in range(count - 1)]
    texts = tuple("" if rng.random() < EMPTY else text for _, text in made)
    return texts, tuple(kind for kind, _ in made)


def _view(view: Conditions, rng: np.random.Generator) -> Conditions:
    """Conditions of one digit, for a row: its characters are smaller, and it lies straighter."""
    high = float(np.exp(rng.uniform(np.log(18), np.log(62))))
    paper = "white" if view.paper in _NO_FORM_PAPERS else view.paper
    kept = tuple(name for name in view.distractors if name in ("specks", "fold", "finger"))
    return replace(
        view,
        paper=paper,
        frame="normal",
        digit_px=high,
        squeeze=0.0,
        enlarge=1.0,
        resample=1.0 if high < 34 else min(view.resample, high / 24),
        rotation_degrees=float(np.clip(rng.normal(0, 1.8), -7, 7)) if rng.random() < 0.8 else 0.0,
        blur=min(view.blur, 0.03),
        motion=min(view.motion, 0.05),
        noise=min(view.noise, 0.05),
        jpeg=view.jpeg and max(view.jpeg, 35),
        distractors=kept,
    )


def _sheet(written: list[StringInk], form: str, rng: np.random.Generator) -> _Sheet:
    """Rows one below the other on one sheet, with the form around them."""
    pitch = round(UNIT * rng.uniform(1.75, 2.9))
    indent = [round(float(rng.choice([0, 0, rng.uniform(0, 2)])) * UNIT) for _ in written]
    room = 2 * UNIT
    width = max(i + s.ink.shape[1] for i, s in zip(indent, written, strict=True)) + 2 * room
    height = pitch * (len(written) - 1) + written[0].ink.shape[0] + 2 * room
    ink = np.zeros((height, width), np.float32)
    boxes, places = [], []
    for k, (string, aside) in enumerate(zip(written, indent, strict=True)):
        top, left = room + k * pitch, room + aside
        part = ink[top : top + string.ink.shape[0], left : left + string.ink.shape[1]]
        np.maximum(part, string.ink, out=part)
        boxes.append(_box(string.ink, left, top))
        cells = string.cells
        if not string.text and len(cells) < 2:
            cells = (0.0, 5.0 * UNIT)
        places.append(Place(top + ABOVE, tuple(c + left for c in cells)))
    places = [
        p if p.cells[-1] > p.cells[0] else replace(p, cells=(p.cells[0], p.cells[0] + 4 * UNIT))
        for p in places
    ]
    printed = fieldforms.print_form(form, places, (height, width), rng)
    if form == "hand line":
        ink, printed = np.maximum(ink, printed), np.zeros_like(printed)
    faint = np.zeros_like(printed)
    if rng.random() < 0.22:
        printed = np.maximum(printed, fieldforms.guides(places, (height, width), rng))
    if rng.random() < 0.05:
        faint = np.maximum(faint, fieldforms.bleed(ink, rng))
    if rng.random() < 0.03:
        faint = np.maximum(faint, 0.7 * fieldforms.stamp((height, width), rng))
    return _Sheet(ink, printed, faint, boxes)


def _box(ink: np.ndarray, left: int, top: int) -> tuple[float, float, float, float]:
    x, y, w, h = cv2.boundingRect((ink > _INKED).view(np.uint8))
    return float(left + x), float(top + y), float(left + x + w), float(top + y + h)


def _shot(
    sheet: _Sheet, rng: np.random.Generator, view: Conditions
) -> tuple[np.ndarray, np.ndarray, list[tuple[float, float, float, float]]]:
    """The picture of a sheet, cut as people cut, its ink, and the boxes of its rows."""
    way, size = _framed(sheet, rng, view)
    layers = np.stack([sheet.ink, sheet.printed, sheet.faint], -1)
    scale = view.digit_px / UNIT
    if scale < 0.75:
        layers = cv2.GaussianBlur(layers, (0, 0), 0.38 / scale)
    layers = cv2.warpPerspective(layers, way, (size[1], size[0]), flags=cv2.INTER_LINEAR)
    layers = np.clip(layers * np.float32(1.1 if scale < 0.75 else 1.0), 0, 1)
    page = papers.draw(view.paper, size, view.digit_px, rng)
    dark = view.paper in papers.DARK
    shade = rng.uniform(0.6, 0.95, 3) if dark else _print_colour(rng)
    page = page + (shade.astype(np.float32) - page) * layers[..., 1:2] * np.float32(rng.uniform(0.55, 1))
    tint = np.array([0.75, 0.75, 0.8] if dark else [0.35, 0.3, 0.5], np.float32)
    page = page + (tint - page) * layers[..., 2:3]
    ink = np.ascontiguousarray(layers[..., 0])
    rgb = camera.take(page, ink, view.digit_px, rng, view)
    return rgb, ink, [_moved(box, way, size) for box in sheet.boxes]


def _print_colour(rng: np.random.Generator) -> np.ndarray:
    draw = rng.random()
    if draw < 0.5:
        return np.full(3, rng.uniform(0.05, 0.45)) + rng.normal(0, 0.02, 3)
    if draw < 0.7:
        return np.full(3, rng.uniform(0.45, 0.7))
    colours = ((0.85, 0.35, 0.35), (0.45, 0.65, 0.9), (0.4, 0.7, 0.5), (0.95, 0.6, 0.35), (0.5, 0.45, 0.75))
    return np.array(colours[int(rng.integers(len(colours)))]) + rng.normal(0, 0.05, 3)


def _framed(sheet: _Sheet, rng: np.random.Generator, view: Conditions) -> tuple[np.ndarray, tuple[int, int]]:
    """The way from the sheet to the picture, `(3, 3)`, and the picture's (height, width)."""
    real = [box for box in sheet.boxes if box[2] > box[0]] or [(0.0, 0.0, *sheet.ink.shape[::-1])]
    left, top = (min(box[k] for box in real) for k in (0, 1))
    right, bottom = (max(box[k] for box in real) for k in (2, 3))
    around = UNIT * np.array([0.5, 0.35]) * (0.3 + rng.gamma(1.5, 0.9, (2, 2)))
    if rng.random() < 0.18:  # a photo of a sheet on which the field is small
        around = around + UNIT * rng.uniform(0.5, 3.5, (2, 2))
    low = np.array([left, top]) - around[0]
    far = np.array([right, bottom]) + around[1]
    scale = view.digit_px / UNIT
    size = np.maximum(24, np.round((far - low) * scale)).astype(int)
    middle, turn = (low + far) / 2, np.deg2rad(view.rotation_degrees)
    cos, sin = np.cos(turn) * scale, np.sin(turn) * scale
    back = np.array([[1, 0, size[0] / 2], [0, 1, size[1] / 2], [0, 0, 1]])
    tilt = rng.normal(0, view.perspective / max(size), 2) if view.perspective > 0 else (0.0, 0.0)
    way = np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])
    away = np.array([[1, 0, -middle[0]], [0, 1, -middle[1]], [0, 0, 1]])
    return back @ np.array([[1, 0, 0], [0, 1, 0], [*tilt, 1]]) @ way @ away, (int(size[1]), int(size[0]))


def _moved(
    box: tuple[float, float, float, float], way: np.ndarray, size: tuple[int, int]
) -> tuple[float, float, float, float]:
    """The box of a row in the picture; empty where the row is."""
    if box[2] <= box[0]:
        return 0.0, 0.0, 0.0, 0.0
    corners = np.array([[box[a], box[b]] for a in (0, 2) for b in (1, 3)], np.float64)[:, None]
    there = cv2.perspectiveTransform(corners, way)[:, 0]
    low, far = np.maximum(there.min(0), 0), np.minimum(there.max(0), size[::-1])
    return float(low[0]), float(low[1]), float(far[0]), float(far[1])
