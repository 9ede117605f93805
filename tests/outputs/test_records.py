"""Readings as rows: nothing is lost, nothing is run, one schema for all."""

from __future__ import annotations

import csv
import json
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from inkread import outputs
from inkread.errors import InkreadError, UsageError
from inkread.outputs import records
from inkread.types import Alternative, Box, Character, Page, Reading

IN_ONE_FOLDER = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
SCHEMA = json.loads(records.SCHEMA.read_text(encoding="utf-8"))
UNDECODABLE = b"caf\xe9.png".decode("utf-8", "surrogateescape")


def reading(text="7", status="accepted", **more):
    values = {
        "reason": "" if status == "accepted" else "because",
        "box": Box(1, 2, 30, 40),
        "alternatives": (Alternative(text, 0.9), Alternative("1", 0.05)),
        "characters": (Character(text, 0.9, Box(1, 2, 30, 40)),) if text else (),
        "kind": "digit",
        "source": "a.png",
        "model": "digits 1",
        "ms": 12.345,
    }
    return Reading(text, 0.9, status, **{**values, **more})


def page(*readings, source="a.png"):
    return Page(source, readings, "digit", 1, 100, 80)


def csv_rows(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def sheet(path):
    return openpyxl.load_workbook(path).active


def column(name):
    return records.COLUMNS.index(name) + 1


# --- JSON Lines and its schema ---------------------------------------------------------------------------


def test_the_schema_is_a_schema_and_describes_every_field():
    Draft202012Validator.check_schema(SCHEMA)
    assert tuple(SCHEMA["properties"]) == records.COLUMNS == tuple(SCHEMA["required"])
    assert all(value.get("description") for value in SCHEMA["properties"].values())
    assert SCHEMA["additionalProperties"] is False


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(reading(), id="accepted"),
        pytest.param(reading("1", "review"), id="review"),
        pytest.param(reading("", "refused"), id="refused"),
        pytest.param(reading("", "failed", box=None, alternatives=(), model=None), id="failed"),
        pytest.param(reading(polygon=((1.0, 2.0), (9.0, 2.5), (9.0, 8.0), (1.0, 7.5))), id="turned"),
        pytest.param(reading(name="amount", page=3, document=2), id="a field of a form"),
    ],
)
def test_every_reading_fits_the_schema(row):
    Draft202012Validator(SCHEMA).validate(json.loads(records.to_json(row)))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"colour": "red"}, id="a field it does not know"),
        pytest.param({"confidence": 1.2}, id="more than certain"),
        pytest.param({"status": "refused"}, id="refused, and yet a text"),
        pytest.param({"reason": "but"}, id="accepted, and yet a reason"),
        pytest.param({"box": [1, 2, 3]}, id="a box of three numbers"),
        pytest.param({"alternatives": [{"text": "7"}]}, id="an alternative without its confidence"),
    ],
)
def test_the_schema_refuses(change):
    assert not Draft202012Validator(SCHEMA).is_valid({**reading().to_dict(), **change})


@IN_ONE_FOLDER
@given(st.text(), st.text())
def test_any_text_comes_back_from_json_lines(tmp_path, text, source):
    path = outputs.save([page(reading(text, source=source))], tmp_path / "out.jsonl")
    lines = path.read_bytes().decode("utf-8").split("\n")
    assert len(lines) == 2 and lines[1] == ""
    row = json.loads(lines[0])
    assert (row["text"], row["source"]) == (text, source)


def test_an_undecodable_name_comes_back_from_json_lines(tmp_path):
    path = outputs.save([page(reading(source=UNDECODABLE))], tmp_path / "out.jsonl")
    assert json.loads(path.read_text(encoding="utf-8"))["source"] == UNDECODABLE


# --- CSV -------------------------------------------------------------------------------------------------


@IN_ONE_FOLDER
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back_from_csv(tmp_path, text):
    row = csv_rows(outputs.save([page(reading(text))], tmp_path / "out.csv"))[0]
    assert records.unguard(row["text"]) == text
    assert json.loads(row["characters"] or "[]") == reading(text).to_dict()["characters"]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1", " =1+1", "'=1", "＝1+1"]
)
def test_a_spreadsheet_takes_no_csv_cell_for_a_formula(tmp_path, text):
    cell = csv_rows(outputs.save([page(reading(text))], tmp_path / "out.csv"))[0]["text"]
    assert cell == "'" + text


@pytest.mark.parametrize("text", ["02139", "-5", "+3.50", "7", "", "a=b"])
def test_a_harmless_text_is_written_to_csv_as_it_is(tmp_path, text):
    assert csv_rows(outputs.save([page(reading(text))], tmp_path / "out.csv"))[0]["text"] == text


def test_csv_has_a_header_and_one_row_a_reading_even_with_line_ends_in_the_name(tmp_path):
    pages = [page(reading(source="two\nlines.png"), reading("1")), page(reading("", "refused"))]
    rows = csv_rows(outputs.save(pages, tmp_path / "out.csv"))
    assert [row["text"] for row in rows] == ["7", "1", ""]
    assert rows[0]["source"] == "two\nlines.png" and rows[0]["box"] == "[1, 2, 30, 40]"


