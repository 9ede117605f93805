"""What else gets into a picture: specks, folds, lines, bits of the neighbours, an underline, a finger."""

from __future__ import annotations

import cv2
import numpy as np

__all__ = ["on_ink", "on_scene", "padded"]


def on_ink(
    ink: np.ndarray, mark: np.ndarray, unit: float, rng: np.random.Generator, names: tuple[str, ...]
) -> np.ndarray:
    """Add what is written with the same pen.

    Args:
        ink: float32 `(height, width)`, the frame with the mark in it.
        mark: float32 `(h, w)`, whose parts become the neighbours' residue.
        unit: height of a digit, pixels.
        rng: source.
        names: the distractors wanted; others than this function's are passed over.
    """
    if "residue" in names:
        ink = np.maximum(ink, _residue(ink.shape, mark, unit, rng))
    if "underline" in names:
        ink = _underline(ink, unit, rng)
    if "specks" in names:
        ink = _specks(ink, unit, rng)
    return ink


def on_scene(scene: np.ndarray, unit: float, rng: np.random.Generator, names: tuple[str, ...]) -> np.ndarray:
    """Add what lies on or runs across the paper.

    Args:
        scene: float32 `(height, width, 3)`.
        unit: height of a digit, pixels.
        rng: source.
        names: the distractors wanted; others than this function's are passed over.
    """
    height, width = scene.shape[:2]
    if "fold" in names:
        y, x = np.mgrid[0:height, 0:width].astype(np.float32)
        turn, at = rng.uniform(0, np.pi), rng.uniform(0.1, 0.9)
        far = (x - at * width) * np.cos(turn) + (y - at * height) * np.sin(turn)
        wide = unit * rng.uniform(0.01, 0.03) + 0.5
        shade = np.tanh(far / (unit * 0.3)) * rng.uniform(-0.05, 0.05)
        crease = np.exp(-((far / wide) ** 2)) * rng.uniform(-0.18, 0.12)
        scene = scene * (1 + (shade + crease)[..., None].astype(np.float32))
    if "stray line" in names:
        scene = np.ascontiguousarray(scene)
        ends = rng.uniform(-0.1, 1.1, (2, 2)) * [width, height]
        if rng.random() < 0.7:
            side = int(rng.integers(2))
            edge = rng.choice([0.0, 1.0]) + rng.uniform(-0.12, 0.12)
            ends[:, side] = np.array([width, height])[side] * (edge + rng.normal(0, 0.02, 2))
            ends[:, 1 - side] = np.array([width, height])[1 - side] * np.array([-0.1, 1.1])
        colour = (scene[::5, ::5].mean((0, 1)) * rng.uniform(0.55, 0.85)).tolist()
        a, b = (tuple(int(v * 16) for v in end) for end in ends)
        cv2.line(scene, a, b, colour, max(1, int(unit * rng.uniform(0.008, 0.03))), cv2.LINE_AA, 4)
    if "finger" in names:
        scene = _finger(scene, rng)
    return scene


def padded(picture: np.ndarray, ink: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Set a finished photo and its ink into a plain square, as programs do that want squares.

    Args:
        picture: uint8 `(height, width, 3)`.
        ink: float32 `(height, width)`.
        rng: source of the square's size and colour.
    """
    height, width = picture.shape[:2]
    side = int(max(height, width) * rng.uniform(1.0, 1.35)) + 2
    level = (255, 0, int(picture.mean()))[int(rng.choice(3, p=(0.7, 0.15, 0.15)))]
    down, right = side - height, side - width
    edges = down // 2, down - down // 2, right // 2, right - right // 2
    return (
        np.asarray(cv2.copyMakeBorder(picture, *edges, cv2.BORDER_CONSTANT, value=(level,) * 3)),
        np.asarray(cv2.copyMakeBorder(ink, *edges, cv2.BORDER_CONSTANT, value=0)),
    )


def _residue(size: tuple[int, ...], mark: np.ndarray, unit: float, rng: np.random.Generator) -> np.ndarray:
    """Bits of another mark that the frame's edge cuts off."""
    layer = np.zeros(size, np.float32)
    factor = unit / max(mark.shape[0], 1) * rng.uniform(0.8, 1.2)
    other = cv2.resize(mark[:, ::-1] if rng.random() < 0.5 else mark[::-1], None, fx=factor, fy=factor)
    h, w = other.shape
    shown = max(1, int(rng.uniform(0.06, 0.22) * w))
    if size[1] <= 3 * shown:
        return layer
    top = int(rng.uniform(-0.5, 0.5) * h + (size[0] - h) / 2)
    first, last = max(0, top), min(size[0], top + h)
    if last <= first:
        return layer
    if rng.random() < 0.5:
        layer[first:last, :shown] = other[first - top : last - top, w - shown :]
    else:
        layer[first:last, size[1] - shown :] = other[first - top : last - top, :shown]
    return layer


def _underline(ink: np.ndarray, unit: float, rng: np.random.Generator) -> np.ndarray:
    """A line below the digit, clear of it."""
    rows = np.flatnonzero(ink.max(1) > 0.4)
    if not rows.size or rows[-1] + 0.12 * unit > ink.shape[0] - 3:
        return ink
    y = float(rows[-1]) + unit * rng.uniform(0.1, 0.2)
    a = (0, int(y * 16))
    b = (int(ink.shape[1] * 16), int((y + unit * rng.normal(0, 0.03)) * 16))
    ink = np.ascontiguousarray(ink)
    cv2.line(ink, a, b, float(rng.uniform(0.5, 1)), max(1, int(unit * 0.03)), cv2.LINE_AA, 4)
    return ink


def _specks(ink: np.ndarray, unit: float, rng: np.random.Generator) -> np.ndarray:
    """Dots of ink or dirt, much smaller than the digit."""
    ink = np.ascontiguousarray(ink)
    for _ in range(int(rng.integers(1, 9))):
        centre = (int(rng.uniform(0, ink.shape[1])), int(rng.uniform(0, ink.shape[0])))
        cv2.circle(
            ink, centre, int(unit * rng.uniform(0, 0.022)), float(rng.uniform(0.3, 1)), -1, cv2.LINE_AA
        )
    return ink


def _finger(scene: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A finger or a pen's tip that reaches in from a corner."""
    height, width = scene.shape[:2]
    corner = np.array([rng.choice([0, width]), rng.choice([0, height])], float)
    tip = corner + (np.array([width, height]) / 2 - corner) * rng.uniform(0.08, 0.28)
    layer = np.zeros((height, width), np.uint8)
    thick = max(2, int(min(height, width) * rng.uniform(0.03, 0.16)))
    cv2.line(layer, tuple(map(int, corner)), tuple(map(int, tip)), 255, thick, cv2.LINE_AA)
    skin = np.array([0.85, 0.65, 0.53]) * rng.uniform(0.35, 1.05)
    colour = skin if rng.random() < 0.7 else rng.uniform(0, 1, 3)
    cover = cv2.GaussianBlur(layer, (0, 0), 1.2).astype(np.float32)[..., None] / 255
    return np.asarray(scene + (colour.astype(np.float32) - scene) * cover)
