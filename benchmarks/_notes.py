"""Simulated pages of handwritten notes with the box of every line known, the same ones from the same seed.

Words of handwriting fonts stand on baselines that slant and bend, on plain, ruled or squared paper, in
paragraphs, lists or two columns, with headings, short lines and page numbers; the page is bent, turned and
lit, and may lie on a table, have punch holes, a stain or a drawing. Made to develop line finding on, so that
real pages stay a measure.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from inkread.synth import doodles, fonts, lights, papers

__all__ = ["KINDS", "Note", "bare", "draw"]

KINDS = ("plain", "ruled", "squared")
WORDS = """
the of and to in that was for it with as his on be at by had not are but from or have an they which one
you were her all she there would their we him been has when who will more no if out so said what up its
about into than them can only other new some could time these two may then do first any my now such like
our over man me even most made after also did many before must through back years where much your way le
la les de des et un une pour dans qui que sur avec par plus sont elle nous vous mais tout leur où être
même aussi après français année déjà école Monday Friday Paris London Marie John 1958 12 25 3000 7h30
meeting project budget buy milk eggs bread call doctor garden letter family yesterday tomorrow happiness
""".split()  # noqa: SIM905 - a text is easier to read than a list of a hundred strings
LIGHT = ("even", "even", "gradient", "vignette", "shadow edge", "hand shadow", "cast", "dim")
INKS = ((20, 20, 25), (25, 35, 120), (10, 90, 160), (70, 70, 75), (120, 25, 35), (20, 90, 60))


@dataclass(frozen=True, slots=True, eq=False)
class Note:
    """A page: `rgb` uint8 `(height, width, 3)`, and the boxes of its lines in reading order."""

    rgb: np.ndarray
    boxes: list[tuple[int, int, int, int]]
    about: str


@dataclass(slots=True, eq=False)
class _Sheet:
    """What is on the sheet: how much ink, and the line that a pixel's ink is of, from 1."""

    ink: np.ndarray
    line: np.ndarray
    lines: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class _Hand:
    """How somebody writes: font, x-height and pitch in pixels, and what varies from word to word."""

    font: ImageFont.FreeTypeFont
    x_height: float
    pitch: float
    gap: float
    unsteady: float
    slope: float
    bend: float


def draw(seed: int, data_root: Path, kind: str | None = None) -> Note:
    """Draw a page of notes.

    Args:
        seed: of everything.
        data_root: the folder with `fonts/ttf`.
        kind: one of `KINDS`; None draws one.
    """
    rng = np.random.default_rng([seed, 4])
    kind = kind or KINDS[int(rng.integers(len(KINDS)))]
    width = int(rng.integers(900, 1700))
    height = int(width * rng.uniform(0.7, 1.45))
    hand = _hand(rng, data_root, width)
    sheet = _Sheet(np.zeros((height, width), np.float32), np.zeros((height, width), np.int16))
    layout = ("text", "text", "list", "columns")[int(rng.integers(4))]
    top = _write(sheet, hand, layout, rng)
    paper = _paper(kind, (height, width), hand, top, rng)
    marks = _extras(sheet, paper, rng)
    rgb, boxes = _photographed(sheet, paper, rng)
    return Note(rgb, boxes, f"{kind} {layout} {marks}".strip())


def bare(seed: int, kind: str, width: int = 500) -> np.ndarray:
    """A page without writing: "blank", "ruled", "squared", "noise" or "doodle"; uint8 RGB."""
    rng = np.random.default_rng([seed, 5])
    height = int(width * rng.uniform(0.7, 1.4))
    pitch = width * rng.uniform(0.03, 0.08)
    hand = _Hand(ImageFont.ImageFont(), pitch / 3, pitch, 0, 0, 0, 0)  # type: ignore[arg-type]
    sheet = _Sheet(np.zeros((height, width), np.float32), np.zeros((height, width), np.int16))
    if kind == "noise":
        scene = 128 + 50 * papers.noise((height, width), rng.uniform(1, 6), rng)[..., None] * np.ones(3)
        return np.asarray(np.clip(scene, 0, 255), np.uint8)
    if kind == "doodle":
        for _ in range(int(rng.integers(1, 4))):
            _doodle(sheet, rng)
    paper_kind = kind if kind in KINDS else "plain" if kind == "blank" else KINDS[int(rng.integers(3))]
    paper = _paper(paper_kind, (height, width), hand, rng.uniform(0, 2 * pitch), rng)
    return _photographed(sheet, paper, rng)[0]


