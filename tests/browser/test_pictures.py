"""Pictures: the ways in, the right text at the right place, turning and cutting, what can be saved."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
from pathlib import Path

import cv2
import numpy as np
import pytest

expect = pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install playwright").expect


@pytest.fixture
def page(visit):
    return visit("#pictures")


def on_picture(page, selector: str) -> list[float]:
    """Where something stands on the picture: left, top, right, bottom as shares of it."""
    picture, box = page.locator(".sheet image").bounding_box(), page.locator(selector).first.bounding_box()
    left, top = box["x"] - picture["x"], box["y"] - picture["y"]
    wide, tall = picture["width"], picture["height"]
    return [left / wide, top / tall, (left + box["width"]) / wide, (top + box["height"]) / tall]


TRANSFER = """
  const bytes = Uint8Array.from(atob(text), c => c.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name, { type }));
  const how = { bubbles: true, cancelable: true };
"""
DROP = f"""([text, name, type]) => {{ {TRANSFER}
  for (const kind of ["dragenter", "dragover", "drop"]) {{
    document.body.dispatchEvent(new DragEvent(kind, {{ dataTransfer: transfer, ...how }}));
  }}
}}"""
PASTE = f"""([text, name, type]) => {{ {TRANSFER}
  document.body.dispatchEvent(new ClipboardEvent("paste", {{ clipboardData: transfer, ...how }}));
}}"""


def carried(path: Path) -> list[str]:
    return [base64.b64encode(path.read_bytes()).decode(), path.name, "image/jpeg"]


# --- the ways in ------------------------------------------------------------------------------------------


def test_a_photo_dropped_on_any_view_is_read_at_once_and_its_box_stands_where_the_digit_is(
    visit, digit_photo
):
    page = visit("#draw")
    page.evaluate(DROP, carried(digit_photo))
    expect(page.locator(".readings .text")).to_have_text(["7"])
    # The 7 was drawn from (150, 80) to (250, 230), 14 wide, on 400 by 300.
    assert on_picture(page, ".box") == pytest.approx([143 / 400, 73 / 300, 257 / 400, 237 / 300], abs=0.02)


def test_a_photo_pasted_is_read(page, digit_photo):
    page.evaluate(PASTE, carried(digit_photo))
    expect(page.locator(".readings .text")).to_have_text(["7"])


def test_an_example_is_read_by_one_click(page):
    page.get_by_role("button", name="a number on a whiteboard").click()
    expect(page.locator(".readings .text")).to_have_text(["4", "8"])
    expect(page.locator(".whole")).to_have_text("48")


def test_a_camera_is_offered_where_there_is_one_in_the_hand(visit):
    page = visit("#pictures", screen="phone")
    expect(page.get_by_role("button", name="Take a photo")).to_be_visible()
    assert page.locator(".welcome input[capture=environment]").count() == 1


def test_a_pdf_is_shown_as_the_service_sees_it(page, give, digit_photo, tmp_path):
    pytest.importorskip("pypdfium2", reason="needs pypdfium2: pip install '.[pdf]'")
    from PIL import Image

    path = tmp_path / "seven.pdf"
    Image.open(digit_photo).save(path)
    give(page, path)
    expect(page.locator(".readings .text")).to_have_text(["7"])
    assert on_picture(page, ".box") == pytest.approx([143 / 400, 73 / 300, 257 / 400, 237 / 300], abs=0.02)


def test_what_is_no_picture_is_refused_in_plain_words(page, give):
    give(page, {"name": "letter.docx", "mimeType": "application/zip", "buffer": b"PK\x03\x04 no picture"})
    expect(page.locator(".state-line")).to_contain_text("letter.docx")
    expect(page.locator(".reading")).to_have_count(0)


def test_a_name_is_text_and_never_markup(page, give, digit_photo):
    name = "<img src=x onerror=alert(1)>.jpg"
    for _ in range(2):
        give(page, {"name": name, "mimeType": "image/jpeg", "buffer": digit_photo.read_bytes()})
    expect(page.locator(".pile tbody th").first).to_have_text(name)
    assert page.locator(".pile img").count() == 0


# --- text and picture -------------------------------------------------------------------------------------


def test_text_and_box_find_each_other(page, give, two_digits):
    give(page, two_digits)
    page.locator(".reading").nth(1).hover()
    expect(page.locator(".box").nth(1)).to_have_class(re.compile("hot"))
    page.locator(".box").first.click()
    expect(page.locator(".reading").first).to_be_focused()
    expect(page.locator(".reading").first).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".detail .bars .best .word")).to_have_text("7")


def test_each_state_has_a_sign_and_a_line_of_its_own_besides_its_colour(page, give, pictures):
    give(page, pictures / "a_star.jpg")
    refused = page.locator(".box.is-refused")
    assert refused.evaluate("box => getComputedStyle(box).strokeDasharray") != "none"
    expect(page.locator(".flag text")).to_have_text("–")
    expect(page.locator(".reading .unseen")).to_have_text("not read: ")


def test_the_lines_of_a_text_have_their_signs_beside_them_where_they_cover_no_other(page, give):
    """Five lines as a service may tell them; how well they are read is not asked here."""
    lines = [
        {
            "text": f"line {k}",
            "confidence": 0.4,
            "status": "review",
            "reason": "not sure enough",
            "box": [100, 40 * k + 20, 380, 40 * k + 44],
            "polygon": None,
            "alternatives": [{"text": f"line {k}", "confidence": 0.4}],
            "characters": [],
            "name": None,
        }
        for k in range(5)
    ]
    told = {"source": "page.png", "page": 1, "kind": "note", "width": 400, "height": 300, "text": "lines"}
    answer = {"pages": [{**told, "confidence": 0.4, "status": "review", "readings": lines}], "ms": 5}
    page.route(re.compile("/v1/read"), lambda route: route.fulfill(json=answer))
    blank = cv2.imencode(".png", np.full((300, 400), 240, np.uint8))[1].tobytes()
    give(page, {"name": "page.png", "mimeType": "image/png", "buffer": blank})
    expect(page.locator(".flag")).to_have_count(5)
    flags = [flag.bounding_box() for flag in page.locator(".flag").all()]
    boxes = [box.bounding_box() for box in page.locator(".box").all()]
    for flag, box in zip(flags, boxes, strict=True):
        assert flag["x"] + flag["width"] <= box["x"] + 1


def test_how_it_was_read_stands_beside_what_the_textbook_way_is_given(page, give, digit_photo):
    give(page, digit_photo)
    page.get_by_role("button", name="How it was read").click()
    expect(page.get_by_role("heading", name="The textbook way is given")).to_be_visible()
    sizes = page.locator(".explain img.pixels").evaluate_all(
        "all => all.map(i => [i.naturalWidth, i.naturalHeight])"
    )
    assert sizes == [[28, 28], [28, 28]]


def test_several_pictures_make_a_table_with_one_row_each_and_a_bad_one_stays_in_it(
    page, give, pictures, tmp_path
):
    bad = tmp_path / "broken.png"
    bad.write_bytes(b"\x89PNG\r\n\x1a\n broken")
    give(page, pictures / "sticky_note.jpg", bad, pictures / "whiteboard.jpg")
    expect(page.locator(".told").first).to_contain_text("1 failed", timeout=15_000)
    rows = page.locator(".pile tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text("7")
    expect(rows.nth(1)).to_contain_text("failed")
    rows.nth(2).click()
    expect(page.locator(".readings .text")).to_have_text(["4", "8"])


def test_who_stands_in_the_table_with_the_keys_stays_there_while_more_is_read(page, give, pictures):
    give(page, pictures / "sticky_note.jpg", pictures / "whiteboard.jpg")
    row = page.get_by_role("button", name="whiteboard.jpg", exact=True)
    row.focus()
    give(page, pictures / "a_star.jpg")
    expect(page.locator(".told").first).to_contain_text("3 files", timeout=15_000)
    expect(row).to_be_focused()
    page.get_by_role("button", name="Remove sticky_note.jpg").click()
    expect(page.locator(".pile tbody tr")).to_have_count(2)


# --- turning and cutting ----------------------------------------------------------------------------------


def test_a_part_chosen_with_the_mouse_is_read_alone(page, give, two_digits):
    give(page, two_digits)
    expect(page.locator(".reading")).to_have_count(2)
    page.get_by_role("button", name="Crop").click()
    picture = page.locator(".sheet image").bounding_box()
    page.mouse.move(picture["x"] + 0.55 * picture["width"], picture["y"] + 0.1 * picture["height"])
    page.mouse.down()
    page.mouse.move(picture["x"] + 0.95 * picture["width"], picture["y"] + 0.95 * picture["height"], steps=5)
    page.mouse.up()
    page.get_by_role("button", name="Read this part").click()
    expect(page.locator(".readings .text")).to_have_text(["1"])
    assert on_picture(page, ".box")[0] == pytest.approx(428 / 600, abs=0.02)


def test_a_part_chosen_with_the_keys_is_read_alone(page, give, two_digits):
    give(page, two_digits)
    expect(page.locator(".reading")).to_have_count(2)
    page.get_by_role("button", name="Crop").press("Enter")
    side = page.get_by_role("slider", name="right edge")
    side.focus()
    while int(side.get_attribute("aria-valuenow")) > 330:
        page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.locator(".readings .text")).to_have_text(["7"])
    page.get_by_role("button", name="As it was").click()
    expect(page.locator(".reading")).to_have_count(2)


def test_a_picture_on_its_head_is_read_once_it_is_turned(page, give, tmp_path, digit_photo):
    from PIL import Image

    path = tmp_path / "head.png"
    Image.open(digit_photo).rotate(90, expand=True).save(path)
    give(page, path)
    page.get_by_role("button", name="Turn right").click()
    expect(page.locator(".readings .text")).to_have_text(["7"])
    box, picture = page.locator(".box").bounding_box(), page.locator(".sheet").bounding_box()
    # Upright again, the 7 stands where it stood on the photo.
    assert (box["x"] - picture["x"]) / picture["width"] == pytest.approx(143 / 400, abs=0.03)
    assert picture["width"] > picture["height"]


def test_escape_leaves_the_picture_as_it_was(page, give, two_digits):
    give(page, two_digits)
    page.get_by_role("button", name="Crop").click()
    page.get_by_role("slider", name="left edge").press("Shift+ArrowRight")
    page.keyboard.press("Escape")
    expect(page.locator(".box").first).to_be_visible()
    expect(page.locator(".reading")).to_have_count(2)
    expect(page.get_by_role("button", name="Crop")).to_be_focused()


# --- what comes out ---------------------------------------------------------------------------------------


def saved(page, name: str) -> tuple[str, bytes]:
    """Save as a format; the file's name and content."""
    page.get_by_role("button", name="Save as", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name=f"Save as {name}", exact=True).click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def test_a_table_can_be_saved(page, give, two_digits):
    give(page, two_digits)
    expect(page.locator(".reading")).to_have_count(2)
    called, content = saved(page, "CSV")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert called == "seven_one.csv"
    assert [row["text"] for row in rows] == ["7", "1"]


