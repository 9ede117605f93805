"""News for open pages, as server-sent events; and whether any page is open, by which the application stops.

An open stream is a better sign of life than a timer in the page: browsers slow timers down in hidden tabs.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

__all__ = ["Hub"]

_PULSE = 15.0
"""Seconds after which a line is sent in any case, so that a page that has gone is noticed."""
_MOST_WAITING = 100
_MOST_PAGES = 64
"""So many pages may be open at once."""


class Hub:
    """The open pages. Used within the event loop; `silent_for` from any thread."""

    def __init__(self) -> None:
        self._pages: set[asyncio.Queue[str | None]] = set()
        self._since: float | None = None
        self._closed = False

    @property
    def is_full(self) -> bool:
        """Whether no more pages are told news."""
        return len(self._pages) >= _MOST_PAGES

    def silent_for(self) -> float:
        """Seconds since the last open page has gone; 0 while one is open or none ever was."""
        since = self._since
        return 0.0 if since is None else time.monotonic() - since

    def tell(self, event: str, values: dict[str, Any]) -> None:
        """Send news to every open page; a page that takes none misses some."""
        for page in self._pages:
            if page.qsize() < _MOST_WAITING:
                page.put_nowait(_line(event, values))

    def close(self) -> None:
        """End all streams, so that the service can stop."""
        self._closed = True
        for page in self._pages:
            page.put_nowait(None)

    async def stream(self) -> AsyncIterator[str]:
        """The news for one page, until it goes or the service stops."""
        news: asyncio.Queue[str | None] = asyncio.Queue()
        self._pages.add(news)
        self._since = None
        try:
            yield _line("hello", {})
            while not self._closed:
                try:
                    line = await asyncio.wait_for(news.get(), _PULSE)
                except TimeoutError:
                    line = ": still here\n\n"
                if line is None:
                    return
                yield line
        finally:
            self._pages.discard(news)
            if not self._pages:
                self._since = time.monotonic()


def _line(event: str, values: dict[str, Any]) -> str:
    return f"event: {event}\ndata: {json.dumps(values)}\n\n"
