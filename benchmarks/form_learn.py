"""How much of a blank form is found: the designs of `inkread.synth.formdesigns`, as drawn and as scanned.

    python benchmarks/form_learn.py

A place is right where it overlaps what the design says by half and more (of their union) and is of its kind:
boxes or a comb of as many cells, a square, or something to write in. A scan leans by up to a degree, is
blurred, grainy, a little grey, and saved as JPEG. `claim` and `clinic` were looked at while the finder was
tuned, only `order` was not.
"""

from __future__ import annotations

import sys

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.errors import SourceError
from inkread.forms.learn import learn
from inkread.synth.formdesigns import DESIGNS, Design, design

Rect = tuple[float, ...]
Place = tuple[str, int, Rect]


def places_of(form: Design) -> list[Place]:
    """What the design offers to fill: kind, cells, rectangle."""
    places: list[Place] = [("box", 0, tuple(form.signature))]
    for field in form.fields:
        if "boxes" in field:
            lefts, tops, rights, bottoms = zip(*field["boxes"], strict=True)
            places.append(("cells", len(lefts), (min(lefts), min(tops), max(rights), max(bottoms))))
        elif "comb" in field:
            places.append(("cells", field["comb"]["cells"], tuple(field["comb"]["box"])))
        elif field["type"] == "choice":
            places += [("square", 0, tuple(option["box"])) for option in field["options"]]
        else:
            kind = "square" if field["type"] == "checkbox" else "box"
            places.append((kind, 0, tuple(field["box"])))
    return places


def found_on(page: NDArray[np.uint8]) -> list[Place]:
    """What is found on a picture of the page."""
    try:
        learnt = learn(cv2.imencode(".jpg", page[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 90])[1].tobytes())
    except SourceError:
        return []
    found: list[Place] = []
    for field in learnt.template.fields:
        kind = "square" if field.type == "checkbox" else "cells" if field.cells else "box"
        found.append((kind, len(field.cells), field.bounds))
    return found


def scanned(page: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """The page as an office scanner leaves it."""
    high, wide = page.shape[:2]
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), rng.uniform(-1, 1), 1.0)
    leaning = cv2.warpAffine(page, turn, (wide, high), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255))
    soft = cv2.GaussianBlur(leaning, (0, 0), rng.uniform(0.4, 0.9)).astype(np.float32)
    grainy = soft * rng.uniform(0.9, 0.98) + rng.normal(0, rng.uniform(1, 4), soft.shape)
    return np.clip(grainy, 0, 255).astype(np.uint8)


def overlap(one: Rect, other: Rect) -> float:
    """What two rectangles share, of what they cover together."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    if wide <= 0 or high <= 0:
        return 0.0
    areas = [(r[2] - r[0]) * (r[3] - r[1]) for r in (one, other)]
    return wide * high / (sum(areas) - wide * high)


def hits(wanted: list[Place], found: list[Place]) -> int:
    """How many wanted places were found as what they are, each found one counting once."""
    left, right = list(found), 0
    for kind, cells, rect in wanted:
        alike = [one for one in left if one[:2] == (kind, cells)]
        best = max(alike, key=lambda one: overlap(rect, one[2]), default=None)
        if best is not None and overlap(rect, best[2]) >= 0.5:
            left.remove(best)
            right += 1
    return right


def main() -> None:
    """Print the table."""
    print(f"{'design':8} {'as':8} {'places':>6} {'found':>6} {'right':>6} {'recall':>7} {'precision':>9}")
    for name in sys.argv[1:] or DESIGNS:
        form = design(name)
        page = np.asarray(form.print.draw(200))
        rng = np.random.default_rng(7)
        for told, pages in (("drawn", [page]), ("scanned", [scanned(page, rng) for _ in range(3)])):
            wanted = places_of(form)
            found = [found_on(one) for one in pages]
            right = sum(hits(wanted, one) for one in found)
            asked, came = len(wanted) * len(pages), sum(map(len, found))
            shares = f"{100 * right / asked:6.1f}% {100 * right / max(1, came):8.1f}%"
            print(f"{name:8} {told:8} {asked:6} {came:6} {right:6} {shares}", flush=True)


if __name__ == "__main__":
    main()
