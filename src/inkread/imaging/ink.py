"""Turn colour and light into ink. The only file that knows about colour, shadow or black-on-white.

In: upright RGB, uint8 `(height, width, 3)`. Out: `Ink`, float32 `(height, width)`, 0 bare paper, 1 the
darkest stroke.

The light is estimated on a picture of a fixed small size, so that a stroke of 3 px and one of 200 px, a
digit in a corner and one that fills the frame, come out the same. The contrast between ink and paper is
taken along the ink's own colour. Nothing raises on content: a blank picture gives ink of no contrast, and
the reader refuses it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from math import ceil
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.imaging.counts import histogram, level_at, quantile, reached
from inkread.imaging.shades import darker

__all__ = ["Assumption", "Ink", "Sheet", "along_ink_colour", "extract", "levels", "polarity"]

_SMALL = 128
"""Longest side, in pixels, of the picture on which light and polarity are estimated."""
_CALMING = (1.0, 1.6, 2.4)
"""Sigmas, in pixels, of the smoothing that grainy pictures get, one after the other."""
_FIRM = 1e-3 * np.eye(6)
"""Keeps the fitted light level where nearly every point is a stroke."""
_DARKEST_PAPER = (24, 24, 24, 0)
"""Paper darker than this is taken for this dark: a share of next to nothing is noise."""
_PLACES = np.array([0, 1, 3, 2, 4, 6])
"""Where 1, x, y, xx, xy and yy are in the product of 1, y, yy and 1, x, xx."""
_THIRDS = np.full(3, 1 / 3)
_LEVELS = np.arange(256, dtype=np.float32)
_SQUARES = {side: np.ones((side, side), np.uint8) for side in (3, 5)}
"""Windows of those sides."""
_CALM = 2.0
"""Points of the paper that are off its light by this much, in 0..255, weigh half; by more where most are."""
_FAINTEST = 0.055
"""The least difference from the paper, as a share of the paper's brightness, that may be ink."""


@dataclass(frozen=True, slots=True, eq=False)
class Ink:
    """The strokes of a picture.

    Attributes:
        ink: float32 `(height, width)`: 0 bare paper, 1 the darkest stroke.
        contrast: how much darker than its paper the ink is, 0..1; 0 where nothing stands out.
        noise: how much the bare paper varies, in units of `ink`.
        light_on_dark: whether the strokes were lighter than the paper.
        sure: 0..1, how clear it is which of the two is the paper.
    """

    ink: NDArray[np.float32]
    contrast: float
    noise: float
    light_on_dark: bool
    sure: float


