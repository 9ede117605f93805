"""Forms for clients: learn a blank one, check an edited template, open the one that a reading comes with.

A template from a client names no file of this machine: whatever it names must have come with the request,
under a plain name, and is put into a folder that is gone when the request is answered.
"""

from __future__ import annotations

import base64
import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inkread.errors import SourceError, UsageError
from inkread.server.jobs import Answer, Job
from inkread.server.settings import Limits

if TYPE_CHECKING:
    from inkread.forms.template import Template

__all__ = ["learn", "template_of"]

_MOST_BYTES = 1_000_000
"""Of a template."""
_PLAIN = re.compile(r"[\w][\w .()+-]{0,119}")
"""A file's name that is nothing but a name."""


def learn(job: Job, limits: Limits) -> Answer:
    """Learn a blank form, or check a template where one came.

    Args:
        job: one file, the blank form; or a template and the blank pages that it names.
        limits: how much a request may ask for.

    Returns:
        `{"template", "toml", "kinds", "pages"}`: the template's values, its TOML, how each field was found,
        and each page with its picture.

    Raises:
        SourceError: the form cannot be opened, or nothing to fill was found on it.
        UsageError: the template cannot be used.
    """
    if job.template is not None:
        with template_of(job) as template:
            shown = [
                _page(page.width, page.height, page.reference, _blank(template, number, limits))
                for number, page in enumerate(template.pages)
            ]
            return _told(template, [], shown)
    from inkread.forms.learn import learn as learn_form
    from inkread.imaging.blank_pages import png
    from inkread.imaging.load import size_of

    name, content = job.names[0], job.contents[0]
    size = size_of(content)
    if size is not None and size[0] * size[1] > 1e6 * limits.megapixels:
        raise SourceError(
            f"{name}: unpacks to {size[0]} x {size[1]} px; at most {limits.megapixels:g} megapixels"
        )
    try:
        learnt = learn_form(content, name=Path(name).stem or "form")
    except SourceError as error:
        raise SourceError(str(error).replace("<bytes>", name, 1)) from None
    pages = [
        _page(page.width, page.height, file, png(rgb))
        for page, (file, rgb) in zip(learnt.template.pages, learnt.references, strict=True)
    ]
    return _told(learnt.template, list(learnt.kinds), pages)


def _blank(template: Template, number: int, limits: Limits) -> bytes | None:
    """The picture of a template's blank page, PNG; None where it has none, or none that can be shown."""
    from inkread.imaging.blank_pages import blank_pages, png
    from inkread.imaging.load import size_of

    reference = template.pages[number].reference
    if reference is None:
        return None
    content = (template.folder / reference).read_bytes()
    size = size_of(content)
    if size is not None and size[0] * size[1] > 1e6 * limits.megapixels:
        return None
    try:
        blanks = [page.rgb for _, page in zip(range(number + 1), blank_pages(content), strict=False)]
    except SourceError:
        return None
    return png(blanks[-1])


def _page(width: float, height: float, reference: str | None, picture: bytes | None) -> dict[str, Any]:
    png = base64.b64encode(picture).decode() if picture else None
    return {"width": width, "height": height, "reference": reference, "png": png}


def _told(template: Template, kinds: list[str], pages: list[dict[str, Any]]) -> Answer:
    values = template.model_dump(mode="json", exclude_defaults=True)
    told = {"template": values, "toml": template.dump(), "kinds": kinds, "pages": pages}
    return Answer(200, "application/json", json.dumps(told).encode())


@contextmanager
def template_of(job: Job) -> Iterator[Template]:
    """Open the template of a job, with the files that it names beside it.

    Yields:
        The template; its folder is gone behind the block.

    Raises:
        UsageError: the template cannot be used, or names a file that did not come.
    """
    from inkread.forms.template import Template

    text = _text(job.template or b"")
    came = dict(zip(job.blank_names, job.blanks, strict=True))
    with tempfile.TemporaryDirectory() as folder:
        for name in _named(text):
            if name not in came or not _PLAIN.fullmatch(name):
                raise UsageError(
                    f"the template names the file {name[:60]!r}, which did not come; send it as a part "
                    "`blank` of that plain name"
                )
            (Path(folder) / name).write_bytes(came[name])
        yield Template.parse(text, where="template", folder=Path(folder), draft=False)


def _text(content: bytes) -> str:
    """A template's TOML; one that came as JSON is written as TOML first."""
    if len(content) > _MOST_BYTES:
        raise UsageError(f"the template has {len(content):,} bytes; at most {_MOST_BYTES:,} are taken")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError("the template is not UTF-8; save it as a plain TOML file") from None
    if not text.lstrip().startswith("{"):
        return text
    from inkread.forms.toml_text import document

    try:
        values = json.loads(text)
        return document(_without_none(values))
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise UsageError("the template is no JSON object of TOML's values; send it as TOML") from None


def _without_none(values: Any) -> Any:
    """The same without what is null, which TOML does not have."""
    if isinstance(values, Mapping):
        return {str(key): _without_none(value) for key, value in values.items() if value is not None}
    return [_without_none(value) for value in values] if isinstance(values, list) else values


def _named(text: str) -> list[str]:
    """The files that a template names: blank pages and lists of words.

    Raises:
        UsageError: it is no TOML.
    """
    from inkread.forms.loading import values_of

    values = values_of(text, "template")
    named: list[str] = []
    for key, part in (("pages", "reference"), ("fields", "lexicon"), ("fields", "type")):
        tables = values.get(key)
        for table in tables if isinstance(tables, list) else []:
            file = table.get(part) if isinstance(table, dict) else None
            if not isinstance(file, str):
                continue
            kind, _, rest = file.partition(":")
            if part != "type":
                named.append(file)
            elif kind == "lexicon" and rest:
                named.append(rest)
    return list(dict.fromkeys(named))
