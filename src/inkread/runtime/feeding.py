"""How a network wants its pictures: one 28x28 picture in whatever arrangement a stranger's network takes.

Most take `(28, 28, 1)`. Dense networks take 784 numbers, PyTorch's take `(1, 28, 28)`, some three colours
that are all the same grey, and some exported files exactly one picture at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from inkread.errors import ModelError

__all__ = ["FORMS", "Feeding", "find"]

SIDE = 28
PIXELS = SIDE * SIDE
FORMS = (
    (SIDE, SIDE, 1),
    (SIDE, SIDE),
    (PIXELS,),
    (1, SIDE, SIDE),
    (SIDE, SIDE, 3),
    (3, SIDE, SIDE),
    (PIXELS, 1),
    (1, PIXELS),
)
"""How a picture can be arranged; a network that leaves a size open gets the first that fits."""


@dataclass(frozen=True, slots=True)
class Feeding:
    """How to hand pictures to a network.

    Attributes:
        form: one picture's shape, one of `FORMS`.
        batch: how many pictures it takes at a time; None for any number.
        dtype: of its numbers.
    """

    form: tuple[int, ...]
    batch: int | None = None
    dtype: str = "float32"

    def shaped(self, images: np.ndarray) -> np.ndarray:
        """Arrange pictures as the network wants them.

        Args:
            images: `(n, 28, 28, 1)` float32.

        Returns:
            `(n, *form)`; a network of three colours gets the grey three times.
        """
        if 3 in self.form:
            axis = self.form.index(3) + 1
            return np.repeat(np.expand_dims(images[..., 0], axis), 3, axis).astype(self.dtype)
        return images.reshape(-1, *self.form).astype(self.dtype, copy=False)

    def ask(self, network: Callable[[np.ndarray], np.ndarray], images: np.ndarray) -> np.ndarray:
        """Ask a network about pictures, a batch of its own size at a time.

        Args:
            network: takes what `shaped` gives, `batch` pictures at a time.
            images: `(n, 28, 28, 1)` float32, n at least 1.

        Returns:
            `(n, ...)`: its answers.
        """
        pictures = self.shaped(images)
        if self.batch is None:
            return network(pictures)
        missing = -len(pictures) % self.batch
        full = np.concatenate([pictures, np.zeros((missing, *self.form), self.dtype)])
        answers = [network(part) for part in np.split(full, len(full) // self.batch)]
        return np.concatenate(answers)[: len(pictures)]


def find(name: str, asked: object, dtype: str = "float32") -> Feeding:
    """Find out how a network takes a picture.

    Args:
        name: of the model, for the message.
        asked: the shape that the network asks for, batch first, such as `(None, 28, 28, 1)`; sizes that it
            leaves open are None or a word.
        dtype: of its numbers.

    Raises:
        ModelError: no arrangement of 28x28 pixels fits.
    """
    sizes = tuple(asked) if isinstance(asked, Sequence) and not isinstance(asked, str) else ()
    for form in FORMS:
        if len(sizes) == len(form) + 1 and all(_fits(s, f) for s, f in zip(sizes[1:], form, strict=True)):
            first = sizes[0]
            return Feeding(form, first if isinstance(first, int) and first > 0 else None, dtype)
    raise ModelError(
        f"{name} takes pictures of shape {sizes[1:]}; expected 28x28 pixels, such as (28, 28, 1), (28, 28), "
        "(784,) or (28, 28, 3)"
    )


def _fits(size: object, wanted: int) -> bool:
    """Whether a size is what is wanted, or open."""
    return size == wanted if isinstance(size, int) and size > 0 else True
