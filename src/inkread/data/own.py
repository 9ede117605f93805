"""Data of one's own, ready to train on: any classes, any pictures, split so that the score means something.

In: a folder with one folder a class, a `labels.csv` (file,label and perhaps writer, rotate_ccw_degrees,
split), or an `.npz` (images, labels and perhaps classes, writers, split). Out: pictures in MNIST's form, what
is learned from and what is held back. Whole writers are held back where they are known, else a share of every
class; the same picture is never on both sides.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from inkread.data import guards, labelled, sources, splits
from inkread.data.parts import ALL, open_parts
from inkread.data.seen import Seen, see
from inkread.data.sources import Samples
from inkread.errors import DataError, UsageError

__all__ = ["Own", "empty_classes", "load"]

CALIBRATE = 400
"""With at least this many pictures held back, half of them calibrate confidences and choose nothing."""

HEAVIEST = 10.0
"""A thin class counts at most this many times as much a picture as the average one."""


@dataclass(frozen=True, slots=True)
class Own:
    """A set of one's own, split.

    Attributes:
        classes: texts, sorted; "" ("nothing to be read") comes last.
        train: what is learned from; its weights make up for thin classes, and are 1 on average.
        validation: what chooses the best weights and says how good they are; weights 1.
        calibration: what confidences are fitted on; None where too little is held back to spare any.
        how: how they were kept apart, such as "by writer".
        name: what the user called the set.
        checksum: of all pictures and labels.
        guards: pairs of classes that a turn makes of one another, keys of `guards.GUARDS`.
        notes: what the user should hear, a line each.
    """

    classes: tuple[str, ...]
    train: Samples
    validation: Samples
    calibration: Samples | None
    how: str
    name: str
    checksum: str
    guards: frozenset[str]
    notes: tuple[str, ...] = ()


def load(path: str, *, seed: int = 0, held_back: float = 0.2) -> Own:
    """Load and split a set of one's own.

    Args:
        path: a folder, a `labels.csv` or an `.npz`. A set that comes in parts (folders, or a column or array
            `split`) keeps them: its test part is never looked at here.
        seed: of the split; the same seed splits the same set the same way.
        held_back: share to hold back, between 0 and 1; at least one picture a class.

    Returns:
        The set. Labels are places in `classes`; groups are writers and copies of one picture.

    Raises:
        UsageError: held_back is no share.
        DataError: nothing is there, a picture cannot be opened, a class is empty or has one picture only,
            there are fewer than two classes, or the set contradicts itself.
    """
    if not 0 < held_back < 1:
        raise UsageError(f"held_back is {held_back}; expected a share between 0 and 1, such as 0.2")
    _refuse_empty_classes(Path(path))
    found = open_parts(path)
    seen = {part: _sound(see(one), one.name) for part, one in found.items() if part != "test"}
    if not {ALL, "train"} & seen.keys():
        raise DataError(f"{path} has no part to train on, only {', '.join(found)}; add a part train")
    learn = seen.get("train") or seen[ALL]
    classes = _classes(learn, path)
    notes = [note for part, one in seen.items() for note in _notes(one, part)]
    stock = _samples(learn, classes, path)
    if "validation" in seen:
        validation = _samples(seen["validation"], classes, path)
        stock, dropped = _without(stock, learn, seen["validation"])
        how = "as the set came"
        notes += [f"{dropped} pictures of train are in validation, too: left out of train"] if dropped else []
    else:
        units, how = _units(learn)
        stock, validation, how = _split(stock, units, how, held_back, seed)
    missing = [c or '""' for i, c in enumerate(classes) if not (validation.labels == i).any()]
    if missing:
        notes.append(
            f"nothing is held back of {', '.join(missing)}: too few writers or copies of one picture"
        )
    validation, calibration = _halved(validation, seed)
    everything = [stock, validation, *([calibration] if calibration else [])]
    return Own(
        classes,
        _balanced(stock, len(classes)),
        validation,
        calibration,
        how,
        path,
        sources.checksum(*(array for s in everything for array in (s.images, s.labels))),
        guards.held_by(classes),
        tuple(notes),
    )


def empty_classes(path: Path) -> list[str]:
    """Name the class folders without a picture; none where the set is no folder of classes.

    Args:
        path: of the set.
    """
    if not path.is_dir() or (path / "labels.csv").is_file():
        return []
    folders = sorted(p for p in path.iterdir() if p.is_dir() and not labelled.is_aside(p.name))
    return [p.name for p in folders if not any(f.suffix.lower() in labelled.PICTURES for f in p.rglob("*"))]


def _refuse_empty_classes(path: Path) -> None:
    """A folder without a picture among the classes is a mistake, not a class."""
    empty = empty_classes(path)
    if empty and len(empty) < sum(p.is_dir() and not labelled.is_aside(p.name) for p in path.iterdir()):
        count = f" (and {len(empty) - 1} more)" if len(empty) > 1 else ""
        raise DataError(f"{path}: the class {empty[0]!r} is empty{count}; add pictures or remove the folder")


def _sound(seen: Seen, name: str) -> Seen:
    """The set, if all of it can be opened."""
    if seen.broken:
        first = min(seen.broken)
        raise DataError(
            f"{len(seen.broken)} of the {len(seen)} pictures of {name} cannot be opened, the first: "
            f"{seen.broken[first]}; mend or remove them, inkread data check lists all"
        )
    return seen


def _classes(seen: Seen, path: str) -> tuple[str, ...]:
    """The classes that there is enough of: each needs two different pictures that show something."""
    usable = ~seen.blank
    kinds = Counter({(lb, key) for lb, key, use in zip(seen.labels, seen.keys, usable, strict=True) if use})
    different = Counter(label for label, _ in kinds)
    classes = tuple(sorted(set(seen.labels), key=lambda text: (not text, text)))
    if len(classes) < 2:
        raise DataError(
            f"{path} has only the class {classes[0]!r}; expected at least 2 classes to tell apart"
        )
    thin = [c for c in classes if different[c] < 2]
    if thin:
        have = "one usable picture" if different[thin[0]] else "no usable picture"
        count = f" (and {len(thin) - 1} more classes of {len(classes)})" if len(thin) > 1 else ""
        raise DataError(
            f"{path}: the class {thin[0]!r} has {have} only{count}; expected at least 2 different ones, "
            "one to learn from and one to hold back (20 and more to learn well)"
        )
    return classes


def _notes(seen: Seen, part: str) -> list[str]:
    """What the user should hear about a part."""
    of = "" if part == ALL else f" of {part}"
    notes = []
    if blank := int(seen.blank.sum()):
        first = seen.names[int(np.flatnonzero(seen.blank)[0])]
        notes.append(f"{blank} pictures{of} left out: nothing stands out on them, such as {first}")
    labels: dict[str, set[str]] = {}
    for key, label in zip(seen.keys, seen.labels, strict=True):
        labels.setdefault(key, set()).add(label)
    if torn := [found for found in labels.values() if len(found) > 1]:
        some = " and ".join(repr(text) for text in sorted(torn[0]))
        notes.append(f"{len(torn)} pictures{of} come with several labels, such as {some}")
    return notes


def _samples(seen: Seen, classes: tuple[str, ...], path: str) -> Samples:
    """The usable pictures, labelled by places in the classes; groups are positions in `seen`."""
    places = {text: place for place, text in enumerate(classes)}
    unknown = sorted(set(seen.labels) - places.keys())
    if unknown:
        raise DataError(f"{path}: validation has the class {unknown[0]!r}, which train has not; expected it")
    labels = np.array([places[text] for text in seen.labels], np.int64)
    everything = Samples.of(seen.images, labels, np.arange(len(seen)))
    return replace(everything, names=np.array(seen.names, object)).take(~seen.blank)


def _units(seen: Seen) -> tuple[np.ndarray, str]:
    """What must stay together, a number a picture: one writer's pictures, and copies of one picture."""
    known = np.array([bool(w) for w in seen.writers])
    several = len(set(seen.writers) - {""}) > 1
    alone = [f"#{place}" for place in range(len(seen))]
    names = [f"w{w}" if w and several else a for w, a in zip(seen.writers, alone, strict=True)]
    how = ("by writer" if known.all() else "by writer where known") if several else "by class"
    return splits.joined(names, list(seen.keys)), how


