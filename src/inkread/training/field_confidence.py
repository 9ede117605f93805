"""Fit a `FieldCalibration`: from what the two beams say of held-back fields to honest confidences.

The fields must be read as the reader will read them, each with its format, and be of hands, papers and lights
that neither training nor the choice of the weights has seen. Only readings that nothing else speaks against
count, for only they can be accepted; a field without a text that reads as one is an error, as on paper.

A threshold must keep its target over all fields together, surely (`calibrate.curve`), and as measured in
every single domain, so that easy paper does not pay for hard paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkread.data import varylines
from inkread.data.linesets import Strips
from inkread.decode.confidence import NEVER, threshold
from inkread.decode.field_confidence import FEATURES, Evidence, FieldCalibration, features
from inkread.errors import DataError
from inkread.evaluation.metrics import error_upper_bound
from inkread.formats import Format, find
from inkread.readers.field_decision import FieldWay, decided, decided_together
from inkread.runtime import export, linewise
from inkread.runtime.linewise import LineRecognizer
from inkread.training.calibrate import TARGETS, curve
from inkread.training.line_confidence import LEAST, logistic

__all__ = ["FORMATS", "Seen", "by_domain", "calibrated", "fit", "look"]

FORMATS = {
    "zip": "us_zip",
    "zip4": "us_zip4",
    "number": "digits",
    "eight": "digits:8",
    "amount": "amount",
    "date": "date",
    "phone": "phone",
    "routing": "routing",
    "card": "luhn:16",
}
"""Which format strings of a kind are read with; kinds that have none tell nothing of a field's confidence."""
_FEWEST = 100
"""A domain of fewer fields proves nothing by itself."""
_BATCH = 256
_EITHER = (FEATURES.index("one"), FEATURES.index("log length"))
"""Features that may speak for a text or against it."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read of held-back fields.

    Attributes:
        evidence: of each reading that nothing but its confidence could keep from being accepted.
        right: whether it was right: the same text, or another way to write the same value.
        domains: where it is from: how the light and paper were, and what form it stands in.
        fields: fields that were looked at, those that nobody could accept among them.
    """

    evidence: tuple[Evidence, ...]
    right: tuple[bool, ...]
    domains: tuple[str, ...]
    fields: int


def look(recognizer: LineRecognizer, strings: Strips, again: Strips | None = None) -> Seen:
    """Read held-back strings as fields.

    Args:
        recognizer: the network.
        strings: their groups are "HAND|AXES|FORM|KIND", as `data.fieldpools` has them.
        again: the same strings as a second look has them; None reads by one look.
    """
    told: list[tuple[Evidence, bool, str]] = []
    looks = [strings] if again is None else [strings, again]
    chosen = [k for k, group in enumerate(strings.groups) if group.split("|")[-1] in FORMATS]
    for first in range(0, len(chosen), _BATCH):
        some = chosen[first : first + _BATCH]
        answers = [recognizer.logits([varylines.plain(each[k]) for k in some]) for each in looks]
        for number, *logits in zip(some, *answers, strict=True):
            _, axes, form, kind = strings.groups[number].split("|")
            way = FieldWay(recognizer, NEVER, find(FORMATS[kind]))
            found = decided(logits[0], way) if again is None else decided_together(logits, way)
            if not found.doubt and found.evidence is not None:
                truth = strings.texts[number]
                truth = truth if way.format.has_blanks else truth.replace(" ", "")
                right = _is_right(found.options[0].text, truth, way.format)
                told.append((found.evidence, right, f"{axes}|{form}"))
    return Seen(tuple(t[0] for t in told), tuple(t[1] for t in told), tuple(t[2] for t in told), len(chosen))


def _is_right(text: str, truth: str, form: Format) -> bool:
    """Whether a reading says what stands there: "1234.50" is right where "$1,234.50" is written."""
    return text == truth or (form.valid(truth) and form.normal(text) == form.normal(truth))


def fit(
    found: Sequence[Evidence],
    right: Sequence[bool],
    domains: Sequence[str],
    *,
    level: float = 0.95,
    data: str = "",
) -> FieldCalibration:
    """Fit the confidence of fields and the thresholds for error targets.

    Args:
        found: `(n,)` evidence of each reading.
        right: `(n,)` whether it was right.
        domains: `(n,)` where each is from.
        level: how surely the error among accepted fields is to stay within each target.
        data: what the fields are, in words, for the card.

    Returns:
        The calibration: a logistic regression on `decode.field_confidence.features`, in which more evidence
        never means less confidence.

    Raises:
        DataError: too few fields, or nearly all of them right or wrong.
    """
    sure = np.asarray(right, dtype=bool)
    few = min(int(sure.sum()), int((~sure).sum()))
    if len(sure) < LEAST or few < LEAST // 10:
        raise DataError(
            f"{len(sure)} held-back fields, {int(sure.sum())} of them right, are too few to calibrate on; "
            f"at least {LEAST} are needed, {LEAST // 10} right and {LEAST // 10} wrong, and 3,000 right ones "
            "for a target of 0.1 %"
        )
    weights = _weights(features(found), sure)
    draft = FieldCalibration(tuple(weights.tolist()), (), level, len(sure), data)
    confidence = draft.confidences(found)
    pooled = curve(confidence, sure, TARGETS, level)
    return replace(draft, curve=_kept_everywhere(pooled, confidence, sure, np.asarray(domains)))


