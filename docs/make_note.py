"""Draw docs/images/note-read.jpg: a page of notes, the lines found on it, and what was read.

The page itself, docs/images/note.jpg, is written with one of the handwriting fonts (OFL-1.1) by the simulator
of this project: `INKREAD_DATA=... .venv/bin/python docs/make_note.py --draw` writes it anew. Without `--draw`
the page stays, and is read again: run this after a change of the model `lines`.

What is read is shown as it is, mistakes and all: words under review that are less than 90 % sure in amber,
refused lines in red.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import cv2
import numpy as np
from make_images import CARD, FINE, ROOT, STATUS, WORD, compose, font
from PIL import Image, ImageDraw

import inkread
from inkread.outputs.layout import words
from inkread.outputs.markdown import UNSURE
from inkread.synth import lights, papers, strokes
from inkread.synth.faces import Faces
from inkread.synth.writing import sample_hand, write

PAGE = ROOT / "docs" / "images" / "note.jpg"
PICTURE = ROOT / "docs" / "images" / "note-read.jpg"
WIDE = 620 * FINE
"""Pixels of a panel, before all is shrunk."""

FONT, SEED = "nothing-you-could-do", 3
TEXT = (
    "Sunday evening",
    "",
    "Dear Nora,",
    "the garden is waking up at last. We planted",
    "two rows of beans, and the old apple tree",
    "is full of buds. Bring your boots when you",
    "come on Friday, and we will walk around",
    "the lake after lunch.",
    "",
    "With love from all of us, Tom",
)
SIZE, PITCH, FIRST, LEFT = (1000, 1240), 84, 120, 90
"""Height and width of the page, from one line to the next, and where the first one stands."""
INK = (0.10, 0.14, 0.42)
TABLE = (0.42, 0.33, 0.26)


def main(argv: list[str]) -> int:
    """Read the page, and draw what came of it."""
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    if "--draw" in argv or not PAGE.is_file():
        Image.fromarray(drawn(Path(os.environ["INKREAD_DATA"]))).save(PAGE, quality=88)
    page = inkread.read(PAGE, kind="note")
    photo = Image.open(PAGE).convert("RGB")
    photo = photo.resize((WIDE, round(WIDE * photo.height / photo.width)), Image.Resampling.LANCZOS)
    panels = [("a page", photo), ("its lines", lined(photo, page)), ("what they say", told(photo.size, page))]
    compose(panels).save(PICTURE, quality=88, optimize=True)
    print(f"wrote {PICTURE.relative_to(ROOT)}:\n{page.text}")
    return 0


def drawn(root: Path) -> np.ndarray:
    """Write the page, and photograph it, uint8 `(height, width, 3)`."""
    rng = np.random.default_rng(SEED)
    every = (*Faces.load(root).faces, *Faces.load(root, held_out=True).faces)
    face = next(face for face in every if face.name == FONT)
    hand = sample_hand(rng)
    paper = papers.draw("white", SIZE, 40.0, rng)
    ink = np.zeros(SIZE, np.float32)
    for row, text in enumerate(TEXT):
        base = FIRST + PITCH * row
        cv2.line(paper, (0, base), (SIZE[1], base), (0.62, 0.72, 0.86), 2, cv2.LINE_AA)
        if text:
            press(ink, strokes.inked(write(text, face, hand, rng), np.random.default_rng(SEED)), base)
    scene = paper + (np.array(INK, np.float32) - paper) * (0.9 * ink)[..., None]
    high, wide = SIZE
    corners = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32)
    lain = np.array([(40, 26), (wide - 22, 12), (wide - 44, high - 24), (16, high - 40)], np.float32)
    turn = cv2.getPerspectiveTransform(corners, lain)
    scene = cv2.warpPerspective(scene, turn, (wide, high), flags=cv2.INTER_AREA, borderValue=TABLE)
    scene = cv2.GaussianBlur(scene * lights.fall("gradient", SIZE, rng), (0, 0), 0.7)
    scene += rng.normal(0, 0.012, (*SIZE, 1)).astype(np.float32)
    return np.asarray(np.clip(scene * 255, 0, 255), np.uint8)


def press(ink: np.ndarray, line: np.ndarray, base: int) -> None:
    """Put a line on the page, its letters on the rule: their feet are the lowest row with much ink."""
    rows = cv2.blur(line.sum(1).reshape(-1, 1), (1, 3)).ravel()
    top = base - int(np.flatnonzero(rows >= 0.45 * rows.max())[-1])
    part = ink[top : top + len(line), LEFT : LEFT + line.shape[1]]
    np.maximum(part, line[: part.shape[0], : part.shape[1]], out=part)


def lined(photo: Image.Image, page: inkread.Page) -> Image.Image:
    """The page, washed out, with the outline and the baseline of each line in the colour of its status."""
    image = Image.blend(photo, Image.new("RGB", photo.size, CARD), 0.35)
    draw = ImageDraw.Draw(image)
    scale = photo.width / page.width
    for reading in page:
        for path, thick in ((reading.polygon or (), 3), (reading.baseline or (), 2)):
            points = [(x * scale, y * scale) for x, y in path]
            closed = points[:1] if path is reading.polygon else []
            if points:
                draw.line(points + closed, STATUS[reading.status], thick * FINE // 2, joint="curve")
    return image


def told(size: tuple[int, int], page: inkread.Page) -> Image.Image:
    """The text, each line about where it stands on the page."""
    image = Image.new("RGB", size, CARD)
    draw = ImageDraw.Draw(image)
    scale, face = size[0] / page.width, font(26 * FINE)
    for reading in page:
        if reading.box is None:
            continue
        middle = scale * (reading.box.top + reading.box.bottom) / 2
        x = scale * reading.box.left
        for word in words(reading):
            is_unsure = reading.status == "review" and word.confidence < UNSURE
            draw.text((x, middle), word.text, STATUS["review"] if is_unsure else WORD, face, anchor="lm")
            x += draw.textlength(f"{word.text} ", font=face)
        if not reading.text:
            draw.text((x, middle), f"({reading.status})", STATUS["refused"], face, anchor="lm")
    return image


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
