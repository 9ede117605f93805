"""`inkread form`: begin a form, print it, learn one that exists, and look whether its fields are in place."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from inkread.cli.form_learn import learn_form
from inkread.cli.form_print import print_form
from inkread.errors import UsageError

__all__ = ["app"]

app = typer.Typer(
    help="Forms: begin one, print it, learn one that exists, look whether its fields are in place.",
    no_args_is_help=True,
)


@app.command()
def new(
    path: Annotated[
        Path | None,
        typer.Argument(metavar="FILE.toml", help="Where to write it; without, it is printed."),
    ] = None,
) -> None:
    """Write a list of fields to begin with, with a word on each key.

    Change it with any editor; then `inkread form print` lays it out on paper.
    """
    text = _starter()
    if path is None:
        typer.echo(text, nl=False)
        return
    if path.suffix.lower() != ".toml":
        raise UsageError(f"{path}: a list of fields is a TOML file; give a name that ends in .toml")
    if path.exists():
        raise UsageError(f"{path} is there already, and is left as it is; give another name, or remove it")
    if not path.resolve().parent.is_dir():
        raise UsageError(f"{path} cannot be written: there is no folder {path.parent}; make it first")
    from inkread.outputs.atomic import replacing

    with replacing(path) as fresh:
        fresh.write_text(text, encoding="utf-8", newline="\n")
    typer.echo(f"{path}: eleven fields to begin with. Then: inkread form print {path} -o form.pdf", err=True)


def _starter() -> str:
    """The list of fields that stands in the package."""
    from inkread import forms

    return Path(str(forms.__file__)).with_name("starter.toml").read_text("utf-8")


app.command("print")(print_form)
app.command("learn")(learn_form)


@app.command()
def show(
    template: Annotated[Path, typer.Argument(metavar="TEMPLATE.toml", help="Where the fields are.")],
    picture: Annotated[
        str | None,
        typer.Argument(
            metavar="PICTURE",
            help="A photo, scan or PDF of the form, filled or not; without, the blank page.",
        ),
    ] = None,
    *,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="A .png; of several pages OUT-1.png, OUT-2.png, ...")
    ] = Path("form.png"),
) -> None:
    """Draw every field over a picture of the form, with its name and type.

    The form is found on the picture as it is when reading: by its marks, else by its print. Where it is not
    found, that is said, and the fields are drawn as if the picture were the whole page; exit code 1.
    """
    from inkread.forms.template import Template
    from inkread.outputs.numbering import numbered
    from inkread.outputs.picture import save_png
    from inkread.outputs.table import one_line
    from inkread.readers.form_places import draw_blank, draw_over

    if output.suffix.lower() != ".png":
        raise UsageError(f"-o is {str(output)!r}; expected a name that ends in .png")
    form = Template.load(template)
    drawn = list(draw_blank(form) if picture is None else draw_over(form, picture))
    files = [numbered(output, number if len(drawn) > 1 else None) for number in range(1, len(drawn) + 1)]
    _spare(files, [form.folder / page.reference for page in form.pages if page.reference], picture)
    for file, page in zip(files, drawn, strict=True):
        written = save_png(page.image, file)
        typer.echo(one_line(f"{page.told}"), err=True)
        typer.echo(str(written))
    if not all(page.aligned for page in drawn):
        raise typer.Exit(1)


def _spare(files: list[Path], blanks: list[Path], picture: str | None) -> None:
    """Refuse to draw over what was drawn from: the picture, or a blank page of the template."""
    sources = [*blanks, *([Path(picture)] if picture is not None else [])]
    for file in files:
        if any(file.exists() and source.exists() and file.samefile(source) for source in sources):
            what = "the picture itself" if file.samefile(sources[-1]) and picture else "the form's blank page"
            raise UsageError(f"{file} is {what}, and is left as it is; give another name with -o")
