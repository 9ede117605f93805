"""Blank forms drawn by chance, for the benchmarks of alignment, drop-out and checkboxes.

Nothing of the package's own writer of forms is used, so that a fault of one is not hidden by the other.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

Box = tuple[float, float, float, float]

DPI = 254
MARK_MM, MARGIN_MM = 10.0, 8.0
_WORDS = (  # noqa: SIM905
    "name address city state date birth signature amount total account number phone application request "
    "member office order quantity price tax year month day first last middle initial street county zip "
    "employer income claim policy insured patient doctor school grade class student parent guardian "
    "please print clearly use black ink only return this page with your payment before the end of"
).split()
_FACES = (
    cv2.FONT_HERSHEY_SIMPLEX,
    cv2.FONT_HERSHEY_DUPLEX,
    cv2.FONT_HERSHEY_COMPLEX,
    cv2.FONT_HERSHEY_TRIPLEX,
)


@dataclass(frozen=True, slots=True, eq=False)
class Blank:
    """A blank form.

    Attributes:
        rgb: uint8 at DPI.
        size_mm: (width, height).
        marks: id -> its black square, millimetres; empty without marks.
        boxes: of its fields, cells of combs one by one, millimetres.
        checkboxes: their squares, millimetres.
    """

    rgb: np.ndarray
    size_mm: tuple[float, float]
    marks: dict[int, Box]
    boxes: tuple[Box, ...]
    checkboxes: tuple[Box, ...]


def pixels(value_mm: float, dpi: int = DPI) -> int:
    """Millimetres as whole pixels."""
    return round(value_mm * dpi / 25.4)


def draw(seed: int, *, with_marks: bool, size_mm: tuple[float, float] = (210.0, 297.0)) -> Blank:
    """Draw a form; the same seed gives the same one. Marks lie on whole pixels: their place is exact."""
    rng = np.random.default_rng((77, seed))
    page = np.full((pixels(size_mm[1]), pixels(size_mm[0]), 3), 255, np.uint8)
    marks = _marks(page, size_mm) if with_marks else {}
    colour = _colour(rng)
    face = _FACES[int(rng.integers(len(_FACES)))]
    title = " ".join(rng.choice(_WORDS, int(rng.integers(2, 5)))).title()
    _print(page, title, (22, 16), float(rng.uniform(4.5, 7)), (0, 0, 0), face)
    _print(page, _sentence(rng), (22, 23), 2.2, colour, face)
    boxes: list[Box] = []
    checkboxes: list[Box] = []
    y = 30.0
    while y < size_mm[1] - 42:
        y = _row(page, y, size_mm[0], (boxes, checkboxes), (colour, face), rng)
    _print(page, _sentence(rng), (22, size_mm[1] - 22), 2.2, colour, face)
    return Blank(page, size_mm, marks, tuple(boxes), tuple(checkboxes))


def _marks(page: np.ndarray, size_mm: tuple[float, float]) -> dict[int, Box]:
    """Four ArUco marks in the corners; module of whole pixels."""
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    side = pixels(MARK_MM) // 6 * 6
    height, width = page.shape[:2]
    inset = pixels(MARGIN_MM)
    places = [(inset, inset), (width - inset - side, inset), (width - inset - side, height - inset - side)]
    found = {}
    for number, (x, y) in enumerate([*places, (inset, height - inset - side)]):
        page[y : y + side, x : x + side] = cv2.aruco.generateImageMarker(dictionary, number, side)[..., None]
        left, top, right, bottom = (v * 25.4 / DPI for v in (x, y, x + side, y + side))
        found[number] = left, top, right, bottom
    return found


def _colour(rng: np.random.Generator) -> tuple[int, int, int]:
    """Of what is printed: black, grey, or a colour that drops out."""
    choices = (
        (0, 0, 0),
        (0, 0, 0),
        (90, 90, 90),
        (214, 120, 110),
        (110, 180, 130),
        (120, 160, 220),
        (240, 150, 60),
    )
    return choices[int(rng.integers(len(choices)))]


def _sentence(rng: np.random.Generator) -> str:
    return " ".join(rng.choice(_WORDS, int(rng.integers(8, 16)))).capitalize() + "."


def _print(
    page: np.ndarray,
    text: str,
    at_mm: tuple[float, float],
    high_mm: float,
    colour: tuple[int, ...],
    face: int,
) -> None:
    """Print a line whose capitals stand on a place."""
    scale = pixels(high_mm) / 22.0
    thick = max(1, round(scale * 1.7))
    place = pixels(at_mm[0]), pixels(at_mm[1])
    cv2.putText(page, text, place, face, scale, colour, thick, cv2.LINE_AA)


def _frame(page: np.ndarray, box: Box, colour: tuple[int, ...], thick: int) -> None:
    left, top, right, bottom = (pixels(v) for v in box)
    cv2.rectangle(page, (left, top), (right, bottom), colour, thick, cv2.LINE_AA)


def _row(
    page: np.ndarray,
    y: float,
    wide: float,
    lists: tuple[list[Box], list[Box]],
    style: tuple[tuple[int, int, int], int],
    rng: np.random.Generator,
) -> float:
    """One row of fields; returns where the next begins."""
    boxes, checkboxes = lists
    colour, face = style
    thick = int(rng.integers(2, 5))
    kind = rng.choice(["box", "comb", "boxes", "ticks", "text"], p=[0.34, 0.2, 0.2, 0.16, 0.1])
    if kind == "text":
        _print(page, _sentence(rng), (22, y + 3), float(rng.uniform(1.8, 2.6)), colour, face)
        return y + 7
    x = 22.0
    while x < wide - 60:
        label = " ".join(rng.choice(_WORDS, int(rng.integers(1, 4)))).capitalize()
        _print(page, label, (x, y + 2.5), 2.1, colour, face)
        if kind == "ticks":
            box = (x, y + 4.5, x + 4.5, y + 9.0)
            _frame(page, box, colour, thick)
            checkboxes.append(box)
            _print(page, str(rng.choice(_WORDS)), (x + 6, y + 8.5), 2.4, colour, face)
            x += 30
            continue
        cells = int(rng.integers(3, 9))
        gap = 1.0 if kind == "boxes" else 0.0
        step = 6.0 + gap if kind != "box" else float(rng.uniform(50, 90)) / cells
        if kind == "box":
            box = (x, y + 4, x + step * cells, y + 12)
            _frame(page, box, colour, thick)
            boxes.append(box)
        for k in range(cells if kind != "box" else 0):
            box = (x + k * step, y + 4, x + k * step + 6.0, y + 12)
            _frame(page, box, colour, thick)
            boxes.append(box)
        x += step * cells + float(rng.uniform(5, 14))
    return y + float(rng.uniform(14.5, 19))
