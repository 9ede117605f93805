"""What `inkread read` was asked to do: the options as one value, checked at the door.

`parse` understands the plain command lines without typer, which takes longer to build its options than the
reader takes to read. It is silent: whatever it does not understand fully is None, and typer explains.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from inkread.errors import UsageError, nearest
from inkread.outputs import check_path

__all__ = ["Crop", "Request", "check", "parse"]

Crop = tuple[int, int, int, int]

KINDS = ("auto", "digit", "character", "field", "line", "note", "mail", "form", "check")


class Request(NamedTuple):
    """The options of `inkread read`; a named tuple, which is made faster than a dataclass at every start.

    Attributes:
        sources: files, folders, globs, or "-".
        kind: "auto", "digit", "character", "field", "line", "note", "mail", "form"
            or "check".
        target_error: share of wrong readings among the accepted ones, in 0..1.
        model: a shipped model's name or a model file; None for the one that ships for the kind.
        threshold: the least confidence that is accepted, instead of the target's; 0..1.
        language: of lines: "auto", "none", a code such as "en", or an n-gram's file.
        format: of fields, as `inkread.formats.find` takes it.
        template: of forms: the TOML file.
        words: of lines: a file of likely words.
        charset: of characters: a key of `decode.characters.CHARSETS`.
        crop: "left,top,right,bottom" in pixels.
        rotate: degrees, clockwise.
        explain: where the picture of the steps goes.
        as_json: whether to print JSON Lines.
        output: the file to write.
        workers: processes; None for as many as help.
        strict: whether a reading that is not accepted turns the exit code into 3.
    """

    sources: tuple[str, ...]
    kind: str = "auto"
    target_error: float = 0.01
    model: str | None = None
    threshold: float | None = None
    crop: str | None = None
    rotate: float = 0.0
    explain: str | None = None
    as_json: bool = False
    output: str | None = None
    workers: int | None = None
    strict: bool = False
    language: str = "auto"
    charset: str = "alnum"
    format: str | None = None
    template: str | None = None
    words: str | None = None


_VALUES: dict[str, tuple[str, Callable[[str], Any]]] = {
    "--kind": ("kind", str),
    "--target-error": ("target_error", float),
    "--model": ("model", str),
    "--threshold": ("threshold", float),
    "--language": ("language", str),
    "--charset": ("charset", str),
    "--format": ("format", str),
    "--template": ("template", str),
    "--words": ("words", str),
    "--crop": ("crop", str),
    "--rotate": ("rotate", float),
    "--explain": ("explain", str),
    "--output": ("output", str),
    "-o": ("output", str),
    "--workers": ("workers", int),
}
_FLAGS = {"--json": "as_json", "--strict": "strict"}


def parse(words: Sequence[str]) -> Request | None:
    """Parse the words after `inkread read`.

    Returns:
        The request, or None where anything is unknown, missing or malformed, or help is asked for.

    Example:
        >>> parse(["a.png", "--kind", "digit"]).kind
        'digit'
    """
    sources: list[str] = []
    options: dict[str, Any] = {}
    waiting = iter(words)
    for word in waiting:
        if word == "-" or not word.startswith("-"):
            sources.append(word)
        elif word == "--":
            sources.extend(waiting)
        elif word in _FLAGS:
            options[_FLAGS[word]] = True
        elif not _take(word, waiting, options):
            return None
    return Request(tuple(sources), **options) if sources else None


def _take(word: str, waiting: Iterator[str], options: dict[str, Any]) -> bool:
    """Add an option with its value; False where the option or its value is not understood."""
    name, has_value, value = word.partition("=") if word.startswith("--") else (word, "", "")
    if name not in _VALUES:
        return False
    if not has_value:
        following = next(waiting, None)
        if following is None:
            return False
        value = following
    key, convert = _VALUES[name]
    try:
        options[key] = convert(value)
    except ValueError:
        return False
    return True


def check(request: Request) -> Crop | None:
    """Refuse what cannot work, before any work is done.

    Returns:
        The crop as numbers, None where none was asked for.

    Raises:
        UsageError: says which option is wrong, what came, and what would be right.
    """
    _check_kind(request.kind)
    if request.kind == "form" and request.template is None:
        raise UsageError(
            "--kind form needs --template FILE.toml, which says where the fields are; "
            "`inkread form new` begins one"
        )
    if request.template is not None and request.kind not in ("form", "check", "auto"):
        raise UsageError(f"--template came with --kind {request.kind}; it is for --kind form and check")
    if not 0 < request.target_error < 1:
        raise UsageError(
            f"--target-error is {request.target_error:g}; give a share between 0 and 1, such as 0.01"
        )
    if request.threshold is not None and not 0 <= request.threshold <= 1:
        raise UsageError(f"--threshold is {request.threshold:g}; give a confidence from 0 to 1, such as 0.95")
    if not math.isfinite(request.rotate):
        raise UsageError(f"--rotate is {request.rotate:g}; give degrees, clockwise, such as 90 or -2.5")
    if request.workers is not None and request.workers < 1:
        raise UsageError(f"--workers is {request.workers}; give 1 or more")
    _check_files(request)
    return _crop(request.crop)


def _check_kind(kind: str) -> None:
    known = ", ".join(KINDS)
    if kind not in KINDS:
        raise UsageError(f"--kind is {kind!r}; expected one of {known}{nearest(kind, list(KINDS))}")


def _check_files(request: Request) -> None:
    """Every source has a name; no file to write is impossible, a source, or the same as the other."""
    if "" in request.sources:
        raise UsageError("a SOURCE is empty; name a file, a folder or a glob (is a shell variable unset?)")
    if request.output is not None:
        check_path(request.output)
        if request.output.lower().endswith(".pdf") and "-" in request.sources:
            raise UsageError("-o FILE.pdf keeps the picture, and - cannot be read twice; name a file to read")
    if request.explain is not None:
        check_path(request.explain, (".png",))
    wanted = [Path(name).absolute() for name in (request.output, request.explain) if name is not None]
    if len(set(wanted)) < len(wanted):
        raise UsageError("-o and --explain name the same file; give each its own")
    for source in request.sources:
        if Path(source).absolute() in wanted:
            raise UsageError(f"{source} is to be read and to be written; write to another file")


def _crop(text: str | None) -> Crop | None:
    if text is None:
        return None
    try:
        left, top, right, bottom = (int(part) for part in text.split(","))
    except ValueError:
        raise UsageError(
            f"--crop is {text!r}; give left,top,right,bottom in whole pixels, such as 40,60,300,320"
        ) from None
    if not (0 <= left < right and 0 <= top < bottom):
        raise UsageError(
            f"--crop is {text!r}; left must be less than right, top less than bottom, and none below 0"
        )
    return left, top, right, bottom