def _hand(rng: np.random.Generator, data_root: Path, width: int) -> _Hand:
    files = fonts.found(data_root)
    if not files:
        sys.exit("drawn pages need fonts/ttf under the folder that INKREAD_DATA names")
    file = files[int(rng.integers(len(files)))]
    x_height = width * rng.uniform(0.009, 0.02)
    trial = ImageFont.truetype(str(file), 200)
    _, top, _, bottom = trial.getbbox("xnuoa")
    font = trial.font_variant(size=max(8, round(200 * x_height / max(bottom - top, 20))))
    full = font.getbbox("dlfgp")
    tall = (full[3] - full[1]) * rng.uniform(0.72, 1.5)
    pitch = float(np.clip(tall, 2.1 * x_height, 5.5 * x_height))
    bend = rng.uniform(0, 0.35) * x_height
    return _Hand(
        font,
        x_height,
        pitch,
        rng.uniform(0.7, 1.8) * x_height,
        rng.uniform(0, 0.12),
        rng.normal(0, 0.006),
        bend,
    )


def _write(sheet: _Sheet, hand: _Hand, layout: str, rng: np.random.Generator) -> float:
    """Fill the sheet; gives the height of the first baseline."""
    height, width = sheet.ink.shape
    left, right = width * rng.uniform(0.05, 0.14), width * rng.uniform(0.86, 0.97)
    first = y = rng.uniform(1.5, 4) * hand.pitch + 0.02 * height
    last = height - rng.uniform(1, 6) * hand.pitch
    if rng.random() < 0.3:
        _line(sheet, hand, (rng.uniform(left, width * 0.6), y), right, int(rng.integers(1, 5)), rng)
        y += hand.pitch * rng.choice([1, 2])
    if layout == "columns":
        middle, gutter = width * rng.uniform(0.42, 0.55), max(3.5 * hand.x_height, 0.035 * width)
        for one, other in ((left, middle - gutter), (middle + gutter, right)):
            _block(sheet, hand, (one, other), (y, last), layout, rng)
    else:
        _block(sheet, hand, (left, right), (y, last), layout, rng)
    if rng.random() < 0.3:
        where = (width * rng.choice([0.5, 0.9]), min(height - 0.6 * hand.pitch, last + 2.2 * hand.pitch))
        _line(sheet, hand, where, width, -int(rng.integers(1, 300)), rng)
    return first


def _block(
    sheet: _Sheet,
    hand: _Hand,
    sides: tuple[float, float],
    rows: tuple[float, float],
    layout: str,
    rng: np.random.Generator,
) -> None:
    y, last = rows
    in_paragraph = 0
    while y < last:
        left, most = sides[0] + rng.normal(0, 0.4) * hand.x_height, 99
        if layout == "list":
            most = int(rng.integers(1, 6))
        elif in_paragraph == 0:
            in_paragraph, left = int(rng.integers(2, 9)), left + rng.choice([0.0, 3 * hand.x_height])
        in_paragraph -= 1
        if in_paragraph == 0:
            most = int(rng.integers(1, 6))
        _line(sheet, hand, (left, y + rng.normal(0, 0.06) * hand.pitch), sides[1], most, rng)
        y += hand.pitch * (1 if layout != "list" or rng.random() < 0.8 else 2)
        if in_paragraph == 0 and rng.random() < 0.4:
            y += hand.pitch


