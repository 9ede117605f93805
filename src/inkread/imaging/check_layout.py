"""Where things stand on a bank check of the United States: known by its rules, whatever bank printed it.

In: a photo or a scan of one check, RGB, uint8 `(height, width, 3)`, lying any way. Out: the check flat and
upright, and the places of its date, payee and two amounts. All such checks have a rule for the payee and a
longer one for the amount in words right below it; the amount in figures stands at the end of the former, the
date above it, memo and signature side by side at the bottom. Where no two rules stand so, it is no check.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.imaging.flat_sheet import Flat, flat_sheet, standing_out, turned

__all__ = ["CheckLayout", "Rule", "find_check"]

Place = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels of the flat check."""
_WORK = 1100
"""Width, in pixels, at which rules are looked for."""
_SHORTEST = 0.035
"""A piece of a rule, between two strokes across it, as a share of the width."""
_GAP, _LEVEL = 0.02, 0.006
"""Pieces of one rule are at most so far apart, and on one line to within this, as shares of the width."""
_LEAST_RULE = 0.09
"""The shortest rule, as a share of the width."""
_MERGED, _AMOUNT = 0.84, 0.77
"""A payee's rule that ends behind the one share of the width has run into the amount's, which begins at the
other."""
_DARKER = 10.0
"""A rule is darker than the paper around it by so many levels of 255."""
_AROUND, _OUT_OF_GRAIN = 15, 5.0
"""A rule stands out of the grain around it so many times as far as half of that does; around is so many times
four pixels wide."""
_LEAN = 0.2
"""Degrees: a check that leans less is not turned."""
_ENOUGH, _POOR = 1.2, 2.2
"""The score of a check at least, and one below which it is looked for once more; where all rules stand as
usual it is 3 and more."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A printed rule: its ends, and its height at them, in pixels of the flat check."""

    left: float
    right: float
    y: float

    @property
    def length(self) -> float:
        """Pixels from end to end."""
        return self.right - self.left


@dataclass(frozen=True, slots=True, eq=False)
class CheckLayout:
    """A check, flat and upright.

    Attributes:
        flat: the picture of it, and the way back.
        places: "date" (where it has a rule), "payee", "courtesy", "legal" -> where it is written.
        rules: of places that have one to be written on, how far from the top it lies, pixels.
        pitch: pixels from the rule of the payee to that of the words.
        score: how much it is like a check, up to 4.
    """

    flat: Flat
    places: dict[str, Place]
    rules: dict[str, float]
    pitch: float
    score: float


@dataclass(frozen=True, slots=True)
class _Pair:
    """The rules of the payee and of the words, of the date, and how like a check's they stand."""

    payee: Rule
    legal: Rule
    date: Rule | None
    score: float


def find_check(rgb: NDArray[np.uint8]) -> CheckLayout | None:
    """Find a check and the places on it.

    Args:
        rgb: `(height, width, 3)`.

    Returns:
        The check; None where what is there does not have a check's rules.
    """
    sheet = flat_sheet(rgb)
    best = _best(sheet)
    if best is None or best.score < _POOR:  # what was cut out may be no check, or more, or less
        others = [standing_out(rgb), *([Flat(rgb, np.eye(3), False)] if sheet.is_cut else [])]
        ways = [best, *(_best(other) for other in others if other.is_cut or sheet.is_cut)]
        best = max((way for way in ways if way), key=lambda way: way.score, default=None)
    return best if best is not None and best.score >= _ENOUGH else None


def _best(sheet: Flat) -> CheckLayout | None:
    """The likeliest of the two ways up: a check is wider than high."""
    height, width = sheet.rgb.shape[:2]
    layouts = [_layout(_level(turned(sheet, k))) for k in ((0, 2) if width >= height else (1, 3))]
    return max((found for found in layouts if found), key=lambda found: found.score, default=None)


