"""Cut lines of handwriting to readings: through the network, decoded, with boxes in the user's picture.

In: the ink of lines, each an upright crop with the way back to the picture. Out: one `Reading` a line, in the
same order. What kinds `line` and `note` have in common stands here; they differ in how they find their lines.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from inkread.decode.ctc import Hypothesis
from inkread.decode.line_confidence import plain
from inkread.decode.ngram import NGram
from inkread.imaging.load import Picture
from inkread.imaging.pen_shade import shaded
from inkread.imaging.strips import STRIDE, Strip, strip
from inkread.readers import language
from inkread.runtime.linewise import LineRecognizer
from inkread.types import Alternative, Box, Character, Reading, Status

__all__ = [
    "LineTrace",
    "Piece",
    "Place",
    "SeenLine",
    "Source",
    "Way",
    "characters_of",
    "edges_of",
    "read_piece",
    "read_pieces",
]

Points = NDArray[np.float64]
"""`(n, 2)`, x and y."""
UNREADABLE = 0.12
"""A text whose characters are on (geometric) average less likely than this is no text but a scribble."""
_GIVEN, _FOUND = 0.4, 0.8
"""A few characters are soon seen in a scribble: those of a text of n must be likelier by this over n ** 1.5,
where the picture was said to hold a line, and where the line was found on a page."""
_MOST_ALTERNATIVES = 5


@dataclass(frozen=True, slots=True)
class Way:
    """How lines are read.

    Attributes:
        recognizer: gives logits a frame.
        threshold: the least confidence at which a reading is accepted; above 1 where nothing can be.
        languages: n-grams that help; none takes the likeliest character of every frame.
        words: known words in small letters, read the sooner.
    """

    recognizer: LineRecognizer
    threshold: float
    languages: tuple[NGram, ...] = ()
    words: frozenset[str] = frozenset()


class Source(NamedTuple):
    """What a piece was cut from: a picture, uint8 `(rows, columns, 3)`, and the way there, `(2, 3)`."""

    rgb: NDArray[np.uint8]
    way: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """One line, cut out upright.

    Attributes:
        ink: float32 `(height, width)`, 0 bare paper, 1 the darkest stroke.
        back: maps points of `ink`, `(n, 2)`, to points of the picture's `rgb`.
        polygon: the line's outline ((x, y), ...) in `rgb`; None for the box of its ink.
        baseline: where its letters stand, ((x, y), ...) in `rgb`; None where that is not known.
        source: in which the shade of the pen can be seen; None where only the ink is known.
    """

    ink: NDArray[np.float32]
    back: Callable[[Points], Points] = lambda points: points
    polygon: tuple[tuple[float, float], ...] | None = None
    baseline: tuple[tuple[float, float], ...] | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True, eq=False)
class SeenLine:
    """One line as the network saw it.

    Attributes:
        box: in pixels of the picture's `rgb`.
        strip: float32 `(40, width)`, what the network was given.
        logits: float32 `(frames, classes)`, what the network said.
        options: ways to read it, best first.
        edges: pixels of the strip where the best one's characters begin and end, one more than they are.
    """

    box: Box
    strip: NDArray[np.float32]
    logits: NDArray[np.float32]
    options: tuple[Hypothesis, ...]
    edges: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class LineTrace:
    """Everything that led to the readings of one page of lines.

    Attributes:
        rgb: uint8 `(height, width, 3)`, the picture as it was looked at.
        ink: float32 `(height, width)`.
        seen: the lines, one a reading, in reading order; empty of a blank page.
        readings: at least one.
        kind: "line" or "note".
    """

    rgb: NDArray[np.uint8]
    ink: NDArray[np.float32]
    seen: tuple[SeenLine, ...]
    readings: tuple[Reading, ...]
    kind: str


def read_pieces(
    pieces: Sequence[Piece], picture: Picture, way: Way
) -> tuple[tuple[SeenLine, ...], tuple[Reading, ...]]:
    """Read lines that were cut out of a picture.

    Args:
        pieces: the lines.
        picture: where they are from.
        way: network, decoder and threshold.

    Returns:
        What was seen and what was read, one of each a line. A line without text is refused.
    """
    strips = [strip(piece.ink) for piece in pieces]
    answers = way.recognizer.logits([found.ink for found in strips])
    lines = [
        read_piece(Place(piece, found, picture), logits, way)
        for piece, found, logits in zip(pieces, strips, answers, strict=True)
    ]
    return tuple(seen for seen, _ in lines), tuple(reading for _, reading in lines)


def read_piece(place: Place, logits: NDArray[np.float32], way: Way) -> tuple[SeenLine, Reading]:
    """Read one line, the network's answer to it given.

    Args:
        place: the line, its strip and its picture.
        logits: `(frames, classes)`.
        way: network, decoder and threshold.
    """
    options = language.readings(logits, way.recognizer.alphabet, way.languages, way.words)
    width = place.strip.ink.shape[1]
    edges = edges_of(options[0], width)
    seen = SeenLine(place.box(0, width), place.strip.ink, logits, tuple(options), edges)
    return seen, replace(_reading(options, place, way, edges), baseline=place.baseline())


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """The ways back from a strip."""

    piece: Piece
    strip: Strip
    picture: Picture

    def given(self, recognizer: LineRecognizer) -> NDArray[np.float32]:
        """What a network is given: the strip, with the shade of the pen where it sees that."""
        source = self.piece.source
        if recognizer.channels == 1 or source is None:
            return self.strip.ink
        return shaded(source.rgb, source.way, self.strip)

    def corners(self, first: float, end: float) -> Points:
        """Four corners `(4, 2)` in `rgb` of the strip's columns from `first` to `end`, cut to the crop."""
        strip, (rows, columns) = self.strip, self.piece.ink.shape
        left, right = (min(max(strip.left + x / strip.scale, 0), columns) for x in (first, end))
        top, bottom = max(strip.top, 0), min(strip.top + strip.height, rows)
        points = [(left, top), (right, top), (right, bottom), (left, bottom)]
        return self.piece.back(np.array(points, np.float64))

    def box(self, first: float, end: float) -> Box:
        """The upright box around these columns, in `rgb`."""
        return _around(self.corners(first, end), *self.picture.rgb.shape[1::-1])

    def user_box(self, first: float, end: float) -> Box:
        """The upright box around these columns, in the user's picture."""
        return _around(self._user(self.corners(first, end)), self.picture.width, self.picture.height)

    def polygon(self) -> tuple[tuple[float, float], ...] | None:
        """The line's outline in the user's picture; None where its box says the same."""
        outline = self.piece.polygon
        if outline is None and not self.picture.is_turned:
            return None
        whole = self.corners(0, self.strip.ink.shape[1])
        points = whole if outline is None else np.array(outline, np.float64)
        return _plain(self._user(points))

    def baseline(self) -> tuple[tuple[float, float], ...] | None:
        """Where the letters stand, in the user's picture; None where that is not known."""
        found = self.piece.baseline
        return _plain(self._user(np.array(found, np.float64))) if found else None

    def _user(self, points: Points) -> Points:
        return np.column_stack([points, np.ones(len(points))]) @ self.picture.to_user.T


