"""Whole sets of simulated mail, on disk: what `inkread data make mail` writes.

A folder holds JPEG files, `labels.csv` (file, label, writer, source: the label is the ZIP, empty where there
is none) and `mail.jsonl` with all that is known of each piece, one JSON object a line: file, zip, state,
written_state, city, lines, is_printed, turn, block, line_corners, zip_corners, writer, about. Piece i depends
on the seed and on i alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from inkread.errors import UsageError
from inkread.synth import mail
from inkread.synth.folders import write_labelled

__all__ = ["STREAM", "pieces", "told", "write"]

STREAM = 17
"""Keeps these pieces' random numbers apart from those of other sets with the same seed."""


def pieces(seed: int, count: int, bank: mail.Bank) -> Iterator[mail.Piece]:
    """The pieces of a set, one by one.

    Args:
        seed: the same seed gives the same pieces.
        count: how many.
        bank: hands.
    """
    for i in range(count):
        yield mail.render(np.random.default_rng([seed, STREAM, i]), bank)


def told(piece: mail.Piece) -> dict[str, Any]:
    """All that is known of a piece but its file, as plain JSON values."""

    def rounded(corners: mail.Corners) -> list[list[float]]:
        return [[round(x, 1), round(y, 1)] for x, y in corners]

    found = piece.address
    return {
        "zip": found.zip,
        "state": found.state,
        "written_state": found.written_state,
        "city": found.city,
        "lines": list(found.full_lines),
        "is_printed": piece.is_printed,
        "turn": piece.turn,
        "block": rounded(piece.block),
        "line_corners": [rounded(line) for line in piece.lines],
        "zip_corners": rounded(piece.zip_corners) if piece.zip_corners else None,
        "writer": piece.writer,
        "about": piece.about,
    }


def write(seed: int, count: int, bank: mail.Bank, output: Path) -> Path:
    """Make a set and write it.

    Args:
        seed: the same seed gives the same pieces.
        count: how many.
        bank: hands.
        output: a folder that is not there yet or is empty.

    Returns:
        The path of `labels.csv`.

    Raises:
        UsageError: the count is out of range.
        DataError: the output exists already, or cannot be written.
    """
    if count < 1:
        raise UsageError(f"a set of {count} pieces of mail cannot be made; give 1 or more")
    items = (
        (piece.rgb, (piece.address.zip, piece.writer, piece.about), told(piece))
        for piece in pieces(seed, count, bank)
    )
    return write_labelled(output, "mail.jsonl", items)
