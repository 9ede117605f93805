"""The service as an ASGI application: `create_app` makes it, any ASGI server runs it.

`GET /` the application, `POST /v1/read` pictures to text, `POST /v1/look` the same with what was seen on the
way, `POST /v1/form/learn` a blank form to its template, `GET /v1/kinds` what can be read, `GET /healthz`,
`GET /docs`. Every error is `{"error": "one line"}`.
"""

from __future__ import annotations

import asyncio
import os
import sys
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from json import dumps
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import StreamingResponse

from inkread import __version__
from inkread.errors import InkreadError
from inkread.server import files, schema
from inkread.server.asking import options
from inkread.server.events import Hub
from inkread.server.guard import Guard, hello_page
from inkread.server.jobs import Answer, Job, Options, RefusedError, failure
from inkread.server.manual import manual
from inkread.server.phone import Phones
from inkread.server.pool import Pool
from inkread.server.sessions import Sessions
from inkread.server.settings import Settings
from inkread.server.uploads import Uploads, uploads

__all__ = ["create_app"]

_BUSY = "the service is busy; ask again"


def create_app(settings: Settings | None = None, hub: Hub | None = None) -> Guard:
    """Make the service.

    Args:
        settings: None for this machine only, without a token.
        hub: the open pages; None makes one of its own.

    Returns:
        An ASGI application: FastAPI's, with the guard before it.
    """
    settings, hub = settings or Settings(), hub or Hub()
    pool = Pool(settings.limits)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        pool.start()
        yield
        hub.close()
        await asyncio.to_thread(pool.stop)

    inner = FastAPI(
        title="inkread",
        version=__version__,
        summary="Photos and scans of handwriting into checked text, on your own machine.",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=lifespan,
    )
    sessions = Sessions(settings.token, once=settings.once, port=settings.port)
    service = _Service(settings, pool, Phones(sessions, hub))
    _errors(inner)
    _routes(inner, service, hub)
    return Guard(inner, settings, sessions)


def _routes(inner: FastAPI, service: _Service, hub: Hub) -> None:
    async def events() -> Response:
        if hub.is_full:
            raise RefusedError(503, "too many pages of the service are open; close some", Retry_After="30")
        return StreamingResponse(hub.stream(), media_type="text/event-stream")

    add = inner.add_api_route
    add("/v1/read", service.read, methods=["POST"], response_class=Response, **schema.READ)
    add("/v1/look", service.look, methods=["POST"], response_class=Response, **schema.LOOK)
    add("/v1/form/learn", service.learn, methods=["POST"], response_class=Response, **schema.LEARN)
    add("/v1/kinds", service.kinds, methods=["GET"], response_class=Response, **schema.KINDS)
    add("/healthz", service.health, methods=["GET"], response_class=Response, **schema.HEALTH)

    async def openapi() -> Response:
        return Response(dumps(inner.openapi()), media_type="application/json")

    async def docs(request: Request) -> Response:
        base = f"{request.url.scheme}://{request.url.netloc}"
        page = manual(inner.openapi(), base, needs_token=bool(service.settings.token))
        return Response(page, media_type="text/html; charset=utf-8")

    hidden: dict[str, Any] = {"include_in_schema": False, "response_class": Response}
    add("/v1/openapi.json", openapi, methods=["GET"], **hidden)
    add("/docs", docs, methods=["GET"], **hidden)
    add("/v1/events", events, methods=["GET"], **hidden)
    add("/v1/phone", service.invite, methods=["POST"], **hidden)
    add("/v1/phone/pictures", service.phone_pictures, methods=["GET"], **hidden)
    add("/phone", service.join, methods=["GET"], **hidden)
    add("/", files.page, methods=["GET"], **hidden)
    add("/static/{name:path}", files.static, methods=["GET"], **hidden)
    add("/favicon.ico", files.icon, methods=["GET"], **hidden)


