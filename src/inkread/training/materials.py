"""What a recipe trains on, chooses by and calibrates with: sets that share no hand.

Training: MNIST's training writers, and simulated photos of them, of hnd62 and of drawn digits. Validation:
other MNIST writers, plain and photographed under conditions held back. Calibration: again other writers,
likewise. Or all three from a set of the user's own. No test part of anything comes in. Characters are drawn
for all three parts, as they left the pen and as photos.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from inkread.data import augment, guards, own, pool, sources, splits
from inkread.data.augment import Strength
from inkread.data.batches import Part
from inkread.data.scenes import WHAT
from inkread.data.sources import Samples
from inkread.errors import DataError
from inkread.training.recipes import CHARACTERS, Recipe

__all__ = ["Materials", "gather"]


CLEAN = 5
"""Characters as they left the pen, a photo of one: they cost a sixth, and hands matter more than light."""
FAR = 0.3
"""Share of the plain pictures that is varied as far as other hands go; the rest stays near its source."""
REJECTS = 0.12
"""Share of the held-back photos that is not a digit: about what a careless pile of paper holds."""
DIGITS = tuple("0123456789")
LIGHT = Strength(10, 0.15, 0.12, 1.0, 0.4, 1.0, 0, 0, 0, 0, 0, 0, 0)
"""Near what MNIST's own hands do, and cheap: turned, slanted, bent."""
TUTORIAL = Strength(10, 0, 0.1, 2.8, 0, 0, 0, 0, 0, 0, 0, 0, 0)
"""The tutorial's own words: 10 degrees, a tenth of the size, a tenth of the width."""
STRENGTHS = {"full": augment.FULL, "light": LIGHT, "tutorial": TUTORIAL}


@dataclass(frozen=True, slots=True)
class Materials:
    """Everything a run reads.

    Attributes:
        parts: what to train on.
        validation: named sets that choose the best weights; empty where nothing is held back.
        calibration: simulated photos that nothing else sees; None without a pool.
        checksums: fingerprints of all of it.
        sources: what it is and whose, for the card.
        held_back: how validation and calibration were kept apart, for the card.
        normalizer: version of the normaliser that the pictures went through; empty for plain MNIST.
        classes: the text of each class; "" is "not a digit", or nothing to read.
    """

    parts: tuple[Part, ...]
    validation: dict[str, Samples]
    calibration: Samples | None
    checksums: dict[str, str]
    sources: list[str]
    held_back: str
    normalizer: str
    classes: tuple[str, ...] = DIGITS

    @property
    def readable(self) -> int:
        """How many classes are characters; "" is none, and last."""
        return sum(1 for text in self.classes if text)


def gather(recipe: Recipe, folder: Path, say: Callable[[str], None]) -> Materials:
    """Read, and where needed render, what a recipe trains on.

    Args:
        recipe: says how much of what.
        folder: keeps rendered pictures; those already there and made the same way are used again.
        say: hears about the rendering, which takes minutes.

    Returns:
        The materials.

    Raises:
        DataError: a set is damaged.
    """
    if recipe.is_own:
        return _own(recipe, say)
    if recipe.what == CHARACTERS:
        return _characters(recipe, folder, say)
    images, labels = sources.mnist("train")
    everything = Samples.of(images, labels)
    train, validation, how = _held_back(everything, recipe)
    plain = _plain(train, recipe)
    checksums = {"mnist": sources.checksum(train.images, train.labels)}
    if not recipe.pool:
        return Materials(plain, validation, None, checksums, ["MNIST train (CC BY-SA 3.0)"], how, "")
    rendered = _photos(recipe, folder, say)
    photos = Part(rendered["train"], 1 - recipe.plain_share, augment.MILD if recipe.vary else augment.STILL)
    return Materials(
        (*plain, photos),
        validation | {"photos": rendered["validation"]},
        rendered["calibration"],
        checksums | {k: sources.checksum(v.images, v.labels) for k, v in rendered.items()},
        pool.credits(),
        f"MNIST {how}, fonts, drawn hands, papers, pens, lights; validation and calibration share no "
        "MNIST writer",
        pool.normalizer_version(),
        (*DIGITS, ""),
    )


