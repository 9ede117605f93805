"""A second opinion on fields in boxes and combs: every cell read by itself.

In: what stands in the cells of a field, what the network of whole fields said of its row, and the field's
format. Out: a `Verdict` over texts that fit. The template says where each character stands, so a network of
single characters can read it there, with no neighbour to mislead it; the two networks err on different cells,
and what both say is nearly always so. How sure that makes a text was measured (`TOLD`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from inkread.decode.agreement import Agreement, features, weigh
from inkread.decode.characters import SHAPES, by_shape
from inkread.decode.constrain import passed_over
from inkread.decode.ctc import Hypothesis, log_probabilities, log_softmax
from inkread.formats import Format
from inkread.imaging.normalize import normalize_ink
from inkread.readers.field import COULD_BE
from inkread.runtime.linewise import LineRecognizer
from inkread.runtime.recognizer import Recognizer
from inkread.types import Alternative, Reading, Status

__all__ = ["TOLD", "Cells", "Opinion", "cell_shares", "second_opinion", "weighed"]

_EACH, _KEPT = 4, 12
"""Characters tried in a cell, and texts kept from cell to cell."""
_FLOOR = -14.0
"""The least that one cell says of a character: a blot must not forbid what the row shows."""
_WEIGHT = 0.5
"""Of what the cells say, beside what the row says."""
_SHOWN, _LEAST_SHOWN = 5, 0.001
_READABLE = 0.5
"""What the row refused is read where cells and row together are as sure as this."""

TOLD = Agreement(
    weights=(0.521, 0.446, 0.0, 0.0, 0.325),
    slack=(3.0, 3.0),
    curve=((0.005, 0.989), (0.01, 0.96), (0.02, 0.8667)),
    n=156,
    data="simulated forms by hands and fonts that neither trained the models nor are reported on",
)
"""Fitted by `benchmarks/form_cells.py`, with fields 0.3, digits 1.5 and characters 0.2: of 156 fields
114 are as sure as 0.95, one of them wrong, and 75 as sure as 0.99, none of them wrong."""


@dataclass(frozen=True, slots=True)
class Cells:
    """The networks that read cells.

    Attributes:
        digits: tells ten digits.
        characters: tells the 62 characters; None where only digits stand in cells.
    """

    digits: Recognizer
    characters: Recognizer | None = None


@dataclass(frozen=True, slots=True)
class Opinion:
    """What row and cells say together.

    Attributes:
        texts: that fit the format, likeliest first.
        shares: the probability of each, 0..1.
        agrees: whether neither of the two clearly says something else.
        by_row: the likeliest of them by the row alone.
        by_cells: the likeliest of them by the cells alone.
        evidence: what the confidence was told from, as `agreement.features` gives it.
    """

    texts: tuple[str, ...]
    shares: tuple[float, ...]
    agrees: bool
    by_row: str
    by_cells: str
    evidence: tuple[float, ...]


def cell_shares(marks: Sequence[NDArray[np.float32]], form: Format, networks: Cells) -> NDArray[np.float64]:
    """What stands in each cell.

    Args:
        marks: ink of each filled cell.
        form: of the field.
        networks: of single characters.

    Returns:
        `(n, 36)` log-probabilities of `characters.SHAPES`, a small letter counted with its capital.
    """
    pictures = np.stack([normalize_ink(mark) for mark in marks])[..., None]
    digits = _tempered(networks.digits, networks.digits.logits(pictures)[:, :10])
    told = np.full((len(marks), len(SHAPES)), _FLOOR)
    told[:, :10] = digits
    if networks.characters is not None and any(c.isalpha() for c in form.characters):
        shapes = log_softmax(by_shape(networks.characters.logits(pictures))[:, : len(SHAPES)])
        figure = np.logaddexp.reduce(shapes[:, :10], axis=1)
        told = shapes.copy()
        told[:, :10] = figure[:, None] + digits
    return np.maximum(told, _FLOOR)


def _tempered(network: Recognizer, logits: NDArray[np.float32]) -> NDArray[np.float64]:
    """Log-probabilities of logits, as sure as the network's calibration lets it be."""
    calibration = network.metadata.calibration
    return log_softmax(logits / (calibration.temperature if calibration else 1.0))


