"""Field formats: what a field may hold, whether a text begun can still become it, and what a text means.

`find("us_zip")` gives a `Format`. A format knows its texts exactly: `can_begin` is true where some valid text
begins so, and only there. It says in words why a text is none of its own (`doubt`), and brings a valid text
into one plain form (`normal`). It never changes what was read.

| name | holds | served by |
|---|---|---|
| `any` | any digits, capitals and signs; where no format is named, a field is read so | `fields` |
| `us_zip` | a ZIP code: five digits, looked up in the list of ZIPs | `fields` |
| `us_zip4` | a ZIP+4: `02139-4307` | `fields` |
| `digits`, `digits:8`, `digits:4-8` | digits, any number or so many | `fields` |
| `amount` | money in figures: `$1,234.50`, `1 234,50`, `60,000/-` | `fields` |
| `date`, `date:dmy`, `date:mdy`, `date:ymd` | a day that there is | `fields` |
| `phone`, `phone:us` | a telephone number; of North America | `fields` |
| `routing` | an ABA routing number: nine digits, the last one checked | `fields` |
| `luhn`, `luhn:16`, `luhn:13-19` | digits, the last one checked by the Luhn sum | `fields` |
| `regex:PATTERN` | what a pattern stands for, see `inkread.formats.automaton` | `fields`, or `lines` |
| `lexicon:FILE` | an entry of a text file, one a line | `lines` |

A `regex:` that names a character which only `lines` can write, such as a small letter, is served by `lines`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Protocol

from inkread.alphabet import FIELDS, LATIN
from inkread.errors import UsageError, nearest
from inkread.formats import amounts, dates
from inkread.formats.automaton import Automaton, named
from inkread.formats.checks import Checked, luhn_is_right, routing_is_right
from inkread.formats.wording import counted
from inkread.formats.words import load
from inkread.zips import is_listed

__all__ = ["ANY", "EXAMPLES", "NAMES", "Format", "find"]

_PHONE = "|".join(
    (
        r"\+?\d([ ./-]?\d){5,14}",
        r"(\+\d{1,3} ?)?\(\d{2,5}\) ?\d([ ./-]?\d){4,6}",
        r"\+\d{1,3} ?\(0\) ?\d([ ./-]?\d){5,10}",
    )
)
_PHONE_US = r"((\+1|1)[ .-]?)?(\([2-9]\d\d\) ?|[2-9]\d\d[ ./-]?)[2-9]\d\d[ .-]?\d{4}"
_ROUTING = r"(0\d|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)\d{7}"
_ANY = r"[0-9A-Z.,\-/:$#()+*=]+( [0-9A-Z.,\-/:$#()+*=]+)*"
ANY = "any"
"""The format that holds whatever can be read."""
_LONGEST = 64


class Rules(Protocol):
    """A set of texts."""

    def begins(self, text: str) -> bool:
        """Whether some text of it begins so."""
        ...

    def accepts(self, text: str) -> bool:
        """Whether it holds a text."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Format:
    """What a field may hold. Does not change, and may be shared between threads.

    Attributes:
        name: as `find` takes it, such as "digits:8".
        model: which shipped model reads it: "fields" or "lines".
        characters: all that its valid texts hold.
        rules: its valid texts.
        explain: why a text that is not valid is none, in words behind "reads ...: ".
        tidy: the one form of a valid text.
        lists: whether a list that the format has holds a valid text in its one form; None without a list.
        list_name: what the list is called.
    """

    name: str
    model: str
    characters: str
    rules: Rules
    explain: Callable[[str], str]
    tidy: Callable[[str], str]
    lists: Callable[[str], bool] | None = None
    list_name: str = ""

    @property
    def has_blanks(self) -> bool:
        """Whether blanks tell something; where they do not, they are passed over in any text."""
        return " " in self.characters

    def can_begin(self, prefix: str) -> bool:
        """Whether some valid text begins so, and not only so far as one can tell: exactly."""
        return self.rules.begins(self._squeezed(prefix))

    def valid(self, text: str) -> bool:
        """Whether a text is one of the format. A list plays no part in it: see `listed`."""
        return self.rules.accepts(self._squeezed(text))

    def listed(self, text: str) -> bool:
        """Whether the format's list holds a valid text; true where the format has no list."""
        return self.lists is None or self.lists(self.normal(text))

    def doubt(self, text: str) -> str:
        """Why a person must look at a text; empty where it is valid, and listed where there is a list.

        Example:
            >>> find("us_zip").doubt("0213")
            'reads 0213: four digits, a ZIP has five'
        """
        if not text.strip():
            return "reads nothing"
        if not self.valid(text):
            return f"reads {text}: {self.explain(self._squeezed(text))}"
        return "" if self.listed(text) else f"reads {text}: not in {self.list_name}"

    def normal(self, text: str) -> str:
        """A valid text in its one plain form: an ISO date, an amount as plain digits, a ZIP without blanks.

        Args:
            text: as it was read; what is not valid comes back as it came.

        Example:
            >>> find("amount").normal("1 234,50"), find("date:dmy").normal("3/4/26")
            ('1234.50', '2026-04-03')
        """
        return self.tidy(self._squeezed(text)) if self.valid(text) else text

    def _squeezed(self, text: str) -> str:
        return text if self.has_blanks or " " not in text else text.replace(" ", "")


