"""What a crop of a line holds besides the line: rules, neighbours, specks, blur, and the camera's own traces.

In: ink of a line, float32 `(h, w)` in 0..1, cut to its ink. Out: the same with margins as real crops have
them, loose or so tight that strokes are cut, 0 bare paper, 1 the darkest stroke.
"""

from __future__ import annotations

import cv2
import numpy as np

from inkread.imaging.ink import extract
from inkread.synth import lights, papers

__all__ = ["cropped", "photographed"]

_PAPERS = (
    "white",
    "white",
    "cream",
    "coloured",
    "ruled",
    "ruled",
    "squared",
    "dotted",
    "yellow pad",
    "kraft",
)
_LIGHTS = ("even", "gradient", "hand shadow", "vignette", "cast")
_INKS = ((0.08, 0.12, 0.5), (0.05, 0.05, 0.07), (0.1, 0.1, 0.16), (0.3, 0.3, 0.33), (0.55, 0.1, 0.15))


def cropped(ink: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A line as a clean extraction leaves it, with the leftovers of its page.

    Args:
        ink: of the line alone.
        rng: chooses.

    Returns:
        float32 of about the same height.
    """
    page = _page(ink, rng)
    if rng.random() < 0.28:
        page = np.maximum(page, _ruling(page, rng))
    if rng.random() < 0.05:
        page = _edged(page, rng)
    page = _seen(page, rng)
    if rng.random() < 0.25:
        page = np.maximum(page, _specks(page.shape, rng))
    return np.clip(page, 0, 1).astype(np.float32)


def photographed(ink: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A line on paper, under a light, through a camera, and its ink taken out again.

    Args:
        ink: of the line alone.
        rng: chooses.

    Returns:
        float32 of about the same height; now and then with what the extraction took for ink.
    """
    page = _page(ink, rng)
    size = page.shape[0], page.shape[1]
    paper = papers.draw(_PAPERS[int(rng.integers(len(_PAPERS)))], size, rng.uniform(0.35, 0.6) * size[0], rng)
    colour = np.array(_INKS[int(rng.integers(len(_INKS)))], np.float32) + rng.normal(0, 0.03, 3)
    opacity = rng.uniform(0.55, 1)
    cover = (page * np.float32(opacity))[..., None]
    scene = paper * (1 - cover * (1 - np.clip(colour, 0, 1).astype(np.float32)))
    scene = scene * lights.fall(_LIGHTS[int(rng.integers(len(_LIGHTS)))], size, rng)
    scene = cv2.GaussianBlur(scene.astype(np.float32), (0, 0), rng.uniform(0.3, 1.0))
    if rng.random() < 0.1:  # the hand shook
        length = int(rng.integers(3, 6))
        scene = cv2.blur(scene, (length, 1) if rng.random() < 0.5 else (1, length))
    grain = rng.standard_normal(size, dtype=np.float32)[..., None] * np.float32(rng.uniform(0, 0.03))
    picture = cv2.convertScaleAbs(np.maximum(scene + grain, 0), alpha=255)
    if rng.random() < 0.6:
        _, code = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(50, 95))])
        picture = np.asarray(cv2.imdecode(code, cv2.IMREAD_COLOR))
    found = extract(np.asarray(picture, np.uint8))
    # a line that the extraction lost, drowned or turned over teaches nothing
    lost = found.light_on_dark or float((found.ink * page).sum()) < 0.5 * float(np.square(page).sum())
    lost = lost or float(np.quantile(found.ink[::2, ::3], 0.3)) > 0.1
    return cropped(ink, rng) if lost else found.ink


