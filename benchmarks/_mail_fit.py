"""Fit how sure two readers and the words before a ZIP make it: on evidence of `mail.py --evidence`.

Weights are those of a logistic regression, drawn to `USUAL`. The curve: from which confidence on the mean
chance of being wrong is at most half of a target, and the share that was wrong is within it.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from _check_fit import logistic

USUAL = (-3.0, 0.25, 0.1, 0.1, 0.1, 0.1, 0.1, 0.05)
"""What weights are drawn to: a lead of all evidence together tells most."""
TARGETS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1)


def fit(files: list[Path]) -> str:
    """Weights and curve as one JSON object, and what they were fitted on."""
    rows = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    x, y = np.array([row["features"] for row in rows]), np.array([row["right"] for row in rows], float)
    weights = logistic(x, y, USUAL)
    sure = 1 / (1 + np.exp(-x @ weights))
    order = np.argsort(-sure)
    ranked, wrong = sure[order], 1 - y[order]
    curve = []
    for target in TARGETS:
        count = np.arange(1, len(ranked) + 1)
        kept = (np.cumsum(1 - ranked) / count <= target / 2) & (np.cumsum(wrong) / count <= target)
        if kept.any():
            last = int(np.flatnonzero(kept)[-1])
            curve.append([target, round(float(ranked[last]), 4), f"{last + 1} accepted"])
    told = {
        "weights": np.round(weights, 3).tolist(),
        "curve": curve,
        "pieces": len(rows),
        "right": int(y.sum()),
        "surest wrong ones": np.round(ranked[wrong > 0][:5], 3).tolist(),
    }
    return json.dumps(told, indent=1)
