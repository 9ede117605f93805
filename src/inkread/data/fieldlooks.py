"""Rows of held-back fields as two looks at their photo have them: what confidences of both are fitted on.

One look finds ink by the network `field-ink`, the other by rules (`imaging.field_rows.find_rows`), as in
reading. A row counts as soon as it shows a part of what is written, for a reader cannot know that it is one;
but not where something speaks against it anyway, such as that it touches the border.
Drawn in pieces that are kept, as in `fieldpools`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from inkread.data import fieldpools
from inkread.data.linesets import Strips
from inkread.imaging.field_rows import FieldRow, find_rows
from inkread.imaging.same_rows import same_rows, shared
from inkread.runtime import shelf
from inkread.synth import fieldscenes
from inkread.synth.fieldscenes import Order, Row

__all__ = ["COUNT", "drawn"]

VERSION = 3
"""Raised when the same order gives other rows."""
COUNT = 9_000
"""Scenes to draw."""
CHUNK = 300
"""Scenes of a piece."""
_SHOWS = 0.3
"""A found row shows a written one where they share so much of the smaller one's box."""


class _Twin(NamedTuple):
    """A row: its strip by each look, its text, and where it is from."""

    first: np.ndarray
    second: np.ndarray
    text: str
    group: str


def drawn(
    folder: Path, say: Callable[[str], None], *, count: int = COUNT, processes: int = fieldpools.PROCESSES
) -> tuple[Strips, Strips]:
    """Draw the rows, or find them drawn.

    Args:
        folder: keeps them; made where it is not there.
        say: hears how far it is.
        count: scenes.
        processes: that draw; the rows do not depend on their number.

    Returns:
        The rows as the first look has them and as the second has them, in one order. A group is
        "HAND|AXES|FORM|KIND".

    Raises:
        DataError: a piece is damaged, or the data folder lacks what the hands are made of.
    """
    model = shelf.path(shelf.FIELD_FINDER).read_bytes()
    key = hashlib.sha256(f"{VERSION} {fieldscenes.VERSION}".encode() + model).hexdigest()[:12]
    pieces = folder / f"looks-{key}"
    pieces.mkdir(parents=True, exist_ok=True)
    numbers = range(-(-count // CHUNK))
    missing = [k for k in numbers if not _paths(pieces, k)[1].with_suffix(".json").is_file()]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as workers:
        for done, _ in enumerate(workers.map(partial(_draw, pieces), missing), 1):
            say(f"drawing fields for two looks: {100 * done / len(missing):.0f} %")
    first, second = zip(*(_paths(pieces, k) for k in numbers), strict=True)
    return Strips.join([Strips.open(p) for p in first]), Strips.join([Strips.open(p) for p in second])


def _paths(folder: Path, number: int) -> tuple[Path, Path]:
    return folder / f"{number:04d}-first.npy", folder / f"{number:04d}-second.npy"


def _draw(folder: Path, number: int) -> None:
    """Draw one piece, and keep it."""
    cv2.setNumThreads(1)
    twins = [twin for k in range(CHUNK) for twin in _scene(np.random.default_rng([9, number, k]))]
    texts, groups = [t.text for t in twins], [t.group for t in twins]
    first, second = _paths(folder, number)
    Strips.of([t.first for t in twins], texts, groups).save(first)
    Strips.of([t.second for t in twins], texts, groups).save(second)


def _scene(rng: np.random.Generator) -> Iterator[_Twin]:
    """The rows of one photo that both looks show."""
    axes = "held_out" if rng.random() < 0.5 else "train"
    scene = fieldscenes.render(rng, fieldpools.hands("calibration"), Order(axes=axes))
    rgb = np.asarray(scene.rgb, np.uint8)
    first, second = fieldpools.learned_rows(rgb), find_rows(rgb)
    for i, j in same_rows([row.box for row in first], [row.box for row in second]):
        if first[i].reasons or second[j].reasons:
            continue
        written = max(scene.rows, key=lambda row: shared(row.box, second[j].box), default=None)
        if written is not None and _shows(written, first[i]) and _shows(written, second[j]):
            group = f"{scene.hand}|{scene.axis}|{scene.form}|{written.kind}"
            here, there = (fieldpools.kept(rgb, row) for row in (first[i], second[j]))
            yield _Twin(here, there, written.text, group)


def _shows(written: Row, found: FieldRow) -> bool:
    return shared(written.box, found.box) >= _SHOWS
