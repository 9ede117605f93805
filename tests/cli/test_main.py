"""The console entry: data on stdout, talk on stderr, one line for every mistake, the promised exit codes."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import inkread
from inkread.cli import main, reading
from inkread.errors import InkreadError, UsageError

MAIN = "from inkread.cli import main; main()"
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="POSIX pipes and signals")


def run(capsys, *words):
    """Exit code, stdout and stderr of a command line run in this process."""
    with pytest.raises(SystemExit) as ended:
        main(words)
    told = capsys.readouterr()
    return ended.value.code, told.out, told.err


def process(*words, **more):
    return subprocess.Popen([sys.executable, "-c", MAIN, *words], stderr=subprocess.PIPE, **more)


def test_version(capsys):
    assert run(capsys, "--version") == (0, f"inkread {inkread.__version__}\n", "")


def test_the_package_runs_as_a_program():
    done = subprocess.run(
        [sys.executable, "-m", "inkread", "--version"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, f"inkread {inkread.__version__}\n")


@pytest.mark.parametrize("words", [["--help"], []])
def test_help_lists_the_commands_in_the_order_of_use(capsys, words):
    code, out, _ = run(capsys, *words)
    places = [out.index(f"\n  {name} ") for name in ("read", "models", "train", "evaluate", "doctor")]
    assert code == 0 and places == sorted(places)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["raed", "a.png"], "there is no command 'raed'; expected one of read, .*did you mean 'read'"),
        (["form", "shew"], "no such command 'shew'"),
        (["read"], "missing argument 'SOURCE"),
        (
            ["read", "a.png", "--target-eror", "0.1"],
            "no such option: --target-eror; did you mean --target-error",
        ),
        (["read", "a.png", "--workers", "two"], "invalid value for '--workers'"),
        (["read", "a.png", "--kind", "digits"], "did you mean 'digit'"),
        (["models", "shwo", "digits"], "did you mean 'show'"),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_one_line_and_exit_code_2(capsys, words, message):
    code, out, err = run(capsys, *words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("inkread: ")
    assert re.search(message, err), err


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (UsageError("give a number"), 2, "give a number"),
        (InkreadError("two\nlines"), 1, "two\\nlines"),
        (KeyboardInterrupt(), 130, "stopped"),
        (
            MemoryError(),
            1,
            "out of memory; read fewer or smaller pictures at a time, or with fewer --workers",
        ),
        (OSError(28, "No space left"), 1, "cannot write to the standard output: No space left"),
        (OSError(5, "Input/output error"), 1, None),
        (RuntimeError("deep\ninside"), 1, None),
    ],
    ids=repr,
)
def test_an_error_is_one_line_and_never_a_traceback(capsys, monkeypatch, error, code, line):
    def fail(_):
        raise error

    monkeypatch.setattr(reading, "run", fail)
    ended, out, err = run(capsys, "read", "a.png")
    assert (ended, out, err.count("\n")) == (code, "", 1)
    assert "Traceback" not in err
    if line is None:
        assert "something unexpected happened" in err and "inkread doctor" in err
    else:
        assert err == f"inkread: {line}\n"


def test_developers_can_ask_for_the_traceback(monkeypatch):
    def fail(_):
        raise RuntimeError("deep inside")

    monkeypatch.setattr(reading, "run", fail)
    monkeypatch.setenv("INKREAD_TRACEBACK", "1")
    with pytest.raises(RuntimeError, match="deep inside"):
        main(["read", "a.png"])


@POSIX
def test_a_reader_of_the_output_that_goes_away_is_no_error(tmp_path):
    names = [str(tmp_path / f"gone-{i}.png") for i in range(3000)]
    with process("read", *names, stdout=subprocess.PIPE) as running:
        assert running.stdout.readline().startswith(str(tmp_path).encode())
        running.stdout.close()
        err = running.stderr.read()
    assert running.returncode == 0
    assert b"Traceback" not in err and b"Broken" not in err


@POSIX
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_under_stdout_is_one_line(digit_photo):
    with Path("/dev/full").open("wb") as full, process("read", str(digit_photo), stdout=full) as running:
        err = running.stderr.read().decode()
    assert running.returncode == 1
    assert "cannot write to the standard output: No space left on device" in err and "Traceback" not in err


@POSIX
def test_ctrl_c_is_one_line_and_leaves_no_half_file(tmp_path):
    out = tmp_path / "out.csv"
    # A process started in the background inherits an ignored SIGINT; a person's terminal never has it so.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        started = process("read", "-", "-o", str(out), stdin=subprocess.PIPE)
    finally:
        signal.signal(signal.SIGINT, before)
    with started as running:
        deadline = time.monotonic() + 20
        while not list(tmp_path.glob(".inkread-*")) and time.monotonic() < deadline:
            time.sleep(0.02)  # the temporary file shows that the reading has begun
        running.send_signal(signal.SIGINT)
        err = running.stderr.read().decode()
    assert running.returncode == 130
    assert err == "inkread: stopped\n"
    assert list(tmp_path.iterdir()) == []


def test_reading_imports_no_other_command_and_neither_typer_nor_rich(digit_photo):
    code = (
        "import sys\nfrom inkread.cli import main\ntry:\n    main()\n"
        "except SystemExit as e:\n    assert not e.code\n"
        "print(' '.join(sys.modules))"
    )
    words = [sys.executable, "-c", code, "read", str(digit_photo)]
    loaded = set(subprocess.run(words, capture_output=True, text=True, check=True).stdout.split())
    assert not loaded & {"typer", "rich", "click", "xlsxwriter", "csv"}
    assert not {name for name in loaded if name.startswith(("inkread.train", "inkread.data", "inkread.eval"))}
    assert {name for name in loaded if name.startswith("inkread.cli.")} == {
        "inkread.cli.request",
        "inkread.cli.reading",
    }
