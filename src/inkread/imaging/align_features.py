"""What a blank form is known by: its print, and where that is found in a picture.

In: the blank page, grey, at 200 dpi, once; then pictures. ORB features give a first homography; the blank's
own print, corner by corner, is then looked for on the flattened sheet, which places it to parts of a pixel,
shows how curled paper is bent, and tells this form from another: of a form's corners nearly all are where
they belong, of another form's nearly none. Source of the features: Rublee et al., ICCV 2011,
doi:10.1109/ICCV.2011.6126544.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.imaging.alignment import PX, Alignment, bent, quarters_of, sheet_size_px, through
from inkread.imaging.bend import fit_bend

__all__ = ["LEAST_SHARED", "Reference", "lay_by_features", "settled"]

Array = NDArray[np.float64]
Grey = NDArray[np.uint8]

_LOOKED_AT = 1600
"""Longest side, in pixels, at which features are looked for, in the blank and in the picture."""
_FEATURES = 4000
_SMALLEST = 100
"""Pixels: nothing is looked for in a picture of a shorter side."""
_RATIO = 0.85
"""A feature's best match must be so much nearer than its second best: boxes look alike, words do not."""
_LEAST_MATCHES = 12
_CORNERS = 260
"""Corners of print by which a form is checked."""
_APART = 45
"""Pixels between them."""
_HALF = 16
"""A corner's surroundings reach so many pixels to each side."""
_COARSE = 3.0
"""At first, a corner is looked for on blank and sheet reduced so much,"""
_COARSE_WINDOW = 9, 14
"""by so many of their pixels to each side of it, within so many: curled paper moves that much."""
_FINE_WINDOW = 16, 6
"""The same for the second time, at full size."""
_ALIKE = 0.5
"""Correlation from which print is taken for the blank's."""
LEAST_SHARED = 0.3
"""Of the corners that the picture shows, the share that must be found where they belong: of simulated forms
at least 0.48 were (folded paper, writing over frames), of other forms with the same marks at most 0.12."""
_MOST_OFF = 1.5
"""Pixels at 200 dpi: corners further from the smooth surface are not in their place."""
_LEAST_SEEN = 0.3
"""Of a blank's corners, the share that must be in the picture."""
_FLAT = 0.25
"""Pixels below which a bend is none."""


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """What is known of a blank page; made once and kept.

    Attributes:
        grey: uint8 `(height, width)` at 200 dpi.
        points: `(n, 2)` features, pixels of the page.
        descriptors: `(n, 32)` uint8, of ORB.
        corners: `(k, 2)` places of print that can be told in both directions, pixels of the page.
    """

    grey: Grey
    points: Array
    descriptors: NDArray[np.uint8]
    corners: NDArray[np.intp]

    @property
    def size(self) -> tuple[int, int]:
        """(width, height), pixels at 200 dpi."""
        return self.grey.shape[1], self.grey.shape[0]

    @classmethod
    def of(cls, gray: Grey) -> Reference:
        """Learn a blank page.

        Args:
            gray: uint8 `(height, width)` at 200 dpi, upright.
        """
        points, descriptors = _features(gray)
        calm = cv2.GaussianBlur(gray, (0, 0), 1.5)
        inner = np.zeros(gray.shape, np.uint8)
        inner[_HALF:-_HALF, _HALF:-_HALF] = 255
        found = cv2.goodFeaturesToTrack(calm, _CORNERS, 0.02, _APART, mask=inner, blockSize=25)
        corners = np.zeros((0, 2)) if found is None else np.asarray(found).reshape(-1, 2)
        return cls(gray, points, descriptors, np.round(corners).astype(np.intp))