def _errors(inner: FastAPI) -> None:
    """Give every error the one form."""

    async def refused(_: Request, error: Exception) -> Response:
        assert isinstance(error, RefusedError)
        return to_response(error.answer)

    async def plain(_: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        headers = {name.replace("-", "_"): value for name, value in (error.headers or {}).items()}
        return to_response(failure(error.status_code, str(error.detail), **headers))

    async def invalid(_: Request, error: Exception) -> Response:
        return to_response(failure(400, f"the request cannot be understood: {error}"))

    async def unexpected(_: Request, error: Exception) -> Response:
        what = " ".join(f"{type(error).__name__}: {error}".split())
        print(f"inkread: something unexpected happened ({what})", file=sys.stderr, flush=True)
        if os.environ.get("INKREAD_TRACEBACK"):
            traceback.print_exception(error)
        return to_response(failure(500, "something unexpected happened; the service has printed what"))

    inner.add_exception_handler(RefusedError, refused)
    inner.add_exception_handler(HTTPException, plain)
    inner.add_exception_handler(RequestValidationError, invalid)
    inner.add_exception_handler(Exception, unexpected)


def to_response(answer: Answer) -> Response:
    """An answer as Starlette sends it."""
    headers = dict(answer.extra)
    if answer.file:
        headers["Content-Disposition"] = f'attachment; filename="{answer.file}"'
    return Response(answer.body, answer.status, headers, media_type=answer.media)


class _Service:
    """The routes that need the pool."""

    def __init__(self, settings: Settings, pool: Pool, phones: Phones) -> None:
        self.settings, self.pool, self.phones = settings, pool, phones

    async def read(self, request: Request) -> Response:
        """Read pictures of handwriting: one file or several, pictures or PDF."""
        return to_response(await self._answer(request, looks=False))

    async def look(self, request: Request) -> Response:
        """Read one picture, and show what was seen on the way."""
        return to_response(await self._answer(request, looks=True))

    async def learn(self, request: Request) -> Response:
        """Learn a blank form, or check a template."""
        if not self.pool.admit():
            return to_response(failure(503, _BUSY, Retry_After="1"))
        try:
            return to_response(await self._learn(request))
        finally:
            self.pool.leave()

    async def kinds(self, request: Request) -> Response:
        """What can be read here, how it is written, and how much is taken at once."""
        limits = self.settings.limits
        told = {
            **await self.pool.told(),
            "limits": {
                "body_mb": limits.body_mb,
                "files": limits.files,
                "pages": limits.pages,
                "megapixels": limits.megapixels,
                "seconds": limits.seconds,
            },
            "lan": self.settings.lan,
            "you": request.state.role,
        }
        return Response(dumps(told), media_type="application/json")

    async def health(self) -> Response:
        """Whether the service is up, and how many of its readers have loaded their models."""
        ready = self.pool.ready
        told = {
            "status": "ready" if ready else "starting",
            "version": __version__,
            "readers": ready,
            "busy": self.pool.admitted,
        }
        return Response(dumps(told), media_type="application/json")

    async def _learn(self, request: Request) -> Answer:
        """Have a blank form learnt."""
        told = await self.pool.told()
        if not told.get("forms"):
            raise RefusedError(400, "forms need the model fields and pip install '.[forms]'")
        if request.query_params:
            raise RefusedError(400, "learning a form takes no options; leave the query away")
        came = await uploads(request, self.settings.limits)
        if came.template is None and len(came.names) != 1:
            raise RefusedError(400, f"{len(came.names)} files came; send one blank form at a time")
        if came.template is not None and came.names:
            raise RefusedError(
                400, "a template and a blank form came; send one of them, blank pages as `blank`"
            )
        future = self.pool.submit(_job(Options(learns=True), came))
        return await _unless_gone(asyncio.wrap_future(future), request.receive)

    # --- phones ------------------------------------------------------------------------------------------

    async def invite(self, request: Request) -> Response:
        """Make a one-time address for a phone, with its QR code."""
        self._only_owner(request)
        if not self.settings.lan:
            raise RefusedError(409, "phones reach this service only when it runs with --lan; start it so")
        from inkread.server.serving import lan_address

        try:
            host = lan_address()
        except InkreadError as error:
            raise RefusedError(409, str(error)) from None
        told = self.phones.invite(f"http://{host}:{self.settings.port}")
        return Response(dumps(told), media_type="application/json")

    async def join(self, request: Request) -> Response:
        """Let the phone in that opens an invitation first."""
        cookie = self.phones.join(request.query_params.get("code", ""))
        if cookie is None:
            line = "This address is not valid any more. Make a new QR code on the laptop, and scan that."
            return to_response(hello_page(401, line))
        return Response(b"", 303, {"Location": "/", "Set-Cookie": cookie})

    async def phone_pictures(self, request: Request) -> Response:
        """What phones have read."""
        self._only_owner(request)
        after = request.query_params.get("after", "0")
        if not (after.isascii() and after.isdigit()):
            raise RefusedError(400, f"after is {after[:40]!r}; give the number of a picture, or 0")
        told = self.phones.pictures(int(after[:12]))
        return Response(dumps(told), media_type="application/json")

    def _only_owner(self, request: Request) -> None:
        if request.state.role != "owner":
            raise RefusedError(403, "only the page of the machine that runs the service may ask this")

    # --- reading -----------------------------------------------------------------------------------------

    async def _answer(self, request: Request, *, looks: bool) -> Answer:
        """Have a request read, where there is room for it."""
        if not self.pool.admit():
            return failure(503, _BUSY, Retry_After="1")
        try:
            return await self._read(request, looks=looks)
        finally:
            self.pool.leave()

    async def _read(self, request: Request, *, looks: bool) -> Answer:
        told = await self.pool.told()
        accept = "" if looks else request.headers.get("accept", "")
        asked = replace(options(request.query_params.multi_items(), accept, told), looks=looks)
        if looks and asked.output != "json":
            raise RefusedError(400, "what was looked at comes as JSON only; leave output away")
        came = await uploads(request, self.settings.limits)
        _check_forms(asked.kind, came)
        if looks and len(came.names) > 1:
            raise RefusedError(400, f"{len(came.names)} files came; what was looked at is told of one")
        shared = request.state.role == "phone" and asked.output == "json" and not looks
        if shared:
            asked = replace(asked, preview=True)
        future = self.pool.submit(_job(asked, came))
        answer = await _unless_gone(asyncio.wrap_future(future), request.receive)
        if shared and answer.status == 200:
            self.phones.keep(came.names, answer.body)
        return answer


def _job(asked: Options, came: Uploads) -> Job:
    return Job(asked, came.names, came.contents, came.template, came.blank_names, came.blanks)


def _check_forms(kind: str, came: Uploads) -> None:
    """A form has a template, and nothing else has one."""
    if kind == "form" and came.template is None:
        raise RefusedError(400, "kind is 'form'; send the form's template (TOML) as the part `template`")
    if kind != "form" and (came.template is not None or came.blanks):
        raise RefusedError(400, f"a template came, and kind is {kind!r}; ask for kind=form")
    if not came.names:
        raise RefusedError(400, "no picture came; send filled forms in fields `files`")


async def _unless_gone(answer: asyncio.Future[Answer], receive: Callable[[], Awaitable[Any]]) -> Answer:
    """Wait for an answer; where the client goes away first, a job that still waits is not read."""

    async def gone() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    watch = asyncio.ensure_future(gone())
    waiting: set[asyncio.Future[Any]] = {answer, watch}
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            answer.cancel()
            return failure(499, "the client went away")
        return answer.result()
    finally:
        watch.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await watch
