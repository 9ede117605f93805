"""Fields are measured with their own formats, suite by suite, and what must not be accepted is told."""

import csv
import json

import cv2
import pytest

from inkread.cli import main
from inkread.errors import UsageError
from inkread.evaluation.measure import Settings, evaluate

AS_BARS = str.maketrans("123", "abc")
FIELDS = [  # label, format, suite, what stands there
    ("123", "digits:3", "number", "123"),
    ("3 21", "digits:3", "number", "321"),
    ("2222", "digits:4", "number", "2221"),
    ("", "digits:3", "number: four digits", "1231"),
]


@pytest.fixture
def folder(tmp_path, bar_line):
    with (tmp_path / "labels.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["file", "label", "writer", "format", "suite"])
        for number, (label, form, suite, text) in enumerate(FIELDS):
            cv2.imwrite(str(tmp_path / f"{number}.png"), bar_line(text.translate(AS_BARS), 70))
            table.writerow([f"{number}.png", label, f"w{number}", form, suite])
    return tmp_path


def test_each_picture_is_read_with_its_own_format_and_told_of_by_suite(folder, field_model):
    figures = evaluate(str(field_model), str(folder))
    assert (figures["n"], figures["accuracy"], figures["format"]) == (4, 0.5, None)
    assert figures["by_suite"]["number"]["n"] == 3
    assert figures["by_suite"]["number"]["accuracy"] == pytest.approx(2 / 3, abs=1e-6)
    rows = {row["target"]: row for row in figures["by_suite"]["number"]["at_target"]}
    assert (rows[0.01]["accepted"], rows[0.01]["error"]) == (1.0, pytest.approx(1 / 3, abs=1e-6))
    assert rows[0.001]["accepted"] == 0.0
    strict = figures["by_suite"]["number: four digits"]["at_target"]
    assert all(row["accepted"] == 0.0 for row in strict)


def test_another_spelling_of_the_same_is_right_and_told_apart(tmp_path, bar_line, field_model):
    with (tmp_path / "labels.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["file", "label", "format"])
        for number, label in enumerate(("321.00", "321-", "123")):
            cv2.imwrite(str(tmp_path / f"{number}.png"), bar_line("cba", 70))
            table.writerow([f"{number}.png", label, "amount"])
    figures = evaluate(str(field_model), str(tmp_path))
    assert figures["accuracy"] == pytest.approx(1 / 3, abs=1e-6) and figures["accuracy_spelled"] == 0.0
    assert figures["cer"] > 0


def test_one_format_may_be_asked_for_all(folder, field_model):
    figures = evaluate(str(field_model), str(folder), Settings(format="digits", where=("suite=number",)))
    assert (figures["n"], figures["format"]) == (3, "digits") and "by_suite" not in figures


def test_the_command_prints_the_suites(folder, field_model, capsys):
    with pytest.raises(SystemExit, match="0"):
        main(["evaluate", str(field_model), "--data", str(folder)])
    told = capsys.readouterr().out
    assert "number: four digits" in told and "66.67 % of 3 right" in told and "spelt so too" in told
    with pytest.raises(SystemExit, match="0"):
        main(["evaluate", str(field_model), "--data", str(folder), "--format", "digits:4", "--json"])
    assert json.loads(capsys.readouterr().out)["format"] == "digits:4"


def test_what_cannot_be_measured_is_told(folder, field_model):
    with pytest.raises(UsageError, match="through the reader"):
        evaluate(str(field_model), str(folder), Settings(through="model"))
    with pytest.raises(UsageError, match="reads single characters"):
        evaluate("digits", str(folder), Settings(format="us_zip"))
