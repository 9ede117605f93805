"""Envelopes and labels as a phone sees them: written or printed address, sender, stamps, postmarks, table.

Out: a `Piece`: the picture and what is known of it, with the address block, its lines and its ZIP as corners
in pixels of the picture. The same state of `rng` gives the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from inkread.errors import DataError
from inkread.synth import addresses, blocks, franking, lights, papers
from inkread.synth.addresses import Address
from inkread.synth.faces import Face
from inkread.synth.mailhands import Bank

__all__ = ["FORMATS", "Bank", "Corners", "Piece", "render"]

Rng = np.random.Generator
Corners = tuple[tuple[float, float], ...]
"""Four corners, x and y, from the upper left one clockwise as the text is read."""

FORMATS = {
    "letter": (241, 105, 0.26),
    "personal": (165, 92, 0.22),
    "card": (184, 133, 0.2),
    "small card": (146, 111, 0.12),
    "large": (305, 229, 0.06),
    "label": (102, 76, 0.1),
    "long label": (102, 51, 0.04),
}
"""Format -> width and height in millimetres, and how often it comes."""
_PAPERS = ("white", "white", "white", "cream", "envelope", "envelope", "kraft", "coloured")
_PEN_COLOURS = (
    (0.08, 0.12, 0.5),
    (0.05, 0.05, 0.08),
    (0.1, 0.1, 0.16),
    (0.1, 0.16, 0.62),
    (0.5, 0.08, 0.12),
    (0.06, 0.35, 0.2),
)
_LIGHTS = ("even", "even", "gradient", "gradient", "vignette", "shadow edge", "hand shadow", "cast", "dim")
_PRINTED, _OF_WRITER, _ON_SIDE = 0.25, 0.5, 0.1
"""How often the address is printed, its ZIP is of MNIST's digits, the photo is a quarter or half turn off."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A piece of mail.

    Attributes:
        rgb: uint8 `(height, width, 3)`.
        address: what it says.
        is_printed: whether the address is.
        block: around the address.
        lines: of the address, one a line.
        zip_corners: around the ZIP; None where there is none.
        turn: degrees, clockwise, by which the picture must be turned to stand upright: 0, 90, 180, 270.
        writer: the font and the writer of the digits.
        about: format, paper and what else is on it.
    """

    rgb: np.ndarray
    address: Address
    is_printed: bool
    block: Corners
    lines: tuple[Corners, ...]
    zip_corners: Corners | None
    turn: int
    writer: str
    about: str


def render(rng: Rng, bank: Bank) -> Piece:
    """Make one piece of mail and photograph it.

    Args:
        rng: chooses everything.
        bank: hands.
    """
    names = list(FORMATS)
    name = names[int(rng.choice(len(names), p=[FORMATS[n][2] for n in names]))]
    wide_mm, high_mm, _ = FORMATS[name]
    width = int(rng.uniform(1000, 1500))
    mm = width / wide_mm
    size = round(high_mm * mm), width
    paper = _PAPERS[int(rng.integers(len(_PAPERS)))]
    page = np.asarray(papers.draw(paper, size, 12 * mm, rng), np.float32)
    is_printed = bool(rng.random() < _PRINTED)
    found = addresses.address(rng, printed=is_printed)
    marks = _frank(page, mm, name, bank, rng)
    block, writer = _block(found, bank, mm, is_printed, rng)
    block = _fitting(block, size, mm)
    matrix = _placed(page, block, mm, is_printed, name, rng)
    if rng.random() < 0.2 and _noticed(page, _corners((0, 0, *block.ink.shape[::-1]), matrix), mm, rng):
        marks.append("notice")
    picture, way = _photographed(page, mm, rng)
    turn = int(rng.choice([90, 180, 270])) if rng.random() < _ON_SIDE else 0
    picture, turned = _quarter(picture, turn)
    whole = turned @ way @ matrix
    corners = [_corners(box, whole) for box in block.boxes]
    left, top = np.array([b[:2] for b in block.boxes]).min(0)
    right, bottom = np.array([b[2:] for b in block.boxes]).max(0)
    zip_corners = _corners(block.zip_box, whole) if block.zip_box else None
    about = " ".join([name, paper, *marks])
    around = _corners((left, top, right, bottom), whole)
    return Piece(picture, found, is_printed, around, tuple(corners), zip_corners, turn, writer, about)


def _frank(page: np.ndarray, mm: float, name: str, bank: Bank, rng: Rng) -> list[str]:
    """Everything but the address: what is on a piece before it is written on, and after it is posted."""
    height, width = page.shape[:2]
    marks = []
    if rng.random() < 0.1 and "label" not in name:
        franking.border(page, mm, rng)
        marks.append("border")
    off = rng.uniform(3, 9) * mm, rng.uniform(3, 8) * mm
    if rng.random() < (0.5 if "label" in name else 0.85):
        marks.append(_sender(page, off, mm, bank, rng))
    if rng.random() < {"label": 0.35, "long label": 0.1}.get(name, 0.94):
        corner = width - rng.uniform(4, 9) * mm, rng.uniform(3, 8) * mm
        meter = rng.random() < 0.18
        wide, high = (franking.permit if meter else franking.stamp)(page, corner, mm, rng)
        marks.append("permit" if meter else "stamp")
        if not meter and rng.random() < 0.25:
            franking.stamp(page, (corner[0] - wide - rng.uniform(0, 4) * mm, corner[1]), mm, rng)
        if rng.random() < 0.6 and not meter:
            franking.cancel(page, (corner[0] - wide / 2, corner[1] + high * rng.uniform(0.3, 0.7)), mm, rng)
            marks.append("postmark")
    if rng.random() < 0.3 and "label" not in name:
        franking.barcode(page, (width - rng.uniform(85, 95) * mm, height - rng.uniform(6, 9) * mm), mm, rng)
        marks.append("bars")
    return marks


def _noticed(page: np.ndarray, block: Corners, mm: float, rng: Rng) -> bool:
    """Print a notice where it leaves the address free; False where there is no such place."""
    height, width = page.shape[:2]
    left, top = np.array(block).min(0)
    for _ in range(6):
        x, y = rng.uniform(0.03, 0.3) * width, rng.uniform(0.5, 0.88) * height
        if x + 62 * mm < left or y + 13 * mm < top or y > max(corner[1] for corner in block) + 2 * mm:
            franking.notice(page, (x, y), mm, rng)
            return True
    return False


def _sender(page: np.ndarray, at: franking.Spot, mm: float, bank: Bank, rng: Rng) -> str:
    """The return address: printed, or by a hand, with a logo or without."""
    lines = addresses.sender(rng)
    x, y = at
    if rng.random() < 0.2:
        x += franking.logo(page, at, mm, rng) + 2 * mm
        lines = (addresses.initials(rng), *lines[1:])
    is_printed = rng.random() < 0.55
    high = rng.uniform(1.7, 2.8) * mm if is_printed else rng.uniform(4.0, 6.5) * mm
    found = Address(lines, "", "", "", "", -1)
    face = None if is_printed else _able(bank.faces, lines, rng)
    if face is None:
        block = blocks.machine(found, franking.typeface(rng), min(high, 2.8 * mm), rng)
        colour = (0.1, 0.1, 0.12) if rng.random() < 0.7 else tuple(rng.uniform(0, 0.5, 3))
    else:
        block = blocks.handwritten(found, face, high, rng)
        colour = _PEN_COLOURS[int(rng.integers(len(_PEN_COLOURS)))]
    factor = min(1.0, 0.42 * page.shape[1] / block.ink.shape[1], 0.3 * page.shape[0] / block.ink.shape[0])
    ink = cv2.resize(block.ink, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    franking.lay(page, ink, (x, y), colour, 0.9)
    return "printed sender" if face is None else "written sender"


def _able(faces: tuple[Face, ...], lines: tuple[str, ...], rng: Rng) -> Face | None:
    """A font that can write these lines."""
    text = "".join(lines)
    capitals = sum(c.isupper() for c in text) > 0.5 * sum(c.isalpha() for c in text)
    for _ in range(40):
        face = faces[int(rng.integers(len(faces)))]
        if face.can_write(text) and not (face.in_words and capitals):
            return face
    return None


def _block(found: Address, bank: Bank, mm: float, is_printed: bool, rng: Rng) -> tuple[blocks.Block, str]:
    """The address as ink, and who wrote it."""
    face = None if is_printed else _able(bank.faces, found.full_lines, rng)
    if face is None and not is_printed:
        raise DataError(f"no font can write {found.full_lines}; fetch the data again")
    if face is None:
        return blocks.machine(found, franking.typeface(rng), rng.uniform(2.3, 4.2) * mm, rng), "print"
    digits = bank.digits if bank.digits is not None and rng.random() < _OF_WRITER else None
    block = blocks.handwritten(found, face, rng.uniform(7.5, 13.5) * mm, rng, digits)
    return block, face.name


def _fitting(block: blocks.Block, size: tuple[int, int], mm: float) -> blocks.Block:
    """A block no larger than its place on the envelope."""
    factor = min(1.0, 0.62 * size[1] / block.ink.shape[1], 0.58 * size[0] / block.ink.shape[0])
    if factor == 1:
        return block
    ink = cv2.resize(block.ink, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)

    def smaller(box: blocks.Box) -> blocks.Box:
        left, top, right, bottom = (factor * v for v in box)
        return left, top, right, bottom

    zip_box = smaller(block.zip_box) if block.zip_box else None
    return blocks.Block(ink, block.texts, tuple(map(smaller, block.boxes)), zip_box, factor * block.pitch)


def _placed(
    page: np.ndarray, block: blocks.Block, mm: float, is_printed: bool, name: str, rng: Rng
) -> np.ndarray:
    """Put the block on its place on the page; returns the way from its pixels to the page's, `(3, 3)`."""
    (height, width), (high, wide) = page.shape[:2], block.ink.shape
    is_label = "label" in name
    lowest = max(2 * mm, height - high - (3 if is_label else 11) * mm)
    if is_label:
        x, y = rng.normal(0.5, 0.09) * (width - wide), rng.normal(0.68, 0.08) * height - 0.5 * high
    else:
        x, y = rng.normal(0.52, 0.07) * width - 0.3 * wide, rng.normal(0.66, 0.06) * height - 0.5 * high
    x, y = np.clip(x, 4 * mm, width - wide - 3 * mm), np.clip(y, min(0.3 * height, lowest), lowest)
    turn = 0.0 if is_printed else float(rng.normal(0, 1.2))
    middle = wide / 2, high / 2
    matrix = np.vstack([cv2.getRotationMatrix2D(middle, turn, 1.0), [0, 0, 1]])
    matrix[0, 2] += x
    matrix[1, 2] += y
    if is_printed and rng.random() < 0.55:
        _ground(page, (x, y, wide, high), mm, rng)
    elif not is_printed and rng.random() < 0.12:
        _rules(page, block, (float(x), float(y)), mm, rng)
    cover = cv2.warpAffine(block.ink, matrix[:2], (width, height), flags=cv2.INTER_LINEAR)
    colour = np.array(_PEN_COLOURS[int(rng.integers(len(_PEN_COLOURS)))])
    if is_printed:
        colour = np.full(3, rng.uniform(0.03, 0.2))
    if float(page[int(y) : int(y + high), int(x) : int(x + wide)].mean()) < 0.55:
        colour = colour * 0.4
    franking.lay(
        page,
        cover,
        (0, 0),
        np.clip(colour + rng.normal(0, 0.02, 3), 0, 1).tolist(),
        float(rng.uniform(0.7, 1)),
    )
    return matrix


