"""Photograph a filled form: a sheet of paper, perhaps curled or folded, seen by a phone or a scanner.

In: the sheet as it was printed and filled, uint8 `(height, width, 3)` RGB at any resolution, without noise or
light. Out: a `Photo`: the picture, and the exact way from places on the sheet to places in the picture, which
alignment is measured against. Places are counted from the outer corner of the upper left pixel, as boxes are:
a pixel has its middle at halves. The same sheet, `Taking` and state of `rng` give the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from inkread.synth import lights, papers

__all__ = ["Photo", "Taking", "Way", "photograph", "sample"]

Rng = np.random.Generator

_LIGHTS = ("even", "even", "gradient", "gradient", "vignette", "shadow edge", "hand shadow", "cast", "dim")
_FOCAL = 0.74
"""Focal length as a share of the longer side of the picture: a phone's main camera, 26 mm on film."""
_STEP = 16
"""Pixels of the picture from one place where the way back is solved to the next."""
_TILE = 1021
"""Pixels after which the grain of a picture comes again."""
_SAMPLES = 1024
"""Places along the sheet at which its profile is integrated."""


@dataclass(frozen=True, slots=True)
class Taking:
    """How a sheet is taken.

    Attributes:
        long_side: of the picture, pixels.
        tilt: degrees by which the camera looks from above and from the side.
        turn: degrees, counter-clockwise, by which the sheet lies turned in the picture.
        room: table around the sheet, as a share of its extent; below 0 the picture cuts the sheet off.
        curl: steepest slope of the paper, radians; 0 is flat.
        curl_degrees: the direction in which the slope changes; 0 bends the left and right edges up.
        fold: how much of the slope comes at two sharp folds, as of a letter, instead of in a bow; 0 to 1.
        light: a key of `lights.LIGHTS`.
        blur: sigma in pixels.
        noise: standard deviation, as a share of white.
        jpeg: quality, 1 to 100; 0 does not compress.
        is_scan: no table and no depth: the sheet lies flat on a white bed.
    """

    long_side: int = 2400
    tilt: tuple[float, float] = (0.0, 0.0)
    turn: float = 0.0
    room: float = 0.05
    curl: float = 0.0
    curl_degrees: float = 0.0
    fold: float = 0.0
    light: str = "even"
    blur: float = 0.8
    noise: float = 0.01
    jpeg: int = 88
    is_scan: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """From places on the sheet to places in the picture: bend, turn, project.

    Attributes:
        size: (width, height) of the sheet, pixels.
        taking: how it was taken.
        scale: pixels of the picture for the sheet's longer side in the middle of the view.
        shift: (x, y) pixels, where the middle of the view lies in the picture.
    """

    size: tuple[int, int]
    taking: Taking
    scale: float = 1.0
    shift: tuple[float, float] = (0.0, 0.0)

    def to_photo(self, points: np.ndarray) -> np.ndarray:
        """Places of the picture where places of the sheet are seen.

        Args:
            points: `(n, 2)` x, y in pixels of the sheet.

        Returns:
            `(n, 2)` x, y in pixels of the picture; some may lie outside it.
        """
        places = np.asarray(points, np.float64).reshape(-1, 2)
        flat = (places - np.array(self.size) / 2) / max(self.size)
        x, y, z = _bent(flat, self.taking)
        across, along = np.deg2rad(self.taking.tilt)
        y, z = np.cos(across) * y - np.sin(across) * z, np.sin(across) * y + np.cos(across) * z
        x, z = np.cos(along) * x + np.sin(along) * z, -np.sin(along) * x + np.cos(along) * z
        turn = np.deg2rad(self.taking.turn)
        x, y = np.cos(turn) * x + np.sin(turn) * y, -np.sin(turn) * x + np.cos(turn) * y
        depth = np.ones_like(z) if self.taking.is_scan else 1 - z / (_FOCAL * 1.25)
        seen = np.stack([x / depth, y / depth], 1)
        return np.asarray(seen * self.scale + np.array(self.shift))


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """A picture of a sheet.

    Attributes:
        rgb: uint8 `(height, width, 3)`.
        way: from the sheet to the picture.
        taking: how it was taken.
    """

    rgb: np.ndarray
    way: Way
    taking: Taking


def sample(rng: Rng, *, scan_share: float = 0.15, curled_share: float = 0.5) -> Taking:
    """Choose how a sheet is taken, as people take forms.

    Args:
        rng: source.
        scan_share: how often a scanner takes it.
        curled_share: how often the paper of a photo is not flat.
    """
    if rng.random() < scan_share:
        return Taking(
            long_side=round(rng.uniform(1700, 3508)),
            turn=float(rng.normal(0, 0.6)),
            room=float(rng.uniform(0, 0.01)),
            blur=float(rng.uniform(0.3, 0.7)),
            noise=float(rng.uniform(0, 0.008)),
            jpeg=int(rng.integers(70, 97)),
            is_scan=True,
        )
    is_curled = rng.random() < curled_share
    return Taking(
        long_side=round(rng.uniform(1900, 3600)),
        tilt=(float(rng.normal(0, 8)), float(rng.normal(0, 6))),
        turn=float(rng.normal(0, 3.5)),
        room=float(rng.uniform(0.01, 0.14)),
        curl=float(rng.uniform(0.02, 0.16)) if is_curled else 0.0,
        curl_degrees=float(rng.choice([0, 90]) + rng.normal(0, 12)),
        fold=float(rng.uniform(0.3, 1)) if rng.random() < 0.35 else 0.0,
        light=_LIGHTS[int(rng.integers(len(_LIGHTS)))],
        blur=float(rng.uniform(0.4, 1.5)),
        noise=float(rng.uniform(0.003, 0.03)),
        jpeg=int(rng.integers(60, 96)),
    )


