"""Characters by many hands: the digits of `hands`, and letters in both cases, as coverage masks.

Letters are written ones (hnd62, az_capitals, omniglot_latin, cuts out of real lines) or a font's whose
strokes are drawn anew: every "a" of a font is the same "a", so its middle lines are bent and inked by another
pen.
A source counts by its hands, not by its pictures. Without a data folder only digits are at hand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from inkread.decode.characters import CLASSES, DIGITS
from inkread.errors import DataError
from inkread.synth import fonts, tracing
from inkread.synth.faces import Face
from inkread.synth.hands import HND62_LAST, Hands, Mark, Written, enlarged, held_out, ink_of_grey, varied

__all__ = ["Characters"]

SHARES = {"hnd62": 0.35, "az_capitals": 0.12, "omniglot": 0.08, "cuts": 0.2, "font": 0.25}
"""How often each source of letters is asked, where it has the letter."""
CUT_DIGITS = 0.15
"""Share of the digits that is cut out of lines, where there are any: hands unlike MNIST's."""
REDRAWN = {"font": 0.8, "omniglot": 0.5, "az_capitals": 0.2, "hnd62": 0.15, "cuts": 0.0}
"""Share of a source's letters whose strokes are drawn anew; cuts are too coarse for that."""
_FLAT, _RIM, _TICK = 2.2, 3, 0.25
"""A rule is so many times as wide as high, and within so many pixels of the crop's rim; a tick there has less
than this share of the letter's ink."""
BLOCK = 20
"""Neighbours in az_capitals that count as one hand, since its writers are not told."""


@dataclass(frozen=True, slots=True)
class Characters(Hands):
    """A bank of hands to draw characters from; see `Characters.gather`.

    Attributes:
        letters: banks of written characters; their labels are places in `CLASSES`.
        faces: fonts that may write letters, by whether they are held out.
        traced: middle lines of fonts' letters, found once; so are the next two.
        in_font: whether any font has a character, by character and side.
        by_hand: places of a bank's pictures, a hand an array, by source, side and character.
    """

    letters: tuple[Written, ...] = ()
    faces: dict[bool, tuple[Face, ...]] = field(default_factory=dict)
    traced: dict[tuple[str, str], list[np.ndarray]] = field(default_factory=dict)
    in_font: dict[tuple[str, bool], bool] = field(default_factory=dict)
    by_hand: dict[tuple[str, bool, int], list[np.ndarray]] = field(default_factory=dict)

    @classmethod
    def gather(cls, digits: Hands, data_root: Path | None) -> Characters:
        """Gather the letters at hand beside a bank of digits.

        Args:
            digits: hands that write digits.
            data_root: folder with `characters/` and `fonts/`; None for digits alone.

        Raises:
            DataError: a set is damaged.
        """
        letters = tuple(_banks(data_root / "characters")) if data_root else ()
        faces = {
            away: tuple(Face(path.stem, path, "A") for path in paths) for away, paths in digits.fonts.items()
        }
        return cls(digits.written, digits.fonts, digits.glyphs, letters, faces)

    @property
    def labels(self) -> str:
        """What it can write on both sides of the split."""
        return "".join(
            c for c in CLASSES if c in DIGITS or all(self._sources(c, away) for away in (False, True))
        )

    def draw(
        self,
        rng: np.random.Generator,
        *,
        away: bool = False,
        label: str | None = None,
        nib: float | None = None,
        height_px: int = 128,
    ) -> Mark:
        """One character by a random hand; every one of the 62 as often as any other.

        Args:
            rng: source of everything.
            away: True for held-out hands only, False for the others only.
            label: which character; any where None.
            nib: stroke width as a share of the height; None leaves each hand its own.
            height_px: about how high what is drawn is made.

        Raises:
            DataError: no hand on that side writes this letter.
        """
        label = _any_label(rng) if label is None else label
        is_digit = label in DIGITS
        names = self._sources(label, away)
        if is_digit and ("cuts" not in names or rng.random() >= CUT_DIGITS):
            return Hands.draw(self, rng, away=away, label=label, nib=nib, height_px=height_px)
        if not names:
            raise DataError(f"no hand writes {label!r}; set INKREAD_DATA to the data folder")
        shares = np.array([SHARES[name] for name in names])
        source = "cuts" if is_digit else names[int(rng.choice(len(names), p=shares / shares.sum()))]
        if source == "font":
            return self._of_font(label, away, rng, nib, height_px)
        mark = self._of_bank(source, label, away, rng)
        if rng.random() < REDRAWN[source]:
            lines = tracing.traced(mark.mask)
            mask = tracing.redrawn(lines, rng, nib=nib, height_px=height_px)
        else:
            mask = varied(mark.mask, None if rng.random() < 0.3 else nib, rng)
        return Mark(mask, label, mark.hand, mark.source)

    def _sources(self, label: str, away: bool) -> list[str]:
        """Which sources have a character on a side of the split."""
        place = CLASSES.index(label)
        names = [bank.source for bank in self.letters if len(bank.where(away, place))]
        key = (label, away)
        if key not in self.in_font:
            self.in_font[key] = any(_can_write(face, label) for face in self.faces.get(away, ()))
        return names + ["font"] * self.in_font[key]

    def _of_bank(self, source: str, label: str, away: bool, rng: np.random.Generator) -> Mark:
        """A written character: any hand, then any of its pictures."""
        bank = next(b for b in self.letters if b.source == source)
        key = (source, away, CLASSES.index(label))
        if key not in self.by_hand:
            rows = bank.where(away, key[2])
            names = bank.hands[rows]
            self.by_hand[key] = [rows[names == name] for name in np.unique(names)]
        some = self.by_hand[key][int(rng.integers(len(self.by_hand[key])))]
        at = int(some[int(rng.integers(len(some)))])
        return Mark(enlarged(_cropped(bank.images[at]), rng), label, str(bank.hands[at]), source)

    def _of_font(
        self, label: str, away: bool, rng: np.random.Generator, nib: float | None, height_px: int
    ) -> Mark:
        """A font's character: its outline varied, or its strokes drawn anew."""
        faces = self.faces[away]
        face = faces[int(rng.integers(len(faces)))]
        while not _can_write(face, label):  # some font can; asking all of them first takes seconds
            face = faces[int(rng.integers(len(faces)))]
        mask = self._glyph_of(face, label)
        if rng.random() >= REDRAWN["font"]:
            return Mark(varied(mask, nib, rng), label, f"font-{face.name}", "font")
        key = (face.name, label)
        if key not in self.traced:
            self.traced[key] = tracing.traced(mask)
        inked = tracing.redrawn(self.traced[key], rng, nib=nib, height_px=height_px)
        return Mark(inked, label, f"font-{face.name}", "font")

    def _glyph_of(self, face: Face, label: str) -> np.ndarray:
        """A font's glyph, drawn once."""
        key = (face.name, label)
        if key not in self.glyphs:
            self.glyphs[key] = (fonts.glyph(face.path, label, 120) * 255).astype(np.uint8)
        return self.glyphs[key].astype(np.float32) / 255


