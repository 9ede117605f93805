"""The lines of an address, cut out of a piece of mail as networks see them, and the ends of each.

In: an `AddressBlock`. Out: `AddressLine`s, each with its ink, its strip and what the reader of lines says to
it, and for each the `End`s that may be a ZIP.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inkread.imaging.address_block import AddressBlock, enlarged
from inkread.imaging.field_rows import find_rows
from inkread.imaging.flat_sheet import taken
from inkread.imaging.ink import Assumption, extract, polarity
from inkread.imaging.line_ends import line_ends
from inkread.imaging.strips import STRIDE, Strip, strip
from inkread.imaging.textlines import TextLine
from inkread.readers.text import Piece, Source
from inkread.runtime.linewise import LineRecognizer

__all__ = ["AddressLine", "End", "ends", "looked_at"]

Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class AddressLine:
    """A line of an address.

    Attributes:
        crop: uint8 `(height, width, 3)`, level.
        piece: its ink, of the crop's size.
        strip: what networks see of it.
        logits: `(frames, classes)`, of the reader of lines; None where none ships.
        reader: which reader; None where none ships.
    """

    crop: NDArray[np.uint8]
    piece: Piece
    strip: Strip
    logits: NDArray[np.float32] | None
    reader: LineRecognizer | None

    def frame(self, x: float) -> int:
        """The frame of `logits` in which a column of the crop is seen."""
        frames = 0 if self.logits is None else len(self.logits)
        return int(np.clip(round((x - self.strip.left) * self.strip.scale / STRIDE), 0, frames))


@dataclass(frozen=True, slots=True, eq=False)
class End:
    """What may be the last word of a line.

    Attributes:
        piece: the ink of that word alone.
        left: the column of the line's crop where it begins.
    """

    piece: Piece
    left: float


def looked_at(block: AddressBlock, reader: LineRecognizer | None) -> tuple[AddressLine, ...]:
    """The lines of an address, cut out and read.

    Args:
        block: the address.
        reader: of lines; None leaves them unread.
    """
    crops = [_cut(block, line) for line in block.lines]
    strips = [strip(piece.ink) for _, piece in crops]
    answers = reader.logits([found.ink for found in strips]) if reader else [None] * len(strips)
    return tuple(
        AddressLine(crop, piece, seen, logits, reader)
        for (crop, piece), seen, logits in zip(crops, strips, answers, strict=True)
    )


def ends(line: AddressLine) -> list[End]:
    """What may be the ZIP of a line, from the longest to the shortest."""
    rows = find_rows(line.crop)
    if not rows:
        return []
    row = max(rows, key=lambda r: (r.box[2] - r.box[0]) * (r.box[3] - r.box[1]))

    def back(points: Points) -> Points:
        return line.piece.back(row.back(points))

    found, source = [], Source(line.crop, row.to_picture)
    for end in line_ends(row.ink):
        left = float(strip(end.ink).left)
        found.append(
            End(
                Piece(end.ink, back, source=source),
                float(row.back(np.array([[left, end.ink.shape[0] / 2]]))[0, 0]),
            )
        )
    return found


def _cut(block: AddressBlock, line: TextLine) -> tuple[NDArray[np.uint8], Piece]:
    """A line's crop, and its ink with the way back to the picture."""
    crop, back = enlarged(block, line)
    outline = taken(np.array(line.polygon, np.float64), block.flat.to_picture)
    corners = tuple((float(x), float(y)) for x, y in outline)
    return crop, Piece(extract(crop, Assumption(polarity(crop) < 0)).ink, back, corners)
