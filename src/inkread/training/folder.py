"""A run's folder: opened, reopened, and held to the data it began with.

`recipe.json` (settings, versions, fingerprints of the data) is written first and holds for the rest of the
run; `checkpoint.npz`, `history.csv` and `best.keras` follow with the epochs, `best.onnx`, `card.json`, the
pictures and `report.html` at the end.
"""

from __future__ import annotations

import csv
import errno
import io
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inkread.errors import DataError, InkreadError, ModelError, UsageError
from inkread.runtime import recognizer, shelf
from inkread.training import finish
from inkread.training.checkpoint import replace_file
from inkread.training.materials import Materials
from inkread.training.recipes import Recipe

__all__ = [
    "BEST",
    "RECIPE",
    "START",
    "Plan",
    "agree",
    "agree_on",
    "begun",
    "keep_recipe",
    "open_run",
    "pool_of",
    "reopened",
    "start_file",
    "telling",
    "write_history",
]

BEST = "best.keras"
RECIPE = "recipe.json"
START = "start.keras"
"""The model that the run began with, so that a resumed run needs nothing from outside."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What one call of `train` is asked to do.

    Attributes:
        recipe: how to train.
        run: the folder of the run.
        pool: a folder of rendered pictures to share between runs; None keeps them in the run, or, resuming,
            where the run began with them.
        start: a `.keras` file, or a shipped model's name, whose weights to begin with; None leaves it to the
            recipe.
        resume: go on where the run's checkpoint stands.
    """

    recipe: Recipe
    run: Path
    pool: Path | None = None
    start: str | Path | None = None
    resume: bool = False


@contextmanager
def begun(plan: Plan) -> Iterator[Recipe]:
    """Open the run's folder; where the beginning fails, what it made goes again, so that it can be retried.

    Args:
        plan: whose run.

    Yields:
        The run's recipe, as `open_run` gives it.
    """
    recipe = open_run(plan)
    try:
        yield recipe
    except InkreadError as error:
        if not plan.resume:
            for name in (RECIPE, START):
                (plan.run / name).unlink(missing_ok=True)
            with suppress(OSError):  # it holds something else: rendered photos, or the user's own files
                plan.run.rmdir()
        if isinstance(error, ModelError) and plan.start:  # its copy is gone again: the user knows the other
            raise ModelError(str(error).replace(str(plan.run / START), str(plan.start))) from error
        raise


def open_run(plan: Plan) -> Recipe:
    """Make or reopen the run's folder; what its `recipe.json` says holds for the rest of the run.

    Raises:
        UsageError: it already holds a run, or none to resume.
        DataError: its recipe is damaged, or of another version.
        ModelError: there is no model to begin with.
    """
    told = reopened(plan.run, resume=plan.resume)
    if told:
        return Recipe.from_dict(told["recipe"])
    recipe = finish.settled(plan.recipe)
    start = plan.start or ("digits" if recipe.goes_on else None)
    found = start_file(start) if start else None
    plan.run.mkdir(parents=True, exist_ok=True)
    if found:
        shutil.copyfile(found, plan.run / START)
    pool = str((plan.pool or plan.run / "pool").resolve())
    told = {"recipe": recipe.to_dict(), "start": str(start) if start else None, "pool": pool}
    replace_file(plan.run / RECIPE, json.dumps(told | finish.versions(), indent=1))
    return recipe


def reopened(run: Path, *, resume: bool) -> dict[str, Any] | None:
    """What the `recipe.json` of a run to resume says; None for a new run.

    Raises:
        UsageError: the folder already holds a run, or none to resume.
        DataError: its `recipe.json` is damaged.
    """
    path = run / RECIPE
    if resume:
        if not path.is_file():
            raise UsageError(f"{run} holds no run to resume ({RECIPE} is missing); begin one with -o {run}")
        return _told(path)
    if path.is_file():
        raise UsageError(f"{run} already holds a run; go on with --resume {run}, or choose another -o")
    return None


def keep_recipe(run: Path, recipe: Recipe) -> None:
    """Write a recipe that was sized by its data."""
    told = _told(run / RECIPE)
    replace_file(run / RECIPE, json.dumps(told | {"recipe": recipe.to_dict()}, indent=1))


def pool_of(plan: Plan) -> Path:
    """Where the run's pictures are kept: as asked for now, or as the run began."""
    return plan.pool or Path(_told(plan.run / RECIPE)["pool"])


def agree(run: Path, stock: Materials) -> None:
    """`agree_on` the fingerprints of a stock of materials."""
    agree_on(run, stock.checksums)


def agree_on(run: Path, checksums: dict[str, str]) -> None:
    """Record the fingerprints of the data, or check that a resumed run still has the same.

    Raises:
        DataError: it has not.
    """
    path = run / RECIPE
    told = _told(path)
    if told.setdefault("data", checksums) != checksums:
        odd = sorted(k for k in checksums if told["data"].get(k) != checksums[k])
        raise DataError(
            f"the data is not what {run} began with ({', '.join(odd)} differ); resume with the same "
            "INKREAD_DATA and --pool, or train anew with another -o"
        )
    replace_file(path, json.dumps(told, indent=1))


def write_history(run: Path, history: tuple[dict[str, float], ...]) -> None:
    """Write the figures of all epochs, one line each."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(history[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({k: round(v, 6) for k, v in row.items()} for row in history)
    replace_file(run / "history.csv", text.getvalue())


@contextmanager
def telling(run: Path) -> Iterator[None]:
    """Word what the system says where the run's files cannot be written.

    Raises:
        InkreadError: the disk is full, or writing is forbidden.
    """
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        if not full and error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS, errno.EIO):
            raise
        mend = "free some space" if full else "make it writable"
        raise InkreadError(
            f"{run} could not be written: {error.strerror or error}; what is there is whole. "
            f"Then {mend} and go on with --resume {run}"
        ) from error


def _told(path: Path) -> dict[str, Any]:
    """What a run's `recipe.json` says."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return {"recipe": told["recipe"], "pool": told["pool"]} | told
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path} is damaged ({error!r}); train anew with another -o") from error


def start_file(start: str | Path) -> Path:
    """The Keras file of a model to begin with.

    Raises:
        ModelError: there is none.
    """
    if str(start) in shelf.names():
        return shelf.path(str(start), suffix=".keras")
    path = recognizer.find(start)
    if path.suffix.lower() != ".keras":
        raise ModelError(
            f"cannot begin with {path}: expected a .keras file or a shipped model's name; an .h5 file "
            "becomes one by inkread export --to keras, an .onnx file cannot be trained on"
        )
    return path
