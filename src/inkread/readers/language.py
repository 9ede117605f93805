"""What a line's logits say, with or without the help of languages; `decode.ngram.load` opens them by name.

In: logits of one line. Out: the ways to read it, best first, with nothing at their ends that is no text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from inkread.alphabet import Alphabet
from inkread.decode import beam
from inkread.decode.ctc import Hypothesis, greedy
from inkread.decode.ngram import NGram

__all__ = ["readings"]


def readings(logits: np.ndarray, alphabet: Alphabet, languages: Sequence[NGram]) -> list[Hypothesis]:
    """The ways to read a line.

    Args:
        logits: `(frames, classes)`.
        alphabet: of the model.
        languages: n-grams; empty for the greedy reading alone.

    Returns:
        Best first, at least one; without spaces at either end.
    """
    if not languages:
        return [_trimmed(greedy(logits, alphabet))]
    return [_trimmed(found) for found in beam.search(logits, alphabet, language=languages)]


def _trimmed(found: Hypothesis) -> Hypothesis:
    """A hypothesis without spaces at its ends, which cost and say nothing."""
    text = found.text.strip(" ")
    if text == found.text:
        return found
    start = len(found.text) - len(found.text.lstrip(" "))
    return replace(found, text=text, spans=found.spans[start : start + len(text)])
