"""The conditions of a photo: the axes, their families, and which of them training never sees.

Axes: `paper`, `pen`, `light` (families here) and `hand` (see `inkread.synth.hands.held_out`). Each axis
keeps one or two families out of training, so that a set made with them tells how a model fares on what it
has not met.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inkread.errors import UsageError, nearest
from inkread.synth import papers

__all__ = [
    "AXES",
    "HELD_OUT",
    "LIGHT_SHARES",
    "PAPER_SHARES",
    "PENS",
    "Conditions",
    "Pen",
    "sample_conditions",
    "which",
]

AXES = ("paper", "pen", "light", "hand")

HELD_OUT: dict[str, frozenset[str]] = {
    "paper": frozenset({"kraft", "newsprint"}),
    "pen": frozenset({"brush", "crayon"}),
    "light": frozenset({"flash", "blinds"}),
}
"""Axis -> families that training never samples."""


@dataclass(frozen=True, slots=True)
class Pen:
    """A kind of pen.

    Attributes:
        nib: least and greatest stroke width, as a share of the digit's height.
        opacity: least and greatest share of the paper that the ink hides.
        grain: how much of the paper's grain shows through the stroke, 0..1.
        sheer: True where ink darkens the paper like a filter instead of covering it.
        share: how often it is taken among those that fit the paper.
        on: "light" papers, "dark" papers, "board" (whiteboard) or "screen".
    """

    nib: tuple[float, float]
    opacity: tuple[float, float]
    grain: float
    sheer: bool
    share: float
    on: str


PENS: dict[str, Pen] = {
    "ballpoint": Pen((0.015, 0.05), (0.6, 0.97), 0.25, True, 3, "light"),
    "fineliner": Pen((0.015, 0.06), (0.85, 1.0), 0.05, False, 2, "light"),
    "gel": Pen((0.03, 0.08), (0.9, 1.0), 0.0, False, 1.5, "light"),
    "pencil": Pen((0.015, 0.07), (0.3, 0.85), 0.6, True, 2, "light"),
    "coloured pencil": Pen((0.03, 0.09), (0.45, 0.9), 0.7, True, 0.7, "light"),
    "marker": Pen((0.07, 0.2), (0.8, 1.0), 0.05, True, 2.2, "light"),
    "highlighter": Pen((0.1, 0.2), (0.6, 0.95), 0.1, True, 0.35, "light"),
    "board marker": Pen((0.03, 0.12), (0.75, 1.0), 0.15, False, 1, "board"),
    "chalk": Pen((0.04, 0.13), (0.5, 1.0), 0.8, False, 2, "dark"),
    "white gel": Pen((0.02, 0.08), (0.7, 1.0), 0.1, False, 1, "dark"),
    "digital": Pen((0.015, 0.22), (0.8, 1.0), 0.0, False, 1, "screen"),
    "brush": Pen((0.08, 0.22), (0.7, 1.0), 0.3, True, 1, "any"),
    "crayon": Pen((0.05, 0.14), (0.5, 0.95), 1.0, False, 1, "any"),
}
"""Family -> what it does. "any" pens are the held-out ones: they go with every paper but screens."""

PAPER_SHARES = {
    "white": 4.5,
    "cream": 1,
    "coloured": 0.8,
    "ruled": 1.6,
    "squared": 1.2,
    "dotted": 0.4,
    "yellow pad": 0.6,
    "envelope": 0.6,
    "whiteboard": 1.2,
    "blackboard": 0.8,
    "dark card": 0.5,
    "screen light": 2,
    "screen dark": 1.8,
    "sticky note": 0.6,
    "table": 1,
    "boxed": 1.6,
    "kraft": 1,
    "newsprint": 1,
}
LIGHT_SHARES = {
    "even": 3.5,
    "gradient": 1.5,
    "vignette": 1,
    "shadow edge": 0.8,
    "hand shadow": 1.4,
    "cast": 1,
    "dim": 0.7,
    "overexposed": 0.5,
    "flash": 1,
    "blinds": 1,
}
FRAMES = {"normal": 0.4, "filling": 0.25, "loose": 0.14, "small": 0.05, "thumb": 0.16}
DISTRACTORS = ("specks", "fold", "stray line", "residue", "underline", "finger", "padding")
"""What else may be on a picture; "padding" sets the photo into a larger plain square, as programs do."""
_FAINT = 0.3
"""Ink that stands out from the paper by less is made darker and broader: nothing unreadable is asked for."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """How one picture is taken.

    Attributes:
        paper, pen, light: families.
        frame: "normal", "filling", "loose", "small" (in a large picture) or "thumb" (16 to 40 px in all).
        digit_px: height of the digit in the picture, pixels.
        fill: the digit's height as a share of the picture's.
        aspect: the picture's width over its height; 0 cuts it as narrow as the digit.
        squeeze: how far the digit is stretched towards a square, 0..1, as old sets of scans do.
        offset: where the digit stands in the free room, x and y, -1..1.
        nib: stroke width as a share of the digit's height.
        opacity: of the ink, 0..1.
        rotation_degrees: clockwise.
        perspective: shift of the corners as a share of the digit's height.
        blur: standard deviation as a share of the digit's height.
        motion: length of the camera's jolt as a share of the digit's height.
        noise: standard deviation of the sensor's noise, 0..1.
        resample: factor by which the picture is made smaller and larger again; 1 leaves it.
        jpeg: quality; 0 leaves the compression out.
        enlarge: factor by which the finished scene is blown up, for pictures of several thousand pixels.
        grey: True for a grey picture.
        bilevel: True for a scan in black and white only.
        distractors: what else is on the picture.
    """

    paper: str
    pen: str
    light: str
    frame: str
    digit_px: float
    fill: float
    aspect: float
    squeeze: float
    offset: tuple[float, float]
    nib: float
    opacity: float
    rotation_degrees: float
    perspective: float
    blur: float
    motion: float
    noise: float
    resample: float
    jpeg: int
    enlarge: float
    grey: bool
    bilevel: bool
    distractors: tuple[str, ...]


def which(axes: str, rng: np.random.Generator) -> frozenset[str]:
    """Decide which axes take a held-out family.

    Args:
        axes: "train" (none), "held_out" (at least one, at random), or one axis by name.
        rng: source of the choice.

    Returns:
        Names out of `AXES`.

    Raises:
        UsageError: `axes` is something else.
    """
    if axes == "train":
        return frozenset()
    if axes in AXES:
        return frozenset({axes})
    if axes != "held_out":
        known = ["train", "held_out", *AXES]
        raise UsageError(f"axes is {axes!r}; expected one of {', '.join(known)}{nearest(axes, known)}")
    sure = AXES[int(rng.integers(len(AXES)))]
    return frozenset({sure, *(axis for axis in AXES if rng.random() < 0.2)})


def sample_conditions(rng: np.random.Generator, axes: str | frozenset[str] = "train") -> Conditions:
    """Draw the conditions of one picture.

    Args:
        rng: source of the choice.
        axes: "train", "held_out", one axis, or the axes (from `which`) that take a held-out family.

    Raises:
        UsageError: `axes` is something else.
    """
    away = which(axes, rng) if isinstance(axes, str) else axes
    paper = _family("paper", PAPER_SHARES, away, rng)
    if "pen" in away and paper in papers.SCREENS:
        paper = "white"
    pen = _pen(paper, "pen" in away, rng)
    screen = paper in papers.SCREENS
    light = _family("light", LIGHT_SHARES, away, rng) if "light" in away or not screen else "even"
    frame, digit_px, fill, aspect = _framing(rng)
    nib, opacity, blur, clear = _stroke(PENS[pen], light, digit_px, screen, rng)
    noise = 0.0 if screen else float(min(rng.exponential(0.015), 0.07) * (2.0 if light == "dim" else 1.0))
    distractors = tuple(name for name in DISTRACTORS if rng.random() < (0.015 if screen else 0.055))
    clean = screen and rng.random() < 0.7
    coarse = rng.random() < 0.15 and digit_px > 30
    resample = float(rng.uniform(1.2, max(1.3, min(4.0, digit_px / 18)))) if coarse else 1.0
    return Conditions(
        paper=paper,
        pen=pen,
        light=light,
        frame=frame,
        digit_px=digit_px,
        fill=fill,
        aspect=aspect,
        squeeze=float(rng.uniform(0.3, 1)) if frame == "thumb" and rng.random() < 0.2 else 0.0,
        offset=_offset(rng, 0.5 if paper in ("table", "boxed") else 1.0),
        nib=nib,
        opacity=opacity,
        rotation_degrees=float(np.clip(rng.normal(0, 4.5), -13, 13)),
        perspective=float(abs(rng.normal(0, 0.05))) if rng.random() < 0.4 and not screen else 0.0,
        blur=blur,
        motion=float(rng.uniform(0.02, 0.07)) if rng.random() < 0.07 and not screen else 0.0,
        noise=min(noise, 0.16 * clear),
        resample=resample,
        jpeg=0 if clean else int(rng.integers(20, 96)) if rng.random() < 0.8 else 0,
        enlarge=float(np.exp(rng.uniform(0, np.log(6)))) if frame != "thumb" and rng.random() < 0.03 else 1.0,
        grey=bool(rng.random() < (0.75 if frame == "thumb" else 0.12)),
        bilevel=bool(
            rng.random() < 0.05 and opacity > 0.8 and light == "even" and paper in ("white", "ruled")
        ),
        distractors=distractors,
    )


def _family(axis: str, shares: dict[str, float], away: frozenset[str], rng: np.random.Generator) -> str:
    """One family of an axis, from its held-out ones or from the others."""
    names = [name for name in shares if (name in HELD_OUT[axis]) == (axis in away)]
    weights = np.array([shares[name] for name in names])
    return names[int(rng.choice(len(names), p=weights / weights.sum()))]


def _pen(paper: str, away: bool, rng: np.random.Generator) -> str:
    """A pen that writes on this paper."""
    if away:
        return sorted(HELD_OUT["pen"])[int(rng.integers(len(HELD_OUT["pen"])))]
    ground = "screen" if paper in papers.SCREENS else "dark" if paper in papers.DARK else "light"
    ground = "board" if paper == "whiteboard" else ground
    shares = {name: pen.share for name, pen in PENS.items() if pen.on == ground}
    return _family("pen", shares, frozenset(), rng)


def _stroke(
    pen: Pen, light: str, digit_px: float, screen: bool, rng: np.random.Generator
) -> tuple[float, float, float, float]:
    """(nib, opacity, blur, clearness) of a picture that a person can read.

    Clearness is about how much the stroke stands out from the paper once blur, thinness and light have had
    their share, 0..1; it bounds the noise.
    """
    nib = max(float(np.exp(rng.uniform(*np.log(pen.nib)))), 1.1 / digit_px)
    opacity = float(rng.uniform(*pen.opacity))
    sharp = rng.random() > 0.35 or screen
    blur = float(rng.uniform(0, 0.4 / digit_px if sharp else 0.035))
    level = {"dim": 0.4, "cast": 0.75, "hand shadow": 0.7, "shadow edge": 0.7}.get(light, 1.0)

    def clear() -> float:
        faded = 1 - 0.3 * pen.grain - (0.25 if light == "overexposed" else 0.0)
        return opacity * faded * min(1.0, nib / max(2.2 * blur, 1e-6), nib * digit_px / 1.5)

    if clear() < _FAINT:
        opacity, nib, blur = max(opacity, 0.75), max(nib, 1.6 / digit_px), blur / 2
    return nib, opacity, blur, clear() * level


def _offset(rng: np.random.Generator, reach: float) -> tuple[float, float]:
    """Most people hold the digit about in the middle, some anywhere within reach (the sheet, the box)."""
    x, y = rng.uniform(-1, 1, 2) if rng.random() < 0.35 else np.clip(rng.normal(0, 0.25, 2), -1, 1)
    return float(reach * x), float(reach * y)


def _framing(rng: np.random.Generator) -> tuple[str, float, float, float]:
    """(frame, digit height in pixels, its share of the picture's height, aspect)."""
    frame = list(FRAMES)[int(rng.choice(len(FRAMES), p=list(FRAMES.values())))]
    low, high = {
        "normal": (0.36, 0.75),
        "filling": (0.75, 1.02),
        "loose": (0.16, 0.36),
        "small": (0.07, 0.16),
        "thumb": (0.6, 1.0),
    }[frame]
    fill = float(rng.uniform(low, high))
    if frame == "thumb":
        side = float(rng.choice([16, 20, 24, 28, 28, 28, 32, 32, 40, 48, 50]))
        fill = max(fill, min(1.0, 13 / side))
    else:
        side = float(np.exp(rng.uniform(np.log(56 if fill > 0.36 else 120), np.log(330))))
    narrow = frame in ("filling", "thumb") and rng.random() < 0.4
    aspect = 0.0 if narrow else 1.0 if rng.random() < 0.45 else float(np.exp(rng.normal(0.1, 0.3)))
    return frame, max(12.0, fill * side), fill, float(np.clip(aspect, 0, 1.9))
