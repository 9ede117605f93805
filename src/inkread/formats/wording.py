"""Why a text is not what a field holds, in words."""

from __future__ import annotations

__all__ = ["counted", "in_words"]

_NUMBERS = (
    *("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)


def in_words(number: int) -> str:
    """A number in words up to nineteen, in figures above."""
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


def counted(text: str, *, what: str, least: int, most: int | None, signs: str = "") -> str:
    """Why a text is not so many digits.

    Args:
        text: what was read.
        what: what it should be, such as "a ZIP".
        least: digits that it has at least.
        most: digits that it has at most; None for any number.
        signs: what may stand between them.

    Example:
        >>> counted("0213", what="a ZIP", least=5, most=5)
        'four digits, a ZIP has five'
    """
    strange = next((c for c in text if not c.isdigit() and c not in signs), "")
    if strange:
        return f"{strange!r} is no digit{' and no sign' if signs else ''} of {what}"
    digits = sum(c.isdigit() for c in text)
    if digits >= least and (most is None or digits <= most):
        return f"its digits and signs do not stand as in {what}"
    asked = in_words(least) if most in (least, None) else f"{in_words(least)} to {in_words(most or 0)}"
    return f"{in_words(digits)} digit{'' if digits == 1 else 's'}, {what} has {asked}"
