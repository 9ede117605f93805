"""Whole sets of simulated mail, on disk: what `inkread data make mail` writes.

A folder holds JPEG files, `labels.csv` (file, label, writer, source: the label is the ZIP, empty where there
is none) and `mail.jsonl` with all that is known of each piece, one JSON object a line: file, zip, state,
written_state, city, lines, is_printed, turn, block, line_corners, zip_corners, writer, about. Piece i depends
on the seed and on i alone.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from inkread.errors import DataError, UsageError
from inkread.synth import mail

__all__ = ["STREAM", "pieces", "told", "write"]

STREAM = 17
"""Keeps these pieces' random numbers apart from those of other sets with the same seed."""
_QUALITY = 93


def pieces(seed: int, count: int, bank: mail.Bank) -> Iterator[mail.Piece]:
    """The pieces of a set, one by one.

    Args:
        seed: the same seed gives the same pieces.
        count: how many.
        bank: hands.
    """
    for i in range(count):
        yield mail.render(np.random.default_rng([seed, STREAM, i]), bank)


def told(piece: mail.Piece, file: str) -> dict[str, Any]:
    """All that is known of a piece, as plain JSON values."""

    def rounded(corners: mail.Corners) -> list[list[float]]:
        return [[round(x, 1), round(y, 1)] for x, y in corners]

    found = piece.address
    return {
        "file": file,
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
    if output.exists() and (output.is_file() or any(output.iterdir())):
        raise DataError(f"{output} exists already; delete it, or give another name")
    try:
        return _folder(seed, count, bank, output)
    except OSError as error:
        raise DataError(f"{output} cannot be written: {error.strerror or error}") from error


def _folder(seed: int, count: int, bank: mail.Bank, output: Path) -> Path:
    """Write pictures and their tables; `labels.csv` comes last, so that a broken run leaves none."""
    output.mkdir(parents=True, exist_ok=True)
    rows, known = io.StringIO(), []
    table = csv.writer(rows, lineterminator="\n")
    table.writerow(["file", "label", "writer", "source"])
    for i, piece in enumerate(pieces(seed, count, bank)):
        name = f"{i:06d}.jpg"
        bgr = np.ascontiguousarray(piece.rgb[..., ::-1])
        _, code = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
        (output / name).write_bytes(code.tobytes())
        known.append(json.dumps(told(piece, name), ensure_ascii=False))
        table.writerow([name, piece.address.zip, piece.writer, piece.about])
    (output / "mail.jsonl").write_text("\n".join(known) + "\n", encoding="utf-8")
    partial = output / ".labels.csv.partial"
    partial.write_text(rows.getvalue(), encoding="utf-8")
    return partial.replace(output / "labels.csv")
