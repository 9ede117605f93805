"""A form is found, each field is read by its type, and what a person must look at is said.

Forms are drawn here. A digit is an upright bar with flags to its right for the ones of its binary number, the
lowest bit on top; the network of the tests reads such bars.
"""

import re
from dataclasses import replace

import cv2
import numpy as np
import pytest

from inkread.alphabet import FIELDS
from inkread.decode.field_confidence import FieldCalibration
from inkread.errors import SourceError
from inkread.forms.template import Template
from inkread.imaging.alignment import PX
from inkread.imaging.load import pages
from inkread.imaging.strips import STRIP_VERSION
from inkread.readers.form import FormWay, read_form, read_forms
from inkread.runtime.linewise import LineRecognizer
from inkread.runtime.metadata import Metadata

SURE = FieldCalibration((0.0, 1.0, 0.0, 0.0, 0.0, 0.0), ((0.001, 0.99), (0.01, 0.9)))
ROWS = (0.07, 0.36, 0.64, 0.93)
"""Where flags are, as shares of the bar."""
SLIP = """
name = "slip"
title = "Order"

[[pages]]
width = 105
height = 148
marks = [
  { id = 0, box = [5, 5, 15, 15] }, { id = 1, box = [90, 5, 100, 15] },
  { id = 2, box = [5, 133, 15, 143] }, { id = 3, box = [90, 133, 100, 143] },
]

[[fields]]
name = "zip"
type = "us_zip"
boxes = [[20, 30, 26, 38], [28, 30, 34, 38], [36, 30, 42, 38], [44, 30, 50, 38], [52, 30, 58, 38]]

[[fields]]
name = "number"
type = "digits:4"
comb = { box = [20, 48, 48, 56], cells = 4 }

[[fields]]
name = "count"
type = "digits"
box = [20, 66, 60, 76]

[[fields]]
name = "urgent"
type = "checkbox"
box = [20, 84, 25, 89]

[[fields]]
name = "size"
type = "choice"
options = [
  { text = "small", box = [20, 100, 24, 104] }, { text = "large", box = [40, 100, 44, 104] },
  { text = "huge", box = [60, 100, 64, 104] },
]
"""
"""A slip with a field of each kind that needs no reader of lines."""


def slip(more: str = "", text: str = SLIP) -> Template:
    """The template, with more TOML behind it."""
    return Template.parse(text + more)


def sheet(template: Template, page: int = 1) -> np.ndarray:
    """The blank page, 200 dpi: marks, and a frame around each cell."""
    told = template.pages[page - 1]
    paper = np.full((round(told.height * PX), round(told.width * PX), 3), 245, np.uint8)
    for mark in told.marks:
        left, top, right, bottom = (round(v * PX) for v in mark.box)
        known = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
        square = cv2.aruco.generateImageMarker(known, mark.id, 60)
        paper[top:bottom, left:right] = cv2.resize(square, (right - left, bottom - top), interpolation=3)[
            ..., None
        ]
    for field in template.fields:
        for rect in (field.cells or field.rects) if field.page == page else ():
            left, top, right, bottom = (round(v * PX) for v in rect)
            cv2.rectangle(paper, (left, top), (right, bottom), (150, 150, 150), 2)
    return paper


def write(paper: np.ndarray, template: Template, name: str, digits: str) -> None:
    """Write digits into a field: in cells one each, elsewhere in a row; a blank leaves a cell free."""
    field = template.field(name)
    left, top, _, bottom = field.bounds
    high = 0.6 * (bottom - top)
    for k, digit in enumerate(digits):
        if digit == " ":
            continue
        cell = (
            field.cells[k] if field.cells else (left + 2 + 1.6 * high * k, top, left + 2 + 1.6 * high * k, 0)
        )
        x = (cell[0] + cell[2] - 0.45 * high) / 2 if field.cells else cell[0]
        y = top + 0.2 * (bottom - top)
        _block(paper, (x, y, x + 0.12 * high, y + high))
        for bit, row in enumerate(ROWS):
            if int(digit) >> bit & 1:
                _block(paper, (x, y + (row - 0.07) * high, x + 0.45 * high, y + (row + 0.07) * high))


def _block(paper: np.ndarray, box: tuple[float, float, float, float]) -> None:
    left, top, right, bottom = (round(v * PX) for v in box)
    paper[top:bottom, left:right] = (60, 40, 30)


