"""Vary 28x28 pictures the way hands, pens and cameras do, cheaply enough that the network never waits.

In: `(n, 28, 28)` uint8, white ink on black. Out: the same shape and type, other strokes, the same label. A
digit stays what it is: it turns by at most 15 degrees and is never mirrored (6 and 9, 2 and 5 stay apart).
Everything runs in OpenCV and numpy on whole batches or a few microseconds a picture. `moved`, `bends`,
`stroke` and `residue` take pictures of any size.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

__all__ = [
    "FULL",
    "MILD",
    "STILL",
    "Strength",
    "batch",
    "bends",
    "center_of_mass",
    "moved",
    "residue",
    "stroke",
]

SIDE = 28
_AT_ONCE = 64  # pictures in one call of OpenCV: it counts rows in 16 bits, and the cache has room for these
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
    if strength == STILL:
        return images.copy()
    varied = moved(images, _maps(len(images), rng, strength), frame=True)
    thick = _amounts(len(images), rng, strength.stroke, -1.0, 1.0)
    coarse = _amounts(len(images), rng, strength.resample, 10.0, 20.0)
    soft = _amounts(len(images), rng, strength.blur, 0.4, 1.1)
    for i in np.flatnonzero((thick != 0) | (coarse > 0) | (soft > 0)):
        image = varied[i]
        if thick[i]:
            image = stroke(image, thick[i])
        if coarse[i]:
            side = int(coarse[i])
            low = cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA)
            image = cv2.resize(low, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
        if soft[i]:
            image = cv2.GaussianBlur(image, (0, 0), float(soft[i]))
        varied[i] = image
    centered = rng.random(len(images)) < strength.center
    if centered.any():
        varied[centered] = center_of_mass(varied[centered])
    return _light(varied, rng, strength)


def moved(images: np.ndarray, maps: np.ndarray, *, frame: bool = False) -> np.ndarray:
    """Take every pixel from where the maps say, between four neighbours, a batch in one call of OpenCV.

    The pictures stand on top of each other; a place outside its own picture is moved to its border, so that
    none sees its neighbour.

    Args:
        images: `(n, h, w)` uint8 or float32.
        maps: `(2, n, h, w)` float32 pixels: x, then y; overwritten.
        frame: whether black lies outside the pictures; else their border goes on.

    Returns:
        The same shape and type as the images.
    """
    if frame:
        framed = np.zeros((len(images), images.shape[1] + 2, images.shape[2] + 2), images.dtype)
        framed[:, 1:-1, 1:-1] = images
        images, maps = framed, np.add(maps, 1, out=maps)
    height, width = images.shape[1:]
    _, n, *size = maps.shape
    pulled = np.empty((n, *size), images.dtype)
    at_once = max(1, min(_AT_ONCE, 32_000 // height))
    above = (height * np.arange(at_once)).astype(np.float32)[:, None, None]
    for first in range(0, n, at_once):
        part = slice(first, first + at_once)
        x, y = maps[:, part]
        np.minimum(np.maximum(x, 0, out=x), width - 1, out=x)
        np.minimum(np.maximum(y, 0, out=y), height - 1, out=y)
        y += above[: len(y)]
        tall, across, down = (a.reshape(-1, a.shape[-1]) for a in (images[part], x, y))
        cv2.remap(tall, across, down, cv2.INTER_LINEAR, pulled[part].reshape(-1, size[1]))
    return pulled


def center_of_mass(images: np.ndarray) -> np.ndarray:
    """Move each picture so that the centre of mass of its ink lies in the middle, to the nearest pixel.

    Args:
        images: `(n, 28, 28)` uint8.

    Returns:
        `(n, 28, 28)` uint8; what would leave the frame is lost. Blank pictures stay as they are.
    """
    columns = images.sum(axis=1, dtype=np.uint32).astype(np.float64)
    rows = images.sum(axis=2, dtype=np.uint32).astype(np.float64)
    mass = np.maximum(rows.sum(axis=1), 1.0)
    middle = SIDE / 2 - 0.5
    right = np.rint(middle - columns @ np.arange(SIDE) / mass).astype(int) * rows.any(axis=1)
    down = np.rint(middle - rows @ np.arange(SIDE) / mass).astype(int) * rows.any(axis=1)
    centred = images.copy()
    for i in np.flatnonzero(right | down):
        r, d = right[i], down[i]
        centred[i] = 0
        centred[i, max(d, 0) : SIDE + min(d, 0), max(r, 0) : SIDE + min(r, 0)] = images[
            i, max(-d, 0) : SIDE - max(d, 0), max(-r, 0) : SIDE - max(r, 0)
        ]
    return centred


def _maps(n: int, rng: np.random.Generator, strength: Strength) -> np.ndarray:
    """Where each output pixel is taken from: `(2, n, 28, 28)` float32, affine map and bending in one."""
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
    steps = product(matrix.transpose(1, 0, 2).reshape(-1, 2), (_GRID - middle).reshape(2, -1))
    maps = steps.reshape(2, n, SIDE, SIDE)
    shift = rng.uniform(-strength.shift, strength.shift, (2, n, 1, 1))
    maps += (middle + shift).astype(np.float32)
    bent = rng.random(n) < strength.elastic
    if bent.any():
        maps[:, bent] += bends(int(bent.sum()), rng, strength.bend, (SIDE, SIDE))
    return maps


def bends(n: int, rng: np.random.Generator, pixels: float, size: tuple[int, int]) -> np.ndarray:
    """Draw smooth random displacements: a coarse grid of noise, drawn out.

    Args:
        n: how many.
        rng: where the noise comes from.
        pixels: the largest typical displacement.
        size: height and width.

    Returns:
        `(2, n, height, width)` float32 pixels: x, then y.

    Source: Simard, Steinkraus, Platt, Best practices for convolutional neural networks, 2003.
    """
    coarse = rng.normal(0, pixels * 0.6, (n, 25, 2)).astype(np.float32)
    fine = product(coarse.transpose(2, 0, 1).reshape(-1, 25), _drawn_out(size))
    return fine.reshape(2, n, *size)


def product(rows: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Multiply float32 matrices in pieces so small that BLAS does it alone: its threads wait for one another.

    Args:
        rows: `(n, k)`.
        matrix: `(k, m)`.

    Returns:
        `(n, m)` float32.

    Source: OpenBLAS, interface/gemm.c: one thread up to n * k * m = 262,144.
    """
    step = max(1, 262_144 // matrix.size)
    result = np.empty((len(rows), matrix.shape[1]), np.float32)
    for first in range(0, len(rows), step):
        np.matmul(rows[first : first + step], matrix, out=result[first : first + step])
    return result


@lru_cache(maxsize=8)
def _drawn_out(size: tuple[int, int]) -> np.ndarray:
    """What a cubic enlargement from 5x5 does, as a matrix `(25, height * width)`."""
    dots = np.eye(25, dtype=np.float32).reshape(25, 5, 5)
    return np.stack([cv2.resize(d, size[::-1], interpolation=cv2.INTER_CUBIC).ravel() for d in dots])


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
    """Gamma, contrast, noise and residue on whole batches, in place."""
    chance = rng.random((3, len(images))) < [[strength.tone], [strength.noise], [strength.residue]]
    some = chance.any(axis=0)
    if not some.any():
        return images
    toned, noisy, dirty = chance[:, some]
    values = images[some].astype(np.float32) / 255
    if toned.any():
        gamma = np.exp(rng.uniform(-0.6, 0.6, (int(toned.sum()), 1, 1))).astype(np.float32)
        contrast = rng.uniform(0.6, 1.0, gamma.shape).astype(np.float32)
        values[toned] = contrast * values[toned] ** gamma
    if noisy.any():
        spread = rng.uniform(0.01, 0.1, (int(noisy.sum()), 1, 1)).astype(np.float32)
        values[noisy] += spread * rng.standard_normal((int(noisy.sum()), SIDE, SIDE), dtype=np.float32)
    for i in np.flatnonzero(dirty):
        values[i] = residue(values[i], rng)
    images[some] = np.rint(np.clip(values, 0, 1) * 255).astype(np.uint8)
    return images


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
