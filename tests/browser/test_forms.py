"""Forms: a blank one is given, what it asks for is drawn, moved, named, kept; filled ones become a table."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

pytest.importorskip("pydantic")
expect = pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install playwright").expect

PX = 200 / 25.4


def blank() -> np.ndarray:
    """A form on A4 with words for the eye of the aligner, a box and a square."""
    page = np.full((round(297 * PX), round(210 * PX), 3), 255, np.uint8)
    words = np.random.default_rng(3)
    for y in range(200, 2200, 130):
        text = "".join(words.choice(list("ABCDEFGHKLMNRSTUVWX 34679"), 34))
        cv2.putText(page, text, (150 + y % 90, y), cv2.FONT_HERSHEY_SIMPLEX, 1.3, (0, 0, 0), 3)
    for left, top, right, bottom in ((160, 1010, 760, 1080), (160, 1530, 192, 1562)):
        cv2.rectangle(page, (left - 20, top - 20), (right + 20, bottom + 20), (255, 255, 255), -1)
        cv2.rectangle(page, (left, top), (right, bottom), (0, 0, 0), 2)
    return page


@pytest.fixture(scope="module")
def sheets(tmp_path_factory):
    """The blank form, and one with its square crossed."""
    folder = tmp_path_factory.mktemp("forms")
    page = blank()
    cv2.imwrite(str(folder / "slip.png"), page)
    cv2.line(page, (165, 1535), (187, 1557), (60, 30, 20), 5)
    cv2.line(page, (165, 1557), (187, 1535), (60, 30, 20), 5)
    cv2.imwrite(str(folder / "filled.png"), page)
    return folder


@pytest.fixture
def opened(visit, sheets):
    """The forms' page with the blank form open."""
    page = visit("#forms")
    page.locator("#view-forms input[type=file]").first.set_input_files(sheets / "slip.png")
    expect(page.locator(".form-list li")).to_have_count(2, timeout=30_000)
    return page


def test_what_a_blank_form_asks_for_is_drawn_over_it(opened):
    expect(opened.locator(".form-sheet image")).to_have_count(1)
    expect(opened.locator(".form-sheet .field")).to_have_count(2)
    expect(opened.locator("#form-type")).to_have_value("text")


def test_a_field_is_dragged_pulled_and_named(opened):
    field = opened.locator(".form-sheet .field").nth(0)
    field.evaluate("node => node.scrollIntoView({ block: 'center' })")
    before = field.bounding_box()
    opened.mouse.move(before["x"] + 20, before["y"] + 10)
    opened.mouse.down()
    opened.mouse.move(before["x"] + 60, before["y"] + 30, steps=4)
    opened.mouse.up()
    after = field.bounding_box()
    assert after["x"] - before["x"] == pytest.approx(40, abs=3)
    assert after["y"] - before["y"] == pytest.approx(20, abs=3)
    handle = opened.locator(".form-sheet .handle").bounding_box()
    opened.mouse.move(handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2)
    opened.mouse.down()
    opened.mouse.move(handle["x"] + 50, handle["y"] + 5, steps=4)
    opened.mouse.up()
    assert field.bounding_box()["width"] > after["width"] + 30
    opened.locator("#form-name").fill("town")
    opened.locator("#form-name").press("Tab")
    expect(opened.locator(".form-name").nth(0)).to_have_text("town")


def test_the_template_is_saved_with_what_was_changed(opened, tmp_path):
    opened.locator(".form-list button").nth(1).click()
    opened.locator("#form-name").fill("agreed")
    opened.locator("#form-name").press("Tab")
    with opened.expect_download() as coming:
        opened.get_by_role("button", name="Save the template").click()
    coming.value.save_as(tmp_path / "slip.toml")
    text = (tmp_path / "slip.toml").read_text()
    assert coming.value.suggested_filename == "slip.toml"
    assert 'name = "agreed"' in text and 'reference = "slip-1.png"' in text


def test_a_name_that_cannot_be_is_told_in_words(opened):
    opened.locator("#form-name").fill("<b>1")
    opened.locator("#form-name").press("Tab")
    opened.get_by_role("button", name="Save the template").click()
    expect(opened.locator(".notice")).to_contain_text("cannot be a name")


def test_filled_forms_become_a_table_and_a_workbook(opened, sheets):
    opened.locator(".form-work input[type=file]").set_input_files(sheets / "filled.png")
    row = opened.locator(".form-table tbody tr")
    expect(row).to_have_count(1, timeout=60_000)
    expect(row.locator("th")).to_have_text("filled.png")
    expect(row.locator("td").nth(1)).to_have_text("yes")
    with opened.expect_download() as coming:
        opened.get_by_role("button", name="Save as Excel").click()
    assert coming.value.suggested_filename == "slip.xlsx"


def test_what_is_no_form_is_told_in_words(visit, tmp_path):
    cv2.imwrite(str(tmp_path / "leer.png"), np.full((300, 210, 3), 255, np.uint8))
    page = visit("#forms")
    page.locator("#view-forms input[type=file]").first.set_input_files(tmp_path / "leer.png")
    expect(page.locator(".notice")).to_contain_text(
        "no boxes, lines or squares to fill were found", timeout=20_000
    )


@pytest.mark.parametrize("screen", ["desktop", "dark", "phone"])
def test_nothing_serious_is_found_by_axe(visit, sheets, screen):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = visit("#forms", screen=screen)
    page.locator("#view-forms input[type=file]").first.set_input_files(sheets / "slip.png")
    expect(page.locator(".form-list li")).to_have_count(2, timeout=30_000)
    page.wait_for_timeout(250)
    told = axe.Axe().run(page).response["violations"]
    assert [v["id"] for v in told if v["impact"] in ("serious", "critical")] == []