def _level(flat: Flat) -> Flat:
    """The sheet turned so that its rules are level."""
    height, width = flat.rgb.shape[:2]
    lean = _lean(flat.rgb)
    if abs(lean) < _LEAN:
        return flat
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), lean, 1.0)
    rgb = cv2.warpAffine(
        flat.rgb, turn, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    back = np.linalg.inv(np.vstack([turn, [0, 0, 1]]))
    return Flat(np.asarray(rgb, np.uint8), flat.to_picture @ back, flat.is_cut)


def _lean(rgb: NDArray[np.uint8]) -> float:
    """How far the rules lean, degrees clockwise; 0 where there are none."""
    gray = _reduced(rgb)
    width = gray.shape[1]
    mask = _stripes(gray, round(_SHORTEST * width / 2))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    slopes: list[tuple[float, float]] = []
    for k in range(1, count):
        left, top, wide, high, _ = stats[k].tolist()
        if wide < 0.1 * width or high > 0.25 * wide:
            continue
        y, x = np.nonzero(labels[top : top + high, left : left + wide] == k)
        slopes.append((float(np.polyfit(x, y, 1)[0]), float(wide)))
    slopes.sort()
    weights = np.cumsum([wide for _, wide in slopes])
    if not slopes:
        return 0.0
    return float(np.rad2deg(np.arctan(slopes[int(np.searchsorted(weights, weights[-1] / 2))][0])))


def _reduced(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The sheet in grey, at the width at which rules are looked for."""
    gray = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    factor = min(1.0, _WORK / rgb.shape[1])
    return np.asarray(
        cv2.resize(gray, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA) if factor < 1 else gray,
        np.uint8,
    )


def _stripes(gray: NDArray[np.uint8], run: int) -> NDArray[np.uint8]:
    """Where something thin and at least `run` pixels long is darker than what is above and below it."""
    reach = max(7, round(0.011 * gray.shape[1])) | 1
    dark = cv2.morphologyEx(gray, cv2.MORPH_BLACKHAT, np.ones((reach, 1), np.uint8))
    broad = cv2.dilate(dark, np.ones((3, 1), np.uint8))
    joined = cv2.morphologyEx(broad, cv2.MORPH_CLOSE, np.ones((1, 3), np.uint8))
    # What is least dark on the way counts: the pattern of safety paper comes and goes.
    runs = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, run), np.uint8))
    paper = cv2.blur(cv2.dilate(gray, np.ones((reach, reach), np.uint8)), (31, 31))
    least = np.maximum(4.0, _DARKER * paper.astype(np.float32) / 255)
    return np.asarray(runs > np.maximum(least, _grain(runs)), np.uint8)


def _grain(runs: NDArray[np.uint8]) -> NDArray[np.float32]:
    """How dark the grain of a dark photo makes such runs, as float32 of the same size."""
    some = np.ascontiguousarray(runs[::4, ::4])
    usual = cv2.medianBlur(some, _AROUND)
    off = cv2.medianBlur(cv2.absdiff(some, usual), _AROUND)
    dark = usual + _OUT_OF_GRAIN * off.astype(np.float32)
    return np.asarray(cv2.resize(dark, runs.shape[::-1], interpolation=cv2.INTER_LINEAR), np.float32)


def _rules(flat: Flat) -> list[Rule]:
    """The rules of a level sheet, in its pixels."""
    gray = _reduced(flat.rgb)
    factor = gray.shape[1] / flat.rgb.shape[1]
    width = gray.shape[1]
    runs = _stripes(gray, round(_SHORTEST * width))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(runs, connectivity=8)
    pieces = []
    for k in range(1, count):
        left, top, wide, high, _ = stats[k].tolist()
        if high <= 6 + 0.03 * width:
            # Feet of letters hang on: the rule is where most is.
            rows = (labels[top : top + high, left : left + wide] == k).sum(1)
            best = np.flatnonzero(rows >= 0.8 * rows.max())
            pieces.append(Rule(float(left), float(left + wide), top + float(best.mean())))
    found = [rule for rule in _joined(pieces, width) if rule.length >= _LEAST_RULE * width]
    return [Rule(r.left / factor, r.right / factor, (r.y + 0.5) / factor) for r in found]


def _joined(pieces: list[Rule], width: int) -> list[Rule]:
    """Pieces of rules put together, from left to right."""
    rules: list[Rule] = []
    for piece in sorted(pieces, key=lambda p: p.left):
        for k, rule in enumerate(rules):
            gap = piece.left - rule.right
            if -0.02 * width <= gap <= _GAP * width and abs(piece.y - rule.y) <= _LEVEL * width:
                whole = rule.length + piece.length
                y = (rule.y * rule.length + piece.y * piece.length) / whole
                rules[k] = Rule(rule.left, max(rule.right, piece.right), y)
                break
        else:
            rules.append(piece)
    return rules


def _layout(flat: Flat) -> CheckLayout | None:
    """The places of a level sheet that stands upright; None where its rules are not a check's."""
    height, width = flat.rgb.shape[:2]
    rules = _rules(flat)
    pairs = [_judged(payee, legal, rules, (height, width)) for payee in rules for legal in rules]
    best = max((p for p in pairs if p), key=lambda p: p.score, default=None)
    if best is None:
        return None
    payee, legal, date = best.payee, best.legal, best.date
    pitch = legal.y - payee.y
    edge = width - 0.004 * width
    is_merged = payee.right >= _MERGED * width
    end = _AMOUNT * width if is_merged else payee.right
    places: dict[str, Place] = {
        "legal": (legal.left, max(0.0, legal.y - 0.9 * pitch), legal.right, legal.y + 0.3 * pitch),
        "payee": (payee.left, max(0.0, payee.y - 0.75 * pitch), end, payee.y + 0.3 * pitch),
    }
    run_into = payee if is_merged else None
    places["courtesy"], ruled = _amount(rules, Rule(end, edge, payee.y), run_into, pitch)
    if date is not None:
        places["date"] = (date.left, max(0.0, date.y - 0.8 * pitch), date.right, date.y + 0.25 * pitch)
    lines = {"legal": legal.y, "payee": payee.y} | ({"date": date.y} if date else {})
    lines |= {} if ruled is None else {"courtesy": ruled}
    return CheckLayout(flat, places, lines, pitch, best.score)


def _amount(
    rules: list[Rule], beside: Rule, run_into: Rule | None, pitch: float
) -> tuple[Place, float | None]:
    """Where the figures are: in the box, or on the rule, behind the payee's; else all that is there.

    Args:
        rules: of the check.
        beside: from the end of the payee's rule to the edge of the check.
        run_into: the payee's rule where that and the amount's were taken for one.
        pitch: of the check.

    Returns:
        The place, and the height of its rule; None where it has a box, or nothing.
    """
    left, right, y = beside.left, beside.right, beside.y
    reach = 0.5 * pitch if run_into is None else 1.5 * pitch
    near = [r for r in rules if r.left > left - reach and r.length < 1.02 * (right - left) + reach]
    low = [r for r in near if -0.2 * pitch < r.y - y < 0.45 * pitch]
    for above in near:
        both = low if run_into is None else [*low, Rule(above.left, run_into.right, run_into.y)]
        for below in both:
            if _is_box(above, below, pitch):
                off = 0.06 * pitch
                return (below.left + off, above.y + off, below.right - off, below.y - 0.5 * off), None
    if run_into is not None:
        low.append(Rule(left, run_into.right, run_into.y))
    top = max(0.0, y - 0.95 * pitch)
    rule = max(low, key=lambda r: r.length, default=None)
    if rule is not None:
        edge = min(right, rule.right + 0.15 * pitch)
        return (rule.left - 0.03 * pitch, top, edge, rule.y + 0.3 * pitch), rule.y
    return (left + 0.1 * pitch, top, right, y + 0.45 * pitch), None


def _is_box(above: Rule, below: Rule, pitch: float) -> bool:
    """Whether two rules are the upper and the lower side of a box for figures."""
    ends = max(abs(above.left - below.left), abs(above.right - below.right))
    return 0.4 * pitch < below.y - above.y < 1.2 * pitch and ends < 0.15 * pitch


def _judged(payee: Rule, legal: Rule, rules: list[Rule], size: tuple[int, int]) -> _Pair | None:
    """Two rules as those of the payee and of the words; None where they cannot be."""
    height, width = size
    pitch = legal.y - payee.y
    if not 0.03 * width < pitch < 0.11 * width or not 0.3 * height < payee.y < 0.62 * height:
        return None
    if legal.length < 0.5 * width or legal.left > 0.2 * width or payee.right < 0.5 * width:
        return None
    if payee.length < 0.3 * width or payee.left < legal.left - 0.03 * width:
        return None
    score = 1.0 - abs(min(payee.right / width, 0.9) - 0.76) * 2 - abs(legal.right / width - 0.84) * 2
    score -= abs(pitch / width - 0.06) * 8 + abs(legal.y / height - 0.56) * 3
    score += float(legal.length > payee.length + 0.02 * width) * 0.5 + legal.length / width - 0.8
    bottom = [r for r in rules if legal.y + 0.15 * height < r.y < 0.95 * height]
    left = [r for r in bottom if r.right < 0.62 * width and r.left < 0.25 * width]
    right = [r for r in bottom if r.left > 0.4 * width and r.right > 0.75 * width]
    score += 0.5 * bool(left) + 0.5 * bool(right)
    score += 0.5 * any(abs(a.y - b.y) < 0.012 * width for a in left for b in right)
    dates = [
        r
        for r in rules
        if r.left > 0.45 * width and r.length < 0.4 * width and 0.08 * height < r.y < payee.y - 0.6 * pitch
        and not any(_is_box(r, below, pitch) for below in rules)
    ]  # fmt: skip
    date = min(dates, key=lambda r: abs(payee.y - r.y - 1.3 * pitch), default=None)
    return _Pair(payee, legal, date, score + 0.5 * (date is not None))
