"""A reader of lines on lines whose truth is known: every share by hand."""

import io
import json
import tarfile

import cv2
import numpy as np
import pytest

from inkread.cli import main
from inkread.errors import DataError, UsageError
from inkread.evaluation import metrics
from inkread.evaluation.measure import Settings, evaluate

# what the picture shows, what the set says, who wrote it
LINES = [
    ("abcab", "abcab", "ann"),
    ("cbabc", "cbabc", "ann"),
    ("abc", "aBc", "bob"),  # another case
    ("cabac", "cabcc", "bob"),  # one character of five
    ("abcb", "abcb abc", "bob"),  # a word too few
    ("abcb", ">abcb<", "bob"),  # crossed out: left out
]


def png(picture):
    return cv2.imencode(".png", picture)[1].tobytes()


@pytest.fixture
def folder(tmp_path, bar_line):
    rows = ["file\tsplit\tgroup\ttext"]
    for number, (shown, text, writer) in enumerate(LINES):
        (tmp_path / f"{number}.png").write_bytes(png(bar_line(shown)))
        rows.append(f"{number}.png\tval\t{writer}\t{text}")
    (tmp_path / "t.png").write_bytes(png(bar_line("abc")))
    rows.append("t.png\ttrain\tcas\tabc")
    (tmp_path / "lines.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def archive(folder):
    path = folder / "set.tar"
    with tarfile.open(path, "w") as tar:
        for file in [*folder.glob("*.png"), folder / "lines.tsv"]:
            content = file.read_bytes()
            member = tarfile.TarInfo(f"set/{file.name}" if file.suffix == ".tsv" else file.name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return path


def test_the_figures_of_a_folder_and_of_an_archive_are_those_of_the_texts(line_model, folder, archive):
    result = evaluate(str(line_model), f"{folder}:val")
    assert (result["n"], result["accuracy"], result["through"]) == (5, 0.4, "reader")
    assert result["accuracy_ignoring_case"] == 0.6
    characters = 5 + 5 + 3 + 5 + 8
    assert result["cer"] == round((1 + 1 + 4) / characters, 6) == result["cer_cleaned"]
    assert result["cer_ignoring_case"] == round((1 + 4) / characters, 6)
    assert result["wer"] == 0.5 and result["refused"] == 0.0
    assert result["cer_ci95"][0] <= result["cer"] <= result["cer_ci95"][1]
    again = evaluate(str(line_model), f"{archive}:val")
    assert [again[key] for key in ("n", "cer", "wer", "accuracy")] == [
        result[key] for key in ("n", "cer", "wer", "accuracy")
    ]
    assert json.loads(json.dumps(result)) == result


def test_several_sets_are_told_together_and_apart(line_model, folder, archive):
    result = evaluate(str(line_model), [f"{folder}:val", f"{archive}:train"])
    assert result["n"] == 6
    own = result["by_collection"]
    assert [row["n"] for row in own.values()] == [5, 1]
    assert own[f"{archive}:train"]["cer"] == 0.0 and own[f"{folder}:val"]["groups"] == 2


def test_quotes_and_spaces_are_folded_in_one_figure_only(line_model, tmp_path, bar_line):
    (tmp_path / "a.png").write_bytes(png(bar_line("abcab")))
    rows = "file\tsplit\tgroup\ttext\na.png\tval\tx\tabcab\u00a0\n"
    (tmp_path / "lines.tsv").write_text(rows, encoding="utf-8")
    result = evaluate(str(line_model), str(tmp_path))
    assert result["cer"] == round(1 / 6, 6) and result["cer_cleaned"] == 0.0


def test_a_blank_line_with_the_label_of_nothing_is_right_when_refused(line_model, tmp_path):
    cv2.imwrite(str(tmp_path / "blank.png"), np.full((60, 400), 240, np.uint8))
    (tmp_path / "labels.csv").write_text("file,label\nblank.png,\n")
    result = evaluate(str(line_model), str(tmp_path / "labels.csv"))
    assert (result["accuracy"], result["cer"], result["refused"]) == (1.0, None, 1.0)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        pytest.param(["{0}:test"], "has no lines of the split 'test'; it has train, val", id="no such split"),
        pytest.param(["gone.tar:val"], "gone.tar is not there", id="no such file"),
    ],
)
def test_a_set_that_cannot_be_is_told(line_model, folder, data, says):
    with pytest.raises(DataError, match=says):
        evaluate(str(line_model), [name.format(folder) for name in data])


def test_ways_that_cannot_be_are_told(line_model, folder):
    with pytest.raises(UsageError, match="lines go through the reader"):
        evaluate(str(line_model), str(folder), Settings(through="model"))
    with pytest.raises(UsageError, match="2 sets came"):
        evaluate("digits", ["mnist:test", "mnist:val"])


def test_the_command_tells_each_set_and_writes_a_report(line_model, folder, archive, tmp_path, capsys):
    words = ["evaluate", str(line_model), "--data", f"{folder}:val", "--data", f"{archive}:train"]
    with pytest.raises(SystemExit) as stop:
        main([*words, "--report", str(tmp_path / "r.html")])
    out = capsys.readouterr().out
    assert not stop.value.code and "set.tar:train" in out and "of 5 lines right" in out
    assert "bars 1" in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_a_rates_interval_is_drawn_by_writer():
    errors, sizes = [9, 9, 0, 0], [10, 10, 10, 10]
    low, high = metrics.bootstrap_rate(errors, sizes, ["a", "a", "b", "b"])
    assert (low, high) == (0.0, 0.9)
    assert metrics.bootstrap_rate([0], [0]) is None
