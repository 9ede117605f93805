"""Digits by many hands, as high-resolution coverage masks: the marks that `camera` photographs.

A hand is one way of writing: an MNIST writer, a block of hnd62, a font, or a drawn hand (its own slant,
width and choice of shapes, from its number). Some hands are held out by a hash of their name, so that a
test can ask for hands that training has never seen. Masks are float32 `(height, width)` in 0..1, cut to the
ink with a small margin.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import cv2
import numpy as np

from inkread.errors import DataError
from inkread.synth import fonts, pens, shapes

__all__ = [
    "DIGITS",
    "DRAWN_HANDS",
    "Hands",
    "Mark",
    "Written",
    "drawn",
    "enlarged",
    "held_out",
    "ink_of_grey",
    "varied",
]

DIGITS = "0123456789"
DRAWN_HANDS = 6000
"""How many drawn hands there are."""

SHARES = {"mnist": 0.36, "drawn": 0.38, "hnd62": 0.11, "font": 0.15}
HND62_LAST = 10
"""Pictures at the end of each class of hnd62 that no training sees: they are held-out hands here."""

HND62_SPOILT = frozenset({2074, 2243})
"""Rows of hnd62 whose digit is cut off or too faint to be told from another (looked at)."""

LOOPS = {"0": 1, "6": 1, "8": 2, "9": 1}
"""Digits that enclose something, and how many times."""

Given = Literal["split", "train", "held_out"]


def held_out(hand: str) -> bool:
    """Say whether a hand is kept away from training: one in seven, decided by its name alone."""
    return zlib.crc32(hand.encode()) % 7 == 0


@dataclass(frozen=True, slots=True)
class Mark:
    """One digit on nothing.

    Attributes:
        mask: float32 `(h, w)` in 0..1, ink coverage.
        label: "0".."9".
        hand: who wrote it, such as "mnist-512", "font-caveat" or "drawn-17".
        source: "mnist", "hnd62", "font" or "drawn".
    """

    mask: np.ndarray
    label: str
    hand: str
    source: str


@dataclass(frozen=True, slots=True)
class Written:
    """Digits that somebody wrote: pictures, white ink on black, one shape for all of a source.

    Attributes:
        source: name of the source.
        images: `(n, h, w)` uint8, 255 where inked.
        labels: `(n,)` 0..9.
        hands: `(n,)` names.
        away: `(n,)` bool, True where the hand is held out.
    """

    source: str
    images: np.ndarray
    labels: np.ndarray
    hands: np.ndarray
    away: np.ndarray
    index: dict[tuple[bool, int], np.ndarray] = field(default_factory=dict)

    def where(self, away: bool, label: int) -> np.ndarray:
        """Positions of a digit among the held-out (or the other) hands."""
        key = (away, label)
        if key not in self.index:
            self.index[key] = np.flatnonzero((self.away == away) & (self.labels == label))
        return self.index[key]


@dataclass(frozen=True, slots=True)
class Hands:
    """A bank of hands to draw digits from; see `Hands.load`."""

    written: tuple[Written, ...]
    fonts: dict[bool, tuple[Path, ...]]
    glyphs: dict[tuple[str, str], np.ndarray] = field(default_factory=dict)

    @classmethod
    def load(
        cls,
        images: np.ndarray | None = None,
        labels: np.ndarray | None = None,
        writers: np.ndarray | None = None,
        data_root: Path | None = None,
        *,
        given: Given = "split",
    ) -> Hands:
        """Gather the hands at hand; drawn hands are always among them.

        Args:
            images: `(n, 28, 28)` uint8 digits in the MNIST form, or None.
            labels: `(n,)` their digits.
            writers: `(n,)` their writers' numbers; None where unknown: then neighbours are one hand.
            data_root: folder with `characters/hnd62.npz` and `fonts/`; None or without them: these stay out.
            given: whose the given digits are: "train" or "held_out" puts all of them on that side, "split"
                divides them by a hash of the writer.

        Raises:
            DataError: images without labels, or a data set that cannot be read.
        """
        written = []
        if images is not None:
            if labels is None or len(labels) != len(images):
                raise DataError("Hands.load got images without a label for each; pass both, of equal length")
            numbers = np.arange(len(images)) // 100 if writers is None else np.asarray(writers)
            names = np.array([f"mnist-{n}" for n in np.unique(numbers)])
            whose = {"train": np.zeros(len(names), bool), "held_out": np.ones(len(names), bool)}
            away = whose.get(given, np.array([held_out(name) for name in names], bool))
            inverse = np.unique(numbers, return_inverse=True)[1]
            written.append(
                Written("mnist", np.asarray(images), np.asarray(labels), names[inverse], away[inverse])
            )
        if data_root is not None and (path := data_root / "characters" / "hnd62.npz").is_file():
            written.append(_hnd62(path))
        there = fonts.found(data_root) if data_root else []
        sides = {
            away: tuple(p for p in there if held_out(f"font-{p.stem}") == away) for away in (False, True)
        }
        return cls(tuple(written), sides)

    def draw(
        self,
        rng: np.random.Generator,
        *,
        away: bool = False,
        label: str | None = None,
        nib: float | None = None,
        height_px: int = 128,
    ) -> Mark:
        """One digit by a random hand.

        Args:
            rng: source of everything.
            away: True for held-out hands only, False for the others only.
            label: which digit; any where None.
            nib: stroke width as a share of the digit's height; None leaves each hand its own.
            height_px: about how high drawn and font digits are made; written ones come at about 80 px.
        """
        label = str(rng.integers(10)) if label is None else label
        names = ["drawn"] + [w.source for w in self.written if len(w.where(away, int(label)))]
        names += ["font"] if self.fonts[away] else []
        shares = np.array([SHARES[name] for name in names])
        source = names[int(rng.choice(len(names), p=shares / shares.sum()))]
        if source == "drawn":
            return drawn(label, _number(rng, away), rng, nib=nib, height_px=height_px)
        if source == "font":
            mark = self._font(label, away, rng, height_px)
        else:
            mark = self._written(source, label, away, rng)
        if source == "mnist" and (rng.random() < 0.35 or _loops(mark.mask) != LOOPS.get(label, 0)):
            nib = None  # at 28 pixels small loops are half closed: another pen makes that worse
        return Mark(varied(mark.mask, nib, rng), label, mark.hand, mark.source)

    def _written(self, source: str, label: str, away: bool, rng: np.random.Generator) -> Mark:
        """A digit that somebody wrote, made smooth at a higher resolution."""
        bank = next(w for w in self.written if w.source == source)
        at = int(rng.choice(bank.where(away, int(label))))
        return Mark(enlarged(bank.images[at], rng), label, str(bank.hands[at]), source)

    def _font(self, label: str, away: bool, rng: np.random.Generator, height_px: int) -> Mark:
        """A digit of a handwriting font."""
        side = self.fonts[away]
        path = side[int(rng.integers(len(side)))]
        key = (path.stem, label)
        if key not in self.glyphs:
            self.glyphs[key] = (fonts.glyph(path, label, 120) * 255).astype(np.uint8)
        mask = self.glyphs[key].astype(np.float32) / 255
        if height_px < 80:
            mask = _resized(mask, height_px / mask.shape[0])
        return Mark(mask, label, f"font-{path.stem}", "font")


def drawn(
    label: str, number: int, rng: np.random.Generator, *, nib: float | None = None, height_px: int = 128
) -> Mark:
    """A digit by the drawn hand of this number, which always slants and shapes its digits alike.

    Args:
        label: "0".."9".
        number: which hand, 0 and up.
        rng: what differs from one writing to the next.
        nib: stroke width as a share of the height; None for the hand's own.
        height_px: pixels of the digit's height.
    """
    hand = np.random.default_rng([number, ord(label)])
    own = np.random.default_rng([number])
    slant, wide, sway = own.normal(0.08, 0.16), own.uniform(0.75, 1.3), own.uniform(0.006, 0.022)
    kind = pens.NIBS[int(own.choice(len(pens.NIBS), p=(0.58, 0.2, 0.14, 0.08)))]
    width = own.choice([0.03, 0.05, 0.08, 0.12, 0.16]) * own.uniform(0.8, 1.25)
    variants = shapes.SHAPES[label]
    weights = np.array([0.12 if name == "slashed" else 1.0 for name in variants])
    favourites = hand.choice(len(variants), 2, p=weights / weights.sum())
    name = list(variants)[int(favourites[int(rng.random() < 0.2)])]
    # The hand's own deformation comes first and is the same each time, then the moment's.
    habit = [
        tuple(tuple(map(tuple, np.array(piece) + shapes.shake(len(piece), 0.028, hand))) for piece in stroke)
        for stroke in variants[name]
    ]
    lines = shapes.polylines(tuple(habit), sway, rng)
    turn = np.array([[wide, 0.0], [-slant, 1.0]])
    lines = [_bowed(line, rng) @ turn for line in lines]
    mask = pens.ink_lines(lines, height_px, width if nib is None else nib, kind, rng)
    return Mark(pens.trim(mask), label, f"drawn-{number}", "drawn")


def _number(rng: np.random.Generator, away: bool) -> int:
    """The number of a drawn hand on one side of the split."""
    while True:
        number = int(rng.integers(DRAWN_HANDS))
        if held_out(f"drawn-{number}") == away:
            return number


def _hnd62(path: Path) -> Written:
    """The digits of hnd62 as ink on black; the last of each class are held out."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            images, labels, classes = archive["images"], archive["labels"], archive["classes"]
    except (OSError, ValueError, KeyError) as error:
        raise DataError(f"{path} is damaged ({error}); fetch the data again") from error
    pictures, digits, hands, away = [], [], [], []
    for at, name in enumerate(classes):
        if str(name) not in DIGITS:
            continue
        rows = np.flatnonzero(labels == at)
        for order, row in enumerate(rows):
            if row in HND62_SPOILT:
                continue
            pictures.append(ink_of_grey(images[row]))
            digits.append(int(name))
            away.append(order >= len(rows) - HND62_LAST)
            hands.append("hnd62-last" if away[-1] else f"hnd62-{order // HND62_LAST}")
    return Written("hnd62", np.stack(pictures), np.array(digits), np.array(hands), np.array(away))


