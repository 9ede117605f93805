"""One person who fills in a form: how they write figures, words and ticks, and with which pen.

Everything comes out as a `Mark`: ink to lay on the sheet at a place, at `DPI`. Hands are those of a
`FieldHands` bank, words are written by its fonts. The same state of `rng` gives the same marks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from inkread.errors import DataError
from inkread.synth import fonts, strings, strokes
from inkread.synth.faces import Face
from inkread.synth.fieldhands import UNIT, FieldHand, FieldHands, is_of_half
from inkread.synth.fieldtexts import DIGITS, LETTERS
from inkread.synth.formprint import MM_PER_INCH, Box
from inkread.synth.strings import ABOVE, Habit, StringInk
from inkread.synth.writing import Hand, sample_hand, write

__all__ = [
    "DPI", "PX", "TICKS", "Mark", "Person", "figures", "in_cells", "said", "sample_person", "tick", "words",
]  # fmt: skip

Rng = np.random.Generator
DPI = 250.0
"""Pixels an inch of the sheets that are filled in."""
PX = DPI / MM_PER_INCH
"""Pixels a millimetre."""
_PENS = ((0.07, 0.1, 0.45), (0.06, 0.06, 0.09), (0.1, 0.1, 0.16), (0.12, 0.2, 0.62), (0.05, 0.06, 0.3))
TICKS = ("cross", "check", "slash", "scribble", "blob")
_TICK_SHARES = (0.48, 0.37, 0.08, 0.02, 0.05)
"""Few blacken squares: forms say that this takes a cross back."""
_SPAN_TO_DIGIT = 1.55
"""From the height of a digit to that from the top of an l to the bottom of a p."""
_TRIES = 40
_CRISP = 1.7
"""Digits of 28 pixels come out soft when they are enlarged; ink on paper has sharper edges."""
_THINNEST = 0.28
"""Millimetres of the thinnest stroke that a pen leaves."""


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """Ink and where it goes.

    Attributes:
        ink: float32 `(h, w)` in 0..1, at `DPI`.
        left: of its first column on the sheet, pixels.
        top: of its first row on the sheet, pixels.
    """

    ink: np.ndarray
    left: int
    top: int

    @property
    def right(self) -> float:
        """Where its last ink is, pixels."""
        columns = np.flatnonzero((self.ink > 0.3).any(0))
        return float(self.left + (columns[-1] + 1 if len(columns) else 0))


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """Who fills in a form.

    Attributes:
        digits: hand of what has no letters.
        letters: hand of what has capitals.
        face: font of words.
        habit: how figures are set.
        hand: how words are written.
        in_capitals: whether words are printed in capitals.
        size: height of a digit in an open field, millimetres.
        colour: of the ink, red, green, blue in 0..1.
        nib: width of the ticks' strokes, millimetres.
        pen: seed of the pen.
        tick: one of `TICKS`.
        haste: 0 tidy to 1 hasty.
    """

    digits: FieldHand
    letters: FieldHand
    face: Face
    habit: Habit
    hand: Hand
    in_capitals: bool
    size: float
    colour: tuple[float, float, float]
    nib: float
    pen: int
    tick: str
    haste: float

    @property
    def name(self) -> str:
        """Whose hands they are."""
        return f"{self.digits.name}+{self.face.name}"

    @property
    def names(self) -> tuple[str, ...]:
        """The hand or font of figures, of codes and of words."""
        return (*(h.face.name if h.face else h.name for h in (self.digits, self.letters)), self.face.name)


def sample_person(rng: Rng, bank: FieldHands, half: int | None = None) -> Person:
    """Somebody whose hands are in a bank.

    Args:
        rng: chooses.
        bank: the hands.
        half: see `fieldhands.is_of_half`; None for anybody.

    Raises:
        DataError: the bank has no font that can be read.
    """
    while True:
        person = _somebody(rng, bank)
        if half is None or all(is_of_half(name, half) for name in person.names):
            return person


def _somebody(rng: Rng, bank: FieldHands) -> Person:
    digits = _hand(rng, bank, DIGITS)
    letters = digits if digits.source == "font" and _writes(digits, LETTERS) else _hand(rng, bank, LETTERS)
    face = digits.face if digits.face is not None and _legible(digits.face) else _face(rng, bank)
    habit = strings.sample_habit(rng, in_cells=True)
    haste = float(np.clip((habit.unrest - 0.3) / 1.1, 0, 1))
    tick = TICKS[int(rng.choice(len(TICKS), p=_TICK_SHARES))]
    return Person(
        digits,
        letters,
        face,
        replace(
            habit, tracking=float(np.clip(habit.tracking, 0.07, 0.3)), spread=min(habit.spread, 0.06), cell=0
        ),
        _legibly(sample_hand(rng)),
        bool(rng.random() < 0.2),
        float(np.clip(rng.normal(3.6, 0.5), 2.7, 5.0)),
        _PENS[int(rng.integers(len(_PENS)))],
        float(np.exp(rng.uniform(np.log(0.35), np.log(0.8)))),
        int(rng.integers(2**31)),
        tick,
        haste,
    )


def _legibly(hand: Hand) -> Hand:
    """A hand as it fills in forms: with room between words, on the rule, without the longest tails."""
    return replace(
        hand,
        gap=float(np.clip(hand.gap, 1.1, 1.9)),
        wave=0.5 * hand.wave,
        tall=min(hand.tall, 1.5),
        deep=min(hand.deep, 1.4),
    )


def _legible(face: Face) -> bool:
    return face.name not in fonts.UNREADABLE


def _writes(hand: FieldHand, text: str) -> bool:
    """Whether a hand can fill boxes with a text; nobody fills them with calligraphy."""
    return hand.face is None or (_legible(hand.face) and hand.face.kind != "C" and hand.face.can_write(text))


def _hand(rng: Rng, bank: FieldHands, text: str) -> FieldHand:
    """A hand that can be read."""
    for _ in range(_TRIES):
        hand = bank.pick(rng, text)
        if _writes(hand, text):
            return hand
    raise DataError(f"no hand writes {text} so that it can be read; fetch the data again")


def _face(rng: Rng, bank: FieldHands) -> Face:
    if bank.faces is None:
        raise DataError("words are written with handwriting fonts; set INKREAD_DATA to a folder with fonts/")
    for _ in range(_TRIES):
        face = bank.faces.pick(rng)
        if _legible(face) and face.can_write(DIGITS + LETTERS + LETTERS.lower() + ",.'"):
            return face
    raise DataError("no handwriting font can be read; fetch the data again")


def figures(person: Person, text: str, box: Box, rng: Rng, *, on_rule: bool = False) -> Mark:
    """Write figures or a code into an open field.

    Args:
        person: who writes.
        text: upper case.
        box: of the field, millimetres.
        rng: what differs each time.
        on_rule: whether its lower edge is what is written on.

    Returns:
        The ink; it may reach beyond the box where the text is too long for it.
    """
    high = box[3] - box[1]
    digit = min(person.size, 0.66 * high) * float(np.exp(0.05 * rng.normal()))
    string = _string(person, text, person.habit, rng)
    scale = digit * PX / UNIT
    room = (box[2] - box[0] - 1.6) * PX
    wide = string.ink.shape[1] * scale
    narrow = max(min(1.0, room / wide), 0.8)  # the rest spills over
    left = box[0] * PX + min(1.0, float(rng.uniform(0.3, 1.4))) * PX
    left += max(0.0, room - wide) * float(rng.beta(1, 6))
    below = 0.25 if on_rule else max(0.8, 0.5 * (high - digit))
    base = (box[3] - below + 0.25 * person.haste * float(rng.normal())) * PX
    return _laid(string.ink, (scale * narrow, scale), left, base - ABOVE * scale)


def in_cells(person: Person, text: str, cells: tuple[Box, ...], rng: Rng) -> list[Mark]:
    """Write one character into each cell from the first on; people in haste leave the cells now and then.

    Args:
        person: who writes.
        text: no longer than there are cells, upper case.
        cells: millimetres.
        rng: what differs each time.
    """
    high = cells[0][3] - cells[0][1]
    wide = cells[0][2] - cells[0][0]
    digit = min(person.size * 1.15, (0.6 + 0.22 * person.haste) * high, 0.95 * wide)
    scale = digit * PX / UNIT
    marks = []
    for first, count in _groups(cells[: len(text)]):
        pitch = (cells[first + 1][0] - cells[first][0]) if count > 1 else wide
        part = text[first : first + count]
        habit = replace(person.habit, cell=pitch * PX / scale / UNIT, unrest=0.75 * person.habit.unrest)
        string = _string(person, part, habit, rng)
        gap = (pitch - wide) / 2
        left = (cells[first][0] - gap) * PX - string.cells[0] * scale
        base = cells[first][3] - 0.45 * (high - digit) + 0.2 * person.haste * float(rng.normal())
        marks.append(_laid(string.ink, (scale, scale), left, base * PX - ABOVE * scale))
    return marks


def said(person: Person, text: str) -> str:
    """What somebody writes for a text: without what their font has not, in capitals where they print."""
    kept = "".join(c for c in text if c == " " or person.face.can_write(c))
    capital = person.face.look.is_capital or (person.in_capitals and not person.face.in_words)
    return " ".join((kept.upper() if capital else kept).split())


def words(person: Person, text: str, box: Box, rng: Rng, *, on_rule: bool = False) -> list[Mark]:
    """Write words into a field, on several lines where it is high enough for them.

    Args:
        person: who writes.
        text: as `said` gives it.
        box: millimetres.
        rng: what differs each time.
        on_rule: whether its lower edge is what is written on.
    """
    span = min(person.size * _SPAN_TO_DIGIT, 0.98 * (box[3] - box[1]))
    room = (box[2] - box[0] - 2) * PX
    inks = [_line(person, text, span, rng)]
    lines = max(1, int((box[3] - box[1]) // (1.25 * span)))
    if lines > 1 and (inks[0].shape[1] > room or (len(text) > 24 and rng.random() < 0.4)):
        inks = [_line(person, part, span, rng) for part in _halves(text)]
    pitch = (box[3] - box[1]) / (lines if len(inks) > 1 else 1)
    marks = []
    for k, ink in enumerate(inks):
        narrow = max(min(1.0, room / ink.shape[1]), 0.75)
        below = 0.3 if on_rule else 0.5 * (pitch - span) + 0.3 * span
        base = (box[1] + (k + 1) * pitch - below + 0.2 * person.haste * float(rng.normal())) * PX
        left = (box[0] + float(rng.uniform(0.8, 2.5))) * PX
        marks.append(_laid(ink, (narrow, 1.0), left, base - _foot(ink)))
    return marks


def _line(person: Person, text: str, span: float, rng: Rng) -> np.ndarray:
    """A line of words at its size on the sheet."""
    written = write(text, person.face, person.hand, rng)
    ink = strokes.inked(written, np.random.default_rng(person.pen))
    factor = span * PX / 56
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(ink, None, fx=factor, fy=factor, interpolation=way), np.float32)


def _halves(text: str) -> list[str]:
    """A text on two lines, the first the longer one."""
    spaces = [k for k, c in enumerate(text) if c == " "]
    if not spaces:
        return [text]
    cut = min(spaces, key=lambda k: abs(k - len(text) * 0.55))
    return [text[:cut], text[cut + 1 :]]


def _foot(ink: np.ndarray) -> int:
    """The row that letters stand on: the lowest one with much ink."""
    rows = cv2.blur(ink.sum(1).reshape(-1, 1), (1, 3)).ravel()
    return int(np.flatnonzero(rows >= 0.45 * rows.max())[-1]) if rows.max() > 0 else len(ink)


def tick(person: Person, box: Box, rng: Rng, *, struck: bool = False) -> Mark:
    """Tick a square.

    Args:
        person: who ticks, each time in the same way.
        box: the square, millimetres.
        rng: what differs each time.
        struck: take it back: blacken it, or strike it through.
    """
    side = box[2] - box[0]
    lines = _tick_lines(person.tick, rng, 0.06 + 0.1 * person.haste)
    if struck:
        lines = lines + _strike(rng)
    room = 1.6
    size = round((1 + 2 * room) * side * PX)
    layer = np.zeros((size, size), np.uint8)
    aside = rng.normal(0, 0.05 + 0.05 * person.haste, 2)
    large = float(np.exp(rng.normal(0, 0.12 + 0.1 * person.haste)))
    thick = max(1, round(person.nib * PX * (1.6 if person.tick == "blob" else 1)))
    for line in lines:
        points = (0.5 + (line - 0.5) * large + aside + room) * side * PX
        fixed = np.round(points * 16).astype(np.int32)[:, None]
        cv2.polylines(layer, [fixed], False, 255, thick, cv2.LINE_AA, 4)
    left, top = (round((v - room * side) * PX) for v in box[:2])
    return Mark(layer.astype(np.float32) / 255, left, top)


def _tick_lines(kind: str, rng: Rng, unrest: float) -> list[np.ndarray]:
    """A tick in units of its square, which is 0 to 1."""
    shapes: dict[str, list[list[tuple[float, float]]]] = {
        "cross": [[(0.08, 0.05), (0.95, 0.95)], [(0.95, 0.02), (0.05, 0.98)]],
        "check": [[(0.05, 0.45), (0.22, 0.6), (0.4, 0.92), (0.7, 0.35), (1.2, -0.35)]],
        "slash": [[(1.0, -0.1), (0.5, 0.5), (0.0, 1.1)]],
    }
    if kind == "scribble":
        count = int(rng.integers(7, 12))
        x = np.linspace(0.12, 0.88, count)
        y = 0.5 + 0.36 * np.where(np.arange(count) % 2, 1, -1)
        return [np.stack([x, y], 1) + rng.normal(0, unrest, (count, 2))]
    if kind == "blob":
        turn = np.linspace(0, 6 * np.pi, 40)
        radius = np.linspace(0.02, 0.2, 40)
        return [np.stack([0.5 + radius * np.cos(turn), 0.5 + radius * np.sin(turn)], 1)]
    return [np.array(line) + rng.normal(0, unrest, (len(line), 2)) for line in shapes[kind]]


def _strike(rng: Rng) -> list[np.ndarray]:
    """Strokes that take a tick back: back and forth over all of the square, or bars through it."""
    if rng.random() < 0.6:
        count = int(rng.integers(14, 20))
        x = np.linspace(-0.15, 1.15, count)
        y = 0.5 + 0.62 * np.where(np.arange(count) % 2, 1, -1)
        return [np.stack([x, y], 1) + rng.normal(0, 0.06, (count, 2))]
    bars = int(rng.integers(2, 4))
    ends = rng.uniform((-0.7, 1.2), (-0.3, 1.8), (bars, 2))
    heights = np.linspace(0.3, 0.7, bars) + rng.normal(0, 0.06, bars)
    return [np.array([(a, y), (b, y + rng.normal(0, 0.08))]) for (a, b), y in zip(ends, heights, strict=True)]


def _string(person: Person, text: str, habit: Habit, rng: Rng) -> StringInk:
    """A string of somebody's, by the hand that knows its characters, with the one pen."""
    hand = person.letters if any(c in LETTERS for c in text) else person.digits
    string = strings.compose(text, hand, habit, rng, np.random.default_rng(person.pen))
    if hand.source in ("mnist", "capitals"):
        return replace(string, ink=np.clip(_CRISP * (string.ink - 0.42) + 0.5, 0, 1))
    return string


