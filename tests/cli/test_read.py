"""`inkread read`, from the command line to the rows: with the real reader, on pictures made on the spot."""

from __future__ import annotations

import io
import json
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from jsonschema import Draft202012Validator
from PIL import Image

from inkread.outputs import ENDINGS, records

HOSTILE = ["two\nlines.png", "a;rm -rf $HOME `x` & 'q' \"d\".png", "tab\there.png", "--help.png", "=1+1.png"]


@pytest.fixture
def blank(tmp_path):
    path = tmp_path / "blank.png"
    Image.new("RGB", (120, 80), (230, 230, 230)).save(path)
    return path


def test_a_picture_is_one_tab_separated_line_in_a_pipe(run, digit_photo):
    done = run("read", digit_photo)
    source, page, text, confidence, status, reason, box = done.out.rstrip("\n").split("\t")
    assert (done.code, source, page, text, status, reason) == (0, str(digit_photo), "1", "7", "accepted", "")
    assert 0.5 < float(confidence) <= 1 and len(box.split(",")) == 4


def test_auto_says_on_stderr_what_it_took_the_picture_for(run, digit_photo):
    assert "for kind digit" in run("read", digit_photo).err
    assert run("read", digit_photo, "--kind", "digit").err == ""


def test_json_fits_the_schema_line_by_line(run, digit_photo, blank):
    done = run("read", digit_photo, blank, "gone.png", "--json")
    rows = [json.loads(line) for line in done.out.splitlines()]
    schema = json.loads(records.SCHEMA.read_text(encoding="utf-8"))
    for row in rows:
        Draft202012Validator(schema).validate(row)
    assert [row["status"] for row in rows] == ["accepted", "refused", "failed"]


def test_a_source_that_failed_is_a_row_and_a_line_and_the_rest_is_read(run, digit_photo):
    done = run("read", "gone.png", digit_photo, "--kind", "digit")
    rows = [line.split("\t") for line in done.out.splitlines()]
    assert done.code == 1
    assert [row[4] for row in rows] == ["failed", "accepted"]
    assert done.err == f"inkread: {rows[0][5]}\n" and "gone.png" in done.err


def test_strict_turns_what_is_not_accepted_into_3_and_a_refusal_alone_is_no_error(run, digit_photo, blank):
    assert run("read", blank).code == 0
    assert run("read", digit_photo, "--strict").code == 0
    assert run("read", digit_photo, blank, "--strict").code == 3
    assert run("read", blank, "gone.png", "--strict").code == 1


def test_the_threshold_and_the_target_decide_what_is_accepted(run, digit_photo):
    assert "\treview\t" in run("read", digit_photo, "--threshold", "1").out
    assert "\taccepted\t" in run("read", digit_photo, "--threshold", "0").out


def test_crop_and_rotate_reach_the_reader(run, digit_photo, tmp_path):
    with Image.open(digit_photo) as image:
        image.transpose(Image.Transpose.ROTATE_90).save(tmp_path / "turned.png")  # counter-clockwise
    assert run("read", "turned.png", "--rotate", "90").out.split("\t")[2] == "7"
    box = run("read", digit_photo, "--crop", "100,40,320,270").out.rstrip("\n").split("\t")[6]
    assert 100 <= int(box.split(",")[0]) <= 160


@pytest.mark.parametrize("ending", [ending[1:] for ending in ENDINGS])
def test_a_file_is_written_instead_of_the_rows(run, digit_photo, ending, tmp_path):
    done = run("read", digit_photo, "-o", f"out.{ending}")
    assert (done.code, done.out) == (0, "")
    assert f"wrote out.{ending}" in done.err
    assert [p.name for p in tmp_path.iterdir()] == [f"out.{ending}"]


def test_several_pages_of_a_format_of_one_page_are_said_to_be_several(run, digit_photo, tmp_path):
    done = run("read", digit_photo, digit_photo, "-o", "out.alto.xml")
    assert "wrote out-1.alto.xml and so on, one file a page" in done.err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out-1.alto.xml", "out-2.alto.xml"]


def test_json_and_a_file_can_both_be_had(run, digit_photo):
    done = run("read", digit_photo, "--json", "-o", "out.jsonl")
    assert (
        json.loads(done.out)["text"]
        == json.loads(Path("out.jsonl").read_text(encoding="utf-8"))["text"]
        == "7"
    )


def test_the_standard_input_is_a_source(run, digit_photo, monkeypatch):
    for options in ([], ["--explain", "out.png"]):
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(digit_photo.read_bytes())))
        row = run("read", "-", *options).out.split("\t")
        assert (row[0], row[2]) == ("-", "7")


def test_an_empty_standard_input_is_a_failed_row(run, monkeypatch):
    for options in ([], ["--explain", "out.png"]):
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"")))
        done = run("read", "-", *options)
        assert (done.code, done.out.split("\t")[4]) == (1, "failed")


def test_explain_of_one_picture_has_the_name_that_was_asked_for(run, digit_photo, blank):
    assert run("read", digit_photo, "--explain", "steps.png").code == 0
    with Image.open("steps.png") as image:
        assert image.width == 1400
    assert run("read", blank, "--explain", "nothing.png").code == 0


