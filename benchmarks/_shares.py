"""Shares with their intervals, for people: what the benchmarks of mail, checks and forms print."""

from __future__ import annotations

from typing import Any


def shown(value: Any) -> str:
    """A figure: a share with its interval, how many, and its upper bound where it has one; or a number."""
    if not isinstance(value, dict):
        return f"{value:.3f}" if isinstance(value, float) else str(value)
    if value["share"] is None:
        return "none of these"
    low, high = value["ci95"]
    bound = f"   upper bound {100 * value['upper95']:.2f}" if "upper95" in value else ""
    return f"{100 * value['share']:6.2f} %  {100 * low:6.2f} to {100 * high:6.2f}  n = {value['n']}{bound}"