def _groups(cells: tuple[Box, ...]) -> list[tuple[int, int]]:
    """Runs of cells at one pitch: the first of each, and how many."""
    groups: list[tuple[int, int]] = []
    first = 0
    for k in range(1, len(cells) + 1):
        pitch = cells[first + 1][0] - cells[first][0] if first + 1 < len(cells) else 0.0
        if k == len(cells) or cells[k][0] - cells[k - 1][0] > 1.1 * pitch:
            groups.append((first, k - first))
            first = k
    return groups


def _laid(ink: np.ndarray, scale: tuple[float, float], left: float, top: float) -> Mark:
    """Ink brought to its size, at its place to a part of a pixel."""
    x, y = int(np.floor(left)), int(np.floor(top))
    wide = int(np.ceil(ink.shape[1] * scale[0])) + 2
    high = int(np.ceil(ink.shape[0] * scale[1])) + 2
    way = np.array([[scale[0], 0, left - x], [0, scale[1], top - y]])
    if min(scale) < 0.75:
        ink = cv2.GaussianBlur(ink, (0, 0), 0.4 / min(scale))
    return Mark(_seen(np.asarray(cv2.warpAffine(ink, way, (wide, high), flags=cv2.INTER_LINEAR))), x, y)


def _seen(ink: np.ndarray) -> np.ndarray:
    """Strokes no thinner than a pen leaves them."""
    solid = (ink > 0.35).view(np.uint8)
    depth = cv2.distanceTransform(solid, cv2.DIST_L2, 3)[solid > 0]
    wide = 4 * float(depth.mean()) - 1 if depth.size else 0.0
    if wide >= _THINNEST * PX:
        return ink
    soft = cv2.GaussianBlur(ink, (0, 0), 0.9)
    return np.asarray(np.clip(2.3 * soft, 0, 1), np.float32)
