"""Whole sets of rendered pictures, on disk: what `inkread data make digits` writes.

A folder holds PNG files and `labels.csv` (file, label, writer, axis, source). An archive (`.npz`) holds grey
uint8 `images` of 200 by 200 pixels, `labels` (text), `writers`, `axis` and `source`. Both are what
`inkread evaluate` reads. Picture i depends on the seed and on i alone.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from inkread.errors import DataError, UsageError
from inkread.synth import digits, rejects
from inkread.synth.digits import Sample
from inkread.synth.folders import check_new

__all__ = ["COLUMNS", "SIDE", "Plan", "samples", "write"]

COLUMNS = ("file", "label", "writer", "axis", "source")
SIDE = 200
"""Pixels of the pictures' sides in an `.npz`."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to make.

    Attributes:
        seed: the same seed gives the same pictures.
        count: pictures.
        axes: "train", "held_out" or one axis by name.
        rejects: share of pictures that are not a digit, 0..1.
    """

    seed: int
    count: int
    axes: str = "train"
    rejects: float = 0.0


def samples(plan: Plan, bank: rejects.Rejects) -> Iterator[Sample]:
    """The pictures of a plan, one by one.

    Args:
        plan: what to make.
        bank: hands and reject material.
    """
    for i in range(plan.count):
        rng = np.random.default_rng([plan.seed, i])
        if rng.random() < plan.rejects:
            yield rejects.render(rng, bank, plan.axes)
        else:
            yield digits.render(rng, bank.hands, plan.axes)


def write(plan: Plan, bank: rejects.Rejects, output: Path) -> Path:
    """Make a set and write it.

    Args:
        plan: what to make.
        bank: hands and reject material.
        output: a folder that is not there yet or is empty, or a file that ends in `.npz`.

    Returns:
        The path of `labels.csv`, or of the archive.

    Raises:
        UsageError: the plan is out of range.
        DataError: the output exists already, or cannot be written.
    """
    if plan.count < 1 or not 0 <= plan.rejects <= 1:
        raise UsageError(
            f"a set of {plan.count} pictures with a share of {plan.rejects} rejects cannot be made; "
            "give a count of 1 or more and a share from 0 to 1"
        )
    check_new(output)
    try:
        return _archive(plan, bank, output) if output.suffix == ".npz" else _folder(plan, bank, output)
    except OSError as error:
        raise DataError(f"{output} cannot be written: {error.strerror or error}") from error


def _folder(plan: Plan, bank: rejects.Rejects, output: Path) -> Path:
    """Write pictures and their table; the table comes last, so that a broken run leaves none."""
    output.mkdir(parents=True, exist_ok=True)
    partial = output / ".labels.csv.partial"
    with partial.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(COLUMNS)
        for i, sample in enumerate(samples(plan, bank)):
            name = f"{i:06d}.png"
            _, code = cv2.imencode(".png", np.ascontiguousarray(sample.rgb[..., ::-1]))
            (output / name).write_bytes(code.tobytes())
            table.writerow([name, sample.label, sample.hand, sample.axis, sample.source])
    return partial.replace(output / "labels.csv")


def _archive(plan: Plan, bank: rejects.Rejects, output: Path) -> Path:
    """Write an archive of grey pictures of one size."""
    images = np.empty((plan.count, SIDE, SIDE), np.uint8)
    told: list[tuple[str, str, str, str]] = []
    for i, sample in enumerate(samples(plan, bank)):
        images[i] = _square(sample.rgb)
        told.append((sample.label, sample.hand, sample.axis, sample.source))
    labels, writers, axis, source = map(np.array, zip(*told, strict=True))
    output.parent.mkdir(parents=True, exist_ok=True)
    partial = output.with_name(f".{output.name}.partial")
    with partial.open("wb") as file:
        np.savez_compressed(file, images=images, labels=labels, writers=writers, axis=axis, source=source)
    return partial.replace(output)


def _square(rgb: np.ndarray) -> np.ndarray:
    """A picture in grey, made to fit a square; what is missing repeats the picture's edge."""
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    height, width = grey.shape
    factor = SIDE / max(height, width)
    if factor < 1:
        size = (max(1, round(width * factor)), max(1, round(height * factor)))
        grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    down, right = SIDE - grey.shape[0], SIDE - grey.shape[1]
    return np.asarray(
        cv2.copyMakeBorder(
            grey, down // 2, down - down // 2, right // 2, right - right // 2, cv2.BORDER_REPLICATE
        )
    )
