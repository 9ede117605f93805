"""PAGE: valid by the official schema, and everything comes back from the file, the n-best list too."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree.ElementTree import tostring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from inkread import outputs
from inkread.errors import UsageError
from inkread.outputs.layout import clean
from inkread.outputs.page_xml import NAMESPACE, page_xml
from inkread.types import Alternative, Box, Page, Reading

NS = {"p": NAMESPACE}


@pytest.fixture
def written(tmp_path, page_schema):
    """Write a page, check the file by the schema, parse it."""

    def write(page):
        root = etree.parse(outputs.save([page], tmp_path / "out.page.xml")).getroot()
        page_schema.assertValid(root)
        return root

    return write


def lines(root):
    return root.findall(".//p:TextLine", NS)


def best(element):
    """The text with the lowest index, which the schema calls the main one."""
    ways = sorted(element.findall("p:TextEquiv", NS), key=lambda way: int(way.get("index", 0)))
    return ways[0].findtext("p:Unicode", namespaces=NS) or ""


def points(element):
    pairs = element.find("p:Coords", NS).get("points").split()
    return [tuple(map(int, pair.split(","))) for pair in pairs]


def box_of(element):
    x, y = zip(*points(element), strict=True)
    return Box(min(x), min(y), max(x), max(y))


def test_lines_come_back_with_their_texts_and_boxes_in_order(written, note):
    found = lines(written(note))
    assert [best(line) for line in found] == [r.text for r in note]
    assert [box_of(line) for line in found] == [r.box for r in note]


def test_the_index_counts_every_way_to_read_a_line_best_first(written, page, line):
    ways = (Alternative("five", 0.7), Alternative("fine", 0.2), Alternative("fire", 0.04))
    reading = line("five", status="review", alternatives=ways)
    found = lines(written(page(reading)))[0].findall("p:TextEquiv", NS)
    assert [(int(w.get("index")), w.findtext("p:Unicode", namespaces=NS)) for w in found] == [
        (0, "five"),
        (1, "fine"),
        (2, "fire"),
    ]
    assert [float(w.get("conf")) for w in found] == [reading.confidence, 0.2, 0.04]


def test_the_guess_of_a_refused_line_is_not_its_text(written, note):
    line = lines(written(note))[2]
    assert best(line) == ""
    assert [w.findtext("p:Unicode", namespaces=NS) for w in line.findall("p:TextEquiv", NS)] == ["", "guess"]
    assert line.get("comments") == "refused: struck out"


def test_a_region_is_a_paragraph_with_its_text_and_the_reading_order_names_it(written, note):
    root = written(note)
    regions = root.findall(".//p:TextRegion", NS)
    assert [len(lines(region)) for region in regions] == [3, 1]
    assert [best(region) for region in regions] == ["\n".join(r.text for r in note[:3]), "À demain"]
    order = root.findall(".//p:OrderedGroup/p:RegionRefIndexed", NS)
    assert [ref.get("regionRef") for ref in order] == [region.get("id") for region in regions]
    assert [ref.get("index") for ref in order] == ["0", "1"]


def test_words_and_characters_come_back_with_boxes_and_confidences(written, page, line):
    reading = line("né à", Box(0, 0, 40, 20))
    root = written(page(reading))
    words = root.findall(".//p:Word", NS)
    assert [(best(w), box_of(w)) for w in words] == [("né", Box(0, 0, 20, 20)), ("à", Box(30, 0, 40, 20))]
    assert [float(w.find("p:TextEquiv", NS).get("conf")) for w in words] == [0.98, 0.96]
    glyphs = root.findall(".//p:Glyph", NS)
    assert [(best(g), box_of(g)) for g in glyphs] == [
        (c.text, c.box) for c in reading.characters if c.text != " "
    ]


def test_an_outline_is_whole_pixels_inside_of_the_picture(written, page, line):
    corners = ((-3.2, 0.4), (650.0, 50.6), (599.4, 70.0), (0.0, 420.0))
    assert points(lines(written(page(line("a", polygon=corners))))[0]) == [
        (0, 0),
        (600, 51),
        (599, 70),
        (0, 400),
    ]


def test_a_line_says_where_its_letters_stand_inside_of_the_picture(written, page, line):
    with_one, without = lines(written(page(line("a", baseline=((-2.0, 60.2), (650.0, 61.6))), line("b"))))
    assert with_one.find("p:Baseline", NS).get("points") == "0,60 600,62"
    assert without.find("p:Baseline", NS) is None


def test_the_file_says_what_the_picture_is_and_what_read_it(written, note):
    root = written(note)
    sheet = root.find("p:Page", NS)
    assert dict(sheet.attrib) == {"imageFilename": "notes.jpg", "imageWidth": "600", "imageHeight": "400"}
    assert root.findtext(".//p:Creator", namespaces=NS).startswith("inkread ")
    assert root.find(".//p:MetadataItem", NS).get("value") == "lines 1.0"
    made = datetime.fromisoformat(root.findtext(".//p:Created", namespaces=NS))
    assert abs((datetime.now(UTC) - made).total_seconds()) < 60


def test_hostile_text_makes_a_valid_file_and_comes_back(written, page, line, hostile):
    ways = (Alternative("a", 0.5), Alternative(hostile, 0.2))
    root = written(
        page(line(hostile, Box(0, 0, 99, 9), "review", reason=hostile, alternatives=ways), source=hostile)
    )
    (found,) = lines(root)
    assert best(found) == clean(hostile)
    assert "".join(best(g) for g in root.iterfind(".//p:Glyph", NS)) == "".join(clean(hostile).split())


def test_a_line_that_nobody_can_place_is_somewhere_on_the_page(written, page):
    root = written(page(Reading("", 0.0, "refused", "no line was found")))
    assert box_of(lines(root)[0]) == Box(0, 0, 600, 400)
    assert best(lines(root)[0]) == ""


@settings(max_examples=30)
@given(st.lists(st.text(max_size=12), min_size=1, max_size=4))
def test_any_text_makes_a_valid_file(page_schema, texts):
    readings = tuple(Reading(text, 0.5, "review", text, Box(0, 0, 9, 9)) for text in texts)
    page = Page("a", readings, width=9, height=9)
    root = etree.fromstring(tostring(page_xml(page, datetime(2026, 1, 2, tzinfo=UTC))))
    page_schema.assertValid(root)
    assert [best(line) for line in lines(root)] == [clean(text) for text in texts]


def test_each_page_has_a_file_and_failed_sources_have_none(tmp_path, note, failed, page_schema):
    assert outputs.save([note, failed, note], tmp_path / "out.page.xml") == tmp_path / "out-1.page.xml"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out-1.page.xml", "out-2.page.xml"]
    page_schema.assertValid(etree.parse(tmp_path / "out-2.page.xml"))


def test_nothing_that_could_be_opened_is_an_error(tmp_path, failed):
    with pytest.raises(UsageError, match="no picture that could be opened"):
        outputs.save([failed], tmp_path / "out.page.xml")
