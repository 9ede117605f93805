"""Does the same picture give the same text, however it was taken or saved? Prints one JSON object.

    python benchmarks/invariance.py [--model digits] [--n 100]

Each hand is drawn 200 pixels high on paper (the base), and then 14 to 3,000 pixels high, inverted, saved as
JPEG at quality 25, saved turned with the EXIF note that says so, cut so that it fills the frame, and small on
a sheet on a table. `same_text` is the share of those pictures of which the whole page's text equals the
base's.
"""

from __future__ import annotations

import argparse
import io
import json
from collections.abc import Iterator

import cv2
import numpy as np
from _scenes import MARGIN, Hand, grain, hands, ink, on_paper, paint
from PIL import Image

import inkread

BASE_HEIGHT = 200
HEIGHTS = (14, 20, 30, 50, 100, 400, 1000, 3000)
EXIF_TURNS = {3: 180, 6: 90, 8: 270}
"""EXIF orientation -> degrees, counter-clockwise, that the stored pixels are turned."""


def variants(hand: Hand) -> Iterator[tuple[str, np.ndarray | bytes]]:
    """The same hand in every guise: a name and a picture (an array, or a file's bytes)."""
    base = on_paper(hand, BASE_HEIGHT)
    for height in HEIGHTS:
        yield f"{height} px high", on_paper(hand, height)
    yield "inverted", 255 - base
    yield "jpeg 25", jpeg(base, quality=25)
    for orientation, degrees in EXIF_TURNS.items():
        yield f"exif {orientation}", jpeg(np.rot90(base, degrees // 90), orientation=orientation)
    edge = round((MARGIN - 0.02) * BASE_HEIGHT)
    yield "filling the frame", base[edge:-edge, edge:-edge]
    yield "small on a sheet", paint(placed(hand, (1200, 1600)), np.random.default_rng(hand.seed))
    yield "small on a table", on_table(hand)


def jpeg(rgb: np.ndarray, *, quality: int = 90, orientation: int = 1) -> bytes:
    """A JPEG file's bytes."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    file = io.BytesIO()
    Image.fromarray(rgb).save(file, "JPEG", quality=quality, exif=exif)
    return file.getvalue()


def on_table(hand: Hand) -> np.ndarray:
    """A sheet with the hand, 90 pixels high, on a wooden table of 1,600 x 1,200 pixels."""
    rng = np.random.default_rng(hand.seed + 1)
    rows = cv2.resize(
        rng.normal(0, 12, (60, 1)).astype(np.float32), (1600, 1200), interpolation=cv2.INTER_CUBIC
    )
    wood = rng.uniform([90, 60, 35], [140, 100, 70]).astype(np.float32) + rows[..., None]
    table = grain(wood, rng, 3)
    top, left = int(rng.integers(50, 450)), int(rng.integers(50, 1050))
    table[top : top + 700, left : left + 500] = paint(
        placed(hand, (700, 500)), np.random.default_rng(hand.seed)
    )
    return table


def placed(hand: Hand, shape: tuple[int, int]) -> np.ndarray:
    """Bare paper (height, width), with the hand's ink, 90 pixels high, somewhere on it."""
    rng = np.random.default_rng(hand.seed + 2)
    sheet, mark = np.zeros(shape, np.float32), ink(hand, 90)
    y, x = (int(rng.integers(20, whole - part - 20)) for whole, part in zip(shape, mark.shape, strict=True))
    sheet[y : y + mark.shape[0], x : x + mark.shape[1]] = mark
    return sheet


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="The same picture in many guises: the same text?")
    parser.add_argument("--model", default="digits")
    parser.add_argument("--n", type=int, default=100, help="hands; each gives a picture of every kind")
    asked = parser.parse_args()
    reader = inkread.Reader("digit", model=asked.model)
    same: dict[str, list[bool]] = {}
    right: dict[str, list[bool]] = {}
    for hand in hands(asked.n):
        text = reader.read(on_paper(hand, BASE_HEIGHT)).text
        right.setdefault("base", []).append(text == hand.label)
        for name, picture in variants(hand):
            read = reader.read(picture).text
            same.setdefault(name, []).append(read == text)
            right.setdefault(name, []).append(read == hand.label)
    everything = [value for values in same.values() for value in values]
    result = {
        "benchmark": "invariance",
        "model": asked.model,
        "n": len(everything),
        "same_text": round(float(np.mean(everything)), 4),
        "same_text_by_kind": {name: round(float(np.mean(values)), 4) for name, values in same.items()},
        "right_by_kind": {name: round(float(np.mean(values)), 4) for name, values in right.items()},
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
