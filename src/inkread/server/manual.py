"""The description of the REST interface as a page for people: plain HTML, no script, works offline."""

from __future__ import annotations

import json
from html import escape
from typing import Any

__all__ = ["manual"]

_TRY = {
    "/v1/read": (
        "curl -F files=@seven.jpg '{base}/v1/read?kind=digit'",
        "curl -F files=@a.jpg -F files=@b.pdf '{base}/v1/read?output=csv' -o readings.csv",
        "curl -F files=@slip.jpg -F template=@slip.toml -F blank=@slip.pdf '{base}/v1/read?kind=form'",
        "curl -H 'Content-Type: image/jpeg' --data-binary @note.jpg '{base}/v1/read?kind=note&output=txt'",
    ),
    "/v1/look": ("curl -F files=@seven.jpg {base}/v1/look",),
    "/v1/form/learn": ("curl -F files=@blank.pdf {base}/v1/form/learn",),
    "/v1/kinds": ("curl {base}/v1/kinds",),
    "/healthz": ("curl {base}/healthz",),
}


def manual(described: dict[str, Any], base: str, *, needs_token: bool) -> str:
    """Write the page.

    Args:
        described: the OpenAPI description.
        base: the service's address, for the examples.
        needs_token: whether clients must show one.
    """
    info = described["info"]
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        "<title>inkread: the REST interface</title>",
        '<link rel="icon" href="/static/icon.svg">',
        '<link rel="stylesheet" href="/static/css/manual.css"></head>',
        f"<body><main><h1>inkread {escape(info['version'])}: the REST interface</h1>",
        f"<p>{escape(info['summary'])} ",
        "Every error is <code>{&quot;error&quot;: ...}</code>, one line. ",
        'For programs: <a href="/v1/openapi.json">/v1/openapi.json</a>. ',
        'The application: <a href="/">the page</a>.</p>',
    ]
    if needs_token:
        parts.append("<p>Clients show the token: <code>Authorization: Bearer TOKEN</code>.</p>")
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            parts += _operation(method.upper(), path, operation, base)
    return "".join([*parts, "</main></body></html>"])


def _operation(method: str, path: str, operation: dict[str, Any], base: str) -> list[str]:
    parts = [f"<section><h2><code>{method} {escape(path)}</code></h2><p>{escape(operation['summary'])}.</p>"]
    if operation.get("description"):
        parts.append(f"<p>{escape(operation['description'])}</p>")
    if operation.get("parameters"):
        parts.append("<h3>Query</h3><table><tr><th>name</th><th>what</th><th>values</th></tr>")
        parts += [_parameter(parameter) for parameter in operation["parameters"]]
        parts.append("</table>")
    if "requestBody" in operation:
        told = operation["requestBody"]
        media = ", ".join(f"<code>{escape(name)}</code>" for name in told["content"])
        parts.append(f"<h3>Body</h3><p>{escape(told['description'])} {media}</p>")
    lines = "\n".join(line.format(base=base) for line in _TRY.get(path, ()))
    parts.append(f"<h3>Try it</h3><pre>{escape(lines)}</pre><h3>Answers</h3><dl>")
    for code, answer in operation["responses"].items():
        parts.append(f"<dt>{code}</dt><dd>{escape(answer['description'])}{_example(answer, code)}</dd>")
    return [*parts, "</dl></section>"]


def _parameter(parameter: dict[str, Any]) -> str:
    schema = parameter["schema"]
    values = ", ".join(schema["enum"]) if "enum" in schema else f"{schema['type']}{_range(schema)}"
    if "default" in schema:
        values += f"; by default {schema['default']}"
    name, about = escape(parameter["name"]), escape(parameter["description"])
    return f"<tr><td><code>{name}</code></td><td>{about}</td><td>{escape(values)}</td></tr>"


def _range(schema: dict[str, Any]) -> str:
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    return "" if low is None else f" from {low} to {high}"


def _example(answer: dict[str, Any], code: str) -> str:
    """The example of a good answer; errors all look alike."""
    if code != "200":
        return ""
    media = ", ".join(f"<code>{escape(name)}</code>" for name in answer["content"])
    shown = json.dumps(answer["content"]["application/json"]["example"], indent=2)
    return f" {media}<pre>{escape(shown)}</pre>"
