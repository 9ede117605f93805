"""The front door: what it says when something is missing, and when it installs again."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def do(tmp_path, monkeypatch):
    spec = importlib.util.spec_from_file_location("do", ROOT / "do.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "VENV", tmp_path)
    monkeypatch.setattr(module, "STAMP", tmp_path / "stamp.json")
    return module


@pytest.mark.parametrize(
    ("strict", "code"),
    [pytest.param(False, 0, id="passes"), pytest.param(True, 1, id="fails under --strict")],
)
def test_a_group_that_cannot_run_is_named_with_the_line_that_installs_it(do, capsys, strict, code):
    assert do.backend_group(sys.executable, "no_such_backend", "no-such-backend==1", strict=strict) == code
    said = capsys.readouterr().out
    assert said.startswith("SKIPPED  no_such_backend") and "-m pip install no-such-backend==1" in said


@pytest.mark.parametrize(
    ("browser", "says"),
    [
        pytest.param("no-such-browser", "sudo apt-get install no-such-browser", id="no browser"),
        pytest.param("sh", "-m pip install playwright", id="nothing that drives it"),
    ],
)
def test_without_a_browser_its_group_is_named_with_the_line_that_installs_it(
    do, capsys, monkeypatch, browser, says
):
    monkeypatch.setattr(do, "BROWSER", browser)
    monkeypatch.setattr(do, "can_import", lambda python, module: browser != "sh")
    assert do.browser_group(sys.executable, strict=False) == 0
    assert do.browser_group(sys.executable, strict=True) == 1
    said = capsys.readouterr().out
    assert said.startswith("SKIPPED  browser") and says in said


def test_what_does_not_run_is_not_a_python(do, tmp_path):
    assert do.probe([str(tmp_path / "missing")]) is None


def test_this_python_is_one(do):
    assert do.probe([sys.executable]) == sys.version_info[:2]


def test_without_a_fitting_python_it_says_which_one_is_wanted(do, monkeypatch):
    monkeypatch.setattr(do, "probe", lambda command: (3, 8))
    monkeypatch.setattr(sys, "version_info", (3, 8, 18))
    with pytest.raises(do.StopError, match=r"needs Python 3\.11 or newer; this is 3\.8.*Install 3\.12"):
        do.find_python()


def test_a_python_without_venv_says_how_to_get_it(do, monkeypatch):
    monkeypatch.setattr(do, "probe", lambda command: None)
    with pytest.raises(do.StopError, match=r"venv or ensurepip module is missing.*apt install"):
        do.find_python()


def test_a_python_that_tensorflow_supports_is_preferred_and_a_newer_one_will_do(do, monkeypatch):
    monkeypatch.setattr(do.shutil, "which", lambda name: name)
    versions = {sys.executable: (3, 14), "python3.12": (3, 12)}
    monkeypatch.setattr(do, "probe", lambda command: versions.get(command[0]))
    assert do.find_python() == (["python3.12"], (3, 12))
    del versions["python3.12"]
    assert do.find_python() == ([sys.executable], (3, 14))


@pytest.mark.parametrize(
    ("of", "held"),
    [
        pytest.param(None, {"pdf"}, id="the same project file and Python: nothing to install"),
        pytest.param("another", set(), id="a changed one: install again"),
    ],
)
def test_it_installs_again_only_where_something_changed(do, of, held):
    do.STAMP.write_text(
        json.dumps({"of": of or do.fingerprint((3, 12)), "extras": ["pdf"]}), encoding="utf-8"
    )
    assert do.installed((3, 12)) == held


def test_a_word_it_does_not_know_is_wrong_usage():
    done = subprocess.run(
        [sys.executable, "do.py", "dmeo"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2 and "invalid choice: 'dmeo'" in done.stderr
