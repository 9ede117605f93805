"""A finished file or none: write beside the final name, rename at the end.

Whatever goes wrong on the way (Ctrl-C, a full disk, an error of the writer), the temporary file is removed
and whatever stood under the final name before still stands there.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from inkread.errors import InkreadError

__all__ = ["replacing"]


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary file to write into; it takes the final name when the block ends well.

    Args:
        path: the final name. A link is followed: the file that it points to is replaced.

    Yields:
        The temporary file, empty, in the same folder.

    Raises:
        InkreadError: the system refused to write; the message says why and that nothing was left behind.

    Example:
        >>> with replacing(Path("out.txt")) as new:  # doctest: +SKIP
        ...     new.write_text("all or nothing")
    """
    target = Path(os.path.realpath(path))
    new: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=".inkread-", suffix=".part", dir=target.parent)
        os.close(handle)
        new = Path(name)
        yield new
        _to_disk(new)
        new.chmod(_mode(target))
        new.replace(target)
        new = None
    except OSError as error:
        started = new is not None  # else the folder took no file at all
        if started and error.filename not in (None, str(path), str(target), str(new)):
            raise
        reason = error.strerror or str(error)
        raise InkreadError(
            f"{path} could not be written: {reason}; nothing was left under that name. "
            "Free some space or choose another folder"
        ) from error
    finally:
        if new is not None:
            with suppress(OSError):
                new.unlink()


def _to_disk(file: Path) -> None:
    """Wait until the content is on the disk, so that a power cut cannot leave an empty file with the name."""
    with file.open("rb+") as handle:
        os.fsync(handle.fileno())


def _mode(target: Path) -> int:
    """The permissions that the file has, or that a new file gets from the user's mask."""
    try:
        return target.stat().st_mode & 0o777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
