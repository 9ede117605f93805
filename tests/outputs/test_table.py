"""Readings as lines: one line each, whatever is in a name."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkread.outputs import table
from inkread.types import Box, Page, Reading


def page(text="7", source="a.png", status="accepted", reason=""):
    row = Reading(text, 0.5, status, reason, box=Box(1, 2, 3, 4), kind="digit", source=source)
    return Page(source, (row,), "digit")


def test_a_reading_is_its_columns_between_tabs():
    line = table.tsv(page("7", reason="", source="a b.png")[0])
    assert line == "a b.png\t1\t7\t0.5000\taccepted\t\t1,2,3,4"
    assert len(line.split("\t")) == len(table.COLUMNS)


@given(st.text(), st.text())
def test_any_name_and_text_is_one_line_and_can_be_recovered(source, text):
    line = table.tsv(page(text, source)[0])
    cells = line.split("\t")
    assert len(line.splitlines()) == 1 and len(cells) == len(table.COLUMNS)
    recovered = [ast.literal_eval('"' + cells[i].replace('"', '\\"') + '"') for i in (0, 2)]
    assert recovered == [source, text]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("a\nb", "a\\nb", id="line end"),
        pytest.param("\x1b[31m", "\\x1b[31m", id="terminal code"),
        pytest.param("\u202egnp", "\\u202egnp", id="text turned right to left"),
        pytest.param("a\\b", "a\\b", id="a backslash is left to people"),
    ],
)
def test_people_see_what_would_steer_a_terminal(text, shown):
    assert table.one_line(text) == shown


def test_columns_are_aligned_and_the_status_can_be_coloured():
    pages = [page(source="a.png"), page("12", "folder/b.png", "review", "could be 13")]
    lines = table.Table(width=80).lines(pages)
    assert [line.index(word) for line, word in zip(lines[1:], ("accepted", "review"), strict=True)] == [
        lines[0].index("status")
    ] * 2
    assert "\x1b" not in "".join(lines)
    assert "\x1b[32maccepted" in table.Table(colour=True).lines(pages)[1]


def test_later_rows_come_without_a_second_header():
    rows = table.Table()
    assert len(rows.lines([page()])) == 2
    assert len(rows.lines([page()])) == 1


def test_a_wide_name_keeps_its_end_and_takes_its_true_width():
    lines = table.Table(width=60).lines([page(source="写真" * 30 + ".png"), page(source="b.png")])
    assert lines[1].startswith("…") and ".png" in lines[1]
    assert lines[2].index("0.500") - lines[1].index("0.500") == sum(ord(c) > 0x3000 for c in lines[1])


def test_the_name_of_a_failed_source_stands_once():
    failed = page("", "gone.png", "failed", "gone.png: there is no such file")
    assert table.Table().lines([failed])[1].count("gone.png") == 1


@pytest.mark.parametrize("kind", ["form", "check"])
def test_fields_are_told_with_their_names(kind):
    rows = [
        Reading("02139", 0.9, "accepted", box=Box(1, 2, 3, 4), name="zip", kind=kind, source="a.png"),
        Reading("", 0.0, "refused", "not this form", kind=kind, source="a.png"),
    ]
    lines = [table.tsv(row).split("\t") for row in rows]
    assert [line[len(table.COLUMNS) :] for line in lines] == [["zip"], [""]]
    told = table.Table().lines([Page("a.png", tuple(rows), kind)])
    assert "zip: 02139" in told[1] and ":" not in told[2]
