"""Masks of line icons and of other scripts' letters, for the rejects that training of `digits` sees.

    npm install --ignore-scripts lucide-static bootstrap-icons @phosphor-icons/core iconoir ionicons \
        boxicons @primer/octicons @carbon/icons teenyicons jam-icons @fontsource/noto-sans-{tamil,...}
    python -m pip install resvg-py
    python tools/strangers.py node_modules -o "$INKREAD_DATA/strangers.npz"

Every icon set and every `@fontsource/noto-sans-*` found is taken, but for the scripts and the set (Tabler)
that benchmarks/rejects.py measures on. Names that say digit, letter or a digit's own shape are left out, and
of each script its digits and what the shipped model reads with certainty, which is a digit's shape (a ring, a
stroke, a 3). Without the file training goes on without these sources.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

import inkread
from inkread.decode.confidence import softmax
from inkread.runtime import recognizer

SIDE = 96
SETS = {
    "lucide": "lucide-static/icons/*.svg",
    "bootstrap": "bootstrap-icons/icons/*.svg",
    "phosphor": "@phosphor-icons/core/assets/light/*.svg",
    "iconoir": "iconoir/icons/regular/*.svg",
    "ionicons": "ionicons/dist/svg/*-outline.svg",
    "octicons": "@primer/octicons/build/svg/*-24.svg",
    "carbon": "@carbon/icons/svg/32/*.svg",
    "boxicons": "boxicons/svg/regular/*.svg",
    "teenyicons": "teenyicons/outline/*.svg",
    "jam": "jam-icons/svg/*.svg",
}
MEASURED_ON = {"hebrew", "devanagari", "thai", "georgian", "arabic", "latin"}
PER_SCRIPT = 90
CERTAIN = 0.95
"""A letter that the shipped model reads as a digit with more than this is drawn as that digit is."""
TELLING = re.compile(
    r"\b(letters?|numbers?|numeric|one|two|three|four|five|six|seven|eight|nine|zero|alphabet|abc|az|za|text"
    r"|type|typography|quotes?|currency|dollar|math|hash|hours|badge|dice|counter|clock|hd|infinity|italic"
    r"|bold|underline|font|case|calendar|character|caution|logo|roman|translate|language)\b"
)
"""Words of names that say a digit or a letter is shown, or may be."""
ENDINGS = re.compile(r"^bx-|-(light|outline|24)$")
"""What a set's file names say of the drawing, not of what is drawn."""
SHAPES = re.compile(
    r"(circle|oval|ellipse|line|slash|dash|minus|dot|record|pipe|vr|egg|divide|chevron|caret| )+"
)
"""Names of nothing but a digit's own shape."""


def icons(folder: Path) -> Iterator[tuple[str, str, np.ndarray]]:
    """(set, name, mask) of every icon that shows no digit."""
    import resvg_py

    for source, pattern in SETS.items():
        files = [file for file in sorted(folder.glob(pattern)) if not _tells(file.stem)]
        if not files:
            print(f"no icons of {source} at {pattern}; npm install it", file=sys.stderr)
        for file in files:
            svg = file.read_text(encoding="utf-8").replace("currentColor", "black")
            png = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=SIDE, background="white"))
            grey = np.asarray(Image.open(io.BytesIO(png)).convert("L"))
            yield f"drawing-{source}", file.stem, _trimmed(255 - grey)


def _tells(name: str) -> bool:
    name = ENDINGS.sub("", name)
    words = re.sub(r"[-_]+", " ", name).lower()
    return any(c.isdigit() for c in name) or bool(TELLING.search(words) or SHAPES.fullmatch(words))


def glyphs(folder: Path) -> Iterator[tuple[str, str, np.ndarray]]:
    """(script, letter, mask) of the letters of every script at hand."""
    for package in sorted((folder / "@fontsource").glob("noto-sans-*")):
        script = package.name.removeprefix("noto-sans-")
        if script in MEASURED_ON:
            continue
        found: dict[str, np.ndarray] = {}
        for file in sorted(package.glob("files/*-400-normal.woff")):
            if "-latin" not in file.stem and len(found) < 4 * PER_SCRIPT:
                found |= dict(_of_font(file))
        found = {letter: mask for letter, mask in found.items() if not _is_digit_shaped(mask)}
        rows = np.random.default_rng(1).permutation(len(found))[:PER_SCRIPT]
        letters = sorted(found)
        yield from ((f"glyph-{script}", letters[i], found[letters[i]]) for i in sorted(rows))


def _is_digit_shaped(mask: np.ndarray) -> bool:
    picture = inkread.normalize(np.pad(255 - mask, SIDE // 2, constant_values=255))
    logits = recognizer.load("digits").logits(picture[None])
    return float(softmax(logits)[0, :10].max()) > CERTAIN


def _of_font(file: Path) -> Iterator[tuple[str, np.ndarray]]:
    """The letters that a font draws."""
    from fontTools.ttLib import TTFont

    table = TTFont(file).getBestCmap()
    font = ImageFont.truetype(str(file), SIDE)
    for code in sorted(table):
        letter = chr(code)
        if unicodedata.category(letter) not in ("Lo", "Lu", "Ll") or code < 0x250:
            continue
        left, top, right, bottom = (int(side) for side in font.getbbox(letter))
        if right - left < 8 or bottom - top < 8:
            continue
        page = Image.new("L", (right - left + 4, bottom - top + 4))
        ImageDraw.Draw(page).text((2 - left, 2 - top), letter, font=font, fill=255)
        yield letter, _trimmed(np.asarray(page))


def _trimmed(mask: np.ndarray) -> np.ndarray:
    """The inked box, its longer side `SIDE` pixels, in the corner of a square."""
    rows, columns = np.flatnonzero(mask.max(1) > 60), np.flatnonzero(mask.max(0) > 60)
    square = np.zeros((SIDE, SIDE), np.uint8)
    if rows.size and columns.size:
        mask = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        scale = SIDE / max(mask.shape)
        size = (max(1, round(mask.shape[1] * scale)), max(1, round(mask.shape[0] * scale)))
        mask = cv2.resize(mask, size, interpolation=cv2.INTER_AREA)
        square[: mask.shape[0], : mask.shape[1]] = mask
    return square


def main() -> None:
    """Gather and write."""
    parser = argparse.ArgumentParser(description="Masks of what is no digit, for training.")
    parser.add_argument("modules", type=Path, help="the node_modules folder")
    parser.add_argument("-o", "--output", type=Path, required=True)
    asked = parser.parse_args()
    made = [row for row in (*icons(asked.modules), *glyphs(asked.modules)) if row[2].any()]
    sources, names, masks = zip(*made, strict=True)
    np.savez_compressed(
        asked.output, images=np.stack(masks), sources=np.array(sources), names=np.array(names)
    )
    for source in sorted(set(sources)):
        print(f"{source}\t{sources.count(source)}")


if __name__ == "__main__":
    main()
