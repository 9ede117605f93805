import subprocess
import sys

import pytest

from inkread.errors import UsageError
from inkread.forms.template import Template

SLIP = """name = "slip"
title = "Order slip"

[[pages]]
width = 210
height = 297
marks = [
  { id = 0, box = [10, 10, 20, 20] },
  { id = 1, box = [190, 10, 200, 20] },
]

[[fields]]
name = "zip"
type = "us_zip"
required = true
boxes = [
  [20, 40, 27, 48], [30, 40, 37, 48], [40, 40, 47, 48],
  [50, 40, 57, 48], [60, 40, 67, 48],
]

[[fields]]
name = "ordered"
type = "date:mdy"
comb = { box = [20, 60, 100, 70], cells = 8 }

[[fields]]
name = "delivered"
type = "date:mdy"
box = [110, 60, 190, 70]

[[fields]]
name = "gift"
type = "checkbox"
box = [20, 80, 25, 85]

[[fields]]
name = "size"
type = "choice"
options = [
  { text = "small", box = [20, 100, 25, 105] },
  { text = "large", box = [40, 100, 45, 105] },
]

[[rules]]
kind = "order"
first = "ordered"
then = "delivered"
"""


def slip(old="", new="", **how):
    assert SLIP.count(old) >= 1
    return Template.parse(SLIP.replace(old, new, 1), where="slip.toml", **how)


def test_a_template_tells_its_places_in_millimetres():
    template = slip()
    assert template.pages[0].size == (210, 297)
    assert template.field("zip").bounds == (20, 40, 67, 48)
    assert template.field("zip").cells[1] == (30, 40, 37, 48)
    assert template.field("ordered").cells[7] == (90, 60, 100, 70)
    assert template.field("gift").cells == ()
    assert template.field("size").bounds == (20, 100, 45, 105)
    assert template.rules[0].names == ("ordered", "delivered")


