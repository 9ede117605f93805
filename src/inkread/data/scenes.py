"""One training picture: a character or a reject, photographed by the simulator, normalised as in reading.

Training sees the hands and conditions that are for training. Validation and calibration see held-out hands
only, most of them under conditions of which some are kept from training too.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from inkread.data import sources, splits
from inkread.decode.characters import CLASSES, DIGITS
from inkread.errors import DataError
from inkread.imaging.ink import extract
from inkread.imaging.learned import find
from inkread.imaging.load import pages
from inkread.imaging.normalize import normalize_ink
from inkread.imaging.rules import remove_rules
from inkread.imaging.segment import find_marks, main_mark
from inkread.runtime.finder import ink_finder
from inkread.synth import camera, conditions, rejects
from inkread.synth.characters import Characters
from inkread.synth.digits import Sample
from inkread.synth.hands import Given, Hands, Mark

__all__ = ["PARTS", "WHAT", "Artist", "Made", "artist"]

WHAT = {"digits": DIGITS, "characters": CLASSES}
"""What can be drawn, and its classes in the order of their labels; the label after the last is a reject."""

PARTS = ("train", "validation", "calibration")
AWAY = 0.3
"""Chance of each axis but the hand to take a held-out family, in validation and calibration."""
LOST = 0.45
"""A digit whose normalised photo resembles the clean mark less than this was lost on the way: a line or a
shadow was taken for it. Training leaves it out; the held-back parts keep it, since users meet it too."""
WEIGHTS = {
    "turned-180-69": 0.4,
    "word": 0.3,
    "print": 0.3,
    "texture": 0.3,
    "bare": 0.3,
    "half": 0.5,
    "corner": 0.5,
    "script": 0.6,
    "glyph": 0.6,
}
"""Rejects that may look like a digit: an upside-down 6, one letter of a word, an edge like a 1. They count
less, so that true digits of that shape stay confident."""
MISTAKABLE = frozenset(
    {
        *("letter", "turned", "half", "corner", "print"),
        *(f"script-{name}" for name in ("greek", "cyrillic", "armenian", "mathematics")),
        *(f"glyph-{name}" for name in ("armenian", "canadian-aboriginal", "cherokee", "coptic", "deseret")),
        *(f"glyph-{name}" for name in ("glagolitic", "gothic", "linear-b", "nko", "old-italic", "osmanya")),
        *(f"glyph-{name}" for name in ("phoenician", "runic", "tifinagh", "vai")),
    }
)
"""Rejects of digits that may be a letter: characters go without them."""
UPSIDE_DOWN = 0.05
"""Share of training's rejects that is a 6 or 9 upside down: some differ from a true 9 or 6. The rest nobody
can tell, so that what is promised is promised of upright pictures."""
FOUND = 0.4
"""Share of the pictures whose ink the finder takes out, as in reading where other ways are unclear."""
TRIES = 8


@dataclass(frozen=True, slots=True)
class Made:
    """A picture and what is known of it.

    Attributes:
        image: `(28, 28)` uint8, white on black.
        label: place among the classes; the one after the last is "none of them".
        group: a number of its hand; -1 where no hand wrote it.
        weight: how much it counts in training.
    """

    image: np.ndarray
    label: int
    group: int
    weight: float


@dataclass(frozen=True, slots=True)
class Artist:
    """Makes pictures for one part.

    Attributes:
        part: one of `PARTS`.
        hands: the hands of that part.
        bank: what its rejects are made of.
        classes: what it draws, in the order of their labels.
    """

    part: str
    hands: Hands
    bank: rejects.Rejects
    classes: str = DIGITS

    def picture(self, rng: np.random.Generator, share_of_rejects: float) -> Made:
        """One picture; the same state of `rng` gives the same.

        Args:
            rng: where all chance comes from.
            share_of_rejects: chance of something that is not a character.
        """
        draw = self._reject if rng.random() < share_of_rejects else self._character
        for _ in range(TRIES):
            made = draw(rng)
            if made is not None:
                return made
        return Made(np.zeros((28, 28), np.uint8), len(self.classes), -1, 0.0)

    def clean(self, rng: np.random.Generator) -> Made:
        """One character as it left the pen: normalised, but never photographed.

        Args:
            rng: where all chance comes from.
        """
        nib = None if rng.random() < 0.3 else float(np.exp(rng.uniform(np.log(0.03), np.log(0.14))))
        mark = self.hands.draw(rng, away=not self._trains, nib=nib, height_px=100)
        return self._made(normalize_ink(mark.mask), mark)

    @property
    def _trains(self) -> bool:
        return self.part == "train"

    def _axes(self, rng: np.random.Generator) -> frozenset[str]:
        """Which axes take a held-out family."""
        if self._trains:
            return frozenset()
        return frozenset({"hand", *(axis for axis in conditions.AXES if rng.random() < AWAY)})

    def photo(self, rng: np.random.Generator, share_of_rejects: float) -> tuple[np.ndarray, str]:
        """One picture as a user would give it, not yet normalised.

        Args:
            rng: where all chance comes from.
            share_of_rejects: chance of something that is not a character.

        Returns:
            uint8 `(height, width, 3)` and what it shows, or "" for no character.
        """
        if rng.random() < share_of_rejects:
            return self._reject_photo(rng).rgb, ""
        rgb, mark = self._character_photo(rng)
        return rgb, mark.label

    def _character_photo(self, rng: np.random.Generator) -> tuple[np.ndarray, Mark]:
        axes = self._axes(rng)
        view = conditions.sample_conditions(rng, axes)
        nib = None if rng.random() < 0.2 else view.nib
        height_px = int(np.clip(view.digit_px, 48, 220))
        mark = self.hands.draw(rng, away="hand" in axes, nib=nib, height_px=height_px)
        return camera.photograph(mark.mask, rng, view), mark

    def _character(self, rng: np.random.Generator) -> Made | None:
        """A character; None where nothing stands out, and, for training, where it was lost on the way."""
        rgb, mark = self._character_photo(rng)
        seen = _normalized(rgb, rng)
        if not seen.any() or (self._trains and _likeness(seen, normalize_ink(mark.mask)) < LOST):
            return None
        return self._made(seen, mark)

    def _made(self, seen: np.ndarray, mark: Mark) -> Made:
        return Made(_bytes(seen), self.classes.index(mark.label), _number(mark.hand), 1.0)

    def _reject_photo(self, rng: np.random.Generator) -> Sample:
        axes = "train" if self._trains else "held_out"
        upside_down = self._trains and self.classes == DIGITS and rng.random() < UPSIDE_DOWN
        return rejects.render(rng, self.bank, axes, source="turned-180-69" if upside_down else None)

    def _reject(self, rng: np.random.Generator) -> Made | None:
        """Something that is not a character; None where nothing stands out."""
        sample = self._reject_photo(rng)
        seen = _normalized(sample.rgb, rng)
        if not seen.any():
            return None
        kind = sample.source.partition("-")[0]
        weight = WEIGHTS.get(sample.source, WEIGHTS.get(kind, 1.0))
        return Made(_bytes(seen), len(self.classes), _number(sample.hand), weight)


@lru_cache(maxsize=1)
def artist(part: str, what: str = "digits") -> Artist:
    """The artist of a part; MNIST's hands are split as `splits.mnist_train` says.

    Args:
        part: one of `PARTS`.
        what: a key of `WHAT`.

    Raises:
        DataError: a set is damaged, or there are no letters to draw.
    """
    images, labels = sources.mnist("train")
    writers = sources.mnist_writers("train")
    if writers is None:
        writers = np.arange(len(labels)) // splits.NEIGHBOURS
    rows = getattr(splits.mnist_train(), part)
    given: Given = "train" if part == "train" else "held_out"
    hands = Hands.load(images[rows], labels[rows], writers[rows], sources.data_folder(), given=given)
    if what == "digits":
        return Artist(part, hands, rejects.Rejects.load(hands, sources.data_folder()))
    hands = Characters.gather(hands, sources.data_folder())
    missing = [c for c in CLASSES if c not in hands.labels]
    if missing:
        raise DataError(
            f"nothing to draw {len(missing)} letters with (the first is {missing[0]!r}); set INKREAD_DATA to "
            "a folder with characters/ and fonts/ (docs/characters.md)"
        )
    bank = rejects.Rejects.load(hands, sources.data_folder(), MISTAKABLE)
    return Artist(part, hands, bank, WHAT[what])


def _normalized(rgb: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The main mark of a photo as the network sees it, `(28, 28)`; all zero where nothing stands out."""
    page = next(pages(rgb))
    ink = find(page.rgb, ink_finder()) if rng.random() < FOUND else extract(page.rgb)
    mark = main_mark(find_marks(remove_rules(ink.ink))) if ink.contrast else None
    return normalize_ink(mark.ink if mark else np.zeros((1, 1), np.float32))


def _likeness(one: np.ndarray, other: np.ndarray) -> float:
    """How alike two `(28, 28)` pictures are, 0..1, small turns and shifts forgiven."""
    a, b = (cv2.GaussianBlur(image, (0, 0), 1.6).ravel() for image in (one, other))
    return float(a @ b / max(float(np.linalg.norm(a) * np.linalg.norm(b)), 1e-9))


def _bytes(seen: np.ndarray) -> np.ndarray:
    """0..1 as uint8."""
    return np.rint(seen * 255).astype(np.uint8)


def _number(hand: str) -> int:
    """A hand's name as a number; -1 for none."""
    return zlib.crc32(hand.encode()) if hand else -1