def _line(
    sheet: _Sheet, hand: _Hand, start: tuple[float, float], right: float, most: int, rng: np.random.Generator
) -> None:
    """Write words along a bent baseline; `most` below 0 is a number to write."""
    x, base = start
    phase, slope = rng.uniform(0, 6), hand.slope + rng.normal(0, 0.002)
    words = (
        [str(-most)] if most < 0 else [WORDS[int(i)] for i in rng.integers(len(WORDS), size=min(most, 40))]
    )
    if rng.random() < 0.15 and most == 99:
        words[int(rng.integers(3))] += ","
    sheet.lines += 1
    wrote = False
    for word in words:
        box = hand.font.getbbox(word, anchor="ls")
        wide = box[2] - box[0]
        if x + wide > right and wrote:
            break
        y = base + slope * (x - start[0]) + hand.bend * np.sin(phase + 4 * x / right)
        wrote |= _stamp(sheet, hand, word, (x, y), rng)
        x += wide + hand.gap * rng.uniform(0.7, 1.5)
    if not wrote:
        sheet.lines -= 1


def _stamp(sheet: _Sheet, hand: _Hand, word: str, at: tuple[float, float], rng: np.random.Generator) -> bool:
    """Put one word on the sheet, a little up or down and turned."""
    box = hand.font.getbbox(word, anchor="ls")
    pad = 6
    size = int(box[2] - box[0]) + 2 * pad, int(box[3] - box[1]) + 2 * pad
    if min(size) < 8:
        return False
    canvas = Image.new("L", size, 0)
    ImageDraw.Draw(canvas).text((pad - box[0], pad - box[1]), word, font=hand.font, fill=255, anchor="ls")
    turned = canvas.rotate(rng.normal(0, 8 * hand.unsteady), Image.Resampling.BILINEAR)
    mark = np.asarray(turned, np.float32) / 255
    left = int(at[0]) + int(box[0]) - pad
    top = int(at[1] + rng.normal(0, hand.unsteady) * hand.x_height) + int(box[1]) - pad
    height, width = sheet.ink.shape
    if left < 0 or top < 0 or left + size[0] > width or top + size[1] > height or mark.max() < 0.5:
        return False
    part = np.s_[top : top + size[1], left : left + size[0]]
    sheet.line[part][mark > np.maximum(sheet.ink[part], 0.3)] = sheet.lines
    np.maximum(sheet.ink[part], mark, out=sheet.ink[part])
    return True


