"""The application as a desktop program: a service of its own, which stops with its window.

The window is the browser's, or a native one where pywebview is installed and finds what it draws with.
"""

from __future__ import annotations

import secrets
import sys
import threading
import time
import webbrowser
from typing import TYPE_CHECKING

from inkread.server.events import Hub
from inkread.server.serving import address, listen, make_server
from inkread.server.settings import Settings

if TYPE_CHECKING:
    from uvicorn import Server

__all__ = ["run"]

_GRACE = 8.0
"""Seconds that the last page may be gone: reloading one closes it for a moment."""
_STOPPING = 15.0
_SIZE = 1180, 860


def run(*, lan: bool = False, browser: bool = False, grace: float = _GRACE) -> None:
    """Serve on a free port, open the application, and stop when its window is closed.

    Args:
        lan: whether phones on the same network may be paired.
        browser: whether to open the browser even where a native window could be.
        grace: seconds after which a closed page of the browser is not taken for one that is being reloaded.

    Raises:
        UsageError: no port can be had.
        MissingExtra: the extra `serve` is not installed.
    """
    token = secrets.token_urlsafe(24)
    host = "0.0.0.0" if lan else "127.0.0.1"
    sock, settings = listen(Settings(host, port=0, token=token, lan=lan, once=True))
    hub = Hub()
    server = make_server(settings, hub)
    serving = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, name="serve", daemon=True)
    serving.start()
    try:
        url = f"{address(settings)}/?token={token}"
        if browser or not _in_a_window(url):
            _in_the_browser(url, server, hub, grace)
    finally:
        server.should_exit = True
        serving.join(timeout=_STOPPING)


def _in_a_window(url: str) -> bool:
    """Show the application in a native window until it is closed; False where there can be none."""
    try:
        import webview
    except ImportError:
        return False
    try:
        webview.create_window("inkread", url, width=_SIZE[0], height=_SIZE[1])
        webview.start()
    except Exception as error:  # what it raises without a screen, GTK or Qt differs by system
        what = " ".join(str(error).split()) or type(error).__name__
        print(f"inkread: no window of its own ({what}); opening the browser", file=sys.stderr, flush=True)
        return False
    return True


def _in_the_browser(url: str, server: Server, hub: Hub, grace: float) -> None:
    """Open the browser, and wait until the last page has been closed for a while."""
    opened = webbrowser.open(url)
    what = "close its page to stop" if opened else f"open {url} in a browser (it works once)"
    print(f"inkread: the application runs; {what}, or press Ctrl-C", file=sys.stderr, flush=True)
    while not server.should_exit and hub.silent_for() < grace:
        time.sleep(0.2)