def lay_by_features(picture: Grey, reference: Reference, size_mm: tuple[float, float]) -> Alignment | None:
    """Lay a blank page on a picture roughly, by what features they share; `settled` must confirm it.

    Args:
        picture: grey, `(height, width)`.
        reference: the blank page.
        size_mm: (width, height) of the sheet.
    """
    points, descriptors = _features(picture)
    if min(len(points), len(reference.points)) < _LEAST_MATCHES:
        return None
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(descriptors, reference.descriptors, 2)
    good = [p[0] for p in pairs if len(p) == 2 and p[0].distance < _RATIO * p[1].distance]
    if len(good) < _LEAST_MATCHES:
        return None
    seen = points[[m.queryIdx for m in good]]
    there = reference.points[[m.trainIdx for m in good]]
    matrix, agree = cv2.findHomography(seen, there, cv2.USAC_MAGSAC, 8.0, maxIters=4000, confidence=0.999)
    if (
        matrix is None
        or int(agree.sum()) < _LEAST_MATCHES
        or not _is_sheet(matrix, reference.size, picture.shape)
    ):
        return None
    size = sheet_size_px(size_mm)
    off = np.linalg.norm(through(matrix, seen) - there, axis=1)[agree.ravel() > 0]
    matrix = np.diag([*(np.array(size_mm) * PX / np.array(reference.size)), 1.0]) @ matrix
    seen_size = picture.shape[1], picture.shape[0]
    return Alignment(matrix, size, seen_size, float(off.mean()), "features", quarters_of(matrix, size))


def settled(
    picture: NDArray[np.uint8], laid: Alignment, reference: Reference, size_mm: tuple[float, float]
) -> Alignment | None:
    """Place a roughly laid form to parts of a pixel, bent as its paper is; None where it is not this form.

    Args:
        picture: `(height, width, 3)` or grey, the one it is laid on.
        laid: by marks or by features.
        reference: the blank page.
        size_mm: (width, height) of the sheet.
    """
    grey = picture if picture.ndim == 2 else np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)
    flat = replace(laid, bend=None)
    sheet = _even(flat.sheet(grey))
    factor = np.array(size_mm) * PX / np.array(reference.size)
    blank = _even(_fitted(reference.grey, laid.sheet_size, factor))
    places = (reference.corners + 0.5) * factor
    shown = _shown(flat, places)
    if shown.mean() < _LEAST_SEEN or shown.sum() < _LEAST_MATCHES:
        return None
    places = places[shown]
    whole = _sizes(laid.sheet_size)
    small = [np.asarray(cv2.resize(page, whole, interpolation=cv2.INTER_AREA)) for page in (blank, sheet)]
    moved, alike = _found((small[0], small[1]), places / _COARSE, np.zeros_like(places), _COARSE_WINDOW)
    known = alike > _ALIKE
    if known.sum() < _LEAST_MATCHES:
        return None
    bend, _ = fit_bend(places[known], _COARSE * moved[known], laid.sheet_size, spread=12.0, stiff=1.0)
    return _placed(flat, bend, (blank, sheet), places)


def _sizes(size: tuple[int, int]) -> tuple[int, int]:
    return round(size[0] / _COARSE), round(size[1] / _COARSE)


def _placed(flat: Alignment, bend: Array, both: tuple[Grey, Grey], places: Array) -> Alignment | None:
    """The fine placement after the rough one, where enough of the print is in its place."""
    moved, alike = np.zeros_like(places), np.full(len(places), -1.0)
    for spread in (3.0, 1.5):
        expected = bent(bend, flat.sheet_size, places)
        again = (alike < _ALIKE) | (np.abs(moved - expected).max(1) > 2)
        moved[again], alike[again] = _found(both, places[again], np.round(expected[again]), _FINE_WINDOW)
        known = alike > _ALIKE
        if known.sum() < _LEAST_MATCHES:
            return None
        bend, _ = fit_bend(places[known], moved[known], flat.sheet_size, spread=spread, stiff=0.1)
    off = np.linalg.norm(moved - bent(bend, flat.sheet_size, places), axis=1)
    in_place = known & (off < _MOST_OFF)
    shared = float(in_place.mean())
    if shared < LEAST_SHARED:
        return None
    residual = float(off[in_place].mean())
    is_flat = np.abs(bend).max() < _FLAT
    return replace(flat, bend=None if is_flat else bend, residual=residual, shared=shared)


def _features(grey: Grey) -> tuple[Array, NDArray[np.uint8]]:
    """ORB features of a picture: places in its pixels, and what they look like."""
    height, width = grey.shape
    if min(height, width) < _SMALLEST:
        return np.zeros((0, 2)), np.zeros((0, 32), np.uint8)
    factor = min(1.0, _LOOKED_AT / max(height, width))
    size = max(1, round(width * factor)), max(1, round(height * factor))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA) if factor < 1 else grey
    orb = cv2.ORB.create(nfeatures=_FEATURES, fastThreshold=12)
    points, descriptors = orb.detectAndCompute(small, None)
    if descriptors is None:
        return np.zeros((0, 2)), np.zeros((0, 32), np.uint8)
    places = np.array([p.pt for p in points], np.float64) + 0.5
    return places * (np.array([width, height]) / np.array(size)), np.asarray(descriptors, np.uint8)


