"""What the tests of readers share."""

import pytest


@pytest.fixture
def page_head():
    """The head of a template of one page: TOML that any fields may follow."""
    return """
name = "slip"

[[pages]]
width = 100
height = 100
marks = [{ id = 0, box = [5, 5, 15, 15] }]
"""
