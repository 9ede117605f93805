"""Who may ask, and how much: what is decided before a request reaches a route, and the headers of answers.

Against other pages in the user's own browser: the Host header must name this machine (a name that an attacker
points here does not), and a request that a foreign page makes is refused by its Origin and Sec-Fetch-Site.
Against other machines: a token, compared in constant time, shown as a header or, once, in the address, for
which a cookie is given that no script can read. Against too much: bodies are counted as they come, whatever
their Content-Length says, and clients have a bucket of requests each.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qs

from inkread.server.jobs import Answer, RefusedError, failure
from inkread.server.sessions import Role, Sessions
from inkread.server.settings import Limits, Settings, is_loopback

__all__ = ["Guard", "hello_page"]

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; media-src 'self' blob:; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(self), microphone=(), geolocation=()",
    "cache-control": "no-store",
}
_RAW_HEADERS = [(name.encode(), value.encode()) for name, value in _HEADERS.items()]
_OPEN = ("/healthz",)
"""What may be asked without a token."""
_CLIENTS = 4096
"""So many clients' buckets are kept."""
_LONGEST_QUERY = 4096


class Guard:
    """The outermost layer of the service.

    Args:
        app: what lies within.
        settings: who may ask, and how much.
        sessions: the tokens and cookies.
    """

    def __init__(self, app: App, settings: Settings, sessions: Sessions) -> None:
        self.app, self.settings, self.sessions = app, settings, sessions
        self._names = {"localhost", *(name.lower() for name in settings.names)}
        if settings.token:  # a token, and its cookie, keep attackers' names out as well
            self._names |= {own.lower() for own in _own_names()}
        if not is_loopback(settings.host):
            self._names.add(settings.host.lower())
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        headers = _headers(scope)
        sent = _Dressed(send)
        refusal = self._refusal(scope, headers) or self._enter(scope, headers)
        if refusal is not None:
            await _respond(sent, refusal)
            return
        await self.app(scope, self._counted(receive, headers), sent)

    # --- who ---------------------------------------------------------------------------------------------

    def _refusal(self, scope: Scope, headers: dict[str, str]) -> Answer | None:
        """What is wrong with a request, whoever made it."""
        host = headers.get("host", "")
        if not self._is_us(host):
            line = (
                "the Host header does not name this service; use its address, or start it with --allow-host"
            )
            return failure(421, line)
        if _is_foreign(scope, headers, host):
            return failure(403, "another site's page made this request; open the service's own page")
        if len(scope.get("query_string", b"")) > _LONGEST_QUERY:
            return failure(
                400, f"the address is too long; at most {_LONGEST_QUERY} characters may follow its ?"
            )
        wait = self._wait(scope)
        if wait > 0:
            return failure(429, "too many requests; wait a little", Retry_After=str(max(1, round(wait))))
        return None

    def _is_us(self, host: str) -> bool:
        """Whether a Host header is this machine: a number, or one of its names."""
        name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
        try:
            ip_address(name.strip("[]"))
        except ValueError:
            return name.lower().rstrip(".") in self._names
        return True

    def _enter(self, scope: Scope, headers: dict[str, str]) -> Answer | None:
        """Find out who asks; the answer where that is nobody, or where a token in the address is taken."""
        scope.setdefault("state", {})["role"] = "owner"
        if not self.settings.token:
            return None
        asked = parse_qs(scope.get("query_string", b"").decode("latin-1")) if scope["path"] == "/" else {}
        role = self.sessions.role(headers)
        if scope["method"] == "GET" and "token" in asked:
            return self._admit(asked["token"][0], role)
        if role is None and scope["path"] not in _OPEN and scope["path"] != "/phone":
            return _locked(scope)
        scope["state"]["role"] = role or "nobody"
        return None

    def _admit(self, token: str, role: Role | None) -> Answer | None:
        """Take a token for a cookie, and away from the address; who has the cookie is let in again."""
        if role == "owner":
            return Answer(303, "text/plain; charset=utf-8", b"", extra={"Location": "/"})
        if not self.sessions.takes(token):
            return hello_page(401, "This address is not valid, or was used already.")
        return self.enter("owner", "/")

    def enter(self, role: Role, path: str) -> Answer:
        """Send a browser to a path with a session of its own."""
        cookie = self.sessions.cookie(role)
        return Answer(303, "text/plain; charset=utf-8", b"", extra={"Location": path, "Set-Cookie": cookie})

    # --- how much ----------------------------------------------------------------------------------------

    def _wait(self, scope: Scope) -> float:
        """Seconds until this client may ask again; 0 for now. This machine itself may always."""
        rate = self.settings.limits.rate
        client = (scope.get("client") or ("", 0))[0]
        if not rate or is_loopback(client):
            return 0.0
        now, most = time.monotonic(), 3 * rate
        left, since = self._buckets.pop(client, (most, now))
        left = min(most, left + rate * (now - since))
        self._buckets[client] = (max(0.0, left - 1), now)
        if len(self._buckets) > _CLIENTS:
            self._buckets.popitem(last=False)
        return 0.0 if left >= 1 else (1 - left) / rate

    def _counted(self, receive: Receive, headers: dict[str, str]) -> Receive:
        """Receive a body that must not be longer, nor come slower, than is taken."""
        limits = self.settings.limits
        most, end = limits.body_bytes, time.monotonic() + limits.upload_seconds
        told = headers.get("content-length", "")
        too_large = told.isdigit() and int(told) > most
        taken, done = 0, False

        async def counted() -> Message:
            nonlocal taken, done
            if too_large:
                raise _too_large(limits)
            if done:
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), max(0.01, end - time.monotonic()))
            except TimeoutError:
                line = f"the request did not come within {limits.upload_seconds:g} s"
                raise RefusedError(408, line, Connection="close") from None
            taken += len(message.get("body", b""))
            done = not message.get("more_body", False)
            if taken > most:
                raise _too_large(limits)
            return message

        return counted


