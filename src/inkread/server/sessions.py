"""Tokens and cookies: who has shown that they may ask.

A token opens the service; a browser shows it once, in its address, and gets a cookie instead, which no script
can read and no other site's request carries. Nothing is compared but in constant time.
"""

from __future__ import annotations

import hmac
import secrets
import threading
from collections import OrderedDict
from hashlib import sha256
from typing import Literal

__all__ = ["Role", "Sessions"]

Role = Literal["owner", "phone"]
_MOST = 64
"""So many sessions at once; the oldest ends where another begins."""


class Sessions:
    """The service's token and the sessions it has opened.

    Args:
        token: what opens a session; empty for none.
        once: whether it does so only once.
        port: makes the cookie's name: browsers share cookies among the ports of a host.
    """

    def __init__(self, token: str, *, once: bool = False, port: int = 0) -> None:
        self._token = token.encode()
        self._once, self._used = once, False
        self._name = f"inkread-{port}"
        self._open: OrderedDict[bytes, Role] = OrderedDict()
        self._lock = threading.Lock()

    def takes(self, token: str) -> bool:
        """Whether a token is right; where it opens one session only, it is used up by that."""
        with self._lock:
            is_right = hmac.compare_digest(token.encode(), self._token) and not self._used
            self._used = self._once and (self._used or is_right)
            return is_right

    def cookie(self, role: Role) -> str:
        """Open a session, and give the value of its Set-Cookie header."""
        key = secrets.token_urlsafe(32)
        with self._lock:
            self._open[_hashed(key)] = role
            while len(self._open) > _MOST:
                self._open.popitem(last=False)
        return f"{self._name}={key}; HttpOnly; SameSite=Strict; Path=/"

    def count(self, role: Role) -> int:
        """How many sessions of a kind are open."""
        with self._lock:
            return sum(held == role for held in self._open.values())

    def role(self, headers: dict[str, str]) -> Role | None:
        """Who a request's headers say it is from.

        Args:
            headers: names in small letters.

        Returns:
            None where neither its cookie nor its token is one of ours.
        """
        scheme, _, token = headers.get("authorization", "").partition(" ")
        is_token = scheme.lower() == "bearer" and not self._once
        if is_token and hmac.compare_digest(token.strip().encode(), self._token):
            return "owner"
        for part in headers.get("cookie", "").split(";"):
            name, _, key = part.strip().partition("=")
            if name == self._name:
                # Looked up by its hash, so that the time it takes tells nothing of the keys.
                return self._open.get(_hashed(key))
        return None


def _hashed(key: str) -> bytes:
    return sha256(key.encode()).digest()
