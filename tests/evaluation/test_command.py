import json

import cv2
import numpy as np
import pytest

from inkread.cli import main


def run(capsys, *words):
    with pytest.raises(SystemExit) as stop:
        main(["evaluate", *words])
    out, err = capsys.readouterr()
    return stop.value.code or 0, out, err


def test_json_is_one_object_on_standard_output(capsys, tmp_path):
    np.savez(tmp_path / "set.npz", images=np.zeros((2, 28, 28), np.uint8), labels=np.array(["1", "2"]))
    code, out, _ = run(capsys, "textbook", "--data", str(tmp_path / "set.npz"), "--json")
    assert code == 0 and out.count("\n") == 1
    assert json.loads(out)["n"] == 2


def test_pictures_that_cannot_be_opened_are_counted_and_told(capsys, tmp_path):
    (tmp_path / "7").mkdir()
    cv2.imwrite(str(tmp_path / "7" / "blank.png"), np.full((60, 60), 255, np.uint8))
    (tmp_path / "7" / "broken.png").write_bytes(b"no picture")
    words = ["digits", "--data", str(tmp_path), "--report", str(tmp_path / "report.html")]
    code, out, _ = run(capsys, *words)
    assert code == 0 and "2 items, 1 of which could not be opened" in out
    assert "could not be opened" in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert json.loads(run(capsys, *words[:3], "--json")[1])["failed"] == 1


def test_people_get_a_table(capsys):
    code, out, _ = run(capsys, "textbook", "--data", "mnist:test", "--limit", "200")
    assert code == 0
    assert "mnist:test first 200, 200 items" in out and "nothing accepted" in out


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        pytest.param(["digits", "--data", "nowhere.npz"], 1, "nowhere.npz is not there", id="a missing set"),
        pytest.param(["digits"], 2, "--data", id="no set named"),
        pytest.param(
            ["textbook", "--data", "mnist:test", "--through", "net"], 2, "reader or model", id="no such way"
        ),
        pytest.param(["dgits", "--data", "mnist:test"], 1, "did you mean 'digits'", id="a misspelt model"),
    ],
)
def test_a_mistake_is_one_line_that_says_what_to_do(capsys, words, code, message):
    found, out, err = run(capsys, *words)
    assert (found, out, err.count("\n")) == (code, "", 1)
    assert message in err


def test_a_report_is_written_beside_the_table(capsys, tmp_path):
    report = tmp_path / "out.html"
    code, out, err = run(
        capsys, "textbook", "--data", "mnist:test", "--limit", "300", "--report", str(report), "--json"
    )
    page = report.read_text(encoding="utf-8")
    assert code == 0 and json.loads(out)["n"] == 300 and f"wrote {report}" in err
    assert "never calibrated" in page and "Confusion" in page and "Reliability" in page


@pytest.mark.parametrize(
    ("name", "message"),
    [
        pytest.param("out.pdf", "expected one of .html", id="another ending"),
        pytest.param("nowhere/out.html", "make it first", id="no such folder"),
    ],
)
def test_a_report_that_cannot_be_is_refused_before_measuring(capsys, tmp_path, name, message):
    code, out, err = run(capsys, "textbook", "--data", "mnist:test", "--report", str(tmp_path / name))
    assert (code, out, err.count("\n")) == (2, "", 1) and message in err
