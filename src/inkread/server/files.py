"""The application's own files: only those that are in the package, found by name in a list, not by path."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from fastapi import Response

from inkread.server.jobs import failure

__all__ = ["icon", "page", "static"]

_FOLDER = Path(__file__).with_name("static")
_MEDIA = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}


async def page() -> Response:
    """The application."""
    return _file("index.html")


async def icon() -> Response:
    """What browsers ask for unasked."""
    return _file("icon.svg")


async def static(name: str) -> Response:
    """One of the application's files."""
    return _file(name)


def _file(name: str) -> Response:
    file = _files().get(name)
    if file is None:
        answer = failure(404, "there is no such file")
        return Response(answer.body, answer.status, media_type=answer.media)
    return Response(file.read_bytes(), media_type=_MEDIA[file.suffix])


@lru_cache(maxsize=1)
def _files() -> dict[str, Path]:
    """The files by the names under which pages ask for them."""
    found = (file for file in _FOLDER.rglob("*") if file.suffix in _MEDIA)
    return {file.relative_to(_FOLDER).as_posix(): file for file in found}
