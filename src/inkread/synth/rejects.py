"""Pictures that are not a digit, each with the name of its source; some sources are held out of training.

Among them: letters (none that a digit may be taken for), words, other scripts, icons, scribbles, struck-
out, turned, halved and joined digits, box corners, print, blots, textures and bare paper.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from inkread.errors import UsageError, nearest
from inkread.synth import camera, conditions, doodles, letters, papers, pens
from inkread.synth.conditions import Conditions
from inkread.synth.digits import Sample
from inkread.synth.hands import Hands
from inkread.synth.letters import Letters

__all__ = ["HELD_OUT_SOURCES", "Rejects", "render"]

HELD_OUT_SOURCES = frozenset(
    {
        "icon-star",
        "icon-outline star",
        "icon-arrow",
        "script-hebrew",
        "scribble-spiral",
        "drawing-iconoir",
        "glyph-ethiopic",
        "glyph-kannada",
        "glyph-runic",
        "glyph-tamil",
    }
)
"""Sources that training never samples."""


TURNABLE = {90: "123456789", 180: "347", 270: "123456789"}
HALVES = {
    "0": ("top", "bottom"),
    "2": ("bottom",),
    "3": ("top",),
    "4": ("top",),
    "5": ("top", "bottom"),
    "8": ("left",),
}
AS_GOOD = frozenset({"turned-180-69"})
"""A 6 turned by 180 degrees is a 9: such pictures come only when asked for by name."""
SHARES = {
    "letter": 0.23,
    "word": 0.08,
    "script": 0.08,
    "icon": 0.08,
    "drawing": 0.22,
    "glyph": 0.16,
    "scribble": 0.1,
    "struck": 0.06,
    "turned": 0.12,
    "half": 0.05,
    "joined": 0.08,
    "corner": 0.03,
    "print": 0.04,
    "blot": 0.03,
    "bare": 0.06,
    "texture": 0.03,
}
"""How often each kind is taken; a kind is a source's name up to its dash."""
REINKED = {"letter": 0.6, "glyph": 0.6, "drawing": 0.3}
"""How often a mask of a kind is drawn again with the pen of the picture."""


@dataclass(frozen=True, slots=True)
class Rejects:
    """What rejects are made of.

    Attributes:
        hands: whose digits are turned, cut, joined and struck out.
        letters: letters, words and scripts at hand.
        without: sources and kinds of them that are left out, since they may be what is to be read.
    """

    hands: Hands
    letters: Letters
    without: frozenset[str] = frozenset()

    @classmethod
    def load(
        cls, hands: Hands, data_root: Path | None = None, without: frozenset[str] = frozenset()
    ) -> Rejects:
        """Gather the bank.

        Args:
            hands: a bank of digits.
            data_root: folder with letters, fonts and lines; without it their sources are left out.
            without: sources and kinds to leave out.

        Raises:
            DataError: a file is damaged.
        """
        return cls(hands, Letters.load(data_root), without)

    def sources(self) -> list[str]:
        """Names of all sources at hand, the held-out ones too."""
        made = [f"icon-{name}" for name in doodles.ICONS] + [f"scribble-{name}" for name in doodles.SCRIBBLES]
        made += [f"turned-{angle}" for angle in TURNABLE] + ["turned-180-69"]
        names = [*self.letters.sources(), *made, *_DIGIT_MAKERS, *_MAKERS, *_SCENES]
        return [name for name in names if not self.without & {name, name.partition("-")[0]}]


def render(rng: np.random.Generator, bank: Rejects, axes: str = "train", source: str | None = None) -> Sample:
    """Draw and photograph something that is not a digit.

    Args:
        rng: source of everything: the same state gives the same bytes.
        bank: what rejects are made of.
        axes: as in `inkread.synth.digits.render`; where an axis is held out, half of the pictures come from
            held-out sources ("source" then stands in the sample's `axis`).
        source: which source; any that `axes` allows where None.

    Returns:
        A sample with the label "".

    Raises:
        UsageError: no such source, or `axes` is something else.
        DataError: the source's files are not at hand.
    """
    away = conditions.which(axes, rng)
    view = conditions.sample_conditions(rng, away)
    unseen = bool(away) and rng.random() < 0.5
    if source is None:
        source = _chosen(bank, unseen, rng)
    if source in _SCENES:
        rgb = _SCENES[source](view, rng)
        hand, shot = "", camera.Shot(rgb, np.zeros(rgb.shape[:2], np.float32))
    else:
        mask, hand = _mark(source, bank, view, "hand" in away, rng)
        shot = camera.shoot(mask, rng, view)
    told = [name for name in conditions.AXES if name in away]
    axis = "+".join(told + ["source"] * (source in HELD_OUT_SOURCES))
    return Sample(shot.rgb, "", hand, source, axis, shot.ink)


