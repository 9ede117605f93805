"""What a finished run tells: curves, confusion matrix and worst cases as pictures, and one HTML page."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import keras
import numpy as np

from inkread.data import sources
from inkread.data.sources import Samples
from inkread.decode.confidence import Calibration, probabilities, threshold
from inkread.evaluation import report, sheets
from inkread.evaluation.report import Answers, Report, Table, Worst
from inkread.runtime.metadata import Metadata
from inkread.training import judge
from inkread.training.materials import Materials
from inkread.training.recipes import Recipe

__all__ = ["write"]

WORST = 50
TARGETS = (0.001, 0.005, 0.01)


def write(run: Path, network: keras.Model, told: Metadata, recipe: Recipe, stock: Materials) -> str:
    """Write `curves.png`, `confusion.png`, `worst.png` and `report.html` into a run's folder.

    Judged is what was held back; where nothing was, MNIST's test part, which chose nothing.

    Args:
        run: the folder, with `recipe.json` and `history.csv`.
        network: the weights that were kept.
        told: its metadata.
        recipe: how it was trained.
        stock: what on.

    Returns:
        One line about how good the model is.
    """
    what, samples = _judged(recipe, stock)
    shares = probabilities(judge.logits_of(network, samples.images), told.calibration)
    k = len(stock.classes)
    known = samples.labels < stock.readable
    guess = shares[:, : stock.readable].argmax(axis=1)
    answer = np.where(shares.argmax(axis=1) >= stock.readable, shares.argmax(axis=1), guess)
    right = guess == samples.labels
    confidence = shares[np.arange(len(guess)), guess]
    counts = np.bincount(samples.labels * k + answer, minlength=k * k).reshape(k, k)
    history = _history(run / "history.csv")
    best = _best_epoch(history) if stock.validation else None
    curves = {name: values for name, values in history.items() if name not in ("epoch", "score")}
    cases = _cases(samples, guess, confidence, told)
    sheets.curves(run / "curves.png", curves, best)
    sheets.confusion(run / "confusion.png", counts, stock.classes)
    if cases:
        sheets.worst(run / "worst.png", cases)
    line = f"{int(right[known].sum())} of {int(known.sum())} right ({right[known].mean():.2%}) on {what}"
    report.write(
        run / "report.html",
        Report(
            title=f"Training {told.name}: recipe {recipe.name}, seed {recipe.seed}",
            facts=_facts(run, told, recipe, stock, history),
            lead=f"{line}. {_caution(recipe, stock)}",
            curves=curves,
            best_epoch=best,
            confusion=counts,
            classes=stock.classes,
            answers=_answers(confidence, right, told.calibration),
            tables=(_classes(samples, right, stock),),
            worst=cases,
            command=str(told.card.get("command", "")),
        ),
    )
    return f"{line}; see {run / 'report.html'}"


def _judged(recipe: Recipe, stock: Materials) -> tuple[str, Samples]:
    """What the report is about, in words and in pictures."""
    if not stock.validation:
        images, labels = sources.mnist("test")
        return "MNIST's test part", Samples.of(images, labels)
    parts = list(stock.validation.values())
    if recipe.is_own and stock.calibration is not None:
        parts.append(stock.calibration)
    return "pictures held back", Samples.join(parts)


def _caution(recipe: Recipe, stock: Materials) -> str:
    """What one must know to believe the figure."""
    if not stock.validation:
        return "The test part chose nothing: these are the weights of the last epoch."
    return (
        f"Held back: {stock.held_back}. They chose the epoch, too: a fresh set will come out a little lower"
        + ("; simulated photos are among them." if recipe.pool else ".")
    )


def _cases(samples: Samples, guess: np.ndarray, confidence: np.ndarray, told: Metadata) -> tuple[Worst, ...]:
    """The surest mistakes first."""
    wrong = np.flatnonzero(guess != samples.labels)
    accepts = threshold(told.calibration, 0.01)
    names = [f"picture {i}" for i in range(len(guess))] if samples.names is None else samples.names
    return tuple(
        Worst(
            255 - samples.images[i],
            told.classes[samples.labels[i]],
            told.classes[guess[i]],
            float(confidence[i]),
            Path(str(names[i])).name,
            bool(confidence[i] >= accepts),
        )
        for i in wrong[np.argsort(-confidence[wrong], kind="stable")][:WORST]
    )


def _answers(confidence: np.ndarray, right: np.ndarray, calibration: Calibration | None) -> Answers:
    """Confidences and what came of them."""
    thresholds = {target: threshold(calibration, target) for target in TARGETS} if calibration else {}
    return Answers(confidence, right, thresholds, calibration is not None)


def _classes(samples: Samples, right: np.ndarray, stock: Materials) -> Table:
    """How many pictures each class has, and how well it is read."""
    different = {id(part.samples): part.samples for part in stock.parts}  # one may be varied in two ways
    learned = sum(np.bincount(one.labels, minlength=len(stock.classes)) for one in different.values())
    rows = []
    for place, text in enumerate(stock.classes[: stock.readable]):
        mine = samples.labels == place
        share = f"{right[mine].mean():.1%}" if mine.any() else "-"
        rows.append((text, str(int(np.asarray(learned)[place])), str(int(mine.sum())), share))
    return Table("Classes", ("class", "learned from", "judged on", "right"), tuple(rows))


def _settings(recipe: Recipe) -> str:
    """The recipe in a line."""
    told = (
        "network",
        "steps",
        "batch",
        "rate",
        "ema",
        "dropout",
        "vary",
        "strength",
        "precision",
        "patience",
    )
    values = recipe.to_dict()
    return ", ".join(f"{name} {values[name]}" for name in told)


def _facts(
    run: Path, told: Metadata, recipe: Recipe, stock: Materials, history: dict[str, list[float]]
) -> tuple[tuple[str, str], ...]:
    """What stands at the top."""
    begun = json.loads((run / "recipe.json").read_text(encoding="utf-8"))
    calibrated = told.calibration
    return (
        ("learned from", ", ".join(stock.sources)),
        ("held back", stock.held_back),
        ("recipe", _settings(recipe)),
        ("epochs", f"{len(history['epoch'])} of at most {recipe.epochs}"),
        ("begun with", str(begun.get("start") or "random weights")),
        ("parameters", f"{told.card.get('parameters', 0):,}"),
        ("calibrated", f"on {calibrated.n} pictures: {calibrated.data}" if calibrated else "no"),
        ("seed", str(recipe.seed)),
        ("made with", ", ".join(f"{k} {v}" for k, v in begun["versions"].items())),
        ("data checksums", ", ".join(f"{k} {v}" for k, v in begun.get("data", {}).items())),
    )


def _history(path: Path) -> dict[str, list[float]]:
    """The figures of all epochs, by name."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: [float(row[name]) for row in rows] for name in rows[0]}


def _best_epoch(history: dict[str, list[float]]) -> int:
    """The epoch, from 1, whose weights were kept."""
    return int(np.argmax(history["score"])) + 1
