"""A contact sheet of what augmentation does: an original of each class, and what is made of it.

In: a labelled set and how to vary it. Out: one picture, dark ink on white cards, a row a class.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw

from inkread.data import augment
from inkread.data.labelled import Item, Labelled
from inkread.data.parts import open_parts
from inkread.data.seen import see
from inkread.data.vary import Augment
from inkread.errors import DataError, UsageError, nearest
from inkread.outputs.picture import font, printable

__all__ = ["ROWS", "choose", "sheet", "words"]

ROWS = 12
"""Classes on a sheet; of more, some are drawn by lot."""

_FINE = 2
_CELL, _GAP, _EDGE, _HEAD, _NAMES = 84, 8, 32, 92, 88
_GROUND, _CARD, _FIRST, _LINE = (248, 247, 243), (255, 255, 255), (253, 244, 220), (226, 224, 218)
_WORD, _FAINT, _INK = (38, 42, 54), (122, 126, 138), (30, 34, 60)
_COPIES, _LOTS = 10, 5


@dataclass(frozen=True, slots=True)
class Row:
    """One original.

    Attributes:
        label: of its class.
        image: `(28, 28)` uint8, white on black.
    """

    label: str
    image: np.ndarray


def words(given: list[str]) -> Augment | None:
    """Read "word=number" settings of `Augment`.

    Args:
        given: such as "rotation_range=20" or "zoom_range=0.9,1.2".

    Returns:
        None where nothing is given.

    Raises:
        UsageError: a word is not known, or a number cannot be meant.
    """
    known = [f.name for f in fields(Augment) if f.name not in ("guard", "seed")]
    values: dict[str, float | tuple[float, ...]] = {}
    for setting in given:
        word, equals, text = setting.partition("=")
        if word not in known or not equals:
            raise UsageError(
                f"--vary {setting!r}: expected WORD=NUMBER with a word of {', '.join(known)}"
                f"{nearest(word, known)}"
            )
        try:
            numbers = [int(t) if t.strip().isdigit() else float(t) for t in text.split(",")]
        except ValueError as error:
            raise UsageError(f"--vary {setting!r}: {text!r} is not a number, such as {word}=0.1") from error
        values[word] = numbers[0] if len(numbers) == 1 else tuple(numbers)
    return Augment(**values) if values else None  # type: ignore[arg-type]


def choose(name: str, seed: int) -> tuple[Row, ...]:
    """Draw one picture of each class by lot: of five, the one of median darkness, which is no blot.

    Args:
        name: what `data check` takes, "mnist" among it.
        seed: of the lot.

    Returns:
        At most `ROWS`, sorted by label.

    Raises:
        DataError: the set is missing or broken, or none of the chosen pictures shows anything.
    """
    found = open_parts(name)
    learn = found.get("train") or next(iter(found.values()))
    rng = np.random.default_rng(seed)
    by_label: dict[str, list[Item]] = {}
    for item in learn.items:
        by_label.setdefault(item.label, []).append(item)
    labels = sorted(label for label in by_label if label)
    if len(labels) > ROWS:
        labels = sorted(rng.choice(labels, ROWS, replace=False).tolist())
    lots = [rng.permutation(len(by_label[label]))[:_LOTS] for label in labels]
    chosen = tuple(by_label[label][k] for label, lot in zip(labels, lots, strict=True) for k in lot)
    if not chosen:
        raise DataError(f"{name} has no picture with a label; expected at least one")
    seen = see(Labelled(name, chosen))
    if seen.broken:
        first = min(seen.broken)
        raise DataError(
            f"{seen.names[first]} cannot be opened ({seen.broken[first]}); try inkread data check"
        )
    dark = seen.images.sum(axis=(1, 2), dtype=np.int64)
    rows, first = [], 0
    for label, lot in zip(labels, lots, strict=True):
        mine = np.arange(first, first + len(lot))
        rows.append(Row(label, seen.images[mine[np.argsort(dark[mine])[len(lot) // 2]]]))
        first += len(lot)
    return tuple(rows)


def sheet(rows: tuple[Row, ...], *, name: str, seed: int = 0, vary: Augment | None = None) -> Image.Image:
    """Draw the originals, and ten pictures that augmentation makes of each.

    Args:
        rows: what to vary.
        name: of the set, for the title.
        seed: of all chance.
        vary: how; None for mildly, and as far as the recipe `best` goes.

    Returns:
        An RGB picture.

    Raises:
        UsageError: the labels do not bear such a turn.
    """
    originals = np.stack([row.image for row in rows])
    rng = np.random.default_rng(seed)
    if vary is None:
        mild = [augment.batch(originals, rng, augment.MILD) for _ in range(_COPIES // 2)]
        full = [augment.batch(originals, rng, augment.FULL) for _ in range(_COPIES // 2)]
        copies, heads = [*mild, *full], ("original", "near its source", "as far as other hands go")
    else:
        vary.check(np.array([row.label for row in rows]))
        copies = [vary.vary(originals, rng) for _ in range(_COPIES)]
        heads = ("original", _said(vary), "")
    title = f"{Path(name).name}, seed {seed}"
    return _drawn(rows, np.stack([originals, *copies], axis=1), (title, *heads))


def _said(vary: Augment) -> str:
    """The words that are set."""
    plain = Augment()
    names = [f.name for f in fields(Augment) if f.name not in ("guard", "seed")]
    return ", ".join(f"{n} {getattr(vary, n)}" for n in names if getattr(vary, n) != getattr(plain, n))


def _drawn(rows: tuple[Row, ...], cells: np.ndarray, told: tuple[str, ...]) -> Image.Image:
    """Lay the cells out, twice too large, and shrink, so that edges come out smooth."""
    step = _CELL + _GAP
    left = _EDGE + _NAMES
    middle = left + step + 2 * _GAP
    width = middle + _COPIES * step + _GAP + _EDGE - _GAP
    height = _HEAD + len(rows) * step + _EDGE - _GAP
    image = Image.new("RGB", (width * _FINE, height * _FINE), _GROUND)
    draw = ImageDraw.Draw(image)

    def write(
        at: tuple[float, float], text: str, size: float, colour: tuple[int, int, int], how: str
    ) -> None:
        draw.text((at[0] * _FINE, at[1] * _FINE), text, colour, font(round(size * _FINE)), anchor=how)

    title, *heads = told
    half = middle + _COPIES // 2 * step + _GAP
    write((_EDGE, 36), _cut(printable(title), 90), 19, _WORD, "ls")
    for text, at in zip(heads, (left, middle, half), strict=True):
        write((at, 76), _cut(text, 150), 14, _FAINT, "ls")
    for number, (row, line) in enumerate(zip(rows, cells, strict=True)):
        top = _HEAD + number * step
        name = _cut(printable(row.label), 9)
        write((left - 14, top + _CELL / 2), name, 30 if len(name) < 3 else 15, _WORD, "rm")
        for column, cell in enumerate(line):
            at = left if not column else middle + (column - 1) * step + (_GAP if column > _COPIES // 2 else 0)
            corner = (at * _FINE, top * _FINE)
            image.paste(_card(cell, _FIRST if not column else _CARD), corner)
            edge = (*corner, corner[0] + _CELL * _FINE - 1, corner[1] + _CELL * _FINE - 1)
            draw.rectangle(edge, outline=_LINE, width=_FINE)
    return image.reduce(_FINE)


def _card(cell: np.ndarray, paper: tuple[int, int, int]) -> Image.Image:
    """One picture as dark ink on paper, each pixel still to be seen."""
    side = _CELL * _FINE
    large = (
        cv2.resize(cell, (side, side), interpolation=cv2.INTER_NEAREST).astype(np.float32)[..., None] / 255
    )
    mixed = np.array(paper, np.float32) * (1 - large) + np.array(_INK, np.float32) * large
    return Image.fromarray(np.rint(mixed).astype(np.uint8))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