def _page(ink: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A line with margins, perhaps underlined, and tips of its neighbours."""
    page = _framed(_underlined(ink, rng) if rng.random() < 0.03 else ink, rng)
    return _neighbours(page, ink, rng) if rng.random() < 0.3 else page


def _underlined(ink: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A stroke of the pen under a stretch of the line."""
    height, width = ink.shape
    page = np.pad(ink, ((0, round(0.12 * height)), (0, 0)))
    ends = np.sort(rng.uniform(0, width, 2)) if rng.random() < 0.5 else np.array([0, width - 1])
    at = rng.uniform(0.72, 1.05) * height
    x = np.linspace(ends[0], ends[1], 6)
    y = at + rng.normal(0, 0.012 * height, 6) + (x - x[0]) * rng.normal(0, 0.004)
    points = np.round(np.stack([x, y], 1) * 16).astype(np.int32)[:, None]
    layer = np.zeros(page.shape, np.uint8)
    thick = int(rng.integers(1, 4))
    cv2.polylines(layer, [points], False, 255, thick, cv2.LINE_AA, 4)
    return np.maximum(page, layer.astype(np.float32) / 255)


def _framed(ink: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Margins: mostly a few pixels, sometimes many, sometimes cut into the tallest strokes."""
    height = ink.shape[0]
    top, bottom, left, right = (int(height * v) for v in rng.gamma(1.3, 0.06, 4))
    left, right = (
        left + int(rng.random() < 0.15) * int(rng.integers(0, 60)),
        right + int(rng.random() < 0.15) * int(rng.integers(0, 60)),
    )
    page = np.pad(ink, ((top, bottom), (left, right)))
    cut_top, cut_bottom = (int(height * v) for v in (rng.random(2) < 0.08) * rng.uniform(0.01, 0.06, 2))
    cut_top, cut_bottom = cut_top + top * bool(cut_top), cut_bottom + bottom * bool(cut_bottom)
    return page[cut_top : page.shape[0] - cut_bottom]


def _neighbours(page: np.ndarray, ink: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Tips of letters that reach in from the lines above and below."""
    height, width = page.shape
    both = int(rng.integers(3))
    for is_above in (True, False):
        if both == int(is_above):
            continue
        deep = max(2, int(height * rng.uniform(0.04, 0.2)))
        other = ink[:, ::-1] if rng.random() < 0.3 else ink
        tips = other[-deep:] if is_above else other[:deep]
        piece = np.zeros((deep, width), np.float32)
        shift = int(rng.integers(0, tips.shape[1]))
        rolled = np.roll(tips, shift, axis=1)[:, :width]
        piece[: rolled.shape[0], : rolled.shape[1]] = rolled
        if rng.random() < 0.5:
            hidden = cv2.resize(
                (rng.random((1, max(2, width // 90))) < 0.5).astype(np.float32),
                (width, 1),
                interpolation=cv2.INTER_NEAREST,
            )
            piece = piece * hidden
        rows = slice(0, deep) if is_above else slice(height - deep, height)
        page[rows] = np.maximum(page[rows], piece)
    return page


def _ruling(page: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """What is left of printed rules: whole, faint or broken, along, and for squared paper also across."""
    height, width = page.shape
    layer = np.zeros((height, width), np.uint8)
    tilt = rng.normal(0, 0.006) * width
    squared = rng.random() < 0.2
    step = height * (rng.uniform(0.15, 0.4) if squared else rng.uniform(0.55, 1.1))
    # people write on the rule, or a little above it; through the middle it would be a crossing-out
    at = _base(page) + rng.normal(0.05, 0.05) * height
    rows = np.arange(at - step * int(at / step), height, step) if squared else [at, at - step]
    for y in rows:
        ends = (0, round((y - tilt / 2) * 16)), (width * 16, round((y + tilt / 2) * 16))
        cv2.line(layer, *ends, 255, 1, cv2.LINE_AA, 4)
    if squared:
        for x in np.arange(rng.uniform(0, step), width, step):
            cv2.line(
                layer, (round(x * 16), 0), (round((x + 0.1 * tilt) * 16), height * 16), 255, 1, cv2.LINE_AA, 4
            )
    elif rng.random() < 0.12:
        x = int(rng.uniform(0, 0.08) * width)
        cv2.line(layer, (x, 0), (x + int(rng.integers(-2, 3)), height), 255, 1, cv2.LINE_AA)
    strength = np.float32((rng.uniform(0.1, 0.5) if squared else rng.uniform(0.15, 1)) / 255)
    lines = layer.astype(np.float32) * strength
    if rng.random() < 0.6:
        holes = papers.noise((1, width), rng.uniform(3, 40), rng)
        lines = lines * np.clip(0.5 + holes * 1.5, 0, 1)
    return lines


def _edged(page: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A margin's line or the sheet's edge at the left or right end of the crop."""
    height, width = page.shape
    room = int(rng.integers(3, 16))
    wide = np.pad(page, ((0, 0), (room, 0)))
    x = int(rng.integers(0, max(1, room - 2)))
    lean = int(rng.integers(-2, 3))
    first, last = np.sort(rng.uniform(-0.3, 1.3, 2)) * height
    layer = np.zeros(wide.shape, np.uint8)
    cv2.line(layer, (x, round(first)), (x + lean, round(last)), 255, int(rng.integers(1, 4)), cv2.LINE_AA)
    edged = np.maximum(wide, layer.astype(np.float32) * np.float32(rng.uniform(0.4, 1) / 255))
    return edged if rng.random() < 0.6 else np.pad(page, ((0, 0), (0, room))) + (edged - wide)[:, ::-1]


def _base(page: np.ndarray) -> float:
    """About where the base line is: the lowest row with much ink."""
    rows = cv2.blur(page.sum(1, dtype=np.float32).reshape(-1, 1), (1, 3)).ravel()
    return float(np.flatnonzero(rows >= 0.45 * rows.max())[-1])


def _seen(page: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Sharpness: lens, few pixels, and the levels that extraction sets."""
    draw = rng.random()
    if draw < 0.2:
        share = rng.uniform(0.5, 0.85)
        small = cv2.resize(page, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
        page = cv2.resize(small, (page.shape[1], page.shape[0]), interpolation=cv2.INTER_LINEAR)
    elif draw < 0.75:
        page = cv2.GaussianBlur(page, (0, 0), rng.uniform(0.3, 0.95))
    strokes = page[page > 0.25]
    full = float(np.quantile(strokes[::5], 0.7)) if strokes.size > 20 else 1.0
    low, high = rng.uniform(0, 0.14), min(1.0, full * rng.uniform(0.72, 1.05))
    return np.clip((page - np.float32(low)) * np.float32(1 / max(high - low, 0.2)), 0, 1)


def _specks(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Dots of dirt, and rarely a grain all over."""
    height, width = shape[:2]
    layer = np.zeros((height, width), np.float32)
    count = int(rng.gamma(1.2, width / 160)) + 1
    y, x = rng.integers(0, height, count), rng.integers(0, width, count)
    layer[y, x] = rng.uniform(0.3, 1, count)
    if rng.random() < 0.3:
        layer = np.asarray(cv2.dilate(layer, np.ones((2, 2), np.uint8)))
    if rng.random() < 0.25:
        layer += np.abs(rng.standard_normal((height, width), dtype=np.float32)) * np.float32(
            rng.uniform(0.02, 0.1)
        )
    return layer
