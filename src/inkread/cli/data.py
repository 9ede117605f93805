"""`inkread data`: which data sets are at hand, and rendered ones to order."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["app"]

app = typer.Typer(help="Data sets: which are at hand, and rendered ones to order.", no_args_is_help=True)

SETS = (
    ("mnist", "", "70,000 digits, 28x28; in the package", "CC BY-SA 3.0"),
    ("mnist writers", "mnist/writers.npz", "who wrote each MNIST digit", "BSD"),
    ("hnd62", "characters/hnd62.npz", "4,555 digits and letters cut from photos", "MIT"),
    ("az_capitals", "characters/az_capitals.npz", "5,934 capitals", "CC0"),
    ("omniglot_latin", "characters/omniglot_latin.npz", "520 small letters", "MIT"),
    ("fonts", "fonts/ttf", "140 handwriting fonts", "OFL-1.1, Apache-2.0"),
    ("lines", "lines", "9,977 lines of handwriting", "CC BY 4.0"),
)
"""(name, place under INKREAD_DATA or empty, what it is, licence)."""


@app.command("list")
def list_sets() -> None:
    """List the data sets that training and rendering use: name, at hand or missing, what it is, licence."""
    from inkread.data import sources

    folder = sources.data_folder()
    for name, place, what, licence in SETS:
        there = not place or (folder is not None and (folder / place).exists())
        typer.echo(f"{name}\t{'at hand' if there else 'missing'}\t{what}\t{licence}")
    if folder is None:
        typer.echo("set INKREAD_DATA to the folder that holds the missing ones", err=True)


@app.command()
def make(
    what: Annotated[str, typer.Argument(help="digits: photos of single digits.")],
    *,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="A new folder (pictures and labels.csv), or a file.npz.")
    ],
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same pictures.")] = 0,
    n: Annotated[int, typer.Option("--n", min=1, help="How many pictures.")] = 1000,
    held_out: Annotated[
        bool,
        typer.Option("--held-out", help="Each with a paper, pen, light or hand that training never sees."),
    ] = False,
    rejects: Annotated[
        float, typer.Option(min=0, max=1, help="Share of pictures that are not a digit (label empty).")
    ] = 0.0,
) -> None:
    """Render a labelled set of simulated photos.

    labels.csv has the columns file, label, writer, axis (which of paper, pen, light and hand training never
    sees) and source (where the mark is from).
    """
    from inkread.data import sources
    from inkread.errors import UsageError
    from inkread.synth.hands import Given, Hands
    from inkread.synth.rejects import Rejects
    from inkread.synth.sets import Plan, write

    if what != "digits":
        raise UsageError(f"there is no recipe for {what!r}; expected digits")
    folder = sources.data_folder()
    # MNIST's test hands are the ones that neither trained a model, chose its checkpoint nor calibrated it.
    part = "test" if held_out else "train"
    images, labels = sources.mnist(part)
    given: Given = "held_out" if held_out else "split"
    hands = Hands.load(images, labels, sources.mnist_writers(part), folder, given=given)
    if folder is None:
        typer.echo("INKREAD_DATA is not set: hands are MNIST's and drawn ones only", err=True)
    plan = Plan(seed, n, "held_out" if held_out else "train", rejects)
    typer.echo(str(write(plan, Rejects.load(hands, folder), output)))
