r"""Regular expressions that can tell whether a text is one of theirs, and whether it may still become one.

`re` answers the first question only; a decoder that writes a field from left to right needs both, exactly and
at once. An `Automaton` is the position automaton of a pattern, made deterministic as far as it is asked, and
remembers every prefix it has seen.

The patterns are a subset of Python's: characters, `.`, `\d \w \s`, classes such as `[A-F0-9]` and `[^0]`,
groups, `|`, and the counts `? * + {3} {2,} {2,5}`. They always stand for the whole text. Look-around, back
references, lazy counts and flags are refused.

Source: Glushkov, The abstract theory of automata, 1961; Rabin and Scott, Finite automata and their decision
problems, 1959.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from inkread.errors import UsageError

__all__ = ["Automaton", "Graph", "named"]

_MOST_POSITIONS, _MOST_LINKS = 5000, 20_000
_WIDEST_RANGE = 200
"""A stranger's pattern must not take seconds or gigabytes."""
_MOST_REMEMBERED = 50_000
_SUBSET = "characters, . [A-F] [^0] \\d \\w \\s ( ) | ? * + {2,5}"
_CLASSES: dict[str, Callable[[str], bool]] = {
    "d": lambda c: "0" <= c <= "9",
    "w": lambda c: c.isalnum() or c == "_",
    "s": str.isspace,
}
_Nodes = frozenset[int]
_START: _Nodes = frozenset([0])


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of a pattern: whether it may be empty, and the positions it can begin and end with."""

    empty: bool
    first: _Nodes
    last: _Nodes


_NOTHING = _Part(True, frozenset(), frozenset())


@dataclass(frozen=True, slots=True)
class Graph:
    """The places of a pattern's characters, for who walks them all at once.

    Attributes:
        holds: the characters that may stand at each place; the first place is the start and holds none.
        follow: the places that may follow each.
        final: the places at which a text may end.
    """

    holds: tuple[frozenset[str], ...]
    follow: tuple[frozenset[int], ...]
    final: frozenset[int]


class Automaton:
    r"""All texts that a pattern stands for; safe to share between threads.

    Args:
        pattern: see the module.
        universe: the characters there are: what `.`, `[^...]`, `\w` choose from, and all that a text can
            hold.

    Attributes:
        pattern: as it came.
        characters: those that some text of it holds.

    Raises:
        UsageError: the pattern is none of the subset, or stands for no text at all.

    Example:
        >>> zips = Automaton("[0-9]{5}(-[0-9]{4})?", "0123456789-")
        >>> zips.begins("02139-"), zips.accepts("02139-"), zips.accepts("02139")
        (True, False, True)
    """

    __slots__ = ("_final", "_follow", "_holds", "_seen", "_steps", "characters", "pattern")

    def __init__(self, pattern: str, universe: str) -> None:
        parser = _Parser(pattern, universe)
        whole = parser.parse()
        self.pattern = pattern
        self._holds, self._follow = parser.holds, parser.follow
        self._follow[0] = set(whole.first)
        self._final = whole.last | _START if whole.empty else whole.last
        self._drop_dead_ends()
        self._steps: dict[tuple[_Nodes, str], _Nodes] = {}
        self._seen: dict[str, _Nodes] = {"": _START if self._is_alive(0) else frozenset()}
        if not self._seen[""]:
            raise UsageError(
                f"regex '{pattern}' stands for no text that can be written with {universe!r}; mend it"
            )
        self.characters = "".join(sorted(set().union(*(self._holds[q] for q in self._reached()))))

    def begins(self, text: str) -> bool:
        """Whether some text of the pattern begins so."""
        return bool(self._after(text))

    def accepts(self, text: str) -> bool:
        """Whether this is a text of the pattern."""
        return not self._final.isdisjoint(self._after(text))

    def graph(self) -> Graph:
        """The automaton itself."""
        return Graph(tuple(self._holds), tuple(map(frozenset, self._follow)), self._final)

    def _after(self, text: str) -> _Nodes:
        """The positions that a text may have come to; none where it leads nowhere."""
        known = self._seen.get(text)
        if known is not None:
            return known
        if len(self._seen) > _MOST_REMEMBERED:
            self._seen = {"": self._seen[""]}
        now, start = self._seen[""], 0
        for length in range(len(text) - 1, 0, -1):
            nearer = self._seen.get(text[:length])
            if nearer is not None:
                now, start = nearer, length
                break
        for c in text[start:]:
            now = self._step(now, c) if now else now
        self._seen[text] = now
        return now

    def _step(self, nodes: _Nodes, c: str) -> _Nodes:
        found = self._steps.get((nodes, c))
        if found is None:
            found = frozenset(q for p in nodes for q in self._follow[p] if c in self._holds[q])
            self._steps[nodes, c] = found
        return found

    def _is_alive(self, p: int) -> bool:
        return bool(self._follow[p]) or p in self._final

    def _drop_dead_ends(self) -> None:
        """Keep only ways to positions from which the end can be reached: who has come so far can end."""
        before: list[set[int]] = [set() for _ in self._follow]
        for p, following in enumerate(self._follow):
            for q in following:
                if self._holds[q]:
                    before[q].add(p)
        alive, waiting = set(), [p for p in self._final if p == 0 or self._holds[p]]
        while waiting:
            p = waiting.pop()
            if p not in alive:
                alive.add(p)
                waiting.extend(before[p])
        self._follow = [{q for q in following if q in alive} for following in self._follow]
        self._final = self._final & alive

    def _reached(self) -> set[int]:
        """The positions that can be come to, the start but one of them."""
        reached, waiting = {0}, [0]
        while waiting:
            new = self._follow[waiting.pop()] - reached
            reached |= new
            waiting.extend(new)
        return reached


def named(pattern: str) -> str:
    r"""The characters that a pattern itself names, sorted; what `.`, `\w` and `[^...]` choose from is not.

    Raises:
        UsageError: the pattern is none of the subset.

    Example:
        >>> named("A.[0-3]{2}")
        '0123A'
    """
    parser = _Parser(pattern, "")
    parser.parse()
    return "".join(sorted(parser.named))


class _Parser:
    """A pattern from left to right, into positions and what may follow each."""

    def __init__(self, pattern: str, universe: str) -> None:
        self.pattern = pattern[1:] if pattern.startswith("^") else pattern
        if self.pattern.endswith("$") and not self.pattern.endswith("\\$"):
            self.pattern = self.pattern[:-1]
        self.universe = frozenset(universe)
        self.named: set[str] = set()
        self.holds: list[frozenset[str]] = [frozenset()]
        self.follow: list[set[int]] = [set()]
        self.at = self.links = 0

    def parse(self) -> _Part:
        whole = self._either()
        if self.at < len(self.pattern):
            raise self._wrong("a ')' that nothing opened")
        return whole

    def _wrong(self, what: str) -> UsageError:
        return UsageError(
            f"regex '{self.pattern}' holds {what} at place {self.at + 1}; expected a pattern of {_SUBSET}"
        )

    def _next(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def _take(self) -> str:
        c = self._next()
        if not c:
            raise self._wrong("no end of what it began")
        self.at += 1
        return c

    def _either(self) -> _Part:
        found = self._sequence()
        while self._next() == "|":
            self.at += 1
            other = self._sequence()
            found = _Part(found.empty or other.empty, found.first | other.first, found.last | other.last)
        return found

    def _sequence(self) -> _Part:
        found = _NOTHING
        while self._next() not in ("", "|", ")"):
            found = self._joined(found, self._counted())
        return found

    def _joined(self, a: _Part, b: _Part) -> _Part:
        self._link(a.last, b.first)
        first = a.first | b.first if a.empty else a.first
        last = a.last | b.last if b.empty else b.last
        return _Part(a.empty and b.empty, first, last)

    def _counted(self) -> _Part:
        """One atom and the count behind it; each repetition is parsed anew, into positions of its own."""
        start = self.at
        found = self._atom()
        least, most = self._count()
        after = self.at

        def again() -> _Part:
            self.at = start
            part = self._atom()
            self.at = after
            return part

        if most == 0:
            return _NOTHING
        last = found
        for _ in range(max(least, 1) - 1):
            last = again()
            found = self._joined(found, last)
        if most is None:
            self._link(last.last, last.first)
        else:
            found = self._up_to(found, most - max(least, 1), again)
        return _Part(True, found.first, found.last) if least == 0 else found

    def _up_to(self, found: _Part, more: int, again: Callable[[], _Part]) -> _Part:
        """A piece, and up to so many more of the same behind it."""
        ends, last = found.last, found.last
        for _ in range(more):
            part = again()
            self._link(last, part.first)
            last = part.last
            ends |= last
        return _Part(found.empty, found.first, ends)

    def _link(self, last: _Nodes, first: _Nodes) -> None:
        """Let some positions follow others."""
        self.links += len(last) * len(first)
        if self.links > _MOST_LINKS:
            raise self._wrong("too many ways to go on; shorten it: the last")
        for p in last:
            self.follow[p] |= first

    def _count(self) -> tuple[int, int | None]:
        """Least and most repetitions; None for no end."""
        c = self._next()
        if c not in ("?", "*", "+", "{"):
            return 1, 1
        self.at += 1
        bounds = {"?": (0, 1), "*": (0, None), "+": (1, None)}.get(c) or self._braces()
        if self._next() in ("?", "*", "+", "{"):
            raise self._wrong("a count behind a count")
        return bounds

    def _braces(self) -> tuple[int, int | None]:
        end = self.pattern.find("}", self.at)
        words = self.pattern[self.at : end].split(",") if end >= 0 else [""]
        if (
            len(words) > 2
            or not words[0].isdecimal()
            or (words[1:] and not words[-1].isdecimal() and words[-1])
        ):
            raise self._wrong("a count that is none")
        self.at = end + 1
        least = int(words[0])
        most = None if words[-1] == "" else int(words[-1])
        if most is not None and most < least:
            raise self._wrong("a count whose least is above its most")
        return least, most

    def _atom(self) -> _Part:
        c = self._take()
        if c == "(":
            return self._group()
        if c == "[":
            return self._leaf(self._class())
        if c == ".":
            return self._leaf(self.universe)
        if c in "?*+{":
            self.at -= 1
            raise self._wrong("a count of nothing")
        if c in "^$":
            self.at -= 1
            raise self._wrong(f"a {c!r} inside, where the pattern stands for the whole text anyway")
        return self._leaf(self._escaped() if c == "\\" else self._name(c))

    def _group(self) -> _Part:
        if self._next() == "?":
            if self.pattern[self.at : self.at + 2] != "?:":
                raise self._wrong("a group with a '?'")
            self.at += 2
        found = self._either()
        if self._next() != ")":
            raise self._wrong("a '(' that nothing closes")
        self.at += 1
        return found

    def _leaf(self, holds: Iterable[str]) -> _Part:
        if len(self.holds) > _MOST_POSITIONS:
            raise self._wrong(f"more than {_MOST_POSITIONS} places; shorten it: the last")
        self.holds.append(frozenset(holds) & self.universe)
        self.follow.append(set())
        here = frozenset([len(self.holds) - 1])
        return _Part(False, here, here)

    def _name(self, *characters: str) -> frozenset[str]:
        self.named.update(characters)
        return frozenset(characters)

    def _escaped(self) -> frozenset[str]:
        c = self._take()
        if c in _CLASSES:
            return frozenset(filter(_CLASSES[c], self.universe))
        if c.isalnum():
            self.at -= 1
            raise self._wrong(f"the escape '\\{c}', which is not understood,")
        return self._name(c)

    def _class(self) -> frozenset[str]:
        """The characters of `[...]`."""
        is_not = self._next() == "^"
        self.at += is_not
        found: frozenset[str] = frozenset()
        begin = self.at
        while self._next() != "]" or self.at == begin:
            c = self._take()
            if c == "\\":
                found |= self._escaped()
            elif self._next() == "-" and self.pattern[self.at + 1 : self.at + 2] not in ("]", ""):
                self.at += 1
                found |= self._range(c, self._take())
            else:
                found |= self._name(c)
        self.at += 1
        return self.universe - found if is_not else found

    def _range(self, a: str, b: str) -> frozenset[str]:
        if a > b or b == "\\":
            raise self._wrong(f"the range {a}-{b}, which runs backwards,")
        if ord(b) - ord(a) > _WIDEST_RANGE:
            raise self._wrong(f"the range {a}-{b} of more than {_WIDEST_RANGE} characters")
        return self._name(*map(chr, range(ord(a), ord(b) + 1)))
