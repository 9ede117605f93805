"""Confidence fitted on held-back fields is honest, and its thresholds hold everywhere."""

import numpy as np
import pytest

from inkread.alphabet import FIELDS
from inkread.data.linesets import KEPT_HEIGHT, Strips
from inkread.decode.confidence import threshold
from inkread.decode.field_confidence import Evidence
from inkread.errors import DataError
from inkread.imaging.strips import STRIP_VERSION
from inkread.runtime.linewise import LineRecognizer
from inkread.runtime.metadata import Metadata

pytest.importorskip("keras", reason="needs keras: pip install '.[train]'")

from inkread.training import field_confidence as module  # noqa: E402


def drawn(n, seed=0, hard=0.3):
    """Evidence of fields that are right as often as a hidden rule says, and harder ones in domain b."""
    rng = np.random.default_rng(seed)
    odds = rng.normal(5, 3, n)
    domains = np.where(rng.random(n) < 0.5, "a", "b")
    right = rng.random(n) < 1 / (1 + np.exp(-(odds - np.where(domains == "b", hard, 0.0))))
    share = -np.log1p(np.exp(-odds))
    lead = np.abs(rng.normal(0, 1, n))
    found = [Evidence(float(s), float(s - d), 0.9, 5) for s, d in zip(share, lead, strict=True)]
    return found, right.tolist(), domains.tolist()


def test_confidences_are_the_shares_that_were_right():
    found, right, domains = drawn(6000)
    fitted = module.fit(found, right, domains, data="drawn")
    fresh, truth, _ = drawn(6000, seed=1)
    confidence = fitted.confidences(fresh)
    for low, high in ((0.5, 0.8), (0.8, 0.95), (0.95, 1.0)):
        inside = (confidence >= low) & (confidence < high)
        assert confidence[inside].mean() == pytest.approx(np.array(truth)[inside].mean(), abs=0.04)
    assert fitted.n == 6000 and fitted.data == "drawn"
    assert all(w >= 0 for w in fitted.weights[1:4])


def test_a_threshold_keeps_its_target_on_fresh_fields_and_targets_are_in_order():
    fitted = module.fit(*drawn(8000))
    fresh, truth, _ = drawn(8000, seed=2)
    confidence, truth = fitted.confidences(fresh), np.array(truth)
    for target in (0.01, 0.05):
        accepted = confidence >= threshold(fitted, target)
        assert accepted.mean() > 0.2
        assert 1 - truth[accepted].mean() <= target
    thresholds = [least for _, least in fitted.curve]
    assert thresholds == sorted(thresholds, reverse=True)


def test_the_hardest_domain_sets_the_threshold():
    found, right, domains = drawn(6000, hard=4.0)
    strict = module.fit(found, right, domains)
    loose = module.fit(found, right, ["all"] * len(found))
    target = 0.05
    assert threshold(strict, target) > threshold(loose, target)
    confidence = strict.confidences(found)
    for name in "ab":
        accepted = (confidence >= threshold(strict, target)) & (np.array(domains) == name)
        assert 1 - np.array(right)[accepted].mean() <= target


def test_each_domain_is_told_of_as_if_it_had_not_been_seen():
    seen = module.Seen(*map(tuple, drawn(4000)), 5000)
    told = module.by_domain(seen, (0.05,))
    assert sorted(told) == ["a", "b"]
    (row,) = told["b"]
    assert row["n"] == seen.domains.count("b") and 0 < row["accepted"] < 1
    assert row["error"] < row["error_upper95"] < 0.1


@pytest.mark.parametrize("n", [10, 60])
def test_too_few_fields_are_told(n):
    with pytest.raises(DataError, match="too few to calibrate"):
        module.fit([Evidence(-0.1, -3.0, 0.9, 5)] * n, [True] * n, [""] * n)


def test_strings_are_read_with_the_format_of_their_kind():
    truth = ["02139", "00000", "0213", "12-5", "7", ""]
    says = ["02139", "00000", "0213", "12-5", "1", "02139"]
    kinds = ["zip", "zip", "zip", "code", "number", "zip"]
    waiting = [text for text, kind in zip(says, kinds, strict=True) if kind != "code"]

    def run(strips):
        told = np.zeros((len(strips), -(-strips.shape[2] // 4), FIELDS.size), np.float32)
        told[..., 0] = 18
        for row in told:
            for place, k in enumerate(FIELDS.encode(waiting.pop(0))):
                row[2 * place + 1, [0, k]] = 0, 18
        return told

    pixels = np.zeros((KEPT_HEIGHT, 80), np.uint8)
    strings = Strips.of([pixels] * 6, truth, [f"h|train|box|{kind}" for kind in kinds])
    metadata = Metadata("fields", "t", "lines", ("", *FIELDS.characters), STRIP_VERSION)
    seen = module.look(LineRecognizer(metadata, FIELDS, run), strings)
    # The code has no format; the ZIP that is not listed and the four digits can never be accepted.
    assert seen.fields == 5
    assert seen.right == (True, False, False)
    assert seen.domains == ("train|box",) * 3 and [e.length for e in seen.evidence] == [5, 1, 5]
