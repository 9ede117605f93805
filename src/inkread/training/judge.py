"""How good a network is on pictures held back: the figures that choose the best weights."""

from __future__ import annotations

import keras
import numpy as np

from inkread.data import batches
from inkread.data.sources import Samples
from inkread.decode.confidence import softmax

__all__ = ["auroc", "logits_of", "validate"]

PICTURES = 500
"""Asked at a time."""


def validate(
    network: keras.Model, sets: dict[str, Samples], readable: int, monitor: str = "score"
) -> dict[str, float]:
    """Score a network on held-back sets: forced accuracy, and how well it tells rejects.

    Args:
        network: gives logits or, as the tutorial's, probabilities.
        sets: by name; labels from `readable` on are "nothing to read".
        readable: how many of the first classes are characters.
        monitor: "score" or "loss".

    Returns:
        `accuracy_<set>` each; `auroc` where a set holds rejects; `val_loss`, the mean cross-entropy; and
        `score`, which chooses the best weights: the negative loss, or the mean of the accuracies with a fifth
        of it the AUROC where there is one. Empty without a set.
    """
    figures: dict[str, float] = {}
    losses: list[float] = []
    for name, samples in sets.items():
        logits = logits_of(network, samples.images)
        known = samples.labels < readable
        right = logits[known, :readable].argmax(axis=1) == samples.labels[known]
        figures[f"accuracy_{name}"] = float(right.mean()) if known.any() else 0.0
        losses.append(_cross_entropy(logits, samples.labels))
        if logits.shape[1] > readable and not known.all() and known.any():
            figures["auroc"] = auroc(logits[:, :readable].max(axis=1) - logits[:, readable], known)
    if figures:
        mean = float(np.mean([v for k, v in figures.items() if k != "auroc"]))
        score = 0.8 * mean + 0.2 * figures["auroc"] if "auroc" in figures else mean
        loss = float(np.mean(losses))
        figures |= {"val_loss": loss, "score": -loss if monitor == "loss" else score}
    return figures


def logits_of(network: keras.Model, images: np.ndarray) -> np.ndarray:
    """What a network says of `(n, 28, 28)` uint8 pictures: `(n, classes)` float32.

    Of a network that ends in a softmax, the logarithms of its shares.
    """
    parts = [
        keras.ops.convert_to_numpy(network.predict_on_batch(batches.to_input(images[i : i + PICTURES])))
        for i in range(0, len(images), PICTURES)
    ]
    answers = np.concatenate(parts).astype(np.float32)
    last = network.layers[-1]
    if getattr(last, "activation", None) is keras.activations.softmax:
        return np.log(np.clip(answers, 1e-12, None))
    return answers


def auroc(score: np.ndarray, positive: np.ndarray) -> float:
    """The chance that a positive scores above a negative (ties count half)."""
    _, inverse, counts = np.unique(score, return_inverse=True, return_counts=True)
    rank = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    n = int(positive.sum())
    return float((rank[positive].sum() - n * (n + 1) / 2) / (n * (len(score) - n)))


def _cross_entropy(logits: np.ndarray, labels: np.ndarray) -> float:
    """The mean cross-entropy in nats; labels beyond the classes do not count."""
    known = labels < logits.shape[1]
    shares = softmax(logits[known])[np.arange(int(known.sum())), labels[known]]
    if not np.isfinite(logits).all():
        return float("nan")
    return float(-np.log(np.maximum(shares, 1e-12)).mean())
