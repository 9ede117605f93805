import re
import tomllib

import cv2
import numpy as np
import pytest
from PIL import Image

from inkread.cli import main
from inkread.forms.template import Template

SLIP = """name = "slip"
[[pages]]
width = 210
height = 297
marks = [{ id = 0, box = [10, 10, 20, 20] }]
[[fields]]
name = "zip"
type = "us_zip"
comb = { box = [20, 40, 60, 50], cells = 5 }
"""


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(*words):
        with pytest.raises(SystemExit) as left:
            main(words)
        told = capsys.readouterr()
        return left.value.code, told.out, told.err

    return run


def test_the_list_to_begin_with_is_a_draft_that_says_what_it_is(run, tmp_path):
    code, out, err = run("form", "new", "slip.toml")
    assert (code, out) == (0, "")
    assert "inkread form print slip.toml" in err
    template = Template.load(tmp_path / "slip.toml", draft=True)
    assert f"{len(template.fields)} fields".replace("11", "eleven") in err
    assert {rule.kind for rule in template.rules} == {"sum", "order", "zip_state"}


def test_without_a_name_it_is_printed(run):
    code, out, _ = run("form", "new")
    assert code == 0
    assert tomllib.loads(out)["name"] == "order-slip"


def test_what_stands_in_it_as_a_comment_is_right_as_well(run, tmp_path):
    _, out, _ = run("form", "new")
    (tmp_path / "names.txt").write_text("Smith\n")
    text = re.sub(r"(?m)^# (?=lexicon|target_error|\[\[|kind|fields|message)", "", out)
    text = text.replace('"account", "account_again"', '"ordered", "delivery"')
    template = Template.parse(text, folder=tmp_path, draft=True)
    assert template.field("family_name").lexicon == "names.txt"
    assert template.field("zip").target_error == 0.001
    assert template.rules[-1].kind == "equal"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param(
            ["new", "old.toml"], "old.toml is there already, and is left as it is", id="there already"
        ),
        pytest.param(["new", "form.pdf"], "form.pdf: a list of fields is a TOML file", id="another ending"),
        pytest.param(["new", "no/form.toml"], "there is no folder no", id="no folder"),
        pytest.param(["show", "no.toml"], "no.toml cannot be opened as a template", id="no template"),
        pytest.param(["show", "old.toml"], "old.toml: line 1: has no name", id="a broken template"),
        pytest.param(["show", "slip.toml", "-o", "x.jpg"], "-o is 'x.jpg'; expected", id="no PNG"),
        pytest.param(["show", "slip.toml", "no.jpg"], "no.jpg", id="no picture"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_writes_nothing(run, tmp_path, words, told):
    (tmp_path / "old.toml").write_text("")
    (tmp_path / "slip.toml").write_text(SLIP)
    code, out, err = run("form", *words)
    assert code in (1, 2) and out == ""
    assert told in err and err.count("\n") == 1
    assert {file.name for file in tmp_path.iterdir()} == {"old.toml", "slip.toml"}
    assert (tmp_path / "old.toml").read_text() == ""


def test_a_template_alone_is_drawn_on_white_paper(run, tmp_path):
    (tmp_path / "slip.toml").write_text(SLIP)
    code, out, err = run("form", "show", "slip.toml", "-o", "out.png")
    assert (code, out, err) == (0, "out.png\n", "page 1\n")
    assert (tmp_path / "out.png").read_bytes().startswith(b"\x89PNG")


CORNERS = [(40, 40), (740, 40), (740, 1080), (40, 1080)]


def photographed(path, quarters):
    """A blank sheet with a mark in each corner, 100 dots to the inch, turned by so many quarters."""
    paper = np.full((1169, 827), 235, np.uint8)
    marks = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    for number, (left, top) in enumerate(CORNERS):
        paper[top : top + 48, left : left + 48] = cv2.aruco.generateImageMarker(marks, number, 48)
    cv2.imwrite(str(path), np.rot90(paper, quarters))


@pytest.mark.parametrize("quarters", [0, 2])
def test_a_template_is_drawn_where_its_form_lies_on_the_picture(run, tmp_path, quarters):
    photographed(tmp_path / "photo.png", quarters)
    places = [[v * 0.254 for v in (x, y, x + 48, y + 48)] for x, y in CORNERS]
    marks = ", ".join(f"{{ id = {number}, box = {place} }}" for number, place in enumerate(places))
    text = SLIP.replace("{ id = 0, box = [10, 10, 20, 20] }", marks)
    (tmp_path / "slip.toml").write_text(text)
    code, out, err = run("form", "show", "slip.toml", "photo.png", "-o", "out.png")
    assert (code, out) == (0, "out.png\n")
    assert re.fullmatch(r"page 1, aligned by marks, off by 0\.\d px at 200 dpi\n", err)
    drawn = np.rot90(cv2.imread(str(tmp_path / "out.png")), -quarters).astype(int)
    scale = drawn.shape[0] / 297
    middle = drawn[round(45 * scale), round(24 * scale)]
    aside = drawn[round(45 * scale), round(100 * scale)]
    assert middle[0] - middle[2] > 15 > abs(aside[0] - aside[2])


def test_a_picture_of_something_else_is_told_so(run, tmp_path, digit_photo):
    (tmp_path / "slip.toml").write_text(SLIP)
    code, out, err = run("form", "show", "slip.toml", str(digit_photo), "-o", "out.png")
    assert (code, out) == (1, "out.png\n")
    assert err.startswith("not aligned: ")


def test_neither_the_picture_nor_the_blank_page_is_drawn_over(run, tmp_path):
    (tmp_path / "slip.toml").write_text(SLIP.replace("height = ", 'reference = "blank.png"\nheight = ', 1))
    for name in ("blank.png", "form.png"):
        Image.new("RGB", (400, 560), "white").save(tmp_path / name)
    before = (tmp_path / "blank.png").read_bytes()
    for words, told in (
        (["form.png"], "form.png is the picture"),
        (["-o", "blank.png"], "form's blank page"),
    ):
        code, _, err = run("form", "show", "slip.toml", *words)
        assert code == 2 and told in err and err.count("\n") == 1
    assert (tmp_path / "blank.png").read_bytes() == (tmp_path / "form.png").read_bytes() == before
