"""Labels that a large enough turn makes of one another: a 6 upside down is a 9, a + leaning is an x.

Whoever turns training pictures further than half way between the two teaches the network the wrong label. No
picture is ever mirrored here at all, so only turns need guarding.
"""

from __future__ import annotations

from collections.abc import Iterable

from inkread.errors import UsageError, nearest

__all__ = ["GUARDS", "cap", "held_by"]

GUARDS = {
    **dict.fromkeys(("6/9", "W/M", "w/m", "u/n", "d/p", "b/q", "h/y"), 45.0),
    **dict.fromkeys(("Z/N", "z/N", "C/U", "c/u", "</>", "∧/∨", "∪/∩", "⊂/⊃", "↑/→", "↑/↓", "←/→"), 30.0),
    **dict.fromkeys(("+/x", "+/×", "-/|", "—/|", "−/|", "-//", "|//", "1//", "l//"), 15.0),
}
"""Pairs "one/other", and the degrees, to either side, that keep them apart: well under half of the turn that
makes one of the other (180, 90 and 45 degrees)."""


def held_by(labels: Iterable[str]) -> frozenset[str]:
    """Name the guarded pairs that a set of labels holds in full.

    Args:
        labels: texts of the classes.

    Returns:
        Keys of `GUARDS`.

    Example:
        >>> held_by("0123456789")
        frozenset({'6/9'})
    """
    have = frozenset(labels)
    return frozenset(pair for pair in GUARDS if {pair[0], pair[2]} <= have)


def cap(guards: Iterable[str]) -> float:
    """Say how far pictures may be turned under some guards.

    Args:
        guards: keys of `GUARDS`.

    Returns:
        Degrees, to either side; 180 under no guard.

    Raises:
        UsageError: a guard is not known.
    """
    known = {pair: degrees for name, degrees in GUARDS.items() for pair in (name, name[::-1])}
    for pair in guards:
        if pair not in known:
            near = nearest(pair, list(GUARDS))
            raise UsageError(f"there is no guard {pair!r}{near}; expected some of {', '.join(GUARDS)}, or ()")
    return min((known[pair] for pair in guards), default=180.0)
