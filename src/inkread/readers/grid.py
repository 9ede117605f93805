"""Read what stands in the cells of a ruled grid, one character a cell; empty cells stay empty.

In: a `Picture` and a recognizer. Out: a `GridTrace`: the grid, and a reading for every cell. A photo that
lies sideways or upside down is read the way round in which its characters are the clearest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inkread.decode.confidence import probabilities
from inkread.imaging.grid import Grid, find_grid
from inkread.imaging.grid_cells import Ruling, cell_inks
from inkread.imaging.load import Picture
from inkread.imaging.normalize import SIDE, normalize_ink
from inkread.imaging.segment import find_marks, main_mark
from inkread.runtime.recognizer import Recognizer
from inkread.types import Alternative, Box, Character, Reading, Status

__all__ = ["GridTrace", "GridWay", "read_grid"]

_CELL, _MARGIN = 64, 12
"""Side of a flat cell and the rim around the grid, pixels."""
_ASKED = 30
"""So many cells tell which way round a picture is."""
_TURNED = 0.08
"""Another way round is taken where its characters are surer by this much on average."""


@dataclass(frozen=True, slots=True)
class GridWay:
    """How a grid is read.

    Attributes:
        recognizer: gives ten digits and, where it can, "not a digit".
        threshold: the least confidence at which a reading is accepted.
        rows: how many rows of cells the grid has; None finds out.
        columns: how many columns it has; None finds out.
        allowed: what may stand in a cell, of the recognizer's classes.
    """

    recognizer: Recognizer
    threshold: float
    rows: int | None = None
    columns: int | None = None
    allowed: str = "0123456789"


@dataclass(frozen=True, slots=True, eq=False)
class GridTrace:
    """Everything that led to the readings of a grid.

    Attributes:
        rgb: uint8 `(height, width, 3)`, the picture as it was looked at.
        grid: its first crossing the upper left one as the characters stand; None where none was found.
        flat: uint8, the grid laid flat, upright; empty where there is none.
        quarters: quarter turns clockwise after which the characters stand upright.
        readings: row by row, one a cell, named "r1c1" and so on; an empty cell is an accepted reading without
            text, whose confidence of 1 is no measured one. Where no grid was found, one refused reading.
        crops: float32 `(n, 28, 28)`, what the network was given of each reading; zero of empty cells.
        kind: "grid".
    """

    rgb: NDArray[np.uint8]
    grid: Grid | None
    flat: NDArray[np.uint8]
    quarters: int
    readings: tuple[Reading, ...]
    crops: NDArray[np.float32]
    kind: str = "grid"

    @property
    def texts(self) -> list[list[str]]:
        """A list a row, with what every cell says: its reading's best guess, empty of an empty cell."""
        columns = self.grid.columns if self.grid else 1
        texts = [r.guess for r in self.readings]
        return [texts[k : k + columns] for k in range(0, len(texts), columns)] if self.grid else []


