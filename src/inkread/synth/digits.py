"""One labelled picture of a digit: a hand writes it, the camera takes it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inkread.synth import camera, conditions
from inkread.synth.hands import Hands

__all__ = ["Sample", "render"]


@dataclass(frozen=True, slots=True)
class Sample:
    """A rendered picture and everything known of it.

    Attributes:
        rgb: uint8 `(height, width, 3)`.
        label: "0".."9", or "" where it is not a digit.
        hand: who wrote it; empty for rejects that no hand wrote.
        source: where the mark is from, such as "mnist", "font" or "turned-90".
        axis: which axes took a held-out family, such as "light" or "pen+hand"; empty for training pictures.
        ink: float32 `(height, width)` in 0..1: how much of each pixel the mark covers.
    """

    rgb: np.ndarray
    label: str
    hand: str
    source: str
    axis: str
    ink: np.ndarray


def render(rng: np.random.Generator, hands: Hands, axes: str = "train", label: str | None = None) -> Sample:
    """Draw and photograph one digit.

    Args:
        rng: source of everything: the same state gives the same bytes.
        hands: the bank of hands.
        axes: "train" takes no held-out family; "held_out" at least one; an axis by name just that one.
        label: which digit; any where None.

    Returns:
        The sample.

    Raises:
        UsageError: `axes` is something else.
    """
    away = conditions.which(axes, rng)
    view = conditions.sample_conditions(rng, away)
    # A quarter of the written digits keep their own stroke.
    nib = None if rng.random() < 0.2 else view.nib
    mark = hands.draw(
        rng, away="hand" in away, label=label, nib=nib, height_px=int(np.clip(view.digit_px, 48, 220))
    )
    shot = camera.shoot(mark.mask, rng, view)
    axis = "+".join(name for name in conditions.AXES if name in away)
    return Sample(shot.rgb, mark.label, mark.hand, mark.source, axis, shot.ink)
