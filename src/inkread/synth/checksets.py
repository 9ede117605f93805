"""Whole sets of simulated checks, on disk: what `inkread data make checks` writes.

A folder holds JPEG files, `labels.csv` (file, label, writer, source: the label is the amount in plain digits,
empty where figures and words differ on purpose) and `checks.jsonl` with all that is known of each check, one
JSON object a line: file, amount, legal_amount, differ, courtesy, legal, date, payee, turn, places, writer,
about. Check i depends on the seed and on i alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from inkread.errors import UsageError
from inkread.synth.checks import Check, Writers, render
from inkread.synth.folders import Item, write_labelled

__all__ = ["STREAM", "checks", "told", "write"]

STREAM = 23
"""Keeps these checks' random numbers apart from those of other sets with the same seed."""


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


def told(check: Check) -> dict[str, Any]:
    """All that is known of a check but its file, as plain JSON values."""
    texts = check.texts
    return {
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
    return write_labelled(output, "checks.jsonl", map(_item, checks(which, writers, differ)))


def _item(check: Check) -> Item:
    facts = told(check)
    return check.rgb, ("" if facts["differ"] else facts["amount"], check.writer, check.about), facts
