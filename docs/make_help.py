"""Write docs/help/: one page a command, from the command line's own --help, so that the two cannot differ.

`python docs/make_help.py` writes; with `--check` it writes nothing, names the pages that are out of date, and
exits with 1.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

HELP = Path(__file__).resolve().parent / "help"
PLAIN = {"COLUMNS": "100", "TERMINAL_WIDTH": "100", "TERM": "dumb", "NO_COLOR": "1", "PYTHONUTF8": "1"}
"""The surroundings under which the help looks the same everywhere."""


def main(argv: list[str]) -> int:
    """Write the pages, or check them.

    Args:
        argv: `["--check"]` or nothing.
    """
    wanted = pages()
    if "--check" in argv:
        stale = out_of_date(wanted)
        for name in stale:
            print(f"docs/help/{name} is out of date. Run: python3 do.py docs", file=sys.stderr)
        return 1 if stale else 0
    HELP.mkdir(exist_ok=True)
    for old in HELP.glob("*.md"):
        if old.name not in wanted:
            old.unlink()
    for name, text in wanted.items():
        (HELP / name).write_text(text, encoding="utf-8", newline="\n")
    print(f"wrote {len(wanted)} pages to docs/help/")
    return 0


def out_of_date(wanted: dict[str, str]) -> list[str]:
    """Name the pages that differ from what the command line says, are missing, or are no longer wanted."""
    have = {page.name: page.read_text(encoding="utf-8") for page in HELP.glob("*.md")}
    return sorted(name for name in have.keys() | wanted.keys() if have.get(name) != wanted.get(name))


def pages() -> dict[str, str]:
    """What each page should hold, by file name: the command line as a whole, then every command under it."""
    texts: dict[str, str] = {}
    waiting: list[tuple[str, ...]] = [()]
    while waiting:
        words = waiting.pop(0)
        text = help_of(words)
        title = " ".join(("inkread", *words))
        texts["-".join(("inkread", *words)) + ".md"] = (
            f"# {title}\n\n```text\n$ {title} --help\n{text}\n```\n"
        )
        waiting += [(*words, name) for name in commands(text)]
    return texts


def help_of(words: tuple[str, ...]) -> str:
    """What a command says of itself, without trailing blanks."""
    code = "from inkread.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, *words, "--help"],
        env={**os.environ, **PLAIN},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"inkread {' '.join(words)} --help failed:\n{done.stderr}")
    text = re.sub(r"\bUsage: -c\b", "Usage: inkread", done.stdout)
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines())


def commands(text: str) -> list[str]:
    """The commands that a help text lists, in its order: the first word of each entry under "Commands"."""
    names, inside, indent = [], False, None
    for line in text.splitlines():
        if re.match(r"\W*Commands\b", line):
            inside, indent = True, None
            continue
        entry = re.match(r"(\W+)([a-z][a-z-]*)(\s|$)", line)
        if not inside or not entry:
            inside = inside and bool(line.strip())
            continue
        indent = indent or len(entry[1])
        if len(entry[1]) == indent:
            names.append(entry[2])
    return names


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
