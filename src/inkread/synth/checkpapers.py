"""Blank checks of the United States, personal and of businesses: safety paper, rules, boxes, print.

Out: a page, float32 `(height, width, 3)` in 0..1, with `MM` pixels a millimetre, and where to write on it. No
bank's design: names, colours and places are drawn by lot within what such checks have in common. The MICR
line is of plain figures and not in the E-13B font. The same state of `rng` gives the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from inkread.synth import addresses, franking, papers
from inkread.synth.vocabulary import VOCABULARY
from inkread.synth.wording import pick

__all__ = ["MM", "SIZES", "Design", "blank", "design"]

Rng = np.random.Generator
Place = tuple[float, float, float, float]
"""Left, top, right, bottom in millimetres; what is written stands on the bottom."""
MM = 8.0
"""Pixels a millimetre: 203 dpi."""
SIZES = {"personal": (152.4, 69.85), "business": (215.9, 88.9), "wide": (209.5, 76.2)}
"""Kind of check -> width and height in millimetres."""
_GROUNDS = ("plain", "plain", "tint", "guilloche", "guilloche", "weave", "clouds", "picture")
_INKS = ((0.08, 0.08, 0.1), (0.1, 0.12, 0.3), (0.1, 0.3, 0.25), (0.35, 0.1, 0.15), (0.3, 0.3, 0.32))
_BANKS = ("First {} Bank", "{} Savings Bank", "Bank of {}", "{} National Bank", "{} Credit Union", "{} Trust")
_LAST = VOCABULARY["en"]["last"]


@dataclass(frozen=True, slots=True)
class Design:
    """A printed check.

    Attributes:
        kind: a key of `SIZES`.
        places: "date", "payee", "courtesy", "legal", "memo", "signature" -> where it is written.
        box: the box of the courtesy amount; None where it has a rule, or nothing.
        ruled: whether there is a rule under the courtesy amount that has no box.
        ground: what the paper shows.
        label: how "pay to the order of" stands: in two lines, in one above the rule, or before it.
        ink: colour of the print.
        line: millimetres, thickness of its rules.
        bordered: whether a border runs around it.
    """

    kind: str
    places: dict[str, Place]
    box: Place | None
    ruled: bool
    ground: str
    label: str
    ink: tuple[float, float, float]
    line: float
    bordered: bool

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in millimetres."""
        return SIZES[self.kind]


def design(rng: Rng) -> Design:
    """A design of a check, chosen by lot."""
    kind = str(rng.choice(list(SIZES), p=[0.6, 0.28, 0.12]))
    wide, high = SIZES[kind]
    side = rng.uniform(5, 9)
    label = str(pick(rng, ("two lines", "two lines", "before", "above")))
    payee_y = high * rng.uniform(0.38, 0.45)
    legal_y = payee_y + min(rng.uniform(8.5, 11.5), 0.165 * high)
    date_y = high * rng.uniform(0.2, 0.27)
    low_y = high * rng.uniform(0.79, 0.84)
    amount = wide - side - rng.uniform(24, 32) * (1.15 if kind != "personal" else 1)
    first = side + {"two lines": rng.uniform(12, 16), "before": rng.uniform(31, 38), "above": 0.0}[label]
    date = wide * rng.uniform(0.58, 0.68)
    above = rng.uniform(0.5, 2)
    middle = wide * rng.uniform(0.46, 0.54)
    places = {
        "date": (date, date_y - 7, min(date + rng.uniform(30, 42), wide - side - 4), date_y),
        "payee": (first, payee_y - 8, amount - rng.uniform(4, 7), payee_y),
        "courtesy": (amount, payee_y - 8, wide - side, payee_y + above),
        "legal": (side, legal_y - 8, wide - side - rng.uniform(17, 22), legal_y),
        "memo": (side + 9, low_y - 6, middle - 6, low_y),
        "signature": (middle + 6, low_y - 9, wide - side, low_y),
    }
    has_box = rng.random() < 0.62
    box = (amount, payee_y - rng.uniform(6, 7.5), wide - side, payee_y + above) if has_box else None
    return Design(
        kind,
        places,
        box,
        not has_box and rng.random() < 0.75,
        str(pick(rng, _GROUNDS)),
        label,
        _INKS[int(rng.integers(len(_INKS)))],
        float(rng.uniform(0.15, 0.35)),
        rng.random() < (0.25 if kind == "personal" else 0.45),
    )


def blank(found: Design, rng: Rng) -> np.ndarray:
    """Print a check.

    Args:
        found: its design.
        rng: names, numbers, colours.

    Returns:
        float32 `(height, width, 3)` in 0..1.
    """
    page = _paper(found, rng)
    face = franking.typeface(rng)
    _rules(page, found)
    _labels(page, found, face, rng)
    _owner(page, found, face, rng)
    _bank(page, found, franking.typeface(rng), rng)
    _numbers(page, found, face, rng)
    return page


