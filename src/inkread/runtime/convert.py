"""A model into another format, to take along: the file, its card, and a script that shows how to use it.

In: a shipped model's name or a model file. Out: a folder with all three, or nothing new in it: they are made
in a folder of their own, compared with the model they come from, and only then moved into place.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from importlib import metadata as installed
from pathlib import Path
from typing import TYPE_CHECKING

from inkread.errors import InkreadError, ModelError, UsageError, nearest
from inkread.runtime import export, linewise, recognizer, shelf
from inkread.runtime.metadata import Metadata
from inkread.runtime.scripts import read_line, use_it

if TYPE_CHECKING:
    import keras

__all__ = ["FORMATS", "Exported", "Wish", "convert"]

FORMATS = ("onnx", "keras", "h5")
CARD, SCRIPT = "card.json", "use_it.py"


@dataclass(frozen=True, slots=True)
class Wish:
    """What to export to.

    Attributes:
        to: one of `FORMATS`; None goes by the output's ending, and is ONNX where it has none.
        output: a folder, or the model file to write; None is a folder named after model and format.
        classes: the text of each class, for a model that does not say; None keeps what it says.
        overwrite: whether files that are there may be replaced.
    """

    to: str | None = None
    output: Path | None = None
    classes: tuple[str, ...] | None = None
    overwrite: bool = False


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written.

    Attributes:
        model: the model file.
        card: what is known of it, as JSON.
        script: how to use it.
        parity: how far its numbers lie from those of the model it was made of.
    """

    model: Path
    card: Path
    script: Path
    parity: export.Parity


def convert(model: str | Path, wish: Wish | None = None) -> Exported:
    """Write a model in another format, with its card and a script that uses it.

    Args:
        model: a shipped model's name, or a `.keras`, `.h5` or `.onnx` file.
        wish: the format, where to, and what its classes are called.

    Returns:
        The three files.

    Raises:
        ModelError: the model cannot be loaded, cannot be had in that format, or does not keep its numbers.
        UsageError: the wish contradicts itself, or files are in the way.
        InkreadError: the files cannot be written.
    """
    wish = wish or Wish()
    to = _format(wish)
    trade = _trade(recognizer.find(model))
    told, run = trade.load(model, wish.classes)
    source = _source(model, to, told)
    about = _named(told, recognizer.find(model))
    target = _target(wish, to, about.name)
    names = (target.name, CARD, SCRIPT)
    if not wish.overwrite and (there := [n for n in names if (target.parent / n).exists()]):
        raise UsageError(
            f"{target.parent} already holds {', '.join(there)}; choose another folder, or say --overwrite"
        )
    with _workshop(target.parent) as shop:
        made = shop / target.name
        _write(source, made, about, trade)
        parity = trade.parity(run, made)
        if not parity.is_kept:
            raise ModelError(
                f"{target.name} does not give the numbers of {model}: {parity}. Nothing was kept"
            )
        card = _card(about, made, parity)
        (shop / CARD).write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        (shop / SCRIPT).write_text(trade.script(made, about), encoding="utf-8")
        for name in names:
            (shop / name).replace(target.parent / name)
    return Exported(target, target.parent / CARD, target.parent / SCRIPT, parity)


@dataclass(frozen=True, slots=True)
class _Trade:
    """How models of one trade are handled.

    Attributes:
        load: a model and names for its classes -> what it says of itself, and its numbers.
        save: writes a Keras network to a file of any format.
        parity: compares those numbers with a file's.
        script: a file and what it says -> source that uses the file, in the same folder.
    """

    load: Callable[[str | Path, tuple[str, ...] | None], tuple[Metadata, recognizer.Run]]
    save: Callable[[keras.Model, Path, Metadata], Path]
    parity: Callable[[recognizer.Run, Path], export.Parity]
    script: Callable[[Path, Metadata], str]


def _trade(path: Path) -> _Trade:
    """The trade of a model file."""
    said = recognizer.said(path)
    if said is not None and said.kind == recognizer.LINEWISE:
        return _Trade(_load_lines, _save_lines, linewise.parity, _line_script)
    return _Trade(_load, export.save, export.parity, _script)


def _load(model: str | Path, classes: tuple[str, ...] | None) -> tuple[Metadata, recognizer.Run]:
    found = recognizer.load(model, classes=classes)
    return found.metadata, found.run


def _script(made: Path, about: Metadata) -> str:
    return use_it(made.name, CARD, about, recognizer.load(made).way)


def _line_script(made: Path, about: Metadata) -> str:
    return read_line(made.name, CARD, linewise.channels_of(about))


def _load_lines(model: str | Path, classes: tuple[str, ...] | None) -> tuple[Metadata, recognizer.Run]:
    found = linewise.load(model)
    if classes is not None:
        raise UsageError(
            f"{model} reads lines and has its alphabet with it; leave --classes out, or train a model with "
            "another alphabet"
        )
    return found.metadata, found.run


