"""Drawing, as a person does it: the first stroke is the first thing one does; the answer comes by itself."""

from __future__ import annotations

import re

import pytest

expect = pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install playwright").expect

ONE = [[(0.56, 0.2), (0.44, 0.8)]]


def test_a_digit_drawn_with_the_mouse_is_read_with_nothing_clicked_before(page, draw):
    draw(page)
    expect(page.locator(".glyph")).to_have_text(["7"])
    expect(page.locator(".answer .verdict")).to_contain_text("accepted")


def test_the_answer_shows_the_ink_what_the_network_gets_and_bars(page, draw):
    draw(page)
    expect(page.locator(".bars .best .word")).to_have_text("7")
    sizes = page.locator(".steps img").evaluate_all("all => all.map(i => [i.naturalWidth, i.naturalHeight])")
    assert sizes[1] == [28, 28] and sizes[0][0] > 28


def test_two_digits_are_told_apart_and_each_has_its_own_bars(page, draw):
    left = [[(x / 2.4 + 0.02, y) for x, y in stroke] for stroke in [[(0.2, 0.25), (0.8, 0.25), (0.4, 0.8)]]]
    draw(page, [*left, [(0.8, 0.25), (0.72, 0.8)]])
    expect(page.locator(".glyph")).to_have_text(["7", "1"])
    page.locator(".glyph").first.click()
    expect(page.locator(".bars .best .word")).to_have_text("7")


def test_undo_takes_back_one_stroke_and_clear_all(page, draw):
    draw(page, [*ONE, [(0.2, 0.9), (0.8, 0.9)]])
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".glyph")).to_have_text(["1"])
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_text("Your digit appears here")).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()


def test_a_broader_pen_draws_a_broader_stroke(page, draw):
    dark = """canvas => {
      const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
      return pixels.filter((value, k) => k % 4 === 3 && value).length;
    }"""
    draw(page, ONE)
    fine = page.locator("canvas.pad").evaluate(dark)
    page.get_by_role("button", name="Clear").click()
    page.get_by_label("Broad pen").check()
    draw(page, ONE)
    assert page.locator("canvas.pad").evaluate(dark) > 1.4 * fine


def test_an_answer_to_older_ink_is_never_shown_over_newer(page, draw):
    """The first question is answered late, with something else."""
    late = {"asked": 0}

    def answer(route):
        late["asked"] += 1
        if late["asked"] == 1:
            page.wait_for_timeout(400)
        route.continue_()

    page.route(re.compile("/v1/look"), answer)
    draw(page, ONE)
    draw(page, [[(0.2, 0.2), (0.56, 0.2)]])
    expect(page.locator(".glyph")).to_have_text(["7"])
    page.wait_for_timeout(500)
    expect(page.locator(".glyph")).to_have_text(["7"])


def test_the_keyboard_alone_draws(page):
    page.get_by_label("Writing pad").focus()
    for _ in range(4):
        page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Space")
    for _ in range(7):
        page.keyboard.press("Shift+ArrowDown")
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Space")
    expect(page.locator(".glyph")).to_have_text(["1"])
    page.keyboard.press("Delete")
    expect(page.get_by_text("Your digit appears here")).to_be_visible()


def test_words_are_read_from_a_long_pad(page, draw):
    page.get_by_label("Words").check()
    box = page.locator("canvas.pad").bounding_box()
    assert box["width"] > 3 * box["height"]
    draw(page, [[(0.1, 0.3), (0.1, 0.7)], [(0.14, 0.3), (0.14, 0.7)], [(0.18, 0.3), (0.18, 0.7)]])
    expect(page.locator(".answer .verdict")).to_be_visible()
    expect(page.locator(".steps figcaption").last).to_have_text("the line, as the network gets it")


def test_how_long_an_answer_took_is_measured_by_the_page_itself(page, draw):
    draw(page)
    expect(page.locator(".glyph")).to_have_text(["7"])
    page.wait_for_timeout(150)
    took = page.evaluate("performance.getEntriesByName('drawn-to-shown').map(entry => entry.duration)")
    assert len(took) == 1 and 0 < took[0] < 10_000


@pytest.mark.parametrize("status", [503, 500])
def test_what_goes_wrong_is_said_in_plain_words_and_goes_away_again(page, draw, status):
    told = {"error": "the reader is having its tea"}
    page.route(
        re.compile("/v1/look"),
        lambda route: route.fulfill(status=status, json=told, headers={"Retry-After": "0"}),
    )
    draw(page, ONE)
    expect(page.get_by_role("alert")).to_contain_text("the reader is having its tea", timeout=8000)
    page.unroute(re.compile("/v1/look"))
    draw(page, [[(0.28, 0.2), (0.5, 0.2)]])
    expect(page.get_by_role("alert")).to_be_empty()
