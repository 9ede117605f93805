"""What a service is set to: where it listens, who may ask, and how much."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from ipaddress import ip_address

from inkread.errors import UsageError

__all__ = ["Limits", "Settings", "is_loopback"]

_SHORTEST_TOKEN = 12
_ABOVE_ZERO = (
    "body_mb",
    "files",
    "pages",
    "megapixels",
    "seconds",
    "upload_seconds",
    "workers",
    "memory_mb",
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is taken from clients, and how long.

    Attributes:
        body_mb: megabytes (10^6 bytes) of a request.
        files: files in a request.
        pages: pages in a request, those of all files together.
        megapixels: of a picture; a JPEG, which is shrunk while it is decoded, may have more: see
            `inkread.imaging.load`.
        seconds: of reading, a request; what takes longer is stopped.
        upload_seconds: until the whole request must have come.
        workers: processes that read.
        waiting: requests that may wait for one; more are sent away with 503.
        rate: requests a second from one client; its bursts may be three times as many. 0 for no limit.
        memory_mb: megabytes that a reading process may take beyond its models (Linux only).
    """

    body_mb: float = 40.0
    files: int = 20
    pages: int = 50
    megapixels: float = 50.0
    seconds: float = 60.0
    upload_seconds: float = 60.0
    workers: int = field(default_factory=lambda: min(4, usable_cores()))
    waiting: int = 64
    rate: float = 30.0
    memory_mb: int = 2000

    def __post_init__(self) -> None:
        for name in _ABOVE_ZERO:
            value = getattr(self, name)
            if not value > 0:
                raise UsageError(f"{name.replace('_', ' ')} is {value:g}; give a number above 0")
        if self.waiting < 0 or not self.rate >= 0:
            raise UsageError("the numbers of waiting requests and of requests a second must not be negative")

    @property
    def body_bytes(self) -> int:
        """Bytes of a request."""
        return int(self.body_mb * 1e6)


@dataclass(frozen=True, slots=True)
class Settings:
    """A service.

    Attributes:
        host: the address to listen on.
        port: 0 for any that is free.
        token: what clients must show; empty for none, which only this machine's own address may have.
        lan: whether phones on the same network may be paired.
        once: whether the token opens one session only, as for the application's own window.
        names: host names, besides this machine's own, by which clients may call the service.
        limits: how much is taken from clients.

    Raises:
        UsageError: an address that others reach without a token; a token that is easily guessed.
    """

    host: str = "127.0.0.1"
    port: int = 8765
    token: str = ""
    lan: bool = False
    once: bool = False
    names: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        if not 0 <= self.port <= 65535:
            raise UsageError(f"the port is {self.port}; give a number from 0 (any free one) to 65535")
        if not self.token and not is_loopback(self.host):
            raise UsageError(
                f"others can reach {self.host}, so a token is needed; give --token, "
                "or --lan instead, which makes one"
            )
        if self.token and len(self.token) < _SHORTEST_TOKEN:
            raise UsageError(
                f"the token has {len(self.token)} characters; give at least {_SHORTEST_TOKEN}, such as "
                "`python3 -c 'import secrets; print(secrets.token_urlsafe())'` prints"
            )
        if not re.fullmatch(r"[!-~]*", self.token):
            raise UsageError(
                "the token has blanks or characters beyond ASCII; give letters, digits and signs"
            )


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def usable_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
