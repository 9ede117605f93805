"""`inkread models`: what ships inside the package, and what is known of each model."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from inkread.runtime.metadata import Metadata

__all__ = ["app"]

app = typer.Typer(help="List the models inside the package, or show one's card.", rich_markup_mode=None)

_WIDTH = 100
_UNCALIBRATED = "none"


@app.callback(invoke_without_command=True)
def models(context: typer.Context) -> None:
    """List the models inside the package, or show one's card."""
    if context.invoked_subcommand is not None:
        return
    from inkread.runtime import recognizer, shelf

    rows = [("name", "reads", "version", "size", "calibrated", "")]
    for name in shelf.names():
        told = recognizer.told(name)
        size = f"{shelf.path(name).stat().st_size / 1e6:.1f} MB"
        about = str(told.card.get("summary", ""))
        calibrated = "yes" if _calibration(told) != _UNCALIBRATED else "no"
        rows.append((name, told.kind, told.version, size, calibrated, about))
    widths = [max(len(row[i]) for row in rows) for i in range(5)]
    for row in rows:
        front = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False))
        typer.echo(f"{front}  {row[5]}".rstrip())
    typer.echo(
        "\nMore of one: inkread models show NAME. A file of your own: inkread read --model FILE", err=True
    )


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="A shipped model's name, or a .onnx, .keras or .h5 file.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show a model's layers, parameters and card: data, licence, scores with their commands.

    The layers of a shipped model or a Keras file are listed where Keras is installed.
    """
    from inkread.runtime import recognizer

    told = recognizer.told(name)
    found = _layers(name)
    nothing = "(blank)" if told.kind == recognizer.LINEWISE else "(not one of them)"
    card = {
        "name": told.name,
        "version": told.version,
        "reads": told.kind,
        "classes": [text or nothing for text in told.classes] if not as_json else list(told.classes),
        "normalizer": told.normalizer or "unknown",
        "calibration": _calibration(told),
        **told.card,
    }
    if not isinstance(found, str):
        card["parameters"] = sum(layer["parameters"] for layer in found)
    if as_json:
        typer.echo(
            json.dumps({**card, "layers": None if isinstance(found, str) else found}, ensure_ascii=False)
        )
        return
    typer.echo("\n".join([*_lines(card, 0), "layers", *(f"  {line}" for line in _table(found))]))


def _calibration(told: Metadata) -> str:
    """What a model's confidences were measured on, in words."""
    of = (
        ("pictures", told.calibration),
        ("lines", told.line_calibration),
        ("fields", told.field_calibration),
    )
    return next((f"{found.n} {what}: {found.data}" for what, found in of if found), _UNCALIBRATED)


def _layers(name: str) -> list[dict[str, Any]] | str:
    """A model's layers as plain values, or why they cannot be told; of a shipped one the Keras file's."""
    from inkread.errors import ModelError
    from inkread.runtime import anatomy, shelf
    from inkread.runtime.recognizer import find

    path = find(name)
    if path.parent == shelf.FOLDER and shelf.has(path.stem, ".keras"):
        path = path.with_suffix(".keras")
    try:
        return [
            {"name": x.name, "kind": x.kind, "output": list(x.output), "parameters": x.parameters}
            for x in anatomy.layers(path)
        ]
    except ModelError as error:
        return str(error)


def _table(found: list[dict[str, Any]] | str) -> Iterator[str]:
    """The layers in columns, or the word that stands for them."""
    if isinstance(found, str):
        yield from _folded("", found)
        return
    rows = [
        (x["kind"], " x ".join(map(str, x["output"])), f"{x['parameters']:,}" if x["parameters"] else "")
        for x in found
    ]
    widths = [max(len(row[i]) for row in rows) for i in range(3)] if rows else [0, 0, 0]
    for row, layer in zip(rows, found, strict=True):
        yield f"{row[0]:<{widths[0]}}  {row[1]:<{widths[1]}}  {row[2]:>{widths[2]}}  {layer['name']}".rstrip()


def _lines(values: dict[str, Any], indent: int) -> Iterator[str]:
    """A card as indented lines, its words in one column."""
    margin = " " * indent
    plain = [key for key, value in values.items() if not _is_nested(value)]
    width = max((len(_words(key)) for key in plain), default=0)
    for key, value in values.items():
        if not _is_nested(value):
            yield from _folded(f"{margin}{_words(key):<{width}}  ", _said(value))
            continue
        yield f"{margin}{_words(key)}"
        for item in value if isinstance(value, list) else [value]:
            yield from (
                _lines(item, indent + 2) if isinstance(item, dict) else _folded(f"{margin}  ", _said(item))
            )
            if isinstance(value, list) and isinstance(item, dict):
                yield ""


def _is_nested(value: Any) -> bool:
    return isinstance(value, dict) or (
        isinstance(value, list) and any(isinstance(v, dict | list) for v in value)
    )


def _words(key: str) -> str:
    return key.replace("_", " ")


def _said(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_said, value))
    if isinstance(value, float):
        return f"{value:.5g}"
    return str(value)


def _folded(front: str, text: str) -> Iterator[str]:
    """A text that is too wide, under itself."""
    from textwrap import wrap

    lines = wrap(text, max(30, _WIDTH - len(front)), break_long_words=False, break_on_hyphens=False)
    yield (front + (lines[0] if lines else "")).rstrip()
    for line in lines[1:]:
        yield " " * len(front) + line
