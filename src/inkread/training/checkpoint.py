"""The state of a run after an epoch, in one file: weights, optimizer, moving averages, history.

Written beside its final name and moved there at once, so a crash leaves the last whole one.
"""

from __future__ import annotations

import json
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np

from inkread.errors import DataError

__all__ = ["FILE", "State", "replace_file", "restore", "save"]

FILE = "checkpoint.npz"


@dataclass(frozen=True, slots=True)
class State:
    """Where a run stands.

    Attributes:
        epoch: epochs that are done.
        best: the best validation score so far; -inf before the first.
        history: one dict of figures an epoch.
    """

    epoch: int
    best: float
    history: tuple[dict[str, float], ...] = ()


def save(run: Path, model: keras.Model, state: State) -> None:
    """Write the state of a run.

    Args:
        run: its folder.
        model: compiled; every variable of it and of its optimizer is kept, dropout's chance included.
        state: what the loop knows.
    """
    told = json.dumps({"epoch": state.epoch, "best": state.best, "history": list(state.history)})
    arrays = {f"v{i:04}": keras.ops.convert_to_numpy(v) for i, v in enumerate(_variables(model))}
    partial = run / f".{FILE}.partial"
    try:
        with partial.open("wb") as file:
            np.savez(file, told=np.array(told), **arrays)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(run / FILE)
    finally:
        partial.unlink(missing_ok=True)  # a full disk needs the room


def restore(run: Path, model: keras.Model) -> State:
    """Put a run's state back into a freshly built, compiled model.

    Raises:
        DataError: the checkpoint is damaged or of another network.
    """
    path = run / FILE
    try:
        with np.load(path, allow_pickle=False) as archive:
            told = json.loads(str(archive["told"]))
            arrays = [archive[f"v{i:04}"] for i in range(len(archive.files) - 1)]
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise DataError(f"{path} is damaged ({error}); train anew with another -o") from error
    variables = _variables(model)
    if [tuple(v.shape) for v in variables] != [a.shape for a in arrays]:
        raise DataError(f"{path} is of another network; train anew with another -o")
    for variable, array in zip(variables, arrays, strict=True):
        variable.assign(array)
    return State(int(told["epoch"]), float(told["best"]), tuple(told["history"]))


def replace_file(path: Path, text: str) -> None:
    """Write a small text file so that it is either the old one or the whole new one."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _variables(model: keras.Model) -> list[Any]:
    """Every variable that a run needs to go on, in a fixed order; metrics start anew each epoch."""
    if not model.optimizer.built:
        model.optimizer.build(model.trainable_variables)
    return [*model.variables, *model.optimizer.variables]
