"""Vary 28x28 pictures the way hands, pens and cameras do, cheaply enough that the network never waits.

In: `(n, 28, 28)` uint8, white ink on black. Out: the same shape and type, other strokes, the same label. A
digit stays what it is: it turns by at most 15 degrees and is never mirrored (6 and 9, 2 and 5 stay apart).
Everything runs in OpenCV and numpy on whole batches or a few microseconds a picture. `bends`, `stroke` and
`residue` take pictures of any size.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

__all__ = ["FULL", "MILD", "STILL", "Strength", "batch", "bends", "center_of_mass", "residue", "stroke"]

SIDE = 28
_GRID = np.stack(np.meshgrid(np.arange(SIDE), np.arange(SIDE))).astype(np.float32)  # x, then y
_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
_SQUARE = np.ones((2, 2), np.uint8)


@dataclass(frozen=True, slots=True)
class Strength:
    """How much to vary. Shares are of the pictures, 0..1.

    Attributes:
        rotation: degrees, to either side.
        shear: horizontal pixels a pixel of height, to either side.
        scale: widths and heights are multiplied by 1 +- this, each by itself.
        shift: pixels, to either side.
        elastic: share that is bent; `bend` is the largest typical displacement in pixels.
        bend: pixels.
        stroke: share whose strokes are made thicker or thinner.
        resample: share taken through a lower resolution and back.
        blur: share that is blurred.
        tone: share whose greys are bent (gamma) and whose contrast is lowered.
        noise: share that gets pixel noise.
        residue: share that gets what a bad crop leaves: specks, a line at the edge, a grey floor.
        center: share whose centre of mass is put back in the middle, as the normaliser does.
    """

    rotation: float = 15.0
    shear: float = 0.3
    scale: float = 0.3
    shift: float = 2.0
    elastic: float = 0.5
    bend: float = 1.2
    stroke: float = 0.4
    resample: float = 0.12
    blur: float = 0.15
    tone: float = 0.3
    noise: float = 0.15
    residue: float = 0.1
    center: float = 0.5


FULL = Strength()
"""As much as keeps a digit legible: other hands than the source has."""

MILD = Strength(10, 0.15, 0.12, 1.0, 0.35, 1.0, 0.25, 0.05, 0.08, 0.15, 0.08, 0.05, 0.7)
"""Near what the source has; for pictures that already went through a simulated camera, too."""

STILL = Strength(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
"""Not at all."""


def batch(images: np.ndarray, rng: np.random.Generator, strength: Strength = FULL) -> np.ndarray:
    """Vary a batch of pictures.

    Args:
        images: `(n, 28, 28)` uint8, white ink on black; left as they are.
        rng: where all chance comes from; the same generator state gives the same pictures.
        strength: how much.

    Returns:
        `(n, 28, 28)` uint8.
    """
    maps = _maps(len(images), rng, strength)
    thick = _amounts(len(images), rng, strength.stroke, -1.0, 1.0)
    coarse = _amounts(len(images), rng, strength.resample, 10.0, 20.0)
    soft = _amounts(len(images), rng, strength.blur, 0.4, 1.1)
    varied = np.empty_like(images)
    for i, image in enumerate(images):
        moved = cv2.remap(image, maps[i, 0], maps[i, 1], cv2.INTER_LINEAR, borderValue=0)
        if thick[i]:
            moved = stroke(moved, thick[i])
        if coarse[i]:
            side = int(coarse[i])
            low = cv2.resize(moved, (side, side), interpolation=cv2.INTER_AREA)
            moved = cv2.resize(low, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
        if soft[i]:
            moved = cv2.GaussianBlur(moved, (0, 0), float(soft[i]))
        varied[i] = moved
    centered = rng.random(len(images)) < strength.center
    if centered.any():
        varied[centered] = center_of_mass(varied[centered])
    return _light(varied, rng, strength)


def center_of_mass(images: np.ndarray) -> np.ndarray:
    """Move each picture so that the centre of mass of its ink lies in the middle, to the nearest pixel.

    Args:
        images: `(n, 28, 28)` uint8.

    Returns:
        `(n, 28, 28)` uint8; what would leave the frame is lost. Blank pictures stay as they are.
    """
    mass = images.sum(axis=(1, 2), dtype=np.float64)
    safe = np.maximum(mass, 1.0)
    x = (images.sum(axis=1, dtype=np.float64) @ np.arange(SIDE)) / safe
    y = (images.sum(axis=2, dtype=np.float64) @ np.arange(SIDE)) / safe
    middle = SIDE / 2 - 0.5
    right = np.where(mass > 0, np.rint(middle - x), 0).astype(int)
    down = np.where(mass > 0, np.rint(middle - y), 0).astype(int)
    rows = np.arange(SIDE)[None, :] - down[:, None]
    columns = np.arange(SIDE)[None, :] - right[:, None]
    inside = ((rows >= 0) & (rows < SIDE))[:, :, None] & ((columns >= 0) & (columns < SIDE))[:, None, :]
    n = np.arange(len(images))[:, None, None]
    moved = images[n, rows.clip(0, SIDE - 1)[:, :, None], columns.clip(0, SIDE - 1)[:, None, :]]
    return np.where(inside, moved, 0).astype(np.uint8)


def _maps(n: int, rng: np.random.Generator, strength: Strength) -> np.ndarray:
    """Where each output pixel is taken from: `(n, 2, 28, 28)` float32, affine map and bending in one."""
    angle = np.deg2rad(rng.uniform(-strength.rotation, strength.rotation, n))
    shear = rng.uniform(-strength.shear, strength.shear, n)
    width = np.exp(rng.uniform(-1, 1, n) * np.log1p(strength.scale))
    height = np.exp(rng.uniform(-1, 1, n) * np.log1p(strength.scale))
    too_large = np.maximum(np.maximum(width, height) / 1.15, 1.0)  # ink stays inside the frame
    width, height = width / too_large, height / too_large
    cos, sin = np.cos(angle), np.sin(angle)
    turn = np.stack([np.stack([cos, -sin], -1), np.stack([sin, cos], -1)], -2)
    slant = np.stack([np.stack([1 / width, shear], -1), np.stack([np.zeros(n), 1 / height], -1)], -2)
    matrix = (turn @ slant).astype(np.float32)
    middle = np.float32(SIDE / 2 - 0.5)
    maps = np.einsum("nij,jyx->niyx", matrix, _GRID - middle, dtype=np.float32) + middle
    maps += rng.uniform(-strength.shift, strength.shift, (n, 2, 1, 1)).astype(np.float32)
    bent = rng.random(n) < strength.elastic
    if bent.any():
        maps[bent] += bends(int(bent.sum()), rng, strength.bend, (SIDE, SIDE))
    return maps


def bends(n: int, rng: np.random.Generator, pixels: float, size: tuple[int, int]) -> np.ndarray:
    """Draw smooth random displacements: a coarse grid of noise, drawn out.

    Args:
        n: how many.
        rng: where the noise comes from.
        pixels: the largest typical displacement.
        size: height and width.

    Returns:
        `(n, 2, height, width)` float32 pixels: x, then y.

    Source: Simard, Steinkraus, Platt, Best practices for convolutional neural networks, 2003.
    """
    coarse = rng.normal(0, pixels * 0.6, (n, 5, 5, 2)).astype(np.float32)
    fine = np.stack([cv2.resize(c, size[::-1], interpolation=cv2.INTER_CUBIC) for c in coarse])
    return fine.transpose(0, 3, 1, 2)


def _amounts(n: int, rng: np.random.Generator, share: float, low: float, high: float) -> np.ndarray:
    """For each picture an amount between low and high, or 0 for those left alone."""
    return np.where(rng.random(n) < share, rng.uniform(low, high, n), 0.0)


def stroke(image: np.ndarray, amount: float) -> np.ndarray:
    """Make strokes thicker or thinner, seamlessly.

    Args:
        image: `(h, w)`, white on black: uint8, or float32 in 0..1.
        amount: 0..1 for thicker, up to about two pixels; -1..0 for thinner, up to one.

    Returns:
        The same shape and type; a hairline that would vanish stays as it is.
    """
    if amount > 0:
        other = cv2.dilate(image, _CROSS)
        if amount > 0.7:
            other = cv2.dilate(other, _SQUARE)
    else:
        other = cv2.erode(image, _SQUARE)
        if other.max() < (100 if image.dtype == np.uint8 else 0.4):  # a hairline would vanish
            return image
    share = abs(amount)
    return cv2.addWeighted(image, 1 - share, other, share, 0)


def _light(images: np.ndarray, rng: np.random.Generator, strength: Strength) -> np.ndarray:
    """Gamma, contrast, noise and residue on whole batches."""
    n = len(images)
    values = images.astype(np.float32) / 255
    toned = rng.random(n) < strength.tone
    if toned.any():
        gamma = np.exp(rng.uniform(-0.6, 0.6, (int(toned.sum()), 1, 1))).astype(np.float32)
        contrast = rng.uniform(0.6, 1.0, gamma.shape).astype(np.float32)
        values[toned] = contrast * values[toned] ** gamma
    noisy = rng.random(n) < strength.noise
    if noisy.any():
        spread = rng.uniform(0.01, 0.1, (int(noisy.sum()), 1, 1)).astype(np.float32)
        values[noisy] += spread * rng.standard_normal((int(noisy.sum()), SIDE, SIDE), dtype=np.float32)
    for i in np.flatnonzero(rng.random(n) < strength.residue):
        values[i] = residue(values[i], rng)
    return np.rint(np.clip(values, 0, 1) * 255).astype(np.uint8)


def residue(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Add what a bad crop leaves: a few specks, a rule or box edge along the border, or a grey floor.

    Args:
        image: `(h, w)` float32 in 0..1, white on black; left as it is.
        rng: chooses which, where and how strong.

    Returns:
        `(h, w)` float32.
    """
    kind = rng.integers(3)
    image = image.copy()
    level = np.float32(rng.uniform(0.2, 1.0))
    if kind == 0:
        for _ in range(rng.integers(1, 4)):
            y, x = rng.integers(0, min(image.shape) - 1, 2)
            image[y : y + rng.integers(1, 3), x : x + rng.integers(1, 3)] = level
    elif kind == 1:
        at, thick = int(rng.integers(0, 3)), int(rng.integers(1, 3))
        view = np.rot90(image, int(rng.integers(4)))  # a view: drawing on it draws on the picture
        view[at : at + thick, :] = np.maximum(view[at : at + thick, :], level)
    else:
        first, last = rng.uniform(0, 0.2, 2)
        across = rng.random() < 0.5
        floor = np.linspace(first, last, image.shape[1 if across else 0], dtype=np.float32)
        image = np.maximum(image, floor[None, :] if across else floor[:, None])
    return image
