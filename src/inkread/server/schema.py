"""What the OpenAPI description says of each route: parameters, bodies and answers, with examples."""

from __future__ import annotations

from typing import Any

__all__ = ["HEALTH", "KINDS", "LOOK", "READ"]

READ: dict[str, Any] = {}
LOOK: dict[str, Any] = {}
KINDS: dict[str, Any] = {}
HEALTH: dict[str, Any] = {}