def _characters(recipe: Recipe, folder: Path, say: Callable[[str], None]) -> Materials:
    """Characters as they left the pen, and photos of them, with what is none."""
    orders = {part: replace(order, what=CHARACTERS) for part, order in _orders(recipe).items()}
    plain = {
        part: replace(orders[part], count=count, rejects=0.0, plain=True)
        for part, count in (("train", CLEAN * recipe.pool), ("validation", recipe.held_back // 2))
    }
    rendered = {part: pool.rendered(folder, order, say) for part, order in orders.items()}
    clean = {part: pool.rendered(folder, order, say) for part, order in plain.items()}
    photos = Part(rendered["train"], 1 - recipe.plain_share, augment.MILD if recipe.vary else augment.STILL)
    every = rendered | {f"clean {part}": samples for part, samples in clean.items()}
    return Materials(
        (*_plain(clean["train"], recipe), photos),
        {"clean": clean["validation"], "photos": rendered["validation"]},
        rendered["calibration"],
        {name: sources.checksum(s.images, s.labels) for name, s in every.items()},
        pool.credits(CHARACTERS),
        "hands of every source by name, fonts, papers, pens, lights; validation and calibration share the "
        "hands of letters; the last ten of each class of hnd62's letters are in none",
        pool.normalizer_version(),
        (*WHAT[CHARACTERS], ""),
    )


def _own(recipe: Recipe, say: Callable[[str], None]) -> Materials:
    """A set of the user's own."""
    found = own.load(recipe.data, seed=recipe.seed)
    for note in found.notes:
        say(note)
    readable = sum(1 for text in found.classes if text)
    if readable < 2:
        raise DataError(f"{recipe.data} has {readable} class to read; expected at least 2 to tell apart")
    held = len(found.validation) + (len(found.calibration) if found.calibration else 0)
    say(
        f"{readable} classes ({', '.join(found.classes[:8])}{', ...' if readable > 8 else ''}), "
        f"{len(found.train)} pictures to learn from, {held} held back {found.how}"
    )
    strength = augment.STILL
    if recipe.vary:
        strength = STRENGTHS[recipe.strength]
        strength = replace(strength, rotation=min(strength.rotation, guards.cap(found.guards)))
    return Materials(
        (Part(found.train, 1.0, strength),),
        {"held_back": found.validation},
        found.calibration,
        {"own": found.checksum},
        [Path(found.name).name],
        f"{held} of {held + len(found.train)} pictures, {found.how}",
        pool.normalizer_version(),
        found.classes,
    )


def _held_back(everything: Samples, recipe: Recipe) -> tuple[Samples, dict[str, Samples], str]:
    """What of MNIST is learned from, what chooses, and how they were kept apart."""
    if not recipe.validation:
        return everything, {}, "none"
    if recipe.name == "tutorial":
        writers, how = sources.mnist_writers("train"), "a fifth, by writer"
        if writers is None:
            kept, held = np.split(np.arange(len(everything)), [len(everything) * 4 // 5])
            how = "the last fifth"
        else:
            kept, held = splits.by_group(writers, 0.2, np.random.default_rng(539))
        return everything.take(kept), {"mnist": everything.take(held)}, how
    split = splits.mnist_train()
    return everything.take(split.train), {"mnist": everything.take(split.validation)}, split.how


def _plain(train: Samples, recipe: Recipe) -> tuple[Part, ...]:
    """MNIST itself: of the strongest variation most is near its source, some as far as other hands go."""
    if not recipe.vary:
        return (Part(train, recipe.plain_share, augment.STILL),)
    if recipe.strength != "full":
        return (Part(train, recipe.plain_share, STRENGTHS[recipe.strength]),)
    far = FAR * recipe.plain_share
    return Part(train, recipe.plain_share - far, augment.MILD), Part(train, far, augment.FULL)


def _photos(recipe: Recipe, folder: Path, say: Callable[[str], None]) -> dict[str, Samples]:
    """The rendered pictures of each part."""
    return {part: pool.rendered(folder, order, say) for part, order in _orders(recipe).items()}


def _orders(recipe: Recipe) -> dict[str, pool.Order]:
    """What to render for each part."""
    wanted = (
        ("train", recipe.pool, recipe.rejects),
        ("validation", recipe.held_back // 2, REJECTS),
        ("calibration", recipe.held_back - recipe.held_back // 2, REJECTS),
    )
    seeds = {"train": recipe.pool_seed}
    return {part: pool.Order(part, count, share, seeds.get(part, 0)) for part, count, share in wanted}
