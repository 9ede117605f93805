#!/usr/bin/env python3
"""The front door: `python3 do.py demo`, `test`, `check`, `fix`, `bench`, `docs`.

One file, standard library only, and it never asks a question. It finds a Python that fits, makes `.venv`
beside itself, installs what the task needs (saying what, and how large), and runs the task. A laptop and the
continuous integration call the same file. It runs on any Python from 3.8 on, so that an old one gets a clear
line instead of a traceback.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "inkread-installed.json"
WINDOWS = os.name == "nt"

OLDEST = (3, 11)
NEWEST_TENSORFLOW = (3, 13)
PROBE = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])"

READER = ("pdf", "heic", "forms")
CHECKERS = ("dev", "serve", "forms")
EVERYTHING = ("dev", "train", "pdf", "heic", "forms", "serve")
SIZES = {"reader": "about 420 MB on disk", "train": "about 2.2 GB on disk, most of it TensorFlow"}
BACKENDS = {"jax": "jax", "torch": "torch==2.13.0"}
"""Groups of tests that need a backend of Keras besides TensorFlow, and what installs each."""
BROWSER = "chromium"
"""The browser that the group of that name drives."""


class StopError(Exception):
    """The task cannot go on; the message is the one line that the user gets."""


def main(argv: list[str] | None = None) -> int:
    """Run one task.

    Args:
        argv: the words after `do.py`; None takes them from the command line.

    Returns:
        The exit code: 0 where all went well.
    """
    parser = argparse.ArgumentParser(
        prog="do.py", description="inkread's front door; it never asks a question."
    )
    tasks = parser.add_subparsers(dest="task", metavar="TASK", required=True)
    tasks.add_parser("demo", help="install the reader and read a few pictures, beside the textbook way")
    test = tasks.add_parser("test", help="run the tests; what follows is handed to pytest")
    test.add_argument("--all", action="store_true", help="the slow tests and the other backends of Keras too")
    test.add_argument("--strict", action="store_true", help="a group that cannot run here is a failure")
    tasks.add_parser("check", help="format, lint, types, layers, generated pages")
    tasks.add_parser("fix", help="format, and mend what the linter can")
    measure = tasks.add_parser("bench", help="measure every published figure, or run the benchmarks named")
    measure.add_argument("names", nargs="*", help="files of benchmarks/, without the ending")
    docs = tasks.add_parser("docs", help="write docs/help/, and run the examples for the tutorial's figures")
    docs.add_argument("--pages", action="store_true", help="docs/help/ only: seconds instead of minutes")
    docs.add_argument("--check", action="store_true", help="write nothing, fail where a page is out of date")
    options, rest = parser.parse_known_args(argv)
    if rest and options.task != "test":
        parser.error("unknown: {}".format(" ".join(rest)))
    actions: dict[str, Callable[[], int]] = {
        "demo": demo,
        "test": lambda: run_tests(rest, everything=options.all, strict=options.strict),
        "check": check,
        "fix": fix,
        "bench": lambda: bench(options.names),
        "docs": lambda: docs_task(only_check=options.check, only_pages=options.pages or options.check),
    }
    try:
        return actions[options.task]()
    except StopError as stop:
        print(f"do.py: {stop}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("do.py: stopped", file=sys.stderr)
        return 130


# --- the tasks -------------------------------------------------------------------------------------------


def demo() -> int:
    """Install the reader, read the example pictures, say what to type next."""
    python = environment(READER, f"inkread, and what reads PDF, HEIC and forms: {SIZES['reader']}")
    return run([python, "examples/demo.py"])


def run_tests(arguments: list[str], *, everything: bool, strict: bool) -> int:
    """Run the tests: the other backends first, so that the closing line of the large run stands last."""
    python = environment(EVERYTHING, f"inkread, Keras and the test tools: {SIZES['train']}")
    code = 0
    if everything:
        for backend, requirement in BACKENDS.items():
            code = backend_group(python, backend, requirement, strict=strict) or code
        code = browser_group(python, strict=strict) or code
    command = [python, "-m", "pytest"]
    if not any(a.startswith("-n") for a in arguments):
        command += ["-n", "2", "--dist", "loadgroup"]
    if not any(a.startswith("-m") for a in arguments):
        left_out = "not backend and not browser"
        command += ["-m", left_out if everything else f"{left_out} and not slow"]
    return run([*command, *arguments]) or code


def backend_group(python: str, backend: str, requirement: str, *, strict: bool) -> int:
    """Run the tests that load a model under another backend of Keras, or say why they cannot run here."""
    if not can_import(python, backend):
        return skipped(backend, f"{backend} is not installed", pip_line(requirement), strict=strict)
    print(f"--- Keras on {backend}", flush=True)
    return run([python, "-m", "pytest", "-q", "-m", "backend", "tests/backends"], KERAS_BACKEND=backend)


def browser_group(python: str, *, strict: bool) -> int:
    """Run the tests of the application in a real browser, or say why they cannot run here."""
    for module in ("playwright", "axe_playwright_python"):
        if not can_import(python, module):
            how = pip_line("playwright axe-playwright-python")
            return skipped("browser", f"{module} is not installed", how, strict=strict)
    if shutil.which(BROWSER) is None:
        how = f"sudo apt-get install {BROWSER}"
        return skipped("browser", f"{BROWSER} is not on the path", how, strict=strict)
    print("--- the application in a browser", flush=True)
    return run([python, "-m", "pytest", "-q", "-m", "browser", "tests/browser"])


def can_import(python: str, module: str) -> bool:
    """Whether a Python has a module."""
    done = subprocess.run([python, "-c", f"import {module}"], cwd=ROOT, capture_output=True, check=False)
    return done.returncode == 0


def skipped(group: str, why: str, how: str, *, strict: bool) -> int:
    """Say that a group of tests cannot run here, and what would install what it lacks."""
    fate = "counts as a failure under --strict" if strict else "not counted"
    print(f"SKIPPED  {group}: {why} ({fate}). To run it: {how}")
    return 1 if strict else 0


def check() -> int:
    """Run everything that can be said about the code without running it, then name what failed."""
    python = environment(CHECKERS, "inkread and the tools that check it: about 500 MB on disk")
    steps = {
        "format": [python, "-m", "ruff", "format", "--check", "."],
        "lint": [python, "-m", "ruff", "check", "."],
        "types": [python, "-m", "mypy"],
        "layers": [python, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        "help pages": [python, "docs/make_help.py", "--check"],
    }
    failed = []
    for name, command in steps.items():
        print(f"--- {name}", flush=True)
        if run(command):
            failed.append(name)
    print(
        f"check: {len(steps)} of {len(steps)} good" if not failed else f"check: failed: {', '.join(failed)}"
    )
    return 1 if failed else 0


def fix() -> int:
    """Format the code and mend what the linter knows how to mend."""
    python = environment(CHECKERS, "inkread and the tools that check it: about 500 MB on disk")
    mended = run([python, "-m", "ruff", "check", "--fix", "."])
    return run([python, "-m", "ruff", "format", "."]) or mended


def bench(names: list[str]) -> int:
    """Run the benchmarks named, or the one that measures every published figure and calls the others."""
    known = sorted(p.stem for p in (ROOT / "benchmarks").glob("*.py") if not p.name.startswith("_"))
    for name in names:
        if name not in known:
            raise StopError(f"no benchmark is called {name!r}; there are {', '.join(known)}")
    python = environment(EVERYTHING, f"inkread, Keras and the test tools: {SIZES['train']}")
    commands = [[f"benchmarks/{name}.py"] for name in names] or [["benchmarks/scores.py", "--all"]]
    return max(run([python, *command]) for command in commands)


def docs_task(*, only_check: bool, only_pages: bool) -> int:
    """Write, or only check, the pages that are made from the code; then draw the tutorial's figures."""
    if only_pages:
        python = environment(READER, f"inkread: {SIZES['reader']}")
    else:
        python = environment(EVERYTHING, f"inkread, Keras and the test tools: {SIZES['train']}")
    code = run([python, "docs/make_help.py", *(["--check"] if only_check else [])])
    return code or (0 if only_pages else tutorial_figures(python))


