"""A real browser, Debian's Chromium, before a real service; one of each for all tests.

The page's Content-Security-Policy stays in force, so nothing here may evaluate strings in the page the way
`wait_for_function` does.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import cv2
import numpy as np
import pytest

CHROMIUM = shutil.which("chromium")

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SCREENS: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 800}},
    "dark": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "device_scale_factor": 2,
        "has_touch": True,
        "is_mobile": True,
    },
}


def missing() -> str:
    """What these tests lack here, with the line that installs it; empty where they can run."""
    for module, how in (
        ("playwright", "python3 -m pip install playwright axe-playwright-python"),
        ("axe_playwright_python", "python3 -m pip install playwright axe-playwright-python"),
        ("fastapi", "pip install '.[serve]'"),
    ):
        if find_spec(module) is None:
            return f"needs {module}: {how}"
    return "" if CHROMIUM else "needs Chromium: sudo apt-get install chromium"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of these tests belong to one group, and are run by one process."""
    here, lacking = Path(__file__).parent, missing()
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))
            if lacking:
                item.add_marker(pytest.mark.skip(reason=lacking))


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Where `inkread serve` listens."""
    command = [sys.executable, "-m", "inkread", "serve", "--port", "0", "--workers", "1"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    line = process.stderr.readline()
    threading.Thread(target=process.stderr.read, daemon=True).start()
    try:
        assert "serving on " in line, line
        url = line.split("serving on ")[1].split()[0]
        with urlopen(f"{url}/v1/kinds", timeout=120):  # answers when the models are loaded
            yield url
    finally:
        process.terminate()
        process.wait(timeout=15)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser, address) -> Iterator[Callable[..., Any]]:
    """Open the application: `visit("#pictures", screen="phone")`. An error in the page fails the test."""
    contexts, errors = [], []

    def open_page(place: str = "", screen: str = "desktop", **more: Any) -> Any:
        context = browser.new_context(**SCREENS[screen], **more)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if is_error(said) else None)
        page.goto(f"{address}/{place}")
        page.locator("html[data-ready]").wait_for(timeout=30_000)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not errors


def is_error(said: Any) -> bool:
    """What the browser itself says of an answer that is not 200 is no error of the page."""
    return said.type == "error" and "Failed to load resource" not in said.text


@pytest.fixture
def page(visit):
    """The application as it opens."""
    return visit()


# --- what a person does -------------------------------------------------------------------------------------

SEVEN = [[(0.3, 0.22), (0.7, 0.22), (0.45, 0.8)]]


@pytest.fixture
def draw() -> Callable[..., None]:
    """Draw strokes on the pad with the mouse, in shares of its width and height: `draw(page, strokes)`."""

    def strokes_on(page: Any, strokes: list[list[tuple[float, float]]] = SEVEN) -> None:
        box = page.locator("canvas.pad").bounding_box()
        for stroke in strokes:
            places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
            page.mouse.move(*places[0])
            page.mouse.down()
            for place in places[1:]:
                page.mouse.move(*place, steps=6)
            page.mouse.up()

    return strokes_on


@pytest.fixture(scope="session")
def pictures() -> Path:
    """The example pictures of the checkout."""
    return Path(__file__).resolve().parents[2] / "examples" / "pictures"


@pytest.fixture(scope="session")
def two_digits(tmp_path_factory) -> Path:
    """A 7 at the left and a slanting 1 at the right of light paper, 600 by 300 pixels."""
    paper = np.full((300, 600, 3), 225, np.uint8)
    for stroke in ([[100, 80], [200, 80], [140, 230]], [[465, 80], [435, 230]]):
        cv2.polylines(paper, [np.array(stroke, np.int32)], False, (90, 50, 40), 14, cv2.LINE_AA)
    path = tmp_path_factory.mktemp("two") / "seven_one.png"
    cv2.imwrite(str(path), paper)
    return path


@pytest.fixture
def give() -> Callable[..., None]:
    """Choose files in the view of pictures: `give(page, path, ...)`."""

    def choose(page: Any, *files: Path | dict[str, Any]) -> None:
        page.locator("#view-pictures input[type=file][multiple]").first.set_input_files(
            [f if isinstance(f, dict) else str(f) for f in files]
        )

    return choose
