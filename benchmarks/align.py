"""How exactly is a form laid on a photo, and is another form taken for it? Prints one JSON object.

    python benchmarks/align.py [--n 60] [--seed 1]

Forms are drawn by chance, blank, at 254 dpi, and photographed by `inkread.synth.formphoto`: perspective,
light, blur, noise, JPEG, on their side and upside down; half of the photos show curled or folded paper.
Errors are mean distances in pixels at 200 dpi. `marks` and `features` are over places all over flat sheets;
`curled` is over the corners of the fields of sheets that are not flat: `marks` alone, `marks` settled by the
print, `features`. `other_taken` is the share of photos of another form that are taken for this one: by
features; and by marks that both forms have in the same places, settled by the print. Simulated; not
comparable with published figures.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from dataclasses import replace
from functools import cache

import cv2
import numpy as np
from _blank_forms import DPI, Blank, draw

from inkread.imaging import align
from inkread.synth import formphoto

FORMS = 8
"""How many different forms are drawn of each kind."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Forms laid on photos: how exactly?")
    parser.add_argument("--n", type=int, default=60, help="photos with marks, and as many without")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--long-side", type=int, default=3600, help="of the largest photos, pixels")
    asked = parser.parse_args()
    errors: dict[str, list[float]] = defaultdict(list)
    taken: dict[str, list[bool]] = defaultdict(list)
    missed: dict[str, list[bool]] = defaultdict(list)
    seconds: dict[str, list[float]] = defaultdict(list)
    for k in range(asked.n):
        for kind in ("marks", "features"):
            form, reference = _known(k % FORMS, kind == "marks")
            rng = np.random.default_rng((asked.seed, k, kind == "marks"))
            how = formphoto.sample(rng)
            how = replace(how, turn=how.turn + 90 * (k % 4), long_side=min(how.long_side, asked.long_side))
            photo = formphoto.photograph(form.rgb, rng, how)
            other = _known((k + 1 + k // FORMS) % FORMS, kind == "marks")[1]
            found = _laid(photo.rgb, form, reference, seconds)
            for name, laid in found.items():
                missed[name].append(laid is None)
                if laid is not None:
                    flat = how.curl == 0
                    errors[name if flat else f"curled {name}"].append(_error(laid, photo, form, flat))
            if other is not reference:
                wrong = _laid(photo.rgb, form, other, defaultdict(list))
                taken["marks settled" if kind == "marks" else "features"].append(
                    wrong["marks settled" if kind == "marks" else "features"] is not None
                )
    result = {
        "benchmark": "align",
        "opencv": cv2.__version__,
        "n": asked.n,
        "seed": asked.seed,
        "mean_px": {name: round(float(np.mean(v)), 3) for name, v in sorted(errors.items())},
        "worst_px": {name: round(float(np.max(v)), 2) for name, v in sorted(errors.items())},
        "photos": {name: len(v) for name, v in sorted(errors.items())},
        "not_found": {name: round(float(np.mean(v)), 4) for name, v in sorted(missed.items())},
        "other_taken": {name: [int(np.sum(v)), len(v)] for name, v in sorted(taken.items())},
        "processor_seconds": {name: round(float(np.median(v)), 3) for name, v in sorted(seconds.items())},
    }
    print(json.dumps(result))


@cache
def _known(seed: int, with_marks: bool) -> tuple[Blank, align.Reference]:
    """A form, and what is known of its blank page."""
    form = draw(seed, with_marks=with_marks)
    width, height = (round(v * align.PX) for v in form.size_mm)
    grey = cv2.cvtColor(form.rgb, cv2.COLOR_RGB2GRAY)
    return form, align.Reference.of(cv2.resize(grey, (width, height), interpolation=cv2.INTER_AREA))


def _laid(
    rgb: np.ndarray, form: Blank, reference: align.Reference, seconds: dict[str, list[float]]
) -> dict[str, align.Alignment | None]:
    """The form laid in each way that it allows."""
    if not form.marks:
        start = time.process_time()
        found = {"features": align.align_features(rgb, reference, form.size_mm)}
        seconds["features"].append(time.process_time() - start)
        return found
    start = time.process_time()
    by_marks = align.align_marks(rgb, form.marks, form.size_mm)
    seconds["marks"].append(time.process_time() - start)
    start = time.process_time()
    settled = by_marks and align.settled(rgb, by_marks, reference, form.size_mm)
    seconds["settled"].append(time.process_time() - start)
    return {"marks": by_marks, "marks settled": settled}


def _error(laid: align.Alignment, photo: formphoto.Photo, form: Blank, flat: bool) -> float:
    """Mean distance of places from where they are said to be, pixels at 200 dpi."""
    if flat:
        x, y = np.meshgrid(np.linspace(8, form.size_mm[0] - 8, 12), np.linspace(8, form.size_mm[1] - 8, 16))
        places = np.stack([x.ravel(), y.ravel()], 1)
    else:
        places = np.array([(b[i], b[j]) for b in form.boxes for i, j in ((0, 1), (2, 1), (2, 3), (0, 3))])
    seen = photo.way.to_photo(places * (DPI / 25.4))
    return float(np.linalg.norm(laid.to_sheet(seen) - places, axis=1).mean() * align.PX)


if __name__ == "__main__":
    main()