def _save_lines(network: keras.Model, path: Path, about: Metadata) -> Path:
    if path.suffix == ".onnx":
        return linewise.save_onnx(network, path, about)
    return export.save(network, path, about)


def _format(wish: Wish) -> str:
    """The format that is wanted."""
    ending = wish.output.suffix.lower() if wish.output and not wish.output.is_dir() else ""
    named = ending[1:] if ending in recognizer.ENDINGS else None
    to = wish.to or named or "onnx"
    if to not in FORMATS:
        raise UsageError(f"--to is {to!r}; expected one of {', '.join(FORMATS)}{nearest(to, list(FORMATS))}")
    if named and named != to:
        raise UsageError(f"--to {to} and {wish.output}, which ends in {ending}, contradict each other")
    if re.fullmatch(r"\.[a-z]\w*", ending) and not named:
        known = list(recognizer.ENDINGS)
        raise UsageError(
            f"{wish.output} ends in {ending}; expected {', '.join(known)}, or a folder"
            f"{nearest(ending, known)}"
        )
    return to


def _source(model: str | Path, to: str, about: Metadata) -> Path:
    """The file to begin with: the model's own, or the Keras file that the shelf holds of an ONNX model."""
    path = recognizer.find(model)
    if path.suffix.lower() != ".onnx" or to == "onnx":
        return path
    for name in shelf.readers():
        if not shelf.has(name, ".keras"):
            continue
        told = recognizer.told(name)
        if (told.name, told.version) == (about.name, about.version):
            return shelf.path(name, suffix=".keras")
    beside = path.with_suffix(".keras")
    hint = f"{beside} lies beside it: export that" if beside.is_file() else "export the .keras or .h5 file"
    if path.parent == shelf.FOLDER:
        hint = f"{path.stem!r} ships as .onnx alone"
    raise ModelError(
        f"{path.name} cannot become .{to}: ONNX keeps a network's sums, not its Keras layers; {hint}"
    )


def _named(about: Metadata, path: Path) -> Metadata:
    """A stranger's model by its file's name, and a word on what is not known of it."""
    if about.name != path.name:
        return about
    unknown = {"summary": "trained elsewhere: its data, licence and scores are not known", "scores": []}
    return replace(about, name=path.stem, card=about.card or unknown)


def _target(wish: Wish, to: str, name: str) -> Path:
    """The model file to write."""
    plain = re.sub(r"[^\w.-]+", "_", name).strip("._") or "model"
    if wish.output is None:
        return Path(f"{plain}-{to}") / f"{plain}.{to}"
    if wish.output.suffix.lower() == f".{to}" and not wish.output.is_dir():
        return wish.output.with_suffix(f".{to}")
    return wish.output / f"{plain}.{to}"


@contextmanager
def _workshop(folder: Path) -> Iterator[Path]:
    """A folder inside the folder, to build in; whatever happens, it is gone at the end."""
    new = [place for place in (folder, *folder.parents) if not place.exists()]
    shop: Path | None = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shop = Path(tempfile.mkdtemp(prefix=".inkread-", dir=folder))
        yield shop
    except OSError as error:
        raise InkreadError(
            f"{folder} cannot be written: {error.strerror or error}; "
            "free some space or choose another folder with -o"
        ) from error
    finally:
        if shop is not None:
            shutil.rmtree(shop, ignore_errors=True)
        for place in new:  # what this call made and could not fill goes again
            with suppress(OSError):
                place.rmdir()


def _write(source: Path, made: Path, about: Metadata, trade: _Trade) -> None:
    """The model in its new format: copied where that is its own, saved by Keras otherwise.

    A copy keeps how the model was compiled, unless plain Keras would stumble over inkread's metrics in it.
    """
    if source.suffix.lower() != made.suffix or _needs_inkread(source):
        trade.save(recognizer.open_keras(source), made, about)
        return
    shutil.copyfile(source, made)
    if recognizer.said(made) != about:
        export.write_metadata(made, about)


def _needs_inkread(path: Path) -> bool:
    """Whether a Keras file names classes of inkread, such as a metric it was compiled with."""
    if path.suffix.lower() == ".keras":
        with zipfile.ZipFile(path) as archive:
            return b"inkread>" in archive.read("config.json")
    return path.suffix.lower() == ".h5" and b"inkread>" in path.read_bytes()


def _card(about: Metadata, made: Path, parity: export.Parity) -> dict[str, object]:
    """What is known of an exported model, as plain JSON values."""
    versions = {}
    for library in ("inkread", "keras", "onnx", "tf2onnx", "onnxruntime"):
        with suppress(installed.PackageNotFoundError):
            versions[library] = installed.version(library)
    return {
        **json.loads(about.to_json()),
        "file": made.name,
        "sha256": hashlib.sha256(made.read_bytes()).hexdigest(),
        "parity": {"largest_difference": parity.largest, "pictures": parity.pictures},
        "exported_with": versions,
    }
