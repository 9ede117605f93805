"""`inkread app`: the application as a desktop program."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["app"]


def app(
    *,
    lan: Annotated[
        bool, typer.Option("--lan", help="Let phones on the same network be paired by a QR code.")
    ] = False,
    browser: Annotated[
        bool, typer.Option("--browser", help="Open the browser even where pywebview could open a window.")
    ] = False,
) -> None:
    """Open the application: draw, drop pictures, read. Stops when its window is closed.

    It opens in the browser, or in a window of its own where pywebview is installed (pip install '.[app]').
    """
    from inkread.server.window import run

    run(lan=lan, browser=browser)
