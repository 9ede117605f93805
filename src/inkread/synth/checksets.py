"""Whole sets of simulated checks, on disk: what `inkread data make checks` writes.

A folder holds JPEG files, `labels.csv` (file, label, writer, source: the label is the amount in plain digits,
empty where figures and words differ on purpose) and `checks.jsonl` with all that is known of each check, one
JSON object a line: file, amount, legal_amount, differ, courtesy, legal, date, payee, turn, places, writer,
about. Check i depends on the seed and on i alone.
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
from inkread.synth.checks import Check, Writers, render

__all__ = ["STREAM", "checks", "told", "write"]

STREAM = 23
"""Keeps these checks' random numbers apart from those of other sets with the same seed."""
_QUALITY = 93


def checks(which: tuple[int, int], writers: Writers, differ: float = 0.0) -> Iterator[Check]:
    """The checks of a set, one by one.

    Args:
        which: the seed, and how many.
        writers: the hands.
        differ: share of the checks whose two amounts differ on purpose.
    """
    seed, count = which
    for i in range(count):
        rng = np.random.default_rng([seed, STREAM, i])
        yield render(rng, writers, differ=rng.random() < differ)


def told(check: Check, file: str) -> dict[str, Any]:
    """All that is known of a check, as plain JSON values."""
    texts = check.texts
    return {
        "file": file,
        "amount": f"{texts.cents / 100:.2f}",
        "legal_amount": f"{texts.legal_cents / 100:.2f}",
        "differ": texts.cents != texts.legal_cents,
        "courtesy": texts.courtesy,
        "legal": texts.legal,
        "date": texts.date,
        "payee": texts.payee,
        "turn": check.turn,
        "places": {name: [[round(x, 1), round(y, 1)] for x, y in c] for name, c in check.places.items()},
        "writer": check.writer,
        "about": check.about,
    }


def write(which: tuple[int, int], writers: Writers, differ: float, output: Path) -> Path:
    """Make a set and write it.

    Args:
        which: the seed, and how many.
        writers: the hands.
        differ: share of the checks whose two amounts differ on purpose.
        output: a folder that is not there yet or is empty.

    Returns:
        The path of `labels.csv`.

    Raises:
        UsageError: the count is out of range.
        DataError: the output exists already, or cannot be written.
    """
    if which[1] < 1:
        raise UsageError(f"a set of {which[1]} checks cannot be made; give 1 or more")
    if output.exists() and (output.is_file() or any(output.iterdir())):
        raise DataError(f"{output} exists already; delete it, or give another name")
    try:
        return _folder(which, writers, differ, output)
    except OSError as error:
        raise DataError(f"{output} cannot be written: {error.strerror or error}") from error


def _folder(which: tuple[int, int], writers: Writers, differ: float, output: Path) -> Path:
    """Write pictures and their tables; `labels.csv` comes last, so that a broken run leaves none."""
    output.mkdir(parents=True, exist_ok=True)
    rows, known = io.StringIO(), []
    table = csv.writer(rows, lineterminator="\n")
    table.writerow(["file", "label", "writer", "source"])
    for i, check in enumerate(checks(which, writers, differ)):
        name = f"{i:06d}.jpg"
        bgr = np.ascontiguousarray(check.rgb[..., ::-1])
        _, code = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
        (output / name).write_bytes(code.tobytes())
        facts = told(check, name)
        known.append(json.dumps(facts, ensure_ascii=False))
        table.writerow([name, "" if facts["differ"] else facts["amount"], check.writer, check.about])
    (output / "checks.jsonl").write_text("\n".join(known) + "\n", encoding="utf-8")
    partial = output / ".labels.csv.partial"
    partial.write_text(rows.getvalue(), encoding="utf-8")
    return partial.replace(output / "labels.csv")