def photograph(sheet: np.ndarray, rng: Rng, taking: Taking | None = None) -> Photo:
    """Take the picture of a sheet.

    Args:
        sheet: uint8 `(height, width, 3)`, upright, at any resolution.
        rng: source of paper, table, light and noise.
        taking: how; None chooses by `sample`.
    """
    asked = sample(rng) if taking is None else taking
    height, width = sheet.shape[:2]
    way, size = _framed((width, height), asked)
    places = _places(way, size)
    shown = _shown(sheet, places, way)
    cover = _cover(places, (width, height), way)
    table = _table(size, rng, asked.is_scan)
    paper = np.clip(rng.uniform(0.86, 1.0) + rng.normal(0, 0.012, 3), 0, 1)
    shown = cv2.multiply(shown, (*paper, 0.0), dtype=cv2.CV_8U)
    if not asked.is_scan:
        table = _shadowed(table, cover)
    scene = np.asarray(cv2.blendLinear(shown, table, cover, 1 - cover))
    if not asked.is_scan:
        light = lights.fall(asked.light, size, rng)
        if asked.curl:
            light *= _slopes(way, places, rng)
        scene = np.asarray(cv2.multiply(scene, light, dtype=cv2.CV_8U))
    return Photo(_exposed(scene, asked, rng), way, asked)


