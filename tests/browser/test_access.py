"""For everybody: no serious finding of axe-core, a walk by keys alone, a phone, the dark, no network."""

from __future__ import annotations

import pytest

expect = pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install playwright").expect

axe = pytest.importorskip(
    "axe_playwright_python.sync_playwright", reason="needs axe: python3 -m pip install axe-playwright-python"
)
SCREENS = ["desktop", "dark", "phone"]


def findings(page) -> list[str]:
    """What axe-core finds serious or critical, with the place."""
    page.wait_for_timeout(250)  # colours that are on their way to others have a contrast of their own
    told = axe.Axe().run(page).response["violations"]
    return [
        f"{v['id']}: {n['html'][:120]}"
        for v in told
        if v["impact"] in ("serious", "critical")
        for n in v["nodes"]
    ]


@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_serious_is_found_where_one_draws(visit, draw, screen):
    page = visit(screen=screen)
    assert findings(page) == []
    draw(page)
    expect(page.locator(".glyph")).to_have_text(["7"])
    assert findings(page) == []


@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_serious_is_found_where_pictures_are_read(visit, give, pictures, screen):
    page = visit("#pictures", screen=screen)
    assert findings(page) == []
    give(page, pictures / "envelope.jpg", pictures / "a_star.jpg")
    expect(page.locator(".reading")).to_have_count(5)
    page.locator(".reading").nth(1).click()
    page.get_by_role("button", name="How it was read").click()
    expect(page.locator(".explain .card")).to_have_count(5)
    assert findings(page) == []


def test_nothing_serious_is_found_where_one_cuts_and_saves(visit, give, two_digits):
    page = visit("#pictures")
    give(page, two_digits)
    page.get_by_role("button", name="Save as", exact=True).click()
    assert findings(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Crop").click()
    assert findings(page) == []


def tab_to(page, selector: str, most: int = 40) -> None:
    """Press Tab until something has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.locator(f"{selector}:focus").count():
            return
    raise AssertionError(f"{selector} is not reached by Tab")


def test_the_keys_alone_read_a_picture_look_at_it_and_save_it(page):
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the page")).to_be_focused()
    tab_to(page, 'nav a[data-view="pictures"]')
    page.keyboard.press("Enter")
    tab_to(page, ".example")
    page.keyboard.press("Enter")
    expect(page.locator(".reading")).to_have_count(5)
    tab_to(page, ".reading")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".reading").nth(1)).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".box").nth(1)).to_have_class("box is-accepted hot chosen")
    page.keyboard.press("Shift+Tab")
    for _ in range(20):
        if page.locator(".save > button[aria-haspopup]:focus").count():
            break
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    tab_to(page, '[aria-label="Save as CSV"]')
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == "envelope.csv"


def test_on_a_phone_nothing_is_wider_than_the_screen_and_the_pad_stays_where_it_is(
    visit, draw, give, pictures
):
    page = visit(screen="phone")
    before = page.locator("canvas.pad").bounding_box()
    draw(page)
    expect(page.locator(".glyph")).to_have_text(["7"])
    assert page.locator("canvas.pad").bounding_box() == before
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.goto(page.url.split("#")[0] + "#pictures")
    give(page, pictures / "envelope.jpg", pictures / "whiteboard.jpg")
    expect(page.locator(".reading")).to_have_count(5)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_on_a_phone_the_long_pad_stays_where_it_is_as_well(visit, draw):
    page = visit(screen="phone")
    page.get_by_label("Words").check()
    before = page.locator("canvas.pad").bounding_box()
    draw(page, [[(0.1, 0.3), (0.1, 0.7)]])
    expect(page.locator(".answer .verdict")).to_be_visible()
    assert page.locator("canvas.pad").bounding_box() == before


def test_what_a_finger_touches_is_large_enough(visit):
    page = visit(screen="phone")
    sizes = page.locator("main button:visible, nav a:visible, .pens label").evaluate_all(
        "all => all.map(b => Math.min(b.getBoundingClientRect().width, b.getBoundingClientRect().height))"
    )
    assert len(sizes) >= 7 and min(sizes) >= 40


@pytest.mark.parametrize(("screen", "is_dark"), [("desktop", False), ("dark", True)])
def test_the_page_is_as_dark_as_the_system_wants_and_the_choice_of_a_person_stays(visit, screen, is_dark):
    page = visit(screen=screen)

    def brightness() -> float:
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(int(part) for part in colour.strip("rgb()").split(",")) / 3

    assert (brightness() < 60) == is_dark
    page.get_by_role("button", name="Light or dark").click()
    assert (brightness() < 60) != is_dark
    page.reload()
    page.locator("html[data-ready]").wait_for()
    assert (brightness() < 60) != is_dark


def test_a_digit_drawn_in_the_dark_is_read_as_well(visit, draw):
    page = visit(screen="dark")
    draw(page)
    expect(page.locator(".glyph")).to_have_text(["7"])


def test_the_page_asks_nobody_but_its_own_service(visit, browser, address):
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/#pictures")
    page.locator("html[data-ready]").wait_for()
    context.close()
    assert len(asked) > 10
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
