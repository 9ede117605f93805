"""Whole sets of simulated fields, on disk: what `inkread data make fields` writes, and what is measured on.

A folder holds PNG files and `labels.csv` (file, label, writer, axis, source, suite, format, form, written).
The label is what a reader should say, empty where it must say nothing; `written` is what the hand wrote.
Suites whose name ends in a reason, such as "zip: 4 digits", hold strings that do not fit their format: none
of them may be accepted. Picture i depends on the seed and on i alone.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from inkread.errors import DataError, UsageError
from inkread.formats import find
from inkread.synth import fieldscenes, fieldtexts
from inkread.synth.fieldhands import FieldHands
from inkread.synth.fieldscenes import Order, Scene
from inkread.synth.folders import check_new

__all__ = ["COLUMNS", "STREAM", "SUITES", "Item", "Suite", "items", "write"]

COLUMNS = ("file", "label", "writer", "axis", "source", "suite", "format", "form", "written")
STREAM = 23
"""Keeps these pictures' random numbers apart from those of other sets with the same seed."""
AWAY = 0.5
"""Share of the pictures with a paper, a pen or a light that training never sees."""
FREE = ("none", "none", "underline", "rules")
BOXED = ("boxes", "boxes", "single boxes", "comb")
_TRIES = 6


def _digits(rng: np.random.Generator, count: int) -> str:
    return "".join(str(d) for d in rng.integers(0, 10, count))


def _of(kind: str) -> Callable[[np.random.Generator], str]:
    return lambda rng: fieldtexts.sample(rng, kind)[1]


def _lettered(rng: np.random.Generator) -> str:
    """A ZIP with one letter that is like no digit."""
    place = int(rng.integers(5))
    letter = "ACEFHKMNPRVWX"[int(rng.integers(13))]
    return _digits(rng, place) + letter + _digits(rng, 4 - place)


def _wrong(rng: np.random.Generator) -> str:
    """A routing number whose check digit is wrong."""
    digits = _digits(rng, 8)
    return digits + str((int(fieldtexts.routing(digits)) + int(rng.integers(1, 10))) % 10)


@dataclass(frozen=True, slots=True)
class Suite:
    """One kind of field.

    Attributes:
        share: of a set.
        format: that it is read with.
        forms: kinds of form it is written into.
        text: makes one.
        fits: whether its texts are valid in its format (dates there are); else none may be accepted.
        struck: whether they are struck out.
        touching: whether neighbours touch; None leaves it to the hand.
    """

    share: float
    format: str
    forms: tuple[str, ...]
    text: Callable[[np.random.Generator], str]
    fits: bool = True
    struck: bool = False
    touching: bool | None = None


SUITES = {
    "zip, free": Suite(0.16, "us_zip", FREE, _of("zip")),
    "zip, boxed": Suite(0.16, "us_zip", BOXED, _of("zip")),
    "touching pairs": Suite(0.1, "digits:2", ("none",), lambda rng: _digits(rng, 2), touching=True),
    "8 digits, boxed": Suite(0.12, "digits:8", BOXED, _of("eight")),
    "8 digits, free": Suite(0.06, "digits:8", FREE, _of("eight")),
    "amount": Suite(0.07, "amount", (*FREE, "frame"), _of("amount")),
    "date": Suite(0.07, "date", (*FREE, "frame"), _of("date")),
    "zip: 4 digits": Suite(0.05, "us_zip", (*FREE, *BOXED), lambda rng: _digits(rng, 4), fits=False),
    "zip: 6 digits": Suite(0.05, "us_zip", (*FREE, *BOXED), lambda rng: _digits(rng, 6), fits=False),
    "zip: a letter": Suite(0.05, "us_zip", (*FREE, *BOXED), _lettered, fits=False),
    "zip: struck out": Suite(0.05, "us_zip", (*FREE, *BOXED), _of("zip"), fits=False, struck=True),
    "routing: check digit": Suite(0.06, "routing", (*FREE, *BOXED), _wrong, fits=False),
}
"""Name -> what it is."""


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """A picture of a set.

    Attributes:
        suite: a key of `SUITES`.
        label: what a reader should say.
        scene: the picture, and all that is known of it.
    """

    suite: str
    label: str
    scene: Scene


def items(seed: int, count: int, bank: FieldHands, *, first: int = 0) -> Iterator[Item]:
    """The pictures of a set, one by one.

    Args:
        seed: the same seed gives the same pictures.
        count: how many, those before the first counted.
        bank: the hands that write them.
        first: the number of the first one, so that a set can be made in parts.
    """
    bounds = np.cumsum([suite.share for suite in SUITES.values()])
    for i in range(first, count):
        rng = np.random.default_rng([seed, STREAM, i])
        name = list(SUITES)[int(np.searchsorted(bounds, rng.random() * bounds[-1]))]
        yield _item(name, SUITES[name], bank, rng)


def _item(name: str, suite: Suite, bank: FieldHands, rng: np.random.Generator) -> Item:
    """One picture, its writing all in it."""
    for _ in range(_TRIES):
        text = _text(suite, rng)
        axes = "held_out" if rng.random() < AWAY else "train"
        form = suite.forms[int(rng.integers(len(suite.forms)))]
        order = Order(axes, (text,), form, suite.struck, suite.touching)
        scene = fieldscenes.render(rng, bank, order)
        if scene.rows:
            break
    return Item(name, "" if suite.struck else text, scene)


def _text(suite: Suite, rng: np.random.Generator) -> str:
    """A text of a suite; where its texts fit, one that its format holds: no day that there is not."""
    text, valid = suite.text(rng), find(suite.format).valid
    while suite.fits and not valid(text):
        text = suite.text(rng)
    return text


def write(seed: int, count: int, bank: FieldHands, output: Path) -> Path:
    """Make a set and write it.

    Args:
        seed: the same seed gives the same pictures.
        count: how many.
        bank: the hands that write them.
        output: a folder that is not there yet or is empty.

    Returns:
        The path of `labels.csv`, which comes last, so that a broken run leaves none.

    Raises:
        UsageError: a file was asked for.
        DataError: the folder is not empty, or cannot be written.
    """
    if output.suffix:
        raise UsageError(f"-o is {str(output)!r}; fields come as a folder: give a name without a suffix")
    check_new(output)
    try:
        output.mkdir(parents=True, exist_ok=True)
        partial = output / ".labels.csv.partial"
        with partial.open("w", newline="", encoding="utf-8") as file:
            table = csv.writer(file, lineterminator="\n")
            table.writerow(COLUMNS)
            for i, item in enumerate(items(seed, count, bank)):
                name = f"{i:06d}.png"
                _, code = cv2.imencode(".png", np.ascontiguousarray(item.scene.rgb[..., ::-1]))
                (output / name).write_bytes(code.tobytes())
                table.writerow([name, item.label, *_told(item)])
        return partial.replace(output / "labels.csv")
    except OSError as error:
        raise DataError(f"{output} cannot be written: {error.strerror or error}") from error


def _told(item: Item) -> tuple[str, ...]:
    """What the table says of a picture besides its file and label."""
    scene = item.scene
    source = scene.hand.partition("-")[0]
    written = scene.rows[0].written if scene.rows else ""
    return scene.hand, scene.axis, source, item.suite, SUITES[item.suite].format, scene.form, written
