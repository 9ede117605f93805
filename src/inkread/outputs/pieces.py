"""Mail as a table: one row a piece, ready to sort by, whatever could be read of it.

In: `Page`s of kind "mail", whose readings have names. Out: rows of texts and numbers in the order of
`COLUMNS`. Confidence, status and reason are those of the ZIP, and the box is where it stands.
"""

from __future__ import annotations

import json
from dataclasses import replace

from inkread.types import Page, Reading

__all__ = ["COLUMNS", "is_mail", "main_reading", "row", "shown"]

KIND = "mail"
COLUMNS = (
    "source",
    "page",
    "prefix",
    "zip",
    "zip4",
    "state",
    "city",
    "confidence",
    "status",
    "reason",
    "state_written",
    "address",
    "box",
    "model",
    "ms",
)
"""Names of the columns."""
_LINE = "line "


def is_mail(page: Page) -> bool:
    """Whether a page is a piece of mail."""
    return page.kind == KIND


def main_reading(page: Page) -> Reading:
    """The reading that stands for a piece: its ZIP, or why there is none."""
    return next((r for r in page if r.name == "zip"), page[0])


def shown(page: Page) -> tuple[Reading, ...]:
    """The readings that a row each is printed for: all of a page; of a piece of mail its ZIP, or ZIP+4."""
    if not is_mail(page):
        return page.readings
    main = main_reading(page)
    longer = next((r.text for r in page if r.name == "zip4"), main.text)
    return (replace(main, text=longer),)


def row(page: Page) -> list[str | int | float | None]:
    """A piece as cells in the order of `COLUMNS`.

    Args:
        page: a piece; of another page what it says goes under "address".
    """
    named = {r.name: r.text for r in page if r.name}
    main = main_reading(page)
    lines = [r.text for r in page if is_mail(page) and (r.name or "").startswith(_LINE)]
    told = {
        **named,
        "source": page.source,
        "page": page.page,
        "zip": named.get("zip", ""),
        "confidence": round(main.confidence, 6),
        "status": main.status,
        "reason": main.reason,
        "address": "\n".join(lines) if is_mail(page) else page.text,
        "box": json.dumps(main.box.to_list()) if main.box else "null",
        "model": main.model,
        "ms": round(main.ms, 2),
    }
    return [told.get(column, "") for column in COLUMNS]