def _paper(found: Design, rng: Rng) -> np.ndarray:
    """Safety paper: one colour or two, with a fine pattern that copies badly."""
    wide, high = found.size
    size = round(high * MM), round(wide * MM)
    hue = np.array(pick_colour(rng), np.float32)
    tint = 1 - (1 - hue) * np.float32(0 if found.ground == "plain" else rng.uniform(0.08, 0.25))
    page = np.empty((*size, 3), np.float32)
    page[:] = tint * rng.uniform(0.93, 1.0)
    if found.ground == "guilloche":
        cover = _guilloche(size, rng)
        page += (hue - page) * cover[..., None] * np.float32(rng.uniform(0.1, 0.3))
    elif found.ground == "weave":
        step = rng.uniform(0.5, 1.1) * MM
        y, x = np.mgrid[0 : size[0], 0 : size[1]].astype(np.float32)
        wave = 0.5 + 0.5 * np.sin(2 * np.pi * x / step) * np.sin(2 * np.pi * y / step)
        page += (hue - page) * wave[..., None] * np.float32(rng.uniform(0.06, 0.18))
    elif found.ground in ("clouds", "picture"):
        cloud = np.clip(0.5 + 0.4 * papers.noise(size, rng.uniform(8, 25) * MM, rng), 0, 1)
        other = np.array(pick_colour(rng), np.float32)
        strength = rng.uniform(0.12, 0.3 if found.ground == "clouds" else 0.4)
        page += (other - page) * cloud[..., None] * np.float32(strength)
        if found.ground == "picture":
            _scene(page, rng)
    return np.clip(page, 0, 1)


def pick_colour(rng: Rng) -> tuple[float, float, float]:
    """A colour that safety paper is printed in."""
    colours = (
        (0.35, 0.55, 0.8), (0.4, 0.65, 0.5), (0.8, 0.65, 0.4),
        (0.75, 0.5, 0.55), (0.55, 0.5, 0.75), (0.6, 0.6, 0.6),
    )  # fmt: skip
    return colours[int(rng.integers(len(colours)))]


def _guilloche(size: tuple[int, int], rng: Rng) -> np.ndarray:
    """Bundles of fine waves across the page."""
    layer = np.zeros(size, np.uint8)
    x = np.arange(0, size[1] + 8, 6, dtype=np.float64)
    count = int(rng.integers(14, 40))
    period, swing = rng.uniform(12, 50) * MM, rng.uniform(2, 9) * MM
    for k in range(count):
        shift = 2 * np.pi * k / count * rng.uniform(0.9, 1.1)
        level = size[0] * (k + 0.5) / count
        y = level + swing * np.sin(2 * np.pi * x / period + shift) * np.cos(2 * np.pi * x / (3.3 * period))
        points = np.round(np.column_stack([x, y]) * 16).astype(np.int32)[:, None]
        cv2.polylines(layer, [points], False, 255, 1, cv2.LINE_AA, 4)
    return layer.astype(np.float32) / 255


def _scene(page: np.ndarray, rng: Rng) -> None:
    """Hills under a sky, faint."""
    height, width = page.shape[:2]
    x = np.arange(width, dtype=np.float64)
    for k in range(3):
        y = height * (0.45 + 0.16 * k) + height * 0.1 * np.sin(
            x / width * rng.uniform(3, 9) + rng.uniform(0, 6)
        )
        points = np.concatenate([np.column_stack([x, y]), [[width, height], [0, height]]])
        cover = np.zeros((height, width), np.uint8)
        cv2.fillPoly(cover, [np.round(points).astype(np.int32)], 255, cv2.LINE_AA)
        colour = np.array(pick_colour(rng), np.float32)
        page += (colour - page) * (cover.astype(np.float32) / 255 * np.float32(rng.uniform(0.05, 0.15)))[
            ..., None
        ]


def _rules(page: np.ndarray, found: Design) -> None:
    """The rules to write on, the box, the border."""
    thick = max(1, round(found.line * MM))

    def draw(a: tuple[float, float], b: tuple[float, float]) -> None:
        ends = [(round(x * MM), round(y * MM)) for x, y in (a, b)]
        cv2.line(page, ends[0], ends[1], found.ink, thick, cv2.LINE_AA)

    for name, (left, _, right, bottom) in found.places.items():
        if name != "courtesy" or found.ruled:
            draw((left, bottom), (right, bottom))
    if found.box:
        left, top, right, bottom = found.box
        for a, b in (((left, top), (right, top)), ((left, bottom), (right, bottom))):
            draw(a, b)
        for x in (left, right):
            draw((x, top), (x, bottom))
    if found.bordered:
        wide, high = found.size
        franking_colour = tuple(0.5 + 0.5 * np.array(found.ink))
        for off in (1.5, 2.3):
            corners = [
                (round(off * MM), round(off * MM)),
                (round((wide - off) * MM), round((high - off) * MM)),
            ]
            cv2.rectangle(page, corners[0], corners[1], franking_colour, 1, cv2.LINE_AA)


