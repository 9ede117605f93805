"""Drawn English lines and words, of fonts and texts that training never sees: for `lines.py`.

Each is drawn twice from one seed: as the pen leaves it, with the leftovers of its page ("clean"), and on
paper, under a light and through a camera ("photographed"). The two differ in nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from unittest import mock

import cv2
import numpy as np

from inkread.data.labelled import Item
from inkread.evaluation.metrics import edit_distance
from inkread.synth import lines as drawings
from inkread.synth.lines import Bank
from inkread.synth.texts import Texts

PARTS = {
    "english lines, clean": (False, 0.0),
    "english lines, photographed": (False, 1.0),
    "english words, clean": (True, 0.0),
    "english words, photographed": (True, 1.0),
}
"""What a part is called -> whether its texts are single words, and the share that is photographed."""


class _Chosen(Texts):
    """Texts of several words, or single words of letters alone."""

    words_alone = False

    def sample(self, rng: np.random.Generator, language: str | None = None) -> str:
        while True:
            text = super().sample(rng, language)
            if text.isalpha() if self.words_alone else " " in text:
                return text


class _Words(_Chosen):
    words_alone = True


def drawn(root: Path, part: str, n: int, seed: int) -> list[Item]:
    """Draw one part.

    Args:
        root: the data folder, with `fonts/` and `texts/`.
        part: one of `PARTS`.
        n: lines.
        seed: line i depends on (seed, i) alone.

    Returns:
        Items whose writer is the font; pictures are ink on white paper.
    """
    words, photographed = PARTS[part]
    bank = Bank.load(root, held_out_fonts=True, held_out_texts=True)
    texts = (_Words if words else _Chosen)(bank.texts.prose, bank.texts.shares, bank.texts.words)
    items = []
    with mock.patch.object(drawings, "PHOTOGRAPHED", photographed):
        for number in range(n):
            rng = np.random.default_rng([9, int(words), seed, number])
            made = drawings.render(rng, Bank(bank.faces, texts), language="en")
            grey = np.rint(255 * (1 - made.ink)).astype(np.uint8)
            items.append(Item(np.repeat(grey[..., None], 3, 2), made.text, made.font))
    return items


def by_font(items: Sequence[Item], read: Sequence[str]) -> dict[str, float]:
    """The CER of each font, the worst first."""
    edits: dict[str, int] = {}
    sizes: dict[str, int] = {}
    for item, text in zip(items, read, strict=True):
        edits[item.writer] = edits.get(item.writer, 0) + edit_distance(item.label, text)
        sizes[item.writer] = sizes.get(item.writer, 0) + len(item.label)
    return {k: round(edits[k] / sizes[k], 4) for k in sorted(edits, key=lambda k: -edits[k] / sizes[k])}


def sheet(items: Sequence[Item], read: Sequence[str], path: Path, rows: int = 40) -> None:
    """The lines with the most characters wrong, each over its truth and what was read, as one picture."""
    wrong = [edit_distance(i.label, t) / len(i.label) for i, t in zip(items, read, strict=True)]
    strips = []
    for k in np.argsort(wrong)[::-1][:rows].tolist():
        picture = np.asarray(items[k].picture)
        scale = min(1000 / picture.shape[1], 60 / picture.shape[0])
        small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        strip = np.full((110, 1010, 3), 255, np.uint8)
        strip[4 : 4 + small.shape[0], 4 : 4 + small.shape[1]] = small
        for at, said in ((82, f"{items[k].label}   [{items[k].writer}]"), (100, read[k])):
            plain = said.encode("ascii", "replace").decode()
            cv2.putText(strip, plain, (4, at), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (160, 0, 0), 1, cv2.LINE_AA)
        strips.append(strip)
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.concatenate(strips)[..., ::-1])
