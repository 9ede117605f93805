"""`inkread form learn`: a template, the blank pages beside it, a line a field, and nothing written over."""

import cv2
import numpy as np
import pytest

pytest.importorskip("pydantic")

from inkread.cli import main
from inkread.forms.template import Template


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    page = np.full((1169, 827, 3), 255, np.uint8)
    cv2.rectangle(page, (80, 200), (400, 240), (0, 0, 0), 2)
    cv2.rectangle(page, (80, 300), (97, 317), (0, 0, 0), 2)
    cv2.imwrite(str(tmp_path / "blank.png"), page)

    def run(*words):
        with pytest.raises(SystemExit) as left:
            main(words)
        told = capsys.readouterr()
        return left.value.code, told.out, told.err

    return run


def test_a_blank_page_becomes_a_template_with_its_picture_beside_it(run, tmp_path):
    code, out, err = run("form", "learn", "blank.png", "-o", "slip.toml")
    assert (code, out) == (0, "1\t1\tfield_1\ttext\tbox\t\n2\t1\tfield_2\tcheckbox\tcheckbox\t\n")
    assert "2 fields on 1 page, 2 without a label" in err and "210 x 297 mm" in err
    template = Template.load(tmp_path / "slip.toml")
    assert template.pages[0].reference == "slip-1.png"
    assert (tmp_path / "slip-1.png").read_bytes().startswith(b"\x89PNG")


def test_an_edited_template_is_not_written_over_unless_one_says_so(run, tmp_path):
    (tmp_path / "blank.toml").write_text("mine", "utf-8")
    code, _, err = run("form", "learn", "blank.png")
    assert code == 2 and "is there already" in err
    assert (tmp_path / "blank.toml").read_text("utf-8") == "mine"
    assert run("form", "learn", "blank.png", "--force")[0] == 0


def test_no_file_is_written_over_by_the_picture_of_a_blank_page(run, tmp_path):
    (tmp_path / "slip-1.png").write_bytes(b"mine")
    code, _, err = run("form", "learn", "blank.png", "-o", "slip.toml")
    assert code == 2 and "slip-1.png is there already" in err and err.count("\n") == 1
    assert (tmp_path / "slip-1.png").read_bytes() == b"mine" and not (tmp_path / "slip.toml").exists()
    scan = (tmp_path / "blank.png").rename(tmp_path / "form-1.png")
    before = scan.read_bytes()
    code, _, err = run("form", "learn", "form-1.png", "-o", "form.toml", "--force")
    assert code == 2 and "form-1.png is the form itself" in err and scan.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (("nothing.pdf",), "there is no such file"),
        (("blank.png", "-o", "slip.json"), "a template is a TOML file"),
        (("blank.png", "-o", "nowhere/slip.toml"), "there is no folder nowhere"),
    ],
)
def test_what_is_wrong_is_one_line(run, words, wanted):
    code, out, err = run("form", "learn", *words)
    assert (code, out) == (2, "") and wanted in err and err.count("\n") == 1