def find(spec: str) -> Format:
    """The format that a name stands for.

    Args:
        spec: see the table above.

    Raises:
        UsageError: no format is called so, or what stands behind the colon does not fit it.

    Example:
        >>> find("digits:4-8").can_begin("123456789")
        False
    """
    name, _, rest = spec.partition(":")
    if name == "lexicon":
        return _lexicon(rest)
    return _made(spec)


@lru_cache(maxsize=64)
def _made(spec: str) -> Format:
    name, colon, rest = spec.partition(":")
    if name not in _MAKERS:
        raise UsageError(
            f"no format is called {spec!r}{nearest(name, list(NAMES))}; there are {', '.join(NAMES)}"
        )
    if not rest and (colon or name == "regex"):
        raise UsageError(f"format {spec!r} needs more behind a colon; give such as {EXAMPLES[name]!r}")
    return _MAKERS[name](spec, rest)


def _bare(make: Callable[[str], Format]) -> Callable[[str, str], Format]:
    """A maker of a format that takes nothing behind a colon."""

    def checked(spec: str, rest: str) -> Format:
        if rest:
            name = spec.partition(":")[0]
            raise UsageError(f"format {spec!r} takes nothing behind a colon; write {name}")
        return make(spec)

    return checked


def _of_pattern(
    spec: str, pattern: str, explain: Callable[[str], str], tidy: Callable[[str], str] = str
) -> Format:
    rules = Automaton(pattern, FIELDS.characters)
    return Format(spec, "fields", rules.characters, rules, explain, tidy)


def _any(spec: str) -> Format:
    return _of_pattern(spec, _ANY, lambda text: "" if text.strip() else "nothing was read")


def _us_zip(spec: str) -> Format:
    rules = Automaton(r"\d{5}", FIELDS.characters)
    explain = partial(counted, what="a ZIP", least=5, most=5)
    return Format(spec, "fields", rules.characters, rules, explain, str, is_listed, "the ZIP list")


def _us_zip4(spec: str) -> Format:
    rules = Automaton(r"\d{5}-?\d{4}", FIELDS.characters)
    return Format(
        spec,
        "fields",
        rules.characters,
        rules,
        partial(counted, what="a ZIP+4", least=9, most=9, signs="-"),
        lambda text: f"{text[:5]}-{text[-4:]}",
        lambda text: is_listed(text[:5]),
        "the ZIP list",
    )


def _digits(spec: str, rest: str) -> Format:
    least, most = _lengths(spec, rest) if rest else (1, None)
    many = f"{{{least},{most or ''}}}"
    return _of_pattern(spec, rf"\d{many}", partial(counted, what="the format", least=least, most=most))


def _lengths(spec: str, rest: str) -> tuple[int, int]:
    """The bounds in "8" or "4-8"."""
    words = rest.split("-")
    if len(words) <= 2 and all(word.isascii() and word.isdigit() for word in words):
        least, most = int(words[0]), int(words[-1])
        if 1 <= least <= most <= _LONGEST:
            return least, most
    name = spec.partition(":")[0]
    raise UsageError(
        f"format {spec!r} has no length behind its colon; give one such as {name}:8, or a range such as "
        f"{name}:4-8, from 1 to {_LONGEST}"
    )


