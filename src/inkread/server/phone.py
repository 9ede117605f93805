"""Phones on the same network: paired by a QR code, once; what they read shows on the laptop as well.

Only with `--lan`. The laptop's page asks for an address; the phone that opens it first gets a session of its
own, which may read pictures and nothing else. What it reads is kept in memory only, the last few.
"""

from __future__ import annotations

import base64
import hmac
import json
import secrets
import time
from collections import deque
from io import BytesIO
from typing import Any

from inkread.server.events import Hub
from inkread.server.sessions import Sessions

__all__ = ["SECONDS", "Phones", "qr"]

SECONDS = 600
"""How long an address is good."""
_KEPT, _KEPT_BYTES = 20, 60_000_000


class Phones:
    """Pairing, and what the paired phones have read.

    Args:
        sessions: opens the phones' sessions.
        hub: tells open pages.
    """

    def __init__(self, sessions: Sessions, hub: Hub) -> None:
        self._sessions, self._hub = sessions, hub
        self._code, self._until = b"", 0.0
        self._pictures: deque[tuple[int, tuple[str, ...], bytes]] = deque()
        self._last = 0

    def invite(self, base: str) -> dict[str, Any]:
        """Make a new one-time address; the one before is void.

        Args:
            base: where phones reach this service, such as "http://192.168.1.5:8765".
        """
        code = secrets.token_urlsafe(24)
        self._code, self._until = code.encode(), time.monotonic() + SECONDS
        url = f"{base}/phone?code={code}"
        return {"url": url, "qr": base64.b64encode(qr(url)).decode("ascii"), "seconds": SECONDS}

    def join(self, code: str) -> str | None:
        """Take a code for a cookie; None where it is wrong, used or too old."""
        right = bool(self._code) and hmac.compare_digest(code.encode(), self._code)
        if not right or time.monotonic() > self._until:
            return None
        self._code = b""
        cookie = self._sessions.cookie("phone")
        self._hub.tell("phone", {"paired": self._sessions.count("phone")})
        return cookie

    def keep(self, names: tuple[str, ...], answer: bytes) -> None:
        """Keep what a phone has read, and tell the laptop.

        Args:
            names: of its files.
            answer: the JSON of `/v1/read`, with previews.
        """
        self._last += 1
        self._pictures.append((self._last, names, answer))
        while len(self._pictures) > _KEPT or sum(len(a) for _, _, a in self._pictures) > _KEPT_BYTES:
            self._pictures.popleft()
        self._hub.tell("picture", {"id": self._last})

    def pictures(self, after: int) -> dict[str, Any]:
        """What phones have read since a picture of that number, oldest first."""
        told = [
            {"id": number, "names": list(names), "answer": json.loads(answer)}
            for number, names, answer in self._pictures
            if number > after
        ]
        return {"paired": self._sessions.count("phone"), "pictures": told}


def qr(url: str) -> bytes:
    """An address as a QR code: an SVG picture, black on white with its quiet zone."""
    import segno

    buffer = BytesIO()
    segno.make(url, error="m", micro=False).save(buffer, kind="svg", scale=8, border=4, light="white")
    return buffer.getvalue()