def tutorial_figures(python: str) -> int:
    """Run the examples of docs/tutorial.md in full, and keep their figures once all of them ran."""
    figures = ROOT / "docs" / "images" / "tutorial"
    with tempfile.TemporaryDirectory() as place:
        for example in sorted((ROOT / "examples").glob("[0-9]_*.py")):
            print(f"--- {example.name}", flush=True)
            code = run([python, str(example)], INKREAD_FIGURES=place, INKREAD_QUICK="0")
            if code:
                return code
        figures.mkdir(parents=True, exist_ok=True)
        for figure in sorted(Path(place).glob("*.png")):
            shutil.copy(figure, figures / figure.name)
    return 0


# --- the environment -------------------------------------------------------------------------------------


def environment(extras: tuple[str, ...], what: str) -> str:
    """Make `.venv` hold the package with these extras, and say so; quick where it already does.

    Args:
        extras: the extras of pyproject.toml that the task needs.
        what: what will be installed and how large it is, for the user to read.

    Returns:
        The path of the environment's Python.

    Raises:
        StopError: no Python fits, or it cannot make environments, or something could not be installed.
    """
    python = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
    version = probe([str(python)]) if python.exists() else None
    if version is None or version < OLDEST:
        command, version = find_python()
        print(f"Making {VENV.name} with Python {version[0]}.{version[1]}", flush=True)
        made = subprocess.run(
            [*command, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True, check=False
        )
        if made.returncode:
            raise StopError(f"could not make {VENV}: {last_line(made.stderr or made.stdout)}")
    held = installed(version)
    if not set(extras) <= held:
        install(str(python), sorted(held | set(extras)), what)
        state = {"of": fingerprint(version), "extras": sorted(held | set(extras))}
        STAMP.write_text(json.dumps(state), encoding="utf-8")
    return str(python)


def find_python() -> tuple[list[str], tuple[int, int]]:
    """Find a Python that fits: this one or one of the path, rather one that TensorFlow has wheels for.

    Raises:
        StopError: none was found.
    """
    names = ["python3.13", "python3.12", "python3.11", "python3.14", "python3", "python"]
    candidates = [[sys.executable], *([name] for name in names if shutil.which(name))]
    if WINDOWS and shutil.which("py"):
        candidates += [["py", f"-3.{minor}"] for minor in (13, 12, 11, 14)]
    fitting = [(c, v) for c, v in ((c, probe(c)) for c in candidates) if v and v >= OLDEST]
    for command, version in fitting:
        if version <= NEWEST_TENSORFLOW:
            return command, version
    if fitting:
        return fitting[0]
    here = "{}.{}".format(*sys.version_info[:2])
    if sys.version_info[:2] >= OLDEST:
        raise StopError(
            f"Python {here} cannot make environments: its venv or ensurepip module is missing. "
            f"On Debian and Ubuntu: sudo apt install python{here}-venv"
        )
    raise StopError(
        f"inkread needs Python 3.11 or newer; this is {here}, and no newer one is on the path. "
        "Install 3.12 or 3.13 from python.org or your system, and run the same line again"
    )


def probe(command: list[str]) -> tuple[int, int] | None:
    """The version of a Python that runs and can make environments; None where it does not or cannot."""
    try:
        done = subprocess.run(
            [*command, "-c", PROBE], capture_output=True, text=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    if done.returncode:
        return None
    major, minor = done.stdout.split()[-1].split(".")
    return int(major), int(minor)


def fingerprint(version: tuple[int, int]) -> str:
    """What an installation depends on: the project file, where it lies, and the version of Python."""
    parts = ((ROOT / "pyproject.toml").read_bytes(), str(ROOT).encode(), repr(tuple(version)).encode())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def installed(version: tuple[int, int]) -> set[str]:
    """The extras that `.venv` already holds, empty where it must be installed anew."""
    try:
        state = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return set()
    return set(state.get("extras", [])) if state.get("of") == fingerprint(version) else set()


def install(python: str, extras: list[str], what: str) -> None:
    """Install the checkout with these extras into the environment.

    Raises:
        StopError: pip failed; the line says with what.
    """
    print(f"Installing into {VENV.name}: {what}. Nothing outside this folder is touched.", flush=True)
    command = [
        python,
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "-e",
        ".[{}]".format(",".join(extras)),
    ]
    if not sys.stdout.isatty():
        command.append("--quiet")
    done = subprocess.run(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode == 0:
        return
    log = VENV / "pip-errors.txt"
    log.write_text(done.stderr, encoding="utf-8")
    errors = [line.strip() for line in done.stderr.splitlines()]
    reason = next(
        (e for e in reversed(errors) if e.startswith("ERROR: ")), f"ERROR: {last_line(done.stderr)}"
    )
    signs = ("NewConnection", "No matching distribution", "timed out", "Temporary failure")
    if "No space left" in done.stderr:
        cure = "The disk is full: make room, and run the same line again"
    elif any(sign in done.stderr for sign in signs):
        cure = (
            "Is there a network, or an index that pip is set up with? Run the same line again when there is"
        )
    else:
        cure = f"Remove {VENV} and run the same line again"
    raise StopError(f"pip could not install it: {reason[7:].rstrip('.')}. {cure}. All that pip said: {log}")


# --- small things ----------------------------------------------------------------------------------------


def run(command: list[str], **variables: str) -> int:
    """Run a command in the checkout, its output going where ours goes; return its exit code."""
    backend = "tensorflow" if has_tensorflow() else "jax"
    defaults = {"KERAS_BACKEND": backend, "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONUTF8": "1"}
    sys.stdout.flush()
    return subprocess.run(
        command, cwd=ROOT, env={**defaults, **os.environ, **variables}, check=False
    ).returncode


def has_tensorflow() -> bool:
    """Whether the environment's Python is one that TensorFlow has wheels for."""
    version = probe([str(VENV / ("Scripts/python.exe" if WINDOWS else "bin/python"))])
    return version is not None and version <= NEWEST_TENSORFLOW


def pip_line(requirement: str) -> str:
    """The line a user types to install one requirement into `.venv`."""
    python = Path(".venv") / ("Scripts/python.exe" if WINDOWS else "bin/python")
    return f"{python} -m pip install {requirement}"


def last_line(text: str) -> str:
    """The last line that says something."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it did not say why"


if __name__ == "__main__":
    sys.exit(main())