@dataclass(frozen=True, slots=True)
class Assumption:
    """What is taken for granted about a picture.

    Attributes:
        light_on_dark: whether strokes are lighter than the paper; None finds out.
        widest: the widest stroke that counts as ink, as a share of the longest side; what is wider is shadow.
        framed: whether what runs into the border of the picture is no ink: a sheet's edge, a box, a finger.
        darkest: whether only the darker of two kinds of marks is ink, the fainter being shadow or print.
    """

    light_on_dark: bool | None = None
    widest: float = 0.34
    framed: bool = False
    darkest: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A picture to look at more than once: what several looks have in common is worked out by the first.

    Attributes:
        rgb: `(height, width, 3)`, upright.
        small: the same, its longest side `_SMALL`.
    """

    rgb: NDArray[np.uint8]
    small: NDArray[np.uint8]
    _known: dict[tuple[bool, float], _Marked] = field(default_factory=dict)

    @staticmethod
    def of(rgb: NDArray[np.uint8]) -> Sheet:
        """The sheet of a picture, `(height, width, 3)`."""
        return Sheet(rgb, _shrink(rgb))

    def darkness(self, light_on_dark: bool, given: Assumption) -> _Marked:
        """How dark the sheet is, strokes taken for light or dark, and the levels of paper and strokes."""
        key = light_on_dark, given.widest
        if key not in self._known:
            rgb, small = (255 - self.rgb, 255 - self.small) if light_on_dark else (self.rgb, self.small)
            raw = along_ink_colour(_darkness(rgb, _paper(small, given.widest)))
            self._known[key] = _calmed(raw)
        known = self._known[key]
        return _calmed(_without_border(known)) if given.framed else known


@dataclass(frozen=True, slots=True, eq=False)
class _Marked:
    """The darkness of a sheet, raw and calmed; of the latter the levels of paper and strokes, and noise."""

    raw: NDArray[np.uint8]
    calm: NDArray[np.uint8]
    low: float
    high: float
    noise: float


def extract(picture: NDArray[np.uint8] | Sheet, given: Assumption = Assumption()) -> Ink:
    """Separate ink from paper.

    Args:
        picture: `(height, width, 3)`, upright; or its sheet, for who looks more than once.
        given: what is taken for granted; by default nothing but that strokes are no wider than a third.

    Returns:
        The ink, of the same height and width.

    Example:
        >>> page = np.full((64, 64, 3), 200, np.uint8)
        >>> page[16:48, 30:34] = 40
        >>> found = extract(page)
        >>> round(float(found.ink[32, 32])), round(float(found.ink[5, 5])), found.light_on_dark
        (1, 0, False)
    """
    sheet = picture if isinstance(picture, Sheet) else Sheet.of(picture)
    sign = darker(sheet.small) if given.light_on_dark is None else -1.0 if given.light_on_dark else 1.0
    inverted, sure = sign < 0, abs(sign)
    marked = sheet.darkness(inverted, given)
    low, high, noise = marked.low, marked.high, marked.noise
    if given.darkest:
        low, high = _darkest(marked.calm, low, high)
    contrast = (high - low) / 255
    if contrast < _FAINTEST or contrast * 255 < 3.2 * noise:
        return Ink(np.zeros(marked.calm.shape, np.float32), 0.0, 0.0, inverted, sure)
    table = np.minimum(np.maximum((_LEVELS - low) / (high - low), 0), 1).astype(np.float32)
    ink = np.asarray(cv2.LUT(marked.calm, table), np.float32)
    return Ink(ink, float(contrast), float(noise / (high - low)), inverted, sure)


def polarity(rgb: NDArray[np.uint8]) -> float:
    """From -1, light strokes on a dark ground, to 1, dark strokes on a light one; `(height, width, 3)`.

    The slow fall of light is taken out first, so that dark corners are no ground.
    """
    small = _shrink(rgb)
    light = _slow_light(np.asarray(cv2.medianBlur(small, 3), np.uint8))
    return darker(_capped(np.float32(128) / light, small))


def _calmed(raw: NDArray[np.uint8]) -> _Marked:
    """Smooth what is grainy: a dim photo's grain hides faint strokes from every threshold."""
    calm = raw
    low, high, noise = levels(calm)
    for blur in _CALMING:
        if high - low > 7 * noise:
            break
        calm = np.asarray(cv2.GaussianBlur(calm, (0, 0), blur), np.uint8)
        low, high, noise = levels(calm)
    return _Marked(raw, calm, low, high, noise)


def _darkest(darkness: NDArray[np.uint8], low: float, high: float) -> tuple[float, float]:
    """Levels that leave out the fainter of two kinds of marks: shadows, printed rules and texture."""
    marked = darkness[darkness > low + 0.3 * (high - low)]
    if marked.size < 16:
        return low, high
    threshold, _ = cv2.threshold(marked.reshape(1, -1), 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    dark, faint = marked[marked > threshold], marked[marked <= threshold]
    if dark.size < 8 or faint.size < 8:
        return low, high
    top, base = quantile(dark, 0.5), quantile(faint, 0.5)
    return base + 0.35 * (top - base), top


def _without_border(known: _Marked) -> NDArray[np.uint8]:
    """Take off what is dark and runs into the border of the picture, with a rim around it."""
    darkness = known.raw
    low, high = (known.low, known.high) if known.calm is darkness else levels(darkness)[:2]
    mask = (darkness > low + 0.3 * (high - low)).astype(np.uint8)
    framed = cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=[1])
    _, labels = cv2.connectedComponents(framed, connectivity=8)
    rim = max(3, round(0.02 * max(mask.shape))) | 1
    outside = (labels == labels[0, 0]).astype(np.uint8)
    gone = cv2.dilate(outside, np.ones((rim, rim), np.uint8))[1:-1, 1:-1]
    return darkness * (gone == 0)


