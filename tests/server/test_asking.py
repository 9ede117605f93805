"""What a request asks for, where it is refused before anything is read; and what is kept while reading."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

pytest.importorskip("fastapi", reason="needs the service: pip install '.[serve]'")

from inkread.errors import ModelError
from inkread.readers.reader import KINDS
from inkread.runtime import shelf
from inkread.server import delivery, schema
from inkread.server.asking import options
from inkread.server.events import Hub
from inkread.server.jobs import Job, Options, RefusedError
from inkread.server.settings import Limits
from inkread.types import Page, Reading

TOLD = {
    "kinds": ["auto", "digit"],
    "kinds_without_model": ["field", "mail"],
    "formats": [],
    "charsets": ["alnum"],
    "languages": ["auto"],
    "models": {"digits": "1"},
}


@pytest.mark.parametrize(
    ("query", "told"),
    [
        (
            {"kind": "field"},
            "kind is 'field', for which no model ships .* of auto, digit",
        ),
        ({"kind": "mail"}, "for which no model ships"),
        ({"kind": "mial"}, "expected one of auto, digit"),
        ({"format": "us_zip"}, "no model that reads fields ships"),
        ({"format": "lexicon:/etc/passwd"}, "names a file of this machine"),
    ],
)
def test_what_no_model_reads_here_is_said_so(query, told):
    with pytest.raises(RefusedError, match=told):
        options(query.items(), "", TOLD)


def test_an_error_does_not_tell_where_models_lie_on_this_machine():
    error = ModelError(f"{shelf.path('digits')} is a model of kind 'digit' and reads no lines")
    told = delivery.refusal(error).body.decode()
    assert "digits.onnx is a model of kind 'digit'" in told and str(shelf.FOLDER) not in told


@pytest.mark.parametrize(
    ("asked", "keeps"),
    [
        ({}, False),
        ({"output": "txt"}, False),
        ({"output": "pdf"}, False),
        ({"output": "png"}, True),
        ({"preview": True}, True),
        ({"looks": True}, True),
    ],
)
def test_pictures_of_pages_are_kept_only_for_what_shows_them(asked, keeps):
    def trace(content, **_):
        page = Page(
            "<bytes>", (Reading("7", 0.9, "accepted", "", kind="digit", source="<bytes>"),), "digit", 1
        )
        yield page, "what was seen"

    job = Job(Options(**asked), ("a.png",), (b"GIF8",))
    (read,) = delivery.read(job, SimpleNamespace(trace=trace), Limits())
    assert (read.trace is not None) == keeps and read.page.source == "a.png"


def test_a_later_page_must_not_be_larger_than_the_first_one_may():
    def trace(content, **_):
        for number, side in enumerate((100, 2000, 100), start=1):
            opened.append(number)
            yield Page("<bytes>", (), "digit", number, side, side), None

    opened: list[int] = []
    job = Job(Options(), ("a.tif",), (b"II",))
    with pytest.raises(delivery.TooLargeError, match="a.tif: unpacks to 2000 x 2000 px"):
        delivery.read(job, SimpleNamespace(trace=trace), Limits(megapixels=1))
    assert opened == [1, 2]


def test_the_example_of_kinds_knows_every_kind():
    (content,) = schema.KINDS["responses"][200]["content"].values()
    example = content["example"]
    assert {*example["kinds"], *example["kinds_without_model"]} == set(KINDS) - {"form"}
    assert set(content["schema"]["required"]) == set(example)


def test_only_so_many_pages_are_told_news():
    hub = Hub()
    assert not hub.is_full
    hub._pages = {object() for _ in range(64)}
    assert hub.is_full