def _paper(
    kind: str, size: tuple[int, int], hand: _Hand, first: float, rng: np.random.Generator
) -> np.ndarray:
    """The bare sheet, 0..1; rules stand where the baselines are, as people write, or elsewhere."""
    family = ("white", "white", "cream")[int(rng.integers(3))]
    page = papers.draw(family, size, 40.0, rng)
    if kind == "plain":
        return page
    height, width = size
    layer = np.zeros(size, np.uint8)
    thick = max(1, round(hand.pitch * rng.uniform(0.01, 0.035)))
    step = hand.pitch * (1.0 if kind == "ruled" else rng.choice([0.33, 0.5, 1.0]))
    inset = int(width * rng.choice([0.0, 0.0, 0.08, 0.12]))
    y = (first + rng.normal(0, 0.05) * hand.pitch) % step
    while y < height:
        cv2.line(layer, (inset, int(y * 16) // 16), (width - inset, int(y)), 255, thick, cv2.LINE_AA)
        y += step
    x = rng.uniform(0, step)
    while kind == "squared" and x < width:
        cv2.line(layer, (int(x), 0), (int(x), height), 255, thick, cv2.LINE_AA)
        x += step
    dark = rng.random() < 0.3
    colour = np.array(
        (0.3, 0.3, 0.33) if dark else ((0.55, 0.7, 0.88), (0.7, 0.7, 0.73))[int(rng.integers(2))]
    )
    cover = layer[..., None] * np.float32(rng.uniform(0.4, 1.0) / 255)
    page += (colour.astype(np.float32) - page) * cover
    if kind == "ruled" and rng.random() < 0.3:
        at = int(width * 0.1)
        cv2.line(page, (at, 0), (at, height), (0.88, 0.45, 0.5), max(1, thick), cv2.LINE_AA)
    return page


def _extras(sheet: _Sheet, paper: np.ndarray, rng: np.random.Generator) -> str:
    """Sometimes punch holes, a stain, a drawing in free room."""
    height, width = sheet.ink.shape
    said = []
    if rng.random() < 0.15:
        for share in (0.25, 0.75) if rng.random() < 0.5 else (0.12, 0.5, 0.88):
            centre = int(0.035 * width), int(share * height)
            cv2.circle(paper, centre, int(0.011 * width), (0.25, 0.22, 0.2), -1, cv2.LINE_AA)
        said.append("holes")
    if rng.random() < 0.15:
        spot = np.zeros((height, width), np.float32)
        centre = int(rng.uniform(0, width)), int(rng.uniform(0, height))
        cv2.circle(spot, centre, int(rng.uniform(0.03, 0.1) * width), 1, -1)
        paper -= cv2.blur(spot, (15, 15))[..., None] * np.array((0.1, 0.16, 0.25), np.float32)
        said.append("stain")
    if rng.random() < 0.2 and _doodle(sheet, rng):
        said.append("drawing")
    return " ".join(said)


def _doodle(sheet: _Sheet, rng: np.random.Generator) -> bool:
    """A drawing where there is room for it; its ink is of no line."""
    height, width = sheet.ink.shape
    side = int(rng.uniform(0.1, 0.25) * width)
    names = list(doodles.ICONS)
    for _ in range(20):
        left, top = int(rng.uniform(0, width - side)), int(rng.uniform(0, height - side))
        part = np.s_[top : top + side, left : left + side]
        if sheet.ink[part].any():
            continue
        mark = np.zeros((side, side), np.uint8)
        for line in doodles.icon(names[int(rng.integers(len(names)))], rng):
            points = np.round((0.1 + 0.8 * line) * side * 16).astype(np.int32)
            cv2.polylines(mark, [points.reshape(-1, 1, 2)], False, 255, max(2, width // 500), cv2.LINE_AA, 4)
        sheet.ink[part] = mark / np.float32(255)
        return True
    return False


def _photographed(
    sheet: _Sheet, paper: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, list[tuple[int, int, int, int]]]:
    """Ink on paper, bent, turned, lit and with grain; and the boxes of the lines."""
    size = sheet.ink.shape
    colour = np.array(INKS[int(rng.integers(len(INKS)))], np.float32) / 255
    scene = paper + (colour - paper) * (sheet.ink * rng.uniform(0.7, 1.0))[..., None]
    line, table = sheet.line, rng.uniform(0.15, 0.6, 3).astype(np.float32)
    if rng.random() < 0.75:
        way = _way(size, rng)
        scene = cv2.remap(
            scene, *way, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=table.tolist()
        )
        line = cv2.remap(line, *way, cv2.INTER_NEAREST, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
    scene *= lights.fall(LIGHT[int(rng.integers(len(LIGHT)))], size, rng)
    scene = cv2.GaussianBlur(scene, (0, 0), rng.uniform(0.3, 1.1))
    scene += papers.noise(size, 1, rng)[..., None] * np.float32(rng.uniform(0, 0.02))
    rgb = np.clip(scene * 255, 0, 255).astype(np.uint8)
    boxes = []
    for number in range(1, sheet.lines + 1):
        rows, columns = np.flatnonzero((line == number).any(1)), np.flatnonzero((line == number).any(0))
        if len(rows):
            boxes.append((int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1))
    return rgb, boxes


def _way(size: tuple[int, int], rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Where each pixel of the photo is on the sheet: turned, in perspective, curled; nearly filling it."""
    height, width = size
    turn = np.deg2rad(rng.uniform(-9, 9) if rng.random() < 0.5 else rng.normal(0, 1.5))
    zoom = 1 + abs(np.sin(turn)) * 1.1 if rng.random() < 0.7 else rng.uniform(1.0, 1.15)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    u, v = (x - width / 2) * zoom, (y - height / 2) * zoom
    far = 1 + rng.normal(0, 0.04) * v / height + rng.normal(0, 0.03) * u / width
    u, v = u / far, v / far
    curl = rng.normal(0, 0.004) * height * np.sin(np.pi * (u / width + rng.uniform(0, 1)))
    along = np.cos(turn) * u + np.sin(turn) * v + width / 2
    down = -np.sin(turn) * u + np.cos(turn) * v + height / 2 + curl
    return along.astype(np.float32), down.astype(np.float32)