def _print(
    page: np.ndarray, text: str, at: tuple[float, float], high: float, face: tuple[int, float, float],
    ink: tuple[float, ...],
) -> float:  # fmt: skip
    """A line of print whose base line begins at a place, in millimetres; returns its width."""
    cover = franking.printed(text, high * MM, face)
    franking.lay(page, cover, (at[0] * MM, at[1] * MM - 0.75 * cover.shape[0]), ink, 0.9)
    return float(cover.shape[1] / MM)


def _labels(page: np.ndarray, found: Design, face: tuple[int, float, float], rng: Rng) -> None:
    """The words beside the rules."""
    left, _, _, payee = found.places["payee"]
    small = rng.uniform(1.3, 1.8)
    side = found.places["legal"][0]
    if found.label == "two lines":
        _print(page, "PAY TO THE", (side, payee - 1.3 * small - 0.6), small, face, found.ink)
        _print(page, "ORDER OF", (side, payee), small, face, found.ink)
    else:
        words = str(pick(rng, ("PAY TO THE ORDER OF", "Pay to the order of")))
        width = franking.printed(words, small * MM, face).shape[1] / MM
        squeeze = (face[0], face[1] * min(1.0, (left - side - 1) / width), face[2])
        if found.label == "before":
            _print(page, words, (side, payee), small, squeeze, found.ink)
        else:
            _print(page, words, (side, payee - 6.5), small, face, found.ink)
    amount, _, _, bottom = found.places["courtesy"]
    _print(page, "$", (amount - 3.6, bottom - 1), rng.uniform(3, 4), face, found.ink)
    _, _, right, legal = found.places["legal"]
    _print(page, "DOLLARS", (right + 1, legal), rng.uniform(1.5, 2.2), face, found.ink)
    date_left, _, _, date = found.places["date"]
    if rng.random() < 0.75:
        _print(page, "DATE", (date_left - 8, date), small, face, found.ink)
    memo_left, _, _, memo = found.places["memo"]
    _print(page, str(pick(rng, ("MEMO", "FOR"))), (memo_left - 9, memo), small, face, found.ink)


def _owner(page: np.ndarray, found: Design, face: tuple[int, float, float], rng: Rng) -> None:
    """Whose account it is, at the upper left."""
    x, y = found.places["legal"][0], rng.uniform(5, 7)
    lines = addresses.sender(rng)
    if found.kind != "personal":
        if rng.random() < 0.6:
            x += franking.logo(page, (x * MM, (y - 2) * MM), 0.7 * MM, rng) / MM + 2
        lines = (addresses.initials(rng).upper(), *lines[1:])
    high = rng.uniform(1.7, 2.3)
    for k, line in enumerate(lines[:4]):
        _print(page, line, (x, y + 1.7 * high * k + 1), high, face, found.ink)


def _bank(page: np.ndarray, found: Design, face: tuple[int, float, float], rng: Rng) -> None:
    """The bank's name, between the words of the amount and the memo."""
    x = found.places["legal"][0] + (rng.uniform(0, 0.3) * found.size[0] if rng.random() < 0.4 else 0)
    below, lowest = found.places["legal"][3], found.places["memo"][3] - 6
    high = rng.uniform(2.0, 3.0)
    y = below + 3 + high
    name = str(pick(rng, _BANKS)).format(pick(rng, _LAST))
    if y < lowest:
        _print(page, name, (x, y), high, face, found.ink)
    if y + 3.5 < lowest:
        _print(page, addresses.sender(rng)[-1], (x, y + 3), 1.6, face, found.ink)


def _numbers(page: np.ndarray, found: Design, face: tuple[int, float, float], rng: Rng) -> None:
    """The check's number, the bank's fraction, and the line for machines, here in plain figures."""
    wide, high = found.size
    number = int(rng.integers(101, 9999))
    _print(
        page, str(number), (wide - found.places["legal"][0] - 9, 6.5), rng.uniform(2.4, 3.2), face, found.ink
    )
    if rng.random() < 0.6:
        share = f"{int(rng.integers(10, 99))}-{int(rng.integers(100, 9999))}/{int(rng.integers(100, 999))}"
        _print(page, share, (wide * rng.uniform(0.72, 0.78), 10), 1.4, face, found.ink)
    digits = "".join(str(k) for k in rng.integers(0, 10, 22))
    line = f"|:{digits[:9]}|: {digits[9:21]}||'  {number}"
    _print(page, line, (wide * rng.uniform(0.05, 0.12), high - 5), 3.1, (1, 1.15, 0.0), (0.08, 0.08, 0.1))
