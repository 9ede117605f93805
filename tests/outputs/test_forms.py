"""Forms as a table: one row a form, colours, what to look at; nothing is lost and nothing is run."""

from __future__ import annotations

import csv

import openpyxl
import pytest

from inkread import outputs
from inkread.outputs import forms, workbook
from inkread.outputs.form_rows import FormRow, form_rows
from inkread.outputs.records import unguard
from inkread.types import Alternative, Page, Reading


def field(name, text, confidence=0.99, status="accepted", reason="", **more):
    others = (Alternative(text, confidence), Alternative("7", 0.01))
    return Reading(text, confidence, status, reason, name=name, kind="form", alternatives=others, **more)


def page(*readings, source="a.jpg", number=1):
    return Page(source, readings, "form", number, 100, 80)


GOOD = page(field("zip", "02139"), field("total", "12.50"))
ODD = page(
    field("zip", "0213", 0.4, "review", "reads 0213: four digits, a ZIP has five"),
    field("total", "", 0.0, "refused", "struck out"),
    source="b.jpg",
)
NOT_THIS = page(Reading("", 0.0, "refused", "this is not the form (slip)", kind="form"), source="c.jpg")
FAILED = page(Reading("", 0.0, "failed", "d.jpg is empty", kind="form"), source="d.jpg")


def rows_of(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def cells_of(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


# --- rows --------------------------------------------------------------------------------------------------


def told(*pages):
    return [(row.source, row.document, [*row.cells], row.status) for row in form_rows(pages)]


@pytest.mark.parametrize(
    ("pages", "rows"),
    [
        pytest.param((GOOD,), [("a.jpg", 1, ["zip", "total"], "accepted")], id="a form"),
        pytest.param(
            (page(field("zip", "1")), page(field("total", "2"), number=2)),
            [("a.jpg", 1, ["zip", "total"], "accepted")],
            id="a form of two pages",
        ),
        pytest.param(
            (page(field("zip", "1"), field("zip", "2", document=2)),),
            [("a.jpg", 1, ["zip"], "accepted"), ("a.jpg", 2, ["zip"], "accepted")],
            id="two forms on a picture",
        ),
        pytest.param(
            (GOOD, GOOD), [("a.jpg", 1, ["zip", "total"], "accepted")] * 2, id="the same picture twice"
        ),
        pytest.param((NOT_THIS, NOT_THIS), [("c.jpg", 1, [], "refused")] * 2, id="no form, twice"),
        pytest.param(
            (page(field("zip", "1")), ODD, page(field("zip", "2"))),
            [
                ("a.jpg", 1, ["zip"], "accepted"),
                ("b.jpg", 1, ["zip", "total"], "refused"),
                ("a.jpg", 1, ["zip"], "accepted"),
            ],
            id="another file between",
        ),
        pytest.param((FAILED,), [("d.jpg", 1, [], "failed")], id="a file that cannot be opened"),
    ],
)
def test_readings_of_one_document_of_one_file_are_one_row(pages, rows):
    assert told(*pages) == rows


def test_a_reason_that_several_fields_share_is_told_once():
    why = "goods + shipping make 3, and total says 4"
    (row,) = form_rows([page(*(field(name, "1", 0.9, "review", why) for name in ("goods", "total")))])
    assert row.reason == f"goods, total: {why}"


def test_a_row_comes_back_whole_from_plain_values():
    (row,) = form_rows([ODD])
    assert FormRow.of_json(row.to_json()) == row


# --- CSV ---------------------------------------------------------------------------------------------------


def test_a_table_has_one_row_a_form_and_nothing_is_lost(tmp_path):
    path = outputs.save(iter([NOT_THIS, GOOD, ODD, FAILED]), tmp_path / "out.csv")
    assert rows_of(path) == [
        ["source", "document", "zip", "total", "status", "reason"],
        ["c.jpg", "1", "", "", "refused", "this is not the form (slip)"],
        ["a.jpg", "1", "02139", "12.50", "accepted", ""],
        [
            "b.jpg",
            "1",
            "0213",
            "",
            "refused",
            "zip: reads 0213: four digits, a ZIP has five; total: struck out",
        ],
        ["d.jpg", "1", "", "", "failed", "d.jpg is empty"],
    ]


def test_other_pages_keep_one_row_a_reading(tmp_path):
    digit = Page("a.png", (Reading("7", 0.9, "accepted", kind="digit"),), "digit")
    assert rows_of(outputs.save([digit], tmp_path / "out.csv"))[0][:3] == ["source", "page", "document"]
    assert rows_of(outputs.save([], tmp_path / "no.csv"))[0][:3] == ["source", "page", "document"]


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "\t=1", "'=1", '=HYPERLINK("x")'])
def test_handwriting_is_never_a_formula(tmp_path, text):
    hostile = [page(field("zip", text, 0.5, "review", text, source=text), source=text)]
    (_, row) = rows_of(outputs.save(hostile, tmp_path / "out.csv"))
    assert unguard(row[2]) == text and row[2] != text
    book = openpyxl.load_workbook(outputs.save(hostile, tmp_path / "out.xlsx"))
    every = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in every} == {"s", "n"}
    assert [cell.value for cell in every].count(text) == 5