def _split(
    stock: Samples, units: np.ndarray, how: str, share: float, seed: int
) -> tuple[Samples, Samples, str]:
    """Hold a share back; groups become units."""
    rng = np.random.default_rng([539, seed])
    mine = units[stock.groups]
    kept, held = splits.by_class(stock.labels, mine, share, rng)
    if not len(held):
        raise DataError(
            f"the set cannot be split {how}: every part of it that must stay together holds the last picture "
            "of a class; add pictures by more writers"
        )
    grouped = replace(stock, groups=mine)
    return grouped.take(kept), grouped.take(held), how


def _without(stock: Samples, learn: Seen, away: Seen) -> tuple[Samples, int]:
    """Training without the pictures that validation has, too."""
    theirs = set(away.keys)
    both = np.array([learn.keys[place] in theirs for place in stock.groups])
    kept = stock.take(~both)
    lost = set(np.unique(stock.labels)) - set(np.unique(kept.labels))
    if lost:
        raise DataError("all pictures of a class of train are in validation, too; expected different ones")
    return kept, int(both.sum())


def _halved(held: Samples, seed: int) -> tuple[Samples, Samples | None]:
    """Half for choosing, half for calibrating, where there is enough of both."""
    if len(held) < CALIBRATE or len(np.unique(held.groups)) < 2:
        return held, None
    first, second = splits.by_class(held.labels, held.groups, 0.5, np.random.default_rng([540, seed]))
    return (held.take(first), held.take(second)) if len(second) else (held, None)


def _balanced(samples: Samples, classes: int) -> Samples:
    """The same samples, each class weighing the same as a whole, thin ones within reason."""
    counts = np.bincount(samples.labels, minlength=classes)
    weights = np.minimum(len(samples) / (classes * np.maximum(counts, 1)), HEAVIEST)[samples.labels]
    return replace(samples, weights=(weights / weights.mean()).astype(np.float32))
