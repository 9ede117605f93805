"""`inkread doctor`: what this machine has, what it lacks, the line that installs it, a reading as proof."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module, metadata
from importlib.util import find_spec

import typer

from inkread import __version__
from inkread.errors import InkreadError

__all__ = ["doctor"]

_NEEDED = {"numpy": "numpy", "cv2": "opencv-python-headless", "PIL": "pillow", "onnxruntime": "onnxruntime"}
_NEEDED |= {"typer": "typer", "rich": "rich", "xlsxwriter": "xlsxwriter"}
_EXTRAS = {
    "pdf": ("reading PDF pages", ("pypdfium2",)),
    "heic": ("reading HEIC photos", ("pillow_heif",)),
    "serve": ("inkread serve and app", ("fastapi", "uvicorn", "python_multipart", "segno")),
    "app": ("inkread app in a window of its own", ("webview",)),
    "train": ("training, .keras and .h5 models", ("keras", "onnx", "tf2onnx", "matplotlib")),
}


def doctor() -> None:
    """Check this installation: libraries, extras, shipped models, and one reading.

    Exit code 1 if something that reading needs is broken.
    """
    typer.echo(f"inkread {__version__}, Python {platform.python_version()}, {platform.platform()}")
    typer.echo(f"in {sys.prefix}\n")
    # A list, not a generator: every check runs, whatever came of the one before.
    sound = all([*[_library(name, wheel) for name, wheel in _NEEDED.items()], _one_opencv()])
    typer.echo("")
    for extra, (what, libraries) in _EXTRAS.items():
        _extra(extra, what, libraries)
    typer.echo("")
    sound = all([sound, *[_check(f"model {name}", partial(_model, name)) for name in _shelf()]])
    sound = _check("a reading", _self_test) and sound
    typer.echo(
        "\nAll is well." if sound else "\nSomething that reading needs is broken: see the lines marked NO."
    )
    if not sound:
        raise typer.Exit(1)


def _line(good: bool, what: str, note: str) -> bool:
    typer.echo(f"{'ok' if good else 'NO':<4}{what:<18}{note}".rstrip())
    return good


def _check(what: str, test: Callable[[], str]) -> bool:
    """Run a test that gives a note; whatever it raises is the note of a failure."""
    try:
        return _line(True, what, test())
    except Exception as error:  # a doctor must survive every illness
        told = str(error) if isinstance(error, InkreadError) else f"{type(error).__name__}: {error}"
        return _line(False, what, " ".join(told.split()))


def _library(name: str, wheel: str) -> bool:
    """Whether a library that reading needs can be imported."""

    def version() -> str:
        module = import_module(name)
        return str(getattr(module, "__version__", "")) or metadata.version(wheel)

    try:
        return _check(name, version)
    except metadata.PackageNotFoundError:
        return _line(True, name, "")


def _one_opencv() -> bool:
    """OpenCV's wheels overwrite each other's files, so there must be exactly one."""
    names = {(d.metadata["Name"] or "").lower() for d in metadata.distributions()}
    wheels = sorted(name for name in names if name.startswith("opencv-"))
    if len(wheels) <= 1:
        return True
    return _line(
        False,
        "cv2",
        f"{len(wheels)} wheels in one place: {', '.join(wheels)}. Run: pip uninstall {wheels[-1]}",
    )


def _extra(extra: str, what: str, libraries: tuple[str, ...]) -> None:
    """Say whether an extra is there, or the line that installs it; importing Keras would take seconds."""
    missing = [name for name in libraries if find_spec(name) is None]
    if not missing:
        versions = ", ".join(f"{name} {_version(name)}".strip() for name in libraries)
        typer.echo(f"{'ok':<4}{extra:<18}{what} ({versions})")
    else:
        typer.echo(f"{'-':<4}{extra:<18}{what}: not installed. Run: pip install '.[{extra}]'")


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _shelf() -> list[str]:
    from inkread.runtime import shelf

    return shelf.names()


def _model(name: str) -> str:
    from inkread.runtime import shelf
    from inkread.runtime.finder import ink_finder
    from inkread.runtime.recognizer import LINEWISE, load
    from inkread.runtime.recognizer import told as told_of

    if name in (shelf.FINDER, shelf.FIELD_FINDER):
        ink_finder(name)
        return f"{told_of(name).kind} {told_of(name).version}"
    kind = told_of(name).kind
    if kind == LINEWISE:
        from inkread.runtime import linewise

        return f"{kind} {linewise.load(name).metadata.version}"
    told = load(name).metadata
    return f"{told.kind} {told.version}, {len(told.classes)} classes".replace("  ", " ")


def _self_test() -> str:
    """Draw a seven and read it."""
    import numpy as np

    from inkread.readers.reader import Reader

    paper = np.full((200, 200, 3), 230, np.uint8)
    paper[40:54, 60:140] = 40
    for step in range(110):
        middle = 133 - round(0.5 * step)
        paper[50 + step, middle - 8 : middle + 8] = 40
    page = Reader("digit").read(paper)
    if page[0].guess != "7":
        raise InkreadError(
            f"a drawn 7 was read as {page[0].guess!r} ({page.status}); is the model file complete?"
        )
    return (
        f"a drawn 7 is read as {page[0].guess} ({page.confidence:.3f}, {page.status}) in {page[0].ms:.0f} ms"
    )