def ink_of_grey(grey: np.ndarray) -> np.ndarray:
    """Dark strokes on grey paper `(64, 64)` uint8 -> uint8, 255 where inked."""
    paper = cv2.GaussianBlur(cv2.dilate(grey, np.ones((15, 15), np.uint8)), (0, 0), 6).astype(np.float32)
    dark = np.clip((paper - grey) / np.maximum(paper, 1), 0, 1)
    strength = max(0.08, float(np.quantile(dark, 0.99)))
    ink = (np.clip((dark / strength - 0.14) / 0.6, 0, 1) * 255).astype(np.uint8)
    count, parts, stats, _ = cv2.connectedComponentsWithStats((ink > 90).astype(np.uint8), connectivity=8)
    if count > 1:
        main = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
        top, tall = stats[:, cv2.CC_STAT_TOP], stats[:, cv2.CC_STAT_HEIGHT]
        rule = (top + tall >= len(ink) - 1) & (tall < 9)  # what a crop leaves of the line below
        large = (stats[:, cv2.CC_STAT_AREA] >= 12) & ~rule
        large[[0, main]] = False, True
        ink = ink * cv2.dilate(large[parts].astype(np.uint8), np.ones((5, 5), np.uint8))
    return ink


def enlarged(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A small grey digit, uint8, as a smooth mask of about 80 to 120 px."""
    factor = 4 if image.shape[0] < 40 else 2
    large = _resized(image.astype(np.float32) / 255, factor, cv2.INTER_CUBIC)
    large = cv2.GaussianBlur(large, (0, 0), 0.32 * factor)
    level = rng.uniform(0.34, 0.46)
    if _pieces(large > level) > _pieces(large > 0.2):
        level = 0.22  # faint ink, that must not fall apart
    return pens.trim(np.clip((large - level) * 3.2 + 0.5, 0, 1))


def _pieces(inked: np.ndarray) -> int:
    """How many separate pieces a mark has."""
    return cv2.connectedComponents(inked.astype(np.uint8), connectivity=8)[0] - 1


def _loops(mask: np.ndarray) -> int:
    """How many loops a mark encloses."""
    bare = cv2.copyMakeBorder((mask <= 0.5).astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=1)
    return cv2.connectedComponents(bare, connectivity=4)[0] - 2


def _resized(mask: np.ndarray, factor: float, method: int = cv2.INTER_AREA) -> np.ndarray:
    """A mask at another scale."""
    return np.asarray(cv2.resize(mask, None, fx=factor, fy=factor, interpolation=method))


def _bowed(line: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A line pushed aside by a slow wave: no hand draws straight."""
    along = np.linspace(0, np.pi, len(line))[:, None]
    push = np.sin(along) * rng.normal(0, 0.012, 2) + np.sin(2 * along) * rng.normal(0, 0.008, 2)
    return np.asarray(line + push)


def varied(mask: np.ndarray, nib: float | None, rng: np.random.Generator) -> np.ndarray:
    """A written digit or glyph as the same hand would write it next time, with the pen that is wanted."""
    if nib is not None:
        mask = pens.reink(mask, nib)
    height, width = mask.shape
    slant, wide = rng.normal(0, 0.08), rng.uniform(0.85, 1.18)
    columns = max(4, int(width * wide + abs(slant) * height) + 4)
    matrix = np.array([[wide, -slant, 2 + max(0.0, slant) * height], [0, 1, 0]], np.float32)
    mask = cv2.warpAffine(mask, matrix, (columns, height), flags=cv2.INTER_LINEAR)
    if rng.random() < 0.7:
        mask = pens.elastic(
            cv2.copyMakeBorder(mask, 6, 6, 6, 6, cv2.BORDER_CONSTANT, value=0), rng.uniform(0, 0.028), rng
        )
    return pens.trim(np.clip(mask, 0, 1))