def _too_large(limits: Limits) -> RefusedError:
    line = f"the request has more than {limits.body_mb:g} MB; send fewer or smaller files"
    return RefusedError(413, line, Connection="close")


class _Dressed:
    """Sends answers with the headers that all have."""

    def __init__(self, send: Send) -> None:
        self._send = send

    async def __call__(self, message: Message) -> None:
        """Send one message."""
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", []), *_RAW_HEADERS]}
        await self._send(message)


async def _respond(send: _Dressed, answer: Answer) -> None:
    """Send a whole answer."""
    headers = [(b"content-type", answer.media.encode()), (b"content-length", str(len(answer.body)).encode())]
    headers += [(name.lower().encode(), value.encode()) for name, value in answer.extra.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


def _headers(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}


def _is_foreign(scope: Scope, headers: dict[str, str], host: str) -> bool:
    """Whether a browser says that another site's page made the request, other than by a link to a page."""
    origin = headers.get("origin")
    if origin is not None and origin.lower() not in (f"http://{host}".lower(), f"https://{host}".lower()):
        return True
    if headers.get("sec-fetch-site") not in ("cross-site", "same-site"):
        return False
    return not (scope["method"] == "GET" and headers.get("sec-fetch-mode") == "navigate")


def _locked(scope: Scope) -> Answer:
    line = "a token is needed: send it as the header `Authorization: Bearer TOKEN`"
    if scope["path"] == "/":
        return hello_page(401, "Open the address with the token that the service printed when it started.")
    return failure(401, line, WWW_Authenticate="Bearer")


def hello_page(status: int, line: str) -> Answer:
    """A page of one sentence, for people without a session."""
    page = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>inkread</title><p>{line}</p></html>'
    return Answer(status, "text/html; charset=utf-8", page.encode())


def _own_names() -> Iterable[str]:
    """This machine's names on its network."""
    name = socket.gethostname()
    return (name, f"{name.split('.')[0]}.local")
