"""What a row of a field says, how surely, and what speaks against it: by one look at it, or by two.

In: the network's answers to a row and how fields are read. Out: a `Found`. Texts that fit the format are
weighed against all others; what a calibration has found, of one look or of two, turns that into a confidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from inkread.decode import joint
from inkread.decode.constrain import Answer, answer, passed_over
from inkread.decode.ctc import Hypothesis, align
from inkread.decode.field_confidence import Evidence, FieldCalibration, evidence
from inkread.decode.line_confidence import plain
from inkread.formats import Format
from inkread.readers.text import UNREADABLE
from inkread.runtime.linewise import LineRecognizer

__all__ = ["COULD_BE", "LIST_MARGIN", "FieldWay", "Found", "decided", "decided_together"]

COULD_BE = "could also be"
"""How a reason begins where what speaks against a reading is another one that nearly as well may be right."""
LIST_MARGIN = 2.0
"""A text that the format's list holds goes before one that it does not hold where that is likelier by so many
nats at most, which is 7.4 times as likely; a clear reading that is not in the list stays as it is."""
_THERE = 1e-3
"""A text that fits is no reading of the strokes where it is less likely than this share of what stands there:
then that is the reading, for a person to look at, and nothing is made up to fit. Of two looks, whose chances
multiply, this holds of each."""
_NO_TEXT = "no text: nothing there reads as a character; it is empty, struck out, or no writing"


@dataclass(frozen=True, slots=True)
class FieldWay:
    """How fields are read.

    Attributes:
        recognizer: gives logits a frame.
        threshold: the least confidence at which a reading is accepted; above 1 where nothing can be.
        format: what the fields may hold.
        together: the same as `threshold`, of what two looks say together; None takes that.
    """

    recognizer: LineRecognizer
    threshold: float
    format: Format
    together: float | None = None

    def least(self, looks: int) -> float:
        """The least confidence at which a reading by one look or by two is accepted."""
        return self.threshold if looks == 1 or self.together is None else self.together


@dataclass(frozen=True, slots=True)
class Found:
    """What a row was decided to say.

    Attributes:
        options: ways to read it, best first, the best with spans; the text "" alone where nothing reads.
        shares: the confidence of each, 0..1, decreasing, together at most 1.
        doubt: why a person must look whatever the confidence; empty where nothing speaks against it.
        rival: log-probability of the likeliest text that is not the best option.
        evidence: what the best option's confidence was told from.
        looks: how many looks said it, 1 or 2.
        clearest: the number of the look that the best option's spans are of.
    """

    options: tuple[Hypothesis, ...]
    shares: tuple[float, ...]
    doubt: str
    rival: float = 0.0
    evidence: Evidence | None = None
    looks: int = 1
    clearest: int = 0


def decided(logits: NDArray[np.float32], way: FieldWay) -> Found:
    """What a row says, how surely, and what speaks against it, by one look.

    Args:
        logits: `(frames, classes)`.
        way: network, threshold and format.
    """
    logits = _heard(logits, way)
    told = _asked(logits, way)
    if not told.free.text.strip():
        return Found((told.free,), (0.0,), _NO_TEXT)
    options, doubt, rival = _weighed(told, way)
    best = options[0]
    if not best.spans:
        best = replace(best, spans=tuple(align(logits, way.recognizer.alphabet.encode(best.text))))
    seen = evidence(best, rival, _is_guarded(best.text, way.format))
    options = (best, *options[1:])
    meta = way.recognizer.metadata
    if meta.field_calibration is None and meta.line_calibration:
        sure = meta.line_calibration.confidence(best.log_probability, len(best.text))
    else:
        sure = _sure(seen, meta.field_calibration)
    return Found(options, _shares(options, sure), doubt, rival, seen)


def decided_together(looks: Sequence[NDArray[np.float32]], way: FieldWay) -> Found:
    """What a row says, how surely, and what speaks against it, by two looks.

    Args:
        looks: of each the logits, `(frames, classes)`.
        way: network, thresholds and format.
    """
    looks = [_heard(logits, way) for logits in looks]
    alphabet = way.recognizer.alphabet
    told = joint.together(looks, [_asked(logits, way) for logits in looks], alphabet)
    if not told.free.text.strip():
        return Found((told.free,), (0.0,), _NO_TEXT, looks=2)
    options, doubt, rival = _weighed(told, way, len(looks))
    where = joint.clearest(looks, alphabet.encode(options[0].text))
    best = replace(options[0], spans=where.spans)
    guarded = _is_guarded(best.text, way.format)
    seen = Evidence(best.log_probability, rival, where.least, len(best.text), guarded)
    options = (best, *options[1:])
    sure = _sure(seen, way.recognizer.metadata.field_calibration_together)
    return Found(options, _shares(options, sure), doubt, rival, seen, 2, where.look)


def _is_guarded(text: str, form: Format) -> bool:
    """Whether a format notices a lost character: the text fits, and without any one of them it does not."""
    return form.valid(text) and not any(form.valid(text[:k] + text[k + 1 :]) for k in range(len(text)))


def _heard(logits: NDArray[np.float32], way: FieldWay) -> NDArray[np.float32]:
    """Logits in which blanks say nothing where the format has none."""
    if way.format.has_blanks:
        return logits
    return np.asarray(passed_over(logits, way.recognizer.alphabet, " "), np.float32)


def _asked(logits: NDArray[np.float32], way: FieldWay) -> Answer:
    form = way.format
    return answer(logits, way.recognizer.alphabet, form.can_begin, form.valid, characters=form.characters)


def _weighed(told: Answer, way: FieldWay, looks: int = 1) -> tuple[tuple[Hypothesis, ...], str, float]:
    """The options, best first, what speaks against the best, and the likeliest other text's probability."""
    form = way.format
    options = _listed_first(told.valid, form)
    least = told.free.log_probability + looks * np.log(_THERE)
    if not options or options[0].log_probability < least or not _can_be_read(options[0]):
        options = (told.free, *(o for o in options if o.text != told.free.text))
    best = options[0]
    doubt = form.doubt(told.free.text) or form.doubt(best.text)
    if not doubt and best.text != told.free.text:
        doubt = f"{COULD_BE} {told.free.text}"
    rivals = [h.log_probability for h in (told.free, *options) if h.text != best.text]
    if told.valid and best.text == told.valid[0].text:
        rivals.append(told.rival)
    return options, doubt, max(rivals, default=told.rival)


