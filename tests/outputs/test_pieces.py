"""Mail as a table: one row a piece, whatever could be read of it."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl

from inkread.outputs import pieces, save
from inkread.outputs.table import Table
from inkread.types import Box, Page, Reading

PLACE = Box(10, 20, 60, 40)
READ = Page(
    "a.jpg",
    (
        Reading("02139", 0.99, "accepted", box=PLACE, name="zip", kind="mail", source="a.jpg"),
        Reading("Anna Smith", 0.7, "review", "not sure", name="line 1", kind="mail"),
        Reading("Cambridge MA 02139-4307", 0.6, "review", "not sure", name="line 2", kind="mail"),
        Reading("02139-4307", 0.98, "accepted", name="zip4", kind="mail"),
        Reading("021", 0.99, "accepted", name="prefix", kind="mail"),
        Reading("MA", 0.99, "accepted", name="state", kind="mail"),
        Reading("Cambridge", 0.99, "accepted", name="city", kind="mail"),
    ),
    "mail",
)
UNREAD = Page(
    "b.jpg", (Reading("", 0.0, "refused", "no address", name="zip", kind="mail", source="b.jpg"),), "mail"
)
GONE = Page("c.jpg", (Reading("", 0.0, "failed", "no such file", kind="mail", source="c.jpg"),), "mail")


def test_a_row_a_piece(tmp_path: Path):
    path = save([READ, UNREAD, GONE], tmp_path / "sorted.csv")
    rows = list(csv.DictReader(path.open(encoding="utf-8", newline="")))
    assert [row["source"] for row in rows] == ["a.jpg", "b.jpg", "c.jpg"]
    first = rows[0]
    assert (first["prefix"], first["zip"], first["zip4"]) == ("021", "02139", "02139-4307")
    assert (first["state"], first["city"], first["status"]) == ("MA", "Cambridge", "accepted")
    assert first["address"] == "Anna Smith\nCambridge MA 02139-4307"
    assert first["box"] == "[10, 20, 60, 40]"
    assert [(row["zip"], row["status"], row["reason"]) for row in rows[1:]] == [
        ("", "refused", "no address"),
        ("", "failed", "no such file"),
    ]


def test_a_first_piece_that_cannot_be_opened_changes_nothing(tmp_path: Path):
    path = save([GONE, READ], tmp_path / "sorted.csv")
    assert path.read_text("utf-8").splitlines()[0] == ",".join(pieces.COLUMNS)


def test_in_a_workbook_a_zip_keeps_its_zero(tmp_path: Path):
    path = save([READ], tmp_path / "sorted.xlsx")
    head, row = openpyxl.load_workbook(path)["readings"].iter_rows(values_only=True)
    told = dict(zip(head, row, strict=True))
    assert told["zip"] == "02139" and told["prefix"] == "021" and told["confidence"] == 0.99


def test_other_pages_keep_a_row_a_reading(tmp_path: Path):
    note = Page("n.jpg", (Reading("one", 0.9, "accepted"), Reading("two", 0.9, "accepted")), "note")
    path = save([note], tmp_path / "out.csv")
    assert len(path.read_text("utf-8").splitlines()) == 3


def test_a_terminal_shows_one_row_a_piece_with_the_longer_zip():
    lines = Table(width=100).lines([READ, UNREAD])
    assert len(lines) == 3
    assert "02139-4307" in lines[1] and "no address" in lines[2]
