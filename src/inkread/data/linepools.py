"""What the model `lines` learns from, prepared once and kept: real lines, and lines drawn with fonts.

The real lines are the training parts of the sets under `INKREAD_DATA`; what is drawn has fonts and texts that
are for training. Their validation parts, and drawn lines of fonts and texts held back, choose the weights.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np

from inkread.alphabet import Alphabet, clean
from inkread.data import linesets, sources
from inkread.data.linesets import KEPT_HEIGHT, Strips
from inkread.errors import DataError
from inkread.imaging.strips import STRIP_VERSION, strip
from inkread.synth import lines as drawings

__all__ = ["Stock", "credits", "gather"]

VERSION = 1
"""Raised when the same order gives other lines."""
PROCESSES = 2
CHUNK = 200
HELD_BACK = 400
"""Drawn lines that choose the weights."""
ENGLISH = 0.65
"""Share of the drawn lines that is English; the rest is French."""


@dataclass(frozen=True, slots=True)
class Stock:
    """What a run learns from, and what chooses its weights; every path is of `Strips`.

    Attributes:
        parts: of the batches, by name.
        shares: of each part in a batch.
        held: what is held back, by name.
        chosen_by: which of these choose the weights, each counting the same.
        calibration: names of held-back sets to fit confidences on, such as "lines.tar:val".
    """

    parts: dict[str, Path]
    shares: dict[str, float]
    held: dict[str, Path]
    chosen_by: tuple[str, ...]
    calibration: tuple[str, ...] = ()

    def checksums(self) -> dict[str, str]:
        """A fingerprint of each part."""
        everything = self.parts | {f"{name}_held": path for name, path in self.held.items()}
        return {name: Strips.open(path).checksum() for name, path in everything.items()}


def gather(folder: Path, drawn: int, real: float, alphabet: Alphabet, say: Callable[[str], None]) -> Stock:
    """Prepare what a run learns from, or find it prepared.

    Args:
        folder: keeps it; made where it is not there.
        drawn: lines to draw.
        real: share of real lines in a batch.
        alphabet: lines with other characters are left out.
        say: hears how far it is.

    Raises:
        DataError: there are no real lines, or a set is damaged.
    """
    root = sources.data_folder()
    sets = linesets.archives(root)
    if not sets:
        raise DataError(
            "no real lines to learn from; set INKREAD_DATA to a folder with lines/*.tar (docs/training.md)"
        )
    folder.mkdir(parents=True, exist_ok=True)
    parts = {
        "real": _real(folder, sets, "train", alphabet, say),
        "drawn": _drawn(folder, "train", drawn, alphabet, say),
    }
    held = {
        "real": _real(folder, sets, "val", alphabet, say),
        "drawn": _drawn(folder, "held", HELD_BACK, alphabet, say),
    }
    shares = {"real": real, "drawn": 1 - real}
    return Stock(parts, shares, held, ("real", "drawn"), tuple(f"{path}:val" for path in sets))


def credits() -> list[str]:
    """What the lines are and whose, for a model's card."""
    return [
        "lines of copiste-d-un-jour (BAnQ), testaments-poilus, cremma-mss-19 and -20 (CREMMA, HTR-United) "
        "and stanford-memorials-1905 (PSL-Chartes), training parts (CC BY 4.0)",
        "lines drawn with handwriting fonts (OFL-1.1, Apache-2.0)",
    ]


def _real(folder: Path, sets: list[Path], split: str, alphabet: Alphabet, say: Callable[[str], None]) -> Path:
    """The lines of one split of all sets, as strips."""
    told = {
        "sets": [(p.name, p.stat().st_size) for p in sets],
        "split": split,
        "alphabet": alphabet.characters,
    }
    path = folder / f"real-{split}-{_key(told)}.npy"
    if path.with_suffix(".json").is_file():
        return path
    began = time.monotonic()
    alike = linesets.MOST_ALIKE if split == "train" else 1_000_000
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        parts = list(pool.map(_strips, [(p, split, alike, alphabet) for p in sets]))
    strips = Strips.join(parts)
    say(f"prepared {len(strips)} real lines ({split}) in {time.monotonic() - began:.0f} s")
    return strips.save(path)


def _strips(task: tuple[Path, str, int, Alphabet]) -> Strips:
    """The strips of one set that the alphabet can spell."""
    cv2.setNumThreads(1)
    path, split, alike, alphabet = task
    cleaned = (line._replace(text=clean(line.text)) for line in linesets.read(path, split))
    spelt = (line for line in cleaned if line.text and not alphabet.unknown(line.text))
    named = (line._replace(group=f"{path.stem}/{line.group}") for line in spelt)
    return linesets.stripped(named, alike=alike)


def _drawn(folder: Path, part: str, count: int, alphabet: Alphabet, say: Callable[[str], None]) -> Path:
    """Lines drawn with fonts, as strips."""
    root = sources.data_folder()
    texts = sorted(p.name for p in (root / "texts").glob("*.txt")) if root else []
    told = {"part": part, "count": count, "texts": texts, "drawings": drawings.VERSION}
    path = folder / f"drawn-{part}-{_key(told)}.npy"
    if path.with_suffix(".json").is_file():
        return path
    tasks = [(part, first, min(CHUNK, count - first), alphabet) for first in range(0, count, CHUNK)]
    began = said = time.monotonic()
    parts: list[Strips] = []
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        for strips in pool.map(_draw, tasks):
            parts.append(strips)
            now = time.monotonic()
            if now - said > 30:
                said = now
                left = (now - began) * (len(tasks) / len(parts) - 1)
                say(f"drawing lines: {100 * len(parts) / len(tasks):.0f} %, {left:.0f} s left")
    say(f"drew {count} lines ({part}) in {time.monotonic() - began:.0f} s")
    return Strips.join(parts).save(path)


def _draw(task: tuple[str, int, int, Alphabet]) -> Strips:
    """Draw lines `first` to `first + count` of a part; line i depends on (part, i) alone."""
    cv2.setNumThreads(1)
    part, first, count, alphabet = task
    bank = _bank(part)
    strips, texts, groups = [], [], []
    for number in range(first, first + count):
        rng = np.random.default_rng([3, part == "held", number])
        while True:
            language = "en" if rng.random() < ENGLISH else "fr"
            made = drawings.render(rng, bank, language=language)
            if not alphabet.unknown(made.text) and made.text.strip():
                break
        strips.append(np.rint(strip(made.ink, KEPT_HEIGHT).ink * 255).astype(np.uint8))
        texts.append(made.text)
        groups.append(made.font)
    return Strips.of(strips, texts, groups)


@lru_cache(maxsize=1)
def _bank(part: str) -> drawings.Bank:
    root, held = sources.data_folder(), part == "held"
    if root is None:
        raise DataError("no fonts to draw lines with; set INKREAD_DATA to the data folder")
    return drawings.Bank.load(root, held_out_fonts=held, held_out_texts=held)


def _key(told: Mapping[str, object]) -> str:
    """Twelve hex digits that change when the lines would."""
    everything = {**told, "version": VERSION, "strip": STRIP_VERSION, "height": KEPT_HEIGHT}
    return hashlib.sha256(json.dumps(everything, sort_keys=True).encode()).hexdigest()[:12]
