"""How much that is no digit is accepted as one? Prints one JSON object.

    python -m pip install scikit-image resvg-py
    npm install @tabler/icons @fontsource/noto-sans-{hebrew,devanagari,thai,georgian,arabic}
    INKREAD_DATA=... python benchmarks/rejects.py [--model digits] [--n 300]

Sources that no training saw, each at most `--n` pictures, chosen by a fixed seed, read at a target error of
0.01: photos and crops of them (scikit-image's samples, without the two that show text), line icons drawn with
a pen (Tabler; without those that show digits, letters or a digit's own shape), letters of other scripts
(Noto; digits left out, and the letters listed in DIGIT_SHAPED, which are a digit's shape), and noise,
gratings, blots, scribbles. A picture counts as accepted where any reading of it is. Beside them, handwritten
Latin letters other than those of a digit's shape, the last ten of each class of hnd62
(`INKREAD_DATA/characters/hnd62.npz`), which no training saw.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from _scenes import grain, need, paint
from PIL import Image, ImageDraw, ImageFont

import inkread

PHOTOS_WITH_TEXT = ("page", "text", "multipage", "multipage_rgb", "clock_motion")
ICON_WORDS = frozenset(
    [
        "letter",
        "number",
        "alphabet",
        "abc",
        "text",
        "typography",
        "quote",
        "quotes",
        "currency",
        "math",
        "brand",
        "hours",
    ]
)
ICON_SHAPES = frozenset(
    ["circle", "oval", "oval-vertical", "line", "slash", "minus-vertical", "italic", "bold", "infinity"]
)
SCRIPTS = {
    "hebrew": (0x05D0, 0x05EA),
    "devanagari": (0x0905, 0x0939),
    "thai": (0x0E01, 0x0E2E),
    "georgian": (0x10D0, 0x10F0),
    "arabic": (0x0627, 0x064A),
}
DIGIT_SHAPED = "וןזיסםרדاأإآىهةرธงยउठვ"
"""Letters that are drawn as a digit is: a stroke (1), a ring (0), a hook (7), a 3, a 5 or a 9."""
LATIN_DIGIT_SHAPED = "OoDQIilLSsZzBbGgqTtJYyh"


def photos(n: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Whole sample photos, and crops of them."""
    data = need("skimage.data", "python -m pip install scikit-image")
    folder = Path(str(data.__file__)).parent
    files = sorted(
        p for p in folder.iterdir() if p.suffix in (".png", ".jpg") and p.stem not in PHOTOS_WITH_TEXT
    )
    for i in range(n):
        rgb = np.asarray(Image.open(files[i % len(files)]).convert("RGB"))
        if i < len(files):
            yield rgb
            continue
        side = rng.integers(40, 1 + min(400, *rgb.shape[:2]), 2)
        y, x = (
            int(rng.integers(0, 1 + whole - part)) for whole, part in zip(rgb.shape[:2], side, strict=True)
        )
        yield rgb[y : y + side[0], x : x + side[1]]


def icons(n: int, rng: np.random.Generator, modules: Path) -> Iterator[np.ndarray]:
    """Line icons as if drawn with a pen on paper."""
    resvg = need("resvg_py", "python -m pip install resvg-py")
    folder = modules / "@tabler" / "icons" / "icons" / "outline"
    files = sorted(p for p in folder.glob("*.svg") if not _shows_text(p.stem))
    if not files:
        sys.exit(f"this benchmark needs icons. Run: npm install --prefix {modules.parent} @tabler/icons")
    for i in rng.choice(len(files), size=min(n, len(files)), replace=False):
        svg = files[i].read_text(encoding="utf-8").replace("currentColor", "black")
        png = bytes(resvg.svg_to_bytes(svg_string=svg, width=int(rng.integers(60, 240)), background="white"))
        yield _drawn(np.asarray(Image.open(io.BytesIO(png)).convert("L")), rng)


def _shows_text(name: str) -> bool:
    return any(c.isdigit() for c in name) or name in ICON_SHAPES or not ICON_WORDS.isdisjoint(name.split("-"))


def scripts(n: int, rng: np.random.Generator, modules: Path) -> Iterator[np.ndarray]:
    """Letters of other scripts, printed in ink on paper."""
    letters = []
    for script, (first, last) in SCRIPTS.items():
        name = f"noto-sans-{script}"
        file = modules / "@fontsource" / name / "files" / f"{name}-{script}-400-normal.woff"
        if not file.is_file():
            sys.exit(
                f"this benchmark needs {name}. Run: npm install --prefix {modules.parent} @fontsource/{name}"
            )
        letters += [(file, chr(c)) for c in range(first, last + 1) if unicodedata.category(chr(c)) == "Lo"]
    letters = [(file, letter) for file, letter in letters if letter not in DIGIT_SHAPED]
    for i in rng.choice(len(letters), size=min(n, len(letters)), replace=False):
        file, letter = letters[i]
        font = ImageFont.truetype(str(file), int(rng.integers(40, 160)))
        left, top, right, bottom = (int(side) for side in font.getbbox(letter))
        page = Image.new("L", (right - left, bottom - top), 255)
        ImageDraw.Draw(page).text((-left, -top), letter, font=font, fill=0)
        yield _drawn(np.asarray(page), rng)


