"""Forms through the reader and the command line: the template travels, and errors say what to do."""

import json
import pickle

import cv2
import numpy as np
import pytest
from PIL import Image

import inkread
from inkread.errors import UsageError
from inkread.imaging.alignment import PX

TICKS = """
name = "ticks"

[[pages]]
width = 105
height = 148
marks = [
  { id = 0, box = [5, 5, 15, 15] }, { id = 1, box = [90, 5, 100, 15] },
  { id = 2, box = [5, 133, 15, 143] }, { id = 3, box = [90, 133, 100, 143] },
]

[[fields]]
name = "urgent"
type = "checkbox"
box = [20, 40, 25, 45]

[[fields]]
name = "size"
type = "choice"
options = [{ text = "=1+1", box = [20, 60, 24, 64] }, { text = "<b>large</b>", box = [40, 60, 44, 64] }]
"""


@pytest.fixture
def template(tmp_path):
    path = tmp_path / "ticks.toml"
    path.write_text(TICKS, encoding="utf-8")
    return path


def page(*marked: str) -> np.ndarray:
    """The form with a cross in these squares: "urgent" or the text of an option."""
    told = inkread.Template.parse(TICKS)
    paper = np.full((round(148 * PX), round(105 * PX), 3), 245, np.uint8)
    for mark in told.pages[0].marks:
        left, top, right, bottom = (round(v * PX) for v in mark.box)
        known = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
        square = cv2.aruco.generateImageMarker(known, mark.id, 60)
        paper[top:bottom, left:right] = cv2.resize(square, (right - left, bottom - top))[..., None]
    boxes = {"urgent": told.field("urgent").bounds, **{o.text: o.box for o in told.field("size").options}}
    for name, box in boxes.items():
        left, top, right, bottom = (round(v * PX) for v in box)
        cv2.rectangle(paper, (left, top), (right, bottom), (120, 120, 120), 2)
        if name in marked:
            for first, end in (((left, top), (right, bottom)), ((left, bottom), (right, top))):
                cv2.line(paper, first, end, (50, 40, 90), 4, cv2.LINE_AA)
    return paper


def test_a_form_is_read_with_its_template_and_its_fields_have_names(template):
    read = inkread.read(page("urgent", "<b>large</b>"), kind="form", template=template)
    assert (read.kind, read["urgent"].text, read["size"].text) == ("form", "yes", "<b>large</b>")
    assert [r.kind for r in read] == ["form", "form"] and read["urgent"].polygon is not None
    assert (
        inkread.read(page("urgent"), template=template)["urgent"].text == "yes"
    )  # auto knows by the template


def test_a_template_may_be_given_as_such_and_a_changed_file_counts_at_once(template):
    paper = page("urgent")
    assert "urgent" in {r.name for r in inkread.read(paper, template=inkread.Template.load(template))}
    template.write_text(TICKS.replace('name = "urgent"', 'name = "hurry"'), encoding="utf-8")
    assert inkread.read(paper, kind="form", template=template)["hurry"].text == "yes"


def test_a_reader_travels_with_its_template(template):
    reader = pickle.loads(pickle.dumps(inkread.Reader("form", template=template)))
    assert reader.template.folder == template.parent
    assert reader.read(page("=1+1"))["size"].text == "=1+1"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kind": "form"}, "kind form needs a template: a TOML file .* `inkread form new` begins one"),
        ({"kind": "note", "template": "ticks.toml"}, "a template came with kind note; it is for kinds? form"),
        ({"kind": "form", "template": "draft.toml"}, r"draft\.toml does not say yet where its fields are"),
        (
            {"kind": "form", "template": "lost.toml"},
            r"lost\.toml: line 7, page 1: there is no file blank\.png",
        ),
        ({"kind": "form", "template": "gone.toml"}, r"gone\.toml"),
    ],
)
def test_what_cannot_be_read_with_is_told_before_anything_is_read(options, message, template, monkeypatch):
    monkeypatch.chdir(template.parent)
    start, end = TICKS.index("[[pages]]"), TICKS.index("[[fields]]")
    (template.parent / "draft.toml").write_text('name = "d"\n[[fields]]\nname = "zip"\ntype = "us_zip"')
    lost = '[[pages]]\nwidth = 105\nheight = 148\nreference = "blank.png"\n\n'
    (template.parent / "lost.toml").write_text(TICKS[:start] + lost + TICKS[end:])
    with pytest.raises(UsageError, match=message):
        inkread.Reader(**options)


def test_a_pile_with_a_form_another_picture_and_a_broken_file_loses_nothing(template, tmp_path):
    scans = tmp_path / "scans"
    scans.mkdir()
    Image.fromarray(page("urgent")).save(scans / "1.png")
    (scans / "2.png").write_bytes(b"\x89PNG broken")
    Image.new("RGB", (900, 700), (200, 190, 180)).save(scans / "3.png")
    told = list(inkread.Reader("form", template=template).read_many(scans))
    assert [p.status for p in told] == ["accepted", "failed", "refused"]
    assert "this is not the form (ticks)" in told[2].reason


def test_several_forms_in_one_pdf_are_numbered(template, tmp_path):
    first, *more = [Image.fromarray(page(*m)) for m in (["urgent"], ["=1+1"], ["urgent"])]
    first.save(tmp_path / "pile.pdf", save_all=True, append_images=more, resolution=200)
    told = list(inkread.Reader("form", template=template).read_many(tmp_path / "pile.pdf"))
    assert [(p.page, p["urgent"].document, p["urgent"].text) for p in told] == [
        (1, 1, "yes"), (2, 2, "no"), (3, 3, "yes"),
    ]  # fmt: skip


def test_the_command_line_reads_forms_explains_them_and_keeps_texts_as_text(run, template, tmp_path):
    Image.fromarray(page("urgent", "=1+1")).save(tmp_path / "form.png")
    words = ["read", "form.png", "--kind", "form", "--template", template]
    rows = [json.loads(line) for line in run(*words, "--json").out.splitlines()]
    assert [(row["name"], row["text"], row["document"]) for row in rows] == [
        ("urgent", "yes", 1),
        ("size", "=1+1", 1),
    ]
    assert all(len(row["box"]) == 4 and len(row["polygon"]) == 4 for row in rows)
    done = run(*words, "--explain", "why.png", "-o", "seen.png")
    assert done.code == 0
    assert Image.open("why.png").width == 1400 and Image.open("seen.png").size == (827, 1165)


def test_a_picture_that_is_not_the_form_is_explained_too(run, template, tmp_path):
    Image.new("RGB", (900, 700), (200, 190, 180)).save(tmp_path / "cat.png")
    done = run("read", "cat.png", "--kind", "form", "--template", template, "--explain", "why.png")
    assert done.code == 0 and "this is not the form (ticks)" in done.out
    assert Image.open("why.png").width == 1400