def _can_be_read(option: Hypothesis) -> bool:
    """Whether a text is likely enough for strokes to be read as it at all; else what stands there is told."""
    return bool(np.exp(option.log_probability / max(1, len(option.text))) >= UNREADABLE)


def _listed_first(valid: Sequence[Hypothesis], form: Format) -> tuple[Hypothesis, ...]:
    """Texts that fit, one that the list holds in front where the first is not in it and hardly likelier."""
    if not valid or form.lists is None or form.listed(valid[0].text):
        return tuple(valid)
    least = valid[0].log_probability - LIST_MARGIN
    chosen = next((h for h in valid if h.log_probability >= least and form.listed(h.text)), valid[0])
    return (chosen, *(h for h in valid if h is not chosen))


def _sure(seen: Evidence, calibration: FieldCalibration | None) -> float:
    """The confidence of the best option, as calibrated."""
    return calibration.confidence(seen) if calibration else plain(seen.log_share)


def _shares(options: Sequence[Hypothesis], sure: float) -> tuple[float, ...]:
    """The confidence of each option: of the best as it is; of the others what it leaves, by odds."""
    share = plain(options[0].log_probability)
    scale = (1.0 - sure) / (1.0 - share) if share < 1.0 else 0.0
    others = [min(sure, plain(h.log_probability) * scale) for h in options[1:]]
    return (sure, *others)
