"""From the phone: the laptop shows a code, and what the phone has read. The service's part is acted."""

from __future__ import annotations

import re

import pytest

expect = pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install playwright").expect


@pytest.fixture
def paired(visit, address, digit_photo, browser):
    """The application of a service that phones may join; a phone has read one picture."""
    import base64

    context = browser.new_context()
    asked = context.request
    files = {"files": {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": digit_photo.read_bytes()}}
    answer = asked.post(f"{address}/v1/read?preview=true", multipart=files).json()
    kinds = {**asked.get(f"{address}/v1/kinds").json(), "lan": True, "you": "owner"}
    context.close()
    code = base64.b64encode(
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M1 1h7v7H1z"/></svg>'
    ).decode()
    invited = {"url": "http://192.0.2.7:8765/phone?code=abc", "qr": code, "seconds": 600}

    def open_page(pictures: list) -> object:
        page = visit()
        page.route(re.compile("/v1/kinds"), lambda route: route.fulfill(json=kinds))
        page.route(re.compile("/v1/phone$"), lambda route: route.fulfill(json=invited))
        told = {"paired": len(pictures), "pictures": pictures}
        page.route(re.compile("/v1/phone/pictures"), lambda route: route.fulfill(json=told))
        page.goto(f"{address}/?again#phone")
        page.locator("html[data-ready]").wait_for()
        return page

    return open_page, {"id": 1, "names": ["photo.jpg"], "answer": answer}


def test_the_laptop_shows_a_code_and_its_address(paired):
    open_page, _ = paired
    page = open_page([])
    expect(page.get_by_role("heading", name="Read with your phone's camera")).to_be_visible()
    expect(page.locator(".address")).to_have_text("http://192.0.2.7:8765/phone?code=abc")
    assert page.locator(".qr").evaluate("image => image.decode().then(() => image.naturalWidth > 0)")


def test_what_the_phone_has_read_appears_on_the_laptop_with_its_picture(paired):
    open_page, picture = paired
    page = open_page([picture])
    expect(page.locator("#view-pictures .readings .text")).to_have_text("7")
    expect(page.locator(".sheet .box")).to_have_count(1)
    assert page.url.endswith("#pictures")


def test_without_a_network_for_phones_nothing_is_said_of_them(page):
    expect(page.get_by_role("link", name="From the phone")).to_be_hidden()