def _chosen(bank: Rejects, unseen: bool, rng: np.random.Generator) -> str:
    """A source: first its kind by share, then evenly among the kind's."""
    kinds: dict[str, list[str]] = {}
    for name in bank.sources():
        if (name in HELD_OUT_SOURCES) == unseen and name not in AS_GOOD:
            kinds.setdefault(name.partition("-")[0], []).append(name)
    weights = np.array([SHARES[kind] for kind in kinds])
    of_kind = kinds[list(kinds)[int(rng.choice(len(kinds), p=weights / weights.sum()))]]
    return of_kind[int(rng.integers(len(of_kind)))]


def _mark(
    source: str, bank: Rejects, view: Conditions, away: bool, rng: np.random.Generator
) -> tuple[np.ndarray, str]:
    """(mask, hand) of a source."""
    kind, _, name = source.partition("-")
    if kind in letters.KINDS:
        mask = bank.letters.draw(source, rng)
        mask = pens.reink(mask, view.nib) if rng.random() < REINKED.get(kind, 0.0) else mask
        return pens.trim(pens.elastic(mask, rng.uniform(0, 0.02), rng)), ""
    if source in _MAKERS:
        return _MAKERS[source](view, rng), ""
    if kind == "icon" and name in doodles.ICONS:
        return _lined(doodles.icon(name, rng), view, rng), ""
    if kind == "scribble" and name in doodles.SCRIBBLES:
        return _lined(doodles.SCRIBBLES[name](rng), view, rng), ""
    if source not in bank.sources():
        raise UsageError(f"no rejects of source {source!r}{nearest(source, bank.sources())}")
    if kind == "turned":
        angle, _, pair = name.partition("-")
        choices = pair or TURNABLE[int(angle)]
        mark = bank.hands.draw(rng, away=away, label=choices[int(rng.integers(len(choices)))], nib=view.nib)
        return np.ascontiguousarray(np.rot90(mark.mask, int(angle) // 90)), mark.hand
    return _DIGIT_MAKERS[source](bank.hands, view, away, rng)


def _lined(lines: list[np.ndarray], view: Conditions, rng: np.random.Generator) -> np.ndarray:
    """Lines drawn with the view's pen, not so broad that they close up."""
    kind = pens.NIBS[int(rng.choice(4, p=(0.6, 0.25, 0.08, 0.07)))]
    return pens.trim(
        pens.ink_lines(lines, int(np.clip(view.digit_px, 48, 200)), min(view.nib, 0.1), kind, rng)
    )


def _struck(hands: Hands, view: Conditions, away: bool, rng: np.random.Generator) -> tuple[np.ndarray, str]:
    """A digit crossed out by more than one line."""
    mark = hands.draw(rng, away=away, nib=min(view.nib, 0.09))
    height, width = mark.mask.shape
    lines = doodles.strike(width / height, rng)
    over = pens.ink_lines(
        [*lines, np.array([(0, 0)]), np.array([(width / height, 1)])],
        height,
        min(view.nib, 0.09),
        "even",
        rng,
    )
    low = np.min([line.min(0) for line in lines] + [np.zeros(2)], 0) * height
    room = max(1.2, min(view.nib, 0.09) * height) / 2 + 3
    y, x = (max(0, round(float(room - v))) for v in low[::-1])
    rows, columns = max(over.shape[0], y + height), max(over.shape[1], x + width)
    both = np.zeros((rows, columns), np.float32)
    both[: over.shape[0], : over.shape[1]] = over
    both[y : y + height, x : x + width] = np.maximum(both[y : y + height, x : x + width], mark.mask)
    return pens.trim(both), mark.hand


def _half(hands: Hands, view: Conditions, away: bool, rng: np.random.Generator) -> tuple[np.ndarray, str]:
    """A digit cut through; only halves that are no digit themselves."""
    digit = list(HALVES)[int(rng.integers(len(HALVES)))]
    part = HALVES[digit][int(rng.integers(len(HALVES[digit])))]
    mark = hands.draw(rng, away=away, label=digit, nib=view.nib)
    height, width = mark.mask.shape
    share = rng.uniform(0.38, 0.46) if part == "top" else rng.uniform(0.45, 0.55)
    cut = {
        "top": mark.mask[: int(share * height)],
        "bottom": mark.mask[int((1 - share) * height) :],
        "left": mark.mask[:, : int(share * width)],
    }[part]
    return pens.trim(cut), mark.hand


def _joined(hands: Hands, view: Conditions, away: bool, rng: np.random.Generator) -> tuple[np.ndarray, str]:
    """Two or three digits that touch."""
    marks = [hands.draw(rng, away=away, nib=view.nib) for _ in range(2 if rng.random() < 0.75 else 3)]
    height = 96
    masks = []
    for mark in marks:
        tall = height * rng.uniform(0.85, 1.0)
        factor = min(tall / mark.mask.shape[0], 1.3 * tall / mark.mask.shape[1])
        masks.append(cv2.resize(mark.mask, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA))
    sheet = np.zeros((height + 12, sum(m.shape[1] for m in masks) + 4), np.float32)
    at = 0
    for mask in masks:
        h, w = mask.shape
        top = (sheet.shape[0] - h) // 2
        if at:
            at = _touching(sheet[top : top + h], mask, at)
        sheet[top : top + h, at : at + w] = np.maximum(sheet[top : top + h, at : at + w], mask)
        at += w
    return pens.trim(sheet), marks[0].hand


def _touching(rows: np.ndarray, mask: np.ndarray, at: int) -> int:
    """How far left a mask goes until its ink overlaps what stands there."""
    for x in range(at, max(0, at - mask.shape[1]), -2):
        if np.count_nonzero((rows[:, x : x + mask.shape[1]] > 0.5) & (mask > 0.5)) > 4:
            return max(0, x - 1)
    return max(0, at - mask.shape[1] // 3)


def _corner(view: Conditions, rng: np.random.Generator) -> np.ndarray:
    return _lined(doodles.corner(rng), view, rng)


def _blot(view: Conditions, rng: np.random.Generator) -> np.ndarray:
    """A blot, round to ragged."""
    t = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    ragged = 1 + sum(rng.normal(0, 0.25 / k) * np.cos(k * t + rng.uniform(0, 6)) for k in range(2, 7))
    points = np.stack([np.cos(t) * rng.uniform(0.6, 1.5), np.sin(t)], 1) * np.clip(ragged, 0.3, 2)[:, None]
    mask = np.zeros((200, 260), np.uint8)
    cv2.fillPoly(mask, [np.round((points * 45 + [130, 100]) * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    for _ in range(int(rng.integers(0, 5))):
        centre = (int(rng.normal(130, 50)), int(rng.normal(100, 40)))
        cv2.circle(mask, centre, int(rng.integers(1, 8)), 255, -1, cv2.LINE_AA)
    return pens.trim(mask.astype(np.float32) / 255)


def _print(view: Conditions, rng: np.random.Generator) -> np.ndarray:
    """Printed letters; none that a digit may be taken for."""
    clear = "ACEFHKMNPRUVWXacdefkmnprsuvwx"
    text = "".join(clear[int(i)] for i in rng.integers(0, len(clear), int(rng.integers(1, 6))))
    face = (
        cv2.FONT_HERSHEY_DUPLEX,
        cv2.FONT_HERSHEY_TRIPLEX,
        cv2.FONT_HERSHEY_COMPLEX,
        cv2.FONT_HERSHEY_SIMPLEX,
    )
    font, thick = face[int(rng.integers(4))], int(rng.integers(2, 8))
    (wide, tall), below = cv2.getTextSize(text, font, 3.0, thick)
    mask = np.zeros((tall + below + 20, wide + 20), np.uint8)
    cv2.putText(mask, text, (10, tall + 10), font, 3.0, 255, thick, cv2.LINE_AA)
    return pens.trim(mask.astype(np.float32) / 255)


def _bare(view: Conditions, rng: np.random.Generator) -> np.ndarray:
    """Nothing written: paper, rules, squares, boxes or a sheet's edge, as the conditions have it."""
    return camera.photograph(np.zeros((80, int(rng.integers(30, 120))), np.float32), rng, view)


def _texture(view: Conditions, rng: np.random.Generator) -> np.ndarray:
    """No paper at all: noise, clouds, stripes or a ramp."""
    size = (int(rng.integers(24, 260)), int(rng.integers(24, 260)))
    kind = int(rng.integers(4))
    y, x = np.mgrid[0 : 1 : size[0] * 1j, 0 : 1 : size[1] * 1j]
    if kind == 0:
        field = papers.noise(size, float(rng.choice([1, 1, 2, 4])), rng)
    elif kind == 1:
        layers = [papers.noise(size, max(2.0, min(size) / 2**k), rng) / k for k in range(1, 5)]
        field = np.sum(layers, 0)
    elif kind == 2:
        field = np.sin((x * rng.normal(0, 30) + y * rng.normal(0, 30)) + rng.uniform(0, 6))
    else:
        field = x * rng.normal() + y * rng.normal()
    field = (field - np.mean(field)) / (np.std(field) + 1e-6)
    colour = rng.uniform(0.2, 0.9, 3) + field[..., None] * rng.uniform(0.02, 0.25) * rng.uniform(0.5, 1, 3)
    return np.ascontiguousarray((np.clip(colour, 0, 1) * 255).astype(np.uint8))


_DIGIT_MAKERS: dict[str, Callable[[Hands, Conditions, bool, np.random.Generator], tuple[np.ndarray, str]]] = {
    "struck": _struck,
    "half": _half,
    "joined": _joined,
}
_MAKERS: dict[str, Callable[[Conditions, np.random.Generator], np.ndarray]] = {
    "corner": _corner,
    "blot": _blot,
    "print": _print,
}
_SCENES: dict[str, Callable[[Conditions, np.random.Generator], np.ndarray]] = {
    "bare": _bare,
    "texture": _texture,
}
