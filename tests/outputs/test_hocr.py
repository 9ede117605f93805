"""hOCR: well formed, by the specification, and everything comes back from the file."""

from __future__ import annotations

import re
import warnings
from xml.etree.ElementTree import tostring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from inkread import outputs
from inkread.errors import UsageError
from inkread.outputs.hocr import hocr_page
from inkread.outputs.layout import clean
from inkread.types import Box, Page, Reading

with warnings.catch_warnings():  # the checker is older than this Python
    warnings.simplefilter("ignore")
    from hocr_spec.validate import HocrValidator

NS = {"h": "http://www.w3.org/1999/xhtml"}


@pytest.fixture
def written(tmp_path):
    """Write pages, check the file by the specification, parse it as XML."""

    def write(*pages):
        path = outputs.save(pages, tmp_path / "out.hocr")
        report = HocrValidator("standard").validate(str(path))
        assert report.is_valid(), report.format("text")
        return etree.parse(path).getroot()

    return write


def of_class(root, name):
    return root.xpath(f".//*[@class='{name}']")


def properties(element):
    """The title's properties: name -> the rest."""
    return dict(part.split(" ", 1) for part in element.get("title").split("; "))


def box_of(element):
    return Box(*map(int, properties(element)["bbox"].split()))


def texts(root):
    return [" ".join(w.text for w in of_class(line, "ocrx_word")) for line in of_class(root, "ocr_line")]


def test_the_file_says_what_made_it_and_what_is_in_it(written, note):
    root = written(note)
    meta = {m.get("name"): m.get("content") for m in root.iterfind(".//h:meta", NS)}
    assert re.fullmatch(r"inkread \d+\.\d+\.\d+", meta["ocr-system"])
    used = {e.get("class") for e in root.iterfind(".//h:body//*[@class]", NS)}
    assert used == {"ocr_page", "ocr_par", "ocr_line", "ocrx_word"} <= set(meta["ocr-capabilities"].split())


def test_lines_come_back_with_their_texts_and_boxes_in_order(written, note):
    root = written(note)
    assert texts(root) == [r.text for r in note]
    assert [box_of(line) for line in of_class(root, "ocr_line")] == [r.box for r in note]
    assert [len(of_class(par, "ocr_line")) for par in of_class(root, "ocr_par")] == [3, 1]


def test_words_come_back_with_boxes_and_whole_confidences(written, page, line):
    words = of_class(written(page(line("ab cde", Box(100, 50, 160, 70)))), "ocrx_word")
    assert [(w.text, box_of(w), properties(w)["x_wconf"]) for w in words] == [
        ("ab", Box(100, 50, 120, 70), "98"),
        ("cde", Box(130, 50, 160, 70), "94"),
    ]


def test_words_are_parted_when_the_file_is_read_as_a_page(written, page, line):
    (shown,) = of_class(written(page(line("ab cde"))), "ocr_line")
    assert "".join(shown.itertext()).split() == ["ab", "cde"]


def test_many_pages_stand_in_one_file_and_are_counted(written, note, page, line):
    root = written(note, page(line("second"), source="two.png", size=(90, 80)))
    pages = of_class(root, "ocr_page")
    assert [properties(p)["image"] for p in pages] == ['"notes.jpg"', '"two.png"']
    assert [properties(p)["ppageno"] for p in pages] == ["0", "1"]
    assert [box_of(p) for p in pages] == [Box(0, 0, 600, 400), Box(0, 0, 90, 80)]
    names = [e.get("id") for e in root.iterfind(".//*[@id]")]
    assert len(names) == len(set(names))


def test_a_refused_line_has_a_box_and_no_words(written, note):
    line = of_class(written(note), "ocr_line")[2]
    assert box_of(line) == note[2].box and len(line) == 0


def test_a_line_that_nobody_can_place_is_somewhere_on_the_page(written, page):
    (line,) = of_class(written(page(Reading("", 0.0, "refused", "no line was found"))), "ocr_line")
    assert box_of(line) == Box(0, 0, 600, 400)


@pytest.mark.parametrize(
    ("corners", "angle"),
    [
        pytest.param(((0, 0), (90, 5), (90, 15), (0, 10)), None, id="upright"),
        pytest.param(((0, 90), (0, 0), (10, 0), (10, 90)), "90", id="up"),
        pytest.param(((90, 10), (0, 10), (0, 0), (90, 0)), "180", id="upside down"),
        pytest.param(((10, 0), (10, 90), (0, 90), (0, 0)), "270", id="down"),
    ],
)
def test_a_turned_line_has_its_outline_and_its_angle_against_the_clock(written, page, corners, angle):
    reading = Reading("ab", 0.9, "accepted", box=Box(0, 0, 90, 90), polygon=corners)
    (line,) = of_class(written(page(reading)), "ocr_line")
    assert properties(line).get("textangle") == angle
    assert properties(line)["poly"] == " ".join(f"{x} {y}" for x, y in corners)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        pytest.param(((100.0, 80.0), (500.0, 80.0)), "0.0000 -10.0", id="level"),
        pytest.param(((100.0, 60.0), (500.0, 80.0)), "0.0500 -30.0", id="falling to the right"),
        pytest.param(((100.0, 80.0), (300.0, 70.0), (500.0, 60.0)), "-0.0500 -10.0", id="rising"),
        pytest.param(((100.0, 80.0), (100.0, 80.0)), "0.0000 -10.0", id="a single point"),
    ],
)
def test_a_baseline_is_straight_and_counts_from_the_lower_left_corner(written, page, line, path, told):
    (found,) = of_class(written(page(line("a", Box(100, 50, 500, 90), baseline=path))), "ocr_line")
    assert properties(found)["baseline"] == told


def test_hostile_text_makes_a_valid_file_and_comes_back(written, page, line, hostile):
    root = written(page(line(hostile), source=hostile))
    assert texts(root) == [" ".join(clean(hostile).split())]


def test_a_strange_name_stays_one_name(written, page, line):
    (sheet,) = of_class(written(page(line("a"), source='a"b;c.png')), "ocr_page")
    assert properties(sheet)["image"] == '"a%22b%3Bc.png"'


@settings(max_examples=30)
@given(st.lists(st.text(max_size=12), min_size=1, max_size=4))
def test_any_text_comes_back(lines):
    readings = tuple(Reading(text, 0.5, "review", text, Box(0, 0, 9, 9)) for text in lines)
    root = etree.fromstring(tostring(hocr_page(Page("a", readings, width=9, height=9), 1)))
    assert texts(root) == [" ".join(clean(text).split()) for text in lines]


def test_failed_sources_have_no_page(written, tmp_path, note, failed):
    assert len(of_class(written(failed, note), "ocr_page")) == 1
    with pytest.raises(UsageError, match="no picture that could be opened"):
        outputs.save([failed], tmp_path / "none.hocr")
    assert not (tmp_path / "none.hocr").exists()
