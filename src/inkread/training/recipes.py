"""Recipes: everything that decides how a model is trained, one frozen value written beside the run.

| recipe | network | pictures | on 2 cores |
|---|---|---|---|
| `tutorial` | the tutorial's CNN | MNIST as it is, 5 epochs of 60,000 | about a minute |
| `fast` | 0.33 M parameters | MNIST, lightly varied | less than the tutorial |
| `best` | 0.38 M parameters | MNIST and 104,000 simulated photos, varied | under an hour |
| `polish` | `best`'s, with its weights | MNIST, 120,000 more photos by seed | half an hour |
| `fast` of characters | 0.14 M | 72,000 characters, a sixth as simulated photos | under half an hour |
| `best` of characters | 0.40 M | 240,000 characters, a sixth as simulated photos | over an hour |

On data of one's own `fast` and `best` begin with the model `digits` that ships, whose strokes serve any
script, and learn the new classes in about a minute, or in several; `tutorial` is the
tutorial's network again.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from inkread.errors import DataError, UsageError, nearest

__all__ = ["CHARACTERS", "RECIPES", "Recipe", "Wishes", "find", "sized"]

MNIST = "mnist"
"""The set that is in the package."""
CHARACTERS = "characters"
"""The set of digits and letters that is drawn from what `INKREAD_DATA` holds."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train a character model.

    Attributes:
        name: what `--recipe` calls it.
        network: "tutorial", "quick", a size of `inkread.models.digits` (or, of characters, of
            `inkread.models.characters`), or "start" for the network of the model that training begins with.
        epochs: passes of `steps` batches, at most.
        steps: batches an epoch; 0 for as many as the pictures of one's own make.
        batch: pictures a batch.
        rate: the largest learning rate; it warms up, then falls as a cosine to 0 (constant for the tutorial).
        warmup: batches until the largest rate; 0 with a constant rate.
        decay: weight decay of AdamW.
        smoothing: share of each label spread over all classes.
        ema: momentum of the moving average of the weights, which is what gets evaluated and kept; 0 for none.
        dropout: share of the pooled features dropped.
        vary: whether pictures are varied on the fly.
        strength: how much: "full", "light", or "tutorial" for the text's own (10 degrees, a tenth of the size
            and of the width).
        data: "mnist", "characters", or the path of a set of one's own.
        pool: simulated photos rendered for training; 0 for none, and no rejects.
        held_back: simulated photos rendered from hands and conditions held back, half to choose the
            checkpoint, half to calibrate.
        pool_seed: of the photos for training: another one gives others, as each seed of `polish` does.
        rejects: share of the pool that is not a digit.
        plain_share: share of each epoch that is MNIST itself, not through the simulated camera.
        validation: whether a part is held back to choose the best weights: one hand in seven of MNIST (a
            fifth for the tutorial), a fifth of a set of one's own.
        monitor: what chooses: "score" (accuracy, and rejects told apart) or "loss".
        precision: "float32", "mixed_bfloat16", or "auto": the latter where the processor has it.
        patience: epochs without a better validation figure until the run stops; 0 never stops early.
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
    strength: str = "full"
    data: str = MNIST
    pool: int = 0
    pool_seed: int = 0
    held_back: int = 0
    rejects: float = 0.24
    plain_share: float = 0.5
    validation: bool = True
    monitor: str = "score"
    precision: str = "auto"
    patience: int = 0
    seed: int = 0

    @property
    def is_own(self) -> bool:
        """Whether the data is the user's own."""
        return self.data not in (MNIST, CHARACTERS)

    @property
    def goes_on(self) -> bool:
        """Whether it begins with another model's weights: the one that ships, where none is named."""
        return self.network == "start" or self.name == "polish"

    @property
    def what(self) -> str:
        """What is learned, as `inkread train` calls it: "digits" (or one's own), or "characters"."""
        return CHARACTERS if self.data == CHARACTERS else "digits"

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


_TUTORIAL = Recipe(
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
    strength="tutorial",
    validation=False,
)

