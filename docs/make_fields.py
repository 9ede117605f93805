"""Draw docs/images/fields.jpg: a ZIP in the boxes of a form, from the photo to the answer.

The photo, docs/images/zip.jpg, is simulated; the hand is one of MNIST's test writers, whom no model has seen:
`INKREAD_DATA=... .venv/bin/python docs/make_fields.py --draw` draws it anew. Without `--draw` the photo stays
and is read again: run this after a change of the model `fields`. All but the photo is what the package did.
"""

from __future__ import annotations

import sys

import numpy as np
from make_images import CARD, FAINT, FINE, ROOT, STATUS, WORD, compose, font
from PIL import Image, ImageDraw

import inkread
from inkread.data import fieldpools
from inkread.imaging.load import pages
from inkread.imaging.pen_shade import pen_shade
from inkread.imaging.strips import strip
from inkread.readers.field import FieldTrace
from inkread.readers.text import SeenLine
from inkread.synth import fieldscenes
from inkread.synth.fieldscenes import Order
from inkread.types import Page

PHOTO = ROOT / "docs" / "images" / "zip.jpg"
PICTURE = ROOT / "docs" / "images" / "fields.jpg"
WIDE = 520 * FINE
"""Pixels of a panel, before all is shrunk."""
ZIP, SEED = "02139", 8


def main(argv: list[str]) -> int:
    """Read the photo, and draw what came of it."""
    if "--draw" in argv or not PHOTO.is_file():
        order = Order(texts=(ZIP,), form="boxes", struck=False, touching=False, source="mnist")
        scene = fieldscenes.render(np.random.default_rng(SEED), fieldpools.hands("test"), order)
        Image.fromarray(scene.rgb).save(PHOTO, quality=92)
    page, trace = next(inkread.Reader("field", format="us_zip").trace(PHOTO))
    if not isinstance(trace, FieldTrace):
        raise SystemExit(f"{PHOTO.name} was read as {trace.kind}; expected a field")
    rgb = next(pages(PHOTO)).rgb
    (row,) = fieldpools.learned_rows(rgb)
    cut = strip(row.ink)
    panels = [
        ("the photo", photo(page)),
        ("its ink, without the form", drawn(cut.ink)),
        ("the shade of the pen", parted(pen_shade(rgb, row.to_picture, cut), trace.seen[0])),
        ("what it is taken for", told(page)),
    ]
    compose(panels).save(PICTURE, quality=90, optimize=True)
    best = page.readings[0]
    print(f"wrote {PICTURE.relative_to(ROOT)}: {best.guess}, {best.confidence:.3f}, {best.status}")
    return 0


def fitted(image: Image.Image) -> Image.Image:
    """A picture as wide as a panel."""
    return image.resize((WIDE, round(WIDE * image.height / image.width)), Image.Resampling.BICUBIC)


def photo(page: Page) -> Image.Image:
    """The photo with the box of its row."""
    image = fitted(Image.open(PHOTO).convert("RGB"))
    scale = image.width / page.width
    box = page.readings[0].box
    if box is not None:
        corners = [scale * v for v in (box.left, box.top, box.right, box.bottom)]
        ImageDraw.Draw(image).rectangle(corners, outline=STATUS[page.readings[0].status], width=2 * FINE)
    return image


def drawn(ink: np.ndarray) -> Image.Image:
    """A strip that the network was given, dark on light."""
    return fitted(Image.fromarray(np.rint(255 * (1 - ink)).astype(np.uint8)).convert("RGB"))


def parted(ink: np.ndarray, seen: SeenLine) -> Image.Image:
    """A strip, with the places between the characters that were read in it."""
    image = drawn(ink)
    draw, scale = ImageDraw.Draw(image), image.width / seen.strip.shape[1]
    for edge in seen.edges:
        draw.line((edge * scale, 0, edge * scale, image.height), STATUS["accepted"], FINE)
    return image


def told(page: Page) -> Image.Image:
    """The answer, how sure it is, and the other ways to read the row."""
    best = page.readings[0]
    lines: list[tuple[str, int, tuple[int, int, int]]] = [(best.status, 30, STATUS[best.status])]
    lines += [(f"{a.text}   {a.confidence:.1%}", 26, FAINT) for a in best.alternatives[1:4]]
    image = Image.new("RGB", (WIDE, (150 + 44 * len(lines)) * FINE), CARD)
    draw = ImageDraw.Draw(image)
    draw.text((28 * FINE, 20 * FINE), best.guess, WORD, font(72 * FINE))
    draw.text((WIDE - 28 * FINE, 50 * FINE), f"{best.confidence:.1%}", WORD, font(36 * FINE), anchor="ra")
    for number, (line, size, colour) in enumerate(lines):
        draw.text((28 * FINE, (126 + 44 * number) * FINE), line, colour, font(size * FINE))
    return image


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