def _amount(spec: str) -> Format:
    return _of_pattern(spec, amounts.PATTERN, amounts.explain, amounts.plain)


def _date(spec: str, rest: str) -> Format:
    pattern = dates.pattern(rest)
    return _of_pattern(spec, pattern, partial(dates.explain, order=rest), partial(dates.iso, order=rest))


def _phone(spec: str, rest: str) -> Format:
    if rest not in ("", "us"):
        raise UsageError(f"format {spec!r} is not known; write phone, or phone:us for North America")
    if rest:
        explain = partial(counted, what="a North American number", least=10, most=10, signs=" +().-/")
        return _of_pattern(spec, _PHONE_US, explain, lambda text: re.sub(r"\D", "", text)[-10:])
    explain = partial(counted, what="a telephone number", least=6, most=15, signs=" +().-/")
    return _of_pattern(spec, _PHONE, explain, _dialled)


def _dialled(text: str) -> str:
    """A telephone number as it is dialled: digits, and the + before them."""
    if text.startswith("+"):
        text = text.replace("(0)", "")
    return re.sub(r"[^\d+]", "", text)


def _routing(spec: str) -> Format:
    pattern = Automaton(_ROUTING, FIELDS.characters)
    rules = Checked(pattern, 9, routing_is_right)

    def explain(text: str) -> str:
        if len(text) != 9 or not text.isdigit():
            return counted(text, what="a routing number", least=9, most=9)
        return "its check digit is wrong" if pattern.accepts(text) else "no routing number begins so"

    return Format(spec, "fields", pattern.characters, rules, explain, str)


def _luhn(spec: str, rest: str) -> Format:
    least, most = _lengths(spec, rest) if rest else (8, 19)
    pattern = Automaton(rf"\d{{{least},{most}}}", FIELDS.characters)

    def explain(text: str) -> str:
        if pattern.accepts(text):
            return "its check digit is wrong"
        return counted(text, what="the format", least=least, most=most)

    return Format(spec, "fields", pattern.characters, Checked(pattern, most, luhn_is_right), explain, str)


def _regex(spec: str, rest: str) -> Format:
    by_fields = not FIELDS.unknown(named(rest))
    rules = Automaton(rest, (FIELDS if by_fields else LATIN).characters)

    def explain(text: str) -> str:
        return f"does not fit {rest}"

    return Format(spec, "fields" if by_fields else "lines", rules.characters, rules, explain, str)


def _lexicon(rest: str) -> Format:
    if not rest:
        raise UsageError("format 'lexicon:' names no file; give such as lexicon:cities.txt, one entry a line")
    words = load(rest)
    unknown = LATIN.unknown(words.characters)
    if unknown:
        raise UsageError(
            f"lexicon:{rest} holds {unknown!r}, which the model lines cannot write; leave these entries out"
        )

    def explain(text: str) -> str:
        near = words.nearest(text)
        count = len(words.entries)
        among = f"not among the {count} entries" if count > 1 else "not the entry"
        return f"{among} of {Path(rest).name}{f'; nearest {near!r}' if near else ''}"

    return Format(f"lexicon:{rest}", "lines", words.characters, words, explain, words.spelt)


_MAKERS: dict[str, Callable[[str, str], Format]] = {
    ANY: _bare(_any),
    "us_zip": _bare(_us_zip),
    "us_zip4": _bare(_us_zip4),
    "digits": _digits,
    "amount": _bare(_amount),
    "date": _date,
    "phone": _phone,
    "routing": _bare(_routing),
    "luhn": _luhn,
    "regex": _regex,
}
EXAMPLES = {
    ANY: ANY,
    "us_zip": "us_zip",
    "us_zip4": "us_zip4",
    "digits": "digits:8",
    "amount": "amount",
    "date": "date:dmy",
    "phone": "phone:us",
    "routing": "routing",
    "luhn": "luhn:16",
    "regex": "regex:[A-Z]{2}[0-9]{4}",
    "lexicon": "lexicon:cities.txt",
}
"""One way to name each format."""
NAMES = tuple(EXAMPLES)
"""What may stand before a colon."""
