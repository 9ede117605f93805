"""The README cannot lie: its Python blocks and `inkread` lines are run, in order, in one folder."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

ROOT = Path(__file__).resolve().parents[1]
SCHEMA = ROOT / "src" / "inkread" / "outputs" / "reading.schema.json"
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"(?ms)^```(python|console)\n(.*?)^```", README)
COMMANDS = [
    line[2:]
    for kind, text in BLOCKS
    if kind == "console"
    for line in text.splitlines()
    if line.startswith("$ inkread ")
]
PYTHON = [text for kind, text in BLOCKS if kind == "python"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory, digit_photo):
    """A folder with what the README speaks of: a photo, and a folder of mail."""
    path = tmp_path_factory.mktemp("readme")
    shutil.copy(digit_photo, path / "my_photo.jpg")
    (path / "mail").mkdir()
    for name in ("1.jpg", "2.jpg"):
        shutil.copy(digit_photo, path / "mail" / name)
    return path


def run(code: str, folder: Path, *words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", code, *words], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_readme_runs(command, folder):
    run(
        "from inkread.cli import main; raise SystemExit(main())",
        folder,
        *shlex.split(command, comments=True)[1:],
    )


def test_the_python_of_the_readme_runs_from_top_to_bottom(folder):
    run("\n".join(PYTHON), folder)


def test_the_readme_leads_with_a_picture_and_the_two_commands():
    before_the_first_heading = README.split("\n## ")[0]
    assert re.search(r"!\[[^\]]+\]\(docs/images/hero\.png\)", before_the_first_heading)
    assert "python3 do.py demo" in README and "inkread read my_photo.jpg" in README


def test_every_file_that_the_readme_and_the_docs_point_to_is_there():
    missing = []
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                missing.append(f"{page.name}: {target}")
    assert missing == []


def test_the_json_of_the_readme_is_what_the_schema_says():
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    (shown,) = re.findall(r"(?ms)^```json\n(.*?)^```", README)
    jsonschema.validate(json.loads(shown), schema)
