"""Fit how sure two readers of one amount make it: logistic regression, on evidence of `checks.py --evidence`.

Pairs of which one reader is clearly against the other's value are reviewed anyway: the weights are fitted on
the others and on those hardly against it, by `MARGIN` nats more than `SLACK` allows. The curve is of those
that agree: from which confidence on their mean chance of being wrong, and what was wrong of them, keep to a
target.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from inkread.decode.agreement import features

SLACK, MARGIN, PULL, STEPS = 0.5, 5.0, 20.0, 80
USUAL = (0.0, 0.25, 0.0, 0.0, 0.5)
"""What weights are drawn to, `PULL` strong: agreement is what tells, and not one place alone."""
TARGETS = (0.005, 0.01, 0.02, 0.05, 0.1)


def fit(files: list[Path]) -> str:
    """The weights, as source text, and what they were fitted on."""
    rows = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    found, right, differ = [], [], []
    alone: list[list[tuple[float, bool]]] = [[], []]
    for row in rows:
        sides = [dict(map(tuple, side)) if side else None for side in row["sides"]]
        for number, (side, truth) in enumerate(zip(sides, (row["cents"], row["legal"]), strict=True)):
            if side:
                alone[number].append(_lone(side, truth))
        if sides[0] and sides[1]:
            best, seen = features(sides[0], sides[1])
            found.append(seen)
            differ.append(row["cents"] != row["legal"])
            right.append(best == row["cents"] == row["legal"])
    x, y = np.array(found), np.array(right, float)
    lead = x[:, 2:4].min(1)
    near = lead >= -SLACK - MARGIN
    weights = logistic(x[near], y[near])
    sure = 1 / (1 + np.exp(-x @ weights))
    single = [
        logistic(np.array([[1.0, a] for a, _ in some]), np.array([b for _, b in some], float))
        for some in alone
    ]
    told = {
        "weights": np.round(weights, 3).tolist(),
        "alone": [np.round(w, 3).tolist() for w in single],
        "pairs": len(x),
        "fitted on": int(near.sum()),
        "agreeing": f"{int((lead >= -SLACK).sum())}, {int((y[lead >= -SLACK] == 0).sum())} wrong",
        "right of those that disagree": round(float(y[lead < -SLACK].mean()), 2),
        "curve": _curve(sure[lead >= -SLACK], y[lead >= -SLACK]),
        "of them differing": int(sum(differ)),
        "right": int(y.sum()),
    }
    for level in (0.9, 0.95, 0.98, 0.99):
        kept = (sure >= level) & (lead >= -SLACK)
        told[f"confidence {level}"] = f"{int(kept.sum())} accepted, {int((kept & (y == 0)).sum())} wrong"
    wrong = [
        (round(float(s), 3), np.round(v, 1).tolist())
        for s, v, t in zip(sure, x, y, strict=True)
        if s > 0.5 > t
    ]
    told["surest wrong"] = sorted(wrong, reverse=True)[:8]
    return json.dumps(told, indent=1)


def _curve(sure: Any, y: Any) -> list[list[float]]:
    """(target, least confidence) where the accepted keep to the target."""
    order = np.argsort(-sure)
    expected = np.cumsum(1 - sure[order]) / np.arange(1, len(sure) + 1)
    wrong = np.cumsum(1 - y[order]) / np.arange(1, len(sure) + 1)
    found = []
    for target in TARGETS:
        kept = np.flatnonzero((expected <= target) & (wrong <= target))
        if len(kept):
            found.append([target, round(float(sure[order][kept[-1]]), 4)])
    return found


def _lone(values: dict[int, float], truth: int) -> tuple[float, bool]:
    best = max(values, key=lambda v: values[v])
    others = [p for v, p in values.items() if v != best]
    return min(12.0, values[best] - max(others, default=-60.0)), best == truth


def logistic(x: Any, y: Any, drawn_to: tuple[float, ...] = USUAL) -> Any:
    """Weights of a logistic regression, drawn to usual ones, leads never counted against a value."""
    weights = np.zeros(x.shape[1])
    usual = np.array(drawn_to[: x.shape[1]])
    free = np.ones(x.shape[1], bool)
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        pull = PULL * np.r_[0.0, np.ones(x.shape[1] - 1)] + 1e-3
        slope = x.T @ (y - p) - pull * (weights - usual)
        bend = (x * (p * (1 - p))[:, None]).T @ x + np.diag(pull)
        step = np.zeros_like(weights)
        step[free] = np.linalg.solve(bend[np.ix_(free, free)], slope[free])
        weights = weights + np.clip(step, -2, 2)
        low = (weights < 0) & (np.arange(len(weights)) > 0)
        weights[low], free[low] = 0.0, False
    return weights
