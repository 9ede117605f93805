"""What is wrong with a file that is no working model, in one line that says what to do.

A file is never opened on trust: `.keras` and `.h5` are loaded in Keras' safe mode, which refuses the code
that a file can carry, and a pickle, which runs code as it is opened, is not opened at all.
"""

from __future__ import annotations

import re
import zipfile
from contextlib import suppress
from pathlib import Path

from inkread.errors import ModelError

__all__ = ["explain"]

_HDF5 = b"\x89HDF\r\n\x1a\n"
_ZIP = b"PK\x03\x04"
_POINTER = b"version https://git-lfs"


def explain(path: Path, error: Exception) -> ModelError:
    """Say in one line why a file could not be loaded as a model.

    Args:
        path: the file; it is there.
        error: what the library raised that tried.

    Returns:
        The error to raise instead.
    """
    words = str(error).replace(str(path), path.name)
    if (told := _content(path)) is not None:
        return ModelError(f"{path} {told}")
    if "ambda" in words or "safe_mode" in words or "safe mode" in words:
        return ModelError(
            f"{path} carries Python code of its own (a Lambda layer or the like), which is never run; "
            "build that layer from Keras' own and save the model again"
        )
    if unknown := re.search(r"(?:Could not locate (?:class|function)|Unknown \w+:) '?(\w+)", words):
        return ModelError(
            f"{path} needs {unknown[1][:80]}, which is not part of Keras; "
            "export the model to ONNX where that is known, and use that file"
        )
    lines = words.strip().splitlines() or [type(error).__name__]
    return ModelError(
        f"{path} cannot be loaded as a model: {lines[0][:160].rstrip('.')}. Is the file complete?"
    )


def _content(path: Path) -> str | None:
    """What the file's first bytes say it is, where that is not what its ending says."""
    with path.open("rb") as file:
        start = file.read(64)
    if not start:
        return "is empty; expected a model file. Copy or download it again"
    if start.startswith(_POINTER):
        return "is only a pointer to a file kept elsewhere (Git LFS). Run: git lfs pull"
    if start[:1] == b"\x80" and start[1:2] in b"\x02\x03\x04\x05":
        return (
            "is a Python pickle, which is never opened, since opening one runs code; "
            "load it where it was made and save the model as .keras or .onnx"
        )
    return _kind(path, start)


def _kind(path: Path, start: bytes) -> str | None:
    """What is odd about the kind of file that the first bytes tell."""
    ending = path.suffix.lower()
    if start.startswith(_HDF5) and ending != ".h5":
        return f"is an HDF5 file by its content; rename it to {path.stem}.h5"
    if start.startswith(_ZIP) and ending != ".keras":
        return f"is a zip archive by its content; if it is a Keras model, rename it to {path.stem}.keras"
    if start.startswith(_ZIP):
        return _archive(path)
    if ending == ".keras" or (ending == ".h5" and not start.startswith(_HDF5)):
        return f"is no {ending} file by its content; expected one that Keras saved. Copy or export it again"
    return None


def _archive(path: Path) -> str | None:
    """What a zip archive lacks of a Keras model."""
    names: set[str] = set()
    with suppress(zipfile.BadZipFile, OSError), zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
    missing = [name for name in ("config.json", "model.weights.h5") if name not in names]
    if not names or not missing:
        return None
    return f"is a zip archive without {' and '.join(missing)}; expected a .keras file as Keras 3 saves it"