def second_opinion(
    shares: NDArray[np.float64],
    row: tuple[NDArray[np.float32], Sequence[Hypothesis]],
    recognizer: LineRecognizer,
    form: Format,
    told: Agreement = TOLD,
) -> Opinion | None:
    """Weigh what the cells say against what the whole row says.

    Args:
        shares: as `cell_shares` gives them, one row a filled cell.
        row: logits `(frames, classes)` of the field's row, and the texts that were found in it.
        recognizer: that gave them.
        form: of the field.
        told: what was measured of the two.

    Returns:
        None where no text with a character a cell fits the format.
    """
    logits, options = row
    alphabet = recognizer.alphabet
    texts = {_plain(h.text, form) for h in options if form.valid(h.text) and _in_cells(h.text, len(shares))}
    texts |= set(_likely(shares, form))
    tried = sorted(text for text in texts if all(c in alphabet.characters for c in text))
    if not tried:
        return None
    plain = logits if form.has_blanks else passed_over(logits, alphabet, " ")
    exact = log_probabilities(plain, [alphabet.encode(text) for text in tried]).tolist()
    by_row = {k: max(float(p), -60.0) for k, p in enumerate(exact)}
    by_cells = {k: _WEIGHT * _log_share(text, shares) for k, text in enumerate(tried)}
    verdict = weigh(by_row, by_cells, told)
    order = [k for k, _ in verdict.shares]
    return Opinion(
        tuple(tried[k] for k in order),
        tuple(share for _, share in verdict.shares),
        verdict.agrees,
        tried[max(by_row, key=lambda k: by_row[k])],
        tried[max(by_cells, key=lambda k: by_cells[k])],
        tuple(features(by_row, by_cells)[1].tolist()),
    )


def _plain(text: str, form: Format) -> str:
    """A text without signs, which hardly ever stand in a box, where the format can do without."""
    bare = "".join(c for c in text if c.isalnum())
    return bare if form.valid(bare) else text


def _in_cells(text: str, count: int) -> bool:
    """Whether a text has a character a cell, signs aside, which are squeezed in between."""
    return sum(c.isalnum() for c in text) == count


def _log_share(text: str, shares: NDArray[np.float64]) -> float:
    """The log-probability of a text by its cells."""
    signs = [c for c in text.upper() if c.isalnum()]
    return float(sum(shares[k, SHAPES.index(c)] if c in SHAPES else _FLOOR for k, c in enumerate(signs)))


def _likely(shares: NDArray[np.float64], form: Format) -> list[str]:
    """The texts that the cells say and that fit, likeliest first."""
    kept: list[tuple[float, str]] = [(0.0, "")]
    for cell in shares:
        best = np.argsort(-cell)
        longer = []
        for share, text in kept:
            fitting = (int(k) for k in best if form.can_begin(text + SHAPES[k]))
            longer += [(share + float(cell[k]), text + SHAPES[k]) for k in islice(fitting, _EACH)]
        kept = sorted(longer, reverse=True)[:_KEPT]
        if not kept or not math.isfinite(kept[0][0]):
            return []
    return [text for _, text in kept if form.valid(text)]


def weighed(reading: Reading, opinion: Opinion, form: Format, least: float) -> Reading:
    """The reading of a field once its cells have had their say.

    Args:
        reading: of its row.
        opinion: of row and cells.
        form: of the field.
        least: the least confidence at which it is accepted.
    """
    best, sure = opinion.texts[0], opinion.shares[0]
    told = [Alternative(text, share) for text, share in zip(opinion.texts, opinion.shares, strict=True)]
    others = [one for one in told[1:] if one.confidence >= _LEAST_SHOWN]
    status, reason = _verdict(opinion, form, least)
    if reading.status == "refused" and sure < _READABLE:
        status, reason = "refused", reading.reason
    return replace(
        reading,
        text="" if status == "refused" else best,
        confidence=sure,
        status=status,
        reason=reason,
        alternatives=(told[0], *others[: _SHOWN - 1]),
        characters=reading.characters if best == reading.text and status != "refused" else (),
    )


def _verdict(opinion: Opinion, form: Format, least: float) -> tuple[Status, str]:
    """The status of the best text, and the reason why a person must look."""
    best, sure = opinion.texts[0], opinion.shares[0]
    if doubt := form.doubt(best):
        return "review", doubt
    if not opinion.agrees:
        other = opinion.by_cells if best == opinion.by_row else opinion.by_row
        where = "each box by itself" if best == opinion.by_row else "the whole row"
        return "review", f"reads {other} by {where}"
    if sure >= least:
        return "accepted", ""
    if len(opinion.texts) > 1 and opinion.shares[1] > 0.5 * (1 - sure):
        return "review", f"{COULD_BE} {opinion.texts[1]} ({opinion.shares[1]:.0%})"
    return "review", "row and boxes are not sure enough together for the error target"