def test_what_is_dumped_reads_back_equal():
    template = slip()
    assert Template.parse(template.dump()) == template
    assert "boxes = [[20, 40, 27, 48], [30" in template.dump()
    assert "page = " not in template.dump()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        pytest.param(
            '"us_zip"',
            '"us_zpi"',
            "line 14, field zip: 'us_zpi' is no type; did you mean 'us_zip'?",
            id="type",
        ),
        pytest.param(
            '"us_zip"', '"digits:0"', "line 14, field zip: format 'digits:0' has no length", id="spec"
        ),
        pytest.param('"us_zip"', '"regex:["', "line 14, field zip: ", id="pattern"),
        pytest.param(
            "type =", "tpye =", "line 14, field zip: there is no key 'tpye'; did you mean 'type'?", id="key"
        ),
        pytest.param(
            'type = "us_zip"\n', "", 'line 12, field zip: has no type; write such as type = "', id="no type"
        ),
        pytest.param(
            '"zip"', '"=SUM(A1)"', "line 13, field =SUM(A1): name: '=SUM(A1)' cannot be", id="formula"
        ),
        pytest.param(
            '"zip"', '"<b>"', "line 13, field <b>: name: '<b>' cannot be a name; wanted a letter", id="html"
        ),
        pytest.param('"zip"', r'"a\nb"', r"line 13, field 1: name: 'a\nb' cannot be a name", id="line end"),
        pytest.param(
            '"zip"', '"Status"', "line 13, field Status: name: 'Status' is a column of", id="column"
        ),
        pytest.param(
            '"zip"', '"GIFT"', "line 32, field gift: two fields are called gift", id="twice, in capitals"
        ),
        pytest.param(
            '"zip"', "5", "line 13, field 1: name is 5; wanted a text between quotes", id="a number"
        ),
        pytest.param(
            "[20, 80, 25, 85]", "[20, 80]", "line 34, field gift: box: [20, 80] is no rectangle", id="two"
        ),
        pytest.param(
            "[20, 80, 25, 85]", '[20, 80, 25, "x"]', "line 34, field gift: box: 'x' in [", id="text in box"
        ),
        pytest.param(
            "[20, 80, 25, 85]", "[20, 80, 20, 85]", "line 34, field gift: box: [20, 80, 20, 85] is 0", id="0"
        ),
        pytest.param(
            "[20, 80, 25, 85]", "[20, 80, inf, 85]", "line 34, field gift: box: inf in [", id="infinite"
        ),
        pytest.param(
            "[40, 40, 47, 48]", "[40, 40, 7, 48]", "line 17, field zip: boxes: [40, 40, 7, 48]", id="a cell"
        ),
        pytest.param(
            "[60, 40, 67, 48]", "[60, 40, 267, 48]", "line 18, field zip: box 5 is outside of", id="outside"
        ),
        pytest.param(
            "[20, 80, 25, 85]", "[12, 80, 25, 85.5]\nlabel = 3", "line 35, field gift: label is 3", id="label"
        ),
        pytest.param(
            "[20, 80, 25, 85]",
            "[20, 60, 25, 65]",
            "line 34, field gift: it lies over field ordered",
            id="over",
        ),
        pytest.param(
            "[20, 80, 25, 85]",
            "[10, 10, 15, 15]",
            "line 34, field gift: it lies over mark 0; move",
            id="mark",
        ),
        pytest.param(
            "[40, 100, 45, 105]",
            "[22, 100, 27, 105]",
            "line 41, field size: option 'large' lies over",
            id="o",
        ),
        pytest.param(
            '"large"', '"small"', "line 41, field size: two options say 'small'", id="options alike"
        ),
        pytest.param(
            ", [40, 40, 47, 48],\n", ",\n", "line 16, field zip: boxes has room for 4, and us_zip", id="room"
        ),
        pytest.param(
            "box = [20, 80",
            "page = 2\nbox = [20, 80",
            "line 34, field gift: page is 2, and the form has 1",
            id="p",
        ),
        pytest.param(
            "box = [20, 80, 25, 85]", "", "line 31, field gift: does not say where it is", id="nowhere"
        ),
        pytest.param("id = 1", "id = 0", "line 9, page 1: mark 0 stands on page 1 already", id="marks alike"),
        pytest.param("id = 1", "id = 50", "line 9, page 1: id is 50; wanted a number below 50", id="mark id"),
        pytest.param(
            "height = 297", "height = true", "line 6, page 1: height is true; wanted a number", id="true"
        ),
        pytest.param(
            "cells = 8",
            "cells = 8.5",
            "line 24, field ordered: cells is 8.5; wanted a whole number",
            id="half",
        ),
        pytest.param(
            '"order"', '"ordre"', "line 45, rule 1: kind is 'ordre'; wanted one of sum, order", id="kind"
        ),
        pytest.param(
            'then = "delivered"', 'then = "deliverd"', "line 47, rule 1: there is no field 'deliverd'", id="f"
        ),
        pytest.param(
            'then = "delivered"', 'then = "gift"', "line 47, rule 1: a rule of kind order cannot", id="count"
        ),
        pytest.param(
            'then = "delivered"',
            'total = "gift"',
            "line 47, rule 1: a rule of kind order has no total",
            id="t",
        ),
        pytest.param(
            "required = true", "lexicon = 'x'", "line 15, field zip: a lexicon goes with type text", id="lex"
        ),
        pytest.param(
            "required = true", "example = '021'", "line 15, field zip: example reads 021: three", id="example"
        ),
        pytest.param(
            "required = true", "target_error = 2", "line 15, field zip: target_error is 2", id="target"
        ),
        pytest.param(
            "required = true",
            "required = yes",
            "line 15: no TOML at column 12: invalid value; put",
            id="toml",
        ),
        pytest.param("]\n\n[[rules", "\n[[rules", "line 43: no TOML at column 3", id="an open bracket"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_field(old, new, told):
    with pytest.raises(UsageError) as error:
        slip(old, new)
    assert str(error.value).startswith(f"slip.toml: {told}")
    assert "\n" not in str(error.value)


def test_several_mistakes_are_counted():
    with pytest.raises(
        UsageError, match=r"line 5, page 1: width is 'A4'; wanted a number \(and 1 more to mend\)"
    ):
        Template.parse(SLIP.replace("210", '"A4"', 1).replace("297", '"A4"', 1))


def test_a_thousand_fields_and_more_are_one_line():
    fields = "".join(f'[[fields]]\nname = "f{n}"\ntype = "text"\n' for n in range(1001))
    with pytest.raises(UsageError, match="fields is a list of 1001; wanted at most 1000$"):
        Template.parse(f'name = "x"\n{fields}', draft=True)


def test_boxes_beyond_number_are_one_line():
    boxes = ", ".join(f"[{n}, 0, {n + 1}, 1]" for n in range(200))
    rows = "".join(f'[[fields]]\nname = "f{n}"\ntype = "text"\nboxes = [{boxes}]\n' for n in range(26))
    page = "[[pages]]\nwidth = 210\nheight = 297\nmarks = [{ id = 3, box = [200, 280, 208, 288] }]\n"
    with pytest.raises(
        UsageError, match=r"field f24: there are 5,201 boxes on the page; wanted at most 5,000"
    ):
        Template.parse(f'name = "x"\n{page}{rows}')


def test_lines_of_print_may_be_shared_and_whole_boxes_may_not():
    page = "[[pages]]\nwidth = 210\nheight = 297\nmarks = [{ id = 3, box = [200, 280, 208, 288] }]\n"
    field = '[[fields]]\nname = "{}"\ntype = "text"\nbox = {}\n'
    texts = [
        f'name = "x"\n{page}' + field.format("a", "[10, 10, 20, 20]") + field.format("b", box)
        for box in ("[19.6, 10, 30, 20]", "[19.4, 10, 30, 20]", "[14, 14, 14.6, 14.6]")
    ]
    assert Template.parse(texts[0]).placed
    for text in texts[1:]:
        with pytest.raises(UsageError, match="field b: it lies over field a"):
            Template.parse(text)


def test_a_thousand_fields_are_looked_over_quickly():
    boxes = "".join(
        f'[[fields]]\nname = "f{n}"\ntype = "text"\nbox = [{n % 20 * 10}, {n // 20 * 5}, {n % 20 * 10 + 9}, '
        f"{n // 20 * 5 + 4}]\n"
        for n in range(1000)
    )
    page = "[[pages]]\nwidth = 210\nheight = 297\nmarks = [{ id = 3, box = [200, 280, 208, 288] }]\n"
    assert len(Template.parse(f'name = "x"\n{page}{boxes}').fields) == 1000


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("", "line 1: has no name", id="empty"),
        pytest.param("a = " + "[" * 100_000, "no TOML: its brackets are nested too deep", id="brackets"),
        pytest.param(
            'name = "x"\nfields = 3', "line 2: fields is 3; wanted a list in brackets", id="a number"
        ),
        pytest.param(
            'name = "x"\nfields = []', "line 2: fields is a list of 0; wanted at least 1", id="none"
        ),
        pytest.param(
            'name = "x"\nfields = [1]', "line 2, field 1: fields is 1; wanted a table", id="no table"
        ),
        pytest.param("name = " + "9" * 5000, "", id="a long number"),
        pytest.param("a" * 1_000_001, "", id="too long"),
    ],
)
def test_what_is_no_template_is_told_so(text, told):
    with pytest.raises(UsageError) as error:
        Template.parse(text, where="x.toml", draft=True)
    assert told in str(error.value)
    assert len(str(error.value)) < 400


