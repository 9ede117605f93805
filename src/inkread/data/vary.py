"""`inkread.Augment`: ImageDataGenerator's words, and handwriting's own, without what would change a label.

In: `(n, h, w)` or `(n, h, w, 1)` pictures, uint8 or floats in 0..1, light on dark or dark on light. Out: the
same shape, type and range. Pictures are never mirrored, and turn only as far as their labels stay true. The
moves of a batch are one call of OpenCV.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from inkread.data import augment, guards
from inkread.errors import MissingExtra, UsageError, nearest

if TYPE_CHECKING:
    from inkread.data.flow import Flow

__all__ = ["Augment"]

_LIMITS = {"stroke_width": 1.0, "paper": 1.0, "light": 1.0, "noise": 1.0, "shear_range": 45.0}
_MOVES = ("rotation_range", "width_shift_range", "height_shift_range", "shear_range", "elastic")


@dataclass(frozen=True, slots=True, kw_only=True)
class Augment:
    """How pictures are varied: each word is the most that may happen, to either side. All are 0 at first.

    Attributes:
        rotation_range: degrees.
        width_shift_range: below 1 a share of the width, else pixels; an integer k of 2 and more means whole
            pixels, fewer than k.
        height_shift_range: the same for the height.
        shear_range: degrees.
        zoom_range: widths and heights are divided by 1 - z to 1 + z, each by itself; or (low, high).
        stroke_width: 0..1; at 1 strokes become up to two pixels thicker, or one thinner.
        elastic: pixels by which a stroke is typically bent.
        paper: 0..1, how strongly specks, a rule along the edge or a grey floor show, as after a bad crop.
        light: 0..1, how far contrast, tone and evenness change.
        noise: 0..1, standard deviation of pixel noise.
        guard: pairs of labels such as "6/9" that must not become one another (`guards.GUARDS`); None for
            those that the labels hold, and the digits' where there are none. () for no guard.
        seed: the same seed varies the same pictures in the same way; None for another way each time.

    Raises:
        UsageError: a word is not known, a number is out of range, or a guard is not known.

    Example:
        >>> vary = Augment(rotation_range=10, zoom_range=0.1, seed=1)
        >>> vary.apply(np.zeros((5, 28, 28), np.uint8)).shape
        (5, 28, 28)
    """

    rotation_range: float = 0.0
    width_shift_range: float = 0.0
    height_shift_range: float = 0.0
    shear_range: float = 0.0
    zoom_range: float | tuple[float, float] = 0.0
    stroke_width: float = 0.0
    elastic: float = 0.0
    paper: float = 0.0
    light: float = 0.0
    noise: float = 0.0
    guard: Iterable[str] | None = None
    seed: int | None = None

    def __new__(cls, **words: Any) -> Augment:
        """Refuse words that it does not know, with the nearest it does."""
        known = [f.name for f in fields(cls)]
        for word in words:
            if word not in known:
                why = "nothing is mirrored, since a mirrored 2 is no 2" if "flip" in word else "no such word"
                raise UsageError(
                    f"Augment({word}=...): {why}; expected some of {', '.join(known)}{nearest(word, known)}"
                )
        return object.__new__(cls)

    def __post_init__(self) -> None:
        for name in (f.name for f in fields(self) if f.name not in ("zoom_range", "guard", "seed")):
            value, most = getattr(self, name), _LIMITS.get(name, np.inf)
            if not _is_number(value) or not 0 <= value <= most:
                span = f"from 0 to {most:g}" if np.isfinite(most) else "of 0 or more"
                raise UsageError(f"{name} is {value!r}; expected a number {span}")
        low, high = self._zoom()
        if not 0 < low <= high:
            raise UsageError(
                f"zoom_range is {self.zoom_range!r}; expected a share from 0 to 1 such as 0.1, or (low, high)"
            )
        if isinstance(self.guard, str):
            object.__setattr__(self, "guard", (self.guard,))
        elif self.guard is not None:
            object.__setattr__(self, "guard", tuple(self.guard))
        if self.guard is not None:
            self._check_turn(self.guard, "guard holds")

    def flow(
        self,
        x: np.ndarray,
        y: Any = None,
        batch_size: int = 32,
        shuffle: bool = True,
        *,
        sample_weight: np.ndarray | None = None,
        classes: Sequence[str] | None = None,
    ) -> Flow:
        """Give batches for `keras.Model.fit`, varied anew in every epoch, under any backend of Keras.

        Args:
            x: the pictures.
            y: what goes with each: an array, or a tuple or dict of arrays; None for pictures alone.
            batch_size: the last batch may be smaller.
            shuffle: a new order in every epoch.
            sample_weight: `(n,)`.
            classes: the texts of integer or one-hot labels, in their order; None takes them for the digits.

        Returns:
            A `keras.utils.PyDataset`: `model.fit(vary.flow(x, y), epochs=5)`.

        Raises:
            UsageError: the pictures have no form known here, lengths differ, or a turn would change a label.
            MissingExtra: Keras is not installed.
        """
        try:
            from inkread.data.flow import Data, Flow
        except ImportError as error:
            raise MissingExtra("Augment.flow", "keras", "train") from error
        self.check(y, classes)
        return Flow(self, Data(x, y, sample_weight), batch_size, shuffle)

    def apply(
        self, x: np.ndarray, rng: np.random.Generator | int | None = None, *, labels: Any = None
    ) -> np.ndarray:
        """Vary pictures once.

        Args:
            x: the pictures; left as they are.
            rng: where all chance comes from; None begins at `seed`.
            labels: of the pictures, to guard them: text, integers or one-hot rows; None guards the digits.

        Returns:
            The same shape, type and range.

        Raises:
            UsageError: the pictures have no form known here, or a turn would change a label.
        """
        self.check(labels)
        images, dark = pictures(x)
        rng = np.random.default_rng(self.seed if rng is None else rng)
        return self.vary(images, rng, dark=dark).astype(x.dtype, copy=False).reshape(x.shape)

    def check(self, labels: Any, classes: Sequence[str] | None = None) -> None:
        """Refuse turns that would make one label of another.

        Args:
            labels: as in `flow`.
            classes: as in `flow`.

        Raises:
            UsageError: rotation_range is beyond what the labels bear.
        """
        if self.guard is None:
            self._check_turn(guards.held_by(_texts(labels, classes)), "the labels hold")

    @property
    def moves(self) -> bool:
        """Whether pixels change their places."""
        return self._zoom() != (1.0, 1.0) or any(getattr(self, name) for name in _MOVES)

    @property
    def marks(self) -> bool:
        """Whether anything is left to chance once the moves are drawn."""
        return bool(self.elastic or self.stroke_width or self.paper or self.light or self.noise)

    def vary(
        self,
        images: np.ndarray,
        rng: np.random.Generator | None,
        *,
        dark: bool = False,
        matrices: np.ndarray | None = None,
    ) -> np.ndarray:
        """Vary pictures that `pictures` has checked.

        Args:
            images: `(n, h, w)` uint8, or float32 in 0..1.
            rng: where all chance comes from; None where nothing is left to chance.
            dark: whether the ink is dark on light.
            matrices: their moves, where they are drawn already.

        Returns:
            The same shape and type.
        """
        varied = self._moved(images, rng, matrices)
        if rng is None or not (self.stroke_width or self.paper or self.light or self.noise):
            return varied
        top = 255 if images.dtype == np.uint8 else np.float32(1)
        varied = top - varied if dark else varied
        if self.stroke_width:
            amounts = rng.uniform(-self.stroke_width, self.stroke_width, len(images))
            strokes = [augment.stroke(image, a) for image, a in zip(varied, amounts, strict=True)]
            varied = np.stack(strokes) if strokes else varied
        if self.paper or self.light or self.noise:
            values = varied.astype(np.float32) / top
            np.clip(self._weathered(values, rng), 0, 1, out=values)
            varied = np.rint(values * 255).astype(np.uint8) if images.dtype == np.uint8 else values
        return top - varied if dark else varied

    def _zoom(self) -> tuple[float, float]:
        """The least and the most that coordinates are multiplied by; (0, 0) for what cannot be meant."""
        if _is_number(self.zoom_range):
            return 1 - float(self.zoom_range), 1 + abs(float(self.zoom_range))  # type: ignore[arg-type]
        pair = self.zoom_range
        if isinstance(pair, (tuple, list)) and len(pair) == 2 and all(map(_is_number, pair)):
            return float(pair[0]), float(pair[1])
        return 0.0, 0.0

    def _check_turn(self, pairs: Iterable[str], said: str) -> None:
        pairs = sorted(pairs, key=lambda pair: guards.cap([pair]))
        most = guards.cap(pairs)
        if self.rotation_range > most:
            pair = pairs[0] if pairs else "a whole turn"
            raise UsageError(
                f"rotation_range is {self.rotation_range:g}, but {said} {pair}, which such a turn confuses; "
                f"expected {most:g} at most, or guard=() if the labels do not mean that"
                if pairs
                else f"rotation_range is {self.rotation_range:g}; expected 180 degrees at most"
            )

    def _moved(
        self, images: np.ndarray, rng: np.random.Generator | None, matrices: np.ndarray | None
    ) -> np.ndarray:
        """Turn, slant, zoom, shift and bend. The border's pixels go on outside, as paper does."""
        if not self.moves or not len(images):
            return images.copy()
        n, height, width = images.shape
        if matrices is None:
            matrices = self.matrices(n, (height, width), rng or np.random.default_rng(self.seed))
        maps = augment.product(matrices.reshape(-1, 3), _places(height, width)).reshape(2, n, height, width)
        if self.elastic and rng is not None:
            share = rng.random((n, 1, 1), dtype=np.float32) * np.float32(self.elastic)
            maps += share * augment.bends(n, rng, 1.0, (height, width))
        return augment.moved(images, maps)

    def matrices(self, n: int, size: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
        """Draw the moves of some pictures: rotation, shift, shear and zoom about the middle.

        Args:
            n: pictures.
            size: height and width.
            rng: where all chance comes from.

        Returns:
            `(2, n, 3)` float32: from where a pixel's x, then its y, is taken, times (x, y, 1). The product
            is in the order of Keras' own `apply_affine_transform`.
        """
        chance = rng.random((6, n))
        both = chance[:4] * 2 - 1
        turn = both[0] * np.deg2rad(self.rotation_range)
        slant = turn + both[1] * np.deg2rad(self.shear_range)
        down = _shifts(both[2], self.height_shift_range, size[0])
        right = _shifts(both[3], self.width_shift_range, size[1])
        low, high = self._zoom()
        tall, wide = low + chance[4:] * (high - low)
        cos, sin = np.cos(turn), np.sin(turn)
        steps = np.empty((2, n, 3))
        steps[0, :, 0], steps[0, :, 1] = cos * wide, -np.sin(slant) * tall
        steps[1, :, 0], steps[1, :, 1] = sin * wide, np.cos(slant) * tall
        middle = np.array([size[1] / 2 - 0.5, size[0] / 2 - 0.5])
        steps[:, :, 2] = middle[:, None] - steps[:, :, :2] @ middle
        steps[0, :, 2] += cos * right - sin * down
        steps[1, :, 2] += sin * right + cos * down
        return steps.astype(np.float32)

    def _weathered(self, values: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """What paper, light and sensor do to `(n, h, w)` float32 in 0..1, white on black."""
        n, height, width = values.shape
        if self.paper:
            found = rng.random(n) < 0.5
            for place in np.flatnonzero(found):
                left = augment.residue(np.zeros((height, width), np.float32), rng)
                values[place] = np.maximum(values[place], np.float32(self.paper * rng.random()) * left)
        if self.light:
            shape = (n, 1, 1)
            tone = np.exp(rng.uniform(-0.6, 0.6, shape) * self.light).astype(np.float32)
            contrast = (1 - 0.4 * self.light * rng.random(shape)).astype(np.float32)
            side = rng.uniform(-0.15, 0.15, (2, n, 1, 1)).astype(np.float32) * np.float32(self.light)
            slope = side[0] * np.linspace(-1, 1, width, dtype=np.float32)
            slope = slope + side[1] * np.linspace(-1, 1, height, dtype=np.float32)[:, None]
            values = (
                contrast
                * np.power(values, tone, out=values, where=values > 0)
                * (1 - np.abs(side[0]) - np.abs(side[1]) + slope)
            )
        if self.noise:
            spread = (self.noise * rng.random((n, 1, 1))).astype(np.float32)
            values = values + spread * rng.standard_normal(values.shape, dtype=np.float32)
        return values


def pictures(x: Any) -> tuple[np.ndarray, bool]:
    """Bring pictures into the form in which they are varied.

    Args:
        x: `(n, h, w)` or `(n, h, w, 1)`, uint8 or floats in 0..1.

    Returns:
        `(n, h, w)` uint8 or float32, and whether the ink is dark on light (by the median of the borders).

    Raises:
        UsageError: another shape, type or range.
    """
    shape, kind = np.shape(x), getattr(x, "dtype", None)
    wanted = "expected (n, height, width) or (n, height, width, 1) of uint8, or of floats in 0..1"
    if (
        not isinstance(x, np.ndarray)
        or x.dtype.kind not in "fu"
        or (x.dtype.kind == "u" and kind != np.uint8)
    ):
        raise UsageError(f"x is {type(x).__name__} of {kind} {shape}; {wanted}")
    images = x[..., 0] if x.ndim == 4 and x.shape[3] == 1 else x
    if images.ndim != 3 or min(images.shape[1:]) < 4:
        raise UsageError(f"x has the shape {shape}; {wanted}, 4 pixels and more each way")
    if kind != np.uint8:
        images = images.astype(np.float32, copy=False)
        if images.size and not (images.min() >= -1e-3 and images.max() <= 1 + 1e-3):
            raise UsageError(f"x runs from {images.min():g} to {images.max():g}; {wanted}: divide by 255")
    edge = images[:, [0, -1]] if len(images) <= 1000 else images[:: len(images) // 1000, [0, -1]]
    dark = bool(images.size) and float(np.median(edge)) > (127 if kind == np.uint8 else 0.5)
    return np.ascontiguousarray(images), dark


@lru_cache(maxsize=8)
def _places(height: int, width: int) -> np.ndarray:
    """(x, y, 1) of every pixel: `(3, height * width)` float32."""
    y, x = np.mgrid[:height, :width]
    return np.stack([x.ravel(), y.ravel(), np.ones(height * width)]).astype(np.float32)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)


def _shifts(chance: np.ndarray, most: float, pixels: int) -> np.ndarray:
    """Shifts in pixels from chances in -1..1, by ImageDataGenerator's meaning of the number."""
    if isinstance(most, (int, np.integer)):
        return np.rint(chance * max(most - 0.5, 0))
    return chance * most * (pixels if most < 1 else 1)


def _texts(labels: Any, classes: Sequence[str] | None) -> set[str]:
    """What the labels say: text as it is, numbers as places in the classes or as digits."""
    if classes is not None:
        return set(classes)
    if labels is None:
        return set("0123456789")
    if isinstance(labels, (tuple, dict)):
        parts = labels.values() if isinstance(labels, dict) else labels
        return set().union(*(_texts(np.asarray(part), None) for part in parts))
    values = np.asarray(labels)
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if values.ndim == 2 and values.dtype.kind in "biuf":
        rows = values.argmax(axis=1)
        one_hot = bool((values.max(axis=1) == values.sum(axis=1)).all())
        return {str(k) for k in np.unique(rows)} if one_hot else set()
    if values.ndim != 1 or values.dtype.kind not in "iuUO":
        return set()
    return {str(value) for value in np.unique(values.astype(str) if values.dtype.kind == "O" else values)}