def _ground(page: np.ndarray, box: tuple[float, ...], mm: float, rng: Rng) -> None:
    """A white sticker or a window under a printed address."""
    x, y, wide, high = box
    room = rng.uniform(2, 6) * mm
    left, top = round(max(0, x - room)), round(max(0, y - room))
    right, bottom = round(x + wide + room), round(y + high + room)
    part = page[top:bottom, left:right]
    window = rng.random() < 0.5
    part[:] = rng.uniform(0.9, 1.0)
    if window:  # a glossy pane, the paper behind it in its shadow
        part *= np.float32(rng.uniform(0.82, 0.95))
        glare = np.clip(papers.noise(part.shape[:2], 20 * mm, rng), 0, 1)[..., None]
        part += glare * np.float32(rng.uniform(0, 0.12))
    edge = np.zeros(page.shape[:2], np.uint8)
    cv2.rectangle(edge, (left, top), (right, bottom), 255, max(1, round(0.25 * mm)), cv2.LINE_AA)
    soft = cv2.GaussianBlur(edge, (0, 0), 0.3 * mm + 0.3).astype(np.float32) / 255
    franking.lay(page, soft, (0, 0), (0.3, 0.3, 0.3), float(rng.uniform(0.2, 0.6)))


def _rules(page: np.ndarray, block: blocks.Block, at: tuple[float, float], mm: float, rng: Rng) -> None:
    """Printed rules under the lines, and a word before them."""
    colour = rng.uniform(0.35, 0.7, 3).tolist()
    right = min(page.shape[1] - 3 * mm, at[0] + block.ink.shape[1] + 8 * mm)
    for box in block.boxes:
        y = round(at[1] + box[3] + rng.uniform(-0.1, 0.12) * block.pitch)
        cv2.line(
            page, (round(at[0] - 3 * mm), y), (round(right), y), colour, max(1, round(0.25 * mm)), cv2.LINE_AA
        )
    if rng.random() < 0.6:
        word = franking.printed("TO:" if rng.random() < 0.6 else "Name", 2.4 * mm, (0, 1.0, 0.0))
        franking.lay(page, word, (at[0] - word.shape[1] - 5 * mm, at[1] + 2 * mm), colour)