def test_a_draft_has_no_places_and_is_only_taken_where_it_is_welcome():
    text = 'name = "x"\n[[fields]]\nname = "a"\ntype = "choice"\noptions = ["yes", "no"]\n'
    draft = Template.parse(text, draft=True)
    assert not draft.placed
    assert draft.fields[0].options[1].text == "no"
    assert Template.parse(draft.dump(), draft=True) == draft
    with pytest.raises(UsageError, match="inkread form print"):
        Template.parse(text)
    with pytest.raises(UsageError, match="field a has no place"):
        _ = draft.field("a").bounds


def test_files_are_looked_for_from_the_template(tmp_path):
    (tmp_path / "cities.txt").write_text("Bonn\nBerlin\n")
    (tmp_path / "x.toml").write_text(
        'name = "x"\n[[fields]]\nname = "a"\ntype = "text"\nlexicon = "cities.txt"\n'
        '[[fields]]\nname = "b"\ntype = "lexicon:cities.txt"\n[[fields]]\nname = "c"\ntype = "text"\n'
    )
    template = Template.load(tmp_path / "x.toml", draft=True)
    assert template.folder == tmp_path
    assert template.spec("a") == template.spec("b") == f"lexicon:{tmp_path / 'cities.txt'}"
    assert template.spec("c") is None


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        pytest.param(
            "width = 210", "reference = 'no.pdf'\nwidth = 210", "line 5, page 1: there is no file", id="ref"
        ),
        pytest.param('"us_zip"', '"lexicon:../../no.txt"', "line 14, field zip: lexicon:", id="lexicon"),
    ],
)
def test_a_file_that_is_not_there_is_named(tmp_path, old, new, told):
    with pytest.raises(UsageError) as error:
        slip(old, new, folder=tmp_path)
    assert str(error.value).startswith(f"slip.toml: {told}")


def test_a_template_without_a_folder_opens_no_file():
    with pytest.raises(UsageError, match="names the file '/etc/hostname', and a template without a folder"):
        slip('"us_zip"', '"lexicon:/etc/hostname"')


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(None, "cannot be opened as a template: No such file", id="missing"),
        pytest.param(b"\xff\xfe\x00", "is no text", id="a picture"),
        pytest.param(b" " * 1_000_001, "larger than 1 MB", id="huge"),
    ],
)
def test_a_file_that_is_no_template_is_told_so(tmp_path, content, told):
    path = tmp_path / "x.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError, match=told):
        Template.load(path)


def test_a_field_that_is_not_there_is_told_with_the_nearest():
    with pytest.raises(UsageError, match="no field 'gifts'; did you mean 'gift'"):
        slip().field("gifts")


WITHOUT = """
import importlib, sys
sys.modules["pydantic"] = None
from inkread.errors import MissingExtra
for module in ("learn", "sheet", "rules", "template"):
    try:
        importlib.import_module(f"inkread.forms.{module}")
    except MissingExtra as error:
        print(error)
"""


def test_without_its_library_a_form_says_what_to_install():
    told = subprocess.run([sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=True).stdout
    line = "a form's template needs pydantic, which is not installed. Run: pip install '.[forms]'"
    assert told.splitlines() == [line] * 4
