"""Simulated sets as folders: that a folder is new, and pictures with their tables in it.

A labelled set is JPEG files, `labels.csv` (file, label, writer, source), and a file of JSON lines with all
that is known of each picture.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from inkread.errors import DataError

__all__ = ["Item", "check_new", "write_labelled"]

_QUALITY = 93

Item = tuple[np.ndarray, tuple[str, str, str], dict[str, Any]]
"""A picture, uint8 `(height, width, 3)`; its label, writer and source; what else is known of it."""


def check_new(output: Path) -> None:
    """Raise where something stands in the place of a new set.

    Raises:
        DataError: a file, or a folder that is not empty.
    """
    if output.exists() and (output.is_file() or any(output.iterdir())):
        raise DataError(f"{output} exists already; delete it, or give another name")


def write_labelled(output: Path, known: str, items: Iterable[Item]) -> Path:
    """Write pictures and their tables; `labels.csv` comes last, so that a broken run leaves none.

    Args:
        output: a folder that is not there yet or is empty.
        known: name of the file of JSON lines.
        items: the pictures, drawn as they are asked for.

    Returns:
        The path of `labels.csv`.

    Raises:
        DataError: the output exists already, or cannot be written.
    """
    check_new(output)
    try:
        return _written(output, known, items)
    except OSError as error:
        raise DataError(f"{output} cannot be written: {error.strerror or error}") from error


def _written(output: Path, known: str, items: Iterable[Item]) -> Path:
    output.mkdir(parents=True, exist_ok=True)
    rows, facts = io.StringIO(), []
    table = csv.writer(rows, lineterminator="\n")
    table.writerow(["file", "label", "writer", "source"])
    for i, (rgb, labels, told) in enumerate(items):
        name = f"{i:06d}.jpg"
        bgr = np.ascontiguousarray(rgb[..., ::-1])
        _, code = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
        (output / name).write_bytes(code.tobytes())
        facts.append(json.dumps({"file": name} | told, ensure_ascii=False))
        table.writerow([name, *labels])
    (output / known).write_text("\n".join(facts) + "\n", encoding="utf-8")
    partial = output / ".labels.csv.partial"
    partial.write_text(rows.getvalue(), encoding="utf-8")
    return partial.replace(output / "labels.csv")