# --- XLSX ------------------------------------------------------------------------------------------------


def test_xlsx_keeps_text_as_text(tmp_path):
    texts = ["02139", "=1+1", "=HYPERLINK(1)", "http://a.b/c", "-5", "1e5", "TRUE"]
    path = outputs.save([page(*(reading(text) for text in texts))], tmp_path / "out.xlsx")
    cells = [sheet(path).cell(row, column("text")) for row in range(2, len(texts) + 2)]
    assert [cell.value for cell in cells] == texts
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}
    assert {cell.number_format for cell in cells} == {"@"}
    with ZipFile(BytesIO(path.read_bytes())) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_xlsx_freezes_its_header_and_types_its_numbers(tmp_path):
    book = sheet(outputs.save([page(reading())], tmp_path / "out.xlsx"))
    assert book.freeze_panes == "A2"
    assert [cell.value for cell in book[1]] == list(records.COLUMNS)
    assert book.cell(2, column("confidence")).value == 0.9
    assert len(book.conditional_formatting) == 2


@IN_ONE_FOLDER
@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=60)
)
def test_any_printable_text_comes_back_from_xlsx(tmp_path, text):
    book = sheet(outputs.save([page(reading(text))], tmp_path / "out.xlsx"))
    assert (book.cell(2, column("text")).value or "") == text


@pytest.mark.parametrize("text", ["\x00\x07", "\ud800", UNDECODABLE, "a\nb", "x" * 40_000])
def test_xlsx_opens_whatever_is_in_the_text(tmp_path, text):
    assert sheet(outputs.save([page(reading(text))], tmp_path / "out.xlsx")).max_row == 2


# --- text ------------------------------------------------------------------------------------------------


def test_txt_of_one_page_is_its_text(tmp_path):
    path = outputs.save([page(reading("0"), reading("", "refused"), reading("9"))], tmp_path / "out.txt")
    assert path.read_text(encoding="utf-8") == "0\n\n9\n"


def test_txt_of_several_pages_names_them(tmp_path):
    path = outputs.save([page(reading("1")), page(reading("2"), source="b\n.png")], tmp_path / "out.txt")
    assert path.read_text(encoding="utf-8") == "== a.png ==\n1\n\n== b .png ==\n2\n"


# --- every writer ----------------------------------------------------------------------------------------

ROWS = ["jsonl", "csv", "xlsx", "txt"]


@pytest.mark.parametrize("ending", ROWS)
def test_a_name_that_is_no_text_stops_no_writer(tmp_path, ending):
    assert outputs.save(
        [page(reading(source=UNDECODABLE), source=UNDECODABLE)], tmp_path / f"out.{ending}"
    ).exists()


@pytest.mark.parametrize("ending", ROWS)
def test_no_reading_at_all_still_gives_a_file(tmp_path, ending):
    assert outputs.save([], tmp_path / f"out.{ending}").is_file()


@pytest.mark.parametrize("ending", ROWS)
@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError(28, "No space left on device"), ValueError])
def test_a_writer_that_is_stopped_leaves_what_was_there_before(tmp_path, ending, error):
    path = tmp_path / f"out.{ending}"
    path.write_text("before")

    def pages():
        yield page(reading())
        raise error

    with pytest.raises((KeyboardInterrupt, InkreadError, ValueError)):
        outputs.save(pages(), path)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    assert path.read_text() == "before"


@pytest.mark.parametrize("ending", ["jsonl", "csv", "txt"])
def test_pages_are_let_go_as_they_are_written(tmp_path, ending):
    alive = []

    class Heavy(str):
        __slots__ = ("__weakref__",)

        def __del__(self):
            alive.pop()

    def pages():
        for _ in range(200):
            alive.append(1)
            yield page(reading(source=Heavy("x")))
            assert len(alive) <= 4

    outputs.save(pages(), tmp_path / f"out.{ending}")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        pytest.param("out.jsnol", r"expected one of .*did you mean '\.jsonl'", id="misspelt"),
        pytest.param("out.xml", r"name it \.alto\.xml or \.page\.xml", id="some XML"),
        pytest.param("out.alto.xlm", r"ends in '\.xlm'; expected one of .*\.alto\.xml", id="misspelt XML"),
        pytest.param("out", "has no ending; expected one of .csv", id="no ending"),
        pytest.param("nowhere/out.csv", "there is no folder .*nowhere; make it first", id="no folder"),
    ],
)
def test_a_name_that_cannot_be_written_is_refused(tmp_path, name, message):
    with pytest.raises(UsageError, match=message):
        outputs.save([page(reading())], tmp_path / name)


def test_a_folder_is_no_file(tmp_path):
    (tmp_path / "out.csv").mkdir()
    with pytest.raises(UsageError, match="is a folder"):
        outputs.check_path(tmp_path / "out.csv")
