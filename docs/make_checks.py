"""Draw docs/images/check.jpg, the way of an amount from the photo of a check to its two readings.

    INKREAD_DATA=... python docs/make_checks.py [--seed 5]

The check is drawn by `inkread.synth.checks`; everything else in the picture is what the package does with it.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

import inkread
from inkread.data import fieldpools
from inkread.imaging.check_layout import CheckLayout, find_check
from inkread.imaging.check_words import without_rule, words_ink
from inkread.imaging.field_rows import find_rows
from inkread.synth.checks import Writers, render

TARGET = Path(__file__).parent / "images" / "check.jpg"
PANEL, GAP, TITLE = 720, 20, 30
GROUND, WORD = (250, 249, 246), (38, 42, 54)
COLOURS = {
    "date": (120, 120, 120),
    "payee": (28, 138, 84),
    "courtesy": (170, 60, 170),
    "legal": (40, 80, 200),
}


def panel(title: str, picture: Image.Image) -> Image.Image:
    """A picture under its title."""
    factor = PANEL / picture.width
    size = PANEL, max(1, round(picture.height * factor))
    small = picture.resize(size, Image.Resampling.BOX if factor < 1 else Image.Resampling.BICUBIC)
    sheet = Image.new("RGB", (PANEL, size[1] + TITLE), GROUND)
    sheet.paste(small, (0, TITLE))
    ImageDraw.Draw(sheet).text((0, 3), title, WORD, ImageFont.load_default(18))
    return sheet


def places(layout: CheckLayout) -> Image.Image:
    """The check laid flat, with the places that its rules tell."""
    picture = Image.fromarray(layout.flat.rgb)
    draw = ImageDraw.Draw(picture)
    for name, place in layout.places.items():
        draw.rectangle(place, outline=COLOURS[name], width=max(2, picture.width // 300))
    return picture


def inks(layout: CheckLayout) -> tuple[Image.Image, Image.Image]:
    """What is left of the figures and of the words once all print is gone."""
    crops = {}
    for name in ("courtesy", "legal"):
        left, top, right, bottom = (round(v) for v in layout.places[name])
        crops[name] = np.ascontiguousarray(layout.flat.rgb[top:bottom, left:right])
    crop = crops["courtesy"]
    if "courtesy" in layout.rules:
        off = layout.rules["courtesy"] - round(layout.places["courtesy"][1])
        crop = without_rule(crop, off, layout.pitch)
    rows = find_rows(crop)
    figures = max(rows, key=lambda row: float(row.ink.sum())).ink if rows else np.zeros((20, 200))
    top = round(layout.places["legal"][1])
    words = words_ink(crops["legal"], layout.rules["legal"] - top, layout.pitch)
    wide = np.zeros((figures.shape[0], max(figures.shape[1], 8 * figures.shape[0])))
    wide[:, : figures.shape[1]] = figures
    return _drawn(wide), _drawn(words)


def _drawn(ink: np.ndarray) -> Image.Image:
    """Ink, 0..1, as black on white."""
    return Image.fromarray((255 - 255 * ink).astype(np.uint8)).convert("RGB")


def main() -> None:
    """Draw the picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--output", type=Path, default=TARGET)
    asked = parser.parse_args()
    check = render(np.random.default_rng(asked.seed), Writers(fieldpools.hands("test"), 1))
    layout = find_check(check.rgb)
    if layout is None:
        raise SystemExit("no check was found on this one; take another --seed")
    page = inkread.read(check.rgb, kind="check")
    figures, words = inks(layout)
    told = [
        f"figures alone: {page['courtesy'].text}",
        f"words alone: {page['legal'].text}",
        f"amount: {page['amount'].text}, {page['amount'].status} ({page['amount'].confidence:.1%})",
    ]
    panels = [
        panel("the photo", Image.fromarray(check.rgb)),
        panel("flat, its places known by its rules", places(layout)),
        panel(told[0], figures),
        panel(told[1], words),
        panel(told[2], Image.new("RGB", (PANEL, 4), GROUND)),
    ]
    height = sum(one.height + GAP for one in panels) + GAP
    sheet = Image.new("RGB", (PANEL + 2 * GAP, height), GROUND)
    y = GAP
    for one in panels:
        sheet.paste(one, (GAP, y))
        y += one.height + GAP
    asked.output.parent.mkdir(exist_ok=True)
    sheet.save(asked.output, quality=88)
    print(asked.output)


if __name__ == "__main__":
    main()