def _drawn(grey: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Black on white, as a photo with paper around it."""
    margin = int(rng.uniform(0.1, 0.6) * max(grey.shape))
    return paint(np.pad(1 - grey / np.float32(255), margin), rng)


def noise(n: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Flat, noise, clouds, gratings, blots and scribbles, in turn."""
    for i in range(n):
        side = int(rng.integers(30, 400))
        kind = i % 6
        if kind < 3:
            mark = rng.normal(0, (0.0, 1.0, 1.0)[kind], (side, side)).astype(np.float32)
            mark = cv2.GaussianBlur(mark, (0, 0), side / 12) * side / 12 if kind == 2 else mark
            yield grain(128 + 60 * mark[..., None] * np.ones(3), rng, 4)
        elif kind == 3:
            x = np.arange(side) * rng.uniform(0.1, 1.5)
            yield paint(np.tile((np.sin(x) > 0).astype(np.float32), (side, 1)), rng)
        else:
            yield paint(_blots(side, rng) if kind == 4 else _scribble(side, rng), rng)


def _blots(side: int, rng: np.random.Generator) -> np.ndarray:
    """A few filled, ragged blots."""
    field = cv2.GaussianBlur(rng.normal(0, 1, (side, side)).astype(np.float32), (0, 0), side / 20)
    return (field > np.quantile(field, 0.9)).astype(np.float32)


def _scribble(side: int, rng: np.random.Generator) -> np.ndarray:
    """A long line to and fro."""
    steps = np.cumsum(rng.normal(0, side / 8, (60, 2)), axis=0)
    points = np.abs((steps + side / 2) % (2 * side) - side).astype(np.int32)
    mark = np.zeros((side, side), np.uint8)
    cv2.polylines(mark, [points.reshape(-1, 1, 2)], False, 255, max(1, side // 60), cv2.LINE_AA)
    return mark / np.float32(255)


def letters(rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Handwritten Latin letters that no digit looks like."""
    path = Path(os.environ.get("INKREAD_DATA", "")) / "characters" / "hnd62.npz"
    if not path.is_file():
        sys.exit("this benchmark needs characters/hnd62.npz under the folder that INKREAD_DATA names")
    with np.load(path) as archive:
        images, labels, classes = archive["images"], archive["labels"], archive["classes"].tolist()
    for place, letter in enumerate(classes):
        if letter.isalpha() and letter not in LATIN_DIGIT_SHAPED:
            yield from images[labels == place][-10:]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="What is no digit: how much of it is accepted?")
    parser.add_argument("--model", default="digits")
    parser.add_argument("--n", type=int, default=300, help="pictures of each source, at most")
    parser.add_argument(
        "--node-modules", type=Path, default="node_modules", help="where npm put the icons and fonts"
    )
    parser.add_argument("--keep", type=Path, help="a folder for what was accepted")
    asked = parser.parse_args()
    reader = inkread.Reader("digit", model=asked.model, target_error=0.01)
    sources = {
        "photos": photos(asked.n, np.random.default_rng(1)),
        "icons": icons(asked.n, np.random.default_rng(2), asked.node_modules),
        "other scripts": scripts(asked.n, np.random.default_rng(3), asked.node_modules),
        "noise": noise(asked.n, np.random.default_rng(4)),
        "letters": letters(np.random.default_rng(5)),
    }
    accepted = {name: _accepted(name, pictures, reader, asked.keep) for name, pictures in sources.items()}
    no_text = [value for name, values in accepted.items() if name != "letters" for value in values]
    result = {
        "benchmark": "rejects",
        "model": asked.model,
        "n": len(no_text),
        "not_text_accepted": round(float(np.mean(no_text)), 4),
        "letters_n": len(accepted["letters"]),
        "letters_accepted": round(float(np.mean(accepted["letters"])), 4),
        "by_source": {name: round(float(np.mean(values)), 4) for name, values in accepted.items()},
    }
    print(json.dumps(result))


def _accepted(
    name: str, pictures: Iterator[np.ndarray], reader: inkread.Reader, keep: Path | None
) -> list[bool]:
    """Whether each picture has an accepted reading; those that have go into the folder `keep`."""
    found = []
    for number, picture in enumerate(pictures):
        texts = [r.text for r in reader.read(picture) if r.status == "accepted"]
        found.append(bool(texts))
        if texts and keep:
            keep.mkdir(parents=True, exist_ok=True)
            Image.fromarray(picture).save(
                keep / f"{name.replace(' ', '_')}_{number}_as_{'-'.join(texts)}.png"
            )
    return found


if __name__ == "__main__":
    main()