def by_domain(seen: Seen, targets: Iterable[float] = (0.001, 0.005, 0.01)) -> dict[str, list[dict[str, Any]]]:
    """For each domain what a calibration does that was fitted on all the others.

    Args:
        seen: what was read.
        targets: error targets.

    Returns:
        Domain -> one row a target: "target", "n", "accepted" (a share of the domain's readings), "error"
        among them (None where none is) and "error_upper95" (Clopper and Pearson). Domains that are too small
        are left out, and those without which the rest is.
    """
    names, sizes = np.unique(np.array(seen.domains), return_counts=True)
    told: dict[str, list[dict[str, Any]]] = {}
    for name in names[sizes >= _FEWEST].tolist():
        inside = [domain == name for domain in seen.domains]
        rest = [k for k, is_in in enumerate(inside) if not is_in]
        try:
            others = fit(
                [seen.evidence[k] for k in rest],
                [seen.right[k] for k in rest],
                [seen.domains[k] for k in rest],
            )
        except DataError:
            continue
        told[name] = [_row(seen, inside, others, target) for target in targets]
    return told


def calibrated(model: Path, strings: Strips, twice: tuple[Strips, Strips] | None = None) -> FieldCalibration:
    """Calibrate a reader of fields on held-back strings, and write what was found into its file.

    Args:
        model: a `.keras` or `.onnx` file.
        strings: as for `look`.
        twice: strings as two looks have them, see `data.fieldlooks`; None leaves what two looks say together
            without a calibration.

    Returns:
        The calibration of one look; the file's card gets the figures of `by_domain` as "held_out_domains", of
        two looks as "held_out_domains_together".

    Raises:
        DataError: too few strings.
        ModelError: the model cannot be loaded.
    """
    recognizer = linewise.load(model)
    meta = recognizer.metadata
    seen = look(recognizer, strings)
    found = _fitted(seen)
    meta = replace(meta, field_calibration=found, card=meta.card | {"held_out_domains": by_domain(seen)})
    if twice is not None:
        seen = look(recognizer, *twice)
        card = meta.card | {"held_out_domains_together": by_domain(seen)}
        meta = replace(meta, field_calibration_together=_fitted(seen), card=card)
    export.write_metadata(model, meta)
    return found


def _fitted(seen: Seen) -> FieldCalibration:
    data = f"{seen.fields} simulated fields held back, {len(seen.right)} of which read as their format holds"
    return fit(seen.evidence, seen.right, seen.domains, data=data)


def _weights(x: NDArray[np.float64], right: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Weights of least cross-entropy with none negative but those of `_EITHER`."""
    free = list(range(len(FEATURES)))
    while True:
        found = logistic(x[:, free], right)
        wrong = [k for k, w in zip(free, found, strict=True) if w < 0 and k not in _EITHER]
        if not wrong:
            weights = np.zeros(len(FEATURES))
            weights[free] = found
            return weights
        free = [k for k in free if k not in wrong]


def _kept_everywhere(
    pooled: tuple[tuple[float, float], ...],
    confidence: NDArray[np.float64],
    right: NDArray[np.bool_],
    domains: NDArray[np.str_],
) -> tuple[tuple[float, float], ...]:
    """Thresholds raised until no domain's measured error is above the target."""
    names, sizes = np.unique(domains, return_counts=True)
    told: list[tuple[float, float]] = []
    for target, least in pooled:
        for name in names[sizes >= _FEWEST]:
            inside = domains == name
            least = max(least, _least(confidence[inside], right[inside], target))  # noqa: PLW2901
        told.append((target, least))
    # A stricter target never accepts more.
    return tuple((t, max(c for other, c in told[k:] if other >= t)) for k, (t, _) in enumerate(told))


def _least(confidence: NDArray[np.float64], right: NDArray[np.bool_], target: float) -> float:
    """The least confidence from which the measured error is at most the target."""
    order = np.argsort(-confidence, kind="stable")
    wrong = np.cumsum(~right[order])
    within = np.flatnonzero(wrong <= target * np.arange(1, len(order) + 1))
    if not len(within):
        return float(np.nextafter(confidence.max(), 2.0))
    return float(confidence[order[within[-1]]])


def _row(seen: Seen, inside: Sequence[bool], others: FieldCalibration, target: float) -> dict[str, Any]:
    """What is accepted of one domain at one target."""
    least = threshold(others, target)
    own = [k for k, is_in in enumerate(inside) if is_in]
    sure = others.confidences([seen.evidence[k] for k in own])
    accepted = [k for k, confidence in zip(own, sure, strict=True) if confidence >= least]
    wrong = sum(not seen.right[k] for k in accepted)
    return {
        "target": target,
        "n": len(own),
        "accepted": round(len(accepted) / len(own), 4),
        "error": round(wrong / len(accepted), 5) if accepted else None,
        "error_upper95": round(error_upper_bound(wrong, len(accepted)), 5),
    }
