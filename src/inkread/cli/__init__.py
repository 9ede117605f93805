"""The command line: `main` is what `inkread` runs. Data goes to standard output, talk to standard error.

Exit codes: 0 done (a refused reading is data), 1 something failed (the rest was delivered), 2 wrong usage, 3
with `--strict` where a reading was not accepted, 130 after Ctrl-C. Users see one line that says what is wrong
and what to do, never a traceback (the environment variable INKREAD_TRACEBACK=1 shows it).

Start-up is half of the time that one picture takes, and building typer's options a third of that half. So a
plain `inkread read` line is parsed by `request.parse`, which never says anything: help, mistakes and every
other command go to typer (`commands`), and both ways end in the same `Request`.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import NoReturn

from inkread.errors import InkreadError, UsageError

__all__ = ["main"]

_INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Run one command line and exit.

    Args:
        argv: the words after `inkread`; None takes those of the process.

    Raises:
        SystemExit: always; its code is the exit code.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    _speak_utf8()
    try:
        code = _guarded(words)
        sys.stdout.flush()
    except BrokenPipeError:
        code = _hush()
    except OSError as error:
        code = _say(f"cannot write to the standard output: {error.strerror or error}", 1)
        _hush()
    sys.exit(code)


def _guarded(words: list[str]) -> int:
    """Run a command line; errors become their line and their exit code."""
    try:
        return _run(words)
    except UsageError as error:
        return _say(str(error), 2)
    except InkreadError as error:
        return _say(str(error), 1)
    except KeyboardInterrupt:
        return _say("stopped", _INTERRUPTED)
    except MemoryError:
        return _say("out of memory; read fewer or smaller pictures at a time, or with fewer --workers", 1)
    except (
        Exception
    ) as error:  # the last line of defence: users see one line, developers ask for the traceback
        if os.environ.get("INKREAD_TRACEBACK") or _is_about_stdout(error):
            raise
        what = " ".join(f"{type(error).__name__}: {error}".split())
        return _say(
            f"something unexpected happened ({what}). Please report it with what `inkread doctor` prints; "
            "INKREAD_TRACEBACK=1 shows where it happened",
            1,
        )


def _run(words: list[str]) -> int:
    """Take the short way for a plain `read`, typer's for everything else."""
    if words[:1] == ["read"]:
        from inkread.cli.request import parse

        request = parse(words[1:])
        if request is not None:
            from inkread.cli.reading import run

            return run(request)
    from inkread.cli.commands import run_typer

    return run_typer(words)


def _is_about_stdout(error: Exception) -> bool:
    """Whether the system refused to take what was printed: `main` words that."""
    full_or_gone = (errno.ENOSPC, errno.EPIPE, errno.EFBIG)
    return isinstance(error, OSError) and error.filename is None and error.errno in full_or_gone


def _say(message: str, code: int) -> int:
    """One line on standard error, whatever is in the message; gives the exit code back."""
    from inkread.outputs.table import one_line

    with suppress(OSError, ValueError):
        print(f"inkread: {one_line(message)}", file=sys.stderr, flush=True)
    return code


def _hush() -> int:
    """The reader of our output has gone, which is its good right: write nothing more, and end well."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _speak_utf8() -> None:
    r"""Data in a pipe is UTF-8 on every system; a terminal keeps its encoding, and shows what it can.

    What no encoding has (an undecodable file name, say) comes out as `\udcff`.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            if stream is sys.stdout and not stream.isatty():
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")
            else:
                stream.reconfigure(errors="backslashreplace")
