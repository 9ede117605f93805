"""The confidence of a field grows with its evidence and comes back out of a model's file."""

import json

import numpy as np
import pytest

from inkread.decode.confidence import NEVER, threshold
from inkread.decode.ctc import Hypothesis, Span
from inkread.decode.field_confidence import Evidence, FieldCalibration, evidence, features
from inkread.errors import ModelError
from inkread.runtime.metadata import Metadata

FOUND = Evidence(float(np.log(0.9)), float(np.log(0.05)), 0.92, 5)
CALIBRATION = FieldCalibration(
    (-1.0, 0.5, 0.3, 0.2, -0.4, 0.5), ((0.005, 0.97), (0.01, 0.9)), n=400, data="some"
)


@pytest.mark.parametrize(
    "surer",
    [
        pytest.param(FOUND._replace(log_share=float(np.log(0.99))), id="likelier among all texts"),
        pytest.param(FOUND._replace(rival=float(np.log(0.01))), id="further ahead"),
        pytest.param(FOUND._replace(least=0.99), id="every character clear"),
        pytest.param(FOUND._replace(length=4), id="shorter"),
        pytest.param(FOUND._replace(guarded=True), id="of a length that is fixed"),
    ],
)
def test_better_evidence_is_more_confidence(surer):
    assert CALIBRATION.confidence(FOUND) < CALIBRATION.confidence(surer) < 1


def test_certainty_and_impossibility_stay_numbers():
    ends = features([Evidence(0.0, -np.inf, 1.0, 1), Evidence(-np.inf, 0.0, 0.0, 30)])
    assert np.isfinite(ends).all()
    assert ends[0, 1] > 13 and ends[1, 1] == -14


def test_a_text_without_spans_has_no_least_character():
    assert evidence(Hypothesis("12", -0.1, -0.1), -3.0).least == 0.0
    spans = (Span(0, 1, 0.9), Span(2, 3, 0.7))
    assert evidence(Hypothesis("12", -0.1, -0.1, spans), -3.0) == (-0.1, -3.0, 0.7, 2, False)


def test_it_rides_in_a_models_metadata():
    told = Metadata("fields", "1", "lines", ("", "1"), "", field_calibration=CALIBRATION).to_json()
    again = Metadata.from_json(told)
    assert again.field_calibration == CALIBRATION and again.line_calibration is None
    assert threshold(again.field_calibration, 0.007) == 0.97
    assert threshold(again.field_calibration, 0.001) == NEVER


def test_a_broken_one_is_told():
    values = json.loads(Metadata("f", "1", "lines", ("",), "", field_calibration=CALIBRATION).to_json())
    values["field_calibration"]["weights"].pop()
    with pytest.raises(ModelError, match="5 weights for 6 features"):
        Metadata.from_json(json.dumps(values))
