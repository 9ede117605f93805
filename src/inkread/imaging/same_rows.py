"""Which rows of two looks at one picture are the same, and how much two boxes share.

In: boxes, (left, top, right, bottom) in pixels, right and bottom exclusive.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["Bounds", "same_rows", "shared"]

Bounds = tuple[float, float, float, float]
_SAME = 0.4
"""Two looks show the same row where their boxes share so much of what both cover."""


def shared(a: Bounds, b: Bounds) -> float:
    """Which share of the smaller box lies in the other one.

    Example:
        >>> shared((0, 0, 10, 10), (5, 0, 9, 10))
        1.0
    """
    return _common(a, b) / max(1.0, min(_area(a), _area(b)))


def same_rows(first: Sequence[Bounds], second: Sequence[Bounds]) -> list[tuple[int, int]]:
    """Pair the rows of two looks, those that share the most first.

    Args:
        first: the boxes of one look.
        second: of the other.

    Returns:
        (number in the first, number in the second), each row in one pair at most.

    Example:
        >>> same_rows([(0, 0, 90, 20), (0, 40, 90, 60)], [(2, 39, 90, 61)])
        [(1, 0)]
    """
    found = sorted(
        ((_overlap(a, b), -i, -j) for i, a in enumerate(first) for j, b in enumerate(second)), reverse=True
    )
    pairs: list[tuple[int, int]] = []
    for share, i, j in found:
        if share >= _SAME and all(-i != one and -j != other for one, other in pairs):
            pairs.append((-i, -j))
    return pairs


def _overlap(a: Bounds, b: Bounds) -> float:
    common = _common(a, b)
    return common / max(1.0, _area(a) + _area(b) - common)


def _common(a: Bounds, b: Bounds) -> float:
    return max(0.0, min(a[2], b[2]) - max(a[0], b[0])) * max(0.0, min(a[3], b[3]) - max(a[1], b[1]))


def _area(box: Bounds) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])