def _shrink(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The same picture, its longest side `_SMALL`. Halves are quick, any other area is not."""
    height, width = rgb.shape[:2]
    factor = _SMALL / max(height, width)
    size = max(8, round(width * factor)), max(8, round(height * factor))
    if factor >= 1:
        return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_LINEAR), np.uint8)
    while min(rgb.shape[:2]) >= 16 and max(rgb.shape[:2]) >= 4 * _SMALL:
        height, width = rgb.shape[0] // 2, rgb.shape[1] // 2
        even = rgb[: 2 * height, : 2 * width]
        rgb = np.asarray(cv2.resize(even, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    small = cv2.resize(rgb.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.convertScaleAbs(small), np.uint8)


def _paper(small: NDArray[np.uint8], widest: float) -> NDArray[np.uint8]:
    """What the bare paper would look like everywhere; uint8, small.

    The slow fall of light is taken out first, then strokes are closed over: what stays dark over a whole
    window is shadow or another paper.
    """
    window = max(3, round(_SMALL * widest)) | 1
    calm = np.asarray(cv2.medianBlur(small, 3), np.uint8)
    light = _slow_light(calm)
    closed = _closed(_capped(np.float32(128) / light, calm), window)
    soft = min(9, window // 2) | 1
    light *= np.float32(1 / 128)
    return _capped(light, cv2.blur(closed, (soft, soft)))


def _closed(picture: NDArray[np.uint8], window: int) -> NDArray[np.uint8]:
    """A picture, `(height, width, 3)`, closed by a square.

    OpenCV is quickest where rows are multiples of 16 bytes: they are filled up with what no window sees.
    """
    width, square = picture.shape[1], np.ones((window, window), np.uint8)
    filled = cv2.copyMakeBorder(picture, 0, 0, 0, -width % 16, cv2.BORDER_CONSTANT, value=[0, 0, 0])
    grown = cv2.dilate(filled, square)
    grown[:, width:] = 255
    return np.asarray(cv2.erode(grown, square)[:, :width], np.uint8)


def _capped(factors: NDArray[np.float32], values: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Values times their factors, which are used up, at most 255."""
    factors *= values.astype(np.float32)
    return cv2.threshold(factors, 255, 0, cv2.THRESH_TRUNC, factors)[1].astype(np.uint8)


def _slow_light(calm: NDArray[np.uint8]) -> NDArray[np.float32]:
    """A surface of the second degree under the paper of each channel, strokes and shadows weighing little."""
    height, width = calm.shape[:2]
    step = max(1, min(height, width) // 24)
    terms, rows, columns = _terms(height, width, step)
    points = calm[::step, ::step].reshape(-1, 3)
    values = points.astype(np.float64)
    brightness = values @ _THIRDS
    weighed = terms
    for _ in range(3):  # the surface under the mean of the channels is the mean of theirs
        below = _fitted(terms, weighed, brightness) @ terms - brightness
        weighed = terms * (1 / (1 + np.square(np.maximum(below, 0) / _spread(np.abs(below)))))
    surface = _fitted(terms, weighed, values)
    factors = np.zeros((9, 3))  # of 1, y, yy by 1, x, xx, in each channel
    factors[_PLACES] = surface
    along = np.matmul(columns, factors.reshape(3, 3, 3)).reshape(3, -1).astype(np.float32)
    typical = np.sort(points.T, axis=1, kind="stable")[:, len(points) // 2]
    least = np.tile(np.maximum(0.25 * typical, 16).astype(np.float32), width)
    return np.asarray(np.maximum(rows @ along, least).reshape(calm.shape), np.float32)


def _spread(off: NDArray[np.float64]) -> float:
    """How far points are off for the most part: half as much again as their median, `_CALM` at least."""
    if 2 * np.count_nonzero(off <= _CALM / 1.5) > len(off):
        return _CALM
    return max(quantile(off, 0.5) * 1.5, _CALM)


def _fitted(
    terms: NDArray[np.float64], weighed: NDArray[np.float64], values: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The least squares of some terms, given as they are and weighed: `(6, ...)`."""
    right = (weighed @ values).reshape(6, -1)
    found = cv2.solve(weighed @ terms.T + _FIRM, right, flags=cv2.DECOMP_CHOLESKY)[1]
    return np.asarray(found, np.float64).reshape(6, *values.shape[1:])


@lru_cache(maxsize=16)
def _terms(height: int, width: int, step: int) -> tuple[NDArray[Any], ...]:
    """What a surface of the second degree is made of, on a grid of every so many pixels.

    Returns:
        1, x, y, xx, xy and yy of the points of the grid, `(6, n)`; and 1, y and yy
        of all rows, 1, x and xx of all columns, `(height, 3)` and `(width, 3)`.
    """
    y, x = np.linspace(-1, 1, height), np.linspace(-1, 1, width)
    grid_y, grid_x = (g.ravel() for g in np.meshgrid(y[::step], x[::step], indexing="ij"))
    terms = np.stack([np.ones_like(grid_x), grid_x, grid_y, grid_x**2, grid_x * grid_y, grid_y**2])
    rows, columns = (np.stack([np.ones_like(v), v, v * v], axis=1) for v in (y, x))
    return terms, rows.astype(np.float32), columns


def _darkness(rgb: NDArray[np.uint8], paper: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """How much darker than its paper each channel is, as a share of the paper, times 255."""
    full = cv2.resize(paper, (rgb.shape[1], rgb.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(cv2.subtract(full, rgb), cv2.max(full, _DARKEST_PAPER), scale=255), np.uint8)


def along_ink_colour(darkness: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Weigh the channels by the colour of the strokes, so that red on pink and yellow on white stand out."""
    height, width = darkness.shape[:2]
    step = max(1, round((height * width / 16_000) ** 0.5))
    size = width // step, height // step
    whole = darkness[: size[1] * step, : size[0] * step]
    red, green, blue = channels = cv2.split(darkness)
    if step > 1:
        channels = cv2.split(cv2.resize(whole, size, interpolation=cv2.INTER_NEAREST))
    strongest = cv2.max(cv2.max(channels[0], channels[1]), channels[2])
    least = ceil(0.5 * reached(strongest, strongest.size - int(0.995 * strongest.size), 24))
    strokes = (strongest >= least).view(np.uint8)
    weights = [1 / 3, 1 / 3, 1 / 3]
    if cv2.countNonZero(strokes) >= 8:
        energy = [cv2.norm(channel, cv2.NORM_L2SQR, strokes) for channel in channels]
        weights = [one / sum(energy) for one in energy]
    two = cv2.addWeighted(red, weights[0], green, weights[1], 0, dtype=cv2.CV_32F)
    return np.asarray(cv2.addWeighted(two, 1, blue, weights[2], 0, dtype=cv2.CV_8U), np.uint8)


def levels(darkness: NDArray[np.uint8]) -> tuple[float, float, float]:
    """The darkness of bare paper and of full strokes, and the spread of bare paper, all in 0..255.

    Otsu's threshold over the pixels beside strong edges, where ink and paper are about equally many however
    little ink there is on the page.
    """
    calm = np.asarray(cv2.GaussianBlur(darkness, (3, 3), 0), np.uint8)
    edges = np.asarray(cv2.morphologyEx(calm, cv2.MORPH_GRADIENT, _SQUARES[3]), np.uint8)
    near = cv2.dilate((edges >= ceil(_strong(edges))).view(np.uint8), _SQUARES[5])
    beside = calm[near.view(bool)]
    noise = _noise(calm)
    threshold, _ = cv2.threshold(beside.reshape(1, -1), 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    counts = histogram(beside)
    split = int(threshold) + 1
    bare, ink = counts[:split], counts[split:]
    if beside.size < 6 or not bare.any() or not ink.any():
        median = level_at(histogram(calm.reshape(-1)[:: max(1, calm.size // 16_384)]), 0.5)
        return median, median, noise
    high = split + level_at(ink, 0.7)
    low = min(level_at(bare, 0.5), high - 1)
    return low + 0.12 * (high - low), max(high, low + 1), noise


def _noise(calm: NDArray[np.uint8]) -> float:
    """The spread of bare paper from pixel to pixel, in 0..255: what most neighbours differ by."""
    step = max(1, round((calm.size / 16_384) ** 0.5))
    rows = calm[::step]
    if rows.shape[1] < 3:  # too narrow to have such neighbours
        return 0.5
    return 1.4826 * _middle(cv2.absdiff(rows[:, 2:], rows[:, :-2])[:, ::step]) + 0.5


def _middle(values: NDArray[np.uint8]) -> int:
    """The level that half of some values lie under, which for the most part is a low one."""
    few = values.size // 2
    low, high = -1, 1
    while high < 255 and np.count_nonzero(values <= high) <= few:
        low, high = high, min(2 * high + 1, 255)
    while high - low > 1:
        level = (low + high) // 2
        low, high = (low, level) if np.count_nonzero(values <= level) > few else (level, high)
    return high


def _strong(edges: NDArray[np.uint8]) -> float:
    """The least height of an edge that may be a stroke's: half of what the strongest few reach."""
    return 0.5 * reached(edges, max(10, round(edges.size * 0.0006)), 8)
