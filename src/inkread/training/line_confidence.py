"""Fit a `LineCalibration`: from CTC probabilities of held-back lines to honest confidences and thresholds.

The lines must be decoded as the reader will decode them, and be of writers that neither training nor the
choice of the checkpoint has seen; `calibrated` reads them and puts the result into the model's file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inkread.alphabet import clean
from inkread.data import labelled
from inkread.decode import ngram
from inkread.decode.confidence import NEVER
from inkread.decode.line_confidence import LineCalibration, features
from inkread.errors import DataError
from inkread.imaging.load import pages
from inkread.readers.line import read_line
from inkread.readers.text import Way
from inkread.runtime import export, linewise
from inkread.training.calibrate import TARGETS, curve

__all__ = ["calibrated", "fit", "logistic"]

LEAST = 50
"""Lines that are needed at least, and of them right and wrong ones a tenth each."""
_RIDGE = 1e-2
_ROUNDS = 50


def fit(
    shares: Sequence[float],
    lengths: Sequence[int],
    right: Sequence[bool],
    *,
    level: float = 0.95,
    data: str = "",
) -> LineCalibration:
    """Fit the confidence of lines and the thresholds for error targets.

    Args:
        shares: `(n,)` of each line's text among all texts, natural logarithms: the `score` of
            `readers.language.readings`.
        lengths: `(n,)` characters of each text, at least 1.
        right: `(n,)` whether all of it was right.
        level: how surely the error among accepted lines is to stay within each target.
        data: what the lines are, in words, for the card.

    Returns:
        The calibration: a logistic regression on the log-odds of the probability, whose weight is never
        negative, and the logarithm of the length.

    Raises:
        DataError: too few lines, or nearly all of them right or wrong.

    Source: Cox, The regression analysis of binary sequences, 1958, by Newton's method; thresholds as in
    `calibrate.curve`.
    """
    sure = np.asarray(right, dtype=bool)
    few = min(int(sure.sum()), int((~sure).sum()))
    if len(sure) < LEAST or few < LEAST // 10:
        raise DataError(
            f"{len(sure)} held-back lines, {int(sure.sum())} of them right, are too few to calibrate on; at "
            f"least {LEAST} are needed, {LEAST // 10} right and {LEAST // 10} wrong, and 300 right ones for "
            "a target of 1 %"
        )
    x = features(shares, lengths)
    weights = logistic(x, sure)
    if weights[1] < 0:  # surer is never righter: then the length alone must tell
        weights = np.insert(logistic(x[:, [0, 2]], sure), 1, 0.0)
    bias, by_odds, by_length = weights.tolist()
    draft = LineCalibration((bias, by_odds, by_length), (), level, len(sure), data)
    told = zip(shares, lengths, strict=True)
    confidence = np.array([draft.confidence(share, n) for share, n in told])
    thresholds = curve(confidence, sure, TARGETS, level)
    return LineCalibration(draft.weights, thresholds, level, len(sure), data)


def calibrated(model: Path, data: Sequence[str], *, language: str = "auto") -> LineCalibration:
    """Calibrate a line reader on held-back lines, and write the calibration into its file.

    Args:
        model: a `.onnx` or `.keras` file.
        data: sets of lines, such as "lines.tar:val".
        language: as the reader will be told; the default is the reader's.

    Returns:
        The calibration. A line counts as right where its text is, quotes, dashes and spaces folded.

    Raises:
        DataError: a set is missing, or there are too few lines.
        ModelError: the model cannot be loaded.
    """
    found = linewise.load(model)
    way = Way(found, NEVER, ngram.load(language))
    shares, lengths, right = [], [], []
    for item in (item for name in data for item in labelled.load(name).items):
        for seen in read_line(next(pages(item.picture)), way).seen:
            best = seen.options[0]
            if best.text:
                shares.append(best.score)
                lengths.append(len(best.text))
                right.append(clean(best.text) == clean(item.label))
    calibration = fit(shares, lengths, right, data=f"{', '.join(data)}; language {language}")
    export.write_metadata(model, replace(found.metadata, line_calibration=calibration))
    return calibration


def logistic(x: NDArray[np.float64], right: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Weights `(k,)` of least cross-entropy for `(n, k)` features, but for the first held towards 0."""
    keep = _RIDGE * np.eye(x.shape[1])
    keep[0, 0] = 0.0
    weights = np.zeros(x.shape[1])
    for _ in range(_ROUNDS):
        share = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        slope = x.T @ (right - share) - keep @ weights
        curvature = (x * (share * (1 - share))[:, None]).T @ x + keep
        step = np.linalg.solve(curvature, slope)
        weights += step * min(1.0, 4.0 / max(float(np.abs(step).max()), 1e-12))
        if np.abs(step).max() < 1e-8:
            break
    return weights
