"""`inkread export`: a model in another format, with its card and a script that uses it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from inkread.errors import UsageError

__all__ = ["export"]

_RANGE = re.compile(r"(\S)-(\S)")


def export(
    model: Annotated[str, typer.Argument(help="A shipped model's name, or a .keras, .h5 or .onnx file.")],
    *,
    to: Annotated[
        str | None,
        typer.Option(metavar="onnx|keras|h5", help="The format. Default: the output's ending, else onnx."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="A folder, or the model file to write. Default: NAME-onnx."),
    ] = None,
    classes: Annotated[
        str | None,
        typer.Option(
            help="What a model without labels gives: 0-9A-Z, or with commas one,two,three. An empty one at "
            "the end is none of the others: 0-9,"
        ),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files that are there.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Write a model in another format, with its card and a script.

    Beside the model file: card.json, what is known of it, and use_it.py, a short script that reads a photo
    of a character or, for a reader of lines, a picture of one line.

    Beside an .onnx file the script needs no Keras. The new file is compared with the model it comes from:
    where an output differs by more than 0.0001, nothing is kept.
    """
    import json

    from inkread.runtime.convert import Wish, convert

    wish = Wish(to, output, _classes(classes) if classes is not None else None, overwrite)
    done = convert(model, wish)
    if as_json:
        told = {
            "model": str(done.model),
            "card": str(done.card),
            "script": str(done.script),
            "largest_difference": done.parity.largest,
            "pictures": done.parity.pictures,
        }
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    typer.echo(done.model)
    typer.echo(f"parity: {done.parity}", err=True)
    typer.echo(f"beside it: {done.card.name}, {done.script.name}", err=True)
    typer.echo(f"next: python {done.script} my_photo.jpg", err=True)


def _classes(text: str) -> tuple[str, ...]:
    """The classes of an option: with commas what is between them, else each character; a-z is a range."""
    if "," in text:
        parts = [part.strip() for part in text.split(",")]
        named = tuple(c for part in parts for c in (_spread(part) if _RANGE.fullmatch(part) else [part]))
    else:
        named = tuple(_spread(text))
    twice = sorted({name for name in named if named.count(name) > 1})
    if not named or twice or "" in named[:-1]:
        why = (
            f"{twice[0]!r} comes twice" if twice else "only the last may be empty" if named else "it is empty"
        )
        raise UsageError(f"--classes is {text!r}: {why}; expected such as 0-9, 0-9A-Z, or one,two,three")
    return named


def _spread(text: str) -> str:
    """The text with every range in it written out: "0-3x" is "0123x"."""
    return _RANGE.sub(lambda m: "".join(map(chr, range(ord(m[1]), ord(m[2]) + 1))), text)