# --- XLSX --------------------------------------------------------------------------------------------------


@pytest.fixture
def book(tmp_path):
    return openpyxl.load_workbook(outputs.save([GOOD, ODD, NOT_THIS, FAILED], tmp_path / "out.xlsx"))


def test_the_sheet_forms_says_what_the_csv_says(book):
    assert cells_of(book["forms"]) == [
        ["source", "document", "zip", "total", "status", "reason"],
        ["a.jpg", 1, "02139", "12.50", "accepted", None],
        [
            "b.jpg",
            1,
            "0213",
            None,
            "refused",
            "zip: reads 0213: four digits, a ZIP has five; total: struck out",
        ],
        ["c.jpg", 1, None, None, "refused", "this is not the form (slip)"],
        ["d.jpg", 1, None, None, "failed", "d.jpg is empty"],
    ]


def test_the_sheet_review_has_one_row_a_cell_to_look_at(book):
    titles, *rows = cells_of(book["review"])
    assert titles[:6] == ["source", "document", "page", "field", "text", "confidence"]
    assert rows == [
        ["b.jpg", 1, 1, "zip", "0213", 0.4, "review", "reads 0213: four digits, a ZIP has five", "7"],
        ["b.jpg", 1, 1, "total", None, 0, "refused", "struck out", "7"],
        ["c.jpg", 1, 1, None, None, 0, "refused", "this is not the form (slip)", None],
        ["d.jpg", 1, 1, None, None, 0, "failed", "d.jpg is empty", None],
    ]


def test_a_field_to_look_at_leads_to_its_cell(book):
    places = [cell.hyperlink.location for cell in book["review"]["D"] if cell.hyperlink]
    assert places == ["'forms'!C3", "'forms'!D3"]
    assert book["forms"]["C3"].value == "0213"


def test_a_cell_is_greener_the_surer_it_is(tmp_path):
    sure = [field(f"f{n}", "1", n / 10) for n in range(11)]
    sheet = openpyxl.load_workbook(outputs.save([page(*sure)], tmp_path / "out.xlsx"))["forms"]
    colours = [sheet.cell(2, 3 + n).fill.fgColor.rgb for n in range(11)]
    assert (colours[0], colours[8], colours[10]) == ("FFF4B6B2", "FFFBE9B0", "FFBFE5CC")
    assert len(set(colours)) == 11
    blank = openpyxl.load_workbook(outputs.save([page(field("f", "", 1.0))], tmp_path / "out.xlsx"))["forms"]
    assert blank["C2"].fill.fgColor.rgb == "FFBFE5CC"


def test_where_all_is_accepted_the_sheet_review_says_so(tmp_path):
    book = openpyxl.load_workbook(outputs.save([GOOD], tmp_path / "out.xlsx"))
    assert cells_of(book["review"])[1][0] == "nothing: every field is accepted"


def test_more_to_look_at_than_a_sheet_holds_goes_on_in_another(tmp_path, monkeypatch):
    monkeypatch.setattr(forms, "ROWS", 4)
    odd = [field(f"f{n}", "1", 0.5, "review", "because") for n in range(7)]
    book = openpyxl.load_workbook(outputs.save([page(*odd)], tmp_path / "out.xlsx"))
    assert book.sheetnames == ["forms", "review", "review 2", "review 3"]
    seen = [row[3] for name in book.sheetnames[1:] for row in cells_of(book[name])[1:]]
    assert seen == [f"f{n}" for n in range(7)]


def test_more_forms_than_a_sheet_holds_are_told_so_and_leave_no_file(tmp_path, monkeypatch):
    monkeypatch.setattr(forms, "ROWS", 2)
    with pytest.raises(outputs.UsageError, match="a sheet holds 1 forms and there are more; write .csv"):
        outputs.save([GOOD, GOOD], tmp_path / "out.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_names_that_no_text_has_and_endless_texts_fit_into_a_cell(tmp_path):
    odd = [page(field("zip", "9" * 40_000, 0.5, "review", "x"), source="caf\udce9.png")]
    sheet = openpyxl.load_workbook(outputs.save(odd, tmp_path / "out.xlsx"))["forms"]
    assert sheet["A2"].value == "caf\\udce9.png"
    assert len(sheet["C2"].value) == 32_767
    assert rows_of(outputs.save(odd, tmp_path / "out.csv"))[1][2] == "9" * 40_000


def test_a_column_far_to_the_right_has_its_letters():
    assert [forms._letters(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert workbook.cell_text("a") == "a"
