"""`inkread evaluate`: how good is a model on a labelled set?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from inkread.evaluation.measure import Measured

__all__ = ["evaluate"]


def evaluate(
    model: Annotated[str, typer.Argument(help="A shipped model's name, or a .onnx, .keras or .h5 file.")],
    *,
    data: Annotated[
        list[str],
        typer.Option(
            help="mnist:test, mnist:val, hnd62:val, FILE.npz, a FOLDER with one folder a class, or "
            "labels.csv; of a reader of lines LINES.tar:val or a FOLDER with a lines.tsv, several times "
            "if need be."
        ),
    ],
    where: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN=VALUE", help="Only items with this value; may be given several times."),
    ] = None,
    through: Annotated[
        str | None,
        typer.Option(
            metavar="reader|model",
            help="As a photo is read, or straight into the model. Default: the model for its own size.",
        ),
    ] = None,
    target_error: Annotated[
        float, typer.Option(help="Share of wrong readings among the accepted ones to aim at.")
    ] = 0.01,
    language: Annotated[
        str, typer.Option(metavar="auto|en|fr|none", help="Of lines; none reads letter by letter.")
    ] = "auto",
    format: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Of a reader of fields: us_zip, amount, ...; default: the set's own column."
        ),
    ] = None,
    limit: Annotated[int | None, typer.Option(help="Only the first so many items.")] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes for reading.")] = 1,
    report: Annotated[
        Path | None,
        typer.Option(metavar="FILE.html", help="Write a report too: curves, confusion, worst cases."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measure a model on a labelled set.

    Pictures go through the reader, as a user's photo does; arrays that already have the model's size
    (mnist:test) go into the model as they are.
    """
    import json

    from inkread.errors import UsageError
    from inkread.evaluation.measure import Settings, measured
    from inkread.evaluation.report import ENDINGS
    from inkread.outputs import check_path

    if through not in (None, "reader", "model"):
        raise UsageError(f"--through is {through!r}; expected reader or model")
    if report is not None:
        check_path(report, ENDINGS)
    way: Any = through
    found = measured(
        model, data, Settings(way, tuple(where or ()), limit, target_error, workers, language, format)
    )
    typer.echo(json.dumps(found.figures, ensure_ascii=False) if as_json else table(found.figures))
    if report is not None:
        _write(report, found)


def _write(path: Path, found: Measured) -> None:
    """Write the report, and say where it is."""
    import shlex
    import sys

    from inkread.evaluation.report import write
    from inkread.evaluation.summary import summary

    write(path, summary(found, command=shlex.join(["inkread", *sys.argv[1:]])))
    typer.echo(f"wrote {path}", err=True)


def table(result: dict[str, Any]) -> str:
    """The figures as lines for people.

    Args:
        result: what `inkread.evaluation.evaluate` gives.
    """
    low, high = result["ci95"]
    failed = f", {result['failed']} of which could not be opened" if result["failed"] else ""
    lines = [
        ("model", f"{result['model']}, through the {result['through']}"),
        ("data", f"{result['data']}, {result['n']} items{failed}"),
        (
            "accuracy",
            f"{_percent(result['accuracy'])} ({_percent(low)} to {_percent(high)}), forced to answer",
        ),
        ("spelt so too", _percent(result.get("accuracy_spelled"))),
        ("ignoring case", _percent(result["accuracy_ignoring_case"])),
        ("corrected labels", _percent(result["accuracy_corrected"])),
        ("characters wrong", _percent(result["cer"]) + _span(result.get("cer_ci95"))),
        ("  ignoring case", _percent(result.get("cer_ignoring_case"))),
        ("  quotes folded", _percent(result.get("cer_cleaned"))),
        ("words wrong", _percent(result["wer"])),
        ("calibration error", _percent(result["ece"])),
        ("risk-coverage area", _percent(result["aurc"])),
        *((f"target {_percent(row['target'])}", _accepted(row)) for row in result["at_target"]),
        ("extra accepted", str(result["extra_accepted"])),
        ("time an item", f"{result['ms_per_item']:.2f} ms"),
        *((Path(name).name, _collection(row)) for name, row in result.get("by_collection", {}).items()),
        *((name, _suite(row)) for name, row in result.get("by_suite", {}).items()),
    ]
    return "\n".join(f"{name:<18}  {value}" for name, value in lines if value)


def _accepted(row: dict[str, Any]) -> str:
    """One target's line."""
    if row["error"] is None:
        return "nothing accepted"
    error = f"{_percent(row['error'])} of them wrong (at most {_percent(row['error_upper95'])})"
    return f"{_percent(row['accepted'])} accepted, {error}"


def _collection(row: dict[str, Any]) -> str:
    """One set's line among several."""
    return (
        f"{_percent(row['cer'])} of characters wrong{_span(row['cer_ci95'])}, "
        f"{_percent(row['wer'])} of words, {_percent(row['accuracy'])} of {row['n']} lines right"
    )


def _suite(row: dict[str, Any]) -> str:
    """One suite's line among several."""
    rows = (f"{_percent(r['accepted'])} at {_percent(r['target'])}" for r in row["at_target"])
    return f"{_percent(row['accuracy'])} of {row['n']} right; accepted {', '.join(rows)}"


def _span(interval: list[float] | None) -> str:
    """An interval behind its figure."""
    return f" ({_percent(interval[0])} to {_percent(interval[1])})" if interval else ""


def _percent(share: float | None) -> str:
    """A share as a percentage; empty where there is none."""
    return "" if share is None else f"{100 * share:.4g} %"