def _photographed(page: np.ndarray, mm: float, rng: Rng) -> tuple[np.ndarray, np.ndarray]:
    """Photograph a page as it lies on a table; also the way from its pixels to the picture's, `(3, 3)`."""
    height, width = page.shape[:2]
    is_scan = rng.random() < 0.15
    room = 0.0 if is_scan else rng.uniform(-0.015, 0.14)
    turn = np.deg2rad(rng.normal(0, 0.5 if is_scan else 3.5))
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], float)
    middle = corners.mean(0)
    cos, sin = np.cos(turn), np.sin(turn)
    moved = (corners - middle) @ np.array([[cos, sin], [-sin, cos]])
    if not is_scan:
        moved = moved * (1 + rng.normal(0, 0.02, (4, 1))) + rng.normal(0, 0.008 * width, (4, 2))
    low, high = moved.min(0), moved.max(0)
    span = (high - low) * (1 + 2 * room)
    factor = float(rng.uniform(1000, 1700)) / max(span)
    size = max(64, round(span[1] * factor)), max(64, round(span[0] * factor))
    there = (moved - (low + high) / 2) * factor + np.array(size[::-1]) / 2
    way = cv2.getPerspectiveTransform(corners.astype(np.float32), there.astype(np.float32))
    scene = _table(size, mm * factor, rng)
    shown = cv2.warpPerspective(np.clip(page, 0, 1), way, size[::-1], flags=cv2.INTER_AREA)
    cover = cv2.warpPerspective(np.ones((height, width), np.float32), way, size[::-1], flags=cv2.INTER_LINEAR)
    shadow = cv2.GaussianBlur(
        np.roll(cover, (round(mm * factor), round(mm * factor)), (0, 1)), (0, 0), 1.2 * mm * factor
    )
    scene *= 1 - np.float32(0.45) * (shadow * (1 - cover))[..., None]
    scene += (shown - scene) * cover[..., None]
    scene *= lights.fall("even" if is_scan else _LIGHTS[int(rng.integers(len(_LIGHTS)))], size, rng)
    return _exposed(scene, is_scan, rng), way


