"""What the OpenAPI description promises, held against the service by requests made from it."""

from __future__ import annotations

import importlib

import pytest
from hypothesis import HealthCheck, given, settings

schemathesis = pytest.importorskip("schemathesis", reason="needs schemathesis: pip install '.[dev]'")
# A schema cannot say which bytes are a picture, and a large enough one: others are refused, rightly.
checks = importlib.import_module("schemathesis.specs.openapi.checks")

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("service")]

GOOD, BAD = schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE


@pytest.fixture(scope="module")
def described(service):
    return schemathesis.openapi.from_url(f"{service.base_url}/v1/openapi.json")


@pytest.mark.parametrize(
    ("path", "method", "mode"),
    [
        pytest.param("/v1/kinds", "GET", GOOD, id="kinds"),
        pytest.param("/healthz", "GET", GOOD, id="health"),
        pytest.param("/v1/read", "POST", GOOD, id="read, as described"),
        pytest.param("/v1/read", "POST", BAD, id="read, otherwise"),
        pytest.param("/v1/look", "POST", GOOD, id="look, as described"),
        pytest.param("/v1/look", "POST", BAD, id="look, otherwise"),
    ],
)
def test_every_answer_is_one_that_the_description_names(described, path, method, mode):
    @given(case=described[path][method].as_strategy(generation_mode=mode))
    @settings(max_examples=30, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
    def ask(case):
        case.call_and_validate(excluded_checks=[checks.positive_data_acceptance])

    ask()
