"""What does a digit that lies on its side read as? Prints one JSON object.

    python benchmarks/turned.py [--model digits] [--n 300]

The pixels themselves are turned by 90, 180 and 270 degrees. `accepted_and_wrong` is the share of pictures
with an accepted reading that is not the digit, at a target error of 0.01. A 6 on its head is a 9, and a 9 a
6; nothing in the picture tells, so those two at 180 degrees count by what they show; `with_6_and_9` counts
them by what was written.
"""

from __future__ import annotations

import argparse
import json

import numpy as np
from _scenes import hands, on_paper

import inkread

ON_ITS_HEAD = {"6": "9", "9": "6"}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Digits lying on their side: accepted and wrong?")
    parser.add_argument("--model", default="digits")
    parser.add_argument("--n", type=int, default=300, help="hands; each is turned three ways")
    asked = parser.parse_args()
    reader = inkread.Reader("digit", model=asked.model, target_error=0.01)
    shown: dict[int, list[bool]] = {90: [], 180: [], 270: []}
    written: list[bool] = []
    pairs: dict[str, int] = {}
    for hand in hands(asked.n):
        picture = on_paper(hand, 150)
        for degrees, wrong in shown.items():
            page = reader.read(np.ascontiguousarray(np.rot90(picture, degrees // 90)))
            accepted = {r.text for r in page if r.status == "accepted"}
            label = ON_ITS_HEAD.get(hand.label, hand.label) if degrees == 180 else hand.label
            wrong.append(bool(accepted - {label}))
            written.append(bool(accepted - {hand.label}))
            for text in accepted - {label}:
                pair = f"{hand.label} turned {degrees} accepted as {text}"
                pairs[pair] = pairs.get(pair, 0) + 1
    result = {
        "benchmark": "turned",
        "model": asked.model,
        "n": len(written),
        "accepted_and_wrong": round(
            float(np.mean([value for values in shown.values() for value in values])), 4
        ),
        "by_degrees": {str(degrees): round(float(np.mean(values)), 4) for degrees, values in shown.items()},
        "with_6_and_9": round(float(np.mean(written)), 4),
        "worst": dict(sorted(pairs.items(), key=lambda pair: -pair[1])[:10]),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
