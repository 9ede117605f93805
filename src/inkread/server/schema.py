"""What the OpenAPI description says of each route: parameters, bodies and answers, with examples."""

from __future__ import annotations

from typing import Any

from inkread.server.delivery import MEDIA

__all__ = ["HEALTH", "KINDS", "LEARN", "LOOK", "READ"]


def _parameter(name: str, about: str, schema: dict[str, Any], example: Any) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": about,
        "schema": schema,
        "example": example,
    }


_SHARE = {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1, "default": 0.01}
_CROP = {"type": "string", "pattern": r"^\d{1,6},\d{1,6},\d{1,6},\d{1,6}$"}
_ROTATE = {"type": "number", "minimum": -3600, "maximum": 3600, "default": 0}
_FORMAT = {"type": "string", "maxLength": 200}
_OUTPUT = {"type": "string", "enum": list(MEDIA), "default": "json"}
_PARAMETERS = [
    _parameter("kind", "What is on the pictures; see /v1/kinds.", {"type": "string"}, "digit"),
    _parameter("format", "Of a field: what it holds; see /v1/kinds.", _FORMAT, "us_zip"),
    _parameter("model", "Name of a shipped model; by default the kind's own.", {"type": "string"}, "digits"),
    _parameter("target_error", "The share of wrong readings among the accepted ones.", _SHARE, 0.01),
    _parameter(
        "threshold",
        "Accept from this confidence, instead of by the target error.",
        {"type": "number", "minimum": 0, "maximum": 1},
        0.95,
    ),
    _parameter("language", "Of lines: auto, a code, or none.", {"type": "string"}, "auto"),
    _parameter("charset", "Of characters: which there can be.", {"type": "string"}, "alnum"),
    _parameter("crop", "left,top,right,bottom in pixels of the upright picture.", _CROP, "0,0,800,600"),
    _parameter("rotate", "Degrees, clockwise, by which the picture is turned first.", _ROTATE, 0),
    _parameter("preview", "Whether pages come with a picture of themselves.", {"type": "boolean"}, False),
]
_OF_READ = [*_PARAMETERS, _parameter("output", "The form of the answer, before Accept.", _OUTPUT, "json")]

_FILE = {"type": "string", "format": "binary"}
_FORM = {
    "type": "object",
    "properties": {
        "files": {"type": "array", "items": _FILE, "minItems": 1},
        "template": {**_FILE, "description": "Of kind form: its template, TOML."},
        "blank": {"type": "array", "items": _FILE, "description": "The files that the template names."},
    },
    "required": ["files"],
    "additionalProperties": False,
}
_BODY = {
    "required": True,
    "description": "Pictures or PDF: fields `files` of a form, or one file as the body itself.",
    "content": {
        "multipart/form-data": {"schema": _FORM},
        "image/*": {"schema": _FILE},
        "application/pdf": {"schema": _FILE},
        "application/octet-stream": {"schema": _FILE},
    },
}

_EXAMPLE = {
    "pages": [
        {
            "source": "seven.jpg",
            "page": 1,
            "kind": "digit",
            "width": 400,
            "height": 300,
            "text": "7",
            "confidence": 0.998,
            "status": "accepted",
            "readings": [
                {
                    "source": "seven.jpg",
                    "page": 1,
                    "document": 1,
                    "kind": "digit",
                    "name": None,
                    "text": "7",
                    "confidence": 0.998,
                    "status": "accepted",
                    "reason": "",
                    "box": [143, 73, 258, 238],
                    "polygon": None,
                    "alternatives": [{"text": "7", "confidence": 0.998}],
                    "characters": [{"text": "7", "confidence": 0.998, "box": [143, 73, 258, 238]}],
                    "model": "digits 1.4",
                    "ms": 14.2,
                }
            ],
        }
    ],
    "ms": 14.3,
    "models": {"digits": "1.4"},
    "normalizer": "ink-1",
}
_PAGES = {
    "type": "object",
    "required": ["pages", "ms", "models", "normalizer"],
    "properties": {
        "pages": {"type": "array", "minItems": 1, "items": {"type": "object"}},
        "looks": {"type": "array", "items": {"type": "object"}},
        "textbook": {"type": "object"},
        "ms": {"type": "number", "description": "Milliseconds of reading."},
        "models": {"type": "object", "description": "Versions of the models that read, by name."},
        "normalizer": {"type": "string", "description": "Version of the normaliser."},
    },
}
_ERROR = {
    "application/json": {
        "schema": {
            "type": "object",
            "required": ["error"],
            "properties": {"error": {"type": "string"}},
            "additionalProperties": False,
        },
        "example": {
            "error": "kind is 'digt'; expected one of auto, digit, line, note; did you mean 'digit'?"
        },
    }
}
_WHY = {
    400: "The query or the form is wrong; the line says what would be right.",
    401: "A token is needed.",
    403: "Another site's page made the request.",
    406: "Nothing in Accept is written here.",
    408: "The request did not come in time.",
    413: "Too many bytes, files, pages or pixels.",
    415: "The body is no form and no picture, or needs a library that is not installed.",
    421: "The Host header does not name this service.",
    422: "No file could be opened as a picture.",
    429: "Too many requests from one client; see Retry-After.",
    503: "All readers are busy; see Retry-After.",
    504: "Reading took too long and was stopped.",
}


def _errors(*codes: int) -> dict[int | str, dict[str, Any]]:
    return {code: {"description": _WHY[code], "content": _ERROR} for code in codes}


