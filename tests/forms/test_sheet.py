"""Printed forms: the template and the paper agree, what is printed drops out, and everything fits."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

pytest.importorskip("reportlab")
pdfium = pytest.importorskip("pypdfium2")

from inkread.errors import DataError, InkreadError, UsageError  # noqa: E402
from inkread.forms.cells import shape_of  # noqa: E402
from inkread.forms.sheet import PAPERS, lay_out, print_pdf  # noqa: E402
from inkread.forms.template import Template  # noqa: E402
from inkread.imaging.ink import extract  # noqa: E402
from inkread.imaging.marks import black_modules  # noqa: E402

DPI = 600
LIST = """
name = "order-slip"
title = "Spring seed order"
[[fields]]
name = "zip"
type = "us_zip"
label = "ZIP code"
required = true
[[fields]]
name = "ordered"
type = "date:mdy"
[[fields]]
name = "total"
type = "amount"
[[fields]]
name = "delivery"
type = "choice"
options = ["Post", "Courier", "Collected"]
[[fields]]
name = "terms"
type = "checkbox"
label = "I have read the terms"
[[fields]]
name = "remarks"
type = "text"
lines = 3
"""


def draft(text: str = LIST) -> Template:
    return Template.parse(text, draft=True)


def many(count: int, kind: str = "us_zip") -> str:
    fields = "".join(f'[[fields]]\nname = "f{k}"\ntype = "{kind}"\n' for k in range(count))
    return f'name = "long"\n{fields}'


def drawn(path, dpi: int, grayscale: bool = False) -> np.ndarray:
    """The first page at some resolution, `(height, width)` or `(height, width, 3)`."""
    document = pdfium.PdfDocument(path)
    try:
        page = document[0].render(scale=dpi / 72, grayscale=grayscale, rev_byteorder=True).to_numpy()
        return page.copy() if grayscale else page[..., :3].copy()
    finally:
        document.close()


def edge(grey: np.ndarray, along: tuple[float, float], at: float, down: bool) -> float:
    """Where the line near `at` is, millimetres: the centre of its darkness between two places along it."""
    px = DPI / 25.4
    near = slice(int((at - 0.7) * px), int((at + 0.7) * px))
    span = slice(int((along[0] + 1.2) * px), int((along[1] - 1.2) * px))
    part = grey[near, span] if down else grey[span, near].T
    dark = 255.0 - part.mean(1)
    assert dark.max() > 15, f"no line within 0.7 mm of {at}"
    return (near.start + float((dark * (np.arange(len(dark)) + 0.5)).sum() / dark.sum())) / px


@pytest.fixture(scope="module")
def form(tmp_path_factory):
    template = lay_out(draft())
    path = print_pdf(template, tmp_path_factory.mktemp("form") / "form.pdf")
    return template, path, drawn(path, DPI, grayscale=True)


def test_every_box_is_where_the_template_says_to_a_tenth_of_a_millimetre(form):
    template, _, grey = form
    offs = []
    for field in template.fields:
        for left, top, right, bottom in field.rects:
            offs += [edge(grey, (left, right), y, True) - y for y in (top, bottom)]
            offs += [edge(grey, (top, bottom), x, False) - x for x in (left, right)]
    assert len(offs) == 4 * (5 + 8 + 1 + 3 + 1 + 1)
    assert np.abs(offs).max() < 0.1


def test_marks_are_found_with_their_ids_where_the_template_says(form):
    template, _, grey = form
    known = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    corners, ids, _ = cv2.aruco.ArucoDetector(known).detectMarkers(np.ascontiguousarray(grey[::2, ::2]))
    found = dict(zip(np.asarray(ids).reshape(-1).tolist(), corners, strict=True))
    assert sorted(found) == [0, 1, 2, 3]
    for mark in template.pages[0].marks:
        left, top, right, bottom = mark.box
        wanted = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
        assert np.abs(np.asarray(found[mark.id]).reshape(4, 2) * 2 / DPI * 25.4 - wanted).max() < 0.1


@pytest.mark.parametrize("paper", PAPERS)
def test_the_paper_has_its_size_and_nothing_leaves_it(paper, tmp_path):
    template = lay_out(draft(), paper)
    document = pdfium.PdfDocument(print_pdf(template, tmp_path / "form.pdf"))
    width, height = document[0].get_size()
    document.close()
    assert (width * 25.4 / 72, height * 25.4 / 72) == pytest.approx(PAPERS[paper], abs=0.01)
    for field in template.fields:
        left, top, right, bottom = field.bounds
        assert left >= 15 and top >= 20
        assert right <= PAPERS[paper][0] - 15 and bottom <= PAPERS[paper][1] - 15


def test_boxes_and_rules_drop_out_beside_a_pen(form):
    template, path, _ = form
    page = drawn(path, 200)
    px = 200 / 25.4
    for name in ("zip", "remarks"):
        left, top, right, bottom = (round(v * px) for v in template.field(name).bounds)
        part = page[top - 8 : bottom + 8, left - 8 : right + 8].copy()
        bare = part.copy()
        cv2.line(part, (24, 24), (40, 60), (45, 50, 70), 5, cv2.LINE_AA)
        ink = extract(part).ink
        printed = bare[..., 2] < 225
        assert printed.sum() > 400
        assert ink[32:50, 24:40].max() > 0.9
        assert np.quantile(ink[printed & (part == bare).all(-1)], 0.98) < 0.2


def test_a_long_list_takes_pages_that_marks_tell_apart(tmp_path):
    template = lay_out(draft(many(60)))
    pages = {field.page for field in template.fields}
    assert pages == set(range(1, len(template.pages) + 1)) and len(pages) > 1
    assert [mark.id for page in template.pages for mark in page.marks] == list(range(4 * len(pages)))
    document = pdfium.PdfDocument(print_pdf(template, tmp_path / "form.pdf"))
    assert len(document) == len(pages)
    document.close()


def test_fields_never_overlap():
    kinds = ("text", "amount", "date:dmy", "luhn:19", "digits:21", "phone:us", "checkbox", "regex:A+")
    text = many(1)
    for k, kind in enumerate(kinds * 4):
        label = "A rather long label " * (k % 7)
        text += f'[[fields]]\nname = "g{k}"\ntype = "{kind}"\nlabel = "{label}"\n'
    template = lay_out(draft(text), "Letter")
    rects = [(f.page, *rect) for f in template.fields for rect in f.rects]
    for k, (page, left, top, right, bottom) in enumerate(rects):
        for other, l2, t2, r2, b2 in rects[k + 1 :]:
            assert page != other or l2 >= right or r2 <= left or t2 >= bottom or b2 <= top


def test_the_template_reads_back_equal_and_laying_it_out_again_changes_nothing():
    template = lay_out(draft())
    again = Template.parse(template.dump())
    assert again == template
    assert lay_out(again) == template


def test_what_is_printed_is_the_same_every_time(tmp_path):
    template = lay_out(draft())
    one, other = (print_pdf(template, tmp_path / name).read_bytes() for name in ("a.pdf", "b.pdf"))
    assert one == other


def test_words_are_words_never_markup(tmp_path):
    text = LIST.replace("Spring seed order", "<b>Fish & chips</b>").replace("ZIP code", "Łódź <i>x</i>")
    document = pdfium.PdfDocument(print_pdf(lay_out(draft(text)), tmp_path / "form.pdf"))
    words = document[0].get_textpage().get_text_range()
    document.close()
    assert "<b>Fish & chips</b>" in words and "Łódź <i>x</i> *" in words


def test_letters_that_the_typeface_lacks_are_named(tmp_path):
    with pytest.raises(DataError, match="cannot be printed: the typeface has no '日'"):
        lay_out(draft(LIST.replace("ZIP code", "日付")))


def test_wrong_paper_and_too_many_pages_are_one_clear_line():
    with pytest.raises(UsageError, match="no paper is called 'A5'; there are A4 and Letter"):
        lay_out(draft(), "A5")
    with pytest.raises(DataError, match="pages; marks tell 12 pages apart"):
        lay_out(draft(many(160, "digits:20")))


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(InkreadError, match="there is no folder"):
        print_pdf(lay_out(draft()), tmp_path / "nowhere" / "form.pdf")


@pytest.mark.parametrize(
    ("kind", "length", "groups"),
    [
        ("us_zip", None, (5,)),
        ("us_zip4", None, (5, 4)),
        ("date:ymd", None, (4, 2, 2)),
        ("digits:4-6", None, (6,)),
        ("digits:4-6", 6, (6,)),
        ("luhn:16", None, (4, 4, 4, 4)),
        ("regex:[A-Z]{2}[0-9]{4}", None, (6,)),
        ("amount", 9, (9,)),
        ("character", None, (1,)),
        ("regex:A+", None, ()),
        ("digits:40", None, ()),
    ],
)
def test_as_many_boxes_as_a_text_has_characters(kind, length, groups):
    assert shape_of(kind, length).groups == groups


def test_black_modules_have_a_black_rim():
    modules = black_modules(7)
    assert modules.shape == (6, 6)
    assert modules[0].all() and modules[-1].all() and modules[:, 0].all() and modules[:, -1].all()
    assert 0 < modules[1:5, 1:5].sum() < 16
