"""Run the service: take the port, say where it is, serve until Ctrl-C."""

from __future__ import annotations

import errno
import socket
import sys
from dataclasses import replace
from importlib.util import find_spec
from ipaddress import ip_address
from typing import TYPE_CHECKING

from inkread.errors import InkreadError, MissingExtra, UsageError
from inkread.server.events import Hub
from inkread.server.settings import Settings, is_loopback

if TYPE_CHECKING:
    from uvicorn import Server

__all__ = ["address", "lan_address", "listen", "make_server", "serve"]

_NEEDED = ("fastapi", "uvicorn", "python_multipart", "segno")
_CONNECTIONS = 256
_GRACE = 3
"""Seconds that open connections get when the service stops."""


def serve(settings: Settings) -> None:
    """Serve until Ctrl-C.

    Raises:
        KeyboardInterrupt: it was stopped.
        UsageError: the address or the port cannot be had.
        MissingExtra: FastAPI or uvicorn is not installed.
    """
    sock, settings = listen(settings)
    server = make_server(settings, Hub())
    where = address(settings)
    shown = f"{where}/?token={settings.token}" if settings.token else where
    print(f"inkread: serving on {shown} (Ctrl-C stops)", file=sys.stderr, flush=True)
    server.run(sockets=[sock])
    if server.should_exit:  # the signal may get lost between uvicorn's handler and the loop's
        raise KeyboardInterrupt


def make_server(settings: Settings, hub: Hub) -> Server:
    """A uvicorn server of the service.

    Args:
        settings: with the port that it will have.
        hub: the open pages; they are told when the server stops.
    """
    import uvicorn
    from uvicorn.protocols.http.auto import AutoHTTPProtocol

    from inkread.server.app import create_app
    from inkread.server.lines import bounded

    class Stopping(uvicorn.Server):
        """Ends the streams of open pages first, which would hold it up."""

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            hub.close()
            await super().shutdown(sockets)

    config = uvicorn.Config(
        create_app(settings, hub),
        http=bounded(AutoHTTPProtocol),
        ws="none",
        log_level="critical",  # what goes wrong is told in one line by the application itself
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_CONNECTIONS,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=_GRACE,
    )
    return Stopping(config)


def listen(settings: Settings) -> tuple[socket.socket, Settings]:
    """Take the port.

    Returns:
        The socket, and the settings with the port that it has.

    Raises:
        UsageError: the address or the port cannot be had.
        MissingExtra: the extra `serve` is not installed.
    """
    for library in _NEEDED:
        if find_spec(library) is None:
            raise MissingExtra("the service", library, "serve")
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    if sys.platform != "win32":  # there it would let two servers share a port
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((settings.host.strip("[]"), settings.port))
    except OSError as error:
        sock.close()
        if error.errno == errno.EADDRINUSE:
            line = f"port {settings.port} is taken; choose another with --port, or any free one with --port 0"
        else:
            line = f"cannot listen on {settings.host}, port {settings.port}: {error.strerror or error}"
        raise UsageError(line) from None
    sock.listen(128)
    sock.set_inheritable(False)
    return sock, replace(settings, port=int(sock.getsockname()[1]))


def address(settings: Settings) -> str:
    """Where a browser on this machine finds the service."""
    host = settings.host
    try:
        if ip_address(host.strip("[]")).is_unspecified:
            host = "127.0.0.1"
        elif ":" in host:
            host = f"[{host.strip('[]')}]"
    except ValueError:
        pass
    return f"http://{host}:{settings.port}"


def lan_address() -> str:
    """This machine's own address on its network.

    Raises:
        InkreadError: it has none.
    """
    for probe in ("192.0.2.1", "198.51.100.1"):  # documentation addresses: nothing is sent to them
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            try:
                sock.connect((probe, 9))
                found = str(sock.getsockname()[0])
            except OSError:
                continue
            if not is_loopback(found):
                return found
    raise InkreadError("this machine has no address on a network that a phone could reach")
