"""One training picture: a digit or a reject, photographed by the simulator and normalised as a reader would.

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
from inkread.data.sources import REJECT
from inkread.imaging.ink import extract
from inkread.imaging.learned import find
from inkread.imaging.load import pages
from inkread.imaging.normalize import normalize_ink
from inkread.imaging.rules import remove_rules
from inkread.imaging.segment import find_marks, main_mark
from inkread.runtime.finder import ink_finder
from inkread.synth import camera, conditions, rejects
from inkread.synth.digits import Sample
from inkread.synth.hands import Given, Hands, Mark

__all__ = ["PARTS", "Artist", "Made", "artist"]

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
UPSIDE_DOWN = 0.1
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
        label: 0..9, or `REJECT`.
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
    """

    part: str
    hands: Hands
    bank: rejects.Rejects

    def picture(self, rng: np.random.Generator, share_of_rejects: float) -> Made:
        """One picture; the same state of `rng` gives the same.

        Args:
            rng: where all chance comes from.
            share_of_rejects: chance of something that is not a digit.
        """
        draw = self._reject if rng.random() < share_of_rejects else self._digit
        for _ in range(TRIES):
            made = draw(rng)
            if made is not None:
                return made
        return Made(np.zeros((28, 28), np.uint8), REJECT, -1, 0.0)

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
            share_of_rejects: chance of something that is not a digit.

        Returns:
            uint8 `(height, width, 3)` and what it shows: "0".."9", or "" for no digit.
        """
        if rng.random() < share_of_rejects:
            return self._reject_photo(rng).rgb, ""
        rgb, mark = self._digit_photo(rng)
        return rgb, mark.label

    def _digit_photo(self, rng: np.random.Generator) -> tuple[np.ndarray, Mark]:
        axes = self._axes(rng)
        view = conditions.sample_conditions(rng, axes)
        nib = None if rng.random() < 0.2 else view.nib
        height_px = int(np.clip(view.digit_px, 48, 220))
        mark = self.hands.draw(rng, away="hand" in axes, nib=nib, height_px=height_px)
        return camera.photograph(mark.mask, rng, view), mark

    def _digit(self, rng: np.random.Generator) -> Made | None:
        """A digit; None where nothing stands out, and, for training, where it was lost on the way."""
        rgb, mark = self._digit_photo(rng)
        seen = _normalized(rgb, rng)
        if not seen.any() or (self._trains and _likeness(seen, normalize_ink(mark.mask)) < LOST):
            return None
        return Made(_bytes(seen), int(mark.label), _number(mark.hand), 1.0)

    def _reject_photo(self, rng: np.random.Generator) -> Sample:
        axes = "train" if self._trains else "held_out"
        upside_down = self._trains and rng.random() < UPSIDE_DOWN
        return rejects.render(rng, self.bank, axes, source="turned-180-69" if upside_down else None)

    def _reject(self, rng: np.random.Generator) -> Made | None:
        """Something that is not a digit; None where nothing stands out."""
        sample = self._reject_photo(rng)
        seen = _normalized(sample.rgb, rng)
        if not seen.any():
            return None
        kind = sample.source.partition("-")[0]
        weight = WEIGHTS.get(sample.source, WEIGHTS.get(kind, 1.0))
        return Made(_bytes(seen), REJECT, _number(sample.hand), weight)


@lru_cache(maxsize=1)
def artist(part: str) -> Artist:
    """The artist of a part; MNIST's hands are split as `splits.mnist_train` says.

    Args:
        part: one of `PARTS`.
    """
    images, labels = sources.mnist("train")
    writers = sources.mnist_writers("train")
    if writers is None:
        writers = np.arange(len(labels)) // splits.NEIGHBOURS
    rows = getattr(splits.mnist_train(), part)
    given: Given = "train" if part == "train" else "held_out"
    hands = Hands.load(images[rows], labels[rows], writers[rows], sources.data_folder(), given=given)
    return Artist(part, hands, rejects.Rejects.load(hands, sources.data_folder()))


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