def test_every_format_that_there_is_can_be_saved(page, give, digit_photo):
    give(page, digit_photo)
    expect(page.locator(".reading")).to_have_count(1)
    expect(page.locator(".menu-row")).to_have_count(
        len(page.evaluate("fetch('/v1/kinds').then(a => a.json())")["outputs"])
    )
    assert saved(page, "Excel")[1].startswith(b"PK")
    page.keyboard.press("Escape")
    assert saved(page, "PNG")[1].startswith(b"\x89PNG")


def test_several_pictures_turned_in_different_ways_are_saved_as_one_table(page, give, pictures, digit_photo):
    give(page, pictures / "whiteboard.jpg", digit_photo)
    page.locator(".pile tbody tr").nth(1).click()
    expect(page.locator(".readings .text")).to_have_text(["7"])
    page.get_by_role("button", name="Turn right").click()
    expect(page.get_by_role("button", name="As it was")).to_be_visible()
    expect(page.locator(".working")).to_have_count(0)
    called, content = saved(page, "CSV")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert called == "inkread.csv"
    assert [row["source"] for row in rows] == ["whiteboard.jpg", "whiteboard.jpg", "seven.jpg"]


def test_text_is_copied(visit, give, two_digits):
    page = visit("#pictures", permissions=["clipboard-read", "clipboard-write"])
    give(page, two_digits)
    expect(page.locator(".reading")).to_have_count(2)
    page.get_by_role("button", name="Copy text").click()
    expect(page.locator("#spoken")).to_have_text("Text copied")
    assert page.evaluate("navigator.clipboard.readText()").split() == ["7", "1"]
    page.get_by_role("button", name="Save as", exact=True).click()
    page.get_by_role("button", name="Copy as JSON Lines").click()
    expect(page.locator("#spoken")).to_have_text("JSON Lines copied")
    first = page.evaluate("navigator.clipboard.readText()").splitlines()[0]
    assert json.loads(first)["text"] == "7"