def tick(paper: np.ndarray, box: tuple[float, float, float, float]) -> None:
    """Cross a square."""
    left, top, right, bottom = (v * PX for v in box)
    inset = 0.2 * (right - left)
    points = [(left + inset, top + inset), (right - inset, bottom - inset)]
    other = [(left + inset, bottom - inset), (right - inset, top + inset)]
    for first, end in (points, other):
        cv2.line(paper, tuple(map(round, first)), tuple(map(round, end)), (60, 40, 30), 4, cv2.LINE_AA)


def network(**more) -> LineRecognizer:
    """A recognizer of bars with flags."""

    def run(strips: np.ndarray) -> np.ndarray:
        return np.stack([_logits(strip[..., 0]) for strip in strips])

    metadata = Metadata(
        "fields", "test", "lines", ("", *FIELDS.characters), STRIP_VERSION, field_calibration=SURE
    )
    return LineRecognizer(replace(metadata, **more), FIELDS, run)


def _logits(strip: np.ndarray) -> np.ndarray:
    frames = -(-strip.shape[1] // 4)
    told = np.zeros((frames, FIELDS.size), np.float32)
    told[:, 0] = 18.0
    inked = np.concatenate([[False], strip[4:36].mean(0) > 0.1, [False]])
    starts, ends = np.flatnonzero(inked[1:] & ~inked[:-1]), np.flatnonzero(~inked[1:] & inked[:-1])
    for start, end in zip(starts, ends, strict=True):
        if end - start < 3 or strip[4:36, start + 1 : start + 3].mean() < 0.7:  # no bar
            continue
        flags = strip[:, start + 8 : start + 13]
        seen = [flags[y - 1 : y + 2].mean() > 0.5 for y in (round(2 + 36 * row) for row in ROWS)]
        digit = sum(1 << bit for bit, there in enumerate(seen) if there and flags.size)
        frame = min(frames - 1, (start + end) // 8)
        told[frame, 0] = 0.0
        told[frame, FIELDS.encode(str(min(digit, 9)))] = 18.0
    return told


def way(template: Template, **more) -> FormWay:
    """How such a form is read."""
    return FormWay(template, {"fields": network()}, **more)


def filled(template: Template, *, ticked: bool = True, **texts: str) -> np.ndarray:
    """A page with these texts in its fields."""
    paper = sheet(template)
    for name, digits in texts.items():
        write(paper, template, name, digits)
    if ticked:
        tick(paper, template.field("urgent").bounds)
    return paper


def picture(rgb: np.ndarray):
    return next(pages(rgb, detail=True))


def read(rgb: np.ndarray, template: Template, **more):
    return {r.name: r for r in read_form(picture(rgb), way(template, **more)).readings}


def test_every_field_is_read_by_its_type_and_named():
    template = slip()
    paper = filled(template, zip="02139", number="4711", count="368")
    tick(paper, template.field("size").options[1].box)
    trace = read_form(picture(paper), way(template))
    told = {r.name: (r.text, r.status) for r in trace.readings}
    assert told == {
        "zip": ("02139", "accepted"),
        "number": ("4711", "accepted"),
        "count": ("368", "accepted"),
        "urgent": ("yes", "accepted"),
        "size": ("large", "accepted"),
    }
    assert list(told) == [field.name for field in template.fields]
    assert trace.kind == "form" and len(trace.seen) == len(trace.readings) == 5
    assert {r.model for r in trace.readings} == {"fields test", None}


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_boxes_and_polygons_are_in_the_picture_however_it_lies(quarters):
    template = slip()
    paper = np.ascontiguousarray(np.rot90(filled(template, zip="02139"), quarters))
    readings = read(paper, template)
    assert readings["zip"].text == "02139"
    for field in template.fields:
        there = np.zeros(sheet(template).shape[:2], np.uint8)
        left, top, right, bottom = (round(v * PX) for v in field.bounds)
        there[top:bottom, left:right] = 1
        rows, columns = np.nonzero(np.rot90(there, quarters))
        box = readings[field.name].box
        expected = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
        assert np.abs(np.array(box.to_list()) - expected).max() <= 2
        assert np.abs(np.array(readings[field.name].polygon).min(0) - box.to_list()[:2]).max() <= 2
    first, last = (c.box for c in readings["zip"].characters[::4])
    assert abs(first.left - last.left) + abs(first.top - last.top) > 200


def test_a_form_photographed_at_an_angle_is_read():
    template = slip()
    paper = filled(template, zip="60614", count="975")
    high, wide = paper.shape[:2]
    corners = np.float32([[0, 0], [wide, 0], [wide, high], [0, high]])
    seen = np.float32([[160, 90], [900, 160], [980, 1290], [80, 1240]])
    photo = cv2.warpPerspective(
        paper, cv2.getPerspectiveTransform(corners, seen), (1060, 1400), borderValue=(90, 80, 70)
    )
    readings = read(photo, template)
    assert (readings["zip"].text, readings["count"].text) == ("60614", "975")
    assert readings["zip"].polygon[0][1] != pytest.approx(readings["zip"].polygon[1][1], abs=2)


def test_an_empty_field_is_an_answer_unless_the_form_needs_it():
    readings = read(filled(slip(), zip="02139"), slip())
    assert (readings["number"].text, readings["number"].status) == ("", "accepted")
    assert readings["number"].confidence > 0.99 and readings["number"].box
    needs = slip(text=SLIP.replace('name = "number"', 'name = "number"\nrequired = true'))
    needed = read(filled(needs, zip="02139"), needs)["number"]
    assert (needed.text, needed.status, needed.reason) == ("", "review", "empty, and the form needs it")


@pytest.mark.parametrize(("dashes", "status"), [(2, "accepted"), (12, "review")])
def test_pale_traces_are_no_writing_and_many_are_for_a_person(dashes, status):
    paper = filled(template := slip(), zip="02139", number="4711")
    left, top, _, _ = (round(v * PX) for v in template.field("count").bounds)
    for x in range(left + 20, left + 20 + 30 * dashes, 30):
        paper[top + 37 : top + 41, x : x + 18] = 212  # much paler than the pen
    reading = read(paper, template)["count"]
    assert (reading.text, reading.status) == ("", status)


def test_a_blank_form_is_one_refused_reading():
    (reading,) = read_form(picture(sheet(slip())), way(slip())).readings
    assert (reading.text, reading.status, reading.name) == ("", "refused", None)
    assert reading.reason.startswith("blank") and reading.box


def test_too_few_digits_go_to_review_with_the_reason():
    reading = read(filled(slip(), zip="0213"), slip())["zip"]
    assert (reading.text, reading.status) == ("0213", "review")
    assert "four digits, a ZIP has five" in reading.reason


def test_characters_must_be_as_many_as_filled_boxes():
    template = slip(text=SLIP.replace("digits:4", "digits:2-4"))
    paper = filled(template, number="47 8")
    write(paper, template, "number", "47 8")
    left, top, right, bottom = template.field("number").cells[2]
    _block(paper, (left + 2, top + 3.5, right - 2, bottom - 3.5))
    reading = read(paper, template)["number"]
    assert (reading.text, reading.status) == ("478", "review")
    assert reading.reason == "3 characters are read, and 4 boxes are filled"


def test_writing_that_runs_out_of_its_box_is_kept_and_a_neighbour_s_is_not():
    template = slip()
    paper = filled(template, zip="02139")
    left, top, right, bottom = template.field("count").bounds
    shifted = template.field("count").model_copy(update={"box": (left, top + 3.2, right, bottom + 3.2)})
    moved = template.model_copy(update={"fields": (shifted,)})
    write(paper, moved, "count", "59")
    _block(paper, (left + 4, top - 4.5, left + 30, top - 3.4))
    assert read(paper, template)["count"].text == "59"


def test_a_field_s_own_target_decides_what_is_accepted():
    strict = slip(text=SLIP.replace('name = "count"', 'name = "count"\ntarget_error = 0.0001'))
    readings = read(filled(strict, zip="02139", count="12"), strict)
    assert readings["zip"].status == "accepted"
    assert readings["count"].status == "review" and readings["count"].text == "12"
    assert read(filled(strict, count="12"), strict, threshold=0.5)["count"].status == "accepted"


def test_a_broken_rule_sends_its_fields_to_review_and_changes_nothing():
    template = slip('[[rules]]\nkind = "equal"\nfields = ["number", "count"]')
    agree = read(filled(template, number="4711", count="4711"), template)
    assert {agree["number"].status, agree["count"].status} == {"accepted"}
    differ = read(filled(template, zip="02139", number="4711", count="4712"), template)
    assert [differ[n].text for n in ("number", "count")] == ["4711", "4712"]
    assert all(differ[n].status == "review" and "differ" in differ[n].reason for n in ("number", "count"))
    assert differ["zip"].status == "accepted"


def test_a_picture_of_something_else_is_not_this_form():
    trace = read_form(picture(np.full((800, 600, 3), 200, np.uint8)), way(slip()))
    (reading,) = trace.readings
    assert (reading.text, reading.status, trace.forms) == ("", "refused", ())
    assert reading.reason.startswith("this is not the form (slip): none of its marks 0, 1, 2, 3")
    assert reading.box.to_list() == [0, 0, 600, 800]


def test_a_page_that_is_cut_off_names_the_fields_that_are_not_there():
    boxes = enumerate(([5, 5, 15, 15], [90, 5, 100, 15], [45, 5, 55, 15]))
    marks = ", ".join(f"{{ id = {number}, box = {box} }}" for number, box in boxes)
    start, end = SLIP.index("marks = ["), SLIP.index("[[fields]]")
    template = slip(text=f"{SLIP[:start]}marks = [{marks}]\n\n{SLIP[end:]}")
    paper = filled(template, zip="02139", count="368")[: round(70 * PX)]
    readings = read(np.ascontiguousarray(paper), template)
    assert readings["zip"].text == "02139"
    assert {readings[n].status for n in ("count", "urgent", "size")} == {"refused"}
    assert "cut off" in readings["count"].reason


def test_two_forms_on_one_photo_are_two_documents():
    template = slip()
    both = np.concatenate([filled(template, zip=z) for z in ("02139", "60614")], axis=1)
    readings = read_form(picture(both), way(template)).readings
    zips = [(r.text, r.document) for r in readings if r.name == "zip"]
    assert zips == [("02139", 1), ("60614", 2)]


# --- pages -------------------------------------------------------------------------------------------------

TOTAL = """
[[fields]]
name = "total"
type = "digits"
page = 2
box = [20, 66, 60, 76]

[[rules]]
kind = "equal"
fields = ["count", "total"]
"""


def two_pages() -> Template:
    start, end = SLIP.index("[[pages]]"), SLIP.index("[[fields]]")
    second = re.sub(r"id = (\d)", lambda found: f"id = {int(found[1]) + 4}", SLIP[start:end])
    return slip(TOTAL, SLIP[:end] + second + SLIP[end:])


def second(template: Template, digits: str) -> np.ndarray:
    paper = sheet(template, 2)
    write(paper, template, "total", digits)
    return paper


def read_all(papers, template):
    told = list(read_forms([picture(paper) for paper in papers], way(template)))
    return [list(trace.readings) for _, trace in told]


@pytest.mark.parametrize("turned", [False, True], ids=["in order", "last page first"])
def test_pages_of_a_form_are_one_document_and_rules_go_across_them(turned):
    template = two_pages()
    papers = [
        filled(template, count="12"), second(template, "12"),
        filled(template, count="36"), second(template, "35"),
    ]  # fmt: skip
    told = read_all(papers[::-1] if turned else papers, template)
    assert [{r.document for r in readings} for readings in told] == [{1}, {1}, {2}, {2}]
    count = [next(r for r in readings if r.name in ("count", "total")) for readings in told]
    statuses = ["accepted", "accepted", "review", "review"]
    assert [r.status for r in count] == (statuses[::-1] if turned else statuses)


def test_a_page_that_is_missing_and_one_that_is_not_of_the_form_are_told_of():
    template = two_pages()
    blank = np.full((800, 600, 3), 240, np.uint8)
    papers = [filled(template, count="12"), blank, second(template, "12"), filled(template, count="7")]
    first, other, _, last = read_all(papers, template)
    assert {r.document for r in first} == {1} and [r.document for r in other] == [2]
    assert other[0].reason.startswith("this is not the form")
    missing = last[-1]
    assert (missing.name, missing.status, missing.document) == ("total", "refused", 3)
    assert "page 2 of the form is not in this file" in missing.reason


def test_pages_before_a_damaged_one_are_not_lost():
    template = two_pages()

    def source():
        yield picture(filled(template, count="12"))
        raise SourceError("scan.pdf: a page of the PDF is damaged")

    told = []
    with pytest.raises(SourceError, match="damaged"):
        for _, trace in read_forms(source(), way(template)):
            told.append(trace)
    assert [r.text for r in told[0].readings if r.name == "count"] == ["12"]
