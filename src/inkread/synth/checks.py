"""Filled checks as a phone sees them: one hand fills in a printed check, which lies on a table.

Out: a `Check`: the picture and what is known of it. Figures are by one hand of the fields' simulator, words
by a handwriting font, both with one pen. The same state of `rng` gives the same bytes.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace

import cv2
import numpy as np

from inkread.errors import DataError
from inkread.synth import checktexts, fonts, formphoto, franking, strings, strokes, writing
from inkread.synth.checkpapers import MM, Design, blank, design
from inkread.synth.checktexts import Texts
from inkread.synth.faces import Face
from inkread.synth.fieldhands import UNIT, FieldHand, FieldHands
from inkread.synth.strings import ABOVE

__all__ = ["Check", "Writers", "render"]

Rng = np.random.Generator
Corners = tuple[tuple[float, float], ...]
"""Four corners, x and y, from the upper left one clockwise as the check is read."""
_PEN_COLOURS = (
    (0.08, 0.12, 0.5), (0.05, 0.05, 0.08), (0.1, 0.1, 0.16), (0.1, 0.16, 0.62), (0.05, 0.08, 0.3),
)  # fmt: skip
_ON_SIDE, _FILLER = 0.1, 0.6
"""How often the photo is a quarter or half turn off, and the words are followed by a stroke to the end."""


@dataclass(frozen=True, slots=True, eq=False)
class Check:
    """A check.

    Attributes:
        rgb: uint8 `(height, width, 3)`.
        texts: what it says.
        places: "date", "payee", "courtesy", "legal" -> four corners in the picture.
        turn: degrees, clockwise, by which the picture must be turned to stand upright: 0, 90, 180, 270.
        writer: the font of the words and the hand of the figures.
        about: kind, paper, and how the amount's place is marked.
    """

    rgb: np.ndarray
    texts: Texts
    places: dict[str, Corners]
    turn: int
    writer: str
    about: str


@dataclass(frozen=True, slots=True)
class Writers:
    """Who writes checks. Fonts and drawn hands that training never sees are parted once more by their names.

    Attributes:
        bank: the hands, with their fonts.
        half: 0 for the hands that the agreement of the two amounts is measured on, 1 for those that figures
            are reported on; None for all.
    """

    bank: FieldHands
    half: int | None = None

    def may(self, name: str) -> bool:
        """Whether a hand is of the half; writers of digits are parted already by their data set."""
        if self.half is None or name.startswith("mnist-"):
            return True
        return zlib.crc32(f"check {name}".encode()) % 2 == self.half

    def face(self, needed: str, rng: Rng) -> Face:
        """A font that can write a text.

        Raises:
            DataError: there is none.
        """
        if self.bank.faces is None:
            raise DataError(
                "checks are written with handwriting fonts; set INKREAD_DATA to a folder with fonts/"
            )
        shouted = sum(c.isupper() for c in needed) > 0.5 * sum(c.isalpha() for c in needed)
        for _ in range(200):
            face = self.bank.faces.pick(rng)
            fits = face.can_write(needed) and not (shouted and face.in_words)
            if fits and face.name not in fonts.UNREADABLE and self.may(face.name):
                return face
        raise DataError(f"no font can write {needed!r}; fetch the data again")

    def figures(self, rng: Rng) -> FieldHand:
        """A hand that writes digits."""
        while True:
            hand = self.bank.pick(rng, "0123456789")
            name = hand.face.name if hand.face is not None else hand.name
            if self.may(name):
                return hand


def render(rng: Rng, writers: Writers, *, differ: bool = False) -> Check:
    """Fill in a check and photograph it.

    Args:
        rng: chooses everything.
        writers: the hands.
        differ: whether its two amounts are worth something else.

    Raises:
        DataError: there are no fonts to write words with.
    """
    texts = checktexts.texts(rng, differ=differ)
    found = design(rng)
    page = blank(found, rng)
    face = writers.face(texts.legal + texts.payee + texts.date, rng)
    figures = writers.figures(rng)
    ink = _filled(texts, found, face, figures, rng)
    colour = np.array(_PEN_COLOURS[int(rng.integers(len(_PEN_COLOURS)))]) + rng.normal(0, 0.02, 3)
    franking.lay(page, ink, (0, 0), np.clip(colour, 0, 1).tolist(), float(rng.uniform(0.75, 1)))
    photo = formphoto.photograph(cv2.convertScaleAbs(page, alpha=255), rng, _taking(rng))
    turn = int(rng.choice([90, 180, 270])) if rng.random() < _ON_SIDE else 0
    picture = np.ascontiguousarray(np.rot90(photo.rgb, turn // 90))
    places = {
        name: _corners(found.places[name], photo, turn) for name in ("date", "payee", "courtesy", "legal")
    }
    marked = "box" if found.box else "rule" if found.ruled else "bare"
    about = f"{found.kind} {found.ground} {marked}"
    return Check(picture, texts, places, turn, f"{face.name} {figures.name}", about)


def _taking(rng: Rng) -> formphoto.Taking:
    """How a check is taken: as forms are, in less pixels and less bent, for it is small."""
    usual = formphoto.sample(rng)
    return replace(usual, long_side=round(rng.uniform(1300, 2400)), curl=0.5 * usual.curl)


def _corners(place: tuple[float, ...], photo: formphoto.Photo, turn: int) -> Corners:
    """The corners of a place, in the picture that is turned."""
    left, top, right, bottom = place
    points = np.array([[left, top], [right, top], [right, bottom], [left, bottom]]) * MM
    height, width = photo.rgb.shape[:2]
    seen = []
    for x, y in photo.way.to_photo(points).tolist():
        seen.append({0: (x, y), 90: (y, width - x), 180: (width - x, height - y), 270: (height - y, x)}[turn])
    return tuple(seen)


@dataclass(frozen=True, slots=True, eq=False)
class _Pen:
    """Who writes words, and how large."""

    face: Face
    hand: writing.Hand
    seed: int
    high: float

    def line(self, text: str, rng: Rng) -> np.ndarray:
        """A line of words, as ink."""
        drawn = writing.write(text, self.face, self.hand, rng, height_px=max(20, round(self.high * MM)))
        return strokes.inked(drawn, np.random.default_rng(self.seed))


def _filled(texts: Texts, found: Design, face: Face, figures: FieldHand, rng: Rng) -> np.ndarray:
    """Everything that is written on a check, as ink of the whole page."""
    wide, high = found.size
    sheet = np.zeros((round(high * MM), round(wide * MM), 1), np.float32)
    large = 1.0 if found.kind == "personal" else 1.1
    pen = _Pen(face, writing.sample_hand(rng), int(rng.integers(2**31)), rng.uniform(5.0, 7.5) * large)
    end = _write(sheet, pen.line(texts.legal, rng), found.places["legal"], rng)
    if rng.random() < _FILLER:
        _filler(sheet, end, found.places["legal"], rng)
    _write(sheet, pen.line(texts.payee, rng), found.places["payee"], rng)
    habit = strings.sample_habit(rng)
    close = float(np.clip(habit.tracking, -0.1, 0.2))  # an amount leaves no room for one digit more
    habit = replace(habit, tracking=close, space=min(habit.space, 0.7))
    _figures(sheet, texts.courtesy, figures, habit, found.box or found.places["courtesy"], rng)
    if any(c.isalpha() for c in texts.date) or rng.random() < 0.3:
        _write(sheet, pen.line(texts.date, rng), found.places["date"], rng)
    else:
        left, top, right, bottom = found.places["date"]
        _figures(sheet, texts.date, figures, habit, (left, top + 1, right, bottom), rng)
    if rng.random() < 0.6:
        memo = str(rng.choice(["Rent", "Invoice", "Gift", "Thank you", "Dues", "Lessons", "Repairs"]))
        _write(sheet, pen.line(memo, rng), found.places["memo"], rng)
    _signature(sheet, found.places["signature"], rng)
    return sheet[..., 0]


def _write(sheet: np.ndarray, ink: np.ndarray, place: tuple[float, ...], rng: Rng) -> float:
    """Put a line of words on its rule, narrower where it is too long; returns where it ends, millimetres."""
    left, top, right, bottom = place
    room = (right - left - 1) * MM
    start = left * MM + min(rng.uniform(0.5, 6) * MM, max(0.0, room - ink.shape[1]))
    factor = min(1.0, room / ink.shape[1])
    tall = min(1.0, 1.35 * (bottom - top) * MM / ink.shape[0]) * (0.5 + 0.5 * factor)
    size = max(1, round(ink.shape[1] * factor)), max(1, round(ink.shape[0] * tall))
    small = cv2.resize(ink, size, interpolation=cv2.INTER_AREA) if size != ink.shape[::-1] else ink
    rows = small.sum(1)
    base = float(np.flatnonzero(rows >= 0.45 * rows.max())[-1])
    y = bottom * MM - base + rng.normal(-0.3, 0.35) * MM
    franking.lay(sheet, small, (start, y), (1.0,))
    return (start + size[0]) / MM


def _filler(sheet: np.ndarray, end: float, place: tuple[float, ...], rng: Rng) -> None:
    """The stroke that leaves no room for more words: straight, wavy, or a row of dashes."""
    _, _, right, bottom = place
    start, stop = end + rng.uniform(1, 4), right - rng.uniform(0, 3)
    if stop - start < 6:
        return
    x = np.arange(start, stop, 0.5)
    y = np.full(len(x), bottom - rng.uniform(1.0, 2.8)) + (x - start) * rng.normal(0, 0.008)
    way = rng.random()
    if way < 0.4:
        y += rng.uniform(0.3, 1.1) * np.sin(x / rng.uniform(0.6, 1.6) + rng.uniform(0, 6))
    thick = max(1, round(rng.uniform(0.25, 0.5) * MM))
    layer = np.zeros(sheet.shape[:2], np.uint8)
    points = np.round(np.column_stack([x, y]) * MM * 16).astype(np.int32)
    pieces = [points] if way < 0.85 else [points[k : k + 6] for k in range(0, len(points) - 6, 12)]
    for piece in pieces:
        cv2.polylines(layer, [piece[:, None]], False, 255, thick, cv2.LINE_AA, 4)
    np.maximum(sheet[..., 0], layer.astype(np.float32) / 255, out=sheet[..., 0])


def _figures(
    sheet: np.ndarray,
    text: str,
    hand: FieldHand,
    habit: strings.Habit,
    place: tuple[float, ...],
    rng: Rng,
) -> None:
    """Put figures into their box or on their rule."""
    left, top, right, bottom = place
    string = strings.compose(text, hand, habit, rng)
    first, last = string.cells[0], string.cells[-1]
    high = min(rng.uniform(3.6, 5.2), 0.8 * (bottom - top)) * MM
    factor = min(high / UNIT, (right - left - 1.5) * MM / max(last - first, 1.0))
    ink = cv2.resize(string.ink, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    room = (right - left) * MM - (last - first) * factor
    x = left * MM + max(0.5 * MM, rng.uniform(0.05, 0.6) * room) - first * factor
    y = bottom * MM - rng.uniform(0.3, 1.6) * MM - ABOVE * factor
    franking.lay(sheet, ink, (x, y), (1.0,))


def _signature(sheet: np.ndarray, place: tuple[float, ...], rng: Rng) -> None:
    """A name that nobody can read."""
    left, _, right, bottom = place
    count = int(rng.integers(10, 22))
    start = left + rng.uniform(2, 12)
    x = np.linspace(start, min(right - 3, start + rng.uniform(30, 50)), count) + rng.normal(0, 1.2, count)
    y = bottom - 2 + rng.normal(0, 2.2, count)
    at = np.linspace(0, count - 1, 12 * count)
    line = np.column_stack([np.interp(at, np.arange(count), v) for v in (x, y)])
    kernel = np.hanning(15)[1:-1] / np.hanning(15)[1:-1].sum()
    smooth = np.column_stack([np.convolve(np.pad(line[:, k], 6, "edge"), kernel, "valid") for k in (0, 1)])
    layer = np.zeros(sheet.shape[:2], np.uint8)
    points = np.round(smooth * MM * 16).astype(np.int32)[:, None]
    cv2.polylines(layer, [points], False, 255, max(1, round(rng.uniform(0.25, 0.5) * MM)), cv2.LINE_AA, 4)
    np.maximum(sheet[..., 0], layer.astype(np.float32) / 255, out=sheet[..., 0])
