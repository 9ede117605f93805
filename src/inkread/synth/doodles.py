"""Things people draw that are no digits: line icons, scribbles, strike-outs, box corners; all as lines.

Lines are `(n, 2)` arrays of (x, y), y downwards, in units of the drawing's height. A bare circle is not
among them: it is a zero.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

__all__ = ["CORNERS", "ICONS", "SCRIBBLES", "corner", "icon", "strike"]

Lines = list[np.ndarray]
_Points = tuple[tuple[float, float], ...]


def _arc(x: float, y: float, rx: float, ry: float, turn: tuple[float, float] = (0.0, 360.0)) -> np.ndarray:
    """Part of an ellipse, degrees clockwise from the right."""
    t = np.deg2rad(np.linspace(*turn, 28))
    return np.stack([x + rx * np.cos(t), y + ry * np.sin(t)], 1)


def _star() -> Lines:
    t = -np.pi / 2 + np.arange(6) * 4 * np.pi / 5
    return [np.stack([0.5 + 0.5 * np.cos(t), 0.5 + 0.5 * np.sin(t)], 1)]


def _outline_star() -> Lines:
    t = -np.pi / 2 + np.arange(11) * np.pi / 5
    r = np.where(np.arange(11) % 2, 0.2, 0.5)
    return [np.stack([0.5 + r * np.cos(t), 0.5 + r * np.sin(t)], 1)]


def _heart() -> Lines:
    t = np.linspace(0, 2 * np.pi, 40)
    x = 16 * np.sin(t) ** 3
    y = 13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)
    return [np.stack([0.5 + x / 32, 0.45 - y / 32], 1)]


def _flower() -> Lines:
    turns = np.arange(6) * np.pi / 3
    petals = [_arc(0.5 + 0.24 * np.cos(t), 0.3 + 0.24 * np.sin(t), 0.12, 0.12) for t in turns]
    return [_arc(0.5, 0.3, 0.13, 0.13), *petals, np.array([(0.5, 0.54), (0.5, 1.0)])]


def _sun() -> Lines:
    turns = np.arange(8) * np.pi / 4
    rays = [np.array([[0.5 + r * np.cos(t), 0.5 + r * np.sin(t)] for r in (0.3, 0.5)]) for t in turns]
    return [_arc(0.5, 0.5, 0.22, 0.22), *rays]


def _cloud() -> Lines:
    return [
        np.concatenate(
            [
                _arc(0.25, 0.6, 0.2, 0.2, (90, 270)),
                _arc(0.5, 0.4, 0.25, 0.25, (190, 340)),
                _arc(0.78, 0.6, 0.2, 0.2, (-80, 90)),
            ]
            + [np.array([(0.78, 0.8), (0.25, 0.8)])]
        )
    ]


def _drawn(*strokes: _Points) -> Callable[[], Lines]:
    """A maker of straight-lined drawings."""
    return lambda: [np.array(stroke, float) for stroke in strokes]


ICONS: dict[str, Callable[[], Lines]] = {
    "star": _star,
    "outline star": _outline_star,
    "arrow": _drawn(((0, 0.5), (1.0, 0.5)), ((0.65, 0.2), (1.0, 0.5), (0.65, 0.8))),
    "heart": _heart,
    "flower": _flower,
    "sun": _sun,
    "cloud": _cloud,
    "house": _drawn(
        ((0.1, 0.45), (0.1, 1), (0.9, 1), (0.9, 0.45)),
        ((0, 0.5), (0.5, 0), (1, 0.5)),
        ((0.4, 1), (0.4, 0.65), (0.6, 0.65), (0.6, 1)),
    ),
    "cup": lambda: [
        np.array([(0.1, 0.1), (0.16, 0.95), (0.64, 0.95), (0.7, 0.1), (0.1, 0.1)]),
        _arc(0.7, 0.48, 0.24, 0.22, (-80, 80)),
    ],
    "smiley": lambda: [
        _arc(0.5, 0.5, 0.5, 0.5),
        _arc(0.33, 0.36, 0.04, 0.05),
        _arc(0.67, 0.36, 0.04, 0.05),
        _arc(0.5, 0.55, 0.27, 0.22, (20, 160)),
    ],
    "tree": lambda: [
        np.array([(0.36, 0.66), (0.36, 1.0), (0.64, 1.0), (0.64, 0.66)]),
        _arc(0.3, 0.45, 0.26, 0.24, (60, 300)),
        _arc(0.5, 0.25, 0.28, 0.25, (170, 370)),
        _arc(0.7, 0.45, 0.26, 0.24, (-110, 120)),
        np.array([(0.36, 0.66), (0.64, 0.66)]),
    ],
    "fir": _drawn(
        ((0.5, 0), (0.2, 0.4), (0.36, 0.4), (0.08, 0.8), (0.92, 0.8), (0.64, 0.4), (0.8, 0.4), (0.5, 0)),
        ((0.5, 0.8), (0.5, 1.0)),
    ),
    "fish": lambda: [
        _arc(0.6, 0.5, 0.6, 0.3),
        np.array([(0.05, 0.5), (-0.25, 0.25), (-0.25, 0.75), (0.05, 0.5)]),
        _arc(0.95, 0.42, 0.03, 0.03),
    ],
    "check": _drawn(((0, 0.55), (0.3, 0.95), (1.0, 0.0))),
    "cross": _drawn(((0, 0), (0.9, 1)), ((0.9, 0), (0, 1))),
    "plus": _drawn(((0, 0.5), (1, 0.5)), ((0.5, 0), (0.5, 1))),
    "equals": _drawn(((0, 0.3), (1, 0.3)), ((0, 0.7), (1, 0.7))),
    "dash": _drawn(((0, 0.5), (1, 0.52))),
    "hash": _drawn(
        ((0.3, 0), (0.2, 1)), ((0.75, 0), (0.65, 1)), ((0, 0.33), (1, 0.33)), ((0, 0.68), (1, 0.68))
    ),
    "asterisk": _drawn(((0.5, 0), (0.5, 1)), ((0.05, 0.25), (0.95, 0.75)), ((0.95, 0.25), (0.05, 0.75))),
    "triangle": _drawn(((0.5, 0), (1, 0.9), (0, 0.9), (0.5, 0))),
    "square": _drawn(((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))),
    "crossed square": _drawn(((0, 0), (1, 0), (1, 1), (0, 1), (0, 0)), ((0, 0), (1, 1)), ((1, 0), (0, 1))),
    "diamond": _drawn(((0.5, 0), (0.95, 0.5), (0.5, 1), (0.05, 0.5), (0.5, 0))),
    "lightning": _drawn(
        ((0.55, 0), (0.1, 0.55), (0.5, 0.5), (0.3, 1), (0.9, 0.38), (0.5, 0.42), (0.75, 0), (0.55, 0))
    ),
    "envelope": _drawn(((0, 0), (1.4, 0), (1.4, 1), (0, 1), (0, 0)), ((0, 0), (0.7, 0.55), (1.4, 0))),
    "clock": lambda: [_arc(0.5, 0.5, 0.5, 0.5), np.array([(0.5, 0.15), (0.5, 0.5), (0.75, 0.62)])],
    "eye": lambda: [
        _arc(0.6, 0.7, 0.6, 0.45, (200, 340)),
        _arc(0.6, 0.35, 0.6, 0.45, (20, 160)),
        _arc(0.6, 0.52, 0.14, 0.14),
    ],
    "umbrella": lambda: [
        np.concatenate([_arc(0.5, 0.45, 0.5, 0.45, (180, 360)), np.array([(1.0, 0.45), (0.0, 0.45)])]),
        np.concatenate([np.array([(0.5, 0.45), (0.5, 0.88)]), _arc(0.4, 0.88, 0.1, 0.12, (0, 160))]),
    ],
    "person": lambda: [
        _arc(0.4, 0.14, 0.14, 0.14),
        np.array([(0.4, 0.28), (0.4, 0.64)]),
        np.array([(0.08, 0.42), (0.72, 0.42)]),
        np.array([(0.1, 1), (0.4, 0.64), (0.7, 1)]),
    ],
    "flag": _drawn(((0.1, 0), (0.1, 1)), ((0.1, 0.02), (0.8, 0.12), (0.1, 0.5))),
    "stairs": _drawn(
        ((0, 1), (0.25, 1), (0.25, 0.66), (0.5, 0.66), (0.5, 0.33), (0.75, 0.33), (0.75, 0), (1, 0))
    ),
    "zigzag": _drawn(((0, 0.7), (0.2, 0.3), (0.4, 0.7), (0.6, 0.3), (0.8, 0.7), (1.0, 0.3), (1.2, 0.7))),
    "target": lambda: [_arc(0.5, 0.5, 0.5, 0.5), _arc(0.5, 0.5, 0.3, 0.3), _arc(0.5, 0.5, 0.1, 0.1)],
    "venn": lambda: [_arc(0.5, 0.5, 0.5, 0.5), _arc(1.05, 0.5, 0.5, 0.5)],
    "window": _drawn(
        ((0, 0), (0.9, 0), (0.9, 1), (0, 1), (0, 0)), ((0.45, 0), (0.45, 1)), ((0, 0.5), (0.9, 0.5))
    ),
    "wave": lambda: [np.stack([np.linspace(0, 2, 40), 0.5 + 0.3 * np.sin(np.linspace(0, 12.6, 40))], 1)],
}
"""Name -> maker of the lines."""

CORNERS: dict[str, Callable[[], Lines]] = {
    "bottom left": _drawn(((0, -0.2), (0, 1), (1.2, 1))),
    "bottom right": _drawn(((1, -0.2), (1, 1), (-0.2, 1))),
    "top left": _drawn(((0, 1.2), (0, 0), (1.2, 0))),
    "tee left": _drawn(((1, 0), (1, 1)), ((0, 0.5), (1, 0.5))),
    "tee right": _drawn(((0, 0), (0, 1)), ((0, 0.5), (1, 0.5))),
    "tee up": _drawn(((0, 1), (1.2, 1)), ((0.6, 0), (0.6, 1))),
    "crossing": _drawn(((0.5, 0), (0.5, 1)), ((0, 0.5), (1, 0.5))),
    "comb": _drawn(((0, 0.3), (0, 1), (0.7, 1), (0.7, 0.3)), ((0.7, 1), (1.4, 1), (1.4, 0.3))),
    "open box": _drawn(((0, 0), (0, 1), (0.9, 1), (0.9, 0))),
}
"""What is left of printed boxes; those that look like a 7 or a T are not in it."""


def icon(name: str, rng: np.random.Generator) -> Lines:
    """A doodle, shaken and turned a little, as a hand draws it."""
    return _by_hand(ICONS[name](), 0.022, rng)


def corner(rng: np.random.Generator) -> Lines:
    """A bit of a printed box."""
    names = list(CORNERS)
    return _by_hand(CORNERS[names[int(rng.integers(len(names)))]](), 0.004, rng)


def _by_hand(lines: Lines, shaking: float, rng: np.random.Generator) -> Lines:
    """Lines with dense points, slow errors, another width and slant."""
    wide, slant = rng.uniform(0.75, 1.3), rng.normal(0, 0.1) if shaking > 0.01 else 0.0
    turn = np.array([[wide, 0.0], [-slant, 1.0]])
    out = []
    for line in (_at(line, 8 * len(line)) if len(line) < 12 else line for line in lines):
        reach = float(np.ptp(line, 0).max())
        knots = rng.normal(0, shaking * min(1.0, reach / 0.8), (5, 2))
        out.append((line + _at(knots, len(line)) + rng.normal(0, shaking / 3, 2)) @ turn)
    return out


def _curve(points: np.ndarray, samples: int) -> np.ndarray:
    """A smooth curve near the points (repeated averaging)."""
    for _ in range(3):
        points = np.repeat(points, 2, 0)
        points = np.vstack([points[:1], (points[:-1] + points[1:]) / 2, points[-1:]])
    return _at(points, samples)


def _at(points: np.ndarray, samples: int) -> np.ndarray:
    """Evenly many points between the given ones, on straight lines."""
    steps = np.linspace(0, len(points) - 1, samples)
    return np.stack([np.interp(steps, np.arange(len(points)), points[:, axis]) for axis in (0, 1)], 1)


def _spline(rng: np.random.Generator) -> Lines:
    """A wild curve of many turns."""
    points = rng.uniform(0, 1, (int(rng.integers(9, 16)), 2)) * [rng.uniform(0.6, 1.8), 1]
    return [_curve(points, 160)]


def _dense(rng: np.random.Generator) -> Lines:
    """To and fro until the place is covered."""
    turns = int(rng.integers(10, 26))
    x = np.linspace(0, rng.uniform(0.4, 1.5), turns) + rng.normal(0, 0.03, turns)
    y = np.where(np.arange(turns) % 2, 0.0, 1.0) + rng.normal(0, 0.07, turns)
    lean = np.array([[1, 0], [rng.uniform(-0.8, 0.8), 1]])
    return [_curve(np.stack([x, y], 1) @ lean, 240)]


def _spiral(rng: np.random.Generator) -> Lines:
    """Round and round, outwards."""
    t = np.linspace(0, rng.uniform(2.6, 6) * 2 * np.pi, 200) * rng.choice([-1, 1])
    r = 0.5 * np.abs(t) / np.abs(t[-1])
    return [np.stack([0.5 + rng.uniform(0.8, 1.2) * r * np.cos(t), 0.5 + r * np.sin(t)], 1)]


def _loops(rng: np.random.Generator) -> Lines:
    """Loops along a line, as of trying out a pen."""
    t = np.linspace(0, rng.integers(3, 8) * 2 * np.pi, 200)
    step = rng.uniform(0.05, 0.13)
    return [np.stack([step * t + 0.4 * np.sin(t), 0.5 - 0.5 * np.cos(t) + rng.normal(0, 0.02) * t], 1)]


def _tangle(rng: np.random.Generator) -> Lines:
    """Ovals over one another, as of crossing a word out."""
    ovals = [
        _arc(rng.normal(0.7, 0.13), rng.normal(0.5, 0.13), rng.uniform(0.25, 0.75), rng.uniform(0.2, 0.5))
        for _ in range(int(rng.integers(3, 8)))
    ]
    return [np.concatenate(ovals)]


def _ticks(rng: np.random.Generator) -> Lines:
    """Tally marks, struck through."""
    count = int(rng.integers(3, 6))
    bars = [np.array([(0.22 * k, 0), (0.22 * k + rng.normal(0, 0.03), 1)]) for k in range(count)]
    return [*bars, np.array([(-0.15, rng.uniform(0.5, 0.9)), (0.22 * count, rng.uniform(0.1, 0.5))])]


SCRIBBLES: dict[str, Callable[[np.random.Generator], Lines]] = {
    "spline": _spline,
    "dense": _dense,
    "spiral": _spiral,
    "loops": _loops,
    "tangle": _tangle,
    "tally": _ticks,
}
"""Name -> maker of the lines."""


def strike(wide: float, rng: np.random.Generator) -> Lines:
    """Lines that cross a mark out: an X, several bars, or a zigzag over all of it.

    Args:
        wide: width of the mark in units of its height.
        rng: source.
    """
    kind = int(rng.integers(3))
    if kind == 0:
        cross = [np.array([(0, 0.05), (wide, 0.95)]), np.array([(wide, 0.05), (0, 0.95)])]
        return _by_hand(
            [(line - 0.5 * np.array([wide, 1])) * 1.15 + 0.5 * np.array([wide, 1]) for line in cross],
            0.03,
            rng,
        )
    if kind == 1:
        heights = np.linspace(0.25, 0.75, int(rng.integers(2, 5))) + rng.normal(0, 0.04)
        return [
            np.array([(-0.15, y + rng.normal(0, 0.05)), (wide + 0.15, y + rng.normal(0, 0.05))])
            for y in heights
        ]
    turns = int(rng.integers(5, 12))
    x = np.linspace(-0.08, wide + 0.08, turns)
    y = np.where(np.arange(turns) % 2, 0.12, 0.88) + rng.normal(0, 0.06, turns)
    return [_curve(np.stack([x, y], 1), 140)]
