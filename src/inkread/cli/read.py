"""`inkread read`: pictures in, readings out. The options, with their help; `reading.run` does the work."""

from __future__ import annotations

from typing import Annotated

import typer

from inkread.cli.request import Request

__all__ = ["read"]


def read(
    sources: Annotated[
        list[str],
        typer.Argument(metavar="SOURCE", help="Files, folders, globs, or - for the standard input."),
    ],
    *,
    kind: Annotated[
        str,
        typer.Option(
            metavar="auto|digit|character|field|line|note|mail|form|check",
            help="What is on the pictures; auto finds out and says it.",
        ),
    ] = "auto",
    target_error: Annotated[
        float, typer.Option(metavar="SHARE", help="Wrong readings you can live with among the accepted ones.")
    ] = 0.01,
    model: Annotated[
        str | None,
        typer.Option(metavar="NAME_OR_FILE", help="A shipped model, or a .onnx, .keras or .h5 file."),
    ] = None,
    threshold: Annotated[
        float | None,
        typer.Option(
            metavar="P", help="Accept from this confidence (0 to 1), instead of by the target error."
        ),
    ] = None,
    language: Annotated[
        str,
        typer.Option(
            metavar="auto|en|fr|none", help="Of lines and notes; none reads letter by letter, quickest."
        ),
    ] = "auto",
    format: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Of kind field: us_zip, us_zip4, digits:8, amount, date:dmy, phone, routing, luhn, "
            "regex:PATTERN, lexicon:FILE, any.",
        ),
    ] = None,
    template: Annotated[
        str | None,
        typer.Option(
            metavar="FILE.toml", help="Of kinds form and check: where its fields are and what they hold."
        ),
    ] = None,
    words: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Of lines and notes: words that are likely to occur, such as names, one a line.",
        ),
    ] = None,
    charset: Annotated[
        str,
        typer.Option(
            metavar="digits|upper|lower|letters|alnum",
            help="Of kind character: what may stand there; what reads as something else goes to review.",
        ),
    ] = "alnum",
    crop: Annotated[
        str | None,
        typer.Option(metavar="L,T,R,B", help="Read only this part: left,top,right,bottom in pixels."),
    ] = None,
    rotate: Annotated[float, typer.Option(metavar="DEGREES", help="Turn the picture clockwise first.")] = 0.0,
    explain: Annotated[
        str | None,
        typer.Option(
            metavar="OUT.png", help="Draw each step as a picture; of several pages OUT-1.png, OUT-2.png, ..."
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object a reading, one a line.")
    ] = False,
    output: Annotated[
        str | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="Write a file instead: rows (.csv, .jsonl, .xlsx), text (.txt, .md), pages of text "
            "(.alto.xml, .page.xml, .hocr), pictures (.pdf searchable, .png with the readings drawn in).",
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            metavar="N", help="Processes that share a pile of pictures; by default as many as help."
        ),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 3 if any reading is not accepted.")
    ] = False,
) -> None:
    """Read handwriting from pictures.

    Prints a table on a terminal; in a pipe one line a reading, tab-separated, without a header: source, page,
    text, confidence, status, reason, box. A source that cannot be opened is a row as well (status failed),
    and a line on standard error; the others are still read.

    Exit codes: 0 done (refusals are data), 1 a source failed, 2 wrong usage, 3 with --strict.
    """
    from inkread.cli.reading import run

    request = Request(
        sources=tuple(sources),
        kind=kind,
        target_error=target_error,
        model=model,
        threshold=threshold,
        language=language,
        charset=charset,
        format=format,
        template=template,
        words=words,
        crop=crop,
        rotate=rotate,
        explain=explain,
        as_json=as_json,
        output=output,
        workers=workers,
        strict=strict,
    )
    raise typer.Exit(run(request))
