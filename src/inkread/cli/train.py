"""`inkread train`: from a recipe to a model and its report in a run folder."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer

from inkread.errors import MissingExtra, UsageError, nearest

__all__ = ["train"]

WHAT = ("digits", "characters", "fields", "lines", "ink", "field-ink")
SETS = ("mnist",)
DIGITS_ONLY = {
    "recipe": "--recipe",
    "data": "--data",
    "start": "--from",
    "patience": "--patience",
    "augment": "--augment",
}
"""Options that say nothing to the training of the model `ink`, by parameter."""
SINGLE_SIGNS_ONLY = {name: DIGITS_ONLY[name] for name in ("recipe", "patience", "augment")}
"""The same, for the model `lines`."""


def train(
    what: Annotated[
        str,
        typer.Argument(
            help="What to learn: digits, or single signs of your own; characters, which are digits and "
            "letters; fields, which are ZIPs, numbers, dates; lines of text; ink, which pixels of a photo "
            "are handwriting; or field-ink, the same of fields in forms.",
            metavar="digits|characters|fields|lines|ink|field-ink",
        ),
    ],
    *,
    context: typer.Context,
    recipe: Annotated[
        str,
        typer.Option(
            metavar="tutorial|fast|best|polish",
            help="tutorial: the textbook's network. fast: the most accuracy in its time. best: in under "
            "an hour, of photos. polish: goes on with best, and ends as what ships. "
            "On your own data fast takes about a minute.",
        ),
    ] = "fast",
    data: Annotated[
        str,
        typer.Option(
            metavar="mnist|PATH",
            help="mnist, which is in the package, or your own, of any classes: a folder with one folder a "
            "class, a labels.csv, an .npz.",
        ),
    ] = "mnist",
    start: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="MODEL",
            help="Begin with the weights of a .keras file, or of a model that ships.",
        ),
    ] = None,
    epochs: Annotated[
        int | None, typer.Option(help="At most this many, instead of the recipe's number.")
    ] = None,
    patience: Annotated[
        int | None,
        typer.Option(
            help="Hold a part back; stop after this many epochs no better on it, and keep the best weights."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Equal seeds give equal runs.")] = 0,
    augment: Annotated[
        bool | None,
        typer.Option(
            "--augment/--no-augment",
            help="Vary the pictures while training, or not. [default: as the recipe]",
        ),
    ] = None,
    pool: Annotated[
        Path | None, typer.Option(help="Keep the simulated photos here, to share them between runs.")
    ] = None,
    resume: Annotated[
        Path | None, typer.Option(metavar="RUN", help="Go on with this run; it keeps its own settings.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="RUN", help="The run's folder.")
    ] = None,
) -> None:
    """Train a model by a recipe, on MNIST or on pictures of your own.

    The run's folder gets best.keras, best.onnx, report.html, card.json and the history as table and pictures.

    The best weights are chosen by pictures held back, never by a test set. A run that was cut off goes on
    with --resume and ends as if it had not been. The recipe best uses more data (fonts, hands, writers) where
    INKREAD_DATA names its folder.

    The model lines learns from the real lines under INKREAD_DATA and from lines drawn with fonts, for hours;
    with --data, from a folder with a lines.tsv or labels.csv of your own lines, beginning with the model
    lines or --from another, and tells what became better and what worse.

    The model fields learns from strings that it composes one hand at a time, fills into forms and
    photographs, for an hour; it takes --from, --epochs, --seed, --pool, --resume and -o.

    The model ink learns from 40,000 simulated photos, which take 4 GB of disk, and field-ink, which begins
    with its weights, from 9,000 (1.7 GB); each has one recipe, and takes --epochs, --seed, --pool, --resume
    and -o.

    The model characters draws its own pictures from the letters and fonts under INKREAD_DATA; it has the
    recipes fast and best.
    """
    if what not in WHAT:
        raise UsageError(f"cannot train {what!r}; expected {', '.join(WHAT)}{nearest(what, list(WHAT))}")
    if resume is not None and output is not None:
        raise UsageError("--resume and -o both name the run's folder; give one of them")
    if what == "fields":
        takes = "train fields has one recipe and takes --from, --epochs, --seed, --pool, --resume, -o"
        _refuse(context, SINGLE_SIGNS_ONLY | {"data": "--data"}, takes)
        run = resume or output or Path("runs") / f"fields-{seed}"
        _train_fields(run, {"epochs": epochs, "seed": seed, "start": start}, pool, resume is not None)
        return
    if what in ("ink", "field-ink"):
        _refuse(
            context,
            DIGITS_ONLY,
            f"train {what} has one recipe and takes --epochs, --seed, --pool, --resume, -o",
        )
        run = resume or output or Path("runs") / f"{what}-{seed}"
        _train_ink(run, {"what": what, "epochs": epochs, "seed": seed}, pool, resume is not None)
        return
    if what == "characters":
        _refuse(context, {"data": "--data"}, "train characters draws its own data; see train digits --data")
        data = what
    elif data not in SETS and not Path(data).exists():
        raise UsageError(
            f"--data {data} is not there; expected mnist, or the path of a folder, a labels.csv or an .npz"
            f"{nearest(data, list(SETS))}"
        )
    if what == "lines":
        takes = "train lines takes --data, --from, --epochs, --seed, --pool, --resume, -o"
        _refuse(context, SINGLE_SIGNS_ONLY, takes)
        wanted = {"epochs": epochs, "seed": seed, "start": start, "data": "" if data in SETS else data}
        _train_lines(resume or output, wanted, pool, resume is not None)
        return
    _need_keras()
    from inkread.training import fit, recipes
    from inkread.training.callbacks import Progress

    is_drawn = data in (*SETS, "characters")
    own = data if is_drawn else str(Path(data).resolve())
    wishes = recipes.Wishes(seed=seed, epochs=epochs, patience=patience, vary=augment, data=own)
    name = what if is_drawn else Path(own).stem
    run = resume or output or Path("runs") / f"{name}-{recipe}-{seed}"
    plan = fit.Plan(
        recipe=recipes.find(recipe, wishes), run=run, pool=pool, start=start, resume=resume is not None
    )
    best = fit.train(plan, Progress())
    typer.echo(best)
    model = best.with_suffix(".onnx") if best.with_suffix(".onnx").is_file() else best
    typer.echo(f"next: inkread read PICTURE --model {model}", err=True)


def _need_keras() -> None:
    """Say, before anything else, where the extra is missing."""
    if find_spec("keras") is None:
        raise MissingExtra("training", "keras", "train")
    from inkread.runtime.backend import load_keras

    load_keras("training")


def _train_ink(run: Path, wanted: dict[str, Any], pool: Path | None, resume: bool) -> None:
    """Train the model `ink`, or `field-ink`."""
    _need_keras()
    from inkread.training import ink
    from inkread.training.callbacks import Progress

    typer.echo(ink.train(ink.find(**wanted), run, pool=pool, resume=resume, progress=Progress()))


def _train_fields(run: Path, wanted: dict[str, Any], pool: Path | None, resume: bool) -> None:
    """Train the model `fields`."""
    _need_keras()
    from inkread.training import fields
    from inkread.training.callbacks import Progress

    best = fields.train(fields.find(**wanted), run, pool=pool, resume=resume, progress=Progress())
    typer.echo(best)
    model = best.with_suffix(".onnx") if best.with_suffix(".onnx").is_file() else best
    typer.echo(f"next: inkread read PICTURE --kind field --format us_zip --model {model}", err=True)


def _train_lines(run: Path | None, wanted: dict[str, Any], pool: Path | None, resume: bool) -> None:
    """Train the model `lines`, or let one learn lines of the user's own."""
    _need_keras()
    from inkread.training import lines
    from inkread.training.callbacks import Progress

    data = str(Path(wanted["data"]).resolve()) if wanted["data"] else ""
    recipe = lines.find(**wanted | {"data": data})
    run = run or Path("runs") / f"{Path(data).stem or 'lines'}-{recipe.seed}"
    best = lines.train(recipe, run, pool=pool, resume=resume, progress=Progress())
    typer.echo(best)
    model = best.with_suffix(".onnx") if best.with_suffix(".onnx").is_file() else best
    typer.echo(f"next: inkread read PICTURE --kind line --model {model}", err=True)


def _refuse(context: typer.Context, options: dict[str, str], takes: str) -> None:
    """Options that would change nothing are an error, not silence."""
    for name, option in options.items():
        source = context.get_parameter_source(name)
        if source is not None and source.name == "COMMANDLINE":
            raise UsageError(f"{option} is for digits; {takes}")
