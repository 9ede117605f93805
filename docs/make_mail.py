"""Draw docs/images/mail.jpg, the way of a ZIP from the photo to the strip that the network reads.

    INKREAD_DATA=... python docs/make_mail.py [--seed 12]

The piece is drawn by `inkread.synth.mail`; everything else in the picture is what the package does with it.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from inkread.data import sources
from inkread.imaging import mail_strokes
from inkread.imaging.address_block import AddressBlock, find_blocks
from inkread.imaging.field_rows import find_rows
from inkread.imaging.line_ends import line_ends
from inkread.imaging.load import pages
from inkread.imaging.page_ink import page_ink
from inkread.imaging.strips import strip
from inkread.imaging.textlines import cut
from inkread.synth import mail

TARGET = Path(__file__).parent / "images" / "mail.jpg"
PANEL, GAP, TITLE, TALL = 560, 24, 34, 330
GROUND, WORD = (250, 249, 246), (38, 42, 54)
BLUE, GREEN, PURPLE = (40, 80, 200), (28, 138, 84), (170, 60, 170)


def panel(title: str, picture: Image.Image) -> Image.Image:
    """A picture under its title."""
    factor = min(PANEL / picture.width, (TALL - TITLE) / picture.height)
    small = picture.resize(
        (round(picture.width * factor), round(picture.height * factor)), Image.Resampling.BOX
    )
    sheet = Image.new("RGB", (PANEL, TALL), GROUND)
    sheet.paste(small, (0, TITLE))
    ImageDraw.Draw(sheet).text((0, 4), title, WORD, ImageFont.load_default(20))
    return sheet


def apart(block: AddressBlock) -> Image.Image:
    """The piece laid flat: what may be letters in green, what is a stamp or a postmark in purple."""
    picture = Image.fromarray(block.flat.rgb)
    draw = ImageDraw.Draw(picture)
    seen = mail_strokes.strokes(page_ink(block.flat.rgb).ink, block.flat.rgb)
    for box in seen.boxes.tolist():
        draw.rectangle(box, outline=GREEN, width=2)
    for box in seen.large.tolist():
        draw.rectangle(box, outline=PURPLE, width=5)
    return picture


def address(block: AddressBlock) -> Image.Image:
    """The address with the outlines of its lines."""
    picture = Image.fromarray(block.flat.rgb)
    draw = ImageDraw.Draw(picture)
    for line in block.lines:
        draw.line([*line.polygon, line.polygon[0]], fill=GREEN, width=3)
    draw.rectangle(block.box, outline=BLUE, width=4)
    return picture


def ends(block: AddressBlock) -> Image.Image:
    """What may be the ZIP of the last line, as the network would see it."""
    row = max(find_rows(cut(block.flat.rgb, block.lines[-1])[0]), key=lambda r: r.ink.shape[1])
    strips = [strip(end.ink).ink for end in line_ends(row.ink)]
    sheet = np.ones((50 * len(strips), max(s.shape[1] for s in strips) + 10), np.float32)
    for k, shown in enumerate(strips):
        sheet[50 * k + 5 : 50 * k + 45, : shown.shape[1]] = 1 - shown
    return Image.fromarray((255 * sheet).astype(np.uint8)).convert("RGB")


def main() -> None:
    """Draw one piece, find its address, and write the four steps."""
    parser = argparse.ArgumentParser(description="Draws docs/images/mail.jpg.")
    parser.add_argument("--seed", type=int, default=12)
    folder = sources.data_folder()
    if folder is None:
        raise SystemExit("set INKREAD_DATA to the folder that holds fonts/")
    images, labels = sources.mnist("test")
    bank = mail.Bank.load(folder, images, labels, sources.mnist_writers("test"), held_out=True)
    piece = mail.render(np.random.default_rng(parser.parse_args().seed), bank)
    block = next(find_blocks(next(pages(piece.rgb)).rgb))
    steps = (
        ("1  the photo", Image.fromarray(piece.rgb)),
        ("2  laid flat; letters, and what is none", apart(block)),
        ("3  the address and its lines", address(block)),
        ("4  what may be the ZIP, as the network sees it", ends(block)),
    )
    sheet = Image.new("RGB", (2 * PANEL + 3 * GAP, 2 * TALL + 3 * GAP), GROUND)
    for k, (title, picture) in enumerate(steps):
        sheet.paste(panel(title, picture), (GAP + k % 2 * (PANEL + GAP), GAP + k // 2 * (TALL + GAP)))
    sheet.save(TARGET, quality=85)
    print(TARGET)


if __name__ == "__main__":
    main()