def _json(about: str, schema: dict[str, Any], example: Any) -> dict[int | str, dict[str, Any]]:
    return {200: {"description": about, "content": {MEDIA["json"]: {"schema": schema, "example": example}}}}


_OUTPUTS = {
    media.partition(";")[0]: {"schema": {"type": "string"}} for name, media in MEDIA.items() if name != "json"
}
_READ_200 = _json("The readings, page by page.", _PAGES, _EXAMPLE)
_READ_200[200]["content"] |= _OUTPUTS | {"application/zip": {"schema": _FILE}}
_LOOK_EXAMPLE = {
    **_EXAMPLE,
    "looks": [
        {"title": "ink", "png": "iVBORw0...", "box": None},
        {"title": "what the network gets", "png": "iVBORw0...", "box": [143, 73, 258, 238]},
    ],
    "textbook": {"text": "3", "confidence": 0.61, "png": "iVBORw0..."},
}
_GUARDED = (401, 403, 421, 429)
_READING = (400, *_GUARDED, 408, 413, 415, 422, 503, 504)

READ: dict[str, Any] = {
    "summary": "Read pictures of handwriting",
    "description": "One file or several, pictures or PDF. A file that cannot be opened among others is a "
    "page with one failed reading. Several pages in a format of one page a file come as a ZIP.",
    "openapi_extra": {"parameters": _OF_READ, "requestBody": _BODY},
    "responses": {**_READ_200, **_errors(*sorted((*_READING, 406)))},
}
LOOK: dict[str, Any] = {
    "summary": "Read one picture, and show what was seen on the way",
    "description": "Of several pages the first. Pictures are PNG in base64.",
    "openapi_extra": {"parameters": _PARAMETERS, "requestBody": _BODY},
    "responses": {
        **_json("The readings, the ink, and what the network was given.", _PAGES, _LOOK_EXAMPLE),
        **_errors(*sorted(_READING)),
    },
}
LEARN: dict[str, Any] = {
    "summary": "Learn a blank form, or check a template",
    "description": "A blank form as `files` (PDF, or a scan) gives the template of what was found on it, "
    "with pictures of its pages (PNG in base64). A part `template` instead (TOML, or JSON of the same "
    "values), with the files that it names as parts `blank`, is checked and given back as both.",
    "openapi_extra": {
        "requestBody": {
            "required": True,
            "description": "A blank form: part `files`, or the body itself; or a `template` and `blank`.",
            "content": {
                "multipart/form-data": {"schema": {**_FORM, "required": []}},
                "application/pdf": {"schema": _FILE},
                "image/*": {"schema": _FILE},
            },
        }
    },
    "responses": {
        **_json(
            "The template as values and as TOML, how each field was found, and the pages.",
            {
                "type": "object",
                "required": ["template", "toml", "kinds", "pages"],
                "properties": {
                    "template": {"type": "object"},
                    "toml": {"type": "string"},
                    "kinds": {"type": "array", "items": {"type": "string"}},
                    "pages": {"type": "array", "items": {"type": "object"}},
                },
            },
            {
                "template": {"name": "slip", "pages": [], "fields": []},
                "toml": 'name = "slip"',
                "kinds": ["boxes"],
                "pages": [{"width": 210, "height": 297, "reference": "slip-1.png", "png": "iVBORw0..."}],
            },
        ),
        **_errors(*sorted(_READING)),
    },
}
KINDS: dict[str, Any] = {
    "summary": "What can be read here, and how much at once",
    "responses": {
        **_json(
            "Kinds, formats (of fields; none where kind field is not read), languages, outputs, models with "
            "their versions and normalisers, and limits.",
            {
                "type": "object",
                "required": [
                    "version",
                    "kinds",
                    "kinds_without_model",
                    "forms",
                    "formats",
                    "charsets",
                    "languages",
                    "outputs",
                    "models",
                    "normalizers",
                    "limits",
                    "lan",
                    "you",
                ],
            },
            {
                "version": "0.1.0",
                "kinds": ["auto", "digit", "character", "field", "line", "mail", "note", "check"],
                "kinds_without_model": [],
                "forms": True,
                "formats": [
                    "any",
                    "us_zip",
                    "us_zip4",
                    "digits",
                    "amount",
                    "date",
                    "phone",
                    "routing",
                    "luhn",
                ],
                "charsets": ["digits", "upper", "lower", "letters", "alnum"],
                "languages": ["auto", "en", "fr", "none"],
                "outputs": list(MEDIA),
                "models": {
                    "characters": "0.1",
                    "digits": "1.4",
                    "fields": "0.2",
                    "lines": "0.3",
                    "textbook": "1.0",
                },
                "normalizers": {
                    "characters": "ink-1",
                    "digits": "ink-1",
                    "fields": "strip-1",
                    "lines": "strip-1",
                    "textbook": "textbook",
                },
                "limits": {"body_mb": 40.0, "files": 20, "pages": 50, "megapixels": 50.0, "seconds": 60.0},
                "lan": False,
                "you": "owner",
            },
        ),
        **_errors(*_GUARDED, 503),
    },
}
HEALTH: dict[str, Any] = {
    "summary": "Whether the service is up; needs no token",
    "responses": {
        **_json(
            'status is "starting" until the first reader has loaded its models, then "ready".',
            {"type": "object", "required": ["status", "version", "readers", "busy"]},
            {"status": "ready", "version": "0.1.0", "readers": 2, "busy": 0},
        ),
        **_errors(403, 421, 429),
    },
}
