"""The two applications that people start from: what they read, and that neither needs Keras for it."""

from __future__ import annotations

import csv
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
PICTURE = EXAMPLES / "pictures" / "in_a_shadow.jpg"


def load(name: str):
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def truth(path: Path) -> str:
    with (EXAMPLES / "pictures" / "labels.csv").open(encoding="utf-8", newline="") as file:
        return next(row["label"] for row in csv.DictReader(file) if row["file"] == path.name)


def test_the_desktop_application_reads_a_picture():
    assert load("deploy_desktop").predict(str(PICTURE)).startswith(f"{truth(PICTURE)} (")


def test_the_desktop_application_reads_what_is_drawn():
    desktop = load("deploy_desktop")
    seven = [100, 70, 220, 70, 150, 250]
    assert desktop.predict(desktop.paper([seven])).startswith("7 (")
    assert "refused" in desktop.predict(desktop.paper([]))


def test_the_desktop_application_says_in_a_line_what_it_cannot_open(tmp_path):
    told = load("deploy_desktop").predict(tmp_path / "missing.png")
    assert "missing.png" in told and "\n" not in told


@pytest.mark.parametrize(("name", "lines"), [("deploy_desktop", 60), ("deploy_web", 30)])
def test_an_application_is_short_enough_to_be_read_at_once(name, lines):
    assert len((EXAMPLES / f"{name}.py").read_text(encoding="utf-8").splitlines()) <= lines


def test_the_desktop_application_loads_neither_tkinter_nor_keras_before_it_is_run():
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import deploy_desktop as d; d.predict(sys.argv[2])\n"
        "print([m for m in ('tkinter', 'keras', 'tensorflow') if m in sys.modules])"
    )
    told = subprocess.check_output([sys.executable, "-c", code, str(EXAMPLES), str(PICTURE)], text=True)
    assert told.strip() == "[]"


def test_the_web_service_reads_a_picture_and_says_what_is_none():
    pytest.importorskip("fastapi", reason="pip install fastapi httpx")
    pytest.importorskip("httpx", reason="pip install fastapi httpx")
    from fastapi.testclient import TestClient

    web = load("deploy_web")
    client = TestClient(web.app)
    answer = client.post("/read", content=PICTURE.read_bytes())
    assert answer.status_code == 200
    assert [reading["text"] for reading in answer.json()] == [truth(PICTURE)]
    refused = client.post("/read", content=b"no picture")
    assert refused.status_code == 422 and "picture" in refused.json()["detail"]
    web.MOST = 10
    assert client.post("/read", content=PICTURE.read_bytes()).status_code == 413
