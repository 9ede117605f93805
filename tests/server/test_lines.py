"""Connections that are kept for nothing, and heads without end."""

from __future__ import annotations

import asyncio
import time
from types import SimpleNamespace

import pytest

pytest.importorskip("uvicorn", reason="needs the service: pip install '.[serve]'")
pytest.importorskip("httptools", reason="needs the service: pip install '.[serve]'")

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from inkread.server.lines import LONGEST_HEAD, MOST_OF_ONE, bounded

QUIET = 0.1


async def app(scope, receive, send):
    if scope["path"] == "/slow":
        await asyncio.sleep(5 * QUIET)
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})


async def asked(*pieces, pause=0.0, quiet=QUIET):
    """What comes back when pieces are sent one after the other, until the connection is closed."""
    config = uvicorn.Config(app, log_level="critical", lifespan="off")
    config.load()
    made = bounded(HttpToolsProtocol, quiet=quiet)
    loop, state = asyncio.get_running_loop(), ServerState()
    server = await loop.create_server(
        lambda: made(config=config, server_state=state, app_state={}), "127.0.0.1"
    )
    async with server:
        read, write = await asyncio.open_connection(*server.sockets[0].getsockname())
        start = time.monotonic()
        for piece in pieces:
            if write.is_closing() or read.at_eof():
                break
            write.write(piece)
            await asyncio.sleep(pause)
        try:
            answer = await asyncio.wait_for(read.read(), 5)
        except ConnectionResetError:
            answer = b""
        write.close()
        return answer, time.monotonic() - start


@pytest.mark.parametrize(
    ("pieces", "pause"),
    [
        pytest.param([], 0, id="nothing is sent"),
        pytest.param([b"GET / HTTP/1.1\r\nHost: x\r\n", *[b"a: b\r\n"] * 50], 0.05, id="a head in drops"),
        pytest.param([b"\r\n"] * 50, 0.05, id="empty lines"),
    ],
)
def test_a_connection_that_asks_nothing_is_closed(pieces, pause):
    answer, seconds = asyncio.run(asked(*pieces, pause=pause))
    assert answer == b"" and seconds < 1.5


def test_a_connection_is_closed_some_time_after_its_last_answer():
    answer, seconds = asyncio.run(asked(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"))
    assert answer.startswith(b"HTTP/1.1 204") and seconds < 1.5


def test_an_answer_that_takes_longer_is_waited_for():
    answer, seconds = asyncio.run(asked(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"))
    assert answer.startswith(b"HTTP/1.1 204") and seconds > 5 * QUIET


@pytest.mark.parametrize("piece", [b"a: b\r\n" * 1000, b"b" * 6000], ids=["many headers", "a long one"])
def test_a_head_without_end_is_refused(piece):
    pieces = [b"GET / HTTP/1.1\r\nHost: x\r\na: ", *[piece] * (1 + LONGEST_HEAD // 6000)]
    answer, _ = asyncio.run(asked(*pieces, pause=0.01, quiet=9))
    assert answer.startswith(b"HTTP/1.1 400") and b"too long" in answer


def test_a_body_is_not_taken_for_a_head():
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n"
    answer, _ = asyncio.run(asked(head, bytes(100_000), bytes(100_000)))
    assert answer.startswith(b"HTTP/1.1 204") and b"400" not in answer


@pytest.mark.parametrize(("host", "kept"), [("192.0.2.7", MOST_OF_ONE), ("127.0.0.1", MOST_OF_ONE + 6)])
def test_another_machine_gets_only_so_many_connections(host, kept):
    async def connect():
        config = uvicorn.Config(app, log_level="critical", lifespan="off")
        config.load()
        state, ended = ServerState(), []
        made = bounded(HttpToolsProtocol)
        for number in range(MOST_OF_ONE + 6):
            line = made(config=config, server_state=state, app_state={})
            transport = SimpleNamespace(
                get_extra_info=lambda name, n=number: (host, n) if name == "peername" else None,
                abort=lambda n=number: ended.append(n),
            )
            line.connection_made(transport)
            if ended and ended[-1] == number:
                line.connection_lost(OSError())
        return MOST_OF_ONE + 6 - len(ended)

    assert asyncio.run(connect()) == kept
