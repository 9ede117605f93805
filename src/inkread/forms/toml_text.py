"""A template as TOML that people like to edit: one line a key, one line a mark or an option, no noise.

In: plain values (dicts, tuples, texts, numbers, truth values), None and defaults left out by the caller. Out:
TOML 1.0 that `tomllib` reads back equal.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

__all__ = ["document"]

_WIDEST = 100


def document(values: Mapping[str, Any]) -> str:
    """Write a document.

    Args:
        values: what is a tuple of dicts becomes `[[name]]` tables; everything else a line before them.
    """
    top = [f"{key} = {_value(value)}" for key, value in values.items() if not _is_tables(value)]
    blocks = ["\n".join(top)]
    for key, value in values.items():
        if _is_tables(value):
            blocks += [_table(key, table) for table in value]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _is_tables(value: Any) -> bool:
    return isinstance(value, tuple | list) and bool(value) and all(isinstance(v, Mapping) for v in value)


def _table(name: str, table: Mapping[str, Any]) -> str:
    return "\n".join([f"[[{name}]]", *(f"{key} = {_value(value)}" for key, value in table.items())])


def _value(value: Any) -> str:
    if _is_tables(value):
        return "[\n" + "".join(f"  {_inline(v)},\n" for v in value) + "]"
    if isinstance(value, Mapping):
        return _inline(value)
    if isinstance(value, tuple | list):
        return _list([_value(v) for v in value])
    return _scalar(value)


def _list(elements: list[str]) -> str:
    """A list on one line, or filled into lines where it is long."""
    line = "[" + ", ".join(elements) + "]"
    if len(line) <= _WIDEST:
        return line
    lines = [""]
    for element in elements:
        if len(lines[-1]) + len(element) > _WIDEST:
            lines.append("")
        lines[-1] += f" {element},"
    return "\n ".join(["[", *lines]) + "\n]"


def _inline(table: Mapping[str, Any]) -> str:
    return "{ " + ", ".join(f"{key} = {_value(value)}" for key, value in table.items()) + " }"


def _scalar(value: str | bool | int | float) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        # JSON's escapes are TOML's, except that TOML wants DEL escaped, too.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e9:
        return str(int(value))
    return repr(value)
