"""Existing forms are learnt: what is to fill is found, told apart, labelled and named."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

pytest.importorskip("reportlab")
pytest.importorskip("pypdfium2")

from reportlab.pdfgen.canvas import Canvas  # noqa: E402

from inkread.errors import SourceError  # noqa: E402
from inkread.forms.blanks import places_of  # noqa: E402
from inkread.forms.labels import joined, labels_of, name_of_label, type_of  # noqa: E402
from inkread.forms.learn import learn  # noqa: E402
from inkread.forms.sheet import lay_out, print_pdf  # noqa: E402
from inkread.forms.template import Template  # noqa: E402
from inkread.imaging.blank_form import blank_form  # noqa: E402
from inkread.imaging.blank_pages import Word, blank_pages, png  # noqa: E402

MM = 72 / 25.4
HIGH = 120.0


class Paper:
    """A small page to draw on, in millimetres from its upper left corner."""

    def __init__(self, path, width: float = 160.0) -> None:
        self.path, self.canvas = path, Canvas(str(path), pagesize=(width * MM, HIGH * MM))

    def box(self, left, top, wide, high, colour=(0, 0, 0), fill=None, *, dash=(), line=0.2) -> None:
        self.canvas.setLineWidth(line * MM)
        self.canvas.setDash(list(dash))
        self.canvas.setStrokeColorRGB(*(colour or (0, 0, 0)))
        self.canvas.setFillColorRGB(*(fill or (0, 0, 0)))
        rect = (left * MM, (HIGH - top - high) * MM, wide * MM, high * MM)
        self.canvas.rect(*rect, stroke=int(colour is not None), fill=int(fill is not None))

    def line(self, left, top, right, bottom, dash=(), line=0.2) -> None:
        self.canvas.setLineWidth(line * MM)
        self.canvas.setDash(list(dash))
        self.canvas.setStrokeColorRGB(0, 0, 0)
        self.canvas.line(left * MM, (HIGH - top) * MM, right * MM, (HIGH - bottom) * MM)

    def words(self, left, baseline, text, size=9.0) -> None:
        self.canvas.setFillColorRGB(0, 0, 0)
        self.canvas.setFont("Helvetica", size)
        self.canvas.drawString(left * MM, (HIGH - baseline) * MM, text)

    def done(self):
        self.canvas.save()
        return self.path


@pytest.fixture
def paper(tmp_path) -> Paper:
    return Paper(tmp_path / "blank.pdf")


def found(path) -> list[tuple[str, int]]:
    page = next(iter(blank_pages(path)))
    return [(place.kind, len(place.cells)) for place in places_of(blank_form(page.rgb), page.size)]


def near(one, other, most=0.4) -> bool:
    return bool(np.abs(np.subtract(one, other)).max() <= most)


def test_a_box_is_found_where_it_is(paper):
    paper.box(20, 30, 60, 10)
    learnt = learn(paper.done())
    assert near(learnt.template.fields[0].box, (20, 30, 80, 40), 0.2)
    assert learnt.template.pages[0].size == (160, HIGH)


@pytest.mark.parametrize(
    "look",
    [
        {"colour": (1, 0.72, 0.5)},
        {"colour": (0.6, 0.6, 0.6), "dash": (2.5, 2)},
        {"colour": None, "fill": (0.93, 0.93, 0.93)},
        {"line": 0.8},
    ],
    ids=["drop-out colour", "dashed", "grey without a line", "thick"],
)
def test_whatever_a_box_looks_like(paper, look):
    paper.box(20, 30, 60, 10, **look)
    assert found(paper.done()) == [("box", 0)]


def test_white_boxes_on_a_tint_are_fields_and_the_tint_is_none(paper):
    paper.box(10, 20, 140, 40, None, (0.9, 0.95, 0.98))
    paper.box(20, 30, 50, 9, None, (1, 1, 1))
    paper.box(80, 30, 50, 9, None, (1, 1, 1))
    assert found(paper.done()) == [("box", 0), ("box", 0)]


def test_boxes_in_a_row_are_one_field_across_a_printed_stroke(paper):
    for left, many in ((20, 2), (36, 2), (52, 4)):
        for k in range(many):
            paper.box(left + 6.2 * k, 30, 5.4, 8)
    paper.words(33, 35.5, "/")
    paper.words(49, 35.5, "/")
    assert found(paper.done()) == [("boxes", 8)]


def test_boxes_with_words_between_are_two_fields(paper):
    for left in (20, 62):
        for k in range(3):
            paper.box(left + 7 * k, 30, 6, 8)
    paper.words(42, 36, "ext")
    assert found(paper.done()) == [("boxes", 3), ("boxes", 3)]


def test_cells_that_share_sides_are_a_comb(paper):
    for k in range(6):
        paper.box(20 + 6 * k, 30, 6, 8)
    field = learn(paper.done()).template.fields[0]
    assert field.comb is not None and field.comb.cells == 6
    assert near(field.bounds, (20, 30, 56, 38))


@pytest.mark.parametrize("closed", [True, False], ids=["under a lid", "open above"])
def test_a_line_with_teeth_is_a_comb(paper, closed):
    paper.line(20, 40, 100, 40)
    for k in range(11):
        paper.line(20 + 8 * k, 37.5, 20 + 8 * k, 40)
    if closed:
        paper.box(20, 32, 80, 8)
    assert found(paper.done()) == [("comb", 10)]


@pytest.mark.parametrize("dash", [(), (2, 2), (0.5, 2)], ids=["solid", "dashed", "dotted"])
def test_a_line_behind_its_label_is_a_field(paper, dash):
    paper.words(20, 40, "Name:")
    paper.line(34, 40.6, 120, 40.6, dash, 0.3)
    field = learn(paper.done()).template.fields[0]
    assert (field.name, field.label, field.type) == ("name", "Name", "text")
    assert near((field.bounds[0], *field.bounds[2:]), (34, 120, 40.6)) and 33 <= field.bounds[1] <= 35


def test_lines_of_one_area_are_one_field(paper):
    for k in range(4):
        paper.line(20, 40 + 9 * k, 140, 40 + 9 * k)
    assert found(paper.done()) == [("area", 0)]


def test_print_is_no_field(paper):
    paper.words(20, 20, "APPLICATION FOR A LIBRARY CARD DOOBBQ", 20)
    paper.line(20, 22, 150, 22, line=0.6)
    for k in range(6):
        paper.words(
            20, 40 + 5 * k, "We are glad that you want to walk with us, so please fill in this page now."
        )
    with pytest.raises(SourceError, match="no boxes, lines or squares to fill were found"):
        learn(paper.done())


def test_squares_and_circles_to_cross_take_the_words_behind_them(paper):
    paper.box(20, 30, 4, 4)
    paper.words(27, 33.4, "by train")
    paper.canvas.setLineWidth(0.2 * MM)
    paper.canvas.setDash([])
    paper.canvas.circle(72 * MM, (HIGH - 32) * MM, 1.9 * MM)
    paper.words(77, 33.4, "by bus")
    fields = learn(paper.done()).template.fields
    assert [(f.name, f.type, f.label) for f in fields] == [
        ("by_train", "checkbox", "by train"),
        ("by_bus", "checkbox", "by bus"),
    ]


def test_a_label_in_its_box_is_left_out_of_the_field(paper):
    paper.box(20, 30, 80, 14)
    paper.words(21, 33.2, "3. Street address", 7)
    field = learn(paper.done()).template.fields[0]
    assert field.label == "Street address"
    assert 33 < field.bounds[1] < 35 and near(field.bounds[2:], (100, 44))


def test_heads_of_columns_are_no_fields_and_name_the_first_row(paper):
    for left, wide, head in ((20, 60, "Title"), (80, 40, "Author")):
        paper.box(left, 30, wide, 7, fill=(0.88, 0.88, 0.88))
        paper.words(left + 2, 35, head)
        paper.box(left, 37, wide, 9)
        paper.box(left, 46, wide, 9)
    fields = learn(paper.done()).template.fields
    assert [f.name for f in fields] == ["title", "author", "field_3", "field_4"]


def test_a_scan_that_leans_is_levelled_and_read_without_words(paper):
    paper.box(20, 30, 60, 10)
    paper.box(90, 30, 3.2, 3.2)
    page = next(iter(blank_pages(paper.done()))).rgb
    high, wide = page.shape[:2]
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), 0.7, 1.0)
    scan = cv2.warpAffine(page, turn, (wide, high), borderValue=(255, 255, 255)).astype(np.float64)
    scan = scan * 0.93 + np.random.default_rng(1).normal(0, 4, scan.shape)
    learnt = learn(png(np.clip(scan, 0, 255).astype(np.uint8)))
    assert learnt.guessed_size
    assert [(f.name, f.type) for f in learnt.template.fields] == [
        ("field_1", "text"),
        ("field_2", "checkbox"),
    ]


def test_a_printed_form_is_learnt_with_its_marks(tmp_path):
    fields = (("zip", "us_zip"), ("born", "date:mdy"))
    text = 'name = "slip"\n' + "".join(f'[[fields]]\nname = "{n}"\ntype = "{t}"\n' for n, t in fields)
    laid = lay_out(Template.parse(text, draft=True))
    learnt = learn(print_pdf(laid, tmp_path / "slip.pdf")).template
    assert [(f.name, f.type, len(f.cells)) for f in learnt.fields] == [
        ("zip", "us_zip", 5),
        ("born", "date:dmy", 8),
    ]
    assert [mark.id for mark in learnt.pages[0].marks] == [0, 1, 2, 3]
    for mine, wanted in zip(learnt.pages[0].marks, laid.pages[0].marks, strict=True):
        assert near(mine.box, wanted.box, 0.15)
    assert near(learnt.fields[0].bounds, laid.fields[0].bounds, 0.25)


def test_what_is_no_form_is_told_in_one_line(tmp_path):
    with pytest.raises(SourceError, match="cannot be opened"):
        learn(tmp_path / "missing.pdf")
    with pytest.raises(SourceError, match="the PDF cannot be opened; save it again"):
        learn(b"%PDF-1.7 nonsense")
    with pytest.raises(SourceError, match="no boxes, lines or squares"):
        learn(png(np.full((300, 210, 3), 255, np.uint8)))


def test_names_are_short_and_never_taken_twice():
    taken = {"date", "date_2"}
    assert name_of_label("Date:", 7, taken) == "date_3"
    assert name_of_label("  ", 7, taken) == "field_7"
    assert name_of_label("Straße und Hausnummer (privat)", 1, set()) == "strae_und_hausnummer"
    assert name_of_label("Status", 1, set()) == "form_status"


def test_the_nearest_words_are_the_label_and_serve_once():
    page = [Word("Name", (20, 30, 30, 33)), Word("____", (31, 30, 60, 33)), Word("Town", (20, 50, 30, 53))]
    words = joined(page)
    assert [word.text for word in words] == ["Name", "Town"]
    from inkread.forms.blanks import Place

    places = [
        Place("line", (32, 27, 100, 34)),
        Place("line", (32, 47, 100, 54)),
        Place("box", (20, 90, 50, 99)),
    ]
    assert labels_of(places, words) == ["Name", "Town", ""]


@pytest.mark.parametrize(
    ("cells", "label", "width", "kind"),
    [
        (5, "ZIP code", 210, "us_zip"),
        (8, "Date of birth", 210, "date:dmy"),
        (8, "Date of birth", 215.9, "date:mdy"),
        (8, "Date (DD MM YYYY)", 215.9, "date:dmy"),
        (10, "Phone", 215.9, "phone:us"),
        (6, "Customer No.", 210, "digits:1-6"),
        (6, "Surname", 210, "regex:[A-Z0-9]{1,6}"),
        (1, "Grade", 210, "character"),
    ],
)
def test_types_are_guessed_from_boxes_and_words(cells, label, width, kind):
    from inkread.forms.blanks import Place

    one = (20.0, 30.0, 26.0, 38.0)
    assert type_of(Place("boxes", one, (one,) * cells), label, width) == kind