def _any_label(rng: np.random.Generator) -> str:
    """Any character: a letter, which has two cases, is met twice as often as a digit, and a ring is an o."""
    return CLASSES[int(rng.integers(len(CLASSES)))]


def _can_write(face: Face, label: str) -> bool:
    """Whether a font has a character, in its own case."""
    return not (label.islower() and face.look.is_capital) and face.can_write(label)


def _cropped(image: np.ndarray) -> np.ndarray:
    """A picture cut to its ink, with a little room: how much it is enlarged depends on its size."""
    x, y, w, h = cv2.boundingRect((image > 60).astype(np.uint8))
    if not w:
        return image
    return np.pad(image[y : y + h, x : x + w], 3)


def _banks(folder: Path) -> list[Written]:
    """The written letters of a folder; sets that are not there are left out."""
    found = []
    for name, make in (
        ("hnd62", _hnd62),
        ("az_capitals", _az_capitals),
        ("omniglot_latin", _omniglot),
        ("cuts", _cuts),
    ):
        path = folder / f"{name}.npz"
        if not path.is_file():
            continue
        try:
            with np.load(path, allow_pickle=False) as archive:
                found.append(make({key: archive[key] for key in archive.files}))
        except (OSError, ValueError, KeyError) as error:
            raise DataError(f"{path} is damaged ({error}); fetch the data again") from error
    return found


def _places(arrays: dict[str, np.ndarray]) -> np.ndarray:
    """The labels of a set as places in `CLASSES`."""
    return np.array([CLASSES.index(str(c)) for c in arrays["classes"]])[arrays["labels"]]


def _hnd62(arrays: dict[str, np.ndarray]) -> Written:
    """The letters of hnd62 but for the last of each class, which are kept for measuring alone."""
    places = _places(arrays)
    pictures, labels, names = [], [], []
    for place in range(len(DIGITS), len(CLASSES)):
        for order, row in enumerate(np.flatnonzero(places == place)[:-HND62_LAST]):
            pictures.append(_without_rules(ink_of_grey(arrays["images"][row])))
            labels.append(place)
            names.append(f"hnd62-{order // HND62_LAST}")
    away = np.zeros(len(labels), bool)
    return Written("hnd62", np.stack(pictures), np.array(labels), np.array(names), away)


def _without_rules(ink: np.ndarray) -> np.ndarray:
    """A character without what its crop left of the paper: flat pieces along the rim, and ticks below.

    A rule over a small letter would count as its ink, and leave a speck of the letter itself.
    """
    _, parts, stats, _ = cv2.connectedComponentsWithStats((ink > 60).astype(np.uint8), connectivity=8)
    _, top, wide, tall, area = stats[1:].T
    below = len(ink) - top - tall
    flat = (wide > _FLAT * tall) & ((np.minimum(top, below) <= _RIM) | (wide > 0.9 * ink.shape[1]))
    letter = int(np.where(flat, 0, area).max(initial=0))
    rest = flat | ((below <= _RIM) & (area < _TICK * letter))
    if not letter or not rest.any():
        return ink
    gone = cv2.dilate(np.isin(parts, 1 + np.flatnonzero(rest)).astype(np.uint8), np.ones((3, 3), np.uint8))
    return np.where(gone > 0, 0, ink).astype(np.uint8)


def _named(source: str, images: np.ndarray, labels: np.ndarray, names: list[str]) -> Written:
    """A bank whose hands are held out by their names."""
    away = {name: held_out(name) for name in set(names)}
    return Written(source, images, labels, np.array(names), np.array([away[name] for name in names], bool))


def _az_capitals(arrays: dict[str, np.ndarray]) -> Written:
    blocks = [f"az-{k}" for k in np.arange(len(arrays["labels"])) // BLOCK]
    return _named("az_capitals", arrays["images"], _places(arrays), blocks)


def _omniglot(arrays: dict[str, np.ndarray]) -> Written:
    names = [f"omniglot-{writer}" for writer in arrays["writers"]]
    return _named("omniglot", arrays["images"], _places(arrays), names)


def _cuts(arrays: dict[str, np.ndarray]) -> Written:
    names = [f"cuts-{writer}" for writer in arrays["writers"]]
    return _named("cuts", arrays["images"], _places(arrays), names)
