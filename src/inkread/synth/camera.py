"""Photograph a mark: ink on paper, under a light, through a camera.

In: a mark, float32 `(h, w)` coverage 0..1 that fills its array, and `Conditions`. Out: the picture a user
might hand in, uint8 RGB. The same mark, conditions and state of `rng` give the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from inkread.synth import distractors, lights, papers
from inkread.synth.conditions import AXES, HELD_OUT, PENS, Conditions, sample_conditions

__all__ = ["AXES", "HELD_OUT", "Conditions", "Shot", "photograph", "sample_conditions", "shoot", "take"]

_DARK_INKS = {
    "ballpoint": (
        (0.08, 0.12, 0.5),
        (0.1, 0.15, 0.65),
        (0.08, 0.08, 0.12),
        (0.65, 0.1, 0.15),
        (0.05, 0.4, 0.25),
    ),
    "fineliner": ((0.05, 0.05, 0.06), (0.08, 0.1, 0.4), (0.6, 0.08, 0.1)),
    "gel": ((0.04, 0.04, 0.05), (0.08, 0.1, 0.45), (0.45, 0.1, 0.5), (0.05, 0.35, 0.3), (0.6, 0.1, 0.25)),
    "pencil": ((0.25, 0.25, 0.27), (0.35, 0.35, 0.37)),
    "coloured pencil": (
        (0.7, 0.25, 0.2),
        (0.2, 0.35, 0.7),
        (0.2, 0.5, 0.25),
        (0.5, 0.3, 0.6),
        (0.55, 0.35, 0.2),
    ),
    "highlighter": ((0.6, 0.85, 0.2), (0.95, 0.45, 0.6), (0.95, 0.6, 0.2), (0.3, 0.75, 0.85)),
    "brush": ((0.06, 0.06, 0.08), (0.15, 0.2, 0.4), (0.5, 0.15, 0.1)),
    "crayon": ((0.75, 0.15, 0.15), (0.15, 0.25, 0.65), (0.15, 0.45, 0.2), (0.1, 0.1, 0.1), (0.5, 0.3, 0.15)),
}
_BOLD = ((0.05, 0.05, 0.06), (0.08, 0.15, 0.6), (0.75, 0.1, 0.12), (0.05, 0.45, 0.2), (0.45, 0.1, 0.5))
_MOST_PX = 420


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """A picture, and what the simulator knows of it.

    Attributes:
        rgb: uint8 `(height, width, 3)`.
        ink: float32 `(height, width)` in 0..1: how much of each pixel the mark covers. Specks, underlines,
            print, shadows and what else gets into a picture are not ink.
    """

    rgb: np.ndarray
    ink: np.ndarray


def photograph(mark: np.ndarray, rng: np.random.Generator, conditions: Conditions) -> np.ndarray:
    """Take the picture of a mark.

    Args:
        mark: float32 `(h, w)` in 0..1, ink coverage, cut to its ink. All zeros gives bare paper.
        rng: source of textures, colours and noise.
        conditions: how the picture is taken.

    Returns:
        uint8 `(height, width, 3)` RGB.
    """
    return shoot(mark, rng, conditions).rgb


def shoot(mark: np.ndarray, rng: np.random.Generator, conditions: Conditions) -> Shot:
    """Take the picture of a mark, and keep where its ink is. See `photograph`."""
    view = conditions
    if view.squeeze > 0:
        mark = _squeezed(mark, view.squeeze)
    scale = min(view.digit_px / mark.shape[0], 1.4 * view.digit_px / mark.shape[1])
    # Thumbs are taken at several times their size and reduced, as software does.
    zoom = 4.0 if view.frame == "thumb" else 1.0
    size = _frame_size(mark.shape, scale, view)
    zoom = min(zoom, _MOST_PX / max(size))
    inner = (max(8, round(size[0] * zoom)), max(8, round(size[1] * zoom)))
    unit = view.digit_px * zoom
    written = placed(mark, scale * zoom, inner, rng, view)
    page = papers.draw(view.paper, inner, unit, rng)
    ink = distractors.on_ink(written, mark, unit, rng, view.distractors)
    scene = _lens(_lit(page, ink, unit, rng, view), unit, rng, view)
    return _developed(scene, written, size, rng, view)


def take(
    page: np.ndarray, ink: np.ndarray, unit: float, rng: np.random.Generator, view: Conditions
) -> np.ndarray:
    """Photograph a page with ink on it: the pen's colour, the light, the lens, the file.

    Args:
        page: `(height, width, 3)` float32 in 0..1, as `papers.draw` gives it, perhaps with print.
        ink: `(height, width)` float32 in 0..1: what the pen left.
        unit: height of a digit, pixels.
        rng: source of colours and noise.
        view: the conditions; its framing is not asked.

    Returns:
        uint8 `(height, width, 3)` RGB.
    """
    scene = _lens(_lit(page, ink, unit, rng, view), unit, rng, view)
    return _developed(scene, ink, page.shape[:2], rng, view).rgb


def _lit(
    page: np.ndarray, ink: np.ndarray, unit: float, rng: np.random.Generator, view: Conditions
) -> np.ndarray:
    """A page with its ink, what lies on it, and the light."""
    scene = _inked(page, ink, unit, rng, view)
    scene = distractors.on_scene(scene, unit, rng, view.distractors)
    if view.light != "even" or view.paper not in papers.SCREENS:
        scene = scene * lights.fall(view.light, page.shape[:2], rng)
    return np.asarray(scene)


def placed(
    mark: np.ndarray, scale: float, size: tuple[int, int], rng: np.random.Generator, view: Conditions
) -> np.ndarray:
    """Set a mark into an empty frame: scaled, turned, tilted, off centre.

    Args:
        mark: float32 `(h, w)`.
        scale: pixels of the frame for a pixel of the mark.
        size: (height, width) of the frame.
        rng: source of the tilt.
        view: the conditions.

    Returns:
        float32 of the frame's size, 0..1.
    """
    if scale < 0.75:
        mark = cv2.resize(mark, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        scale = 1.0
    height, width = mark.shape
    turn = np.deg2rad(view.rotation_degrees)
    half = np.abs([[np.sin(turn), np.cos(turn)], [np.cos(turn), np.sin(turn)]]) @ [width, height] * scale / 2
    room = np.maximum(0, np.array(size) / 2 - half - 1)
    y, x = np.array(size) / 2 + room * np.array(view.offset)[::-1]
    cos, sin = np.cos(turn) * scale, np.sin(turn) * scale
    matrix = np.array(
        [
            [cos, -sin, x - cos * width / 2 + sin * height / 2],
            [sin, cos, y - sin * width / 2 - cos * height / 2],
            [0, 0, 1],
        ]
    )
    if view.perspective > 0:
        tilt = rng.normal(0, view.perspective / max(size), 2)
        centre = np.array([[1, 0, -x], [0, 1, -y], [0, 0, 1]])
        matrix = np.linalg.inv(centre) @ np.array([[1, 0, 0], [0, 1, 0], [*tilt, 1]]) @ centre @ matrix
    ink = cv2.warpPerspective(mark, matrix, (size[1], size[0]), flags=cv2.INTER_LINEAR)
    if scale > 1.3:
        gain = min(scale, 5.0)
        ink = (ink - 0.5) * np.float32(gain) + 0.5
    return np.clip(ink, 0, 1)


def _squeezed(mark: np.ndarray, strength: float) -> np.ndarray:
    """A mark stretched towards a square."""
    factor = float(np.clip((mark.shape[0] / mark.shape[1]) ** strength, 0.6, 2.6))
    return np.asarray(cv2.resize(mark, None, fx=factor, fy=1, interpolation=cv2.INTER_LINEAR))


def _frame_size(shape: tuple[int, ...], scale: float, view: Conditions) -> tuple[int, int]:
    """(height, width) of the picture in pixels."""
    tall, wide = shape[0] * scale, shape[1] * scale
    height = view.digit_px / view.fill
    width = wide / view.fill if view.aspect == 0 else max(height * view.aspect, wide / min(view.fill, 0.97))
    return max(8, round(max(height, tall))), max(8, round(max(width, 0.25 * height)))


def _ink_colour(page: np.ndarray, rng: np.random.Generator, view: Conditions) -> np.ndarray:
    """A colour of this pen that shows on this paper."""
    if view.paper in papers.DARK:
        pastel = rng.uniform(0.55, 1.0, 3) if rng.random() < 0.3 else np.full(3, rng.uniform(0.8, 1.0))
        return pastel.astype(np.float32)
    if view.pen == "digital":
        colour = np.array(_BOLD[int(rng.integers(len(_BOLD)))]) if rng.random() < 0.5 else np.zeros(3)
        return np.clip(colour + rng.uniform(0, 0.15, 3) * (rng.random() < 0.5), 0, 1).astype(np.float32)
    choices = _DARK_INKS.get(view.pen, _BOLD)
    first = int(rng.integers(len(choices))) if rng.random() < 0.6 else 0
    colour = np.clip(np.array(choices[first]) + rng.normal(0, 0.04, 3), 0, 1)
    paper = page[::5, ::5].reshape(-1, 3).mean(0)
    if np.abs(paper - colour).max() < 0.35:
        colour = colour * 0.3
    return colour.astype(np.float32)


def _inked(
    page: np.ndarray, ink: np.ndarray, unit: float, rng: np.random.Generator, view: Conditions
) -> np.ndarray:
    """Lay ink on a page."""
    pen = PENS[view.pen]
    cover = ink * np.float32(view.opacity)
    if pen.grain > 0:
        grain = papers.noise(ink.shape, max(1.0, unit * 0.008), rng)
        cover = cover * np.clip(1 + pen.grain * 0.45 * (grain - 0.3), 0.1, 1)
    if pen.on in ("light", "any") and view.nib * unit > 6 and rng.random() < 0.5:
        cover = cover * np.clip(0.93 + 0.1 * papers.noise(ink.shape, unit / 3, rng), 0.5, 1)
    colour = _ink_colour(page, rng, view)
    cover = cover[..., None]
    if pen.sheer and view.paper not in papers.DARK:
        return page * (1 - cover * (1 - colour))
    return page + (colour - page) * cover


def _lens(scene: np.ndarray, unit: float, rng: np.random.Generator, view: Conditions) -> np.ndarray:
    """Blur by focus and by a jolt."""
    sigma = view.blur * unit
    if sigma > 0.35:
        scene = cv2.GaussianBlur(scene, (0, 0), sigma)
    length = int(view.motion * unit)
    if length > 1:
        kernel = np.zeros((length | 1, length | 1), np.float32)
        middle, turn = (length | 1) // 2, rng.uniform(0, np.pi)
        reach = np.array([np.cos(turn), np.sin(turn)]) * middle
        a, b = np.round(middle - reach).astype(int), np.round(middle + reach).astype(int)
        cv2.line(kernel, tuple(map(int, a)), tuple(map(int, b)), 1.0, 1)
        scene = cv2.filter2D(scene, -1, kernel / kernel.sum())
    return scene


def _developed(
    scene: np.ndarray, written: np.ndarray, size: tuple[int, int], rng: np.random.Generator, view: Conditions
) -> Shot:
    """From the sensor to the file: size, noise, tone, compression."""
    if scene.shape[:2] != size and view.frame == "thumb":
        scene = cv2.resize(scene, (size[1], size[0]), interpolation=cv2.INTER_AREA)
        written = cv2.resize(written, (size[1], size[0]), interpolation=cv2.INTER_AREA)
    if view.resample > 1:
        small = (max(8, int(scene.shape[1] / view.resample)), max(8, int(scene.shape[0] / view.resample)))
        back = (cv2.INTER_NEAREST, cv2.INTER_LINEAR, cv2.INTER_CUBIC)[int(rng.choice(3, p=(0.2, 0.5, 0.3)))]
        least = cv2.resize(scene, small, interpolation=cv2.INTER_AREA)
        scene = cv2.resize(least, (scene.shape[1], scene.shape[0]), interpolation=back)
    if view.noise > 0.002:
        grain = rng.standard_normal(scene.shape[:2], dtype=np.float32)[..., None]
        if rng.random() < 0.3:
            grain = np.concatenate([grain, grain[::-1], grain[:, ::-1]], 2)
        scene = scene + grain * np.float32(view.noise)
    if view.grey or view.bilevel:
        scene = cv2.transform(scene, np.full((3, 3), 1 / 3, np.float32))
    if view.bilevel:
        grey = scene[..., 0]
        middle = 0.45 * float(cv2.blur(grey, (3, 3)).min()) + 0.55 * float(np.median(grey))
        scene = (scene > middle).astype(np.float32)
    picture = _bytes(scene)
    if "padding" in view.distractors:
        picture, written = distractors.padded(picture, written, rng)
    if view.enlarge > 1:
        picture = cv2.resize(picture, None, fx=view.enlarge, fy=view.enlarge, interpolation=cv2.INTER_LINEAR)
        written = cv2.resize(written, (picture.shape[1], picture.shape[0]), interpolation=cv2.INTER_LINEAR)
    if view.jpeg:
        _, code = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, view.jpeg])
        picture = np.asarray(cv2.imdecode(code, cv2.IMREAD_COLOR))
    return Shot(np.asarray(picture), np.clip(written, 0, 1))


def _bytes(scene: np.ndarray) -> np.ndarray:
    """Light 0..1 as uint8; what lies beyond is cut off."""
    return np.asarray(cv2.convertScaleAbs(np.maximum(scene, 0), alpha=255))
