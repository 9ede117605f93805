"""Connections that cannot be kept for nothing: what uvicorn leaves to a proxy, which is not there.

Before a request is there, nobody can tell who sends it, so these bounds hold for all: the head of a request
must be short and come in time, a connection on which nothing is asked is closed, and one other machine gets
only so many.
"""

from __future__ import annotations

import asyncio
from typing import Any

from inkread.server.settings import is_loopback

__all__ = ["LONGEST_HEAD", "MOST_OF_ONE", "QUIET", "bounded"]

LONGEST_HEAD = 65_536
"""Bytes of a request before its body."""
QUIET = 15.0
"""Seconds after which a connection without a request is looked at, and closed at the second time."""
MOST_OF_ONE = 64
"""Connections of one other machine."""


class _Bounds(asyncio.Protocol):
    """Counts and looks at the clock; all else is uvicorn's, whose protocol comes after this."""

    quiet = QUIET
    loop: asyncio.AbstractEventLoop
    client: tuple[str, int] | None
    connections: set[Any]
    cycle: Any
    transport: asyncio.Transport
    _in_head, _head = False, 0
    _seen: Any = "nothing yet"
    _later: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a connection, unless its machine has enough of them."""
        super().connection_made(transport)
        host = self.client[0] if self.client else ""
        own = sum(bool(other.client) and other.client[0] == host for other in self.connections)
        if own > MOST_OF_ONE and not is_loopback(host):
            self.transport.abort()
            return
        self._later = self.loop.call_later(self.quiet, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the clock."""
        if self._later is not None:
            self._later.cancel()
        super().connection_lost(exc)

    def _look(self) -> None:
        """Close the connection where nothing was asked or answered since the last look."""
        waits = self.cycle is None or self.cycle.response_complete
        if waits and self.cycle is self._seen:
            self.transport.abort()
            return
        self._seen = self.cycle if waits else "a request"
        self._later = self.loop.call_later(self.quiet, self._look)

    def on_message_begin(self) -> None:
        """Begin to count a head."""
        self._in_head = True
        super().on_message_begin()  # type: ignore[misc]

    def on_headers_complete(self) -> None:
        """End it."""
        self._in_head = False
        super().on_headers_complete()  # type: ignore[misc]

    def data_received(self, data: bytes) -> None:
        """Take bytes, unless they are a head without end."""
        super().data_received(data)
        self._head = self._head + len(data) if self._in_head else 0
        if self._head > LONGEST_HEAD and not self.transport.is_closing():
            self.send_400_response("The head of the request is too long.")  # type: ignore[attr-defined]


def bounded(protocol: type[Any], *, quiet: float = QUIET) -> type[asyncio.Protocol]:
    """Make a protocol of uvicorn's keep to the bounds.

    Args:
        protocol: uvicorn's for HTTP; of h11's, which has a bound of its own, heads are not counted.
        quiet: see `QUIET`.
    """
    return type("Bounded", (_Bounds, protocol), {"quiet": quiet})
