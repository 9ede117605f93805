"""`inkread form print`: a field list becomes a PDF to print and the template that matches it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inkread.errors import UsageError

if TYPE_CHECKING:
    from inkread.forms.template import Template

__all__ = ["print_form"]


def print_form(
    fields: Annotated[Path, typer.Argument(help="The field list, such as `inkread form new` writes.")],
    *,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The PDF; by default beside the list, of its name."),
    ] = None,
    template: Annotated[
        Path | None,
        typer.Option("--template", help="The template; by default beside the PDF, of its name."),
    ] = None,
    paper: Annotated[str, typer.Option("--paper", help="A4 or Letter.")] = "A4",
    force: Annotated[
        bool, typer.Option("--force", help="Write over a PDF or a template that is there.")
    ] = False,
) -> None:
    """Lay out a field list, print it to a PDF, and write the template that matches it.

    Print the PDF at any scale, fill it with a pen, photograph it, and read it with the template: places agree
    to a tenth of a millimetre, and four marks in the corners align the photo. Keep the PDF: it is the blank
    page that tells this form from others with the same marks, and by which curled paper is laid flat.
    """
    from inkread.forms.sheet import lay_out, print_pdf
    from inkread.forms.template import Template
    from inkread.outputs.atomic import replacing

    pdf = output or fields.with_suffix(".pdf")
    toml = template or pdf.with_suffix(".toml")
    _refuse_clashes(fields, pdf, toml, force)
    laid = lay_out(Template.load(fields, draft=True), paper)
    laid = _with_reference(_beside(laid, fields, toml), pdf, toml)
    with replacing(toml) as new:  # both or neither: the template takes its name once the PDF has
        new.write_text(laid.dump(), encoding="utf-8")
        print_pdf(laid, pdf)
    count = len(laid.pages)
    typer.echo(f"{pdf}: {len(laid.fields)} fields on {count} page{'s' if count > 1 else ''}", err=True)
    typer.echo(f"{toml}: its template. Read filled ones with: inkread read SCANS --template {toml}", err=True)


def _refuse_clashes(fields: Path, pdf: Path, toml: Path, force: bool) -> None:
    """Say what is wrong with the names before anything is written."""
    if pdf.suffix.lower() != ".pdf":
        raise UsageError(f"{pdf}: a form is printed to a PDF; give a name that ends in .pdf")
    if toml.resolve() == fields.resolve():
        raise UsageError(
            f"{toml}: the template would go there, and that is the field list itself; give -o form.pdf (with "
            "form.toml beside it) or --template form.toml"
        )
    if toml.suffix.lower() != ".toml":
        raise UsageError(f"{toml}: a template is a TOML file; give --template a name that ends in .toml")
    for file in (pdf, toml):
        if not file.resolve().parent.is_dir():
            raise UsageError(f"{file} cannot be written: there is no folder {file.parent}; make it first")
        if file.exists() and not force:
            raise UsageError(
                f"{file} is there already, and printed sheets may rely on it; give another name, or --force"
            )


def _beside(template: Template, fields: Path, toml: Path) -> Template:
    """The template with the files that it names as seen from its own folder."""
    if toml.resolve().parent == fields.resolve().parent:
        return template
    values = template.model_dump(exclude_defaults=True)
    for field in values["fields"]:
        kind, colon, file = field["type"].partition(":")
        if field.get("lexicon"):
            field["lexicon"] = _moved(field["lexicon"], fields, toml)
        elif kind == "lexicon" and colon:
            field["type"] = f"lexicon:{_moved(file, fields, toml)}"
    return type(template)(**values)


def _with_reference(template: Template, pdf: Path, toml: Path) -> Template:
    """The template with the printed PDF as its blank pages."""
    file = _moved(str(pdf.resolve()), toml, toml)
    pages = tuple(page.model_copy(update={"reference": file}) for page in template.pages)
    return template.model_copy(update={"pages": pages}).in_folder(toml.resolve().parent)


def _moved(file: str, fields: Path, toml: Path) -> str:
    there = fields.resolve().parent / Path(file).expanduser()
    try:
        return Path(os.path.relpath(there, toml.resolve().parent)).as_posix()
    except ValueError:  # on another drive
        return str(there)
