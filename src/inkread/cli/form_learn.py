"""`inkread form learn`: what an existing blank form asks for becomes a template to look over."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inkread.errors import UsageError

if TYPE_CHECKING:
    from inkread.forms.learn import Learnt

__all__ = ["learn_form"]


def learn_form(
    blank: Annotated[Path, typer.Argument(help="A PDF, or a scan of one page, that nobody has filled.")],
    *,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The template; by default beside the form, of its name."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a template that is there.")] = False,
) -> None:
    """Find boxes, combs, lines and squares of an existing form, and write a template to be looked over.

    Names come from the words beside each place, types from both; edit them in the template. A picture of
    each blank page is stored beside it: filled forms are found by its print. Prints one line a field: number,
    page, name, type, how it was found, label.
    """
    from inkread.outputs.atomic import replacing

    toml = output or blank.with_suffix(".toml")
    _check(blank, toml, force)
    from inkread.forms.learn import learn

    learnt = learn(blank, stem=toml.stem)
    _check_pictures(learnt, toml.parent, blank, force)
    _store(learnt, toml.parent)
    with replacing(toml) as new:
        new.write_text(learnt.template.dump(), encoding="utf-8")
    for line in _table(learnt):
        typer.echo(line)
    _tell(learnt, toml)


def _check(blank: Path, toml: Path, force: bool) -> None:
    if toml.suffix.lower() != ".toml":
        raise UsageError(f"{toml}: a template is a TOML file; give a name that ends in .toml")
    if not toml.resolve().parent.is_dir():
        raise UsageError(f"{toml} cannot be written: there is no folder {toml.parent}; make it first")
    if toml.exists() and not force:
        raise UsageError(
            f"{toml} is there already, and may have been edited; give another name with -o, or --force"
        )
    if not blank.exists():
        raise UsageError(f"{blank}: there is no such file; give a PDF or a scan of the blank form")


def _check_pictures(learnt: Learnt, folder: Path, blank: Path, force: bool) -> None:
    """Say which picture of a blank page would be written over a file that is there."""
    for name, _ in learnt.references:
        file = folder / name
        if file.exists() and (file.samefile(blank) or not force):
            cure = "" if file.samefile(blank) else ", or --force"
            what = "the form itself" if file.samefile(blank) else "there already"
            raise UsageError(
                f"{file} is {what}, and the picture of a blank page would go there; give the template "
                f"another name with -o{cure}"
            )


def _store(learnt: Learnt, folder: Path) -> None:
    """Write the pictures of the blank pages beside the template."""
    from inkread.imaging.blank_pages import png
    from inkread.outputs.atomic import replacing

    for name, rgb in learnt.references:
        with replacing(folder / name) as new:
            new.write_bytes(png(rgb))


def _table(learnt: Learnt) -> list[str]:
    from inkread.outputs.table import one_line

    fields = zip(learnt.template.fields, learnt.kinds, strict=True)
    rows = [
        (str(number), str(field.page), field.name, field.type, _how(kind, len(field.cells)), field.label)
        for number, (field, kind) in enumerate(fields, start=1)
    ]
    return ["\t".join(map(one_line, row)) for row in rows]


def _how(kind: str, cells: int) -> str:
    return f"{kind} of {cells}" if cells else kind


def _tell(learnt: Learnt, toml: Path) -> None:
    count, pages = len(learnt.template.fields), len(learnt.template.pages)
    unnamed = sum(not field.label for field in learnt.template.fields)
    told = f"{toml}: {count} fields on {pages} page{'s' if pages > 1 else ''}"
    typer.echo(
        f"{told}{f', {unnamed} without a label' if unnamed else ''}; look names and types over", err=True
    )
    if learnt.guessed_size:
        width, height = learnt.template.pages[0].size
        typer.echo(f"the scan was taken for paper of {width:g} x {height:g} mm", err=True)
    typer.echo(f"see them drawn: inkread form show {toml} -o form.png", err=True)
