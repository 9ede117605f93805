"""Fields of a form that hold one of a list's entries: which entry does the row say, if it must say one?

In: the reading of a row, what its network said, and the format. Out: the reading, its best guess an entry.
A row that does not read as an entry is never accepted; but the template says that one stands there, and the
likeliest one of all is a better guess than letters that nobody wrote.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from inkread.decode.ctc import log_probabilities
from inkread.formats import Format
from inkread.formats.words import Words
from inkread.runtime.linewise import LineRecognizer
from inkread.types import Alternative, Reading

__all__ = ["nearest_entry"]

_MOST = 20_000
"""Spellings of a list that are weighed at most."""
_TEMPER = 0.5
"""Networks are surer than they should be: their logarithms count so much between entries."""
_SHOWN, _LEAST = 5, 0.001
_SUREST = 0.9
"""The confidence of an entry that is not what reads there stays below this."""


def nearest_entry(
    reading: Reading, logits: NDArray[np.float32], recognizer: LineRecognizer, form: Format
) -> Reading:
    """Guess the entry that a row says.

    Args:
        reading: of the row.
        logits: `(frames, classes)` of the row.
        recognizer: that gave them.
        form: of the field.

    Returns:
        The reading itself where it is an entry, or the format has no list; else one for a person to look at,
        whose guess is the likeliest entry.
    """
    rules = form.rules
    if not isinstance(rules, Words) or not reading.guess or rules.accepts(reading.guess):
        return reading
    alphabet = recognizer.alphabet
    tried = [text for text in rules.texts if set(text) <= set(alphabet.characters)]
    if not tried or len(tried) > _MOST:
        return reading
    exact = _TEMPER * log_probabilities(logits, [alphabet.encode(text) for text in tried])
    shares = np.exp(exact - np.logaddexp.reduce(exact))
    best: dict[str, float] = {}
    for text, share in zip(tried, shares.tolist(), strict=True):
        entry = rules.spelt(text)
        best[entry] = best.get(entry, 0.0) + _SUREST * share
    told = [Alternative(entry, share) for entry, share in best.items() if share >= _LEAST]
    told.sort(key=lambda one: -one.confidence)
    if not told:
        return reading
    text = "" if reading.status == "refused" else told[0].text
    return replace(
        reading,
        text=text,
        confidence=told[0].confidence,
        status="refused" if reading.status == "refused" else "review",
        alternatives=tuple(told[:_SHOWN]),
        characters=(),
    )
