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


SETTLED = 0.98
"""A reading this sure needs no language: the strokes leave nothing open."""
HOPELESS = 0.06
"""Characters on (geometric) average less likely than this spell no text, and no language may make it one."""
WORD_BONUS = 0.8
"""Nats by which a word of a list given is preferred: between 0.7 and 1.0, which read validation lines a
little better than no list, with the 70,000 words that occur twice in the texts of the n-grams; 2.5 read them
worse."""


def readings(
    logits: np.ndarray,
    alphabet: Alphabet,
    languages: Sequence[NGram],
    words: frozenset[str] = frozenset(),
) -> list[Hypothesis]:
    """The ways to read a line.

    Args:
        logits: `(frames, classes)`.
        alphabet: of the model.
        languages: n-grams; empty, and without words, for the greedy reading alone.
        words: known words in small letters, each of which is read the sooner.

    Returns:
        Best first, at least one; without spaces at either end. `score` is the natural logarithm of a text's
        share among all texts, languages counted in where they rank: what its confidence is told from.
    """
    first = greedy(logits, alphabet)
    likely = np.exp(first.log_probability)
    each = np.exp(first.log_probability / max(1, len(first.text)))
    if not (languages or words) or not first.text or likely >= SETTLED or each < HOPELESS:
        return [_trimmed(replace(first, score=first.log_probability))]
    plain = beam.Settings() if languages else beam.Settings(weight=0.0, bonus=0.0)
    settings = replace(plain, words=words, word_bonus=WORD_BONUS if words else 0.0)
    ways = beam.search(logits, alphabet, language=languages, settings=settings)
    whole = beam.total(logits, alphabet, language=languages, settings=settings)
    return [_trimmed(replace(found, score=beam.log_share(found, whole))) for found in ways]


def _trimmed(found: Hypothesis) -> Hypothesis:
    """A hypothesis without spaces at its ends, which cost and say nothing."""
    text = found.text.strip(" ")
    if text == found.text:
        return found
    start = len(found.text) - len(found.text.lstrip(" "))
    return replace(found, text=text, spans=found.spans[start : start + len(text)])