def _plain(points: Points) -> tuple[tuple[float, float], ...]:
    return tuple((float(x), float(y)) for x, y in points)


def _around(points: Points, width: int, height: int) -> Box:
    """The box of whole pixels around points, within a picture and never empty."""
    left, top = np.floor(points.min(0) + 0.01).astype(int).tolist()
    right, bottom = np.ceil(points.max(0) - 0.01).astype(int).tolist()
    left, top = min(max(left, 0), width - 1), min(max(top, 0), height - 1)
    return Box(left, top, min(max(right, left + 1), width), min(max(bottom, top + 1), height))


def _reading(options: Sequence[Hypothesis], place: Place, way: Way, edges: tuple[float, ...]) -> Reading:
    """What a line says, how surely, and whether it may pass."""
    best = options[0]
    box, polygon = place.user_box(0, place.strip.ink.shape[1]), place.polygon()
    if not best.text.strip():
        return Reading("", 0.0, "refused", "no text: nothing there reads as a character", box, polygon)
    alternatives = _alternatives(options, way)
    confidence = alternatives[0].confidence
    status, reason = _verdict(best, confidence, way, _least(len(best.text), place.piece.baseline is not None))
    text = "" if status == "refused" else best.text
    characters = characters_of(best, place, edges) if text else ()
    return Reading(text, confidence, status, reason, box, polygon, alternatives, characters)


def _alternatives(options: Sequence[Hypothesis], way: Way) -> tuple[Alternative, ...]:
    """The ways to read a line, best first; together they are never surer than certain."""
    calibration = way.recognizer.metadata.line_calibration
    told: list[Alternative] = []
    left = most = 1.0
    for option in [o for o in options if o.text][:_MOST_ALTERNATIVES]:
        share, length = option.score, len(option.text)
        sure = calibration.confidence(share, length) if calibration else plain(share)
        most = min(sure, left, most)
        left -= most
        told.append(Alternative(option.text, most))
    return (told[0], *(a for a in told[1:] if a.confidence >= 0.001))


def _least(length: int, is_found: bool) -> float:
    """How likely the characters of a text must be, on (geometric) average, for it to be one."""
    return min(0.95, UNREADABLE + (_FOUND if is_found else _GIVEN) / length**1.5)


def _verdict(best: Hypothesis, confidence: float, way: Way, least: float) -> tuple[Status, str]:
    """The status of a line, and the reason why a person must look."""
    if np.exp(best.log_probability / len(best.text)) < least:
        return "refused", "does not look like writing that can be read"
    if confidence >= way.threshold:
        return "accepted", ""
    if way.threshold > 1:
        return (
            "review",
            "this model is sure enough of no line for the error target: set a threshold to accept",
        )
    word, _ = min(_words(best), key=lambda told: told[1])
    return "review", f"not sure enough for the error target; least sure: {word!r}"


def _words(best: Hypothesis) -> list[tuple[str, float]]:
    """The words of a text, each with the share of its least likely character."""
    words: list[tuple[str, float]] = []
    start = 0
    for word in best.text.split(" "):
        if word:
            spans = best.spans[start : start + len(word)]
            words.append((word, min(s.confidence for s in spans)))
        start += len(word) + 1
    return words


def edges_of(best: Hypothesis, width: int) -> tuple[float, ...]:
    """Where characters begin and end on a strip: halfway between the frames that say them."""
    middles = [(span.first + span.end) / 2 for span in best.spans]
    between = (STRIDE * (a + b) / 2 for a, b in zip(middles, middles[1:], strict=False))
    return 0.0, *(min(edge, float(width)) for edge in between), float(width)


def characters_of(best: Hypothesis, place: Place, edges: tuple[float, ...]) -> tuple[Character, ...]:
    """The characters with their boxes."""
    told = zip(best.text, best.spans, edges, edges[1:], strict=False)
    return tuple(Character(c, span.confidence, place.user_box(a, b)) for c, span, a, b in told)
