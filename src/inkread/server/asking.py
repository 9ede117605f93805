"""What a request asks for: the query in the words of the command line, and the output by `Accept`."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

from inkread.errors import nearest
from inkread.server.delivery import MEDIA
from inkread.server.jobs import Options, RefusedError

__all__ = ["PARAMETERS", "accepted", "options"]

PARAMETERS = (
    "kind",
    "format",
    "model",
    "target_error",
    "threshold",
    "language",
    "charset",
    "crop",
    "rotate",
    "output",
    "preview",
)
_LONGEST_FORMAT = 200
_SYNONYMS = {
    "application/jsonl": "jsonl",
    "application/x-jsonlines": "jsonl",
    "text/html": "json",
    "application/xml": "page.xml",
    "text/xml": "page.xml",
}


def options(query: Iterable[tuple[str, str]], accept: str, told: dict[str, Any]) -> Options:
    """Understand a query.

    Args:
        query: names and values.
        accept: the Accept header; empty takes JSON.
        told: what can be read here, see `worker.told`.

    Raises:
        RefusedError: something in it is not known, or cannot be.
    """
    values: dict[str, str] = {}
    for name, value in query:
        if name not in PARAMETERS:
            raise RefusedError(
                400,
                f"the query has {name[:40]!r}; known are {', '.join(PARAMETERS)}"
                f"{nearest(name, list(PARAMETERS))}",
            )
        if name in values:
            raise RefusedError(400, f"the query has {name} twice; give it once")
        if value:
            values[name] = value
    kind = values.get("kind", "auto")
    if kind in told.get("kinds_without_model", ()):
        known = ", ".join(told["kinds"])
        line = f"kind is {kind!r}, for which no model ships with this version; expected one of {known}"
        raise RefusedError(400, line)
    forms = ["form"] if told.get("forms") else []
    kind = _one_of("kind", kind, [*told["kinds"], *forms])
    return Options(
        kind=kind,
        format=_format(values.get("format"), told["formats"]),
        model=_one_of("model", values["model"], list(told["models"])) if "model" in values else None,
        target_error=_number(values, "target_error", 0.01, "a share between 0 and 1, such as 0.01"),
        threshold=_number(values, "threshold", None, "a confidence from 0 to 1, such as 0.95"),
        language=_one_of("language", values.get("language", "auto"), told["languages"]),
        charset=_one_of("charset", values.get("charset", "alnum"), told["charsets"]),
        crop=_crop(values.get("crop")),
        rotate=_number(values, "rotate", 0.0, "degrees, clockwise, such as 90"),
        output=_one_of("output", values["output"], list(MEDIA)) if "output" in values else accepted(accept),
        preview=_one_of("preview", values.get("preview", "false"), ["true", "false"]) == "true",
    )


def _one_of(name: str, value: str, known: list[str]) -> str:
    if not known:
        raise RefusedError(400, f"{name} is {value[:40]!r}; there is none in this version")
    if value not in known:
        line = f"{name} is {value[:40]!r}; expected one of {', '.join(known)}{nearest(value, known)}"
        raise RefusedError(400, line)
    return value


def _format(text: str | None, known: list[str]) -> str | None:
    """A format's name; those that name a file are for the command line only."""
    if text is None:
        return None
    name = text.partition(":")[0]
    if name == "lexicon":
        line = "format lexicon:FILE names a file of this machine; use it on the command line"
        raise RefusedError(400, line)
    if not known:
        line = f"format is {name[:40]!r}, of a field: no model that reads fields ships with this version"
        raise RefusedError(400, line)
    if name != "regex":
        _one_of("format", name, known)
    if len(text) > _LONGEST_FORMAT:
        raise RefusedError(400, f"format has {len(text)} characters; give at most {_LONGEST_FORMAT}")
    return text


def _number(values: dict[str, str], name: str, default: Any, wanted: str) -> Any:
    """A number that the reader can take."""
    if name not in values:
        return default
    try:
        number = float(values[name])
    except ValueError:
        number = math.nan
    low, high = (-3600.0, 3600.0) if name == "rotate" else (0.0, 1.0)
    is_share = name == "target_error"
    fits = low < number < high if is_share else low <= number <= high
    if not fits:
        raise RefusedError(400, f"{name} is {values[name][:40]!r}; give {wanted}")
    return number


def _crop(text: str | None) -> tuple[int, int, int, int] | None:
    if text is None:
        return None
    parts = re.fullmatch(r"\s*(\d{1,6})\s*,\s*(\d{1,6})\s*,\s*(\d{1,6})\s*,\s*(\d{1,6})\s*", text, re.ASCII)
    if parts is not None:
        left, top, right, bottom = (int(part) for part in parts.groups())
        if left < right and top < bottom:
            return left, top, right, bottom
    line = f"crop is {text[:40]!r}; give left,top,right,bottom in whole pixels, such as 40,60,300,320"
    raise RefusedError(400, line)


def accepted(accept: str) -> str:
    """The output that a client likes best and that there is.

    Args:
        accept: the header, such as "text/csv, application/json;q=0.5"; empty for anything.

    Raises:
        RefusedError: 406, where it names none.

    Example:
        >>> accepted("text/csv, */*;q=0.1")
        'csv'
    """
    by_media = {media.partition(";")[0]: output for output, media in MEDIA.items()} | _SYNONYMS
    wishes: list[tuple[float, str]] = []
    for wish in accept.split(",") if accept.strip() else ["*/*"]:
        media, _, parameters = wish.partition(";")
        wishes.append((-_quality(parameters), media.strip().lower()))
    for quality, media in sorted(wishes, key=lambda wish: wish[0]):
        if quality == 0:
            continue
        if media in ("*/*", "application/*"):
            return "json"
        if media in ("text/*", "image/*"):
            return "txt" if media == "text/*" else "png"
        if media in by_media:
            return by_media[media]
    line = f"nothing in Accept is written here; there are {', '.join(sorted(set(by_media) - set(_SYNONYMS)))}"
    raise RefusedError(406, line)


def _quality(parameters: str) -> float:
    """How much a client wants a media type, 0..1; 0 for not at all."""
    told = re.search(r"q\s*=\s*([0-9.]+)", parameters)
    try:
        return float(told[1]) if told else 1.0
    except ValueError:
        return 0.0