def _is_sheet(matrix: Array, size: tuple[int, int], picture: tuple[int, ...]) -> bool:
    """Whether a homography shows a sheet from its front, whole in shape and not tiny."""
    if np.linalg.det(matrix) <= 0 or abs(np.linalg.det(matrix)) < 1e-12:
        return False
    width, height = size
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    back = np.linalg.inv(matrix)
    depth = corners @ back[2, :2] + back[2, 2]
    if depth.min() * depth.max() <= 0:
        return False
    outline = through(back, corners).astype(np.float32)
    area = cv2.contourArea(outline)
    return bool(cv2.isContourConvex(outline)) and area > 0.03 * picture[0] * picture[1]


def _fitted(grey: Grey, size: tuple[int, int], factor: Array) -> Grey:
    """A page scaled by a factor, so that a place of the paper is at the pixel that its millimetres say."""
    way = np.array([[factor[0], 0, factor[0] / 2 - 0.5], [0, factor[1], factor[1] / 2 - 0.5]])
    return np.asarray(
        cv2.warpAffine(grey, way, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    )


def _even(grey: Grey) -> Grey:
    """Print on even paper: light and shadow divided out, a little smooth."""
    small = cv2.resize(grey, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((5, 5), np.uint8)), 9)
    whole = cv2.resize(np.maximum(paper, 16), grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.GaussianBlur(cv2.divide(grey, whole, scale=230), (0, 0), 0.8), np.uint8)


def _shown(flat: Alignment, places: Array) -> NDArray[np.bool_]:
    """Which places of the sheet, in its pixels, the picture shows with their surroundings."""
    seen = through(np.linalg.inv(flat.matrix), places)
    width, height = flat.picture_size
    room = _HALF
    return np.asarray((seen > room).all(1) & (seen[:, 0] < width - room) & (seen[:, 1] < height - room))


def _found(
    both: tuple[Grey, Grey], places: Array, expected: Array, window: tuple[int, int]
) -> tuple[Array, Array]:
    """Where the surroundings of places of the blank are on the sheet.

    What is darker on the sheet than the darkest of the print is taken for as dark: writing over a light
    frame would else be all that counts.

    Args:
        both: even print of the blank and of the sheet, of the same size.
        places: `(n, 2)` pixels of it.
        expected: `(n, 2)` whole pixels by which each is expected to have moved.
        window: half of the side of the surroundings; how far around there they are looked for.

    Returns:
        `(n, 2)` by how much each moved, and `(n,)` how alike it is there, -1 where it was not looked for.
    """
    half, reach = window
    room = half + reach
    blank = cv2.copyMakeBorder(both[0], half, half, half, half, cv2.BORDER_REPLICATE)
    sheet = cv2.copyMakeBorder(both[1], room, room, room, room, cv2.BORDER_REPLICATE)
    height, width = both[0].shape
    moved, alike = np.zeros_like(places), np.full(len(places), -1.0)
    starts = np.floor(places).astype(int)
    for k, ((x, y), shift) in enumerate(zip(starts, expected.astype(int), strict=True)):
        u, v = x + shift[0], y + shift[1]
        if not (0 <= u < width and 0 <= v < height):
            continue
        patch = blank[y : y + 2 * half + 1, x : x + 2 * half + 1]
        part = cv2.max(sheet[v : v + 2 * room + 1, u : u + 2 * room + 1], int(patch.min()))
        score = cv2.matchTemplate(part, patch, cv2.TM_CCOEFF_NORMED)
        _, best, _, (i, j) = cv2.minMaxLoc(score)
        moved[k] = shift + np.array([i - reach + _peak(score[j], i), j - reach + _peak(score[:, i], j)])
        alike[k] = best
    return moved, alike


def _peak(scores: NDArray[np.float32], at: int) -> float:
    """Where between its neighbours a highest value has its peak, -0.5 to 0.5."""
    if not 0 < at < len(scores) - 1:
        return 0.0
    before, top, after = (float(v) for v in scores[at - 1 : at + 2])
    down = before - 2 * top + after
    return float(np.clip((before - after) / (2 * down), -0.5, 0.5)) if down < 0 else 0.0
