"""`inkread form print`: the PDF and the template belong together."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("pydantic")
pytest.importorskip("reportlab")

from inkread.cli import main  # noqa: E402
from inkread.cli.form_print import print_form  # noqa: E402
from inkread.errors import InkreadError  # noqa: E402
from inkread.forms.template import Template  # noqa: E402

FIELDS = (
    'name = "slip"\n[[fields]]\nname = "zip"\ntype = "us_zip"\n[[fields]]\nname = "yes"\ntype = "checkbox"\n'
)


@pytest.mark.parametrize("folder", ["", "templates"])
def test_the_printed_pdf_is_the_blank_page_of_the_template(tmp_path: Path, folder: str) -> None:
    (tmp_path / "fields.toml").write_text(FIELDS, "utf-8")
    (tmp_path / folder).mkdir(exist_ok=True)
    pdf, toml = tmp_path / "form.pdf", tmp_path / folder / "form.toml"
    print_form(tmp_path / "fields.toml", output=pdf, template=toml, paper="A4")
    template = Template.load(toml)
    (page,) = template.pages
    assert page.reference is not None and not Path(page.reference).is_absolute()
    assert (template.folder / page.reference).resolve() == pdf.resolve()
    assert pdf.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["-o", "mine.pdf"], "mine.pdf is there already"),
        (["-o", "new.pdf", "--template", "mine.toml"], "mine.toml is there already"),
        (["-o", "no/new.pdf"], "there is no folder no"),
        (["-o", "new.pdf", "--template", "new.txt"], "a template is a TOML file"),
    ],
)
def test_nothing_is_written_over_and_what_is_wrong_is_one_line(tmp_path, monkeypatch, capsys, words, told):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fields.toml").write_text(FIELDS, "utf-8")
    for name in ("mine.pdf", "mine.toml"):
        (tmp_path / name).write_bytes(b"mine")
    with pytest.raises(SystemExit) as left:
        main(["form", "print", "fields.toml", *words])
    err = capsys.readouterr().err
    assert left.value.code == 2 and told in err and err.count("\n") == 1
    assert sorted(file.name for file in tmp_path.iterdir()) == ["fields.toml", "mine.pdf", "mine.toml"]
    assert (tmp_path / "mine.pdf").read_bytes() == (tmp_path / "mine.toml").read_bytes() == b"mine"


def test_a_printed_form_is_printed_again_by_force(tmp_path: Path) -> None:
    (tmp_path / "fields.toml").write_text(FIELDS, "utf-8")
    (tmp_path / "form.pdf").write_bytes(b"old")
    print_form(tmp_path / "fields.toml", output=tmp_path / "form.pdf", force=True)
    assert (tmp_path / "form.pdf").read_bytes().startswith(b"%PDF")


def test_a_template_that_cannot_be_written_leaves_no_pdf(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "fields.toml").write_text(FIELDS, "utf-8")
    monkeypatch.setattr(Template, "dump", full)
    with pytest.raises((OSError, InkreadError)):
        print_form(tmp_path / "fields.toml", output=tmp_path / "form.pdf", paper="A4")
    assert [file.name for file in tmp_path.iterdir()] == ["fields.toml"]
