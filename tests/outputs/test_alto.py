"""ALTO: valid by the official schema, and everything comes back from the file."""

from __future__ import annotations

from xml.etree.ElementTree import tostring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from inkread import outputs
from inkread.errors import UsageError
from inkread.outputs.alto import NAMESPACE, alto
from inkread.outputs.layout import clean
from inkread.types import Box, Character, Page, Reading

NS = {"a": NAMESPACE}
OF_PAGE = {"ID", "PHYSICAL_IMG_NR", "WIDTH", "HEIGHT"}
"""What is written of Page; the attributes that 4.4 added (LANG, ROTATION, OTHERLANGS) are not among them."""


@pytest.fixture
def written(tmp_path, alto_schema):
    """Write pages, check the file by the schema, parse it."""

    def write(*pages):
        root = etree.parse(outputs.save(pages, tmp_path / "out.alto.xml")).getroot()
        alto_schema.assertValid(root)
        return root

    return write


def box_of(element):
    left, top, wide, tall = (int(element.get(key)) for key in ("HPOS", "VPOS", "WIDTH", "HEIGHT"))
    return Box(left, top, left + wide, top + tall)


def texts(root):
    lines = root.iterfind(".//a:TextLine", NS)
    return [" ".join(s.get("CONTENT") for s in line.iterfind("a:String", NS)) for line in lines]


def test_lines_come_back_with_their_texts_and_boxes_in_order(written, note):
    root = written(note)
    assert texts(root) == [r.text for r in note]
    assert [box_of(line) for line in root.iterfind(".//a:TextLine", NS)] == [r.box for r in note]


def test_a_block_is_a_paragraph_and_lies_around_its_lines(written, note):
    blocks = list(written(note).iterfind(".//a:TextBlock", NS))
    assert [len(b) for b in blocks] == [3, 1]
    assert box_of(blocks[0]) == Box(50, 40, 550, 180)


def test_words_come_back_with_boxes_and_confidences(written, page, line):
    strings = list(written(page(line("ab cde", Box(100, 50, 160, 70)))).iterfind(".//a:String", NS))
    assert [(s.get("CONTENT"), box_of(s)) for s in strings] == [
        ("ab", Box(100, 50, 120, 70)),
        ("cde", Box(130, 50, 160, 70)),
    ]
    assert [float(s.get("WC")) for s in strings] == [0.98, 0.94]


def test_the_space_between_two_words_has_its_place(written, page, line):
    assert box_of(written(page(line("ab cde", Box(100, 50, 160, 70)))).find(".//a:SP", NS)) == Box(
        120, 50, 130, 70
    )


def test_characters_come_back_with_boxes_and_confidences(written, page, line):
    reading = line("né à", Box(0, 0, 40, 20))
    glyphs = written(page(reading)).iterfind(".//a:Glyph", NS)
    assert [(g.get("CONTENT"), box_of(g), float(g.get("GC"))) for g in glyphs] == [
        (c.text, c.box, c.confidence) for c in reading.characters if c.text != " "
    ]


def test_a_refused_line_is_an_empty_string_with_its_reason(written, note):
    root = written(note)
    line = root.findall(".//a:TextLine", NS)[2]
    (string,) = line.findall("a:String", NS)
    assert (string.get("CONTENT"), string.get("WC")) == ("", "0")
    tag = root.find(f".//a:OtherTag[@ID='{line.get('TAGREFS')}']", NS)
    assert (tag.get("LABEL"), tag.get("DESCRIPTION")) == ("refused", "struck out")


def test_only_an_accepted_line_has_no_tag(written, note):
    lines = written(note).iterfind(".//a:TextLine", NS)
    assert [line.get("TAGREFS") for line in lines] == ["line_1_status", None, "line_3_status", None]


def test_a_slanting_line_has_its_outline(written, page, line):
    corners = ((0.04, 0.0), (100.0, 50.26), (100.0, 70.0), (0.0, 20.0))
    shape = written(page(line("a", polygon=corners))).find(".//a:TextLine/a:Shape/a:Polygon", NS)
    assert shape.get("POINTS") == "0,0 100,50 100,70 0,20"


def test_a_line_says_where_its_letters_stand(written, page, line):
    found = written(page(line("a", baseline=((0.2, 60.0), (50.0, 61.6), (99.0, 70.0))), line("b")))
    assert [t.get("BASELINE") for t in found.iterfind(".//a:TextLine", NS)] == ["0,60 50,62 99,70", None]


def test_the_file_says_what_the_picture_is_and_what_read_it(written, note):
    root = written(note)
    assert root.get("SCHEMAVERSION") == "4.4"
    assert root.findtext(".//a:fileName", namespaces=NS) == "notes.jpg"
    assert root.findtext(".//a:softwareName", namespaces=NS) == "inkread"
    assert root.findtext(".//a:processingStepSettings", namespaces=NS) == "model lines 1.0"
    sheet = root.find(".//a:Page", NS)
    assert (sheet.get("WIDTH"), sheet.get("HEIGHT")) == ("600", "400")
    assert set(sheet.keys()) <= OF_PAGE


def test_the_page_of_a_pdf_keeps_its_number(written, page, line):
    assert written(page(line("a"), page=7)).find(".//a:Page", NS).get("PHYSICAL_IMG_NR") == "7"


def test_hostile_text_makes_a_valid_file_and_comes_back(written, page, line, hostile):
    root = written(
        page(line(hostile, reason="a"), line("", status="refused", reason=hostile), source=hostile)
    )
    assert texts(root)[0] == " ".join(clean(hostile).split())
    assert "".join(g.get("CONTENT") for g in root.iterfind(".//a:Glyph", NS)) == "".join(
        clean(hostile).split()
    )


def test_a_character_of_two_code_points_is_left_to_its_word(written, page):
    characters = (Character("e\u0301", 0.9, Box(0, 0, 9, 9)), Character("t", 0.8, Box(9, 0, 12, 9)))
    reading = Reading("e\u0301t", 0.9, "accepted", box=Box(0, 0, 12, 9), characters=characters)
    root = written(page(reading))
    assert texts(root) == ["e\u0301t"]
    assert [g.get("CONTENT") for g in root.iterfind(".//a:Glyph", NS)] == ["t"]


def test_a_line_that_nobody_can_place_is_written_without_a_place(written, page):
    root = written(page(Reading("ab", 0.9, "accepted"), Reading("", 0.0, "refused", "no line was found")))
    assert texts(root) == ["ab", ""]
    assert root.find(".//a:String", NS).get("HPOS") is None


@settings(max_examples=30)
@given(st.lists(st.text(max_size=12), min_size=1, max_size=4))
def test_any_text_makes_a_valid_file(alto_schema, lines):
    readings = tuple(Reading(text, 0.5, "review", text, Box(0, 0, 9, 9)) for text in lines)
    root = etree.fromstring(tostring(alto(Page("a", readings, width=9, height=9))))
    alto_schema.assertValid(root)
    assert texts(root) == [" ".join(clean(text).split()) for text in lines]


def test_each_page_has_a_file_and_failed_sources_have_none(tmp_path, note, failed, alto_schema):
    first = outputs.save([note, failed, note], tmp_path / "out.alto.xml")
    assert first == tmp_path / "out-1.alto.xml"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out-1.alto.xml", "out-2.alto.xml"]
    alto_schema.assertValid(etree.parse(tmp_path / "out-2.alto.xml"))


def test_nothing_that_could_be_opened_is_an_error(tmp_path, failed):
    with pytest.raises(UsageError, match="no picture that could be opened"):
        outputs.save([failed], tmp_path / "out.alto.xml")