def read_grid(picture: Picture, way: GridWay) -> GridTrace:
    """Find the grid of a picture and read its cells.

    Args:
        picture: as it is; a grid that lies sideways is turned.
        way: recognizer, threshold, and what is known of the grid.
    """
    found = find_grid(picture.rgb, way.rows, way.columns)
    if found is None:
        size = (
            ""
            if way.rows is None or way.columns is None
            else f" of {way.rows} rows and {way.columns} columns"
        )
        whole = Box(0, 0, picture.width, picture.height)
        none = Reading(
            "", 0.0, "refused", f"no grid{size} was found; photograph it whole and from above", whole
        )
        return GridTrace(
            picture.rgb,
            None,
            np.zeros((0, 0, 3), np.uint8),
            0,
            (none,),
            np.zeros((1, SIDE, SIDE), np.float32),
        )
    flat = found.flat(picture.rgb, _CELL, _MARGIN)
    inks = cell_inks(flat, Ruling(found.rows, found.columns, _CELL, _MARGIN))
    marks = [[None if ink is None else _main(ink) for ink in row] for row in inks]
    quarters = _upright(marks, way) if way.rows == way.columns or None in (way.rows, way.columns) else 0
    grid = found.turned(quarters)
    order = np.rot90(np.arange(found.rows * found.columns).reshape(found.rows, found.columns), -quarters)
    cells = [marks[k // found.columns][k % found.columns] for k in order.ravel().tolist()]
    crops = _crops(cells, quarters)
    told = probabilities(way.recognizer.logits(crops[..., None]), way.recognizer.metadata.calibration)
    readings = tuple(
        _reading(None if cells[k] is None else told[k], divmod(k, grid.columns), (picture, grid, way))
        for k in range(len(cells))
    )
    upright = np.ascontiguousarray(np.rot90(flat, -quarters))
    return GridTrace(picture.rgb, grid, upright, quarters, readings, crops)


def _main(ink: NDArray[np.float32]) -> NDArray[np.float32] | None:
    """The main mark of a cell; None where there is none."""
    mark = main_mark(find_marks(ink))
    return None if mark is None else mark.ink


def _crops(cells: list[NDArray[np.float32] | None], quarters: int) -> NDArray[np.float32]:
    """What the network is given of each cell, turned clockwise; zero of empty ones."""
    empty = np.zeros((SIDE, SIDE), np.float32)
    return np.stack(
        [empty if c is None else normalize_ink(np.ascontiguousarray(np.rot90(c, -quarters))) for c in cells]
    )


def _upright(marks: list[list[NDArray[np.float32] | None]], way: GridWay) -> int:
    """By how many quarters clockwise the picture must be turned for its characters to stand upright."""
    there = [mark for row in marks for mark in row if mark is not None]
    if not there:
        return 0
    some = there[:: max(1, len(there) // _ASKED)]
    meta, sure = way.recognizer.metadata, []
    for quarters in range(4):
        logits = way.recognizer.logits(_crops(list(some), quarters)[..., None])
        sure.append(float(probabilities(logits, meta.calibration)[:, : meta.digits].max(1).mean()))
    best = int(np.argmax(sure))
    return best if sure[best] > sure[0] + _TURNED else 0


def _reading(
    shares: NDArray[np.float64] | None, place: tuple[int, int], given: tuple[Picture, Grid, GridWay]
) -> Reading:
    """What a cell says; `shares` is None of an empty one."""
    picture, grid, way = given
    meta, name = way.recognizer.metadata, f"r{place[0] + 1}c{place[1] + 1}"
    box, corners = _place(grid, place, picture)
    if shares is None:
        return Reading("", 1.0, "accepted", "", box, corners, name=name)
    options = sorted(
        (
            Alternative(meta.classes[k], float(shares[k]))
            for k in range(meta.digits)
            if meta.classes[k] in way.allowed
        ),
        key=lambda option: -option.confidence,
    )
    status, reason = _verdict(shares, options, way)
    text = "" if status == "refused" else options[0].text
    return Reading(
        text,
        options[0].confidence,
        status,
        reason,
        box,
        corners,
        (options[0], *(o for o in options[1:4] if o.confidence >= 0.001)),
        (Character(text, options[0].confidence, box),) if text else (),
        name=name,
    )


def _verdict(shares: NDArray[np.float64], options: list[Alternative], way: GridWay) -> tuple[Status, str]:
    meta = way.recognizer.metadata
    free, other = meta.classes[int(shares[: meta.digits].argmax())], 1.0 - float(shares[: meta.digits].sum())
    if other > 0.5:
        return "refused", f"does not look like a digit (best guess {options[0].text})"
    if free != options[0].text:
        return "review", f"reads {free}, which may not stand here"
    if options[0].confidence >= way.threshold:
        return "accepted", ""
    second = options[1] if len(options) > 1 else None
    if second and second.confidence > 0.5 * (1 - options[0].confidence):
        return "review", f"could also be {second.text} ({second.confidence:.0%})"
    return "review", "not sure enough for the error target"


def _place(
    grid: Grid, place: tuple[int, int], picture: Picture
) -> tuple[Box, tuple[tuple[float, float], ...]]:
    """The box around a cell and its corners, in the user's picture."""
    corners = grid.cell(*place) + 0.5
    there = corners @ picture.to_user[:, :2].T + picture.to_user[:, 2]
    x, y = there.T
    left, top = max(0, int(np.floor(x.min()))), max(0, int(np.floor(y.min())))
    right, bottom = min(picture.width, int(np.ceil(x.max()))), min(picture.height, int(np.ceil(y.max())))
    left, top = min(left, picture.width - 1), min(top, picture.height - 1)
    box = Box(left, top, max(right, left + 1), max(bottom, top + 1))
    return box, tuple((float(a), float(b)) for a, b in there)
