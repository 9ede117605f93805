"""Recipes: everything that decides how a model is trained, one frozen value written beside the run.

| recipe | network | pictures | on 2 cores |
|---|---|---|---|
| `tutorial` | the tutorial's CNN | MNIST as it is, 5 epochs of 60,000 | about a minute |
| `fast` | 0.13 M parameters | MNIST and 16,000 simulated photos, varied | about ten minutes |
| `best` | 0.38 M parameters | MNIST and 96,000 simulated photos, varied | under an hour |
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from inkread.errors import DataError, UsageError, nearest

__all__ = ["RECIPES", "Recipe", "find"]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train a character model.

    Attributes:
        name: what `--recipe` calls it.
        network: "tutorial", or a size of `inkread.models.digits`.
        epochs: passes of `steps` batches.
        steps: batches an epoch.
        batch: pictures a batch.
        rate: the largest learning rate; it warms up, then falls as a cosine to 0 (constant for the tutorial).
        warmup: batches until the largest rate; 0 with a constant rate.
        decay: weight decay of AdamW.
        smoothing: share of each label spread over all classes.
        ema: momentum of the moving average of the weights, which is what gets evaluated and kept; 0 for none.
        dropout: share of the pooled features dropped.
        vary: whether pictures are varied on the fly.
        pool: simulated photos rendered for training; 0 for MNIST alone, ten classes and no rejects.
        held_back: simulated photos rendered from hands and conditions held back, half to choose the
            checkpoint, half to calibrate.
        rejects: share of the pool that is not a digit.
        plain_share: share of each epoch that is MNIST itself, not through the simulated camera.
        validation: whether one hand in seven is held back, to choose the best weights and to calibrate by.
        precision: "float32", "mixed_bfloat16", or "auto": the latter where the processor has it.
        patience: epochs without a better validation score until the run stops; 0 never stops early.
        seed: of everything.
    """

    name: str
    network: str
    epochs: int
    steps: int
    batch: int = 256
    rate: float = 2e-3
    warmup: int = 400
    decay: float = 1e-4
    smoothing: float = 0.0
    ema: float = 0.998
    dropout: float = 0.3
    vary: bool = True
    pool: int = 0
    held_back: int = 0
    rejects: float = 0.17
    plain_share: float = 0.5
    validation: bool = True
    precision: str = "auto"
    patience: int = 0
    seed: int = 0

    @property
    def classes(self) -> tuple[str, ...]:
        """The text of each class; "" is "not a digit"."""
        return tuple("0123456789") + (("",) if self.pool else ())

    def to_dict(self) -> dict[str, Any]:
        """The recipe as plain JSON values."""
        return asdict(self)

    @staticmethod
    def from_dict(values: dict[str, Any]) -> Recipe:
        """The recipe out of `to_dict`'s values.

        Raises:
            DataError: it was written by a version with other settings.
        """
        known = {f.name for f in fields(Recipe)}
        if set(values) != known:
            odd = ", ".join(sorted(set(values) ^ known))
            raise DataError(
                f"the run's recipe does not fit this version of inkread (it differs in {odd}); "
                "train anew with another -o, or use the version that began the run"
            )
        return Recipe(**values)


RECIPES = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            "tutorial",
            "tutorial",
            epochs=5,
            steps=938,
            batch=64,
            rate=1e-3,
            warmup=0,
            decay=0.0,
            ema=0.0,
            dropout=0.0,
            vary=False,
            validation=False,
        ),
        Recipe("fast", "small", epochs=6, steps=250, ema=0.995, warmup=100, pool=16_000, held_back=4_000),
        Recipe("best", "standard", epochs=18, steps=400, pool=96_000, held_back=20_000),
    )
}
"""By name."""


def find(
    name: str,
    *,
    seed: int = 0,
    epochs: int | None = None,
    patience: int | None = None,
    vary: bool = True,
) -> Recipe:
    """The recipe of a name, with the few settings the command line may change.

    Args:
        name: one of `RECIPES`.
        seed: of everything.
        epochs: instead of the recipe's own; the learning rate falls over as many.
        patience: epochs without a better validation score until the run stops; None never stops early.
        vary: False switches variation off.

    Raises:
        UsageError: no such recipe, not one epoch, or patience where nothing is held back to lose it over.
    """
    if name not in RECIPES:
        known = list(RECIPES)
        raise UsageError(f"recipe is {name!r}; expected one of {', '.join(known)}{nearest(name, known)}")
    recipe = RECIPES[name]
    for what, value in (("epochs", epochs), ("patience", patience)):
        if value is not None and value < 1:
            raise UsageError(f"{what} is {value}; expected at least 1")
    if patience and not recipe.validation:
        raise UsageError(f"patience needs pictures held back, and the recipe {name!r} holds none back")
    chosen = epochs or recipe.epochs
    return replace(
        recipe,
        seed=seed,
        epochs=chosen,
        patience=patience or 0,
        vary=recipe.vary and vary,
    )
