"""What a recipe trains on, chooses by and calibrates with: four sets that share no hand.

Training: MNIST's training writers, and simulated photos of them, of hnd62 and of drawn digits. Validation:
    other
MNIST writers, plain and photographed under conditions held back. Calibration: again other writers, likewise.
No test part of anything comes in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from inkread.data import augment, pool, sources, splits
from inkread.data.batches import Part
from inkread.data.sources import Samples
from inkread.training.recipes import Recipe

__all__ = ["Materials", "gather"]


FAR = 0.3
"""Share of the plain pictures that is varied as far as other hands go; the rest stays near its source."""
REJECTS = 0.12
"""Share of the held-back photos that is not a digit: about what a careless pile of paper holds."""


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
    """

    parts: tuple[Part, ...]
    validation: dict[str, Samples]
    calibration: Samples | None
    checksums: dict[str, str]
    sources: list[str]
    held_back: str
    normalizer: str


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
    images, labels = sources.mnist("train")
    everything = Samples.of(images, labels)
    split = splits.mnist_train()
    train, validation = everything, {}
    if recipe.validation:
        train, validation = everything.take(split.train), {"mnist": everything.take(split.validation)}
    plain = _plain(train, recipe)
    checksums = {"mnist": sources.checksum(train.images, train.labels)}
    if not recipe.pool:
        return Materials(plain, validation, None, checksums, ["MNIST train (CC BY-SA 3.0)"], "none", "")
    rendered = _photos(recipe, folder, say)
    photos = Part(rendered["train"], 1 - recipe.plain_share, augment.MILD if recipe.vary else augment.STILL)
    return Materials(
        (*plain, photos),
        validation | {"photos": rendered["validation"]},
        rendered["calibration"],
        checksums | {k: sources.checksum(v.images, v.labels) for k, v in rendered.items()},
        pool.credits(),
        f"MNIST {split.how}, fonts, drawn hands, papers, pens, lights; validation and calibration share no "
        "MNIST writer",
        pool.normalizer_version(),
    )


def _plain(train: Samples, recipe: Recipe) -> tuple[Part, ...]:
    """MNIST itself: most of it near its source, some varied as far as other hands go."""
    if not recipe.vary:
        return (Part(train, recipe.plain_share, augment.STILL),)
    far = FAR * recipe.plain_share
    return Part(train, recipe.plain_share - far, augment.MILD), Part(train, far, augment.FULL)


def _photos(recipe: Recipe, folder: Path, say: Callable[[str], None]) -> dict[str, Samples]:
    """The rendered pictures of each part."""
    wanted = (
        ("train", recipe.pool, recipe.rejects),
        ("validation", recipe.held_back // 2, REJECTS),
        ("calibration", recipe.held_back - recipe.held_back // 2, REJECTS),
    )
    return {part: pool.rendered(folder, pool.Order(part, count, share), say) for part, count, share in wanted}