def _bent(flat: np.ndarray, taking: Taking) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Places of a flat sheet, its longer side 1, as x, y, z of the bent one; its length is kept."""
    if taking.curl == 0 or taking.is_scan:
        return flat[:, 0], flat[:, 1], np.zeros(len(flat))
    turn = np.deg2rad(taking.curl_degrees)
    along = np.array([np.cos(turn), np.sin(turn)])
    across = np.array([-along[1], along[0]])
    at = flat @ along
    knots = np.linspace(-0.8, 0.8, _SAMPLES)
    bow = knots * (1.6 - 1.2 * np.abs(knots))
    folds = np.tanh((knots - 1 / 6) / 0.006) - np.tanh((knots + 1 / 6) / 0.006) + 1
    slope = taking.curl * ((1 - taking.fold) * bow / 0.5 + taking.fold * folds)
    step = knots[1] - knots[0]
    reach, height = _summed(np.cos(slope), step), _summed(np.sin(slope), step)
    reach -= np.interp(0, knots, reach)
    height -= np.interp(0, knots, height)
    along_bent = np.interp(at, knots, reach)
    x, y = (along_bent[:, None] * along + (flat @ across)[:, None] * across).T
    return x, y, np.interp(at, knots, height)


def _summed(values: np.ndarray, step: float) -> np.ndarray:
    """The integral from the first knot to each."""
    return np.concatenate([[0.0], np.cumsum((values[1:] + values[:-1]) / 2 * step)])


def _framed(sheet: tuple[int, int], taking: Taking) -> tuple[Way, tuple[int, int]]:
    """The way that fills the frame as asked, and the (height, width) of the picture."""
    rim = np.linspace(0, 1, 41)
    zero, one = np.zeros(41), np.ones(41)
    edges = np.concatenate([np.stack(e, 1) for e in ((rim, zero), (one, rim), (rim, one), (zero, rim))])
    seen = Way(sheet, taking).to_photo(edges * np.array(sheet))
    low, high = seen.min(0), seen.max(0)
    span = (high - low) * (1 + 2 * taking.room)
    scale = taking.long_side / float(span.max())
    size = max(64, round(span[1] * scale)), max(64, round(span[0] * scale))
    middle = np.array(size[::-1]) / 2 - (low + high) / 2 * scale
    return replace(Way(sheet, taking), scale=scale, shift=(float(middle[0]), float(middle[1]))), size


def _places(way: Way, size: tuple[int, int]) -> np.ndarray:
    """For each pixel of the picture the place of the sheet that it shows, float32 `(height, width, 2)`."""
    rows, columns = size[0] // _STEP + 4, size[1] // _STEP + 4
    y, x = np.mgrid[-1 : rows - 1, -1 : columns - 1].astype(np.float64)
    seen = np.stack([(x.ravel() + 0.5) * _STEP, (y.ravel() + 0.5) * _STEP], 1)
    width, height = way.size
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    flat = cv2.getPerspectiveTransform(way.to_photo(corners).astype(np.float32), corners)

    def back(points: np.ndarray) -> np.ndarray:
        return np.asarray(cv2.perspectiveTransform(points[None], flat))[0]

    first = back(seen)
    found = first
    for _ in range(12):  # a bend is small beside the sheet: each round leaves a small share of the error
        found = found + first - back(way.to_photo(found))
    grid = found.reshape(rows, columns, 2).astype(np.float32)
    whole = cv2.resize(grid, (columns * _STEP, rows * _STEP), interpolation=cv2.INTER_LINEAR)
    return np.ascontiguousarray(whole[_STEP : _STEP + size[0], _STEP : _STEP + size[1]])


def _shown(sheet: np.ndarray, places: np.ndarray, way: Way) -> np.ndarray:
    """The sheet where the picture shows it, uint8."""
    shrink = max(way.size) / way.scale
    if shrink > 1.2:
        sheet = np.asarray(cv2.GaussianBlur(sheet, (0, 0), 0.4 * shrink))
    x, y = cv2.split(places - np.float32(0.5))
    return np.asarray(cv2.remap(sheet, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE))


def _cover(places: np.ndarray, sheet: tuple[int, int], way: Way) -> np.ndarray:
    """Which share of each pixel the sheet covers, float32 0..1."""
    factor = way.scale / max(sheet)
    inside = np.minimum(
        np.minimum(places[..., 0], sheet[0] - places[..., 0]),
        np.minimum(places[..., 1], sheet[1] - places[..., 1]),
    )
    return np.clip(inside * np.float32(factor) + np.float32(0.5), 0, 1)


def _table(size: tuple[int, int], rng: Rng, is_scan: bool) -> np.ndarray:
    """What the sheet lies on, uint8: a white bed, wood, one colour, cloth."""
    if is_scan:
        return np.full((*size, 3), round(255 * rng.uniform(0.93, 1.0)), np.uint8)
    wood = np.array([0.5, 0.36, 0.24]) * rng.uniform(0.4, 1.4)
    colour = rng.uniform(0.08, 0.75, 3) if rng.random() < 0.5 else wood
    grain = papers.noise((max(2, size[0] // 2), max(2, size[1] // 14)), max(2.0, size[0] / 800), rng)
    cloth = colour + grain[..., None] * rng.uniform(0, 0.06)
    tone = np.asarray(cv2.convertScaleAbs(np.clip(cloth, 0.02, 1), alpha=255))
    return np.asarray(cv2.resize(tone, size[::-1], interpolation=cv2.INTER_LINEAR))


def _shadowed(table: np.ndarray, cover: np.ndarray) -> np.ndarray:
    """The table with the soft shadow of the sheet, drawn at a quarter of the size."""
    small = cv2.resize(cover, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    far = max(1.0, 0.006 * max(small.shape))
    fallen = cv2.GaussianBlur(np.roll(small, (round(far), round(far)), (0, 1)), (0, 0), far)
    dark = cv2.resize(1 - 0.4 * fallen, table.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.multiply(table, cv2.merge([dark, dark, dark]), dtype=cv2.CV_8U))


def _slopes(way: Way, places: np.ndarray, rng: Rng) -> np.ndarray:
    """How bright bent paper is for its slope to the light, float32 `(height, width, 1)`."""
    taking = way.taking
    small = np.ascontiguousarray(places[::_STEP, ::_STEP]).reshape(-1, 2)
    flat = (small - np.array(way.size) / 2) / max(way.size)
    turn = np.deg2rad(taking.curl_degrees)
    along = np.array([np.cos(turn), np.sin(turn)])
    step = 0.01
    rise = _bent(flat + step * along, taking)[2] - _bent(flat - step * along, taking)[2]
    light = 1 + rng.uniform(-1.2, 1.2) * rise / (2 * step)
    rows, columns = places[::_STEP, ::_STEP].shape[:2]
    grid = np.clip(light, 0.6, 1.25).reshape(rows, columns).astype(np.float32)
    return np.asarray(cv2.resize(grid, places.shape[1::-1], interpolation=cv2.INTER_LINEAR))[..., None]


def _exposed(scene: np.ndarray, taking: Taking, rng: Rng) -> np.ndarray:
    """From light to a file: blur, noise, compression."""
    if taking.blur > 0.2:
        scene = np.asarray(cv2.GaussianBlur(scene, (0, 0), taking.blur))
    if taking.noise > 0:
        tile = rng.standard_normal((_TILE, _TILE), dtype=np.float32) * np.float32(255 * taking.noise)
        times = tuple(side // _TILE + 1 for side in scene.shape[:2])
        grain = np.tile(np.round(tile).astype(np.int16), times)[: scene.shape[0], : scene.shape[1]]
        scene = np.asarray(cv2.add(scene, cv2.merge([grain, grain, grain]), dtype=cv2.CV_8U))
    if taking.jpeg:
        bgr = cv2.cvtColor(scene, cv2.COLOR_RGB2BGR)
        _, code = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, taking.jpeg])
        scene = np.asarray(cv2.cvtColor(cv2.imdecode(code, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB))
    return scene
