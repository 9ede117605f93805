"""`inkread data`: look a set over, preview augmentation, list what is at hand, render to order."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from inkread.data.check import Report

__all__ = ["app"]

app = typer.Typer(
    help="Data sets: check one, preview augmentation, list, render.",
    no_args_is_help=True,
)

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


SOURCE = "A folder with one folder a class, a labels.csv (file,label), or an .npz; or mnist."


@app.command()
def check(
    path: Annotated[str, typer.Argument(help=SOURCE)],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
    near: Annotated[
        bool, typer.Option(help="Look for nearly equal pictures, too: a minute for 70,000.")
    ] = True,
) -> None:
    """Look a labelled set over before training on it; exit code 1 where something must be mended first.

    Finds leaks between train, validation and test (the same picture, nearly the same, the same writer),
    copies, one picture under two labels, broken and blank files, empty, thin and uneven classes, mixed
    polarity. Parts are folders called train, val and test, or a column split.
    """
    from inkread.data.check import check as look

    report = look(path, near=near)
    if as_json:
        told = {"ok": not report.stops} | asdict(report)
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        for line in _lines(report):
            typer.echo(line)
    if report.stops:
        raise typer.Exit(1)


def _lines(report: Report) -> list[str]:
    """A report for people."""
    from inkread.outputs.table import one_line

    lines = []
    for part, classes in report.parts.items():
        counts = sorted(classes.values())
        each = f"{counts[0]:,}" if counts[0] == counts[-1] else f"{counts[0]:,} to {counts[-1]:,}"
        who = f", {report.writers[part]:,} writers" if report.writers[part] else ""
        lines.append(f"{part:<12}{sum(counts):>8,} pictures   {len(counts)} classes of {each}{who}")
    for finding in report.findings:
        lines += ["", f"{finding.level:<6}{finding.what}: {finding.count:,}"]
        lines += [f"        {example}" for example in finding.examples]
        more = finding.count - len(finding.examples)
        lines += [f"        and {more:,} more"] if finding.examples and more > 0 else []
        lines += [f"      -> {finding.advice}"] if finding.advice else []
    stops = sum(finding.level == "stop" for finding in report.findings)
    verdict = f"{stops} to mend before training" if stops else "ready to train on"
    return [one_line(line) for line in [*lines, "", verdict]]


@app.command()
def preview(
    path: Annotated[str, typer.Argument(help=SOURCE)] = "mnist",
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="The sheet, a .png.")] = Path("preview.png"),
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same sheet.")] = 0,
    vary: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WORD=NUMBER",
            help="A word of inkread.Augment, such as rotation_range=20; again for more. Without it: mildly, "
            "and as far as the recipe best goes.",
        ),
    ] = None,
) -> None:
    """Draw what augmentation makes of a picture of each class, as a contact sheet."""
    from inkread.data import preview as drawing
    from inkread.errors import UsageError
    from inkread.outputs.picture import save_png

    if output.suffix.lower() != ".png":
        raise UsageError(f"-o is {str(output)!r}; expected a name that ends in .png")
    how = drawing.words(vary or [])
    sheet = drawing.sheet(drawing.choose(path, seed), name=path, seed=seed, vary=how)
    typer.echo(str(save_png(sheet, output)))


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
def make(  # noqa: PLR0913 - each is an option
    what: Annotated[
        str,
        typer.Argument(
            help="digits: photos of single digits. fields: ZIPs, numbers, dates in forms. mail: "
            "photos of envelopes and labels. forms: photos of filled forms with their templates. "
            "checks: photos of bank checks."
        ),
    ],
    *,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="A new folder (pictures and labels.csv); or digits.npz.")
    ],
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same pictures.")] = 0,
    n: Annotated[int, typer.Option("--n", min=1, help="How many pictures.")] = 1000,
    held_out: Annotated[
        bool,
        typer.Option(
            "--held-out",
            help="By hands that training never sees; digits also on papers, with pens and in lights.",
        ),
    ] = False,
    rejects: Annotated[
        float, typer.Option(min=0, max=1, help="Of digits: share of pictures that are none (label empty).")
    ] = 0.0,
    differ: Annotated[
        float, typer.Option(min=0, max=1, help="Of checks: share whose figures and words differ on purpose.")
    ] = 0.0,
) -> None:
    """Render a labelled set of simulated photos.

    labels.csv has the columns file, label, writer, source (where the mark is from) and, of digits, axis
    (which of paper, pen, light and hand training never sees). Beside it mail.jsonl says all that is known of
    each piece of mail: ZIP, state, city, lines, and where they stand. Of fields there are also suite, format,
    form and what was written; always by hands that training never sees, a quarter of them strings that do not
    fit their format. Forms come as photos/, templates/, forms.csv (document, file, template, writer, taken)
    and values.csv (document, page, field, text, fault). checks.jsonl says all that is known of each check.
    """
    from inkread.errors import UsageError, nearest

    recipes = {
        "digits": _make_digits,
        "fields": _make_fields,
        "mail": _make_mail,
        "forms": _make_forms,
        "checks": _make_checks,
    }
    if what not in recipes:
        known = list(recipes)
        raise UsageError(
            f"there is no recipe for {what!r}; expected one of {', '.join(known)}{nearest(what, known)}"
        )
    if what == "checks":
        rejects = _differing(differ, rejects)
    elif differ:
        raise UsageError(f"--differ is of checks; of {what} nothing is written twice")
    typer.echo(str(recipes[what](output, (seed, n), held_out, rejects)))


def _differing(differ: float, rejects: float) -> float:
    """The share of checks whose two amounts differ."""
    from inkread.errors import UsageError

    if rejects:
        raise UsageError("--rejects is of digits; --differ gives checks whose figures and words differ")
    return differ


def _make_digits(output: Path, which: tuple[int, int], held_out: bool, rejects: float) -> Path:
    """Photos of digits; `which` is the seed and how many."""
    from inkread.data import sources
    from inkread.synth.hands import Given, Hands
    from inkread.synth.rejects import Rejects
    from inkread.synth.sets import Plan, write

    folder = sources.data_folder()
    # MNIST's test hands are the ones that neither trained a model, chose its checkpoint nor calibrated it.
    part = "test" if held_out else "train"
    images, labels = sources.mnist(part)
    given: Given = "held_out" if held_out else "split"
    hands = Hands.load(images, labels, sources.mnist_writers(part), folder, given=given)
    if folder is None:
        typer.echo("INKREAD_DATA is not set: hands are MNIST's and drawn ones only", err=True)
    plan = Plan(*which, "held_out" if held_out else "train", rejects)
    return write(plan, Rejects.load(hands, folder), output)


def _make_fields(output: Path, which: tuple[int, int], held_out: bool, rejects: float) -> Path:
    """Photos of fields; `which` is the seed and how many."""
    from inkread.data import fieldpools
    from inkread.errors import UsageError
    from inkread.synth.fieldsets import write

    if rejects:
        raise UsageError("--rejects is of digits; of fields a quarter does not fit its format")
    return write(*which, fieldpools.hands("test"), output)


def _make_mail(output: Path, which: tuple[int, int], held_out: bool, rejects: float) -> Path:
    """Photos of mail; `which` is the seed and how many."""
    from inkread.data import sources, splits
    from inkread.errors import UsageError
    from inkread.synth.mail import Bank
    from inkread.synth.mailsets import write

    folder = sources.data_folder()
    if rejects:
        raise UsageError("--rejects is of digits; of mail one piece in thirty has no ZIP at all")
    if folder is None:
        raise UsageError(
            "mail is written with handwriting fonts: set INKREAD_DATA to the folder that holds fonts/"
        )
    images, labels = sources.mnist("test" if held_out else "train")
    writers = sources.mnist_writers("test" if held_out else "train")
    if not held_out:  # as with checks: the hands that confidences are fitted on, never those to report
        rows = splits.mnist_train().calibration
        images, labels, writers = images[rows], labels[rows], None if writers is None else writers[rows]
    bank = Bank.load(folder, images, labels, writers, held_out=held_out)
    return write(*which, bank, output)


def _make_forms(output: Path, which: tuple[int, int], held_out: bool, rejects: float) -> Path:
    """Photos of filled forms; `which` is the seed and how many."""
    from inkread.data import fieldpools
    from inkread.errors import UsageError
    from inkread.synth.formsets import write

    if rejects:
        raise UsageError(
            "--rejects is of digits; to see what is no form, read the photos of another template"
        )
    # With held_out: the half of the fonts on which no agreement of row and boxes is fitted, as for checks.
    part, half = ("test", 1) if held_out else ("train", None)
    return write(*which, fieldpools.hands(part), output, half)


def _make_checks(output: Path, which: tuple[int, int], held_out: bool, differ: float) -> Path:
    """Photos of checks; `which` is the seed and how many."""
    from inkread.data import fieldpools
    from inkread.synth.checks import Writers
    from inkread.synth.checksets import write

    # Without held_out: the hands that the agreement of both amounts is measured on, never those to report.
    part, half = ("test", 1) if held_out else ("calibration", 0)
    return write(which, Writers(fieldpools.hands(part), half), differ, output)
