"""Draw docs/images/hero.png, the README's first picture: a photo, its ink, the boxes, the text.

Everything in it is what the package really did with one of the example pictures; run this again after a
change of the imaging or the model: `.venv/bin/python docs/make_images.py [PICTURE]`. Without a name it takes
the example with the most digits.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

import inkread
from inkread.imaging import ink, load

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "examples" / "pictures"
HERO = ROOT / "docs" / "images" / "hero.png"

FINE = 2
"""Everything is drawn this many times too large and then shrunk, so that edges come out smooth."""
PANEL, GAP, EDGE, TITLE = 370 * FINE, 44 * FINE, 22 * FINE, 50 * FINE
GROUND, CARD, WORD, FAINT = (250, 249, 246), (255, 255, 255), (38, 42, 54), (128, 132, 144)
STATUS = {
    "accepted": (28, 138, 84),
    "review": (200, 122, 12),
    "refused": (196, 52, 52),
    "failed": (120, 120, 120),
}

Colour = tuple[int, int, int]


def main(argv: list[str]) -> int:
    """Draw the hero picture of the example named, or of the one with the most digits."""
    path = Path(argv[0]) if argv else richest()
    page = inkread.read(path)
    picture = next(iter(load.pages(path)))
    photo = fit(Image.fromarray(picture.rgb))
    scale = photo.width / page.width
    darkness = ink.extract(picture.rgb).ink
    inked = fit(Image.fromarray((255 - 255 * np.clip(darkness, 0, 1)).astype(np.uint8)).convert("RGB"))
    panels = [
        ("photo", photo),
        ("ink", inked),
        ("boxes", boxed(photo, page, scale)),
        ("text", told(photo.size, page)),
    ]
    HERO.parent.mkdir(parents=True, exist_ok=True)
    compose(panels).save(HERO, optimize=True)
    print(f"wrote {HERO.relative_to(ROOT)}: {' '.join(page.text.split())}")
    return 0


def richest() -> Path:
    """The example picture that shows the most digits."""
    with (PICTURES / "labels.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return PICTURES / max(rows, key=lambda row: len(row["label"]))["file"]


def fit(image: Image.Image) -> Image.Image:
    """Scale a picture to the width of a panel, or to one and a half times that height where it is tall."""
    scale = min(PANEL / image.width, 1.5 * PANEL / image.height)
    size = (round(image.width * scale), round(image.height * scale))
    return image.resize(size, Image.Resampling.LANCZOS)


def boxed(photo: Image.Image, page: inkread.Page, scale: float) -> Image.Image:
    """Draw the photo, washed out, with a box around each reading in the colour of its status."""
    image = Image.blend(photo, Image.new("RGB", photo.size, (255, 255, 255)), 0.35)
    draw = ImageDraw.Draw(image)
    for reading in page:
        if reading.box is None:
            continue
        colour = STATUS[reading.status]
        left, top, right, bottom = (round(v * scale) for v in reading.box.to_list())
        pad = 7 * FINE
        frame = (left - pad, top - pad, right + pad, bottom + pad)
        draw.rounded_rectangle(frame, 6 * FINE, outline=colour, width=3 * FINE)
        label(draw, (frame[0], frame[1]), reading.text or "?", colour)
    return image


def label(draw: ImageDraw.ImageDraw, corner: tuple[int, int], text: str, colour: Colour) -> None:
    """Write the text on a small flag that stands on the upper left corner of its box."""
    size = 24 * FINE
    tall = size + 8 * FINE
    left, bottom = corner[0], max(corner[1], tall)
    wide = round(draw.textlength(text, font=font(size))) + 14 * FINE
    draw.rounded_rectangle((left, bottom - tall, left + wide, bottom), 5 * FINE, fill=colour)
    draw.text((left + wide / 2, bottom - tall / 2), text, (255, 255, 255), font(size), anchor="mm")


def told(size: tuple[int, int], page: inkread.Page) -> Image.Image:
    """List the readings: the text large, the status and the confidence beside it."""
    image = Image.new("RGB", size, CARD)
    draw = ImageDraw.Draw(image)
    readings = page.readings[:8]
    step = min(size[1] / (len(readings) + 0.4), 84 * FINE)
    top = (size[1] - step * len(readings)) / 2
    for row, reading in enumerate(readings):
        middle = top + (row + 0.5) * step
        large, small = round(step * 0.72), round(min(step * 0.45, 25 * FINE))
        draw.text((size[0] * 0.13, middle), reading.text or "–", WORD, font(large), anchor="lm")
        draw.text((size[0] * 0.32, middle), reading.status, STATUS[reading.status], font(small), anchor="lm")
        draw.text((size[0] * 0.92, middle), f"{reading.confidence:.3f}", FAINT, font(small), anchor="rm")
        if row:
            y = middle - step / 2
            draw.line((size[0] * 0.08, y, size[0] * 0.92, y), (232, 231, 227), FINE)
    return image


def compose(panels: list[tuple[str, Image.Image]]) -> Image.Image:
    """Set the panels in a row, each under its name, with an arrow from one to the next."""
    tall = max(image.height for _, image in panels)
    wide = sum(image.width for _, image in panels) + GAP * (len(panels) - 1)
    sheet = Image.new("RGB", (wide + 2 * EDGE, tall + TITLE + 2 * EDGE), GROUND)
    draw = ImageDraw.Draw(sheet)
    left = EDGE
    for number, (name, image) in enumerate(panels):
        top = EDGE + TITLE + (tall - image.height) // 2
        draw.text((left, EDGE), f"{number + 1}  {name}", WORD, font(30 * FINE), anchor="la")
        mask = Image.new("L", image.size, 0)
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, image.width - 1, image.height - 1), 12 * FINE, fill=255)
        sheet.paste(image, (left, top), mask)
        outline = (left, top, left + image.width - 1, top + image.height - 1)
        draw.rounded_rectangle(outline, 12 * FINE, outline=(222, 220, 214), width=FINE)
        left += image.width
        if number + 1 < len(panels):
            arrow(draw, left + GAP // 2, EDGE + TITLE + tall // 2)
        left += GAP
    return sheet.resize((sheet.width // FINE, sheet.height // FINE), Image.Resampling.LANCZOS)


def arrow(draw: ImageDraw.ImageDraw, x: int, y: int) -> None:
    """Draw a small arrow to the right, its middle at (x, y)."""
    half, head = 13 * FINE, 8 * FINE
    draw.line((x - half, y, x + half - head // 2, y), FAINT, 3 * FINE)
    draw.polygon([(x + half, y), (x + half - head, y - head), (x + half - head, y + head)], FAINT)


def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Pillow's own scalable face, so that the picture comes out the same on every machine."""
    return ImageFont.load_default(size)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
