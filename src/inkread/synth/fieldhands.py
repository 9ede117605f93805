"""Whole hands for fields: every character of a string is written by one of them.

A hand is an MNIST writer, a block of hnd62, a handwriting font, or a drawn hand. Signs that a hand has not
are drawn with a pen. Which hands training never sees is told by their names, as everywhere in the simulator.
"""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from inkread.errors import DataError
from inkread.synth import hands, pens
from inkread.synth.faces import Face, Faces
from inkread.synth.fieldtexts import DIGITS, LETTERS

__all__ = ["SIGNS", "UNIT", "FieldHand", "FieldHands", "Glyph", "is_of_half"]

UNIT = 48
"""Pixels from the base line to the top of a digit."""
_DIGIT_SHARES = {"mnist": 0.42, "font": 0.28, "drawn": 0.18, "hnd62": 0.12}
_LETTER_SHARES = {"font": 0.55, "hnd62": 0.25, "capitals": 0.2}
_BLOCK = 10
"""Neighbours in hnd62 that one writer wrote."""

SIGNS: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    ".": (((0.0, 0.96), (0.035, 0.99)),),
    ",": (((0.06, 0.92), (0.05, 1.02), (-0.04, 1.16)),),
    "-": (((0.0, 0.56), (0.2, 0.55), (0.42, 0.55)),),
    "/": (((0.5, -0.08), (0.25, 0.5), (0.0, 1.08)),),
    ":": (((0.0, 0.4), (0.03, 0.43)), ((0.0, 0.9), (0.03, 0.93))),
    "$": (
        (
            (0.5, 0.2), (0.38, 0.08), (0.18, 0.1), (0.06, 0.25), (0.14, 0.42), (0.36, 0.54), (0.48, 0.72),
            (0.38, 0.9), (0.16, 0.92), (0.02, 0.8),
        ),
        ((0.29, -0.1), (0.27, 0.5), (0.25, 1.1)),
    ),
    "#": (
        ((0.22, 0.0), (0.1, 1.0)), ((0.52, 0.0), (0.4, 1.0)),
        ((0.0, 0.33), (0.62, 0.3)), ((-0.02, 0.68), (0.6, 0.65)),
    ),
    "(": (((0.22, -0.1), (0.06, 0.2), (0.0, 0.5), (0.06, 0.82), (0.22, 1.1)),),
    ")": (((0.0, -0.1), (0.16, 0.2), (0.22, 0.5), (0.16, 0.82), (0.0, 1.1)),),
    "+": (((0.0, 0.56), (0.56, 0.55)), ((0.28, 0.26), (0.28, 0.86))),
    "*": (((0.2, 0.2), (0.2, 0.6)), ((0.03, 0.3), (0.37, 0.5)), ((0.37, 0.3), (0.03, 0.5))),
    "=": (((0.0, 0.42), (0.46, 0.4)), ((0.0, 0.66), (0.46, 0.64))),
}  # fmt: skip
"""Signs as lines: x to the right, y down, a digit from 0 to 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Glyph:
    """A written character.

    Attributes:
        mask: float32 `(h, w)` in 0..1, cut to its ink.
        rise: pixels from the base line up to the mask's top.
        scale: a pixel of the mask is so many pixels where a digit is `UNIT` high.
    """

    mask: np.ndarray
    rise: float
    scale: float


@dataclass(frozen=True, slots=True, eq=False)
class FieldHand:
    """One way of writing.

    Attributes:
        name: such as "mnist-12", "font-caveat", "drawn-7" or "hnd62-3"; what is held out is told by it.
        source: "mnist", "font", "drawn", "hnd62" or "capitals".
        bank: what it is of.
        key: the writer, the block or the number of a drawn hand.
        face: the font.
        nib: width of signs drawn with a pen, as a share of a digit's height.
    """

    name: str
    source: str
    bank: FieldHands
    key: int = 0
    face: Face | None = None
    nib: float = 0.1

    def glyph(self, character: str, rng: np.random.Generator) -> Glyph:
        """A character, not the space, as it is written this time."""
        if self.face is not None and self.face.can_write(character):
            return _of_font(self.face, character)
        if character in SIGNS:
            return _sign(character, self.nib, rng)
        if self.source == "drawn":
            mark = hands.drawn(character, self.key, rng, height_px=UNIT)
            return _whole(mark.mask, UNIT, rng)
        if self.source == "hnd62":
            images = self.bank.blocks[character]
            block = images[self.key % len(images)]
            return _whole(hands.enlarged(block[int(rng.integers(len(block)))], rng), UNIT, rng)
        if character in LETTERS:
            letters = self.bank.capitals[character]
            return _whole(hands.enlarged(letters[int(rng.integers(len(letters)))], rng), UNIT, rng)
        rows = self.bank.writers[self.key][int(character)]
        image = self.bank.digits[int(rows[int(rng.integers(len(rows)))])]
        return _whole(hands.enlarged(image, rng), UNIT, rng)


@dataclass(frozen=True, slots=True, eq=False)
class FieldHands:
    """The hands of one side of the split; see `FieldHands.load`.

    Attributes:
        away: whether they are the hands kept for measuring.
        digits: `(n, 28, 28)` uint8, MNIST's.
        writers: of each writer with all ten digits, the rows of each digit.
        faces: fonts.
        blocks: pictures of hnd62 by character, a list of blocks.
        capitals: pictures of az_capitals by letter; empty for the hands kept for measuring.
    """

    away: bool
    digits: np.ndarray
    writers: dict[int, tuple[np.ndarray, ...]]
    faces: Faces | None = None
    blocks: dict[str, list[np.ndarray]] = field(default_factory=dict)
    capitals: dict[str, np.ndarray] = field(default_factory=dict)

    @classmethod
    def load(
        cls,
        images: np.ndarray,
        labels: np.ndarray,
        writers: np.ndarray,
        data_root: Path | None,
        *,
        away: bool = False,
    ) -> FieldHands:
        """Gather hands.

        Args:
            images: `(n, 28, 28)` uint8 digits in the MNIST form, all of hands of the wanted side.
            labels: `(n,)` their digits.
            writers: `(n,)` their writers' numbers.
            data_root: folder with `fonts/` and `characters/`; without them those stay out.
            away: gather the fonts, drawn hands and parts of hnd62 that are kept for measuring.

        Raises:
            DataError: a data set cannot be read, or no writer wrote all ten digits.
        """
        order = np.lexsort((labels, writers))
        names, first = np.unique(writers[order], return_index=True)
        rows = {}
        for name, own in zip(names.tolist(), np.split(order, first[1:]), strict=True):
            each = tuple(own[labels[own] == digit] for digit in range(10))
            if all(len(some) for some in each):
                rows[int(name)] = each
        if not rows:
            raise DataError("no writer wrote all ten digits; give the digits with their writers")
        fonts = data_root / "fonts" / "fonts.tsv" if data_root else None
        faces = Faces.load(data_root, held_out=away) if data_root and fonts and fonts.is_file() else None
        folder = data_root / "characters" if data_root else None
        blocks = _blocks(folder, away) if folder else {}
        capitals = _capitals(folder) if folder and not away else {}
        return cls(away, images, rows, faces, blocks, capitals)

    def pick(self, rng: np.random.Generator, text: str) -> FieldHand:
        """A hand that can write a text."""
        shares = dict(_LETTER_SHARES if any(c in LETTERS for c in text) else _DIGIT_SHARES)
        if self.faces is None:
            shares.pop("font", None)
        if not self.blocks:
            shares.pop("hnd62", None)
        if not self.capitals:
            shares.pop("capitals", None)
        if not shares:
            raise DataError(f"no hand can write {text!r}; set INKREAD_DATA to a folder with fonts/")
        weights = np.array(list(shares.values()))
        source = list(shares)[int(rng.choice(len(shares), p=weights / weights.sum()))]
        return self.of(source, rng, text)

    def of(self, source: str, rng: np.random.Generator, text: str = "") -> FieldHand:
        """A hand of one source: "mnist", "font", "drawn", "hnd62" or "capitals"."""
        nib = float(np.exp(rng.uniform(np.log(0.05), np.log(0.14))))
        if source == "font" and self.faces is not None:
            needed = "".join(c for c in text if c in DIGITS or c in LETTERS) or DIGITS
            for _ in range(40):
                face = self.faces.pick(rng)
                if face.can_write(needed):
                    break
            return FieldHand(f"font-{face.name}", source, self, face=face, nib=nib)
        if source == "drawn":
            while True:
                number = int(rng.integers(hands.DRAWN_HANDS))
                if hands.held_out(f"drawn-{number}") == self.away:
                    return FieldHand(f"drawn-{number}", source, self, number, nib=nib)
        if source == "hnd62":
            block = int(rng.integers(8))
            return FieldHand("hnd62-last" if self.away else f"hnd62-{block}", source, self, block, nib=nib)
        writer = list(self.writers)[int(rng.integers(len(self.writers)))]
        return FieldHand(f"mnist-{writer}", source, self, writer, nib=max(nib, 0.08))


def is_of_half(name: str, half: int) -> bool:
    """Whether a hand that training never sees is of a half: 0 to fit confidences on, 1 to report figures of.

    Args:
        name: of the hand or the font; writers of digits are of both, being parted by their data set.
        half: 0 or 1.
    """
    return name.startswith("mnist-") or zlib.crc32(f"check {name}".encode()) % 2 == half


def _whole(mask: np.ndarray, height: int, rng: np.random.Generator) -> Glyph:
    """A character that stands on the base line and is as high as a digit."""
    mask = pens.trim(mask, 1)
    high = max(mask.shape[0] - 2, 0.75 * mask.shape[1])
    scale = height / max(high, 4.0)
    return Glyph(mask, mask.shape[0] * scale - 0.03 * height * float(rng.random()), scale)


def _of_font(face: Face, character: str) -> Glyph:
    """A character of a font, its digits brought to the height of all digits."""
    drawn = face.glyph(character)
    high = face.glyph("0").mask.shape[0] if face.can_write("0") else face.glyph("H").mask.shape[0]
    scale = UNIT / max(high, 8)
    return Glyph(drawn.mask.astype(np.float32) / 255, -drawn.top * scale, scale)


def _sign(character: str, nib: float, rng: np.random.Generator) -> Glyph:
    """A sign drawn with a pen, a little other each time."""
    size, wide = rng.normal(1, 0.1), rng.normal(1, 0.12)
    lines = []
    for line in SIGNS[character]:
        points = np.array(line, float) + rng.normal(0, 0.018, (len(line), 2))
        middle = np.array([0.0, 0.5 if character not in ".," else 1.0])
        lines.append(_smooth((points - middle) * (size * wide, size) + middle))
    width = max(1.2, nib * UNIT)
    low = (np.min([line.min(0) for line in lines], 0) * UNIT - width / 2 - 3)[1]
    return Glyph(pens.ink_lines(lines, UNIT, nib, "even", rng), UNIT - low, 1.0)


def _smooth(points: np.ndarray) -> np.ndarray:
    """More points along a curve through some."""
    if len(points) < 3:
        return points
    at = np.linspace(0, len(points) - 1, 8 * len(points))
    line = np.stack([np.interp(at, np.arange(len(points)), points[:, k]) for k in (0, 1)], 1)
    kernel = np.hanning(9)[1:-1] / np.hanning(9)[1:-1].sum()
    padded = np.pad(line, ((3, 3), (0, 0)), mode="edge")
    return np.stack([np.convolve(padded[:, k], kernel, "valid") for k in (0, 1)], 1)


def _arrays(path: Path) -> tuple[np.ndarray, np.ndarray, list[str]]:
    try:
        with np.load(path, allow_pickle=False) as archive:
            return archive["images"], archive["labels"], [str(name) for name in archive["classes"]]
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise DataError(f"{path} is damaged ({error}); fetch the data again") from error


def _blocks(folder: Path, away: bool) -> dict[str, list[np.ndarray]]:
    """The digits and capitals of hnd62 as ink, by character, in blocks of neighbours."""
    if not (folder / "hnd62.npz").is_file():
        return {}
    images, labels, classes = _arrays(folder / "hnd62.npz")
    found: dict[str, list[np.ndarray]] = {}
    for at, name in enumerate(classes):
        if name not in DIGITS and name not in LETTERS:
            continue
        rows = [row for row in np.flatnonzero(labels == at).tolist() if row not in hands.HND62_SPOILT]
        rows = rows[-hands.HND62_LAST :] if away else rows[: -hands.HND62_LAST]
        inked = [hands.ink_of_grey(images[row]) for row in rows]
        found[name] = [np.stack(inked[k : k + _BLOCK]) for k in range(0, len(inked), _BLOCK)]
    return found


def _capitals(folder: Path) -> dict[str, np.ndarray]:
    """The letters of az_capitals, white on black."""
    if not (folder / "az_capitals.npz").is_file():
        return {}
    images, labels, classes = _arrays(folder / "az_capitals.npz")
    return {name: images[labels == at] for at, name in enumerate(classes) if name in LETTERS}
