"""The files of a request: their bytes, and what to call them.

A name from a client is for show: it is cut to its last part and cleaned, and never meets the disk.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inkread.errors import nearest
from inkread.server.jobs import RefusedError
from inkread.server.settings import Limits

if TYPE_CHECKING:
    from fastapi import Request

__all__ = ["Uploads", "clean", "uploads"]

_LONGEST_NAME = 120
_MOST_BLANKS = 24
"""Files that come with a template."""
_PLAIN = ("application/pdf", "application/octet-stream", "image/")
_FIELDS = ("files", "file")
_OF_FORMS = ("template", "blank")
"""A form's template, and the files that it names."""


@dataclass(frozen=True, slots=True, eq=False)
class Uploads:
    """Files, in the order in which they came.

    Attributes:
        names: cleaned.
        contents: bytes, none of them empty.
        template: of a form; None without.
        blank_names: of the files that the template names, cleaned.
        blanks: their bytes.
    """

    names: tuple[str, ...]
    contents: tuple[bytes, ...]
    template: bytes | None = None
    blank_names: tuple[str, ...] = ()
    blanks: tuple[bytes, ...] = ()


async def uploads(request: Request, limits: Limits) -> Uploads:
    """Take the files of a request: fields `files` of a form, or the body itself.

    Raises:
        RefusedError: there are none, or too many, or the body is no form and no picture.
    """
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media == "multipart/form-data":
        return await _from_form(request, limits)
    if not media.startswith(_PLAIN):
        line = (
            f"the body is {media or 'of no named type'}; send multipart/form-data with a field `files`, "
            "or a picture as image/..., application/pdf or application/octet-stream"
        )
        raise RefusedError(415, line)
    content = await request.body()
    if not content:
        raise RefusedError(400, "the body is empty; send a picture")
    return Uploads(("picture",), (content,))


async def _from_form(request: Request, limits: Limits) -> Uploads:
    from starlette.exceptions import HTTPException

    files: dict[str, list[tuple[str, bytes]]] = {"files": [], "template": [], "blank": []}
    try:
        form = await request.form(max_files=limits.files + _MOST_BLANKS, max_fields=8, max_part_size=10_000)
    except HTTPException as error:
        raise RefusedError(400, f"the form cannot be read: {error.detail}".rstrip(".")) from None
    async with _closing(form):
        for field, value in form.multi_items():
            if isinstance(value, str) or field not in (*_FIELDS, *_OF_FORMS):
                close = nearest(field, [*_FIELDS, *_OF_FORMS])
                raise RefusedError(
                    400, f"the form has a field {field[:40]!r}; send files in fields `files`{close}"
                )
            part = files["files" if field in _FIELDS else field]
            part.append((clean(value.filename or "", len(part) + 1), await value.read()))
    return _sorted_out(files, limits)


def _sorted_out(files: dict[str, list[tuple[str, bytes]]], limits: Limits) -> Uploads:
    """The parts of a form as what they are for."""
    names, contents = _apart(files["files"])
    blank_names, blanks = _apart(files["blank"])
    if len(files["template"]) > 1:
        raise RefusedError(400, f"{len(files['template'])} templates came; send one")
    if len(contents) > limits.files:
        raise RefusedError(400, f"the form cannot be read: more than {limits.files} files came")
    if not contents and not files["template"]:
        raise RefusedError(400, "the form holds no file; send pictures in fields `files`")
    template = files["template"][0][1] if files["template"] else None
    return Uploads(names, contents, template, blank_names, blanks)


def _apart(files: list[tuple[str, bytes]]) -> tuple[tuple[str, ...], tuple[bytes, ...]]:
    return tuple(name for name, _ in files), tuple(content for _, content in files)


class _closing:  # noqa: N801 - reads as contextlib.closing does
    """Close a form's temporary files when done."""

    def __init__(self, form: object) -> None:
        self._form = form

    async def __aenter__(self) -> None: ...

    async def __aexit__(self, *_: object) -> None:
        await self._form.close()  # type: ignore[attr-defined]


def clean(name: str, number: int = 1) -> str:
    r"""A client's name for a file, fit to be shown: the last part of its path, printable, on one line.

    Args:
        name: whatever came.
        number: which file of the request, for those without a name.

    Example:
        >>> clean("..\\..\\etc/pass\x00wd"), clean("../")
        ('passwd', 'picture-1')
    """
    last = re.split(r"[/\\]", name)[-1]
    kept = "".join(c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c)[0] != "C")
    kept = " ".join(kept.split()).strip(". ")
    return kept[:_LONGEST_NAME] or f"picture-{number}"
