"""Numbers with a check digit: whether it is right, and whether a number begun can still come out right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from inkread.formats.automaton import Automaton

__all__ = ["Checked", "luhn_is_right", "routing_is_right"]


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """Numbers of a pattern whose check holds.

    Whatever the digits before it, one last digit always makes the check hold; so a number begun can end well
    unless it is already as long as it may be.

    Attributes:
        pattern: what the number looks like.
        most: digits of the longest.
        check: whether all of a number's digits go together.
    """

    pattern: Automaton
    most: int
    check: Callable[[str], bool]

    def begins(self, text: str) -> bool:
        """Whether some right number begins so."""
        return self.pattern.begins(text) and (len(text) < self.most or self.check(text))

    def accepts(self, text: str) -> bool:
        """Whether this is a right number."""
        return self.pattern.accepts(text) and self.check(text)


def routing_is_right(digits: str) -> bool:
    """Whether the check digit of an ABA routing number is right.

    Source: American Bankers Association, Routing Number Administrative Board: weights 3, 7, 1, modulus 10.

    Example:
        >>> routing_is_right("011000015"), routing_is_right("011000016")
        (True, False)
    """
    return sum(int(c) * (3, 7, 1)[k % 3] for k, c in enumerate(digits)) % 10 == 0


def luhn_is_right(digits: str) -> bool:
    """Whether the last digit of a number is the check digit of those before it.

    Source: Luhn, US patent 2,950,048, 1960; ISO/IEC 7812-1, annex B.

    Example:
        >>> luhn_is_right("79927398713"), luhn_is_right("79927398710")
        (True, False)
    """
    doubled = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
    digit = [int(c) for c in reversed(digits)]
    return (sum(digit[0::2]) + sum(doubled[d] for d in digit[1::2])) % 10 == 0
