"""Every published figure from one command: writes benchmarks/scores.json and prints the Markdown table.

    INKREAD_DATA=... python benchmarks/scores.py [--model digits] [--workers 2] [--all]

Runs `inkread evaluate` for the model and for the textbook way on every set at hand; a set that is not there
is left out and named on stderr. Real pictures and simulated ones stand in tables of their own. `--all` also
runs the other benchmarks and keeps their JSON objects.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shlex
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
TEXTBOOK = "textbook"
OTHERS = ("invariance", "turned", "rejects", "speed")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: a set, and how it is chosen on the command line."""

    title: str
    data: str
    options: tuple[str, ...] = ()
    simulated: bool = False


ROWS = (
    Row("MNIST test, 28x28 as they are", "mnist:test"),
    Row("MNIST test, read like a photo", "mnist:test", ("--through", "reader")),
    Row("photos of single digits", "$INKREAD_DATA/eval/photos/labels.csv", ("--where", "type=digit")),
    Row("optdigits (European hands, 32x32)", "$INKREAD_DATA/eval/optdigits32.npz"),
    Row("semeion (European hands, 16x16)", "$INKREAD_DATA/eval/semeion.npz"),
    Row("photo simulator, held-out axes", "$SIMULATED", simulated=True),
)
SIMULATE = ("data", "make", "digits", "--seed", "1", "--n", "5000", "--held-out", "-o")


def main() -> None:
    """Run, write, print."""
    parser = argparse.ArgumentParser(description="Every published figure from one command.")
    parser.add_argument("--model", default="digits")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--all", action="store_true", help="the other benchmarks too")
    parser.add_argument("-o", "--output", type=Path, default=HERE / "scores.json")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        places = _places(Path(folder))
        rows = [_row(row, asked.model, asked.workers, places) for row in ROWS if _at_hand(row, places)]
    scores = {
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        "rows": rows,
        "benchmarks": [_benchmark(name) for name in OTHERS] if asked.all else [],
    }
    asked.output.write_text(json.dumps(scores, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(table(rows, simulated=False))
    print(table(rows, simulated=True))


def _places(folder: Path) -> dict[str, str]:
    """What the variables in a row's data stand for; draws the simulated set."""
    places = {"$SIMULATED": str(folder / "simulated")}
    if os.environ.get("INKREAD_DATA"):
        places["$INKREAD_DATA"] = os.environ["INKREAD_DATA"]
    done = _inkread([*SIMULATE, places["$SIMULATED"]])
    if done.returncode:
        print(f"no simulated pictures: {done.stderr.strip()[-300:]}", file=sys.stderr)
    return places


def _at_hand(row: Row, places: dict[str, str]) -> bool:
    data = _filled(row.data, places)
    there = data.startswith("mnist:") or Path(data).exists()
    if not there:
        print(f"left out, not there: {row.title} ({row.data})", file=sys.stderr)
    return there


def _filled(text: str, places: dict[str, str]) -> str:
    for variable, value in places.items():
        text = text.replace(variable, value)
    return text


def _row(row: Row, model: str, workers: int, places: dict[str, str]) -> dict[str, Any]:
    """One set, measured with the model and the textbook way."""
    command = ["evaluate", model, "--data", row.data, *row.options, "--json"]
    results = {}
    for name in (model, TEXTBOOK):
        done = _inkread(
            ["evaluate", name, *(_filled(a, places) for a in command[2:]), "--workers", str(workers)]
        )
        if done.returncode:
            sys.exit(f"inkread evaluate {name} on {row.title} failed: {done.stderr.strip()[-500:]}")
        results[name] = json.loads(done.stdout)
        results[name]["data"] = row.data
        print(f"{row.title}, {name}: {results[name]['accuracy']:.4f}", file=sys.stderr)
    return {
        "title": row.title,
        "simulated": row.simulated,
        "command": "inkread " + " ".join(a if "$" in a else shlex.quote(a) for a in command),
        "result": results[model],
        "textbook": results[TEXTBOOK],
    }


def _benchmark(name: str) -> dict[str, Any]:
    """Another benchmark's JSON object; one that lacks what it needs says so instead."""
    done = subprocess.run(
        [sys.executable, str(HERE / f"{name}.py")], capture_output=True, text=True, check=False
    )
    if done.returncode:
        return {"benchmark": name, "missing": done.stderr.strip().splitlines()[-1:]}
    return json.loads(done.stdout.splitlines()[-1])


def _inkread(arguments: list[str]) -> subprocess.CompletedProcess[str]:
    code = "from inkread.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False
    )


def table(rows: list[dict[str, Any]], *, simulated: bool) -> str:
    """A Markdown table of the real sets, or of the simulated ones.

    Args:
        rows: of scores.json.
        simulated: which.
    """
    lines = [
        f"| {'simulated' if simulated else 'real'} pictures | n | right | accepted at target 1 % "
        "| of those wrong | textbook way right |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for row in rows:
        if row["simulated"] is simulated:
            lines.append(_line(row))
    return "\n".join(lines) + "\n"


def _line(row: dict[str, Any]) -> str:
    result = row["result"]
    at = next(t for t in result["at_target"] if t["target"] == 0.01)
    low, high = result["ci95"]
    right = f"{_percent(result['accuracy'])} ({_percent(low)} to {_percent(high)})"
    wrong = (
        "-" if at["error"] is None else f"{_percent(at['error'])} (at most {_percent(at['error_upper95'])})"
    )
    accepted, textbook = _percent(at["accepted"]), _percent(row["textbook"]["accuracy"])
    return f"| {row['title']} | {result['n']:,} | {right} | {accepted} | {wrong} | {textbook} |"


def _percent(share: float) -> str:
    return f"{100 * share:.2f} %"


if __name__ == "__main__":
    main()