def _table(size: tuple[int, int], mm: float, rng: Rng) -> np.ndarray:
    """What a piece lies on: wood, one colour, cloth."""
    colour = (
        rng.uniform(0.08, 0.75, 3)
        if rng.random() < 0.5
        else np.array([0.5, 0.36, 0.24]) * rng.uniform(0.4, 1.4)
    )
    scene = np.empty((*size, 3), np.float32)
    scene[:] = colour
    along = papers.noise((size[0], max(2, size[1] // 14)), max(2.0, 2 * mm), rng)
    grain = cv2.resize(along, size[::-1])[..., None] * np.float32(rng.uniform(0, 0.06))
    return np.clip(scene + grain + 0.01 * papers.noise(size, 1.5, rng)[..., None], 0, 1)


def _exposed(scene: np.ndarray, is_scan: bool, rng: Rng) -> np.ndarray:
    """From light to a file: blur, noise, compression."""
    scene = cv2.GaussianBlur(scene, (0, 0), float(rng.uniform(0.3, 0.6 if is_scan else 1.3)))
    grain = rng.standard_normal(scene.shape[:2], dtype=np.float32)[..., None]
    scene = scene + grain * np.float32(rng.uniform(0, 0.008 if is_scan else 0.03))
    picture = cv2.convertScaleAbs(np.maximum(scene, 0), alpha=255)
    _, code = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(60, 96))])
    return np.asarray(cv2.imdecode(code, cv2.IMREAD_COLOR), np.uint8)


def _quarter(picture: np.ndarray, turn: int) -> tuple[np.ndarray, np.ndarray]:
    """A picture that must be turned clockwise by `turn` to stand upright, and the way to it, `(3, 3)`."""
    height, width = picture.shape[:2]
    ways = {
        0: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        90: [[0, 1, 0], [-1, 0, width], [0, 0, 1]],
        180: [[-1, 0, width], [0, -1, height], [0, 0, 1]],
        270: [[0, -1, height], [1, 0, 0], [0, 0, 1]],
    }
    return np.ascontiguousarray(np.rot90(picture, turn // 90)), np.array(ways[turn], float)


def _corners(box: blocks.Box, way: np.ndarray) -> Corners:
    """The corners of a box, taken along a way."""
    left, top, right, bottom = box
    points = np.array([[left, top, 1], [right, top, 1], [right, bottom, 1], [left, bottom, 1]]) @ way.T
    return tuple((float(x / w), float(y / w)) for x, y, w in points)
