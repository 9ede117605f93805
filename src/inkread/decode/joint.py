"""Two looks at one field: what both say of it together.

In: the logits of the same writing, found in two ways, and what each says alone (`constrain.answer`). Out: one
answer. What a shadow or a line of the form spoils in one look is seldom spoilt in the other, so that of a
text that is the same in both the probabilities multiply; a look may also be spoilt altogether, and say
nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inkread.alphabet import Alphabet
from inkread.decode.constrain import Answer
from inkread.decode.ctc import Hypothesis, Span, align, log_softmax, summed

__all__ = ["Clearest", "clearest", "together"]

_SPOILT = math.log(1e-3)
"""The chance that a look shows nothing of the writing."""
_LEFT = 1e-9
"""What a look leaves at least to texts that were not found."""


@dataclass(frozen=True, slots=True)
class Clearest:
    """Where the characters of a text lie, in the look in which it is likelier.

    Attributes:
        look: its number.
        spans: one a character.
        least: the probability of the least sure character, in the look that is less sure of it.
    """

    look: int
    spans: tuple[Span, ...]
    least: float


def together(looks: Sequence[NDArray[np.float32]], answers: Sequence[Answer], alphabet: Alphabet) -> Answer:
    """Put looks at one field together.

    Args:
        looks: of each the logits, `(frames, classes)`.
        answers: what each says by itself; their texts are the ones that are weighed.
        alphabet: of the model.

    Returns:
        What they say: probabilities are those of the texts given all looks; without spans.
    """
    fitting = {h.text for told in answers for h in told.valid}
    texts = list(dict.fromkeys(h.text for told in answers for h in (told.free, *told.valid)))
    classes = [alphabet.encode(text) for text in texts]
    each = np.stack([summed(log_softmax(look), classes) for look in looks])
    left = np.log(np.maximum(1 - np.exp(each).sum(axis=1), _LEFT))
    joint = np.logaddexp(each, _SPOILT).sum(axis=0)
    others = float(np.logaddexp(left, _SPOILT).sum())
    shares = joint - np.logaddexp.reduce([*joint, others])
    order = np.argsort(-shares, kind="stable").tolist()
    ranked = [Hypothesis(texts[k], float(shares[k]), float(shares[k])) for k in order]
    valid = tuple(h for h in ranked if h.text in fitting)
    best = valid[0] if valid else ranked[0]
    rest = math.log(max(1 - math.exp(best.log_probability), _LEFT))
    rival = max((h.log_probability for h in ranked if h is not best), default=rest)
    return Answer(ranked[0], valid, rival)


def clearest(looks: Sequence[NDArray[np.float32]], classes: Sequence[int]) -> Clearest:
    """Where a text lies.

    Args:
        looks: of each the logits; one of them at least can hold the text.
        classes: of its characters.
    """
    likely = [float(summed(log_softmax(look), [classes])[0]) for look in looks]
    best = int(np.argmax(likely))
    found = [align(look, classes) if np.isfinite(p) else [] for look, p in zip(looks, likely, strict=True)]
    least = min(min((span.confidence for span in spans), default=0.0) for spans in found)
    return Clearest(best, tuple(found[best]), least)
