"""Draw docs/images/app-*.png: the application's views, as a real browser shows them.

Everything on them was read when they were made; run this again after a change of the application or a model:
`.venv/bin/python docs/make_app_images.py`. Needs '.[serve]', playwright and Chromium (`apt-get install
chromium`).
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "examples" / "pictures"
IMAGES = ROOT / "docs" / "images"
LARGEST = 200_000
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
]
DESKTOP = {"viewport": {"width": 1180, "height": 740}}
PHONE = {
    "viewport": {"width": 390, "height": 800},
    "device_scale_factor": 1.5,
    "has_touch": True,
    "is_mobile": True,
}

THREE = [
    [
        (0.33, 0.27),
        (0.48, 0.18),
        (0.62, 0.27),
        (0.58, 0.42),
        (0.46, 0.47),
        (0.62, 0.54),
        (0.66, 0.7),
        (0.5, 0.81),
        (0.33, 0.74),
    ]
]
SEVEN_TWO = [
    [(0.14, 0.33), (0.26, 0.31), (0.36, 0.3), (0.3, 0.5), (0.23, 0.74)],
    [
        (0.56, 0.38),
        (0.66, 0.28),
        (0.77, 0.34),
        (0.73, 0.5),
        (0.6, 0.66),
        (0.54, 0.73),
        (0.68, 0.72),
        (0.82, 0.71),
    ],
]


def main() -> int:
    """Make all pictures."""
    from playwright.sync_api import sync_playwright

    command = [sys.executable, "-m", "inkread", "serve", "--port", "0"]
    service = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        line = service.stderr.readline() if service.stderr else ""
        url = line.split("serving on ")[1].split()[0]
        urlopen(f"{url}/v1/kinds", timeout=120).close()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
            for name, (place, how, act) in SHOTS.items():
                page = browser.new_page(**how)
                page.goto(f"{url}/{place}")
                page.locator("html[data-ready]").wait_for(timeout=60_000)
                act(page)
                page.wait_for_timeout(500)
                keep(name, page.screenshot())
                page.close()
            browser.close()
    finally:
        service.terminate()
        service.wait(timeout=15)
    side_by_side("app-phone.png", ["app-phone-draw.png", "app-phone-picture.png"])
    return 0


def keep(name: str, png: bytes) -> None:
    """Write a picture with few colours, so that it is small."""
    few = with_few_colours(Image.open(io.BytesIO(png)).convert("RGB"))
    path = IMAGES / name
    few.save(path, optimize=True)
    size = path.stat().st_size
    print(f"wrote {path.relative_to(ROOT)}: {few.width} x {few.height}, {size // 1000} kB")
    if size > LARGEST:
        raise SystemExit(f"{name} has {size} bytes; at most {LARGEST} are kept in the repository")


def with_few_colours(image: Image.Image, exact: int = 96) -> Image.Image:
    """A palette of 256: what most of the page has, as it is, and the likeliest of the photos."""
    found = sorted(image.getcolors(image.width * image.height) or [], reverse=True)
    palette = [part for _, colour in found[:exact] if isinstance(colour, tuple) for part in colour]
    rest = image.quantize(256 - exact, Image.Quantize.MEDIANCUT).getpalette() or []
    sheet = Image.new("P", (1, 1))
    sheet.putpalette((palette + rest)[: 3 * 256])
    return image.quantize(palette=sheet, dither=Image.Dither.FLOYDSTEINBERG)


def side_by_side(name: str, parts: list[str]) -> None:
    """Set pictures beside each other, and leave only that."""
    images = [Image.open(IMAGES / part).convert("RGB") for part in parts]
    gap = 24
    sheet = Image.new(
        "RGB", (sum(i.width + gap for i in images) - gap, max(i.height for i in images)), "white"
    )
    left = 0
    for image in images:
        sheet.paste(image, (left, 0))
        left += image.width + gap
    buffer = io.BytesIO()
    sheet.save(buffer, "PNG")
    keep(name, buffer.getvalue())
    for part in parts:
        (IMAGES / part).unlink()


# --- what is done before a picture is taken ----------------------------------------------------------------


def draw(strokes: list[list[tuple[float, float]]]) -> Callable[[Any], None]:
    """Draw strokes on the pad, smoothly through their points."""

    def act(page: Any) -> None:
        box = page.locator("canvas.pad").bounding_box()
        for stroke in strokes:
            places = smooth(stroke) * (box["width"], box["height"]) + (box["x"], box["y"])
            page.mouse.move(*places[0])
            page.mouse.down()
            for place in places[1:]:
                page.mouse.move(*place)
            page.mouse.up()
        page.locator(".glyph").first.wait_for()
        page.mouse.move(2, 400)

    return act


def smooth(points: list[tuple[float, float]], steps: int = 9) -> np.ndarray:
    """A Catmull-Rom curve through points, `(n, 2)`."""
    p = np.asarray([points[0], *points, points[-1]], float)
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    pieces = [
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        for a, b, c, d in zip(p, p[1:], p[2:], p[3:], strict=False)
    ]
    return np.vstack([*pieces, p[-1:]])


def give(*names: str) -> Callable[[Any], None]:
    """Choose example pictures."""

    def act(page: Any) -> None:
        ways = page.locator("#view-pictures input[type=file][multiple]").first
        ways.set_input_files([str(PICTURES / name) for name in names])
        page.locator(".readings .reading").first.wait_for()

    return act


def then(*acts: Callable[[Any], None]) -> Callable[[Any], None]:
    """One after the other."""

    def act(page: Any) -> None:
        for one in acts:
            one(page)

    return act


def choose_third(page: Any) -> None:
    """Open the third reading."""
    page.locator(".reading").nth(2).click()
    page.mouse.move(2, 400)


def letter(page: Any) -> None:
    """Read the letter that comes with the page, and point at a line."""
    page.get_by_role("button", name="a letter on lined paper").click()
    page.locator(".reading").nth(2).hover(timeout=90_000)


def explain(page: Any) -> None:
    """Show how it was read, and nothing else."""
    page.get_by_role("button", name="How it was read").click()
    page.locator(".explain .card").first.wait_for()
    page.locator(".explain").scroll_into_view_if_needed()
    page.set_viewport_size({"width": 1180, "height": 700})
    page.evaluate("document.querySelector('.explain').scrollIntoView({ block: 'center' })")
    page.mouse.move(2, 400)


def all_read(page: Any) -> None:
    """Wait until every picture is read, then look at one."""
    page.locator(".pile progress").wait_for(state="hidden", timeout=60_000)
    page.locator(".pile tbody tr").nth(1).click()
    page.mouse.move(2, 400)


ALL = sorted(path.name for path in PICTURES.glob("*.jpg") if path.name != "thumbnail.jpg")
SHOTS: dict[str, tuple[str, dict[str, Any], Callable[[Any], None]]] = {
    "app-draw.png": ("", DESKTOP, draw(THREE)),
    "app-picture.png": ("#pictures", DESKTOP, then(give("envelope.jpg"), choose_third)),
    "app-letter.png": ("#pictures", DESKTOP, letter),
    "app-explain.png": ("#pictures", DESKTOP, then(give("in_a_shadow.jpg"), explain)),
    "app-dark.png": ("#pictures", {**DESKTOP, "color_scheme": "dark"}, then(give(*ALL), all_read)),
    "app-phone-draw.png": ("", PHONE, draw(SEVEN_TWO)),
    "app-phone-picture.png": ("#pictures", PHONE, give("sticky_note.jpg")),
}

if __name__ == "__main__":
    sys.exit(main())
