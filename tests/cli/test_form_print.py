"""`inkread form print`: the PDF and the template belong together."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("pydantic")
pytest.importorskip("reportlab")

from inkread.cli.form_print import print_form  # noqa: E402
from inkread.forms.template import Template  # noqa: E402

FIELDS = 'name = "slip"\n[[fields]]\nname = "zip"\ntype = "us_zip"\n'


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
