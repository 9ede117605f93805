"""The application as a desktop program: a service of its own, which stops with its window.

The window is the browser's, or a native one where pywebview is installed and finds what it draws with.
"""

from __future__ import annotations

import secrets
import sys
import threading
import time
import webbrowser
from importlib.util import find_spec

from inkread.server.events import Hub
from inkread.server.serving import address, listen, make_server
from inkread.server.settings import Settings

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
    url = f"{address(settings)}/?token={token}"
    native = not browser and find_spec("webview") is not None
    if not native:  # the browser starts while the service does: its request waits in the socket
        _open(url)
    hub = Hub()
    server = make_server(settings, hub)
    serving = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, name="serve", daemon=True)
    serving.start()
    try:
        if native and _in_a_window(url):
            return
        if native:
            _open(url)
        while not server.should_exit and hub.silent_for() < grace:
            time.sleep(0.2)
    finally:
        server.should_exit = True
        serving.join(timeout=_STOPPING)


def _in_a_window(url: str) -> bool:
    """Show the application in a native window until it is closed; False where there can be none."""
    try:
        import webview

        webview.create_window("inkread", url, width=_SIZE[0], height=_SIZE[1])
        webview.start()
    except Exception as error:  # what it raises without a screen, GTK or Qt differs by system
        what = " ".join(str(error).split()) or type(error).__name__
        print(f"inkread: no window of its own ({what}); opening the browser", file=sys.stderr, flush=True)
        return False
    return True


def _open(url: str) -> None:
    """Open the browser, or say what to open."""
    opened = webbrowser.open(url)
    what = "close its page to stop" if opened else f"open {url} in a browser (it works once)"
    print(f"inkread: the application runs; {what}, or press Ctrl-C", file=sys.stderr, flush=True)
