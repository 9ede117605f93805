"""Look a labelled set over before it costs an evening: leaks, copies, contradictions, broken and thin parts.

Every finding says what it is, how many, examples, and what to do. One that would make a score meaningless or
stop a training is of the level "stop".
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Literal

import numpy as np

from inkread.data import likeness, own
from inkread.data.labelled import Item
from inkread.data.parts import ALL, open_parts
from inkread.data.seen import Seen, inverted, see
from inkread.errors import SourceError
from inkread.imaging.load import pages

__all__ = ["Finding", "Report", "check"]

Level = Literal["stop", "warn", "note"]
EXAMPLES = 3
THIN = 20
"""Pictures a class below which little can be learned."""
UNEVEN = 10
"""Times as many pictures of one class as of another."""
MANY_BLANK = 0.1


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to know about a set.

    Attributes:
        kind: one word for programs, such as "leak".
        level: "stop" where training on it would fail or its score would mean nothing; "warn" where it would
            be worse for it; "note" otherwise.
        count: how many pictures, pairs, classes or writers.
        what: what is counted, in one line.
        examples: the first few.
        advice: what to do.
    """

    kind: str
    level: Level
    count: int
    what: str
    examples: tuple[str, ...] = ()
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What a set is made of, and what was found.

    Attributes:
        name: what the user called it.
        parts: pictures a class, for each part ("all" where it comes undivided).
        writers: known writers in each part.
        findings: the worst first.
    """

    name: str
    parts: dict[str, dict[str, int]]
    writers: dict[str, int]
    findings: tuple[Finding, ...]

    @property
    def stops(self) -> bool:
        """Whether something must be mended first."""
        return any(finding.level == "stop" for finding in self.findings)


def check(name: str, *, near: bool = True) -> Report:
    """Look a set over.

    Args:
        name: a folder, a `labels.csv`, an `.npz`, or "mnist".
        near: look for nearly equal pictures, too; with tens of thousands of them it takes a minute.

    Returns:
        What is in it, and what was found.

    Raises:
        DataError: the set is missing, or so broken that its parts cannot be told.
    """
    found = open_parts(name)
    order = [part for part in ("train", "validation", "test", ALL) if part in found]
    seen = {part: see(found[part]) for part in order}
    findings = [
        *_empty(Path(name)),
        *(f for part, one in seen.items() for f in _of_part(one, _in(part))),
        *_between(seen),
        *_copies(seen),
        *(_nearly(seen) if near else ()),
        *_polarity({part: found[part].items for part in order}),
    ]
    rank = {"stop": 0, "warn": 1, "note": 2}
    return Report(
        name,
        {part: dict(sorted(Counter(one.labels).items())) for part, one in seen.items()},
        {part: len(set(one.writers) - {""}) for part, one in seen.items()},
        tuple(sorted(findings, key=lambda f: rank[f.level])),
    )


def _in(part: str) -> str:
    return "" if part == ALL else f" in {part}"


def _empty(path: Path) -> Iterator[Finding]:
    """Classes without a picture."""
    empty = own.empty_classes(path)
    if empty:
        advice = "add pictures, or remove the folders"
        yield Finding("empty", "stop", len(empty), "classes without a picture", _some(empty), advice)


def _of_part(seen: Seen, where: str) -> Iterator[Finding]:
    """What one part shows by itself."""
    if seen.broken:
        items = sorted(seen.broken.items())
        told = [why if why.startswith(name := seen.names[p]) else f"{name}: {why}" for p, why in items]
        what = f"pictures{where} that cannot be opened"
        yield Finding("broken", "stop", len(told), what, _some(told), "save them again, or remove them")
    blank = np.flatnonzero(seen.blank)
    if len(blank):
        level: Level = "stop" if len(blank) > MANY_BLANK * len(seen) else "warn"
        what = f"pictures{where} on which nothing stands out"
        advice = "look at one with `inkread read FILE --explain out.png`; label it as empty, or remove it"
        yield Finding("blank", level, len(blank), what, _some(seen.names[i] for i in blank), advice)
    yield from _classes(seen, where)


def _classes(seen: Seen, where: str) -> Iterator[Finding]:
    """Too few classes, or too few pictures of one."""
    different = Counter(label for label, _ in set(zip(seen.labels, seen.keys, strict=True)))
    if len(different) < 2:
        what = f"classes{where}, with nothing to tell apart"
        yield Finding(
            "classes",
            "stop",
            len(different),
            what,
            tuple(different),
            "add pictures of at least one more class",
        )
    if where not in ("", " in train"):
        return
    single = [label for label, n in different.items() if n < 2]
    thin = [label for label, n in different.items() if 2 <= n < THIN]
    if single:
        what = f"classes{where} with one picture only, copies aside"
        advice = "add pictures, or remove the class: one is to learn from, one to be held back"
        yield Finding("single", "stop", len(single), what, _some(map(_text, sorted(single))), advice)
    if thin:
        what = f"classes{where} with fewer than {THIN} different pictures"
        some = _some(f"{_text(label)}: {different[label]}" for label in sorted(thin))
        yield Finding("thin", "warn", len(thin), what, some, "more are learned better")
    most, least = max(different.values()), min(different.values())
    if most >= UNEVEN * least:
        what = f"pictures{where} of the largest class for one of the smallest"
        advice = "training weighs them evenly; more of the thin classes is better"
        yield Finding("uneven", "note", most // least, what, (), advice)


def _between(seen: dict[str, Seen]) -> Iterator[Finding]:
    """What parts share, or do not share, and should not."""
    for one, other in combinations(seen, 2):
        both = set(seen[one].writers) & set(seen[other].writers) - {""}
        if both:
            what = f"writers both in {one} and in {other}, where a score is then not one for strangers"
            yield Finding("writers", "warn", len(both), what, _some(sorted(both)), "split by writer")
    for part in [p for p in seen if "train" in seen and p != "train"]:
        new = sorted(set(seen[part].labels) - set(seen["train"].labels))
        gone = sorted(set(seen["train"].labels) - set(seen[part].labels))
        if new:
            what = f"classes of {part} that train has not"
            yield Finding("unknown", "stop", len(new), what, _some(new), "correct the labels, or add them")
        if gone:
            what = f"classes of train that {part} has not"
            yield Finding("untested", "warn", len(gone), what, _some(gone), f"add some to {part}")


def _copies(seen: dict[str, Seen]) -> Iterator[Finding]:
    """The same picture more than once: in two parts, under two labels, or merely twice."""
    places: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for part, one in seen.items():
        for key, label, name in zip(one.keys, one.labels, one.names, strict=True):
            places[key].append((part, label, name))
    several = [group for group in places.values() if len(group) > 1]
    yield from _told(several, "the same picture", ("stop", "stop", "warn"), ("leak", "torn", "copies"))


def _nearly(seen: dict[str, Seen]) -> Iterator[Finding]:
    """Nearly the same picture more than once."""
    total = sum(map(len, seen.values()))
    if total > likeness.MOST:
        what = f"pictures, more than the {likeness.MOST:,} among which nearly equal ones are looked for"
        yield Finding("skipped", "note", total, what)
        return
    facts = [
        (part, label, name, key)
        for part, one in seen.items()
        for name, label, key in zip(one.names, one.labels, one.keys, strict=True)
    ]
    found = likeness.pairs(np.concatenate([one.images for one in seen.values()]))
    groups = [[facts[a][:3], facts[b][:3]] for a, b in found if facts[a][3] != facts[b][3]]
    kinds = ("near_leak", "near_torn", "near_copies")
    yield from _told(groups, "nearly the same picture", ("warn", "warn", "note"), kinds)


def _told(
    groups: list[list[tuple[str, str, str]]],
    same: str,
    levels: tuple[Level, Level, Level],
    kinds: tuple[str, str, str],
) -> Iterator[Finding]:
    """Groups of alike pictures (part, label, name) as findings; each is told once, by its worst side."""
    tests: tuple[tuple[str, str, Callable[[list[tuple[str, str, str]]], bool]], ...] = (
        (
            f"{same} in two parts, where a score then flatters",
            "remove it from one of them",
            _leaks,
        ),
        (f"{same} under two labels", "look at them, and correct one", _torn),
        (f"{same} more than once", "keep one; a split keeps copies on one side", lambda group: True),
    )
    left = groups
    for (what, advice, test), level, kind in zip(tests, levels, kinds, strict=True):
        mine = [group for group in left if test(group)]
        left = [group for group in left if not test(group)]
        if mine:
            examples = _some(" = ".join(_place(*one) for one in group[:2]) for group in mine)
            yield Finding(kind, level, len(mine), what, examples, advice)


def _leaks(group: list[tuple[str, str, str]]) -> bool:
    return len({part for part, _, _ in group}) > 1


def _torn(group: list[tuple[str, str, str]]) -> bool:
    return len({label for _, label, _ in group}) > 1


def _text(label: str) -> str:
    return label or "(empty)"


def _place(part: str, label: str, name: str) -> str:
    where = "" if part == ALL or not name.startswith("#") else f"{part} "
    return f"{where}{name} ({label or 'empty'})"


def _polarity(items: dict[str, tuple[Item, ...]]) -> Iterator[Finding]:
    """Dark on light and light on dark in one set: the normaliser takes both, other programs may not."""
    light: list[str] = []
    total = 0
    for part in items.values():
        for place, item in enumerate(part[:: max(1, len(part) // 500)]):
            border = _is_dark_on_light(item)
            total += border is not None
            if border is False:
                light.append(item.picture if isinstance(item.picture, str) else f"#{place}")
    if light and len(light) < total:
        what = f"pictures light on dark among {total} looked at"
        advice = "inkread takes both; a program without its normaliser does not"
        yield Finding("polarity", "note", len(light), what, _some(light), advice)


def _is_dark_on_light(item: Item) -> bool | None:
    """By the border; None where the picture cannot be opened."""
    try:
        picture = item.picture
        grey = picture if isinstance(picture, np.ndarray) else next(iter(pages(picture))).rgb
    except SourceError:
        return None
    flat = grey.mean(axis=2).astype(np.uint8) if grey.ndim == 3 else grey
    return bool(inverted(flat[None])[0])


def _some(names: Iterable[str]) -> tuple[str, ...]:
    """The first few of any names."""
    return tuple(str(name) for _, name in zip(range(EXAMPLES), names, strict=False))
