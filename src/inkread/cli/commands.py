"""The commands and their help, by typer. Only the command that was asked for is imported."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from inkread import __version__
from inkread.errors import UsageError, nearest

__all__ = ["COMMANDS", "run_typer"]

COMMANDS = ("read", "form", "models", "train", "evaluate", "export", "data", "app", "serve", "doctor")
"""In the order of the help. `inkread.cli.NAME` holds a function NAME or, for a group, a typer `app`."""
INTERRUPTED = 130
"""What typer gives back after Ctrl-C, as a shell does."""


def run_typer(words: list[str]) -> int:
    """Run any command line.

    Args:
        words: what follows `inkread`.

    Returns:
        The exit code.

    Raises:
        UsageError: an option, argument or command is unknown, missing or malformed.
        KeyboardInterrupt: somebody pressed Ctrl-C.
    """
    asked = words[0] if words else "--help"
    if asked not in COMMANDS and not asked.startswith("-"):
        raise UsageError(
            f"there is no command {asked!r}; expected one of {', '.join(COMMANDS)}"
            f"{nearest(asked, list(COMMANDS))}"
        )
    app = _application((asked,) if asked in COMMANDS else COMMANDS)
    try:
        code = app(words or ["--help"], prog_name="inkread", standalone_mode=False)
    except Exception as error:
        told = getattr(error, "format_message", None)  # the root of typer's errors is public under no name
        if told is None:
            raise
        raise UsageError(_explained(told(), words, getattr(error, "ctx", None))) from error
    if code == INTERRUPTED:  # typer has taken the Ctrl-C for itself, and says nothing
        raise KeyboardInterrupt
    return code if isinstance(code, int) else 0


def _explained(message: str, words: list[str], context: Any) -> str:
    """Typer's message as a half sentence, and where the help is."""
    where = getattr(context, "command_path", None) or " ".join(["inkread", *words[:1]])
    text = " ".join(message.split()).rstrip(".") or "something is missing"
    text = re.sub(r" ?\(?(?:Possible options|Did you mean):? ([^)?]+)\??\)?\??$", r"; did you mean \1?", text)
    text = text.replace(".; did", "; did").rstrip("?") if "did you mean" in text else text
    stop = "?" if "did you mean" in text else "."
    return f"{text[0].lower()}{text[1:]}{stop} See {where} --help"


def _application(names: tuple[str, ...]) -> typer.Typer:
    """The command line with some of its commands."""
    app = typer.Typer(
        name="inkread",
        help="Turn photos and scans of handwriting into checked text, on your own machine.",
        epilog="Begin with: inkread read my_photo.jpg",
        add_completion=False,
        pretty_exceptions_enable=False,
        cls=_InOrder,
        rich_markup_mode=None if not sys.stdout.isatty() else "rich",
    )
    app.callback()(_inkread)
    for name in names:
        if find_spec(f"inkread.cli.{name}") is None:
            continue
        module = import_module(f"inkread.cli.{name}")
        group = getattr(module, "app", None)
        if isinstance(group, typer.Typer):
            app.add_typer(group, name=name)
        else:
            function: Callable[..., None] = getattr(module, name)
            app.command(name)(function)
    return app


class _InOrder(TyperGroup):
    """Lists its commands in the order of `COMMANDS`; typer alone puts the groups last."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names of the commands that are there."""
        return [name for name in COMMANDS if name in self.commands]


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"inkread {__version__}")
        raise typer.Exit


def _inkread(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and exit."),
    ] = False,
) -> None:
    pass