def test_explain_of_several_numbers_its_pictures_and_skips_what_failed(run, digit_photo, blank, tmp_path):
    done = run("read", digit_photo, "gone.png", blank, "--explain", "steps.png", "-o", "boxes.png")
    assert done.code == 1
    written = sorted(p.name for p in tmp_path.glob("*-*.png"))
    assert written == ["boxes-1.png", "boxes-2.png", "steps-1.png", "steps-2.png"]


def test_every_page_of_a_file_is_read(run, digit_photo):
    with Image.open(digit_photo) as image:
        image.save("pages.tif", save_all=True, append_images=[image, image])
    rows = [line.split("\t") for line in run("read", "pages.tif").out.splitlines()]
    assert [row[1:3] for row in rows] == [["1", "7"], ["2", "7"], ["3", "7"]]


@pytest.mark.skipif(sys.platform == "win32", reason="names that Windows does not allow")
def test_names_that_would_break_a_table_a_shell_or_a_sheet(run, digit_photo, tmp_path):
    for name in [*HOSTILE, b"\xff\xfe.png".decode("utf-8", "surrogateescape")]:
        shutil.copy(digit_photo, tmp_path / name)
    assert run("read", ".", "-o", "all.csv").code == 0
    assert run("read", ".", "-o", "all.xlsx").code == 0
    done = run("read", ".", "--json")
    names = {json.loads(line)["source"] for line in done.out.splitlines()}
    assert names >= set(HOSTILE)
    assert len(run("read", ".").out.splitlines()) == len(HOSTILE) + 1


def test_a_folder_without_pictures_and_a_glob_without_matches_fail_by_name(run, tmp_path):
    (tmp_path / "empty").mkdir()
    done = run("read", "empty", "*.jpeg")
    assert (done.code, len(done.out.splitlines())) == (1, 2)
    assert "empty" in done.err and "*.jpeg" in done.err


def test_a_terminal_gets_a_table(run, digit_photo, blank, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    lines = run("read", digit_photo, blank, "--kind", "digit").out.splitlines()
    assert lines[0].split()[:4] == ["picture", "text", "confidence", "status"]
    assert len(lines) == 3 and "blank" in lines[2]


def test_a_missing_model_and_a_wrong_one_are_told(run, digit_photo):
    done = run("read", digit_photo, "--model", "digit")
    assert (done.code, done.out) == (1, "") and "did you mean 'digits'" in done.err


def test_a_model_that_is_not_calibrated_accepts_nothing_by_itself(run, digit_photo):
    assert "\taccepted\t" not in run("read", digit_photo, "--model", "textbook").out


def test_pictures_of_noise_and_of_one_pixel_are_rows(run, tmp_path):
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (60, 60, 3), np.uint8)).save("noise.png")
    Image.new("L", (1, 3000)).save("line.png")
    assert len(run("read", "noise.png", "line.png").out.splitlines()) >= 2


def test_a_line_is_read_explained_and_drawn(run, line_model, bar_line, tmp_path):
    Image.fromarray(bar_line("cabba")).save(tmp_path / "line.png")
    done = run("read", "line.png", "--kind", "line", "--model", line_model, "--explain", "e.png", "--json")
    row = json.loads(done.out)
    Draft202012Validator(json.loads(records.SCHEMA.read_text(encoding="utf-8"))).validate(row)
    assert (row["text"], row["kind"], row["status"], len(row["characters"])) == (
        "cabba",
        "line",
        "accepted",
        5,
    )
    with Image.open("e.png") as image:
        assert image.width == 1400
    assert run("read", "line.png", "--model", line_model, "-o", "boxes.png").code == 0


def test_a_reader_of_lines_is_not_asked_for_digits(run, digit_photo, line_model):
    done = run("read", digit_photo, "--kind", "digit", "--model", line_model)
    assert (done.code, done.out) == (1, "") and "use it with kind line" in done.err


def test_fields_are_read_with_their_format_explained_and_told_where_they_do_not_fit(
    run, field_model, bar_line
):
    Image.fromarray(bar_line("cab")).save("a.png")
    Image.fromarray(bar_line("cabb")).save("b.png")
    options = ("--format", "digits:3", "--model", field_model)
    done = run("read", "a.png", "b.png", "--kind", "field", *options, "--json", "--workers", "1")
    rows = [json.loads(line) for line in done.out.splitlines()]
    for row in rows:
        Draft202012Validator(json.loads(records.SCHEMA.read_text(encoding="utf-8"))).validate(row)
    assert [(r["text"], r["kind"], r["status"]) for r in rows] == [
        ("312", "field", "accepted"),
        ("3122", "field", "review"),
    ]
    assert rows[1]["reason"] == "reads 3122: four digits, the format has three"
    assert run("read", "a.png", *options, "--explain", "e.png").code == 0
    with Image.open("e.png") as image:
        assert image.width == 1400


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--format", "us_zap"), "did you mean 'us_zip'?"),
        (("--kind", "note", "--format", "us_zip"), "format us_zip came with kind note"),
        (("--format", "regex:[A-"), "holds no end of what it began"),
    ],
)
def test_a_wrong_format_is_one_line_and_a_wrong_usage(run, options, told):
    Image.new("L", (50, 50), 255).save("a.png")
    done = run("read", "a.png", *options)
    assert done.code == 2 and told in done.err and done.err.count("\n") == 1
