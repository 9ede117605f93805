"""Make examples/pictures/: simulated phone photos that may ship, the same ones every time.

    .venv/bin/python examples/make_pictures.py

The hands are MNIST's test part, which no model was trained on: of every digit the first ones, in the order of
the file, not the ones that read well. Paper, pen, light and camera are the photo simulator's, chosen by the
table to show what people hand in. `labels.csv` (file,label) says what each shows; empty where no digit is.
"""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image

from inkread.data import sources
from inkread.synth import camera, doodles, pens
from inkread.synth.hands import enlarged

PICTURES = Path(__file__).resolve().parent / "pictures"
QUALITY = 85


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture: what is written, and how it was photographed."""

    name: str
    text: str
    paper: str
    pen: str
    light: str
    digit_px: float = 150
    fill: float = 0.42
    turn: float = 0.0
    nib: float = 0.06
    opacity: float = 0.95


SCENES = (
    Scene("envelope", "02139", "envelope", "ballpoint", "gradient", 270, 0.72, -3, 0.06),
    Scene("sticky_note", "7", "sticky note", "marker", "even", turn=5, nib=0.12),
    Scene("blackboard", "5", "blackboard", "chalk", "vignette", nib=0.08),
    Scene("squared_paper", "3", "squared", "pencil", "shadow edge", nib=0.05, opacity=0.8),
    Scene("in_a_shadow", "6", "coloured", "coloured pencil", "hand shadow", turn=-6, nib=0.07),
    Scene("whiteboard", "48", "whiteboard", "board marker", "flash", 200, 0.55, 2, 0.09),
    Scene("dim_light", "9", "cream", "gel", "dim", turn=-8),
    Scene("small_on_a_table", "2", "table", "fineliner", "gradient", 60, 0.1),
    Scene("thumbnail", "8", "white", "ballpoint", "even", 20, 0.7, 0, 0.1),
    Scene("filling_the_frame", "4", "kraft", "brush", "blinds", 330, 0.9, 3, 0.14),
    Scene("a_star", "", "ruled", "ballpoint", "even"),
)


def main() -> int:
    """Make every picture and the list of what they show."""
    PICTURES.mkdir(exist_ok=True)
    pixels, labels = sources.mnist("test")
    written = {digit: iter(pixels[labels == digit]) for digit in range(10)}
    rows = []
    for seed, scene in enumerate(SCENES):
        rng = np.random.default_rng(seed + 30)
        view = conditions(scene, rng)
        mark = (
            star(rng) if not scene.text else line([next(written[int(c)]) for c in scene.text], view.nib, rng)
        )
        name = f"{scene.name}.jpg"
        Image.fromarray(camera.photograph(mark, rng, view)).save(PICTURES / name, quality=QUALITY)
        rows.append((name, scene.text))
    with (PICTURES / "labels.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([("file", "label"), *rows])
    print(f"wrote {len(rows)} pictures to examples/pictures/")
    return 0


def conditions(scene: Scene, rng: np.random.Generator) -> camera.Conditions:
    """The scene as conditions of the simulator: sampled, then set to what the table says."""
    return replace(
        camera.sample_conditions(rng),
        paper=scene.paper,
        pen=scene.pen,
        light=scene.light,
        frame="thumb" if scene.digit_px < 30 else "normal",
        digit_px=scene.digit_px,
        fill=scene.fill,
        aspect=4 / 3,
        squeeze=0.0,
        offset=(float(rng.uniform(-0.4, 0.4)), float(rng.uniform(-0.3, 0.3))),
        nib=scene.nib,
        opacity=scene.opacity,
        rotation_degrees=scene.turn,
        perspective=0.04,
        blur=0.008,
        motion=0.0,
        noise=0.025 if scene.light == "dim" else 0.008,
        resample=1.0,
        jpeg=0,
        enlarge=1.0 if scene.digit_px < 30 else 2.0,
        grey=False,
        bilevel=False,
        distractors=(),
    )


def line(digits: list[np.ndarray], nib: float, rng: np.random.Generator) -> np.ndarray:
    """Write 28x28 digits side by side, in one pen, as one mark."""
    masks = [pens.reink(enlarged(digit, rng), nib) for digit in digits]
    masks = [pens.trim(mask, 0) for mask in masks]
    tall = max(mask.shape[0] for mask in masks) + 12
    columns = []
    for mask in masks:
        top = int(rng.integers(0, tall - mask.shape[0] + 1))
        column = np.zeros((tall, mask.shape[1] + int(rng.integers(24, 40))), np.float32)
        column[top : top + mask.shape[0], : mask.shape[1]] = mask
        columns.append(column)
    return pens.trim(np.concatenate(columns, axis=1))


def star(rng: np.random.Generator) -> np.ndarray:
    """A drawn star: not a digit, and to be refused."""
    return pens.trim(pens.ink_lines(doodles.icon("star", rng), 150, 0.04, "pressure", rng))


if __name__ == "__main__":
    sys.exit(main())
