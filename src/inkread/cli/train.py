"""`inkread train`: from a recipe to a calibrated model in a run folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import typer

from inkread.errors import MissingExtra, UsageError, nearest

__all__ = ["train"]

WHAT = ("digits",)


def train(
    what: Annotated[str, typer.Argument(help="What to read: digits.", metavar="digits")],
    *,
    recipe: Annotated[
        Literal["tutorial", "fast", "best"],
        typer.Option(help="tutorial: a minute, MNIST alone. fast: minutes. best: under an hour, what ships."),
    ] = "fast",
    data: Annotated[str, typer.Option(help="What to train on: mnist, which is in the package.")] = "mnist",
    start: Annotated[
        Path | None, typer.Option("--from", help="Begin with the weights of this .keras file.")
    ] = None,
    epochs: Annotated[int | None, typer.Option(help="Instead of the recipe's own number.")] = None,
    patience: Annotated[
        int | None, typer.Option(help="Stop after this many epochs without a better validation score.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Equal seeds give equal runs.")] = 0,
    augment: Annotated[bool, typer.Option(help="Vary the pictures while training.")] = True,
    pool: Annotated[
        Path | None, typer.Option(help="Keep the simulated photos here, to share them between runs.")
    ] = None,
    resume: Annotated[Path | None, typer.Option(metavar="RUN", help="Go on with this run.")] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="RUN", help="The run's folder.")
    ] = None,
) -> None:
    """Train a model: digits, by a recipe. Writes best.keras, best.onnx and card.json into the run's folder.

    The best weights are chosen by pictures held back, never by a test set. A run that was cut off goes on
    with --resume. More data (fonts, hands, writers) is used where INKREAD_DATA names its folder.
    """
    if what not in WHAT:
        raise UsageError(f"cannot train {what!r}; expected {', '.join(WHAT)}{nearest(what, list(WHAT))}")
    if data != "mnist":
        raise UsageError(
            f"cannot train on {data!r}; expected mnist: data of one's own comes with a later version"
        )
    if resume is not None and output is not None:
        raise UsageError("--resume and -o both name the run's folder; give one of them")
    try:
        with _quiet():
            import keras

            keras.ops.zeros(1)
    except ImportError as error:
        raise MissingExtra("training", "keras", "train") from error
    from inkread.training import fit, recipes
    from inkread.training.callbacks import Progress

    run = resume or output or Path("runs") / f"digits-{recipe}-{seed}"
    plan = fit.Plan(
        recipe=recipes.find(recipe, seed=seed, epochs=epochs, vary=augment, patience=patience),
        run=run,
        pool=pool,
        start=start,
        resume=resume is not None,
    )
    best = fit.train(plan, Progress())
    typer.echo(best)
    typer.echo(f"next: inkread evaluate {best.with_suffix('.onnx')} --data mnist:test --json", err=True)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the start-up notes of TensorFlow's C++ half off the console; they heed no switch of its own.

    Keras runs on TensorFlow unless told otherwise.
    """
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.stderr.flush()
    console = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(console, 2)
        os.close(console)
        os.close(nowhere)