RECIPES = {
    recipe.name: recipe
    for recipe in (
        _TUTORIAL,
        Recipe(
            "fast",
            "quick",
            epochs=6,
            steps=230,
            rate=3e-3,
            warmup=200,
            ema=0.995,
            strength="light",
            plain_share=1.0,
            validation=False,
        ),
        Recipe("best", "standard", epochs=18, steps=400, pool=104_000, held_back=20_000),
        Recipe(
            "polish",
            "standard",
            epochs=10,
            steps=400,
            rate=8e-4,
            warmup=200,
            plain_share=0.4,
            pool=120_000,
            pool_seed=1,
            rejects=0.3,
            held_back=20_000,
        ),
    )
}
"""By name."""

OF_CHARACTERS = {
    recipe.name: replace(recipe, data=CHARACTERS)
    for recipe in (
        Recipe("fast", "small", epochs=12, steps=240, pool=12_000, held_back=4_000, plain_share=0.65),
        Recipe("best", "standard", epochs=20, steps=500, pool=40_000, held_back=16_000, plain_share=0.65),
    )
}
"""By name, for characters."""

EARLY = 20
"""Epochs at most where `--patience` makes the tutorial's method 5 of it."""

_OWN = Recipe(
    "fast",
    "start",
    epochs=20,
    steps=0,
    batch=64,
    rate=1e-3,
    warmup=40,
    ema=0.98,
    plain_share=1.0,
    monitor="loss",
)
OWN = {
    "tutorial": replace(_TUTORIAL, steps=0, validation=True, monitor="loss"),
    "fast": _OWN,
    "best": replace(_OWN, name="best", epochs=80, ema=0.99),
}
"""By name, for data of one's own."""

LEAST, MOST = 12, 400
"""Batches an epoch on data of one's own: few pictures are gone through several times between two looks."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command line may change of a recipe.

    Attributes:
        seed: of everything.
        epochs: instead of the recipe's own; the learning rate falls over as many.
        patience: epochs without a better validation figure until the run stops; None never stops early.
        vary: whether pictures are varied; None leaves it to the recipe.
        data: "mnist", "characters", or the path of a set of one's own.
    """

    seed: int = 0
    epochs: int | None = None
    patience: int | None = None
    vary: bool | None = None
    data: str = MNIST


def find(name: str, wishes: Wishes | None = None) -> Recipe:
    """The recipe of a name, with what the user wishes otherwise.

    Args:
        name: one of `RECIPES`; characters have no "tutorial".
        wishes: None for none.

    Raises:
        UsageError: no such recipe, not one epoch, or patience where nothing is held back to lose it over.
    """
    wishes = wishes or Wishes()
    there = {MNIST: RECIPES, CHARACTERS: OF_CHARACTERS}.get(wishes.data, OWN)
    if name not in there:
        known = list(there)
        raise UsageError(f"recipe is {name!r}; expected one of {', '.join(known)}{nearest(name, known)}")
    for what, value in (("epochs", wishes.epochs), ("patience", wishes.patience)):
        if value is not None and value < 1:
            raise UsageError(f"{what} is {value}; expected at least 1")
    recipe = there[name]
    if wishes.patience and name == "tutorial":
        recipe = replace(recipe, epochs=EARLY, validation=True, monitor="loss")
    elif wishes.patience and not recipe.validation:
        recipe = replace(recipe, validation=True)
    epochs = wishes.epochs or recipe.epochs
    return replace(
        recipe,
        seed=wishes.seed,
        pool_seed=recipe.pool_seed + wishes.seed if recipe.name == "polish" else recipe.pool_seed,
        epochs=epochs,
        patience=wishes.patience or 0,
        vary=recipe.vary if wishes.vary is None else wishes.vary,
        data=wishes.data,
    )


def sized(recipe: Recipe, pictures: int) -> Recipe:
    """A recipe for data of one's own, with as many batches an epoch as its pictures make.

    Args:
        recipe: its steps may be 0.
        pictures: to learn from.
    """
    if recipe.steps:
        return recipe
    steps = min(max(-(-pictures // recipe.batch), LEAST), MOST)
    return replace(recipe, steps=steps)
