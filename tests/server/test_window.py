"""The desktop program and the command: a port of its own, a token for once, and an end with the window."""

from __future__ import annotations

import asyncio
import importlib
import socket
import sys
import threading
import time
import types
import webbrowser
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="needs the service: pip install '.[serve]'")

import httpx

from inkread.errors import MissingExtra, UsageError
from inkread.server import serving, window, worker
from inkread.server.events import Hub
from inkread.server.settings import Settings

pytestmark = pytest.mark.xdist_group("service")


@pytest.fixture
def quick(monkeypatch):
    """Processes that read nothing, and start at once."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    monkeypatch.setattr(worker, "main", importlib.import_module("fake_readers").main)


def visit(url, seen):
    """What a browser does: open the address, hold the stream of news, be closed after a while."""
    with httpx.Client(follow_redirects=True, trust_env=False) as browser:
        seen["status"] = browser.get(url).status_code
        with browser.stream("GET", url.split("/?")[0] + "/v1/events") as news:
            seen["news"] = next(news.iter_lines())
            seen["again"] = httpx.get(url, trust_env=False).status_code
            time.sleep(0.3)


def test_the_application_ends_some_time_after_its_last_page(quick, monkeypatch, capsys):
    seen = {}

    def browser_opens(url):
        threading.Thread(target=visit, args=(url, seen), daemon=True).start()
        return True

    monkeypatch.setattr(webbrowser, "open", browser_opens)
    window.run(browser=True, grace=0.5)
    assert seen["news"] == "event: hello" and seen["status"] == 200
    assert seen["again"] == 401
    assert "close its page to stop" in capsys.readouterr().err


def test_a_native_window_is_opened_where_there_can_be_one_and_ends_the_service(quick, monkeypatch):
    seen = {}
    fake = types.ModuleType("webview")
    fake.__spec__ = types.SimpleNamespace(name="webview")
    fake.create_window = lambda title, url, **size: seen.update(title=title, url=url)
    fake.start = lambda: seen.update(status=httpx.get(seen["url"], trust_env=False).status_code)
    monkeypatch.setitem(sys.modules, "webview", fake)
    monkeypatch.setattr(webbrowser, "open", lambda url: pytest.fail("the browser was opened"))
    window.run()
    assert seen["title"] == "inkread" and seen["status"] == 303
    with pytest.raises(httpx.ConnectError):
        httpx.get(seen["url"], trust_env=False)


def test_a_window_that_cannot_be_opened_is_told_and_the_browser_takes_its_place(quick, monkeypatch, capsys):
    def no_screen():
        raise RuntimeError("no\nscreen")

    fake = types.ModuleType("webview")
    fake.__spec__ = types.SimpleNamespace(name="webview")
    fake.create_window, fake.start = lambda *_, **__: None, no_screen
    monkeypatch.setitem(sys.modules, "webview", fake)
    seen = {}
    monkeypatch.setattr(
        webbrowser, "open", lambda url: threading.Thread(target=visit, args=(url, seen)).start() or False
    )
    window.run(grace=0.5)
    told = capsys.readouterr().err
    assert "no window of its own (no screen); opening the browser" in told
    assert "in a browser (it works once)" in told and seen["status"] == 200


def test_a_port_that_is_taken_is_told_in_one_line():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        sock.listen()
        port = sock.getsockname()[1]
        with pytest.raises(UsageError, match=f"port {port} is taken"):
            serving.listen(Settings(port=port))


def test_an_address_that_is_not_this_machines_is_told_in_one_line():
    with pytest.raises(UsageError, match=r"cannot listen on 192\.0\.2\.77"):
        serving.listen(Settings(host="192.0.2.77", port=0, token="a-token-of-some-length"))


def test_without_its_libraries_the_service_names_the_extra(monkeypatch):
    monkeypatch.setattr(serving, "_NEEDED", ("fastapi", "no_such_library"))
    with pytest.raises(MissingExtra, match=r"no_such_library, which is not installed.*\[serve\]"):
        serving.listen(Settings(port=0))


def test_a_hub_is_silent_from_when_its_last_page_goes():
    hub = Hub()
    assert hub.silent_for() == 0

    async def pages():
        first, second = hub.stream(), hub.stream()
        await anext(first), await anext(second)
        await first.aclose()
        assert hub.silent_for() == 0
        hub.tell("picture", {"id": 3})
        assert await anext(second) == 'event: picture\ndata: {"id": 3}\n\n'
        await second.aclose()
        await asyncio.sleep(0.01)
        assert hub.silent_for() > 0
        third = hub.stream()
        await anext(third)
        assert hub.silent_for() == 0
        hub.close()
        with pytest.raises(StopAsyncIteration):
            await anext(third)

    asyncio.run(pages())
